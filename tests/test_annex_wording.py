"""Clean cell texts."""

from __future__ import annotations

import pytest

from extractors.annex.wording import clean, join_all, words_of

KNOWN = frozenset({"pengasuhan", "pembangunan", "manusia", "pendampingan", "kegiatan"})


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("terlatih penga- suhan stimulasi", "terlatih pengasuhan stimulasi"),
        ("pembangunan manusia- nya", "pembangunan manusianya"),
        ("laki- laki", "laki-laki"),
        ("(karbohi-drat, protein)", "(karbohidrat, protein)"),
        ("lauk-pauk dan anak-anak", "lauk-pauk dan anak-anak"),
        ("sub-kegiatan", "sub-kegiatan"),
        ("(15- 19) Air Susu Ibu (MP- ASI)", "(15-19) Air Susu Ibu (MP-ASI)"),
        ("Susu (MP— ASI).", "Susu (MP-ASI)."),
        ("Ber-KB", "Ber-KB"),
        ("tahun 2022 - 2024", "tahun 2022 - 2024"),
        ("bebas Stunting .", "bebas Stunting."),
        ("rencana kerja ( platform ) berbagi", "rencana kerja (platform) berbagi"),
        ("desa/ kelurahan", "desa/kelurahan"),
        ("menerima pendamping an Percepatan", "menerima pendampingan Percepatan"),
        ("Cakupan     pendampingan\n keluarga", "Cakupan pendampingan keluarga"),
        ("pencegahan Stunting.  I", "pencegahan Stunting."),
        ("Hidup Bersih (PHBS). )", "Hidup Bersih (PHBS).)"),
        ("", ""),
    ],
)
def test_clean(printed: str, expected: str) -> None:
    assert clean(printed, KNOWN).text == expected


def test_letters_changed_are_told() -> None:
    told = clean("penga- suhan Stunting. I", KNOWN).repairs
    assert [code for code, _ in told] == ["stray_glyph", "hyphen_healed"]
    assert clean("bebas Stunting .", KNOWN).repairs == ()


def test_join_heals_the_hyphen_of_a_cut() -> None:
    assert join_all(["Pemerintah Desa dan", "Pemangku", "Kepentingan."]) == "Pemerintah Desa dan Pemangku Kepentingan."
    assert join_all(["karbohi-", "drat"]) == "karbohidrat"
    assert join_all(["", "drat", " "]) == "drat"


def test_words_leave_out_parts_of_hyphenated_ones() -> None:
    assert words_of("a Dinas penga- suhan") == {"dinas", "suhan"}
