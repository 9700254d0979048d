"""Rows of the acts -> the tables that are made from them: catalogue, matches, comparison, and what they tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extractors.models import Span
from pipeline import copies, schema
from pipeline.compare import Compared, Review, compare
from pipeline.finding_rows import finding_row
from pipeline.places import Places
from pipeline.rows import Row, tidy


def derive(made: dict[str, list[Row]], reviews: Sequence[Review] = ()) -> dict[str, list[Row]]:
    """All tables of a corpus, with those that are made from the others."""
    return _with_copies(match(made, reviews))


def match(made: dict[str, list[Row]], reviews: Sequence[Review] = ()) -> dict[str, list[Row]]:
    """The tables with catalogue, matches and comparison; figures that regions share are not looked for."""
    compared = compare(made, reviews)
    tables = {
        schema.INDICATOR_CATALOG: compared.catalog,
        schema.INDICATOR_MATCHES: compared.matches,
        schema.COMPARISON: compared.comparison,
        schema.FINDINGS: [*made["findings"], *_findings(made, compared)],
    }
    return made | {table.name: tidy(table, rows) for table, rows in tables.items()}


def _with_copies(made: dict[str, list[Row]]) -> dict[str, list[Row]]:
    groups = list(copies.shared(copies.people(made)))
    copied = {copies.key(row) for group in groups for row in group}
    comparison = [row | {"probably_copied": copies.key(row) in copied} for row in made["comparison"]]
    told = [row for group in groups for row in copies.findings(group)]
    return made | {"comparison": comparison, "findings": tidy(schema.FINDINGS, [*made["findings"], *told])}


def _findings(made: dict[str, list[Row]], compared: Compared) -> list[Row]:
    """What was noted on indicator rows, each at the row's cell in its file."""
    documents = {name.partition("#")[0] for name in compared.notes}
    places = Places(made, documents)
    eids = {(row["document_id"], row["eid"]) for row in made["provisions"] if row["kind"] == "lampiran"}
    seen: Counter[str] = Counter()
    rows = []
    for name, notes in sorted(compared.notes.items()):
        at = places.of(name)
        span = None if at["char_start"] is None else Span(at["char_start"], at["char_end"])
        own = [at["eid"]] if (at["document_id"], at["eid"]) in eids else []
        for finding in notes:
            rows.append(finding_row(replace(finding, eid=at["eid"], page=at["page"], span=span), at, own, seen))
    return rows
