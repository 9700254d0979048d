"""One file on the terminal: the tree of the act, its indicator rows, its findings."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from extractors.models import Document, Finding, Target
from pipeline.link import Corpus, Part
from pipeline.rows import Row
from pipeline.summary import documents_table
from pipeline.tally import source_line, tally
from pipeline.terminal import grid, shown

TEXT_WIDTH = 100
TARGET_WIDTH = 30
PLACE_WIDTH = 30
# The registry of regions says nothing about the file.
NOT_OF_THE_FILE = ("regions",)


def show(corpus: Corpus, console: Console) -> None:
    """Print everything that was read in the corpus of one file."""
    for source in corpus.sources:
        if source.parsed.status != "parsed":
            console.print(shown(source_line(source), "red"))
    if corpus.works:
        console.print(documents_table(tally(corpus, ()), console))
    for work in corpus.works:
        for part in work.parts:
            console.print(_tree(work.document_id, part))
            if part.document.tables:
                console.print()
                console.print(_tables(part.document, console))
            if part.document.indicators:
                console.print()
                console.print(_indicators(part.document, console))
    findings = [finding for source in corpus.sources for finding in source.findings]
    findings += [finding for work in corpus.works for part in work.parts for finding in part.document.findings]
    console.print()
    console.print(_findings(findings, console) if findings else shown("No findings."))


def as_json(rows: dict[str, list[Row]]) -> str:
    """The rows of a file, table by table, dates as ISO 8601."""
    own = {name: made for name, made in rows.items() if name not in NOT_OF_THE_FILE}
    return json.dumps(own, ensure_ascii=False, indent=2, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _tree(document_id: str, part: Part) -> Tree:
    root = Tree(shown(document_id, "bold"), highlight=False)
    nodes: dict[str | None, Tree] = {None: root}
    for provision in part.document.provisions:
        label = Text().append(shown(provision.eid.split("__")[-1], "bold cyan"))
        if provision.inferred:
            label.append(" inferred", "yellow")
        for text, style in ((provision.heading.text, "bold"), (provision.text.text, "")):
            if text:
                label.append(" ").append(shown(text, style, TEXT_WIDTH))
        nodes[provision.eid] = nodes.get(provision.parent_eid, root).add(label)
    return root


def _tables(document: Document, console: Console) -> Table:
    header = ("table", "annex", "section", "part", "kind", "rows", "columns", "headers")
    rows = []
    for table in document.tables:
        cells = (table.table_id, table.annex, table.section, table.part, table.kind)
        sizes = (str(table.row_count), str(table.column_count))
        rows.append(tuple(shown(cell) for cell in (*cells, *sizes, " | ".join(table.headers))))
    return grid(console, header, ("rows", "columns"), rows)


def _indicators(document: Document, console: Console) -> Table:
    header = ("annex", "n", "pillar", "group", "supporting", "targets", "indicator: responsible")
    rows = []
    for indicator in document.indicators:
        responsible = "; ".join(agency.name for agency in indicator.responsible)
        cells = (
            f"{indicator.annex} {indicator.section or ''}",
            str(indicator.ordinal),
            "" if indicator.pillar_number is None else str(indicator.pillar_number),
            indicator.group_label,
            str(len(indicator.supporting)),
        )
        targets = shown("; ".join(_target(target) for target in indicator.targets), width=TARGET_WIDTH)
        rows.append((*map(shown, cells), targets, shown(f"{indicator.indicator}: {responsible}")))
    return grid(console, header, ("n", "pillar", "supporting"), rows)


def _target(target: Target) -> str:
    if target.status == "lost":
        return f"lost {target.year or ''}".strip()
    value = "" if target.value is None else f"{target.value:g}"
    upper = "" if target.value_upper is None else f"-{target.value_upper:g}"
    parts = (target.comparator, value + upper, target.unit, target.value_text, target.qualifier, target.period)
    year = f"({target.year})" if target.year else ""
    return " ".join(part for part in (*parts, year) if part)


def _findings(findings: list[Finding], console: Console) -> Table:
    styles = {"error": "red", "warning": "yellow"}
    rows = []
    for finding in findings:
        place = finding.eid or (f"{finding.span.start}-{finding.span.end}" if finding.span else "")
        message = f"{finding.message} ({finding.repair})" if finding.repair else finding.message
        severity = shown(finding.severity, styles.get(finding.severity, ""))
        rows.append((severity, shown(finding.code), shown(place, width=PLACE_WIDTH), shown(message)))
    return grid(console, ("severity", "code", "place", "message (repair)"), (), rows)
