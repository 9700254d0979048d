"""The text of an indicator on one line, without what its row says elsewhere: the region, and the year of the target."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from extractors.acts.regions import region_named
from extractors.glyphs import DIGIT_LIKE
from extractors.lookups import vocabulary

_HYPHENATED = re.compile(r"(?<=[^\W\d_])- +(?=[^\W\d_])")
_RANGE = re.compile(r"(?<=\d)\s*(?:[-–—]|s\s?[./]?\s?d\b\.?|sampai(?: dengan)?|hingga)\s*(?=\d)", re.IGNORECASE)
_IN_YEAR = re.compile(
    r"\b(?:(?:pada|di|dalam)\s+)?(?:akhir\s+)?(?:tahun|thn\.?|ta\.?)\s+(20\d\d)\b(?!\s*[-–/])", re.IGNORECASE
)
_NAME = r"(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){0,3})"
_IN_REGION = re.compile(
    rf"(?P<before>\b(?:(?:di|se-?|wilayah|tingkat)\s*)*)\b(?P<kind>kabupaten|kab\.?|kota)\s+{_NAME}", re.IGNORECASE
)
_OFFICE = re.compile(rf"\b(?P<kind>bupati|wali ?kota)\s+{_NAME}", re.IGNORECASE)
_GLOSS = re.compile(r"\((?P<short>[A-Z][A-Z0-9-]{1,7})\)")
# Figures with letters that OCR takes for digits: `l.000`, `1.0O0`, `l5`.
_FIGURE = re.compile(r"(?<![^\W_])(?=[\dOolI|.,]*\d)[\dOolI|]+(?:[.,][\dOolI|]+)*(?![^\W_])")
_BRACKETS = re.compile(r"\([^()]*\)")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u0332]")
_WORD = re.compile(r"[^\W\d_]+")
_MARKS = re.compile(r"^\s*(?:\d{1,2}[.)]|[a-z][.)])\s+|[¹²³⁰-⁹]+|\s\d\)\s*$")


@dataclass(frozen=True, slots=True)
class Context:
    """What the row says besides: the code of its region, and the years of its targets."""

    region_code: str | None = None
    years: frozenset[int] = frozenset()


NOWHERE = Context()


def plain(text: str, context: Context) -> str:
    """One line in lower case: ranges as `6…23`, limits as signs, without the row's own region and years."""
    text = _MARKS.sub(" ", text) if text.strip() else text
    text = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFKC", text)).split())
    signs, pattern = _signs()
    text = pattern.sub(lambda sign: f" {signs[sign.group().replace(' ', '')]} ", text)
    text = _FIGURE.sub(lambda figure: figure.group().translate(DIGIT_LIKE), _HYPHENATED.sub("", text))
    text = _RANGE.sub("…", _GLOSS.sub(_without_gloss, text))
    text = _IN_YEAR.sub(lambda year: " " if int(year[1]) in context.years else year.group(), text)
    if context.region_code:
        text = _OFFICE.sub(lambda found: _without_region(found, context.region_code), text)
        text = _IN_REGION.sub(lambda found: _without_region(found, context.region_code), text)
    return text.casefold()


def bracketless(text: str) -> str:
    """The text without its glosses in brackets. Figures are no gloss."""
    return _BRACKETS.sub(lambda gloss: gloss.group() if any(map(str.isdigit, gloss.group())) else " ", text)


def _without_region(found: re.Match[str], region_code: str | None) -> str:
    """The text without the name of the row's region: `di Kabupaten Blora` goes, of `Bupati Blora` the office stays."""
    kind = found["kind"].casefold().rstrip(".")
    city = kind in ("kota", "wali kota", "walikota")
    words = found["name"].split()
    for count in range(len(words), 0, -1):
        region = region_named(" ".join(words[:count]), ("kota",) if city else ("kabupaten",))
        if region:
            if region.region_code != region_code:
                return found.group()
            named = found.groupdict()
            level = "before" not in named or "tingkat" in named["before"].casefold()
            return " ".join((found["kind"] if level else "", *words[count:]))
    return found.group()


def _without_gloss(gloss: re.Match[str]) -> str:
    """The text without an abbreviation in brackets that the words before it spell: `Tablet Tambah Darah (TTD)`."""
    letters = [letter for letter in gloss["short"].casefold() if letter.isalpha()]
    light = set(vocabulary("wordings")["light"]) | set(vocabulary("wordings")["joining"])
    words = [word for word in _WORD.findall(gloss.string[: gloss.start()].casefold()) if word not in light]
    return " " if [word[0] for word in words[-len(letters) :]] == letters else gloss.group()


@cache
def _signs() -> tuple[dict[str, str], re.Pattern[str]]:
    """The signs of limits, however they are printed (`data/units.toml`), and what finds them; `<` alone is no other."""
    table = vocabulary("units")["comparators"]
    signs = {printed: sign for sign, prints in table.items() for printed in prints if not printed[0].isalpha()}
    signs |= {"≦": "<=", "≧": ">="}
    found = sorted((one for one in signs if one not in ("=", "<", ">")), key=len, reverse=True)
    return signs, re.compile("|".join(r"\s?".join(map(re.escape, one)) for one in found))
