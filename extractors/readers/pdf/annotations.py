"""Notes, stamps and form fields: text that lies on a page without being part of its content."""

from __future__ import annotations

import ctypes
from typing import Any

import pypdfium2.raw as pdfium_c

MAX_ANNOTATIONS = 500
WITH_TEXT = (pdfium_c.FPDF_ANNOT_FREETEXT, pdfium_c.FPDF_ANNOT_STAMP, pdfium_c.FPDF_ANNOT_WIDGET)


def flatten(page: Any) -> tuple[bool, tuple[str, ...]]:
    """Make what annotations show part of the page's content.

    Returns (whether the page must be loaded anew to see it, texts of notes that have no look of their own).
    """
    count = min(pdfium_c.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)
    shown = False
    texts: list[str] = []
    for i in range(count):
        annotation = pdfium_c.FPDFPage_GetAnnot(page.raw, i)
        if not annotation:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        if kind in WITH_TEXT:
            if pdfium_c.FPDFAnnot_HasKey(annotation, b"AP"):
                shown = True
            elif kind == pdfium_c.FPDF_ANNOT_FREETEXT:
                texts.append(_contents(annotation))
        pdfium_c.FPDFPage_CloseAnnot(annotation)
    done = shown and pdfium_c.FPDFPage_Flatten(page.raw, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS
    return done, tuple(text for text in texts if text)


def _contents(annotation: Any) -> str:
    length = pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium_c.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0].strip()
