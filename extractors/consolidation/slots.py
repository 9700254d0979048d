"""The places of one act over time: each slot keeps every text that it had and the change that made it.

A repealed slot stays as a tombstone. A slot that a restatement left out is gone: its number is free again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from extractors.models import Provision, ProvisionVersion

IN_FORCE = "in_force"
REPEALED = "repealed"


class Change(NamedTuple):
    """The instruction that makes a version; `on` is the day from which it holds, `made_on` the day its act was made."""

    document_id: str
    seq: int
    on: date
    made_on: date | None


@dataclass(frozen=True, slots=True)
class Node:
    """A place with its text, as a slot begins or as new text puts it there."""

    eid: str
    parent_eid: str | None
    kind: str
    number: str | None
    heading: str
    text: str
    repealed: bool = False


@dataclass(frozen=True, slots=True)
class _Version:
    heading: str
    text: str
    state: str
    since: date | None
    change: Change | None
    left_out: bool = False


@dataclass(slots=True)
class Slot:
    eid: str
    parent_eid: str | None
    kind: str
    number: str | None
    versions: list[_Version]
    children: list[str] = field(default_factory=list)
    gone: bool = False

    @property
    def heading(self) -> str:
        return self.versions[-1].heading

    @property
    def text(self) -> str:
        return self.versions[-1].text

    @property
    def live(self) -> bool:
        return self.versions[-1].state == IN_FORCE

    @property
    def changes(self) -> Iterator[Change]:
        """The changes that made its versions, the latest first."""
        return (version.change for version in reversed(self.versions) if version.change)


def _merged(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """`new` in its order; what only `old` holds stays behind the one before it."""
    known = set(new)
    behind: defaultdict[str | None, list[str]] = defaultdict(list)
    last: str | None = None
    for eid in old:
        if eid in known:
            last = eid
        else:
            behind[last].append(eid)
    return [*behind[None], *(one for eid in new for one in (eid, *behind[eid]))]


class Slots:
    """All places of one act. Reading order is that of the children lists, depth first."""

    def __init__(self, provisions: Sequence[Provision], since: Callable[[Provision], date | None]) -> None:
        self._slots: dict[str, Slot] = {}
        self.roots: list[str] = []
        self.bodies: set[str] = set()
        for p in sorted(provisions, key=lambda p: p.ordinal):
            version = _Version(p.heading.text, p.text.text, IN_FORCE, since(p), None)
            parent = p.parent_eid if p.parent_eid in self._slots else None
            self._slots[p.eid] = Slot(p.eid, parent, p.kind, p.number, [version])
            self.children(parent).append(p.eid)
            if p.zone == "body":
                self.bodies.add(p.eid)

    def get(self, eid: str | None) -> Slot | None:
        """The slot, live or tombstone; None where there is none or a restatement left it out."""
        slot = self._slots.get(eid) if eid else None
        return None if slot is None or slot.gone else slot

    def live(self, eid: str | None) -> Slot | None:
        slot = self.get(eid)
        return slot if slot is not None and slot.live else None

    def children(self, parent: str | None) -> list[str]:
        return self.roots if parent is None else self._slots[parent].children

    def below(self, eid: str | None) -> Iterator[Slot]:
        """The slot (or with None the whole act) and what stands below it, in reading order, without what is gone."""
        stack = [eid] if eid else list(reversed(self.roots))
        while stack:
            slot = self._slots[stack.pop()]
            if not slot.gone:
                yield slot
            stack += reversed(slot.children)

    def outermost(self, kind: str) -> Iterator[Slot]:
        """The slots of a kind in reading order, without looking below them or below a Pasal."""
        stack = list(reversed(self.roots))
        while stack:
            slot = self._slots[stack.pop()]
            if slot.kind == kind and not slot.gone:
                yield slot
            if slot.kind not in (kind, "pasal"):
                stack += reversed(slot.children)

    def write(self, eid: str, heading: str, text: str, change: Change) -> None:
        """A new version, unless the slot says just that already."""
        slot = self._slots[eid]
        if not slot.live or slot.gone or (slot.heading, slot.text) != (heading, text):
            slot.gone = False
            slot.versions.append(_Version(heading, text, IN_FORCE, change.on, change))

    def repeal(self, eid: str, change: Change) -> None:
        """End the slot and what stands below it: they stay as tombstones."""
        for slot in list(self.below(eid)):
            if slot.live:
                slot.versions.append(_Version("", "", REPEALED, change.on, change))

    def add(self, node: Node, parent: str | None, index: int, change: Change) -> None:
        """A new slot as child number `index` of `parent`, or one that was gone and is back."""
        slot = self._slots.get(node.eid)
        if slot is None:
            self._slots[node.eid] = replace(self._made(node, change), parent_eid=parent)
        else:
            self.children(slot.parent_eid).remove(node.eid)
            slot.parent_eid, slot.kind, slot.number = parent, node.kind, node.number
            self.write(node.eid, node.heading, node.text, change)
        self.children(parent).insert(index, node.eid)
        if parent in self.bodies or (parent is None and node.kind in ("bab", "pasal")):
            self.bodies.add(node.eid)

    def put(self, nodes: Sequence[Node], change: Change) -> None:
        """The new text of a place that is there: `nodes[0]` is the place, the others stand below it.

        What stood there and is not in `nodes` is gone, but for the tombstones of earlier repeals.
        """
        place = nodes[0].eid
        kept = {node.eid for node in nodes}
        for slot in list(self.below(place)):
            if slot.eid not in kept and slot.live:
                slot.versions.append(_Version("", "", REPEALED, change.on, change, left_out=True))
                slot.gone = True
        new = [node for node in nodes if node.eid not in self._slots]
        for node in new:
            self._slots[node.eid] = self._made(node, change)
        if place in self.bodies:
            self.bodies.update(node.eid for node in new)
        self._arrange(nodes[1:])
        for node in nodes:
            if node.repealed:
                self.repeal(node.eid, change)
            else:
                self.write(node.eid, node.heading, node.text, change)

    def _made(self, node: Node, change: Change) -> Slot:
        heading, text, state = ("", "", REPEALED) if node.repealed else (node.heading, node.text, IN_FORCE)
        version = _Version(heading, text, state, change.on, change)
        return Slot(node.eid, node.parent_eid, node.kind, node.number, [version])

    def _arrange(self, nodes: Sequence[Node]) -> None:
        """Give places their parents and the order of `nodes`; other children stay behind the sibling before them."""
        order: defaultdict[str | None, list[str]] = defaultdict(list)
        left: defaultdict[str | None, set[str]] = defaultdict(set)
        for node in nodes:
            slot = self._slots[node.eid]
            order[node.parent_eid].append(node.eid)
            if slot.parent_eid != node.parent_eid:
                left[slot.parent_eid].add(node.eid)
            slot.parent_eid, slot.kind, slot.number = node.parent_eid, node.kind, node.number
        for parent, moved in left.items():
            siblings = self.children(parent)
            siblings[:] = [eid for eid in siblings if eid not in moved]
        for parent, eids in order.items():
            siblings = self.children(parent)
            siblings[:] = _merged(siblings, eids)

    def rows(self, document_id: str) -> Iterator[ProvisionVersion]:
        """The versions of all slots. A version that another follows on its own first day has no day at all.

        A change never reaches behind the day from which the version before it holds.
        """
        order: list[str] = []
        stack = list(reversed(self.roots))
        while stack:
            order.append(stack.pop())
            stack += reversed(self._slots[order[-1]].children)
        for ordinal, eid in enumerate(order, 1):
            slot = self._slots[eid]
            days: list[date | None] = []
            for version in slot.versions:
                earlier = [day for day in days if day is not None]
                days.append(max([version.since, *earlier]) if version.since else None)
            for number, version in enumerate(slot.versions, 1):
                yield ProvisionVersion(
                    document_id=document_id,
                    eid=eid,
                    version=number,
                    parent_eid=slot.parent_eid,
                    kind=slot.kind,
                    number=slot.number,
                    heading=version.heading or None,
                    text=version.text or None,
                    ordinal=ordinal,
                    state=version.state,
                    left_out=version.left_out,
                    valid_from=days[number - 1],
                    valid_to=days[number] if number < len(days) else None,
                    changed_by_document_id=version.change.document_id if version.change else None,
                    changed_by_seq=version.change.seq if version.change else None,
                )
