"""What a table declaration is made of: fields, keys, and short constructors for the kinds of field there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Type = Literal["string", "int32", "float64", "bool", "date32", "list<string>"]

SHA256 = r"[0-9a-f]{64}"
DOCUMENT_ID = r"/akn/id(-\d{2,4})?/act/[0-9A-Za-z.-]+(/[0-9A-Za-z.-]+)+"
EID = r"[0-9A-Za-z.-]+(_{1,2}[0-9A-Za-z.-]+)*"
REGION = r"\d\d(\.\d\d)?"


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `required`: never null. `expected`: the source should give it, so that null has a finding.

    `allowed` is the closed list of values, `pattern` a regular expression that the whole value matches.
    """

    name: str
    type: Type
    description: str
    required: bool = False
    expected: bool = False
    allowed: tuple[str, ...] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Where all of `fields` are set, they stand together in `references` of `table`."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def text(
    name: str,
    description: str,
    *,
    required: bool = False,
    expected: bool = False,
    allowed: tuple[str, ...] | None = None,
    pattern: str | None = None,
) -> Field:
    return Field(name, "string", description, required, expected, allowed, pattern)


def count(name: str, description: str, *, minimum: int = 0, required: bool = True, expected: bool = False) -> Field:
    return Field(name, "int32", description, required, expected, minimum=minimum)


def year(name: str, description: str, *, expected: bool = False) -> Field:
    return Field(name, "int32", description, expected=expected, minimum=1900, maximum=2100)


def flag(name: str, description: str) -> Field:
    return Field(name, "bool", description, required=True)


def real(name: str, description: str, **limits: float) -> Field:
    return Field(name, "float64", description, minimum=limits.get("minimum"), maximum=limits.get("maximum"))


def day(name: str, description: str, *, expected: bool = False) -> Field:
    return Field(name, "date32", description, expected=expected)


def texts(name: str, description: str, pattern: str | None = None) -> Field:
    return Field(name, "list<string>", description, required=True, pattern=pattern)


def document_id(name: str = "document_id", description: str = "the act: its work IRI", required: bool = True) -> Field:
    return text(name, description, required=required, pattern=DOCUMENT_ID)


def eid(name: str = "eid", description: str = "path of the place in the act", required: bool = True) -> Field:
    return text(name, description, required=required, pattern=EID)


def sha(name: str = "source_sha256", description: str = "the source as given", required: bool = True) -> Field:
    return text(name, f"SHA-256 of {description}", required=required, pattern=SHA256)


def span(required: bool, what: str) -> tuple[Field, Field]:
    return (
        count("char_start", f"first code point of {what} in the text as read", required=required),
        count("char_end", f"code point behind the last of {what}", required=required),
    )
