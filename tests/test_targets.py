from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.annex.targets import read_targets
from extractors.models import Notes, Span, Target


def read(
    printed: str | None, year: int | None = None, unit: str | None = None, time: str | None = None
) -> tuple[tuple[Target, ...], list[str]]:
    notes = Notes("targets")
    targets = read_targets(printed, year, notes, unit=unit, time=time, span=Span(3, 9), eid="lampiran", page=1)
    assert all(f.stage == "targets" and f.span == Span(3, 9) and f.eid == "lampiran" and f.page == 1 for f in notes)
    return targets, [finding.code for finding in notes]


def target(**fields: Any) -> Target:
    blank: dict[str, Any] = dict.fromkeys(Target.__dataclass_fields__)
    return Target(**{**blank, "comparator": "=" if "value" in fields else None, "status": "ok", **fields})


READ = [
    ("Target: 90% Tahun: 2024", target(value=90, unit="%", year=2024)),
    ("Target: 90% Tahun 2024", target(value=90, unit="%", year=2024)),
    ("Target:90%Tahun2024", target(value=90, unit="%", year=2024)),
    ("Tahun: 2024 Target: 90%", target(value=90, unit="%", year=2024)),
    ("90% (2024)", target(value=90, unit="%", year=2024)),
    ("Target: 15,5% Tahun: 2024", target(value=15.5, unit="%", year=2024)),
    ("90 persen", target(value=90, unit="%")),
    ("58.850 jiwa", target(value=58850, unit="jiwa")),
    ("93.000 KK", target(value=93000, unit="KK")),
    ("2024 jiwa", target(value=2024, unit="jiwa")),
    ("Target: 1 Tahun: 2024", target(value=1, year=2024)),
    ("1", target(value=1)),
    ("Target: 1 sistem Tahun: 2024", target(value=1, unit="sistem", year=2024)),
    ("Target: 1 Peraturan Bupati Tahun: 2022", target(value=1, unit="Peraturan Bupati", year=2022)),
    ("Target: 100% seluruh desa Tahun: 2024", target(value=100, unit="%", qualifier="seluruh desa", year=2024)),
    ("100% semua pendamping", target(value=100, unit="%", qualifier="semua pendamping")),
    ("100 % balita usia 6-23 bulan", target(value=100, unit="%", qualifier="balita usia 6-23 bulan")),
    (
        "minimal 2 (dua) kali Tahun: setiap tahun",
        target(comparator=">=", value=2, unit="kali", period="tahunan", period_printed="setiap tahun"),
    ),
    (
        "Target: minimal 2 (dua) kali setiap tahun",
        target(comparator=">=", value=2, unit="kali", period="tahunan", period_printed="setiap tahun"),
    ),
    (
        "Target: 1 (Satu) publikasi Tahun: setiap tahun",
        target(value=1, unit="publikasi", period="tahunan", period_printed="setiap tahun"),
    ),
    (
        "Target: 3 kanal/ metode Tahun: setiap bulan",
        target(value=3, unit="kanal/metode", period="bulanan", period_printed="setiap bulan"),
    ),
    ("Target: 1 Tahun Setiap 6 bulan", target(value=1, period="semesteran", period_printed="Setiap 6 bulan")),
    ("Target: 1 Tahun: setiap 6 bulan", target(value=1, period="semesteran", period_printed="setiap 6 bulan")),
    ("2 kali/tahun", target(value=2, unit="kali", period="tahunan", period_printed="/tahun")),
    ("2x dalam 1 tahun", target(value=2, unit="kali", period="tahunan", period_printed="dalam 1 tahun")),
    ("2 tahun", target(value=2, unit="tahun")),
    ("≤ 14 %", target(comparator="<=", value=14, unit="%")),
    ("$\\geq$ 90\\%", target(comparator=">=", value=90, unit="%")),
    ("paling banyak 14% (empat belas persen)", target(comparator="<=", value=14, unit="%")),
    ("kurang dari 5 kasus", target(comparator="<", value=5, unit="kasus")),
    ("lebih dari 80%", target(comparator=">", value=80, unit="%")),
    ("90% ke atas", target(comparator=">=", value=90, unit="%")),
    ("80-90%", target(comparator="between", value=80, value_upper=90, unit="%")),
    ("80% s.d. 90%", target(comparator="between", value=80, value_upper=90, unit="%")),
    ("antara 80% dan 90%", target(comparator="between", value=80, value_upper=90, unit="%")),
    ("Rp 1.500.000,00", target(value=1_500_000, unit="Rp")),
    ("Rp. 500.000.000,-", target(value=500_000_000, unit="Rp")),
    ("Rp1,5 miliar", target(value=1_500_000_000, unit="Rp")),
    ("18 per 1.000 kelahiran hidup", target(value=18, unit="per 1.000 kelahiran hidup")),
    ("0%", target(value=0, unit="%")),
    ("Target: 0", target(value=0)),
    ("0 kasus", target(value=0, unit="kasus")),
    ("seluruh kecamatan", target(value_text="seluruh kecamatan", status="text")),
    ("Target; 90% Tahun; 2024", target(value=90, unit="%", year=2024)),
    ("Tarqet: 90%", target(value=90, unit="%")),
    ("90°/o", target(value=90, unit="%")),
    ("Target: 90o/o Tahun: 2024", target(value=90, unit="%", year=2024)),
    ("90% pada Tahun 2024", target(value=90, unit="%", year=2024)),
    ("90% di tahun 2024", target(value=90, unit="%", year=2024)),
    ("100% pada desa lokus", target(value=100, unit="%", qualifier="pada desa lokus")),
    ("90% hingga 2024", target(value=90, unit="%", year=2024)),
    ("70% Tahun: 2024 (akumulatif)", target(value=70, unit="%", qualifier="(akumulatif)", year=2024)),
    ("1 (akumulatif) dokumen", target(value=1, unit="dokumen", qualifier="(akumulatif)")),
    ("75,5 (indeks)", target(value=75.5, unit="indeks")),
    ("100% untuk 5 desa", target(value=100, unit="%", qualifier="untuk 5 desa")),
    ("Target 2024: 90%", target(value=90, unit="%", year=2024)),
    ("26,4 %/thn", target(value=26.4, unit="%", period="tahunan", period_printed="/thn")),
    ("1 Sistem Informasi", target(value=1, unit="sistem informasi")),
    ("12 desa lokus", target(value=12, unit="desa", qualifier="lokus")),
    (
        "Target: seluruh kecamatan Tahun: 2024",
        target(value_text="seluruh kecamatan", year=2024, status="text"),
    ),
]


