"""Agency cells as content words, the separators between them, and what the registry knows of them.

spaCy's phrase matchers run over the content words only, so that a name is found however its
connectors and its punctuation are printed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from extractors.annex.agency_registry import Key, content_words, registry
from extractors.lookups import vocabulary

# Signs between names: where several stand together, the first of this order counts.
_SEPARATORS = {
    "(": "bracket",
    "?": "misread",
    ";": "semicolon",
    ",": "comma",
    "•": "item",
    ".": "stop",
    "/": "slash",
    "&": "dan",
}
_SIGNS = frozenset(";,./&")
# A word, a command of LaTeX (OCR noise), or a sign.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|\\[a-z]+|[^\w\s]")
_ENUMERATOR = re.compile(r"\d{1,2}|[a-z]")
_BULLETS = frozenset("•-–—*▪·:|")
# A bracket that stays open longer is a stray one.
_MAX_BRACKET = 40
# A word as long as that may be one (two) letters off a word of the registry.
_MIN_MENDED, _MIN_TWICE_MENDED = 6, 12
# Letters and a digit that OCR reads for one another; a shorter word is too near to others.
_LOOK_ALIKE, _MIN_LOOK_ALIKE = str.maketrans("l1", "ii"), 4


@dataclass(frozen=True, slots=True)
class Word:
    """A content word: `lower` is its mended form, `start` and `end` stand in the cell, brackets behind it included."""

    text: str
    lower: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """A cell. `separators[k]` stands before word k (empty: none), `found[label][k]` are the ends of matches from k."""

    text: str
    items: tuple[Word, ...]
    separators: tuple[str, ...]
    found: dict[str, dict[int, list[int]]]
    mended: tuple[tuple[str, str], ...] = ()

    def key(self, start: int, end: int) -> tuple[str, ...]:
        return tuple(word.lower for word in self.items[start:end])

    def ends(self, label: str, start: int) -> list[int]:
        return self.found.get(label, {}).get(start, [])

    def begins_name(self, index: int) -> bool:
        """Whether a name may begin at word `index`: a head, a known name or an office's abbreviation."""
        return any(self.ends(label, index) for label in ("head", "name", "office_abbreviation"))

    def printed(self, start: int, end: int) -> str:
        return " ".join(self.text[self.items[start].start : self.items[end - 1].end].split())


