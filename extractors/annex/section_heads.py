"""Rows that are no indicator's own: heads of sections and groups that stand alone in their row, and sums.

Each is told by positive evidence: a counted head (`PILAR KEDUA: …`), a label, capitals, a word of sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from extractors.annex.headers import Column, column_at, filled
from extractors.annex.wording import LOWER_START, collapse
from extractors.lookups import vocabulary
from extractors.models import Cell
from extractors.structure.numbering import ordinals, read_arabic, read_roman

_COUNTED = regex.compile(
    r"\W*(\p{L}[\p{L}1|]{2,11})\s*(?:[Kk][Ee]\s*-?\s*)?([0-9lIOVX]{1,4})\s*(?:[:.)\-–—]\s*|\s+(?=\p{L})|$)"
)
_WORD_COUNTED = regex.compile(r"\W*(\p{L}[\p{L}1|]{2,11})\s+(\p{L}{3,12})(?:\s*[:.)\-–—]\s*|(\s+)(?=\p{L})|\s*$)")
_SECTION_LABEL = regex.compile(r"\(?(\p{Lu}|[IVX]{1,5})\s?[.)]\s*(?=\p{L})")
_GROUP_LABEL = regex.compile(r"\(?(\p{Ll}|\d{1,3}(?:\.\d{1,2})*)\s?[.)]\s*(?=\p{L})")
_BARE_SECTION_LABEL = regex.compile(r"\(?(\p{Lu}|[IVX]{1,5})[.)]?")
_BARE_GROUP_LABEL = regex.compile(r"\(?(\p{Ll}|\d{1,3}(?:\.\d{1,2})*)[.)]?")
_NOTHING = regex.compile(r"[\s\-–—_.]*")
# How like a pillar word an opening word must be.
ALIKE_WORD = 80
# Capitals say that a cell is a head if they are so many letters, and if most cells are in lower case.
MIN_CAPITALS = 5


class CountedHead(NamedTuple):
    """`Pilar 2: Peningkatan k`: its number and the text after it; `is_pillar` tells pillars from other sections."""

    number: int
    text: str
    is_pillar: bool


class PillarHead(NamedTuple):
    """The number of a pillar, the text after it, and the cell that holds them."""

    number: int
    text: str
    cell: Cell


class RowMark(NamedTuple):
    """What a row is that holds no indicator: a `section` or a `group` with its label and text cells, or a `total`."""

    kind: str
    label: str | None
    cells: tuple[Cell, ...]


@cache
def _number_words() -> dict[str, tuple[int, bool]]:
    """Words that count, with their numbers, and whether they are ordinals: `kedua`, `dua`."""
    words: dict[str, tuple[int, bool]] = {}
    for word, number in ordinals().items():
        words[word] = (number, True)
        words.setdefault(word.removeprefix("ke"), (number, False))
    return words


def counted_head(text: str) -> CountedHead | None:
    """The head that a text opens with, if a word for a section and its number do."""
    text = text[:2000]
    if (match := _COUNTED.match(text)) and (kind := _head_word(match[1])):
        number = read_roman(match[2]) or read_arabic(match[2])
        return CountedHead(number[0], text[match.end() :].strip(), kind == "pillar") if number else None
    match = _WORD_COUNTED.match(text)
    kind = _head_word(match[1]) if match else None
    counted = _number_words().get(match[2].lower()) if match and kind else None
    # `Pilar Satu Data` names something; only an ordinal goes without a mark behind it.
    if not match or not counted or (match[3] and not counted[1]):
        return None
    return CountedHead(counted[0], text[match.end() :].strip(), kind == "pillar")


def _head_word(printed: str) -> str | None:
    words = vocabulary("annex_headers")
    if any(fuzz.ratio(printed.casefold(), word) >= ALIKE_WORD for word in words["pillar_words"]):
        return "pillar"
    return "section" if printed.casefold() in words["section_words"] else None


def pillar_head(cells: Sequence[Cell]) -> PillarHead | None:
    """The pillar that the first filled cell of a row opens, None if it opens none."""
    cell = next((cells[i] for i in filled(cells)), None)
    head = counted_head(cell.text) if cell else None
    return PillarHead(head.number, head.text, cell) if cell and head and head.is_pillar else None


def own_cells(cells: Sequence[Cell]) -> list[int]:
    """Indexes of the cells that say something of their own: no dash, and not what the cell before says (merged)."""
    own: list[int] = []
    for i in filled(cells):
        if not _NOTHING.fullmatch(cells[i].text) and not (own and _same(cells[i], cells[own[-1]])):
            own.append(i)
    return own


def _same(a: Cell, b: Cell) -> bool:
    return len(a.text) > 1 and collapse(a.text) == collapse(b.text)


def are_capitals(rows: Sequence[Sequence[Cell]], columns: Sequence[Column]) -> bool:
    """Whether the groups and indicators of a table are mostly in capitals, so that capitals say nothing."""
    places = [i for role in ("group", "indicator") if (i := column_at(columns, role)) is not None]
    texts = [row[i].text for row in rows for i in places if i < len(row) and len(row[i].text) >= MIN_CAPITALS]
    return 2 * sum(text.isupper() for text in texts) > len(texts)


def mark_of(cells: Sequence[Cell], columns: Sequence[Column], capitals: bool) -> RowMark | None:
    """What a row of an indicator table is if it holds no indicator; None for all rows that may hold one.

    Only the NO cell and the first text cell of such a row are filled, up to the indicator's. `capitals`: see
    `are_capitals`.
    """
    indicator, group = column_at(columns, "indicator") or 0, column_at(columns, "group")
    own = own_cells(cells)
    if not own or own[0] > indicator:
        return None
    first = cells[own[0]]
    if _is_total(first.text):
        return RowMark("total", None, ())
    if len(own) > 2 or own[-1] > indicator:
        return None
    last = cells[own[-1]]
    at_group = own[-1] != indicator or group == indicator
    if len(own) == 2:
        head = counted_head(first.text)
        if head and not head.text:
            return RowMark("section", None, (first, last))
        return _labelled(first.text.strip(), last, at_group)
    if match := _SECTION_LABEL.match(last.text):
        return RowMark("section", match[1], (last,))
    if counted_head(last.text) or (not capitals and _in_capitals(last.text)):
        return RowMark("section", None, (last,))
    match = _GROUP_LABEL.match(last.text)
    return RowMark("group", match[1], (last,)) if match and at_group else None


def _labelled(label: str, text: Cell, at_group: bool) -> RowMark | None:
    if match := _BARE_SECTION_LABEL.fullmatch(label):
        return RowMark("section", match[1], (text,))
    match = _BARE_GROUP_LABEL.fullmatch(label)
    return RowMark("group", match[1], (text,)) if match and at_group else None


def _in_capitals(text: str) -> bool:
    return text.isupper() and sum(glyph.isalpha() for glyph in text) >= MIN_CAPITALS


def _is_total(text: str) -> bool:
    words = collapse(text[:40]).strip(" .:;*").casefold()
    return not LOWER_START.match(text) and words in vocabulary("annex_headers")["total_words"]
