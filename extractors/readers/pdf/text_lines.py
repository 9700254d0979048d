"""Words into printed lines, lines into reading order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractors.models import Box
from extractors.readers.pdf.parts import Word, around

# In parts of the lower of two heights: centres nearer than SAME_LINE share a line, gaps smaller than FAST are no gaps.
SAME_LINE, FAST = 0.4, 0.05
# Share of a word that must lie under another of the same letters for it to be that word again.
COVERED = 0.7
# More lines than this are no page of running text.
MAX_LINES = 300
# Two columns of running text: points between them, lines at least, letters a line at least, the share of lines that
# must stand on both sides and fill their column, and how much of it they must fill.
GUTTER, MIN_COLUMN_LINES, MIN_COLUMN_LETTERS, BOTH_SIDES, FULL_LINE = 10.0, 8, 18, 0.75, 0.8


class TextLine(NamedTuple):
    """The words of one printed line, from left to right."""

    words: tuple[Word, ...]
    box: Box


def printed_lines(words: Sequence[Word]) -> list[TextLine]:
    """The lines from top to bottom; words that stand sideways come last, by the way they are turned."""
    lines: list[TextLine] = []
    for turn in (0, 90, 180, 270):
        turned = [word for word in words if word.turn == turn]
        if turned:
            lines += [TextLine(tuple(line), around(line)) for line in _upright_lines(turned, turn)]
    return lines


def _upright_lines(words: Sequence[Word], turn: int) -> list[list[Word]]:
    placed = sorted(((_upright(word, turn), word) for word in words), key=lambda pair: pair[0].top + pair[0].bottom)
    lines: list[list[tuple[Box, Word]]] = []
    middle = height = 0.0
    for box, word in placed:
        centre, tall = (box.top + box.bottom) / 2, box.bottom - box.top
        if lines and centre - middle <= SAME_LINE * min(tall, height):
            lines[-1].append((box, word))
            middle += (centre - middle) / len(lines[-1])
            height = max(height, tall)
        else:
            lines.append([(box, word)])
            middle, height = centre, tall
    return [_line(line) for line in lines]


def _upright(word: Word, turn: int) -> Box:
    """The word's box in a frame in which it stands upright."""
    if turn == 0:
        return Box(word.x0, word.top, word.x1, word.bottom)
    if turn == 90:
        return Box(word.top, -word.x1, word.bottom, -word.x0)
    if turn == 180:
        return Box(-word.x1, -word.bottom, -word.x0, -word.top)
    return Box(-word.bottom, word.x0, -word.top, word.x1)


def _line(placed: list[tuple[Box, Word]]) -> list[Word]:
    """The words in order, those drawn twice once, pieces of one word put together."""
    placed.sort(key=lambda pair: pair[0].x0)
    line: list[Word] = []
    boxes: list[Box] = []
    for box, word in placed:
        if line and _again(box, word, boxes[-1], line[-1]):
            continue
        if line and line[-1].text in word.text and _again(boxes[-1], line[-1], box, word):
            line.pop()
            boxes.pop()
        gap = box.x0 - boxes[-1].x1 if line else 0.0
        tall = box.bottom - box.top
        if line and -4 * FAST * tall < gap < FAST * tall:
            line[-1] = _fused(line[-1], word)
            boxes[-1] = Box(boxes[-1].x0, min(boxes[-1].top, box.top), box.x1, max(boxes[-1].bottom, box.bottom))
        else:
            line.append(word)
            boxes.append(box)
    return line


def _again(box: Box, word: Word, before: Box, other: Word) -> bool:
    """Whether `word` only prints over letters of `other`."""
    overlap = min(box.x1, before.x1) - max(box.x0, before.x0)
    return overlap > COVERED * (box.x1 - box.x0) and word.text in other.text


def _fused(left: Word, right: Word) -> Word:
    box = around((left, right))
    confidence = min((c for c in (left.confidence, right.confidence) if c is not None), default=None)
    return Word(left.text + right.text, *box, left.turn, confidence)


def in_reading_order(lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines top to bottom; where two columns of running text stand side by side, the whole left one first."""
    ordered = sorted(lines, key=lambda line: (line.box.top + line.box.bottom) / 2)
    result: list[TextLine] = []
    start = 0
    while start < len(ordered):
        stretch = _two_columns(ordered, start)
        if stretch is None:
            result.append(ordered[start])
            start += 1
            continue
        end, gutter = stretch
        left = [part for line in ordered[start:end] if (part := _side(line, gutter, 0))]
        right = [part for line in ordered[start:end] if (part := _side(line, gutter, 1))]
        result += [*left, *right]
        start = end
    return result


def _two_columns(lines: Sequence[TextLine], start: int) -> tuple[int, float] | None:
    """(end, gutter) of the stretch from `start` on that is set in two columns, None if it is not.

    Both columns must be filled in nearly all lines, wide, and their lines nearly as long as the column.
    """
    strips = _gaps(lines[start]) if len(lines) <= MAX_LINES else []
    if not strips:
        return None
    end = start + 1
    while end < len(lines):
        narrowed = [strip for strip in (_narrowed(strip, lines[end]) for strip in strips) if strip]
        if not narrowed:
            break
        strips = narrowed
        end += 1
    if end - start < MIN_COLUMN_LINES:
        return None
    gutter = max(strips, key=lambda strip: strip[1] - strip[0])
    middle = (gutter[0] + gutter[1]) / 2
    for side in (0, 1):
        parts = [part for line in lines[start:end] if (part := _side(line, middle, side))]
        if len(parts) < BOTH_SIDES * (end - start):
            return None
        width = max(part.box.x1 for part in parts) - min(part.box.x0 for part in parts)
        letters = sum(len(word.text) for part in parts for word in part.words)
        full = sum(part.box.x1 - part.box.x0 >= FULL_LINE * width for part in parts)
        if letters < MIN_COLUMN_LETTERS * len(parts) or full < BOTH_SIDES * len(parts):
            return None
    return end, middle


def _gaps(line: TextLine) -> list[tuple[float, float]]:
    return [(a.x1, b.x0) for a, b in zip(line.words, line.words[1:], strict=False) if b.x0 - a.x1 >= GUTTER]


def _narrowed(strip: tuple[float, float], line: TextLine) -> tuple[float, float] | None:
    """What a further line leaves of a white strip, None if it closes it or stands on one side far from it."""
    left = max((word.x1 for word in line.words if word.x0 < strip[0]), default=strip[0])
    right = min((word.x0 for word in line.words if word.x1 > strip[1]), default=strip[1])
    inside = any(word.x0 >= strip[0] and word.x1 <= strip[1] for word in line.words)
    start, end = max(left, strip[0]), min(right, strip[1])
    return (start, end) if end - start >= GUTTER and not inside else None


def _side(line: TextLine, gutter: float, side: int) -> TextLine | None:
    words = tuple(word for word in line.words if ((word.x0 + word.x1) / 2 > gutter) == bool(side))
    return TextLine(words, around(words)) if words else None
