"""The publication checks: what the schema declares must hold in the rows, or they are not published."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.acts.kinds import kind_of
from pipeline.declare import Field, ForeignKey, Table
from pipeline.schema import TABLES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    Frames = dict[str, pd.DataFrame]

EXAMPLES = 3
# Findings on whole acts: a stage that failed, a file of annexes without the body that gives the facts.
WHOLE_ACT = r"\b(?:stage_failed|annex_without_act|annex_without_body)\b"
# The finding on a fact of `documents` names it in its code; facts that are read together share one.
SUBJECTS = {
    **dict.fromkeys(("region_code", "region_name", "region_kind", "province_code", "province_name"), "region"),
    **dict.fromkeys(("gazette_year", "gazette_number"), "gazette"),
    "in_force_on": "in_force",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """Rows that break a rule. `documents` are the acts they belong to; None where that can't be told of all."""

    table: str
    rule: str
    count: int
    examples: tuple[str, ...]
    documents: frozenset[str] | None

    def __str__(self) -> str:
        return f"{self.table}: {self.rule}: {self.count} rows, such as {'; '.join(self.examples)}"


def violations(tables: dict[str, pa.Table]) -> list[Violation]:
    """All broken rules of a release in the making: keys, foreign keys, required fields, closed lists, patterns,
    ranges, spans, and null where the source should give a value but no finding says that it does not.

    Rules that need a table which is not in `tables` are left out.
    """
    frames = {name: table.to_pandas() for name, table in tables.items()}
    found: list[Violation | None] = []
    for table in TABLES:
        if table.name not in frames:
            continue
        frame = frames[table.name]
        for rule, broken in _broken(table, frame, frames):
            found.append(_violation(table, rule, frame[broken]))
    return [violation for violation in found if violation is not None]


def _broken(table: Table, frame: pd.DataFrame, frames: Frames) -> Iterator[tuple[str, pd.Series[bool]]]:
    """Each rule of a table with a mask of the rows that break it."""
    yield f"key {', '.join(table.key)} not unique", frame.duplicated(list(table.key), keep=False)
    for field in table.fields:
        yield from _broken_field(field, frame)
    for key in table.foreign_keys:
        if key.table not in frames:
            continue
        yield f"{', '.join(key.fields)} not in {key.table}", _dangling(key, frame, frames[key.table])
    for start, end in (("char_start", "char_end"), ("page_start", "page_end")):
        if start in frame and end in frame:
            yield f"{start} behind {end}", frame[start] > frame[end]
    if "source_sha256" in frame and "char_end" in frame and "source_pages" in frames:
        ends = frames["source_pages"].groupby("source_sha256")["char_end"].max()
        yield "char_end behind the source's end", frame["char_end"] > frame["source_sha256"].map(ends).astype("float64")
    yield from _own_rules(table, frame, frames)


def _broken_field(field: Field, frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series[bool]]]:
    column = frame[field.name]
    if field.required:
        yield f"{field.name} is null", column.isna()
    if field.type == "list<string>":
        if field.pattern:
            entries = column.explode().dropna()
            wrong = entries[~entries.str.fullmatch(field.pattern).astype(bool)]
            yield f"{field.name} not of the form {field.pattern}", frame.index.to_series().isin(wrong.index)
        return
    if field.type == "string":
        yield f"{field.name} is empty", column == ""
    if field.allowed is not None:
        yield f"{field.name} not in its closed list", column.notna() & ~column.isin(field.allowed)
    if field.pattern is not None:
        values = column.drop_duplicates().dropna()
        wrong = values[~values.str.fullmatch(field.pattern).astype(bool)]
        yield f"{field.name} not of the form {field.pattern}", column.isin(wrong)
    if field.minimum is not None:
        yield f"{field.name} under {field.minimum}", column < field.minimum
    if field.maximum is not None:
        yield f"{field.name} over {field.maximum}", column > field.maximum


def _dangling(key: ForeignKey, frame: pd.DataFrame, target: pd.DataFrame) -> pd.Series[bool]:
    import pandas as pd

    used = frame[list(key.fields)]
    known = pd.MultiIndex.from_frame(target[list(key.references)].drop_duplicates())
    return used.notna().all(axis=1) & ~pd.Series(pd.MultiIndex.from_frame(used).isin(known), index=frame.index)


