"""Rows of the acts -> the tables that are made from them all: catalogue, matches, comparison, and what they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.models import Span
from pipeline import schema
from pipeline.compare import Compared, Review, compare
from pipeline.finding_rows import finding_row
from pipeline.rows import Row, tidy


def derive(made: dict[str, list[Row]], reviews: Sequence[Review] = ()) -> dict[str, list[Row]]:
    """All tables, with those that are made from the others."""
    compared = compare(made, reviews)
    tables = {
        schema.INDICATOR_CATALOG: compared.catalog,
        schema.INDICATOR_MATCHES: compared.matches,
        schema.COMPARISON: compared.comparison,
        schema.FINDINGS: [*made["findings"], *_findings(made, compared)],
    }
    return made | {table.name: tidy(table, rows) for table, rows in tables.items()}


def _findings(made: dict[str, list[Row]], compared: Compared) -> list[Row]:
    """What was noted on indicator rows, each at the row's cell in its file."""
    indicators = {row["indicator_id"]: row for row in made["indicators"]}
    sources = {(row["document_id"], row["table_id"]): row["source_sha256"] for row in made["annex_tables"]}
    paths = {row["source_sha256"]: row["source_path"] for row in reversed(made["sources"]) if row["source_sha256"]}
    eids = {(row["document_id"], row["eid"]) for row in made["provisions"] if row["kind"] == "lampiran"}
    noted = {indicators[name]["document_id"] for name in compared.notes}
    cells = {
        (row["document_id"], row["table_id"], row["row"], row["text"]): row
        for row in made["annex_cells"]
        if row["document_id"] in noted
    }
    seen: Counter[str] = Counter()
    rows = []
    for name, notes in sorted(compared.notes.items()):
        row = indicators[name]
        sha256 = sources[row["document_id"], row["table_id"]]
        at = {"source_sha256": sha256, "source_path": paths[sha256], "document_id": row["document_id"]}
        cell = cells.get((row["document_id"], row["table_id"], row["row"], row["indicator_printed"]))
        span = Span(cell["char_start"], cell["char_end"]) if cell and cell["char_start"] is not None else None
        own = [eid for document_id, eid in [(row["document_id"], row["annex"])] if (document_id, eid) in eids]
        for finding in notes:
            placed = replace(finding, eid=row["annex"], page=row["page"], span=span)
            rows.append(finding_row(placed, at, own, seen))
    return rows
