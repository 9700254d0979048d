"""Runs the stages of one document so that a fault in one costs its rows and not the document's."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from extractors.models import Finding, Notes

T = TypeVar("T")


class Stages:
    """Collects the findings of all stages; `failed` tells that one broke off."""

    def __init__(self) -> None:
        self.failed = False
        self._notes: dict[str, Notes] = {}

    def notes(self, stage: str) -> Notes:
        """Where the findings of a stage go."""
        return self._notes.setdefault(stage, Notes(stage))

    def run(self, stage: str, step: Callable[[Notes], T], instead: T) -> T:
        """What `step` returns; where it raises, `instead`, with a finding that names the fault."""
        notes = self.notes(stage)
        try:
            return step(notes)
        except Exception as error:
            self.failed = True
            frame = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(frame.filename).stem}, line {frame.lineno}"
            notes.add(
                "stage_failed", "error", f"{type(error).__name__} in {place}", repair="this stage's rows are missing"
            )
            return instead

    @property
    def findings(self) -> list[Finding]:
        """All findings, stage by stage in the order in which they began."""
        return [finding for notes in self._notes.values() for finding in notes]
