"""Opening PDFs: reasons for refusal, repair, the two page counts, pages that fail or need OCR, memory."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from extractors.models import Line, Mapped, Notes, Page, Span
from extractors.readers.pdf import read
from extractors.readers.pdf.draw import draw_page
from extractors.readers.pdf.read import read_pdf
from extractors.readers.pdf.usable import is_plausible
from extractors.readers.reading import UnreadableError
from tests.made_pdf import codes, lines_of, made, paragraph, ruled, source, together


def _saved(data: bytes, **how: Any) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        target = BytesIO()
        pdf.save(target, **how)
    return target.getvalue()


def _without_pages() -> bytes:
    target = BytesIO()
    pikepdf.new().save(target)
    return target.getvalue()


ONE = made(paragraph("Pasal 1"))
THREE = made(paragraph("Pasal 1"), paragraph("Pasal 2"), paragraph("Pasal 3"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\0", "empty"),
        (b"PERATURAN BUPATI", "not_pdf"),
        (b"%PDF-1.7\n" + b"x" * 300, "damaged"),
        (_without_pages(), "no_pages"),
        (_saved(ONE, encryption=pikepdf.Encryption(user="x", owner="y")), "encrypted"),
    ],
)
def test_refused_with_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as error:
        read_pdf(data)
    assert error.value.reason == reason


def test_owner_password_alone_does_not_lock() -> None:
    assert lines_of(source(_saved(ONE, encryption=pikepdf.Encryption(user="", owner="y"))).pages[0]) == ["Pasal 1"]


def test_file_without_its_end_is_repaired() -> None:
    reading = read_pdf(THREE[: THREE.rindex(b"xref")])
    assert [lines_of(page) for page in reading.source.pages] == [["Pasal 1"], ["Pasal 2"], ["Pasal 3"]]
    assert reading.reason is None


def test_page_counts_that_differ_make_it_partial() -> None:
    # The tree says two pages and holds three: one reader believes the count, the other the kids.
    reading = read_pdf(THREE.replace(b"/Count 3", b"/Count 2"))
    assert (reading.reason, len(reading.source.pages)) in [("page_count_differs", 2), (None, 3)]
    assert reading.reason is None or "page_count_differs" in codes(reading.source)


def test_page_that_fails_costs_that_page(monkeypatch: pytest.MonkeyPatch) -> None:
    take_apart = read.take_apart
    asked: list[int] = []

    def failing(page: Any) -> Any:
        asked.append(1)
        if len(asked) == 2:
            raise RuntimeError
        return take_apart(page)

    monkeypatch.setattr(read, "take_apart", failing)
    reading = read_pdf(THREE)
    assert [lines_of(page) for page in reading.source.pages] == [["Pasal 1"], [], ["Pasal 3"]]
    assert (reading.reason, codes(reading.source)) == ("page_failed", ["page_failed"])


def _scan(pdf: FPDF) -> None:
    pdf.image(Image.new("L", (60, 84), 200), 0, 0, 595, 842)
    pdf.text(72, 830, "Dokumen ini ditandatangani secara elektronik")


def test_scan_with_a_footer_of_text_needs_ocr() -> None:
    reading = read_pdf(made(_scan))
    assert (reading.reason, codes(reading.source)) == ("page_needs_ocr", ["page_needs_ocr"])


def test_text_under_the_image_of_a_scan_is_its_ocr_layer() -> None:
    def layered(pdf: FPDF) -> None:
        paragraph(*[f"Pasal {n} berbunyi sebagai berikut" for n in range(20)])(pdf)
        pdf.image(Image.new("L", (60, 84), 200), 0, 0, 595, 842)

    assert source(made(layered)).pages[0].text_origin == "ocr_layer"
    reading = read_pdf(made(layered), judge=lambda words: "bad" if "berbunyi" in words else None)
    assert reading.reason == "page_needs_ocr"


def test_text_of_notes_on_the_page_is_read_if_it_shows() -> None:
    def noted(pdf: FPDF) -> None:
        pdf.text(72, 100, "NOMOR")
        pdf.free_text_annotation("12 TAHUN 2024", x=130, y=88, w=150, h=20)

    found = source(made(noted))
    assert lines_of(found.pages[0]) == ["NOMOR"]
    assert [finding.message for finding in found.findings] == ["a note on the page: 12 TAHUN 2024"]
    with pikepdf.open(BytesIO(made(noted))) as pdf:
        look = pdf.make_stream(b"BT /F1 11 Tf 4 5 Td (12 TAHUN 2024) Tj ET")
        look.Type, look.Subtype, look.BBox = pikepdf.Name.XObject, pikepdf.Name.Form, [0, 0, 150, 20]
        look.Resources = pdf.pages[0].Resources
        pdf.pages[0].Annots[0].AP = pikepdf.Dictionary(N=look)
        target = BytesIO()
        pdf.save(target)
    found = source(target.getvalue())
    assert lines_of(found.pages[0]) == ["NOMOR 12 TAHUN 2024"]
    assert codes(found) == ["annotations"]


def test_ocr_fills_the_page_in_its_place() -> None:
    def ocr(page: Any, number: int, char_start: int, notes: Notes) -> Page:
        text = "Pasal 9"
        line = Line(Mapped(text, ((0, char_start),)), Span(char_start, char_start + 7), number)
        notes.add("ocr", "info", "read from the image", page=number)
        return Page(number, text + "\n", char_start, (line,), "ocr", *page.get_size())

    reading = read_pdf(made(paragraph("Pasal 8"), _scan, paragraph("Pasal 10")), ocr)
    assert reading.reason is None
    assert [lines_of(page) for page in reading.source.pages] == [["Pasal 8"], ["Pasal 9"], ["Pasal 10"]]
    assert [page.text_origin for page in reading.source.pages] == ["born_digital", "ocr", "born_digital"]
    assert [page.char_start for page in reading.source.pages] == [0, 8, 16]


def test_blank_page_needs_no_ocr() -> None:
    assert read_pdf(made(paragraph())).reason is None


@pytest.mark.parametrize(
    ("text", "plausible"),
    [
        ("dalam peraturan bupati ini yang dimaksud dengan daerah adalah kabupaten " * 6, True),
        ("gdodp shudwxudq exsdwl lql bdqj glpdnvxg ghqjdq gdhudk " * 6, False),
        ("xxx", True),
        ("daLam peRatuRan BuPaTi kaBupaTen " * 9, False),
    ],
)
def test_words_of_a_broken_layer_are_told(text: str, plausible: bool) -> None:
    from extractors.readers.pdf.parts import Word

    assert is_plausible([Word(word, 0, 0, 1, 1) for word in text.split()]) is plausible


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(THREE) - 1), st.binary(min_size=1, max_size=40))
def test_damage_anywhere_ends_in_pages_or_a_reason(place: int, damage: bytes) -> None:
    data = THREE[:place] + damage + THREE[place + len(damage) :]
    try:
        reading = read_pdf(data)
    except UnreadableError:
        return
    assert [page.number for page in reading.source.pages] == list(range(1, len(reading.source.pages) + 1))
    assert reading.reason or len(reading.source.pages) == 3


def test_picture_of_a_page_shows_lines_and_cells() -> None:
    data = made(together(paragraph("Pasal 1", y=60), ruled([["a", "b"], ["c", ""]], [90, 90])))
    page = source(data).pages[0]
    png = draw_page(data, page, {"body": Span(0, 100)})
    picture = Image.open(BytesIO(png))
    assert abs(picture.width - 595 * 1.5) <= 1
    assert abs(picture.height - 842 * 1.5) <= 1
    colours = {colour for _, colour in picture.getcolors(1_000_000) or []}
    assert {(0, 110, 200), (200, 60, 0), (60, 160, 60)} <= colours
