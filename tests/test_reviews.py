from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import VERSION
from pipeline.correction_files import CorrectionFileError
from pipeline.corrections import CorrectionFailedError
from pipeline.edits import Edits, edited
from pipeline.inputs import collect
from pipeline.link import link
from pipeline.reviews import load
from pipeline.rows import Row, rows
from pipeline.run import parse_all, run

SEEDS = Path(__file__).parent.parent / "raw_docs"
BLORA = "/akn/id-3316/act/perbup/2024/6"
ENTRY = """matches:
  - document: {document}
    group: {group}
    printed: {printed}
    catalog_id: {catalog_id}
    reason: read in the annex
"""
GIVEN = {
    "document": BLORA,
    "group": "tersedianya  layanan Intervensi Sensitif",
    "printed": "Persentase kehamilan yang tidak diinginkan",
    "catalog_id": "stunting.sensitif.kb_pascapersalinan",
}


@pytest.fixture(scope="module")
def made() -> dict[str, list[Row]]:
    return rows(link(parse_all(collect([SEEDS]))), VERSION)


def written(folder: Path, **changes: str) -> Path:
    path = folder / "matches.yml"
    path.write_text(ENTRY.format_map(GIVEN | changes))
    return path


def test_a_decision_takes_the_place_of_the_match(tmp_path: Path, made: dict[str, list[Row]]) -> None:
    tables = edited(made, Edits((), load(written(tmp_path))))
    (match,) = (row for row in tables["indicator_matches"] if row["indicator_id"] == f"{BLORA}#lampiran.11")
    assert (match["catalog_id"], match["status"], match["method"]) == (GIVEN["catalog_id"], "reviewed", "review")
    assert match["reason"] == "read in the annex"
    compared = {row["catalog_id"] for row in tables["comparison"] if row["indicator_id"] == f"{BLORA}#lampiran.11"}
    assert compared == {GIVEN["catalog_id"]}


def test_a_row_can_be_none_of_the_catalogue(tmp_path: Path, made: dict[str, list[Row]]) -> None:
    tables = edited(made, Edits((), load(written(tmp_path, catalog_id="null"))))
    assert not [row for row in tables["indicator_matches"] if row["indicator_id"] == f"{BLORA}#lampiran.11"]


def test_acts_that_are_not_in_the_run_are_left_aside(tmp_path: Path, made: dict[str, list[Row]]) -> None:
    decisions = load(written(tmp_path, document="/akn/id-3317/act/perbup/2024/1"))
    assert edited(made, Edits((), decisions)) == edited(made, Edits())


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"printed": "Persentase hujan"}, "no row fits"),
        ({"group": "Tersedianya layanan Intervensi Spesifik"}, "no row"),
    ],
)
def test_a_row_that_is_not_there_stops_the_run_and_leaves_the_old_release(
    tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    run([SEEDS], tmp_path / "out")
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    with pytest.raises(CorrectionFailedError, match=told):
        run([SEEDS], tmp_path / "out", edits=Edits((), load(written(tmp_path, **changes))))
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENTRY.format_map(GIVEN | {"catalog_id": "stunting.none"}), "is no catalog_id"),
        (ENTRY.format_map(GIVEN).replace("    reason: read in the annex\n", ""), "entry 1: reason"),
        (ENTRY.format_map(GIVEN) + "    more: x\n", "entry 1: more"),
        ("matches: []\n", "matches"),
        ("- &a [*a]\n", "alias"),
        ("\tx", "no YAML"),
        ("", "valid dictionary"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "matches.yml").write_text(text)
    with pytest.raises(CorrectionFileError, match=told):
        load(tmp_path / "matches.yml")


def test_a_row_decided_on_twice_stops_the_run(tmp_path: Path, made: dict[str, list[Row]]) -> None:
    path = written(tmp_path)
    path.write_text(path.read_text() + path.read_text().removeprefix("matches:\n"))
    with pytest.raises(CorrectionFailedError, match="twice"):
        edited(made, Edits((), load(path)))
