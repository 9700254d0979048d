"""Indonesian numerals: dot thousands, comma decimals, and the words in brackets that check the digits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

# A numeral as the tokenizers take it: digits with dots, commas in between, never at its end.
NUMERAL = r"\d+(?:[.,]\d+)*"

_INDONESIAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+\.\d{1,2}|\d{1,3}(?:,\d{3}){2,}")
_DECIMAL_POINT = re.compile(r"\d+\.\d{1,2}")
# `93,000` may be 93 with three decimals or 93 thousand; only a leading zero tells.
_DECIMALS_OR_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
# More digits than a float64 holds exactly are no count or share of anything.
_MAX_DIGITS = 15

_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER_WORDS = frozenset(
    re.findall(
        r"\w+",
        """nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh seratus ratus
        seribu ribu sejuta juta miliar milyar triliun koma setengah""",
    )
)


class Numeral(NamedTuple):
    """A numeral as read. `value` is None where it has no one meaning; `doubt` says what strays from the rule."""

    value: float | None
    doubt: str | None = None


def read_numeral(printed: str, *, whole: bool = False) -> Numeral:
    """The value of an Indonesian numeral such as `58.850`, `15,5` or `1.500.000,00`.

    `7.4` (one or two digits after its only dot) can only be a decimal point, `1,234,567` and
    `1,500.00` only English notation: both are read, with a doubt. What has two readings
    (`93,000`) or none (`12.3456`) has no value. `whole`: it counts things that have no decimals,
    which leaves `93,000` one reading, with a doubt.
    """
    if sum(map(str.isdigit, printed)) > _MAX_DIGITS or not printed.isascii():
        return Numeral(None, "no numeral of a sensible size")
    if _DECIMALS_OR_THOUSANDS.fullmatch(printed):
        if whole:
            return Numeral(float(printed.replace(",", "")), "comma before three digits, of what has no decimals")
        return Numeral(None, "comma before three digits: decimals or thousands")
    if _INDONESIAN.fullmatch(printed):
        return Numeral(float(Decimal(printed.replace(".", "").replace(",", "."))))
    if _ENGLISH.fullmatch(printed):
        return Numeral(float(Decimal(printed.replace(",", ""))), "English thousands")
    if _DECIMAL_POINT.fullmatch(printed):
        return Numeral(float(Decimal(printed)), "decimal point")
    return Numeral(None, "dots and commas follow no notation")


def has_number_words(text: str) -> bool:
    """Whether `text` spells a number, at least in part: `dua`, `(lima belas persen)`."""
    return any(word in _NUMBER_WORDS for word in _LETTERS.findall(text.casefold()))


def spelled(value: float) -> str | None:
    """`value` in Indonesian words, `15.5` as `lima belas koma lima`; None where there are none."""
    from num2words import num2words

    number = Decimal(repr(value))
    try:
        words: str = num2words(int(number) if number == number.to_integral_value() else number, lang="id")
    except (ArithmeticError, IndexError, KeyError, NotImplementedError, TypeError, ValueError):
        return None
    return words


def words_agree(value: float, words: str) -> bool:
    """Whether the words in brackets spell `value`: `dua`, `empat belas persen`.

    Rule 2 of the drafting rules: the words are a check digit for the digits. Blanks do not count
    (`duapuluh`), nor does one wrong letter in a longer word that is no number word itself.
    """
    expected = spelled(value)
    if expected is None:
        return False
    wanted, found = expected.split(), _LETTERS.findall(words.casefold().replace("milyar", "miliar"))
    joined, rest = "".join(found), "".join(found).removeprefix("".join(wanted))
    if rest != joined:
        return not rest.startswith(tuple(_NUMBER_WORDS))
    return (
        len(found) >= len(wanted)
        and all(map(_same_word, wanted, found))
        and not has_number_words(" ".join(found[len(wanted) :]))
    )


def _same_word(wanted: str, found: str) -> bool:
    from rapidfuzz.distance import DamerauLevenshtein

    misspelt = found not in _NUMBER_WORDS and len(wanted) > 3
    return wanted == found or (misspelt and DamerauLevenshtein.distance(wanted, found) == 1)
