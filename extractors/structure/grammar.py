"""The numbering law of each level as costs: what a marker candidate may be, given what is open.

A state holds the units that are open at a place; an option leads to another state and costs something for every
stretch of the law (a gap, a repeat, a mended glyph, a lost heading) and for every strong candidate that is passed
over. `segment` looks for the cheapest way through a whole zone. The units and their order are those of the drafting
rules (UU 12/2011, Lampiran II); the costs were set on the quirks that real texts show and are no probabilities.
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


def options(state: State, marker: Marker, index: int, context: Context) -> Iterator[Option]:
    """All ways on from `state` over the candidate `marker`, the `index`th of its zone."""
    if marker.kind == "paragraph":
        yield from _paragraph(state, marker, index, context)
        return
    yield Option(skip_cost(marker, context), state._replace(fresh=False), None)
    if marker.echo:
        return
    context_cost = REFERRING if marker.referring else 0.0
    if marker.kind in HEADINGS:
        yield from _heading(state, marker, context_cost)
    elif marker.kind == "pasal":
        yield from _pasal(state, marker, context, context_cost)
    elif marker.kind == "section":
        yield from _section(state, marker)
    else:
        if not marker.terminated and not marker.referring:
            context_cost = 0.5 if marker.vouched else UNTERMINATED
        if marker.weak:
            context_cost += 1.0
        yield from _list(state, marker, index, context, context_cost + (0.5 if not marker.at_line_start else 0.0))


def skip_cost(marker: Marker, context: Context) -> float:
    """Cost of taking a candidate for plain text."""
    if marker.echo:
        return 0.0
    if marker.kind in (*HEADINGS, "pasal"):
        strong = marker.alone or (marker.kind in HEADINGS and not marker.follows_small)
        if strong and not marker.referring:
            return SKIP_ALONE
        return SKIP_RUN_IN if marker.run_in else SKIP_WEAK
    if marker.weak:
        return SKIP_WEAK
    if marker.style in (*NAMED, "part"):
        return SKIP_ALONE if marker.alone else 2.0
    if marker.referring or marker.kind == "section":
        return SKIP_WEAK if marker.referring else 2.0
    if not marker.at_line_start:
        return SKIP_MIDLINE if marker.terminated else SKIP_WEAK
    cost = SKIP_LIST if marker.terminated else 3.0 if marker.vouched else 2.0
    return cost * 0.5 if context.zone == "annex" else cost


def _heading(state: State, marker: Marker, cost: float) -> Iterator[Option]:
    level = HEADINGS.index(marker.kind)
    if marker.follows_small:
        cost += NOT_ALONE
    quoted = state.roman
    kept = tuple(unit for unit in state.stack if _encloses(unit, level, quoted))
    before = next((unit.number for unit in state.stack if unit.kind == marker.kind and unit.quoted == quoted), None)
    if quoted:
        for _, number, mended in readings(marker, marker.kind, None):
            opened = Open(marker.kind, marker.style, number, 0, True)
            yield Option(
                cost + 1.0, state._replace(stack=(*kept, opened), fresh=True), opened, note="mended" if mended else ""
            )
            return
        return
    for price, number, mended in readings(marker, marker.kind, before):
        opened = Open(marker.kind, marker.style, number)
        yield Option(
            cost + price, state._replace(stack=(*kept, opened), fresh=True), opened, note="mended" if mended else ""
        )


def _encloses(unit: Open, level: int, quoted: bool) -> bool:
    """Whether an open unit stays open when a heading of `level` begins."""
    if quoted and not unit.quoted:
        return True
    return unit.quoted == quoted and unit.kind in HEADINGS[:level]


def _pasal(state: State, marker: Marker, context: Context, cost: float) -> Iterator[Option]:
    if not marker.alone:
        cost += RUN_IN if marker.run_in else NOT_ALONE
    headings = tuple(unit for unit in state.stack if unit.kind in HEADINGS and not unit.quoted)
    own = False
    for price, number, mended in _roman_articles(state, marker, context):
        own = True
        opened = Open("pasal", "roman", number)
        new = State((*headings, opened), number, True, True, state.texts)
        yield Option(cost + price, new, opened, note="mended" if mended else "")
    if own and marker.changes:
        return
    if state.roman:
        yield from _quoted_pasal(state, marker, cost + (QUOTED_INSTEAD if own else 0.0))
        return
    through = numbering.read_arabic(marker.through) if marker.through else None
    for price, number, mended in readings(marker, "pasal", state.pasal):
        opened = Open("pasal", "pasal", number)
        new = State((*headings, opened), through or number, False, True, state.texts)
        yield Option(cost + price, new, opened, note="mended" if mended else "")


def _quoted_pasal(state: State, marker: Marker, cost: float) -> Iterator[Option]:
    """An article that an amending act quotes: any number, the next one rather than another."""
    number = numbering.read_arabic(marker.printed)
    if number is None:
        return
    kept = tuple(unit for unit in state.stack if not unit.quoted or unit.kind in HEADINGS)
    last = next((unit.number for unit in reversed(state.stack) if unit.kind == "pasal" and unit.quoted), None)
    opened = Open("pasal", "pasal", number, 0, True)
    price = 0.3 if last is None or number in successors(last) else 1.0
    yield Option(cost + price, state._replace(stack=(*kept, opened), fresh=True), opened)


def _roman_articles(state: State, marker: Marker, context: Context) -> Iterator[tuple[float, Number, bool]]:
    """(cost, number, mended): the articles of an amending act, in Roman numerals or in what was read for them.

    The first says that an act is changed as follows, the last when this one enters into force; that tells `Pasal 1` and
    `Pasal 11` from articles that are quoted.
    """
    if not context.amending or not (state.roman or state.pasal is None):
        return
    roman = numbering.read_roman(marker.printed) if ROMAN_ARTICLE.fullmatch(marker.printed) else None
    if roman:
        yield law(state.pasal, roman), roman, False
        return
    due = successors(state.pasal)[0] if state.pasal else (1, "")
    says = marker.changes if state.pasal is None else marker.enters
    glyphs = marker.printed.replace(" ", "")
    if says and (glyphs == str(due[0]) or (len(glyphs) == due[0] and set(glyphs) <= set("1lI!|i"))):
        yield 0.6, due, True


def _section(state: State, marker: Marker) -> Iterator[Option]:
    """Lettered and Roman sections of an annex, below its BAB if it has one; UMUM and PASAL DEMI PASAL at the root."""
    babs = tuple(unit for unit in state.stack if unit.kind in HEADINGS) if marker.style != "part" else ()
    open_section = next((unit for unit in state.stack if unit.kind == "section"), None)
    if marker.style == "part":
        number = (2, "") if marker.printed.startswith("PASAL") else (1, "")
        opened = Open("section", "part", number)
        yield Option(0.0, state._replace(stack=(opened,), fresh=True), opened)
        return
    for style, read in (("A.", numbering.read_letter), ("I.", numbering.read_roman)):
        value = read(marker.printed.lower() if style == "A." else marker.printed)
        if value is None or (style == "A." and len(marker.printed) != 1):
            continue
        same = open_section.number if open_section and open_section.style == style else None
        opened = Open("section", style, value)
        yield Option(law(same, value) * 0.4, state._replace(stack=(*babs, opened), fresh=True), opened)


def _list(state: State, marker: Marker, index: int, context: Context, cost: float) -> Iterator[Option]:
    yield from _continued(state, marker, context, cost)
    yield from _begun(state, marker, context, cost)
    if state.roman and marker.instruction and marker.kind == "angka":
        yield from _first_item(state, marker, cost)
    if marker.style == context.ayat_style:
        yield from _lost_pasal(state, marker, index, context, cost)


def _first_item(state: State, marker: Marker, cost: float) -> Iterator[Option]:
    """The items of Pasal I behind its list of earlier amendments (a., b., c.)."""
    depth = next((i for i, unit in enumerate(state.stack) if unit[:3] == ("pasal", "roman", (1, ""))), None)
    if depth is None or depth == len(state.stack) - 1 or state.stack[depth + 1].kind == "item":
        return
    for price, number, mended in readings(marker, "item", None):
        opened = Open("item", marker.style, number, marker.indent)
        new = state._replace(stack=(*state.stack[: depth + 1], opened), fresh=True)
        yield Option(cost + price, new, opened, note="mended" if mended else "")


def _continued(state: State, marker: Marker, context: Context, cost: float) -> Iterator[Option]:
    """The next item of a list that is open."""
    for depth in range(len(state.stack) - 1, -1, -1):
        unit = state.stack[depth]
        if unit.style != marker.style or unit.kind in (*HEADINGS, "pasal"):
            continue
        shifted = 1.0 if abs(unit.indent - marker.indent) >= 2 else 0.0
        item = unit.kind == "item" or (unit.kind == "huruf" and not unit.quoted and state.roman)
        weight = 3.0 if marker.instruction != item and state.roman and marker.style not in NAMED else 0.0
        for price, number, mended in readings(marker, unit.kind, unit.number, context.looseness):
            opened = unit._replace(number=number, indent=marker.indent, ends=marker.before or unit.ends, inferred=False)
            stack = (*state.stack[:depth], opened)
            note = "mended" if mended else ""
            yield Option(cost + price + shifted + weight, state._replace(stack=stack, fresh=True), opened, note=note)


def _begun(state: State, marker: Marker, context: Context, cost: float) -> Iterator[Option]:
    """The first item of a new list below what is open."""
    top = state.stack[-1] if state.stack else None
    bare = state.fresh and not marker.text_between
    kind, quoted, price = _kind_begun(state, marker, context, bare)
    if marker.style in NAMED:
        price += _named_place(state, marker)
    elif kind == "ayat":
        price += _ayat_place(top, bare, marker, quoted)
    else:
        price += _list_place(top, bare, marker, context)
    if any(unit.style == marker.style and unit.kind not in (*HEADINGS, "pasal") for unit in state.stack):
        price += 1.5 if top is not None and top.style != marker.style else REPEAT + 1.0
    free = marker.style in NAMED or (quoted and top is not None and top.kind == "item")
    for reading, number, mended in readings(marker, kind, None, context.looseness):
        opened = Open(kind, marker.style, number, marker.indent, quoted)
        note = "mended" if mended else ""
        new = state._replace(stack=(*state.stack, opened), fresh=True)
        yield Option(cost + price + (min(reading, 0.5) if free else reading), new, opened, note=note)


def _kind_begun(state: State, marker: Marker, context: Context, bare: bool) -> tuple[str, bool, float]:
    """(kind, quoted, cost) of a list that begins here: an item of an amendment, an ayat, or what it is printed as."""
    top = state.stack[-1] if state.stack else None
    quoted = top.quoted if top else False
    if state.roman and marker.kind == "angka" and top is not None and top[:3] == ("pasal", "roman", (1, "")):
        return "item", False, 0.0 if marker.instruction or marker.style in NAMED else 3.0
    if (
        marker.style == context.ayat_style
        and context.zone == "body"
        and top is not None
        and top.kind == "pasal"
        and bare
    ):
        return "ayat", quoted, 0.0
    if state.roman and top is not None and not top.quoted and top.kind in ("item", "huruf"):
        return marker.kind, not (marker.kind == "huruf" and marker.instruction), 0.0
    return marker.kind, quoted, 3.0 if state.roman and marker.instruction else 0.0


def _named_place(state: State, marker: Marker) -> float:
    """`Ayat (1)` and `Huruf a` of an elucidation stand below a Pasal, alone on their line or at a sentence's start."""
    below = any(unit.kind == "pasal" for unit in state.stack) or marker.kind == "angka"
    return (0.0 if below and state.stack else MISPLACED) + (
        0.0 if marker.alone or marker.terminated else NO_INTRODUCTION
    )


