"""Ruled tables: drawn rules joined into runs, runs that meet into networks, a network into cells.

Two places of a network belong to one cell where no rule parts them, so merged cells come out as they are drawn.
A table that its page breaks off is closed at the ends of its vertical rules, one without outer rules
at the ends of its horizontal ones.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extractors.models import Box
from extractors.readers.pdf.parts import SAME, Drawn, Fill, Rule

# A drawing with more runs than this is a map or a plan.
MAX_RUNS = 1_500
# Rules whose ends come this near to one another touch; dashes this far apart are one line.
TOUCH, DASH = 3.0, 3.5
# Rules that stand out further than this over the outermost crossing rule are open there.
OPEN = 7.0
# Share of a network's area that must lie in rectangular cells for it to be a table rather than a drawing.
TIDY_SHARE = 0.7
MAX_PLACES = 40_000
# Shaded areas: at least so many make a table, no more are looked at; colours from WHITE on are no shade.
MIN_SHADED, MAX_SHADED, WHITE = 4, 400, 250


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell: the rows and columns of the grid that it spans (ends exclusive)."""

    row: int
    column: int
    row_end: int
    column_end: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's grid. `cells` in reading order; `closed` tells which outer edges were not drawn but inferred.

    `tidy` is the share of the area in cells that came out rectangular.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    closed: tuple[str, ...] = ()
    tidy: float = 1.0

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[0], self.xs[-1], self.ys[-1])

    def cell_box(self, cell: GridCell) -> Box:
        return Box(self.xs[cell.column], self.ys[cell.row], self.xs[cell.column_end], self.ys[cell.row_end])

    def place(self, x: float, y: float) -> tuple[int, int] | None:
        """(row, column) of the grid that holds a point, None outside."""
        row, column = bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1
        if 0 <= row < len(self.ys) - 1 and 0 <= column < len(self.xs) - 1:
            return row, column
        return None


@dataclass(frozen=True, slots=True)
class Grids:
    """The tables among the rules of a page, from top to bottom, and the boxes of drawings that are none."""

    tables: tuple[Grid, ...] = ()
    drawings: tuple[Box, ...] = ()


def find_grids(drawn: Drawn) -> Grids:
    """The ruled tables of a page: at least two columns and two cells; frames around text are none.

    Where cells are told by shading alone, the edges of the shaded areas are the rules.
    """
    ruled = _among(drawn.horizontal, drawn.vertical)
    areas = _shaded(drawn.fills, [grid.box for grid in ruled.tables])
    if len(areas) < MIN_SHADED:
        return ruled
    shaded = _among(
        [Rule(at, box.x0, box.x1) for box in areas for at in (box.top, box.bottom)],
        [Rule(at, box.top, box.bottom) for box in areas for at in (box.x0, box.x1)],
    )
    tables = [grid for grid in shaded.tables if len(grid.ys) > 2]
    return Grids(tuple(sorted([*ruled.tables, *tables], key=lambda grid: grid.ys[0])), ruled.drawings)


def _shaded(fills: Sequence[Fill], apart_from: Sequence[Box]) -> list[Box]:
    """The shaded areas outside the boxes `apart_from`, those inside another left out."""
    boxes = [
        fill.box
        for fill in fills[:MAX_SHADED]
        if min(fill.red, fill.green, fill.blue) < WHITE and not any(_meet(fill.box, box) for box in apart_from)
    ]
    return [box for box in boxes if not any(other != box and _holds(other, box) for other in boxes)]


def _meet(a: Box, b: Box) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1 and a.top < b.bottom and b.top < a.bottom


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x0 - SAME <= inner.x0
        and inner.x1 <= outer.x1 + SAME
        and outer.top - SAME <= inner.top
        and inner.bottom <= outer.bottom + SAME
    )


