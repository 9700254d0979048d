from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.acts.regions import region_named
from extractors.catalog.entries import Entry, themes
from extractors.catalog.match import Match, Promise, match
from extractors.catalog.spelling import Speller
from pipeline.schema import INDICATOR_CATALOG

VARIANTS = tomllib.loads((Path(__file__).parent / "wording_variants.toml").read_text("utf-8"))["variant"]
(STUNTING,) = (theme for theme in themes() if theme.name == "stunting")


def promise(text: str, part: str | None = "sasaran", pillar: int | None = None, unit: str = "") -> Promise:
    named = re.search(r"Kab(?:upaten|\.) (\w+)", text)
    region = region_named(named[1], ("kabupaten",)) if named else None
    units = frozenset([unit] if unit else [])
    return Promise("row", part, pillar or None, None, text, units, region and region.region_code)


def found(text: str, part: str | None = "sasaran", pillar: int | None = None, unit: str = "") -> list[Match]:
    return match([promise(text, part, pillar, unit)], STUNTING)


def certain(*where: Any) -> str | None:
    return next((one.catalog_id for one in found(*where) if one.status == "certain"), None)


def the(catalog_id: str) -> Entry:
    return next(entry for entry in STUNTING.entries if entry.catalog_id == catalog_id)


def test_no_variant_that_is_certain_is_another_indicator() -> None:
    for variant in VARIANTS:
        own = certain(
            variant["of"], variant.get("of_part", variant["part"]), variant.get("of_pillar", variant["pillar"])
        )
        assert own, variant["of"]
        read = certain(variant["text"], variant["part"], variant["pillar"], variant["unit"])
        assert (read in (own, None)) if variant["same"] else (read != own), variant


def test_variants_are_found() -> None:
    """At least 95 in 100 wordings are certain or the first candidate: the promise of the matching."""
    true = [variant for variant in VARIANTS if variant["same"]]
    hits = 0
    for variant in true:
        own = certain(variant["of"], variant["part"], variant["pillar"])
        first = found(variant["text"], variant["part"], variant["pillar"], variant["unit"])[:1]
        hits += [one.catalog_id for one in first] == [own]
    assert len(true) >= 200
    assert hits / len(true) >= 0.95


@pytest.mark.parametrize("entry", STUNTING.entries, ids=lambda entry: entry.catalog_id)
def test_every_wording_of_an_entry_is_that_entry(entry: Entry) -> None:
    for wording in entry.wordings:
        assert certain(wording, entry.part, entry.pillar_number, entry.unit or "") == entry.catalog_id


def test_entries_have_ids_of_their_own_and_nothing_from_memory() -> None:
    entries = [entry for theme in themes() for entry in theme.entries]
    assert len({entry.catalog_id for entry in entries}) == len(entries)
    assert {name for entry in entries for name in Entry.__slots__} >= {field.name for field in INDICATOR_CATALOG.fields}
    for entry in entries:
        assert (entry.national_target is None) <= (entry.national_year is None)
        assert all(source.startswith("/akn/") for source in entry.source.split())


def test_what_stands_twice_in_an_annex_does_not_cross() -> None:
    twice = [
        (entry, other)
        for entry in STUNTING.entries
        for other in STUNTING.entries
        if entry.catalog_id < other.catalog_id and certain(entry.name, other.part, other.pillar_number) is not None
        if entry.place != other.place
    ]
    assert len(twice) >= 7
    for entry, other in twice:
        rows = [promise(one.name, *one.place) for one in (entry, other)]
        ids = [one.catalog_id for row in rows for one in match([row], STUNTING)]
        assert ids == [entry.catalog_id, other.catalog_id]


def test_a_place_that_is_not_known_is_certain_only_where_one_entry_has_the_words() -> None:
    twice, once = the("stunting.spesifik.asi_eksklusif"), the("stunting.sensitif.air_minum_layak")
    assert certain(once.name, None) == once.catalog_id
    assert {one.status for one in found(twice.name, None)} == {"candidate"}
    assert {one.catalog_id for one in found(twice.name, None)[:2]} == {
        twice.catalog_id,
        "stunting.pilar_3.asi_eksklusif",
    }


@pytest.mark.parametrize(
    ("text", "unit"),
    [("Jumlah remaja putri yang mengonsumsi TTD", "orang"), ("Persentase remaja putri yang mengonsumsi TTD", "orang")],
)
def test_another_kind_of_figure_is_a_candidate_with_its_reason(text: str, unit: str) -> None:
    first, *_ = found(text, "sasaran", None, unit)
    assert (first.catalog_id, first.status) == ("stunting.spesifik.remaja_putri_ttd", "candidate")
    assert "share" in (first.reason or "") or "unit orang" in (first.reason or "")


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("Persentase kehamilan yang diinginkan", "stunting.sensitif.kehamilan_tidak_diinginkan"),
        (
            "Jumlah keluarga tidak miskin dan rentan yang memperoleh bantuan tunai bersyarat",
            "stunting.sensitif.bantuan_tunai",
        ),
        ("Persentase bayi usia kurang dari 6 bulan tidak mendapat ASI eksklusif", "stunting.spesifik.asi_eksklusif"),
    ],
)
def test_a_negation_parts_for_good(text: str, entry: str) -> None:
    assert entry not in [one.catalog_id for one in found(text)]


