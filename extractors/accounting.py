"""Nothing is lost: which characters of a source stand in a provision, a table cell or a finding."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from extractors.models import Document, Finding, Notes, Page, Span

NON_BLANK = regex.compile(r"\S+")


def account(pages: Iterable[Page], documents: Iterable[Document], findings: Iterable[Finding], notes: Notes) -> float:
    """Share of the non-blank characters that are accounted for; what is not becomes a finding of its own.

    1.0 is the promise. Inherited cells do not count, findings count where they say what was done with their span.
    """
    pages = tuple(pages)
    total = sum(len(page.text) for page in pages)
    covered = bytearray(total)
    spans = [finding.span for finding in findings if finding.span and finding.repair]
    for document in documents:
        spans += [provision.span for provision in document.provisions]
        spans += [
            cell.cell.span for table in document.tables for cell in table.cells if cell.cell.span and not cell.inherited
        ]
        spans += [finding.span for finding in document.findings if finding.span and finding.repair]
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    characters = missing = 0
    for page in pages:
        for word in NON_BLANK.finditer(page.text):
            characters += len(word[0])
        missing += _note_gaps(page, covered, notes)
    return 1.0 if not characters else (characters - missing) / characters


def _note_gaps(page: Page, covered: bytearray, notes: Notes) -> int:
    """Findings for the stretches of a page that nothing covers; their non-blank characters are counted."""
    missing = 0
    end = page.char_start + len(page.text)
    position = covered.find(0, page.char_start, end)
    while position != -1:
        stop = covered.find(1, position, end)
        stop = end if stop == -1 else stop
        raw = page.text[position - page.char_start : stop - page.char_start]
        lost = "".join(raw.split())
        if lost:
            missing += len(lost)
            span = Span(position + len(raw) - len(raw.lstrip()), stop - len(raw) + len(raw.rstrip()))
            notes.add("text_left_out", "warning", f"in no row: {lost[:80]}", span=span, page=page.number, repair=None)
        position = covered.find(0, stop, end)
    return missing
