"""Definitions: what stands below `yang dimaksud dengan`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.definitions import parse_definition, read_definitions
from extractors.models import EMPTY, Definition, Mapped, Notes, Provision, Span


def provision(eid: str, text: str, *, zone: str = "body") -> Provision:
    parent, _, last = eid.rpartition("__")
    kind = last.split("_")[0]
    content = Mapped(text, ((0, 0),)) if text else EMPTY
    return Provision(
        eid, parent or None, kind, zone, None, None, False, EMPTY, content, 1, 1, Span(0, len(text) + 1), 1, 1
    )


PARSED = [
    ("Daerah adalah Kabupaten Balangan.", ("Daerah", "Kabupaten Balangan.", None)),
    ("Perkawinan ialah ikatan lahir batin.", ("Perkawinan", "ikatan lahir batin.", None)),
    ("Dana merupakan uang.", ("Dana", "uang.", None)),
    (
        "Badan Keuangan Daerah yang selanjutnya disebut BAKEUDA adalah badan.",
        ("Badan Keuangan Daerah", "badan.", "BAKEUDA"),
    ),
    ("Alokasi Dana Desa, selanjutnya disingkat ADD, adalah bagian dana.", ("Alokasi Dana Desa", "bagian dana.", "ADD")),
    ("Rekening Kas Desa, yang selanjutnya disingkat RKD, adalah rekening.", ("Rekening Kas Desa", "rekening.", "RKD")),
    ("Tim Penggerak (TP-PKK) adalah tim.", ("Tim Penggerak", "tim.", "TP-PKK")),
    ("Desa (nama lain) adalah desa.", ("Desa (nama lain)", "desa.", None)),
    ("Desa yang selanjutnya dalam Peraturan Bupati ini disebut Desa adalah desa.", ("Desa", "desa.", "Desa")),
    ("Pegawai Negeri adalah meliputi:", ("Pegawai Negeri", "meliputi:", None)),
    ("perkawinan campuran dalam Undang-undang ini adalah perkawinan.", ("perkawinan campuran", "perkawinan.", None)),
]


@pytest.mark.parametrize(("text", "expected"), PARSED)
def test_parses(text: str, expected: tuple[str, str, str | None]) -> None:
    parsed = parse_definition(text)
    assert parsed is not None
    assert (parsed.term, parsed.definition, parsed.abbreviation) == expected
    assert parsed.doubt is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Prevalensi adalah adalah konsep statistik", ("Prevalensi", "konsep statistik", "doubled_verb")),
        ("Bupati adaiah Bupati Blora.", ("Bupati", "Bupati Blora.", "verb_mended")),
        (
            "Badan yang selanjutnya disebut Badan yang selanjutnya disingkat BKD adalah badan.",
            ("Badan", "badan.", "second_short_name"),
        ),
    ],
)
def test_mended_ones_say_so(text: str, expected: tuple[str, str, str]) -> None:
    parsed = parse_definition(text)
    assert parsed is not None
    assert (parsed.term, parsed.definition, parsed.doubt) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Daerah", "adalah Kabupaten", "Surat terdiri dari SPPT dan SPPH.", "kata " * 60 + "adalah x", "Desa adalah:"],
)
def test_leaves_what_is_no_definition(text: str) -> None:
    assert parse_definition(text) is None


def test_reads_the_list_and_nothing_else() -> None:
    notes = Notes("definitions")
    rows = read_definitions(
        [
            provision("pasal_1", "Dalam Peraturan Bupati ini yang dimaksud dengan:"),
            provision("pasal_1__angka_1", "Daerah adalah Kabupaten Balangan."),
            provision("pasal_1__angka_2", "Perangkat Daerah adalah:"),
            provision("pasal_1__angka_3", "Dihapus."),
            provision("pasal_2", "Tujuan adalah:"),
            provision("pasal_2__huruf_a", "maksud adalah ini."),
            provision("lampiran__pasal_1", "yang dimaksud dengan:", zone="annex"),
            provision("lampiran__pasal_1__angka_1", "Desa adalah Desa.", zone="annex"),
        ],
        notes,
    )
    assert rows == (Definition("pasal_1__angka_1", "Daerah", "Kabupaten Balangan.", None),)
    assert [(f.code, f.eid) for f in notes] == [("definition_not_understood", "pasal_1__angka_2")]


def test_reads_quoted_lists_inserted_items_and_ayat() -> None:
    notes = Notes("definitions")
    quoted = "pasal_I__angka_1__pasal_1"
    rows = read_definitions(
        [
            provision(quoted, "", zone="quoted"),
            provision(f"{quoted}__angka_5a", "Kader adalah warga.", zone="quoted"),
            provision("pasal_1", "Dalam Undang-undang ini yang dimaksud dengan :"),
            provision("pasal_1__ayat_1", "Korporasi adalah kumpulan orang."),
            provision("pasal_9", "Yang dimaksud dengan Camat dalam Peraturan Bupati ini adalah camat."),
            provision("penjelasan__pasal_3", "Yang dimaksud dengan x adalah y.", zone="elucidation"),
        ],
        notes,
    )
    assert [(r.eid, r.term) for r in rows] == [
        (f"{quoted}__angka_5a", "Kader"),
        ("pasal_1__ayat_1", "Korporasi"),
        ("pasal_9", "Camat"),
    ]
    assert not notes.findings


@given(st.text())
def test_never_raises(text: str) -> None:
    rows = read_definitions(
        [provision("pasal_1", "yang dimaksud dengan:"), provision("pasal_1__angka_1", text)], Notes("definitions")
    )
    assert all(row.term and row.definition for row in rows)