@pytest.mark.parametrize(("printed", "expected"), READ)
def test_reads_without_finding(printed: str, expected: Target) -> None:
    assert read(printed) == ((expected,), [])


@pytest.mark.parametrize(
    ("printed", "expected", "code"),
    [
        (
            "Target: 100% semua pendamping g Tahun: 2024",
            target(value=100, unit="%", qualifier="semua pendamping", year=2024),
            "target_stray_letter",
        ),
        ("7.4%", target(value=7.4, unit="%"), "target_notation"),
        ("5 pojok baca", target(value=5, unit="pojok baca"), "target_unit_unknown"),
        ("90% Tahun:", target(value=90, unit="%"), "target_year_lost"),
        ("90% Tahun: 20Z4", target(value=90, unit="%"), "target_year_lost"),
        ("90% Tahun 2024-2026", target(value=90, unit="%", period_printed="2024-2026"), "target_years"),
        ("1:20", target(value_text="1:20", status="text"), "target_text"),
        ("WTP", target(value_text="WTP", status="text"), "target_text"),
        ("\\overline{} 90%", target(value=90, unit="%"), "target_noise"),
        ("90%)", target(value=90, unit="%"), "target_noise"),
        (
            "1 Dokumen Tahun: 2023 dan 2024",
            target(value=1, unit="dokumen", period_printed="2023 dan 2024"),
            "target_years",
        ),
        ("360,000 jiwa", target(value=360_000, unit="jiwa"), "target_notation"),
        ("1,250 desa", target(value=1250, unit="desa"), "target_notation"),
        ("5 kelompok tani", target(value=5, unit="kelompok tani"), "target_unit_unknown"),
        ("9O%", target(value=90, unit="%"), "target_digits"),
        ("l00%", target(value=100, unit="%"), "target_digits"),
        ("lOO %", target(value=100, unit="%"), "target_digits"),
        ("Target: 1O Tahun: 2024", target(value=10, year=2024), "target_digits"),
        ("90% (2O24)", target(value=90, unit="%", year=2024), "target_digits"),
        (
            "setiap bulan",
            target(value_text="setiap bulan", period="bulanan", period_printed="setiap bulan", status="text"),
            "target_text",
        ),
        (
            "sepanjang tahun",
            target(
                value_text="sepanjang tahun", period="sepanjang tahun", period_printed="sepanjang tahun", status="text"
            ),
            "target_text",
        ),
        ("nihil", target(value_text="nihil", status="text"), "target_text"),
        ("II dokumen", target(value_text="II dokumen", status="text"), "target_text"),
    ],
)
def test_reads_with_a_finding(printed: str, expected: Target, code: str) -> None:
    assert read(printed) == ((expected,), [code])


@pytest.mark.parametrize(
    "printed", [None, "", " ", "0", "$\\overline{}$", "Tahun:", "Target:", "-", "g", "%", "N/A", "n/a"]
)
def test_nothing_to_read_is_lost(printed: str | None) -> None:
    assert read(printed) == ((target(status="lost"),), ["target_lost"])


@pytest.mark.parametrize("printed", ["Tahun : 2024", "Target: Tahun: 2024", "Target: % Tahun: 2024"])
def test_a_lost_target_keeps_its_year(printed: str) -> None:
    assert read(printed) == ((target(status="lost", year=2024),), ["target_lost"])


@pytest.mark.parametrize(
    "printed",
    [
        "2 (tiga) kali",
        "93,000 kg",
        "15, 5%",
        "90-80%",
        "turun 5%",
        "3/4",
        "2024",
        "-5%",
        "80% dan 90%",
        "80%, 90%",
        "1 2024",
        "1:2024",
    ],
)
def test_what_has_no_one_reading_gives_no_number(printed: str) -> None:
    (found,), codes = read(printed)
    assert found == target(status="ambiguous", value_text=printed)
    assert codes


