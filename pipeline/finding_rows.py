"""Findings of any stage -> rows of `findings`, under ids that stay the same while the finding does."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from typing import Any

from extractors.models import Finding


def finding_row(finding: Finding, at: dict[str, Any], eids: Collection[str], seen: Counter[str]) -> dict[str, Any]:
    """A row of `findings`. `at`: its source_path, source_sha256 and document_id; `seen` counts equal ones.

    Its eid is the place itself or, where the act has no such place among `eids`, the nearest above.
    """
    place = finding.eid
    while place and place not in eids:
        place = place.rpartition("__")[0]
    row = {
        "source_sha256": at["source_sha256"],
        "document_id": at["document_id"],
        "stage": finding.stage,
        "code": finding.code,
        "severity": finding.severity,
        "eid": place or None,
        "page": finding.page,
        "char_start": finding.span and finding.span.start,
        "char_end": finding.span and finding.span.end,
        "message": finding.message,
        "repair": finding.repair,
    }
    # Named by content where there is some: a renamed file keeps the ids of its findings.
    named = [None, *row.values(), *([] if at["source_sha256"] else [at["source_path"]])]
    identity = json.dumps(named)
    seen[identity] += 1
    row["finding_id"] = hashlib.sha256(f"{identity}{seen[identity]}".encode()).hexdigest()[:16]
    return row | {"source_path": at["source_path"]}
