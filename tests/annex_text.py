"""Annex zones built from short texts: TAB lines are rows, a blank line ends a part, all else are lines."""

from __future__ import annotations

from extractors.models import AnnexZone, Block, Cell, Line, Mapped, Span, TablePart, TableRow


def annex_of(text: str, page_breaks: bool = False) -> AnnexZone:
    """The zone; with `page_breaks`, a blank line also begins the next page."""
    blocks: list[Block] = []
    rows: list[TableRow] = []
    position, page = 0, 1

    def end_part() -> None:
        if rows:
            blocks.append(TablePart(tuple(rows), rows[0].page))
            rows.clear()

    for raw in text.split("\n"):
        if "\t" in raw:
            cells = []
            start = position
            for piece in raw.split("\t"):
                stripped = piece.strip()
                begin = start + len(piece) - len(piece.lstrip())
                cells.append(Cell(stripped, Span(begin, begin + len(stripped)) if stripped else None, page))
                start += len(piece) + 1
            rows.append(TableRow(tuple(cells), Span(position, position + len(raw)), page))
        else:
            end_part()
            if raw.strip():
                heading = 1 if raw.startswith("#") else 0
                content = Mapped(raw.lstrip("# "), ((0, position + len(raw) - len(raw.lstrip("# "))),))
                blocks.append(Line(content, Span(position, position + len(raw)), page, heading))
            else:
                page += page_breaks
        position += len(raw) + 1
    end_part()
    return AnnexZone("lampiran", None, tuple(blocks))
