"""Indicator rows of all acts -> the catalogue's entries that they are -> targets side by side, region by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from extractors.catalog.entries import Entry, Theme, themes
from extractors.catalog.match import Match, Promise, match
from extractors.models import Notes

Row = dict[str, Any]
Rows = Mapping[str, Sequence[Row]]

TRUSTED = ("reviewed", "certain")


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
    compared = Compared(catalog=catalog_rows(catalog))
    entries = {entry.catalog_id: entry for theme in catalog for entry in theme.entries}
    targets: defaultdict[str, list[Row]] = defaultdict(list)
    for target in made["indicator_targets"]:
        targets[target["indicator_id"]].append(target)
    regions = {row["document_id"]: row["region_code"] for row in made["documents"]}
    decided = {review.indicator_id: review for review in reviews}
    for annex, rows in _annexes(made):
        settled = [decided[row["indicator_id"]] for row in rows if row["indicator_id"] in decided]
        compared.matches += [_match_row(_reviewed(review)) for review in settled if review.catalog_id is not None]
        taken = frozenset(review.catalog_id for review in settled if review.catalog_id is not None)
        left = [row for row in rows if row["indicator_id"] not in decided]
        promises = [_promise(row, targets[row["indicator_id"]], regions.get(row["document_id"])) for row in left]
        told = [theme for theme in catalog if theme.told_by(annex)]
        found = [one for theme in told for one in match(promises, theme, taken)]
        compared.matches += [_match_row(one) for one in found]
        if told:
            _note(left, found, compared)
    compared.comparison = _side_by_side(made, compared.matches, targets, entries)
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


def _promise(row: Row, targets: Sequence[Row], region_code: str | None) -> Promise:
    return Promise(
        row["indicator_id"],
        row["part"],
        row["pillar_number"],
        row["group_text"],
        row["indicator"] or "",
        frozenset(target["unit"] for target in targets if target["unit"]),
        region_code,
        frozenset(target["year"] for target in targets if target["year"]),
    )


def _reviewed(review: Review) -> Match:
    return Match(review.indicator_id, review.catalog_id or "", 1.0, "review", "reviewed", review.reason)


def _note(rows: Sequence[Row], found: Sequence[Match], compared: Compared) -> None:
    """Notes on misread words, and on each row that is no entry for certain, with the one it is most like."""
    best: dict[str, Match] = {}
    for one in found:
        for printed, read in one.mended:
            compared.notes[one.indicator_id].add(
                "indicator_misread", "info", f"{printed!r} is no word of the theme", repair=f"matched as {read!r}"
            )
        if one.indicator_id not in best or one.score > best[one.indicator_id].score:
            best[one.indicator_id] = one
    for row in rows:
        like = best.get(row["indicator_id"])
        if like is None or like.status not in TRUSTED:
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
    return [
        _comparison_row(indicators[one["indicator_id"]], target, entries[one["catalog_id"]])
        | {"region_code": regions.get(indicators[one["indicator_id"]]["document_id"])}
        | {"superseded": one["indicator_id"] in ended}
        for one in matches
        if one["status"] in TRUSTED
        for target in targets[one["indicator_id"]]
    ]


def _comparison_row(indicator: Row, target: Row, entry: Entry) -> Row:
    alike = target["unit"] == entry.unit
    # A target of every year is one of that year, too; a lost target's year is not known.
    year = target["year"] or (entry.national_year if target["period"] else None)
    same_year = entry.national_year is None or year == entry.national_year
    national = entry.national_target if alike and same_year else None
    exact = target["status"] == "ok" and target["comparator"] in (None, "=", ">=", "<=")
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
    share = {"%", "‰"}.intersection((target["unit"], entry.unit))
    return bool(share) or None not in (target["unit"], entry.unit)


def catalog_rows(catalog: Sequence[Theme] | None = None) -> list[Row]:
    """The rows of `indicator_catalog`, the same in every release."""
    entries = [entry for theme in (themes() if catalog is None else catalog) for entry in theme.entries]
    return [asdict(entry) | {"wordings": list(entry.wordings)} for entry in entries]


def _match_row(one: Match) -> Row:
    names = ("indicator_id", "catalog_id", "score", "method", "status", "reason")
    return {name: getattr(one, name) for name in names}
