"""Indonesian dates as real documents print them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acts.dates import find_dates, parse_date, read_month

MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)

DATES = [
    ("pada tanggal 27 Februari 2024", date(2024, 2, 27)),
    ("Pada Tanggal 2 Januari 1974", date(1974, 1, 2)),
    ("pada tanggal 05 Juni 2015", date(2015, 6, 5)),
    ("2 7 M e i 2 0 2 2", date(2022, 5, 27)),
    ("30-12-2025", date(2025, 12, 30)),
    ("30/12/2025", date(2025, 12, 30)),
    ("12.05.2020", date(2020, 5, 12)),
    ("9 September2024", date(2024, 9, 9)),
    ("17Agustus 1945", date(1945, 8, 17)),
    ("1Oktober 2000", date(2000, 10, 1)),
    ("1 O k t o b e r 2 0 0 0", date(2000, 10, 1)),
    ("4 Pebruari 2019", date(2019, 2, 4)),
    ("1 Nopember 2010", date(2010, 11, 1)),
    ("3 Djuli 1960", date(1960, 7, 3)),
    ("27 FEBRUARI 2024.", date(2024, 2, 27)),
]

MENDED = [
    ("l Januari 2O22", date(2022, 1, 1)),
    ("11 Septernber 2020", date(2020, 9, 11)),
    ("15 Desernber 2020", date(2020, 12, 15)),
]

NO_DATES = [
    "",
    "pada tanggal …",
    "pada tanggal 31 Februari 2020",
    "Agustus 2024",
    "1 Juli",
    "1 Pasal 2020",
    "HK.01.07/2/2020",
    "Nomor 12-05-2020-1",
    "27 Februari 3024",
    "13 bulan 2020",
]


@pytest.mark.parametrize(("printed", "expected"), DATES)
def test_reads(printed: str, expected: date) -> None:
    (found,) = find_dates(printed)
    assert found.value == expected
    assert not found.mended
    assert printed[found.start : found.end] == found.printed


@pytest.mark.parametrize(("printed", "expected"), MENDED)
def test_mends_and_says_so(printed: str, expected: date) -> None:
    (found,) = find_dates(printed)
    assert (found.value, found.mended) == (expected, True)


@pytest.mark.parametrize("printed", NO_DATES)
def test_leaves_alone(printed: str) -> None:
    assert find_dates(printed) == ()


def test_several_dates_come_in_order() -> None:
    found = find_dates("dari 1 Januari 2020 sampai dengan 31-12-2021")
    assert [d.value for d in found] == [date(2020, 1, 1), date(2021, 12, 31)]
    assert parse_date("dari 1 Januari 2020 sampai dengan 31-12-2021") is None
    assert parse_date("1 Januari 2020, yaitu 1 Januari 2020") == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("name", "expected"), [("Mei", (5, False)), ("Oktoher", (10, True)), ("Pasal", None), ("Me", None)]
)
def test_months(name: str, expected: tuple[int, bool] | None) -> None:
    assert read_month(name) == expected


@given(st.dates(date(1945, 1, 1), date(2099, 12, 31)), st.booleans())
def test_every_day_reads_back(day: date, spread: bool) -> None:
    printed = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert parse_date(" ".join(printed.replace(" ", "")) if spread else f"pada tanggal {printed}") == day


@given(st.text())
def test_never_raises(text: str) -> None:
    assert all(text[d.start : d.end] == d.printed for d in find_dates(text))
