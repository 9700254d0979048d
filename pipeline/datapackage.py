"""`datapackage.json`: the release described after the Data Package standard, version 2."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
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


def descriptor(files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The package. `files` give of each file its `path` below a folder of the table's name, `bytes` and `sha256`."""
    of: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for file in files:
        of[file["path"].partition("/")[0]].append(file)
    return {
        "$schema": PROFILE,
        "name": PROGRAM,
        "title": "Indonesian regency regulations as tables",
        "version": SCHEMA_VERSION,
        "resources": [_resource(table, of[table.name]) for table in TABLES],
    }


def _resource(table: Table, files: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": table.name,
        "description": table.description,
        "path": files[0]["path"] if len(files) == 1 else [file["path"] for file in files],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "bytes": sum(file["bytes"] for file in files),
        # The standard has a hash for one file; those of several stand in the manifest.
        **({"hash": f"sha256:{files[0]['sha256']}"} if len(files) == 1 else {}),
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
