"""Corrections as people write them: one YAML file a document, every entry checked against the schema.

YAML only tells text, lists, mappings and null apart here; what a value is says the declared type of its field. So `no`,
`1.10`, `08` and `2024-01-02` mean what they look like, with quotes or without.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pipeline.declare import DOCUMENT_ID, Field, Table
from pipeline.schema import BY_NAME

if TYPE_CHECKING:
    from pydantic import ValidationError

FOLDER = Path("corrections")
# Files of the folder that are no corrections: reviewed matches of indicators.
RESERVED = ("matches.yml",)
MAX_BYTES = 1 << 20
# Tables whose rows are read from a document, and are not made from other tables.
TABLES = (
    *("documents", "provisions", "definitions", "references", "annex_tables", "annex_cells", "indicators"),
    *("indicator_targets", "indicator_agencies", "amendments", "provision_versions", "indicator_validity"),
)
# Facts of which the document_id is made.
IDENTITY = ("jenis", "number", "year", "region_code")
ID = re.compile(r"(?:.*_)?(?:ids?|eid|sha256)")
INT32 = 1 << 31

Value: TypeAlias = str | int | float | bool | date | list[str] | None


class CorrectionFileError(Exception):
    """A file that cannot be used: `path`, and every problem with its entry."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


@dataclass(frozen=True, slots=True)
class Correction:
    """One value of one row, as it is read (`old`) and as it should be (`new`). `place` names file and entry."""

    place: str
    document_id: str
    table: str
    key: tuple[Value, ...]
    field: str
    old: Value
    new: Value
    reason: str
    evidence: str


def load(folder: Path) -> tuple[Correction, ...]:
    """All corrections of a folder, in the order of its files. Raises CorrectionFileError, OSError."""
    found: list[Correction] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in RESERVED:
            continue
        if path.is_dir():
            raise CorrectionFileError(path, ["a folder: files of corrections stand side by side"])
        if path.suffix == ".yml":
            found += read(path)
        elif path.suffix.lower() in (".yaml", ".yml"):
            raise CorrectionFileError(path, ["the name must end in .yml"])
    return tuple(found)


def file_name(document_id: str) -> str:
    """`id-6311.act.perbup.2024.42.yml` of `/akn/id-6311/act/perbup/2024/42`."""
    return document_id.removeprefix("/akn/").replace("/", ".") + ".yml"


def read(path: Path) -> list[Correction]:
    """The corrections of one file. Raises CorrectionFileError, OSError."""
    from pydantic import ValidationError

    from pipeline.correction_form import FileForm

    content = read_yaml(path)
    try:
        form = FileForm.model_validate(content)
    except ValidationError as error:
        raise CorrectionFileError(path, form_problems(error)) from error
    if not re.fullmatch(DOCUMENT_ID, form.document):
        raise CorrectionFileError(path, [f"document: {form.document!r} is no document_id (/akn/…)"])
    if path.name != file_name(form.document):
        raise CorrectionFileError(path, [f"document: {form.document} belongs in {file_name(form.document)}"])
    problems: list[str] = []
    found: list[Correction] = []
    for number, entry in enumerate(form.corrections, start=1):
        place = f"{path}: entry {number}"
        try:
            table = _table(entry.table)
            field = _field(table, entry.field)
            key = _key(table, entry.key, form.document)
            old, new = typed(field, "old", entry.old), allowed(field, typed(field, "new", entry.new))
            if old == new:
                raise ValueError("old and new are the same")
        except ValueError as error:
            problems.append(f"entry {number}: {error}")
            continue
        told = (entry.reason, entry.evidence)
        found.append(Correction(place, form.document, entry.table, key, entry.field, old, new, *told))
    counted = Counter((one.table, one.key, one.field) for one in found)
    for (name, row, column), times in counted.items():
        if times > 1:
            problems.append(f"{times} entries correct {name}.{column} of the row {' '.join(map(str, row))}")
    if problems:
        raise CorrectionFileError(path, problems)
    return found


