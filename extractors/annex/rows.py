"""Rows of an indicator table: each under its pillar and its group, the indicators with number and clean text."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from extractors.annex import groups, sections
from extractors.annex.alignment import LaidRow, Profiles, as_printed, lay, learn, trimmed
from extractors.annex.continuations import heal
from extractors.annex.groups import Group
from extractors.annex.headers import Column, column_at, filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.numbers import Numbered, Printed, number_rows, read_number_cell, read_printed
from extractors.annex.sections import Pillar, PillarHead
from extractors.annex.tables import SourceRow
from extractors.annex.wording import clean, words_of
from extractors.models import Cell, Notes

# What is said of a number that is not simply printed: finding code, severity, message.
EVENTS = {
    "inferred": ("number_inferred", "info", "no legible number"),
    "mended": ("number_mended", "warning", "the number strays from the sequence by look-alike glyphs"),
    "repeated": ("number_repeated", "info", "the number of the row before again"),
    "jump": ("number_out_of_sequence", "info", "the number does not follow that of the row before"),
}


@dataclass
class ReadRow:
    """A row of a table. `number` and `indicator` are set in rows that hold an indicator only."""

    laid: LaidRow
    pillar: Pillar | None = None
    group: Group | None = None
    number: Numbered | None = None
    indicator: str | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """Where in the rows of an indicator table its main columns are. `label` is a NO column that numbers groups."""

    indicator: int
    group: int | None
    number: int | None
    label: int | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The document's words with those of the table's sound rows."""

    document: Container[str]
    table: frozenset[str]

    def __contains__(self, word: object) -> bool:
        return word in self.table or word in self.document


@dataclass(frozen=True, slots=True)
class _Pillars:
    """The rows without what is left of cut section rows; the pillars, found by the index of the row that opens them."""

    rows: tuple[LaidRow, ...]
    by_row: dict[int, Pillar]


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
    pillars = _open_pillars(rows, columns, notes)
    fixed = frozenset(i for i, row in enumerate(pillars.rows) if row.source.index in pillars.by_row)
    laid = heal(pillars.rows, columns, fixed, notes)
    sound = [row for row in laid if row.source.index not in pillars.by_row]
    words = _Words(known, frozenset(word for row in sound for cell in row.cells for word in words_of(cell.text)))
    sections.finish(list(pillars.by_row.values()), words, items, notes)
    places = _places(columns, sound)
    read = _under_groups(laid, pillars.by_row, places, notes)
    groups.finish(list({id(row.group): row.group for row in read if row.group}.values()), words, items, notes)
    _number(read, places, words, notes)
    return tuple(read)


def _open_pillars(rows: Sequence[SourceRow], columns: Sequence[Column], notes: AnnexNotes) -> _Pillars:
    """A head that stands in a row which is otherwise an indicator's own is cut; what is left of it may follow."""
    width = len(columns)
    heads = {row.index: head for row in rows if (head := sections.pillar_head(row.cells))}
    profiles = learn(columns, [row for row in rows if row.index not in heads], width)
    by_row = _pillars_of([row for row in rows if row.index in heads], heads, profiles, notes)
    apart = [row for row in rows if row.index in by_row and not by_row[row.index].cut]
    others = [row for row in rows if row.index not in by_row or by_row[row.index].cut]
    laid = {row.source.index: row for row in lay(others, profiles, notes)}
    laid |= {row.index: LaidRow(as_printed(row, width, notes), row) for row in apart}
    kept: list[LaidRow] = []
    open_cut: Pillar | None = None
    for source in rows:
        row = laid[source.index]
        if source.index in by_row:
            open_cut = by_row[source.index] if by_row[source.index].cut else None
            kept.append(row)
        elif open_cut and _is_remnant(row, columns, profiles):
            open_cut.remnants.append(source)
            message = f"what is left of the section row of Pilar {open_cut.number}"
            notes.add(source, "section_remnant", "warning", message, "not a row of the table")
        else:
            open_cut = None
            kept.append(row)
    return _Pillars(tuple(kept), by_row)


def _is_remnant(row: LaidRow, columns: Sequence[Column], profiles: Profiles) -> bool:
    """Whether a row right after a cut head has neither a number nor cells that look like those of their columns."""
    indicator = column_at(columns, "indicator")
    if indicator is not None and read_printed(row.cells[indicator].text).certain:
        return False
    learned = len(trimmed(row.source.cells, profiles.width)) == profiles.width
    return not sections.is_own_row(row.cells, profiles, learned)


