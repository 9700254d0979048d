"""PDF files: bytes to pages of lines and table parts. The way of one page:

words and rules (`glyphs`, `painted`) -> hidden text off -> usable text layer? (`usable`, else OCR)
      -> ruled and open tables (`grids`, `open_tables`) -> text, lines and cells in reading order (`layout`)

and of the whole document: opened and counted (`opened`), page by page, furniture off (`margins`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import pypdfium2.raw as pdfium_c

from extractors.models import Notes, Page, Source
from extractors.readers.pdf.annotations import flatten
from extractors.readers.pdf.frame import Frame
from extractors.readers.pdf.glyphs import invisible_share, part_hidden, read_glyphs
from extractors.readers.pdf.grids import find_grids
from extractors.readers.pdf.layout import Arranged, arranged, lay_out, wide_texts
from extractors.readers.pdf.margins import without_margins
from extractors.readers.pdf.open_tables import find_open_tables
from extractors.readers.pdf.opened import open_pdf
from extractors.readers.pdf.painted import read_painted
from extractors.readers.pdf.parts import Hidden, PageParts
from extractors.readers.pdf.second_opinion import SecondOpinion, disagreement
from extractors.readers.pdf.text_lines import printed_lines
from extractors.readers.pdf.usable import WHOLE, is_plausible, needs_ocr
from extractors.readers.reading import Reading

MEDIA_TYPE = "application/pdf"
# Lines of hidden text that are reported one by one.
MAX_HIDDEN = 20
# Reasons against a text layer that a second reader may refute.
DOUBTFUL = ("unmapped_glyphs", "implausible_words")

# (open pypdfium2 page, its number, its offset in the source's text, notes) -> the page, None if it can't be read.
Ocr = Callable[[Any, int, int, Notes], Page | None]
# The words of a text layer that an OCR program left -> why it is to be read anew, None if it is good.
Judge = Callable[[Sequence[str]], str | None]


def read_pdf(data: bytes, ocr: Ocr | None = None, judge: Judge | None = None) -> Reading:
    """The pages of a PDF. Raises UnreadableError with its reason where there are none.

    Partly read for `page_count_differs`, `page_failed` (a page could not be read) or `page_needs_ocr` (it has no
    usable text layer).

    `ocr` reads pages without a usable text layer, `judge` says which layers under scans are none. A page that fails
    is empty and a finding. Page texts hold furniture, which is left out of the blocks, but no hidden text.
    """
    notes = Notes("read")
    opened = open_pdf(data, notes)
    reader = _Reader(notes, ocr, judge, SecondOpinion(data))
    reason = opened.reason
    pages: list[Page] = []
    try:
        char_start = 0
        for index in range(opened.page_count):
            page, why = reader.page(opened.document, index, char_start)
            pages.append(page)
            char_start += len(page.text)
            reason = reason or why
    finally:
        reader.second.close()
        opened.document.close()
    return Reading(Source(without_margins(pages, notes), MEDIA_TYPE, tuple(notes)), reason)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the pages of one document are read with."""

    notes: Notes
    ocr: Ocr | None
    judge: Judge | None
    second: SecondOpinion

    def page(self, document: Any, index: int, char_start: int) -> tuple[Page, str | None]:
        """(the page, why it could not be read, None if it was)."""
        number = index + 1
        try:
            page = self._with_annotations(document, index)
            try:
                return self._read(page, number, char_start)
            finally:
                page.close()
        except Exception as error:
            message = f"page {number} could not be read: {type(error).__name__}"
            self.notes.add("page_failed", "error", message, page=number)
            return Page(number, "", char_start, (), "born_digital"), "page_failed"

    def _read(self, page: Any, number: int, char_start: int) -> tuple[Page, str | None]:
        parts = take_apart(page)
        why = needs_ocr(parts)
        if why is None and parts.ocr_layer and self.judge:
            why = self.judge([word.text for word in parts.words])
        if why in DOUBTFUL:
            parts, why = self._asked_again(parts, number, why)
        if why:
            read = self.ocr(page, number, char_start, self.notes) if self.ocr else None
            if read is not None:
                return read, None
            self.notes.add("page_needs_ocr", "error", f"page {number}: {why}", page=number)
        _note_hidden(parts.hidden, number, self.notes)
        origin = "ocr_layer" if parts.ocr_layer else "born_digital"
        laid = lay_out(parts, self._arranged(parts, number), number, char_start, origin)
        return laid, "page_needs_ocr" if why else None

    def _with_annotations(self, document: Any, index: int) -> Any:
        """The open page, the text of its annotations made part of it."""
        page = document[index]
        changed, unseen = flatten(page)
        for text in unseen:
            self.notes.add("annotation_text", "warning", f"a note on the page: {text[:300]}", page=index + 1)
        if not changed:
            return page
        page.close()
        self.notes.add("annotations", "info", "notes or form fields on the page are read with it", page=index + 1)
        return document[index]

    def _asked_again(self, parts: PageParts, number: int, why: str) -> tuple[PageParts, str | None]:
        """The page with the words of the second reader, if those make sense."""
        words = self.second.words(number - 1, parts.width, parts.height)
        if not words or 2 * len(words) < len(parts.words) or not is_plausible(words):
            return parts, why
        better = replace(parts, words=words, unmapped=sum(word.text.count("(cid:") for word in words))
        if needs_ocr(better):
            return parts, why
        repair = "words as pdfplumber reads them"
        self.notes.add("second_opinion", "warning", f"PDFium: {why}", page=number, repair=repair)
        return better, None

    def _arranged(self, parts: PageParts, number: int) -> Arranged:
        """The words in the ruled and the open tables of a page; what had to be inferred becomes a finding."""
        if not parts.drawn.complete:
            message = "more drawing than is looked at; rules may be missing"
            self.notes.add("drawing_cut", "warning", message, page=number)
        ruled = find_grids(parts.drawn)
        if ruled.drawings:
            message = "rules that make no table"
            self.notes.add("drawing", "info", message, page=number, repair="the text among them is kept as lines")
        page = arranged(parts.words, ruled.tables)
        found = [grid for lines in wide_texts(page) for grid in find_open_tables(lines)]
        if not found:
            return page
        others = self.second.words(number - 1, parts.width, parts.height)
        for grid in found:
            against = disagreement(grid, parts.words, others) if others else None
            message = f"a table without rules{f'; second reader: {against}' if against else ''}"
            severity = "warning" if against else "info"
            self.notes.add("open_table", severity, message, page=number, repair="columns told by alignment")
        return arranged(parts.words, [*ruled.tables, *found])


