"""Where a new unit goes: free, between its anchors, in the order of its numbers (18 < 18A < 18B < 19)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from extractors.consolidation.slots import Slot, Slots
from extractors.structure.numbering import Number, read_arabic, read_letter, read_roman

READERS: dict[str, Callable[[str], Number | None]] = {"huruf": read_letter, "bab": read_roman, "lampiran": read_roman}


class RefusedError(Exception):
    """An instruction that can't be applied; `status` is that of `amendments`, `reason` a code."""

    def __init__(self, status: str, reason: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Spot:
    """Child number `index` of `parent`; `disputed`: its neighbours have different parents, the elder's is taken."""

    parent: str | None
    index: int
    disputed: bool = False


@lru_cache(maxsize=65536)
def number_of(kind: str, number: str | None) -> Number | None:
    """A number as it sorts. Suffixes sort without regard to case, since `12 A` and `12a` are both printed."""
    if number is None:
        return None
    read = READERS.get(kind, read_arabic)(number) or (read_roman(number) if kind == "pasal" else None)
    return (read[0], read[1].upper()) if read else None


def spot(slots: Slots, eid: str, kind: str, number: str | None, after: str | None, before: str | None) -> Spot:
    """Where the unit `eid` goes, between the anchors that are given.

    Raises RefusedError: `place_taken`, `container_missing`, `anchor_missing`, `anchor_of_another_list`,
    `anchors_not_adjacent`, `number_out_of_order`, `no_such_list`.
    """
    if slots.get(eid) is not None:
        raise RefusedError("conflict", "place_taken", f"{eid} is there already")
    container = eid.rpartition("__")[0] or None
    if container and slots.live(container) is None:
        raise RefusedError("target_missing", "container_missing", f"there is no {container} to put {eid} into")
    for anchor in (after, before):
        if anchor and slots.get(anchor) is None:
            raise RefusedError("target_missing", "anchor_missing", f"there is no {anchor} beside which {eid} goes")
    peers = _peers(slots, container, kind)
    low = peers.index(after) if after in peers else -1
    high = peers.index(before) if before in peers else len(peers)
    if (after and low < 0) or (before and high == len(peers)):
        raise RefusedError("conflict", "anchor_of_another_list", f"the anchors of {eid} do not stand in its own list")
    return _between(slots, eid, number_of(kind, number), peers, low, high, after, before)


def _between(
    slots: Slots,
    eid: str,
    number: Number | None,
    peers: list[str],
    low: int,
    high: int,
    after: str | None,
    before: str | None,
) -> Spot:
    numbers = [number_of(slot.kind, slot.number) for peer in peers if (slot := slots.get(peer))]
    if after and before:
        between = numbers[low + 1 : high]
        if low >= high or any(n is None or not n[1] for n in between):
            raise RefusedError("conflict", "anchors_not_adjacent", f"{after} and {before} are not neighbours")
    if not peers:
        parent = slots.live(eid.rpartition("__")[0])
        if parent and (parent.text or any(slots.live(child) for child in parent.children)):
            raise RefusedError("conflict", "no_such_list", f"{parent.eid} has no list that {eid} could join")
        return Spot(parent.eid if parent else None, 0)
    index = low + 1
    if number is not None:
        while index < high and (other := numbers[index]) is not None and other < number:
            if after and not other[1]:
                break
            index += 1
    elif not after and before:
        index = high
    elder, younger = index - 1, index
    wrong = number is not None and (
        (elder >= 0 and (n := numbers[elder]) is not None and n >= number)
        or (younger < len(peers) and (n := numbers[younger]) is not None and n <= number)
    )
    if wrong:
        raise RefusedError("conflict", "number_out_of_order", f"{eid} does not sort where it is to be inserted")
    return _beside(slots, peers, elder, younger, after)


def _beside(slots: Slots, peers: list[str], elder: int, younger: int, after: str | None) -> Spot:
    """Behind the elder neighbour, or before the younger where only that one is named or there."""
    first = slots.get(peers[elder]) if elder >= 0 else None
    second = slots.get(peers[younger]) if younger < len(peers) else None
    disputed = first is not None and second is not None and first.parent_eid != second.parent_eid
    if first is not None and (after or second is None or not disputed):
        return Spot(first.parent_eid, _index(slots, first) + 1, disputed and bool(after))
    assert second is not None
    return Spot(second.parent_eid, _index(slots, second))


def _index(slots: Slots, slot: Slot) -> int:
    return slots.children(slot.parent_eid).index(slot.eid)


def _peers(slots: Slots, container: str | None, kind: str) -> list[str]:
    """The units among which the new one sorts, tombstones too: a Pasal runs through the whole body."""
    if container is None:
        return [slot.eid for slot in slots.outermost(kind) if "__" not in slot.eid]
    return [eid for eid in slots.children(container) if (slot := slots.get(eid)) and slot.kind == kind]
