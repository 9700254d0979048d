"""Vocabularies of `data/`: TOML and CSV files with comments, read once and never written."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from extractors.models import Region


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The TOML vocabulary `data/<name>.toml`. Callers do not change what they get."""
    return tomllib.loads((files("extractors") / "data" / f"{name}.toml").read_text("utf-8"))


@cache
def regions() -> tuple[Region, ...]:
    """Provinces, kabupaten and kota with their Kemendagri codes (`data/regions.csv`)."""
    with (files("extractors") / "data" / "regions.csv").open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(
            Region(
                row["region_code"], row["region_name"], row["region_type"], row["province_code"], row["province_name"]
            )
            for row in rows
        )