def take_apart(page: Any) -> PageParts:
    """Words, rules and hidden text of an open pypdfium2 page, upright."""
    box = _visible(page)
    glyphs = read_glyphs(page, box, page.get_rotation())
    frame = Frame(*box, glyphs.rotation)
    drawn = read_painted(page, frame)
    ocr_layer = drawn.covered or (drawn.image_share >= WHOLE and invisible_share(glyphs) > 0.5)
    words, hidden = part_hidden(glyphs, drawn.fills, frame.width, frame.height, ocr_layer)
    return PageParts(frame.width, frame.height, glyphs.rotation, words, drawn, hidden, glyphs.unmapped, ocr_layer)


def _visible(page: Any) -> tuple[float, float, float, float]:
    """The crop box within the media box in user space, inherited ones too."""
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDF_GetPageBoundingBox(page.raw, rect):
        return tuple(page.get_mediabox())
    return rect.left, rect.bottom, rect.right, rect.top


def _note_hidden(hidden: Iterable[Hidden], number: int, notes: Notes) -> None:
    """A finding for each line of text that is not seen; it is no part of the page's text."""
    for how, items in groupby(hidden, key=lambda item: item.how):
        lines = printed_lines([item.word for item in items])
        texts = [" ".join(word.text for word in line.words) for line in lines[:MAX_HIDDEN]]
        if len(lines) > MAX_HIDDEN:
            texts.append(f"{len(lines) - MAX_HIDDEN} more lines")
        for text in texts:
            notes.add("hidden_text", "warning", f"{how}: {text[:300]}", page=number, repair="kept out of the text")
