"""Runs the stages of one document so that a fault in one costs its rows and not the document's."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from extractors.models import Finding, Notes

T = TypeVar("T")


def fault(error: Exception) -> str:
    """A fault of the program in words: its type and place, not its message, which may quote addresses."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {Path(frame.filename).stem}, line {frame.lineno}"


class Stages:
    """Collects the findings of all stages; `failed` tells that one broke off."""

    def __init__(self) -> None:
        self.failed = False
        self._notes: dict[str, Notes] = {}

    def notes(self, stage: str) -> Notes:
        """Where the findings of a stage go."""
        return self._notes.setdefault(stage, Notes(stage))

    def rows(self, stage: str, step: Callable[[Notes], tuple[T, ...]]) -> tuple[T, ...]:
        """The rows that `step` returns; none where it raises."""
        return self.one(stage, step) or ()

    def one(self, stage: str, step: Callable[[Notes], T]) -> T | None:
        """What `step` returns; None where it raises, with a finding that names the fault."""
        notes = self.notes(stage)
        try:
            return step(notes)
        except Exception as error:
            self.failed = True
            notes.add("stage_failed", "error", fault(error), repair="its rows are missing")
            return None

    @property
    def findings(self) -> list[Finding]:
        """All findings, stage by stage in the order in which they began."""
        return [finding for notes in self._notes.values() for finding in notes]
