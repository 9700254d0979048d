"""All that people wrote about the rows of a run: corrections, and what they decided on matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline import correction_files, corrections, reviews
from pipeline.correction_files import Correction
from pipeline.derive import match
from pipeline.reviews import Decision
from pipeline.rows import Row


@dataclass(frozen=True, slots=True)
class Edits:
    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def documents(self) -> frozenset[str]:
        """The acts that they are on."""
        corrected = frozenset(one.document_id for one in self.corrections)
        return corrected.union(one.document_id for one in self.decisions)


NONE = Edits()


def load(folder: Path) -> Edits:
    """What stands in a folder of corrections. Raises CorrectionFileError, OSError."""
    decided = folder / reviews.FILE
    return Edits(correction_files.load(folder), reviews.load(decided) if decided.exists() else ())


def edited(made: dict[str, list[Row]], edits: Edits) -> dict[str, list[Row]]:
    """The rows corrected and matched with the catalogue. Raises CorrectionFailedError."""
    made = corrections.apply(made, edits.corrections)
    return match(made, reviews.settle(edits.decisions, made))


def left_aside(edits: Edits, documents: Iterable[str]) -> dict[str, int]:
    """How many corrections and decisions there are on each act that is not among the documents."""
    present = set(documents)
    named = [one.document_id for one in edits.corrections] + [one.document_id for one in edits.decisions]
    return dict(sorted(Counter(name for name in named if name not in present).items()))
