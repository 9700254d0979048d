"""References: phrases in small acts, with their targets by eid and the reasons of those that have none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.models import EMPTY, Mapped, Notes, Provision, Reference, Span
from extractors.references.find import find_references
from tests.acts import AMENDING, BASE_ID, OWN_ID, PLAIN, act

BODY = [
    ("bab_I", "bab", "body", ""),
    ("pasal_1", "pasal", "body", ""),
    ("pasal_1__ayat_1", "ayat", "body", ""),
    ("pasal_1__ayat_1__huruf_a", "huruf", "body", ""),
    ("pasal_1__ayat_1__huruf_b", "huruf", "body", ""),
    ("pasal_1__ayat_2", "ayat", "body", ""),
    ("pasal_2", "pasal", "body", ""),
    ("pasal_2A", "pasal", "body", ""),
    ("pasal_3", "pasal", "body", ""),
    ("pasal_3__ayat_5", "ayat", "body", ""),
    ("pasal_3__ayat_5_2", "ayat", "body", ""),
    ("lampiran", "lampiran", "annex", ""),
]


def rows(nodes: list[tuple[str, str, str, str]], metadata: object = PLAIN) -> tuple[str, tuple[Reference, ...]]:
    source, provisions = act(nodes)
    return source, find_references(provisions, metadata, Notes("references"))  # type: ignore[arg-type]


def at(eid: str, text: str, zone: str = "body", kind: str | None = None) -> list[tuple[str, str, str, str]]:
    """BODY with `text` at `eid`."""
    named = kind or eid.rpartition("__")[2].partition("_")[0]
    if any(row[0] == eid for row in BODY):
        return [(e, k, z, text if e == eid else t) for e, k, z, t in BODY]
    return [*BODY, (eid, named, zone, text)]


@pytest.mark.parametrize(
    ("eid", "text", "printed", "targets"),
    [
        ("pasal_1__ayat_2", "sebagaimana dimaksud pada ayat (1)", "ayat (1)", ["pasal_1__ayat_1"]),
        (
            "pasal_1__ayat_2",
            "dimaksud pada ayat (1) huruf a dan huruf b",
            "ayat (1) huruf a dan huruf b",
            ["pasal_1__ayat_1__huruf_a", "pasal_1__ayat_1__huruf_b"],
        ),
        ("pasal_1__ayat_1__huruf_b", "selain huruf a", "huruf a", ["pasal_1__ayat_1__huruf_a"]),
        ("pasal_1__ayat_1__huruf_b", "ketentuan Pasal ini", "Pasal ini", ["pasal_1"]),
        ("pasal_1__ayat_1__huruf_b", "ketentuan ayat ini", "ayat ini", ["pasal_1__ayat_1"]),
        ("pasal_2", "ayat (2) Pasal 1 berlaku", "ayat (2) Pasal 1", ["pasal_1__ayat_2"]),
        (
            "pasal_1__ayat_2",
            "Pasal 2 sampai dengan Pasal 3 Peraturan Bupati ini",
            "Pasal 2 sampai dengan Pasal 3 Peraturan Bupati ini",
            ["pasal_2", "pasal_2A", "pasal_3"],
        ),
        (
            "pasal_2",
            "tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari Peraturan Bupati ini",
            "Lampiran",
            ["lampiran"],
        ),
        ("penjelasan__pasal_1__ayat_2", "maksud ayat (1)", "ayat (1)", ["pasal_1__ayat_1"]),
    ],
)
def test_own_places(eid: str, text: str, printed: str, targets: list[str]) -> None:
    zone = "elucidation" if eid.startswith("penjelasan") else "body"
    source, found = rows(at(eid, text, zone))
    assert [row.target_eid for row in found] == targets
    for row in found:
        assert (row.eid, row.printed, row.relation, row.target_document_id) == (eid, printed, "refers", OWN_ID)
        assert row.resolved
        assert row.reason is None
        assert source[row.span.start : row.span.end] == printed


@pytest.mark.parametrize(
    ("text", "target", "reason"),
    [
        ("dimaksud dalam Pasal 99", "pasal_99", "no_such_node"),
        ("dimaksud pada ayat (7)", "pasal_2__ayat_7", "no_such_node"),
        ("dimaksud dalam Pasal 3 ayat (5)", "pasal_3__ayat_5", "ambiguous"),
        ("Pasal 209 Kitab Undang-undang Hukum Pidana", "pasal_209", "act_not_identified"),
        ("Pasal 5 Undang-Undang tentang Perkawinan", "pasal_5", "act_not_identified"),
    ],
)
def test_unresolved_has_a_reason(text: str, target: str, reason: str) -> None:
    _, found = rows(at("pasal_2", text))
    assert [(row.target_eid, row.resolved, row.reason) for row in found] == [(target, False, reason)]


def test_range_past_the_end_is_counted_by_numbers() -> None:
    _, found = rows(at("pasal_2", "Pasal 3 sampai dengan Pasal 5"))
    assert [(row.target_eid, row.resolved) for row in found] == [
        ("pasal_3", True),
        ("pasal_4", False),
        ("pasal_5", False),
    ]


@pytest.mark.parametrize(
    ("eid", "text", "relation", "targets"),
    [
        (
            "mengingat__angka_1",
            "Pasal 18 ayat (6) Undang-Undang Dasar Negara Republik Indonesia Tahun 1945;",
            "legal_basis",
            [("/akn/id/act/uud/1945", "pasal_18__ayat_6")],
        ),
        (
            "mengingat__angka_2",
            "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah (Lembaran Negara Tahun 2014 Nomor 244)"
            " sebagaimana telah diubah dengan Undang-Undang Nomor 6 Tahun 2023 tentang Cipta Kerja;",
            "legal_basis",
            [("/akn/id/act/uu/2014/23", None), ("/akn/id/act/uu/2023/6", None)],
        ),
        (
            "menimbang__huruf_a",
            "Pasal 96 ayat (4) dan Pasal 99 Peraturan Pemerintah Nomor 47 Tahun 2015 tentang Perubahan Atas Peraturan"
            " Pemerintah Nomor 43 Tahun 2014 tentang Desa",
            "refers",
            [("/akn/id/act/pp/2015/47", "pasal_96__ayat_4"), ("/akn/id/act/pp/2015/47", "pasal_99")],
        ),
        ("pasal_2", "Peraturan Bupati Nomor 13 Tahun 2022", "refers", [(BASE_ID, None)]),
    ],
)
def test_other_acts(eid: str, text: str, relation: str, targets: list[tuple[str, str | None]]) -> None:
    zone = "body" if eid.startswith("pasal") else "preamble"
    _, found = rows(at(eid, text, zone))
    assert [(row.relation, row.target_document_id, row.target_eid) for row in found] == [
        (relation, *t) for t in targets
    ]


def test_revoked_act() -> None:
    text = "Peraturan Bupati Nomor 5 Tahun 2019 dicabut dan dinyatakan tidak berlaku."
    _, found = rows(at("pasal_2", text), replace(PLAIN, revokes=("/akn/id-3316/act/perbup/2019/5",)))
    assert [(row.relation, row.target_document_id) for row in found] == [("revokes", "/akn/id-3316/act/perbup/2019/5")]


AMENDING_ACT = [
    (
        "title",
        "title",
        "title",
        "PERATURAN BUPATI BLORA NOMOR 6 TAHUN 2024 TENTANG PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG"
        " STUNTING",
    ),
    (
        "pasal_I",
        "pasal",
        "body",
        "Beberapa ketentuan dalam Peraturan Bupati Blora Nomor 13 Tahun 2022 diubah sebagai berikut:",
    ),
    ("pasal_I__angka_1", "item", "body", "Ketentuan ayat (2) Pasal 17 diubah, sehingga berbunyi sebagai berikut:"),
    ("pasal_I__angka_1__pasal_17", "pasal", "quoted", ""),
    ("pasal_I__angka_1__pasal_17__ayat_1", "ayat", "quoted", "Tim menurut Pasal 16 ayat (1) dan ayat (8) Pasal 17."),
    ("pasal_I__angka_1__pasal_17__ayat_2", "ayat", "quoted", "Tim sebagaimana dimaksud pada ayat (1)."),
    ("pasal_I__angka_2", "item", "body", "Di antara Pasal 18 dan Pasal 19 disisipkan 1 (satu) pasal, yakni Pasal 18A:"),
    (
        "pasal_I__angka_2__pasal_18A",
        "pasal",
        "quoted",
        "Tim sebagaimana dimaksud dalam Pasal 17 ayat (1) Peraturan Bupati ini.",
    ),
    ("pasal_II", "pasal", "body", "Pasal I Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."),
]


def test_amending_act() -> None:
    _, found = rows(AMENDING_ACT, AMENDING)
    shown = [
        (row.eid.rpartition("__")[2], row.relation, row.target_document_id, row.target_eid, row.reason) for row in found
    ]
    assert shown == [
        ("title", "amends", BASE_ID, None, None),
        ("pasal_I", "amends", BASE_ID, None, None),
        ("angka_1", "refers", BASE_ID, "pasal_17__ayat_2", None),
        ("ayat_1", "refers", BASE_ID, "pasal_16__ayat_1", None),
        ("ayat_1", "refers", BASE_ID, "pasal_17__ayat_8", "no_such_node"),
        ("ayat_2", "refers", OWN_ID, "pasal_I__angka_1__pasal_17__ayat_1", None),
        ("angka_2", "refers", BASE_ID, "pasal_18", None),
        ("angka_2", "refers", BASE_ID, "pasal_19", None),
        ("angka_2", "refers", BASE_ID, "pasal_18A", None),
        ("pasal_18A", "refers", OWN_ID, "pasal_I__angka_1__pasal_17__ayat_1", None),
        ("pasal_II", "refers", OWN_ID, "pasal_I", None),
    ]


def test_contradicting_citation_is_no_resolution() -> None:
    nodes = [(e, k, z, t.replace("Tahun 2022", "Tahun 2024") if e == "pasal_I" else t) for e, k, z, t in AMENDING_ACT]
    _, found = rows(nodes, AMENDING)
    row = next(row for row in found if row.eid == "pasal_I")
    assert (row.relation, row.target_document_id, row.resolved, row.reason) == (
        "amends",
        BASE_ID,
        False,
        "citation_contradicts_title",
    )


EIDS = st.sampled_from(
    ["pasal_1", "pasal_I", "pasal_I__angka_1", "penjelasan__pasal_1", "lampiran", "x", "", "a__b", "pasal_1__ayat_1_2"]
)
SOUP = """
Pasal 1 ayat (1) huruf a ini dan sampai dengan Undang-Undang Nomor 2 Tahun 2020 tentang dicabut diubah Lampiran BAB I ;
"""
TEXTS = st.lists(st.sampled_from([*SOUP.split(), "\x00"]), max_size=25).map(" ".join)
PROVISIONS = st.lists(
    st.builds(
        lambda eid, parent, kind, zone, text, mapped: Provision(
            eid,
            parent,
            kind,
            zone,
            None,
            None,
            False,
            EMPTY,
            Mapped(text, ((0, 7),) if mapped else ()),
            1,
            0,
            Span(0, 9),
            1,
            1,
        ),
        EIDS,
        st.none() | EIDS,
        st.sampled_from(["pasal", "ayat", "item", "huruf", "title", "lampiran", "text"]),
        st.sampled_from(["body", "quoted", "elucidation", "annex", "preamble", "title"]),
        TEXTS,
        st.booleans(),
    ),
    max_size=8,
)


@given(PROVISIONS, st.sampled_from([PLAIN, AMENDING]))
def test_never_raises(provisions: list[Provision], metadata: object) -> None:
    for row in find_references(provisions, metadata, Notes("references")):  # type: ignore[arg-type]
        assert row.resolved is (row.reason is None)
        assert row.printed
