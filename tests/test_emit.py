"""Rows to a release: types, order, sameness, and what stands there before is never lost."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.models import Finding, Span
from pipeline import VERSION, emit
from pipeline.checks import violations
from pipeline.derive import derive
from pipeline.inputs import FileRead
from pipeline.link import Corpus, FileResult, link
from pipeline.rows import rows
from pipeline.schema import TABLES
from tests import made


def result(name: str, *documents: object, role: str = "body", text: str | None = None) -> FileResult:
    data = (text or name).encode("utf-8", "surrogatepass")
    sha256 = hashlib.sha256(data).hexdigest()
    file = FileRead(name, "text/plain", len(data), sha256, data, None, None, ())
    return FileResult(file, made.parsed(*documents, role=role))


def corpus() -> Corpus:
    return link([result("annex.txt", made.annex(), role="annex"), result("body.txt", made.body())])


def publish(output: Path, linked: Corpus | None = None) -> None:
    made.publish(emit.arrow_tables(rows(linked or corpus(), VERSION)), output, {"files_given": 2})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_declared_table_is_a_file_with_its_schema(tmp_path: Path) -> None:
    publish(tmp_path / "out", link([]))
    for table in TABLES:
        read = pq.read_table(tmp_path / "out" / table.name / "all.parquet")
        assert read.schema.equals(emit.arrow_schema(table), check_metadata=True)
        assert (read.num_rows > 0) == (table.name == "regions")
    assert pq.read_metadata(tmp_path / "out/sources/all.parquet").row_group(0).column(0).compression == "ZSTD"


def test_rows_are_sorted_by_key_and_pass_the_checks() -> None:
    made_rows = derive(rows(corpus(), VERSION))
    for table in TABLES:
        keys = [tuple(row[name] for name in table.key) for row in made_rows[table.name]]
        assert keys == sorted(keys)
    assert violations(emit.arrow_tables(made_rows)) == []
    assert all(made_rows[table.name] for table in TABLES), "the made corpus has rows in every table"


def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    publish(tmp_path / "one")
    publish(tmp_path / "elsewhere" / "two")
    assert files(tmp_path / "one") == files(tmp_path / "elsewhere" / "two")


def test_manifest_names_every_file_with_rows_and_hash(tmp_path: Path) -> None:
    publish(tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    held = files(tmp_path / "out")
    assert {file["path"] for file in manifest["files"]} == set(held) - {"manifest.json"}
    for file in manifest["files"]:
        assert file["sha256"] == hashlib.sha256(held[file["path"]]).hexdigest()
        if file["path"].endswith(".parquet"):
            assert file["rows"] == pq.read_metadata(tmp_path / "out" / file["path"]).num_rows
    assert manifest["run"] == {"files_given": 2}
    package = json.loads(held["datapackage.json"])
    assert {resource["path"] for resource in package["resources"]} == {f"{table.name}/all.parquet" for table in TABLES}


def test_missing_text_is_null_and_lone_surrogates_keep_their_place() -> None:
    document = made.body()
    source = made.parsed(document, text="a\ud800b")
    file = result("body.txt", document).file
    made_rows = rows(link([FileResult(file, source)]), VERSION)
    assert made_rows["source_pages"][0]["text"] == "a\ufffdb"
    assert made_rows["source_pages"][0]["char_end"] == 3
    assert made_rows["provisions"][0]["text"] is None
    assert made_rows["provisions"][0]["heading"] is None
    empty = made.annex()
    cells = rows(link([result("annex.txt", empty, role="annex")]), VERSION)["annex_cells"]
    assert [(cell["text"], cell["char_start"], cell["char_end"]) for cell in cells] == [("1", 0, 1), (None, None, None)]


def test_dates_and_numbers_keep_their_types(tmp_path: Path) -> None:
    from dataclasses import replace

    document = made.body()
    document = replace(document, metadata=replace(document.metadata, enacted_on=date(2024, 2, 27)))
    publish(tmp_path / "out", link([result("body.txt", document)]))
    row = pq.read_table(tmp_path / "out/documents").to_pylist()[0]
    assert (row["enacted_on"], row["year"], row["number"]) == (date(2024, 2, 27), 2024, "6")
    assert (row["region_code"], row["region_name"], row["province_code"]) == ("33.16", "Kabupaten Blora", "33")
    assert row["amends"] == []


def test_finding_ids_are_stable_and_unique() -> None:
    from dataclasses import replace

    finding = Finding("read", "twice", "info", "the same", Span(0, 1))
    document = replace(made.body(), findings=(finding, finding))
    one = rows(link([result("a.txt", document, text="x")]), VERSION)["findings"]
    renamed = rows(link([result("b.txt", document, text="x")]), VERSION)["findings"]
    assert len({row["finding_id"] for row in one}) == len(one) > 1
    assert [row["finding_id"] for row in one] == [row["finding_id"] for row in renamed]


def test_a_finding_on_a_place_that_is_not_there_stands_at_the_nearest_above() -> None:
    row = next(row for row in rows(corpus(), VERSION)["findings"] if row["code"] == "gap")
    assert row["eid"] == "pasal_1"


def test_a_release_is_replaced_whole(tmp_path: Path) -> None:
    publish(tmp_path / "out", link([]))
    publish(tmp_path / "out")
    assert pq.read_table(tmp_path / "out/documents").num_rows == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("stage", ["describe", "put"])
def test_a_failure_leaves_the_old_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    publish(tmp_path / "out")
    before = files(tmp_path / "out")

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(emit, stage, fail)
    with pytest.raises(OSError, match="no space"):
        publish(tmp_path / "out", link([]))
    assert files(tmp_path / "out") == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"program": "another"}', '{"program": "perbup-to-parquet"}'])
def test_a_folder_of_someone_else_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(emit.OutputRefusedError, match="no release"):
        publish(tmp_path)
    assert (tmp_path / "thesis.docx").read_text() == "years of work"


def test_a_release_with_a_file_of_someone_else_is_refused(tmp_path: Path) -> None:
    publish(tmp_path / "out")
    (tmp_path / "out" / "indicators" / "notes.txt").write_text("mine")
    with pytest.raises(emit.OutputRefusedError, match=r"indicators/notes\.txt"):
        publish(tmp_path / "out")
    assert (tmp_path / "out" / "indicators" / "notes.txt").read_text() == "mine"


def test_a_file_as_output_is_refused_and_an_empty_folder_taken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(emit.OutputRefusedError, match="is a file"):
        publish(tmp_path / "file")
    (tmp_path / "empty").mkdir()
    publish(tmp_path / "empty")
    assert (tmp_path / "empty" / "manifest.json").exists()


def test_a_linked_output_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    publish(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "manifest.json").exists()
