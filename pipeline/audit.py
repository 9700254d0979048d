"""A published release against the one declaration: its files, then its rows."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.declare import Table
from pipeline.emit import DATAPACKAGE, MANIFEST, arrow_schema
from pipeline.release import Opened
from pipeline.schema import BY_NAME, SCHEMA_VERSION, TABLES
from pipeline.storage import names

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.storage import Place

EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """A rule of the release's files that is broken at `place`, a path in the release or the name of a table."""

    place: str
    rule: str

    def __str__(self) -> str:
        return f"{self.place}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Audit:
    """`problems` are all broken rules; `tables` those that could be read, as declared, by name; `files` as listed."""

    problems: tuple[object, ...]
    tables: dict[str, pa.Table]
    files: int


def audit(release: Opened) -> Audit:
    """Every rule that the release breaks: of its manifest and files, of the fields of its tables, of their rows.

    Rows are not looked at where the declared fields cannot be had of a table's files.
    """
    from pipeline.checks import violations

    listed, problems = _listed(release)
    problems += _files(release.folder, listed)
    tables: dict[str, pa.Table] = {}
    for table in TABLES:
        own = {path: entry for path, entry in listed.items() if path.startswith(f"{table.name}/")}
        made, found = _table(table, release.folder, own)
        problems += found
        if made is not None:
            tables[table.name] = made
    problems += _facts(release, tables)
    return Audit((*problems, *violations(tables)), tables, len(listed))


def _listed(release: Opened) -> tuple[dict[str, dict[str, Any]], list[Problem]]:
    """What the manifest says of each file, by path; entries that say nothing of use are problems."""
    problems = []
    if release.schema_version != SCHEMA_VERSION:
        told = f"schema_version {release.schema_version}, where this program writes and checks {SCHEMA_VERSION}"
        problems.append(Problem(MANIFEST, told))
    listed: dict[str, dict[str, Any]] = {}
    entries = release.manifest.get("files")
    for entry in entries if isinstance(entries, list) else []:
        path = entry.get("path") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not _of_a_release(path) or path in listed:
            problems.append(Problem(MANIFEST, f"names what is no file of a release, or a file twice: {path or entry}"))
        else:
            listed[path] = entry
    if not listed:
        problems.append(Problem(MANIFEST, "names no file"))
    elif DATAPACKAGE not in listed:
        problems.append(Problem(MANIFEST, f"does not name {DATAPACKAGE}"))
    return listed, problems


def _of_a_release(path: str) -> bool:
    """`datapackage.json`, or a Parquet file of a declared table: `indicators/33.parquet`."""
    folder, _, name = path.partition("/")
    return path == DATAPACKAGE or (
        folder in BY_NAME and name.endswith(".parquet") and not name.startswith(".") and not set(name) & {"/", "\0"}
    )


def _files(folder: Place, listed: dict[str, dict[str, Any]]) -> Iterator[Problem]:
    """Files that are missing, are not what the manifest says, or are not in it."""
    for path, entry in listed.items():
        file = folder / path
        if not file.is_file():
            yield Problem(path, "is missing")
            continue
        try:
            data = file.read_bytes()
        except OSError as error:
            yield Problem(path, f"cannot be read: {error.strerror}")
            continue
        if len(data) != entry.get("bytes"):
            yield Problem(path, f"has {len(data)} bytes, in {MANIFEST} {entry.get('bytes')}")
        if hashlib.sha256(data).hexdigest() != entry.get("sha256"):
            yield Problem(path, f"its sha256 is not that of {MANIFEST}")
    foreign = sorted(names(folder) - listed.keys() - {MANIFEST})
    for path in foreign[:EXAMPLES]:
        yield Problem(path, f"is not in {MANIFEST}")
    if len(foreign) > EXAMPLES:
        yield Problem(MANIFEST, f"{len(foreign)} files in all are not in it")


def _facts(release: Opened, tables: dict[str, pa.Table]) -> Iterator[Problem]:
    """What the manifest says of the run, where the tables say otherwise."""
    if "sources" not in tables or "documents" not in tables:
        return
    sources = tables["sources"].select(["status", "reason", "pipeline_version"]).to_pylist()
    for version in sorted({str(row["pipeline_version"]) for row in sources} - {release.pipeline_version}):
        yield Problem(MANIFEST, f"pipeline_version {release.pipeline_version}, in sources {version}")
    held = {
        "files_given": len(sources),
        "documents": tables["documents"].num_rows,
        "status": dict(Counter(row["status"] for row in sources)),
        "reasons": dict(Counter(row["reason"] for row in sources if row["reason"])),
    }
    told = release.manifest.get("run")
    for name, value in held.items():
        if isinstance(told, dict) and name in told and told[name] != value:
            yield Problem(MANIFEST, f"run: {name} {told[name]}, in the tables {value}")


def _table(table: Table, folder: Place, listed: dict[str, dict[str, Any]]) -> tuple[pa.Table | None, list[Problem]]:
    """The table as declared, or None where that cannot be had of its files; and what is wrong with them."""
    import pyarrow as pa

    if not listed:
        return None, [Problem(table.name, f"{MANIFEST} names no file of this table")]
    declared = arrow_schema(table)
    problems: list[Problem] = []
    parts = []
    for path, entry in listed.items():
        if not (folder / path).is_file():
            return None, problems
        try:
            part = _read(folder / path)
        except (OSError, ValueError, OverflowError) as error:
            return None, [*problems, Problem(path, f"no whole Parquet file: {error}")]
        problems += (Problem(path, rule) for rule in _differences(declared, part.schema))
        if part.num_rows != entry.get("rows"):
            problems.append(Problem(path, f"has {part.num_rows} rows, in {MANIFEST} {entry.get('rows')}"))
        parts.append(part)
    # Null is let in here: the rule that forbids it tells the rows.
    target = pa.schema([field.with_nullable(True) for field in declared])
    try:
        return pa.concat_tables(part.select(target.names).cast(target) for part in parts), problems
    except (KeyError, pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None, problems


def _read(path: Place) -> pa.Table:
    """The table in a file, every value looked at once. Raises OSError, ValueError, OverflowError."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    with path.open("rb") as file:
        read = pq.ParquetFile(file).read()
    read.validate(full=True)
    for column in read.columns:
        if pa.types.is_date(column.type):
            # Days of no calendar fail here, and not later in a rule.
            pc.min_max(column).as_py()
    return read


def _differences(declared: pa.Schema, found: pa.Schema) -> Iterator[str]:
    """Where the fields of a file are not the declared ones. Descriptions in the metadata are not compared."""
    for field in declared:
        places = found.get_all_field_indices(field.name)
        if len(places) != 1:
            yield f"field {field.name} {'stands there twice' if places else 'is missing'}"
            continue
        held = found.field(places[0])
        if str(held.type) != str(field.type):
            yield f"field {field.name} is {held.type}, declared {field.type}"
        elif held.nullable != field.nullable:
            yield f"field {field.name} {'may' if held.nullable else 'must not'} be null, other than declared"
    for name in dict.fromkeys(found.names):
        if name not in declared.names:
            yield f"field {name} is not declared"
    if declared.names != found.names and sorted(declared.names) == sorted(found.names):
        yield "its fields stand in another order than declared"
