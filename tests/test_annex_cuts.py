"""Texts that cell borders cut."""

from __future__ import annotations

import pytest

from extractors.annex.cuts import complete, complete_in_list, join_cut, rebuild

KNOWN = frozenset(
    {"peningkatan", "komitmen", "dan", "visi", "kepemimpinan", "di", "pemerintah", "daerah", "sensitif", "masyarakat"}
    | {"tingkat", "ketahanan", "ke"}
)
PILLARS = [
    "menurunkan prevalensi;",
    "peningkatan komitmen dan visi kepemimpinan Pemerintah Daerah;",
    "peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat;",
    "peningkatan konvergensi intervensi spesifik;",
    "peningkatan ketahanan pangan dan gizi; dan",
]


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("Peningkatan k", "omitmen dan visi", "Peningkatan komitmen dan visi"),
        ("Pemerintah Da", "nerah", "Pemerintah Daerah"),
        ("Spesifik d", "lan Intervensi", "Spesifik dan Intervensi"),
        ("Intervensi Sens", "sitif di", "Intervensi Sensitif di"),
        ("dan m", "ıasyarakat", "dan masyarakat"),
        ("Peningkatan", "ketahanan pangan", "Peningkatan ketahanan pangan"),
        ("individu,", "keluarga", "individu, keluarga"),
        ("entah", "apa", "entah apa"),
        ("", "apa", "apa"),
    ],
)
def test_join(left: str, right: str, joined: str) -> None:
    assert join_cut(left, right, KNOWN)[0] == joined


def test_repairs_are_told() -> None:
    rebuilt = rebuild(["Peningkatan k", "omitmen dan visi kepemimpinan", "di Pemerintah Da", "nerah"], KNOWN)
    assert rebuilt.text == "Peningkatan komitmen dan visi kepemimpinan di Pemerintah Daerah"
    assert rebuilt.repairs == ("k|omitmen read as komitmen", "Da|nerah read as Daerah")


def test_completed_from_the_one_item_that_fits() -> None:
    assert complete("Peningkatan kom", "", PILLARS) is None
    assert (
        complete("Peningkatan komu", "", PILLARS)
        == "Peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat"
    )
    remnant = "omunikasi perubnhan perilaku dan pembcrdayaan masyarakat"
    assert (
        complete("Peningkatan k", remnant, PILLARS)
        == "Peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat"
    )
    assert complete("Peni", "", PILLARS) is None


def test_completed_by_place_in_the_list() -> None:
    siblings = [
        (1, "Peningkatan komitmen dan visi kepemimpinan di Pemerintah Daerah"),
        (4, "Peningkatan ketahanan pangan dan gizi"),
    ]
    whole = "Peningkatan komunikasi perubahan perilaku dan pemberdayaan masyarakat"
    assert complete_in_list("Peningkatan k", 2, siblings, PILLARS) == whole
    assert complete_in_list("Penguatan", 2, siblings, PILLARS) is None
    assert complete_in_list("Peningkatan k", 2, siblings[:1], PILLARS) is None
    assert complete_in_list("Peningkatan k", 9, siblings, PILLARS) is None
