"""Tables without rules, told by words that stand in columns over many lines.

A stretch of lines is a table if at least two strips stay white through all of it, if the columns between them
are filled and aligned line for line, and if one of them counts or holds amounts. Forms (`Nama : …`), lists and
paragraphs fail one of these, and stay lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extractors.readers.pdf.grids import Grid, GridCell
from extractors.readers.pdf.text_lines import TextLine

# A gap this wide, in line heights, parts two cells; a strip must stay this many points wide all the way down.
GAP, STRIP = 0.8, 5.0
MIN_COLUMNS, MIN_FULL_LINES, FULL_SHARE = 3, 4, 0.4
# Share of the full lines in which a column must be filled, and share of its cells that must be aligned.
FILLED, ALIGNED, ALIGN = 0.5, 0.7, 4.0
COUNTING = 0.6
# A blank stretch of this many line heights ends a table.
FAR = 2.2
# Points by which the lines of one cell may differ in their distance.
CLOSE = 1.0
# More lines than this are no page.
MAX_LINES = 400

_NUMBER = regex.compile(r"\(?\d{1,4}[.)]?")
_AMOUNT = regex.compile(r"(?:Rp\.?\s?)?(?<![\d.,])[.,]*+\d[\d.,]*\s?%?(?:,-)?|-")
_PUNCTUATION = regex.compile(r"[\s:;,.…_=/–-]*")

Strip = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """A line cut at its wide gaps: (left, right, text) of each piece."""

    line: TextLine
    pieces: tuple[tuple[float, float, str], ...]


def find_open_tables(lines: Sequence[TextLine]) -> tuple[Grid, ...]:
    """Grids of the tables among the upright lines that no rules hold, `lines` from top to bottom."""
    rows = [_cut(line) for line in lines if line.words[0].turn == 0]
    wide = [i for i, row in enumerate(rows) if len(row.pieces) >= MIN_COLUMNS]
    if len(wide) < MIN_FULL_LINES or len(rows) > MAX_LINES:
        return ()
    grids: list[Grid] = []
    after = 0
    for i in wide:
        if i < after:
            continue
        first, last, strips = _stretch(rows, i, after)
        grid = _table(rows[first:last], strips)
        if grid:
            grids.append(grid)
            after = last
        else:
            after = max(i + 1, after)
    return tuple(grids)


def _cut(line: TextLine) -> _Row:
    pieces: list[tuple[float, float, str]] = []
    gap = GAP * (line.box.bottom - line.box.top)
    for word in line.words:
        if pieces and word.x0 - pieces[-1][1] < gap:
            left, right, text = pieces[-1]
            pieces[-1] = (left, max(right, word.x1), f"{text} {word.text}")
        else:
            pieces.append((word.x0, word.x1, word.text))
    return _Row(line, tuple(pieces))


def _stretch(rows: Sequence[_Row], start: int, lowest: int) -> tuple[int, int, list[Strip]]:
    """The lines around `start` through which at least two strips stay white: (first, end, strips)."""
    strips = _white(rows[start])
    first, last, full = start, start + 1, 1
    while last < len(rows) and not _is_far(rows[last - 1], rows[last]):
        narrowed = _common(strips, rows[last])
        is_full = len(rows[last].pieces) >= MIN_COLUMNS
        # Strips that enough rows have kept white are real: text across one stands below the table.
        across = len(narrowed) < len(strips) and full >= MIN_FULL_LINES and not is_full
        if len(narrowed) < MIN_COLUMNS - 1 or across:
            break
        strips = narrowed
        full += is_full
        last += 1
    while first > lowest and not _is_far(rows[first - 1], rows[first]):
        narrowed = _common(strips, rows[first - 1])
        if len(narrowed) < len(strips):
            break
        strips = narrowed
        first -= 1
    return first, last, strips


def _is_far(above: _Row, below: _Row) -> bool:
    height = min(above.line.box.bottom - above.line.box.top, below.line.box.bottom - below.line.box.top)
    return below.line.box.top - above.line.box.bottom > FAR * height


def _white(row: _Row) -> list[Strip]:
    return [(a[1], b[0]) for a, b in zip(row.pieces, row.pieces[1:], strict=False)]


def _common(strips: Sequence[Strip], row: _Row) -> list[Strip]:
    """What of the strips the words of a further line leave white; a cell may end close to its neighbour."""
    left: list[Strip] = []
    for start, end in strips:
        position = start
        for word in row.line.words:
            x0, x1 = word.x0, word.x1
            if x1 <= position or x0 >= end:
                continue
            if x0 - position >= STRIP:
                left.append((position, x0))
            position = max(position, x1)
        if end - position >= STRIP:
            left.append((position, end))
    return left


def _table(rows: Sequence[_Row], strips: Sequence[Strip]) -> Grid | None:
    edges = [(start + end) / 2 for start, end in strips]
    cells = [_by_column(row, edges) for row in rows]
    first, last = 0, len(rows)
    while first < last and _filled(cells[first]) < 2:
        first += 1
    while last > first and _filled(cells[last - 1]) < 2 and not _goes_on(rows, cells, last - 1):
        last -= 1
    rows, cells = rows[first:last], cells[first:last]
    if not _is_table(cells):
        return None
    starts = _row_starts(cells)
    boxes = [row.line.box for row in rows]
    left, right = min(box.x0 for box in boxes) - 1, max(box.x1 for box in boxes) + 1
    ys = [boxes[0].top - 0.5]
    ys += [(boxes[i - 1].bottom + boxes[i].top) / 2 for i in starts[1:]]
    ys.append(boxes[-1].bottom + 0.5)
    xs = [left, *edges, right]
    grid_cells = [GridCell(r, c, r + 1, c + 1) for r in range(len(ys) - 1) for c in range(len(xs) - 1)]
    return Grid(tuple(xs), tuple(ys), tuple(grid_cells), ("open",))


Cells = list[tuple[float, float, str] | None]


def _by_column(row: _Row, edges: Sequence[float]) -> Cells:
    """The words of a line in each column, joined."""
    cells: Cells = [None] * (len(edges) + 1)
    for word in row.line.words:
        left, right, text = word.x0, word.x1, word.text
        column = sum((left + right) / 2 > edge for edge in edges)
        before = cells[column]
        cells[column] = (before[0], right, f"{before[2]} {text}") if before else (left, right, text)
    return cells


def _filled(cells: Cells) -> int:
    return sum(cell is not None for cell in cells)


def _goes_on(rows: Sequence[_Row], cells: Sequence[Cells], at: int) -> bool:
    """Whether a line of one piece is more of the cell above it: close below it, flush left, not in the first column."""
    gaps = [low.line.box.top - high.line.box.bottom for high, low in pairwise(rows[: at + 1])]
    column = next((c for c, cell in enumerate(cells[at]) if cell), 0)
    piece, above = cells[at][column], cells[at - 1][column] if at else None
    if piece is None or above is None or column == 0:
        return False
    return gaps[-1] <= min(gaps) + CLOSE and abs(piece[0] - above[0]) <= ALIGN


def _is_table(rows: Sequence[Cells]) -> bool:
    full = [row for row in rows if _filled(row) >= MIN_COLUMNS]
    if len(full) < MIN_FULL_LINES or len(full) < FULL_SHARE * len(rows):
        return False
    content = counting = 0
    for column in range(len(rows[0])):
        cells = [cell for row in full if (cell := row[column])]
        if len(cells) < FILLED * len(full):
            continue
        texts = [text for _, _, text in cells]
        if 2 * sum(text.lstrip().startswith(":") for text in texts) > len(texts):
            return False
        if all(_PUNCTUATION.fullmatch(text) for text in texts):
            continue
        if not _is_aligned([cell for row in rows if (cell := row[column])]):
            return False
        content += 1
        form = _NUMBER if column == 0 else _AMOUNT
        counting += sum(bool(form.fullmatch(text)) for text in texts) >= COUNTING * len(texts)
    return content >= MIN_COLUMNS and counting > 0


def _is_aligned(cells: Sequence[tuple[float, float, str]]) -> bool:
    """Whether most cells of a column share their left edge, their right edge or their middle."""
    for values in (
        [left for left, _, _ in cells],
        [right for _, right, _ in cells],
        [(left + right) / 2 for left, right, _ in cells],
    ):
        middle = sorted(values)[len(values) // 2]
        if sum(abs(value - middle) <= ALIGN for value in values) >= ALIGNED * len(values):
            return True
    return False


def _row_starts(rows: Sequence[Cells]) -> list[int]:
    """Where rows begin: at the numbers of a counting first column, else at lines that fill most columns."""
    first = [row[0] for row in rows]
    numbered = [i for i, cell in enumerate(first) if cell and _NUMBER.fullmatch(cell[2])]
    if len(numbered) >= COUNTING * sum(cell is not None for cell in first):
        return [0, *[i for i in numbered if i > 0]]
    most = max(_filled(row) for row in rows)
    return [0, *[i for i, row in enumerate(rows) if i and 2 * _filled(row) > most]]
