"""What a run tells of its corpus: counts that add up over its parts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.link import Corpus, LinkedSource, Work
from pipeline.reasons import Reason
from pipeline.rows import Row
from pipeline.terminal import safe

# So many acts are told one by one.
SHOWN_DOCUMENTS = 40


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """An act with what was read in it."""

    name: str
    title: str | None
    counts: Counter[str]


@dataclass(slots=True)
class Tally:
    """Counts of a corpus or of parts of one. `documents`: the first acts; `unparsed`: a line a file not `parsed`."""

    documents: list[DocumentLine] = field(default_factory=list)
    document_count: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    repairs: dict[str, str] = field(default_factory=dict)
    instructions: Counter[str] = field(default_factory=Counter)
    not_applied: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unparsed: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the counts of another part."""
        self.documents += other.documents[: SHOWN_DOCUMENTS - len(self.documents)]
        self.document_count += other.document_count
        self.repairs = other.repairs | self.repairs
        self.unparsed += other.unparsed
        for name in ("findings", "instructions", "not_applied", "statuses", "reasons"):
            getattr(self, name).update(getattr(other, name))


def tally(corpus: Corpus, findings: Iterable[Row]) -> Tally:
    """The counts of a corpus, and of its rows of `findings`."""
    told = Tally(document_count=len(corpus.works))
    told.documents = [
        DocumentLine(name(work), work.metadata.title, count(work)) for work in corpus.works[:SHOWN_DOCUMENTS]
    ]
    for finding in findings:
        told.findings[finding["severity"], finding["code"]] += 1
        told.repairs.setdefault(finding["code"], finding["repair"] or "")
    for work in corpus.works:
        for part in work.parts:
            for row in part.document.amendments:
                told.instructions[row.status] += 1
                if row.reason:
                    told.not_applied[row.reason] += 1
    for source in corpus.sources:
        told.statuses[source.parsed.status] += 1
        if source.parsed.reason:
            told.reasons[source.parsed.reason] += 1
        if source.parsed.status != "parsed":
            told.unparsed.append(source_line(source))
    return told


def name(work: Work) -> str:
    """`perbup 42/2024 Kabupaten Balangan`, or the id where the head could not be read."""
    act = work.metadata.act
    if act.jenis is None or act.number is None or act.year is None:
        return work.document_id
    return f"{act.jenis} {act.number}/{act.year} {act.region.name if act.region else ''}".strip()


def count(work: Work) -> Counter[str]:
    """Numbers under the names of `summary.COLUMNS`. BAB, Pasal and ayat are the act's own, not those in an annex;
    `quoted` counts Pasal that it quotes."""
    counts: Counter[str] = Counter()
    for part in work.parts:
        document = part.document
        for provision in document.provisions:
            if provision.zone == "body" and provision.kind in ("bab", "pasal", "ayat"):
                counts[{"bab": "BAB", "pasal": "Pasal", "ayat": "ayat"}[provision.kind]] += 1
            elif provision.zone == "quoted" and provision.kind == "pasal":
                counts["quoted"] += 1
        counts["defs"] += len(document.definitions)
        counts["changes"] += len(document.amendments)
        counts["rows"] += len(document.indicators)
        for indicator in document.indicators:
            counts["agencies"] += len(indicator.responsible) + len(indicator.supporting)
            for target in indicator.targets:
                counts[target.status] += 1
    return counts


def source_line(source: LinkedSource) -> str:
    """What became of a file that was not simply parsed."""
    reason = source.parsed.reason
    told = Reason(reason).description if reason in set(Reason) else "no reason given"
    return f"{source.parsed.status}: {safe(source.file.source_path)}: {reason}: {told}"
