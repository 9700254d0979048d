"""Misread words -> the words of the vocabulary, where no other reading is at hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from typing import NamedTuple

from extractors.lookups import vocabulary

# Shorter words have neighbours that are words themselves.
_MIN_LOOK, _MIN_TYPO, _MIN_GLUED, _MIN_PIECE = 3, 8, 6, 3
# Letters at the end that a typo leaves as they are: another ending is another word.
_ENDING = 3


class Spelt(NamedTuple):
    """The words as read, and what was mended in them: (printed, read)."""

    words: tuple[str, ...]
    mended: tuple[tuple[str, str], ...]


class Speller:
    """Mends words that the lexicon does not hold; words that it holds stay as they are.

    `lexicon`: words in lower case. A word is read as the one word of the lexicon that looks alike to an OCR
    program, or lacks or has one letter more, or swapped two; glued words are cut, torn ones joined. No word is read
    as a figure, or as one of `light`, which would make it vanish.
    """

    def __init__(self, lexicon: Iterable[str], light: Iterable[str] = ()) -> None:
        self._lexicon = frozenset(lexicon)
        self._affixes = frozenset(vocabulary("wordings")["other"]["affixes"])
        self._looks: defaultdict[str, set[str]] = defaultdict(set)
        for word in self._lexicon.difference(light):
            if word.isalpha() and len(word) >= _MIN_LOOK:
                self._looks[look(word)].add(word)

    def read(self, words: Sequence[str]) -> Spelt:
        """The words mended. Numbers are left alone, but for letters that look like digits among digits."""
        read: list[str] = []
        mended: list[tuple[str, str]] = []
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if rest and self._torn(word, rest[0]):
                after = rest.pop(0)
                mended.append((f"{word} {after}", word + after))
                read.append(word + after)
                continue
            known = self._known(word)
            if known != (word,):
                mended.append((word, " ".join(known)))
            read += known
        return Spelt(tuple(read), tuple(mended))

    def _torn(self, word: str, after: str) -> bool:
        """Whether a blank tore one word apart: the halves are no two words."""
        torn = word not in self._lexicon or after not in self._lexicon
        return torn and len(word + after) >= _MIN_GLUED and word + after in self._lexicon

    def _known(self, word: str) -> tuple[str, ...]:
        if word in self._lexicon or not any(c.isalpha() for c in word):
            return (word,)
        if alike := self._looks.get(look(word)):
            return (next(iter(alike)),) if len(alike) == 1 else (word,)
        if len(word) >= _MIN_TYPO and len(typos := self._typos(word)) == 1:
            return (typos[0],)
        return self._cut(word) or (word,)

    def _typos(self, word: str) -> list[str]:
        """Words of the lexicon with a letter more, fewer, doubled or swapped; another letter is another word."""
        from rapidfuzz.distance import OSA

        near = [known for known in self._by_length(len(word)) if OSA.distance(word, known, score_cutoff=1) == 1]
        return [
            known
            for known in near
            if known[0] == word[0] and known[-_ENDING:] == word[-_ENDING:]
            if len(known) != len(word) or sorted(known) == sorted(word)
        ]

    def _by_length(self, length: int) -> list[str]:
        return [word for n in (length - 1, length, length + 1) for word in self._lengths.get(n, ())]

    @cached_property
    def _lengths(self) -> dict[int, list[str]]:
        lengths: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(self._lexicon):
            lengths[len(word)].append(word)
        return dict(lengths)

    def _cut(self, word: str) -> tuple[str, ...] | None:
        """A glued word in the fewest words of the lexicon; None where it is not made of them."""
        if len(word) < _MIN_GLUED:
            return None
        best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
        for end in range(_MIN_PIECE, len(word) + 1):
            for start in range(end - _MIN_PIECE + 1):
                before, piece = best[start], word[start:end]
                shorter = before is not None and (best[end] is None or len(before) + 1 < len(best[end] or ()))
                if before is not None and shorter and piece in self._lexicon and piece not in self._affixes:
                    best[end] = (*before, piece)
        return best[-1]


@cache
def _lookalikes() -> tuple[tuple[tuple[str, str], ...], dict[int, str]]:
    data = vocabulary("wordings")["lookalikes"]
    signs = {ord(sign): group[0] for group in data["groups"] for sign in group}
    return tuple(data["pairs"].items()), signs


def look(word: str) -> str:
    """What a word looks like to an OCR program: one sign for each group of signs that it mixes up."""
    pairs, signs = _lookalikes()
    for pair, sign in pairs:
        word = word.replace(pair, sign)
    return word.translate(signs)
