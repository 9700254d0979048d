"""The comparison as a matrix: entries of the catalogue by regions, each number with its standing among the others."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from pipeline.published import Row
from pipeline.report.loaded import Loaded, grouped

REMARKS = ("probably_copied", "unit_differs", "superseded")
# Below this many values a rank says nothing.
FEW = 3
# Rank of a value by the share of the others that lie below it: fifths, from the worst to the best.
FIFTHS = (0.2, 0.4, 0.6, 0.8)
NATIONAL = "00"


class Place(NamedTuple):
    """A region that promises something; code `00` and no name for targets without a region."""

    code: str
    name: str | None
    kind: str | None
    province: str | None


class Entry(NamedTuple):
    """An entry of the catalogue; `pillar_name` as most rows spell it."""

    id: str
    theme: str
    part: str
    pillar: int | None
    pillar_name: str | None
    group: str
    name: str
    unit: str | None
    direction: str | None
    national: float | None
    national_year: int | None
    wordings: str


class Number(NamedTuple):
    """A target. `entry`, `place` and `act` are places in their lists, `row` that of the indicator in its act.

    `rank`: -2 to 2, from the worst fifth of the comparable values to the best; where the entry has no direction from
    the lowest to the highest; None where there are too few. `meets` the national target, None where there is none.
    """

    entry: int
    place: int
    act: int
    row: int
    target: int
    value: float | None
    upper: float | None
    text: str | None
    unit: str | None
    comparator: str | None
    year: int | None
    status: str
    remarks: tuple[str, ...]
    rank: int | None
    meets: bool | None


@dataclass(frozen=True, slots=True)
class Matrix:
    entries: tuple[Entry, ...]
    places: tuple[Place, ...]
    numbers: tuple[Number, ...]


def matrix(release: Loaded) -> Matrix:
    """All comparable targets of the release; entries as the annexes have them, regions by code."""
    at_row = row_numbers(release)
    entries = _entries(release)
    compared = release["comparison"]
    regions = {row["region_code"]: row for row in release["regions"]}
    codes = sorted({row["region_code"] or NATIONAL for row in compared})
    places = tuple(_place(code, regions.get(code)) for code in codes)
    at_entry = {entry.id: number for number, entry in enumerate(entries)}
    at_place = {place.code: number for number, place in enumerate(places)}
    at_act = {row["document_id"]: number for number, row in enumerate(release["documents"])}
    ranks = _ranks(compared, {entry.id: entry.direction for entry in entries})
    numbers = tuple(
        Number(
            at_entry[row["catalog_id"]],
            at_place[row["region_code"] or NATIONAL],
            at_act[row["document_id"]],
            at_row[row["indicator_id"]],
            row["target_no"],
            row["value"],
            row["value_upper"],
            row["value_text"],
            row["unit"],
            row["comparator"],
            row["year"],
            row["status"],
            tuple(name for name in REMARKS if row[name]),
            rank,
            _meets(row, entries[at_entry[row["catalog_id"]]].direction),
        )
        for row, rank in zip(compared, ranks, strict=True)
    )
    return Matrix(entries, places, numbers)


def row_numbers(release: Loaded) -> dict[str, int]:
    """Of each indicator its place, from 0, among those of its act."""
    return {
        row["indicator_id"]: number
        for rows in release.by("indicators", "document_id").values()
        for number, row in enumerate(rows)
    }


def comparable(row: Row) -> bool:
    """Whether the value may stand beside those of other regions."""
    return row["status"] == "ok" and row["value"] is not None and not row["unit_differs"] and not row["superseded"]


def middle(row: Row) -> float:
    """The value, of a range its middle."""
    value: float = row["value"]
    return value if row["value_upper"] is None else (value + row["value_upper"]) / 2


def _entries(release: Loaded) -> tuple[Entry, ...]:
    """The catalogue in the order of its themes."""
    pillars = {row["indicator_id"]: row["pillar"] for row in release["indicators"]}
    spelled: dict[str, Counter[str]] = {}
    for row in release["comparison"]:
        if pillars[row["indicator_id"]]:
            spelled.setdefault(row["catalog_id"], Counter())[pillars[row["indicator_id"]]] += 1
    made = [
        Entry(
            row["catalog_id"],
            row["theme"],
            row["part"],
            row["pillar_number"],
            spelled[row["catalog_id"]].most_common(1)[0][0] if row["catalog_id"] in spelled else None,
            row["group"],
            row["name"],
            row["unit"],
            row["direction"],
            row["national_target"],
            row["national_year"],
            " ".join(row["wordings"]),
        )
        for row in sorted(release["indicator_catalog"], key=lambda row: (row["theme"], row["ordinal"]))
    ]
    return tuple(made)


def _place(code: str, region: Row | None) -> Place:
    if region is None:
        return Place(code, None, None, None)
    return Place(code, region["name"], region["kind"], region["province_name"])


def _ranks(compared: Sequence[Row], directions: dict[str, str | None]) -> list[int | None]:
    """The rank of each row among those of the same entry, unit and year."""
    ranks: dict[tuple[Any, ...], int] = {}
    usable = [row for row in compared if comparable(row)]
    for (catalog_id, _, _), rows in grouped(usable, "catalog_id", "unit", "year").items():
        values = sorted(middle(row) for row in rows)
        if len(values) < FEW:
            continue
        for row in rows:
            # Equal values share the middle of the ranks that they take.
            below, through = bisect_left(values, middle(row)), bisect_right(values, middle(row))
            rank = bisect_right(FIFTHS, (below + through) / 2 / len(values)) - 2
            ranks[_key(row)] = -rank if directions[catalog_id] == "lower_better" else rank
    return [ranks.get(_key(row)) for row in compared]


def _key(row: Row) -> tuple[Any, ...]:
    return row["indicator_id"], row["target_no"], row["catalog_id"]


def _meets(row: Row, direction: str | None) -> bool | None:
    if row["difference"] is None or direction is None or row["superseded"]:
        return None
    better: bool = row["difference"] <= 0 if direction == "lower_better" else row["difference"] >= 0
    return better
