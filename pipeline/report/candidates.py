"""Matches that are not sure enough to be compared, each with the lines that decide it in the review file."""

from __future__ import annotations

from math import inf
from textwrap import indent
from typing import NamedTuple

import yaml

from pipeline import correction_files, reviews
from pipeline.published import Row
from pipeline.report.loaded import Loaded
from pipeline.report.matrix import row_numbers

REVIEW_FILE = (correction_files.FOLDER / reviews.FILE).as_posix()


class Candidate(NamedTuple):
    """`act` and `row` say where the row is; `lines` are YAML."""

    score: float
    reason: str | None
    indicator: str | None
    entry: str
    act: int
    row: int
    lines: str


def candidates(release: Loaded) -> list[Candidate]:
    """All candidates, the likeliest first."""
    names = {row["catalog_id"]: row["name"] for row in release["indicator_catalog"]}
    indicators = {row["indicator_id"]: row for row in release["indicators"]}
    at_act = {row["document_id"]: number for number, row in enumerate(release["documents"])}
    at_row = row_numbers(release)
    found = [match for match in release["indicator_matches"] if match["status"] == "candidate"]
    found.sort(key=lambda match: (-match["score"], match["indicator_id"], match["catalog_id"]))
    return [
        Candidate(
            match["score"],
            match["reason"],
            indicators[match["indicator_id"]]["indicator"],
            names[match["catalog_id"]],
            at_act[indicators[match["indicator_id"]]["document_id"]],
            at_row[match["indicator_id"]],
            review_lines(indicators[match["indicator_id"]], match["catalog_id"]),
        )
        for match in found
    ]


def review_lines(indicator: Row, catalog_id: str) -> str:
    """An entry of the review file that takes the match as right; the reviewer writes the reason."""
    entry = {
        "document": indicator["document_id"],
        "group": indicator["group_text"],
        "printed": indicator["indicator"],
        "catalog_id": catalog_id,
        "reason": "",
    }
    return indent(yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=inf), "  ")
