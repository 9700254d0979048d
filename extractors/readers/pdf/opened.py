"""Bytes to an open PDF: damage repaired where it can be, pages counted twice.

PDFium reads, qpdf checks: readers that meet damage tend to lose pages without a word, so two independent
counts must agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extractors.models import Notes
from extractors.readers.reading import UnreadableError

HEAD = 4096
MAX_PAGES = 5_000


@dataclass(frozen=True, slots=True)
class Opened:
    """An open document; `reason` is `page_count_differs` where the two counts do not agree, else None."""

    document: pdfium.PdfDocument
    page_count: int
    reason: str | None


def open_pdf(data: bytes, notes: Notes) -> Opened:
    """The document in `data`, which the caller closes. Raises UnreadableError.

    A file that opens only once qpdf has repaired it, or with fewer pages than qpdf finds, is a finding.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError("empty")
    if b"%PDF-" not in data[:HEAD]:
        raise UnreadableError("not_pdf")
    document, encrypted = _open(data)
    if encrypted:
        raise UnreadableError("encrypted")
    count = len(document) if document else 0
    if count > MAX_PAGES:
        if document:
            document.close()
        raise UnreadableError("too_large")
    expected, repaired = _by_qpdf(data, count)
    if repaired is not None:
        document, count = _the_fuller(document, count, repaired, notes)
    if document is None:
        raise UnreadableError("damaged" if expected is None else "no_pages")
    if count == 0:
        document.close()
        raise UnreadableError("no_pages")
    if expected == count:
        return Opened(document, count, None)
    counted = "qpdf can't read the file" if expected is None else f"qpdf counts {expected} pages"
    notes.add("page_count_differs", "warning", f"PDFium reads {count} pages, {counted}")
    return Opened(document, count, "page_count_differs")


def _open(data: bytes) -> tuple[pdfium.PdfDocument | None, bool]:
    """(the document or None, whether a password is asked for)."""
    try:
        return pdfium.PdfDocument(data), False
    except pdfium.PdfiumError as error:
        return None, error.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)


def _by_qpdf(data: bytes, count: int) -> tuple[int | None, bytes | None]:
    """(qpdf's page count, the file as qpdf rewrites it where the counts differ), None where it fails."""
    import pikepdf

    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            expected = len(pdf.pages)
            if expected == count or expected > MAX_PAGES:
                return expected, None
            target = BytesIO()
            pdf.save(target)
            return expected, target.getvalue()
    except Exception:  # qpdf's bindings raise many kinds; each means that qpdf can't read the file
        return None, None


def _the_fuller(
    document: pdfium.PdfDocument | None, count: int, repaired: bytes, notes: Notes
) -> tuple[pdfium.PdfDocument | None, int]:
    """The repaired document if it has more pages than the one read before."""
    better, _ = _open(repaired)
    pages = len(better) if better else 0
    if better is None or pages <= count:
        if better:
            better.close()
        return document, count
    if document:
        document.close()
    message = f"damaged: {count} pages before, {pages} after"
    notes.add("pdf_repaired", "warning", message, repair="read as rewritten by qpdf")
    return better, pages
