"""The grammar of amendment instructions, on the wordings of the drafting rules and their variants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acts.identifiers import find_citations
from extractors.amendments.grammar import read_instruction
from extractors.amendments.instructions import announces_quotation, declared_labels, looks_like_instruction
from extractors.amendments.reading import Clause, Reading, UnreadError
from extractors.models import Span
from extractors.references.places import eid_of


def read(text: str) -> Reading:
    cited = [c for c in find_citations(text, None) if not c.in_title]
    return read_instruction(text, [Span(c.start, c.gazette_end) for c in cited])


def shown(clause: Clause) -> str:
    """`insert pasal_18A after pasal_18 before pasal_19`."""
    parts = [
        clause.action,
        eid_of(clause.new) or "",
        "in" if clause.new and clause.target else "",
        eid_of(clause.target) or "",
    ]
    parts += [
        f"after {eid_of(clause.after)}" if clause.after else "",
        f"before {eid_of(clause.before)}" if clause.before else "",
    ]
    return " ".join(part for part in parts if part)


READ = [
    (
        "Ketentuan ayat (2) dan ayat (4) Pasal 17 diubah, sehingga berbunyi sebagai berikut:",
        ["substitute pasal_17__ayat_2", "substitute pasal_17__ayat_4"],
    ),
    (
        "Di antara Pasal 18 dan Pasal 19 disisipkan 1 (satu) pasal, yakni Pasal 18A yang berbunyi sebagai berikut:",
        ["insert pasal_18A after pasal_18 before pasal_19"],
    ),
    ("Pasal 24 dihapus.", ["repeal pasal_24"]),
    (
        "Ketentuan Lampiran dalam Peraturan Bupati Blora Nomor 13 Tahun 2022 tentang Percepatan Penurunan Stunting di"
        " Kabupaten Blora diubah sehingga menjadi sebagaimana tercantum dalam Lampiran yang merupakan bagian tidak"
        " terpisahkan dari Peraturan Bupati ini.",
        ["replace_annex lampiran"],
    ),
    ("Ketentuan Pasal 5 diubah sehingga Pasal 5 berbunyi sebagai berikut:", ["substitute pasal_5"]),
    ("Ketentuan huruf a ayat (3) Pasal 7 diubah, sehingga Pasal 7 berbunyi:", ["substitute pasal_7__ayat_3__huruf_a"]),
    (
        "Diantara Pasal 81 dan Pasal 82 disisipi 1 (satu) Pasal baru yakni Pasal 81A yang berbunyi sebagai berikut:",
        ["insert pasal_81A after pasal_81 before pasal_82"],
    ),
    (
        "Di antara ayat (1) dan ayat (2) Pasal 18 disisipkan 2 (dua) ayat, yakni ayat (1a) dan ayat (1b) sehingga Pasal"
        " 18 berbunyi sebagai berikut:",
        [
            "insert pasal_18__ayat_1a after pasal_18__ayat_1 before pasal_18__ayat_2",
            "insert pasal_18__ayat_1b after pasal_18__ayat_1 before pasal_18__ayat_2",
        ],
    ),
    (
        "Ketentuan ayat (1) Pasal 74 ditambah 1 (satu) ayat baru yakni huruf g, sehingga Pasal 74 berbunyi:",
        ["append pasal_74__ayat_1__huruf_g in pasal_74__ayat_1"],
    ),
    (
        "Ketentuan Pasal 13 ditambah 2 (dua) ayat, yakni ayat (4) dan ayat (5), sehingga Pasal 13 berbunyi:",
        ["append pasal_13__ayat_4 in pasal_13", "append pasal_13__ayat_5 in pasal_13"],
    ),
    (
        "Setelah Pasal 20 ditambahkan 1 (satu) pasal, yakni Pasal 21 yang berbunyi sebagai berikut:",
        ["insert pasal_21 after pasal_20"],
    ),
    ("Ketentuan ayat (2) Pasal 45 dihapus, sehingga Pasal 45 berbunyi:", ["repeal pasal_45__ayat_2"]),
    (
        "Ketentuan Pasal 8 ayat (1) dan ayat (3) diubah, ayat (2) dihapus, serta ditambahkan 1 (satu) ayat baru yakni"
        " ayat (4), sehingga keseluruhan Pasal 8 berbunyi sebagai berikut:",
        [
            "substitute pasal_8__ayat_1",
            "substitute pasal_8__ayat_3",
            "repeal pasal_8__ayat_2",
            "append pasal_8__ayat_4 in pasal_8",
        ],
    ),
    (
        "Ketentuan ayat (1) dihapus, ayat (2) diubah, dan di antara ayat (2) dan ayat (3) Pasal 5 disisipkan 1 (satu)"
        " ayat, yakni ayat (2a), sehingga Pasal 5 berbunyi sebagai berikut:",
        [
            "repeal pasal_5__ayat_1",
            "substitute pasal_5__ayat_2",
            "insert pasal_5__ayat_2a after pasal_5__ayat_2 before pasal_5__ayat_3",
        ],
    ),
    (
        "Ketentuan Pasal 1 angka 4 diubah, di antara angka 7 dan angka 8 disisipkan 1 (satu) angka yakni angka 7a, dan"
        " angka 9, serta angka 10 dihapus, sehingga Pasal 1 berbunyi sebagai berikut:",
        [
            "substitute pasal_1__angka_4",
            "insert pasal_1__angka_7a after pasal_1__angka_7 before pasal_1__angka_8",
            "repeal pasal_1__angka_9",
            "repeal pasal_1__angka_10",
        ],
    ),
    (
        "Pasal 37 dipecah menjadi 2 (dua) pasal yakni menjadi Pasal 37 dan Pasal 37 A dengan ketentuan berikut:",
        ["substitute pasal_37", "insert pasal_37A after pasal_37"],
    ),
    (
        "Di antara Bab VI dan Bab VII ditambah bab baru yakni Bab VI A mengenai Ketentuan Peralihan yang berisi 1"
        " (satu) pasal, yakni Pasal 43 A yang diletakkan di antara Pasal 43 dan Pasal 44 sehingga berbunyi:",
        ["insert bab_VIA after bab_VI before bab_VII"],
    ),
    (
        "Dalam BAB VII sebelum Pasal 44 ditambah 1 (satu) pasal baru yakni Pasal 43 B yang berbunyi sebagai berikut:",
        ["insert pasal_43B before pasal_44"],
    ),
    ("Judul BAB IV diubah sehingga berbunyi sebagai berikut:", ["retitle bab_IV"]),
    (
        "Pasal 2 ayat (2) substansi tetap, penjelasan pasal diubah sehingga rumusannya sebagaimana tercantum dalam"
        " penjelasan Pasal Demi Pasal angka 1 Undang-undang ini.",
        ["replace_elucidation pasal_2__ayat_2"],
    ),
    ("Penjelasan Pasal 5 diubah sebagaimana tercantum dalam Penjelasan.", ["replace_elucidation pasal_5"]),
    ("Ketentuan Pasal 27 tetap, penjelasan diubah.", ["replace_elucidation pasal_27"]),
    ("Mengubah ketentuan Pasal 1 ayat (3), sehingga keseluruhan Pasal 1 berbunyi:", ["substitute pasal_1__ayat_3"]),
    (
        "Menambah 1 (satu) ayat pada Pasal 5, yakni ayat (3) yang berbunyi sebagai berikut:",
        ["append pasal_5__ayat_3 in pasal_5"],
    ),
    (
        "Ketentuan Pasal 5 diubah dengan menambah 1 (satu) ayat baru, yakni ayat (3), sehingga Pasal 5 berbunyi:",
        ["append pasal_5__ayat_3 in pasal_5"],
    ),
    ("Lampiran II dihapus.", ["repeal lampiran_II"]),
    (
        "Ketentuan huruf A dan huruf B Lampiran I diubah sehingga menjadi sebagaimana tercantum dalam Lampiran I yang"
        " merupakan bagian tidak terpisahkan dari Peraturan Daerah ini.",
        ["replace_annex lampiran_I__A", "replace_annex lampiran_I__B"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), READ)
def test_instruction_is_read(text: str, expected: list[str]) -> None:
    assert [shown(clause) for clause in read(text).clauses] == expected
    assert looks_like_instruction(text)


@pytest.mark.parametrize(
    ("text", "target", "old", "new", "occurrence"),
    [
        (
            'Kata "Menteri" dalam Pasal 3 ayat (1) diganti dengan kata "Kepala".',
            "pasal_3__ayat_1",
            "Menteri",
            "Kepala",
            None,
        ),
        ("Ketentuan Pasal 5 frasa “dua hari” diubah menjadi “tiga hari”.", "pasal_5", "dua hari", "tiga hari", None),
        ('Kata "dan" pada Pasal 5 dihapus.', "pasal_5", "dan", None, None),
        ('Semua kata "Dinas" dibaca "Badan".', None, "Dinas", "Badan", None),
        ("Frasa “x” yang kedua dalam Pasal 5 diganti dengan frasa “y”.", "pasal_5", "x", "y", 2),
    ],
)
def test_phrases_are_replaced(text: str, target: str | None, old: str, new: str | None, occurrence: int | None) -> None:
    (clause,) = read(text).clauses
    assert clause.action == "replace_phrase"
    assert (eid_of(clause.target), clause.old_phrase, clause.new_phrase, clause.occurrence) == (
        target,
        old,
        new,
        occurrence,
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ketentuan ayat (3) diubah menjadi ayat (4).",
        "Pasal 5 diubah menjadi Pasal 6.",
        "Pasal 5 tidak diubah.",
        "Ketentuan Pasal 5 diubah kecuali ayat (2).",
        "Ketentuan Pasal 6 diubah sepanjang mengenai tarif.",
        "Pasal 14 dihapus dan diganti dengan Pasal 14A.",
        "Ketentuan Pasal 5 ayat (1), ayat (2) dan ayat (3) Pasal 6 diubah.",
        "Pada Pasal 8, diperbaiki seperlunya.",
        "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.",
        "Pasal 9 sampai dengan Pasal 2 dihapus.",
        "Pasal 5 dan Pasal 6 disisipkan 1 (satu) pasal, yakni Pasal 5A.",
    ],
)
def test_what_is_not_understood_whole_is_not_read(text: str) -> None:
    with pytest.raises(UnreadError):
        read(text)


@pytest.mark.parametrize(
    ("text", "doubt", "declared", "counted"),
    [
        ("Di antara Pasal 5 dan Pasal 6 disisipkan 2 (dua) pasal, yakni Pasal 5A.", "declared_count_differs", 2, 1),
        ("Di antara Pasal 5 dan Pasal 6 disisipkan 2 (tiga) pasal, yakni Pasal 5A.", "count_words_differ", -1, 1),
        ("Pasal 82 ditambah 1 (satu) ayat baru yakni huruf g.", "declared_unit_differs", 1, 1),
    ],
)
def test_counts_are_checked(text: str, doubt: str, declared: int, counted: int) -> None:
    reading = read(text)
    assert doubt in reading.doubts
    assert (reading.clauses[0].declared, reading.clauses[0].counted) == (declared, counted)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ketentuan Pasal 5 diubah sehingga berbunyi sebagai berikut:", True),
        ("Ketentuan Pasal 3 Peraturan Gubernur Bali Nomor 29 Tahun 2019, diubah sebagai berikut :", True),
        ("Pasal 37 dipecah menjadi 2 (dua) pasal dengan ketentuan sebagai berikut:", True),
        ("Di antara Pasal 1 dan Pasal 2 disisipkan 1 (satu) pasal, yakni Pasal 1A yang berbunyi: “", True),
        ("Beberapa ketentuan dalam Peraturan Bupati Nomor 1 Tahun 2020 diubah sebagai berikut:", False),
        ("Pasal 24 dihapus.", False),
        ("Lampiran diubah sehingga menjadi sebagaimana tercantum dalam Lampiran.", False),
    ],
)
def test_announced_quotation(text: str, expected: bool) -> None:
    assert announces_quotation(text) is expected


@pytest.mark.parametrize(
    "text",
    [
        "Ketentuan lebih lanjut mengenai tata cara diubah dengan Peraturan Bupati.",
        "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.",
        "Pada saat Peraturan Daerah ini mulai berlaku, Peraturan Bupati Nomor 38 Tahun 2025 dicabut.",
        "pengarah; dan",
        "Pasal 5 mengatur tim.",
    ],
)
def test_other_text_is_no_instruction(text: str) -> None:
    assert not looks_like_instruction(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ketentuan ayat (2) dan ayat (4) Pasal 17 diubah", [("ayat", "2"), ("pasal", "17"), ("ayat", "4")]),
        ("Di antara Pasal 18 dan Pasal 19 disisipkan 1 (satu) pasal, yakni Pasal 18A", [("pasal", "18A")]),
        ("Di antara BAB IX dan BAB X disisipkan 1 (satu) bab, yakni BAB IX A", [("bab", "IXA")]),
        ("Pasal 5 sampai dengan Pasal 7 diubah", [("pasal", "5"), ("pasal", "6"), ("pasal", "7")]),
    ],
)
def test_declared_labels(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(declared_labels(text)) == expected


SOUP = """
Ketentuan Pasal 5 ayat (1) huruf a Lampiran BAB IV diubah dihapus disisipkan ditambah dipecah dengan menjadi yakni ,
dan 1 (satu) pasal sehingga berbunyi sebagai berikut : "x" kata antara setelah penjelasan tetap judul mengenai berisi
diletakkan
"""
WORDS = st.sampled_from([*SOUP.split(), "\x00"])


def reason_or_clauses(text: str) -> object:
    try:
        return read(text).clauses
    except UnreadError as error:
        return error.reason


@given(st.lists(WORDS, max_size=30))
def test_any_soup_is_read_or_refused(words: list[str]) -> None:
    text = " ".join(words)
    looks_like_instruction(text)
    announces_quotation(text)
    declared_labels(text)
    assert reason_or_clauses(text)
