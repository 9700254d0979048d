"""What goes wrong around a run: disks, files and results that change or fail under it. The right rows, or none."""

from __future__ import annotations

import itertools
import multiprocessing
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipeline import parsing
from pipeline import plan as planning
from pipeline.cache import Cache
from pipeline.inputs import FileRead, Given
from pipeline.progress import Step
from pipeline.reasons import Reason
from pipeline.run import Options, run
from tests.commands import Command, beside, entries, whole
from tests.corpora import differences, files, rows, tangled
from tests.many_acts import write_acts
from tests.test_publication import disk as disk  # a fixture
from tests.test_publication import fill

Disk = Callable[[str], Path]


def sources(output: Path) -> dict[str, tuple[str, str | None]]:
    import pyarrow.parquet as pq

    found = pq.read_table(output / "sources").to_pylist()
    return {row["source_path"]: (row["status"], row["reason"]) for row in found}


def same_as_from_scratch(given: Path, output: Path, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    run([given], scratch)
    assert differences(rows(scratch), rows(output)) == []
    assert files(output) == files(scratch)


# Disks


@pytest.mark.parametrize(
    "free", [0, 40, 120, 200, *(pytest.param(kb, marks=pytest.mark.soak) for kb in range(6, 700, 12))]
)
def test_a_disk_that_runs_full_is_told_as_one(disk: Disk, tmp_path: Path, free: int) -> None:
    """`free` kB where the release is made; whatever it does not suffice for."""
    given = write_acts(tmp_path / "in", 6, seed=1)
    output = disk("size=4m") / "out"
    cache = ("--cache", str(tmp_path / "cache"))
    Command(sorted(given.iterdir())[:3], output, *cache).done()
    old = whole(output)
    filling = fill(output.parent)
    os.truncate(filling, filling.stat().st_size - free * 1024)
    command = Command([given], output, *cache)
    code, told = command.ended()
    if code == 0:
        assert whole(output) != old
    else:
        assert code == 1
        assert len(told.splitlines()) == 2, told
        assert "No space left on device" in told
        assert "nothing was published.\nTry: perbup run -o FOLDER" in told
        assert whole(output) == old
    assert beside(output) == set()
    assert command.left() == []
    filling.unlink()
    assert Command([given], output, *cache).done()["parsed"] == 0
    same_as_from_scratch(given, output, tmp_path)


@pytest.mark.parametrize("state", ["full", "read-only"])
def test_a_cache_that_cannot_be_written_stops_the_run(disk: Disk, tmp_path: Path, state: str) -> None:
    given, output = write_acts(tmp_path / "in", 6, seed=1), tmp_path / "out"
    cache = disk("size=1m") / "cache"
    Command(sorted(given.iterdir())[:3], output, "--cache", str(cache)).done()
    old = whole(output)
    if state == "full":
        fill(cache.parent)
    else:
        disk("remount,ro")
    command = Command([given], output, "--cache", str(cache))
    code, told = command.ended()
    assert code == 1
    assert told.startswith(f"Error: cannot keep results: {cache}")
    assert told.endswith("nothing was published.\nTry: perbup run --cache FOLDER\n")
    assert whole(output) == old
    assert beside(output) == set()
    assert command.left() == []
    # What it holds already can be read.
    assert Command(sorted(given.iterdir())[:3], tmp_path / "other", "--cache", str(cache)).done()["parsed"] == 0
    assert whole(tmp_path / "other") == old


def test_an_output_that_is_read_only_stays_as_it_is(disk: Disk, tmp_path: Path) -> None:
    given = write_acts(tmp_path / "in", 3, seed=1)
    output = disk("size=4m") / "out"
    Command(sorted(given.iterdir())[:2], output).done()
    old = whole(output)
    disk("remount,ro")
    code, told = Command([given], output).ended()
    assert code == 1
    assert "Read-only file system; nothing was published.\nTry: perbup run -o FOLDER" in told
    assert whole(output) == old


def test_a_cache_within_the_output_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 2, seed=1), tmp_path / "out"
    command = Command([given], output, "--cache", str(output / "cache"))
    code, told = command.ended()
    assert (code, command.events) == (2, [])
    assert "the cache" in told
    assert not output.exists()


# Damaged results