def _among(across: Iterable[Rule], down: Iterable[Rule]) -> Grids:
    horizontal, vertical = joined(across), joined(down)
    if len(horizontal) < 1 or len(vertical) < 2 or max(len(horizontal), len(vertical)) > MAX_RUNS:
        return Grids()
    tables: list[Grid] = []
    drawings: list[Box] = []
    for rows, columns in _networks(horizontal, vertical):
        grid = _grid(rows, columns)
        if grid is None or len(grid.xs) < 3 or len(grid.cells) < 2:
            continue
        if grid.tidy >= TIDY_SHARE:
            tables.append(grid)
        else:
            drawings.append(grid.box)
    tables.sort(key=lambda grid: (grid.ys[0], grid.xs[0]))
    return Grids(tuple(tables), tuple(drawings))


def joined(rules: Iterable[Rule]) -> list[Rule]:
    """Rules on one line that touch or overlap, made one; double rules too."""
    runs: list[Rule] = []
    for line in _lines(rules):
        line.sort(key=lambda rule: rule.start)
        at = sum(rule.at for rule in line) / len(line)
        start, end = line[0].start, line[0].end
        for rule in line[1:]:
            if rule.start > end + DASH:
                runs.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            end = max(end, rule.end)
        runs.append(Rule(at, start, end))
    return [run for run in runs if run.end - run.start > 2 * TOUCH]


def _lines(rules: Iterable[Rule]) -> list[list[Rule]]:
    """Rules by the line that they lie on."""
    lines: list[list[Rule]] = []
    first = last = float("-inf")
    for rule in sorted(rules):
        if rule.at - last > SAME or rule.at - first > 2 * SAME:
            lines.append([])
            first = rule.at
        lines[-1].append(rule)
        last = rule.at
    return lines


