"""Rows and lines that open sections, groups and pillars, and rows of sums."""

from __future__ import annotations

import pytest

from extractors.annex.section_heads import counted_head
from extractors.models import Indicator, Notes
from tests.test_annex_rows import HEAD, codes, read, row

SHORT = "NO\tKEGIATAN\tKELUARAN\tTARGET\tPENANGGUNG JAWAB"
PILLAR_HEAD = "PILAR\tKEGIATAN\tKELUARAN\tTARGET\tTAHUN\tPENANGGUNG JAWAB"


def groups(indicators: tuple[Indicator, ...]) -> list[tuple[str | None, str | None, str | None]]:
    return [(i.group_label, i.group_text, i.number) for i in indicators]


def repairs(notes: Notes, code: str) -> list[str]:
    return [f.message for f in notes if f.code == code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pilar 2: Peningkatan k", (2, "Peningkatan k", True)),
        ("PILAR KEDUA: Komunikasi", (2, "Komunikasi", True)),
        ("Pilar Ketiga Komunikasi", (3, "Komunikasi", True)),
        ("PILAR TIGA", (3, "", True)),
        ("Pilar IV. Pangan", (4, "Pangan", True)),
        ("STRATEGI 2: KOMUNIKASI", (2, "KOMUNIKASI", False)),
        ("Pilar Satu Data Indonesia", None),
        ("Persentase 2 anak", None),
        ("", None),
    ],
)
def test_counted_heads(text: str, expected: tuple[int, str, bool] | None) -> None:
    assert counted_head(text) == expected


def test_a_pillar_on_a_line_of_its_own() -> None:
    text = [
        HEAD,
        "Pilar 1: Visi kepemimpinan",
        row("a. A", "1. Jumlah x"),
        "",
        "PILAR KEDUA: Perubahan",
        "perilaku masyarakat",
        "",
        row("a. B", "1. Jumlah y"),
    ]
    tables, indicators, notes = read("\n".join(text))
    assert [(i.pillar_number, i.pillar, i.group_text) for i in indicators] == [
        (1, "Visi kepemimpinan", "A"),
        (2, "Perubahan perilaku masyarakat", "B"),
    ]
    assert tables[0].row_count == 4
    assert codes(notes) == ["line_row", "line_row"]


def test_a_pillar_on_the_line_above_each_header() -> None:
    part = [HEAD, row("a. A", "1. Jumlah x")]
    _, indicators, _ = read("\n".join(["Pilar 1: Visi", *part, "Pilar 2: Desa", *part]))
    assert [(i.pillar_number, i.group_text, i.number) for i in indicators] == [(1, "A", "1"), (2, "A", "1")]


def test_lines_between_rows_are_groups_rests_or_findings() -> None:
    open_row = row("a. A", "1. Jumlah x").replace(" Pemangku Kepentingan.", "")
    text = [
        HEAD,
        open_row,
        "Pemangku Kepentingan.",
        "",
        "b. Layanan gizi anak",
        row("", "1. Jumlah y"),
        "Catatan rapat",
        row("", "2. Jumlah z"),
    ]
    _, indicators, notes = read("\n".join(text))
    assert groups(indicators) == [("a", "A", "1"), ("b", "Layanan gizi anak", "1"), ("b", "Layanan gizi anak", "2")]
    assert indicators[0].supporting_printed == "Dinas Kesehatan, Kecamatan, dan Pemangku Kepentingan."
    assert codes(notes) == ["line_continuation", "line_row", "line_in_table"]


def test_lines_behind_a_table_are_no_rows() -> None:
    tables, indicators, notes = read("\n".join([HEAD, row("a. A", "1. Jumlah x"), "b. Catatan", "ttd", "Nama"]))
    assert (tables[0].row_count, len(indicators), codes(notes)) == (1, 1, [])


@pytest.mark.parametrize(
    "head", ["II\tKOMUNIKASI PERILAKU\t\t\t", "B.\tIntervensi lain\t\t\t", "STRATEGI 2: Lain\t\t\t\t"]
)
def test_section_rows_do_not_join_the_row_above(head: str) -> None:
    text = [
        SHORT,
        "1\tRapat\tTerselenggaranya rapat\t2 kali\tDinas X",
        "2\tRembuk\tTerselenggaranya rembuk\t1 kali\tDinas X",
        head,
        "1\tKampanye\tJumlah kanal\t3 kanal\tDinas X",
        "\tJUMLAH\t\t6\t",
    ]
    tables, indicators, notes = read("\n".join(text))
    assert groups(indicators) == [(None, "Rapat", "1"), (None, "Rembuk", "2"), (None, "Kampanye", "1")]
    assert tables[0].row_count == 5
    assert codes(notes) == ["total_row", "section_row"]


