"""Lines of born-digital pages: order, places, and text that is hidden, doubled or broken."""

from __future__ import annotations

import pytest
from fpdf import FPDF
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.models import Line
from tests.made_pdf import codes, lines_of, made, paragraph, rows_of, ruled, source, texts, together


def test_spans_point_at_the_text_of_the_pages() -> None:
    first = together(paragraph("a. bahwa", "- satu"), ruled([["x", "y"], ["1", ""]], [90, 90], y=300))
    found = source(made(first, paragraph("dua")))
    text = found.text
    assert [page.char_start for page in found.pages] == [0, len(found.pages[0].text)]
    for page in found.pages:
        for block in page.blocks:
            if isinstance(block, Line):
                span = block.content.span()
                assert text[span.start : span.end] == block.text
                assert text[block.span.start : block.span.end].endswith(block.text)
            else:
                cells = [cell for row in block.rows for cell in row.cells]
                assert all(cell.span is None or text[cell.span.start : cell.span.end] == cell.text for cell in cells)
                assert [cell.text for cell in cells if cell.span is None] == [""]


def test_labels_in_columns_keep_their_order() -> None:
    first = texts((72, 100, "Menimbang"), (150, 100, ":"), (165, 100, "a."), (185, 100, "bahwa dalam"))
    page = source(made(together(first, texts((185, 114, "rangka"))))).pages[0]
    assert lines_of(page) == ["Menimbang : a. bahwa dalam", "rangka"]
    assert [block.indent > 10 for block in page.blocks if isinstance(block, Line)] == [False, True]


def test_bullet_is_told_and_left_out_of_the_content() -> None:
    line = source(made(paragraph("- satu", "- 3 -"))).pages[0].blocks
    assert [(b.text, b.bullet) for b in line if isinstance(b, Line)] == [("satu", True), ("- 3 -", False)]


def test_two_columns_of_running_text_are_read_one_after_the_other() -> None:
    left = [f"kolom kiri baris nomor {n} penuh" for n in range(10)]
    right = [f"kolom kanan baris nomor {n} penuh" for n in range(10)]
    page = source(made(together(paragraph(*left, x=60), paragraph(*right, x=320)))).pages[0]
    assert lines_of(page) == left + right


def _white(pdf: FPDF) -> None:
    pdf.text(72, 100, "Ditetapkan di Blora")
    pdf.set_text_color(255, 255, 255)
    pdf.text(72, 120, "pada tanggal 1 Mei 2020")


def _white_on_black(pdf: FPDF) -> None:
    pdf.set_fill_color(30, 30, 90)
    pdf.rect(60, 80, 300, 40, style="F")
    pdf.set_text_color(255, 255, 255)
    pdf.text(72, 100, "SASARAN")


def _off_page(pdf: FPDF) -> None:
    pdf.text(72, 100, "terlihat")
    pdf.text(-400, 100, "di luar")


def _invisible(pdf: FPDF) -> None:
    pdf.text(72, 100, "terlihat")
    pdf.text_mode = "INVISIBLE"
    pdf.text(72, 130, "tak terlihat")


def _watermark(pdf: FPDF) -> None:
    pdf.text(72, 100, "terlihat dan dibaca orang")
    with pdf.rotation(45, 300, 300):
        pdf.text(200, 300, "SALINAN")


@pytest.mark.parametrize(
    ("draw", "lines", "hidden"),
    [
        (_white, ["Ditetapkan di Blora"], ["white: pada tanggal 1 Mei 2020"]),
        (_white_on_black, ["SASARAN"], []),
        (_off_page, ["terlihat"], ["off_page: di luar"]),
        (_invisible, ["terlihat"], ["invisible: tak terlihat"]),
        (_watermark, ["terlihat dan dibaca orang"], ["slanted: SALINAN"]),
    ],
)
def test_text_that_nobody_sees_is_a_finding_and_no_text(draw: object, lines: list[str], hidden: list[str]) -> None:
    found = source(made(draw))  # type: ignore[arg-type]
    assert lines_of(found.pages[0]) == lines
    assert [finding.message for finding in found.findings if finding.code == "hidden_text"] == hidden
    assert found.pages[0].text.split("\n")[:-1] == lines


@pytest.mark.parametrize("shift", [0.0, 0.3, 0.6])
def test_glyphs_printed_twice_count_once(shift: float) -> None:
    def draw(pdf: FPDF) -> None:
        for letter, x in zip("BUPATI 22", range(72, 200, 9), strict=False):
            pdf.text(x, 80, letter)
            pdf.text(x + shift, 80, letter)
        pdf.text(72, 100, "PERATURAN BUPATI 22")
        pdf.text(72 + shift, 100, "PERATURAN BUPATI 22")

    lines = lines_of(source(made(draw)).pages[0])
    assert ["".join(line.split()) for line in lines] == ["BUPATI22", "PERATURANBUPATI22"]
    assert lines[1] == "PERATURAN BUPATI 22"


def test_word_drawn_in_pieces_is_one_word() -> None:
    def draw(pdf: FPDF) -> None:
        width = pdf.get_string_width("Pera")
        pdf.text(72 + width, 100, "turan Daerah")
        pdf.text(72, 100, "Pera")

    assert lines_of(source(made(draw)).pages[0]) == ["Peraturan Daerah"]


def test_hyphens_at_line_ends() -> None:
    lines = lines_of(source(made(paragraph("Undang-", "Undang Nomor 1, pengen\u00ad", "dalian selamanya"))).pages[0])
    assert lines == ["Undang-", "Undang Nomor 1, pengen-", "dalian selamanya"]
    table = ruled([["Undang-\nUndang", "15-\n19 dan\nlain"], ["a", "b"]], [120, 120], height=50)
    assert rows_of(source(made(table)).pages[0])[0] == ["Undang-Undang", "15-19 dan lain"]


def test_superscript_stays_on_its_line() -> None:
    def draw(pdf: FPDF) -> None:
        pdf.text(72, 100, "luas 36 m")
        x = 72 + pdf.get_string_width("luas 36 m")
        pdf.set_font_size(7)
        pdf.text(x, 96, "2")
        pdf.set_font_size(11)
        pdf.text(72, 114, "per hari")

    assert lines_of(source(made(draw)).pages[0]) == ["luas 36 m2", "per hari"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text("abcdefghijkl ().,;:0123456789", min_size=1, max_size=40), max_size=8))
def test_every_word_typeset_is_read(lines: list[str]) -> None:
    found = source(made(paragraph(*lines)))
    assert found.text.split() == [word for line in lines for word in line.split()]
    assert not [code for code in codes(found) if code not in ("page_number", "open_table")]
