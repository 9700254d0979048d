"""Place phrases: what they name, in the contract's eids where they are absolute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.references.places import Place, eid_of, find_phrases
from extractors.references.ranges import members


def shown(place: Place) -> list[str]:
    found = members(place)
    assert found is not None
    return [eid_of(steps) or "/".join(f"{s.kind} {s.number}" for s in steps) for steps in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ayat (1)", ["ayat 1"]),
        ("ayat(2)", ["ayat 2"]),
        ("ayat (1a)", ["ayat 1a"]),
        ("Pasal48", ["pasal_48"]),
        ("Pasal 7 ayat (2) huruf c angka 3", ["pasal_7__ayat_2__huruf_c__angka_3"]),
        ("huruf a, huruf b dan huruf c", ["huruf a", "huruf b", "huruf c"]),
        ("huruf a, b, dan c", ["huruf a", "huruf b", "huruf c"]),
        ("Pasal 3 ayat (2) dan Pasal 4", ["pasal_3__ayat_2", "pasal_4"]),
        ("ayat (2), (3) dan (4) pasal ini", ["pasal ini/ayat 2", "pasal ini/ayat 3", "pasal ini/ayat 4"]),
        ("ayat (2) Pasal 16", ["pasal_16__ayat_2"]),
        ("huruf a ayat (3) Pasal 7", ["pasal_7__ayat_3__huruf_a"]),
        ("ayat (2) dan ayat (4) Pasal 17", ["pasal_17__ayat_2", "pasal_17__ayat_4"]),
        ("Pasal 6 ayat (3) dan (4)", ["pasal_6__ayat_3", "pasal_6__ayat_4"]),
        (
            "Pasal 5 ayat (1) dan Pasal 20 ayat (2) dan ayat (4)",
            ["pasal_5__ayat_1", "pasal_20__ayat_2", "pasal_20__ayat_4"],
        ),
        ("Pasal 5, 6 dan 7 ayat (2)", ["pasal_5", "pasal_6", "pasal_7__ayat_2"]),
        ("Pasal 5 dan ayat (2)", ["pasal_5", "ayat 2"]),
        ("ayat (1). ayat (2), dan ayat (3)", ["ayat 1", "ayat 2", "ayat 3"]),
        ("Pasal 5 sampai dengan Pasal 8", ["pasal_5", "pasal_6", "pasal_7", "pasal_8"]),
        ("ayat (1) s.d. ayat (3)", ["ayat 1", "ayat 2", "ayat 3"]),
        ("ayat (3) huruf a sampai dengan huruf c", ["ayat 3/huruf a", "ayat 3/huruf b", "ayat 3/huruf c"]),
        ("Pasal 18 sampai dengan Pasal 18C", ["pasal_18", "pasal_18A", "pasal_18B", "pasal_18C"]),
        ("Pasal 3 ayat (2) sampai dengan Pasal 5 ayat (1)", ["pasal_3__ayat_2", "pasal_4", "pasal_5__ayat_1"]),
        ("Lampiran I sampai dengan Lampiran III", ["lampiran_I", "lampiran_II", "lampiran_III"]),
        ("huruf A, huruf B, dan huruf D Lampiran I", ["lampiran_I__A", "lampiran_I__B", "lampiran_I__D"]),
        ("Lampiran", ["lampiran"]),
        ("Paragraf 2 Bagian Kesatu BAB III", ["bab_III__bagian_1__paragraf_2"]),
        ("BAB V Bagian Kedua Pasal 9", ["pasal_9"]),
        ("Pasal 3l, Pasal 1O dan Pasal l1", ["pasal_31", "pasal_10", "pasal_11"]),
        ("Pasal 12 A dan Pasal 12 B", ["pasal_12A", "pasal_12B"]),
    ],
)
def test_phrase_is_read_whole(text: str, expected: list[str]) -> None:
    (phrase,) = find_phrases(text)
    assert text[phrase.start : phrase.end] == text
    assert [eid for place in phrase.places for eid in shown(place)] == expected


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("dalam Pasal 5 dan 2 (dua) orang saksi", ["Pasal 5"]),
        ("bagian tidak terpisahkan dari lampiran surat", []),
        ("Lampiran : 1 (satu) bendel", []),
        ("angka 5,5% dan angka 7 %", []),
        ("sesuai Pasal 5. Pasal 6 mengatur", ["Pasal 5", "Pasal 6"]),
        ("huruf kapital, ayat suci, Pasal Demi Pasal", []),
    ],
)
def test_what_is_no_place_stays_out(text: str, printed: list[str]) -> None:
    assert [text[p.start : p.end] for p in find_phrases(text)] == printed


def test_two_possible_articles_are_doubtful() -> None:
    (phrase,) = find_phrases("Pasal 5 ayat (1), ayat (2) dan ayat (3) Pasal 6")
    assert [place.doubtful for place in phrase.places] == [False, True, False]


def test_descending_range_can_not_be_counted() -> None:
    (phrase,) = find_phrases("Pasal 9 sampai dengan Pasal 2")
    assert members(phrase.places[0]) is None


SOUP = """
Pasal pasal ayat huruf angka BAB Bagian Kedua Lampiran I IV 5 18A (1) (2a) a b ini dan , . sampai dengan s.d. ( ) di
"""
WORDS = st.sampled_from([*SOUP.split(), "\x00"])


@given(st.lists(WORDS, max_size=40))
def test_any_soup_is_read(words: list[str]) -> None:
    text = " ".join(words)
    end = 0
    for phrase in find_phrases(text):
        assert end <= phrase.start < phrase.end <= len(text)
        end = phrase.end
        assert phrase.places
        for place in phrase.places:
            members(place)