@dataclass
class Lexicon:
    """The matchers over the registry and a document's own abbreviations (abbreviation -> full name)."""

    definitions: Mapping[str, str]
    place: frozenset[str]  # words of the region's name
    _mends: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc
        from spacy.vocab import Vocab

        known = registry()
        self._vocab = vocab = Vocab()
        self._matchers = (PhraseMatcher(vocab), PhraseMatcher(vocab))  # over lower case, over the print
        phrases: dict[str, Collection[Key]] = {
            "head": known.heads.keys(),
            "name": known.names.keys(),
            "function": known.functions.keys(),
        }
        for label, keys in phrases.items():
            self._matchers[0].add(label, [Doc(vocab, words=list(key)) for key in keys])
        self._matchers[1].add("et_al", [Doc(vocab, words=list(key)) for key in known.et_al])
        offices = [*known.office_abbreviations, *self.definitions]
        for label, shorts in (
            ("office_abbreviation", offices),
            ("function_abbreviation", list(known.function_abbreviations)),
        ):
            prints = {content for short in shorts for content in _prints(short)}
            self._matchers[1].add(label, [Doc(vocab, words=list(words)) for words in prints if words])
        data = vocabulary("agencies")
        self._words = sorted(known.words | self.place)
        self._look_alikes = {word.translate(_LOOK_ALIKE): word for word in self._words if len(word) >= _MIN_LOOK_ALIKE}
        self._roles = frozenset(data["roles"])
        self._levels = frozenset((*data["places"]["upper"], *data["places"]["lower"]))
        self._connectors = frozenset(data["connectors"])
        self._misread = frozenset(data["misread_connectors"])
        self._misread_later = frozenset(data["misread_after_punctuation"])
        self._dotted = frozenset(data["dotted"])
        self._spellings: dict[str, str] = data["spellings"]

    def read(self, cell: str) -> Words:
        """The words of a cell (at most some thousand characters), with separators and matches."""
        items: list[Word] = []
        separators: list[str] = []
        signs: set[str] = set()
        tokens = list(_TOKEN.finditer(cell))
        index = 0
        while index < len(tokens):
            token = tokens[index]
            closing = _closing(tokens, index)
            inside = content_words(cell[token.end() : tokens[closing].start()]) if closing > index else ()
            if self._names_another(inside, items[-1].text if items else ""):
                signs.add("(")
                index += 1
                continue
            aside = closing + 1 if closing > index else self._role_end(tokens, index) if items and not signs else index
            if aside > index:
                if items and not signs:
                    items[-1] = replace(items[-1], end=tokens[aside - 1].end())
                index = aside
                continue
            sign = self._sign(tokens, index, bool(signs))
            index += 1
            if sign:
                signs.add(sign)
            elif token[0][0].isalnum():
                word = Word(token[0], self._mend(token[0]), *token.span())
                if items and not signs and (whole := self._torn(items[-1], word)):
                    items[-1] = whole
                    continue
                items.append(word)
                separators.append(next((name for mark, name in _SEPARATORS.items() if mark in signs), ""))
                signs = set()
        mended = tuple((word.text, word.lower) for word in items if word.text.casefold() != word.lower)
        return Words(cell, tuple(items), tuple(separators), self._found(items), mended)

    def _names_another(self, inside: Key, before: str) -> bool:
        """Whether the words in a bracket are an agency of their own: they begin with the head of a name,
        and the word before is no abbreviation of them (`Bappeda`)."""
        heads = registry().heads
        if not any(inside[:n] in heads for n in range(1, len(inside) + 1)) or inside[0] in self._levels:
            return False
        short, letters = before.casefold(), iter("".join(inside))
        return short[:1] != inside[0][0] or not all(letter in letters for letter in short)

    def _role_end(self, tokens: Sequence[re.Match[str]], index: int) -> int:
        """Where words end that say in which role an office acts (`selaku koordinator`), or turn a level of
        government into all its parts (`se-Kabupaten`); `index` if none begin there."""
        lower = tokens[index][0].casefold()
        if lower == "se":
            level = index + (2 if index + 1 < len(tokens) and tokens[index + 1][0] == "-" else 1)
            return level if level < len(tokens) and tokens[level][0].casefold() in self._levels else index
        if lower not in self._roles:
            return index
        end, heads = index + 1, registry().heads
        while end < len(tokens) and not self._sign(tokens, end, False) and tokens[end][0] not in "()":
            head = heads.get((tokens[end][0].casefold(),))
            if head and head.takes == "functions":
                break
            end += 1
        return end

    def _torn(self, before: Word, word: Word) -> Word | None:
        """The one word of the registry that two neighbours are the halves of, unless both are words of it."""
        joined = (before.text + word.text).casefold()
        known = registry().words
        if len(joined) < _MIN_MENDED or joined not in known or {before.lower, word.lower} <= known:
            return None
        return Word(f"{before.text} {word.text}", joined, before.start, word.end)

    def _sign(self, tokens: Sequence[re.Match[str]], index: int, punctuated: bool) -> str | None:
        """The sign that a token stands for between names; None if it is a word or nothing."""
        token, lower = tokens[index], tokens[index][0].casefold()
        before = tokens[index - 1] if index else None
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        if lower == "." and before and before[0].casefold() in self._dotted:
            return None
        if lower in _SIGNS or lower in self._connectors:
            return lower if lower in _SIGNS else "&"
        if lower in self._misread or (lower in self._misread_later and punctuated):
            return "?"
        if _ENUMERATOR.fullmatch(lower) and after and after[0] in ".)" and after.start() == token.end():
            return "•"
        joined = before and after and before.end() == token.start() and after.start() == token.end()
        return "•" if lower in _BULLETS and not joined else None

    def _mend(self, text: str) -> str:
        """The word in lower case, spelt as the registry spells it where it is a near miss."""
        lower = text.casefold()
        if lower not in self._mends:
            mended = self._spellings.get(lower, lower)
            if mended == lower and lower not in self._words:
                mended = self._look_alikes.get(lower.translate(_LOOK_ALIKE), lower)
            if mended == lower and len(lower) >= _MIN_MENDED and lower not in self._words and lower.isalpha():
                distance = 2 if len(lower) >= _MIN_TWICE_MENDED else 1
                near = process.extractOne(
                    lower, self._words, scorer=DamerauLevenshtein.distance, score_cutoff=distance, processor=None
                )
                mended = near[0] if near and near[0][0] == lower[0] else lower
            self._mends[lower] = mended
        return self._mends[lower]

    def _found(self, items: list[Word]) -> dict[str, dict[int, list[int]]]:
        from spacy.tokens import Doc

        forms = ([word.lower for word in items], [word.text for word in items])
        found: dict[str, dict[int, list[int]]] = {}
        for matcher, words in zip(self._matchers, forms, strict=True):
            for match, start, end in matcher(Doc(self._vocab, words=words)):
                found.setdefault(self._vocab.strings[match], {}).setdefault(start, []).append(end)
        return found


def _closing(tokens: Sequence[re.Match[str]], index: int) -> int:
    """Index of the token that closes the bracket opened at `index`; `index` if none is opened or closed there."""
    if tokens[index][0] not in ("(", "["):
        return index
    ends = range(index + 1, min(index + _MAX_BRACKET, len(tokens)))
    return next((end for end in ends if tokens[end][0] in (")", "]")), index)


def _prints(short: str) -> set[tuple[str, ...]]:
    """How an abbreviation is printed: as it is, in capitals, capitalised; in lower case only if it is no short word."""
    forms = {short, short.upper(), short.capitalize()} | ({short.lower()} if len(short) > _MIN_MENDED else set())
    return {tuple(re.findall(r"[^\W_]+", form)) for form in forms}
