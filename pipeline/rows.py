"""The linked corpus to the rows of every table: plain dicts under the schema's field names, sorted by key.

A field takes the value of the attribute of the same name, unless the table's function gives another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from extractors.lookups import regions
from extractors.models import Indicator, Span
from pipeline import schema
from pipeline.agencies import agency_id, agency_rows
from pipeline.declare import Table
from pipeline.finding_rows import finding_row
from pipeline.link import Corpus, LinkedSource, Part, Work

Row = dict[str, Any]

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def rows(corpus: Corpus, pipeline_version: str) -> dict[str, list[Row]]:
    """Rows of every declared table, also of those that have none.

    Text without a character is null. Lone surrogates, which no file can hold, stand as U+FFFD.
    """
    made: dict[str, list[Row]] = {table.name: [] for table in schema.TABLES}
    made["sources"] = [_source(source, pipeline_version) for source in corpus.sources]
    made["source_pages"] = list(_pages(corpus))
    made["regions"] = [_row(schema.REGIONS, region) for region in regions()]
    made["provision_versions"] = [_row(schema.PROVISION_VERSIONS, version) for version in corpus.versions]
    made["indicator_validity"] = [_row(schema.INDICATOR_VALIDITY, days) for days in corpus.validity]
    made["findings"] = list(_findings(corpus))
    made["agencies"] = agency_rows(corpus)
    for work in corpus.works:
        made["documents"].append(_document(work))
        for part in work.parts:
            _add_part(made, work, part)
        references = [(part, reference) for part in work.parts for reference in part.document.references]
        for ordinal, (part, reference) in enumerate(references, start=1):
            more = {"ordinal": ordinal, **_at(work, part), **_span(reference.span)}
            made["references"].append(_row(schema.REFERENCES, reference, **more))
    return {table.name: tidy(table, made[table.name]) for table in schema.TABLES}


def _row(table: Table, thing: object, **more: object) -> Row:
    names = [field.name for field in table.fields]
    return {name: more[name] if name in more else getattr(thing, name) for name in names}


def _at(work: Work, part: Part) -> Row:
    return {"document_id": work.document_id, "source_sha256": part.source_sha256}


def _span(span: Span | None) -> Row:
    return {"char_start": span and span.start, "char_end": span and span.end}


def _source(source: LinkedSource, pipeline_version: str) -> Row:
    file, parsed = source.file, source.parsed
    pages = parsed.source.pages if parsed.source else None
    return _row(
        schema.SOURCES,
        file,
        source_sha256=file.sha256,
        page_count=None if pages is None else len(pages),
        char_count=None if pages is None else sum(len(page.text) for page in pages),
        text_origin=parsed.text_origin,
        role=source.role,
        document_id=source.document_ids[0] if source.document_ids else None,
        document_ids=list(source.document_ids),
        status=parsed.status,
        reason=parsed.reason,
        accounted_ratio=parsed.accounted_ratio,
        pipeline_version=pipeline_version,
        schema_version=schema.SCHEMA_VERSION,
    )


def _pages(corpus: Corpus) -> Iterator[Row]:
    for source in corpus.sources:
        if source.parsed.source is None or source.role == "duplicate":
            continue
        for page in source.parsed.source.pages:
            yield _row(
                schema.SOURCE_PAGES,
                page,
                source_sha256=source.file.sha256,
                page=page.number,
                char_end=page.char_start + len(page.text),
            )


def _document(work: Work) -> Row:
    facts, act, region = work.metadata, work.metadata.act, work.metadata.act.region
    return _row(
        schema.DOCUMENTS,
        facts,
        jenis=act.jenis,
        number=act.number,
        year=act.year,
        region_code=region and region.region_code,
        region_name=region and region.name,
        region_kind=region and region.kind,
        province_code=region and region.province_code,
        province_name=region and region.province_name,
        amends=list(facts.amends),
        revokes=list(facts.revokes),
        text_state="as_enacted",
        source_sha256=work.body_sha256,
    )


def _add_part(made: dict[str, list[Row]], work: Work, part: Part) -> None:
    """The rows of one part for all tables that hold one row a thing read in it."""
    at, document = _at(work, part), part.document
    for provision in document.provisions:
        texts = {"heading": provision.heading.text, "text": provision.text.text}
        made["provisions"].append(_row(schema.PROVISIONS, provision, **at, **texts, **_span(provision.span)))
    made["definitions"] += [_row(schema.DEFINITIONS, definition, **at) for definition in document.definitions]
    made["amendments"] += [_row(schema.AMENDMENTS, instruction, **at) for instruction in document.amendments]
    for table in document.tables:
        made["annex_tables"].append(_row(schema.ANNEX_TABLES, table, **at, headers=list(table.headers)))
        for placed in table.cells:
            cell, box = placed.cell, placed.cell.box
            more = {
                "table_id": table.table_id,
                "row": placed.row,
                "column": placed.column,
                "header": placed.header,
                "inherited": placed.inherited,
                "x0": box and box.x0,
                "top": box and box.top,
                "x1": box and box.x1,
                "bottom": box and box.bottom,
            }
            made["annex_cells"].append(_row(schema.ANNEX_CELLS, cell, **at, **more, **_span(cell.span)))
    for indicator in document.indicators:
        _add_indicator(made, work, indicator)


def _add_indicator(made: dict[str, list[Row]], work: Work, indicator: Indicator) -> None:
    own = {
        "document_id": work.document_id,
        "indicator_id": indicator.id_in(work.document_id),
    }
    made["indicators"].append(_row(schema.INDICATORS, indicator, **own))
    for number, target in enumerate(indicator.targets, start=1):
        made["indicator_targets"].append(_row(schema.INDICATOR_TARGETS, target, **own, target_no=number))
    for role, mentions in (("responsible", indicator.responsible), ("supporting", indicator.supporting)):
        for position, mention in enumerate(mentions, start=1):
            more = {**own, "role": role, "position": position, "agency_id": agency_id(work, mention)}
            made["indicator_agencies"].append(_row(schema.INDICATOR_AGENCIES, mention, **more))


def _findings(corpus: Corpus) -> Iterator[Row]:
    seen: Counter[str] = Counter()
    for source in corpus.sources:
        only = source.document_ids[0] if len(source.document_ids) == 1 else None
        at = {"source_path": source.file.source_path, "source_sha256": source.file.sha256, "document_id": only}
        for finding in source.findings:
            yield finding_row(finding, at, set(), seen)
    for work in corpus.works:
        eids = {provision.eid for part in work.parts for provision in part.document.provisions}
        for part in work.parts:
            for finding in part.document.findings:
                yield finding_row(finding, {"source_path": part.source_path, **_at(work, part)}, eids, seen)


def tidy(table: Table, made: list[Row]) -> list[Row]:
    """The rows with clean text, sorted by the table's key."""
    texts = [field.name for field in table.fields if field.type == "string"]
    lists = [field.name for field in table.fields if field.type == "list<string>"]
    for row in made:
        for name in texts:
            row[name] = _clean(row[name])
        for name in lists:
            row[name] = [_clean(entry) for entry in row[name]]
    return sorted(made, key=lambda row: tuple((row[name] is None, row[name]) for name in table.key))


def _clean(text: str | None) -> str | None:
    return LONE_SURROGATE.sub("\ufffd", str(text)) if text else None
