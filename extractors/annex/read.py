"""The tables of one annex: stitched, their cells under their columns, indicators with group, pillar and number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from extractors.annex.alignment import LaidRow, lay, learn, table_width
from extractors.annex.continuations import heal
from extractors.annex.head_roles import head_unit, head_year
from extractors.annex.headers import Column, column_at, filled, is_indicator_table, part_of, read_columns
from extractors.annex.notes import AnnexNotes
from extractors.annex.rows import ReadRow, read_indicator_rows
from extractors.annex.sections import is_own_row
from extractors.annex.tables import Stitched, stitch
from extractors.annex.wording import collapse
from extractors.models import AnnexCell, AnnexTable, AnnexZone, Cell, Indicator, Notes, Span


class TargetCell(NamedTuple):
    """What an indicator's row says of its target in one cell.

    `year` and `unit` come from the head (`Target 2025 (%)`) or from a TAHUN and a SATUAN column; None where the cell
    has to say them. `time` is what a TAHUN column says other than one year (`setiap bulan`).
    """

    text: str
    span: Span | None
    year: int | None
    unit: str | None
    time: str | None = None


def read_annex(
    annex: AnnexZone, vocabulary_words: frozenset[str], enumerations: Sequence[str], notes: Notes
) -> tuple[tuple[AnnexTable, ...], tuple[Indicator, ...]]:
    """The tables of an annex, and the indicators of those that hold indicators, in reading order.

    `vocabulary_words`: lower-cased words of the document outside damaged cells; they decide how words that cells
    cut are put together. `enumerations`: texts of the list items in the act's body, in order; a pillar or
    group whose rest is lost is completed from the item that it restates. Every source row ends as a row of a
    table or as a finding. Targets and agencies of the indicators are left empty.
    """
    places = AnnexNotes(notes, annex.eid)
    tables: list[AnnexTable] = []
    indicators: list[Indicator] = []
    before: Stitched | None = None
    for n, stitched in enumerate(stitch(annex, places), 1):
        table_id = f"{annex.eid}.table_{n}"
        header = stitched.columns or _inherited(stitched, before, places)
        width = table_width(header, stitched.rows)
        columns = (*header, *[Column(None)] * (width - len(header)))
        is_indicator = is_indicator_table(columns)
        if is_indicator:
            rows = read_indicator_rows(stitched.rows, columns, vocabulary_words, enumerations, places)
            _note_columns(columns, rows, places)
        else:
            laid = lay(stitched.rows, learn(columns, stitched.rows, width), places)
            laid = heal(laid, columns, frozenset(), places)
            rows = tuple(ReadRow(row) for row in laid)
        table = _table(annex, table_id, replace(stitched, columns=header), columns, rows, is_indicator)
        tables.append(table)
        before = replace(stitched, columns=header)
        indicators += _indicators(table, columns, rows, len(indicators))
    return tuple(tables), tuple(indicators)


def _inherited(stitched: Stitched, before: Stitched | None, notes: AnnexNotes) -> tuple[Column, ...]:
    """The columns of the table before, for a table without header whose rows look like that one's indicator rows."""
    if before is None or not stitched.rows or not is_indicator_table(before.columns):
        return ()
    profiles = learn(before.columns, before.rows, len(before.columns))
    laid = lay(stitched.rows, profiles, AnnexNotes(Notes(notes.notes.stage), notes.eid))
    if 2 * sum(len(filled(row.cells)) > 2 and is_own_row(row.cells, profiles, False) for row in laid) <= len(laid):
        return ()
    notes.add(stitched.rows[0], "header_inherited", "info", "a table without header", "columns of the table before")
    return before.columns


def target_cells(table: AnnexTable) -> dict[int, tuple[TargetCell, ...]]:
    """The target cells of each row (from 1) of an indicator table: one, or one a year where years have columns."""
    columns = _columns(table)
    by_row: dict[int, dict[int, Cell]] = {}
    for cell in table.cells:
        by_row.setdefault(cell.row, {})[cell.column] = cell.cell
    return {row: _targets(columns, cells) for row, cells in by_row.items()}


def _columns(table: AnnexTable) -> tuple[Column, ...]:
    return read_columns([Cell(head, None, 1) for head in table.headers])


def _targets(columns: Sequence[Column], cells: dict[int, Cell]) -> tuple[TargetCell, ...]:
    unit_at = column_at(columns, "unit")
    unit = _text(cells, unit_at)
    found = []
    for i, column in enumerate(columns):
        if column.role not in {"target", "year"} or i + 1 not in cells:
            continue
        head = column.head or ""
        year = column.year or head_year(head)
        time = "" if year else _text(cells, _time_at(columns, i))
        time_year = head_year(time)
        cell = cells[i + 1]
        said = (year or time_year, unit or head_unit(head), None if time_year else time or None)
        found.append(TargetCell(collapse(cell.text), cell.span, *said))
    return tuple(found)


