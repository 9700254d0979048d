"""Files given to files published: what is collected, how files meet, and that a bad one costs only itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.models import Document
from pipeline import emit, inputs
from pipeline import run as stages
from pipeline.document import Parsed
from pipeline.exit_codes import ExitCode
from pipeline.inputs import collect, read
from pipeline.reasons import Reason
from pipeline.run import ChecksFailedError, NothingGivenError, run
from pipeline.schema import TABLES
from tests import made

Parse = Callable[[bytes, str], Parsed]


def fake_parse(data: bytes, name: str) -> Parsed:
    """What the first word of a file asks for."""
    word = data.decode("utf-8", "replace").split()[0]
    if word == "body":
        return made.parsed(made.body())
    if word == "annex":
        return made.parsed(made.annex(), role="annex")
    if word == "novel":
        return stages.rejected(Reason.NOT_A_REGULATION)
    if word == "crash":
        raise RecursionError(f"<object at {id(data):#x}> in {name}")
    if word == "clash":
        # Two nodes under one eid: no release can hold them.
        twice = made.body()
        return made.parsed(made_over(twice, provisions=(*twice.provisions, twice.provisions[0])))
    if word == "huge":
        return made.parsed(made_over(made.body(), metadata=made_over(made.metadata(), gazette_year=10**12)))
    raise AssertionError(word)


def made_over(thing: object, **changes: object) -> Document:
    from dataclasses import replace

    return replace(thing, **changes)  # type: ignore[type-var]


@pytest.fixture
def parse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "parse", fake_parse)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path = path.with_name(path.name + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def table(output: Path, name: str) -> list[dict]:
    return pq.read_table(output / name).to_pylist()


def paths(given: list[inputs.Given]) -> list[str]:
    return [item.source_path for item in given]


# What is collected


def test_a_folder_gives_its_texts_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/B.PDF", "a/x.source.json", "a/y.docx", ".git/c.txt", "a/.hidden.txt", "C.TXT"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert paths(collect([tmp_path])) == ["C.TXT", "a/B.PDF", "a/z.md", "b.txt"]


def test_named_files_are_taken_whatever_their_ending_but_for_sidecars(tmp_path: Path) -> None:
    for name in ("a.json", "b", "a.source.json"):
        (tmp_path / name).write_text("{}")
    assert paths(collect(sorted(tmp_path.iterdir(), reverse=True))) == ["a.json", "b"]


def test_the_order_of_the_arguments_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, one__a="x", two__a="y", three="z")
    given = [tmp_path / "one", tmp_path / "two", tmp_path / "three.txt", tmp_path / "one"]
    assert paths(collect(given)) == paths(collect(given[::-1])) == ["one/a.txt", "three.txt", "two/a.txt"]


def test_a_file_in_a_folder_and_by_name_is_two_rows(tmp_path: Path) -> None:
    write(tmp_path, sub__a="x")
    assert paths(collect([tmp_path, tmp_path / "sub" / "a.txt"])) == ["a.txt", "sub/a.txt"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    write(tmp_path, sub__a="x")
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    (tmp_path / "other").symlink_to(tmp_path / "sub")
    assert set(paths(collect([tmp_path]))) >= {"sub/a.txt", "other/a.txt"}
    assert len(collect([tmp_path])) < 10


def test_names_that_are_no_utf8_are_escaped(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    assert paths(collect([tmp_path])) == ["caf\\xe9.txt"]


# What is read


def test_what_cannot_be_read_has_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "scan.txt").write_bytes(b"%PDF-1.7")
    (tmp_path / "long.txt").write_text("x" * 11)
    monkeypatch.setattr(inputs, "MAX_BYTES", 10)
    reads = {item.source_path: read(item) for item in collect([tmp_path])}
    assert {name: file.reason for name, file in reads.items()} == {
        "broken.txt": Reason.UNREADABLE,
        "pipe.txt": Reason.UNREADABLE,
        "scan.pdf": None,
        "scan.txt": None,
        "long.txt": Reason.TOO_LARGE,
    }
    assert all(
        [finding.code for finding in file.findings] == ([file.reason] if file.reason else []) for file in reads.values()
    )
    assert (reads["long.txt"].byte_count, reads["long.txt"].sha256, reads["long.txt"].data) == (11, None, b"")
    assert reads["scan.txt"].media_type == "application/pdf"


@pytest.mark.parametrize(
    ("content", "origin", "codes"),
    [
        (b'{"origin": "https://jdih.example.go.id/1"}', "https://jdih.example.go.id/1", []),
        (b'{"origin": "unknown"}', None, []),
        (b'{"origin": null}', None, ["sidecar_broken"]),
        (b"{", None, ["sidecar_broken"]),
        (b"\xff\xfe\x00", None, ["sidecar_broken"]),
        (b"[1]", None, ["sidecar_broken"]),
        (b"[" * 50_000, None, ["sidecar_broken"]),
        (b"", None, ["sidecar_broken"]),
    ],
)
def test_a_sidecar_tells_the_origin(tmp_path: Path, content: bytes, origin: str | None, codes: list[str]) -> None:
    (tmp_path / "a.txt").write_text("x")
    (tmp_path / "a.source.json").write_bytes(content)
    file = read(collect([tmp_path])[0])
    assert (file.origin, [finding.code for finding in file.findings]) == (origin, codes)


# What is published


@pytest.mark.usefixtures("parse")
def test_bad_files_cost_only_themselves(tmp_path: Path) -> None:
    write(tmp_path / "in", a="body", b="novel", c="crash", d="clash 1", e="huge 1")
    (tmp_path / "in" / "f.pdf").write_bytes(b"%PDF-")
    release = run([tmp_path / "in"], tmp_path / "out")
    assert release.exit_code == ExitCode.INCOMPLETE
    sources = {row["source_path"]: (row["status"], row["reason"]) for row in table(tmp_path / "out", "sources")}
    assert sources == {
        "a.txt": ("parsed", None),
        "b.txt": ("rejected", "not_a_regulation"),
        "c.txt": ("rejected", "internal_error"),
        "d.txt": ("rejected", "check_failed"),
        "e.txt": ("rejected", "internal_error"),
        "f.pdf": ("rejected", "internal_error"),
    }
    findings = [(row["source_path"], row["code"], row["message"]) for row in table(tmp_path / "out", "findings")]
    (fault,) = [message for path, code, message in findings if (path, code) == ("c.txt", "internal_error")]
    assert fault.startswith("RecursionError in test_run, line ")
    faults = [message for path, code, message in findings if (path, code) == ("d.txt", "check_failed")]
    assert any("key document_id, eid not unique" in message for message in faults)
    assert [row["document_id"] for row in table(tmp_path / "out", "documents")] == ["/akn/id-3316/act/perbup/2024/6"]
    # Without the bad files the good one reads the same.
    run([tmp_path / "in" / "a.txt"], tmp_path / "alone")
    assert table(tmp_path / "alone", "provisions") == table(tmp_path / "out", "provisions")


@pytest.mark.usefixtures("parse")
def test_two_runs_give_equal_files(tmp_path: Path) -> None:
    write(tmp_path / "in", a="body", b="annex", c="crash", d="body again")
    for name in ("one", "two"):
        run([tmp_path / "in"], tmp_path / name)
    held = [
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("one", "two")
    ]
    assert held[0] == held[1]
    assert len(held[0]) == len(TABLES) + len(["manifest", "datapackage"])


@pytest.mark.usefixtures("parse")
def test_equal_bytes_are_one_document(tmp_path: Path) -> None:
    write(tmp_path / "in", b="body", a="body", c="novel", d="novel")
    run([tmp_path / "in"], tmp_path / "out")
    sources = table(tmp_path / "out", "sources")
    assert [(row["source_path"], row["role"]) for row in sources] == [
        ("a.txt", "body"),
        ("b.txt", "duplicate"),
        ("c.txt", "other"),
        ("d.txt", "duplicate"),
    ]
    assert sources[0]["document_ids"] == sources[1]["document_ids"] == ["/akn/id-3316/act/perbup/2024/6"]
    assert len(table(tmp_path / "out", "documents")) == 1
    findings = [row for row in table(tmp_path / "out", "findings") if row["code"] == "duplicate"]
    assert {row["source_path"]: row["message"] for row in findings} == {
        "b.txt": "the same bytes as a.txt",
        "d.txt": "the same bytes as c.txt",
    }


@pytest.mark.usefixtures("parse")
def test_different_texts_with_one_identity_get_two_ids(tmp_path: Path) -> None:
    write(tmp_path / "in", a="body 1", b="body 2")
    run([tmp_path / "in"], tmp_path / "out")
    claimed = "/akn/id-3316/act/perbup/2024/6"
    first, second = sorted(row["source_sha256"] for row in table(tmp_path / "out", "sources"))
    documents = {row["document_id"]: row["source_sha256"] for row in table(tmp_path / "out", "documents")}
    other = f"{claimed}-x{second[:8]}"
    assert documents == {claimed: first, other: second}
    references = table(tmp_path / "out", "references")
    assert all(row["target_document_id"] == row["document_id"] for row in references)
    clashes = [row for row in table(tmp_path / "out", "findings") if row["code"] == "identity_clash"]
    assert [(row["document_id"], row["source_sha256"]) for row in clashes] == [(other, second)]


@pytest.mark.usefixtures("parse")
def test_an_annex_of_its_own_joins_its_act(tmp_path: Path) -> None:
    write(tmp_path / "in", a="annex", b="body", c="annex again")
    run([tmp_path / "in"], tmp_path / "out")
    act = "/akn/id-3316/act/perbup/2024/6"
    sources = table(tmp_path / "out", "sources")
    assert [(row["role"], row["document_id"]) for row in sources] == [("annex", act), ("body", act), ("annex", act)]
    (document,) = table(tmp_path / "out", "documents")
    assert document["source_sha256"] == sources[1]["source_sha256"]
    provisions = sorted(table(tmp_path / "out", "provisions"), key=lambda row: row["ordinal"])
    assert [row["eid"] for row in provisions][-2:] == ["lampiran", "lampiran_2"]
    assert [row["ordinal"] for row in provisions] == [1, 2, 3, 4, 5]
    assert {row["source_sha256"] for row in provisions} == {row["source_sha256"] for row in sources}
    ids = [row["indicator_id"] for row in table(tmp_path / "out", "indicators")]
    assert ids == [f"{act}#lampiran.1", f"{act}#lampiran_2.1"]
    assert [row["table_id"] for row in table(tmp_path / "out", "annex_tables")] == ["lampiran.1", "lampiran_2.1"]
    resolved = {row["printed"]: row["resolved"] for row in table(tmp_path / "out", "references")}
    assert resolved == {"Lampiran ini": True, "ayat (1)": True}
    codes = [row["code"] for row in table(tmp_path / "out", "findings") if row["stage"] == "link"]
    assert sorted(codes) == ["annex_attached", "annex_attached", "number_twice"]


@pytest.mark.usefixtures("parse")
def test_an_annex_without_its_act_stands_under_the_id_of_its_head(tmp_path: Path) -> None:
    write(tmp_path / "in", a="annex")
    run([tmp_path / "in"], tmp_path / "out")
    (document,) = table(tmp_path / "out", "documents")
    assert (document["document_id"], document["source_sha256"]) == ("/akn/id-3316/act/perbup/2024/6", None)
    assert "annex_without_body" in {row["code"] for row in table(tmp_path / "out", "findings")}


def test_an_act_without_identity_is_named_by_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unnamed = made_over(made.body(), metadata=made.metadata(None, None))
    unnamed = made_over(unnamed, findings=(*unnamed.findings, made_over(made.MISSING[0], code="missing_number")))
    monkeypatch.setattr(stages, "parse", lambda _data, _name: made.parsed(unnamed))
    write(tmp_path / "in", a="x")
    run([tmp_path / "in"], tmp_path / "out")
    (source,) = table(tmp_path / "out", "sources")
    assert source["document_id"] == f"/akn/id/act/x/{source['source_sha256'][:16]}"


def test_an_act_without_identity_is_the_target_of_what_it_says_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = made.body()
    references = tuple(made_over(reference, target_document_id=None) for reference in own.references)
    findings = (*own.findings, made_over(made.MISSING[0], code="missing_number"))
    unnamed = made_over(own, metadata=made.metadata(None, None), references=references, findings=findings)
    monkeypatch.setattr(stages, "parse", lambda _data, _name: made.parsed(unnamed))
    write(tmp_path / "in", a="x")
    run([tmp_path / "in"], tmp_path / "out")
    (document,) = table(tmp_path / "out", "documents")
    resolved = [row for row in table(tmp_path / "out", "references") if row["resolved"]]
    assert resolved
    assert {row["target_document_id"] for row in resolved} == {document["document_id"]}


@pytest.mark.parametrize("named", [True, False])
def test_an_annex_alone_is_published_without_the_facts_of_a_body(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    alone = made_over(made.annex(), findings=())
    if not named:
        alone = made_over(alone, metadata=made.metadata(None, None))
    alone = made_over(alone, metadata=made_over(alone.metadata, title=None))
    monkeypatch.setattr(stages, "parse", lambda _data, _name: made.parsed(alone, role="annex"))
    write(tmp_path / "in", a="x")
    run([tmp_path / "in"], tmp_path / "out")
    (source,) = table(tmp_path / "out", "sources")
    assert (source["role"], source["reason"]) == ("annex", None)
    assert len(table(tmp_path / "out", "indicators")) == 1


@pytest.mark.usefixtures("parse")
def test_nothing_is_published_where_there_is_nothing_to_read_or_the_output_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(NothingGivenError):
        run([tmp_path / "in"], tmp_path / "out")
    write(tmp_path / "in", a="body")
    with pytest.raises(emit.OutputRefusedError):
        run([tmp_path / "in"], tmp_path / "in")
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("parse")
def test_rows_that_break_rules_whoever_they_belong_to_stop_the_publication(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "in", a="body")
    run([tmp_path / "in"], tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    monkeypatch.setattr(stages, "VERSION", "")
    with pytest.raises(ChecksFailedError, match="sources: pipeline_version is null"):
        run([tmp_path / "in"], tmp_path / "out")
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


@pytest.mark.usefixtures("parse")
def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    write(tmp_path / "in", a="body", b="novel")
    run([tmp_path / "in"], tmp_path / "out", lambda *step: told.append(step))
    assert told[:3] == [("parse", 0, 2), ("parse", 1, 2), ("parse", 2, 2)]
    assert [stage for stage, _, _ in told[3:]] == ["link", "check", "write", "write"]
