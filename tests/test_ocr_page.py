from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2")
pytest.importorskip("pypdfium2")
pytest.importorskip("fpdf")

from extractors.models import Line, Notes, Page, TablePart
from extractors.readers.ocr import page as ocr_page
from extractors.readers.ocr.page import ScanReader
from extractors.readers.ocr.tesseract import INSTALL, TesseractMissingError
from pipeline.tessdata import language_data
from tests.scans import drawn, lines, noisy, scanned, sloping, table


def _missing() -> str | None:
    try:
        language_data()
    except TesseractMissingError as error:
        return str(error)
    return None


read_scanned_page = ScanReader(language_data)
needs_tesseract = pytest.mark.skipif(_missing() is not None, reason=str(_missing()))

TEXT = (
    "- 3 -",
    "BAB II",
    "KEDUDUKAN DAN TUGAS",
    "Pasal 2",
    "(1) Dinas Kesehatan berada di bawah Bupati;",
    "a. paling tinggi 15% (lima belas persen) dari dana desa;",
    "b. sebagaimana dimaksud pada ayat (1); dan",
    "c. ditetapkan dengan Peraturan Bupati.",
)
ROWS = (
    ("NO", "NAMA DESA", "ALOKASI", "KINERJA"),
    ("6", "Aek Banir", "607.122", "-"),
    ("7", "Gunung Tua", "1.050.495", "206.808"),
    ("II", "Kecamatan Siabu", "", ""),
    ("8", "Huta Lombang", "541.116", "90%"),
)
WIDTHS = (40, 120, 90, 90)


def read(grey: np.ndarray, char_start: int = 0, dpi: float = 200) -> tuple[Page | None, Notes]:
    notes = Notes("read")
    return read_scanned_page(scanned(grey, dpi=dpi)[0], 1, char_start, notes), notes


def texts(page: Page | None) -> list[str]:
    assert page is not None
    return [block.text for block in page.blocks if isinstance(block, Line)]


def cells(page: Page | None) -> list[tuple[str, ...]]:
    assert page is not None
    return [
        tuple(c.text for c in row.cells) for part in page.blocks if isinstance(part, TablePart) for row in part.rows
    ]


@needs_tesseract
@pytest.mark.parametrize(
    "damage",
    [
        lambda grey: grey,
        noisy,
        lambda grey: sloping(grey, 2.3),
        lambda grey: sloping(noisy(grey), -1.2),
        lambda grey: np.where(grey < 150, 0, 255).astype(np.uint8),
    ],
)
def test_lines_are_read_in_order(damage):
    page, _ = read(damage(drawn(lines(*TEXT))))
    assert tuple(texts(page)) == TEXT


@needs_tesseract
@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_turned_pages_are_read_upright(quarter_turns):
    upright = drawn(lines(*TEXT))
    page, notes = read(np.rot90(upright, quarter_turns).copy())
    assert tuple(texts(page)) == TEXT
    assert page is not None
    assert (page.width, page.height) == pytest.approx((upright.shape[1] * 0.36, upright.shape[0] * 0.36), abs=1)
    assert page.rotation == 90 * quarter_turns
    assert "page_turned" in {finding.code for finding in notes}


@needs_tesseract
@pytest.mark.parametrize("damage", [lambda grey: grey, noisy, lambda grey: sloping(grey, 1.5)])
def test_ruled_tables_are_read_cell_by_cell(damage):
    page, _ = read(damage(drawn(table(ROWS, WIDTHS))))
    assert cells(page) == list(ROWS)


@needs_tesseract
def test_sideways_table_and_text_around_it():
    def draw(pdf):
        lines("LAMPIRAN I", "RINCIAN DANA DESA", top=40)(pdf)
        table(ROWS, WIDTHS, top=80)(pdf)
        lines("BUPATI BLORA,", "ARIEF ROHMAN", top=220, left=300)(pdf)

    page, _ = read(np.rot90(drawn(draw, landscape=True), 1).copy())
    assert page is not None
    kinds = [type(block).__name__ for block in page.blocks]
    assert kinds == ["Line", "Line", "TablePart", "Line", "Line"]
    assert cells(page) == list(ROWS)
    assert texts(page)[-1] == "ARIEF ROHMAN"


@needs_tesseract
def test_spans_and_boxes_say_where_text_stands():
    def draw(pdf):
        lines("Pasal 1", top=40)(pdf)
        table(ROWS, WIDTHS, top=80)(pdf)

    page, _ = read(drawn(draw), char_start=1000)
    assert page is not None
    assert page.text_origin == "ocr"
    assert page.confidence is not None
    assert page.confidence > 0.8
    for block in page.blocks:
        if isinstance(block, Line):
            assert page.text[block.span.start - 1000 : block.span.end - 1000] == block.text
            assert block.content.span() == block.span
        else:
            for row in block.rows:
                for cell in row.cells:
                    assert cell.box is not None
                    assert 0 <= cell.box.x0 < cell.box.x1 <= page.width
                    assert 0 <= cell.box.top < cell.box.bottom <= page.height
                    if cell.span:
                        assert row.span.start <= cell.span.start < cell.span.end <= row.span.end
                        assert page.text[cell.span.start - 1000 : cell.span.end - 1000] == cell.text
                        assert cell.confidence is not None
    first = next(block for block in page.blocks if isinstance(block, TablePart)).rows[0].cells[0].box
    assert first == pytest.approx((40, 80, 80, 98), abs=2.5)


@needs_tesseract
def test_small_photographs_are_enlarged():
    import cv2

    grey = cv2.resize(noisy(drawn(lines(*TEXT)), 4), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    page, _ = read(grey, dpi=72)
    assert tuple(texts(page)) == TEXT


@needs_tesseract
@pytest.mark.parametrize(
    "grey",
    [np.full((900, 700), 255, np.uint8), noisy(np.full((900, 700), 240, np.uint8), 3), np.zeros((900, 700), np.uint8)],
)
def test_pages_without_text_have_no_blocks(grey):
    page, notes = read(grey)
    assert page is None or page.blocks == ()
    assert {finding.code for finding in notes} & {"page_blank", "page_unread"}


@needs_tesseract
def test_grain_is_no_text():
    grey = np.random.default_rng(3).integers(0, 256, (900, 700)).astype(np.uint8)
    page, notes = read(grey)
    assert page is None or len(page.text) < 40
    assert list(notes)


def test_missing_tesseract_is_one_finding_that_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    reader = ScanReader(language_data)
    notes = Notes("read")
    document = scanned(drawn(lines("Pasal 1")), drawn(lines("Pasal 2")))
    assert [reader(document[i], i + 1, 0, notes) for i in range(2)] == [None, None]
    (finding,) = notes
    assert (finding.code, finding.severity) == ("ocr_missing", "error")
    assert INSTALL in finding.message


@needs_tesseract
def test_a_page_that_fails_is_a_finding(monkeypatch):
    def broken(_):
        raise MemoryError("too large")

    monkeypatch.setattr(ocr_page, "rasterise", broken)
    page, notes = read(drawn(lines("Pasal 1")))
    assert page is None
    assert [finding.code for finding in notes] == ["page_unread"]
