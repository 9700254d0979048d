"""Targets that two regions share to the last digit, where they count people or households: probably copied."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from extractors.lookups import vocabulary
from extractors.models import Notes, Span
from pipeline.finding_rows import finding_row
from pipeline.places import Places

Row = dict[str, Any]
Key = tuple[str, int, str]

# Two regions seldom plan for the same number of people from here on.
LEAST = 100
NAMED = 3


def people(made: Mapping[str, Sequence[Row]]) -> list[Row]:
    """The rows of `comparison` that count people, each with its region's name and the place of its figure.

    What an amending act ended does not count, nor an act whose region is not known.
    """
    units = set(vocabulary("units")["people"]["units"])
    counted = [
        row
        for row in made["comparison"]
        if row["unit"] in units and (row["value"] or 0) >= LEAST and row["region_code"] and not row["superseded"]
    ]
    if not counted:
        return []
    names = {row["document_id"]: row["region_name"] or row["document_id"] for row in made["documents"]}
    places = Places(made, {row["document_id"] for row in counted})
    fields = ("indicator_id", "target_no", "catalog_id", "value", "unit", "document_id")
    return [
        {name: row[name] for name in fields}
        | {"region": row["region_code"], "region_name": names[row["document_id"]]}
        | places.of(row["indicator_id"])
        for row in counted
    ]


def shared(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows of `people` of one entry with the same figure, where they are of two regions or more."""
    same: defaultdict[tuple[str, float, str], list[Row]] = defaultdict(list)
    for row in rows:
        same[row["catalog_id"], row["value"], row["unit"]].append(row)
    for group in same.values():
        if len({row["region"] for row in group}) > 1:
            yield sorted(group, key=lambda row: (row["indicator_id"], row["target_no"]))


def key(row: Mapping[str, Any]) -> Key:
    """The key of a row in `comparison`."""
    return row["indicator_id"], row["target_no"], row["catalog_id"]


def findings(group: Sequence[Row]) -> list[Row]:
    """A row of `findings` on each figure of a group that is shared."""
    made = []
    seen: Counter[str] = Counter()
    regions = {row["region"]: row["region_name"] for row in group}
    for row in group:
        others = sorted(name for region, name in regions.items() if region != row["region"])
        named = ", ".join(others[:NAMED]) + (f" and {len(others) - NAMED} more" if len(others) > NAMED else "")
        notes = Notes("compare")
        notes.add(
            "figure_probably_copied",
            "warning",
            f"{row['value']:.0f} {row['unit']} is the target of {named}, too: perhaps not the region's own figure",
            eid=row["eid"],
            page=row["page"],
            span=None if row["char_start"] is None else Span(row["char_start"], row["char_end"]),
        )
        made += [finding_row(finding, row, [row["eid"]], seen) for finding in notes]
    return made
