"""Rows of an annex -> entries of the catalogue.

A row is an entry for certain where its words say the same at the same place (part and pillar) and its figure is of
the same kind. What is merely alike is a candidate, with what speaks against it. Rows that differ in a negation
never meet, however alike they are.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.catalog.entries import Entry, Theme
from extractors.catalog.plain import Context
from extractors.catalog.wording import Reader, Wording, Words
from extractors.lookups import vocabulary

# A word this much like another (rapidfuzz ratio) counts for it, by that much.
_ALIKE_WORD = 0.75
_LEAST_SCORE = 0.5
_CANDIDATES = 3
_NEAREST = 10
# A candidate of another kind of figure, or with other numbers, is worth this much of one without.
_OTHER_FIGURE = 0.8
_SHOWN_WORDS = 6


@dataclass(frozen=True, slots=True)
class Promise:
    """What matching needs of an indicator row. `units` and `years`: of its targets, as in `indicator_targets`."""

    indicator_id: str
    part: str | None
    pillar_number: int | None
    group: str | None
    text: str
    units: frozenset[str]
    region_code: str | None = None
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """A row of `indicator_matches`. `mended`: words that were read as others, (printed, read)."""

    indicator_id: str
    catalog_id: str
    score: float
    method: str
    status: str
    reason: str | None
    mended: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry with what each of its wordings says and the kinds of figure that it has."""

    entry: Entry
    wordings: tuple[Wording, ...]
    figures: frozenset[str]


def match(promises: Sequence[Promise], theme: Theme, decided: frozenset[str] = frozenset()) -> list[Match]:
    """The matches of one annex: one for each row that is certain, up to three candidates for the others.

    `decided`: entries that other rows of the annex were found to be by a person.
    """
    matcher = matcher_of(theme)
    read = [(promise, matcher.read(promise)) for promise in promises]
    found = [one for promise, wording in read if (one := matcher.certain(promise, wording, decided))]
    certain, rivals = _alone(found, promises, theme)
    taken = {found.catalog_id for found in certain.values()} | decided
    made = list(certain.values())
    for promise, wording in read:
        if promise.indicator_id in rivals:
            made += rivals[promise.indicator_id]
        elif promise.indicator_id not in certain:
            made += matcher.candidates(promise, wording, taken)
    return made


def _alone(
    found: Sequence[Match], promises: Sequence[Promise], theme: Theme
) -> tuple[dict[str, Match], dict[str, list[Match]]]:
    """Of rows that are one entry, the one in its very words, or under its own heading, keeps it; the others are
    candidates. Rows that differ in their years alone keep it together; where nothing tells, none keeps it."""
    rows = {promise.indicator_id: promise for promise in promises}
    own = {entry.catalog_id: entry for entry in theme.entries}
    claims: defaultdict[str, list[Match]] = defaultdict(list)
    for one in found:
        claims[one.catalog_id].append(one)
    certain: dict[str, Match] = {}
    rivals: dict[str, list[Match]] = {}
    for claimed, several in claims.items():
        kept = _keepers([rows[one.indicator_id] for one in several], own[claimed])
        for one in several:
            if one.indicator_id in kept:
                certain[one.indicator_id] = one
                continue
            others = [other.indicator_id for other in several if other.indicator_id != one.indicator_id]
            reason = f"{(sorted(kept) or others)[0]} says the same in this annex"
            rivals[one.indicator_id] = [replace(one, status="candidate", method="likeness", reason=reason)]
    return certain, rivals


def _keepers(rows: Sequence[Promise], entry: Entry) -> set[str]:
    """The rows that keep an entry which all of them say."""
    if len(rows) == 1:
        return {rows[0].indicator_id}
    years = [row.years for row in rows]
    if len({row.text for row in rows}) == 1 and len({row.group for row in rows}) == 1:
        apart = all(years) and sum(map(len, years)) == len(frozenset().union(*years))
        return {row.indicator_id for row in rows} if apart else set()
    for better in (lambda row: _likeness(row.group, entry.group), lambda row: row.text.casefold() in _printed(entry)):
        ranked = sorted(rows, key=better, reverse=True)
        if better(ranked[0]) > better(ranked[1]):
            return {ranked[0].indicator_id}
    return set()


def _printed(entry: Entry) -> set[str]:
    return {wording.casefold() for wording in entry.wordings}


