"""Rows to a release: a folder of Parquet files with `manifest.json` and `datapackage.json`.

The same rows and versions give the same bytes. A release is written beside its place and moved there
when it is whole; what stood there before stays as it is if anything fails.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import PROGRAM, VERSION
from pipeline.datapackage import descriptor
from pipeline.declare import Table
from pipeline.schema import BY_NAME, SCHEMA_VERSION

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.rows import Row

MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"
PARQUET = "all.parquet"


class OutputRefusedError(Exception):
    """The output folder holds something that is no release of this program."""


def arrow_schema(table: Table) -> pa.Schema:
    """The pyarrow schema of `table`, with descriptions in its metadata."""
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "int32": pa.int32(),
        "float64": pa.float64(),
        "bool": pa.bool_(),
        "date32": pa.date32(),
        "list<string>": pa.list_(pa.field("element", pa.string())),
    }
    fields = [
        pa.field(field.name, types[field.type], not field.required, {"description": field.description})
        for field in table.fields
    ]
    metadata = {"description": table.description, "key": ",".join(table.key), "schema_version": SCHEMA_VERSION}
    return pa.schema(fields, metadata)


def arrow_tables(rows: dict[str, list[Row]]) -> dict[str, pa.Table]:
    """The rows as pyarrow tables of the declared types, under the tables' names."""
    import pyarrow as pa

    return {name: pa.Table.from_pylist(made, arrow_schema(BY_NAME[name])) for name, made in rows.items()}


def refuse_foreign(output: Path, manifest: str = MANIFEST, kind: str = "release", option: str = "-o") -> None:
    """Raises OutputRefusedError where `output` is anything but absent, empty, or a release with nothing added to it.

    Folders of another `kind` than a release list their files in a manifest of another name. `option` is how the user
    names another folder.
    """
    if not output.exists():
        return
    if not output.is_dir():
        raise OutputRefusedError(f"{output} is a file: name a folder with {option}")
    if not any(output.iterdir()):
        return
    try:
        listed = json.loads((output / manifest).read_text("utf-8"))
        known = {file["path"] for file in listed["files"]} if listed["program"] == PROGRAM else None
    except (OSError, ValueError, KeyError, TypeError):
        known = None
    if known is None:
        raise OutputRefusedError(f"{output} holds files but no {kind} of {PROGRAM}: name another folder with {option}")
    held = (path.relative_to(output).as_posix() for path in output.rglob("*") if not path.is_dir())
    foreign = sorted(set(held) - known - {manifest})
    if foreign:
        raise OutputRefusedError(
            f"{output} holds {foreign[0]}, which is no part of the {kind} there: move it away, or name another "
            f"folder with {option}"
        )


def publish(tables: dict[str, pa.Table], output: Path, run: dict[str, Any]) -> None:
    """Write the release and put it at `output` in one move; `run` goes into the manifest.

    Raises OutputRefusedError, OSError.
    """
    refuse_foreign(output)
    with replacing(output) as staging:
        _write(tables, staging, run)


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """A new folder beside `output` that takes its place in one move at the end; on an error it is gone."""
    output = output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    staging = output.with_name(f".{output.name}.new-{os.getpid()}")
    staging.mkdir()
    try:
        yield staging
        _replace(output, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _write(tables: dict[str, pa.Table], folder: Path, run: dict[str, Any]) -> None:
    import pyarrow.parquet as pq

    files: dict[str, dict[str, Any]] = {}
    for name, table in tables.items():
        path = folder / name / PARQUET
        path.parent.mkdir()
        pq.write_table(table, path, compression="zstd")
        files[name] = {"path": f"{name}/{PARQUET}", "rows": table.num_rows, **_fingerprint(path)}
    _write_json(folder / DATAPACKAGE, descriptor(files))
    package = {"path": DATAPACKAGE, "rows": None, **_fingerprint(folder / DATAPACKAGE)}
    manifest = {
        "program": PROGRAM,
        "pipeline_version": VERSION,
        "schema_version": SCHEMA_VERSION,
        "run": run,
        "files": [*files.values(), package],
    }
    _write_json(folder / MANIFEST, manifest)


def _fingerprint(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _replace(output: Path, staging: Path) -> None:
    """Put `staging` in the place of `output`, or leave `output` as it was."""
    if not output.exists():
        staging.rename(output)
        return
    old = output.with_name(f".{output.name}.old-{os.getpid()}")
    output.rename(old)
    try:
        staging.rename(output)
    except BaseException:
        old.rename(output)
        raise
    shutil.rmtree(old, ignore_errors=True)
