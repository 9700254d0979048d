"""A picture of a page with what was read drawn over it, for people who want to see it."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO

import pypdfium2 as pdfium

from extractors.models import Box, Finding, Line, Page, Span, TablePart

SCALE = 1.5
MAX_PIXELS = 4_000_000
# Outline colours; zones take turns with theirs.
LINE, CELL, EMPTY_CELL, LEFT_OUT = (0, 110, 200), (200, 60, 0), (225, 175, 140), (150, 150, 150)
ZONES = ((60, 160, 60), (150, 60, 170), (200, 140, 0), (0, 150, 150), (190, 40, 90), (90, 90, 200))
BAND = 5.0


def draw_page(
    data: bytes, page: Page, zones: Mapping[str, Span] | None = None, findings: tuple[Finding, ...] = ()
) -> bytes:
    """PNG of a page of the PDF `data` with lines (blue), cells (orange), furniture left out (grey) over it.

    `zones` maps names (`body`, `lampiran_I`) to spans of the source: a coloured bar at the left edge marks the lines
    and rows that lie in each, with its name. Raises pypdfium2.PdfiumError where the page can't be drawn.
    """
    from PIL import ImageDraw

    document = pdfium.PdfDocument(data)
    try:
        drawn = document[page.number - 1]
        width, height = drawn.get_size()
        scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
        turn = ((page.rotation or 0) - drawn.get_rotation()) % 360
        picture = drawn.render(scale=scale, rotation=turn).to_pil().convert("RGB")
        drawn.close()
    finally:
        document.close()
    pen = ImageDraw.Draw(picture)

    def frame(box: Box, colour: tuple[int, int, int], width: int = 1) -> None:
        pen.rectangle([value * scale for value in box], outline=colour, width=width)

    names = list(zones or {})
    seen: set[str] = set()
    for block in page.blocks:
        for span, box in _boxes(block):
            name = next((n for n in names if zones and zones[n].start <= span.start < zones[n].end), None)
            if name is not None:
                colour = ZONES[names.index(name) % len(ZONES)]
                pen.rectangle([0, box.top * scale, BAND * scale, box.bottom * scale], fill=colour)
                if name not in seen:
                    pen.text((2 * BAND * scale, box.top * scale), name, fill=colour)
                    seen.add(name)
        if isinstance(block, Line):
            if block.box:
                frame(block.box, LINE)
            continue
        for row in block.rows:
            for cell in row.cells:
                if cell.box:
                    frame(cell.box, CELL if cell.text else EMPTY_CELL, 2 if cell.text else 1)
    for k, finding in enumerate(f for f in findings if f.page == page.number and f.span is None):
        note = f"{finding.code}: {finding.message}"[:120]
        pen.text((4 * BAND * scale, (1 + 2 * k) * BAND * scale), note, fill=LEFT_OUT)
    target = BytesIO()
    picture.save(target, "PNG", optimize=False)
    return target.getvalue()


def _boxes(block: Line | TablePart) -> list[tuple[Span, Box]]:
    """The spans of a block's lines or rows and the boxes that they stand in."""
    if isinstance(block, Line):
        return [(block.span, block.box)] if block.box else []
    found = []
    for row in block.rows:
        boxes = [cell.box for cell in row.cells if cell.box]
        if boxes:
            top, bottom = min(box.top for box in boxes), max(box.bottom for box in boxes)
            found.append((row.span, Box(min(box.x0 for box in boxes), top, max(box.x1 for box in boxes), bottom)))
    return found
