"""Parts of a cell -> the name in its normal spelling and what the registry says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from extractors.annex.agency_parts import Part
from extractors.annex.agency_registry import Key, content_words, describe, registry
from extractors.annex.agency_words import Words
from extractors.lookups import vocabulary
from extractors.models import Office

_CONNECTOR = re.compile(r",|\b(?:dan|serta|atau|beserta)\b|&", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in normal spelling: `before` (prefixes such as `Kepala`), `core`, and the place behind it.

    `key` are the content words of `core`. `whole`: no connector was missing. `readings`: what else an
    abbreviation in it may stand for.
    """

    core: str
    key: Key
    before: str = ""
    place: str = ""
    whole: bool = True
    readings: tuple[str, ...] = ()

    def text(self, core: str | None = None) -> str:
        """The name as a whole, perhaps with another spelling of its core."""
        return " ".join(part for part in (self.before, core or self.core, self.place) if part)

    def office(self, core: str) -> Office | None:
        """What the registry says of it, None where it leaves words unexplained."""
        return describe(self.key, core)


@dataclass(frozen=True, slots=True)
class _Unit:
    """Words start to end of a cell as one piece of a name; functions are joined by connectors."""

    start: int
    end: int
    text: str
    function: bool = False
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Namer:
    """Spells names; `repeated` counts what the document repeats, `place` holds the words of the region's name."""

    definitions: Mapping[str, str]
    repeated: Counter[Key]
    place: frozenset[str]

    def name(self, words: Words, part: Part) -> Name:
        """The name of a part as it stands, expanded and mended."""
        units = list(self._units(words, part))
        before = [unit for unit in units if unit.start < part.core]
        core = units[len(before) :]
        place = 0
        while place + 1 < len(core) and self._is_place(core[-1 - place].text):
            place += 1
        tail = core[len(core) - place :]
        core = core[: len(core) - place]
        text, whole = _joined(words, core)
        return Name(
            text,
            content_words(text),
            _title(" ".join(unit.text for unit in before)),
            _title(" ".join(unit.text for unit in tail)),
            whole and "stop" not in words.separators[part.core + 1 : part.end],
            tuple(reading for unit in units for reading in unit.readings),
        )

    def _is_place(self, text: str) -> bool:
        """Whether a word is a level of government or part of the region's name."""
        return text.casefold() in (*vocabulary("agencies")["places"]["upper"], *self.place)

    def _units(self, words: Words, part: Part) -> Iterator[_Unit]:
        k = part.start
        while k < part.end:
            known = self._known(words, k, part.end) if k == part.core and part.kind == "agency" else None
            unit = known or self._function(words, k, part.end) or _Unit(k, k + 1, _cased(words, k))
            yield unit
            k = unit.end

    def _known(self, words: Words, k: int, limit: int) -> _Unit | None:
        """The longest registry name, office's abbreviation or head at word `k`."""
        data = registry()
        labels = ("head", "name", "office_abbreviation")
        ends = {end: label for label in labels for end in words.ends(label, k) if end <= limit}
        if not ends:
            return self._office_of_function(words, k, limit)
        end = max(ends)
        key = words.key(k, end)
        if ends[end] == "head":
            return _Unit(k, end, data.heads[key].words)
        if ends[end] == "name":
            return _Unit(k, end, data.names[key][0])
        short = words.printed(k, end)
        full = self.definitions.get(short) or self._chosen(_of_abbreviation(data.office_abbreviations, short))
        return _Unit(k, end, full, readings=_others(data.office_abbreviations, short, full))

    def _office_of_function(self, words: Words, k: int, limit: int) -> _Unit | None:
        """`PMD` alone: the office with that function."""
        ends = [end for end in words.ends("function_abbreviation", k) if end <= limit]
        if not ends:
            return None
        unit = self._function(words, k, limit)
        return _Unit(k, unit.end, f"Dinas {unit.text}", readings=unit.readings) if unit else None

    def _function(self, words: Words, k: int, limit: int) -> _Unit | None:
        """The longest function at word `k`, or what an abbreviation of functions stands for."""
        data = registry()
        ends = [end for end in words.ends("function", k) if end <= limit]
        if ends:
            return _Unit(k, max(ends), data.functions[words.key(k, max(ends))][0], True)
        for end in words.ends("function_abbreviation", k):
            if end <= limit:
                short = words.printed(k, end)
                full = self._chosen(_of_abbreviation(data.function_abbreviations, short))
                return _Unit(k, end, _title(full), True, _others(data.function_abbreviations, short, full))
        return None

    def _chosen(self, readings: tuple[str, ...]) -> str:
        """The reading that the document spells out most often; without any, the first."""
        return max(readings, key=lambda full: self._count(full), default="")

    def _count(self, full: str) -> int:
        key = content_words(full)
        return self.repeated[key] + self.repeated[("dinas", *key)]


def _of_abbreviation(table: dict[str, tuple[str, ...]], short: str) -> tuple[str, ...]:
    return table.get(short) or table.get(short.upper()) or (short,)


def _others(table: dict[str, tuple[str, ...]], short: str, chosen: str) -> tuple[str, ...]:
    return tuple(full for full in _of_abbreviation(table, short) if full != chosen and full != short)


def _joined(words: Words, units: list[_Unit]) -> tuple[str, bool]:
    """The pieces of a name with their connectors, and whether none was missing between two functions."""
    text, whole = units[0].text, True
    for before, unit in pairwise(units):
        joint = _joint(words, before, unit)
        if joint == " " and before.function and unit.function:
            last = unit is units[-1] and " dan " not in text and " serta " not in text
            joint, whole = " dan " if last else ", ", False
        text += joint + unit.text
    return _title(text), whole


def _joint(words: Words, before: _Unit, unit: _Unit) -> str:
    """The connector between two pieces of a name, a full stop taken for a comma; a blank if there is none."""
    gap = words.text[words.items[before.end - 1].end : words.items[unit.start].start]
    found = [sign.lower() for sign in _CONNECTOR.findall(gap)]
    if "/" in gap:
        return "/"
    comma = "," if "," in found or (words.separators[unit.start] == "stop" and not found) else ""
    word = next((" dan" if sign == "&" else f" {sign}" for sign in found if sign != ","), "")
    return f"{comma}{word} "


def _cased(words: Words, k: int) -> str:
    """A word that the registry does not know: mended, in a cell of capitals not shouted."""
    word = words.items[k]
    if word.text.casefold() != word.lower:
        return word.lower.capitalize() if word.text[:1].isupper() else word.lower
    return word.text.capitalize() if words.text.isupper() and len(word.text) > 4 else word.text


def _title(text: str) -> str:
    """The case of office names: capitals but for the small words and what follows `yang`; inner capitals stay."""
    small = vocabulary("agencies")["lower_case"]
    head, yang, clause = text.partition(" yang ")
    words = head.split()
    return " ".join(w.lower() if w.casefold() in small else w[:1].upper() + w[1:] for w in words) + yang + clause
