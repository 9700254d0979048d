"""Small scans made for tests: text and tables drawn with fpdf2, rasterised, damaged and put back into a PDF."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

DPI = 200


def drawn(draw: Callable[[Any], None], landscape: bool = False) -> Any:
    """The page that `draw` makes on an fpdf2 page, as grey pixels."""
    import pypdfium2 as pdfium
    from fpdf import FPDF

    pdf = FPDF(orientation="L" if landscape else "P", unit="pt", format="A5")
    pdf.set_auto_page_break(False)
    pdf.add_page()
    pdf.set_font("Times", size=11)
    draw(pdf)
    grey = pdfium.PdfDocument(bytes(pdf.output()))[0].render(scale=DPI / 72, grayscale=True).to_numpy()
    return grey.reshape(grey.shape[:2]).copy()


def lines(*texts: str, top: float = 60, left: float = 50) -> Callable[[Any], None]:
    """Draws lines of text one below the other."""

    def draw(pdf: Any) -> None:
        for i, text in enumerate(texts):
            pdf.text(left, top + 16 * i, text)

    return draw


def table(rows: Sequence[Sequence[str]], widths: Sequence[float], top: float = 60) -> Callable[[Any], None]:
    """Draws a ruled table of one-line cells."""

    def draw(pdf: Any) -> None:
        pdf.set_xy(40, top)
        for row in rows:
            pdf.set_x(40)
            for text, width in zip(row, widths, strict=True):
                pdf.cell(width, 18, text, border=1)
            pdf.ln(18)

    return draw


def scanned(*pages: Any, dpi: float = DPI) -> Any:
    """A pypdfium2 document whose pages are nothing but the pictures given."""
    import pypdfium2 as pdfium
    from PIL import Image

    document = pdfium.PdfDocument.new()
    for grey in pages:
        data = io.BytesIO()
        Image.fromarray(grey).save(data, "JPEG", quality=92)
        data.seek(0)
        picture = pdfium.PdfImage.new(document)
        picture.load_jpeg(data, inline=True)
        width, height = grey.shape[1] * 72 / dpi, grey.shape[0] * 72 / dpi
        picture.set_matrix(pdfium.PdfMatrix().scale(width, height))
        page = document.new_page(width, height)
        page.insert_obj(picture)
        page.gen_content()
    return document


def noisy(grey: Any, strength: float = 12.0) -> Any:
    """With grain, unevenly lit, on greyish paper."""
    rng = np.random.default_rng(1)
    light = np.linspace(0.8, 0.95, grey.shape[1])[None]
    return np.clip(grey * light + rng.normal(0, strength, grey.shape), 0, 255).astype(np.uint8)


def sloping(grey: Any, degrees: float) -> Any:
    """Turned clockwise by a few degrees on white."""
    import cv2

    rows, columns = grey.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), -degrees, 1)
    return cv2.warpAffine(grey, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=255)
