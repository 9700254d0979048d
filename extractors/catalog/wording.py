"""The words of an indicator -> what they say, whatever words a regulation chose for it.

Words that say the same become one, abbreviations and their glosses, too; numbers in words become figures; what only
holds a sentence together goes. Negations, and who gives to whom, stay as marks of the word behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.catalog.plain import NOWHERE, Context, bracketless, plain
from extractors.catalog.spelling import Speller
from extractors.catalog.terms import CLOSES, OPENS, Terms, Token, figures, spelt_numbers, tokens, unrepeated, words_of
from extractors.lookups import vocabulary

Words = tuple[str, ...]

_REMEMBERED = 2**16
_MAX_LENGTH = 2_000
_NEGATED = "¬"
_NOT = "not"


@dataclass(frozen=True, slots=True)
class Wording:
    """What the words of an indicator say: the kind of figure (`share`, `count` or None) and the words in order.

    `roles`: of each word whether what stands before it says `from`, `to` or nothing. `mended`: words that were read as
    others, (printed, read).
    """

    measure: str | None
    words: Words
    roles: tuple[str, ...] = ()
    mended: tuple[tuple[str, str], ...] = ()

    @property
    def negated(self) -> tuple[str, ...]:
        """The words that stand under a negation, sorted."""
        return tuple(sorted(word for word in self.words if word.startswith(_NEGATED)))

    @property
    def numbers(self) -> tuple[str, ...]:
        """Figures and limits, sorted."""
        return tuple(sorted(word for word in self.words if not word[:1].isalpha() and not word.startswith(_NEGATED)))

    def says(self, other: Wording) -> bool:
        """Whether both say the same: the same words in order, and nowhere the one `from` and the other `to`."""
        return self.words == other.words and all(
            not own or not there or own == there for own, there in zip(self.roles, other.roles, strict=True)
        )


class Reader:
    """Reads wordings of one theme. `same`: the theme's terms; `known`: texts whose words are spelt right."""

    def __init__(self, same: Mapping[str, Sequence[str]], known: Iterable[str]) -> None:
        data = vocabulary("wordings")
        self._read = lru_cache(maxsize=_REMEMBERED)(self._wording)
        self._light = frozenset(data["light"])
        self._joining = frozenset(data["joining"])
        self._roles = {word: role for role, prints in data["roles"].items() for word in prints}
        self._negations = {word: kind for kind, prints in data["negations"].items() for word in prints}
        self._measures = {words_of(printed): kind for kind, prints in data["measures"].items() for printed in prints}
        tables = (data["same"], same)
        terms = [(term, printed) for table in tables for term, prints in table.items() for printed in prints]
        limits = [(sign, printed) for sign, prints in data["limits"].items() for printed in prints]
        texts = [text for pair in terms for text in pair] + [printed for _, printed in limits]
        apart = {words_of(word): words_of(words) for word, words in data["apart"].items()}
        small = self._light | self._joining | self._roles.keys() | self._negations.keys()
        lexicon = {word for text in (*texts, *known) for word in words_of(text)} | set(data["apart"])
        lexicon |= {word for words in (*spelt_numbers(), *self._measures) for word in words}
        self._speller = Speller(lexicon | small | set(data["other"]["words"]), small)
        self._numbers = Terms(spelt_numbers() | apart)
        # As printed, with all small words: `kurang dari` is a limit, `kurang` alone is none.
        self._whole = Terms(
            {figures(printed): (sign,) for sign, printed in limits}
            | {figures(printed): figures(term) for term, printed in terms}
        )
        self._bare = Terms(
            {self._essential(figures(printed)): self._essential(figures(term)) for term, printed in terms}
        )

    def read(self, text: str, context: Context = NOWHERE) -> Wording:
        """What a text says. Text longer than an indicator is cut; what many regions print is read once."""
        return self._read(plain(text[:_MAX_LENGTH], context))

    def readings(self, text: str) -> tuple[Wording, ...]:
        """What a text of the catalogue says, also without its glosses in brackets. Figures are no gloss."""
        return tuple(dict.fromkeys((self.read(text), self.read(bracketless(text)))))

    def _wording(self, text: str) -> Wording:
        spelt = self._speller.read(tokens(text))
        measure, rest = self._measured([Token(word) for word in spelt.words])
        line = self._whole.replace(unrepeated(self._numbers.replace(rest)))
        line = self._marked(line)
        for _ in range(2):  # what one term became may be part of another
            line = unrepeated(self._bare.replace(line))
        line = self._bound([token for token in line if token.word not in (OPENS, CLOSES)])
        return Wording(measure, tuple(t.word for t in line), tuple(t.role for t in line), spelt.mended)

    def _measured(self, line: list[Token]) -> tuple[str | None, list[Token]]:
        """The kind of figure that the first words tell, and the words behind them. `Persentase jumlah` is a share."""
        for size in (2, 1):
            if kind := self._measures.get(tuple(token.word for token in line[:size])):
                after, rest = self._measured(line[size:])
                return "share" if "share" in (kind, after) else after or (None if kind == "open" else kind), rest
        return None, line

    def _essential(self, words: Words) -> Words:
        dropped = self._light | self._joining | self._roles.keys()
        return tuple(word for word in words if word not in dropped)

    def _marked(self, line: Sequence[Token]) -> list[Token]:
        """Without small words; what they said of the word behind them is its mark."""
        marked: list[Token] = []
        role, joined = "", False
        for token in line:
            if token.word in self._joining or token.word == ",":
                joined = True
            elif token.word in self._roles:
                role = self._roles[token.word]
            elif token.word not in self._light and token.word != "/":
                marked.append(replace(token, role=role, joined=joined))
                role, joined = "", False
        return marked

    def _bound(self, line: Sequence[Token]) -> list[Token]:
        """Each negation as a mark on the word behind it; two `not` take each other back."""
        bound: list[Token] = []
        marks: list[str] = []
        for token in line:
            if kind := self._negations.get(token.word):
                if kind == _NOT and marks[-1:] == [_NOT]:
                    marks.pop()
                else:
                    marks.append(kind)
            else:
                bound.append(replace(token, word="".join(f"{_NEGATED}{mark} " for mark in marks) + token.word))
                marks = []
        return [*bound, Token("".join(f"{_NEGATED}{mark} " for mark in marks))] if marks else bound
