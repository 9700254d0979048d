"""Rows inside one ruled row: tables that rule their columns and leave the rows to the eye.

A ruled row is split where its first column counts up line by line, or where all columns hold lines at the same heights
and one of them holds nothing but amounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import regex

from extractors.readers.pdf.grids import Grid, GridCell
from extractors.readers.pdf.parts import Word
from extractors.readers.pdf.text_lines import TextLine, printed_lines

MIN_COUNTED, MIN_ALIGNED, MIN_COLUMNS = 2, 3, 3
# Points by which lines at one height may differ.
LEVEL = 3.5
NUMBER = regex.compile(r"\(?(\d{1,4})[.)]?")
AMOUNT = regex.compile(r"(?:Rp\.?)?[\d.,]*\d[\d.,]*%?(?:,-)?|-")


def with_text_rows(grid: Grid, words: Sequence[Word]) -> Grid:
    """The grid with further row edges where the text of a ruled row stands in rows."""
    whole = [row for row in range(len(grid.ys) - 1) if _is_simple(grid, row)]
    if not whole:
        return grid
    held: dict[int, list[list[Word]]] = {row: [[] for _ in grid.xs[1:]] for row in whole}
    for word in words:
        place = grid.place((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)
        if place and place[0] in held:
            held[place[0]][place[1]].append(word)
    cuts = {row: cut for row in whole if (cut := _cuts(held[row]))}
    return _split(grid, cuts) if cuts else grid


def _is_simple(grid: Grid, row: int) -> bool:
    """Whether no cell of the row spans rows or columns."""
    return sum(cell.row == row and cell.row_end == row + 1 for cell in grid.cells) == len(grid.xs) - 1


def _cuts(columns: Sequence[list[Word]]) -> list[float]:
    """Heights at which the row is cut, none where it is one row."""
    filled = [words for words in columns if words]
    if len(filled) < MIN_COLUMNS or not any(_may_count(words) for words in filled):
        return []
    lines = [printed_lines(words) for words in filled]
    starts = _counted(lines) or _aligned(lines)
    every = sorted((line for column in lines for line in column), key=lambda line: line.box.top)
    cuts = []
    for start in starts[1:]:
        above = max((line.box.bottom for line in every if _middle(line) < start.box.top), default=start.box.top)
        cuts.append((above + start.box.top) / 2)
    return cuts


def _may_count(words: Sequence[Word]) -> bool:
    return len(words) >= MIN_COUNTED and all(NUMBER.fullmatch(w.text) or AMOUNT.fullmatch(w.text) for w in words)


def _counted(lines: Sequence[list[TextLine]]) -> list[TextLine]:
    """The lines of the first column if they are numbers that count up, each at the height of others' lines."""
    first, others = lines[0], lines[1:]
    numbers = [NUMBER.fullmatch(" ".join(word.text for word in line.words)) for line in first]
    if len(first) < MIN_COUNTED or not all(numbers):
        return []
    values = [int(match[1]) for match in numbers if match]
    if any(b != a + 1 for a, b in pairwise(values)):
        return []
    level = all(2 * sum(_has_level(column, line) for column in others) >= len(others) for line in first)
    return first if level else []


def _aligned(lines: Sequence[list[TextLine]]) -> list[TextLine]:
    """The lines of the first column if all columns have as many at the same heights, one of them only amounts."""
    count = len(lines[0])
    if count < MIN_ALIGNED or any(len(column) != count for column in lines):
        return []
    if not all(_has_level(column, line) for column in lines[1:] for line in lines[0]):
        return []
    amounts = any(all(AMOUNT.fullmatch("".join(w.text for w in line.words)) for line in column) for column in lines[1:])
    return lines[0] if amounts else []


def _has_level(column: Sequence[TextLine], line: TextLine) -> bool:
    return any(abs(_middle(other) - _middle(line)) <= LEVEL for other in column)


def _middle(line: TextLine) -> float:
    return (line.box.top + line.box.bottom) / 2


def _split(grid: Grid, cuts: dict[int, list[float]]) -> Grid:
    ys = [grid.ys[0]]
    first = []
    for row in range(len(grid.ys) - 1):
        first.append(len(ys) - 1)
        ys += [*cuts.get(row, []), grid.ys[row + 1]]
    first.append(len(ys) - 1)
    cells: list[GridCell] = []
    for cell in grid.cells:
        top, bottom = first[cell.row], first[cell.row_end]
        if cell.row in cuts and cell.row_end == cell.row + 1:
            cells += [GridCell(row, cell.column, row + 1, cell.column_end) for row in range(top, bottom)]
        else:
            cells.append(GridCell(top, cell.column, bottom, cell.column_end))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    return replace(grid, ys=tuple(ys), cells=tuple(cells), closed=(*grid.closed, "rows"))
