"""What a reader of files gives: a source as far as it could be read, or an error that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.models import Source


class UnreadableError(Exception):
    """No page came out of the bytes; `reason` says why, in the words of `sources.reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. `reason` says why it is only partly read, None if it is whole."""

    source: Source
    reason: str | None = None
