from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extractors.catalog.entries import Theme, themes
from pipeline import VERSION
from pipeline.compare import Compared, Review, compare
from pipeline.derive import derive
from pipeline.inputs import collect
from pipeline.link import link
from pipeline.parsing import parse_all
from pipeline.rows import Row, rows

SEEDS = Path(__file__).parent.parent / "raw_docs"
BLORA, BALANGAN = "/akn/id-3316/act/perbup/2024/6", "/akn/id-6311/act/perbup/2024/42"


@pytest.fixture(scope="module")
def seeds() -> dict[str, list[Row]]:
    return rows(link(parse_all(collect([SEEDS]))), VERSION)


@pytest.fixture(scope="module")
def compared(seeds: dict[str, list[Row]]) -> Compared:
    return compare(seeds)


def entries(compared: Compared, document_id: str) -> list[str]:
    return [row["catalog_id"] for row in compared.matches if row["indicator_id"].startswith(document_id + "#")]


def test_every_row_of_blora_has_its_counterpart_and_three_of_balangan_have_none(compared: Compared) -> None:
    blora, balangan = entries(compared, BLORA), entries(compared, BALANGAN)
    assert {row["status"] for row in compared.matches} == {"certain"}
    assert len(blora) == len(set(blora)) == 87
    assert len(balangan) == len(set(balangan)) == 90
    assert set(blora) < set(balangan)
    # Read in the two annexes: the strategy's own monitoring, the incentives and the study of the budget.
    assert {one.rpartition(".")[2] for one in set(balangan) - set(blora)} == {
        "monev_stranas",
        "insentif_finansial",
        "kajian_anggaran",
    }


def test_rows_meet_in_the_order_of_both_annexes(compared: Compared) -> None:
    """Both annexes follow one decree: a crossed pair would stand out of order."""
    blora, balangan = entries(compared, BLORA), entries(compared, BALANGAN)
    shared = [one for one in balangan if one in set(blora)]
    numbers = {one: n for n, one in enumerate(sorted(blora, key=lambda one: place(compared, BLORA, one)))}
    ordered = sorted(shared, key=lambda one: place(compared, BALANGAN, one))
    assert [numbers[one] for one in ordered] == list(range(87))


def place(compared: Compared, document_id: str, catalog_id: str) -> int:
    (row,) = (
        row
        for row in compared.matches
        if row["catalog_id"] == catalog_id and row["indicator_id"].startswith(document_id + "#")
    )
    return int(row["indicator_id"].rpartition(".")[2])


def test_targets_that_differ_are_those_of_a_careful_reading(compared: Compared) -> None:
    value: dict[tuple[str, str], Row] = {(row["catalog_id"], row["document_id"]): row for row in compared.comparison}
    pairs = [(one, value[one, BLORA], value[one, BALANGAN]) for one in entries(compared, BLORA)]
    differ = {
        one.removeprefix("stunting."): (blora["value"], balangan["value"])
        for one, blora, balangan in pairs
        if blora["status"] == balangan["status"] == "ok" and blora["value"] != balangan["value"]
    }
    assert differ == {
        "spesifik.balita_gizi_buruk": (100, 90),
        "spesifik.balita_dipantau": (90, 85),
        "sensitif.pbi_jkn": (58850, 358000),
        "sensitif.desa_stop_babs": (100, 90),
        "pilar_2.keluarga_phbs": (70, 60),
        "pilar_2.balita_imunisasi": (90, 100),
        "pilar_2.posyandu_standar": (90, 85),
        "pilar_3.bumil_ttd_90": (80, 90),
    }
    years = {
        one
        for one, blora, balangan in pairs
        if blora["year"] and balangan["year"] and blora["year"] != balangan["year"]
    }
    assert years == {"stunting.pilar_1.peraturan_kewenangan_desa"}
    assert sum(row["status"] == "lost" for row in compared.comparison) == 12


