"""Pasal whose heading the source lost: where the printed ones leave room, and which of them is meant."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.structure.law import (
    HEADINGS,
    LOST,
    LOST_NO_GAP,
    MAX_LOST,
    UNMENTIONED,
    Context,
    Open,
    Option,
    State,
    law,
    readings,
)
from extractors.structure.markers import Marker
from extractors.structure.numbering import successors


def may_lose_pasal(state: State, index: int, context: Context) -> float | None:
    """Cost surplus of a lost Pasal heading here, None where the printed headings leave no room for it."""
    if state.roman or context.zone != "body":
        return None
    printed = context.next_pasal[index]
    if printed is None:
        return LOST_NO_GAP - LOST if state.pasal else None
    return 0.0 if printed[0] > (state.pasal or (0, ""))[0] + 1 else None


def due_pasal(state: State) -> Open:
    """The Pasal that is due, without a heading in the source."""
    return Open("pasal", "pasal", successors(state.pasal)[0] if state.pasal else (1, ""), inferred=True)


def lose_pasal(state: State, marker: Marker, index: int, context: Context, cost: float) -> Iterator[Option]:
    surplus = may_lose_pasal(state, index, context)
    top = state.stack[-1] if state.stack else None
    if surplus is None or (top is not None and top.kind == "pasal" and state.fresh and not marker.text_between):
        return
    headings = tuple(unit for unit in state.stack if unit.kind in HEADINGS)
    for reading, number, mended in readings(marker, "ayat", None):
        if number[0] != 1:
            continue
        opened = Open("ayat", marker.style, number, marker.indent)
        for price, lost in room_for_pasal(state, index, context):
            new = State((*headings, lost, opened), lost.number, False, True, state.texts)
            yield Option(cost + LOST + surplus + reading + price, new, opened, lost, "mended" if mended else "")


def room_for_pasal(state: State, index: int, context: Context) -> Iterator[tuple[float, Open]]:
    """The Pasal that may have been lost here: the one that is due, or a later one whose ayat the text cites."""
    due = due_pasal(state)
    printed = context.next_pasal[index]
    yield 0.0 if due.number[0] in context.mentioned else UNMENTIONED, due
    for number in range(due.number[0] + 1, min(printed[0] if printed else 0, due.number[0] + MAX_LOST)):
        if number in context.mentioned:
            yield law(state.pasal, (number, "")), due._replace(number=(number, ""))
