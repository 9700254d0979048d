"""Matches that a person decided (`corrections/matches.yml`), and the rows of a run that they name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.catalog.entries import themes
from pipeline.compare import Review
from pipeline.correction_files import CorrectionFileError, form_problems, read_yaml
from pipeline.corrections import CorrectionFailedError

FILE = "matches.yml"


@dataclass(frozen=True, slots=True)
class Decision:
    """What a row of an act is: an entry of the catalogue, or None for none. `place` names file and entry."""

    place: str
    document_id: str
    group: str | None
    printed: str
    catalog_id: str | None
    reason: str


def load(path: Path) -> tuple[Decision, ...]:
    """The decisions in a file. Raises CorrectionFileError, OSError."""
    from pydantic import ValidationError

    from pipeline.correction_form import MatchesForm

    try:
        form = MatchesForm.model_validate(read_yaml(path))
    except ValidationError as error:
        raise CorrectionFileError(path, form_problems(error)) from error
    known = {entry.catalog_id for theme in themes() for entry in theme.entries}
    problems = [
        f"entry {number}: {entry.catalog_id!r} is no catalog_id"
        for number, entry in enumerate(form.matches, start=1)
        if entry.catalog_id is not None and entry.catalog_id not in known
    ]
    if problems:
        raise CorrectionFileError(path, problems)
    return tuple(
        Decision(f"{path}: entry {number}", entry.document, entry.group, entry.printed, entry.catalog_id, entry.reason)
        for number, entry in enumerate(form.matches, start=1)
    )


def settle(decisions: Iterable[Decision], made: Mapping[str, Sequence[dict[str, Any]]]) -> list[Review]:
    """The reviews of the rows that the decisions name; those of acts without a row in `documents` are left aside.

    Raises CorrectionFailedError where no row of an act fits, or more than one.
    """
    present = {row["document_id"] for row in made["documents"]}
    wanted = [decision for decision in decisions if decision.document_id in present]
    if not wanted:
        return []
    rows: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in made["indicators"]:
        rows[row["document_id"], _bare(row["group_text"]), _bare(row["indicator"])].append(row["indicator_id"])
    settled: dict[str, Review] = {}
    problems = []
    for decision in wanted:
        found = rows[decision.document_id, _bare(decision.group), _bare(decision.printed)]
        if len(found) != 1:
            why = f"{len(found)} rows fit" if found else "no row fits"
            problems.append(f"{decision.place}: {why} {decision.printed!r} under {decision.group!r}")
        elif found[0] in settled:
            problems.append(f"{decision.place}: {found[0]} is decided on twice")
        else:
            settled[found[0]] = Review(found[0], decision.catalog_id, decision.reason)
    if problems:
        raise CorrectionFailedError(problems)
    return list(settled.values())


def _bare(text: str | None) -> str:
    """A text as people copy it: case, blanks and a full stop at its end do not count."""
    return " ".join((text or "").split()).rstrip(". ").casefold()
