"""Text lines in the ink of a page or of a table cell, each cut out on white without its neighbours.

Cutting lines out here rather than leaving it to Tesseract keeps short lines (`- 3 -`, a lone digit), which its page
analysis loses, and keeps the strokes of one line out of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extractors.readers.ocr.image import Grey
from extractors.readers.ocr.ink import Area, Array, Ink, area_of

# In letter heights: what is a dot or a mark at most, how far the core of a line is smeared to bridge the gaps between
# words, how far from a line, and how far from its glyphs, dots and specks may stand.
SMALL = 0.3
BRIDGE = 2.5
STRAY, ALONE, NEAR = 1.2, 1.5, 0.3
# The core of a letter, between ascenders and descenders, as shares of its own height.
CORE = (0.3, 0.7)
# Smearing is done on every so manieth column.
STEP = 4
MARGIN = 10
# A dash: in letter heights at most so high, so wide, and so far from the next glyph. Longer lines are not taken apart.
DASH_HEIGHT, DASH_WIDTHS, DASH_GAP = 0.3, (0.2, 1.3), 0.3
DASHED_GLYPHS = 7
# An upright bar: in letter heights at least so high, in its own at most so wide, so full of ink; no number has more.
BAR_HEIGHT, BAR_WIDTH, BAR_FILL, MOST_BARS = 0.7, 0.4, 0.7, 3


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line: where it stands, its picture on white with a margin all round, and the dashes before and behind it.

    `picture` is None where the line holds nothing but dashes; `bars` counts the upright bars of a line of nothing else,
    `glyphs` all its strokes but the dashes. A pixel (x, y) of it is (x + left, y + top) of the page.
    `letter` is the height of the page's capitals.
    """

    area: Area
    picture: Grey | None
    left: int
    top: int
    letter: float
    glyphs: int = 0
    bars: int = 0
    dashes_before: tuple[Area, ...] = ()
    dashes_behind: tuple[Area, ...] = ()


def find_lines(ink: Ink, glyphs: Array) -> list[TextLine]:
    """The text lines that the glyphs (indices into `ink`) stand on, from top to bottom."""
    if not len(glyphs):
        return []
    groups = _grouped(ink, glyphs)
    first = int(ink.line_of.max()) + 1
    for number, group in enumerate(groups, first):
        ink.line_of[group] = number
    return [_cut_out(ink, group, number) for number, group in enumerate(groups, first)]


