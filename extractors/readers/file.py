"""Any file: a PDF by its first bytes or its name, everything else as text."""

from __future__ import annotations

from collections.abc import Callable

from extractors.readers.reading import Reading
from extractors.readers.text import read_text

PDF_MARK = b"%PDF-"
MARK_WITHIN = 1024  # a PDF may begin behind a little rubbish
MARKDOWN = ".md"


def is_pdf(data: bytes, name: str) -> bool:
    """Whether the bytes are to be read as a PDF."""
    return name.lower().endswith(".pdf") or PDF_MARK in data[:MARK_WITHIN]


def read_file(data: bytes, name: str, language_data: Callable[[], str]) -> Reading:
    """The pages of the file `name`. Raises UnreadableError with a reason.

    `language_data` tells where Tesseract keeps its languages; it is asked only where a page is a picture.
    """
    if is_pdf(data, name):
        return _read_pdf(data, language_data)
    media_type = "text/markdown" if name.lower().endswith(MARKDOWN) else "text/plain"
    return Reading(read_text(data, media_type))


def _read_pdf(data: bytes, language_data: Callable[[], str]) -> Reading:
    # Imported here: text needs neither PDFium nor OCR.
    from extractors.readers.ocr.layer import text_layer_is_bad
    from extractors.readers.ocr.page import ScanReader
    from extractors.readers.pdf.read import read_pdf

    return read_pdf(data, ocr=ScanReader(language_data), judge=text_layer_is_bad)
