"""The words of an indicator -> what they say, whatever words a regulation chose for it.

Words that say the same become one, abbreviations and their glosses, too; numbers in words become figures;
connectors go; a negation binds to the word behind it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.acts.regions import region_named
from extractors.catalog.spelling import Speller
from extractors.glyphs import DIGIT_LIKE
from extractors.lookups import vocabulary
from extractors.numerals import read_numeral, spelled

Words = tuple[str, ...]

# Larger numbers are not spelt out in the words of an indicator.
_SPELT_NUMBERS = 1001
_LONGEST_REPEAT = 4
_MAX_LENGTH = 2_000
_REMEMBERED = 2**16

_TOKEN = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+|[<>]=?|[≤≥%]")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])- +(?=[^\W\d_])")
_RANGE = re.compile(r"(?<=\d)\s*(?:[-–—]|s\.?\s?/?\s?d\.?|sampai(?: dengan)?|hingga)\s*(?=\d)", re.IGNORECASE)
_IN_YEAR = re.compile(r"\b(?:(?:pada|di|dalam|untuk)\s+)?(?:akhir\s+)?(?:tahun|thn\.?|ta\.?)\s+20\d\d\b", re.IGNORECASE)
_IN_REGION = re.compile(
    r"\b(?:di\s+|se-?\s?|wilayah\s+|tingkat\s+)*(?P<kind>kabupaten|kab\.?|kota)\s+"
    r"(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){0,3})",
    re.IGNORECASE,
)
_OFFICE = re.compile(r"\b(?P<office>bupati|wali ?kota)\s+(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){0,3})", re.IGNORECASE)
_GLOSS = re.compile(r"\((?P<short>[A-Z][A-Z0-9-]{1,7})\)")
# Figures with letters that OCR takes for digits: `l.000`, `1.0O0`, `l5`.
_FIGURE = re.compile(r"(?<![^\W_])(?=[\dOolI|.,]*\d)[\dOolI|]+(?:[.,][\dOolI|]+)*(?![^\W_])")
_CLITIC = re.compile(r"(?<=[^\W\d_]{4})nya$")
_BRACKETS = re.compile(r"\([^()]*\)")
_NEGATED = "¬"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of an indicator say: the kind of figure (`share`, `count` or None) and the words in order.

    `mended`: words that were read as others, (printed, read).
    """

    measure: str | None
    words: Words
    mended: tuple[tuple[str, str], ...] = ()

    @property
    def negated(self) -> tuple[str, ...]:
        """The words that stand under a negation, sorted."""
        return tuple(sorted(word for word in self.words if word.startswith(_NEGATED)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Figures and limits, sorted."""
        return tuple(sorted(word for word in self.words if not word.lstrip(_NEGATED)[:1].isalpha()))


class Reader:
    """Reads wordings of one theme. `same`: the theme's terms; `known`: texts whose words are spelt right."""

    def __init__(self, same: Mapping[str, Sequence[str]], known: Iterable[str]) -> None:
        data = vocabulary("wordings")
        self._read = lru_cache(maxsize=_REMEMBERED)(self._wording)
        self._light = frozenset(data["light"])
        self._negations = frozenset(data["negations"])
        self._measures = {
            tuple(_tokens(printed)): kind for kind, prints in data["measures"].items() for printed in prints
        }
        terms = [
            (term, printed) for table in (data["same"], same) for term, prints in table.items() for printed in prints
        ]
        limits = [(sign, printed) for sign, prints in data["limits"].items() for printed in prints]
        texts = [text for pair in terms for text in pair] + [printed for _, printed in limits]
        lexicon = {word for text in (*texts, *known) for word in _tokens(text)}
        lexicon |= {word for words in (*_spelt_numbers(), *self._measures) for word in words} | set(data["apart"])
        self._speller = Speller(lexicon | self._light | self._negations | set(data["other"]["words"]))
        # With their connectors first: `kurang dari` is a limit, `kurang` alone is none.
        apart = {tuple(_tokens(word)): tuple(_tokens(words)) for word, words in data["apart"].items()}
        self._numbers = Phrases(_spelt_numbers() | apart)
        self._whole = Phrases(
            {self._figures(printed): (sign,) for sign, printed in limits}
            | {self._figures(printed): self._figures(term) for term, printed in terms}
        )
        self._bare = Phrases(
            {self._essential(self._figures(printed)): self._essential(self._figures(term)) for term, printed in terms}
        )

    def read(self, text: str) -> Wording:
        """What a text says. Text longer than an indicator is cut; what many regions print is read once."""
        return self._read(text)

    def _wording(self, text: str) -> Wording:
        spelt = self._speller.read(list(_tokens(_plain(text[:_MAX_LENGTH]))))
        measure, rest = self._measured(spelt.words)
        words = self._essential(self._whole.replace(_without_repeats(self._numbers.replace(rest))))
        for _ in range(2):  # what one term became may be part of another
            words = _without_repeats(self._bare.replace(words))
        return Wording(measure, self._bound(words), spelt.mended)

    def readings(self, text: str) -> tuple[Wording, ...]:
        """What a text of the catalogue says, also without its glosses in brackets. Figures are no gloss."""
        bare = _BRACKETS.sub(lambda gloss: gloss.group() if any(map(str.isdigit, gloss.group())) else " ", text)
        return tuple(dict.fromkeys((self.read(text), self.read(bare))))

    def _figures(self, text: str) -> Words:
        """The words of a term, numbers as figures."""
        return self._numbers.replace(tuple(_tokens(text)))

    def _measured(self, words: Words) -> tuple[str | None, Words]:
        """The kind of figure that the first words tell, and the words behind them."""
        for size in (2, 1):
            if kind := self._measures.get(words[:size]):
                after, rest = self._measured(words[size:])
                return after or (None if kind == "open" else kind), rest
        return None, words

    def _essential(self, words: Iterable[str]) -> Words:
        return tuple(word for word in words if word not in self._light)

    def _bound(self, words: Words) -> Words:
        """Each negation as a mark on the word behind it; two take each other back."""
        bound: list[str] = []
        mark = ""
        for word in words:
            if word in self._negations:
                mark = "" if mark else _NEGATED
            else:
                bound.append(mark + word)
                mark = ""
        return (*bound, mark) if mark else tuple(bound)


class Phrases:
    """Replaces phrases by others, the longest first."""

    def __init__(self, table: Mapping[Words, Words]) -> None:
        self._table = {phrase: term for phrase, term in table.items() if phrase and phrase != term}
        self._longest: dict[str, int] = {}
        for phrase in self._table:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def replace(self, words: Words) -> Words:
        return tuple(self._replaced(words))

    def _replaced(self, words: Words) -> Iterator[str]:
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + self._longest.get(words[start], 0)), start, -1):
                if (term := self._table.get(words[start:end])) is not None:
                    yield from term
                    start = end
                    break
            else:
                yield words[start]
                start += 1


