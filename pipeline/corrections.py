"""Corrections in the rows of a run: each takes the place of a value that still stands there, and leaves a finding."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from extractors.models import Notes, Span
from pipeline.correction_files import Correction, Value
from pipeline.finding_rows import finding_row
from pipeline.rows import Row
from pipeline.schema import BY_NAME

if TYPE_CHECKING:
    from pipeline.checks import Violation

STAGE = "corrections"
CODE = "correction_applied"


class CorrectionFailedError(Exception):
    """Corrections that cannot be applied, each in words with file and entry."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def apply(rows: dict[str, list[Row]], corrections: Iterable[Correction]) -> dict[str, list[Row]]:
    """The rows with the corrections in them and a finding on each; `rows` stay as they are.

    Corrections of documents without a row in `documents` are left aside. Raises CorrectionFailedError where a row is
    gone, or holds another value than the one that is corrected.
    """
    present = {row["document_id"] for row in rows["documents"]}
    applied = [correction for correction in corrections if correction.document_id in present]
    if not applied:
        return rows
    corrected = dict(rows)
    indexes: dict[str, dict[tuple[Value, ...], int]] = {}
    places = _Places(rows, {correction.document_id for correction in applied})
    for name in {correction.table for correction in applied}:
        corrected[name] = list(rows[name])
        key = BY_NAME[name].key
        indexes[name] = {tuple(row[field] for field in key): index for index, row in enumerate(rows[name])}
    problems: list[str] = []
    findings: list[Row] = []
    for correction in applied:
        index = indexes[correction.table].get(correction.key)
        if index is None:
            problems.append(f"{correction.place}: {_row(correction)} is gone, {_quoted(correction.old)} was expected")
            continue
        row = corrected[correction.table][index]
        if row[correction.field] != correction.old:
            told = f"{_quoted(correction.old)} was expected, {_quoted(row[correction.field])} stands there"
            problems.append(f"{correction.place}: {correction.field} of {_row(correction)}: {told}")
            continue
        corrected[correction.table][index] = {**row, correction.field: correction.new}
        findings.append(_finding(places, correction, row))
    if problems:
        raise CorrectionFailedError(problems)
    corrected["findings"] = sorted([*rows["findings"], *findings], key=lambda row: str(row["finding_id"]))
    return corrected


def refuse_broken(corrections: Iterable[Correction], broken: Iterable[Violation]) -> None:
    """Raises CorrectionFailedError where rows of a corrected table of a corrected document break a rule.

    The document would be left out of the release otherwise, and its corrections with it.
    """
    problems = [
        f"{correction.place}: with it, {violation}"
        for violation in broken
        for correction in corrections
        if correction.table == violation.table and correction.document_id in (violation.documents or ())
    ]
    if problems:
        raise CorrectionFailedError(problems)


def _row(correction: Correction) -> str:
    named = zip(BY_NAME[correction.table].key, correction.key, strict=True)
    return f"{correction.table} " + " ".join(f"{name}={value}" for name, value in named)


def _quoted(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _finding(places: _Places, correction: Correction, row: Row) -> Row:
    """The finding on a correction, at the place of its row."""
    change = f"{correction.field} of {_row(correction)}: {_quoted(correction.old)} -> {_quoted(correction.new)}"
    at = places.of(correction.document_id, row)
    notes = Notes(STAGE)
    notes.add(
        CODE,
        "info",
        f"{change}; reason: {correction.reason}; evidence: {correction.evidence}",
        repair="corrected",
        eid=at["eid"],
        page=at["page"],
        span=None if at["char_start"] is None else Span(at["char_start"], at["char_end"]),
    )
    (finding,) = notes
    return finding_row(finding, at, [at["eid"]], Counter())


class _Places:
    """Where the rows of some documents stand: in which source, and as far as it is known eid, page and characters."""

    def __init__(self, rows: dict[str, list[Row]], document_ids: set[str]) -> None:
        def own(table: str, name: str) -> dict[tuple[str, str], Row]:
            held = (row for row in rows[table] if row["document_id"] in document_ids)
            return {(row["document_id"], row[name]): row for row in held}

        self._documents = {row["document_id"]: row for row in rows["documents"]}
        self._nodes = own("provisions", "eid")
        self._tables = own("annex_tables", "table_id")
        self._indicators = own("indicators", "indicator_id")
        self._sources: dict[str, list[Row]] = {}
        for row in rows["sources"]:
            for document_id in row["document_ids"] if row["role"] != "duplicate" else ():
                self._sources.setdefault(document_id, []).append(row)

    def of(self, document_id: str, row: Row) -> Row:
        """The fields of a finding that say where the row stands."""
        if "indicator_id" in row:
            row = self._indicators[document_id, row["indicator_id"]]
        table = self._tables.get((document_id, row.get("table_id") or ""), {})
        eid = row.get("eid") or row.get("item_eid") or row.get("annex") or table.get("annex")
        node = self._nodes.get((document_id, eid or ""), {})
        known = (row, table, node, self._documents[document_id])
        sha256 = next((one["source_sha256"] for one in known if one.get("source_sha256")), None)
        sources = self._sources[document_id]
        source = next((one for one in sources if one["source_sha256"] == sha256), sources[0])
        placed = row if row.get("char_start") is not None else node
        return {
            "source_path": source["source_path"],
            "source_sha256": source["source_sha256"],
            "document_id": document_id,
            "eid": node.get("eid"),
            "page": next((one[name] for one in known for name in ("page", "page_start") if one.get(name)), None),
            "char_start": placed.get("char_start"),
            "char_end": placed.get("char_end"),
        }
