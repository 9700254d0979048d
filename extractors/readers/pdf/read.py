"""PDF files: bytes to pages of lines and table parts. The way of one page:

words and rules (`glyphs`, `painted`) -> hidden text off -> usable text layer? (`usable`, else OCR)
      -> ruled and open tables (`grids`, `open_tables`) -> text, lines and cells in reading order (`layout`)

and of the whole document: opened and counted (`opened`), page by page, furniture off (`margins`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from extractors.models import Notes, Page, Source
from extractors.readers.pdf.frame import Frame
from extractors.readers.pdf.glyphs import invisible_share, part_hidden, read_glyphs
from extractors.readers.pdf.grids import find_grids
from extractors.readers.pdf.layout import lay_out
from extractors.readers.pdf.margins import without_margins
from extractors.readers.pdf.opened import open_pdf
from extractors.readers.pdf.painted import read_painted
from extractors.readers.pdf.parts import Hidden, PageParts
from extractors.readers.pdf.text_lines import printed_lines
from extractors.readers.pdf.usable import WHOLE, needs_ocr

MEDIA_TYPE = "application/pdf"
# (open pypdfium2 page, page number, offset of the page in the source's text, notes) -> the page, None if it can't be read.
Ocr = Callable[[Any, int, int, Notes], Page | None]


@dataclass(frozen=True, slots=True)
class PdfReading:
    """A PDF as read. `reason` says why it is only partly read (`page_count_differs`, `page_failed`), None if it is whole."""

    source: Source
    reason: str | None


def read_pdf(data: bytes, ocr: Ocr | None = None) -> PdfReading:
    """The pages of a PDF. Raises UnreadablePdf with its reason where there are none.

    `ocr` reads pages without a usable text layer. A page that fails is empty and a finding.
    """
    notes = Notes("read")
    opened = open_pdf(data, notes)
    reason = opened.reason
    pages: list[Page] = []
    try:
        char_start = 0
        for index in range(opened.page_count):
            page, failed = _page(opened.document, index, char_start, ocr, notes)
            pages.append(page)
            char_start += len(page.text)
            reason = reason or ("page_failed" if failed else None)
    finally:
        opened.document.close()
    return PdfReading(Source(without_margins(pages, notes), MEDIA_TYPE, tuple(notes)), reason)


def _page(document: Any, index: int, char_start: int, ocr: Ocr | None, notes: Notes) -> tuple[Page, bool]:
    """(the page, whether it could not be read)."""
    number = index + 1
    try:
        page = document[index]
    except Exception as error:
        return _failed(number, char_start, error, notes), True
    try:
        return _read(page, number, char_start, ocr, notes)
    except Exception as error:
        return _failed(number, char_start, error, notes), True
    finally:
        page.close()


def _failed(number: int, char_start: int, error: Exception, notes: Notes) -> Page:
    notes.add("page_failed", "error", f"page {number} could not be read: {type(error).__name__}", page=number)
    return Page(number, "", char_start, (), "born_digital")


def _read(page: Any, number: int, char_start: int, ocr: Ocr | None, notes: Notes) -> tuple[Page, bool]:
    parts = take_apart(page)
    why = needs_ocr(parts)
    if why:
        read = ocr(page, number, char_start, notes) if ocr else None
        if read is not None:
            return read, False
        notes.add("page_needs_ocr", "error", f"page {number}: {why}", page=number)
    _note_hidden(parts.hidden, number, notes)
    if not parts.drawn.complete:
        notes.add("drawing_cut", "warning", "more drawing than is looked at; rules may be missing", page=number)
    grids = find_grids(parts.drawn)
    laid = lay_out(parts, grids.tables, number, char_start, "ocr_layer" if parts.ocr_layer else "born_digital")
    return laid, why is not None


def take_apart(page: Any) -> PageParts:
    """Words, rules and hidden text of an open pypdfium2 page, upright."""
    box = _visible(page)
    glyphs = read_glyphs(page, box, page.get_rotation())
    frame = Frame(*box, glyphs.rotation)
    drawn = read_painted(page, frame)
    ocr_layer = drawn.image_share >= WHOLE and invisible_share(glyphs) > 0.5
    words, hidden = part_hidden(glyphs, drawn.fills, frame.width, frame.height, ocr_layer)
    return PageParts(frame.width, frame.height, glyphs.rotation, words, drawn, hidden, glyphs.unmapped, ocr_layer)


def _visible(page: Any) -> tuple[float, float, float, float]:
    """The crop box within the media box; the media box where they do not meet."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(media[0], crop[0]), max(media[1], crop[1])
    right, top = min(media[2], crop[2]), min(media[3], crop[3])
    if right - left < 1 or top - bottom < 1:
        left, bottom, right, top = media
    return left, bottom, right, top


def _note_hidden(hidden: Iterable[Hidden], number: int, notes: Notes) -> None:
    """A finding for each line of text that is not seen; it is no part of the page's text."""
    for how, items in groupby(hidden, key=lambda item: item.how):
        for line in printed_lines([item.word for item in items]):
            text = " ".join(word.text for word in line.words)
            notes.add("hidden_text", "warning", f"{how}: {text[:300]}", page=number, repair="kept out of the text")
