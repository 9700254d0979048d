"""All that people wrote about the rows of a run: corrections, and what they decided on matches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline import correction_files, corrections, reviews
from pipeline.correction_files import Correction
from pipeline.derive import derive
from pipeline.reviews import Decision
from pipeline.rows import Row


@dataclass(frozen=True, slots=True)
class Edits:
    corrections: tuple[Correction, ...] = ()
    decisions: tuple[Decision, ...] = ()


NONE = Edits()


def load(folder: Path) -> Edits:
    """What stands in a folder of corrections. Raises CorrectionFileError, OSError."""
    decided = folder / reviews.FILE
    return Edits(correction_files.load(folder), reviews.load(decided) if decided.exists() else ())


def edited(made: dict[str, list[Row]], edits: Edits) -> dict[str, list[Row]]:
    """The rows corrected, and the tables that are made from them. Raises CorrectionFailedError."""
    made = corrections.apply(made, edits.corrections)
    return derive(made, reviews.settle(edits.decisions, made))


def left_aside(edits: Edits, documents: Iterable[str]) -> dict[str, int]:
    """How many corrections and decisions there are on each act that is not among the documents."""
    present = set(documents)
    named = [one.document_id for one in edits.corrections] + [one.document_id for one in edits.decisions]
    return dict(sorted(Counter(name for name in named if name not in present).items()))