def _networks(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules by the network they belong to: rules that cross or touch are in one."""
    owner = list(range(len(horizontal) + len(vertical)))

    def root(i: int) -> int:
        while owner[i] != i:
            owner[i] = owner[owner[i]]
            i = owner[i]
        return i

    by_height = sorted(range(len(horizontal)), key=lambda i: horizontal[i].at)
    heights = [horizontal[i].at for i in by_height]
    for k, rule in enumerate(vertical):
        first = bisect_right(heights, rule.start - TOUCH)
        for i in by_height[first : bisect_right(heights, rule.end + TOUCH)]:
            if horizontal[i].start - TOUCH <= rule.at <= horizontal[i].end + TOUCH:
                owner[root(len(horizontal) + k)] = root(i)
    found: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(horizontal):
        found.setdefault(root(i), ([], []))[0].append(rule)
    for k, rule in enumerate(vertical):
        found.setdefault(root(len(horizontal) + k), ([], []))[1].append(rule)
    return [network for network in found.values() if network[0] and len(network[1]) > 1]


def _grid(horizontal: list[Rule], vertical: list[Rule]) -> Grid | None:
    closed: list[str] = []
    rows = _closed(horizontal, vertical, ("top", "bottom"), closed)
    columns = _closed(vertical, horizontal, ("left", "right"), closed)
    xs, ys = _edges(columns), _edges(rows)
    if len(xs) < 2 or len(ys) < 2 or len(xs) * len(ys) > MAX_PLACES:
        return None
    across = _ruled(rows, ys, xs)
    down = _ruled(columns, xs, ys)
    cells, tidy = _cells(xs, ys, across, down)
    return Grid(tuple(xs), tuple(ys), tuple(cells), tuple(closed), tidy)


def _closed(rules: list[Rule], crossing: list[Rule], sides: tuple[str, str], closed: list[str]) -> list[Rule]:
    """`rules` with an edge put where at least two crossing rules end beyond the outermost of them."""
    result = list(rules)
    low, high = min(rule.at for rule in rules), max(rule.at for rule in rules)
    for side, ends in (
        (sides[0], [rule.start for rule in crossing if rule.start < low - OPEN]),
        (sides[1], [rule.end for rule in crossing if rule.end > high + OPEN]),
    ):
        if len(ends) < 2:
            continue
        at = min(ends) if side == sides[0] else max(ends)
        reach = [rule for rule in crossing if rule.start - TOUCH <= at <= rule.end + TOUCH]
        if len(reach) > 1:
            result.append(Rule(at, min(rule.at for rule in reach), max(rule.at for rule in reach)))
            closed.append(side)
    return result


def _edges(rules: Sequence[Rule]) -> list[float]:
    return [sum(rule.at for rule in line) / len(line) for line in _lines(rules)]


def _ruled(rules: Sequence[Rule], edges: Sequence[float], crossing: Sequence[float]) -> list[list[bool]]:
    """For each edge and each interval between crossing edges whether a rule lies there."""
    middles = [(a + b) / 2 for a, b in pairwise(crossing)]
    ruled = [[False] * len(middles) for _ in edges]
    for rule in rules:
        i = bisect_right(edges, rule.at)
        if i == len(edges) or (i and rule.at - edges[i - 1] < edges[i] - rule.at):
            i -= 1
        for k in range(bisect_right(middles, rule.start - TOUCH), bisect_right(middles, rule.end + TOUCH)):
            ruled[i][k] = True
    return ruled


def _cells(
    xs: Sequence[float], ys: Sequence[float], across: list[list[bool]], down: list[list[bool]]
) -> tuple[list[GridCell], float]:
    """The cells in reading order and the share of the area that lies in rectangular ones.

    A region that is no rectangle is cut into rectangles, row by row.
    """
    rows, columns = len(ys) - 1, len(xs) - 1
    seen = [[False] * columns for _ in range(rows)]
    cells: list[GridCell] = []
    tidy = 0.0
    for row in range(rows):
        for column in range(columns):
            if seen[row][column]:
                continue
            region = _region(row, column, across, down, seen)
            row_end = max(r for r, _ in region) + 1
            left, right = min(c for _, c in region), max(c for _, c in region) + 1
            if len(region) == (row_end - row) * (right - left):
                cells.append(GridCell(row, left, row_end, right))
                tidy += (ys[row_end] - ys[row]) * (xs[right] - xs[left])
            else:
                cells += _pieces(region)
    cells.sort(key=lambda cell: (cell.row, cell.column))
    area = (ys[-1] - ys[0]) * (xs[-1] - xs[0])
    return cells, tidy / area if area else 0.0


def _region(
    row: int, column: int, across: list[list[bool]], down: list[list[bool]], seen: list[list[bool]]
) -> list[tuple[int, int]]:
    """The places that no rule parts from (row, column)."""
    region = []
    stack = [(row, column)]
    seen[row][column] = True
    while stack:
        r, c = stack.pop()
        region.append((r, c))
        for nr, nc, wall in (
            (r - 1, c, across[r][c]),
            (r + 1, c, across[r + 1][c]),
            (r, c - 1, down[c][r]),
            (r, c + 1, down[c + 1][r]),
        ):
            if not wall and 0 <= nr < len(seen) and 0 <= nc < len(seen[0]) and not seen[nr][nc]:
                seen[nr][nc] = True
                stack.append((nr, nc))
    return region


def _pieces(region: Sequence[tuple[int, int]]) -> list[GridCell]:
    """Stretches of each row of a region, those of equal width one below the other made one."""
    open_cells: dict[tuple[int, int], GridCell] = {}
    done: list[GridCell] = []
    for row in sorted({r for r, _ in region}):
        stretches: list[list[int]] = []
        for column in sorted(c for r, c in region if r == row):
            if stretches and column == stretches[-1][1]:
                stretches[-1][1] += 1
            else:
                stretches.append([column, column + 1])
        going_on = {}
        for left, right in stretches:
            above = open_cells.pop((left, right), None)
            first = above.row if above else row
            going_on[left, right] = GridCell(first, left, row + 1, right)
        done += open_cells.values()
        open_cells = going_on
    return [*done, *open_cells.values()]
