"""Numbers of legal units: reading them, their law of succession, and how far a print is from a number.

A number is a pair (base, suffix): Pasal 18A is (18, "A"), ayat (2a) is (2, "a"), huruf c is (3, ""),
BAB IV is (4, ""). Insertions sort between their neighbours: 18 < 18A < 18B < 19 (drafting rules of
UU 12/2011, Lampiran II).
"""

from __future__ import annotations

from functools import cache, lru_cache

import regex
from roman_numerals import RomanNumeral

from extractors.lookups import vocabulary

Number = tuple[int, str]

ROMAN = regex.compile(r"[IVXLC]+")
# A suffix is no glyph that stands for a digit: `1O` is 10, `3l` is 31.
ARABIC = regex.compile(r"(\d{1,4})\s?([A-HJ-NP-Za-hj-km-z]{0,2})")
LETTER = regex.compile(r"([a-z])(\1?)(\d{0,2})")

# Look-alikes that stand for digits when a number is read by itself, without a sequence to hold it against.
DIGIT_LIKE = str.maketrans("OoQDlI|!iSsZzB", "00001111155228")


def read_arabic(printed: str) -> Number | None:
    """`31` or `18A`, also `3l`, `1O`, `2 1`; None if it is no arabic number."""
    compact = "".join(printed.split())
    match = ARABIC.fullmatch(compact)
    if match:
        return int(match[1]), match[2].upper() if match[2].isupper() else match[2]
    digits = compact.translate(DIGIT_LIKE)
    return (int(digits), "") if digits.isdecimal() and len(digits) <= 4 and any(c.isdigit() for c in compact) else None


def read_roman(printed: str) -> Number | None:
    """`IV`, `IXA`, `VI A`; None if it is no well-formed Roman number."""
    text = " ".join(printed.split()).upper()
    for numeral, suffix in ((text, ""), (text[:-1].rstrip(), text[-1:])):
        if not ROMAN.fullmatch(numeral) or ROMAN.fullmatch(suffix):
            continue
        try:
            return int(RomanNumeral.from_string(numeral)), suffix
        except Exception:  # the library's own error type has changed between versions
            continue
    return None


def read_letter(printed: str) -> Number | None:
    """`c` is 3, `aa` is 27, `a1` is an insertion after a."""
    match = LETTER.fullmatch(printed.lower())
    if not match:
        return None
    base = ord(match[1]) - 96 + (26 if match[2] else 0)
    return base, match[3]


@cache
def ordinals() -> dict[str, int]:
    """Ordinal words to numbers, from `data/ordinals.toml`."""
    data = vocabulary("ordinals")
    words: dict[str, int] = {word: i for i, word in enumerate(data["words"], 1)}
    words.update(data["variants"])
    return words


def read_ordinal(printed: str) -> Number | None:
    """`Kedua` is 2, `Kedua Belas` is 12."""
    number = ordinals().get(" ".join(printed.lower().split()))
    return (number, "") if number else None


def write_roman(number: Number) -> str:
    """(9, "A") is `IXA`."""
    return RomanNumeral(number[0]).to_uppercase() + number[1]


def write_arabic(number: Number) -> str:
    """(18, "A") is `18A`."""
    return f"{number[0]}{number[1]}"


def write_letter(number: Number) -> str:
    """(3, "") is `c`, (27, "") is `aa`."""
    base, suffix = number
    return (chr(96 + base) if base <= 26 else chr(96 + (base - 1) % 26 + 1) * 2) + suffix


def follows(number: Number, before: Number) -> bool:
    """Whether the law of succession lets `number` come right after `before`."""
    return number in successors(before)


def successors(number: Number) -> tuple[Number, ...]:
    """The next whole number first, then the insertions that may stand in between."""
    base, suffix = number
    if not suffix:
        return (base + 1, ""), (base, "A"), (base, "a"), (base, "1")
    last = suffix[-1]
    return (base + 1, ""), (base, suffix[:-1] + chr(ord(last) + 1))


@cache
def _groups() -> dict[str, int]:
    """Bit mask of the look-alike groups of each glyph."""
    masks: dict[str, int] = {}
    for bit, group in enumerate(vocabulary("glyphs")["confusable"]):
        for glyph in group:
            masks[glyph] = masks.get(glyph, 0) | 1 << bit
    return masks


@lru_cache(maxsize=65536)
def glyph_cost(printed: str, expected: str) -> float:
    """Cost of reading `expected` where `printed` stands: a weighted edit distance, 0 for the same glyphs.

    Both are short marker texts (`(21`, `(2)`); costs are those of `data/glyphs.toml`.
    """
    cost: dict[str, float] = vocabulary("glyphs")["cost"]
    blanks = sum(c.isspace() for c in printed)
    source = "".join(printed.split())[:12]
    if source == expected:
        return blanks * cost["blank"]
    masks = _groups()
    previous = [j * cost["added"] for j in range(len(expected) + 1)]
    for i, glyph in enumerate(source, 1):
        twin = (i > 1 and source[i - 2] == glyph) or (i < len(source) and source[i] == glyph)
        drop = cost["doubled"] if twin else cost["added"]
        row = [previous[0] + drop]
        for j, wanted in enumerate(expected, 1):
            if glyph == wanted:
                swap = 0.0
            else:
                alike = masks.get(glyph, 0) & masks.get(wanted, 0)
                swap = cost["confusable"] if alike else cost["other"]
            missing = cost["doubled"] if j > 1 and expected[j - 2] == wanted else cost["added"]
            row.append(min(previous[j] + drop, row[j - 1] + missing, previous[j - 1] + swap))
        previous = row
    return previous[-1] + blanks * cost["blank"]