class Matcher:
    """Matches rows with the entries of one theme."""

    def __init__(self, theme: Theme) -> None:
        self._reader = Reader(theme.same, [text for entry in theme.entries for text in entry.wordings])
        self._known = [self._read(entry) for entry in theme.entries]
        self._parts = {entry.part for entry in theme.entries}
        self._places: dict[tuple[str | None, int | None], list[_Known]] = {}
        used = Counter(
            word for known in self._known for word in {word for wording in known.wordings for word in wording.words}
        )
        self._weights = {word: math.log(1 + len(self._known) / count) for word, count in used.items()}
        self._rarest = math.log(1 + len(self._known))

    def read(self, promise: Promise) -> Wording:
        return self._reader.read(promise.text, Context(promise.region_code, promise.years))

    def certain(self, promise: Promise, wording: Wording, decided: Iterable[str] = ()) -> Match | None:
        """The one entry whose words the row says at its place, None where there is none or more than one."""
        same = [
            known
            for known in self._at(promise)
            if known.entry.catalog_id not in decided and any(wording.says(own) for own in known.wordings)
            if not _other_figure(promise, wording, known)
        ]
        if len(same) != 1 or not wording.words or self._rivals(promise, wording) > 1:
            return None
        score = 0.99 if wording.mended else 1.0
        return Match(promise.indicator_id, same[0].entry.catalog_id, score, "wording", "certain", None, wording.mended)

    def _rivals(self, promise: Promise, wording: Wording) -> int:
        """The entries that have just these words, in any order, among those where the row may stand."""
        words = sorted(wording.words)
        return sum(any(sorted(own.words) == words for own in known.wordings) for known in self._at(promise))

    def candidates(self, promise: Promise, wording: Wording, taken: Iterable[str] = ()) -> list[Match]:
        """The entries most alike, best first, without those that another row of the annex is for certain."""
        scored = [
            (score, known, best)
            for known in self._nearest(wording, [one for one in self._at(promise) if one.entry.catalog_id not in taken])
            for score, best in [self._score(promise, wording, known)]
            if score >= _LEAST_SCORE
        ]
        scored.sort(key=lambda one: (-one[0], one[1].entry.catalog_id))
        return [
            Match(
                promise.indicator_id,
                known.entry.catalog_id,
                round(score, 3),
                "likeness",
                "candidate",
                _difference(promise, wording, known, best),
            )
            for score, known, best in scored[:_CANDIDATES]
        ]

    def _nearest(self, wording: Wording, entries: Sequence[_Known]) -> list[_Known]:
        """The entries that share most words, letter for letter: only these are compared word by word."""
        words = set(wording.words)

        def shared(known: _Known) -> float:
            return max(sum(map(self._weight, words.intersection(own.words))) / len(own.words) for own in known.wordings)

        return sorted(entries, key=shared, reverse=True)[:_NEAREST]

    def _at(self, promise: Promise) -> Sequence[_Known]:
        """The entries that stand where the row stands; where its part or pillar is not known, all of them."""
        part = promise.part if promise.part in self._parts else None
        place = part, promise.pillar_number
        if place not in self._places:
            self._places[place] = [
                known
                for known in self._known
                if part in (None, known.entry.part)
                if known.entry.pillar_number in (None, promise.pillar_number) or promise.pillar_number is None
            ]
        return self._places[place]

    def _read(self, entry: Entry) -> _Known:
        wordings = tuple(dict.fromkeys(w for text in entry.wordings for w in self._reader.readings(text)))
        unit = _kind(entry.unit)
        figures = {wording.measure for wording in wordings} | {unit if unit in (None, "share") else "count"}
        return _Known(entry, wordings, frozenset(figure for figure in figures if figure))

    def _score(self, promise: Promise, wording: Wording, known: _Known) -> tuple[float, Wording]:
        """Likeness to the entry's best wording, 0 where a negation parts them."""
        own = [best for best in known.wordings if best.negated == wording.negated]
        if not own:
            return 0.0, known.wordings[0]
        score, best = max(((self._overlap(wording.words, best.words), best) for best in own), key=lambda one: one[0])
        if best.numbers != wording.numbers:
            score *= _OTHER_FIGURE
        if _other_figure(promise, wording, known):
            score *= _OTHER_FIGURE
        # Only the same words in the same order are certain.
        return min(score, 0.98), best

    def _overlap(self, words: Words, own: Words) -> float:
        """Share of the words' weight that both have: 1 for the same words in any order."""
        from rapidfuzz import fuzz, process

        rest, shared = list(own), 0.0
        for word in words:
            found = process.extractOne(word, rest, scorer=fuzz.ratio, score_cutoff=100 * _ALIKE_WORD)
            if found:
                shared += self._weight(found[0]) * found[1] / 100
                del rest[found[2]]
        whole = sum(map(self._weight, words)) + sum(map(self._weight, own))
        return 2 * shared / whole if whole else 0.0

    def _weight(self, word: str) -> float:
        return self._weights.get(word, self._rarest)


@cache
def matcher_of(theme: Theme) -> Matcher:
    """The matcher of a theme, made once."""
    return Matcher(theme)


def _kind(unit: str | None) -> str | None:
    """The kind of figure that a unit tells: only like ones are one indicator's."""
    if unit is None:
        return None
    if unit in ("%", "‰"):
        return "share"
    data = vocabulary("units")
    if unit in data["people"]["units"]:
        return "people"
    return "money" if unit in data["currencies"] else "times" if unit == "kali" else "things"


def _other_figure(promise: Promise, wording: Wording, known: _Known) -> str | None:
    """What is against one figure being the other's: its words or its unit; None where nothing is."""
    kinds = {_kind(unit) for unit in promise.units} - {None}
    own = _kind(known.entry.unit)
    if kinds and own not in kinds and (own or "share" in kinds):
        return f"unit {_listed(promise.units)}, not {known.entry.unit or 'a bare number'}"
    if wording.measure and wording.measure not in known.figures:
        return f"a {wording.measure}, not a {_listed(known.figures) or 'figure of that kind'}"
    return None


def _difference(promise: Promise, wording: Wording, known: _Known, best: Wording) -> str:
    """What parts the row from the entry, in words."""
    here, there = Counter(wording.words), Counter(best.words)
    told = []
    if figure := _other_figure(promise, wording, known):
        told.append(figure)
    for label, words in (("without", there - here), ("with", here - there)):
        if words:
            shown = list(words.elements())
            more = f" and {len(shown) - _SHOWN_WORDS} more" if len(shown) > _SHOWN_WORDS else ""
            told.append(f"{label} {', '.join(shown[:_SHOWN_WORDS])}{more}")
    if not told:
        told.append("the same words in another order" if wording.words != best.words else "more than one place fits")
    return "; ".join(told)


def _listed(words: Iterable[str]) -> str:
    return " or ".join(sorted(words))


def _likeness(printed: str | None, own: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio((printed or "").casefold(), own.casefold())
