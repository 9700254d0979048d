"""What amending acts changed, as redlines, and what of them is applied nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from pipeline import reading
from pipeline.published import APPLIED, NotPublishedError, open_act
from pipeline.reasons import NotApplied
from pipeline.redline import Piece, pieces, texts
from pipeline.report.loaded import Loaded, grouped


class Change(NamedTuple):
    """A place with its text: pieces that went (`del`), came (`ins`), or stayed."""

    eid: str
    action: str
    pieces: tuple[Piece, ...]


class Waiting(NamedTuple):
    """An instruction that is not applied, and why."""

    status: str
    reason: str | None
    printed: str


class Amended(NamedTuple):
    """An act that changes others."""

    id: str
    title: str
    targets: tuple[str, ...]
    changes: tuple[Change, ...]
    waiting: tuple[Waiting, ...]


def amended(release: Loaded) -> Iterator[Amended]:
    """Every act with instructions, in the order of their ids."""
    for document_id, rows in sorted(grouped(release["amendments"], "document_id").items()):
        applied = [row for row in rows if row["status"] == APPLIED]
        targets = sorted({row["target_document_id"] for row in applied})
        act = open_act(release.folder, document_id)
        bases = []
        for target in targets:
            try:
                bases.append(open_act(release.folder, target))
            except NotPublishedError:
                continue
        found = reading.changed(act, date.max, None, bases) if bases else []
        yield Amended(
            document_id,
            reading.title(act),
            tuple(reading.title(base) for base in bases),
            tuple(Change(change.eid, change.action, tuple(pieces(*texts(change)))) for change in found),
            tuple(
                Waiting(
                    row["status"], row["reason"] and NotApplied(row["reason"]).description, row["instruction_printed"]
                )
                for row in rows
                if row["status"] != APPLIED
            ),
        )
