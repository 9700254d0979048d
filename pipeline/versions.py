"""The corpus in time: instructions applied across its acts, each group of acts that touch one another by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from extractors.consolidation.chain import STAGE, ActText, Consolidation, Outcome, consolidate
from extractors.models import Finding, IndicatorValidity, Notes, ProvisionVersion
from pipeline.stages import fault

if TYPE_CHECKING:
    from pipeline.link import Part, Work


def in_time(
    works: Sequence[Work], elsewhere: Container[str] = ()
) -> tuple[tuple[Work, ...], tuple[ProvisionVersion, ...], tuple[IndicatorValidity, ...]]:
    """The works with the status of each instruction, the versions of all provisions, the days of all indicators."""
    versions: list[ProvisionVersion] = []
    validity: list[IndicatorValidity] = []
    told: dict[str, Work] = {}
    here = {work.document_id for work in works}
    for group in _groups(works):
        made = _consolidated([_act(work) for work in group], here, elsewhere)
        for work in group:
            versions += made.versions[work.document_id]
            told[work.document_id] = _told(work, made)
        validity += made.validity
    return tuple(told[work.document_id] for work in works), tuple(versions), tuple(validity)


def _groups(works: Sequence[Work]) -> list[list[Work]]:
    """Works in groups that no instruction crosses; an absent act joins those that change it."""
    leader: dict[str, str] = {}

    def lead(name: str) -> str:
        leader.setdefault(name, name)
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    for work in works:
        for part in work.parts:
            for row in part.document.amendments:
                if row.target_document_id:
                    leader[lead(row.target_document_id)] = lead(work.document_id)
    groups: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        groups[lead(work.document_id)].append(work)
    return list(groups.values())


def _act(work: Work) -> ActText:
    documents = [part.document for part in work.parts]
    claimed = documents[0].metadata.document_id
    return ActText(
        work.document_id,
        work.metadata,
        tuple(p for document in documents for p in document.provisions),
        tuple(row for document in documents for row in document.amendments),
        tuple(row for document in documents for row in document.indicators),
        copy=claimed is not None and claimed != work.document_id,
    )


def _consolidated(acts: list[ActText], *others: Container[str]) -> Consolidation:
    """The group in time; where a fault of the program breaks it off, its acts as they were made."""
    try:
        return consolidate(acts, *others)
    except Exception as error:
        made = consolidate([replace(act, amendments=()) for act in acts])
        for act in acts:
            for row in act.amendments:
                status = ("unresolved", "stage_failed") if row.status == "read" else (row.status, row.reason)
                made.outcomes[act.document_id, row.seq] = Outcome(*status, row.effective_on)
            if act.amendments:
                made.findings[act.document_id].add("stage_failed", "error", fault(error), repair="nothing is applied")
        return made


def _told(work: Work, made: Consolidation) -> Work:
    """The work with what became of its instructions."""
    return replace(work, parts=tuple(_part(work.document_id, part, made) for part in work.parts))


def _part(document_id: str, part: Part, made: Consolidation) -> Part:
    document = part.document
    if not document.amendments:
        return part
    rows = []
    for row in document.amendments:
        status, reason, on = made.outcomes[document_id, row.seq]
        rows.append(replace(row, status=status, reason=reason, effective_on=on))
    own = {row.item_eid for row in document.amendments}
    notes: Sequence[Finding] = [
        finding for finding in made.findings.get(document_id, Notes(STAGE)) if finding.eid in own or finding.eid is None
    ]
    return replace(part, document=replace(document, amendments=tuple(rows), findings=(*document.findings, *notes)))