def test_the_seeds_have_the_units_of_the_catalogue(compared: Compared) -> None:
    """Where a region lost its target, the other's tells the unit."""
    assert [row["indicator_id"] for row in compared.comparison if row["unit_differs"]] == []
    units = {row["catalog_id"]: row["unit"] for row in compared.catalog}
    assert all(row["unit"] == units[row["catalog_id"]] for row in compared.comparison if row["status"] == "ok")


def test_counts_that_two_regions_share_are_flagged_and_told(seeds: dict[str, list[Row]]) -> None:
    made = derive(seeds)
    copied = {row["catalog_id"] for row in made["comparison"] if row["probably_copied"]}
    assert copied == {"stunting.sensitif.bantuan_tunai", "stunting.sensitif.bantuan_pangan"}
    assert Counter(row["code"] for row in made["findings"])["figure_probably_copied"] == 4


def test_an_act_about_something_else_is_not_matched(seeds: dict[str, list[Row]]) -> None:
    made = seeds | {
        "documents": [row | {"title": "PENGELOLAAN SAMPAH"} for row in seeds["documents"]],
        "provisions": [row | {"text": None} for row in seeds["provisions"]],
        "indicators": [row | {"pillar": None, "group_text": None} for row in seeds["indicators"]],
    }
    assert not compare(made).matches


def with_national(target: float, year: int | None) -> list[Theme]:
    (stunting,) = themes()
    known = tuple(replace(entry, national_target=target, national_year=year) for entry in stunting.entries)
    return [Theme(stunting.name, stunting.titles, stunting.same, known)]


def test_only_like_units_and_years_have_a_difference_to_the_state(seeds: dict[str, list[Row]]) -> None:
    own = compare(seeds, catalog=with_national(70.0, 2024))
    units = {row["catalog_id"]: row["unit"] for row in own.catalog}
    every_year = {row["indicator_id"] for row in seeds["indicator_targets"] if row["period"]}
    for row in own.comparison:
        year = row["year"] or (2024 if row["indicator_id"] in every_year else None)
        fits = row["unit"] == units[row["catalog_id"]] and year == 2024
        assert (row["national_target"] == 70.0) == fits
        if row["difference"] is not None:
            assert row["difference"] == row["value"] - 70.0
        assert (row["difference"] is not None) == (fits and row["status"] == "ok")


@pytest.mark.parametrize("catalog_id", ["stunting.pilar_5.monev_stranas", None])
def test_what_a_person_decided_stands(seeds: dict[str, list[Row]], catalog_id: str | None) -> None:
    row = f"{BLORA}#lampiran.1"
    own = compare(seeds, [Review(row, catalog_id, "read in the scan")])
    expected = [] if catalog_id is None else [(catalog_id, "review", "reviewed", "read in the scan")]
    matches = [one for one in own.matches if one["indicator_id"] == row]
    assert [(one["catalog_id"], one["method"], one["status"], one["reason"]) for one in matches] == expected
    assert any(one["indicator_id"] == row for one in own.comparison) == (catalog_id is not None)


def test_a_row_that_an_amendment_ended_is_marked(seeds: dict[str, list[Row]]) -> None:
    ended = f"{BLORA}#lampiran.17"
    validity = [
        row | {"valid_to": "2025-01-01" if row["indicator_id"] == ended else None}
        for row in seeds["indicator_validity"]
    ]
    made = derive(seeds | {"indicator_validity": validity})
    assert {row["indicator_id"] for row in made["comparison"] if row["superseded"]} == {ended}
    copied = {row["catalog_id"] for row in made["comparison"] if row["probably_copied"]}
    assert copied == {"stunting.sensitif.bantuan_pangan"}


def test_notes_become_findings_at_the_cell_of_the_row(seeds: dict[str, list[Row]]) -> None:
    made = derive(seeds)
    pages: dict[str, Any] = {row["source_sha256"]: row["text"] for row in made["source_pages"]}
    told = [row for row in made["findings"] if row["stage"] == "compare"]
    assert {row["code"] for row in told} == {"figure_probably_copied", "indicator_misread"}
    for row in told:
        assert row["char_start"] is not None
        if row["code"] == "indicator_misread":
            assert "luran" in pages[row["source_sha256"]][row["char_start"] : row["char_end"]]
