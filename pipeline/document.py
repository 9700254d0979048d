"""The whole way of one document, from bytes to a `Document`. Read this first.

bytes -> pages of lines and tables -> furniture off -> zones -> tree of provisions
      -> metadata, definitions, references, amendments
      -> annex tables -> indicators with targets and agencies -> account of every character
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from extractors.accounting import account
from extractors.acts.annex_heads import annex_metadata, check_annex_heads
from extractors.acts.metadata import read_metadata
from extractors.amendments.read import read_amendments
from extractors.annex.agencies import AgencyReader
from extractors.annex.read import TargetCell, read_annex, target_cells
from extractors.annex.targets import read_targets
from extractors.annex.wording import words_of
from extractors.definitions import read_definitions
from extractors.models import (
    Act,
    AgencyMention,
    AnnexTable,
    AnnexZone,
    Definition,
    Document,
    Finding,
    Indicator,
    Metadata,
    Notes,
    Provision,
    Source,
    TablePart,
    Target,
)
from extractors.readers.file import read_file
from extractors.readers.reading import UnreadableError
from extractors.references.find import find_references
from extractors.structure.furniture import remove_furniture
from extractors.structure.tree import TreeBuilder
from extractors.structure.zones import Section, amends, has_body, is_regulation, lines_of, split_acts, split_zones
from pipeline.reasons import Reason
from pipeline.stages import Stages
from pipeline.tessdata import language_data

T = TypeVar("T")

UNKNOWN = Metadata(Act(None, None, None), None)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file gave. `reason` is None when `status` is `parsed`."""

    source: Source | None
    text_origin: str | None
    role: str
    status: str
    reason: str | None
    documents: tuple[Document, ...]
    findings: tuple[Finding, ...]
    accounted_ratio: float | None


def parse(data: bytes, name: str) -> Parsed:
    """What stands in the file `name`; a file that holds no regulation is `rejected` with a reason."""
    try:
        reading = read_file(data, name, language_data)
    except UnreadableError as error:
        return Parsed(None, None, "other", "rejected", Reason(error.reason), (), (), None)
    source = reading.source
    notes = Notes("furniture")
    blocks = remove_furniture([block for page in source.pages for block in page.blocks], notes)
    sections = split_zones(blocks)
    if not is_regulation(sections):
        why = Reason(reading.reason) if reading.reason else Reason.NOT_A_REGULATION
        return Parsed(source, _origin(source), "other", "rejected", why, (), source.findings, None)
    acts = [read_act(source, act) for act in split_acts(sections)]
    documents = tuple(document for document, _ in acts)
    findings = [*source.findings, *notes]
    lost = Notes("account")
    ratio = account(source.pages, documents, findings, lost)
    reason = Reason.STAGE_FAILED if any(failed for _, failed in acts) else Reason.TEXT_LEFT_OUT if ratio < 1.0 else None
    if reason is None and reading.reason:
        reason = Reason(reading.reason)
    if reason is None and any(document.metadata.document_id is None for document in documents):
        reason = Reason.NO_IDENTITY
    role = "body" if has_body(sections) else "annex"
    status = "partial" if reason else "parsed"
    return Parsed(source, _origin(source), role, status, reason, documents, (*findings, *lost), ratio)


def read_act(source: Source, sections: Sequence[Section]) -> tuple[Document, bool]:
    """The act in the sections of a source, and whether a stage failed and left its rows out."""
    stages = Stages()
    builder = TreeBuilder(source.text, stages.notes("segment"), amending=amends(sections))
    for section in sections:
        builder.add(section)
    provisions = builder.provisions()
    metadata = stages.one("metadata", lambda notes: read_identity(sections, provisions, notes)) or UNKNOWN
    definitions = stages.rows("definitions", lambda notes: read_definitions(provisions, notes))
    references = stages.rows("references", lambda notes: find_references(provisions, metadata, notes))
    amendments = stages.rows("amendments", lambda notes: read_amendments(provisions, metadata, notes))
    tables, indicators = read_annexes(builder.annexes, provisions, stages)
    indicators = read_cells(indicators, tables, definitions, metadata, stages)
    findings = tuple(stages.findings)
    act = Document(metadata, provisions, definitions, references, amendments, tables, indicators, findings)
    return act, stages.failed