def _pillars_of(
    rows: Sequence[SourceRow], heads: dict[int, PillarHead], profiles: Profiles, notes: AnnexNotes
) -> dict[int, Pillar]:
    """The pillar of each row that has a head, by the row's index."""
    pillars = {}
    trial = AnnexNotes(Notes(notes.notes.stage), notes.eid)
    for row in lay(rows, profiles, trial):
        head = heads[row.source.index]
        others = [Cell("", None, cell.page) if cell == head.cell else cell for cell in row.cells]
        cut = len(filled(others)) > 1 and sections.is_own_row(others, profiles, False)
        pieces = [] if cut else [row.source.cells[i].text for i in filled(row.source.cells)[1:]]
        pillars[row.source.index] = Pillar(head.number, [head.text, *pieces], row.source, cut)
    return pillars


def _places(columns: Sequence[Column], rows: Sequence[LaidRow]) -> Places:
    """A NO column numbers the groups if it is filled only where the group cell is, and not on every row."""
    indicator, group, number = (column_at(columns, role) for role in ("indicator", "group", "number"))
    if group is not None and number is not None:
        filled_cells = [(_has_text(row, number), _has_text(row, group)) for row in rows]
        numbers_groups = all(has_group for has_number, has_group in filled_cells if has_number)
        if numbers_groups and not all(has_number for has_number, _ in filled_cells):
            return Places(indicator or 0, group, None, number)
    return Places(indicator or 0, group, number, None)


def _has_text(row: LaidRow, at: int | None) -> bool:
    return at is not None and bool(row.cells[at].text.strip())


def _under_groups(
    laid: Sequence[LaidRow], pillars: dict[int, Pillar], places: Places, notes: AnnexNotes
) -> list[ReadRow]:
    """Every row with the pillar and the group that it stands under."""
    labelled = groups.are_labelled(
        [row.cells[places.group] for row in laid if places.group is not None and row.source.index not in pillars]
    )
    pillar: Pillar | None = None
    group: Group | None = None
    read: list[ReadRow] = []
    for row in laid:
        opens = pillars.get(row.source.index)
        if opens and not opens.cut:
            pillar, group = opens, None
            read.append(ReadRow(row, pillar))
            continue
        cell = None if opens else _group_cell(row, places)
        if cell:
            printed = read_printed(row.cells[places.indicator].text)
            if group and groups.continues(cell, group, printed, row.source.opens_part, labelled):
                groups.extend(group, cell)
            else:
                group = groups.opened(cell, row.cells[places.label] if places.label is not None else None)
        if not cell and not _has_text(row, places.indicator):
            notes.add(row.source, "row_without_indicator", "warning", "neither an indicator nor a group in the row")
        read.append(ReadRow(row, pillar, group))
        if opens:
            pillar, group = opens, None
    return read


def _group_cell(row: LaidRow, places: Places) -> Cell | None:
    """The filled group cell; in a row without indicator, whatever one cell stands left of the indicators."""
    if places.group is not None and _has_text(row, places.group):
        return row.cells[places.group]
    present = [i for i in filled(row.cells) if i != places.label]
    return row.cells[present[0]] if len(present) == 1 and present[0] < places.indicator else None


def _number(read: Sequence[ReadRow], places: Places, known: Container[str], notes: AnnexNotes) -> None:
    """Set number and clean text of every indicator; a run of rows under one group and pillar counts together."""
    runs: list[list[ReadRow]] = []
    last: ReadRow | None = None
    for row in read:
        section_row = row.group is None and row.pillar is not None and row.pillar.row is row.laid.source
        if section_row or not _has_text(row.laid, places.indicator):
            continue
        if last is None or row.group is not last.group or row.pillar is not last.pillar:
            runs.append([])
        runs[-1].append(row)
        last = row
    printed = [[_printed(row.laid, places) for row in run] for run in runs]
    for run, numbers in zip(runs, number_rows(printed), strict=True):
        for row, number in zip(run, numbers, strict=True):
            cell = row.laid.cells[places.indicator]
            mended = clean(cell.text if places.number is not None else cell.text[number.rest :], known)
            row.number, row.indicator = number, mended.text or None
            for repair_code, repair in mended.repairs:
                notes.add(cell, repair_code, "info", f"indicator `{cell.text[:80]}`", repair)
            if number.event:
                code, severity, message = EVENTS[number.event]
                said = f"read as {number.number}" if number.inferred else None
                notes.add(cell, code, severity, f"{message}: `{cell.text[:80]}`", said)


def _printed(row: LaidRow, places: Places) -> Printed:
    if places.number is None:
        return read_printed(row.cells[places.indicator].text)
    return read_number_cell(row.cells[places.number].text)
