"""Where each number is from: the indicator rows as printed and as read, act by act."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from extractors.annex.headers import Column, read_columns
from extractors.models import Cell
from pipeline.published import Row
from pipeline.report.images import Picture
from pipeline.report.loaded import Loaded, grouped

TARGET_ROLES = ("target", "year")


class PrintedCell(NamedTuple):
    """A cell of the row; `box` is x0, top, x1, bottom in points from the page's top left, None in text files."""

    column: int
    header: str | None
    text: str | None
    inherited: bool
    page: int
    box: tuple[float, float, float, float] | None


class ReadTarget(NamedTuple):
    """A target as read; `column` is that of its cell."""

    number: int
    comparator: str | None
    value: float | None
    upper: float | None
    text: str | None
    unit: str | None
    qualifier: str | None
    year: int | None
    period: str | None
    status: str
    column: int | None


class ReadAgency(NamedTuple):
    role: str
    name: str
    printed: str


class Remark(NamedTuple):
    """A finding on the row."""

    severity: str
    code: str
    message: str
    repair: str | None


class PrintedRow(NamedTuple):
    """An indicator row. `pictures` are its pages: page, file or None, width, height, what is wrong where no file is."""

    id: str
    name: str | None
    group: str | None
    page: int
    path: str
    cells: tuple[PrintedCell, ...]
    targets: tuple[ReadTarget, ...]
    agencies: tuple[ReadAgency, ...]
    findings: tuple[Remark, ...]
    ended_by: str | None
    ended_on: str | None
    pictures: tuple[tuple[int, str | None, float, float, str | None], ...]


def printed_rows(release: Loaded, pictures: Mapping[tuple[str, int], Picture]) -> Iterator[list[PrintedRow]]:
    """The rows of each act, in the order of `documents`."""
    indicators = release.by("indicators", "document_id")
    tables = {(row["document_id"], row["table_id"]): row for row in release["annex_tables"]}
    columns = {key: read_columns([Cell(head, None, 1) for head in row["headers"]]) for key, row in tables.items()}
    cells = release.by("annex_cells", "document_id", "table_id", "row")
    targets = release.by("indicator_targets", "indicator_id")
    agencies = release.by("indicator_agencies", "indicator_id")
    validity = {row["indicator_id"]: row for row in release["indicator_validity"]}
    findings = {key: _Findings(rows) for key, rows in release.by("findings", "document_id", "source_sha256").items()}
    paths = {row["source_sha256"]: row["source_path"] for row in reversed(release["sources"])}
    for act in release["documents"]:
        made = []
        for row in indicators.get(act["document_id"], ()):
            key = row["document_id"], row["table_id"]
            sha256 = tables[key]["source_sha256"]
            own = cells.get((*key, row["row"]), [])
            about = findings.get((row["document_id"], sha256))
            made.append(
                PrintedRow(
                    row["indicator_id"],
                    row["indicator"],
                    row["group_text"],
                    row["page"],
                    paths.get(sha256, ""),
                    tuple(_cell(cell) for cell in own),
                    tuple(_target(target, columns[key]) for target in targets.get(row["indicator_id"], ())),
                    tuple(
                        ReadAgency(agency["role"], agency["name"], agency["name_printed"])
                        for agency in agencies.get(row["indicator_id"], ())
                    ),
                    about.on(own) if about else (),
                    *_ended(validity.get(row["indicator_id"])),
                    tuple(_pictures(sha256, own, pictures)),
                )
            )
        yield made


class _Findings:
    """Findings of an act's file, found by where they begin."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = sorted((row for row in rows if row["char_start"] is not None), key=lambda row: row["char_start"])
        self._starts = [row["char_start"] for row in self._rows]

    def on(self, cells: list[Row]) -> tuple[Remark, ...]:
        """Those that begin in the cells of a row, carried down ones aside."""
        spans = [cell for cell in cells if not cell["inherited"] and cell["char_start"] is not None]
        if not spans:
            return ()
        first = bisect_left(self._starts, min(cell["char_start"] for cell in spans))
        last = bisect_left(self._starts, max(cell["char_end"] for cell in spans))
        return tuple(
            Remark(row["severity"], row["code"], row["message"], row["repair"]) for row in self._rows[first:last]
        )


def _cell(cell: Row) -> PrintedCell:
    return PrintedCell(cell["column"], cell["header"], cell["text"], cell["inherited"], cell["page"] or 1, box_of(cell))


def box_of(cell: Row) -> tuple[float, float, float, float] | None:
    """x0, top, x1, bottom of a cell in points; None where it has no box."""
    sides = (cell["x0"], cell["top"], cell["x1"], cell["bottom"])
    if any(side is None for side in sides):
        return None
    x0, top, x1, bottom = (round(float(side), 1) for side in sides)
    return x0, top, x1, bottom


def _target(target: Row, columns: tuple[Column, ...]) -> ReadTarget:
    """The target with the column of its cell: that of its year where years have columns, else the first."""
    own = [(number, column) for number, column in enumerate(columns, start=1) if column.role in TARGET_ROLES]
    of_year = [number for number, column in own if column.year is not None and column.year == target["year"]]
    first = [number for number, _ in own]
    return ReadTarget(
        target["target_no"],
        target["comparator"],
        target["value"],
        target["value_upper"],
        target["value_text"],
        target["unit"],
        target["qualifier"],
        target["year"],
        target["period"],
        target["status"],
        next(iter(of_year or first), None),
    )


def _ended(validity: Row | None) -> tuple[str | None, str | None]:
    if validity is None or validity["valid_to"] is None:
        return None, None
    return validity["ended_by_document_id"], validity["valid_to"].isoformat()


def _pictures(sha256: str, cells: list[Row], pictures: Mapping[tuple[str, int], Picture]) -> Iterator[tuple[Any, ...]]:
    for page, _ in sorted(grouped([cell for cell in cells if cell["page"]], "page").items()):
        picture = pictures.get((sha256, page))
        if picture:
            yield page, picture.file, picture.width, picture.height, picture.missing