def _list_place(top: Open | None, bare: bool, marker: Marker, context: Context) -> float:
    """Lists follow an introduction that ends in a colon; right below a heading a Pasal is missing."""
    if top is None:
        return MISPLACED if context.zone == "body" else 0.0
    if top.kind in HEADINGS:
        return MISPLACED if context.zone == "body" else 0.0
    if top.kind == "section":
        return 0.0
    if top.kind == "text":
        return SECOND_LIST if context.zone == "body" else 0.0
    if marker.before == ":":
        return 0.0
    return 1.0 if bare else 1.5 if marker.vouched else NO_INTRODUCTION


def _ayat_place(top: Open | None, bare: bool, marker: Marker, quoted: bool) -> float:
    """Ayat stand below a Pasal, right behind its heading; elsewhere, or behind other text, they cost."""
    if top is None or top.kind in HEADINGS:
        return MISPLACED + 1.0
    if top.kind == "pasal":
        return 0.0 if bare else 0.5 if marker.before == ":" else MIXED
    if quoted and top.kind == "item":
        return 0.5
    return MISPLACED


def _may_lose_pasal(state: State, index: int, context: Context) -> float | None:
    """Cost surplus of a lost Pasal heading here, None where the printed headings leave no room for it."""
    if state.roman or context.zone != "body":
        return None
    printed = context.next_pasal[index]
    if printed is None:
        return LOST_NO_GAP - LOST if state.pasal else None
    return 0.0 if printed[0] > (state.pasal or (0, ""))[0] + 1 else None


