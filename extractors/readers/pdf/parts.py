"""What a page is made of before it is text: words, rules, painted areas, all in the page as it is read.

Coordinates are points from the top left, /Rotate and text drawn sideways undone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extractors.models import Box

# Tolerance in points within which edges are the same edge.
SAME = 2.5


class Word(NamedTuple):
    """Glyphs without a blank between them. `turn` is the clockwise angle at which the word still stands."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    turn: int = 0
    confidence: float | None = None


class Rule(NamedTuple):
    """A drawn straight line: at `at` of its own axis, from `start` to `end` of the other."""

    at: float
    start: float
    end: float


class Fill(NamedTuple):
    """A painted area and its colour, 0-255 each."""

    box: Box
    red: int
    green: int
    blue: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is painted on a page beside its text.

    `image_share` is the share of the page under images, `covered` tells that an image over all of it was painted after
    the last text, `curves` counts path pieces that are no straight lines, `complete` is False where the page holds more
    objects than are looked at.
    """

    horizontal: tuple[Rule, ...] = ()
    vertical: tuple[Rule, ...] = ()
    fills: tuple[Fill, ...] = ()
    image_share: float = 0.0
    covered: bool = False
    curves: int = 0
    complete: bool = True


class Hidden(NamedTuple):
    """Text that nobody sees on the page. `how` is `white`, `off_page`, `invisible`, `slanted` or `tiny`."""

    how: str
    word: Word


@dataclass(frozen=True, slots=True)
class PageParts:
    """One page taken apart. `rotation` is the clockwise turn that made it upright."""

    width: float
    height: float
    rotation: int
    words: tuple[Word, ...]
    drawn: Drawn
    hidden: tuple[Hidden, ...] = ()
    # Glyphs for which the file's fonts give no character.
    unmapped: int = 0
    # Whether most words are drawn invisibly over an image, as OCR programs do.
    ocr_layer: bool = False


def around(words: Sequence[Word]) -> Box:
    """The smallest box around `words`, which must not be empty."""
    return Box(
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )
