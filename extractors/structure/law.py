"""The numbering law of each level as costs, and the states that a reading of a zone runs through.

A state holds the units that are open at a place; an option leads to another state and costs something for every
stretch of the law (a gap, a repeat, a mended glyph, a lost heading) and for every strong candidate that is passed
over. The units and their order are those of the drafting rules (UU 12/2011, Lampiran II); the costs were set on the
quirks that real texts show and are no probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import regex

from extractors.structure import numbering
from extractors.structure.markers import Marker
from extractors.structure.numbering import Number, glyph_cost, successors


class Open(NamedTuple):
    """An open unit. `ends` is how the items of its list end (`;` or `.`), `quoted` that it is text of another act."""

    kind: str
    style: str
    number: Number
    indent: int = 0
    quoted: bool = False
    ends: str = ""
    inferred: bool = False


class State(NamedTuple):
    """What is open, the last own Pasal, and whether the candidate before was taken."""

    stack: tuple[Open, ...] = ()
    pasal: Number | None = None
    roman: bool = False
    fresh: bool = True
    texts: int = 0


class Option(NamedTuple):
    """A way on: what it costs, where it leads, and the unit it opens (None: the candidate is plain text)."""

    cost: float
    state: State
    opened: Open | None
    lost: Open | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What the whole zone says: its kind, whether the act amends, which Pasal is printed next after each marker.

    `ayat_style` is how its ayat are numbered: `(1)`, or `1.` in transcriptions that make lists of them. `mentioned`
    are the Pasal of which the text cites an ayat.
    """

    zone: str
    amending: bool = False
    next_pasal: tuple[Number | None, ...] = ()
    ayat_style: str = "(1)"
    mentioned: frozenset[int] = frozenset()

    @property
    def looseness(self) -> float:
        """How binding the law of lists is: forms in annexes and elucidations leave numbers out."""
        return 1.0 if self.zone in ("body", "preamble") else 0.3


REPEAT = 5.0  # the same number again
GAP = 4.0  # one number is missing
GAP_MORE = 1.0  # each further one
MAX_GAP = 9.0
BACK = 9.0  # a number that was passed already
LOST = 3.0  # a lost Pasal heading before a restart of the ayat, where a gap allows it
LOST_NO_GAP = 5.5  # the same at the end of a zone, where no later Pasal can confirm it
UNMENTIONED = 0.5  # no ayat of a Pasal that would be restored is cited anywhere
MAX_LOST = 4  # how far behind the due Pasal a cited one is looked for
LOST_TEXT = 5.0  # a lost Pasal heading before plain text
NO_INTRODUCTION = 4.0
MIXED = 4.0  # ayat behind plain text of the same Pasal
UNTERMINATED = 1.5
QUOTED_INSTEAD = 3.0  # an article that says when the act enters into force, taken for a quoted one
RUN_IN = 1.0  # an article's text on the line of its heading
UNLIKE = 6.0  # mending a well-formed number into one that looks different
REFERRING = 5.0
SKIP_ALONE = 11.0
SKIP_LIST = 6.0
SKIP_MIDLINE = 2.5
SKIP_RUN_IN = 1.5
SKIP_WEAK = 0.4
NOT_ALONE = 7.0
MISPLACED = 7.0
LIKE = 2.0  # glyph costs below are look-alikes
MENDED_PLAIN = 1.5  # mending a number that is well-formed as printed
TEXT_AFTER_LIST = 3.0
SECOND_LIST = 2.5  # a second list of the same unit, behind text
NAMED = ("Ayat (1)", "Huruf a", "Angka 1")

Reader = Callable[[str], Number | None]
Writer = Callable[[Number], str]

READERS: dict[str, Reader] = {
    "bab": numbering.read_roman,
    "bagian": lambda printed: numbering.read_ordinal(printed) or numbering.read_arabic(printed),
    "paragraf": lambda printed: numbering.read_arabic(printed) or numbering.read_ordinal(printed),
    "pasal": numbering.read_arabic,
    "ayat": numbering.read_arabic,
    "angka": numbering.read_arabic,
    "item": numbering.read_arabic,
    "huruf": numbering.read_letter,
}
ROMAN_ARTICLE = regex.compile(r"[IVX]{1,4}")
SPREAD = regex.compile(r"\d\s+\d")
DRESS = {"(1)": "({})", "(a)": "({})", "a.": "{}.", "a)": "{})", "1.": "{}.", "1)": "{})"}
HEADINGS = ("bab", "bagian", "paragraf")


def write(kind: str, number: Number, style: str = "") -> str:
    """The number as it is printed for its kind: `IV`, `18A`, `c`."""
    if kind == "bab" or style == "roman":
        return numbering.write_roman(number)
    return numbering.write_letter(number) if kind == "huruf" else numbering.write_arabic(number)


def law(before: Number | None, number: Number) -> float:
    """Cost of `number` right after `before` (None: at the head of its list)."""
    if before is None:
        return 0.0 if number[0] <= 1 else min(GAP + GAP_MORE * (number[0] - 2), MAX_GAP)
    if number in successors(before):
        return 0.0 if number[0] > before[0] else 0.4
    if number == before:
        return REPEAT
    if number > before:
        missing = number[0] - before[0] - 1
        return min(GAP + GAP_MORE * max(missing - 1, 0), MAX_GAP)
    return BACK


def readings(
    marker: Marker, kind: str, before: Number | None, weight: float = 1.0
) -> Iterator[tuple[float, Number, bool]]:
    """(cost, number, mended) for the numbers that a print may stand for, held against the sequence.

    `weight` scales the law where numbering is looser than in a body. A number that is printed twice stays twice
    unless a later number tells otherwise.
    """
    printed = READERS[kind](marker.printed)
    plain = False
    if printed is not None:
        compact = "".join(marker.printed.split()).lower()
        plain = write(kind, printed).lower() == compact and not SPREAD.search(marker.printed)
        mended = not plain and kind not in HEADINGS
        yield weight * law(before, printed) + (0.3 if mended else 0.0), printed, mended
    if kind in ("bagian", "paragraf") or (plain and marker.style in NAMED):
        return
    wanted = [(1, "")] if before is None else [*successors(before)[: 2 if kind in ("pasal", "bab") else 1], before]
    dress = DRESS.get(marker.style, "{}")
    shown = dress.format(marker.printed)
    for number in wanted:
        if number == printed:
            continue
        cost = glyph_cost(shown, dress.format(write(kind, number)))
        if number[1] and cost > 1.0:
            continue
        if plain:
            least = REPEAT + 0.3 if printed == before else UNLIKE if cost >= LIKE else 0.0
            cost = max(cost + MENDED_PLAIN, least)
        if cost <= UNLIKE:
            yield cost + weight * law(before, number), number, True