def _lost(state: State) -> Open:
    """The Pasal that is due, without a heading in the source."""
    return Open("pasal", "pasal", successors(state.pasal)[0] if state.pasal else (1, ""), inferred=True)


def _lost_pasal(state: State, marker: Marker, index: int, context: Context, cost: float) -> Iterator[Option]:
    surplus = _may_lose_pasal(state, index, context)
    top = state.stack[-1] if state.stack else None
    if surplus is None or (top is not None and top.kind == "pasal" and state.fresh and not marker.text_between):
        return
    headings = tuple(unit for unit in state.stack if unit.kind in HEADINGS)
    for reading, number, mended in readings(marker, "ayat", None):
        if number[0] != 1:
            continue
        opened = Open("ayat", marker.style, number, marker.indent)
        for price, lost in _room(state, index, context):
            new = State((*headings, lost, opened), lost.number, False, True, state.texts)
            yield Option(cost + LOST + surplus + reading + price, new, opened, lost, "mended" if mended else "")


def _room(state: State, index: int, context: Context) -> Iterator[tuple[float, Open]]:
    """The Pasal that may have been lost here: the one that is due, or a later one whose ayat the text cites."""
    due = _lost(state)
    printed = context.next_pasal[index]
    yield 0.0 if due.number[0] in context.mentioned else UNMENTIONED, due
    for number in range(due.number[0] + 1, min(printed[0] if printed else 0, due.number[0] + MAX_LOST)):
        if number in context.mentioned:
            yield law(state.pasal, (number, "")), due._replace(number=(number, ""))


