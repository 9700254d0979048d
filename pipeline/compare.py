"""Indicator rows of all acts -> the catalogue's entries that they are -> targets side by side, region by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from extractors.catalog.entries import Entry, Theme, themes
from extractors.catalog.match import Match, Promise, match
from extractors.lookups import vocabulary
from extractors.models import Notes

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]

TRUSTED = ("reviewed", "certain")
# Two regions seldom plan for the same number of people from here on.
LEAST_COPIED = 100


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided on one row: the entry that it is, or None for none."""

    indicator_id: str
    catalog_id: str | None
    reason: str


@dataclass(slots=True)
class Compared:
    """Rows of the three tables, and what was noted on each indicator row."""

    catalog: list[Row] = field(default_factory=list)
    matches: list[Row] = field(default_factory=list)
    comparison: list[Row] = field(default_factory=list)
    notes: dict[str, Notes] = field(default_factory=lambda: defaultdict(lambda: Notes("compare")))


def compare(made: Rows, reviews: Sequence[Review] = (), catalog: Sequence[Theme] | None = None) -> Compared:
    """Match the rows of `indicators` and set their targets side by side. Needs the tables up to `indicator_validity`.

    Only `reviewed` and `certain` matches are compared, and only figures of the entry's unit and year have a
    difference to the national target.
    """
    catalog = themes() if catalog is None else catalog
    compared = Compared(catalog=[_entry_row(entry) for theme in catalog for entry in theme.entries])
    entries = {entry.catalog_id: entry for theme in catalog for entry in theme.entries}
    units: defaultdict[str, set[str]] = defaultdict(set)
    targets: defaultdict[str, list[Row]] = defaultdict(list)
    for target in made["indicator_targets"]:
        targets[target["indicator_id"]].append(target)
        if target["unit"]:
            units[target["indicator_id"]].add(target["unit"])
    decided = {review.indicator_id: review for review in reviews}
    for annex, rows in _annexes(made):
        for theme in catalog:
            if theme.told_by(annex):
                own = [decided[row["indicator_id"]] for row in rows if row["indicator_id"] in decided]
                found = _reviewed(match([_promise(row, units) for row in rows], theme), own)
                compared.matches += [_match_row(one) for one in found]
                _note_matches(found, rows, compared)
    compared.comparison = _side_by_side(made, compared.matches, targets, entries)
    _note_copies(compared, made)
    return compared


def _annexes(made: Rows) -> Iterator[tuple[list[str | None], list[Row]]]:
    """The indicator rows of each annex, with the texts that tell what it is about."""
    titles = {row["document_id"]: row["title"] for row in made["documents"]}
    heads = {
        (row["document_id"], row["eid"]): f"{row['heading'] or ''} {row['text'] or ''}"
        for row in made["provisions"]
        if row["kind"] == "lampiran"
    }
    annexes: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in made["indicators"]:
        annexes[row["document_id"], row["annex"]].append(row)
    for place, rows in annexes.items():
        own = {text for row in rows for text in (row["pillar"], row["group_text"])}
        yield [titles.get(place[0]), heads.get(place), *own], sorted(rows, key=_order)


def _order(row: Row) -> int:
    return int(row["indicator_id"].rpartition(".")[2])


def _promise(row: Row, units: Mapping[str, set[str]]) -> Promise:
    return Promise(
        row["indicator_id"],
        row["part"],
        row["pillar_number"],
        row["group_text"],
        row["indicator"] or "",
        frozenset(units.get(row["indicator_id"], ())),
    )


def _reviewed(found: Sequence[Match], decided: Sequence[Review]) -> list[Match]:
    """The matches, where a person decided with that in their place."""
    settled = {review.indicator_id for review in decided}
    kept = [one for one in found if one.indicator_id not in settled]
    made = [
        Match(review.indicator_id, review.catalog_id, 1.0, "review", "reviewed", review.reason)
        for review in decided
        if review.catalog_id is not None
    ]
    return kept + made


