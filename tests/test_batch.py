"""A run by itself: however it is cut up, spread or repeated, the same rows come of the same files."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml

from pipeline import parsing
from pipeline.document import Parsed
from pipeline.edits import load
from pipeline.inputs import collect
from pipeline.reasons import Reason
from pipeline.run import Options, Release, run
from tests.corpora import differences, files, rows, tangled
from tests.many_acts import acts, write_acts


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tangled(tmp_path_factory.mktemp("corpus") / "in", 22, seed=8)


@pytest.fixture(scope="module")
def scratch(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release by two workers."""
    output = tmp_path_factory.mktemp("scratch") / "out"
    run([corpus], output, options=Options(workers=2))
    return output


def given_to(release: Release) -> list[str]:
    return [source_path for source_path, *_ in rows(release.output)["sources"]]


@pytest.mark.parametrize("workers", [1, 8])
def test_any_number_of_workers_gives_the_same_bytes(corpus: Path, scratch: Path, tmp_path: Path, workers: int) -> None:
    run([corpus], tmp_path / "out", options=Options(workers=workers))
    assert differences(rows(scratch), rows(tmp_path / "out")) == []
    assert files(tmp_path / "out") == files(scratch)


def test_shares_are_disjoint_and_together_all(corpus: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shares = [
        run([corpus], tmp_path / f"out{mine}", options=Options(cache=cache, shard=(mine, 3))) for mine in (1, 2, 3)
    ]
    told = [path for share in shares for path in given_to(share)]
    assert sorted(told) == sorted(given.source_path for given in collect([corpus]))
    assert all(given_to(share) for share in shares)
    # With the shares' cache the whole needs no parse.
    assert run([corpus], tmp_path / "whole", options=Options(cache=cache)).parsed == 0


def test_shares_parsed_apart_are_the_whole(corpus: Path, scratch: Path, tmp_path: Path) -> None:
    for mine in (1, 2):
        run([corpus], tmp_path / f"out{mine}", options=Options(cache=tmp_path / "cache", shard=(mine, 2)))
    run([corpus], tmp_path / "whole", options=Options(cache=tmp_path / "cache"))
    assert files(tmp_path / "whole") == files(scratch)


def test_a_new_file_leaves_the_others_in_their_shares(tmp_path: Path) -> None:
    given = write_acts(tmp_path / "in", 6, seed=1)
    options = Options(cache=tmp_path / "cache", shard=(1, 2))
    before = given_to(run([given], tmp_path / "before", options=options))
    (given / "new.txt").write_text("a novel")
    after = given_to(run([given], tmp_path / "after", options=options))
    assert [path for path in after if path != "new.txt"] == before


def test_a_limit_takes_the_first_files(tmp_path: Path) -> None:
    given = write_acts(tmp_path / "in", 5, seed=1)
    release = run([given], tmp_path / "out", options=Options(limit=2))
    assert given_to(release) == [one.source_path for one in collect([given])][:2]
    # The limit is no part of what was read: all of them are something else.
    assert run([given], tmp_path / "out").parsed == 3


def test_force_parses_all_and_gives_the_same_bytes(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 4, seed=1), tmp_path / "out"
    assert run([given], output).parsed == 4
    before = files(output)
    assert run([given], output).parsed == 0
    assert run([given], output, options=Options(force=True)).parsed == 4
    assert files(output) == before


@pytest.mark.parametrize(
    "late",
    ["in_time/base", *(pytest.param(one, marks=pytest.mark.soak) for one in ("annexes", "again", "other", "acts"))],
)
def test_one_more_file_gives_what_a_run_from_scratch_gives(
    corpus: Path, scratch: Path, tmp_path: Path, late: str
) -> None:
    """An act that others change, an annex, one of two equal files, an act that is claimed twice."""
    given, output = shutil.copytree(corpus, tmp_path / "in"), tmp_path / "out"
    one = min(path for path in given.rglob("*.*") if path.relative_to(given).as_posix().startswith(late))
    content = one.read_bytes()
    one.unlink()
    run([given], output)
    one.write_bytes(content)
    assert run([given], output).parsed <= 1
    assert files(output) == files(scratch)


def test_a_removed_file_gives_what_a_run_from_scratch_gives(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 6, seed=1), tmp_path / "out"
    run([given], output)
    sorted(given.iterdir())[1].unlink()
    assert run([given], output).parsed == 0
    run([given], tmp_path / "scratch")
    assert files(output) == files(tmp_path / "scratch")


def test_a_renamed_file_is_not_parsed_again(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    run([given], output)
    first = sorted(given.iterdir())[0]
    first.rename(given / "a file of another name.txt")
    assert run([given], output).parsed == 0
    run([given], tmp_path / "scratch")
    assert files(output) == files(tmp_path / "scratch")


# Corrections


def corrected(folder: Path, act: str, title: str, new: str) -> Path:
    folder.mkdir(exist_ok=True)
    entry = {
        "table": "documents",
        "key": {"document_id": act},
        "field": "title",
        "old": title,
        "new": new,
        "reason": "misread",
        "evidence": "the print",
    }
    name = act.removeprefix("/akn/").replace("/", ".") + ".yml"
    (folder / name).write_text(yaml.safe_dump({"document": act, "corrections": [entry]}, allow_unicode=True))
    return folder


def titles(output: Path) -> dict[str, str]:
    import pyarrow.parquet as pq

    found = pq.read_table(output / "documents", columns=["document_id", "title"]).to_pylist()
    return {row["document_id"]: row["title"] for row in found}


def test_a_changed_correction_parses_nothing(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 4, seed=1), tmp_path / "out"
    run([given], output)
    act, title = min(titles(output).items())
    for new in ("ONE", "ANOTHER"):
        release = run([given], output, edits=load(corrected(tmp_path / "corrections", act, title, new)))
        assert (release.parsed, titles(output)[act]) == (0, new)
        assert release.left_aside == {}
    run([given], output)
    assert titles(output)[act] == title


def test_corrections_are_left_aside_where_their_act_is_absent_and_nowhere_else(tmp_path: Path) -> None:
    """Also of the second of two acts with one identity, which nobody claims by its own id."""
    given, output = tmp_path / "in", tmp_path / "out"
    ((name, text),) = acts(1, seed=1)
    for number in (1, 2):
        write_acts(given / str(number), 1, seed=1)
    (given / "2" / name).write_text(text.replace("Menimbang", "Menimbang ", 1).replace("Dinas", "Badan", 1), "utf-8")
    run([given], output)
    other, title = max(titles(output).items(), key=lambda row: len(row[0]))
    assert "-x" in other
    release = run([given], output, edits=load(corrected(tmp_path / "corrections", other, title, "NEW")))
    assert (titles(output)[other], release.left_aside) == ("NEW", {})
    absent = corrected(tmp_path / "absent", "/akn/id-3316/act/perbup/1999/1", "a", "b")
    assert run([given], output, edits=load(absent)).left_aside == {"/akn/id-3316/act/perbup/1999/1": 1}


# What may come out otherwise


@pytest.mark.parametrize("reason", [Reason.PAGE_NEEDS_OCR, Reason.KILLED, Reason.STALLED])
def test_what_may_have_been_the_machines_fault_is_tried_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reason: Reason
) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    unlucky = sorted(given.iterdir())[1]
    real = parsing.parse

    def parse(data: bytes, name: str) -> Parsed:
        return parsing.failed(reason, "no luck") if name == unlucky.name else real(data, name)

    monkeypatch.setattr(parsing, "parse", parse)
    assert run([given], output).statuses == {"parsed": 2, "rejected": 1}
    assert run([given], output).parsed == 1
    monkeypatch.undo()
    release = run([given], output)
    assert (release.parsed, release.statuses) == (1, {"parsed": 3})
    assert run([given], output).parsed == 0
    run([given], tmp_path / "scratch")
    assert files(output) == files(tmp_path / "scratch")


def test_what_fails_for_good_is_not_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, output = write_acts(tmp_path / "in", 2, seed=1), tmp_path / "out"

    def parse(_data: bytes, _name: str) -> Parsed:
        raise ValueError

    monkeypatch.setattr(parsing, "parse", parse)
    assert run([given], output).statuses == {"rejected": 2}
    assert run([given], output).parsed == 0


# Caches and outputs in odd places


def paths(found: Sequence[Path], folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in found}


def test_a_cache_among_the_inputs_is_none_of_them(tmp_path: Path) -> None:
    given = write_acts(tmp_path / "in", 2, seed=1)
    options = Options(cache=given / "cache")
    first = run([given], tmp_path / "out", options=options)
    second = run([given], tmp_path / "again", options=options)
    assert given_to(second) == given_to(first)
    assert second.parsed == 0


def test_an_output_among_the_inputs_is_none_of_them(tmp_path: Path) -> None:
    given = write_acts(tmp_path / "in", 2, seed=1)
    assert len(given_to(run([given], given / "out"))) == 2
    assert run([given], given / "out").parsed == 0
    assert paths(sorted(given.glob(".out.*")), given) == {".out.cache"}
