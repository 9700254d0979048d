"""Marker candidates: every place in a zone where a legal unit may begin, with what speaks for it.

Nothing is decided here. A candidate knows its kind, its style, the number as printed and its context;
whether it is a heading, a reference or a misprint is weighed over the whole zone in `segment`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from extractors.amendments.instructions import looks_like_instruction
from extractors.models import Line
from extractors.structure.numbering import ordinals

STRUCTURAL = ("bab", "bagian", "paragraf", "pasal")


@dataclass(frozen=True, slots=True)
class Marker:
    """A candidate at `lines[line].text[start:end]`.

    `kind` is the unit it would open, `style` how such a number is written (`(1)`, `a.`, `a)`, `1.` …; for
    headings the kind itself), `printed` the number without its dress. `kind` `paragraph` is no marker but a
    place where a new paragraph of plain text begins.
    """

    line: int
    start: int
    end: int
    kind: str
    style: str
    printed: str
    at_line_start: bool = True
    alone: bool = False  # nothing but the marker (and a heading) on the line
    before: str = ""  # last glyph of the text before, "" at the zone's start
    text_between: bool = False  # text stands between the candidate before and this one
    terminated: bool = True  # the text before has come to an end (`;`, `.`, `:`, `; dan`), or there is none
    referring: bool = False  # the word before points at a unit (`ayat`, `dalam`)
    echo: bool = False  # nothing follows but the same marker again
    instruction: bool = False  # what follows reads as an amendment instruction
    indent: int = 0
    follows_small: bool = False  # the text behind begins with a small letter
    heading: bool = False  # the markup says heading
    sentence: bool = False  # a paragraph that ends like running text, unlike a heading


QUOTES = r"[\"“”„'‘’«»]{0,2}\s?"
_ORDINAL = "|".join(regex.escape(word).replace(r"\ ", r"\s+") for word in sorted(ordinals(), key=len, reverse=True))
_HEADINGS = (
    (
        "bab",
        regex.compile(rf"{QUOTES}(?:BAB|Bab)\s+(?P<n>[IVXLC1l]{{1,7}}(?:\s?[A-Z](?=\s|$|[.”\"]))?)(?=\s|$|[.:])[.:]?"),
    ),
    (
        "bagian",
        regex.compile(
            rf"{QUOTES}(?:BAGIAN|Bagian)\s+(?:(?P<n>(?i:{_ORDINAL}))|(?:[Kk]e)?-?(?P<n>\d{{1,2}}))(?=\s|$|[.:])[.:]?"
        ),
    ),
    (
        "paragraf",
        regex.compile(
            rf"{QUOTES}(?:PARAGRAF|Paragraf)\s+(?:(?P<n>\d{{1,2}})|(?i:ke)?(?P<n>(?i:{_ORDINAL})))(?=\s|$|[.:])[.:]?"
        ),
    ),
    (
        "pasal",
        regex.compile(
            rf"{QUOTES}(?:PASAL|Pasal)\s*(?P<n>[0-9OlI!|](?:\s?[0-9OlISB]){{0,3}}(?:\s?[A-Z]{{1,2}}(?![\w]))?|[IVX]{{1,4}})(?=\s|$|[.:”\"])[.:]?"
        ),
    ),
)
_LISTS = (
    (
        "ayat",
        "(1)",
        regex.compile(rf"{QUOTES}\(\s?(?P<n>[0-9OlI]{{1,3}}(?:\s?[a-z])?)\s?(?:\)|\]|\}}|(?=\s+\p{{Lu}}))"),
    ),
    ("huruf", "(a)", regex.compile(rf"{QUOTES}\(\s?(?P<n>(?P<l>[a-z])(?P=l)?)\s?\)")),
    ("huruf", "a.", regex.compile(rf"{QUOTES}(?P<n>(?P<l>[a-z])(?:(?P=l)|\d{{1,2}})?)\s?\.(?=\s|$|\p{{L}}{{3}})")),
    ("huruf", "a)", regex.compile(rf"{QUOTES}(?P<n>(?P<l>[a-z])(?P=l)?)\s?\)(?=\s|$|\p{{L}}{{3}})")),
    ("angka", "1.", regex.compile(rf"{QUOTES}(?P<n>\d{{1,3}}[a-z]?)\s?\.(?=\s|$|\p{{L}}{{2}})")),
    ("angka", "1)", regex.compile(rf"{QUOTES}(?P<n>\d{{1,3}}[a-z]?)\s?\)(?=\s|$|\p{{L}}{{2}})")),
)
_PART = ("section", "part", regex.compile(r"(?:[IVX]{1,4}\s?\.\s*)?(?P<n>UMUM|PASAL DEMI PASAL)\s*[.:]?$"))
_SECTION = ("section", "A.", regex.compile(r"(?P<n>[A-Z])\s?\.(?=\s+\S)"))
_ROMAN_SECTION = ("section", "I.", regex.compile(r"(?P<n>[IVX]{1,5})\s?\.(?=\s+\S)"))
# In an elucidation the units are named: `Ayat (1)`, `Huruf a`, `Angka 3`.
_NAMED = (
    ("ayat", "Ayat (1)", regex.compile(r"(?i:ayat)\s*\(?\s?(?P<n>\d{1,3}[a-z]?)\s?\)?\s*[.:]?")),
    ("huruf", "Huruf a", regex.compile(r"(?i:huruf)\s+(?P<n>(?P<l>[a-z])(?P=l)?\d?)\s*[.)]?")),
    ("angka", "Angka 1", regex.compile(r"(?i:angka|butir)\s+(?P<n>\d{1,3}[a-z]?)\s*[.)]?")),
)
# Inside a line a marker may stand behind the end of a sentence or item.
_MIDLINE = regex.compile(
    r"(?:(?<=[.;:”\"])|(?<=;\s(?:dan|atau))|(?<=;\sdan/atau))\s(?=\(\s?[0-9a-z]{1,2}\s?\)\s|[a-z]\s?\.\s|\d{1,2}\s?\.\s+\p{Lu}|[a-z]\)\s)"
)
_NAMED_AT_END = regex.compile(
    r"(?<=[.;:])\s(?=(?:Ayat\s*\(\d{1,2}[a-z]?\)|Huruf\s[a-z]{1,2}|Angka\s\d{1,3})\s*$)", regex.IGNORECASE
)
_HEADED_PASAL = regex.compile(r"\s(?=(?:PASAL|Pasal)\s*[0-9]{1,3}[A-Z]?\s*$)")
REFERRING = regex.compile(
    r"\b(?:ayat|pasal|huruf|angka|butir|nomor|no|dalam|pada|tersebut|ketentuan|dengan|s\.d\.?|dimaksud|oleh|dari)$",
    regex.IGNORECASE,
)
TERMINATED = regex.compile(
    r"(?:[.;:]|[;,.:]\s*(?:dan|atau|dan\s?/\s?atau|dan atau|serta))[\s\"”’'»]*$", regex.IGNORECASE
)
SENTENCE = regex.compile(r"[A-Z“\"(]")


def find_markers(lines: Sequence[Line], zone: str) -> tuple[Marker, ...]:
    """Candidates in reading order. `zone` is `preamble`, `body`, `annex` or `elucidation`."""
    found: list[Marker] = []
    before = ""
    end_line, end_column = 0, 0
    for index, line in enumerate(lines):
        for marker in _in_line(line, index, zone):
            between = _between(lines, end_line, end_column, index, marker.start)
            tail = between.rstrip(" \"”’'»")
            last = tail[-1:] if tail else before if not found else ""
            terminated = not tail or bool(TERMINATED.search(between[-40:]))
            referring = not terminated and bool(REFERRING.search(tail[-20:]))
            found.append(
                replace(marker, before=last, text_between=bool(tail), terminated=terminated, referring=referring)
            )
            end_line, end_column = index, marker.end
    return tuple(_with_sentences(_with_echoes(found), lines))


def _between(lines: Sequence[Line], from_line: int, from_column: int, to_line: int, to_column: int) -> str:
    """The last 200 or so glyphs of text between two places, enough to judge how it ends."""
    if from_line == to_line:
        return lines[to_line].text[from_column:to_column]
    parts = [lines[to_line].text[:to_column]]
    length = len(parts[0])
    for index in range(to_line - 1, from_line - 1, -1):
        text = lines[index].text[from_column:] if index == from_line else lines[index].text
        parts.append(text)
        length += len(text)
        if length > 200:
            break
    return " ".join(reversed(parts)).strip()


def _in_line(line: Line, index: int, zone: str) -> list[Marker]:
    text = line.text
    starts = [(0, True)]
    if zone != "elucidation" or len(text) > 40:
        starts += [(match.end(), False) for match in _MIDLINE.finditer(text)]
    if zone == "elucidation":
        starts += [(match.end(), False) for match in _NAMED_AT_END.finditer(text)]
    if text[:3].upper() in ("BAB", "BAG", "PAR"):
        starts += [(match.end(), False) for match in _HEADED_PASAL.finditer(text)]
    markers: list[Marker] = []
    for start, at_line_start in starts:
        position = start
        while marker := _match(line, index, position, at_line_start or position > start, zone):
            markers.append(marker)
            position = marker.end + len(text[marker.end :]) - len(text[marker.end :].lstrip())
            if marker.kind in STRUCTURAL or position >= len(text):
                break
    if not markers and (SENTENCE.match(text) or line.heading):
        markers.append(Marker(index, 0, 0, "paragraph", "", "", indent=line.indent, heading=bool(line.heading)))
    return markers


def _match(line: Line, index: int, position: int, at_line_start: bool, zone: str) -> Marker | None:
    text = line.text
    forms: list[tuple[str, str, regex.Pattern[str]]] = [(kind, kind, form) for kind, form in _HEADINGS]
    if zone == "elucidation":
        forms += [*_NAMED, _PART]
    forms += _LISTS
    if zone == "annex":
        forms += [_ROMAN_SECTION, _SECTION]
    for kind, style, form in forms:
        match = form.match(text, position)
        if not match:
            continue
        rest = text[match.end() :].strip(" \"”'")
        if style in ("Ayat (1)", "Huruf a", "Angka 1") and rest:
            continue
        if kind in STRUCTURAL and position and (kind != "pasal" or rest):
            continue
        return Marker(
            index,
            position,
            match.end(),
            kind,
            style,
            match["n"],
            at_line_start=at_line_start,
            alone=not rest,
            instruction=kind in ("angka", "huruf") and looks_like_instruction(rest[:600]),
            indent=line.indent,
            follows_small=rest[:1].islower(),
            heading=bool(line.heading),
        )
    return None


def _with_echoes(found: list[Marker]) -> list[Marker]:
    """Markers that stand alone and are printed again right behind (`a.` / `a. bahwa …`) are echoes."""
    result = []
    for here, marker in enumerate(found):
        following = found[here + 1] if here + 1 < len(found) else None
        echo = (
            following is not None
            and marker.kind not in (*STRUCTURAL, "paragraph")
            and not following.text_between
            and (following.style, following.printed) == (marker.style, marker.printed)
        )
        result.append(replace(marker, echo=True) if echo else marker)
    return result


def _with_sentences(found: list[Marker], lines: Sequence[Line]) -> list[Marker]:
    """Paragraphs in small letters whose text comes to an end before the next candidate are running text."""
    result = []
    for here, marker in enumerate(found):
        if marker.kind == "paragraph":
            text = lines[marker.line].text
            small = sum(c.islower() for c in text) > 0.6 * sum(c.isalpha() for c in text)
            end = found[here + 1].before if here + 1 < len(found) else lines[-1].text.rstrip(' "”')[-1:]
            marker = replace(marker, sentence=small and end in ".:;" and end != "")
        result.append(marker)
    return result
