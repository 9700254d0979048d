"""Rows of an indicator table: each under its pillar and its group, the indicators with number and clean text."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from extractors.annex import groups, sections
from extractors.annex.alignment import LaidRow
from extractors.annex.continuations import heal
from extractors.annex.groups import Group, GroupStyle
from extractors.annex.headers import Column, column_at, filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.numbers import (
    NOTHING,
    Numbered,
    Printed,
    number_labelled,
    number_rows,
    read_number_cell,
    read_printed,
    styles_shown,
    text_start,
)
from extractors.annex.section_heads import RowMark, are_capitals, mark_of, pillar_head
from extractors.annex.sections import Pillar
from extractors.annex.tables import SourceRow
from extractors.annex.wording import clean, words_of
from extractors.models import Cell

UNLABELLED = GroupStyle(False, False)
# What is said of a number that is not simply printed: finding code, severity, message.
EVENTS = {
    "inferred": ("number_inferred", "info", "no legible number"),
    "mended": ("number_mended", "warning", "the number strays from the sequence by look-alike glyphs"),
    "repeated": ("number_repeated", "info", "the number of the row before again"),
    "jump": ("number_out_of_sequence", "info", "the number does not follow that of the row before"),
}


@dataclass
class ReadRow:
    """A row of a table. `number` and `indicator` are set in rows that hold an indicator only.

    `is_section` tells that the row holds none by its nature: the head of a pillar, section or group, or sums.
    """

    laid: LaidRow
    pillar: Pillar | None = None
    group: Group | None = None
    number: Numbered | None = None
    indicator: str | None = None
    is_section: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the rows of an indicator table its main columns are. `label` is a NO column that numbers groups."""

    indicator: int
    group: int | None
    number: int | None
    label: int | None
    pillar: int | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The document's words with those of the table's sound rows."""

    document: Container[str]
    table: frozenset[str]

    def __contains__(self, word: object) -> bool:
        return word in self.table or word in self.document


def read_indicator_rows(
    rows: Sequence[SourceRow],
    columns: Sequence[Column],
    known: Container[str],
    items: Sequence[str],
    notes: AnnexNotes,
) -> tuple[ReadRow, ...]:
    """The rows of a table with an indicator column.

    `known` are the lower-cased words of the document, `items` the list items of the act's body. Rows left out
    (rests, remnants of cut section rows) and everything mended become findings.
    """
    capitals = are_capitals([row.cells for row in rows], columns)
    found = {row.index: mark for row in rows if (mark := mark_of(row.cells, columns, capitals))}
    opened = sections.open_pillars(rows, columns, found.keys(), notes)
    marks = {i: mark for i, mark in found.items() if i not in opened.by_row}
    apart = opened.by_row.keys() | marks.keys()
    fixed = frozenset(i for i, row in enumerate(opened.rows) if row.source.index in apart)
    laid = heal(opened.rows, columns, fixed, notes)
    sound = [row for row in laid if row.source.index not in opened.by_row]
    words = _Words(known, frozenset(word for row in sound for cell in row.cells for word in words_of(cell.text)))
    sections.finish(list(opened.by_row.values()), words, items, notes)
    places = _places(columns, [row for row in laid if row.source.index not in apart])
    reader = _GroupReader(places, opened.by_row, marks, items, notes)
    read = reader.read(laid)
    sections.finish_column(reader.in_column, words, notes)
    groups.finish(list({id(row.group): row.group for row in read if row.group}.values()), words, items, notes)
    _note_sections(read, notes)
    _number(read, places, words, notes)
    return tuple(read)


def _places(columns: Sequence[Column], rows: Sequence[LaidRow]) -> Places:
    """A NO column numbers the groups if it is filled only where the group cell is, and not for every indicator."""
    roles = ("indicator", "group", "number", "pillar")
    indicator, group, number, pillar = (column_at(columns, role) for role in roles)
    if group is not None and number is not None:
        rows = [row for row in rows if _has_text(row, indicator)]
        filled_cells = [(_has_text(row, number), _has_text(row, group)) for row in rows]
        numbers_groups = all(has_group for has_number, has_group in filled_cells if has_number)
        if numbers_groups and not all(has_number for has_number, _ in filled_cells):
            return Places(indicator or 0, group, None, number, pillar)
    return Places(indicator or 0, group, number, None, pillar)


def _has_text(row: LaidRow, at: int | None) -> bool:
    return at is not None and bool(row.cells[at].text.strip())


class _GroupReader:
    """The one pass over the rows that puts each under its pillar and its group.

    `in_column` gathers the pillars of a PILAR column with the cells that each stands in.
    """

    def __init__(
        self,
        places: Places,
        pillars: dict[int, Pillar],
        marks: dict[int, RowMark],
        items: Sequence[str],
        notes: AnnexNotes,
    ) -> None:
        self.places, self.pillars, self.marks, self.items, self.notes = places, pillars, marks, items, notes
        self.in_column: list[tuple[Pillar, Group]] = []
        self.pillar: Pillar | None = None
        self.group: Group | None = None

    def read(self, laid: Sequence[LaidRow]) -> list[ReadRow]:
        """Every row with the pillar and the group that it stands under."""
        plain = [row for row in laid if row.source.index not in self.marks and row.source.index not in self.pillars]
        at = self.places.group
        style = groups.style_of(
            [(row.cells[at], _printed(row, self.places)) for row in plain if at is not None and _has_text(row, at)]
        )
        return [self._row(row, style) for row in laid]

    def _row(self, row: LaidRow, style: GroupStyle) -> ReadRow:
        opens = self.pillars.get(row.source.index)
        if opens and not opens.cut:
            self.pillar, self.group = opens, None
            return ReadRow(row, opens, is_section=True)
        if mark := self.marks.get(row.source.index):
            return self._marked(row, mark)
        self._pillar_cell(row)
        cell = None if opens else _group_cell(row, self.places)
        if cell:
            self._group_cell(row, cell, style)
        if not cell and not _has_text(row, self.places.indicator):
            self.notes.add(
                row.source, "row_without_indicator", "warning", "neither an indicator nor a group in the row"
            )
        read = ReadRow(row, self.pillar, self.group)
        if opens:
            self.pillar, self.group = opens, None
        return read

    def _marked(self, row: LaidRow, mark: RowMark) -> ReadRow:
        if mark.kind == "total":
            self.notes.add(row.source, "total_row", "info", "a row of sums", "kept in the table, no indicator")
            return ReadRow(row, self.pillar, None, is_section=True)
        label, _ = groups.split_label(mark.cells[0].text)
        self.group = Group(mark.label or label, list(mark.cells), is_section=mark.kind == "section")
        return ReadRow(row, self.pillar, self.group, is_section=True)

    def _pillar_cell(self, row: LaidRow) -> None:
        """A cell of a PILAR column opens a pillar unless it goes on with, or repeats, the last one's text."""
        at = self.places.pillar
        if at is None or not _has_text(row, at):
            return
        cell = row.cells[at]
        last = self.in_column[-1][1] if self.in_column else None
        goes_on = last is not None and (
            last.is_repeated_by(cell)
            or (
                not pillar_head([cell])
                and groups.continues(cell, last, NOTHING, row.source.opens_part, UNLABELLED, False)
            )
        )
        if last and goes_on:
            groups.extend(last, cell)
            return
        self.pillar, self.group = Pillar(None, [], row.source, False), None
        self.in_column.append((self.pillar, Group(None, [cell])))

    def _group_cell(self, row: LaidRow, cell: Cell, style: GroupStyle) -> None:
        group, opens_part = self.group, row.source.opens_part
        if group:
            known_rest = opens_part and not style.labelled and groups.completes(cell, group, self.items)
            if groups.continues(cell, group, _printed(row, self.places), opens_part, style, known_rest):
                groups.extend(group, cell)
                return
        self.group = groups.opened(cell, row.cells[self.places.label] if self.places.label is not None else None)


