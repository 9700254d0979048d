"""Section rows that count the pillars of a strategy (`Pilar 2: …`), also where cell borders cut them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from extractors.annex.alignment import Profiles
from extractors.annex.cuts import complete, complete_in_list, is_legible, rebuild
from extractors.annex.headers import filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.tables import SourceRow
from extractors.annex.wording import collapse
from extractors.lookups import vocabulary
from extractors.models import Cell
from extractors.structure.numbering import read_arabic, read_roman

_HEAD = regex.compile(
    r"\W*(\p{L}[\p{L}1|]{2,11})\s*(?:[Kk][Ee]\s*-?\s*)?([0-9lIOVX]{1,4})\s*(?:[:.)\-–—]\s*|\s+(?=\p{L})|$)"
)
# How like a pillar word an opening word must be, and how well cells must fit their columns to be a row's own.
ALIKE_WORD = 80
FITS = 0.25


class PillarHead(NamedTuple):
    """`Pilar 2: Peningkatan k`: its number, the text after it, and the cell that holds them."""

    number: int
    text: str
    cell: Cell


@dataclass
class Pillar:
    """A pillar while its rows are read: where its head stands, the pieces of its text, garbage left of it.

    `cut` tells that the head stands inside the row of an indicator, so that its rest is lost or strayed.
    """

    number: int
    pieces: list[str]
    row: SourceRow
    cut: bool
    remnants: list[SourceRow] = field(default_factory=list)
    text: str | None = None


def pillar_head(cells: Sequence[Cell]) -> PillarHead | None:
    """The pillar that the first filled cell of a row opens, None if it opens none."""
    cell = next((cells[i] for i in filled(cells)), None)
    match = _HEAD.match(cell.text[:200]) if cell else None
    if not cell or not match or not any(_alike(match[1], word) for word in vocabulary("annex_headers")["pillar_words"]):
        return None
    number = read_roman(match[2]) or read_arabic(match[2])
    return PillarHead(number[0], cell.text[match.end() :].strip(), cell) if number else None


def _alike(printed: str, word: str) -> bool:
    return fuzz.ratio(printed.casefold(), word) >= ALIKE_WORD


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
    whole = [(pillar.number, pillar.text) for pillar in pillars if pillar.text and id(pillar) not in broken]
    for pillar in lost:
        head = pillar.text or ""
        remnant = " ".join(cell.text for row in pillar.remnants for cell in row.cells)
        restored = complete_in_list(head, pillar.number, whole, items) or complete(head, remnant, items)
        if restored:
            pillar.text = restored
            repair = "completed from the act's list of the same items"
            _note(pillar, notes, "text_completed", f"`{head[:100]}` breaks off", repair)
        else:
            _note(pillar, notes, "text_lost", f"`{head[:100]}` breaks off", None)


def _breaks_off(text: str) -> bool:
    return len(text.rsplit(maxsplit=1)[-1]) == 1 and text[-1].isalpha() if text.strip() else True


def _note(pillar: Pillar, notes: AnnexNotes, code: str, message: str, repair: str | None) -> None:
    notes.add(pillar.row, code, "warning", f"Pilar {pillar.number}: {message}", repair)
