from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2")
pytest.importorskip("pypdfium2")
pytest.importorskip("fpdf")

from extractors.readers.ocr.image import MAX_PIXELS, Scan, prepare, rasterise, turned
from tests.scans import drawn, lines, noisy, scanned, sloping

WORDS = [
    "Peraturan",
    "Bupati",
    "tentang",
    "Percepatan",
    "Stunting",
    "di",
    "Kabupaten",
    "yang",
    "pada",
    "tanggal",
    "ini",
]
TEXT = [" ".join(WORDS[(i * k) % len(WORDS)] for k in range(3, 9)) for i in range(1, 21)]


def scan(grey: np.ndarray) -> Scan:
    return Scan(grey, 200 / 72, grey.shape[1] * 0.36, grey.shape[0] * 0.36)


@pytest.mark.parametrize("degrees", [-4.0, -1.3, 0.0, 0.6, 2.5])
def test_slope_is_found_and_taken_out(degrees):
    straight = prepare(scan(sloping(drawn(lines(*TEXT)), degrees)))
    assert straight.skew == pytest.approx(degrees, abs=0.2)
    assert prepare(scan(straight.grey)).skew == pytest.approx(0, abs=0.15)


@pytest.mark.parametrize(("quarter_turns", "turn"), [(0, 0), (1, 90), (2, 0), (3, 90)])
def test_sideways_text_is_made_level(quarter_turns, turn):
    assert prepare(scan(np.rot90(drawn(lines(*TEXT)), quarter_turns).copy())).turn == turn


def test_paper_becomes_white_and_ink_black():
    grey = prepare(scan(noisy((drawn(lines(*TEXT)) * 0.4 + 120).astype(np.uint8), 4))).grey
    assert np.percentile(grey, 50) > 245
    assert np.percentile(grey, 1) < 60


def test_grain_of_a_blank_page_is_not_stretched_to_ink():
    assert (prepare(scan(noisy(np.full((1200, 800), 245, np.uint8), 3))).grey > 190).all()


def test_small_letters_are_enlarged():
    import cv2

    small = cv2.resize(drawn(lines(*TEXT)), None, fx=0.45, fy=0.45, interpolation=cv2.INTER_AREA)
    large = prepare(scan(small))
    assert large.letter == pytest.approx(25, abs=5)
    assert large.grey.shape[0] > 1.5 * small.shape[0]
    assert large.pixels_per_point == pytest.approx(200 / 72 * large.grey.shape[0] / small.shape[0], rel=0.01)


def test_boxes_are_points_of_the_page_before_its_slope_was_taken_out():
    page = Scan(np.full((1000, 1000), 255, np.uint8), 2.0, 500, 500, skew=90.0)
    assert page.box(500, 200, 500, 200) == pytest.approx((400, 250, 400, 250), abs=0.2)
    assert turned(page, 90).turn == 90


def test_pages_of_any_size_stay_below_the_cap():
    from pypdfium2 import PdfDocument

    document = PdfDocument.new()
    document.new_page(14400, 14400)
    assert rasterise(document[0]).grey.size <= MAX_PIXELS * 1.01


def test_a_picture_is_taken_at_its_own_resolution():
    grey = drawn(lines(*TEXT))
    assert rasterise(scanned(grey)[0]).grey.shape == pytest.approx(grey.shape, abs=2)