def _plain(text: str) -> str:
    """One line in lower case, without the year that belongs to the target and the region that all rows share."""
    text = " ".join(unicodedata.normalize("NFKC", text).replace("\u00ad", "").split())
    text = _FIGURE.sub(lambda figure: figure.group().translate(DIGIT_LIKE), _HYPHENATED.sub("", text))
    text = _RANGE.sub(" ", _IN_YEAR.sub(" ", _GLOSS.sub(_without_gloss, text)))
    return _IN_REGION.sub(_without_region, _OFFICE.sub(_without_region, text)).casefold()


def _without_region(place: re.Match[str]) -> str:
    """The text without `di Kabupaten Blora`, or `Blora` behind an office; what names no region stays."""
    found = place.groupdict()
    city = (found.get("kind") or found.get("office") or "").casefold() in ("kota", "wali kota", "walikota")
    words = found["name"].split()
    for count in range(len(words), 0, -1):
        if region_named(" ".join(words[:count]), ("kota",) if city else ("kabupaten",)):
            return " ".join((found.get("office") or "", *words[count:]))
    return place.group()


def _without_gloss(gloss: re.Match[str]) -> str:
    """The text without an abbreviation in brackets that the words before it spell: `Tablet Tambah Darah (TTD)`."""
    letters = [letter for letter in gloss["short"].casefold() if letter.isalpha()]
    words = re.findall(r"[^\W\d_]+", gloss.string[: gloss.start()].casefold())
    spelt = [word[0] for word in words[-len(letters) :]]
    return " " if spelt == letters else gloss.group()


@cache
def _spelt_numbers() -> dict[Words, Words]:
    """The words of a number -> its figure."""
    return {tuple(_tokens(spelled(number) or "")): (str(number),) for number in range(_SPELT_NUMBERS)}


def _tokens(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text.casefold()):
        value = read_numeral(token).value if token[0].isdigit() and not token.isalnum() else None
        yield _CLITIC.sub("", token) if value is None else f"{value:g}"


def _without_repeats(words: Words) -> Words:
    """Words or runs of them that stand twice in a row once: `ttd ttd`, what a term and its gloss became."""
    if len(set(words)) == len(words):
        return words
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for size in range(1, _LONGEST_REPEAT + 1):
            if len(kept) >= 2 * size and kept[-size:] == kept[-2 * size : -size]:
                del kept[-size:]
                break
    return tuple(kept)
