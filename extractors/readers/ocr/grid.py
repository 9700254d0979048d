"""Ruled tables in an image of a page: rules, the grid that they span, and the cells between them.

Cells that no rule parts are one; a grid whose outer rules are missing is closed at the ends of its other rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from extractors.readers.ocr.rules import MIN_HORIZONTAL, MIN_VERTICAL, Mask, Rules, crumbs, outlines

# In units of letters (a capital is 7.5 high): how far rules of one line may lie apart, and how far a rule must reach
# beyond the grid for the grid to be closed at its end.
SAME_LINE = 3.0
OVERHANG = 9.0
# A cell lower or narrower than this is a double rule.
THINNEST_CELL = 4.0
# Connected rules are looked for in an image this many times smaller.
COARSE = 4
# No row of text is lower, no column of text narrower, and no page holds more cells.
LOWEST_ROW, NARROWEST_COLUMN = 8.0, 10.0
MOST_CELLS = 8000
# Share of a cell's edge that level and upright strokes must cover for the edge to be ruled. In a row lower than
# this, upright strokes may be letters, and rules must cover more.
COVERED_LEVEL, COVERED_UPRIGHT, COVERED_LOW = 0.12, 0.5, 0.85
LOW_ROW = 25.0


class GridCell(NamedTuple):
    """One cell, perhaps merged: its first row and column, how many it covers, its pixels between the rules."""

    row: int
    column: int
    row_count: int
    column_count: int
    x0: int
    y0: int
    x1: int
    y1: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table of `row_count` rows and `column_count` columns; `cells` in reading order, pixels throughout."""

    cells: tuple[GridCell, ...]
    row_count: int
    column_count: int
    x0: int
    y0: int
    x1: int
    y1: int


