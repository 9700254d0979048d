"""Findings of one annex: each knows the place it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from extractors.models import Notes, Span


class Place(Protocol):
    """A row or cell of a source."""

    @property
    def span(self) -> Span | None: ...

    @property
    def page(self) -> int: ...


@dataclass(frozen=True, slots=True)
class AnnexNotes:
    """Notes that go under the eid of an annex."""

    notes: Notes
    eid: str

    def add(self, place: Place, code: str, severity: str, message: str, repair: str | None = None) -> None:
        """Record a finding at a row or cell."""
        self.notes.add(code, severity, message, span=place.span, page=place.page, eid=self.eid, repair=repair)
