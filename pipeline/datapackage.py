"""`datapackage.json`: the release described after the Data Package standard, version 2."""

from __future__ import annotations

from typing import Any

from pipeline import PROGRAM
from pipeline.declare import Field, Table
from pipeline.schema import SCHEMA_VERSION, TABLES

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TYPES = {
    "string": {"type": "string"},
    "int32": {"type": "integer"},
    "float64": {"type": "number"},
    "bool": {"type": "boolean"},
    "date32": {"type": "date"},
    "list<string>": {"type": "list", "itemType": "string"},
}


def descriptor(files: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The package. `files` gives of each table's name its `path`, `bytes` and `sha256`."""
    return {
        "$schema": PROFILE,
        "name": PROGRAM,
        "title": "Indonesian regency regulations as tables",
        "version": SCHEMA_VERSION,
        "resources": [_resource(table, files[table.name]) for table in TABLES],
    }


def _resource(table: Table, file: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.description,
        "path": file["path"],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "schema": {
            "fields": [_field(field) for field in table.fields],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": list(key.fields), "reference": {"resource": key.table, "fields": list(key.references)}}
                for key in table.foreign_keys
            ],
        },
    }


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if field.required:
        constraints["required"] = True
    if field.allowed is not None:
        constraints["enum"] = list(field.allowed)
    if field.pattern is not None and field.type == "string":
        constraints["pattern"] = field.pattern
    if field.minimum is not None:
        constraints["minimum"] = field.minimum
    if field.maximum is not None:
        constraints["maximum"] = field.maximum
    described: dict[str, Any] = {"name": field.name, **TYPES[field.type], "description": field.description}
    if field.expected:
        described["expected"] = True
    return {**described, "constraints": constraints} if constraints else described