def flip(entry: Path, chance: random.Random) -> None:
    data = bytearray(entry.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    entry.write_bytes(data)


def cut(entry: Path, chance: random.Random) -> None:
    os.truncate(entry, chance.randrange(entry.stat().st_size))


def end(entry: Path, _chance: random.Random) -> None:
    """The last byte: the head is whole, the body is not."""
    data = bytearray(entry.read_bytes())
    data[-1] ^= 1
    entry.write_bytes(data)


@pytest.mark.parametrize("count", [12, pytest.param(100, marks=pytest.mark.soak)])
def test_damaged_results_are_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(planning, "PART_FILES", count)
    given, output = write_acts(tmp_path / "in", count * 3 // 2, seed=7), tmp_path / "out"
    run([given], output)
    chance = random.Random(count)
    damaged = chance.sample(sorted(entries(output)), count)
    for number, entry in enumerate(damaged):
        (flip, cut, end)[number % 3](entry, chance)
    (one, other), kept = chance.sample([entry for entry in entries(output) if entry not in damaged], 2), b""
    kept = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(kept)
    (given / "new.txt").write_text("a novel")
    assert run([given], output).parsed == count + 2 + 1
    same_as_from_scratch(given, output, tmp_path)


def test_references_into_an_act_whose_result_is_damaged_are_not_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another part is the first to ask for it: for places that it refers to."""
    monkeypatch.setattr(planning, "PART_FILES", 1)
    given, output = tangled(tmp_path / "in", 5, seed=8), tmp_path / "out"
    shutil.rmtree(given / "in_time")
    run([given], output)
    (sha256, *_) = duckdb.sql(
        f"""SELECT d.source_sha256 FROM '{output}/references/*.parquet' r
        JOIN '{output}/documents/*.parquet' d ON d.document_id = r.target_document_id
        WHERE r.document_id < d.document_id AND r.target_eid IS NOT NULL AND r.resolved
        AND NOT EXISTS (FROM '{output}/documents/*.parquet' x WHERE x.document_id LIKE d.document_id || '-x%')
        ORDER BY ALL"""
    ).fetchall()[0]
    (entry,) = [entry for entry in entries(output) if entry.name.startswith(sha256)]
    end(entry, random.Random(0))
    (given / "new.txt").write_text("a novel")
    run([given], output, options=Options(workers=1))
    same_as_from_scratch(given, output, tmp_path)


def test_results_that_are_lost_as_soon_as_they_are_kept_end_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = write_acts(tmp_path / "in", 2, seed=1)
    monkeypatch.setattr(Cache, "get", lambda *_: None)
    with pytest.raises(parsing.ResultsLostError):
        run([given], tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert beside(tmp_path / "out") == set()


# Files that change under the run


def once(stage: str, change: Callable[[], object]) -> Callable[[Step], None]:
    """Does something when a stage begins."""
    left = [change]

    def tick(step: Step) -> None:
        if step.stage == stage and left:
            left.pop()()

    return tick


def changed(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace("secara", "dengan", 1).replace("Dinas", "Badan", 1) + "Lagi.\n", "utf-8")


@pytest.mark.parametrize("stage", ["parse", "assemble", "write"])
def test_a_file_that_changes_is_read_as_it_was_or_as_it_is(tmp_path: Path, stage: str) -> None:
    given, output = write_acts(tmp_path / "in", 4, seed=1), tmp_path / "out"
    run([given], tmp_path / "before")
    one = sorted(given.iterdir())[1]
    run([given], output, watch=once(stage, lambda: changed(one)))
    run([given], tmp_path / "after")
    assert rows(output) in (rows(tmp_path / "before"), rows(tmp_path / "after"))
    assert run([given], output).parsed == (0 if stage == "parse" else 1)
    assert files(output) == files(tmp_path / "after")


def test_a_file_that_changes_and_changes_back_is_read_again(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    one = sorted(given.iterdir())[1]
    text = one.read_text("utf-8")
    run([given], output, watch=once("parse", lambda: changed(one)))
    one.write_text(text, "utf-8")
    run([given], output)
    same_as_from_scratch(given, output, tmp_path)


def test_a_file_equal_to_one_that_changes_is_parsed_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what it claims: a third file has the same identity, and stands in another part otherwise."""
    monkeypatch.setattr(planning, "PART_FILES", 1)
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    first = sorted(given.iterdir())[0]
    equal, alike = given / "x.md", given / "y.txt"
    shutil.copy(first, equal)
    shutil.copy(first, alike)
    changed(alike)
    run([given], output, watch=once("parse", lambda: first.write_text("a novel")))
    same_as_from_scratch(given, output, tmp_path)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def replaced(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        (Path.unlink, ("rejected", "unreadable")),
        (replaced, ("rejected", "unreadable")),
        (emptied, ("rejected", "empty")),
    ],
)
def test_a_file_that_goes_costs_only_itself(
    tmp_path: Path, change: Callable[[Path], None], outcome: tuple[str, str]
) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    one = sorted(given.iterdir())[1]
    release = run([given], output, watch=once("parse", lambda: change(one)))
    assert sources(output)[one.name] == outcome
    assert release.statuses == {"parsed": 2, "rejected": 1}
    if one.exists():
        same_as_from_scratch(given, output, tmp_path)


def write_on(path: Path) -> None:
    text = path.read_text("utf-8")
    for number in itertools.count():
        path.with_suffix(".half").write_text(f"{text}{number}\n", "utf-8")
        path.with_suffix(".half").replace(path)


def test_a_file_that_changes_all_the_time_is_told_as_such(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    one = sorted(given.iterdir())[1]
    writer = multiprocessing.get_context("fork").Process(target=write_on, args=(one,))
    writer.start()
    try:
        run([given], output)
    finally:
        writer.kill()
        writer.join()
    assert sources(output)[one.name] == ("rejected", Reason.CHANGED)
    assert [status for status, _ in sources(output).values()].count("parsed") == 2
    # Once it is quiet it is read.
    one.with_suffix(".half").unlink(missing_ok=True)
    assert run([given], output).statuses == {"parsed": 3}
    same_as_from_scratch(given, output, tmp_path)


def test_a_file_that_the_system_refuses_while_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, output = write_acts(tmp_path / "in", 3, seed=1), tmp_path / "out"
    one = sorted(given.iterdir())[1]
    real = parsing.read
    refused: list[bool] = []

    def read(item: Given) -> FileRead:
        return real(Given(item.source_path, Path("/nowhere")) if refused and item.path == one else item)

    monkeypatch.setattr(parsing, "read", read)
    run([given], output, watch=once("parse", lambda: refused.append(True)))
    assert sources(output)[one.name] == ("rejected", "unreadable")
    refused.clear()
    assert run([given], output).statuses == {"parsed": 3}
