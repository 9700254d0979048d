"""Rules in an image of a page: where they run, and the page without them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.readers.ocr.ink import Area

# 1 where something is, rows by columns of uint8.
Mask = Any

# In units of letters (a capital is 7.5 high): the shortest rules, the shortest that need no crossing rule, the shortest
# strokes that may be pieces of rules, the widest gap in a rule, and the thickest rule.
MIN_HORIZONTAL, MIN_VERTICAL = 22.0, 11.0
SURE_HORIZONTAL, SURE_VERTICAL = 70.0, 30.0
STROKE = 6.0
GAP = 1.1
THICKEST = 5.0
# Half the height of the strip in which what is left of a rule lies, and of that in which the crumbs of a broken one do.
STRIP, CRUMB = 1.5, 1.0


@dataclass(frozen=True, slots=True)
class Rules:
    """Masks of a page: its rules, all strokes that lie level or upright (pieces of rules among them), and its ink."""

    horizontal: Mask
    vertical: Mask
    level: Mask
    upright: Mask
    ink: Mask


def find_rules(ink: Mask, unit: float) -> Rules:
    """Rules in `ink` (1 where dark): long, thin and straight; small gaps and steps are closed."""
    import cv2
    import numpy as np

    gap = max(3, round(GAP * unit) | 1)
    thick: Mask = np.ones((round(THICKEST * unit),) * 2, np.uint8)
    strokes: list[Mask] = []
    rules: list[Mask] = []
    for upright, shortest in ((False, MIN_HORIZONTAL), (True, MIN_VERTICAL)):
        across = np.ones((1, 3) if upright else (3, 1), np.uint8)
        closed = cv2.morphologyEx(cv2.dilate(ink, across), cv2.MORPH_CLOSE, _bar(gap, upright))
        short = cv2.morphologyEx(closed, cv2.MORPH_OPEN, _bar(round(STROKE * unit), upright))
        long: Mask = cv2.morphologyEx(short, cv2.MORPH_OPEN, _bar(round(shortest * unit), upright))
        solid: Mask = cv2.morphologyEx(long, cv2.MORPH_OPEN, thick)
        strokes.append(short)
        rules.append(long & ~solid)
    vertical = _supported(rules[1], rules[0], SURE_VERTICAL * unit, level=False)
    horizontal = _supported(rules[0], vertical, SURE_HORIZONTAL * unit, level=True)
    return Rules(horizontal, vertical, strokes[0], strokes[1], ink)


def _bar(length: int, upright: bool) -> Mask:
    import numpy as np

    return np.ones((length, 1) if upright else (1, length), np.uint8)


def _supported(mask: Mask, crossing: Mask, sure: float, *, level: bool) -> Mask:
    """The pieces of a mask that are long or run from one crossing rule to the next; letters and serifs do neither."""
    import cv2
    import numpy as np

    near = cv2.dilate(crossing, np.ones((1, 7) if level else (7, 1), np.uint8))
    kept = mask.copy()
    for outline in outlines(mask):
        x, y, w, h = cv2.boundingRect(outline)
        if (w if level else h) < sure:
            third = max(1, (w if level else h) // 3)
            if level:
                ends = near[y : y + h, x : x + third], near[y : y + h, x + w - third : x + w]
            else:
                ends = near[y : y + third, x : x + w], near[y + h - third : y + h, x : x + w]
            if not all(end.any() for end in ends):
                cv2.drawContours(kept, [outline], -1, 0, cv2.FILLED)
    return kept


def outlines(mask: Mask) -> Sequence[Mask]:
    """The outlines of the pieces of a mask."""
    import cv2

    return cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]


def erase_rules(grey: Mask, rules: Rules, cells: Iterable[Area], unit: float) -> Mask:
    """`grey` without its rules and what is left of broken ones along the edges of `cells`.

    Strokes of letters that cross a rule stay; so does what stands inside a cell.
    """
    import cv2

    longer, reach, near = round(1.4 * unit) + 2, round(STRIP * unit), round(CRUMB * unit)
    tall: Mask = cv2.morphologyEx(rules.ink, cv2.MORPH_OPEN, _bar(longer, True))
    wide: Mask = cv2.morphologyEx(rules.ink, cv2.MORPH_OPEN, _bar(longer, False))
    level, upright = rules.horizontal.copy(), rules.vertical.copy()
    cells = tuple(cells)
    for x0, y0, x1, y1 in cells:
        inside = (slice(y0 + reach, y1 - reach), slice(x0 + reach, x1 - reach))
        level[inside] = upright[inside] = 0
    for x0, y0, x1, y1 in cells:
        for y in (y0, y1):
            band = (slice(max(0, y - reach), y + reach + 1), slice(max(0, x0 - reach), x1 + reach + 1))
            level[band] |= rules.level[band]
        for x in (x0, x1):
            band = (slice(max(0, y0 - reach), y1 + reach + 1), slice(max(0, x - reach), x + reach + 1))
            upright[band] |= rules.upright[band]
    horizontal: Mask = cv2.dilate(level, _bar(3, True))
    vertical: Mask = cv2.dilate(upright, _bar(3, False))
    gone = (horizontal & ~(tall & ~vertical)) | (vertical & ~(wide & ~horizontal))
    erased = grey.copy()
    erased[gone.astype(bool)] = 255
    for x0, y0, x1, y1 in cells:
        for y in (y0, y1):
            strip = erased[max(0, y - near) : y + near + 1, x0:x1]
            strip[:, crumbs(rules.ink, y, x0, x1, unit)] = 255
    return erased


def crumbs(ink: Mask, y: int, x0: int, x1: int, unit: float) -> Mask:
    """Columns between x0 and x1 that have ink at the height y of a rule and none closely above or below."""
    near, far = round(CRUMB * unit), round(3 * CRUMB * unit)
    at = ink[max(0, y - near) : y + near + 1, x0:x1].any(axis=0)
    above = ink[max(0, y - far) : max(0, y - near - 1), x0:x1].any(axis=0)
    below = ink[y + near + 2 : y + far + 1, x0:x1].any(axis=0)
    return at & ~above & ~below
