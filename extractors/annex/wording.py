"""Cell texts made clean: white space, hyphens of line ends, stray glyphs. The print stays elsewhere."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from extractors.lookups import vocabulary

_BLANKS = regex.compile(r"\s+")
_BEFORE_MARK = regex.compile(r" (?=[,;:.!?](?:\s|$))")
_IN_BRACKETS = regex.compile(r"(?<=[(\[]) | (?=[)\]])")
_SLASH = regex.compile(r"(?<=\p{L}) ?/ (?=\p{L})|(?<=\p{L}) /(?=\p{L})")
# A dash that is fast to the word before it and has a blank behind: between capitals or digits it is a hyphen.
_LOOSE_DASH = regex.compile(r"(?<=[\p{L}\p{N}])[-–—] (?=[\p{Lu}\p{N}])")
_LOOSE_SUFFIX = regex.compile(r"(?<!\p{L})(\p{L}*\p{Ll}{3}) (\p{Ll}{2,3})(?!\p{L})")
_HYPHEN = regex.compile(r"(?<!\p{L})(\p{L}*\p{Ll}{2})- (\p{Ll}+)(?!\p{L})")
_STRAY = regex.compile(r"(?<=[.;])\s+([^\s\d)\]\"'”’%])$")
_LINE_HYPHEN = regex.compile(r"\p{Ll}-$")
_LOWER_LETTER = regex.compile(r"\p{Ll}")
# How the rest of a text begins, and how texts end that go on or that are whole.
LOWER_START = regex.compile(r"\s*(?:\p{Ll}|[,;)])")
OPEN_END = regex.compile(r"(?:[,\-–/(]|\b(?:dan|atau|serta|yang|di|ke|dari|untuk|dengan|pada|dalam))\s*$")
CLOSED_END = regex.compile(r"[.;:!?]\s*$")
_INNER_HYPHEN = regex.compile(r"(?<![\p{L}-])(\p{L}*\p{Ll}{3})-(\p{Ll}{3,})(?![\p{L}-])")
_WHOLE_WORD = regex.compile(r"(?<![\p{L}-])\p{L}{2,}(?![\p{L}-])")
# Two halves more alike than this may be a reduplication with a changed sound (`lauk-pauk`).
ALIKE_HALVES = 50


class Clean(NamedTuple):
    """A clean text and what was mended in it: pairs of a finding's code and what it says."""

    text: str
    repairs: tuple[tuple[str, str], ...]


def collapse(text: str) -> str:
    """White space runs to one blank, none at the ends."""
    return str(_BLANKS.sub(" ", text)).strip()


def words_of(text: str) -> set[str]:
    """Lower-cased words of two letters or more; what stands beside a hyphen may be a part of one and is left out."""
    return {word.lower() for word in _WHOLE_WORD.findall(text)}


def clean(text: str, known: Container[str]) -> Clean:
    """The text of a cell as its author meant it.

    `penga- suhan` loses the hyphen of a line's end (`known` holds the document's words, lower-cased), so does
    `karbohi-drat`, neither half being a word; `laki- laki`, `MP- ASI` and `15- 19` lose only the blank. A lone glyph
    after the final stop is left out.
    """
    repairs: list[tuple[str, str]] = []
    text = collapse(text)
    stray = _STRAY.search(text)
    if stray:
        repairs.append(("stray_glyph", f"`{stray[1]}` after the text left out"))
        text = text[: stray.start()]

    def heal(match: regex.Match[str]) -> str:
        left, right = match[1], match[2]
        inner = match.re is _INNER_HYPHEN
        joined = _without_inner_hyphen(left, right, known) if inner else _joined(left, right, known)
        if "-" not in joined:
            repairs.append(("hyphen_healed", f"`{match[0]}` read as `{joined}`"))
        return joined

    def rejoin(match: regex.Match[str]) -> str:
        joined = match[1] + match[2]
        if match[2] not in vocabulary("annex_headers")["suffixes"] or joined.lower() not in known:
            return str(match[0])
        repairs.append(("word_rejoined", f"`{match[0]}` read as `{joined}`"))
        return str(joined)

    text = _LOOSE_SUFFIX.sub(rejoin, _INNER_HYPHEN.sub(heal, _HYPHEN.sub(heal, text)))
    for pattern, tidy in ((_LOOSE_DASH, "-"), (_SLASH, "/"), (_BEFORE_MARK, ""), (_IN_BRACKETS, "")):
        text = pattern.sub(tidy, text)
    return Clean(text, tuple(repairs))


def _joined(left: str, right: str, known: Container[str]) -> str:
    if left.lower() == right:
        return f"{left}-{right}"
    if (left + right).lower() in known or right in vocabulary("annex_headers")["suffixes"]:
        return left + right
    return f"{left}-{right}" if left.lower() in known and right in known else left + right


def _without_inner_hyphen(left: str, right: str, known: Container[str]) -> str:
    halves = left.lower() in known or right in known or fuzz.ratio(left.lower(), right) >= ALIKE_HALVES
    return f"{left}-{right}" if halves and (left + right).lower() not in known else left + right


def join_all(parts: Sequence[str]) -> str:
    """The parts of one text that page breaks cut: a blank between them, a hyphen of a line's end healed."""
    joined: list[str] = []
    for part in (part.strip() for part in parts):
        if not part:
            continue
        if joined and _LINE_HYPHEN.search(joined[-1][-2:]) and _LOWER_LETTER.match(part):
            joined[-1] = joined[-1][:-1]
        elif joined:
            joined.append(" ")
        joined.append(part)
    return "".join(joined)