def find_grids(rules: Rules, unit: float) -> tuple[Grid, ...]:
    """The ruled tables of a page from top to bottom. A frame around one cell is none."""
    import cv2
    import numpy as np

    reach = max(COARSE, round(1.5 * unit)) | 1
    joined = cv2.dilate(rules.horizontal | rules.vertical, np.ones((reach, reach), np.uint8))
    coarse = cv2.resize(joined, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_NEAREST)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(coarse, connectivity=8)
    grids = []
    for label in range(1, count):
        x, y, w, h, _ = (int(value) * COARSE for value in stats[label])
        if w < 2 * MIN_HORIZONTAL * unit or h < MIN_VERTICAL * unit:
            continue
        window = (slice(y, y + h), slice(x, x + w))
        mine = (labels[y // COARSE : (y + h) // COARSE, x // COARSE : (x + w) // COARSE] == label).astype(np.uint8)
        grid = _grid(_part(rules, window, mine), x, y, unit)
        if grid:
            grids.append(grid)
    return tuple(sorted(_outermost(grids), key=lambda grid: (grid.y0, grid.x0)))


def _part(rules: Rules, window: tuple[slice, slice], mine: Mask) -> Rules:
    """The rules and strokes in a window where `mine`, a smaller mask of the window, is set; all ink."""
    import cv2

    ink = rules.ink[window]
    mask: Mask = cv2.resize(mine, ink.shape[::-1], interpolation=cv2.INTER_NEAREST)
    level, upright = rules.level[window] & mask, rules.upright[window] & mask
    return Rules(rules.horizontal[window] & mask, rules.vertical[window] & mask, level, upright, ink)


def _outermost(grids: Sequence[Grid]) -> list[Grid]:
    """Without grids that lie inside a cell of another."""

    def inside(a: Grid, b: Grid) -> bool:
        return a is not b and a.x0 >= b.x0 and a.x1 <= b.x1 and a.y0 >= b.y0 and a.y1 <= b.y1

    return [grid for grid in grids if not any(inside(grid, other) for other in grids)]


def _grid(rules: Rules, left: int, top: int, unit: float) -> Grid | None:
    """The grid of one connected set of rules, whose window begins at (left, top)."""
    ys, x_ends = _lines(rules.horizontal, unit, level=True)
    xs, y_ends = _lines(rules.vertical, unit, level=False)
    if len(xs) < 1 or len(ys) < 1 or len(xs) + len(ys) < 4:
        return None
    xs = _closed(xs, x_ends, unit)
    ys = _closed(ys, y_ends, unit)
    rows, columns = len(ys) - 1, len(xs) - 1
    if rows < 1 or columns < 2 or rows * columns > MOST_CELLS or not _holds_text(xs, ys, unit):
        return None
    spans = _merged(_Edges(rules, xs, ys, unit), rows, columns)
    if len(spans) < 2:
        return None
    inset = max(1, round(0.4 * unit))
    cells = [
        GridCell(
            r,
            c,
            r1 - r + 1,
            c1 - c + 1,
            left + xs[c] + inset,
            top + ys[r] + inset,
            left + xs[c1 + 1] - inset + 1,
            top + ys[r1 + 1] - inset + 1,
        )
        for r, c, r1, c1 in spans
    ]
    return Grid(tuple(cells), rows, columns, left + xs[0], top + ys[0], left + xs[-1], top + ys[-1])


def _holds_text(xs: Sequence[int], ys: Sequence[int], unit: float) -> bool:
    """Whether most rows are high and most columns wide enough for letters; those of pictures and hatchings are not."""
    heights = [b - a for a, b in pairwise(ys)]
    widths = [b - a for a, b in pairwise(xs)]
    return median(heights) >= LOWEST_ROW * unit and median(widths) >= NARROWEST_COLUMN * unit


def _lines(mask: Mask, unit: float, *, level: bool) -> tuple[list[int], tuple[int, int]]:
    """Positions of the lines that the rules of a mask lie on, and from where to where most of them reach."""
    import cv2
    import numpy as np

    pieces = []
    for x, y, w, h in map(cv2.boundingRect, outlines(mask)):
        pieces.append((y + h / 2, x, w) if level else (x + w / 2, y, h))
    groups: list[list[tuple[float, int, int]]] = []
    for piece in sorted(pieces):
        if groups and piece[0] - groups[-1][-1][0] <= SAME_LINE * unit:
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if not groups:
        return [], (0, 0)
    positions = [
        round(sum(p * length for p, _, length in group) / sum(length for *_, length in group)) for group in groups
    ]
    starts = [min(start for _, start, _ in group) for group in groups]
    ends = [max(start + length for _, start, length in group) for group in groups]
    return positions, (round(float(np.median(starts))), round(float(np.median(ends))))


def _closed(positions: list[int], ends: tuple[int, int], unit: float) -> list[int]:
    """The positions, closed at the ends of the rules that cross them, without the second lines of double rules."""
    if ends[0] < positions[0] - OVERHANG * unit:
        positions = [ends[0], *positions]
    if ends[1] > positions[-1] + OVERHANG * unit:
        positions = [*positions, ends[1]]
    kept = positions[:1]
    for position in positions[1:]:
        if position - kept[-1] >= THINNEST_CELL * unit:
            kept.append(position)
    return kept


class _Edges:
    """Which edges of a grid's cells are ruled."""

    def __init__(self, rules: Rules, xs: Sequence[int], ys: Sequence[int], unit: float) -> None:
        self.rules, self.xs, self.ys = rules, xs, ys
        self.unit = unit
        self.reach = round(SAME_LINE * unit)
        self.inset = round(1.5 * unit)
        self.low = LOW_ROW * unit

    def below(self, row: int, column: int) -> bool:
        """Whether a rule runs below the cell; a rule that is mostly lost counts."""
        y, x0, x1 = self.ys[row + 1], self.xs[column] + self.inset, self.xs[column + 1] - self.inset
        band = self.rules.level[max(0, y - self.reach) : y + self.reach + 1, x0:x1]
        if band.size == 0 or float(band.any(axis=0).mean()) >= COVERED_LEVEL:
            return True
        return float(crumbs(self.rules.ink, y, x0, x1, self.unit).mean()) >= COVERED_LEVEL

    def right(self, row: int, column: int) -> bool:
        """Whether a rule runs to the right of the cell; upright strokes may be letters of a low row."""
        x, y0, y1 = self.xs[column + 1], self.ys[row] + self.inset, self.ys[row + 1] - self.inset
        low = y1 - y0 < self.low
        strokes, least = (self.rules.vertical, COVERED_LOW) if low else (self.rules.upright, COVERED_UPRIGHT)
        band = strokes[y0:y1, max(0, x - self.reach) : x + self.reach + 1]
        return band.size == 0 or float(band.any(axis=1).mean()) >= least


def _merged(edges: _Edges, rows: int, columns: int) -> list[tuple[int, int, int, int]]:
    """Rectangles (first row, first column, last row, last column) of cells that no rule parts, in reading order."""
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(cell: tuple[int, int]) -> tuple[int, int]:
        while owner[cell] != cell:
            cell = owner[cell] = owner[owner[cell]]
        return cell

    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not edges.right(r, c):
                owner[root((r, c + 1))] = root((r, c))
            if r + 1 < rows and not edges.below(r, c):
                owner[root((r + 1, c))] = root((r, c))
    while True:
        boxes: dict[tuple[int, int], tuple[int, int, int, int]] = {}
        for r, c in owner:
            key = root((r, c))
            a, b, d, e = boxes.get(key, (r, c, r, c))
            boxes[key] = (min(a, r), min(b, c), max(d, r), max(e, c))
        joined = False
        for key, (a, b, d, e) in boxes.items():
            for r in range(a, d + 1):
                for c in range(b, e + 1):
                    if root((r, c)) != root(key):
                        owner[root((r, c))] = root(key)
                        joined = True
        if not joined:
            return sorted(boxes.values())
