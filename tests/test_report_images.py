"""Pictures of pages: the right page, the right way up, the cell where its box says; what fails costs only itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.report import images
from pipeline.report.images import FAILED, NO_SOURCE, pictures
from pipeline.report.loaded import Loaded, load
from tests.made_act_pdf import ANNEX_PAGE, ROWS, SIZE, pdf, release_of

Draw = Callable[[bytes, Mapping[int, int]], dict[int, bytes]]


@pytest.fixture(scope="module", params=[0, 90, 180])
def given(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Loaded, Path]:
    folder = tmp_path_factory.mktemp("given")
    (folder / "act.pdf").write_bytes(pdf(request.param))
    return load(release_of(folder / "out", folder / "act.pdf")), folder


def test_the_cell_is_where_its_box_says(given: tuple[Loaded, Path], tmp_path: Path) -> None:
    release, sources = given
    ((_, page), picture), *others = pictures(release, sources, tmp_path).items()
    assert (page, others, picture.missing) == (ANNEX_PAGE, [], None)
    assert picture.file is not None
    assert len(release["indicators"]) == len(ROWS)
    drawn = Image.open(tmp_path / picture.file).convert("L")
    scale = drawn.width / picture.width
    assert drawn.height / picture.height == pytest.approx(scale, rel=0.01)
    assert sorted((picture.width, picture.height)) == pytest.approx(sorted(SIZE))
    inked = 0
    for cell in release["annex_cells"]:
        if cell["text"] and not cell["inherited"]:
            # Within the rules around the cell.
            inside = (cell["x0"] + 2, cell["top"] + 2, cell["x1"] - 2, cell["bottom"] - 2)
            assert drawn.crop([round(side * scale) for side in inside]).getextrema()[0] < 128, cell["text"]
            inked += 1
    assert inked >= 4 * len(ROWS)


def test_sources_are_known_by_their_bytes(given: tuple[Loaded, Path], tmp_path: Path) -> None:
    release, sources = given
    changed = tmp_path / "sources"
    changed.mkdir()
    data = (sources / "act.pdf").read_bytes()
    (changed / "act.pdf").write_bytes(data[:-1] + b"\0")
    assert {picture.missing for picture in pictures(release, changed, tmp_path).values()} == {NO_SOURCE}
    (changed / "other-name.pdf").write_bytes(data)
    assert {picture.missing for picture in pictures(release, changed, tmp_path).values()} == {None}


def test_a_page_that_crashes_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw: Draw = images._draw

    def crashing(data: bytes, pages: Mapping[int, int]) -> dict[int, bytes]:
        if 2 in pages:
            os.abort()
        return draw(data, pages)

    monkeypatch.setattr(images, "_draw", crashing)
    file = images.Given("act.pdf", tmp_path / "act.pdf")
    file.path.write_bytes(pdf())
    sha256 = images.read(file).sha256
    assert sha256 is not None
    assert images._drawn(file, sha256, {1: 0, 2: 0}).keys() == {1}


def test_what_has_no_picture_is_told_and_the_report_made(
    given: tuple[Loaded, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, sources = given
    monkeypatch.setattr(images, "_draw", lambda _data, _pages: {})
    for folder, told, reason in ((sources, "could not be drawn", FAILED), (tmp_path / "none", "--sources", NO_SOURCE)):
        arguments = ["report", "-o", release.folder, "--to", tmp_path / "report", "--sources", folder]
        done = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert done.exit_code == ExitCode.OK
        assert told in done.stderr
        assert not (tmp_path / "report" / "pages").exists()
        found = pictures(release, folder, tmp_path).values()
        assert {(picture.file, picture.missing) for picture in found} == {(None, reason)}
