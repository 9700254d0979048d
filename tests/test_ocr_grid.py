from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("cv2")

from extractors.readers.ocr.grid import find_grids
from extractors.readers.ocr.rules import erase_rules, find_rules

UNIT = 2.8
XS = (100, 260, 520, 760)
YS = (80, 130, 180, 230, 280)


def paper() -> np.ndarray:
    return np.zeros((420, 900), np.uint8)


def level(ink: np.ndarray, y: int, x0: int, x1: int) -> None:
    ink[y : y + 2, x0 : x1 + 2] = 1


def upright(ink: np.ndarray, x: int, y0: int, y1: int) -> None:
    ink[y0 : y1 + 2, x : x + 2] = 1


def full_grid() -> np.ndarray:
    ink = paper()
    for y in YS:
        level(ink, y, XS[0], XS[-1])
    for x in XS:
        upright(ink, x, YS[0], YS[-1])
    return ink


def shapes(ink: np.ndarray) -> list[tuple[int, int, list[tuple[int, int, int, int]]]]:
    """Rows, columns and merged cells of each grid found."""
    found = find_grids(find_rules(ink, UNIT), UNIT)
    return [
        (g.row_count, g.column_count, [c[:4] for c in g.cells if c.row_count > 1 or c.column_count > 1]) for g in found
    ]


def test_a_full_grid_has_a_cell_at_every_place():
    ink = full_grid()
    (grid,) = find_grids(find_rules(ink, UNIT), UNIT)
    assert (grid.row_count, grid.column_count, len(grid.cells)) == (4, 3, 12)
    first = grid.cells[0]
    assert (first.x0, first.y0, first.x1, first.y1) == pytest.approx((100, 80, 260, 130), abs=4)


def test_cells_without_a_rule_between_them_are_one():
    ink = full_grid()
    ink[131:180, 260:262] = 0
    ink[131:180, 520:522] = 0
    ink[230:232, 102:259] = 0
    assert shapes(ink) == [(4, 3, [(1, 0, 1, 3), (2, 0, 2, 1)])]


def test_letters_are_no_rules():
    ink = full_grid()
    ink[131:180, 260:262] = 0
    ink[140:174, 261:264] = 1
    ink[150:153, 300:345] = 1
    assert shapes(ink) == [(4, 3, [(1, 0, 1, 2)])]


def test_a_broken_rule_still_parts_cells():
    ink = full_grid()
    for x in range(270, 510, 24):
        ink[180:182, x : x + 15] = 0
    assert shapes(ink) == [(4, 3, [])]


def test_missing_outer_rules_are_closed():
    ink = full_grid()
    ink[:, 100:102][82:280] = 0
    ink[:, 760:762][82:280] = 0
    for y in YS:
        level(ink, y, XS[0], XS[-1])
    assert shapes(ink) == [(4, 3, [])]


def test_a_table_that_the_page_end_cuts_is_closed():
    ink = full_grid()
    ink[280:282, 103:759] = 0
    for x in XS:
        upright(ink, x, YS[0], YS[-1])
    ink[280:282] = 0
    assert shapes(ink) == [(4, 3, [])]


def test_frames_underlines_and_blank_pages_are_no_tables():
    frame = paper()
    for y in (60, 380):
        level(frame, y, 60, 840)
    for x in (60, 840):
        upright(frame, x, 60, 380)
    underline = paper()
    level(underline, 100, 200, 600)
    assert shapes(frame) == shapes(underline) == shapes(paper()) == []


def test_two_tables_are_two():
    ink = np.vstack([full_grid(), full_grid()])
    assert shapes(ink) == [(4, 3, []), (4, 3, [])]


def test_dense_pictures_are_no_tables():
    ink = paper()
    ink[50:350:6, 100:700] = 1
    ink[50:350, 100:700:6] = 1
    assert shapes(ink) == []


def test_rules_are_erased_and_crossing_letters_stay():
    ink = full_grid()
    ink[170:200, 400:404] = 1
    rules = find_rules(ink, UNIT)
    cells = [cell[4:] for grid in find_grids(rules, UNIT) for cell in grid.cells]
    grey = erase_rules(np.where(ink > 0, 0, 255).astype(np.uint8), rules, cells, UNIT)
    assert (grey[172:198, 401:403] == 0).all()
    grey[165:205, 395:410] = 255
    assert (grey < 128).sum() < 100
