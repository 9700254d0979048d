"""What a feed's record says, and where the act says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acts.feed_record import FeedRecord, compare, differing_words, read_record
from extractors.lookups import regions
from extractors.models import Act, Metadata
from tests.feed_site import record

BLORA = next(region for region in regions() if region.region_code == "33.16")
ACT = Metadata(
    Act("perbup", "6", 2024, BLORA),
    "/akn/id-3316/act/perbup/2024/6",
    title="PERCEPATAN PENURUNAN STUNTING",
    enacted_on=date(2024, 2, 26),
    promulgated_on=date(2024, 2, 27),
)


def test_a_record_as_sites_give_it() -> None:
    read = read_record(record(6))
    assert read == FeedRecord(
        "106",
        "perbup",
        "6",
        2024,
        date(2024, 2, 27),
        "Percepatan Penurunan Stunting",
        ("Jawa Tengah.Kabupaten Blora",),
        "/files/6.pdf",
    )
    assert compare(read, ACT) == ()


@pytest.mark.parametrize(
    "nothing", ["-", "", " ", "--", None, "null", "NULL", "0", 0, "0000-00-00", "0000-00-00 00:00:00", [], {}, True]
)
def test_nothing_is_nothing(nothing: object) -> None:
    assert read_record(dict.fromkeys(record(6), nothing)) == FeedRecord()
    assert read_record({}) == FeedRecord()


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("6", "6"),
        (6, "6"),
        ("006", "6"),
        ("6 Tahun 2024", "6"),
        ("Nomor 6 Tahun 2024", "6"),
        ("No. 6", "6"),
        ("6/2024", "6"),
        ("18A", "18A"),
        ("188.45/12/2024", "188.45/12/2024"),
        ("enam", None),
    ],
)
def test_numbers(printed: object, number: str | None) -> None:
    assert read_record({"noPeraturan": printed}).number == number


@pytest.mark.parametrize(
    ("printed", "on", "year"),
    [
        ("2024-02-27", date(2024, 2, 27), 2024),
        ("2024-02-27 10:00:00", date(2024, 2, 27), 2024),
        ("2024-02-27T10:00:00Z", date(2024, 2, 27), 2024),
        ("2024/2/7", date(2024, 2, 7), 2024),
        ("27-02-2024", date(2024, 2, 27), 2024),
        ("27 Februari 2024", date(2024, 2, 27), 2024),
        ("2024", None, None),
        (2024, None, None),
        ("2024-02-31", None, None),
        ("2024-00-00", None, None),
        ("-0001-11-30", None, None),
        ("9999-12-31", None, None),
    ],
)
def test_dates(printed: object, on: date | None, year: int | None) -> None:
    read = read_record({"tanggal_pengundangan": printed})
    assert (read.promulgated_on, read.year) == (on, year)


@pytest.mark.parametrize(
    ("title", "about", "number", "jenis"),
    [
        ("Peraturan Bupati Blora Nomor 6 Tahun 2024 Tentang  Stunting", "Stunting", "6", "perbup"),
        ("PERBUP NO. 6 TAHUN 2024 TENTANG STUNTING", "STUNTING", "6", "perbup"),
        ("Peraturan Bupati tentang Stunting", "Stunting", None, "perbup"),
        ("Stunting &amp; Gizi", "Stunting & Gizi", None, None),
        (
            "Perubahan atas Peraturan Bupati Nomor 3 Tahun 2020 tentang Gizi",
            "Perubahan atas Peraturan Bupati Nomor 3 Tahun 2020 tentang Gizi",
            None,
            None,
        ),
        (
            "Peraturan Bupati Nomor 6 Tahun 2024 tentang Perubahan atas Peraturan Bupati Nomor 3 Tahun 2020 tentang Gizi",
            "Perubahan atas Peraturan Bupati Nomor 3 Tahun 2020 tentang Gizi",
            "6",
            "perbup",
        ),
    ],
)
def test_titles(title: str, about: str, number: str | None, jenis: str | None) -> None:
    read = read_record({"judul": title})
    assert (read.title, read.number, read.jenis) == (about, number, jenis)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"jenis": "Peraturan Daerah"}, "feed_kind_differs"),
        ({"noPeraturan": "7"}, "feed_number_differs"),
        ({"tahun_pengundangan": "2023"}, "feed_year_differs"),
        ({"teuBadan": "Jawa Tengah.Kabupaten Rembang"}, "feed_region_differs"),
        ({"teuBadan": "-", "penerbit": "Pemerintah Kota Semarang"}, "feed_region_differs"),
        ({"judul": "Percepatan Penurunan Kemiskinan"}, "feed_title_differs"),
        ({"judul": "Perubahan Kedua atas Percepatan Penurunan Stunting"}, "feed_title_differs"),
        ({"tanggal_pengundangan": "2024-02-26"}, "feed_date_differs"),
    ],
)
def test_each_difference_is_told_alone(change: dict[str, object], code: str) -> None:
    (finding,) = compare(read_record(record(6, **change)), ACT)
    assert (finding.stage, finding.code) == ("harvest", code)
    assert finding.severity == ("info" if code == "feed_date_differs" else "warning")


@pytest.mark.parametrize(
    "change",
    [
        {"judul": "percepatan penurunan stunting"},
        {"judul": "Percepatan Penuruan Stunting"},
        {"judul": "Percepatan Penurunan-Stunting."},
        {"noPeraturan": "006", "tahun_pengundangan": 2024},
        {"teuBadan": "Provinsi Jawa Tengah"},
        {"teuBadan": "Indonesia", "penerbit": "Bagian Hukum"},
        {"teuBadan": "KABUPATEN BLORA. BAGIAN HUKUM"},
        {"tanggal_pengundangan": "2024"},
    ],
)
def test_what_is_no_difference(change: dict[str, object]) -> None:
    assert compare(read_record(record(6, **change)), ACT) == ()


def test_the_year_of_the_promulgation_is_no_difference() -> None:
    late = replace(ACT, promulgated_on=date(2025, 1, 2))
    read = read_record(record(6, tahun_pengundangan="2025", tanggal_pengundangan="2025-01-02"))
    assert compare(read, late) == ()


def test_what_was_not_read_in_the_act_differs_from_nothing() -> None:
    assert compare(read_record(record(6)), Metadata(Act(None, None, None), None)) == ()


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text(), max_size=2)


@given(st.dictionaries(st.sampled_from(sorted(record())) | st.text(), VALUES))
def test_any_record_can_be_read_and_compared(raw: dict[str, object]) -> None:
    for finding in compare(read_record(raw), ACT):
        assert finding.code.startswith("feed_")
        assert len(finding.message) < 5000


@given(st.text(), st.text())
def test_titles_differ_both_ways_or_not_at_all(one: str, other: str) -> None:
    assert differing_words(one, one) == ()
    assert set(differing_words(one, other)) == set(differing_words(other, one))
