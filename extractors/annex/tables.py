"""Parts of tables that stand on one page each, stitched into whole tables with their header row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import regex

from extractors.annex.between import LinesBetween, Paragraph, is_rest
from extractors.annex.head_roles import squeezed
from extractors.annex.headers import (
    Column,
    column_at,
    filled,
    is_column_numbers,
    is_header,
    is_indicator_table,
    is_same_header,
    is_second_header,
    looks_like_header,
    read_columns,
)
from extractors.annex.notes import AnnexNotes
from extractors.annex.section_heads import are_capitals
from extractors.annex.wording import join_all
from extractors.lookups import vocabulary
from extractors.models import AnnexZone, Cell, Line, Span, TablePart, TableRow

SECTION = regex.compile(r"\s*([A-Z])\.\s")
# One dash alone says that there is no value; two or more are a drawn line.
RULE = regex.compile(r"[\s:|+]*(?:[-=_–—]{2,}[\s:|+]*)+")
_WORDS = regex.compile(r"\p{L}{2,}")
# More words of running text than that part two tables.
MAX_WORDS_BETWEEN = 12
# Rows below a possible header that are looked at for contrast.
CONTRAST_ROWS = 20
# A part whose rows hold this many cells more than the open table has columns belongs to another table.
MAX_MORE_CELLS = 1


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as printed, the `index`-th of its table; `opens_part` tells that a page or part break stands before it."""

    index: int
    cells: tuple[Cell, ...]
    span: Span
    page: int
    part: int
    opens_part: bool


@dataclass(frozen=True, slots=True)
class Stitched:
    """One table over all its parts, header and column-number rows taken out. `columns` is () without a header."""

    section: str | None
    columns: tuple[Column, ...]
    rows: tuple[SourceRow, ...]
    page_start: int
    page_end: int
    stitching: str


@dataclass
class _OpenTable:
    section: str | None
    columns: tuple[Column, ...] = ()
    headers: list[str] = field(default_factory=list)
    rows: list[SourceRow] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    parts: set[int] = field(default_factory=set)
    headed_parts: set[int] = field(default_factory=set)

    @property
    def holds_indicators(self) -> bool:
        return is_indicator_table(self.columns)

    @property
    def is_in_capitals(self) -> bool:
        """Whether capitals say nothing of a line, because the last rows have them too."""
        rows = [row.cells for row in self.rows[-CONTRAST_ROWS:]]
        return self.holds_indicators and are_capitals(rows, self.columns)

    def add(self, row: SourceRow) -> None:
        self.rows.append(row)
        self.pages.append(row.page)
        self.parts.add(row.part)

    def close(self) -> Stitched:
        number, headed = len(self.parts), len(self.headed_parts)
        stitching = f"{number} part{'s' if number > 1 else ''}; header on {headed or 'none'}"
        return Stitched(self.section, self.columns, tuple(self.rows), min(self.pages), max(self.pages), stitching)


def stitch(annex: AnnexZone, notes: AnnexNotes) -> tuple[Stitched, ...]:
    """The tables of an annex in reading order.

    Parts belong to one table while the header is the same or missing and no heading, section line or
    running text stands between them. Rows that carry no data (headers, column numbers, rules) become findings.
    """
    stitcher = _Stitcher(annex, notes)
    for block in annex.blocks:
        if isinstance(block, Line):
            stitcher.line(block)
        else:
            stitcher.part(block)
    stitcher.end_table()
    return tuple(stitcher.tables)


