"""The differences between two releases as lines: for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from rich.text import Text

from pipeline.diff import FieldChange, Row, RowChange, TableChange
from pipeline.release import Opened
from pipeline.terminal import exact, safe

SIGNS = {"changed": ("~", "yellow"), "removed": ("-", "red"), "added": ("+", "green")}
# Characters of a value that are shown, and of the text before the first difference.
WIDTH = 120
BEFORE = 20


def as_text(old: Opened, new: Opened, changes: Iterable[TableChange]) -> Iterator[tuple[bool, Text]]:
    """Lines for people, each with whether it tells a difference; equal tables are counted in the last line."""
    moved = old.schema_version != new.schema_version
    for sign, release in (("-", old), ("+", new)):
        versions = f"schema {release.schema_version}, pipeline {release.pipeline_version}"
        yield moved, Text(f"{sign} {safe(str(release.folder))}: {safe(versions)}")
    differing, equal = 0, 0
    for change in changes:
        if not change.differs:
            equal += 1
            continue
        differing += 1
        yield True, Text()
        for line in _table(change):
            yield True, line
    yield False, Text()
    if differing:
        yield True, Text(f"{differing} of {differing + equal} tables differ.", "bold")
    else:
        more = "; the versions of the schema differ" if moved else ""
        yield False, Text(f"All {equal} tables are equal{more}.", "bold")


def _table(change: TableChange) -> Iterator[Text]:
    name = safe(change.name)
    if change.old is None or change.new is None:
        kind, rows = ("added", change.new) if change.old is None else ("removed", change.old)
        sign, style = SIGNS[kind]
        yield Text(f"{sign} table {name}: {rows} rows", style)
        return
    told = "rows not compared: no common key"
    if change.counts is not None:
        told = ", ".join(f"{number} {kind}" for kind, number in change.counts.items() if number) or "no row differs"
    yield Text(f"{name}: {change.old} -> {change.new} rows: {told}", "bold")
    if change.keys:
        yield Text(f"  key: {safe(', '.join(change.keys[0]))} -> {safe(', '.join(change.keys[1]))}", "yellow")
    for field in change.fields:
        yield _field(field)
    if change.changed_fields:
        yield Text("  changed: " + ", ".join(f"{safe(field)} {n}" for field, n in change.changed_fields.items()))
    shown = 0
    for row in change.rows:
        shown += 1
        yield from _row(row)
    more = sum((change.counts or {}).values()) - shown
    if more:
        yield Text(f"  … and {more} more rows (--limit)", "dim")


def _field(field: FieldChange) -> Text:
    name = safe(field.name)
    if field.old is None or field.new is None:
        kind, type_ = ("added", field.new) if field.old is None else ("removed", field.old)
        sign, style = SIGNS[kind]
        return Text(f"  {sign} field {name}: {safe(type_)}", style)
    return Text(f"  ~ field {name}: {safe(field.old)} -> {safe(field.new)}", "yellow")


def _row(row: RowChange) -> Iterator[Text]:
    sign, style = SIGNS[row.kind]
    yield Text(f"  {sign} " + " ".join(f"{safe(name)}={_plain(value)}" for name, value in row.key.items()), style)
    if row.kind == "changed":
        for name, value in row.old.items():
            yield Text(f"      {safe(name)}: " + " -> ".join(_windows(_plain(value), _plain(row.new[name]))))
        return
    held = (f"{safe(name)}={_plain(value)}" for name, value in (row.old or row.new).items() if value not in (None, []))
    yield Text("      " + _cut(" ".join(held)), "dim")


def _plain(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return f'"{exact(value)}"'
    if isinstance(value, list):
        return "[" + ", ".join(map(_plain, value)) + "]"
    return safe(str(value))


def _windows(old: str, new: str) -> tuple[str, str]:
    """Both values, long ones from shortly before where they part."""
    start = 0
    if max(len(old), len(new)) > WIDTH:
        shorter = min(len(old), len(new))
        parting = next((n for n in range(shorter) if old[n] != new[n]), shorter)
        start = max(parting - BEFORE, 0)
    return _cut(old, start), _cut(new, start)


def _cut(text: str, start: int = 0) -> str:
    part = text[start : start + WIDTH]
    return f"{'…' if start else ''}{part}{'…' if start + WIDTH < len(text) else ''}"


def as_json(old: Opened, new: Opened, changes: Iterable[TableChange]) -> Iterator[tuple[bool, str]]:
    """One JSON object a line, each with whether it tells a difference.

    `what` says which: `release`, `table`, `key`, `field` or `row`. Of every table there is a `table` line; `old` and
    `new` are null where a release lacks the table or field.
    """
    versions = [{"schema": release.schema_version, "pipeline": release.pipeline_version} for release in (old, new)]
    yield old.schema_version != new.schema_version, _line(what="release", old=versions[0], new=versions[1])
    for change in changes:
        counts = change.counts
        yield change.differs, _line(what="table", table=change.name, old=change.old, new=change.new, rows=counts)
        if change.keys:
            yield True, _line(what="key", table=change.name, old=change.keys[0], new=change.keys[1])
        for field in change.fields:
            yield True, _line(what="field", table=change.name, field=field.name, old=field.old, new=field.new)
        for row in change.rows:
            values: Row = {"old": row.old or None, "new": row.new or None}
            if row.kind == "changed":
                values = {"fields": {name: {"old": row.old[name], "new": row.new[name]} for name in row.old}}
            yield True, _line(what="row", table=change.name, kind=row.kind, key=row.key, **values)


def _line(**content: Any) -> str:
    return json.dumps(_storable(content), ensure_ascii=False, default=str)


def _storable(value: Any) -> Any:
    """JSON has no NaN and no infinities: they stand as text."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, dict):
        return {name: _storable(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(inner) for inner in value]
    return value
