"""What a heading may be: BAB, Bagian and Paragraf, Pasal with the articles of amending acts, sections of annexes."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.structure import numbering
from extractors.structure.law import (
    HEADINGS,
    NOT_ALONE,
    QUOTED_INSTEAD,
    ROMAN_ARTICLE,
    RUN_IN,
    Context,
    Open,
    Option,
    State,
    law,
    readings,
)
from extractors.structure.markers import Marker
from extractors.structure.numbering import Number, successors


def open_heading(state: State, marker: Marker, cost: float) -> Iterator[Option]:
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


def open_pasal(state: State, marker: Marker, context: Context, cost: float) -> Iterator[Option]:
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


def open_section(state: State, marker: Marker) -> Iterator[Option]:
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
