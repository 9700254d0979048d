"""What was read and how well: the files given, their acts, and sums over all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.published import Row
from pipeline.report.loaded import Loaded

TARGETS = ("ok", "text", "lost", "ambiguous")
SEVERITIES = ("error", "warning", "info")
MATCHES = ("reviewed", "certain", "candidate", "none")


class File(NamedTuple):
    """A file given, with the first act that it holds. `act` is its place among the acts, None where it holds none."""

    path: str
    act: int | None
    status: str
    reason: str | None
    text_origin: str | None
    pages: int | None
    accounted: float | None
    origin: str | None


class ActRead(NamedTuple):
    """An act and what came of it; `targets`, `findings` are counts in the order of TARGETS and SEVERITIES."""

    id: str
    label: str
    title: str | None
    region: str | None
    province: str | None
    rows: int
    targets: tuple[int, ...]
    matched: int
    findings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Sums over the release, each under the value it counts."""

    files: tuple[File, ...]
    acts: tuple[ActRead, ...]
    indicators: int
    targets: dict[str, int]
    findings: dict[str, int]
    matches: dict[str, int]

    @property
    def matched_share(self) -> float | None:
        """Share of indicator rows with a reviewed or certain match; None where there are no rows."""
        if not self.indicators:
            return None
        return (self.matches["reviewed"] + self.matches["certain"]) / self.indicators


def overview(release: Loaded) -> Overview:
    """What was read, file by file and act by act."""
    best: dict[str, str] = {}
    for match in release["indicator_matches"]:
        known = best.get(match["indicator_id"], "none")
        best[match["indicator_id"]] = min(known, match["status"], key=MATCHES.index)
    act_of = {row["indicator_id"]: row["document_id"] for row in release["indicators"]}
    rows = Counter(act_of.values())
    targets = Counter((act_of[row["indicator_id"]], row["status"]) for row in release["indicator_targets"])
    findings = Counter((row["document_id"], row["severity"]) for row in release["findings"])
    matched = Counter(act_of[i] for i, status in best.items() if status in ("reviewed", "certain"))
    acts = tuple(
        ActRead(
            row["document_id"],
            label(row),
            row["title"],
            row["region_name"],
            row["province_name"],
            rows[row["document_id"]],
            tuple(targets[row["document_id"], status] for status in TARGETS),
            matched[row["document_id"]],
            tuple(findings[row["document_id"], severity] for severity in SEVERITIES),
        )
        for row in release["documents"]
    )
    place = {act.id: number for number, act in enumerate(acts)}
    return Overview(
        tuple(_file(row, place) for row in release["sources"]),
        acts,
        len(release["indicators"]),
        _counted(TARGETS, (row["status"] for row in release["indicator_targets"])),
        _counted(SEVERITIES, (row["severity"] for row in release["findings"])),
        _counted(MATCHES, (best.get(row["indicator_id"], "none") for row in release["indicators"])),
    )


def label(document: Row) -> str:
    """`Perbup 6/2024`, or the id where the head could not be read."""
    if document["jenis"] is None or document["number"] is None or document["year"] is None:
        return str(document["document_id"])
    return f"{document['jenis'].capitalize()} {document['number']}/{document['year']}"


def _file(row: Row, place: dict[str, int]) -> File:
    return File(
        row["source_path"],
        place.get(row["document_id"]),
        row["status"],
        row["reason"],
        row["text_origin"],
        row["page_count"],
        row["accounted_ratio"],
        row["origin"],
    )


def _counted(names: tuple[str, ...], values: Iterable[str]) -> dict[str, int]:
    found = Counter(values)
    return {name: found[name] for name in names}
