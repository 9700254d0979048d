"""Indonesian dates in print: `27 Februari 2024`, `30-12-2025`, `2 7 M e i 2 0 2 2`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from extractors.glyphs import DIGIT_LIKE, letters
from extractors.lookups import vocabulary

# Misread month names (`Septernber`) count from this likeness on (rapidfuzz ratio).
MONTH_LIKENESS = 80.0
MIN_FUZZY_LETTERS = 5
FIRST_YEAR, LAST_YEAR = 1900, 2100

YEAR = r"[12][0-9OoQlI|]{3}"
# A letter read for the day's last digit must not be the month's first (`1Oktober`).
DAY = r"(?:[0-3lIO|]?[0-9]|[0-3]?[OlI|](?![^\W\d_]))"
WORDED = re.compile(rf"(?<![\w./-])({DAY})[\s.]{{0,4}}([^\W\d_]{{3,12}})[\s.,]{{0,4}}({YEAR})(?![\w])")
SPREAD = re.compile(
    r"(?<!\S)((?:[0-9] {1,3}){1,2})((?:[^\W\d_] {1,3}){3,10})([12](?: {1,3}[0-9OlI]){3})(?!\S)",
)
NUMERIC = re.compile(r"(?<![\w./-])([0-3]?\d)\s?([-/.])\s?([01]?\d)\s?\2\s?((?:19|20)\d\d)(?![\w/-]|\.\d)")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date and where it stands in the string searched; `mended`: a glyph or the month's name was misread."""

    value: date
    start: int
    end: int
    printed: str
    mended: bool


@cache
def _months() -> dict[str, int]:
    lists = vocabulary("months")["months"]
    return {spelling: number for number, spellings in enumerate(lists, start=1) for spelling in spellings}


@cache
def read_month(name: str) -> tuple[int, bool] | None:
    """Number of the month so spelled and whether the name had to be mended; None for any other word."""
    key = letters(name)
    exact = _months().get(key)
    if exact:
        return exact, False
    if len(key) < MIN_FUZZY_LETTERS:
        return None
    from rapidfuzz import fuzz, process

    best = process.extractOne(key, list(_months()), scorer=fuzz.ratio, score_cutoff=MONTH_LIKENESS)
    return (_months()[best[0]], True) if best and len(best[0]) >= MIN_FUZZY_LETTERS else None


def _made(year: str, month: int, day: str) -> date | None:
    try:
        made = date(int(year.translate(DIGIT_LIKE)), month, int(day.translate(DIGIT_LIKE)))
    except ValueError:
        return None
    return made if FIRST_YEAR <= made.year <= LAST_YEAR else None


def _worded(match: re.Match[str]) -> PrintedDate | None:
    day, name, year = ("".join(part.split()) for part in match.groups())
    month = read_month(name)
    made = _made(year, month[0], day) if month else None
    if month is None or made is None:
        return None
    mended = month[1] or not (day.isdigit() and year.isdigit())
    return PrintedDate(made, match.start(), match.end(), match.group(), mended)


def find_dates(text: str) -> tuple[PrintedDate, ...]:
    """Every full date in `text`, in order; time linear in its length.

    Day, month and year must all stand there and make a day of the calendar (no `31 Februari`). Numeric dates run
    day, month, year. A month may be spelled as in `data/months.toml` or be misread by a letter or two.
    """
    found = [_worded(match) for pattern in (WORDED, SPREAD) for match in pattern.finditer(text)]
    for match in NUMERIC.finditer(text):
        made = _made(match[4], int(match[3]), match[1]) if 1 <= int(match[3]) <= 12 else None
        found.append(PrintedDate(made, match.start(), match.end(), match.group(), False) if made else None)
    return tuple(sorted((d for d in found if d), key=lambda d: d.start))


def parse_date(text: str) -> date | None:
    """The one date that `text` prints; None without one or with several different ones."""
    values = {printed.value for printed in find_dates(text)}
    return values.pop() if len(values) == 1 else None