def _own_rules(table: Table, frame: pd.DataFrame, frames: Frames) -> Iterator[tuple[str, pd.Series[bool]]]:
    """What single tables promise beyond their fields."""
    match table.name:
        case "sources":
            yield "reason without rejection, or the reverse", (frame["status"] == "parsed") == frame["reason"].notna()
        case "documents" if "findings" in frames:
            yield from _unexplained(table, frame, frames["findings"])
        case "provisions":
            yield "ordinal twice in an act", frame.duplicated(["document_id", "ordinal"], keep=False)
        case "references":
            resolved = frame["resolved"].eq(True)
            yield "neither resolved nor with a reason", ~resolved & frame["reason"].isna()
            yield "resolved without a target", resolved & frame["target_document_id"].isna()
        case "indicators":
            for table_name, lacking in (("indicator_targets", "no target"), ("indicator_validity", "no validity")):
                if table_name in frames:
                    yield lacking, ~frame["indicator_id"].isin(frames[table_name]["indicator_id"])
        case "indicator_targets":
            yield "status ok without a value", (frame["status"] == "ok") & frame["value"].isna()
            yield "status text without a text", (frame["status"] == "text") & frame["value_text"].isna()
            yield "status lost with a value", (frame["status"] == "lost") & frame["value"].notna()
        case "amendments":
            told = frame["status"].isin(["read", "applied", "base_missing"])
            yield "not applied without a reason", ~told & frame["reason"].isna()
            yield "read, but its outcome is not settled", frame["status"] == "read"
        case "provision_versions":
            yield from _versions(frame)
        case "indicator_validity":
            yield "ends before it begins", frame["valid_to"] < frame["valid_from"]


def _versions(frame: pd.DataFrame) -> Iterator[tuple[str, pd.Series[bool]]]:
    """Versions count from 1 and follow one another without a gap; only a change makes a second one."""
    ordered = frame.sort_values(["document_id", "eid", "version"])
    places = ordered.groupby(["document_id", "eid"])
    ends = places["valid_to"].shift()
    later = ordered["version"] > 1
    follows = ends.isna() | (ordered["valid_from"] == ends)
    for rule, broken in (
        ("version out of sequence", ordered["version"] != places.cumcount() + 1),
        ("begins on another day than the version before it ends", later & ~follows),
        ("ends before it begins", ordered["valid_to"] < ordered["valid_from"]),
        ("a later version without a change", later & ordered["changed_by_seq"].isna()),
        ("repealed with a text", (ordered["state"] == "repealed") & ordered["text"].notna()),
    ):
        yield rule, broken.reindex(frame.index)


def _unexplained(table: Table, frame: pd.DataFrame, findings: pd.DataFrame) -> Iterator[tuple[str, pd.Series[bool]]]:
    """Expected facts that apply to the act and are null without a finding that says so."""
    codes = findings.groupby("document_id")["code"].agg(" ".join)
    told = frame["document_id"].map(codes).fillna("")
    everything = told.str.contains(WHOLE_ACT)
    for field in table.fields:
        if field.expected:
            subject = SUBJECTS.get(field.name, field.name)
            applies = frame["jenis"].map(lambda jenis, subject=subject: _applies(subject, jenis)).astype(bool)
            explained = everything | told.str.contains(subject, regex=False)
            yield f"{field.name} is null without a finding", frame[field.name].isna() & applies & ~explained


def _applies(subject: str, jenis: str | None) -> bool:
    """Whether acts of this kind have a region, or a gazette. Of an unknown kind everything is expected."""
    kind = kind_of(jenis if isinstance(jenis, str) else None)
    if kind is None:
        return True
    return {"region": kind.local, "gazette": bool(kind.gazette)}.get(subject, True)


def _violation(table: Table, rule: str, rows: pd.DataFrame) -> Violation | None:
    if rows.empty:
        return None
    examples = [" ".join(f"{name}={row[name]}" for name in table.key) for _, row in rows.head(EXAMPLES).iterrows()]
    if "document_id" in rows:
        documents = rows["document_id"]
    elif "indicator_id" in rows:
        documents = rows["indicator_id"].str.partition("#")[0]
    else:
        documents = rows.iloc[:, 0].map(lambda _: None)
    known = None if documents.isna().any() else frozenset(documents)
    return Violation(table.name, rule, len(rows), tuple(examples), known)