def _note_matches(found: Sequence[Match], rows: Sequence[Row], compared: Compared) -> None:
    trusted = {one.indicator_id for one in found if one.status in TRUSTED}
    best = {one.indicator_id: one for one in reversed(found)}
    for one in found:
        for printed, read in one.mended:
            compared.notes[one.indicator_id].add(
                "indicator_misread", "info", f"{printed!r} is no word of the theme", repair=f"matched as {read!r}"
            )
    for row in rows:
        if row["indicator_id"] not in trusted:
            like = best.get(row["indicator_id"])
            hint = f"; most like {like.catalog_id} ({like.score}: {like.reason})" if like else ""
            compared.notes[row["indicator_id"]].add(
                "indicator_not_matched", "info", f"no entry of the catalogue for certain{hint}"
            )


def _side_by_side(
    made: Rows,
    matches: Sequence[Row],
    targets: Mapping[str, Sequence[Row]],
    entries: Mapping[str, Entry],
) -> list[Row]:
    indicators = {row["indicator_id"]: row for row in made["indicators"]}
    regions = {row["document_id"]: row["region_code"] for row in made["documents"]}
    ended = {row["indicator_id"] for row in made["indicator_validity"] if row["valid_to"] is not None}
    rows = [
        _comparison_row(indicators[one["indicator_id"]], target, entries[one["catalog_id"]])
        | {"region_code": regions.get(indicators[one["indicator_id"]]["document_id"])}
        | {"superseded": one["indicator_id"] in ended}
        for one in matches
        if one["status"] in TRUSTED
        for target in targets[one["indicator_id"]]
    ]
    for copies in _copies(rows):
        for row in copies:
            row["probably_copied"] = True
    return rows


def _comparison_row(indicator: Row, target: Row, entry: Entry) -> Row:
    alike = target["unit"] == entry.unit
    same_year = None in (target["year"], entry.national_year) or target["year"] == entry.national_year
    national = entry.national_target if alike and same_year else None
    exact = target["status"] == "ok" and target["comparator"] != "between"
    kept = ("target_no", "year", "value", "value_upper", "unit", "comparator", "value_text", "status")
    return {name: target[name] for name in kept} | {
        "indicator_id": indicator["indicator_id"],
        "catalog_id": entry.catalog_id,
        "document_id": indicator["document_id"],
        "part": indicator["part"],
        "indicator": indicator["indicator"],
        "national_target": national,
        "difference": target["value"] - national if national is not None and exact else None,
        "unit_differs": _unit_differs(target, entry),
        "probably_copied": False,
    }


def _unit_differs(target: Row, entry: Entry) -> bool:
    """A bare number may count anything, but it is no share."""
    if target["status"] != "ok" or target["unit"] == entry.unit:
        return False
    return "%" in (target["unit"], entry.unit) or None not in (target["unit"], entry.unit)


def _copies(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows of one entry and year in which regions share a count of people or households to the last digit."""
    people = set(vocabulary("units")["people"]["units"])
    same: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        if row["unit"] in people and (row["value"] or 0) >= LEAST_COPIED and not row["superseded"]:
            same[row["catalog_id"], row["value"], row["unit"]].append(row)
    for shared in same.values():
        if len({row["region_code"] or row["document_id"] for row in shared}) > 1:
            yield shared


def _note_copies(compared: Compared, made: Rows) -> None:
    names = {row["document_id"]: row["region_name"] or row["document_id"] for row in made["documents"]}
    for shared in _copies(compared.comparison):
        for row in shared:
            others = sorted({names[other["document_id"]] for other in shared} - {names[row["document_id"]]})
            named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
            compared.notes[row["indicator_id"]].add(
                "figure_probably_copied",
                "warning",
                f"{row['value']:.0f} {row['unit']} is the target of {named}, too: perhaps not the region's own figure",
            )


def _entry_row(entry: Entry) -> Row:
    return asdict(entry) | {"wordings": list(entry.wordings)}


def _match_row(one: Match) -> Row:
    names = ("indicator_id", "catalog_id", "score", "method", "status", "reason")
    return {name: getattr(one, name) for name in names}
