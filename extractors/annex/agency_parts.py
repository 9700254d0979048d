"""A cell of agencies cut into names: the cheapest way to read all its words.

Every separator, and every place where a name begins without one, may be a cut. A part costs
little if it is a known name, an office whose words the registry explains as functions, or what the
document repeats; much if words stay unexplained. Dynamic programming finds the cheapest cuts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.annex.agency_registry import Head, Key, registry
from extractors.annex.agency_words import Words
from extractors.lookups import vocabulary

# No name has more content words.
_MAX_WORDS = 45

# What costs more is never part of the cheapest reading.
_HOPELESS = 15.0

# What a cut costs, by the separator it stands at; a missing one needs a better reason than a comma.
_CUT = {
    "": 1.0,
    "bracket": 0.0,
    "comma": 0.0,
    "semicolon": 0.0,
    "item": 0.0,
    "dan": 0.2,
    "stop": 0.1,
    "slash": 0.3,
    "misread": 0.2,
}
# What a separator inside a list of functions costs.
_JOIN = {
    "": 0.0,
    "bracket": 3.0,
    "comma": 0.1,
    "semicolon": 2.0,
    "item": 3.0,
    "dan": 0.0,
    "stop": 0.6,
    "slash": 0.2,
    "misread": 3.0,
}
_NAME, _OFFICE, _SHORT_NAME, _SHORT_FUNCTION = 1.0, 1.2, 1.1, 1.6
_UNKNOWN_WORD = {"functions": 1.2, "office": 1.0, "words": 0.1, "place": 0.3}
_UNKNOWN_JOINED, _UNKNOWN_LISTED = 2.5, 4.0  # an unexplained word behind `dan`, behind another separator
_PAST_CLOSING = 3.0  # anything behind `Daerah,` or `Kabupaten Blora,`
_NAME_INSIDE = 3.0  # a name that begins inside another one
_FUNCTION, _FUNCTION_OF_OFFICE, _FRAGMENT, _UNKNOWN, _ET_AL = 3.5, 1.4, 3.5, 3.0, 0.5
_REPEATED = 0.3  # the most that repetition in the document saves
_SHORTER_REPEATED = 2.5  # a list joined to a name that the document repeats without it
_OFTEN = 3
# The number of a group, behind which its body may be named: `Kelompok Kerja IV TP PKK`.
_NUMBER = re.compile(r"[ivx]+|\d{1,2}")


@dataclass(frozen=True, slots=True)
class Part:
    """Words start to end of a cell as one thing: `agency`, `function`, `fragment`, `unknown` or `et_al`.

    `core` is where the name without prefixes begins, `unknown` counts its unexplained words,
    `doubtful` tells that the document repeats a shorter name that the part begins with.
    """

    start: int
    end: int
    kind: str
    cost: float
    core: int
    unknown: int = 0
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class _Path:
    cost: float
    unknown: int


def chunks(words: Words) -> Iterator[tuple[int, int]]:
    """The cell cut wherever a name begins behind a separator: evidence of what the document repeats."""
    inside = {
        k
        for label in ("name", "function")
        for start, ends in words.found.get(label, {}).items()
        for k in range(start + 1, max(ends))
    }
    size = len(words.items)
    begins = [k for k in range(size) if words.separators[k] and words.begins_name(k) and k not in inside]
    edges = [0, *(k for k in begins if k), size]
    yield from pairwise(edges)


@dataclass
class Evidence:
    """What a document shows: how often it repeats a name, the offices with a function, words of the region's name."""

    place: frozenset[str]
    repeated: Counter[Key] = field(default_factory=Counter)
    offices: dict[Key, set[Key]] = field(default_factory=dict)


def split(words: Words, evidence: Evidence) -> list[Part]:
    """The cheapest parts of a cell, in order; linear in its words."""
    n = len(words.items)
    cuts = {k for k in range(n) if k == 0 or words.separators[k] or words.begins_name(k)} | {n}
    best: dict[int, tuple[float, Part | None]] = {0: (0.0, None)}
    for start in range(n):
        if start not in cuts or start not in best:
            continue
        so_far = best[start][0] + (_CUT[words.separators[start]] if start else 0.0)
        for part in _parts(words, start, cuts, evidence):
            if part.end not in best or so_far + part.cost < best[part.end][0]:
                best[part.end] = (so_far + part.cost, part)
    parts: list[Part] = []
    last = best[n][1]
    while last is not None:
        parts.append(last)
        last = best[last.start][1]
    return parts[::-1]


def _parts(words: Words, start: int, cuts: set[int], evidence: Evidence) -> Iterator[Part]:
    """Every reading of a part that begins at `start` and ends at a cut."""
    core, repeated = _core(words, start), evidence.repeated
    shorter = _shorter_repeated(words, core, repeated)
    for base, end, head in _bases(words, core):
        for stop, path in _extended(words, end, base, head, evidence.place).items():
            if stop in cuts:
                seen = repeated[words.key(core, stop)]
                doubt = seen <= 1 and shorter < stop
                cost = path.cost + _SHORTER_REPEATED * doubt - _REPEATED * min(1.0, max(0, seen - 1) / _OFTEN)
                yield Part(start, stop, "agency", cost, core, path.unknown, doubt)
    stop = next(k for k in range(start + 1, len(words.items) + 1) if k in cuts)
    yield _orphan(words, start, stop, repeated)
    while stop < len(words.items) and not words.separators[stop] and not words.ends("head", stop):
        stop += 1
    yield _orphan(words, start, stop, repeated)
    for end in words.ends("function", start):
        if end in cuts:
            office = words.key(start, end) in evidence.offices
            yield Part(start, end, "function", _FUNCTION_OF_OFFICE if office else _FUNCTION, start)
    for end in words.ends("et_al", start):
        if end in cuts:
            yield Part(start, end, "et_al", _ET_AL, start)


