"""Tables of born-digital pages: ruled, merged, broken by pages, turned, without rules."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.models import TablePart
from tests.made_pdf import Draw, codes, lines_of, made, paragraph, rows_of, ruled, source, texts, together

HEAD = ["NO", "INDIKATOR", "TARGET"]
LAST = ["2.", "Keluarga", "58.850 jiwa"]
ROWS = [HEAD, ["1.", "Cakupan ibu hamil\nyang diperiksa", "Target: 90%\nTahun: 2024"], LAST]
READ = [HEAD, ["1.", "Cakupan ibu hamil yang diperiksa", "Target: 90% Tahun: 2024"], LAST]
WIDTHS = [40, 180, 120]


def test_ruled_table_gives_cells_with_boxes_and_lines_around_it() -> None:
    page = source(made(together(texts((60, 60, "LAMPIRAN")), ruled(ROWS, WIDTHS), texts((60, 220, "BUPATI"))))).pages[0]
    assert rows_of(page) == READ
    assert lines_of(page) == ["LAMPIRAN", "BUPATI"]
    assert isinstance(page.blocks[1], TablePart)
    box = page.blocks[1].rows[1].cells[1].box
    assert box is not None
    assert tuple(round(value) for value in box) == (100, 112, 280, 144)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_turned_page_reads_upright_when_its_text_does(rotate: int) -> None:
    def sideways(pdf: FPDF) -> None:
        # The page is turned clockwise, so its content is drawn turned the other way.
        with pdf.rotation(rotate, 300, 300):
            ruled(ROWS, WIDTHS, x=120, y=240)(pdf)

    page = source(made(sideways, size=(600, 600), rotate=rotate)).pages[0]
    assert rows_of(page) == READ
    assert page.rotation == rotate


def test_text_drawn_sideways_without_rotate_is_turned() -> None:
    def sideways(pdf: FPDF) -> None:
        with pdf.rotation(90, 300, 300):
            ruled(ROWS, WIDTHS, x=120, y=240)(pdf)

    page = source(made(sideways, size=(600, 700))).pages[0]
    assert rows_of(page) == READ
    assert (page.width, page.height, page.rotation) == (700, 600, 90)


def test_cells_merged_down_and_across_stand_in_their_first_row_and_column() -> None:
    rows = [["a. Sasaran", "1. satu", "90%"], ["", "2. dua", "80%"], ["Pilar 2: Komitmen", "", ""]]
    missing = [("above", 1, 0), ("left", 2, 1), ("left", 2, 2)]
    page = source(made(ruled(rows, WIDTHS, missing=missing))).pages[0]
    assert rows_of(page) == rows
    cell = page.blocks[0].rows[0].cells[0]  # type: ignore[union-attr]
    assert cell.box is not None
    assert round(cell.box.bottom - cell.box.top) == 64


@pytest.mark.parametrize(("horizontal", "expected"), [([0, 1, 2], READ), ([1, 2, 3], READ), ([1, 2], READ)])
def test_table_is_closed_at_the_ends_of_its_vertical_rules(horizontal: list[int], expected: list[list[str]]) -> None:
    assert rows_of(source(made(ruled(ROWS, WIDTHS, horizontal=horizontal))).pages[0]) == expected


def test_row_split_over_pages_keeps_the_rest_as_a_row_of_the_next_page() -> None:
    first = ruled([HEAD, ["1.", "Cakupan layanan", "Target: 90%"]], WIDTHS, horizontal=[0, 1])
    second = ruled([["", "bagi keluarga", ""], ["2.", "Lain", "80%"]], WIDTHS, horizontal=[1, 2])
    pages = source(made(first, second)).pages
    assert rows_of(pages[0])[1:] == [["1.", "Cakupan layanan", "Target: 90%"]]
    assert rows_of(pages[1]) == [["", "bagi keluarga", ""], ["2.", "Lain", "80%"]]
    assert pages[1].blocks[0].rows[0].cells[1].page == 2  # type: ignore[union-attr]


def test_columns_ruled_and_rows_left_to_the_eye() -> None:
    rows = [["NO", "URAIAN", "JUMLAH"], ["1\n2\n3", "Gaji\nHonor\nDana desa", "1.500\n200\n30.000"]]
    page = source(made(ruled(rows, WIDTHS, height=50))).pages[0]
    expected = [["NO", "URAIAN", "JUMLAH"], ["1", "Gaji", "1.500"], ["2", "Honor", "200"], ["3", "Dana desa", "30.000"]]
    assert rows_of(page) == expected


def _open_table(rows: list[list[str]], xs: list[float]) -> Draw:
    placed = [(x, 100 + 16 * r, text) for r, row in enumerate(rows) for x, text in zip(xs, row, strict=True)]
    return texts(*[place for place in placed if place[2]])


def test_table_without_rules_is_told_by_alignment() -> None:
    rows = [["NO", "KECAMATAN", "JUMLAH"], *[[f"{n}.", f"Desa {'abc'[n % 3]}", str(1000 * n)] for n in range(1, 7)]]
    rows.insert(3, ["", "yang jauh", ""])
    found = source(made(_open_table(rows, [60, 100, 300])))
    assert rows_of(found.pages[0])[:3] == [rows[0], rows[1], ["2.", "Desa c yang jauh", "2000"]]
    assert len(rows_of(found.pages[0])) == 7
    assert "open_table" in codes(found)


def test_text_below_a_table_without_rules_closes_no_column_of_it() -> None:
    rows = [["NO", "DESA", "SATUAN", "2024", "2025"]]
    rows += [[f"{n}.", "Desa yang jauh", "orang", str(10 * n), str(20 * n)] for n in range(1, 6)]
    rows.append(["", "dari kota", "", "", ""])
    # `SATUAN` stands so near that a full cell before it leaves no wide gap; the signature lies across the years.
    drawn = together(_open_table(rows, [60, 100, 183, 240, 280]), texts((220, 222, "BUPATI BALANGAN,")))
    page = source(made(drawn)).pages[0]
    assert rows_of(page) == [*rows[:-2], ["5.", "Desa yang jauh dari kota", "orang", "50", "100"]]
    assert lines_of(page) == ["BUPATI BALANGAN,"]


@pytest.mark.parametrize(
    "lines",
    [
        [(60, "Nama"), (160, ":"), (180, "........"), (320, "1")],
        [(60, "-"), (100, "NIK"), (200, ": 12")],
        [(60, "a."), (90, "bahwa dalam rangka percepatan penurunan stunting perlu kerja sama")],
    ],
)
def test_forms_and_lists_are_no_tables(lines: list[tuple[float, str]]) -> None:
    page = source(made(texts(*[(x, 100 + 16 * r, text) for r in range(6) for x, text in lines]))).pages[0]
    assert rows_of(page) == []
    assert len(lines_of(page)) == 6


def test_heads_that_stand_sideways_in_their_cells() -> None:
    def upright_and_sideways(pdf: FPDF) -> None:
        ruled([["INDIKATOR", "", ""], ["Cakupan layanan bagi ibu hamil", "90", "95"]], [200, 40, 40], height=90)(pdf)
        for x, words in ((285, ["TAHUN 2023"]), (320, ["TARGET", "TAHUN 2024"])):
            for i, text in enumerate(words):
                with pdf.rotation(90, x + 13 * i, 160):
                    pdf.text(x + 13 * i, 160, text)

    page = source(made(upright_and_sideways)).pages[0]
    assert rows_of(page)[0] == ["INDIKATOR", "TAHUN 2023", "TARGET TAHUN 2024"]


def test_cells_told_by_shading_alone() -> None:
    def shaded(pdf: FPDF) -> None:
        for r, row in enumerate(READ):
            for c, text in enumerate(row):
                pdf.set_fill_color(*((40, 70, 160) if r == 0 else (215, 225, 240)))
                pdf.rect(60 + 160 * c, 80 + 20 * r, 159, 19, style="F")
                pdf.set_text_color(255 if r == 0 else 0)
                pdf.text(63 + 160 * c, 93 + 20 * r, text[:24])

    found = source(made(shaded))
    assert rows_of(found.pages[0]) == [[text[:24].strip() for text in row] for row in READ]
    assert not found.findings


def test_frames_and_drawings_are_no_tables() -> None:
    def frame(pdf: FPDF) -> None:
        pdf.rect(50, 50, 100, 40)
        pdf.text(60, 70, "SALINAN")

    def chart(pdf: FPDF) -> None:
        for x, y, text in ((200, 100, "BUPATI"), (100, 200, "ASISTEN"), (300, 200, "DINAS")):
            pdf.rect(x, y, 90, 30)
            pdf.text(x + 5, y + 20, text)
        pdf.line(245, 130, 245, 170)
        pdf.line(145, 170, 345, 170)
        pdf.line(145, 170, 145, 200)
        pdf.line(345, 170, 345, 200)

    found = source(made(frame, chart))
    assert [rows_of(page) for page in found.pages] == [[], []]
    assert lines_of(found.pages[1]) == ["BUPATI", "ASISTEN DINAS"]
    assert codes(found) == ["drawing"]


def test_two_tables_on_a_page_stay_two() -> None:
    page = source(made(together(ruled(ROWS, WIDTHS), ruled([["A", "B"], ["x", "y"]], [90, 90], y=300)))).pages[0]
    assert [len(block.rows) for block in page.blocks if isinstance(block, TablePart)] == [3, 2]


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.lists(WORDS, max_size=2), min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_is_typeset_in_a_grid_is_read_from_it(table: list[list[list[str]]]) -> None:
    rows = [[" ".join(words) for words in row] for row in table]
    page = source(made(ruled(rows, [150, 150, 150]))).pages[0]
    assert rows_of(page) == [row for row in rows if any(row)]


def test_text_beside_a_table_stays_in_order() -> None:
    above, below = paragraph("Tabel berikut:", y=60), paragraph("Keterangan.", y=400)
    page = source(made(together(below, ruled(ROWS, WIDTHS), above))).pages[0]
    assert [isinstance(block, TablePart) for block in page.blocks] == [False, True, False]
