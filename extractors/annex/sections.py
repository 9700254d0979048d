"""Pillars of a strategy: section rows (`Pilar 2: …`), also where cell borders cut them, and cells of a PILAR column."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field

import regex

from extractors.annex.alignment import LaidRow, Profiles, as_printed, lay, learn, trimmed
from extractors.annex.cuts import complete, complete_in_list, is_legible, rebuild
from extractors.annex.groups import Group, split_label
from extractors.annex.headers import Column, column_at, filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.numbers import read_printed
from extractors.annex.section_heads import PillarHead, own_cells, pillar_head
from extractors.annex.tables import SourceRow
from extractors.annex.wording import clean, collapse
from extractors.lookups import vocabulary
from extractors.models import Cell, Notes
from extractors.structure.numbering import read_arabic, read_roman

# How well cells must fit their columns to be a row's own.
FITS = 0.25
_FIRST_WORD = regex.compile(r"\W*(\p{L}+)")
_DIGIT = regex.compile(r"\d")


@dataclass
class Pillar:
    """A pillar while its rows are read: where its head stands, the pieces of its text, garbage left of it.

    `cut` tells that the head stands inside the row of an indicator, so that its rest is lost or strayed.
    """

    number: int | None
    pieces: list[str]
    row: SourceRow
    cut: bool
    remnants: list[SourceRow] = field(default_factory=list)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedPillars:
    """The rows without what is left of cut section rows; the pillars, found by the index of the row that opens them."""

    rows: tuple[LaidRow, ...]
    by_row: dict[int, Pillar]


def open_pillars(
    rows: Sequence[SourceRow], columns: Sequence[Column], apart: Collection[int], notes: AnnexNotes
) -> OpenedPillars:
    """The rows of an indicator table under their columns, and the pillars that section rows open.

    A head that stands in a row which is otherwise an indicator's own is cut; what is left of it may follow. `apart`
    are indexes of the rows that hold no indicator; they are taken as printed.
    """
    width = len(columns)
    in_rows = column_at(columns, "pillar") is None
    heads = {row.index: head for row in rows if in_rows and (head := pillar_head(row.cells))}
    profiles = learn(columns, [row for row in rows if row.index not in heads and row.index not in apart], width)
    by_row = _pillars_of([row for row in rows if row.index in heads], heads, columns, profiles, notes)
    whole = {i for i, pillar in by_row.items() if not pillar.cut} | (set(apart) - by_row.keys())
    laid = {row.source.index: row for row in lay([row for row in rows if row.index not in whole], profiles, notes)}
    laid |= {row.index: LaidRow(as_printed(row, width, notes), row) for row in rows if row.index in whole}
    kept: list[LaidRow] = []
    open_cut: Pillar | None = None
    for source in rows:
        row = laid[source.index]
        if source.index in by_row:
            open_cut = by_row[source.index] if by_row[source.index].cut else None
            kept.append(row)
        elif open_cut and source.index not in apart and _is_remnant(row, columns, profiles):
            open_cut.remnants.append(source)
            message = f"what is left of the section row of Pilar {open_cut.number}"
            notes.add(source, "section_remnant", "warning", message, "not a row of the table")
        else:
            open_cut = None
            kept.append(row)
    return OpenedPillars(tuple(kept), by_row)


def _is_remnant(row: LaidRow, columns: Sequence[Column], profiles: Profiles) -> bool:
    """Whether a row right after a cut head has neither a number nor cells that look like those of their columns."""
    indicator = column_at(columns, "indicator")
    if indicator is not None and read_printed(row.cells[indicator].text).certain:
        return False
    learned = len(trimmed(row.source.cells, profiles.width)) == profiles.width
    return not is_own_row(row.cells, profiles, learned)


def _pillars_of(
    rows: Sequence[SourceRow],
    heads: dict[int, PillarHead],
    columns: Sequence[Column],
    profiles: Profiles,
    notes: AnnexNotes,
) -> dict[int, Pillar]:
    """The pillar of each row that has a head, by the row's index."""
    pillars = {}
    trial = AnnexNotes(Notes(notes.notes.stage), notes.eid)
    for row in lay(rows, profiles, trial):
        head = heads[row.source.index]
        own = own_cells(row.source.cells)
        others = [Cell("", None, cell.page) if cell == head.cell else cell for cell in row.cells]
        several = len(own) > 2
        cut = several and _has_own_words(others, columns) and is_own_row(others, profiles, False)
        pieces = [] if cut else [row.source.cells[i].text for i in own[1:]]
        pillars[row.source.index] = Pillar(head.number, [head.text, *pieces], row.source, cut)
    return pillars


