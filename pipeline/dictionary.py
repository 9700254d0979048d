"""The data dictionary: every table and field of the schema, for people (text, Markdown) and machines (JSON)."""

from __future__ import annotations

import json
from dataclasses import asdict

from pipeline.declare import Field, Table
from pipeline.reasons import Reason
from pipeline.schema import SCHEMA_VERSION, TABLES


def as_json() -> str:
    """The declaration as it is, one object a table."""
    content = {"schema_version": SCHEMA_VERSION, "tables": [asdict(table) for table in TABLES]}
    return json.dumps(content, ensure_ascii=False, indent=2)


def as_text() -> str:
    """Two lines a field, for the terminal."""
    lines = [f"Schema version {SCHEMA_VERSION}"]
    for table in TABLES:
        lines += ["", f"{table.name}: {table.description}"]
        for field in table.fields:
            lines.append(f"  {field.name:<20} {field.type:<13} {', '.join(_marks(table, field))}".rstrip())
            lines.append(f"      {_plain(field.description)}{_values(field)}")
        lines += [
            f"  {', '.join(key.fields)} -> {key.table} ({', '.join(key.references)})" for key in table.foreign_keys
        ]
    return "\n".join(lines)


def as_markdown() -> str:
    """The page `docs/data-dictionary.md`."""
    lines = [
        "# Data dictionary",
        "",
        f"Schema version {SCHEMA_VERSION}. Made by `perbup schema --format markdown` from `pipeline/schema.py`: "
        "edit there, then run `make docs`.",
        "",
        "Marks: **key**, part of the table's key; *required*, never null; *expected*, null has a row in `findings`.",
        "Missing text is null, never empty. Offsets count code points of the text as read (`source_pages`).",
        "",
        *(f"- [{table.name}](#{table.name}): {table.description}" for table in TABLES),
    ]
    for table in TABLES:
        lines += [
            "",
            f"## {table.name}",
            "",
            table.description,
            "",
            "| field | type | | meaning |",
            "| --- | --- | --- | --- |",
        ]
        lines += [_markdown_row(table, field) for field in table.fields]
        if table.foreign_keys:
            lines.append("")
        lines += [
            f"- {_code(key.fields)} → [{key.table}](#{key.table}) {_code(key.references)}" for key in table.foreign_keys
        ]
    lines += ["", "## Reasons", "", "Values of `sources.reason`.", "", "| reason | meaning |", "| --- | --- |"]
    lines += [f"| `{reason.value}` | {reason.description} |" for reason in Reason]
    return "\n".join(lines)


def _markdown_row(table: Table, field: Field) -> str:
    marks = [{"key": "**key**"}.get(mark, f"*{mark}*") for mark in _marks(table, field)]
    values = f": {', '.join(f'`{value}`' for value in field.allowed)}" if field.allowed else ""
    return f"| `{field.name}` | {field.type} | {', '.join(marks)} | {field.description}{values} |".replace(
        "|  |", "| |"
    )


def _marks(table: Table, field: Field) -> list[str]:
    if field.name in table.key:
        return ["key"]
    return [mark for mark, holds in (("required", field.required), ("expected", field.expected)) if holds]


def _values(field: Field) -> str:
    return f" [{', '.join(field.allowed)}]" if field.allowed else ""


def _plain(description: str) -> str:
    return description.replace("`", "")


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
