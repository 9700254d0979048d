"""Counts that a person's eye found in regulations that lie beside the project; skipped where they are absent."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extractors.models import Document
from pipeline.document import parse

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus beside the project is absent")


def read(name: str) -> Document:
    parsed = parse((CORPUS / name).read_bytes(), name)
    assert (parsed.status, parsed.accounted_ratio) == ("parsed", 1.0)
    return parsed.documents[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("perbup-purbalingga-1-2026.md", {"bab": 10, "pasal": 34}),
        ("uu-1-1974.txt", {"bab": 14, "pasal": 67}),
        ("uu-31-1999.txt", {"bab": 7, "pasal": 45}),
        ("uu-16-2019-amends-1-1974.txt", {"item": 2, "pasal": 2}),
        ("uu-20-2001-amends-31-1999.txt", {"item": 8, "pasal": 2}),
    ],
)
def test_own_units(name: str, expected: dict[str, int]) -> None:
    kinds = Counter(p.kind for p in read(name).provisions if p.zone == "body")
    assert {kind: kinds[kind] for kind in expected} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("uu-16-2019-amends-1-1974.txt", [("substitute", "pasal_7"), ("insert", "pasal_65A")]),
        (
            "uu-20-2001-amends-31-1999.txt",
            [
                ("replace_elucidation", "penjelasan__pasal_2__ayat_2"),
                *(("substitute", f"pasal_{n}") for n in range(5, 13)),
                ("insert", "pasal_12A"),
                ("insert", "pasal_12B"),
                ("insert", "pasal_12C"),
                ("insert", "pasal_26A"),
                ("substitute", "pasal_37"),
                ("insert", "pasal_37A"),
                ("insert", "pasal_38A"),
                ("insert", "pasal_38B"),
                ("insert", "pasal_38C"),
                ("insert", "bab_VIA"),
                ("insert", "pasal_43B"),
            ],
        ),
    ],
)
def test_instructions_of_the_amending_acts(name: str, expected: list[tuple[str, str]]) -> None:
    assert [(i.action, i.new_eid or i.target_eid) for i in read(name).amendments] == expected


def test_the_village_table_of_an_annex_file() -> None:
    document = read("perbup-purbalingga-1-2026-lampiran.md")
    table = document.tables[0]
    names = [c.cell.text for c in table.cells if c.column == 2]
    districts = [name for name in names if name.startswith("KECAMATAN ")]
    assert len(districts) == 18
    numbered = {c.row for c in table.cells if c.column == 1 and c.cell.text.isdecimal() and not c.inherited}
    assert len(numbered) - len(districts) == 224
    assert {"lampiran_II__pasal_1", "lampiran_II__pasal_5"} <= {p.eid for p in document.provisions}
