"""Marker candidates: every place in a zone where a legal unit may begin, with what speaks for it.

Nothing is decided here. A candidate knows its kind, its style, the number as printed and its context;
whether it is a heading, a reference or a misprint is weighed over the whole zone in `segment`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import regex

from extractors.amendments.instructions import looks_like_instruction
from extractors.models import Line
from extractors.structure.numbering import ordinals, read_arabic, read_letter

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
    vouched: bool = False  # the next candidate is the next number of the same list, also at a line's start
    run_in: bool = False  # an article's heading with the article's text on the same line
    weak: bool = False  # a number without its dress, that only the sequence can vouch for
    through: str = ""  # the last number of a heading for several units (`Pasal 3 s/d Pasal 5`)
    changes: bool = False  # the article's text says that another act is changed as follows
    enters: bool = False  # the article's text says when the act enters into force


QUOTES = r"[\"“”„'‘’«»]{0,2}\s?"
_ORDINAL = "|".join(regex.escape(word).replace(r"\ ", r"\s+") for word in sorted(ordinals(), key=len, reverse=True))
_HEADINGS = (
    (
        "bab",
        regex.compile(
            rf"{QUOTES}(?:BAB\s*|Bab\s+)(?P<n>[IVXLC1l]{{1,7}}(?:\s?[A-Z](?=\s|$|[.”\"]))?)(?=\s|$|[.:])[.:]?"
        ),
    ),
    (
        "bagian",
        regex.compile(
            rf"{QUOTES}(?:BAGIAN|Bag[il1r]an)\s+(?:(?P<n>(?i:{_ORDINAL}))|(?:[Kk]e)?-?(?P<n>\d{{1,2}}))(?=\s|$|[.:])[.:]?"
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
            rf"{QUOTES}(?:PASA[LI1]|[PF]asa[lIi1]|P\s?a\s?s\s?a\s?l)\s*(?P<n>[0-9OlI!|](?:\s?[0-9OlISB]){{0,3}}(?:\s?[A-Z]{{1,2}}(?![\w]))?|[IVX]{{1,4}})(?=\s|$|[.:”\"])\s?[.:]?"
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
# A lost full stop (`3Pemerintah Daerah adalah …`): weak, only the sequence can tell.
_BARE_NUMBER = ("angka", "1.", regex.compile(rf"{QUOTES}(?P<n>\d{{1,3}})(?=\p{{Lu}}\p{{Ll}})"))
_RANGE = regex.compile(
    r"Pasal\s*(?P<n>\d{1,3}[A-Z]?)\s*(?:s\s?[./]\s?d\.?|sampai\s+dengan|dan|-|–)\s*(?:Pasal\s*)?(?P<last>\d{1,3}[A-Z]?)\s*[.:]?(?=$|\s\p{Lu})"
)
_ITEM_AT_END = regex.compile(r"(?<=[.;:”\"])\s(?=\d{1,2}\s?\.$)")
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
# Where whole articles stand in one line, headings follow a sentence or a heading in capitals.
_HEADING_INSIDE = regex.compile(
    r"(?:(?<=[.;:”\"])|(?<=\p{Lu}{2}))\s(?=Pasal\s*\d{1,3}[A-Z]?\s+(?:\(1\)|\p{Lu}))|(?<=[.;:”\"])\s(?=BAB\s+[IVXLC]+\s+\p{Lu}{2})"
)
REFERRING = regex.compile(
    r"\b(?:ayat|pasal|huruf|angka|butir|nomor|no|dalam|pada|tersebut|ketentuan|dengan|s\.d\.?|dimaksud|oleh|dari"
    r"|sebagaimana|menurut|melanggar|berdasarkan)$",
    regex.IGNORECASE,
)
TERMINATED = regex.compile(
    r"(?:[.;:]|[;,.:]\s*(?:dan|atau|dan\s?/\s?atau|dan atau|serta))[\s\"”’'»]*$", regex.IGNORECASE
)
CHANGES = regex.compile(r"\bdiubah\b[^.;]{0,60}\bsebagai\s+berikut\b", regex.IGNORECASE)
ENTERS = regex.compile(r"\bmulai\s+berlaku\b", regex.IGNORECASE)
SENTENCE = regex.compile(r"[A-Z“\"(]")


def find_markers(lines: Sequence[Line], zone: str, breaks: Collection[int] = ()) -> tuple[Marker, ...]:
    """Candidates in reading order. `zone` is `preamble`, `body`, `annex` or `elucidation`.

    A table stands before each line in `breaks`, which ends the text before as a full stop does.
    """
    found: list[Marker] = []
    end_line, end_column = 0, 0
    for index, line in enumerate(lines):
        following = lines[index + 1].text if index + 1 < len(lines) else ""
        for marker in _in_line(line, index, zone, following):
            between = _between(lines, end_line, end_column, index, marker.start)
            tail = between.rstrip(" \"”’'»")
            last = tail[-1:]
            terminated = not tail or bool(TERMINATED.search(between[-40:])) or (index in breaks and not marker.start)
            referring = not terminated and bool(REFERRING.search(tail[-20:]))
            run_in = marker.run_in and (terminated or tail[-4:].isupper())
            marker = replace(marker, before=last, text_between=bool(tail), terminated=terminated)
            found.append(replace(marker, referring=referring, run_in=run_in))
            end_line, end_column = index, marker.end
    return tuple(_with_outlook(_with_sentences(_with_echoes(found), lines), lines))


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


def _in_line(line: Line, index: int, zone: str, following: str) -> list[Marker]:
    text = line.text
    starts = [(0, True)]
    inside = {match.end() for match in _HEADING_INSIDE.finditer(text)} if zone == "body" else set[int]()
    if zone != "elucidation" or len(text) > 40:
        starts += [(match.end(), False) for match in _MIDLINE.finditer(text)]
        item = _ITEM_AT_END.search(text)
        if item and looks_like_instruction(following):
            starts.append((item.end(), False))
    if zone == "elucidation":
        starts += [(match.end(), False) for match in _NAMED_AT_END.finditer(text)]
    if text[:3].upper() in ("BAB", "BAG", "PAR"):
        starts += [(match.end(), False) for match in _HEADED_PASAL.finditer(text)]
    markers: list[Marker] = []
    starts += [(start, False) for start in inside]
    for start, at_line_start in sorted(set(starts)):
        position = start
        while marker := _match(line, index, position, at_line_start or position > start, zone, following):
            if markers and marker.start < markers[-1].end:
                break
            if position and marker.kind in STRUCTURAL and not marker.alone and position not in inside:
                break
            markers.append(replace(marker, run_in=_runs_in(marker, text)))
            position = marker.end + len(text[marker.end :]) - len(text[marker.end :].lstrip())
            if (marker.kind in STRUCTURAL and marker.kind != "pasal") or position >= len(text):
                break
    if not markers and (SENTENCE.match(text) or line.heading):
        markers.append(Marker(index, 0, 0, "paragraph", "", "", indent=line.indent, heading=bool(line.heading)))
    return markers


def _match(line: Line, index: int, position: int, at_line_start: bool, zone: str, following: str) -> Marker | None:
    text = line.text
    if zone == "elucidation" and not position and (match := _RANGE.match(text)):
        alone = not text[match.end() :].strip()
        return Marker(
            index, 0, match.end(), "pasal", "pasal", match["n"], alone=alone, through=match["last"], indent=line.indent
        )
    forms: list[tuple[str, str, regex.Pattern[str]]] = [(kind, kind, form) for kind, form in _HEADINGS]
    if zone == "elucidation":
        forms += [*_NAMED, _PART]
    forms += _LISTS
    if not position:
        forms.append(_BARE_NUMBER)
    if zone == "annex":
        forms += [_ROMAN_SECTION, _SECTION]
    for kind, style, form in forms:
        match = form.match(text, position)
        if not match:
            continue
        rest = text[match.end() :].strip(" \"”'")
        if style in ("Ayat (1)", "Huruf a", "Angka 1") and rest and not rest.lstrip(": ")[:1].isupper():
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
            instruction=kind in ("angka", "huruf") and looks_like_instruction(rest[:600] or following),
            indent=line.indent,
            follows_small=rest[:1].islower() or rest.startswith((",", ";")),
            weak=(kind, style, form) == _BARE_NUMBER,
            heading=bool(line.heading),
        )
    return None


def _runs_in(marker: Marker, text: str) -> bool:
    """A Pasal with text behind it that may be its own: it begins with a capital or an ayat."""
    behind = text[marker.end :].lstrip(" :")
    return marker.kind == "pasal" and not marker.alone and (behind[:1].isupper() or behind.startswith("(1)"))


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


def _with_outlook(found: list[Marker], lines: Sequence[Line]) -> list[Marker]:
    """What the text behind a candidate says of it: the next number of its list, or an article's subject."""
    result = []
    for here, marker in enumerate(found):
        behind = next(
            (m for m in found[here + 1 : here + 12] if m.kind != "paragraph" and m.style == marker.style), None
        )
        if marker.kind in ("ayat", "huruf", "angka") and behind is not None:
            vouched = behind.at_line_start and _is_next(marker, behind)
            marker = replace(marker, vouched=vouched)
        elif marker.kind == "pasal":
            end = next((m.line for m in found[here + 1 :] if m.kind == "pasal" or m.style == "1."), len(lines) - 1)
            text = " ".join(line.text for line in lines[marker.line + 1 : min(end, marker.line + 12) + 1])[:1500]
            marker = replace(marker, changes=bool(CHANGES.search(text)), enters=bool(ENTERS.search(text)))
        result.append(marker)
    return result


def _is_next(marker: Marker, behind: Marker) -> bool:
    read = read_letter if marker.kind == "huruf" else read_arabic
    number, following = read(marker.printed), read(behind.printed)
    return number is not None and following is not None and following == (number[0] + 1, "")