def test_two_rows_that_say_the_same_do_not_both_have_the_entry() -> None:
    entry = the("stunting.pilar_3.unmet_need")
    rows = [
        Promise("first", entry.part, entry.pillar_number, "melaksanakan konvergensi", entry.name, frozenset()),
        Promise("second", entry.part, entry.pillar_number, entry.group, entry.name, frozenset()),
    ]
    status = {one.indicator_id: one.status for one in match(rows, STUNTING)}
    assert status == {"first": "candidate", "second": "certain"}


@settings(max_examples=150)
@given(st.text(max_size=300), st.sampled_from(["sasaran", "kegiatan", None]), st.sampled_from([None, 1, 5, 9]))
def test_no_text_breaks_the_matching(text: str, part: str | None, pillar: int | None) -> None:
    first, again = found(text, part, pillar), found(text, part, pillar)
    assert first == again
    assert all(0 <= one.score <= 1 and (one.status == "certain" or one.reason) for one in first)


def test_words_of_their_own_are_not_mended_into_others() -> None:
    speller = Speller(["putri", "putra", "balita", "batita", "mendapatkan", "menerima"])
    words = ("putra", "batita", "penerima", "rnenerima", "mendaptkan", "bal1ta", "men", "dapatkan")
    spelt = speller.read(words)
    assert spelt.words == ("putra", "batita", "penerima", "menerima", "mendapatkan", "balita", "mendapatkan")
    assert [read for _, read in spelt.mended] == ["menerima", "mendapatkan", "balita", "mendapatkan"]


KEGIATAN = "kegiatan"
# What differs in a word or two and is another promise, and the same promise printed otherwise beside it.
PROBES = [
    ("Ibu hamil dan ibu hamil KEK yang mendapatkan tambahan asupan gizi", "sasaran", 0, "%", None),
    ("Persentase balita, balita gizi buruk yang mendapat pelayanan tata laksana gizi buruk", "sasaran", 0, "%", None),
    ("Persentase remaja putri SD yang mengonsumsi TTD", "sasaran", 0, "%", None),
    ("Persentase kehamilan yang belum diinginkan", "sasaran", 0, "%", None),
    ("Persentase Kehamilan yang Tidak Diinginkan (KTD)", "sasaran", 0, "%", "sensitif.kehamilan_tidak_diinginkan"),
    ("Persentase bayi usia =< 6 bulan mendapat ASI eksklusif", "sasaran", 0, "%", None),
    ("Persentase bayi usia < 6 bulan mendapat ASI eksklusif", "sasaran", 0, "%", "spesifik.asi_eksklusif"),
    ("Persentase anak usia 6 dan 23 bulan yang mendapat MP-ASI", "sasaran", 0, "%", None),
    ("Persentase anak usia 6 s.d. 23 bulan yang mendapat MP-ASI", "sasaran", 0, "%", "spesifik.mp_asi"),
    ("Persentase pelayanan K8 pascapersalinan", "sasaran", 0, "%", None),
    ("Persentase jumlah keluarga miskin dan rentan yang memperoleh bantuan tunai bersyarat", "sasaran", 0, "KK", None),
    ("Jumlah keluarga miskin dan rentan yang memperoleh bantuan tunai bersyarat", "sasaran", 0, "Rp", None),
    ("Jumlah keluarga miskin dan rentan yang dapat menerima bantuan sosial pangan", "sasaran", 0, "KK", None),
    ("Tersusunnya sistem penghargaan oleh daerah dalam percepatan penurunan stunting", KEGIATAN, 5, "", None),
    ("Publikasi data Stunting tahun 2019", KEGIATAN, 5, "publikasi", None),
    ("Publikasi data Stunting tahun 2024", KEGIATAN, 5, "publikasi", "pilar_5.publikasi_data"),
    ("Publikasi data Stunting Kabupaten Rembang", KEGIATAN, 5, "publikasi", None),
    ("Publikasi data Stunting Kabupaten Blora", KEGIATAN, 5, "publikasi", "pilar_5.publikasi_data"),
    ("Terselenggaranya rakor tahunan yang dihadiri oleh Bupati Rembang", KEGIATAN, 1, "kali", None),
    ("Terselenggaranya rakor tahunan yang dihadiri oleh Bupati Blora", KEGIATAN, 1, "kali", "pilar_1.rapat_tahunan_bupati"),
    ("Jumlah desa/kelurahan bebas stunting", KEGIATAN, 1, "desa", None),
    ("Persentase desa/kelurahan bebas stunting", KEGIATAN, 1, "%", "pilar_1.desa_bebas_stunting"),
    ("Persentase desa stop BABS atau ODF", "sasaran", 0, "%", "sensitif.desa_stop_babs"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "part", "pillar", "unit", "entry"), PROBES)
def test_what_differs_in_substance_is_not_certain(
    text: str, part: str, pillar: int, unit: str, entry: str | None
) -> None:
    row = Promise(
        "row", part, pillar or None, None, text, frozenset([unit] if unit else []), "33.16", frozenset([2024])
    )
    found = next((one.catalog_id for one in match([row], STUNTING) if one.status == "certain"), None)
    assert found == (entry and f"stunting.{entry}")


def test_rows_that_differ_in_their_year_alone_keep_the_entry_together() -> None:
    entry = the("stunting.spesifik.mp_asi")
    rows = [
        Promise(f"row {year}", "sasaran", None, "a", entry.name, frozenset(["%"]), None, frozenset([year]))
        for year in (2023, 2024)
    ]
    assert {one.status for one in match(rows, STUNTING)} == {"certain"}
    again = replace(rows[0], indicator_id="row again")
    assert {one.status for one in match([rows[0], again], STUNTING)} == {"candidate"}
