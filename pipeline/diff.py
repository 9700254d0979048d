"""What differs between two releases: tables, fields, and rows by key.

DuckDB joins the files of both: they are streamed, and what exceeds its memory goes to a temporary folder. Of 2 million
cells a side it took 1 s and 0.6 GB, where a join of pandas took 7 s and one of Arrow 4.5 s, each with 2.6 GB.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from typing import TYPE_CHECKING, Any, Literal

from pipeline.release import Opened
from pipeline.schema import BY_NAME

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from pipeline.storage import Place

Row = dict[str, Any]
Kind = Literal["changed", "removed", "added"]
MEMORY = "1GB"
FETCHED = 1000


class NotComparableError(Exception):
    """A file cannot be read, or keys are not unique; `folder` is the release at fault."""

    def __init__(self, folder: Place, problem: str) -> None:
        super().__init__(problem)
        self.folder = folder


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that one release lacks (its type there is None), or that changed its type."""

    name: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row under its key. `old` and `new` hold the other fields: all of them, of a changed row those that changed."""

    kind: Kind
    key: Row
    old: Row
    new: Row


@dataclass(frozen=True, slots=True)
class TableChange:
    """What differs in a table.

    `old` and `new` are numbers of rows, None where that release has no such table; `keys` its key in both where it
    changed. `counts` are the rows by kind, None where rows cannot be compared because the key changed or is not known.
    `changed_fields` tells of each field in how many rows it changed. `rows` must be read before the next table.
    """

    name: str
    old: int | None
    new: int | None
    fields: tuple[FieldChange, ...] = ()
    keys: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    counts: dict[Kind, int] | None = None
    changed_fields: dict[str, int] | None = None
    rows: Iterable[RowChange] = ()

    @property
    def differs(self) -> bool:
        return bool(self.fields or self.keys or self.counts is None or any(self.counts.values()))


def compare(old: Opened, new: Opened, names: Sequence[str] = (), limit: int | None = None) -> Iterator[TableChange]:
    """Table by table what differs, of all tables or of `names`, with at most `limit` rows of each.

    Raises NotComparableError.
    """
    files = (old.tables(), new.tables())
    with _database() as database:
        for name in names or sorted({*files[0], *files[1]}):
            sides = [
                _Side(release.folder, name, held[name])
                for release, held in zip((old, new), files, strict=True)
                if name in held
            ]
            if len(sides) == 2:
                yield _compare(database, sides[0], sides[1], limit)
            elif name in files[0]:
                yield TableChange(name, sides[0].count(), None)
            else:
                yield TableChange(name, None, sides[0].count())


@contextmanager
def _database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory, which writes nowhere but to a temporary folder and loads nothing from elsewhere."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="perbup-diff-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        with duckdb.connect(config=config) as database:
            database.execute("SET enable_progress_bar = false")
            yield database


@dataclass(frozen=True, slots=True)
class _Side:
    """A table of one of the two releases."""

    folder: Place
    table: str
    files: tuple[Place, ...]

    def schema(self) -> pa.Schema:
        import pyarrow.parquet as pq

        try:
            first, *others = [pq.read_schema(file) for file in self.files]
        except (OSError, ValueError) as error:
            raise self.broken(str(error)) from error
        if not all(first.equals(other) for other in others):
            raise self.broken("its files have different fields")
        return first

    def count(self) -> int:
        import pyarrow.parquet as pq

        try:
            return sum(pq.read_metadata(file).num_rows for file in self.files)
        except (OSError, ValueError) as error:
            raise self.broken(str(error)) from error

    def broken(self, problem: str) -> NotComparableError:
        return NotComparableError(self.folder, f"{self.table} in {self.folder}: {problem}")

    def view(self, database: duckdb.DuckDBPyConnection, name: str, columns: Sequence[str], key: Sequence[str]) -> None:
        """Make a view of the files with `columns` as c0, c1, …, of which the key's come first."""
        import duckdb

        # A path may hold what DuckDB takes for a pattern, or for a partition.
        paths = [escape(str(file)) for file in self.files]
        picked = ", ".join(f"{_quoted(column)} AS c{number}" for number, column in enumerate(columns))
        grouped = ", ".join(f"c{number}" for number in range(len(key)))
        try:
            read = database.read_parquet(paths, hive_partitioning=False)
            read.project(f"{picked}, true AS present").create_view(name, replace=True)
            twice = f"SELECT {grouped} FROM {name} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
            found = database.execute(twice).fetchone()
        except duckdb.Error as error:
            raise self.broken(str(error)) from error
        if found:
            told = " ".join(f"{column}={value}" for column, value in zip(key, found, strict=True))
            raise self.broken(f"the key is not unique: {told}")