def _group_cell(row: LaidRow, places: Places) -> Cell | None:
    """The filled group cell; in a row without indicator, whatever one cell stands left of the indicators."""
    if places.group is not None and _has_text(row, places.group):
        return row.cells[places.group]
    present = [i for i in filled(row.cells) if i not in {places.label, places.pillar}]
    return row.cells[present[0]] if len(present) == 1 and present[0] < places.indicator else None


def _note_sections(read: Sequence[ReadRow], notes: AnnexNotes) -> None:
    """The sections that no indicator has for its group: their text stands in the table only."""
    used = {id(row.group) for row in read if not row.is_section}
    for row in read:
        if row.is_section and row.group and id(row.group) not in used:
            message = f"`{row.group.printed[:200]}` stands over the rows below, which have groups of their own"
            notes.add(row.laid.source, "section_row", "warning", message, "kept in the table only")


def _number(read: Sequence[ReadRow], places: Places, known: Container[str], notes: AnnexNotes) -> None:
    """Set number and clean text of every indicator; a run of rows under one group and pillar counts together."""
    runs: list[list[ReadRow]] = []
    last: ReadRow | None = None
    for row in read:
        if row.is_section or not _has_text(row.laid, places.indicator):
            continue
        if last is None or row.group is not last.group or row.pillar is not last.pillar:
            runs.append([])
        runs[-1].append(row)
        last = row
    for run, numbers in zip(runs, _numbers(runs, places), strict=True):
        for row, number in zip(run, numbers, strict=True):
            cell = row.laid.cells[places.indicator]
            text = cell.text if places.number is not None else cell.text[number.rest :]
            mended = clean(text[text_start(text) :], known)
            row.number, row.indicator = number, mended.text or None
            for repair_code, repair in mended.repairs:
                notes.add(cell, repair_code, "info", f"indicator `{cell.text[:80]}`", repair)
            if number.event:
                code, severity, message = EVENTS[number.event]
                said = f"read as {number.number}" if number.inferred else None
                notes.add(cell, code, severity, f"{message}: `{cell.text[:80]}`", said)


def _numbers(runs: Sequence[Sequence[ReadRow]], places: Places) -> list[list[Numbered]]:
    """The numbers of each run: by its labels where it has them, else counted with all other runs."""
    texts = [[row.laid.cells[places.indicator].text for row in run] for run in runs]
    styles = styles_shown(texts) if places.number is None else []
    labelled = [number_labelled(run, styles) if places.number is None else None for run in texts]
    counted = [run for run, numbers in zip(runs, labelled, strict=True) if numbers is None]
    others = iter(number_rows([[_printed(row.laid, places) for row in run] for run in counted]))
    return [next(others) if numbers is None else numbers for numbers in labelled]


def _printed(row: LaidRow, places: Places) -> Printed:
    if places.number is None:
        return read_printed(row.cells[places.indicator].text)
    return read_number_cell(row.cells[places.number].text)
