"""Column roles and header rows."""

from __future__ import annotations

import pytest

from extractors.annex import headers
from extractors.models import Cell


def cells(*texts: str) -> list[Cell]:
    return [Cell(text, None, 1) for text in texts]


@pytest.mark.parametrize(
    ("heads", "roles"),
    [
        (
            (
                "SASARAN",
                "INDIKATOR SASARAN",
                "TARGET DAN TAHUN PENCAPAIAN",
                "PENANGGUN G JAWAB",
                "PERANGKAT DAERAH, LEMBAGA DAN PIHAK PENDUKUNG",
            ),
            ("group", "indicator", "target", "responsible", "supporting"),
        ),
        (("KEGIATAN", "KELUARAN ( OUTPUT )", "TARGET"), ("group", "indicator", "target")),
        (("KEG1ATAN", "KELUARAN (0UTPUT)", "TARGET DAN TAHUN PENCAPAlAN"), ("group", "indicator", "target")),
        (
            ("NO", "Indikator", "Satuan", "2023", "2024", "Ket."),
            ("number", "indicator", "unit", "year", "year", "note"),
        ),
        (
            ("No", "Program", "Indikator Kinerja", "Target 2025", "Tahun 2026"),
            ("number", "group", "indicator", "year", "year"),
        ),
        (
            ("PILAR", "KEGIATAN", "KELUARAN", "TARGET", "TAHUN"),
            ("pillar", "group", "indicator", "target", "target_time"),
        ),
        (("INDIKATOR", "TARGET (%)", "PJ", "STAKEHOLDER"), ("indicator", "target", "responsible", "supporting")),
        (("INDIKATOR", "CAPAIAN 2022", "TARGET 2023", "OPD"), ("indicator", "baseline", "year", "responsible")),
        (("Indikator", "Perangkat Daerah", "Instansi Pendukung"), ("indicator", "responsible", "supporting")),
    ],
)
def test_roles(heads: tuple[str, ...], roles: tuple[str, ...]) -> None:
    assert tuple(column.role for column in headers.read_columns(cells(*heads))) == roles
    assert headers.is_header(cells(*heads))


@pytest.mark.parametrize(
    "row",
    [
        ("a. Tersedianya layanan", "1. Persentase target sasaran", "Target: 70% Tahun: 2024", "Dinas Kesehatan"),
        ("", "Kegiatan", "", ""),
        ("1", "KEDUNGBENDA", "397.358.000", "24.027.000"),
        ("2023", "2024"),
        ("", ""),
    ],
)
def test_data_rows_are_no_headers(row: tuple[str, ...]) -> None:
    assert not headers.is_header(cells(*row))


def test_header_without_known_words_is_told_by_contrast() -> None:
    below = [cells("1", "KEDUNGBENDA", "397.358.000"), cells("2", "BOKOL", "311.558.000")]
    assert headers.looks_like_header(cells("No", "Nama Desa", "Penghasilan Tetap"), below)
    assert not headers.looks_like_header(below[0], below[1:])
    assert not headers.looks_like_header(cells("a. Kepala Desa", "wajib hadir."), [cells("b. Camat", "hadir.")])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("(1)", "(2)", "(3)"), True),
        (("1", "2", "3", "4", "5 = (3-4)"), True),
        (("1", "KEMANGKON", "3"), False),
        (("2", "3", "4"), False),
        (("1",), False),
    ],
)
def test_column_numbers(row: tuple[str, ...], expected: bool) -> None:
    assert headers.is_column_numbers(cells(*row)) is expected


@pytest.mark.parametrize(
    ("first", "second", "heads", "years"),
    [
        (
            ("NO", "INDIKATOR", "TARGET", "", "", "PENANGGUNG JAWAB"),
            ("", "", "2022", "2023", "2024", ""),
            ["NO", "INDIKATOR", "TARGET 2022", "TARGET 2023", "TARGET 2024", "PENANGGUNG JAWAB"],
            [None, None, 2022, 2023, 2024, None],
        ),
        (
            ("NO", "INDIKATOR", "TARGET", "PENANGGUNG JAWAB"),
            ("2022", "2023", "2024"),
            ["NO", "INDIKATOR", "TARGET 2022", "TARGET 2023", "TARGET 2024", "PENANGGUNG JAWAB"],
            [None, None, 2022, 2023, 2024, None],
        ),
        (
            ("URAIAN", "ANGGARAN", "", "KET"),
            ("", "PAGU", "REALISASI", ""),
            ["URAIAN", "ANGGARAN PAGU", "ANGGARAN REALISASI", "KET"],
            [None, None, None, None],
        ),
    ],
)
def test_second_header_row(
    first: tuple[str, ...], second: tuple[str, ...], heads: list[str], years: list[int | None]
) -> None:
    assert headers.is_second_header(cells(*first), cells(*second))
    columns = headers.read_columns(cells(*first), cells(*second))
    assert [column.head for column in columns] == heads
    assert [column.year for column in columns] == years


def test_a_first_data_row_is_no_second_header() -> None:
    assert not headers.is_second_header(cells("NO", "INDIKATOR", "TARGET"), cells("1", "Persentase balita", "90%"))


def test_heads_read_again_give_the_same_roles() -> None:
    first, second = ("NO", "INDIKATOR", "TARGET", "", "PENANGGUNG JAWAB"), ("", "", "2023", "2024", "")
    columns = headers.read_columns(cells(*first), cells(*second))
    again = headers.read_columns(cells(*(column.head or "" for column in columns)))
    assert [(column.role, column.year) for column in again] == [(column.role, column.year) for column in columns]


@pytest.mark.parametrize(
    ("heads", "part"),
    [
        (("SASARAN", "INDIKATOR", "TARGET"), "sasaran"),
        (("TUJUAN", "KEGIATAN", "KELUARAN (OUTPUT)", "TARGET"), "kegiatan"),
        (("NO", "INDIKATOR", "TARGET"), None),
        (("No", "Nama Desa", "Pagu"), "desa"),
        (("KODE REKENING", "URAIAN", "ANGGARAN"), "uraian"),
    ],
)
def test_part(heads: tuple[str, ...], part: str | None) -> None:
    columns = headers.read_columns(cells(*heads))
    assert headers.part_of(columns, headers.is_indicator_table(columns)) == part
