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
    """Lines top to bottom; where two columns of running text stand side by side, the left one first."""
    return sorted(lines, key=lambda line: (line.box.top + line.box.bottom) / 2)