def _has_own_words(cells: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Whether something in the cells can only be an indicator's own: a number, a word for an agency or a target."""
    cues = vocabulary("annex_headers")["roles"]["responsible"]["cues"]
    for cell, column in zip(cells, columns, strict=False):
        first = _FIRST_WORD.match(cell.text)
        if _DIGIT.search(cell.text):
            return True
        if first and column.role == "responsible" and first[1].lower() in cues:
            return True
        if first and column.role == "target" and first[1].lower() in {"target", "tahun"}:
            return True
    return False


def is_own_row(cells: Sequence[Cell], profiles: Profiles, learned: bool) -> bool:
    """Whether the cells of a row look like cells of their columns, not like pieces of one text or like garbage.

    `learned` tells that the row is among those that the profiles were learned from.
    """
    fits = [profiles.fit(cells[i].text, i if learned else None)[i] for i in filled(cells) if i < profiles.width]
    return bool(fits) and sum(fits) / len(fits) >= FITS


def finish(pillars: Sequence[Pillar], known: Container[str], items: Sequence[str], notes: AnnexNotes) -> None:
    """Set the text of every pillar: joined over cell borders, a lost rest taken from the list that it restates.

    `known` are the document's words, `items` the texts of the list items in the act's body. Each repair is a finding.
    """
    lost: list[Pillar] = []
    for pillar in pillars:
        strayed = [cell.text for row in pillar.remnants for cell in row.cells if cell.text.strip()]
        legible = bool(strayed) and is_legible(" ".join(strayed), known)
        pieces = pillar.pieces + (strayed if legible else [])
        rebuilt = rebuild(pieces, known)
        pillar.text = collapse(rebuilt.text) or None
        if (pillar.cut and not legible) or _breaks_off(rebuilt.text):
            lost.append(pillar)
        elif len(pieces) > 1:
            repair = "; ".join(rebuilt.repairs) or "joined"
            _note(pillar, notes, "text_rebuilt", "the text stands in several cells", repair)
    broken = {id(pillar) for pillar in lost}
    whole = [(p.number, p.text) for p in pillars if p.text and p.number is not None and id(p) not in broken]
    for pillar in lost:
        head = pillar.text or ""
        remnant = " ".join(cell.text for row in pillar.remnants for cell in row.cells)
        restored = complete_in_list(head, pillar.number or 0, whole, items) or complete(head, remnant, items)
        if restored:
            pillar.text = restored
            repair = "completed from the act's list of the same items"
            _note(pillar, notes, "text_completed", f"`{head[:100]}` breaks off", repair)
        else:
            _note(pillar, notes, "text_lost", f"`{head[:100]}` breaks off", None)


def finish_column(pillars: Sequence[tuple[Pillar, Group]], known: Container[str], notes: AnnexNotes) -> None:
    """Set number and text of the pillars of a PILAR column from the cells that each stands in."""
    for pillar, cells in pillars:
        printed = Cell(cells.printed, None, pillar.row.page)
        head = pillar_head([printed])
        label, text = split_label(printed.text)
        if head:
            pillar.number, text = head.number, head.text
        elif label and (number := read_roman(label) or read_arabic(label)):
            pillar.number = number[0]
        mended = clean(text, known)
        pillar.text = mended.text or None
        for code, repair in mended.repairs:
            notes.add(cells.pieces[0], code, "info", f"pillar `{printed.text[:80]}`", repair)


def _breaks_off(text: str) -> bool:
    return len(text.rsplit(maxsplit=1)[-1]) == 1 and text[-1].isalpha() if text.strip() else True


def _note(pillar: Pillar, notes: AnnexNotes, code: str, message: str, repair: str | None) -> None:
    notes.add(pillar.row, code, "warning", f"Pilar {pillar.number}: {message}", repair)