def test_several_targets_in_one_cell() -> None:
    for printed in (
        "2023: 80%, 2024: 90%",
        "2023 = 80%, 2024 = 90%",
        "80% (2023), 90% (2024)",
        "Tahun 2023: 80% Tahun 2024: 90%",
        "Tahun 2023 80% Tahun 2024 90%",
    ):
        both = (target(value=80, unit="%", year=2023), target(value=90, unit="%", year=2024))
        assert read(printed) == (both, [])
    assert read("1 dokumen, 5 kegiatan")[0] == (target(value=1, unit="dokumen"), target(value=5, unit="kegiatan"))
    assert read("5 desa dan 2 kelurahan") == ((target(value=5, unit="desa"), target(value=2, unit="kelurahan")), [])


@pytest.mark.parametrize(
    ("printed", "unit", "expected", "codes"),
    [
        ("80", "Persen (%)", target(value=80, unit="%"), []),
        ("80%", "%", target(value=80, unit="%"), []),
        ("2 dokumen", "Dokumen", target(value=2, unit="dokumen"), []),
        ("75", "-", target(value=75), []),
        ("2.500", "Rp (juta)", target(value=2_500_000_000, unit="Rp"), []),
        ("80-90", "%", target(comparator="between", value=80, value_upper=90, unit="%"), []),
        ("2", "Kali/Tahun", target(value=2, unit="kali", period="tahunan", period_printed="/Tahun"), []),
        ("2024", "jiwa", target(value=2024, unit="jiwa"), []),
        ("18", "per 1.000 KH", target(value=18, unit="per 1.000 KH"), []),
        ("5", "Tahun", target(value=5, unit="tahun"), []),
        ("0", "%", target(value=0, unit="%"), []),
        ("360,000", "jiwa", target(value=360_000, unit="jiwa"), ["target_notation"]),
        ("1:5", "Rasio", target(value_text="1:5", status="text"), ["target_text"]),
        ("5", "Pojok baca", target(value=5, unit="Pojok baca"), ["target_unit_unknown"]),
        ("2 dokumen", "Laporan", target(value=2, unit="dokumen"), ["target_unit_differs"]),
        ("2,5 juta", "Rp (juta)", target(value=2_500_000, unit="Rp"), ["target_unit_differs"]),
        ("", "%", target(status="lost"), ["target_lost"]),
    ],
)
def test_a_column_of_units_fills_what_the_cell_leaves_open(
    printed: str, unit: str, expected: Target, codes: list[str]
) -> None:
    assert read(printed, unit=unit) == ((expected,), codes)


@pytest.mark.parametrize(
    ("printed", "time", "expected", "codes"),
    [
        ("90%", "2024", target(value=90, unit="%", year=2024), []),
        ("90%", "Setiap tahun", target(value=90, unit="%", period="tahunan", period_printed="Setiap tahun"), []),
        (
            "2 kali/tahun",
            "2024",
            target(value=2, unit="kali", year=2024, period="tahunan", period_printed="/tahun"),
            [],
        ),
        ("90%", "2023-2026", target(value=90, unit="%", period_printed="2023-2026"), ["target_years"]),
        ("90% Tahun 2023", "2024", target(value=90, unit="%", year=2023), ["target_year_differs"]),
        ("90%", "-", target(value=90, unit="%"), []),
        ("90%", "entah", target(value=90, unit="%"), ["target_time_unread"]),
        ("", "2024", target(status="lost", year=2024), ["target_lost"]),
    ],
)
def test_a_column_of_times_fills_what_the_cell_leaves_open(
    printed: str, time: str, expected: Target, codes: list[str]
) -> None:
    assert read(printed, time=time) == ((expected,), codes)


def test_the_year_of_a_column_holds_where_the_cell_prints_none() -> None:
    assert read("14", 2025) == ((target(value=14, year=2025),), [])
    assert read("0", 2025) == ((target(value=0, year=2025),), [])
    assert read("", 2025) == ((target(status="lost", year=2025),), ["target_lost"])
    assert read("14% Tahun 2024", 2025) == ((target(value=14, unit="%", year=2024),), ["target_year_differs"])


WORDS = re.findall(
    r"\S+",
    "Target: 90 % Tahun : 2024 usia 6 bulan seluruh desa (dua) ( - , dan / per minimal Rp x g "
    "antara juta $ setiap 58.850 0",
)


CELLS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join))


@given(CELLS, st.none() | st.just(2024), st.none() | CELLS, st.none() | CELLS)
def test_never_raises_and_always_gives_a_target(
    printed: str, year: int | None, unit: str | None, time: str | None
) -> None:
    targets, codes = read(printed, year, unit, time)
    assert targets
    for found in targets:
        assert (found.status == "ok") == (found.value is not None)
        assert found.status == "ok" or codes or found.value_text
        assert found.value_text is None or found.value_text.strip()
