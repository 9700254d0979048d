"""A Pasal restated around a change of one of its ayat: what is declared and what is restated are two facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    whole = {row.new_eid or row.target_eid for row in rows if row.action in ("substitute", "insert", "append")}
    quoted = {place: p for place, p in new_text.quoted(item) if not _within(place, whole)}
    articles = {place for place, p in quoted.items() if p.kind == "pasal"}
    changed: list[str] = []
    unknown: list[str] = []
    for place, p in quoted.items():
        if not _within(place, articles):
            continue
        slot = slots.get(place)
        deleted = bool(DELETED.fullmatch(p.text.text))
        if slot is None:
            unknown.append(place)
        elif slot.live == deleted or (slot.live and _folded(slot.text) != _folded(p.text.text)):
            changed.append(place)
    left_out = [
        slot.eid
        for article in sorted(articles)
        for slot in slots.below(article)
        if slots.live(article) and slot.live and slot.eid not in quoted and not _within(slot.eid, whole)
    ]
    for code, places, what in (
        ("restated_differs", changed, "restated with another text, but not declared changed"),
        ("restated_unknown", unknown, "restated, but neither declared nor in the act"),
        ("restated_left_out", left_out, "in the act, but left out where its Pasal is restated"),
    ):
        if places:
            yield Remark(code, "warning", f"{', '.join(places[:SHOWN])}: {what}")


def _within(place: str, outer: set[str | None] | set[str]) -> bool:
    """Whether `place` is one of `outer` or stands below one."""
    segments = place.split("__")
    return any("__".join(segments[:end]) in outer for end in range(1, len(segments) + 1))


def _folded(text: str) -> str:
    return " ".join(ENDING.sub("", text).split())
