"""Corrections: what is written takes the place of what was read, or the run says why not."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import correction_files, emit
from pipeline import run as stages
from pipeline.checks import violations
from pipeline.cli import main
from pipeline.correction_files import TABLES, Correction, CorrectionFileError, file_name, load, read, typed
from pipeline.corrections import apply
from pipeline.declare import Field
from pipeline.edits import Edits, left_aside
from pipeline.exit_codes import ExitCode
from pipeline.schema import BY_NAME
from tests import published
from tests.test_diff import other
from tests.test_run import fake_parse, write

ACT = "/akn/id-3316/act/perbup/2024/6"
NAME = "id-3316.act.perbup.2024.6.yml"
INDICATOR = f"{ACT}#lampiran.1"
ENTRY = {
    "table": "indicator_targets",
    "key": {"indicator_id": INDICATOR, "target_no": "1"},
    "field": "value",
    "old": "90",
    "new": "95",
    "reason": "misread",
    "evidence": "page 1",
}
DOCS = Path(__file__).parent.parent / "docs" / "corrections.md"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(stages, "parse", fake_parse)
    monkeypatch.chdir(tmp_path)
    return


def store(folder: Path, *entries: dict[str, Any], document: str = ACT) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / file_name(document)
    # Copies: what is one object is an alias in YAML.
    path.write_text(
        yaml.safe_dump({"document": document, "corrections": [copy.deepcopy(entry) for entry in entries]}), "utf-8"
    )
    return path


def text(folder: Path, content: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(content, "utf-8")
    return folder / NAME


def problem(path: Path) -> str:
    with pytest.raises(CorrectionFileError) as raised:
        read(path)
    assert str(path) in str(raised.value)
    return str(raised.value)


# What is applied

FINDINGS_POINT_TO = ("findings", "documents", "provisions", "sources", "source_pages")


def correctable() -> list[tuple[str, int, Field]]:
    """Every value of the made rows that may be corrected: table, row and field."""
    found = []
    for name in TABLES:
        for index in range(len(published.made_rows()[name])):
            for field in BY_NAME[name].fields:
                try:
                    correction_files._field(BY_NAME[name], field.name)
                except ValueError:
                    continue
                found.append((name, index, field))
    return found


@given(st.lists(st.sampled_from(correctable()), unique=True, min_size=1, max_size=8))
@settings(max_examples=25, deadline=None)
def test_exactly_the_corrected_values_change(picked: list[tuple[str, int, Field]]) -> None:
    made = published.made_rows()
    before = copy.deepcopy(made)
    corrections = []
    for number, (name, index, field) in enumerate(picked):
        row = made[name][index]
        key = tuple(row[part] for part in BY_NAME[name].key)
        old, new = row[field.name], other(row[field.name], field.type)
        corrections.append(Correction(f"entry {number}", ACT, name, key, field.name, old, new, f"why {number}", "page"))
    corrected = apply(made, corrections)
    assert made == before, "the rows given stay as they are"
    expected = copy.deepcopy(before)
    for correction, (name, index, field) in zip(corrections, picked, strict=True):
        expected[name][index][field.name] = correction.new
    added = [row for row in corrected["findings"] if row["stage"] == "corrections"]
    assert {**corrected, "findings": None} == {**expected, "findings": None}
    assert [row for row in corrected["findings"] if row not in added] == before["findings"]
    ids = [row["finding_id"] for row in corrected["findings"]]
    assert ids == sorted(set(ids))
    assert len(added) == len(picked)
    for number in range(len(picked)):
        (row,) = [row for row in added if f"why {number};" in row["message"]]
        assert (row["code"], row["severity"], row["document_id"]) == ("correction_applied", "info", ACT)
    tables = emit.arrow_tables({name: corrected[name] for name in FINDINGS_POINT_TO})
    assert not [one for one in violations(tables) if one.table == "findings"]
    back = [Correction(c.place, ACT, c.table, c.key, c.field, c.new, c.old, "x", "x") for c in corrections]
    again = apply(corrected, back)
    assert {**again, "findings": None} == {**before, "findings": None}


def test_a_run_publishes_the_correction_and_tells_it(tmp_path: Path) -> None:
    given = write(tmp_path / "in", a="body", b="annex")
    store(tmp_path / "corrections", ENTRY)
    done = call("run", given, "-o", tmp_path / "out")
    assert (done.exit_code, done.stderr) == (ExitCode.OK, "")
    assert "corrections: 1 applied" in done.stdout
    (target,) = pq.read_table(tmp_path / "out" / "indicator_targets").to_pylist()
    assert target["value"] == 95.0
    findings = pq.read_table(tmp_path / "out" / "findings").to_pylist()
    (row,) = [row for row in findings if row["code"] == "correction_applied"]
    for part in ("value of indicator_targets", "90.0 -> 95.0", "reason: misread", "evidence: page 1"):
        assert part in row["message"]
    assert (row["stage"], row["eid"], row["page"]) == ("corrections", "lampiran", 1)
    assert row["source_path"] == "b.txt"
    assert call("check", tmp_path / "out").exit_code == ExitCode.OK
    again = call("run", given, "-o", tmp_path / "again", "--corrections", tmp_path / "corrections")
    assert again.exit_code == ExitCode.OK
    assert published.files(tmp_path / "again") == published.files(tmp_path / "out")


def test_a_document_that_is_not_in_the_run_is_left_aside(tmp_path: Path) -> None:
    absent = "/akn/id-6311/act/perbup/2024/42"
    entry = {**ENTRY, "table": "documents", "key": {}, "field": "signatory", "old": None, "new": "X"}
    store(tmp_path / "corrections", entry, document=absent)
    done = call("run", write(tmp_path / "in", a="body"), "-o", tmp_path / "out")
    assert done.exit_code == ExitCode.OK
    assert done.stderr == f"left aside: 1 corrections of {absent}, which is not in this run\n"
    present = [row["document_id"] for row in published.made_rows()["documents"]]
    assert left_aside(Edits(load(tmp_path / "corrections")), present) == {absent: 1}
    assert apply(published.made_rows(), load(tmp_path / "corrections")) == published.made_rows()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"old": "91"}, f"value of indicator_targets indicator_id={INDICATOR} target_no=1: 91.0 was expected, 90.0 st"),
        ({"old": None}, "null was expected, 90.0 stands there"),
        ({"key": {"indicator_id": INDICATOR, "target_no": "2"}}, "target_no=2 is gone, 90.0 was expected"),
        ({"field": "value_upper", "old": "1", "new": None}, "1.0 was expected, null stands there"),
    ],
)
def test_a_correction_that_does_not_fit_stops_the_run(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    given, output = write(tmp_path / "in", a="body", b="annex"), tmp_path / "out"
    assert call("run", given, "-o", output).exit_code == ExitCode.OK
    before = published.files(output)
    fine = {**ENTRY, "field": "unit", "old": "%", "new": "KK"}
    path = store(tmp_path / "corrections", fine, {**ENTRY, **change})
    done = call("run", given, "-o", output)
    assert (done.exit_code, done.stdout) == (ExitCode.FAILED, "")
    first, *_, last = done.stderr.splitlines()
    assert first.startswith(f"corrections/{path.name}: entry 2: ")
    assert told in first
    assert last.startswith("Try: perbup ")
    assert published.files(output) == before


def test_corrected_rows_that_break_a_rule_stop_the_run(tmp_path: Path) -> None:
    """Else the act would be left out of the release because of a slip in its corrections."""
    given, output = write(tmp_path / "in", a="body", b="annex", c="clash 1"), tmp_path / "out"
    store(tmp_path / "corrections", {**ENTRY, "new": None})
    done = call("run", given, "-o", output)
    assert done.exit_code == ExitCode.FAILED
    assert "entry 1: with it, indicator_targets: status ok without a value" in done.stderr
    assert not output.exists()


def test_a_bad_file_costs_only_itself_where_corrections_are_applied(tmp_path: Path) -> None:
    given = write(tmp_path / "in", a="body", b="annex", d="crash", e="novel")
    store(tmp_path / "corrections", ENTRY)
    done = call("run", given, "-o", tmp_path / "out")
    assert done.exit_code == ExitCode.INCOMPLETE
    (target,) = pq.read_table(tmp_path / "out" / "indicator_targets").to_pylist()
    assert target["value"] == 95.0


def test_a_file_that_makes_no_tables_is_left_out_and_the_rest_corrected(tmp_path: Path) -> None:
    given = write(tmp_path / "in", b="annex")
    assert call("run", given, "-o", tmp_path / "out").exit_code == ExitCode.OK
    write(tmp_path / "in", e="huge 1")
    store(tmp_path / "corrections", ENTRY)
    done = call("run", given, "-o", tmp_path / "out")
    assert done.exit_code == ExitCode.INCOMPLETE, done.stderr
    (target,) = pq.read_table(tmp_path / "out" / "indicator_targets").to_pylist()
    assert target["value"] == 95.0


# What is read


VALUES = [
    # What plain YAML takes for another thing means what it looks like.
    ("documents", "{}", "signatory", "null", "NO", "NO"),
    ("documents", "{}", "signatory", "null", "off", "off"),
    ("documents", "{}", "gazette_number", "null", "1.10", "1.10"),
    ("documents", "{}", "gazette_number", "null", "010", "010"),
    ("documents", "{}", "gazette_number", "null", "1_000", "1_000"),
    ("documents", "{}", "gazette_number", "null", "12:30", "12:30"),
    ("documents", "{}", "gazette_number", "null", "2024-01-02", "2024-01-02"),
    ("documents", "{}", "gazette_number", "null", "1e3", "1e3"),
    ("documents", "{}", "gazette_number", "null", "<<", "<<"),
    ("documents", "{}", "gazette_number", "null", "'null'", "null"),
    ("documents", "{}", "gazette_number", "x", "~", None),
    ("documents", "{}", "gazette_number", "x", "", None),
    ("documents", "{}", "enacted_on", "null", "2024-01-02", date(2024, 1, 2)),
    ("documents", "{}", "enacted_on", "null", "'2024-01-02'", date(2024, 1, 2)),
    ("documents", "{}", "gazette_year", "null", "2024", 2024),
    ("documents", "{}", "is_amendment", "false", "true", True),
    ("documents", "{}", "amends", "[]", "[/akn/id-3316/act/perbup/2022/1]", ["/akn/id-3316/act/perbup/2022/1"]),
    ("provisions", "{eid: pasal_1}", "text", "x", '"a: b # c"', "a: b # c"),
    ("provisions", "{eid: pasal_1}", "text", "x", "|-\n      a\n      b", "a\nb"),
    ("indicator_targets", f"{{indicator_id: '{INDICATOR}', target_no: 1}}", "value", "90", "95.5", 95.5),
    ("indicator_targets", f"{{indicator_id: '{INDICATOR}', target_no: 1}}", "value", "90", "-1e-3", -0.001),
]


@pytest.mark.parametrize(("table", "key", "field", "old", "new", "value"), VALUES)
def test_a_value_is_what_its_field_says(
    tmp_path: Path, table: str, key: str, field: str, old: str, new: str, value: object
) -> None:
    entry = f"  - table: {table}\n    key: {key}\n    field: {field}\n    old: {old}\n    new: {new}\n"
    path = text(tmp_path / "c", f"document: {ACT}\ncorrections:\n{entry}    reason: x\n    evidence: y\n")
    (correction,) = read(path)
    assert (correction.new, type(correction.new)) == (value, type(value))
    assert correction.place == f"{path}: entry 1"
    assert correction.key[0] in (ACT, INDICATOR)


ENTRIES = [
    ({"table": "indicator"}, "entry 1: there is no table indicator; those that can be corrected: documents, "),
    ({"table": "sources"}, "rows of sources are not read from the act"),
    ({"table": "comparison"}, "rows of comparison are not read from the act"),
    ({"table": "findings"}, "rows of findings are not read from the act"),
    ({"field": "amount"}, "indicator_targets has no field amount; it has indicator_id, target_no, "),
    ({"field": "target_no"}, "keys and ids cannot be corrected"),
    ({"field": "indicator_id"}, "keys and ids cannot be corrected"),
    ({"table": "indicators", "key": {"indicator_id": INDICATOR}, "field": "annex"}, "keys and ids cannot be corrected"),
    ({"table": "indicators", "key": {"indicator_id": INDICATOR}, "field": "document_id"}, "keys and ids cannot"),
    ({"table": "references", "key": {"ordinal": "1"}, "field": "target_eid"}, "keys and ids cannot be corrected"),
    ({"table": "provisions", "key": {"eid": "pasal_1"}, "field": "source_sha256"}, "keys and ids cannot be corrected"),
    ({"table": "documents", "key": {}, "field": "number"}, "the document_id is made of documents.number"),
    ({"table": "documents", "key": {}, "field": "region_code"}, "cannot be corrected"),
    ({"key": {"indicator_id": INDICATOR}}, "the key of indicator_targets is indicator_id, target_no, not indicator_id"),
    ({"key": {}}, "the key of indicator_targets is indicator_id, target_no, not empty"),
    ({"key": {**ENTRY["key"], "year": "1"}}, "the key of indicator_targets is"),
    ({"key": {**ENTRY["key"], "target_no": "one"}}, "key: target_no: 'one' is no whole number"),
    ({"key": {**ENTRY["key"], "target_no": None}}, "no field of a key is null"),
    ({"key": {**ENTRY["key"], "target_no": "01"}}, "key: target_no: '01' is no whole number"),
    (
        {"key": {"indicator_id": "/akn/id/act/uu/2001/20#lampiran.1", "target_no": "1"}},
        "the row belongs to /akn/id/act",
    ),
    ({"table": "documents", "key": {"document_id": "/akn/id/act/uu/2001/20"}, "field": "title"}, "the row belongs to"),
    ({"new": "sembilan"}, "entry 1: new: 'sembilan' is no number"),
    ({"new": "95,5"}, "new: '95,5' is no number (the decimal mark is a point)"),
    ({"new": "nan"}, "is no number"),
    ({"new": "1e999"}, "is no number"),
    ({"new": ["95"]}, "value is one value, not a list"),
    ({"old": "90.0.0"}, "old: '90.0.0' is no number"),
    ({"new": "90.0"}, "old and new are the same"),
    ({"field": "year", "old": None, "new": "1800"}, "1800 is under 1900"),
    ({"field": "year", "old": None, "new": "99999999999"}, "is no whole number"),
    ({"field": "year", "old": None, "new": "2147483648"}, "is no whole number"),
    ({"field": "year", "old": None, "new": "2024.0"}, "is no whole number"),
    ({"field": "year", "old": None, "new": "٢٠٢٤"}, "is no whole number"),
    ({"field": "status", "old": "ok", "new": "fine"}, "'fine' is not in the closed list of status: ok, text, lost"),
    ({"field": "status", "old": "ok", "new": None}, "status is never null"),
    ({"field": "unit", "old": "%", "new": ""}, "is an empty text: missing text is null"),
    ({"table": "documents", "key": {}, "field": "enacted_on", "old": None, "new": "2 Januari 2024"}, "is no day"),
    ({"table": "documents", "key": {}, "field": "enacted_on", "old": None, "new": "2024-02-30"}, "2024-02-30"),
    ({"table": "documents", "key": {}, "field": "is_amendment", "old": "false", "new": "ya"}, "neither true nor false"),
    ({"table": "documents", "key": {}, "field": "amends", "old": [], "new": "x"}, "amends is a list"),
    ({"table": "documents", "key": {}, "field": "amends", "old": [], "new": ["x"]}, "'x' is not of the form"),
    ({"table": "annex_tables", "key": {"table_id": "t"}, "field": "headers", "old": [], "new": [""]}, "is empty"),
    ({"reason": ""}, "entry 1: reason: String should have at least 1 character"),
    ({"reason": "  "}, "entry 1: reason: String should have at least 1 character"),
    ({"evidence": None}, "entry 1: evidence: Input should be a valid string"),
    ({"new": {"a": "b"}}, "entry 1: new: Value error, neither text, nor a list of texts, nor null"),
    ({"new": [None]}, "neither text, nor a list of texts, nor null"),
    ({"key": "x"}, "entry 1: key: Input should be a valid dictionary"),
    ({"color": "red"}, "entry 1: color: Extra inputs are not permitted"),
]


@pytest.mark.parametrize(("change", "told"), ENTRIES, ids=[f"{n}-{told[:40]}" for n, (_, told) in enumerate(ENTRIES)])
def test_an_entry_that_cannot_be_meant_is_refused(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    assert told in problem(store(tmp_path / "c", {**ENTRY, **change}))


@pytest.mark.parametrize("name", ENTRY)
def test_nothing_of_an_entry_may_be_missing(tmp_path: Path, name: str) -> None:
    path = store(tmp_path / "c", ENTRY, {field: value for field, value in ENTRY.items() if field != name})
    assert f"entry 2: {name}: Field required" in problem(path)


def test_two_entries_on_one_value_are_refused(tmp_path: Path) -> None:
    path = store(tmp_path / "c", ENTRY, {**ENTRY, "old": "95", "new": "96"})
    assert "2 entries correct indicator_targets.value of the row " in problem(path)
    store(tmp_path / "c", ENTRY, {**ENTRY, "field": "unit", "old": "%", "new": "KK"})
    assert len(read(path)) == 2


def test_all_entries_that_are_wrong_are_told_at_once(tmp_path: Path) -> None:
    path = store(tmp_path / "c", {**ENTRY, "table": "x"}, ENTRY, {**ENTRY, "field": "y"})
    lines = problem(path).splitlines()
    assert [line.partition(f"{path}: ")[2][:8] for line in lines] == ["entry 1:", "entry 3:"]


FILES = [
    ("", "Input should be a valid dictionary"),
    ("[]", "Input should be a valid dictionary"),
    ("document: /akn/id-3316/act/perbup/2024/6", "corrections: Field required"),
    (f"document: {ACT}\ncorrections: []", "corrections: List should have at least 1 item"),
    (f"document: {ACT}\ncorrections:", "corrections: Input should be a valid list"),
    (f"document: {ACT}\ncorrections: [x]", "entry 1: Input should be a valid dictionary"),
    (f"document: {ACT}\nversion: 2\ncorrections: [x]", "version: Extra inputs are not permitted"),
    ("document: perbup/2024/6\ncorrections: [{}]", "entry 1: table: Field required"),
    ("document: [", "no YAML"),
    ("a: 1\na: 2", "'a' stands twice"),
    (f"document: {ACT}\ncorrections:\n- {{table: a, table: b}}", "'table' stands twice"),
    ("? [a]\n: b", "a name that is no text"),
    ("? {a: b}\n: b", "a name that is no text"),
    ("null: b", "a name that is no text"),
    ("a: &x [1]\nb: *x", "an alias: write it out"),
    ("a: !!python/object/apply:os.system [id]", "no YAML"),
    ("a: !x b", "no YAML"),
    ("a: 1\n---\nb: 2", "no YAML"),
    ("a: \x00", "no YAML"),
    ("\ta: b", "no YAML"),
    ("[" * 3000, "no YAML"),
    ("a: !!int 5", "document: Field required"),
]


@pytest.mark.parametrize(("content", "told"), FILES, ids=[f"{n}-{told}" for n, (_, told) in enumerate(FILES)])
def test_a_file_that_cannot_be_meant_is_refused(tmp_path: Path, content: str, told: str) -> None:
    assert told in problem(text(tmp_path / "c", content))


def test_names_and_documents_must_agree(tmp_path: Path) -> None:
    path = store(tmp_path / "c", ENTRY)
    path.rename(path.with_name("id-3316.act.perbup.2024.7.yml"))
    assert f"document: {ACT} belongs in {NAME}" in problem(path.with_name("id-3316.act.perbup.2024.7.yml"))
    content = path.with_name("id-3316.act.perbup.2024.7.yml").read_text().replace(ACT, "perbup 6")
    assert "document: 'perbup 6' is no document_id" in problem(text(tmp_path / "c", content))


def test_bytes_that_are_no_text_and_halves_of_characters_are_refused(tmp_path: Path) -> None:
    path = text(tmp_path / "c", "")
    path.write_bytes(b"\xff\xfe\x00")
    assert "no YAML" in problem(path)
    path = store(tmp_path / "c", {**ENTRY, "field": "unit", "old": "%", "new": "UNIT"})
    path.write_text(path.read_text().replace("UNIT", '"\\ud800"'))
    assert "entry 1" in problem(path) or "no YAML" in problem(path)
    path.write_bytes(b"#" * (correction_files.MAX_BYTES + 1))
    assert "more than" in problem(path)


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = store(tmp_path / "c", ENTRY)
    path.write_text(path.read_text("utf-8"), "utf-8-sig")
    assert len(read(path)) == 1


def test_which_files_of_a_folder_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "c"
    path = store(folder, ENTRY)
    for name in ("matches.yml", "README.md", ".hidden.yml", "note.txt"):
        (folder / name).write_text("reviewed: [")
    assert [correction.place for correction in load(folder)] == [f"{path}: entry 1"]
    (folder / "x.yaml").write_text("")
    with pytest.raises(CorrectionFileError, match=r"the name must end in \.yml"):
        load(folder)
    (folder / "x.yaml").unlink()
    (folder / "33").mkdir()
    with pytest.raises(CorrectionFileError, match="a folder"):
        load(folder)


@pytest.mark.parametrize("kind", ["missing", "file", "dangling", "bad"])
def test_a_folder_that_cannot_be_used_is_a_usage_error(tmp_path: Path, kind: str) -> None:
    given, folder = write(tmp_path / "in", a="body"), tmp_path / "corrections"
    if kind == "file":
        folder.write_text("x")
    elif kind == "dangling":
        folder.symlink_to(tmp_path / "nowhere")
    elif kind == "bad":
        text(folder, "\x1b[31m: [")
    done = call("run", given, "-o", tmp_path / "out", "--corrections", folder)
    assert (done.exit_code, done.stdout) == (ExitCode.USAGE, "")
    assert "\x1b" not in done.stderr
    assert "corrections" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Try: perbup ")
    assert not (tmp_path / "out").exists()
    if kind != "missing":
        assert call("run", given, "-o", tmp_path / "out").exit_code == ExitCode.USAGE


@given(st.text() | st.lists(st.text()) | st.none(), st.sampled_from([f for t in TABLES for f in BY_NAME[t].fields]))
@settings(deadline=None)
def test_any_value_is_typed_or_refused(value: str | list[str] | None, field: Field) -> None:
    types = {"string": str, "int32": int, "float64": float, "bool": bool, "date32": date, "list<string>": list}
    try:
        got = typed(field, "new", value)
    except ValueError:
        return
    assert got is None if value is None else type(got) is types[field.type]


def test_the_example_of_the_page_is_a_file_of_corrections(tmp_path: Path) -> None:
    page = DOCS.read_text("utf-8")
    (example,) = [block.partition("```")[0] for block in page.split("```yaml\n")[1:]]
    document = yaml.safe_load(example)["document"]
    assert f"`{file_name(document)}`" in page
    path = tmp_path / file_name(document)
    path.write_text(example, "utf-8")
    assert len(read(path)) == len(yaml.safe_load(example)["corrections"])
    for name in TABLES:
        assert f"`{name}`" in page
