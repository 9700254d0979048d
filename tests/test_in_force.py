"""Entry into force in stages: which places hold from which day."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.acts.in_force import read_entry_into_force
from extractors.models import Notes, PartInForce
from tests.made import provision

MADE = date(2024, 2, 1)
LATER = date(2025, 1, 1)
THIS = "Peraturan Bupati ini mulai berlaku"
STAGES = [
    (
        [f"{THIS} pada tanggal diundangkan. Ketentuan BAB IV mulai berlaku pada tanggal 1 Januari 2025."],
        [PartInForce(("bab_IV",), LATER)],
        MADE,
    ),
    (
        [f"{THIS} pada tanggal diundangkan, kecuali Pasal 5 dan Pasal 6 yang mulai berlaku sejak 1 Januari 2025."],
        [PartInForce(("pasal_5", "pasal_6"), LATER)],
        MADE,
    ),
    (
        [f"{THIS} pada tanggal diundangkan, kecuali Pasal 5 setelah 2 (dua) bulan sejak diundangkan."],
        [PartInForce(("pasal_5",), date(2024, 4, 1))],
        MADE,
    ),
    ([f"{THIS} pada tanggal diundangkan, kecuali Pasal 5."], [PartInForce(("pasal_5",), None)], MADE),
    (
        [f"{THIS} pada tanggal diundangkan.", "Pasal I angka 3 mulai berlaku pada tanggal 1 Januari 2025."],
        [PartInForce(("pasal_I__angka_3",), LATER)],
        MADE,
    ),
    (
        [
            f"{THIS}:",
            "BAB I sampai dengan BAB III pada tanggal diundangkan; dan",
            "BAB IV pada tanggal 1 Januari 2025.",
        ],
        [PartInForce(("bab_I", "bab_II", "bab_III"), MADE), PartInForce(("bab_IV",), LATER)],
        None,
    ),
    # Where the places can't be told, no day is given to any.
    ([f"{THIS} pada tanggal diundangkan, kecuali ketentuan mengenai tarif pada 1 Januari 2025."], [], None),
    ([f"{THIS} pada tanggal diundangkan.", f"{THIS} pada tanggal 1 Januari 2025."], [], None),
]


@pytest.mark.parametrize(("texts", "parts", "rest_on"), STAGES)
def test_stages(texts: list[str], parts: list[PartInForce], rest_on: date | None) -> None:
    act = [provision("pasal_9", texts[0])]
    act += [
        provision(f"pasal_9__huruf_{'abc'[n]}", text, kind="huruf", ordinal=n + 2) for n, text in enumerate(texts[1:])
    ]
    notes = Notes("metadata")
    found = read_entry_into_force(act, None, MADE, notes)
    assert found.on is None
    assert (list(found.parts), found.rest_on) == (parts, rest_on)
    assert [finding for finding in notes if finding.code.startswith("in_force")]
