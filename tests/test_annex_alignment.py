"""Cells under their columns."""

from __future__ import annotations

import pytest

from extractors.annex.alignment import LaidRow, best_places, lay, learn, table_width
from extractors.annex.notes import AnnexNotes
from extractors.annex.tables import stitch
from extractors.models import Notes
from tests.annex_text import annex_of

HEAD = "SASARAN\tINDIKATOR SASARAN\tTARGET DAN TAHUN\tPENANGGUNG JAWAB\tPIHAK PENDUKUNG"
FULL = "\n".join(
    [
        "a. Tersedianya layanan.\t1. Persentase ibu sehat\tTarget: 90% Tahun: 2024\tDinas Kesehatan\tKecamatan, Desa",
        "\t2. Persentase bayi yang sehat\tTarget: 80% Tahun: 2024\tDinas Kesehatan\tKecamatan, dan Pemangku",
        "\t3. Jumlah keluarga miskin\tTarget: 93 KK Tahun: 2024\tDinas Sosial\tDinas Kesehatan, Kecamatan, Desa",
    ]
)


def laid(text: str) -> tuple[list[LaidRow], Notes]:
    notes = AnnexNotes(Notes("annex"), "lampiran")
    table = stitch(annex_of(text), notes)[0]
    width = table_width(table.columns, table.rows)
    return list(lay(table.rows, learn(table.columns, table.rows, width), notes)), notes.notes


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "4. Persentase desa yang bersih\tTarget: 70% Tahun: 2024\tDinas Kesehatan\tKecamatan, dan Pemangku",
            [
                "",
                "4. Persentase desa yang bersih",
                "Target: 70% Tahun: 2024",
                "Dinas Kesehatan",
                "Kecamatan, dan Pemangku",
            ],
        ),
        (
            "4. Persentase desa yang bersih\tTarget: 70% Tahun: 2024\tDinas Sosial\tKecamatan, dan Pemangku\t",
            [
                "",
                "4. Persentase desa yang bersih",
                "Target: 70% Tahun: 2024",
                "Dinas Sosial",
                "Kecamatan, dan Pemangku",
            ],
        ),
        (
            "4. Persentase desa yang bersih\tTahun: 2024\tDinas Sosial",
            ["", "4. Persentase desa yang bersih", "Tahun: 2024", "Dinas Sosial", ""],
        ),
        (
            "\t4. Persentase desa yang bersih\t\tDinas Sosial\tKecamatan\t",
            ["", "4. Persentase desa yang bersih", "", "Dinas Sosial", "Kecamatan"],
        ),
    ],
)
def test_rows_that_lost_or_gained_cells(row: str, expected: list[str]) -> None:
    rows, _ = laid(f"{HEAD}\n{FULL}\n\n{row}")
    assert [cell.text for cell in rows[-1].cells] == expected


def test_mates_on_a_page_decide_for_a_row_that_tells_nothing() -> None:
    lost = "4. Persentase desa yang bersih\tTarget: 70% Tahun: 2024\tDinas Sosial\tKecamatan, dan Pemangku"
    rows, notes = laid(f"{HEAD}\n{FULL}\n\n\t\t\tDinas Kesehatan\n{lost}\n{lost}")
    assert [cell.text for cell in rows[3].cells] == ["", "", "", "", "Dinas Kesehatan"]
    assert [f.code for f in notes][-3:] == ["row_shifted"] * 3


def test_complete_rows_are_taken_as_printed() -> None:
    rows, notes = laid(f"{HEAD}\n{FULL}")
    assert [[cell.text for cell in row.cells] for row in rows] == [line.split("\t") for line in FULL.split("\n")]
    assert [f.code for f in notes] == ["header_row"]


def test_cells_beyond_the_columns_are_kept_with_a_finding() -> None:
    rows, notes = laid("No\tNama Desa\tPagu\n1\tBOKOL\t2.000\n2\tSENON\t2.000\n3\tJETIS\t2.000\t3.000")
    assert [cell.text for cell in rows[-1].cells] == ["3", "JETIS", "2.000", "3.000"]
    assert [f.code for f in notes] == ["header_row", "row_wider"]


def test_best_places_keeps_order_and_passes_empty_cells() -> None:
    assert best_places([True, False, True], [[0.0, 2.0], [0.0, 0.0], [2.0, 0.0]], 2) == [0, None, 1]
    assert best_places([True], [[0.0, 3.0, 0.0]], 3) == [1]
    assert best_places([], [], 2) == []
