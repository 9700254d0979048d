"""On which days the indicator rows hold: an annex that replaces an annex ends its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from extractors.models import Indicator, IndicatorValidity, Instruction


@dataclass(slots=True)
class _Holding:
    """An indicator row at the place of the act whose annex it fills."""

    place: str
    indicator_id: str
    since: date | None
    until: date | None = None
    ended_by: tuple[str, int] | None = None


class Holdings:
    """The indicator rows of all acts by the act in whose annexes they stand now."""

    def __init__(self) -> None:
        self._of: defaultdict[str, list[_Holding]] = defaultdict(list)

    def add(self, document_id: str, rows: Sequence[Indicator], since: Callable[[Indicator], date | None]) -> None:
        """The rows of an act as it was made."""
        self._of[document_id] += [_Holding(place_of(row), row.id_in(document_id), since(row)) for row in rows]

    def replace(self, row: Instruction, document_id: str, on: date) -> None:
        """`row` of the act `document_id` puts its own annex, or a part of it, in the place of another."""
        if row.target_document_id is None or row.target_eid is None or row.payload_eid is None:
            return
        self.end(row.target_document_id, row.target_eid, on, (document_id, row.seq))
        section = row.target_eid.partition("__")[2]
        whole = row.payload_eid if "__" in row.payload_eid or not section else f"{row.payload_eid}__{section}"
        own = self._of[document_id]
        moved = [holding for holding in own if _under(holding.place, whole)]
        self._of[document_id] = [holding for holding in own if not _under(holding.place, whole)]
        for holding in moved:
            holding.place = row.target_eid + holding.place[len(whole) :]
            holding.since = on
        self._of[row.target_document_id] += moved

    def end(self, document_id: str, place: str | None, on: date, by: tuple[str, int]) -> None:
        """End the rows at `place` of an act; with None all of its rows."""
        for holding in self._of[document_id]:
            if holding.ended_by is None and (place is None or _under(holding.place, place)):
                holding.until = max(on, holding.since) if holding.since else on
                holding.ended_by = by

    def validity(self) -> Iterator[IndicatorValidity]:
        for holdings in self._of.values():
            for holding in holdings:
                yield IndicatorValidity(
                    holding.indicator_id, holding.since, holding.until, *(holding.ended_by or (None, None))
                )


def place_of(row: Indicator) -> str:
    """The annex of an indicator row, with its section where it has one: `lampiran_I__A`."""
    return f"{row.annex}__{row.section}" if row.section else row.annex


def _under(place: str, outer: str) -> bool:
    return place == outer or place.startswith(f"{outer}__")
