"""The connected strokes of a page, and which of them can be letters."""

from __future__ import annotations

from typing import Any, NamedTuple

Array = Any

# In letter heights: what is a speck at most, and what is too high or too wide for letters.
SPECK = 0.13
TALLEST, WIDEST = 3.5, 14.0
# Share of its box that the ink of a logo or stamp fills; signatures and frames fill less.
DENSE = 0.15


class Area(NamedTuple):
    """Pixels [x0, x1) by [y0, y1)."""

    x0: int
    y0: int
    x1: int
    y1: int


class Ink:
    """The connected strokes of a page: their labels by pixel, their boxes, and which of them can be letters.

    `line_of` is filled as lines are found. Strokes inside `pictures` (logos, stamps) are no letters.
    """

    def __init__(self, grey: Array, ink: Array, letter: float) -> None:
        import cv2
        import numpy as np

        self.grey = grey
        self.letter = letter
        count, self.labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
        self.x0, self.y0 = stats[:, 0], stats[:, 1]
        self.widths, self.heights, self.areas = stats[:, 2], stats[:, 3], stats[:, 4]
        self.x1, self.y1 = self.x0 + self.widths, self.y0 + self.heights
        self.line_of = np.zeros(count, np.int32)
        self.speck = (self.widths < SPECK * letter) & (self.heights < SPECK * letter)
        self.figure = (self.heights > TALLEST * letter) | (self.widths > WIDEST * letter)
        self.glyph = ~self.figure & (self.areas > 1)
        self.glyph[0] = self.figure[0] = False
        self.pictures = _pictures(self)
        x, y = (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2
        for area in self.pictures:
            self.glyph &= ~((x > area.x0) & (x < area.x1) & (y > area.y0) & (y < area.y1))

    def within(self, area: Area) -> Array:
        """Indices of the glyphs whose centre lies in the area."""
        import numpy as np

        x, y = (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2
        return np.nonzero(self.glyph & (x >= area.x0) & (x < area.x1) & (y >= area.y0) & (y < area.y1))[0]


def _pictures(ink: Ink) -> list[Area]:
    """Boxes of logos and stamps: strokes too large for letters that fill their boxes well, joined where they touch."""
    import numpy as np

    near = ink.letter
    found: list[Area] = []
    dense = ink.figure & (np.minimum(ink.heights, ink.widths) > TALLEST * ink.letter)
    dense &= ink.areas > DENSE * ink.heights * ink.widths
    for i in np.nonzero(dense)[0]:
        area = area_of(ink, np.array([i]))
        for other in [a for a in found if _touch(a, area, near)]:
            found.remove(other)
            area = Area(*(pick(p, q) for pick, p, q in zip((min, min, max, max), area, other, strict=True)))
        found.append(area)
    return found


def _touch(a: Area, b: Area, near: float) -> bool:
    return max(a.x0, b.x0) - min(a.x1, b.x1) < near and max(a.y0, b.y0) - min(a.y1, b.y1) < near


def area_of(ink: Ink, group: Array) -> Area:
    """The box around strokes."""
    return Area(int(ink.x0[group].min()), int(ink.y0[group].min()), int(ink.x1[group].max()), int(ink.y1[group].max()))
