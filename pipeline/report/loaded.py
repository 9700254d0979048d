"""The rows of a published release that the report shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.published import NotPublishedError, Row, rows
from pipeline.release import NotAReleaseError, open_release
from pipeline.schema import BY_NAME

# Columns that are read of the large tables; of the others all are.
COLUMNS = {
    "source_pages": ["source_sha256", "page", "width", "height", "rotation"],
    "annex_tables": ["document_id", "table_id", "headers", "source_sha256"],
    "annex_cells": [
        *("document_id", "table_id", "row", "column", "header", "text", "char_start", "char_end"),
        *("page", "x0", "top", "x1", "bottom", "inherited"),
    ],
    "amendments": ["document_id", "seq", "target_document_id", "instruction_printed", "status", "reason"],
}
TABLES = (
    *("sources", "source_pages", "documents", "regions", "annex_tables", "annex_cells"),
    *("indicators", "indicator_targets", "indicator_agencies", "indicator_validity", "agencies", "amendments"),
    *("indicator_catalog", "indicator_matches", "comparison", "findings"),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """A release, read: `versions` are those of program and schema, `tables` the rows by the table's name."""

    folder: Path
    versions: tuple[str, str]
    tables: dict[str, list[Row]]

    def __getitem__(self, table: str) -> list[Row]:
        return self.tables[table]

    def by(self, table: str, *names: str) -> dict[Any, list[Row]]:
        """Rows of a table under the values of one field, or of several as a tuple."""
        return grouped(self.tables[table], *names)


def grouped(found: Sequence[Row], *names: str) -> dict[Any, list[Row]]:
    """Rows under the values of one field, or of several as a tuple."""
    groups: dict[Any, list[Row]] = {}
    for row in found:
        key = row[names[0]] if len(names) == 1 else tuple(row[name] for name in names)
        groups.setdefault(key, []).append(row)
    return groups


def load(folder: Path) -> Loaded:
    """The release at `folder`. Raises NotPublishedError where there is none, or one that lacks a table or column."""
    import pyarrow as pa

    try:
        opened = open_release(folder)
    except NotAReleaseError as error:
        raise NotPublishedError(str(error)) from error
    tables: dict[str, list[Row]] = {}
    for name in TABLES:
        try:
            found = rows(folder, name, columns=COLUMNS.get(name))
        except (OSError, pa.ArrowException) as error:
            raise NotPublishedError(f"{folder} holds no readable table {name}") from error
        tables[name] = _sorted(found, BY_NAME[name].key)
    return Loaded(folder, (opened.pipeline_version, opened.schema_version), tables)


def _sorted(found: list[Row], key: tuple[str, ...]) -> list[Row]:
    """Rows by their key: a large release has a file a province, each sorted by itself."""
    return sorted(found, key=lambda row: tuple((row[name] is None, row[name]) for name in key))
