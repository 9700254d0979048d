"""One instruction applied to the slots of the act that it changes, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import regex

from extractors.consolidation.new_text import NewText, elided, runs_on
from extractors.consolidation.placing import RefusedError, number_of, spot
from extractors.consolidation.slots import Change, Node, Slot, Slots
from extractors.models import Instruction
from extractors.structure.numbering import follows


class Remark(NamedTuple):
    """What a reader should know of an instruction that is applied: a finding in the making."""

    code: str
    severity: str
    message: str


def apply(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> list[Remark]:
    """Write what `row` orders. Raises RefusedError, and then nothing is changed."""
    action = _ACTIONS.get(row.action or "")
    if action is None:
        raise RefusedError("unresolved", "action_unknown", f"no rule for {row.action}")
    remarks = list(action(slots, row, change, new_text))
    remarks += _explained(slots, row, change, new_text)
    return remarks


def target(slots: Slots, eid: str | None) -> Slot:
    """The live slot that an instruction names."""
    slot = slots.get(eid)
    if slot is None:
        raise RefusedError("target_missing", "no_such_place", f"the act has no {eid}")
    if not slot.live:
        raise RefusedError("conflict", "target_repealed", f"{eid} is repealed")
    return slot


def _new_nodes(row: Instruction, place: str, new_text: NewText) -> list[Node]:
    """The quoted text for `place`; it has to be quoted as just that place."""
    payload = row.payload_eid
    if payload is None or payload not in new_text.by_eid:
        raise RefusedError("unresolved", "payload_missing", f"the new text of {place} is not found")
    if payload.rpartition("__")[2] != place.rpartition("__")[2]:
        raise RefusedError("unresolved", "payload_not_exact", f"{payload} is more than the new text of {place}")
    nodes = new_text.nodes(payload, place)
    for node in () if place.startswith("lampiran") else nodes:
        if elided(node.text):
            raise RefusedError("unresolved", "payload_elided", f"{node.eid} is not quoted in full")
        if runs_on(node.text):
            raise RefusedError("unresolved", "payload_not_exact", f"{node.eid} holds a further instruction")
    return nodes


def _substitute(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    place = target(slots, row.target_eid)
    yield from _put(slots, _new_nodes(row, place.eid, new_text), change)


def _put(slots: Slots, nodes: list[Node], change: Change) -> Iterator[Remark]:
    within = {slot.eid for slot in slots.below(nodes[0].eid)}
    for node in nodes[1:]:
        there = slots.get(node.eid)
        if there is not None and node.eid not in within:
            raise RefusedError("conflict", "place_taken", f"{node.eid} stands elsewhere already")
    for node in nodes:
        there = slots.get(node.eid)
        if there is not None and not there.live and not node.repealed:
            yield Remark("repealed_place_restated", "warning", f"{node.eid} was repealed and has a text again")
    yield from _skipped(slots, nodes)
    slots.put(nodes, change)


def _skipped(slots: Slots, nodes: list[Node]) -> Iterator[Remark]:
    """Live units that new text leaves out between units that it holds: dropped without a word, or lost in a scan."""
    given = {node.eid for node in nodes}
    for node in nodes:
        if slots.get(node.eid) is None:
            continue
        children = list(slots.children(node.eid))
        last = max((at for at, eid in enumerate(children) if eid in given), default=-1)
        for eid in children[:last]:
            held = slots.get(eid)
            if held is not None and held.live and eid not in given:
                yield Remark("restated_with_gap", "warning", f"the new text goes on behind {eid}, but does not hold it")


def _insert(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    if row.new_eid is None:
        raise RefusedError("unresolved", "place_incomplete", "the instruction does not say what is inserted")
    nodes = _new_nodes(row, row.new_eid, new_text)
    first = nodes[0]
    if row.action == "append" and row.target_eid is not None:
        target(slots, row.target_eid)
    where = spot(slots, first.eid, first.kind, first.number, row.after_eid, row.before_eid)
    for node in nodes[1:]:
        if slots.get(node.eid) is not None:
            raise RefusedError("conflict", "place_taken", f"{node.eid} is there already")
    if row.action == "append":
        yield from _gap(slots, first, where.parent, where.index)
    if where.disputed:
        yield Remark("membership_open", "info", f"{first.eid} stands at a border; it is put below {where.parent}")
    slots.add(first, where.parent, where.index, change)
    slots.put(nodes, change)


def _gap(slots: Slots, node: Node, parent: str | None, index: int) -> Iterator[Remark]:
    """An appended unit whose number does not follow the one before it."""
    for eid in reversed(slots.children(parent)[:index]):
        before = slots.get(eid)
        if before is not None and before.kind == node.kind:
            numbers = number_of(node.kind, node.number), number_of(before.kind, before.number)
            if numbers[0] and numbers[1] and not follows(numbers[0], numbers[1]):
                yield Remark("appended_with_gap", "warning", f"{node.eid} is appended behind {before.eid}")
            return


def _repeal(slots: Slots, row: Instruction, change: Change, _new_text: NewText) -> Iterator[Remark]:
    slots.repeal(target(slots, row.target_eid).eid, change)
    yield from ()


def _retitle(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    place = target(slots, row.target_eid)
    node = _new_nodes(row, place.eid, new_text)[0]
    heading = node.heading or node.text
    if not heading:
        raise RefusedError("unresolved", "payload_missing", f"the new title of {place.eid} is not found")
    slots.write(place.eid, heading, place.text, change)
    yield from ()


def _replace_phrase(slots: Slots, row: Instruction, change: Change, _new_text: NewText) -> Iterator[Remark]:
    if not row.old_phrase:
        raise RefusedError("unresolved", "phrase_missing", "the instruction quotes no phrase")
    if (row.target_eid or "").startswith("lampiran"):
        raise RefusedError("unresolved", "phrase_in_annex", "the cells of an annex are not rewritten word by word")
    if row.target_eid is None:
        places = [slot for slot in slots.below(None) if slot.eid in slots.bodies and slot.live]
    else:
        places = [slot for slot in slots.below(target(slots, row.target_eid).eid) if slot.live]
    new = row.new_phrase or ""
    old = phrase_pattern(row.old_phrase, deleted=not new)
    hits = sum(len(old.findall(text)) for slot in places for text in (slot.heading, slot.text))
    wanted = row.occurrence
    if hits == 0 or (wanted and hits < wanted):
        raise RefusedError("target_missing", "no_such_phrase", f"{hits} hits in {row.target_eid or 'the act'}")

    seen = 0

    def swapped(match: regex.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return new if wanted in (None, seen) else match[0]

    for slot in places:
        heading, text = (old.sub(swapped, text) for text in (slot.heading, slot.text))
        slots.write(slot.eid, heading.lstrip(), text.lstrip(), change)
    yield from ()


def phrase_pattern(phrase: str, *, deleted: bool = False) -> regex.Pattern[str]:
    """The phrase as whole words in its own case, whatever white space is between them.

    One that is deleted takes the white space in front of it along.
    """
    words = r"\s+".join(regex.escape(word) for word in phrase.split())
    front = r"(?:(?<!\s)\s+|(?<![\w\s])|(?<=^\s*))" if deleted else r"(?<!\w)"
    return regex.compile(rf"{front}{words}(?!\w)")


def _replace_elucidation(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    place = target(slots, row.target_eid)
    yield from _put(slots, _new_nodes(row, place.eid, new_text), change)


def _replace_annex(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    place = target(slots, row.target_eid)
    whole = "__" not in place.eid and row.payload_eid in new_text.by_eid and "__" not in (row.payload_eid or "__")
    # The only annex of the amending act may take the place of one that has a number.
    nodes = new_text.nodes(row.payload_eid or "", place.eid) if whole else _new_nodes(row, place.eid, new_text)
    yield from _put(slots, nodes, change)


def _revoke(slots: Slots, _row: Instruction, change: Change, _new_text: NewText) -> Iterator[Remark]:
    if not any(slot.live for slot in slots.below(None)):
        raise RefusedError("conflict", "target_repealed", "the act is revoked already")
    for root in list(slots.roots):
        slots.repeal(root, change)
    yield from ()


def _explained(slots: Slots, row: Instruction, change: Change, new_text: NewText) -> Iterator[Remark]:
    """The new elucidation of a provision goes with it, where the amending act explains just that one."""
    place = row.new_eid or row.target_eid
    if row.action not in ("substitute", "insert", "append") or not place:
        return
    own, theirs = f"penjelasan__{place}", f"penjelasan__{row.item_eid}__{place}"
    if theirs not in new_text.by_eid or slots.live("penjelasan") is None:
        return
    nodes = new_text.nodes(theirs, own)
    try:
        if slots.live(own) is None:
            where = spot(slots, own, nodes[0].kind, nodes[0].number, None, None)
            slots.add(nodes[0], where.parent, where.index, change)
        yield from _put(slots, nodes, change)
    except RefusedError as refused:
        yield Remark("elucidation_not_placed", "info", f"the elucidation of {place} is not put in: {refused}")


_ACTIONS: dict[str, Callable[[Slots, Instruction, Change, NewText], Iterator[Remark]]] = {
    "substitute": _substitute,
    "insert": _insert,
    "append": _insert,
    "repeal": _repeal,
    "retitle": _retitle,
    "replace_phrase": _replace_phrase,
    "replace_elucidation": _replace_elucidation,
    "replace_annex": _replace_annex,
    "revoke": _revoke,
}