def _core(words: Words, start: int) -> int:
    """Where the name begins behind prefixes such as `seluruh` and `Kepala`; `start` if there are none."""
    prefixes = vocabulary("agencies")["prefixes"]
    index = start
    while index < len(words.items) and index - start < 3 and words.items[index].lower in prefixes:
        index += 1
        if index < len(words.items) and words.separators[index] == "" and words.begins_name(index):
            return start if words.begins_name(start) else index
    return start


def _bases(words: Words, start: int) -> Iterator[tuple[float, int, Head | None]]:
    """What a name at `start` can rest on: cost, end and the head if it is one."""
    for end in words.ends("name", start):
        yield _NAME, end, None
    for end in words.ends("office_abbreviation", start):
        yield _SHORT_NAME, end, None
    for end in words.ends("function_abbreviation", start):
        yield _SHORT_FUNCTION, end, None
    for end in words.ends("head", start):
        head = registry().heads[words.key(start, end)]
        yield _OFFICE, end, head


def _extended(words: Words, end: int, base: float, head: Head | None, place: frozenset[str]) -> dict[int, _Path]:
    """Every end that the name can have, with the cheapest way there; `end` is where its base ends."""
    takes = head.takes if head else "place"
    paths = {end: _Path(base, 0)}
    for k in range(end, min(end + _MAX_WORDS, len(words.items))):
        if k in paths and paths[k].cost < _HOPELESS:
            for stop, cost, unknown in _steps(words, k, end, takes, head is None, place):
                path = _Path(paths[k].cost + cost, paths[k].unknown + unknown)
                if stop not in paths or path.cost < paths[stop].cost:
                    paths[stop] = path
    if head and not head.alone:
        del paths[end]
    return paths


def _steps(
    words: Words, k: int, base: int, takes: str, known: bool, place: frozenset[str]
) -> Iterator[tuple[int, float, int]]:
    """What may follow in a name at word `k`: end, cost, number of unexplained words."""
    separator, lower = words.separators[k], words.items[k].lower
    places, before = vocabulary("agencies")["places"], words.items[k - 1].lower
    join = _JOIN[separator] + (_PAST_CLOSING if separator and before in places["closing"] else 0.0)
    if takes in ("functions", "office"):
        for end in words.ends("function", k):
            yield end, join + sum(_JOIN[words.separators[i]] for i in range(k + 1, end)), 0
        for end in words.ends("function_abbreviation", k):
            yield end, join + (2.0 if separator == "comma" else 0.5), 0
    if separator == "":
        if lower in places["upper"] or lower in places["closing"] or lower in place:
            yield k + 1, 0.05, 0
        if lower in places["lower"] and (known or takes == "words"):
            yield k + 1, 0.3, 0
        level = before in places["upper"] or before in places["lower"]
        if level and words.items[k].text[:1].isupper() and not words.begins_name(k):
            yield k + 1, 0.2, 0
        if lower == "yang":
            yield k + 1, 0.3, 0
        owned = takes == "office" or (takes == "words" and _NUMBER.fullmatch(before))
        for end in words.ends("head", k) + words.ends("name", k) if owned else ():
            yield end, 0.3, 0
        if before in ("yang", "membidangi", "menangani", "terkait") or lower == "terkait":
            yield k + 1, 0.1, 0
        yield k + 1, _NAME_INSIDE if _is_name(words, k) and k > base else _UNKNOWN_WORD[takes], 1
    else:
        joined = _UNKNOWN_JOINED if separator == "dan" else _UNKNOWN_LISTED
        yield k + 1, join + joined + (_NAME_INSIDE if words.begins_name(k) else _UNKNOWN_WORD[takes]), 1


def _is_name(words: Words, k: int) -> bool:
    """Whether a name begins at word `k` that is no common noun (`Masyarakat`, `Posyandu`)."""
    return words.begins_name(k) and (bool(words.ends("head", k)) or max(words.ends("name", k), default=k + 2) > k + 1)


def _shorter_repeated(words: Words, start: int, repeated: Counter[Key]) -> int:
    """The first separator behind `start` before which stands what the document repeats; past the end if none."""
    limit = min(start + _MAX_WORDS, len(words.items))
    joints = (k for k in range(start + 1, limit) if words.separators[k])
    return next((k for k in joints if repeated[words.key(start, k)] >= _OFTEN), len(words.items) + 1)


def _is_short_name(text: str) -> bool:
    """Whether two letters are a name (`NU`) and no number."""
    return len(text) > 1 and text.isalpha() and text.isupper() and not set(text) <= set("IVX")


def _orphan(words: Words, start: int, end: int, repeated: Counter[Key]) -> Part:
    """Words that begin no name: a fragment if the registry knows each of them, else an unknown name."""
    key = words.key(start, end)
    known = sum(word in registry().words for word in key)
    telling = any(len(word.lower) > 2 or _is_short_name(word.text) for word in words.items[start:end])
    if known == len(key) or not telling:
        return Part(start, end, "fragment", _FRAGMENT, start)
    cost = _UNKNOWN / 2 if repeated[key] >= _OFTEN else _UNKNOWN + 0.2 * (len(key) - 1)
    return Part(start, end, "unknown", cost + 2.0 * words.begins_name(start), start, len(key))
