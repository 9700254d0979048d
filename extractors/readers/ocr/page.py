"""A scanned page to a `Page`: its words as lines and table parts, with boxes and confidence.

A page that cannot be read costs that page and leaves a finding.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from extractors.models import Block, Box, Cell, Line, Mapped, Notes, Page, Span, TablePart, TableRow
from extractors.readers.ocr.image import prepare, rasterise
from extractors.readers.ocr.layout import TableLayout
from extractors.readers.ocr.lines import TextLine
from extractors.readers.ocr.reading import Reading, read_words
from extractors.readers.ocr.tesseract import Tesseract, TesseractMissingError, Word

if TYPE_CHECKING:
    import pypdfium2 as pdfium

# A word below the first is uncertain; one with digits below the second.
UNCERTAIN, UNCERTAIN_DIGITS = 0.6, 0.85
# A line needs a legible word above this, or one that looks like a word, or it is noise.
NOISE = 0.4
WORDLIKE = regex.compile(r"\p{Lu}?\p{Ll}{4,}[.,;:]?")
BARS = regex.compile(r"[|¦]+")
# Points that count as one blank of indentation.
BLANK = 5.0
# A hyphen at the end of a line that is fast to the word before it.
LINE_HYPHEN = regex.compile(r"[\p{L}\p{N}]-$")
DIGIT = regex.compile(r"\d")
LEGIBLE = regex.compile(r"[\p{L}\p{N}]")
DASHES = ("-", "–", "—")


class UnreadablePageError(Exception):
    """The page holds no text that can be read."""


class ScanReader:
    """Reads scanned pages; Tesseract starts with the first of them and stays.

    `language_data` gives the folder of Tesseract's language data or raises TesseractMissingError.
    """

    def __init__(self, language_data: Callable[[], str]) -> None:
        self._language_data = language_data
        self._engine: Tesseract | None = None

    def __call__(self, page: pdfium.PdfPage, number: int, char_start: int, notes: Notes) -> Page | None:
        """The page as Tesseract reads it; None, with a finding that says why, where it cannot be read. Never raises.

        The arguments and the page are those of `read_scanned_page`. Findings: `ocr_missing` (once a document),
        `page_unread`.
        """
        try:
            if self._engine is None:
                import cv2

                cv2.setNumThreads(1)
                self._engine = Tesseract(self._language_data())
            return read_scanned_page(page, number, char_start, notes, self._engine)
        except TesseractMissingError as error:
            if not any(finding.code == "ocr_missing" for finding in notes):
                notes.add("ocr_missing", "error", str(error), page=number)
        except Exception as error:
            notes.add("page_unread", "error", f"{type(error).__name__}: {error}"[:200], page=number)
        return None


def read_scanned_page(page: pdfium.PdfPage, number: int, char_start: int, notes: Notes, engine: Tesseract) -> Page:
    """The page as Tesseract reads it. Raises UnreadablePageError where no line gives words.

    `number` counts from 1, `char_start` is the length of the texts before. `width`, `height` and all boxes are points
    of the upright page, `rotation` the clockwise turn in degrees from the page's user space to the page as read.
    Findings: `low_confidence`, `cell_unread`, `marks_dropped`, `pictures`, `page_turned`, `page_blank`.
    """
    reading = read_words(prepare(rasterise(page)), engine)
    if reading is None:
        raise UnreadablePageError("no line of it gives words")
    scan = reading.scan
    if scan.turn:
        notes.add("page_turned", "info", f"turned clockwise by {scan.turn} degrees", page=number, repair="read upright")
    builder = _Builder(reading, number, char_start, notes)
    for block in reading.layout.blocks:
        if isinstance(block, TableLayout):
            builder.table(block)
        else:
            builder.line(block)
    text = "".join(builder.parts)
    if reading.layout.pictures:
        count = len(reading.layout.pictures)
        notes.add("pictures", "info", f"{count} logos, stamps or other pictures", page=number, repair="left out")
    if not text:
        notes.add("page_blank", "info", "nothing to read on this page", page=number)
    return Page(
        number,
        text,
        char_start,
        tuple(builder.blocks),
        "ocr",
        scan.width,
        scan.height,
        (int(page.get_rotation()) + scan.turn) % 360,
        round(reading.confidence, 3),
    )


@dataclass
class _Builder:
    """The page's text while it grows, and its blocks with their spans."""

    reading: Reading
    number: int
    char_start: int
    notes: Notes
    parts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0

    def line(self, line: TextLine) -> None:
        """Publish a line, unless it is noise."""
        words = self._legible(line)
        if not words:
            return
        content = self._add(" ".join(word.text for word in words))
        self._doubt(words, content.span())
        indent = round(line.area.x0 / self.reading.scan.pixels_per_point / BLANK)
        self.blocks.append(Line(content, content.span(), self.number, indent=indent))
        self._append("\n")

    def table(self, table: TableLayout) -> None:
        """Publish a table row by row, cells parted by TABs; a merged cell stands where it begins, empty elsewhere."""
        by_place = {(cell.row, cell.column): (cell, lines) for cell, lines in table.cells}
        owners = {
            (r, c): (cell.row, cell.column)
            for cell, _ in table.cells
            for r in range(cell.row, cell.row + cell.row_count)
            for c in range(cell.column, cell.column + cell.column_count)
        }
        made = []
        for row in range(table.grid.row_count):
            start = self.length
            cells = []
            for column in range(table.grid.column_count):
                if column:
                    self._append("\t")
                cell, lines = by_place[owners[row, column]]
                box = self.reading.scan.box(cell.x0, cell.y0, cell.x1, cell.y1)
                begins = (cell.row, cell.column) == (row, column)
                cells.append(self._cell(lines if begins else (), row, column, box))
            if any(cell.span for cell in cells):
                span = Span(self.char_start + start, self.char_start + self.length)
                made.append(TableRow(tuple(cells), span, self.number))
                self._append("\n")
            else:
                self._drop_back_to(start)
        if made:
            self.blocks.append(TablePart(tuple(made), self.number))

    def _cell(self, lines: tuple[TextLine, ...], row: int, column: int, box: Box) -> Cell:
        read = [words for line in lines if (words := self._legible(line, in_cell=True))]
        if len(read) < len(lines):
            message = f"{len(lines) - len(read)} lines give no words: row {row + 1}, column {column + 1} of the table"
            self.notes.add("cell_unread", "warning", message, page=self.number)
        if all(word.text in DASHES for words in read for word in words):
            read = read[:1]
        if not read:
            return Cell("", None, self.number, box)
        text = ""
        for words in read:
            line = " ".join(word.text for word in words)
            text += line if not text or LINE_HYPHEN.search(text) else f" {line}"
        span = self._add(text).span()
        every = [word for words in read for word in words]
        self._doubt(every, span)
        confidence = round(min(word.confidence for word in every), 3)
        return Cell(text, span, self.number, box, confidence)

    def _legible(self, line: TextLine, *, in_cell: bool = False) -> list[Word]:
        """The words of a line without stray marks, none of a line that is noise. A lone dash is a cell's text."""
        words = [word for word in self.reading.words[line.area] if not _is_mark(word)]
        dashes = [word for word in words if word.text in DASHES] if in_cell else []
        kept = words if any(_is_printed(word) for word in words) else dashes[:1]
        dropped = [word.text for word in self.reading.words[line.area] if word not in kept]
        if dropped:
            message = f"no text: {' '.join(dropped)[:80]}"
            self.notes.add("marks_dropped", "info", message, page=self.number, repair="left out")
        return kept

    def _doubt(self, words: list[Word], span: Span) -> None:
        """A finding for the words of a line or cell that Tesseract is unsure of."""
        doubtful = [
            word.text
            for word in words
            if word.confidence < (UNCERTAIN_DIGITS if DIGIT.search(word.text) else UNCERTAIN)
        ]
        if doubtful:
            message = f"uncertain: {' '.join(doubtful)[:120]}"
            self.notes.add("low_confidence", "warning", message, span=span, page=self.number)

    def _add(self, text: str) -> Mapped:
        content = Mapped(text, ((0, self.char_start + self.length),))
        self._append(text)
        return content

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _drop_back_to(self, start: int) -> None:
        while self.length > start:
            self.length -= len(self.parts.pop())


def _is_printed(word: Word) -> bool:
    """Whether a word was printed to be read: legible with some confidence, or too much of a word for noise."""
    return bool(LEGIBLE.search(word.text)) and (word.confidence >= NOISE or bool(WORDLIKE.fullmatch(word.text)))


def _is_mark(word: Word) -> bool:
    """Whether a word is what rules and specks leave: bars, or marks that Tesseract is unsure of."""
    return bool(BARS.fullmatch(word.text)) or (word.confidence < UNCERTAIN and not LEGIBLE.search(word.text))
