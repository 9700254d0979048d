"""The ways on from a state over a marker candidate: a unit, a misprint, plain text, or a heading lost before it."""

from __future__ import annotations

from collections.abc import Iterator

from extractors.structure.headings import open_heading, open_pasal, open_section
from extractors.structure.law import (
    HEADINGS,
    LOST,
    LOST_TEXT,
    MISPLACED,
    MIXED,
    NAMED,
    NO_INTRODUCTION,
    REFERRING,
    REPEAT,
    SECOND_LIST,
    SKIP_ALONE,
    SKIP_LIST,
    SKIP_MIDLINE,
    SKIP_RUN_IN,
    SKIP_WEAK,
    TEXT_AFTER_LIST,
    UNTERMINATED,
    Context,
    Open,
    Option,
    State,
    readings,
)
from extractors.structure.lost import due_pasal, lose_pasal, may_lose_pasal
from extractors.structure.markers import Marker


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
        yield from open_heading(state, marker, context_cost)
    elif marker.kind == "pasal":
        yield from open_pasal(state, marker, context, context_cost)
    elif marker.kind == "section":
        yield from open_section(state, marker)
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


def _list(state: State, marker: Marker, index: int, context: Context, cost: float) -> Iterator[Option]:
    yield from _continued(state, marker, context, cost)
    yield from _begun(state, marker, context, cost)
    if state.roman and marker.instruction and marker.kind == "angka":
        yield from _first_item(state, marker, cost)
    if marker.style == context.ayat_style:
        yield from lose_pasal(state, marker, index, context, cost)


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
    alike = [u for u in state.stack if u.style == marker.style and u.kind not in (*HEADINGS, "pasal")]
    if alike and not (quoted and _announced(top, bare, marker) and not any(unit.quoted for unit in alike)):
        price += 1.5 if top is not None and top.style != marker.style else REPEAT + 1.0
    free = marker.style in NAMED or (quoted and _announced(top, bare, marker))
    for reading, number, mended in readings(marker, kind, None, context.looseness):
        opened = Open(kind, marker.style, number, marker.indent, quoted)
        note = "mended" if mended else ""
        new = state._replace(stack=(*state.stack, opened), fresh=True)
        yield Option(cost + price + (min(reading, 0.5) if free else reading), new, opened, note=note)


def _announced(top: Open | None, bare: bool, marker: Marker) -> bool:
    """Whether quoted text begins here, by itself or under its Pasal: it may be any one unit of that Pasal."""
    if top is None:
        return False
    if top.kind == "item":
        return marker.kind != "angka" or (marker.before == ":" and not marker.instruction)
    return top.kind == "pasal" and top.quoted and bare


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
    surplus = may_lose_pasal(state, index, context)
    bare = top.kind == "pasal" and not marker.text_between
    if surplus is not None and not bare and (below_heading or (top.kind not in HEADINGS and marker.before != ":")):
        lost = due_pasal(state)
        headings = tuple(unit for unit in state.stack if unit.kind in HEADINGS)
        new = State((*headings, lost), lost.number, False, False, state.texts)
        yield Option((LOST if below_heading else LOST_TEXT) + surplus, new, None, lost)


def _below_heading(context: Context) -> float:
    """Running text right below a BAB: unlawful in a body, usual in an annex."""
    return MISPLACED if context.zone == "body" else 0.0
