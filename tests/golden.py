"""The golden cases: whole files with the rows that a careful reading of them gives.

A case is a folder of `tests/golden/` with `case.json`:
- `inputs`: files relative to the project's folder
- `rows`: `full`, or `digest` for texts of third parties, of which only ids, kinds and hashes stand here, or
  `consolidated` for an act with what amends it: the outcome of each instruction, and the days of each text

and a `.jsonl` file a table, one row a line in reading order, nulls left out. `python -m tests.golden`
rewrites them (never in CI); what it changed is to be read against the source text.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from pipeline import VERSION
from pipeline.derive import derive
from pipeline.inputs import collect
from pipeline.link import link
from pipeline.rows import Row, rows
from pipeline.run import parse_all
from pipeline.schema import BY_NAME

ROOT = Path(__file__).parent.parent
GOLDEN = ROOT / "tests" / "golden"
# What is the same for every case, changes with every byte of the source, or repeats the source.
LEFT_OUT = {"source_sha256", "pipeline_version", "schema_version", "finding_id", "text_origin", "byte_count"}
TABLES_LEFT_OUT = ("source_pages", "regions", "indicator_catalog")
ORDER = {
    "provision_versions": ("document_id", "ordinal", "version"),
    "provisions": ("document_id", "ordinal"),
    "findings": ("source_path", "stage", "char_start", "code", "message"),
}


def cases() -> list[Path]:
    """Folders of all cases."""
    return sorted(path.parent for path in GOLDEN.glob("*/case.json"))


def inputs(case: Path) -> list[Path]:
    """The files of a case; some may be absent where they are not part of the project."""
    return [ROOT / name for name in json.loads((case / "case.json").read_text("utf-8"))["inputs"]]


def expected(case: Path) -> dict[str, list[str]]:
    """The lines of each table as they stand in the case's folder."""
    return {path.stem: path.read_text("utf-8").splitlines() for path in sorted(case.glob("*.jsonl"))}


def actual(case: Path) -> dict[str, list[str]]:
    """The lines of each table that has rows, as the program reads them now."""
    made = derive(rows(link(parse_all(collect(inputs(case)))), VERSION))
    shown = {"full": _full, "digest": _digest, "consolidated": _consolidated_lines}
    lines = shown[json.loads((case / "case.json").read_text("utf-8"))["rows"]](made)
    return {name: table for name, table in sorted(lines.items()) if table}


def rewrite() -> int:
    """Write the rows of all cases whose inputs are there; the number of files changed."""
    if os.environ.get("CI"):
        raise SystemExit("golden files are not rewritten in CI: what they hold is to be read by a person")
    changed = 0
    for case in cases():
        if not all(path.exists() for path in inputs(case)):
            print(f"{case.name}: left as it is, its files are not here")
            continue
        lines = actual(case)
        for path in case.glob("*.jsonl"):
            if path.stem not in lines:
                path.unlink()
        for name, table in lines.items():
            path, text = case / f"{name}.jsonl", "".join(f"{line}\n" for line in table)
            if not path.exists() or path.read_text("utf-8") != text:
                path.write_text(text, "utf-8")
                changed += 1
                print(f"{case.name}/{path.name}: {len(table)} rows")
    return changed


def _full(made: dict[str, list[Row]]) -> dict[str, list[str]]:
    ids = {row["document_id"] for row in made["documents"]}
    only = ids.pop() if len(ids) == 1 else None
    kept = {name: table for name, table in made.items() if name not in TABLES_LEFT_OUT}
    kept["provision_versions"] = _changed(made)
    return {name: [_line(_compact(row, only, name)) for row in _in_order(name, table)] for name, table in kept.items()}


def _digest(made: dict[str, list[Row]]) -> dict[str, list[str]]:
    """Ids, kinds and SHA-256: enough to see that something changed, nothing to read."""
    provisions = [
        {"eid": row["eid"], "kind": row["kind"], "zone": row["zone"], "sha256": _sha(row["heading"], row["text"])}
        for row in _in_order("provisions", made["provisions"])
    ]
    tables = []
    for table in made["annex_tables"]:
        cells = [row["text"] for row in made["annex_cells"] if row["table_id"] == table["table_id"]]
        size = {name: table[name] for name in ("table_id", "kind", "row_count", "column_count")}
        tables.append({**size, "sha256": _sha(*cells)})
    sources = [{name: row[name] for name in ("role", "status", "document_ids")} for row in made["sources"]]
    lines = {"sources": sources, "provisions": provisions, "annex_tables": tables}
    return {name: [_line(row) for row in table] for name, table in lines.items()}


def _consolidated_lines(made: dict[str, list[Row]]) -> dict[str, list[str]]:
    """What became of each instruction, and of each place that one changed its state, days and SHA-256."""
    facts = ("document_id", "seq", "action", "target_eid", "new_eid", "payload_eid", "effective_on", "status", "reason")
    days = ("document_id", "eid", "version", "state", "left_out", "valid_from", "valid_to", "changed_by_seq")
    lines = {
        "amendments": [{name: row[name] for name in facts} for row in made["amendments"]],
        "provision_versions": [
            {**{name: row[name] for name in days}, "sha256": _sha(row["heading"], row["text"])}
            for row in _in_order("provision_versions", _changed(made))
        ],
    }
    return {name: [_line(row) for row in table] for name, table in lines.items()}


def _changed(made: dict[str, list[Row]]) -> list[Row]:
    """The versions of places that some instruction changed: the others repeat `provisions`."""
    places = {(row["document_id"], row["eid"]) for row in made["provision_versions"] if row["changed_by_seq"]}
    return [row for row in made["provision_versions"] if (row["document_id"], row["eid"]) in places]


def _in_order(name: str, table: list[Row]) -> list[Row]:
    def key(row: Row) -> list[Any]:
        return [_natural(row[field]) for field in ORDER.get(name, BY_NAME[name].key)]

    return sorted(table, key=key)


def _natural(value: Any) -> list[tuple[int, int, str]]:
    """A key that puts `x.2` before `x.10`."""
    parts = re.split(r"(\d+)", "" if value is None else str(value))
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def _compact(row: Row, only: str | None, table: str) -> Row:
    """Without nulls, what LEFT_OUT names and the id of the only act; the span as one value."""
    if only and table != "documents":
        row = {name: value for name, value in row.items() if name != "document_id"}
        if "indicator_id" in row:
            row["indicator_id"] = row["indicator_id"].removeprefix(only)
    kept = {name: value for name, value in row.items() if value not in (None, []) and name not in LEFT_OUT}
    if "char_start" in kept and "char_end" in kept:
        kept["span"] = f"{kept.pop('char_start')}-{kept.pop('char_end')}"
    return kept


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _sha(*texts: str | None) -> str:
    return hashlib.sha256("\0".join(text or "" for text in texts).encode()).hexdigest()


if __name__ == "__main__":
    print(f"{rewrite()} files changed")
    sys.exit(0)
