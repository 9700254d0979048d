"""Whether the text layer that an OCR program left under a scan is too bad to be used.

A bad layer shows in numbers with letters in them (`Pasal 1O`, `2OO8`), in words with marks, capitals or braces inside
(`perumusa.n`, `tentarLg`, `FRESIDEI{`), and in words that become words of legal texts when glyphs that look alike are
exchanged (`REPUBUK`, `kebljakan`). Reading a good layer anew costs time, keeping a bad one costs numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import combinations, pairwise

import regex

from extractors.lookups import vocabulary

# Digits with the letters that are taken for them.
MIXED_NUMBER = regex.compile(r"(?=\D*\d)(?=[^Ol]*[Ol])[\dOl]+(?:[.,/][\dOl]+)*|\d+[A-Z]\d+")
# A word with something inside that no word has; `P3A`, `APBDesa` and `dan/atau` are none.
BROKEN_WORD = regex.compile(
    r"(?=\w{6})\p{L}*\p{Ll}\p{Lu}\p{Ll}+|(?=\w{6})\p{L}*\p{Ll}\p{Lu}{1,2}\p{Ll}*[a-z]\p{L}*|\p{L}{2,}[\"“”{}|\\<>~^*°]\p{L}*|\p{L}{5,}\.\p{Ll}{1,4}"
)
WORD = regex.compile(r"\p{L}{7,30}")
ENCLOSING = "\"'“”‘’()[],.;:-–—…"
# A page with one mixed number is bad; other odd words must be this many or this share.
BAD_COUNT, BAD_SHARE = 2, 0.02
# A word is tried with at most so many glyphs exchanged.
MOST_EXCHANGED = 2


def text_layer_is_bad(words: Iterable[str]) -> str | None:
    """Why the words of a page's text layer are to be read anew, with examples; None if they look right."""
    words = [stripped for word in words if (stripped := word.strip(ENCLOSING))]
    numbers = [word for word in words if MIXED_NUMBER.fullmatch(word)]
    odd = numbers + [word for word in words if BROKEN_WORD.fullmatch(word) or _is_misread(word.lower())]
    if not numbers and (not odd or len(odd) < min(BAD_COUNT, BAD_SHARE * len(words))):
        return None
    return f"{len(odd)} of {len(words)} words are misread: {', '.join(dict.fromkeys(odd[:8]))}"[:200]


@cache
def _legal_words() -> frozenset[str]:
    return frozenset(vocabulary("legal_words")["words"].split())


@cache
def _is_misread(word: str) -> bool:
    """Whether an unknown word is a known one with glyphs exchanged for others that look alike."""
    if not WORD.fullmatch(word) or word in _legal_words():
        return False
    return any(tried in _legal_words() for tried in _exchanged(word))


def _exchanged(word: str) -> Iterator[str]:
    """The word with up to MOST_EXCHANGED of its glyphs exchanged (`alike` of the vocabulary: misread, right)."""
    places = [
        (match.start(), match.end(), right)
        for wrong, right in vocabulary("legal_words")["alike"]
        for match in regex.finditer(regex.escape(wrong), word, overlapped=True)
    ]
    for count in range(1, MOST_EXCHANGED + 1):
        for chosen in combinations(sorted(places), count):
            if all(a[1] <= b[0] for a, b in pairwise(chosen)):
                tried = word
                for start, end, right in reversed(chosen):
                    tried = tried[:start] + right + tried[end:]
                yield tried