def read_identity(sections: Sequence[Section], provisions: Sequence[Provision], notes: Notes) -> Metadata:
    """The facts of the act; of a file without a body only the act that its annexes name."""
    if not has_body(sections):
        return annex_metadata(sections, notes)
    title, closing = lines_of(sections, "title"), lines_of(sections, "closing")
    preamble = lines_of(sections, "opening", "menimbang", "mengingat", "enactment")
    metadata = read_metadata(title, preamble, closing, provisions, notes)
    check_annex_heads(sections, metadata, notes)
    return metadata


def read_annexes(
    annexes: Sequence[AnnexZone], provisions: Sequence[Provision], stages: Stages
) -> tuple[tuple[AnnexTable, ...], tuple[Indicator, ...]]:
    """Tables and indicator rows of all annexes."""
    known = _words(annexes, provisions)
    listed = [p.text.text for p in provisions if p.zone == "body" and p.kind in ("huruf", "angka")]
    tables: list[AnnexTable] = []
    indicators: list[Indicator] = []
    for annex in annexes:
        read = stages.one("annex", partial(read_annex, annex, known, listed))
        if read:
            tables += read[0]
            indicators += read[1]
    return tuple(tables), tuple(indicators)


def read_cells(
    indicators: Sequence[Indicator],
    tables: Sequence[AnnexTable],
    definitions: Sequence[Definition],
    metadata: Metadata,
    stages: Stages,
) -> tuple[Indicator, ...]:
    """The indicators with what their target and agency cells say."""
    printed = [text for row in indicators for text in (row.responsible_printed, row.supporting_printed) if text]
    region = metadata.act.region.name if metadata.act.region else None
    abbreviations = {d.abbreviation: d.term for d in definitions if d.abbreviation}
    agencies = stages.one("agencies", lambda _: AgencyReader(printed, region, abbreviations)) if printed else None
    targets = {table.table_id: target_cells(table) for table in tables if table.kind == "indicator"}
    read = []
    for row in indicators:
        cells = targets[row.table_id].get(row.row, ())
        found = tuple(target for cell in cells for target in stages.rows("targets", partial(_read_target, row, cell)))
        responsible: tuple[AgencyMention, ...] = ()
        supporting: tuple[AgencyMention, ...] = ()
        if agencies:
            place = partial(_at, row)
            responsible = stages.rows("agencies", place(agencies.read, row.responsible_printed, "responsible"))
            supporting = stages.rows("agencies", place(agencies.read, row.supporting_printed, "supporting"))
        read.append(replace(row, targets=found, responsible=responsible, supporting=supporting))
    return tuple(read)


def _read_target(row: Indicator, cell: TargetCell, notes: Notes) -> tuple[Target, ...]:
    """The targets of a cell, with the unit and the time that stand in columns of their own."""
    read = partial(read_targets, unit=cell.unit, time=cell.time)
    return read(cell.text or None, cell.year, notes, span=cell.span or row.span, eid=row.annex, page=row.page)


def _at(row: Indicator, read: Callable[..., T], *cell: object) -> Callable[[Notes], T]:
    """A cell reader as a stage whose findings point to the row."""
    return lambda notes: read(*cell, notes, span=row.span, eid=row.annex, page=row.page)


def _words(annexes: Sequence[AnnexZone], provisions: Sequence[Provision]) -> frozenset[str]:
    """Words that the document itself vouches for: those of its provisions, and those that its cells hold twice."""
    known = {word for p in provisions for word in words_of(f"{p.heading.text} {p.text.text}")}
    seen: Counter[str] = Counter()
    for annex in annexes:
        for block in annex.blocks:
            for row in block.rows if isinstance(block, TablePart) else ():
                seen.update(word for cell in row.cells for word in words_of(cell.text))
    return frozenset(known | {word for word, count in seen.items() if count > 1})


def _origin(source: Source) -> str:
    """The text origin of the whole source: that of its pages, or `mixed`."""
    origins = {page.text_origin for page in source.pages}
    return origins.pop() if len(origins) == 1 else "mixed"