def test_a_section_is_the_group_of_rows_that_have_no_other() -> None:
    text = "No\tIndikator\tSatuan\tTarget\tOPD\nA\tOutput\t\t\t\n1\tPrevalensi\t%\t14\tDinas X\nB\tOutcome\t\t\t\n"
    text += "1\tJumlah desa\tdesa\t10\tDinas X\n2\tJumlah kader\torang\t10\tDinas X\nJumlah\t2 indikator\t\t\t"
    _, indicators, notes = read(text)
    assert groups(indicators) == [("A", "Output", "1"), ("B", "Outcome", "1"), ("B", "Outcome", "2")]
    assert codes(notes) == ["total_row"]


def test_an_indicator_without_target_stays() -> None:
    _, indicators, _ = read(f"{HEAD}\n{row('a. A', '1. Jumlah x')}\n\t2. Jumlah\t\t\t\n{row('', '3. Jumlah z')}")
    assert [i.indicator for i in indicators] == ["Jumlah x", "Jumlah", "Jumlah z"]


def test_groups_without_labels_begin_with_capitals() -> None:
    rows = [row("Gizi ibu", "1. x"), row("", "2. y"), "", row("Gizi anak", "3. z"), row("Sanitasi dan", "4. w")]
    _, indicators, _ = read("\n".join([HEAD, *rows, "", row("Air Minum", "5. v")]))
    assert [i.group_text for i in indicators] == ["Gizi ibu", "Gizi ibu", "Gizi anak", *["Sanitasi dan Air Minum"] * 2]


def test_a_pillar_column() -> None:
    text = [
        PILLAR_HEAD,
        "Pilar 1 Peningkatan komitmen\ta. Rapat\t1. Jumlah rapat\t2 kali\t2024\tDinas X",
        "\t\t2. Jumlah rembuk\t1 kali\t2024\tCamat",
        "Pilar 2 Komunikasi\ta. Kampanye\t1. Jumlah kampanye\t3 kanal\t2024\tDinas X",
        "",
        "Pilar 2 Komunikasi\tb. Forum\t1. Jumlah forum\t1 kali\t2024\tDinas X",
    ]
    _, indicators, notes = read("\n".join(text))
    assert [(i.pillar_number, i.pillar, i.group_label, i.number) for i in indicators] == [
        (1, "Peningkatan komitmen", "a", "1"),
        (1, "Peningkatan komitmen", "a", "2"),
        (2, "Komunikasi", "a", "1"),
        (2, "Komunikasi", "b", "1"),
    ]
    assert codes(notes) == []


@pytest.mark.parametrize(
    "head",
    [
        "Pilar III. Peningkatan kom\titmen dan visi\tdan kepemimpinan di\tdaerah\t",
        "PILAR TIGA\tPeningkatan komitmen dan visi\tdan kepemimpinan\tdi daerah\t",
        "\t".join(["Pilar 3: Peningkatan komitmen dan visi dan kepemimpinan di daerah"] * 5),
    ],
)
def test_a_pillar_over_several_cells_is_no_indicator(head: str) -> None:
    rows = [row("a. A", "1. x"), row("", "2. y"), head, row("a. B", "1. z")]
    _, indicators, _ = read("\n".join([HEAD, *rows]))
    assert [i.number for i in indicators] == ["1", "2", "1"]
    assert (indicators[2].pillar_number, indicators[2].pillar) == (
        3,
        "Peningkatan komitmen dan visi dan kepemimpinan di daerah",
    )


def test_a_line_in_capitals_does_not_end_a_table_in_capitals() -> None:
    rows = "\n".join(["1\tRAPAT\tJUMLAH RAPAT\t2 KALI\tSETDA", "RAPAT RUTIN", "2\tREMBUK\tJUMLAH\t1 KALI\tCAMAT"])
    _, indicators, notes = read(f"{SHORT}\n{rows}")
    assert groups(indicators) == [(None, "RAPAT", "1"), (None, "REMBUK", "2")]
    assert repairs(notes, "line_in_table") == ["a line between rows, not understood: RAPAT RUTIN"]
