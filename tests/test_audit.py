"""A release is checked from its declaration: whatever is done to it, a rule tells."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.audit import audit
from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.release import open_release
from pipeline.schema import TABLES
from tests import published
from tests.published import Row, rewrite, with_rows

ACT = "/akn/id-3316/act/perbup/2024/6"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published.publish(tmp_path_factory.mktemp("whole") / "output")


@pytest.fixture
def output(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "output"))


def problems(output: Path) -> list[str]:
    return [str(problem) for problem in audit(open_release(output)).problems]


def test_a_whole_release_breaks_no_rule(whole: Path) -> None:
    assert problems(whole) == []
    done = call("check", whole)
    assert (done.exit_code, done.stderr) == (ExitCode.OK, "")
    assert f"{len(TABLES)} tables" in done.stdout


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_file_that_is_dropped_cut_or_flipped_is_named(whole: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(set(published.files(whole)) - {"manifest.json"})))
    path = whole / name
    before = path.read_bytes()
    kind = data.draw(st.sampled_from(["drop", "cut", "flip", "grow", "empty"]))
    at = data.draw(st.integers(0, len(before) - 1))
    after = {
        "cut": before[:at],
        "flip": before[:at] + bytes([before[at] ^ data.draw(st.integers(1, 255))]) + before[at + 1 :],
        "grow": before + b"\0",
        "empty": b"",
    }
    try:
        path.unlink()
        if kind != "drop":
            path.write_bytes(after[kind])
        assert any(problem.startswith(f"{name}: ") for problem in problems(whole))
    finally:
        path.write_bytes(before)


def first(**values: object) -> Callable[[pa.Table], pa.Table]:
    return with_rows(lambda rows: rows[0].update(values))


ROWS: list[tuple[str, Callable[[pa.Table], pa.Table], str]] = [
    ("provisions", first(kind=None), "provisions: kind is null: 1 rows, such as document_id="),
    ("references", first(resolved=None), "references: resolved is null"),
    ("provisions", with_rows(lambda rows: rows.append(dict(rows[0]))), "provisions: key document_id, eid not unique: 2"),
    ("regions", with_rows(lambda rows: rows.append(dict(rows[-1]))), "regions: key region_code not unique"),
    ("definitions", first(eid="pasal_99"), "definitions: document_id, eid not in provisions"),
    ("indicator_targets", first(indicator_id=f"{ACT}#lampiran.99"), "indicator_targets: indicator_id not in indicators"),
    ("indicator_targets", first(indicator_id=f"{ACT}#lampiran.99"), "indicators: no target"),
    ("indicator_validity", with_rows(list.clear), "indicators: no validity"),
    ("documents", first(year=1800), "documents: year under 1900"),
    ("indicator_matches", first(score=1.5), "indicator_matches: score over 1"),
    ("provisions", first(ordinal=0), "provisions: ordinal under 1"),
    ("provisions", first(zone="cellar"), "provisions: zone not in its closed list"),
    ("provisions", first(heading=""), "provisions: heading is empty"),
    ("documents", first(region_code="3316"), "documents: region_code not of the form"),
    ("documents", first(amends=["x"]), "documents: amends not of the form"),
    ("provisions", first(char_start=9, char_end=5), "provisions: char_start behind char_end"),
    ("provisions", first(char_end=10_000), "provisions: char_end behind the source's end"),
    ("documents", first(title=None), "documents: title is null without a finding"),
    ("sources", first(status="partial"), "sources: reason without rejection, or the reverse"),
    ("indicator_targets", first(value=None), "indicator_targets: status ok without a value"),
    ("provision_versions", first(version=7), "provision_versions: version out of sequence"),
    ("indicator_validity", first(valid_from=date(2024, 2, 1), valid_to=date(2024, 1, 1)), "ends before it begins"),
    ("references", first(resolved=True, target_document_id=None), "references: resolved without a target"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "change", "rule"), ROWS, ids=[f"{table}-{rule}" for table, _, rule in ROWS])
def test_rows_that_break_a_rule_are_told(
    output: Path, table: str, change: Callable[[pa.Table], pa.Table], rule: str
) -> None:
    rewrite(output, table, change)
    done = call("check", output)
    assert done.exit_code == ExitCode.FAILED
    assert rule in done.stdout
    assert done.stderr.splitlines()[-1] == f"Try: perbup run -o {output}"


FIELDS: list[tuple[Callable[[pa.Table], pa.Table], str]] = [
    (lambda table: table.drop_columns(["part"]), "field part is missing"),
    (lambda table: table.append_column("extra", pa.array([1] * table.num_rows)), "field extra is not declared"),
    (lambda table: table.rename_columns([{"page": "halaman"}.get(name, name) for name in table.column_names]), "field page is missing"),
    (lambda table: table.set_column(18, "page", table["page"].cast(pa.int64())), "field page is int64, declared int32"),
    (lambda table: table.set_column(18, "page", table["page"].cast(pa.string())), "field page is string, declared int32"),
    (lambda table: table.select(table.column_names[::-1]), "another order"),
    (with_rows(len), "field row may be null"),
    (lambda table: pa.table([*table.columns, table["page"]], [*table.column_names, "page"]), "field page stands there twice"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule"), FIELDS, ids=[rule for _, rule in FIELDS])
def test_fields_that_are_not_as_declared_are_told(
    output: Path, change: Callable[[pa.Table], pa.Table], rule: str
) -> None:
    rewrite(output, "indicators", change)
    found = problems(output)
    assert any(problem.startswith("indicators/all.parquet: ") and rule in problem for problem in found)
    # What is wrong with one table is not told of others.
    assert all(problem.startswith("indicators/all.parquet: ") for problem in found)


def test_values_that_no_reader_takes_are_told(output: Path) -> None:
    def far(table: pa.Table) -> pa.Table:
        at = table.schema.get_field_index("enacted_on")
        days = pa.array([2**31 - 1] * table.num_rows, pa.int32()).cast(pa.date32())
        return table.set_column(at, table.schema.field(at), days)

    def bytes_as_text(table: pa.Table) -> pa.Table:
        broken = pa.array([b"\xff\xfe"] * table.num_rows, pa.binary()).view(pa.string())
        at = table.schema.get_field_index("name")
        return table.set_column(at, table.schema.field(at), broken)

    rewrite(output, "documents", far)
    rewrite(output, "regions", bytes_as_text)
    found = problems(output)
    for name in ("documents", "regions"):
        assert any(problem.startswith(f"{name}/all.parquet: no whole Parquet file: ") for problem in found)


def test_a_table_of_many_files_is_one_table(output: Path) -> None:
    table = pq.read_table(output / "regions")
    (output / "regions" / "all.parquet").unlink()
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    manifest["files"] = [file for file in manifest["files"] if file["path"] != "regions/all.parquet"]
    for name, part in (("11", table.slice(0, 30)), ("12", table.slice(30))):
        manifest["files"].append({"path": f"regions/{name}.parquet", "rows": part.num_rows})
        pq.write_table(part, output / "regions" / f"{name}.parquet", compression="zstd")
    (output / "manifest.json").write_text(json.dumps(manifest))
    for name in ("11", "12"):
        published.amend(output, f"regions/{name}.parquet")
    assert problems(output) == []
    (output / "regions" / "12.parquet").unlink()
    assert problems(output) == ["regions/12.parquet: is missing"]


MANIFESTS = [
    ({"files": []}, "manifest.json: names no file"),
    ({"files": None}, "manifest.json: names no file"),
    ({"files": [{"path": "../../etc/passwd"}]}, "names what is no file of a release, or a file twice: ../../etc/passwd"),
    ({"files": ["x", {"path": 7}, {"path": "indicators/../x.parquet"}]}, "indicators/../x.parquet"),
    ({"files": [{"path": "/etc/passwd"}]}, "/etc/passwd"),
    ({"files": [{"path": "a\0b.parquet"}]}, "names what is no file"),
    ({"schema_version": "0.9.0"}, "manifest.json: schema_version 0.9.0, where this program"),
    ({"pipeline_version": "9"}, "manifest.json: pipeline_version 9, in sources "),
    ({"run": {"files_given": 3}}, "manifest.json: run: files_given 3, in the tables 2"),
    ({"run": {"documents": 0}}, "manifest.json: run: documents 0, in the tables 1"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "rule"), MANIFESTS, ids=[rule for _, rule in MANIFESTS])
def test_a_manifest_that_is_not_true_is_told(output: Path, change: dict[str, object], rule: str) -> None:
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    (output / "manifest.json").write_text(json.dumps({**manifest, **change}))
    done = call("check", output)
    assert done.exit_code == ExitCode.FAILED
    assert rule.replace("\0", r"\x00") in done.stdout


@pytest.mark.parametrize(("name", "value"), [("rows", 7), ("bytes", 1), ("sha256", "0" * 64), ("sha256", None)])
def test_what_the_manifest_says_of_a_file_is_compared(output: Path, name: str, value: object) -> None:
    published.amend(output, "regions/all.parquet", **{name: value})
    (problem,) = problems(output)
    assert problem.startswith("regions/all.parquet: ")
    assert name in problem


def test_files_that_are_no_part_of_the_release_are_told(output: Path) -> None:
    for number in range(5):
        (output / "indicators" / f"note{number}.txt").write_text("mine")
    os.mkfifo(output / "pipe.parquet")
    found = problems(output)
    assert "indicators/note0.txt: is not in manifest.json" in found
    assert "manifest.json: 6 files in all are not in it" in found


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(output: Path) -> None:
    (output / "regions" / "all.parquet").unlink()
    os.mkfifo(output / "regions" / "all.parquet")
    assert "regions/all.parquet: is missing" in problems(output)


@pytest.mark.parametrize("content", [None, "", "{", "[]", "[" * 100_000, '{"program": "another"}', b"\xff"])
def test_tables_without_their_manifest_are_a_broken_release(output: Path, content: str | bytes | None) -> None:
    path = output / "manifest.json"
    path.unlink()
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = call("check", output)
    assert (done.exit_code, done.stdout) == (ExitCode.FAILED, "")
    assert "manifest.json" in done.stderr


def test_what_is_no_release_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    for path, problem in (
        (tmp_path / "nowhere", "there is no"),
        (tmp_path / "thesis.docx", "is a file"),
        (tmp_path, "it is no release of perbup-to-parquet"),
    ):
        done = call("check", path)
        assert (done.exit_code, done.stdout) == (ExitCode.USAGE, "")
        assert problem in done.stderr
        assert done.stderr.splitlines()[-1] == "Try: perbup check FOLDER"


def test_text_of_a_broken_release_is_shown_and_never_obeyed(output: Path) -> None:
    def rename(rows: list[Row]) -> None:
        rows[0]["eid"] = "\x1b[31m\u202e"

    rewrite(output, "provisions", with_rows(rename))
    done = call("check", output)
    assert r"\x1b[31m\u202e" in done.stdout
    assert not set(done.output) & set("\x1b\u202e")
