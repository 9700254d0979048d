"""Parts stitched into tables."""

from __future__ import annotations

from extractors.annex.notes import AnnexNotes
from extractors.annex.tables import Stitched, stitch
from extractors.models import Notes
from tests.annex_text import annex_of

HEAD = "SASARAN\tINDIKATOR SASARAN\tTARGET\tPENANGGUNG JAWAB"
OTHER = "KEGIATAN\tKELUARAN (OUTPUT)\tTARGET\tPENANGGUNG JAWAB"
ROWS = "a. Layanan\t1. Persentase A\t90%\tDinas X\n\t2. Persentase B\t80%\tDinas Y"


def stitched(text: str) -> tuple[tuple[Stitched, ...], Notes]:
    notes = Notes("annex")
    return stitch(annex_of(text, page_breaks=True), AnnexNotes(notes, "lampiran")), notes


def test_parts_over_pages_are_one_table() -> None:
    tables, notes = stitched(f"A. Uraian\n{HEAD}\n{ROWS}\n\n- 2 -\n{HEAD}\n{ROWS}\n\n{ROWS}")
    assert [(t.section, len(t.rows), t.stitching, t.page_start, t.page_end) for t in tables] == [
        ("A", 6, "3 parts; header on 2", 1, 3)
    ]
    assert [row.opens_part for row in tables[0].rows] == [True, False] * 3
    assert [f.code for f in notes] == ["header_row", "header_repeated"]
    assert all(f.span and f.span.end - f.span.start == len(HEAD) for f in notes)


def test_a_section_line_and_another_header_begin_a_table() -> None:
    tables, _ = stitched(f"{HEAD}\n{ROWS}\n\nB. Uraian\n\n{HEAD}\n{ROWS}\n\n{OTHER}\n{ROWS}\n{HEAD}\n{ROWS}")
    assert [(t.section, t.columns[0].head, len(t.rows)) for t in tables] == [
        (None, "SASARAN", 2),
        ("B", "SASARAN", 2),
        ("B", "KEGIATAN", 2),
        ("B", "SASARAN", 2),
    ]


def test_page_furniture_between_parts_does_not_end_a_table() -> None:
    foot = "Dokumen ini telah ditandatangani secara elektronik menggunakan sertifikat yang diterbitkan oleh Balai"
    tables, _ = stitched(f"{foot}\n{HEAD}\n{ROWS}\n\n{foot}\n{foot}\n- 2 -\n\n{ROWS}")
    assert [len(t.rows) for t in tables] == [4]


def test_running_text_and_headings_end_a_table() -> None:
    text = "Kepala Desa menyampaikan laporan kepada Camat setiap bulan paling lambat tanggal sepuluh bulan berikutnya."
    for between in (text, "DAFTAR HADIR PESERTA", "# Lanjutan"):
        tables, _ = stitched(f"{HEAD}\n{ROWS}\n\n{between}\n\n{ROWS}")
        assert [len(t.rows) for t in tables] == [2, 2]


def test_rows_without_data_become_findings() -> None:
    tables, notes = stitched(
        f"{HEAD}\n(1)\t(2)\t(3)\t(4)\n{ROWS}\n--\t---\t--\t--\n\t\t\t\n\n(1)\t(2)\t(3)\t(4)\n{ROWS}"
    )
    assert [len(t.rows) for t in tables] == [4]
    assert [f.code for f in notes] == ["header_row", "column_number_row", "rule_row", "rule_row", "column_number_row"]


def test_a_header_with_spelling_noise_is_the_same_header() -> None:
    noisy = HEAD.replace("PENANGGUNG", "PENANGGUN G").replace("SASARAN\t", "SASAR4N\t", 1)
    tables, notes = stitched(f"{noisy}\n{ROWS}\n\n{HEAD}\n{ROWS}")
    assert [c.role for c in tables[0].columns] == ["group", "indicator", "target", "responsible"]
    assert [c.head for c in tables[0].columns][3] == "PENANGGUNG JAWAB"
    assert [f.code for f in notes] == ["header_row", "header_repeated"]


def test_two_header_rows_on_every_page() -> None:
    head = "NO\tINDIKATOR\tTARGET\t\tOPD\n\t\t2023\t2024\t"
    rows = "1\tPersentase A\t80\t90\tDinas X\n2\tPersentase B\t70\t75\tDinas Y"
    tables, notes = stitched(f"{head}\n{rows}\n\n{head}\n{rows}")
    assert [[c.head for c in t.columns] for t in tables] == [["NO", "INDIKATOR", "TARGET 2023", "TARGET 2024", "OPD"]]
    assert len(tables[0].rows) == 4
    assert [f.code for f in notes] == ["header_row"] * 2 + ["header_repeated"] * 2


def test_a_much_wider_part_is_another_table() -> None:
    tables, _ = stitched(
        "Form\tKeterangan\nForm I\tSurat Kuasa\n\n1\t2.000\t3.000\t4.000\t5.000\n2\t2.000\t3.000\t4.000\t5.000"
    )
    assert [len(t.rows) for t in tables] == [1, 2]
