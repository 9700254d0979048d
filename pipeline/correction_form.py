"""The form of a file of corrections: what YAML may hold, and which entries there are."""

from __future__ import annotations

from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StringConstraints

NULL = "tag:yaml.org,2002:null"


def _given(value: object) -> object:
    """A value before its field is known. Raises ValueError."""
    for text in value if isinstance(value, list) else [] if value is None else [value]:
        if not isinstance(text, str):
            raise ValueError("neither text, nor a list of texts, nor null")
        text.encode()  # half a surrogate is no text
    return value


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Given = Annotated[str | list[str] | None, PlainValidator(_given)]


class Loader(yaml.SafeLoader):
    """Text, lists, mappings and null, and nothing else: no name stands twice, nothing is an alias."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.yaml_implicit_resolvers = {
            first: [(tag, form) for tag, form in resolvers if tag == NULL]
            for first, resolvers in self.yaml_implicit_resolvers.items()
        }

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, "an alias: write it out", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names: set[str] = set()
        for name, _ in node.value:
            if not isinstance(name, yaml.ScalarNode) or name.tag != self.DEFAULT_SCALAR_TAG:
                raise yaml.constructor.ConstructorError(None, None, "a name that is no text", name.start_mark)
            if name.value in names:
                raise yaml.constructor.ConstructorError(None, None, f"{name.value!r} stands twice", name.start_mark)
            names.add(name.value)
        return super().construct_mapping(node, deep)


class EntryForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    table: Text
    key: dict[str, Given]
    field: Text
    old: Given
    new: Given
    reason: Text
    evidence: Text


class FileForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    document: Text
    corrections: Annotated[list[EntryForm], Field(min_length=1)]


class MatchForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    document: Text
    group: Text | None
    printed: Text
    catalog_id: Text | None
    reason: Text


class MatchesForm(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    matches: Annotated[list[MatchForm], Field(min_length=1)]
