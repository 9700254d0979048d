"""A record of a JDIHN integration feed: what a site's catalogue says of an act, and where the act says otherwise.

The feeds are flat JSON; all values may be text, and `-`, blanks, 0 or null stand for nothing.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from extractors.acts.dates import parse_date
from extractors.acts.identifiers import read_year, split_number
from extractors.acts.kinds import kind_named, kind_of, kind_pattern
from extractors.acts.regions import find_region
from extractors.glyphs import fold
from extractors.lookups import vocabulary
from extractors.models import Finding, Metadata, Notes

# A longer value is no number, date or title.
VALUE_LENGTH = 2000
SHOWN_LENGTH = 200
# Words of titles count as the same from this likeness on (rapidfuzz ratio).
WORD_LIKENESS = 80.0
MAX_WORDS = 200

NOTHING = re.compile(r"[\s\-–—_.0/:]*|null|none|nihil|n/a", re.IGNORECASE)
ISO_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?![\d/-])")
NUMBER = re.compile(
    r"(?:\b(?:nomor|no)\b[\s.:]{0,4})?(?<![0-9A-Za-z])(?P<number>\d[0-9A-Za-z./-]{0,40})"
    r"(?:[\s,]{1,4}(?:tahun|thn|th)\b[\s.]{0,4}(?P<year>\d{4})\b)?",
    re.IGNORECASE,
)
NUMBER_WORD = re.compile(r"\b(?:nomor|no)\b", re.IGNORECASE)
ABOUT = re.compile(r"\btentang\b[\s:]*", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class FeedRecord:
    """What a record says, in the terms of `documents`; None where it says nothing that can be read.

    `jenis` is the code of the kind without an issuer, `title` what follows TENTANG, `issuers` the texts that name the
    body, `url` the address of the file as given, unmended.
    """

    record_id: str | None = None
    jenis: str | None = None
    number: str | None = None
    year: int | None = None
    promulgated_on: date | None = None
    title: str | None = None
    issuers: tuple[str, ...] = ()
    url: str | None = None


def read_record(raw: Mapping[str, object]) -> FeedRecord:
    """The record `raw` as it stands in a feed. Never raises; fields that it does not know are left alone."""
    title = _text(raw, "judul")
    head, about = _split_title(title)
    jenis = _kind(_text(raw, "jenis")) or _kind(_text(raw, "singkatanJenis")) or _kind(head)
    number, number_year = _number(_text(raw, "noPeraturan"))
    if number is None and head and (word := NUMBER_WORD.search(head)):
        number, number_year = _number(head[word.start() :])
    on = _date(_text(raw, "tanggal_pengundangan"))
    year = read_year(_text(raw, "tahun_pengundangan")) or number_year or (on.year if on else None)
    issuers = tuple(text for text in (_text(raw, "teuBadan"), _text(raw, "penerbit")) if text)
    url = raw.get("urlDownload")
    return FeedRecord(
        record_id=_text(raw, "idData"),
        jenis=jenis,
        number=number,
        year=year,
        promulgated_on=on,
        title=about,
        issuers=issuers,
        url=url if isinstance(url, str) and _text(raw, "urlDownload") else None,
    )


def compare(record: FeedRecord, act: Metadata) -> tuple[Finding, ...]:
    """Where the feed's record and the act as read differ; what either leaves out is no difference.

    Codes: `feed_kind_differs`, `feed_number_differs`, `feed_year_differs`, `feed_region_differs`, `feed_title_differs`,
    `feed_date_differs` (only `info`: many sites give the day of entry). The act is believed.
    """
    notes = Notes("harvest")
    kind = kind_of(act.act.jenis)
    if record.jenis and kind and record.jenis != kind.code:
        _differs("kind", record.jenis, kind.code, notes)
    if record.number and act.act.number and record.number.casefold() != act.act.number.casefold():
        _differs("number", record.number, act.act.number, notes)
    # The field is named after the promulgation, which may fall into the year after the act's.
    years = {act.act.year, act.promulgated_on.year if act.promulgated_on else None} - {None}
    if record.year and act.act.year and record.year not in years:
        _differs("year", str(record.year), str(act.act.year), notes)
    _compare_region(record, act, notes)
    if record.title and act.title and (words := differing_words(record.title, act.title)):
        _differs("title", record.title, act.title, notes, f" Only in one of them: {', '.join(words)}.")
    if record.promulgated_on and act.promulgated_on and record.promulgated_on != act.promulgated_on:
        hint = " That is the day of its enactment." if record.promulgated_on == act.enacted_on else ""
        _differs("date", str(record.promulgated_on), str(act.promulgated_on), notes, hint, severity="info")
    return tuple(notes)


def differing_words(one: str, other: str) -> tuple[str, ...]:
    """Words that stand in only one of two titles; case, function words, blanks inside words and misprints don't count.

    A number counts unless it is exactly the same.
    """
    first, second = _words(one), _words(other)
    return tuple(dict.fromkeys([*_missing(first, second), *_missing(second, first)]))


def _words(title: str) -> list[str]:
    small = vocabulary("jenis")["titles"]["small_words"]
    return [word for word in WORD.findall(fold(title))[:MAX_WORDS] if word not in small]


def _missing(words: list[str], others: list[str]) -> list[str]:
    """Those of `words` for which nothing like them is left in `others`."""
    from rapidfuzz import fuzz, process

    left = Counter(words) - Counter(others)
    glued = "".join(others)

    def there(word: str) -> bool:
        if word.isdigit():
            return False
        return (
            word in glued or process.extractOne(word, others, scorer=fuzz.ratio, score_cutoff=WORD_LIKENESS) is not None
        )

    return [word for word in left if not there(word)]


def _compare_region(record: FeedRecord, act: Metadata, notes: Notes) -> None:
    own = act.act.region
    named = [region for text in record.issuers if (region := find_region(text, None))]
    if own is None or not named:
        return
    # A province that is named alone says where the kabupaten lies.
    near = [r for r in named if r == own or (r.kind == "provinsi" and r.region_code == own.province_code)]
    if not near:
        _differs("region", named[0].name, own.name, notes)


def _differs(what: str, feed: str, act: str, notes: Notes, more: str = "", *, severity: str = "warning") -> None:
    notes.add(
        f"feed_{what}_differs",
        severity,
        f"The feed gives the {what} {_shown(feed)}, the act {_shown(act)}.{more}",
        repair="The act's own was taken.",
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…")


def _text(raw: Mapping[str, object], name: str) -> str | None:
    """The value as one line; None where it stands for nothing. Numbers are taken as text."""
    value = raw.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = " ".join(html.unescape(str(value)[:VALUE_LENGTH]).split())
    return None if NOTHING.fullmatch(text) else text


def _kind(printed: str | None) -> str | None:
    """The code of the kind that `printed` names at its beginning (`Peraturan Bupati`, `PERBUP`)."""
    if printed is None:
        return None
    match = kind_pattern().match(printed)
    kind = kind_named(match.group() if match else printed)
    return kind.code if kind else None


def _split_title(title: str | None) -> tuple[str | None, str | None]:
    """`Peraturan Bupati Nomor 6 Tahun 2024 Tentang X` -> the part before Tentang, and X; any other title whole."""
    about = ABOUT.search(title) if title else None
    if title is None or about is None or kind_pattern().match(title) is None:
        return None, title
    return title[: about.start()], title[about.end() :] or None


def _number(printed: str | None) -> tuple[str | None, int | None]:
    match = NUMBER.search(printed) if printed else None
    return split_number(match["number"], match["year"]) if match else (None, None)


def _date(printed: str | None) -> date | None:
    """A whole day; a year alone or a day that no calendar has (0000-00-00) is none."""
    if printed is None:
        return None
    iso = ISO_DATE.match(printed)
    if iso is None:
        return parse_date(printed)
    try:
        made = date(int(iso[1]), int(iso[2]), int(iso[3]))
    except ValueError:
        return None
    return made if read_year(iso[1]) else None
