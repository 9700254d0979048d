"""Target cells as tokens: each has a kind of one letter, so that a cell's kinds spell a string.

The letters are the alphabet of the grammar in `targets`:
T `Target`, Y `Tahun`, y a year, N a numeral, B bracketed number words, b another bracket,
C a comparator, c a comparator behind its number, X `antara`, D what stands between the ends of a
range, R money, S a power of ten, U a unit, r a rate (`per 1.000`), P a period, F a filler, Q the
head of a qualifier, A a word that takes a number of its own, W a word, w a single letter,
& a conjunction, and the signs `,` `:` `/`; ~ is noise and ? what is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from extractors.lookups import vocabulary
from extractors.numerals import NUMERAL, has_number_words

_YEAR = r"(?:19[5-9]|20\d|21[0-4])\d"
_MARKUP = re.compile(r"</?[a-zA-Z]{1,8}/?>|[*_`$]")


class Token(NamedTuple):
    """A token and where it stands in the cell; `value` is the vocabulary's spelling, or the number inside."""

    kind: str
    printed: str
    value: str
    start: int
    end: int


def tokens(cell: str) -> list[Token]:
    """The tokens of a cell in order; marks of a markup and full stops are none. Never raises, linear in `cell`."""
    clean = _MARKUP.sub(lambda mark: " " * len(mark[0]), cell)
    found = []
    for match in _lexer().finditer(clean):
        kind = str(match.lastgroup)
        if kind != "stop":
            found.append(_token(kind, match[0], match.start(), match.end()))
    return found


def _token(kind: str, printed: str, start: int, end: int) -> Token:
    key = _key(printed)
    letter, value = _KINDS[kind], printed
    if kind == "bracket":
        letter = "B" if has_number_words(printed) else "b"
    elif kind == "year":
        value = re.sub(r"\D", "", printed)
    elif kind == "word" and len(printed) == 1:
        letter = "w"
    elif kind == "period":
        value = _period(key)
    else:
        value = _spellings(kind).get(key, printed)
    return Token(letter, printed, value, start, end)


_KINDS = {
    "target": "T", "year_label": "Y", "year": "y", "number": "N", "bracket": "b", "comparator": "C",
    "after": "c", "between": "X", "range": "D", "currency": "R", "scale": "S", "unit": "U", "rate": "r",
    "period": "P", "filler": "F", "qualifier": "Q", "numbered": "A", "and": "&", "word": "W", "comma": ",",
    "colon": ":", "slash": "/", "noise": "~", "other": "?",
}  # fmt: skip


def _key(printed: str) -> str:
    """What two prints of one phrase share: lower case, single blanks, none around signs."""
    return re.sub(r"\s*([/-])\s*", r"\1", " ".join(printed.casefold().split()))


@cache
def _spellings(kind: str) -> dict[str, str]:
    """Print -> spelling of the vocabulary, for the kinds that have one."""
    units = vocabulary("units")
    tables: dict[str, dict[str, list[str]]] = {
        "comparator": units["comparators"],
        "after": units["comparators_after"],
        "unit": units["units"],
        "currency": units["currencies"],
    }
    table = {_key(printed): name for name, prints in tables.get(kind, {}).items() for printed in prints}
    return table if kind != "scale" else {name: repr(factor) for name, factor in units["scales"].items()}


def _period(key: str) -> str:
    """The period's name in `indicator_targets.period`; empty where the vocabulary has none."""
    periods = vocabulary("units")["periods"]
    for name, prints in periods["phrases"].items():
        if key in prints:
            return str(name)
    count, unit = re.search(r"\d+", key), next((u for u in periods["unit"] if key.endswith(u)), "")
    if count is None:
        return str(periods["unit"].get(unit, ""))
    multiples: dict[str, str] = {"bulan": periods["months"], "tahun": periods["years"]}.get(unit, {})
    return multiples.get(str(int(count[0])), "")


def _phrases(prints: Iterable[str]) -> str:
    """An alternation of phrases, longest first, that bears any white space and blanks around signs."""
    return "|".join(_phrase(printed) for printed in sorted(set(prints), key=len, reverse=True))


def _phrase(printed: str) -> str:
    body = r"\s+".join(re.sub(r"\\?([/-])", r"\\s*\1\\s*", re.escape(word)) for word in _key(printed).split())
    before = r"(?<![^\W\d_])" if printed[0].isalpha() else ""
    return before + body + (r"(?![^\W\d_])" if printed[-1].isalnum() else "")


def _prints(table: dict[str, list[str]]) -> list[str]:
    return [printed for prints in table.values() for printed in prints]


@cache
def _lexer() -> re.Pattern[str]:
    """One pattern for all tokens; where two fit at a place, the earlier alternative wins."""
    units: dict[str, Any] = vocabulary("units")
    periods = units["periods"]
    measure = _phrases(periods["unit"])
    count = r"\s*\d{1,2}\s*(?:\([^()]{1,30}\)\s*)?"
    every = rf"(?:{_phrases(periods['every'])})(?:{count}|\s*)(?:{measure})"
    within = rf"(?:{_phrases(periods['within'])}){count}(?:{measure})"
    alternatives = {
        # No other token begins with these: first, for they are tried at every place.
        "stop": r"[.\s]+",
        "comma": r"[,;]+",
        "colon": r":",
        "period": rf"{every}|{within}|{_phrases(_prints(periods['phrases']))}",
        "year": rf"\(\s*(?:tahun\s*)?:?\s*{_YEAR}\s*\)|(?<![\d.,]){_YEAR}(?![\d%]|[.,]\d)(?![^\W\d_])",
        "rate": r"(?:(?<![^\W_])per|/)\s*1[.,]?0{2,3}(?:[.,]?000)*(?!\d)",
        "bracket": r"\([^()]{0,120}\)",
        "target": _phrases(units["labels"]["target"]),
        "year_label": _phrases(units["labels"]["year"]),
        "currency": _phrases(_prints(units["currencies"])) + r"|(?<![^\W\d_])rp(?=\s*\d)",
        "comparator": _phrases(_prints(units["comparators"])),
        "after": _phrases(_prints(units["comparators_after"])),
        "between": _phrases(units["ranges"]["between"]),
        "number": rf"(?:(?<![^\W\d_])|(?<=rp)){NUMERAL}(?:,-)?(?![^\W_])|(?<![^\W\d_]){NUMERAL}(?=x\b)",
        "scale": _phrases(units["scales"]),
        "unit": _phrases(_prints(units["units"])),
        "filler": _phrases(units["fillers"]["words"]),
        "numbered": _phrases(units["qualifiers"]["numbered"]),
        "qualifier": _phrases(units["qualifiers"]["words"]),
        "range": _phrases(units["ranges"]["words"]),
        "and": _phrases(["dan", "dan/atau", "serta", "atau", "&"]),
        "word": r"(?<![^\W_])[^\W\d_]+(?:[-'’][^\W\d_]+)*(?![^\W_])",
        "noise": r"\\[a-z]+|[{}\\|^~]+",
        "slash": r"/",
        "other": r"[^\W_]+|.",
    }
    return re.compile("|".join(f"(?P<{name}>{body})" for name, body in alternatives.items()), re.IGNORECASE | re.DOTALL)