def _compare(database: duckdb.DuckDBPyConnection, old: _Side, new: _Side, limit: int | None) -> TableChange:
    schemas = (old.schema(), new.schema())
    types = [{field.name: str(field.type) for field in schema} for schema in schemas]
    full = [{field.name: _type(field) for field in schema} for schema in schemas]
    names = [*types[0], *(name for name in types[1] if name not in types[0])]
    fields = tuple(
        FieldChange(name, full[0].get(name), full[1].get(name))
        for name in names
        if full[0].get(name) != full[1].get(name)
    )
    keys = (_key(old.table, schemas[0]), _key(new.table, schemas[1]))
    counted = (old.count(), new.count())
    same = [name for name in types[0] if types[0][name] == types[1].get(name)]
    key = keys[0]
    if keys[0] != keys[1]:
        return TableChange(old.table, *counted, fields, keys)
    if not key or not set(key) <= set(same):
        return TableChange(old.table, *counted, fields)
    columns = [*key, *(name for name in same if name not in key)]
    old.view(database, "old", columns, key)
    new.view(database, "new", columns, key)
    try:
        _join(database, len(columns), len(key))
        counts, changed = _counts(database, columns, len(key))
    except Exception as error:
        raise NotComparableError(new.folder, f"{new.table}: {error}") from error
    rows = _rows(database, columns, len(key), limit)
    return TableChange(old.table, *counted, fields, None, counts, changed, rows)


def _type(field: pa.Field) -> str:
    return f"{field.type}" if field.nullable else f"{field.type}, never null"


def _key(table: str, schema: pa.Schema) -> tuple[str, ...]:
    """The key that stands in the file; else, where another program wrote it, the declared one."""
    told = (schema.metadata or {}).get(b"key")
    if told:
        return tuple(told.decode("utf-8", "replace").split(","))
    return BY_NAME[table].key if table in BY_NAME else ()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _join(database: duckdb.DuckDBPyConnection, width: int, keys: int) -> None:
    """The rows that differ as table `found`: kind, key k0 …, and of every other field o<n> and n<n>."""
    meet = " AND ".join(f"o.c{n} IS NOT DISTINCT FROM n.c{n}" for n in range(keys))
    differ = [f"o.c{n} IS DISTINCT FROM n.c{n}" for n in range(keys, width)]
    picked = [f"CASE WHEN o.present IS NULL THEN n.c{n} ELSE o.c{n} END AS k{n}" for n in range(keys)]
    picked += [f"o.c{n} AS o{n}, n.c{n} AS n{n}" for n in range(keys, width)]
    database.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE found AS
        SELECT CASE WHEN o.present IS NULL THEN 'added' WHEN n.present IS NULL THEN 'removed' ELSE 'changed' END kind,
               {", ".join(picked)}
        FROM old o FULL OUTER JOIN new n ON {meet}
        WHERE {" OR ".join(["o.present IS NULL", "n.present IS NULL", *differ])}
        """
    )


def _counts(
    database: duckdb.DuckDBPyConnection, columns: Sequence[str], keys: int
) -> tuple[dict[Kind, int], dict[str, int]]:
    kinds = dict(database.execute("SELECT kind, count(*) FROM found GROUP BY kind").fetchall())
    counts: dict[Kind, int] = {"changed": 0, "removed": 0, "added": 0, **kinds}
    if not counts["changed"]:
        return counts, {}
    numbers = range(keys, len(columns))
    picked = ", ".join(f"count(*) FILTER (o{n} IS DISTINCT FROM n{n})" for n in numbers)
    changed = database.execute(f"SELECT {picked} FROM found WHERE kind = 'changed'").fetchone() or ()
    return counts, {columns[n]: number for n, number in zip(numbers, changed, strict=True) if number}


def _rows(
    database: duckdb.DuckDBPyConnection, columns: Sequence[str], keys: int, limit: int | None
) -> Iterator[RowChange]:
    """The rows found, in the order of the key; where they are limited, as many as can be of each kind."""
    order = ", ".join(f"k{n}" for n in range(keys))
    query = f"SELECT * FROM found ORDER BY {order}"
    if limit is not None:
        turn = f"row_number() OVER (PARTITION BY kind ORDER BY {order})"
        query = f"SELECT * FROM (SELECT * FROM found ORDER BY {turn}, kind LIMIT {limit}) ORDER BY {order}"
    cursor = database.execute(query)
    while found := cursor.fetchmany(FETCHED):
        for kind, *values in found:
            key = dict(zip(columns, values[:keys], strict=False))
            old = dict(zip(columns[keys:], values[keys::2], strict=True))
            new = dict(zip(columns[keys:], values[keys + 1 :: 2], strict=True))
            if kind == "changed":
                names = [name for name in old if not _equal(old[name], new[name])]
                old, new = ({name: row[name] for name in names} for row in (old, new))
            yield RowChange(kind, key, {} if kind == "added" else old, {} if kind == "removed" else new)


def _equal(one: object, other: object) -> bool:
    """Equal as DuckDB sees it, to whom NaN is equal to NaN."""
    return one == other or (one != one and other != other)
