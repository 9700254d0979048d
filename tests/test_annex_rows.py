"""Pillars, groups and cut rows of indicator tables."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extractors.annex.read import read_annex, target_cells
from extractors.models import AnnexTable, Indicator, Notes
from tests.annex_text import annex_of

HEAD = "KEGIATAN\tKELUARAN (OUTPUT)\tTARGET DAN TAHUN PENCAPAIAN\tPENANGGUNG JAWAB\tPIHAK PENDUKUNG"
WORDS = frozenset(
    {"peningkatan", "komitmen", "dan", "visi", "kepemimpinan", "di", "pemerintah", "daerah", "perubahan", "perilaku"}
    | {"pemberdayaan", "masyarakat", "desa"}
)
ITEMS = [
    "peningkatan komitmen dan visi kepemimpinan Pemerintah Daerah;",
    "peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat;",
    "peningkatan ketahanan pangan dan gizi.",
]


def row(group: str, indicator: str, target: str = "Target: 90% Tahun: 2024", support: str = "Kecamatan") -> str:
    return f"{group}\t{indicator}\t{target}\tSekretariat Daerah\tDinas Kesehatan, {support}, dan Pemangku Kepentingan."


def read(text: str, items: Sequence[str] = ()) -> tuple[tuple[AnnexTable, ...], tuple[Indicator, ...], Notes]:
    notes = Notes("annex")
    tables, indicators = read_annex(annex_of(text), WORDS, items, notes)
    return tables, indicators, notes


def codes(notes: Notes) -> list[str]:
    return [finding.code for finding in notes if finding.code not in {"header_row", "header_repeated"}]


def test_groups_are_carried_down() -> None:
    tables, indicators, notes = read(
        "\n".join(
            [HEAD, row("a. Layanan A.", "1. Jumlah x"), row("", "2. Jumlah y"), row("b. Layanan B .", "1. Jumlah z")]
        )
    )
    assert [(i.group_label, i.group_text, i.number) for i in indicators] == [
        ("a", "Layanan A.", "1"),
        ("a", "Layanan A.", "2"),
        ("b", "Layanan B.", "1"),
    ]
    groups = [(cell.cell.text, cell.inherited) for cell in tables[0].cells if cell.column == 1]
    assert groups == [("a. Layanan A.", False), ("a. Layanan A.", True), ("b. Layanan B .", False)]
    assert (tables[0].kind, tables[0].part, tables[0].row_count, tables[0].column_count) == (
        "indicator",
        "kegiatan",
        3,
        5,
    )
    assert codes(notes) == []


@pytest.mark.parametrize(
    ("start", "rest", "whole"),
    [
        (
            "c. melakukan penguatan peran",
            "untuk penurunan Stunting.",
            "melakukan penguatan peran untuk penurunan Stunting.",
        ),
        ("c. evaluasi terpadu Percepatan", "Penurunan Stunting", "evaluasi terpadu Percepatan Penurunan Stunting"),
    ],
)
def test_a_group_text_goes_on_in_the_next_row(start: str, rest: str, whole: str) -> None:
    _, indicators, notes = read(
        "\n".join([HEAD, row(start, "1. Jumlah x"), "", row(rest, "2. Jumlah y"), row("", "3. Jumlah z")])
    )
    assert [(i.group_label, i.group_text) for i in indicators] == [("c", whole)] * 3
    assert codes(notes) == ["group_continued"]


def test_groups_without_labels() -> None:
    _, indicators, _ = read(
        "\n".join(
            [
                HEAD,
                row("Layanan A", "Jumlah x"),
                row("", "Jumlah y"),
                row("Layanan B", "Jumlah z"),
                "",
                row("Layanan B", "Jumlah w"),
            ]
        )
    )
    assert [i.group_text for i in indicators] == ["Layanan A", "Layanan A", "Layanan B", "Layanan B"]
    assert [(i.number, i.number_inferred) for i in indicators] == [(None, False)] * 4


@pytest.mark.parametrize(
    "rest",
    ["\t\t\t\tPemangku Kepentingan.", "\t\t\tPemangku Kepentingan.", "\tminimal 90 tablet\t\t\tPemangku Kepentingan."],
)
def test_a_row_cut_by_a_page_break_is_healed(rest: str) -> None:
    cut = row("a. Layanan", "1. Jumlah ibu yang minum").replace(" Pemangku Kepentingan.", "")
    tables, indicators, notes = read("\n".join([HEAD, cut, "", rest, row("", "2. Jumlah y"), row("", "3. Jumlah z")]))
    assert [i.number for i in indicators] == ["1", "2", "3"]
    assert indicators[0].supporting_printed == "Dinas Kesehatan, Kecamatan, dan Pemangku Kepentingan."
    assert (indicators[0].indicator or "").startswith("Jumlah ibu yang minum")
    assert tables[0].row_count == 3
    assert "row_continuation" in codes(notes)


def test_a_row_of_its_own_after_a_page_break_stays() -> None:
    rows = [
        row("a. Layanan", "Jumlah x"),
        "",
        row("", "Persentase keluarga", "Target: 50% Tahun: 2024"),
        row("", "3. Jumlah"),
    ]
    _, indicators, _ = read("\n".join([HEAD, *rows]))
    assert [i.number for i in indicators] == ["1", "2", "3"]


def test_a_pillar_in_a_row_of_its_own() -> None:
    text = [
        HEAD,
        "Pilar 1: Visi kepemimpinan\t\t\t\t",
        row("a. Layanan", "1. Jumlah x"),
        "PILAR II. Desa\t\t\t\t",
        row("a. B", "1. y"),
    ]
    tables, indicators, notes = read("\n".join(text))
    assert [(i.pillar_number, i.pillar, i.group_text) for i in indicators] == [
        (1, "Visi kepemimpinan", "Layanan"),
        (2, "Desa", "B"),
    ]
    assert tables[0].row_count == 4
    assert codes(notes) == []


def test_a_pillar_cut_by_cell_borders_is_rebuilt() -> None:
    head = "Pilar 1: Peningkatan k\tomitmen dan visi kepemimpinan\tdi Pemerintah Da\tnerah\t"
    _, indicators, notes = read("\n".join([HEAD, head, row("a. A", "1. x"), row("", "2. y")]))
    assert {i.pillar for i in indicators} == {"Peningkatan komitmen dan visi kepemimpinan di Pemerintah Daerah"}
    assert codes(notes) == ["text_rebuilt"]


def test_a_pillar_head_inside_the_row_of_an_indicator() -> None:
    garbage = "That 2. I chingkatan k\t\tlair peiriberdayaar\tImasyarakat\t"
    text = [
        HEAD,
        "Pilar 1: Peningkatan komitmen dan visi kepemimpinan\t\t\t\t",
        row("a. A", "1. Jumlah desa"),
        row("", "2. Jumlah bayi"),
        row("Pilar 2: Peningkatan k", "3. Jumlah ibu"),
        garbage,
        HEAD,
        row("a. B", "1. Jumlah rumah"),
        "Pilar 3: Peningkatan ketahanan pangan dan gizi\t\t\t\t",
        row("a. C", "1. Jumlah ikan"),
    ]
    tables, indicators, notes = read("\n".join(text), ITEMS)
    assert [(i.pillar_number, i.group_text, i.number) for i in indicators] == [
        (1, "A", "1"),
        (1, "A", "2"),
        (1, "A", "3"),
        (2, "B", "1"),
        (3, "C", "1"),
    ]
    assert indicators[3].pillar == "Peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat"
    assert tables[0].row_count == 7
    assert codes(notes) == ["section_remnant", "text_completed"]
    _, indicators, notes = read("\n".join(text))
    assert indicators[3].pillar == "Peningkatan k"
    assert codes(notes) == ["section_remnant", "text_lost"]


def test_one_column_a_year() -> None:
    text = (
        "NO\tSASARAN\tINDIKATOR\tSATUAN\tTARGET\t\tPENANGGUNG JAWAB\n\t\t\t\t2023\t2024\t\n"
        "1\tLayanan A\tJumlah x\torang\t10\t20\tDinas X\n"
        "2\t\tJumlah y\t%\t30\t\tDinas X\n3\tLayanan B\tJumlah z\t%\t50\t60\tDinas Y"
    )
    tables, indicators, _ = read(text)
    assert [(i.number, i.group_text, i.target_printed) for i in indicators] == [
        ("1", "Layanan A", "10 | 20"),
        ("2", "Layanan A", "30 | "),
        ("3", "Layanan B", "50 | 60"),
    ]
    assert [(t.text, t.year, t.unit) for t in target_cells(tables[0])[2]] == [("30", 2023, "%"), ("", 2024, "%")]


def test_a_no_column_may_number_the_groups() -> None:
    text = (
        "NO\tSASARAN\tINDIKATOR\tTARGET\n1\tLayanan A\ta. Jumlah x\t10\n\t\tb. Jumlah y\t20\n"
        "2\tLayanan B\ta. Jumlah z\t30"
    )
    _, indicators, _ = read(text)
    assert [(i.group_label, i.group_text) for i in indicators] == [
        ("1", "Layanan A"),
        ("1", "Layanan A"),
        ("2", "Layanan B"),
    ]


def test_group_rows_without_a_group_column() -> None:
    text = (
        "NO\tINDIKATOR\tTARGET\tOPD\nA. Intervensi Spesifik\t\t\t\n1\tJumlah x\t10\tDinas X\n2\tJumlah y\t20\tDinas Y"
    )
    tables, indicators, _ = read(text)
    assert [(i.group_label, i.group_text, i.number) for i in indicators] == [
        ("A", "Intervensi Spesifik", "1"),
        ("A", "Intervensi Spesifik", "2"),
    ]
    assert tables[0].row_count == 3


def test_a_section_without_header_takes_that_of_the_table_before() -> None:
    rows = "\n".join([row("a. A", "1. Jumlah x"), row("", "2. Jumlah y"), row("", "3. Jumlah z")])
    tables, indicators, notes = read(f"A. Satu\n{HEAD}\n{rows}\n\nB. Dua\n\n{rows}")
    assert [(t.section, t.part, t.kind) for t in tables] == [
        ("A", "kegiatan", "indicator"),
        ("B", "kegiatan", "indicator"),
    ]
    assert len(indicators) == 6
    assert codes(notes) == ["header_inherited"]


def test_labels_and_bullets_in_front_of_indicators() -> None:
    rows = [
        row("I. A", "a. Jumlah x"),
        row("", "b. Jumlah y"),
        row("II. B", "i. Jumlah z"),
        row("", "Jumlah w"),
        row("", "iii. Jumlah v"),
        row("III. C", "- Jumlah u"),
        row("", "- Jumlah t"),
    ]
    _, indicators, notes = read("\n".join([HEAD, *rows]))
    assert [(i.number, i.number_inferred, i.indicator) for i in indicators] == [
        ("a", False, "Jumlah x"),
        ("b", False, "Jumlah y"),
        ("i", False, "Jumlah z"),
        ("ii", True, "Jumlah w"),
        ("iii", False, "Jumlah v"),
        (None, False, "Jumlah u"),
        (None, False, "Jumlah t"),
    ]
    assert codes(notes) == ["number_inferred"]


@pytest.mark.parametrize(
    ("head", "cells", "expected"),
    [
        ("INDIKATOR\tTARGET\tTAHUN\tOPD", "Jumlah x\t90%\t2024\tDinas X", ("90%", 2024, None, None)),
        (
            "INDIKATOR\tTARGET\tTAHUN PENCAPAIAN\tOPD",
            "Jumlah x\t9\tsetiap bulan\tDinas X",
            ("9", None, None, "setiap bulan"),
        ),
        ("INDIKATOR\tTARGET (%)\tOPD", "Jumlah x\t90\tDinas X", ("90", None, "%", None)),
        ("INDIKATOR\tTARGET 2024 (KK)\tOPD", "Jumlah x\t90\tDinas X", ("90", 2024, "KK", None)),
        ("INDIKATOR\tSAT\tTARGET\tPJ", "Jumlah x\torang\t90\tDinas X", ("90", None, "orang", None)),
        ("INDIKATOR\tTAHUN PENCAPAIAN\tOPD", "Jumlah x\t90% 2024\tDinas X", ("90% 2024", None, None, None)),
    ],
)
def test_year_and_unit_beside_the_target(
    head: str, cells: str, expected: tuple[str, int | None, str | None, str | None]
) -> None:
    tables, indicators, notes = read(f"{head}\n{cells}")
    assert [(t.text, t.year, t.unit, t.time) for t in target_cells(tables[0])[1]] == [expected]
    assert indicators[0].target_printed == expected[0]
    assert indicators[0].responsible_printed == "Dinas X"
    assert codes(notes) == []


def test_a_year_column_under_a_head_over_both() -> None:
    head = "NO\tKELUARAN\tTARGET DAN TAHUN PENCAPAIAN\t\tOPD\n\t\tTARGET\tTAHUN\t"
    tables, indicators, _ = read(f"{head}\n1\tJumlah x\t2 kali\t2024\tDinas X")
    assert tables[0].headers == ("NO", "KELUARAN", "TARGET", "TAHUN", "OPD")
    assert indicators[0].target_printed == "2 kali"
    assert [(t.text, t.year) for t in target_cells(tables[0])[1]] == [("2 kali", 2024)]


def test_columns_that_give_no_field_are_findings() -> None:
    head = "INDIKATOR\tTARGET NASIONAL\tTARGET DAERAH\tTIPOLOGI\tOPD"
    _, indicators, notes = read(f"{head}\nJumlah x\t90\t80\tabc\tDinas X\nJumlah y\t90\t80\t\tDinas X")
    assert [i.target_printed for i in indicators] == ["80", "80"]
    assert codes(notes) == ["target_elsewhere", "column_unread"]


def test_blank_years_keep_their_place() -> None:
    text = "NO\tINDIKATOR\t2022\t2023\t2024\tOPD\n1\tJumlah x\t\t80%\t100%\tDinas X\n2\tJumlah y\t\t\t\tDinas X"
    _, indicators, _ = read(text)
    assert [i.target_printed for i in indicators] == [" | 80% | 100%", None]
