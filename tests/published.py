"""A small release on the disk, for the tests of what reads releases; and ways to change it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import VERSION, emit
from pipeline.declare import Table
from pipeline.rows import rows
from pipeline.schema import BY_NAME
from tests.made import publish as publish_tables
from tests.test_emit import corpus

Row = dict[str, Any]
MATCH = {"catalog_id": "stunting.x.y", "score": 1.0, "method": "review", "status": "reviewed", "reason": None}
ENTRY = {
    "catalog_id": "stunting.x.y",
    "theme": "stunting",
    "part": "sasaran",
    "pillar_number": None,
    "group": "Remaja putri",
    "name": "Persentase remaja putri",
    "unit": "%",
    "direction": None,
    "national_target": None,
    "national_year": None,
    "reference_code": None,
    "source": "made",
    "wordings": [],
    "ordinal": 1,
}


def made_rows() -> dict[str, list[Row]]:
    """Rows of a corpus with an act, its annex, and a reviewed match of its indicator."""
    made = rows(corpus(), VERSION)
    made["indicator_catalog"] = [dict(ENTRY)]
    made["indicator_matches"] = [{"indicator_id": row["indicator_id"], **MATCH} for row in made["indicators"]]
    return made


def publish(output: Path, made: dict[str, list[Row]] | None = None) -> Path:
    made = made or made_rows()
    facts = {"files_given": len(made["sources"]), "documents": len(made["documents"])}
    publish_tables(emit.arrow_tables(made), output, facts)
    return output


def rewrite(output: Path, table: str, change: Callable[[pa.Table], pa.Table]) -> None:
    """Change a table's file, with a manifest that says so: only a rule on fields or rows can tell."""
    path = output / table / "all.parquet"
    changed = change(pq.read_table(path))
    pq.write_table(changed, path, compression="zstd")
    amend(output, f"{table}/all.parquet", rows=changed.num_rows)


def amend(output: Path, name: str, **facts: object) -> None:
    """Put what a file is now into the manifest."""
    manifest = json.loads((output / emit.MANIFEST).read_text("utf-8"))
    data = (output / name).read_bytes()
    (entry,) = [entry for entry in manifest["files"] if entry["path"] == name]
    entry |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **facts}
    (output / emit.MANIFEST).write_text(json.dumps(manifest), "utf-8")


def with_rows(change: Callable[[list[Row]], object]) -> Callable[[pa.Table], pa.Table]:
    """A change of the rows as dicts, in place; null is let into every field."""

    def changed(table: pa.Table) -> pa.Table:
        held = table.to_pylist()
        change(held)
        schema = pa.schema([field.with_nullable(True) for field in table.schema], table.schema.metadata)
        return pa.Table.from_pylist(held, schema)

    return changed


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def own_fields(table: Table) -> list[str]:
    return [field.name for field in BY_NAME[table.name].fields if field.name not in table.key]
