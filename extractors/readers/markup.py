"""Marks that OCR tools and markdown put around text: what they are, and the text without them."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from extractors.models import EMPTY, Mapped

QUOTE = regex.compile(r"\s*(?:>\s*)+")
HEADING = regex.compile(r"\s*(#{1,6})(?:\s+|(?=[^\s#]))")
PAGE_NUMBER = regex.compile(r"\s*[-–—~]\s*\d{1,4}\s*[-–—~]\s*")
BULLET = regex.compile(r"\s*[-*+•▪◦●○■□·–—]\s+(?=\S)")
# What is dropped wherever it stands: tags, control and zero-width characters, backslashes before marks.
DROPPED = regex.compile(
    r"</?(?:i|b|u|em|strong|sup|sub|span|p|font|center)\s*/?>"
    r"|[\x00-\x08\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\u00ad]"
    r"|\\(?=[.()\[\]*_#~|>-])",
    regex.IGNORECASE,
)
BLANK = regex.compile(r"(?:\s|<br\s*/?>|&nbsp;)+", regex.IGNORECASE)
EMPHASIS = regex.compile(r"\*{1,3}|(?<![\w_])_{1,2}(?=[^\s_])|(?<=[^\s_])_{1,2}(?![\w_])")


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks in front of a line's text."""

    content_start: int
    heading: int
    bullet: bool
    indent: int


def split_marks(raw: str) -> Marks:
    """Quote, heading and bullet marks at the start of `raw`; a page number between dashes has no bullet."""
    position = 0
    heading = 0
    bullet = False
    quote = QUOTE.match(raw)
    if quote:
        position = quote.end()
    if match := HEADING.match(raw, position):
        position, heading = match.end(), len(match[1])
    elif not PAGE_NUMBER.fullmatch(raw) and (match := BULLET.match(raw, position)):
        position, bullet = match.end(), True
    indent = len(raw) - len(raw.lstrip()) if not quote else 0
    return Marks(position, heading, bullet, indent)


def clean(raw: str, start: int, offset: int) -> Mapped:
    """`raw[start:]` without marks, blanks collapsed, ends stripped; `offset` is where `raw` stands."""
    dropped = _emphasis(raw, start)
    dropped += [match.span() for match in DROPPED.finditer(raw, start)]
    blanks = [match.span() for match in BLANK.finditer(raw, start)]
    cuts = sorted([(a, b, "") for a, b in dropped] + [(a, b, " ") for a, b in blanks if raw[a:b] != " "])
    texts: list[str] = []
    runs: list[tuple[int, int]] = []
    length = 0
    position = start
    for a, b, kept in [*cuts, (len(raw), len(raw), "")]:
        if a < position:
            continue
        if a > position:
            runs.append((length, offset + position))
            texts.append(raw[position:a])
            length += a - position
        if kept and texts and not texts[-1].endswith(" "):
            runs.append((length, offset + a))
            texts.append(kept)
            length += 1
        position = b
    if not texts:
        return EMPTY
    return _single_blanks(Mapped("".join(texts), tuple(runs))).strip()


def _single_blanks(mapped: Mapped) -> Mapped:
    """Blanks that came together when a mark between them was dropped, made one."""
    if "  " not in mapped.text:
        return mapped
    parts = []
    position = 0
    for match in regex.finditer(r"(?<= ) +", mapped.text):
        parts.append(mapped.slice(position, match.start()))
        position = match.end()
    parts.append(mapped.slice(position))
    return Mapped.concat(parts)


def _emphasis(raw: str, start: int) -> list[tuple[int, int]]:
    """Spans of emphasis marks that open and close in this line; single asterisks and rules of dots stay."""
    spans: list[tuple[int, int]] = []
    open_marks: dict[str, tuple[int, int]] = {}
    for match in EMPHASIS.finditer(raw, start):
        mark = match[0]
        opened = open_marks.pop(mark, None)
        before = raw[match.start() - 1] if match.start() > 0 else " "
        after = raw[match.end()] if match.end() < len(raw) else " "
        if opened and (not before.isspace() or opened[1] == match.start()):
            spans += [opened, match.span()]
        elif not after.isspace():
            open_marks[mark] = match.span()
    return spans
