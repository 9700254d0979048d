"""Any file: a PDF by its first bytes or its name, everything else as text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from extractors.models import Source
from extractors.readers.text import UnreadableTextError, read_text

PDF_MARK = b"%PDF-"
MARK_WITHIN = 1024  # a PDF may begin behind a little rubbish
MARKDOWN = ".md"


class UnreadableError(Exception):
    """No page came out of the file; `reason` says why, in the words of `sources.reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read. `reason` says why it is only partly read, None if it is whole."""

    source: Source
    reason: str | None = None


def is_pdf(data: bytes, name: str) -> bool:
    """Whether the bytes are to be read as a PDF."""
    return name.lower().endswith(".pdf") or PDF_MARK in data[:MARK_WITHIN]


def read_file(data: bytes, name: str, language_data: Callable[[], str]) -> Reading:
    """The pages of the file `name`. Raises UnreadableError with a reason.

    `language_data` tells where Tesseract keeps its languages; it is asked only where a page is a picture.
    """
    if is_pdf(data, name):
        return _read_pdf(data, language_data)
    try:
        media_type = "text/markdown" if name.lower().endswith(MARKDOWN) else "text/plain"
        return Reading(read_text(data, media_type))
    except UnreadableTextError as error:
        raise UnreadableError(error.reason) from error


def _read_pdf(data: bytes, language_data: Callable[[], str]) -> Reading:
    # Imported here: text needs neither PDFium nor OCR.
    from extractors.readers.ocr.layer import text_layer_is_bad
    from extractors.readers.ocr.page import ScanReader
    from extractors.readers.pdf.opened import UnreadablePdfError
    from extractors.readers.pdf.read import read_pdf

    try:
        reading = read_pdf(data, ocr=ScanReader(language_data), judge=text_layer_is_bad)
    except UnreadablePdfError as error:
        raise UnreadableError(error.reason) from error
    return Reading(reading.source, reading.reason)