def _text(cells: dict[int, Cell], at: int | None) -> str:
    return collapse(cells[at + 1].text) if at is not None and at + 1 in cells else ""


def _time_at(columns: Sequence[Column], target: int) -> int | None:
    """The column that tells when a target is to be reached: the next one, else the one before."""
    times = [i for i, column in enumerate(columns) if column.role == "target_time"]
    return min((i for i in times if i > target), default=max(times, default=None))


def _note_columns(columns: Sequence[Column], rows: Sequence[ReadRow], notes: AnnexNotes) -> None:
    """The filled columns of an indicator table that give no field of an indicator although they might."""
    for i, column in enumerate(columns):
        cells = [row.laid.cells[i] for row in rows if row.laid.cells[i].text.strip()]
        if not column.head or not cells:
            continue
        if column.role is None:
            message = f"what the column `{column.head[:80]}` holds is not known"
            notes.add(
                cells[0], "column_unread", "warning", message, f"its {len(cells)} cells are kept in the table only"
            )
        elif column.role == "target_elsewhere":
            message = f"the column `{column.head[:80]}` holds no targets of the region"
            notes.add(
                cells[0], "target_elsewhere", "info", message, f"its {len(cells)} cells are kept in the table only"
            )


def _table(
    annex: AnnexZone,
    table_id: str,
    stitched: Stitched,
    columns: Sequence[Column],
    rows: Sequence[ReadRow],
    is_indicator: bool,
) -> AnnexTable:
    group_at = column_at(columns, "group") if is_indicator else None
    cells = [cell for n, row in enumerate(rows, 1) for cell in _row_cells(n, row, columns, group_at)]
    return AnnexTable(
        table_id=table_id,
        annex=annex.eid,
        section=stitched.section,
        part=part_of(stitched.columns, is_indicator),
        kind="indicator" if is_indicator else "other",
        headers=tuple(column.head or "" for column in stitched.columns),
        row_count=len(rows),
        column_count=max([len(columns), *(len(row.laid.cells) for row in rows)]),
        page_start=stitched.page_start,
        page_end=stitched.page_end,
        stitching=stitched.stitching,
        cells=tuple(cells),
    )


def _row_cells(n: int, row: ReadRow, columns: Sequence[Column], group_at: int | None) -> list[AnnexCell]:
    """The cells of one row; a blank group cell shows what the group's first cell carries down.

    The mark that borders such a cell (a pipe) goes with the cell behind it.
    """
    result = []
    mark: Span | None = None
    for i, cell in enumerate(row.laid.cells):
        head = columns[i].head if i < len(columns) else None
        if mark and cell.span and cell.span.start >= mark.end:
            cell = replace(cell, span=Span(mark.start, cell.span.end))
        mark = None
        inherited = i == group_at and row.number is not None and row.group is not None and not cell.text.strip()
        if inherited and row.group:
            first, mark = row.group.pieces[0], cell.span
            carried = Cell(row.group.printed, first.span, first.page, first.box, first.confidence)
            result.append(AnnexCell(n, i + 1, head, carried, True))
        else:
            result.append(AnnexCell(n, i + 1, head, cell))
    return result


def _indicators(table: AnnexTable, columns: Sequence[Column], rows: Sequence[ReadRow], before: int) -> list[Indicator]:
    found: list[Indicator] = []
    for n, row in enumerate(rows, 1):
        if row.number is None:
            continue
        cells = dict(enumerate(row.laid.cells, 1))
        targets = [target.text for target in _targets(columns, cells)]
        found.append(
            Indicator(
                table_id=table.table_id,
                annex=table.annex,
                ordinal=before + len(found) + 1,
                row=n,
                page=row.laid.source.page,
                span=row.laid.source.span,
                section=table.section,
                part=table.part,
                pillar_number=row.pillar.number if row.pillar else None,
                pillar=row.pillar.text if row.pillar else None,
                group_label=row.group.label if row.group else None,
                group_text=row.group.text if row.group else None,
                number=row.number.number,
                number_inferred=row.number.inferred,
                indicator=row.indicator,
                indicator_printed=_printed(row.laid, columns, "indicator"),
                responsible_printed=_printed(row.laid, columns, "responsible"),
                supporting_printed=_printed(row.laid, columns, "supporting"),
                target_printed=" | ".join(targets) if any(targets) else None,
            )
        )
    return found


def _printed(row: LaidRow, columns: Sequence[Column], role: str) -> str | None:
    at = column_at(columns, role)
    return None if at is None else collapse(row.cells[at].text) or None
