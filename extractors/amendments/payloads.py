"""Where the new text of an amendment instruction stands: the quoted provisions below an item, and the own annexes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.models import Provision


class Payloads:
    """The quoted nodes of an amending act by the item that quotes them and by their place in the amended act."""

    def __init__(self, provisions: Sequence[Provision]) -> None:
        self.by_eid = {p.eid: p for p in provisions}
        self.lists: dict[str, list[str]] = {}
        self._owner: dict[str, str] = {}
        self._below: dict[str, dict[str, Provision]] = {}
        for p in provisions:
            above = self.by_eid.get(p.parent_eid or "")
            if above is None:
                continue
            if p.zone == "quoted":
                owner = self._owner.get(above.eid, above.eid)
                self._owner[p.eid] = owner
                self._below.setdefault(owner, {}).setdefault(p.eid.removeprefix(f"{owner}__"), p)
            elif above.kind == "item":
                self.lists.setdefault(above.eid, []).append(p.eid)

    def _owners(self, item: str) -> tuple[str, ...]:
        return item, *self.lists.get(item, ())

    def quoted(self, item: str) -> Iterator[tuple[str, Provision]]:
        """The nodes quoted below `item` and its list, each with its place in the amended act."""
        for owner in self._owners(item):
            yield from self._below.get(owner, {}).items()

    def articles(self, item: str) -> tuple[str, ...]:
        """The Pasal quoted below `item` as a whole: `pasal_17`."""
        return tuple(dict.fromkeys(tail for tail, p in self.quoted(item) if p.kind == "pasal"))

    def find(self, item: str, place: str) -> str | None:
        """The eid where the text of `place` (`pasal_17__ayat_2`) is quoted below `item`.

        A unit may be quoted without its Pasal around it; then its own number alone has to fit.
        """
        for owner in self._owners(item):
            below = self._below.get(owner, {})
            if place in below:
                return below[place].eid
        segments = place.split("__")
        for owner in self._owners(item):
            below = self._below.get(owner, {})
            if any(p.kind == "pasal" for p in below.values()):
                continue
            for start in range(1, len(segments)):
                tail = "__".join(segments[start:])
                if tail in below:
                    return below[tail].eid
        return None

    def annex(self, stated: str | None, section: str | None) -> str | None:
        """The own annex (or its section, if that is a node) that `sebagaimana tercantum dalam Lampiran I` names."""
        if stated is None or stated not in self.by_eid:
            return None
        part = f"{stated}__{section}" if section else None
        return part if part in self.by_eid else stated

    def elucidation(self, item: str, place: str) -> str | None:
        """The node of the own elucidation that explains `place` of `item`, or the nearest one above it."""
        for owner in (f"penjelasan__{item}__", "penjelasan__"):
            segments = place.split("__")
            while segments:
                eid = owner + "__".join(segments)
                if eid in self.by_eid:
                    return eid
                segments.pop()
        return f"penjelasan__{item}" if f"penjelasan__{item}" in self.by_eid else None
