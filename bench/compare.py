"""Matching and comparing the indicator rows of many regions."""

from __future__ import annotations

import random
import time
from typing import Any

from extractors.catalog.entries import themes
from pipeline.compare import compare
from pipeline.copies import people, shared
from tests.made_release import Shape, made

REGIONS, INDICATORS = 500, 70
# How regions word one thing; a fifth of the rows holds words that no entry has, and a third a misread letter.
VERBS = ("memperoleh", "menerima", "mendapat", "mendapatkan")


def worded(name: str, chance: random.Random) -> str:
    for verb in VERBS:
        name = name.replace(verb, chance.choice(VERBS))
    if chance.random() < 1 / 3:
        name = name.replace("l", "1", 1)
    return f"{name} di lokasi {chance.randrange(1000)}" if chance.random() < 1 / 5 else name


def main() -> None:
    """One line: seconds and outcome."""
    chance = random.Random(1)
    rows: dict[str, list[dict[str, Any]]] = made(Shape(REGIONS, INDICATORS, 0))
    entries = [entry for theme in themes() for entry in theme.entries]
    acts = {row["document_id"]: row | {"title": "PERCEPATAN PENURUNAN STUNTING"} for row in rows["documents"]}
    rows["documents"] = list(acts.values())
    for number, row in enumerate(rows["indicators"]):
        entry = entries[number % INDICATORS]
        row |= {"part": entry.part, "pillar_number": entry.pillar_number, "indicator": worded(entry.name, chance)}
    start = time.process_time()
    compared = compare(rows)
    groups = list(shared(people(rows | {"comparison": compared.comparison})))
    spent = time.process_time() - start
    certain = sum(row["status"] == "certain" for row in compared.matches)
    print(f"Comparison of {REGIONS} regions with {INDICATORS} indicators each: {spent:.1f} s CPU")
    outcome = f"{certain} certain, {len(compared.comparison)} compared, {len(groups)} shared"
    print(f"  {len(rows['indicators'])} rows, {outcome}")


if __name__ == "__main__":
    main()