def _paragraph(state: State, marker: Marker, index: int, context: Context) -> Iterator[Option]:
    """A new paragraph without a marker: it belongs to the open unit, follows its list, or lost its Pasal heading."""
    top = state.stack[-1] if state.stack else None
    still = state._replace(fresh=False)
    if top is None or (not marker.terminated and top.kind not in HEADINGS):
        yield Option(0.0, still, None)
        return
    below_heading = top.kind in HEADINGS and marker.sentence and not top.quoted
    in_list = top.kind in ("huruf", "angka")
    ended = in_list and marker.before == "." and top.ends not in (".", ":", "")
    yield Option(_below_heading(context) + 1.0 if below_heading else 2.0 if ended else 0.0, still, None)
    if in_list or below_heading:
        depth = len(state.stack)
        while depth and state.stack[depth - 1].kind in ("huruf", "angka", "text"):
            depth -= 1
        opened = Open("text", "", (state.texts + 1, ""), quoted=top.quoted)
        new = State((*state.stack[:depth], opened), state.pasal, state.roman, False, state.texts + 1)
        yield Option(0.0 if ended else TEXT_AFTER_LIST if in_list else _below_heading(context), new, opened)
    surplus = _may_lose_pasal(state, index, context)
    bare = top.kind == "pasal" and not marker.text_between
    if surplus is not None and not bare and (below_heading or (top.kind not in HEADINGS and marker.before != ":")):
        lost = _lost(state)
        headings = tuple(unit for unit in state.stack if unit.kind in HEADINGS)
        new = State((*headings, lost), lost.number, False, False, state.texts)
        yield Option((LOST if below_heading else LOST_TEXT) + surplus, new, None, lost)


def _below_heading(context: Context) -> float:
    """Running text right below a BAB: unlawful in a body, usual in an annex."""
    return MISPLACED if context.zone == "body" else 0.0
