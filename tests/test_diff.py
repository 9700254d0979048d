"""What differs between two releases: exactly what was changed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import emit
from pipeline.cli import main
from pipeline.diff import NotComparableError, compare
from pipeline.exit_codes import ExitCode
from pipeline.release import open_release
from pipeline.schema import BY_NAME, TABLES
from tests import published
from tests.published import Row, with_rows

BASE = published.made_rows()
FULL = [table for table in TABLES if BASE[table.name]]
ROOT = Path(__file__).parent.parent


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    return published.publish(tmp_path / "old"), published.publish(tmp_path / "new")


def differences(old: Path, new: Path, *names: str, limit: int | None = None) -> dict[tuple[str, str, str], Any]:
    """What differs, by table, kind and key (as JSON)."""
    found: dict[tuple[str, str, str], Any] = {}
    for change in compare(open_release(old), open_release(new), names, limit):
        counts = change.counts or {}
        rows = list(change.rows)
        if limit is None:
            assert sum(counts.values()) == len(rows)
        for row in rows:
            what = {name: (row.old[name], row.new[name]) for name in row.old} if row.kind == "changed" else None
            found[change.name, row.kind, json.dumps(row.key)] = what
    return found


def other(value: object, type_: str) -> object:
    """Another value of the type."""
    if value is None:
        return {"string": "x", "date32": date(2024, 1, 1), "list<string>": ["x"], "bool": True}.get(type_, 7)
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return f"{value}x"
    if isinstance(value, list):
        return [*value, "x"]
    return value + timedelta(1) if isinstance(value, date) else value + 1  # type: ignore[operator]


@st.composite
def mutations(draw: st.DrawFn) -> tuple[dict[str, list[Row]], dict[tuple[str, str, str], Any]]:
    """The rows of a release with rows removed, added and changed; and what must be found."""
    made = {name: [dict(row) for row in rows] for name, rows in BASE.items()}
    expected: dict[tuple[str, str, str], Any] = {}
    for table in draw(st.lists(st.sampled_from(FULL), max_size=4, unique_by=lambda one: one.name)):
        rows = made[table.name]
        picked = draw(st.lists(st.integers(0, len(rows) - 1), max_size=3, unique=True))
        added: list[Row] = []
        removed: set[int] = set()
        for index in picked:
            row = rows[index]
            key = {name: row[name] for name in table.key}
            kind = draw(st.sampled_from(["changed", "removed", "added"]))
            if kind == "removed":
                removed.add(index)
                expected[table.name, kind, json.dumps(key)] = None
            elif kind == "added":
                first = table.key[0]
                added.append({**row, first: f"{row[first]}-{index}"})
                expected[table.name, kind, json.dumps({**key, first: f"{row[first]}-{index}"})] = None
            else:
                names = draw(st.lists(st.sampled_from(published.own_fields(table)), min_size=1, unique=True))
                what = {}
                for name in names:
                    new = other(row[name], table.field(name).type)
                    what[name], row[name] = (row[name], new), new
                expected[table.name, kind, json.dumps(key)] = what
        made[table.name] = [row for index, row in enumerate(rows) if index not in removed] + added
    return made, expected


@given(mutations())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_exactly_the_mutations_are_found(
    mutation: tuple[dict[str, list[Row]], dict[tuple[str, str, str], Any]],
) -> None:
    made, expected = mutation
    with tempfile.TemporaryDirectory() as name:
        old, new = published.publish(Path(name) / "old"), published.publish(Path(name) / "new", made)
        assert differences(old, new) == expected
        tables = {table for table, _, _ in expected} | {"documents"}
        turned = {"changed": "changed", "removed": "added", "added": "removed"}
        back = {(table, turned[kind], key) for table, kind, key in expected}
        assert differences(new, old, *tables).keys() == back
        assert differences(new, new, *tables) == {}


def test_a_release_does_not_differ_from_itself(pair: tuple[Path, Path]) -> None:
    done = call("diff", *pair)
    assert done.exit_code == ExitCode.OK
    assert done.stdout.splitlines()[-1] == f"All {len(TABLES)} tables are equal."
    lines = [json.loads(line) for line in call("diff", *pair, "--json").stdout.splitlines()]
    assert {line["what"] for line in lines} == {"release", "table"}
    assert not any(any(line["rows"].values()) for line in lines if line["what"] == "table")


def test_the_number_of_files_of_a_table_makes_no_difference(pair: tuple[Path, Path]) -> None:
    whole = pq.read_table(pair[1] / "provisions")
    (pair[1] / "provisions" / "all.parquet").unlink()
    pq.write_table(whole.slice(0, 2), pair[1] / "provisions" / "33.parquet")
    pq.write_table(whole.slice(2), pair[1] / "provisions" / "63.parquet")
    assert differences(*pair) == {}


def test_tables_and_fields_that_came_went_and_changed_type(pair: tuple[Path, Path]) -> None:
    (pair[0] / "regions" / "all.parquet").unlink()
    (pair[1] / "findings" / "all.parquet").unlink()

    def fields(table: pa.Table) -> pa.Table:
        page = table.schema.get_field_index("page")
        table = table.set_column(page, "page", table["page"].cast(pa.int64()))
        return table.append_column("extra", pa.array([1] * table.num_rows)).drop_columns(["section"])

    published.rewrite(pair[1], "indicators", fields)
    changes = {change.name: change for change in compare(*map(open_release, pair)) if change.differs}
    assert changes.keys() == {"regions", "findings", "indicators"}
    assert (changes["regions"].old, changes["findings"].new) == (None, None)
    told = {field.name: (field.old, field.new) for field in changes["indicators"].fields}
    assert told == {
        "page": ("int32, never null", "int64"),
        "extra": (None, "int64"),
        "section": ("string", None),
    }
    assert not any(changes["indicators"].counts.values())
    done = call("diff", *pair)
    assert done.exit_code == ExitCode.DIFFERENT
    for line in ("+ table regions: ", "- table findings: ", "  + field extra: int64", "  - field section: string"):
        assert line in done.stdout
    said = [json.loads(line) for line in call("diff", *pair, "--json").stdout.splitlines()]
    assert {line["field"] for line in said if line["what"] == "field"} == told.keys()


def test_another_schema_version_is_a_difference(pair: tuple[Path, Path]) -> None:
    manifest = json.loads((pair[1] / "manifest.json").read_text("utf-8"))
    (pair[1] / "manifest.json").write_text(json.dumps({**manifest, "schema_version": "2.0.0"}))
    assert call("diff", *pair).exit_code == call("diff", *pair, "--json").exit_code == ExitCode.DIFFERENT
    assert "schema 2.0.0" in call("diff", *pair).stdout


def test_a_changed_key_leaves_rows_uncompared(pair: tuple[Path, Path]) -> None:
    def rekey(table: pa.Table) -> pa.Table:
        return table.replace_schema_metadata({b"key": b"region_code,kind"})

    published.rewrite(pair[1], "regions", rekey)
    (change,) = [change for change in compare(*map(open_release, pair)) if change.differs]
    assert change.keys == (("region_code",), ("region_code", "kind"))
    assert change.counts is None
    assert "key: region_code -> region_code, kind" in call("diff", *pair).stdout


def test_values_that_are_equal_or_not_at_second_sight(pair: tuple[Path, Path]) -> None:
    nan = {"value": float("nan")}
    for folder in pair:
        published.rewrite(folder, "indicator_targets", with_rows(lambda rows: rows[0].update(nan)))
    assert differences(*pair) == {}
    published.rewrite(pair[1], "indicator_targets", with_rows(lambda rows: rows[0].update(value=None)))
    ((old, new),) = [what["value"] for what in differences(*pair).values()]
    assert (old != old, new) == (True, None)
    said = [json.loads(line) for line in call("diff", *pair, "--json").stdout.splitlines()]
    assert [line["fields"] for line in said if line["what"] == "row"] == [{"value": {"old": "nan", "new": None}}]


def test_blanks_and_active_characters_are_shown_as_what_they_are(pair: tuple[Path, Path]) -> None:
    published.rewrite(pair[1], "regions", with_rows(lambda rows: rows[0].update(name="\x1b[31m  A\n\u202eb [bold]c")))
    done = call("diff", *pair)
    assert r'-> "\x1b[31m  A\n\u202eb [bold]c"' in done.stdout
    assert "\x1b" not in call("diff", *pair, "--json").stdout


def test_long_values_are_shown_from_where_they_part(pair: tuple[Path, Path]) -> None:
    for folder, end in zip(pair, ("lama", "baru"), strict=True):
        text = "sama " * 100 + end
        published.rewrite(folder, "regions", with_rows(lambda rows, text=text: rows[0].update(name=text)))
    (line,) = [line for line in call("diff", *pair).stdout.splitlines() if "      name: " in line]
    assert "lama" in line
    assert "baru" in line
    assert len(line) < 300


@pytest.mark.parametrize("limit", [0, 1, 4])
def test_the_limit_holds_for_a_table_and_every_kind_has_its_turn(pair: tuple[Path, Path], limit: int) -> None:
    def change(rows: list[Row]) -> None:
        for row in rows[:20]:
            row["name"] += "x"
        for row in rows[20:40]:
            row["region_code"] += "9"

    published.rewrite(pair[1], "regions", with_rows(change))
    found = differences(*pair, limit=limit)
    assert len(found) == limit
    assert len({kind for _, kind, _ in found}) == min(limit, 3)
    done = call("diff", *pair, "--limit", limit)
    shown = [line for line in done.stdout.splitlines() if line[2:].startswith(("~ region", "+ region", "- region"))]
    assert len(shown) == limit
    assert f"and {60 - limit} more rows" in done.stdout
    rows = [line for line in call("diff", *pair, "--json").stdout.splitlines() if '"row"' in line]
    assert len(rows) == 60


def test_only_the_tables_named(pair: tuple[Path, Path]) -> None:
    published.rewrite(pair[1], "regions", with_rows(lambda rows: rows.pop()))
    assert call("diff", *pair, "--table", "documents").exit_code == ExitCode.OK
    assert call("diff", *pair, "--table", "documents", "--table", "regions").exit_code == ExitCode.DIFFERENT
    done = call("diff", *pair, "--table", "region\x1bs")
    assert done.exit_code == ExitCode.USAGE
    assert r"neither release has a table region\x1bs" in done.stderr
    assert "regions" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["out[1]", "a*b", "x=1", "what?", "it's", "blank here", "{a,b}"])
def test_any_name_of_a_folder_will_do(tmp_path: Path, name: str) -> None:
    old = published.publish(tmp_path / "old")
    new = published.publish(tmp_path / name)
    published.publish(tmp_path / "out1")
    published.rewrite(new, "regions", with_rows(lambda rows: rows.pop()))
    assert len(differences(old, new)) == 1


def test_what_cannot_be_compared_is_told(pair: tuple[Path, Path]) -> None:
    published.rewrite(pair[1], "regions", with_rows(lambda rows: rows.append(dict(rows[0]))))
    with pytest.raises(NotComparableError, match="the key is not unique"):
        differences(*pair)
    done = call("diff", *pair)
    assert done.exit_code == ExitCode.FAILED
    assert done.stderr.splitlines()[-1] == f"Try: perbup check {pair[1]}"
    path = pair[0] / "documents" / "all.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    done = call("diff", *pair)
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (ExitCode.FAILED, f"Try: perbup check {pair[0]}")


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "foreign"])
def test_what_is_no_release_is_told(tmp_path: Path, kind: str) -> None:
    release, thing = published.publish(tmp_path / "release"), tmp_path / "thing"
    if kind == "file":
        thing.write_text("x")
    elif kind != "missing":
        thing.mkdir()
    if kind == "foreign":
        (thing / "manifest.json").write_text('{"program": "another"}')
    for arguments in ((release, thing), (thing, release)):
        done = call("diff", *arguments)
        assert (done.exit_code, done.stdout) == (ExitCode.USAGE, "")
        assert str(thing) in done.stderr
        assert done.stderr.splitlines()[-1] == "Try: perbup diff OLD NEW"


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_pipe_that_is_closed_early_is_no_fault(pair: tuple[Path, Path], options: tuple[str, ...]) -> None:
    def rename(rows: list[Row]) -> None:
        for row in rows:
            row["name"] += "x" * 1000

    published.rewrite(pair[1], "regions", with_rows(rename))
    command = [sys.executable, "-m", "pipeline.cli", "diff", *map(str, pair), "--limit", "5000", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""


def test_nothing_is_left_behind(pair: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [published.files(folder) for folder in pair]
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    differences(*pair)
    assert list((tmp_path / "tmp").iterdir()) == list((tmp_path / "here").iterdir()) == []
    assert [published.files(folder) for folder in pair] == before


def test_the_key_comes_from_the_file_or_the_declaration(pair: tuple[Path, Path]) -> None:
    assert emit.arrow_schema(BY_NAME["regions"]).metadata[b"key"] == b"region_code"
    published.rewrite(pair[1], "regions", lambda table: table.replace_schema_metadata(None))
    assert differences(*pair) == {}