class _Stitcher:
    """The one pass over the blocks; `table` is the table that is still open, `between` what stands behind its rows."""

    def __init__(self, annex: AnnexZone, notes: AnnexNotes) -> None:
        self.notes = notes
        self.tables: list[Stitched] = []
        self.table: _OpenTable | None = None
        self.between = LinesBetween()
        self.section: str | None = None
        self.words_between = 0
        self.part_number = 0
        self.opens_part = True
        lines = (_furniture_key(block.text) for block in annex.blocks if isinstance(block, Line))
        self.repeated = frozenset(key for key, count in Counter(lines).items() if count > 1)

    def end_table(self) -> None:
        """Close the table; of the lines behind it only the rest of a cell that ends open belongs to it."""
        if self.table:
            for paragraph in self.between.taken():
                if not self._join_rest(paragraph, table_ends=True):
                    break
            self.tables.append(self.table.close())
        self.table = None
        self.between = LinesBetween()

    def line(self, line: Line) -> None:
        """A line between parts: a section or heading ends the table, so does running text of some length."""
        section = SECTION.match(line.text)
        words = _WORDS.findall(line.text)
        if _furniture_key(line.text) in self.repeated and not section and not line.heading:
            return
        indicators = self.table is not None and self.table.holds_indicators
        if (indicators or self.table is None) and self.between.take_head(line, indicators):
            return
        if section:
            self.section = section[1]
        self.words_between += len(words)
        heading = line.heading or _is_heading(line.text, words, self.table is not None and self.table.is_in_capitals)
        if section or heading or self.words_between > MAX_WORDS_BETWEEN:
            self.end_table()
        elif words:
            self.between.take_text(line)

    def _take_lines(self) -> None:
        """The lines between the rows of a table that goes on: heads are rows, rests go back into their cell."""
        after_head = False
        for paragraph in self.between.taken():
            if self.table is None or not self.table.holds_indicators:
                continue
            if paragraph.is_head:
                self._add_head(self.table, paragraph)
                after_head = True
            elif after_head or not self._join_rest(paragraph, table_ends=False):
                message = f"a line between rows, not understood: {paragraph.text[:200]}"
                self.notes.add(paragraph, "line_in_table", "warning", message, "it stands in the text of the annex")

    def _add_head(self, table: _OpenTable, paragraph: Paragraph) -> None:
        """A head on a line of its own as a row of the table, in the column of the groups."""
        blank = Cell("", None, paragraph.page)
        at = column_at(table.columns, "group") or 0
        cells = [blank] * len(table.columns)
        cells[at] = Cell(paragraph.text, paragraph.span, paragraph.page)
        index = len(table.rows)
        table.add(SourceRow(index, tuple(cells), paragraph.span, paragraph.page, self.part_number, self.opens_part))
        message = f"a head on a line of its own, which is also text of the annex: {paragraph.text[:200]}"
        self.notes.add(paragraph, "line_row", "info", message, "a row of the table")

    def _join_rest(self, paragraph: Paragraph, *, table_ends: bool) -> bool:
        """Put a line that goes on with the last cell above back into that cell; whether it did."""
        table = self.table
        if table is None or not table.holds_indicators or not table.rows:
            return False
        row = table.rows[-1]
        last = max(filled(row.cells), default=None)
        if last is None or not is_rest(paragraph.text, row.cells[last].text, table_ends):
            return False
        joined = replace(row.cells[last], text=join_all([row.cells[last].text, paragraph.text]))
        table.rows[-1] = replace(row, cells=(*row.cells[:last], joined, *row.cells[last + 1 :]))
        message = "the rest of a cell on a line of its own, which is also text of the annex"
        self.notes.add(paragraph, "line_continuation", "info", message, "joined to the cell above")
        return True

    def part(self, part: TablePart) -> None:
        self.part_number += 1
        self.words_between = 0
        self.opens_part = True
        rows = part.rows
        i = 0
        if self.table and self.table.columns and _is_wider(rows, len(self.table.columns)):
            self.end_table()
        while i < len(rows):
            i += self._header(rows, i) or self._row(rows[i])

    def _header(self, rows: Sequence[TableRow], i: int) -> int:
        """How many rows from `i` on are header rows; they are taken out."""
        row = rows[i]
        cells = row.cells
        table = self.table
        if table and any(is_same_header(cells, header) for header in table.headers):
            self._take_lines()
            self._leave_out(row, "header_repeated", "the header row again")
            table.headed_parts.add(self.part_number)
            table.parts.add(self.part_number)
            return 1
        below = rows[i + 1 : i + 1 + CONTRAST_ROWS]
        if not is_header(cells) and (table or not looks_like_header(cells, [r.cells for r in below])):
            return 0
        lead = self.between.taken_heads()
        self.end_table()
        second = rows[i + 1] if i + 1 < len(rows) and is_second_header(cells, rows[i + 1].cells) else None
        columns = read_columns(cells, second.cells if second else ())
        headers = ["".join(squeezed(cell.text) for cell in r.cells) for r in (row, second) if r]
        self.table = _OpenTable(self.section, columns, headers, [], [row.page], {self.part_number}, {self.part_number})
        heads = " | ".join(column.head or "" for column in columns)
        self._leave_out(row, "header_row", f"header row: {heads[:300]}")
        if second:
            self._leave_out(second, "header_row", "second row of the header")
        self.between.paragraphs = lead
        return 2 if second else 1

    def _row(self, row: TableRow) -> int:
        if _is_rule(row.cells):
            self._leave_out(row, "rule_row", "a row without words or numbers")
            return 1
        after_header = self.table is not None and not self.table.rows
        if (self.opens_part or after_header) and is_column_numbers(row.cells) and self._fits(len(filled(row.cells))):
            self._leave_out(row, "column_number_row", "a row that counts the columns")
            return 1
        if self.table is None:
            self.table = _OpenTable(self.section)
        self._take_lines()
        table = self.table
        table.add(SourceRow(len(table.rows), row.cells, row.span, row.page, self.part_number, self.opens_part))
        self.between.see(row.cells)
        self.opens_part = False
        return 1

    def _fits(self, count: int) -> bool:
        """Whether so many column numbers are plausible: all columns of the table, or three without a header."""
        if self.table and self.table.columns:
            return count >= max(2, len(self.table.columns) - 1)
        return count >= 3

    def _leave_out(self, row: TableRow, code: str, message: str) -> None:
        self.notes.add(row, code, "info", message, "not a row of the table")


def _is_rule(cells: Sequence[Cell]) -> bool:
    return all(RULE.fullmatch(cells[i].text) for i in filled(cells))


def _furniture_key(text: str) -> str:
    return "".join(_WORDS.findall(text[:200])).casefold()


def _is_heading(text: str, words: Sequence[str], in_capitals: bool) -> bool:
    if not words:
        return False
    captions: list[str] = vocabulary("annex_headers")["captions"]
    return (words[0][0].isupper() and words[0].upper() in captions) or (
        len(words) > 1 and text.isupper() and not in_capitals
    )


def _is_wider(rows: Sequence[TableRow], width: int) -> bool:
    """Whether most rows of a part hold more text cells than the table can take."""
    wider = sum(len(filled(row.cells)) > width + MAX_MORE_CELLS for row in rows)
    return 2 * wider > len(rows)
