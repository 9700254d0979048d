"""What stands where on a scanned page: its ruled tables, the text lines in their cells, the text lines around them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from extractors.readers.ocr.grid import Grid, GridCell, find_grids
from extractors.readers.ocr.image import Scan, binary
from extractors.readers.ocr.ink import Area, Ink
from extractors.readers.ocr.lines import TextLine, find_lines
from extractors.readers.ocr.rules import erase_rules, find_rules

# Letter height of a page on which no letters were measured, in points.
COMMON_LETTER = 7.5
# A capital is so many units high; the unit stands for the points by which rules and cells are measured.
UNITS_A_LETTER = 7.5
# Letter heights of a line that are enough to tell whether it reads.
TRIAL = 25.0


@dataclass(frozen=True, slots=True)
class TableLayout:
    """A grid and the text lines of each of its cells, in the order of `grid.cells`."""

    grid: Grid
    cells: tuple[tuple[GridCell, tuple[TextLine, ...]], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Tables and lines of an upright page from top to bottom, and the boxes of its logos and stamps."""

    blocks: tuple[TextLine | TableLayout, ...]
    pictures: tuple[Area, ...]

    def lines(self) -> list[TextLine]:
        """All text lines, those of cells among them."""
        found: list[TextLine] = []
        for block in self.blocks:
            found += [block] if isinstance(block, TextLine) else [line for _, lines in block.cells for line in lines]
        return found


def find_layout(scan: Scan) -> Layout:
    """The layout of a prepared scan."""
    letter = scan.letter or COMMON_LETTER * scan.pixels_per_point
    unit = letter / UNITS_A_LETTER
    rules = find_rules(binary(scan.grey), unit)
    grids = find_grids(rules, unit)
    areas = [Area(cell.x0, cell.y0, cell.x1, cell.y1) for grid in grids for cell in grid.cells]
    grey = erase_rules(scan.grey, rules, areas, unit)
    ink = Ink(grey, binary(grey), letter)
    blocks: list[TextLine | TableLayout] = []
    for grid in grids:
        cells = []
        for cell in grid.cells:
            glyphs = ink.within(Area(cell.x0, cell.y0, cell.x1, cell.y1))
            cells.append((cell, tuple(find_lines(ink, glyphs))))
            ink.glyph[glyphs] = False
        blocks.append(TableLayout(grid, tuple(cells)))
    height, width = scan.grey.shape
    blocks += find_lines(ink, ink.within(Area(0, 0, width, height)))
    return Layout(tuple(sorted(blocks, key=_top)), tuple(ink.pictures))


def _top(block: TextLine | TableLayout) -> tuple[float, int]:
    if isinstance(block, TableLayout):
        return block.grid.y0, block.grid.x0
    return (block.area.y0 + block.area.y1) / 2, block.area.x0


def sketch(scan: Scan) -> list[TextLine]:
    """The lines of a scan as if it had no tables, for trial readings."""
    letter = scan.letter or COMMON_LETTER * scan.pixels_per_point
    grey = erase_rules(scan.grey, find_rules(binary(scan.grey), letter / UNITS_A_LETTER), (), letter / UNITS_A_LETTER)
    height, width = grey.shape
    ink = Ink(grey, binary(grey), letter)
    return find_lines(ink, ink.within(Area(0, 0, width, height)))


def widest(lines: Iterable[TextLine], count: int) -> list[TextLine]:
    """The widest of the lines, which tell best how well a page reads."""
    legible = [line for line in lines if line.picture is not None]
    return sorted(legible, key=lambda line: line.area.x0 - line.area.x1)[:count]


def beginning(line: TextLine) -> TextLine:
    """The first words of a line."""
    return replace(line, picture=None if line.picture is None else line.picture[:, : round(TRIAL * line.letter)])


def upside_down(line: TextLine) -> TextLine:
    """The line turned by 180 degrees, for trial readings only."""
    import numpy as np

    picture = None if line.picture is None else np.ascontiguousarray(line.picture[::-1, ::-1])
    return replace(line, picture=picture)
