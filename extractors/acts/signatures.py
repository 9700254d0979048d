"""Signature blocks of the closing: `Ditetapkan di … pada tanggal …`, office, name; and the gazette line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.acts.dates import PrintedDate, find_dates
from extractors.acts.identifiers import YEAR, read_number, read_year
from extractors.glyphs import fold, letters, unspread
from extractors.lookups import vocabulary
from extractors.models import Line, Span

# A misread `Ditetapkan` and stamp fragments count from these likenesses on (rapidfuzz ratio).
OPENING_LIKENESS = 84.0
STAMP_LIKENESS = 72.0
LINE_LENGTH = 400
BLOCK_LINES = 30
NAME_WORDS = 9

INSIDE = re.compile(r"(?<=\s)(?:ditetapkan|disahkan|diundangkan)\s?di\b", re.IGNORECASE)
OPENING = re.compile(r"\W{0,4}([^\W\d_]{6,16})\s?di\b\s?[:;]?\s?(?P<rest>.*)", re.IGNORECASE)
ON_DATE = re.compile(r"\W{0,3}\bpada\s?(?:hari\b.{0,20})?tanggal\b|\btanggal\b|\btgl\b", re.IGNORECASE)
GAZETTE = re.compile(
    r"\b(?P<name>(?:berita|lembaran)\s{1,3}(?:daerah|negara)(?:\s{1,3}[^\W\d_][^\W\d_.'-]*){0,7}?)\s{1,3}"
    rf"(?:tahun\s?:?\s?(?P<year>{YEAR})?[\s.…]{{0,6}},?\s?nomor\s?[:.]?\s?(?P<number>[0-9A-Za-z][0-9A-Za-z./-]{{0,20}})?"
    rf"|nomor\s?[:.]?\s?(?P<number2>[0-9A-Za-z][0-9A-Za-z./-]{{0,20}})?[\s.…]{{0,6}},?\s?tahun\s?:?\s?(?P<year2>{YEAR})?)",
    re.IGNORECASE,
)
# An office in capitals behind the words of an approval box that stands beside it on the page.
BESIDE = re.compile(r"\s((?:BUPATI|WALI ?KOTA|GUBERNUR|PRESIDEN)\b[A-Z ]{0,60},)$")
NAME = re.compile(r"[^\W\d_][\w .,'’`/()-]*")


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """One block as printed. `dates` are the different dates that stand before the office; `office` has no end comma."""

    promulgation: bool
    opening: str
    place: str | None
    dates: tuple[PrintedDate, ...]
    office: str | None
    name: str | None
    span: Span
    page: int


@dataclass(frozen=True, slots=True)
class Gazette:
    """`BERITA DAERAH KABUPATEN BALANGAN`, 2024, `42`; year and number are None in a draft."""

    name: str
    year: int | None
    number: str | None
    span: Span
    page: int


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(vocabulary("signatures")[name])


def read_blocks(lines: Sequence[Line]) -> tuple[SignatureBlock, ...]:
    """The signature blocks in `lines`, in order; a block ends where the next or the gazette line begins."""
    parts = [(text, line) for line in lines for text in _parts(line)]
    starts = [index for index, (text, _) in enumerate(parts) if _opening(text)]
    blocks = []
    for start, end in zip(starts, [*starts[1:], len(parts)], strict=False):
        blocks.append(_block(parts[start : min(end, start + BLOCK_LINES)]))
    return tuple(blocks)


def read_gazette(lines: Sequence[Line]) -> Gazette | None:
    """The last gazette line, in one line or two; None where none names year and number, or their blank place."""
    found = None
    for index, line in enumerate(lines):
        following = lines[index + 1].text[:LINE_LENGTH] if index + 1 < len(lines) else ""
        first = unspread(line.text[:LINE_LENGTH])
        match = GAZETTE.search(f"{first} {unspread(following)}")
        if match and match.start() < len(first) and not match["name"].casefold().startswith("tambahan"):
            number = match["number"] or match["number2"]
            found = Gazette(
                " ".join(match["name"].split()).upper(),
                read_year(match["year"] or match["year2"]),
                read_number(number) if number and any(c.isdigit() for c in number) else None,
                line.span,
                line.page,
            )
    return found


def _parts(line: Line) -> Iterator[str]:
    """The line, cut where a block begins in its middle."""
    text = line.text[:LINE_LENGTH]
    position = 0
    for match in INSIDE.finditer(text):
        yield unspread(text[position : match.start()].strip())
        position = match.start()
    yield unspread(text[position:].strip())


def _opening(text: str) -> tuple[bool, str, str] | None:
    """(is a promulgation, the opening word, the rest of the line) where a block begins, also misread."""
    match = OPENING.match(text)
    if not match:
        return None
    from rapidfuzz import fuzz

    word = letters(match[1])
    for promulgation, known in ((False, _words("enacted")), (True, _words("promulgated"))):
        if any(fuzz.ratio(word, candidate) >= OPENING_LIKENESS for candidate in known):
            return promulgation, word, match["rest"]
    return None


def _block(parts: Sequence[tuple[str, Line]]) -> SignatureBlock:
    opening = _opening(parts[0][0])
    assert opening is not None
    promulgation, word, rest = opening
    cut = ON_DATE.search(rest)
    place = rest[: cut.start()] if cut else rest
    following = [text for text, _ in parts[1:]]
    if not place.strip(" ,.:;") and not cut and following and not ON_DATE.search(following[0]):
        place = following[0]
    at, office, until = _office(following)
    dates = find_dates(" \n ".join([rest, *following[:at]]))
    distinct = {date.value: date for date in reversed(dates)}
    last = parts[min(until, len(parts) - 1)][1]
    return SignatureBlock(
        promulgation,
        word,
        " ".join(place.split()).strip(" ,.:;") or None,
        tuple(sorted(distinct.values(), key=lambda date: date.start)),
        office,
        _name(following[until:], office) if office else None,
        Span(parts[0][1].span.start, max(parts[0][1].span.end, last.span.end)),
        parts[0][1].page,
    )


def _office(following: Sequence[str]) -> tuple[int, str | None, int]:
    """Where the office stands, the office in one line, and the index behind it. It ends at its comma."""
    for at, text in enumerate(following):
        beside = BESIDE.search(text)
        words = text if _is_office(text) else beside[1] if beside else ""
        if not words:
            continue
        until = at + 1
        # An office may run over two or three lines: SEKRETARIS DAERAH / KABUPATEN …,
        while not words.endswith(",") and until < min(at + 3, len(following)) and _continues(following[until]):
            words = f"{words} {following[until]}"
            until += 1
        return at, " ".join(words.split()).strip(" ,.;:") or None, until
    return len(following), None, len(following)


def _is_office(text: str) -> bool:
    plain = fold(text)
    if len(plain.split()) > 14 or GAZETTE.search(text) or find_dates(text):
        return False
    bare = re.sub(rf"^(?:{'|'.join(map(re.escape, _words('acting')))})\b\.?\s?", "", plain)
    bare = bare.strip(" ,.:;")
    if any(re.match(rf"{re.escape(word)}\b", bare) for word in _words("office_words")):
        return True
    # Spread letters that were joined leave no blank: BUPATIBLORA.
    if " " not in bare and letters(bare).startswith(("bupati", "walikota", "gubernur")):
        return True
    from rapidfuzz import fuzz

    # A misread office still ends with its comma and keeps most letters of its first word.
    first = bare.split()[0] if bare else ""
    return text.endswith(",") and any(fuzz.ratio(first, word) >= STAMP_LIKENESS for word in _words("office_words"))


def _continues(text: str) -> bool:
    plain = fold(text)
    return text.isupper() and re.match(r"(?:kabupaten|kota|provinsi|republik|daerah|negara)\b", plain) is not None


def _name(following: Sequence[str], office: str | None) -> str | None:
    """The first line behind the office that can be a person's name: no mark, no office, no stamp fragment."""
    from rapidfuzz import fuzz

    stamp = letters(office or "")
    for text in following:
        plain = fold(text)
        glyphs = letters(text)
        if GAZETTE.search(text) or _opening(text):
            return None
        without_mark = _strip_mark(text)
        if without_mark != text and len(letters(without_mark)) >= 4:
            text, plain, glyphs = without_mark, fold(without_mark), letters(without_mark)
        if (
            len(glyphs) < 3
            or glyphs in {letters(mark) for mark in _words("marks")}
            or any(re.search(rf"\b{re.escape(word)}\b", plain) for word in _words("not_names"))
            or _is_office(text)
            or not NAME.fullmatch(text)
            or len(text.split()) > NAME_WORDS
            or not text[:1].isupper()
            or fuzz.partial_ratio(glyphs, stamp) >= STAMP_LIKENESS + 10
            or fuzz.ratio(glyphs, stamp) >= STAMP_LIKENESS
        ):
            continue
        return " ".join(text.split()).strip(" ,;:")
    return None


def _strip_mark(text: str) -> str:
    """`ttd ARIEF ROHMAN` -> `ARIEF ROHMAN`."""
    marks = "|".join(re.escape(mark) for mark in sorted(_words("marks"), key=len, reverse=True))
    return re.sub(rf"^(?:{marks})\b\.?\s?", "", text, flags=re.IGNORECASE)