def _grouped(ink: Ink, glyphs: Array) -> list[Array]:
    """The glyphs line by line, each line from left to right."""
    import cv2
    import numpy as np

    h = ink.letter
    body = glyphs[(ink.heights[glyphs] > 0.5 * h) & (ink.heights[glyphs] < 2.5 * h)]
    core = body if len(body) else glyphs
    if int(ink.y0[core].max()) < int(ink.y1[core].min()):
        reach = STRAY * h
        near = (ink.y1[glyphs] > ink.y0[core].min() - reach) & (ink.y0[glyphs] < ink.y1[core].max() + reach)
        group = _without_stray_dots(ink, glyphs[near])
        return [group[np.argsort(ink.x0[group], kind="stable")]] if len(group) else []
    left, top = int(ink.x0[glyphs].min()), int(ink.y0[glyphs].min())
    right, bottom = int(ink.x1[glyphs].max()), int(ink.y1[glyphs].max())
    canvas: Array = np.zeros((bottom - top + 1, (right - left) // STEP + 2), np.uint8)
    for i in core:
        y, height = ink.y0[i] - top, ink.heights[i]
        start, end = int(y + CORE[0] * height), int(y + CORE[1] * height)
        canvas[start : max(start + 1, end), (ink.x0[i] - left) // STEP : (ink.x1[i] - left) // STEP + 1] = 1
    canvas = cv2.dilate(canvas, np.ones((1, int(BRIDGE * h / STEP) | 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(canvas, connectivity=8)
    bands = _bands([(int(stats[k][1]) + top, int(stats[k][1] + stats[k][3]) + top) for k in range(1, count)])
    upper, lower = np.array([b[0] for b in bands]), np.array([b[1] for b in bands])
    centre = (ink.y0[glyphs] + ink.y1[glyphs]) / 2
    outside = np.maximum(np.maximum(upper[None] - centre[:, None], centre[:, None] - lower[None]), 0)
    outside = outside + np.abs((upper + lower)[None] / 2 - centre[:, None]) * 1e-3
    nearest = outside.argmin(axis=1)
    close = outside[np.arange(len(glyphs)), nearest] < STRAY * h
    groups = [_without_stray_dots(ink, glyphs[close & (nearest == k)]) for k in range(len(bands))]
    return [group[np.argsort(ink.x0[group], kind="stable")] for group in groups if len(group)]


def _without_stray_dots(ink: Ink, group: Array) -> Array:
    """Without dots that no chain of glyphs joins to a larger glyph of the line: they are dirt. A colon's dots
    stay, and so does a dash alone.
    """
    import numpy as np

    h = ink.letter
    small = (ink.heights[group] <= SMALL * h) & (ink.widths[group] <= SMALL * h)
    centre = (ink.x0[group] + ink.x1[group]) / 2
    stacked = np.abs(centre[:, None] - centre[None]) < SMALL * h
    anchors = ~small | ((stacked & small[None]).sum(axis=1) == 2)
    if not anchors.any():
        flat = ink.widths[group] >= np.maximum(1.3 * ink.heights[group], DASH_WIDTHS[0] * h)
        return group[flat][:1]
    order = np.argsort(ink.x0[group], kind="stable")
    runs: list[list[int]] = []
    end = 0
    for i in order[~ink.speck[group][order]]:
        if runs and ink.x0[group[i]] - end < ALONE * h:
            runs[-1].append(int(i))
            end = max(end, int(ink.x1[group[i]]))
        else:
            runs.append([int(i)])
            end = int(ink.x1[group[i]])
    kept = np.zeros(len(group), bool)
    for run in runs:
        kept[run] = anchors[run].any()
    kept |= anchors
    gaps = np.maximum(
        ink.x0[group[kept]][None] - ink.x1[group][:, None], ink.x0[group][:, None] - ink.x1[group[kept]][None]
    )
    return group[kept | (ink.speck[group] & (gaps.min(axis=1) < NEAR * h))]


def _bands(segments: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Heights of the lines: segments that overlap by half stand on one line."""
    bands: list[tuple[int, int]] = []
    for upper, lower in sorted(segments, key=sum):
        if bands:
            a, b = bands[-1]
            if min(b, lower) - max(a, upper) >= 0.5 * min(b - a, lower - upper):
                bands[-1] = (min(a, upper), max(b, lower))
                continue
        bands.append((upper, lower))
    return bands


def _cut_out(ink: Ink, group: Array, number: int) -> TextLine:
    area = area_of(ink, group)
    before, group, behind = _split_dashes(ink, group, area)
    dashes = tuple(area_of(ink, [i]) for i in before), tuple(area_of(ink, [i]) for i in behind)
    if not len(group):
        return TextLine(area, None, area.x0, area.y0, ink.letter, 0, 0, *dashes)
    import cv2
    import numpy as np

    inner = area_of(ink, group)
    x0, y0, x1, y1 = max(inner.x0 - 2, 0), max(inner.y0 - 2, 0), inner.x1 + 2, inner.y1 + 2
    owners = ink.line_of[ink.labels[y0:y1, x0:x1]]
    labels = ink.labels[y0:y1, x0:x1]
    own = cv2.dilate((owners == number).astype(np.uint8), np.ones((3, 3), np.uint8))
    other = ((labels > 0) & (owners != number) & ~ink.figure[labels]).astype(np.uint8)
    halo = cv2.dilate(other, np.ones((3, 3), np.uint8))
    picture: Grey = ink.grey[y0:y1, x0:x1].copy()
    picture[((halo > 0) & (own == 0)) | (other > 0)] = 255
    picture = cv2.copyMakeBorder(picture, MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255)
    return TextLine(area, picture, x0 - MARGIN, y0 - MARGIN, ink.letter, len(group), _bars(ink, group), *dashes)


def _bars(ink: Ink, group: Array) -> int:
    """How many upright bars (`I`, `II`) a line consists of, 0 where it holds anything else."""
    heights, widths = ink.heights[group], ink.widths[group]
    bars = (heights > BAR_HEIGHT * ink.letter) & (widths < BAR_WIDTH * heights)
    bars &= ink.areas[group] > BAR_FILL * heights * widths
    return len(group) if bars.all() and len(group) <= MOST_BARS else 0


def _split_dashes(ink: Ink, group: Array, area: Area) -> tuple[list[int], Array, list[int]]:
    """Dashes at the ends of a short line, which Tesseract reads as letters, taken off it."""
    before: list[int] = []
    behind: list[int] = []
    if len(group) > DASHED_GLYPHS:
        return before, group, behind
    rest = list(group)
    while rest and _is_dash(ink, rest[0], rest[1] if len(rest) > 1 else None, area):
        before.append(rest.pop(0))
    while rest and _is_dash(ink, rest[-1], rest[-2] if len(rest) > 1 else None, area):
        behind.insert(0, rest.pop())
    return before, group[len(before) : len(before) + len(rest)], behind


def _is_dash(ink: Ink, glyph: int, neighbour: int | None, area: Area) -> bool:
    h, height, width = ink.letter, ink.heights[glyph], ink.widths[glyph]
    if height > DASH_HEIGHT * h or not DASH_WIDTHS[0] * h <= width <= DASH_WIDTHS[1] * h or width < 1.3 * height:
        return False
    if neighbour is None:
        return True
    gap = max(ink.x0[neighbour] - ink.x1[glyph], ink.x0[glyph] - ink.x1[neighbour])
    centre = (ink.y0[glyph] + ink.y1[glyph]) / 2
    middle = area.y0 + 0.25 * (area.y1 - area.y0) <= centre <= area.y1 - 0.2 * (area.y1 - area.y0)
    return bool(gap >= DASH_GAP * h and middle)
