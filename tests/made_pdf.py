"""Small PDFs made for the tests: text at places, ruled tables, pages turned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO

import pikepdf
from fpdf import FPDF

from extractors.models import Line, Page, Source, TablePart
from extractors.readers.pdf.read import read_pdf

Draw = Callable[[FPDF], None]


def made(*pages: Draw, size: tuple[float, float] = (595, 842), rotate: int = 0) -> bytes:
    """One page for each function, in points, Helvetica 11; `rotate` is the /Rotate of all pages."""
    pdf = FPDF(unit="pt", format=size)
    pdf.set_auto_page_break(False)
    pdf.c_margin = 0
    for draw in pages:
        pdf.add_page()
        pdf.set_font("Helvetica", size=11)
        draw(pdf)
    data = bytes(pdf.output())
    if not rotate:
        return data
    with pikepdf.open(BytesIO(data)) as turned:
        for page in turned.pages:
            page.Rotate = rotate
        target = BytesIO()
        turned.save(target)
    return target.getvalue()


def texts(*lines: tuple[float, float, str]) -> Draw:
    """(x, baseline, text) each."""

    def draw(pdf: FPDF) -> None:
        for x, y, text in lines:
            pdf.text(x, y, text)

    return draw


def paragraph(*lines: str, x: float = 72, y: float = 100, leading: float = 14) -> Draw:
    return texts(*[(x, y + i * leading, line) for i, line in enumerate(lines)])


def ruled(
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    x: float = 60,
    y: float = 80,
    height: float = 32,
    missing: Sequence[tuple[str, int, int]] = (),
    horizontal: Sequence[int] | None = None,
) -> Draw:
    """A table of lines; a cell's text is cut at `\\n`.

    `missing` leaves out the edge `above` or `left` of a cell (row, column), `horizontal` are the numbers of the
    horizontal rules that are drawn, all by default.
    """
    edges = [x + sum(widths[:i]) for i in range(len(widths) + 1)]

    def draw(pdf: FPDF) -> None:
        for r, row in enumerate([*rows, [""] * len(widths)]):
            top = y + r * height
            for c, text in enumerate(row):
                if (horizontal is None or r in horizontal) and ("above", r, c) not in missing:
                    pdf.line(edges[c], top, edges[c + 1], top)
                if r == len(rows):
                    continue
                if ("left", r, c) not in missing:
                    pdf.line(edges[c], top, edges[c], top + height)
                for k, line in enumerate(text.split("\n")):
                    pdf.text(edges[c] + 3, top + 12 + 12 * k, line)
            if r < len(rows):
                pdf.line(edges[-1], top, edges[-1], top + height)

    return draw


def together(*draws: Draw) -> Draw:
    def draw(pdf: FPDF) -> None:
        for part in draws:
            part(pdf)

    return draw


def source(data: bytes) -> Source:
    return read_pdf(data).source


def lines_of(page: Page) -> list[str]:
    return [block.text for block in page.blocks if isinstance(block, Line)]


def rows_of(page: Page) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells] for block in page.blocks if isinstance(block, TablePart) for row in block.rows
    ]


def codes(found: Source) -> list[str]:
    return [finding.code for finding in found.findings]
