"""Annexes as a whole: the seed texts, and what holds for any blocks."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.annex.read import read_annex
from extractors.annex.wording import words_of
from extractors.models import AnnexTable, AnnexZone, Indicator, Line, Notes, TablePart
from extractors.readers.text import read_text
from tests.annex_text import annex_of

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
BALANGAN = CORPUS / "000_2d5da91c8a926034.txt"
BLORA = CORPUS / "002_00eec4166ff30b62.txt"
PURBALINGGA = CORPUS / "perbup-purbalingga-1-2026-lampiran.md"


def read(path: Path) -> tuple[AnnexZone, tuple[AnnexTable, ...], tuple[Indicator, ...], Notes]:
    if not path.exists():
        pytest.skip("the seed text is not here")
    blocks = read_text(path.read_bytes()).pages[0].blocks
    start = max((i for i, b in enumerate(blocks) if isinstance(b, Line) and b.text == "LAMPIRAN"), default=0)
    body = [block.text for block in blocks[:start] if isinstance(block, Line)]
    words = frozenset(word for text in body for word in words_of(text))
    items = [text[3:] for text in body if text[1:3] == ". " and text[0].islower()]
    annex, notes = AnnexZone("lampiran", None, blocks[start:]), Notes("annex")
    return annex, *read_annex(annex, words, items, notes), notes


def assert_rows_accounted(annex: AnnexZone, tables: tuple[AnnexTable, ...], notes: Notes) -> None:
    """Every source row is a row of a table or a finding at its span, every text cell a cell or in such a row."""
    rows = [row for block in annex.blocks if isinstance(block, TablePart) for row in block.rows]
    left_out = {f.span for f in notes if f.code in LEFT_OUT}
    lines = sum(f.code == "line_row" for f in notes)
    assert len(rows) + lines == sum(table.row_count for table in tables) + sum(row.span in left_out for row in rows)
    spans = {cell.cell.span for table in tables for cell in table.cells if not cell.inherited}
    for row in rows:
        assert row.span in left_out or all(cell.span in spans for cell in row.cells if cell.text)


LEFT_OUT = {"header_row", "header_repeated", "column_number_row", "rule_row", "row_continuation", "section_remnant"}


def test_balangan() -> None:
    annex, tables, indicators, notes = read(BALANGAN)
    assert [(t.section, t.part, t.row_count, t.stitching) for t in tables] == [
        ("A", "sasaran", 20, "5 parts; header on 1"),
        ("B", "kegiatan", 74, "18 parts; header on 3"),
    ]
    counts = Counter((i.section, i.pillar_number or i.group_label) for i in indicators)
    assert counts == {
        ("A", "a"): 9,
        ("A", "b"): 11,
        ("B", 1): 10,
        ("B", 2): 13,
        ("B", 3): 22,
        ("B", 4): 7,
        ("B", 5): 18,
    }
    pillars = list(dict.fromkeys(i.pillar for i in indicators if i.pillar))
    assert pillars == [
        "Peningkatan komitmen dan visi kepemimpinan di Pemerintah Daerah",
        "Peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat",
        "Peningkatan konvergensi Intervensi Spesifik dan Intervensi Sensitif di Pemerintah Daerah, Kecamatan, "
        "dan Pemerintah Desa",
        "Peningkatan ketahanan pangan dan gizi pada tingkat individu, keluarga, dan masyarakat",
        "Penguatan dan pengembangan sistem, data, informasi, riset, dan inovasi",
    ]
    assert sum(i.number_inferred for i in indicators) == 12
    assert all(i.indicator and i.group_text and i.responsible_printed and i.supporting_printed for i in indicators)
    assert_rows_accounted(annex, tables, notes)


def test_blora() -> None:
    annex, tables, indicators, notes = read(BLORA)
    assert [(t.section, t.part, t.row_count) for t in tables] == [(None, "sasaran", 20), ("A", "kegiatan", 72)]
    assert Counter(i.section for i in indicators) == {None: 20, "A": 67}
    assert [i.ordinal for i in indicators if i.number is None] == [72, 85]
    assert all(i.target_printed and i.indicator and i.group_text for i in indicators)
    assert {f.code for f in notes} == {"header_row", "header_repeated", "hyphen_healed"}
    assert_rows_accounted(annex, tables, notes)


def test_purbalingga() -> None:
    annex, tables, indicators, notes = read(PURBALINGGA)
    assert [(t.part, t.kind, t.row_count, t.column_count) for t in tables][:2] == [
        ("desa", "other", 243, 11),
        ("form", "other", 10, 2),
    ]
    assert indicators == ()
    assert_rows_accounted(annex, tables, notes)


CELLS = st.one_of(
    st.just(""),
    st.sampled_from(
        [
            "SASARAN",
            "INDIKATOR",
            "TARGET",
            "PENANGGUNG JAWAB",
            "NO",
            "2024",
            "(1)",
            "(2)",
            "(3)",
            "--",
            "Pilar 2: Peningkatan k",
            "INTERVENSI SENSITIF",
            "II",
            "JUMLAH",
            "TAHUN",
            "PILAR",
            "a. Layanan",
            "ii. Layanan",
            "- Layanan,",
            "b.",
            "1. Jumlah",
            "22. Jumlah",
            "3.",
            "Target: 90% Tahun: 2024",
            "Dinas Kesehatan",
            "dan rest",
            "Stunting.  I",
            "90 Tablet",
            "- dst",
        ]
    ),
    st.text(max_size=12).filter(lambda text: "\t" not in text and "\n" not in text),
)
LINES = st.one_of(
    st.lists(CELLS, min_size=2, max_size=9).map("\t".join),
    st.sampled_from(["", "", "A. Uraian", "# Judul", "- 3 -", "BUPATI CONTOH,", "SASARAN\tINDIKATOR\tTARGET\tOPD"]),
    st.sampled_from(["Pilar 2: Komunikasi", "PILAR TIGA", "dan perilaku", "a. Layanan", "Kecamatan", "STRATEGI 1: X"]),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(LINES, max_size=25))
def test_any_rows_are_accounted_for(lines: list[str]) -> None:
    annex, notes = annex_of("\n".join(lines), page_breaks=True), Notes("annex")
    tables, indicators = read_annex(annex, frozenset({"jumlah"}), ["peningkatan kapasitas"], notes)
    assert_rows_accounted(annex, tables, notes)
    assert [i.ordinal for i in indicators] == list(range(1, len(indicators) + 1))
    for table in tables:
        places = [(cell.row, cell.column) for cell in table.cells]
        assert places == sorted(set(places))
        assert {row for row, _ in places} == set(range(1, table.row_count + 1))
