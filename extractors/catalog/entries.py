"""The catalogue of indicators: one file a theme in `data/catalog/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of `indicator_catalog`. `wordings`: the name first, then what else the sources print for it."""

    catalog_id: str
    theme: str
    part: str
    pillar_number: int | None
    group: str
    name: str
    unit: str | None
    direction: str | None
    national_target: float | None
    national_year: int | None
    reference_code: str | None
    source: str
    wordings: tuple[str, ...]
    ordinal: int

    @property
    def place(self) -> tuple[str, int | None]:
        """Where in an annex the entry stands: part and pillar."""
        return self.part, self.pillar_number


@dataclass(frozen=True, slots=True, eq=False)
class Theme:
    """One file of the catalogue. `titles`: words that tell the theme; `same`: a term and its other prints."""

    name: str
    titles: tuple[str, ...]
    same: Mapping[str, Sequence[str]]
    entries: tuple[Entry, ...]

    def told_by(self, texts: Sequence[str | None]) -> bool:
        """Whether one of the texts (a title, the head of an annex, a pillar) names the theme."""
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.titles))})\b", re.IGNORECASE)
        return any(pattern.search(text) for text in texts if text)


@cache
def themes() -> tuple[Theme, ...]:
    """All themes, by name."""
    folder = files("extractors") / "data" / "catalog"
    found = [path for path in folder.iterdir() if path.name.endswith(".toml")]
    return tuple(theme(tomllib.loads(path.read_text("utf-8"))) for path in sorted(found, key=lambda path: path.name))


def theme(data: Mapping[str, Any]) -> Theme:
    """The theme in the form of a catalogue file. Raises KeyError where a field is missing."""
    rows = [(group, row) for group in data["group"] for row in group["indicator"]]
    entries = tuple(
        Entry(
            catalog_id=f"{data['theme']}.{group['place']}.{row['id']}",
            theme=data["theme"],
            part=group["part"],
            pillar_number=group.get("pillar_number"),
            group=group["name"],
            name=row["name"],
            unit=row.get("unit"),
            direction=row.get("direction"),
            national_target=row.get("national_target"),
            national_year=row.get("national_year"),
            reference_code=row.get("reference_code"),
            source=" ".join(row.get("source", data["source"])),
            wordings=(row["name"], *row.get("also", ())),
            ordinal=ordinal,
        )
        for ordinal, (group, row) in enumerate(rows, start=1)
    )
    return Theme(data["theme"], tuple(data["titles"]), data.get("same", {}), entries)
