"""The new text that an amending act quotes, as nodes under the places of the act that it changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import regex

from extractors.amendments.instructions import looks_like_instruction
from extractors.consolidation.slots import Node
from extractors.models import Provision

# `(2) Dihapus.` where a Pasal is restated: the number stays, the text is gone.
DELETED = regex.compile(r"\W{0,3}(?:di\s?hapus|dihapuskan)\W{0,3}", regex.I)

# `(3) Tetap.`, `a. ...`: the text that stands is pointed at, not quoted.
_ELIDED = regex.compile(r"\W*(?:tetap|tidak\s+(?:berubah|diubah))\W*", regex.I)
_ELLIPSIS = regex.compile(r"(?:…|\.\s?\.\s?\.)[\s.;,”\"]*$")
# Where the next item may begin: behind a closing mark, or with a number (as misread as may be) behind a sentence.
_NEXT = regex.compile(r"[”\"]\s{0,9}(?:\w{1,3}\s?[.,)]\s{0,9})?|[.;]\s{1,9}\w{1,3}\s?[.,)]\s{1,9}")
_ITEM_HEAD = 400


def elided(text: str) -> bool:
    """Whether a quoted text stands for one that stays as it is: `Tetap.`, or an ellipsis at its end."""
    return bool(_ELIDED.fullmatch(text) or _ELLIPSIS.search(text))


def runs_on(text: str) -> bool:
    """Whether a quoted text holds the instruction that follows it, whose number was not read as one."""
    return any(looks_like_instruction(text[m.end() : m.end() + _ITEM_HEAD]) for m in _NEXT.finditer(text))


class NewText:
    """The provisions of one amending act, by eid and by parent."""

    def __init__(self, provisions: Sequence[Provision]) -> None:
        self.by_eid = {p.eid: p for p in provisions}
        self._below: defaultdict[str | None, list[Provision]] = defaultdict(list)
        for p in sorted(provisions, key=lambda p: p.ordinal):
            self._below[p.parent_eid].append(p)

    def nodes(self, payload: str, place: str) -> list[Node]:
        """What stands at `payload` and below it, as `place` of the amended act and below; the first is `place` itself.

        A Pasal quoted within a BAB is `pasal_43A` in both acts, whatever stands around it. Only the annex part that a
        place names is taken, not the parts that other instructions name.
        """
        found: list[Node] = []
        renamed: dict[str, str] = {}
        around = payload.removesuffix(place) if payload.endswith(place) else None
        for p in self.subtree(payload):
            if p.eid == payload:
                eid = place
            elif p.eid.startswith(f"{payload}__"):
                eid = place + p.eid[len(payload) :]
            elif around is not None and p.eid.startswith(around):
                eid = p.eid[len(around) :]
            else:
                eid = p.eid
            renamed[p.eid] = eid
            parent = renamed.get(p.parent_eid or "") if p.eid != payload else None
            number = p.number
            deleted = p.kind != "text" and bool(DELETED.fullmatch(p.text.text))
            found.append(Node(eid, parent, p.kind, number, p.heading.text, p.text.text, deleted))
        return found

    def subtree(self, eid: str) -> Iterator[Provision]:
        """The provision and those below it by their parents, in reading order."""
        stack = [self.by_eid[eid]] if eid in self.by_eid else []
        while stack:
            p = stack.pop()
            yield p
            stack += reversed(self._below[p.eid])

    def quoted(self, item: str) -> Iterator[tuple[str, Provision]]:
        """The nodes quoted below `item` and below the list under it, each with its place in the amended act."""
        owners = [item, *(p.eid for p in self._below[item] if p.zone != "quoted")]
        for owner in owners:
            for p in self.subtree(owner):
                if p.zone == "quoted" and self._owner(p) == owner:
                    yield p.eid.removeprefix(f"{owner}__"), p

    def _owner(self, p: Provision) -> str | None:
        """The nearest place above that is not quoted."""
        above = self.by_eid.get(p.parent_eid or "")
        while above is not None and above.zone == "quoted":
            above = self.by_eid.get(above.parent_eid or "")
        return above.eid if above else None
