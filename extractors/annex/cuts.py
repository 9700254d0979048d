"""Texts rebuilt where the borders of cells cut them, with the words that the document itself uses."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

_LAST_WORD = regex.compile(r"\p{L}+$")
_FIRST_WORD = regex.compile(r"^\p{L}+")
_LIST_END = regex.compile(r"(?:[;,.]|\s)*(?:\b(?:dan|atau|dan/atau))?[;,.\s]*$")
_PLAIN = regex.compile(r"[^\p{L}\p{N}]+")
# How alike a printed text and the item it restates are, and how far the best must be ahead of the next.
SAME_ITEM, AHEAD = 75, 8
# A text shorter than this says too little to find its rest.
MIN_HEAD = 6
MAX_ANCHORS = 12


class Rebuilt(NamedTuple):
    """A text joined over cuts. `repairs` name the cuts that fell inside words."""

    text: str
    repairs: tuple[str, ...]


def join_cut(left: str, right: str, known: Container[str]) -> tuple[str, str | None]:
    """Two pieces of one text on both sides of a cell border, and the word that was mended, if one was.

    Either the border fell between words, or inside one (`k|omitmen`), or a glyph at the border was printed
    twice or garbled (`Da|nerah`): the reading that gives words in `known` (lower-cased) wins.
    """
    left, right = left.rstrip(), right.lstrip()
    if not left or not right:
        return left or right, None
    before, after = _LAST_WORD.search(left), _FIRST_WORD.search(right)
    if not before or not after:
        return f"{left} {right}", None
    head, tail = before[0], after[0]
    if _is_word(head, known) and _is_word(tail, known):
        return f"{left} {right}", None
    for a, b in ((head, tail), (head, tail[1:]), (head[:-1], tail), (head[:-1], tail[1:])):
        if a and b and (a + b).lower() in known:
            return f"{left[: before.start()]}{a}{b}{right[after.end() :]}", f"{head}|{tail} read as {a}{b}"
    return f"{left} {right}", None


def _is_word(word: str, known: Container[str]) -> bool:
    return len(word) > 1 and word.lower() in known


def rebuild(pieces: Sequence[str], known: Container[str]) -> Rebuilt:
    """The pieces of one text that stands in several cells, joined."""
    text, repairs = "", []
    for piece in pieces:
        text, repair = join_cut(text, piece, known)
        if repair:
            repairs.append(repair)
    return Rebuilt(text, tuple(repairs))


def is_legible(text: str, known: Container[str]) -> bool:
    """Whether most words of a text are words of the document."""
    words = [word for word in _PLAIN.split(text) if word and not word.isdigit()]
    return bool(words) and sum(_is_word(word, known) for word in words) >= 0.75 * len(words)


def ends_inside_word(text: str, known: Container[str]) -> bool:
    """Whether a text breaks off in the middle of a word."""
    last = _LAST_WORD.search(text)
    return bool(last) and not _is_word(last[0], known)


def complete(head: str, remnant: str, items: Sequence[str]) -> str | None:
    """`head` with the rest that it lost, from the one item of `items` that begins as it does.

    `remnant` (what garbage is left of the rest) decides between several. None if no item fits, or more than one.
    """
    plain = _plain(head)
    if len(plain) < MIN_HEAD:
        return None
    fitting = list(dict.fromkeys(item for item in items if _plain(item).startswith(plain)))
    if len(fitting) > 1 and _plain(remnant):
        scored = sorted(((fuzz.ratio(_plain(remnant), _plain(item)), item) for item in fitting), reverse=True)
        fitting = [scored[0][1]] if scored[0][0] - scored[1][0] >= AHEAD else fitting
    return _continued(head, fitting[0]) if len(fitting) == 1 else None


def complete_in_list(head: str, number: int, siblings: Sequence[tuple[int, str]], items: Sequence[str]) -> str | None:
    """`head`, the text of the `number`-th of several siblings, completed from the list that they restate.

    `siblings` are (number, text). The list is where most of them find their like in `items` at the distance of
    their numbers.
    """
    plain_items = [_plain(item) for item in items]
    offsets: dict[int, int] = {}
    for n, text in siblings[:MAX_ANCHORS]:
        plain = _plain(text)
        for i, item in enumerate(plain_items):
            if fuzz.ratio(plain, item, score_cutoff=SAME_ITEM):
                offsets[i - n] = offsets.get(i - n, 0) + 1
    for offset in sorted(offsets, key=lambda o: (-offsets[o], o)):
        i = offset + number
        if offsets[offset] >= 2 and 0 <= i < len(items) and plain_items[i].startswith(_plain(head)):
            return _continued(head, items[i])
    return None


@lru_cache(maxsize=4096)
def _plain(text: str) -> str:
    return str(_PLAIN.sub("", text[:600])).casefold()


def _continued(head: str, item: str) -> str:
    """The head as printed, then what the item has beyond it, without the marks that end a list item."""
    wanted = len(_plain(head))
    position = seen = 0
    while position < len(item) and seen < wanted:
        seen += len(_plain(item[position]))
        position += 1
    return head.rstrip() + str(_LIST_END.sub("", item[position:]))
