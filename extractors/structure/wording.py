"""Own text out of pieces of lines: joined over line and page breaks, hyphenation healed, enclosing quotes dropped."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.models import EMPTY, Mapped

HYPHEN_END = regex.compile(r"\p{L}-$")
COMPOUND_END = regex.compile(r"[\p{L}\p{N}]-$")
COMPOUND_START = regex.compile(r"[\p{Lu}\p{N}]")
LAST_WORD = regex.compile(r"(?<!\p{L})\p{L}++(?=-$)")
FIRST_WORD = regex.compile(r"\p{Ll}+")
PAIRS = (("“", "”"), ("„", "”"), ("‘", "’"), ("«", "»"))


def join_lines(pieces: Sequence[Mapped]) -> Mapped:
    """The pieces as one text with a blank between them.

    A word cut by a hyphen at the end of a piece is healed; a reduplication (`sewaktu-` / `waktu`) keeps its
    hyphen, as does a compound with a capital or a digit behind the break.
    """
    whole: list[Mapped] = []
    text = ""
    for piece in pieces:
        piece = piece.strip()
        if not piece.text:
            continue
        if text and HYPHEN_END.search(text[-2:]) and FIRST_WORD.match(piece.text):
            if not _reduplicates(text[-60:], piece.text[:60]):
                whole[-1] = whole[-1].slice(0, len(whole[-1].text) - 1)
            whole.append(piece)
        else:
            if text and not (COMPOUND_END.search(text[-2:]) and COMPOUND_START.match(piece.text)):
                whole.append(Mapped(" ", ((0, whole[-1].span().end),)))
            whole.append(piece)
        text = piece.text
    return Mapped.concat(whole) if whole else EMPTY


def _reduplicates(before: str, after: str) -> bool:
    """`sewaktu-` + `waktu`, `anak-` + `anak`: the second half repeats the end of the first."""
    left = LAST_WORD.search(before)
    right = FIRST_WORD.match(after)
    return bool(
        left
        and right
        and len(right[0]) >= 3
        and (left[0].lower().endswith(right[0]) or right[0].startswith(left[0].lower()))
    )


def drop_enclosing_quote(text: Mapped) -> Mapped:
    """Without the closing quote that belongs to an opening one before the text (quoted articles)."""
    body = text.text.rstrip(" .;")
    last = body[-1:]
    for opening, closing in PAIRS:
        if last == closing and text.text.count(closing) > text.text.count(opening):
            return _without(text, len(body) - 1)
    if last in ('"', "'") and text.text.count(last) % 2:
        return _without(text, len(body) - 1)
    return text


def _without(text: Mapped, index: int) -> Mapped:
    return Mapped.concat([text.slice(0, index), text.slice(index + 1)]).strip()
