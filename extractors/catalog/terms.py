"""Tokens of an indicator's words, and terms of several words replaced by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from extractors.lookups import vocabulary
from extractors.numerals import read_numeral, spelled

Words = tuple[str, ...]

OPENS, CLOSES = "(", ")"
# Larger numbers are not spelt out in the words of an indicator.
_SPELT_NUMBERS = 1001
_LONGEST_REPEAT = 4
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:…\d+(?:[.,]\d+)*)*(?![^\W_])|[^\W_]+|[<>]=?|[%±~≠≈(),/&]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)+")
_CLITIC = re.compile(r"(?<=[^\W\d_]{4})nya$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word. `role`: what stands before it says `from` or `to`; `joined`: a word such as `dan` joins it."""

    word: str
    role: str = ""
    joined: bool = False


class Terms:
    """Replaces words by others, the longest first. Brackets and marks within a term's words break it."""

    def __init__(self, table: Mapping[Words, Words]) -> None:
        self._table = {words: term for words, term in table.items() if words and words != term}
        self._longest: dict[str, int] = {}
        for words in self._table:
            self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def replace(self, line: Sequence[Token]) -> list[Token]:
        """The tokens with terms replaced; the first token of a term keeps the marks."""
        return list(self._replaced(line))

    def _replaced(self, line: Sequence[Token]) -> Iterator[Token]:
        start = 0
        while start < len(line):
            for end in range(min(len(line), start + self._longest.get(line[start].word, 0)), start, -1):
                term = self._table.get(tuple(token.word for token in line[start:end]))
                if term is not None and not any(token.joined for token in line[start + 1 : end]):
                    yield from (replace(line[start], word=term[0]), *map(Token, term[1:]))
                    start = end
                    break
            else:
                yield line[start]
                start += 1


def words_of(text: str) -> Words:
    """The words of a vocabulary's text, without marks."""
    return tuple(word for word in tokens(text) if word not in (OPENS, CLOSES, ",", "/", "&"))


def figures(text: str) -> Words:
    """The same, numbers as figures."""
    return tuple(token.word for token in _numbers().replace([Token(word) for word in words_of(text)]))


def tokens(text: str) -> list[str]:
    """Words, figures and marks in lower case, without the clitic `-nya`, but for words that are one only with it."""
    return [_token(token) for token in _TOKEN.findall(text.casefold())]


def _token(token: str) -> str:
    if _NUMBER.fullmatch(token):
        value = read_numeral(token).value
        return token if value is None else f"{value:g}"
    return token if token in _whole_words() else _CLITIC.sub("", token)


def unrepeated(line: Sequence[Token]) -> list[Token]:
    """Words, or runs of them, that stand twice in a row once: what a term and its gloss became (`ttd (ttd)`).

    What `dan` or a comma joins is two things (`ibu hamil dan ibu hamil KEK`); `atau` before the end is a gloss.
    """
    words = [token.word for token in line]
    if len(set(words)) == len(words):
        return list(line)
    kept: list[Token] = []
    for place, token in enumerate(line):
        kept.append(token)
        last = place == len(line) - 1
        while _drop_gloss(kept, last):
            pass
    return kept


def _drop_gloss(kept: list[Token], last: bool) -> bool:
    """Drop the run at the end where it repeats the one before it, as its gloss."""
    closed = kept[-1].word == CLOSES
    inner = kept[:-1] if closed else kept
    for size in range(1, _LONGEST_REPEAT + 1):
        run = [token.word for token in inner[-size:]]
        if len(inner) < size or {OPENS, CLOSES} & set(run):
            return False
        before = inner[:-size]
        opened = bool(before) and before[-1].word == OPENS
        joined = inner[-size].joined and not last
        same = [token.word for token in (before[:-1] if opened else before)[-size:]] == run
        if same and opened == closed and not joined:
            del kept[len(kept) - size - 2 * closed :]
            return True
    return False


@cache
def spelt_numbers() -> dict[Words, Words]:
    """The words of a number -> its figure."""
    return {words_of(spelled(number) or ""): (str(number),) for number in range(_SPELT_NUMBERS)}


@cache
def _numbers() -> Terms:
    return Terms(spelt_numbers())


@cache
def _whole_words() -> frozenset[str]:
    """Words of measures and limits that end in `-nya`: without it they would be others (`sedikitnya`)."""
    data = vocabulary("wordings")
    prints = [printed for table in ("measures", "limits") for kinds in data[table].values() for printed in kinds]
    return frozenset(word for printed in prints for word in printed.split() if word.endswith("nya"))
