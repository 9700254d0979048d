"""Mentions of agencies in all acts -> one row an office of a region."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from extractors.annex.agency_regions import region_of
from extractors.annex.agency_registry import urusan
from extractors.models import AgencyMention, Office
from pipeline.link import Corpus, Work


def agency_id(work: Work, mention: AgencyMention) -> str | None:
    """`33.16/dinas-kesehatan`; the office alone where its region is not known, None where the office is not."""
    if mention.office is None:
        return None
    region = region_of(mention, work.metadata.act.region)
    return f"{region.region_code}/{mention.office.office}" if region else mention.office.office


def mentioned(corpus: Corpus) -> Counter[tuple[str, Office]]:
    """How often the acts name each agency in each spelling, by agency_id."""
    offices: Counter[tuple[str, Office]] = Counter()
    for work in corpus.works:
        for part in work.parts:
            for indicator in part.document.indicators:
                for mention in (*indicator.responsible, *indicator.supporting):
                    name = agency_id(work, mention)
                    if name and mention.office:
                        offices[name, mention.office] += 1
    return offices


def agency_rows(offices: Counter[tuple[str, Office]]) -> list[dict[str, Any]]:
    """The rows of `agencies`: each office of each region that an act names, in its most frequent spelling."""
    spellings: defaultdict[str, Counter[Office]] = defaultdict(Counter)
    for (name, office), count in offices.items():
        spellings[name][office] += count
    return [_row(name, spelt) for name, spelt in spellings.items()]


def _row(name: str, spellings: Counter[Office]) -> dict[str, Any]:
    office = min(spellings, key=lambda known: (-spellings[known], known.name, known.kind, known.functions))
    return {
        "agency_id": name,
        "name": office.name,
        "kind": office.kind,
        "functions": list(urusan(office.functions)),
        "region_code": name.rpartition("/")[0] or None,
        "office": office.office,
    }
