"""A Pasal restated around a change of one of its ayat: what is declared and what is restated are two facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

import regex

from extractors.consolidation.apply import Remark
from extractors.consolidation.new_text import DELETED, NewText
from extractors.consolidation.slots import Slots
from extractors.models import Instruction

# A list item's end moves with the list: `;`, `; dan`, `.`.
ENDING = regex.compile(r"\s*[;,.:]?(?:\s*(?:dan|atau|dan\s*/\s*atau))?\s*$")
SHOWN = 8


def differing(slots: Slots, item: str, rows: Sequence[Instruction], new_text: NewText) -> Iterator[Remark]:
    """What the quotation below `item` says beyond its instructions, where the act (with `rows` applied) says otherwise.

    Only what is declared is applied, so each difference is for a reader to judge.
    """
    declared = {row.new_eid or row.target_eid for row in rows}
    written = {row.new_eid or row.target_eid for row in rows if row.action in ("substitute", "insert", "append")}
    frames = {outer for place in declared if place for outer in _outer(place)} - declared
    quoted = {place: p for place, p in new_text.quoted(item) if not _within(place, written)}
    # A Pasal quoted only to show where its new ayat stands is not restated.
    restated = {place for place, p in quoted.items() if place not in frames or p.text.text}
    articles = {
        outer for place in restated for outer in _outer(place) if outer in quoted and quoted[outer].kind == "pasal"
    }
    changed: list[str] = []
    unknown: list[str] = []
    for place in quoted:
        if place not in restated or not _within(place, articles):
            continue
        slot, text = slots.get(place), quoted[place].text.text
        deleted = bool(DELETED.fullmatch(text))
        if slot is None:
            unknown.append(place)
        elif slot.live == deleted or (slot.live and _folded(slot.text) != _folded(text)):
            changed.append(place)
    left_out = [
        slot.eid
        for article in sorted(articles)
        if slots.live(article)
        for slot in slots.below(article)
        if slot.live and slot.eid not in quoted and not _within(slot.eid, written)
    ]
    for code, places, what in (
        ("restated_differs", changed, "restated with another text, but not declared changed"),
        ("restated_unknown", unknown, "restated, but neither declared nor in the act"),
        ("restated_left_out", left_out, "in the act, but left out where its Pasal is restated"),
    ):
        if places:
            yield Remark(code, "warning", f"{', '.join(places[:SHOWN])}: {what}")


def _outer(place: str) -> Iterator[str]:
    """The place and all that stand above it by its eid."""
    while place:
        yield place
        place = place.rpartition("__")[0]


def _within(place: str, places: Set[str | None]) -> bool:
    """Whether `place` is one of `places` or stands below one."""
    return any(outer in places for outer in _outer(place))


def _folded(text: str) -> str:
    return " ".join(ENDING.sub("", text).split())
