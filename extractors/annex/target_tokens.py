"""Target cells as tokens: each has a kind of one letter, so that a cell's kinds spell a string.

The letters are the alphabet of the grammar in `targets`:
T `Target`, Y `Tahun`, y a year, N a numeral, B bracketed number words, b another bracket,
C a comparator, c a comparator behind its number, X `antara`, D what stands between the ends of a
range, R money, S a power of ten, U a unit, r a rate (`per 1.000`), P a period, F a filler, Q the
head of a qualifier, p one that may also stand before a time, A a word that takes a number of its
own, W a word, w a single letter, & a conjunction, and the signs `,` `:` `/`; ~ is noise and ? what
is none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from rapidfuzz.distance import DamerauLevenshtein

from extractors.glyphs import DIGIT_LIKE
from extractors.lookups import vocabulary
from extractors.numerals import NUMERAL, has_number_words

_YEAR = r"(?:19[5-9]|20\d|21[0-4])\d"
_CONJUNCTIONS = ("dan", "dan/atau", "serta", "atau", "&")
_MARKUP = re.compile(r"</?[a-zA-Z]{1,8}/?>|[*_`$]")
# A label shorter than that is too near to other words to be read with a letter wrong.
_MIN_MISREAD_LABEL = 5


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
        kind = str(match.lastgroup).partition("__")[0]
        if kind == "word" and _is_misread_label(match[0], clean[match.end() : match.end() + 2]):
            kind = "target"
        if kind != "stop":
            found.append(_token(kind, match[0], match.start(), match.end()))
    return found


def mended_digits(cell: str) -> tuple[str, list[tuple[str, str]]]:
    """The cell with letters that OCR reads for digits as digits, as long as before; the mended prints and numerals.

    `9O%`, `lOO dokumen`, `Target: 2l`, `2O24`: only before a unit, behind a label or as a year.
    """
    mends: list[tuple[str, str]] = []

    def mend(match: re.Match[str]) -> str:
        printed = match[0][len(match["label"] or "") :]
        numeral = printed.translate(DIGIT_LIKE)
        if numeral == printed or not (re.search(r"\d", printed) or set("01") <= set(numeral)):
            return match[0]
        mends.append((printed, numeral))
        return (match["label"] or "") + numeral

    return _misread_digits().sub(mend, cell), mends


@cache
def _misread_digits() -> re.Pattern[str]:
    """Runs of digits and letters that look like them, at the places where they can only be a numeral."""
    units = vocabulary("units")
    glyphs, percent = "[0-9OolI]", "|".join(map(re.escape, units["units"]["%"]))
    numeral = rf"(?<![^\W_]){glyphs}{{1,12}}(?:[.,]{glyphs}{{1,12}}){{0,4}}"
    labels = _phrases([*units["labels"]["target"], *units["labels"]["year"]])
    nouns = _phrases([*_prints(units["units"]), *units["scales"]])
    year = r"(?<![^\W_])2[0Oo][0-9OolI]{2}(?![^\W_])"
    labelled = rf"(?P<label>(?i:{labels})\s*[:;]?\s*){numeral}(?![^\W_]|/)"
    return re.compile(rf"{labelled}|{numeral}(?=\s*(?i:{percent})|\s(?i:{nouns}))|{year}")


def _is_misread_label(word: str, behind: str) -> bool:
    """Whether a word before a colon is a label of targets with one letter wrong (`Tarqet:`)."""
    if not behind.lstrip().startswith((":", ";")) or len(word) < _MIN_MISREAD_LABEL:
        return False
    labels = (label for label in vocabulary("units")["labels"]["target"] if len(label) >= _MIN_MISREAD_LABEL)
    return any(DamerauLevenshtein.distance(word.casefold(), label) == 1 for label in labels)


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
    "period": "P", "filler": "F", "preposition": "p", "qualifier": "Q", "numbered": "A", "and": "&",
    "word": "W", "comma": ",", "colon": ":", "slash": "/", "blank": "~", "noise": "~", "other": "?",
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
    multiples: dict[str, str] = {"bulanan": periods["months"], "tahunan": periods["years"]}.get(
        periods["unit"].get(unit, ""), {}
    )
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
    """One pattern for all tokens: a branch for each glyph that a phrase of the vocabulary begins with, so that
    a place tries only what can begin there; within a branch the earlier alternative wins."""
    number = rf"(?:(?<![^\W\d_])|(?<=rp)){NUMERAL}(?:,-)?(?![^\W_])|(?<![^\W\d_]){NUMERAL}(?=x\b|o/o)"
    year = rf"(?<![\d.,]){_YEAR}(?![\d%]|[.,]\d)(?![^\W\d_])"
    word = {"word": r"(?<![^\W_])[^\W\d_]+(?:[-'’][^\W\d_]+)*(?![^\W_])", "other": r"[^\W_]+"}
    glyphs = sorted({printed[0] for printed in _beginnings()})
    letters = [(glyph, _alternatives(glyph) | word) for glyph in glyphs if glyph.isalpha()]
    signs = [(re.escape(glyph), _alternatives(glyph) | {"other": "."}) for glyph in glyphs if not glyph.isalpha()]
    plain = [
        (r"[.\s]", {"stop": r"[.\s]+"}),
        (r"[,;]", {"comma": r"[,;]+"}),
        (rf"[^\w{re.escape(''.join(glyphs))}]", {"other": "."}),
        (r"\d", {"year": year, "number": number, "other": r"[^\W_]+"}),
    ]
    letter = _branches([*letters, ("", word | {"noise": "_"})], "letter")
    body = _branches([*plain, (r"\W", _branches(signs, "sign")), ("", letter)], "plain")
    return re.compile(body, re.IGNORECASE | re.DOTALL)


def _branches(branches: Iterable[tuple[str, dict[str, str] | str]], place: str) -> str:
    """A pattern that tries at each place only the first branch whose glyph fits; groups are named `kind__place`."""
    bodies = []
    for n, (first, body) in enumerate(branches):
        if not isinstance(body, str):
            body = "|".join(f"(?P<{kind}__{place}{n}>{pattern})" for kind, pattern in body.items() if pattern)
        bodies.append(f"(?={first})(?:{body})")
    return "|".join(bodies)


def _alternatives(glyph: str) -> dict[str, str]:
    """The tokens that begin with a glyph and are no plain word, as patterns in the order of their trial."""
    units: dict[str, Any] = vocabulary("units")
    periods = units["periods"]

    def phrases(prints: Iterable[str]) -> str:
        return _phrases(printed for printed in prints if printed[0].casefold() == glyph)

    measure, count = _phrases(periods["unit"]), r"\s*\d{1,2}\s*(?:\([^()]{1,30}\)\s*)?"
    every, within = phrases(periods["every"]), phrases(periods["within"])
    times = [
        rf"(?:{every})(?:{count}|\s*)(?:{measure})" if every else "",
        rf"(?:{within}){count}(?:{measure})" if within else "",
        phrases(_prints(periods["phrases"])),
    ]
    thousands = r"\s*1[.,]?0{2,3}(?:[.,]?000)*(?!\d)"
    money = [phrases(_prints(units["currencies"])), r"(?<![^\W\d_])rp(?=\s*\d)" if glyph == "r" else ""]
    # A bracket that nothing closes may hold a number of its own, unless all of the cell stands in it.
    noise = {"\\": r"\\[a-z]+|\\+", "(": r"\A\(", "[": r"\A\["}
    return {
        "colon": ":" if glyph == ":" else "",
        "period": "|".join(filter(None, times)),
        "year": rf"\(\s*(?:tahun\s*)?:?\s*{_YEAR}\s*\)" if glyph == "(" else "",
        "rate": {"p": rf"(?<![^\W_])per{thousands}", "/": f"/{thousands}"}.get(glyph, ""),
        "bracket": r"\([^()]{0,120}\)" if glyph == "(" else "",
        "target": phrases(units["labels"]["target"]),
        "year_label": phrases(units["labels"]["year"]),
        "currency": "|".join(filter(None, money)),
        "comparator": phrases(_prints(units["comparators"])),
        "after": phrases(_prints(units["comparators_after"])),
        "between": phrases(units["ranges"]["between"]),
        "scale": phrases(units["scales"]),
        "unit": phrases(_prints(units["units"])),
        "blank": phrases(units["blanks"]["words"]),
        "filler": phrases(units["fillers"]["words"]),
        "numbered": phrases(units["qualifiers"]["numbered"]),
        "preposition": phrases(units["qualifiers"]["before_time"]),
        "qualifier": phrases(units["qualifiers"]["words"]),
        "range": phrases(units["ranges"]["words"]),
        "and": phrases(_CONJUNCTIONS),
        "noise": noise.get(glyph, re.escape(glyph) + "+" if glyph in "{}|^~)]" else ""),
        "slash": "/" if glyph == "/" else "",
    }


def _beginnings() -> Iterator[str]:
    """Everything that a branch of the lexer is for: the phrases of the vocabulary, and signs."""
    units: dict[str, Any] = vocabulary("units")
    periods = units["periods"]
    for name in ("currencies", "comparators", "comparators_after", "units", "labels", "ranges", "qualifiers"):
        yield from (printed.casefold() for printed in _prints(units[name]))
    yield from (printed.casefold() for printed in _prints(periods["phrases"]))
    for words in (units["blanks"]["words"], units["fillers"]["words"], periods["every"], periods["within"]):
        yield from words
    yield from units["scales"]
    yield from _CONJUNCTIONS
    yield from r":/\([{}|^~)]"