def read_yaml(path: Path) -> Any:
    """What a file that people write holds. Raises CorrectionFileError, OSError."""
    import yaml

    from pipeline.correction_form import Loader

    if not path.is_file():
        raise CorrectionFileError(path, ["no regular file"])
    if path.stat().st_size > MAX_BYTES:
        raise CorrectionFileError(path, [f"more than {MAX_BYTES} bytes"])
    try:
        # The loader is PyYAML's safe one, narrowed.
        return yaml.load(path.read_text("utf-8-sig"), Loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CorrectionFileError(path, [f"no YAML: {' '.join(str(error).split()) or type(error).__name__}"]) from error


def form_problems(error: ValidationError) -> list[str]:
    """The problems in words: `entry 3: reason: Field required`."""
    problems = []
    for found in error.errors(include_url=False, include_input=False):
        where = [str(part) for part in found["loc"]]
        if len(where) > 1 and where[0] in ("corrections", "matches"):
            where[:2] = [f"entry {int(where[1]) + 1}"]
        problems.append(": ".join([*where, found["msg"]]))
    return problems


def _table(name: str) -> Table:
    if name not in BY_NAME:
        raise ValueError(f"there is no table {name}; those that can be corrected: {', '.join(TABLES)}")
    if name not in TABLES:
        raise ValueError(f"rows of {name} are not read from the act; those of these are: {', '.join(TABLES)}")
    return BY_NAME[name]


def _field(table: Table, name: str) -> Field:
    names = [field.name for field in table.fields]
    if name not in names:
        raise ValueError(f"{table.name} has no field {name}; it has {', '.join(names)}")
    if name in table.key or ID.fullmatch(name):
        raise ValueError(f"{table.name}.{name} names rows: keys and ids cannot be corrected")
    if any(name in key.fields for key in table.foreign_keys):
        raise ValueError(f"{table.name}.{name} points to another row: keys and ids cannot be corrected")
    if table.name == "documents" and name in IDENTITY:
        raise ValueError(f"the document_id is made of documents.{name}: it cannot be corrected")
    return table.field(name)


def _key(table: Table, given: dict[str, str | list[str] | None], document_id: str) -> tuple[Value, ...]:
    """The values of the table's key. `document_id` may be left out: the file says it."""
    whole = {"document_id": document_id, **given} if "document_id" in table.key else given
    if set(whole) != set(table.key):
        raise ValueError(f"key: the key of {table.name} is {', '.join(table.key)}, not {', '.join(given) or 'empty'}")
    values = tuple(typed(table.field(name), f"key: {name}", whole[name]) for name in table.key)
    own = str(whole.get("document_id") or str(whole["indicator_id"]).partition("#")[0])
    if own != document_id:
        raise ValueError(f"key: the row belongs to {own}, and the file to {document_id}")
    if None in values:
        raise ValueError("key: no field of a key is null")
    return values


def typed(field: Field, label: str, value: str | list[str] | None) -> Value:
    """The value in the declared type of its field. Raises ValueError."""
    if value is None:
        return None
    if field.type == "list<string>":
        if isinstance(value, list):
            return value
        raise ValueError(f"{label}: {field.name} is a list: write one, [] where it is empty")
    if isinstance(value, list):
        raise ValueError(f"{label}: {field.name} is one value, not a list")
    try:
        return _scalar(field.type, value)
    except ValueError as error:
        raise ValueError(f"{label}: {value!r} {error}") from None


def _scalar(type_: str, value: str) -> Value:
    match type_:
        case "string":
            if value:
                return value
            raise ValueError("is an empty text: missing text is null")
        case "bool":
            if value in ("true", "false"):
                return value == "true"
            raise ValueError("is neither true nor false")
        case "int32":
            if re.fullmatch(r"0|-?[1-9]\d{0,9}", value, re.ASCII) and -INT32 <= int(value) < INT32:
                return int(value)
            raise ValueError("is no whole number")
        case "float64":
            if re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", value, re.ASCII) and math.isfinite(float(value)):
                return float(value)
            raise ValueError("is no number (the decimal mark is a point)")
        case _:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
                return date.fromisoformat(value)
            raise ValueError("is no day (YYYY-MM-DD)")


def allowed(field: Field, value: Value) -> Value:
    """The value, where the field may hold it. Raises ValueError: else the act would be left out at the checks."""
    if value is None:
        if field.required:
            raise ValueError(f"new: {field.name} is never null")
        return value
    if field.allowed is not None and value not in field.allowed:
        raise ValueError(f"new: {value!r} is not in the closed list of {field.name}: {', '.join(field.allowed)}")
    for text in value if isinstance(value, list) else [value]:
        if field.pattern is not None and not re.fullmatch(field.pattern, str(text)):
            raise ValueError(f"new: {text!r} is not of the form {field.pattern}")
        if text == "":
            raise ValueError(f"new: an entry of {field.name} is empty")
    if isinstance(value, int | float):
        if field.minimum is not None and value < field.minimum:
            raise ValueError(f"new: {value} is under {field.minimum}, the least {field.name}")
        if field.maximum is not None and value > field.maximum:
            raise ValueError(f"new: {value} is over {field.maximum}, the greatest {field.name}")
    return value
