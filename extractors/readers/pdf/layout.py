"""A page's text, lines and table parts out of its words and grids, every character with its place in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from extractors.models import Block, Box, Cell, Line, Mapped, Page, Span, TablePart, TableRow
from extractors.readers.markup import BULLET, PAGE_NUMBER
from extractors.readers.pdf.grids import Grid
from extractors.readers.pdf.parts import PageParts, Word
from extractors.readers.pdf.text_lines import TextLine, in_reading_order, printed_lines
from extractors.readers.pdf.text_rows import with_text_rows

# A hyphen at the end of a line that is fast to the word before it.
LINE_HYPHEN = regex.compile(r"[\p{L}\p{N}]-$")
# Points that count as one blank of indentation.
BLANK = 5.0
# Fewer words than this make no table.
MIN_OPEN_WORDS = 12


@dataclass(frozen=True, slots=True)
class Arranged:
    """The words of a page by the grid that holds them, and the printed lines of those in none."""

    grids: tuple[Grid, ...]
    inside: tuple[list[Word], ...]
    lines: tuple[TextLine, ...]


def arranged(words: Sequence[Word], grids: Sequence[Grid]) -> Arranged:
    """A word belongs to the innermost grid that holds its middle, else to a line."""
    inside, outside = shared_out(words, [grid.box for grid in grids])
    return Arranged(tuple(grids), tuple(inside), tuple(printed_lines(outside)))


def lay_out(parts: PageParts, page: Arranged, number: int, char_start: int, origin: str) -> Page:
    """The page in reading order; `char_start` is where it begins in the text of its source."""
    grids, inside = page.grids, page.inside
    lines = in_reading_order(page.lines)
    left = min((line.box.x0 for line in lines), default=0.0)
    text = _PageText(number, char_start)
    tables = [(with_text_rows(grid, words), words) for grid, words in zip(grids, inside, strict=True)]
    pending = sorted(tables, key=lambda pair: pair[0].ys[0], reverse=True)
    for line in lines:
        while pending and pending[-1][0].ys[0] <= (line.box.top + line.box.bottom) / 2:
            text.table(*pending.pop())
        text.line(line, left)
    while pending:
        text.table(*pending.pop())
    confidences = [word.confidence for word in parts.words if word.confidence is not None]
    return Page(
        number,
        text.done(),
        char_start,
        tuple(text.blocks),
        origin,
        parts.width,
        parts.height,
        parts.rotation,
        sum(confidences) / len(confidences) if confidences else None,
    )


def shared_out(words: Sequence[Word], places: Sequence[Box]) -> tuple[list[list[Word]], list[Word]]:
    """(the words in each box, the words in none); of boxes one in the other the inner one has them."""
    inside: list[list[Word]] = [[] for _ in places]
    outside: list[Word] = []
    boxes = sorted(((box, i) for i, box in enumerate(places)), key=lambda pair: _area(pair[0]))
    for word in words:
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        for box, i in boxes:
            if box.x0 <= x < box.x1 and box.top <= y < box.bottom:
                inside[i].append(word)
                break
        else:
            outside.append(word)
    return inside, outside


def wide_texts(page: Arranged) -> list[list[TextLine]]:
    """Where a table without rules may stand: what lies outside all grids, and in cells over several columns."""
    texts = [list(page.lines)]
    for grid, held in zip(page.grids, page.inside, strict=True):
        boxes = [grid.cell_box(cell) for cell in grid.cells if cell.column_end - cell.column > 1]
        texts += [printed_lines(words) for words in shared_out(held, boxes)[0] if len(words) > MIN_OPEN_WORDS]
    return texts


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)


class _PageText:
    """The text of a page while it grows, and the blocks that point into it."""

    def __init__(self, number: int, char_start: int) -> None:
        self.number = number
        self.start = char_start
        self.length = 0
        self.pieces: list[str] = []
        self.blocks: list[Block] = []

    def done(self) -> str:
        return "".join(self.pieces)

    def _put(self, piece: str) -> int:
        """Add to the text; the offset at which the piece begins."""
        offset = self.start + self.length
        self.pieces.append(piece)
        self.length += len(piece)
        return offset

    def line(self, line: TextLine, left: float) -> None:
        """One printed line; a bullet before it stays in its span only."""
        printed = " ".join(word.text for word in line.words)
        offset = self._put(printed)
        self._put("\n")
        bullet = None if PAGE_NUMBER.fullmatch(printed) else BULLET.match(printed)
        skip = bullet.end() if bullet else 0
        content = Mapped(printed[skip:], ((0, offset + skip),))
        indent = max(0, round((line.box.x0 - left) / BLANK))
        span = Span(offset, offset + len(printed))
        self.blocks.append(Line(content, span, self.number, 0, bullet is not None, indent, line.box))

    def table(self, grid: Grid, words: Sequence[Word]) -> None:
        """A row a line, its cells parted by TABs; a cell over several rows or columns stands in its first."""
        owner = {
            (row, column): i
            for i, cell in enumerate(grid.cells)
            for row in range(cell.row, cell.row_end)
            for column in range(cell.column, cell.column_end)
        }
        held: list[list[Word]] = [[] for _ in grid.cells]
        for word in words:
            place = grid.place((word.x0 + word.x1) / 2, (word.top + word.bottom) / 2)
            if place:
                held[owner[place]].append(word)
        starts = {(cell.row, cell.column): i for i, cell in enumerate(grid.cells)}
        rows = []
        for row in range(len(grid.ys) - 1):
            here = [starts.get((row, column)) for column in range(len(grid.xs) - 1)]
            if any(i is not None and held[i] for i in here):
                rows.append(self._row(grid, row, here, held))
        if rows:
            self.blocks.append(TablePart(tuple(rows), self.number))

    def _row(self, grid: Grid, row: int, here: Sequence[int | None], held: Sequence[list[Word]]) -> TableRow:
        cells = []
        start = self.start + self.length
        for column, i in enumerate(here):
            if column:
                self._put("\t")
            if i is None:
                box = Box(grid.xs[column], grid.ys[row], grid.xs[column + 1], grid.ys[row + 1])
                cells.append(Cell("", None, self.number, box))
                continue
            text, confidence = cell_text(held[i])
            offset = self._put(text)
            span = Span(offset, offset + len(text)) if text else None
            cells.append(Cell(text, span, self.number, grid.cell_box(grid.cells[i]), confidence))
        end = self.start + self.length
        self._put("\n")
        return TableRow(tuple(cells), Span(start, end), self.number)


def cell_text(words: Sequence[Word]) -> tuple[str, float | None]:
    """The words of a cell as one text, its lines joined; the lowest confidence among them."""
    text = ""
    for line in printed_lines(words):
        printed = " ".join(word.text for word in line.words)
        text += printed if not text or LINE_HYPHEN.search(text) else f" {printed}"
    return text, min((word.confidence for word in words if word.confidence is not None), default=None)
