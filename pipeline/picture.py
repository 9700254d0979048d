"""A picture of a PDF page with the lines, cells and zones that were read on it."""

from __future__ import annotations

from extractors.models import Finding, Span
from extractors.readers.file import is_pdf
from pipeline.document import Parsed, parse
from pipeline.supervisor import IsolationError, isolated


class NoPictureError(Exception):
    """There is nothing to draw; the text says why."""


def picture(data: bytes, name: str, number: int) -> bytes:
    """PNG of page `number` of the PDF `name`. Raises NoPictureError."""
    if not is_pdf(data, name):
        raise NoPictureError(f"{name} is no PDF: only pages of a PDF can be drawn")
    try:
        drawn = isolated(lambda: _draw(data, name, number))
    except IsolationError as error:
        raise NoPictureError(f"{name}: {error.reason.description} ({error})") from error
    if isinstance(drawn, str):
        raise NoPictureError(drawn)
    return drawn


def _draw(data: bytes, name: str, number: int) -> bytes | str:
    from extractors.readers.pdf.draw import draw_page

    parsed = parse(data, name)
    pages = parsed.source.pages if parsed.source else ()
    page = next((page for page in pages if page.number == number), None)
    if page is None:
        return f"{name} has no page {number}: it has {len(pages)}"
    return draw_page(data, page, _zones(parsed), _findings(parsed))


def _zones(parsed: Parsed) -> dict[str, Span]:
    """Zones of the acts from their first to their last character; annexes run to the next zone."""
    spans: dict[str, Span] = {}
    for document in parsed.documents:
        for provision in document.provisions:
            name = provision.eid.split("__")[0] if provision.zone == "annex" else provision.zone
            known = spans.get(name, provision.span)
            spans[name] = Span(min(known.start, provision.span.start), max(known.end, provision.span.end))
        for table in document.tables:
            ends = [cell.cell.span.end for cell in table.cells if cell.cell.span]
            if ends and table.annex in spans:
                spans[table.annex] = Span(spans[table.annex].start, max(spans[table.annex].end, *ends))
    return spans


def _findings(parsed: Parsed) -> tuple[Finding, ...]:
    return (*parsed.findings, *(finding for document in parsed.documents for finding in document.findings))
