"""Who answers for what: offices across regions, with the indicators that they are named for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from pipeline.published import Row
from pipeline.report.loaded import Loaded
from pipeline.report.matrix import Matrix

ROLES = ("responsible", "supporting")


class Duty(NamedTuple):
    """What an office does for an entry of the catalogue (its place in the list), and in which regions (places)."""

    entry: int
    role: str
    places: tuple[int, ...]


class Office(NamedTuple):
    """An office, the same in every region: `rows` and `regions` by role, `outside` those rows in no comparison."""

    id: str
    name: str
    functions: tuple[str, ...]
    known: bool
    rows: tuple[int, ...]
    regions: tuple[int, ...]
    outside: int
    duties: tuple[Duty, ...]


def offices(release: Loaded, matrix: Matrix) -> list[Office]:
    """All offices, those that answer for most rows first; names that are no known agency each by itself."""
    agencies = {row["agency_id"]: row for row in release["agencies"]}
    entry_at = {entry.id: number for number, entry in enumerate(matrix.entries)}
    place_at = {place.code: number for number, place in enumerate(matrix.places)}
    region = {row["document_id"]: row["region_code"] for row in release["documents"]}
    act = {row["indicator_id"]: row["document_id"] for row in release["indicators"]}
    entries: dict[str, set[int]] = {}
    for row in release["comparison"]:
        entries.setdefault(row["indicator_id"], set()).add(entry_at[row["catalog_id"]])
    groups: dict[tuple[str, bool], list[Row]] = {}
    for mention in release["indicator_agencies"]:
        agency = agencies.get(mention["agency_id"])
        office = agency["office"] if agency else mention["agency_id"] or mention["name"]
        groups.setdefault((office, mention["agency_id"] is not None), []).append(mention)
    made = []
    for (office, known), mentions in groups.items():
        owners = [agencies[m["agency_id"]] for m in mentions if m["agency_id"] in agencies]
        duties: dict[tuple[int, str], set[int]] = {}
        for mention in mentions:
            code = region[act[mention["indicator_id"]]]
            for entry in entries.get(mention["indicator_id"], ()):
                duties.setdefault((entry, mention["role"]), set())
                if code in place_at:
                    duties[entry, mention["role"]].add(place_at[code])
        made.append(
            Office(
                office,
                _most(owner["name"] for owner in owners) or _most(m["name"] for m in mentions) or office,
                tuple(sorted({function for owner in owners for function in owner["functions"]})),
                known,
                tuple(sum(m["role"] == role for m in mentions) for role in ROLES),
                tuple(len({region[act[m["indicator_id"]]] for m in mentions if m["role"] == role}) for role in ROLES),
                len({m["indicator_id"] for m in mentions} - entries.keys()),
                tuple(Duty(entry, role, tuple(sorted(at))) for (entry, role), at in sorted(duties.items())),
            )
        )
    return sorted(made, key=lambda one: (-one.rows[0], -one.rows[1], one.id, one.known))


def _most(names: Iterable[str]) -> str | None:
    """The most common name, of equally common ones the first in the alphabet."""
    counted = Counter(names)
    return min(counted, key=lambda name: (-counted[name], name), default=None)
