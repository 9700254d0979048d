"""Rows to a release: a folder of Parquet files with `manifest.json` and `datapackage.json`.

The same rows and versions give the same bytes. A release is written beside its place and exchanged with what
stands there when it is whole; what stood there before stays as it is if anything fails.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline import PROGRAM, VERSION
from pipeline.datapackage import descriptor
from pipeline.declare import Table
from pipeline.exchange import leftovers, put, staging
from pipeline.schema import BY_NAME, SCHEMA_VERSION

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.rows import Row

MANIFEST = "manifest.json"
DATAPACKAGE = "datapackage.json"

FileFacts = dict[str, Any]


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


def arrow_table(name: str, rows: list[Row]) -> pa.Table:
    """The rows as the pyarrow table that the schema declares under that name."""
    import pyarrow as pa

    return pa.Table.from_pylist(rows, arrow_schema(BY_NAME[name]))


def arrow_tables(rows: dict[str, list[Row]]) -> dict[str, pa.Table]:
    """The rows as pyarrow tables of the declared types, under the tables' names."""
    return {name: arrow_table(name, made) for name, made in rows.items()}


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


def publish(output: Path, write: Callable[[Path], list[FileFacts]], run: dict[str, Any]) -> list[FileFacts]:
    """Put the release that `write` makes in a folder at `output`, in one move; `run` goes into the manifest.

    `write` returns what `write_table` does for each file. What killed runs left beside `output` is removed. Raises
    OutputRefusedError and OSError, and then `output` is as it was.
    """
    output = output.resolve()
    refuse_foreign(output)
    clear_leftovers(output)
    with replacing(output) as folder:
        files = write(folder)
        describe(folder, files, run)
        # Once more: writing took its time.
        refuse_foreign(output)
    return files


@contextmanager
def replacing(output: Path) -> Iterator[Path]:
    """A new folder beside `output` that takes its place in one move at the end; on an error it is gone."""
    output = output.resolve()
    output.parent.mkdir(parents=True, exist_ok=True)
    with staging(output) as folder:
        yield folder
        put(folder, output)


def standing(output: Path, made_from: str) -> dict[str, Any] | None:
    """The manifest of the release at `output`, where it is whole and was made from just that; else None."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        manifest: dict[str, Any] = json.loads((output / MANIFEST).read_text("utf-8"))
        if manifest["run"]["made_from"] == made_from and _is_whole(output):
            return manifest
    return None


def row_counts(files: Iterable[FileFacts]) -> dict[str, int]:
    """The rows of each table."""
    counts: dict[str, int] = {}
    for file in files:
        if file["rows"] is not None:
            table = file["path"].partition("/")[0]
            counts[table] = counts.get(table, 0) + file["rows"]
    return counts


def clear_leftovers(output: Path) -> None:
    """Remove what killed runs left beside `output`; a release that one had moved away is put back first.

    What a process still works on, and folders that hold anything but files of a release, are left alone.
    Raises OSError.
    """
    output = output.resolve()
    if not output.parent.is_dir():
        return
    moved = [folder for folder in leftovers(output, "old") if _is_part(folder)]
    if moved and not output.exists() and _is_whole(moved[-1]):
        moved.pop().rename(output)
    for folder in moved + [folder for folder in leftovers(output, "new") if _is_part(folder)]:
        shutil.rmtree(folder, ignore_errors=True)


def _is_part(folder: Path) -> bool:
    """Whether `folder` holds nothing but what a release holds, whole or not."""
    held = [(path.relative_to(folder), path) for path in folder.rglob("*")]
    return all(
        (len(at.parts) == 1 and at.name in BY_NAME and path.is_dir() and not path.is_symlink())
        or (len(at.parts) == 2 and at.parts[0] in BY_NAME and at.suffix == ".parquet" and path.is_file())
        or at.as_posix() in (MANIFEST, DATAPACKAGE)
        for at, path in held
    )


def _is_whole(folder: Path) -> bool:
    """Whether all files of the release's manifest are there, byte for byte."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        files = json.loads((folder / MANIFEST).read_text("utf-8"))["files"]
        return all(_fingerprint(folder / file["path"])["sha256"] == file["sha256"] for file in files)
    return False


def write_table(folder: Path, name: str, file: str, table: pa.Table) -> FileFacts:
    """Write `<table>/<file>.parquet`, sorted by the table's key; what the manifest says of it."""
    import pyarrow.parquet as pq

    path = folder / name / f"{file}.parquet"
    path.parent.mkdir(exist_ok=True)
    order: list[tuple[str, str]] = [(field, "ascending") for field in BY_NAME[name].key]
    # One chunk: how the rows came together leaves no trace in the bytes.
    pq.write_table(table.sort_by(order).combine_chunks(), path, compression="zstd")
    return {"path": f"{name}/{file}.parquet", "rows": table.num_rows, **_fingerprint(path)}


def describe(folder: Path, files: list[FileFacts], run: dict[str, Any]) -> None:
    """Write what a release says of itself: the package's description, then the manifest."""
    _write_json(folder / DATAPACKAGE, descriptor(files))
    package = {"path": DATAPACKAGE, "rows": None, **_fingerprint(folder / DATAPACKAGE)}
    manifest = {
        "program": PROGRAM,
        "pipeline_version": VERSION,
        "schema_version": SCHEMA_VERSION,
        "run": run,
        "files": [*files, package],
    }
    _write_json(folder / MANIFEST, manifest)


def _fingerprint(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")
