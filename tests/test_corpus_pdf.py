"""What a person's eye counted in PDF regulations that lie beside the project; skipped where they are absent."""

from __future__ import annotations

import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from extractors.models import Document, Indicator
from pipeline.document import Parsed, parse

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
BLORA, BALANGAN = "002_00eec4166ff30b62.txt", "000_2d5da91c8a926034.txt"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus beside the project is absent")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@cache
def read(name: str) -> Parsed:
    return parse((CORPUS / name).read_bytes(), name)


def document(name: str) -> Document:
    return read(name).documents[0]


def nodes(of: Document) -> list[tuple[str, str, str]]:
    return [(p.eid, p.heading.text, p.text.text) for p in of.provisions]


def facts(row: Indicator) -> tuple[object, ...]:
    agencies = [(a.name_printed, a.name) for a in (*row.responsible, *row.supporting)]
    return row.group_label, row.group_text, row.number, row.indicator, row.target_printed, row.targets, tuple(agencies)


def cells(of: Document) -> Counter[str]:
    return Counter(c.cell.text for t in of.tables for c in t.cells if not c.inherited and c.cell.text)


@pytest.mark.parametrize("name", ["rendered/blora-6-2024-born-digital.pdf", "rendered/blora-6-2024-rotated.pdf"])
def test_born_digital_and_rotated_pages_give_what_the_text_gives(name: str) -> None:
    text, pdf = document(BLORA), document(name)
    assert (read(name).status, read(name).accounted_ratio) == ("parsed", 1.0)
    assert nodes(pdf) == nodes(text)
    assert [facts(row) for row in pdf.indicators] == [facts(row) for row in text.indicators]
    assert cells(pdf) == cells(text)
    assert all(c.cell.box for t in pdf.tables for c in t.cells if c.cell.text)
    assert {row.page for row in pdf.indicators} - {1}


def test_damaged_tables_over_many_pages_lose_only_the_row_that_the_typesetting_ran_together() -> None:
    text, pdf = document(BALANGAN), document("rendered/balangan-42-2024-born-digital.pdf")
    missing = Counter(row.indicator for row in text.indicators) - Counter(row.indicator for row in pdf.indicators)
    assert sum(missing.values()) == 1
    kinds = Counter(p.kind for p in pdf.provisions if p.zone == "body")
    assert [kinds[kind] for kind in ("bab", "bagian", "pasal", "ayat", "huruf")] == [10, 3, 28, 55, 80]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("perda-banjarnegara-8-2025.pdf", {"item": 12, "pasal": 2}),
        ("perbup-seruyan-45-2017.pdf", {"pasal": 12, "bab": 7, "bagian": 3}),
        ("perda-tapin-7-2015.pdf", {"bab": 10, "pasal": 47}),
    ],
)
def test_units_of_born_digital_acts(name: str, expected: dict[str, int]) -> None:
    kinds = Counter(p.kind for p in document(name).provisions if p.zone == "body")
    assert {kind: kinds[kind] for kind in expected} == expected
    assert read(name).accounted_ratio == 1.0


def test_a_bab_that_is_printed_twice_stays_twice() -> None:
    assert {"bab_VI", "bab_VI_2"} <= {p.eid for p in document("perbup-seruyan-45-2017.pdf").provisions}


def test_the_numbers_of_a_long_ruled_table_run_without_a_gap() -> None:
    table = document("pergub-bali-1-2021-lampiran-1.pdf").tables[0]
    numbers = [int(c.cell.text) for c in table.cells if c.column == 1 and c.cell.text.isdecimal() and not c.inherited]
    assert numbers == list(range(1, 1138))


def test_the_articles_of_an_elucidation_are_not_those_of_the_body() -> None:
    own = [
        p.eid for p in document("perda-banjarnegara-8-2025.pdf").provisions if p.zone == "body" and p.kind == "pasal"
    ]
    assert own == ["pasal_I", "pasal_II"]


def test_an_abstract_is_no_regulation() -> None:
    assert (read("not-a-regulation-abstract.pdf").status, read("not-a-regulation-abstract.pdf").reason) == (
        "rejected",
        "not_a_regulation",
    )


@needs_tesseract
def test_a_scan_gives_every_unit_and_row_and_flags_the_targets_that_are_not_exact() -> None:
    text, scan = document(BLORA), document("rendered/blora-6-2024-scan.pdf")
    units = [eid for eid, _, _ in nodes(text)]
    assert [p.eid for p in scan.provisions] == units
    assert len(scan.indicators) == len(text.indicators)
    exact = sum((cells(scan) & cells(text)).values())
    assert exact >= 0.95 * sum(cells(text).values())
    pairs = list(zip(text.indicators, scan.indicators, strict=True))
    wrong = [row for truth, row in pairs if [t.value for t in truth.targets] != [t.value for t in row.targets]]
    assert len(wrong) <= 0.01 * len(pairs)
    findings = [f for f in (*read("rendered/blora-6-2024-scan.pdf").findings, *scan.findings) if f.span]
    assert all(any(row.span.start <= f.span.start <= row.span.end for f in findings if f.span) for row in wrong)
