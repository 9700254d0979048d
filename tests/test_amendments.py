"""Amendments: small amending acts to typed instructions, and what is left unresolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given

from extractors.amendments.read import read_amendments
from extractors.models import Instruction, Metadata, Notes, Provision
from tests.acts import AMENDING, BASE_ID, OWN_ID, PLAIN, act
from tests.test_references import PROVISIONS

HEAD = "Beberapa ketentuan dalam Peraturan Bupati Blora Nomor 13 Tahun 2022 tentang Stunting diubah sebagai berikut:"
ENACTED = replace(AMENDING, in_force_on=date(2024, 2, 27))

BLORA = [
    ("title", "title", "title", "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG STUNTING"),
    ("pasal_I", "pasal", "body", HEAD),
    (
        "pasal_I__angka_1",
        "item",
        "body",
        "Ketentuan ayat (2) dan ayat (4) Pasal 17 diubah, sehingga berbunyi sebagai berikut:",
    ),
    ("pasal_I__angka_1__pasal_17", "pasal", "quoted", ""),
    *[(f"pasal_I__angka_1__pasal_17__ayat_{n}", "ayat", "quoted", f"Tim {n}.") for n in range(1, 6)],
    (
        "pasal_I__angka_2",
        "item",
        "body",
        "Di antara Pasal 18 dan Pasal 19 disisipkan 1 (satu) pasal, yakni Pasal 18A yang berbunyi sebagai berikut:",
    ),
    ("pasal_I__angka_2__pasal_18A", "pasal", "quoted", "Tim kecamatan."),
    ("pasal_I__angka_3", "item", "body", "Pasal 24 dihapus."),
    (
        "pasal_I__angka_4",
        "item",
        "body",
        "Ketentuan Lampiran dalam Peraturan Bupati Blora Nomor 13 Tahun 2022 tentang Stunting diubah sehingga menjadi"
        " sebagaimana tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari Peraturan Bupati ini.",
    ),
    ("pasal_II", "pasal", "body", "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."),
    ("lampiran", "lampiran", "annex", "STRATEGI"),
]


def amendments(
    nodes: list[tuple[str, str, str, str]], metadata: Metadata = ENACTED
) -> tuple[tuple[Instruction, ...], dict[str, str]]:
    """The instructions, and the messages of the findings by code."""
    notes = Notes("amendments")
    rows = read_amendments(act(nodes)[1], metadata, notes)
    return rows, {finding.code: finding.message for finding in notes}


def one(text: str, *quoted: tuple[str, str]) -> tuple[tuple[Instruction, ...], dict[str, str]]:
    """The instructions of an act with one item, which quotes (place, kind)."""
    nodes = [("pasal_I", "pasal", "body", HEAD), ("pasal_I__angka_1", "item", "body", text)]
    nodes += [(f"pasal_I__angka_1__{place}", kind, "quoted", "x") for place, kind in quoted]
    nodes += [("pasal_I__angka_2", "item", "body", "Pasal 99 dihapus.")]
    rows, findings = amendments(nodes)
    return rows[:-1], findings


def test_four_items_give_five_instructions() -> None:
    rows, findings = amendments(BLORA)
    shown = [
        (r.seq, r.action, r.target_eid, r.after_eid, r.before_eid, r.new_eid, r.payload_eid, r.declared_count)
        for r in rows
    ]
    item = "pasal_I__angka"
    assert shown == [
        (1, "substitute", "pasal_17__ayat_2", None, None, None, f"{item}_1__pasal_17__ayat_2", None),
        (2, "substitute", "pasal_17__ayat_4", None, None, None, f"{item}_1__pasal_17__ayat_4", None),
        (3, "insert", None, "pasal_18", "pasal_19", "pasal_18A", f"{item}_2__pasal_18A", 1),
        (4, "repeal", "pasal_24", None, None, None, None, None),
        (5, "replace_annex", "lampiran", None, None, None, "lampiran", None),
    ]
    for row in rows:
        assert (row.target_document_id, row.effective_on) == (BASE_ID, date(2024, 2, 27))
        assert (row.status, row.reason) == ("read", None)
    assert list(findings) == ["restated_beyond_scope"]
    assert "pasal_17__ayat_1, pasal_17__ayat_3, pasal_17__ayat_5" in findings["restated_beyond_scope"]


def test_printed_text_and_span_are_the_instruction() -> None:
    source, provisions = act(BLORA)
    for row in read_amendments(provisions, ENACTED, Notes("amendments")):
        assert source[row.span.start : row.span.end] == row.instruction_printed


def test_a_single_change_needs_no_list() -> None:
    rows, _ = amendments(
        [
            (
                "pasal_I",
                "pasal",
                "body",
                "Ketentuan Pasal 3 Peraturan Bupati Nomor 13 Tahun 2022 tentang Stunting, diubah sebagai berikut :",
            ),
            ("pasal_I__pasal_3", "pasal", "quoted", "Kelas."),
            ("pasal_II", "pasal", "body", "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."),
        ]
    )
    assert [(r.item_eid, r.action, r.target_eid, r.payload_eid) for r in rows] == [
        ("pasal_I", "substitute", "pasal_3", "pasal_I__pasal_3")
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ketentuan Pasal 5 diubah seperlunya.", "unread_words"),
        ("Ketentuan Pasal 5 diubah, sehingga Pasal 6 berbunyi sebagai berikut:", "contradiction"),
        ("Ketentuan ayat (2) diubah, sehingga berbunyi sebagai berikut:", "place_incomplete"),
        ("Ketentuan Pasal 5 Undang-Undang Nomor 1 Tahun 2020 dihapus.", "other_act_cited"),
        ("", "no_instruction"),
    ],
)
def test_unresolved(text: str, reason: str) -> None:
    rows, findings = one(text)
    assert [(r.status, r.reason) for r in rows] == [("unresolved", reason)]
    assert "instruction_unresolved" in findings


@pytest.mark.parametrize(
    ("text", "quoted", "target", "payload", "code"),
    [
        (
            "Ketentuan ayat (2) diubah, sehingga berbunyi:",
            ("pasal_5", "pasal"),
            "pasal_5__ayat_2",
            None,
            "article_from_quotation",
        ),
        (
            "Ketentuan Pasal 5 ayat (2) diubah, sehingga berbunyi:",
            ("ayat_2", "ayat"),
            "pasal_5__ayat_2",
            "ayat_2",
            None,
        ),
        (
            "Ketentuan Pasal 5 diubah, sehingga berbunyi:",
            ("pasal_6", "pasal"),
            "pasal_5",
            None,
            "quoted_without_instruction",
        ),
        ("Ketentuan Pasal 5 diubah, sehingga berbunyi:", ("pasal_6", "pasal"), "pasal_5", None, "payload_missing"),
    ],
)
def test_quotation_is_held_against_the_instruction(
    text: str, quoted: tuple[str, str], target: str, payload: str | None, code: str | None
) -> None:
    rows, findings = one(text, quoted)
    (row,) = rows
    assert row.target_eid == target
    assert row.payload_eid == (f"pasal_I__angka_1__{payload}" if payload else None)
    assert code is None or code in findings


def test_list_below_an_item_holds_its_changes() -> None:
    rows, _ = amendments(
        [
            ("pasal_I", "pasal", "body", HEAD),
            ("pasal_I__angka_1", "item", "body", "Ketentuan Pasal 5 diubah sebagai berikut:"),
            ("pasal_I__angka_1__huruf_a", "huruf", "body", "ayat (1) dihapus;"),
            (
                "pasal_I__angka_1__huruf_b",
                "huruf",
                "body",
                "di antara ayat (2) dan ayat (3) disisipkan 1 (satu) ayat, yakni ayat (2a):",
            ),
            ("pasal_I__angka_1__huruf_b__ayat_2a", "ayat", "quoted", "Baru."),
        ]
    )
    assert [(r.item_eid[-7:], r.action, r.target_eid, r.new_eid, r.payload_eid) for r in rows] == [
        ("huruf_a", "repeal", "pasal_5__ayat_1", None, None),
        ("huruf_b", "insert", None, "pasal_5__ayat_2a", "pasal_I__angka_1__huruf_b__ayat_2a"),
    ]


def test_parts_of_a_split_quote_the_new_text() -> None:
    rows, findings = amendments(
        [
            ("pasal_I", "pasal", "body", HEAD),
            (
                "pasal_I__angka_1",
                "item",
                "body",
                "Pasal 37 dipecah menjadi 2 (dua) pasal yakni menjadi Pasal 37 dan Pasal 37 A dengan"
                " ketentuan sebagai berikut:",
            ),
            (
                "pasal_I__angka_1__huruf_a",
                "huruf",
                "body",
                "Pasal 37 dengan penyempurnaan pada ayat (2), sehingga bunyi keseluruhan Pasal 37 diubah:",
            ),
            ("pasal_I__angka_1__huruf_a__pasal_37", "pasal", "quoted", "x"),
            ("pasal_I__angka_1__huruf_b", "huruf", "body", "Pasal 37 A yang berasal dari ayat (3):"),
            ("pasal_I__angka_1__huruf_b__pasal_37A", "pasal", "quoted", "x"),
        ]
    )
    assert [(r.action, r.target_eid, r.new_eid, r.payload_eid and r.payload_eid[18:]) for r in rows] == [
        ("substitute", "pasal_37", None, "huruf_a__pasal_37"),
        ("insert", None, "pasal_37A", "huruf_b__pasal_37A"),
    ]
    assert "list_below_instruction" in findings


def test_wrong_year_in_the_opening_is_outvoted() -> None:
    nodes = [(e, k, z, t.replace("Tahun 2022", "Tahun 2024") if e == "pasal_I" else t) for e, k, z, t in BLORA]
    rows, findings = amendments(nodes)
    assert {r.target_document_id for r in rows} == {BASE_ID}
    assert "2024/13" in findings["base_citation_differs"]


def test_unknown_base_leaves_all_unresolved() -> None:
    nodes = [
        ("pasal_I", "pasal", "body", "Beberapa ketentuan diubah:"),
        ("pasal_I__angka_1", "item", "body", "Pasal 24 dihapus."),
    ]
    rows, _ = amendments(nodes, replace(ENACTED, amends=()))
    assert [(r.action, r.target_document_id, r.status, r.reason) for r in rows] == [
        ("repeal", None, "unresolved", "act_not_identified")
    ]


def test_revocation_in_the_closing_provisions() -> None:
    old = "/akn/id-3316/act/perbup/2019/5"
    nodes = [
        (
            "pasal_9",
            "pasal",
            "body",
            "Peraturan Bupati Nomor 5 Tahun 2019 tentang Gizi dicabut dan dinyatakan tidak berlaku.",
        )
    ]
    rows, _ = amendments(nodes, replace(PLAIN, revokes=(old,)))
    assert [(r.item_eid, r.action, r.target_document_id, r.target_eid, r.status) for r in rows] == [
        ("pasal_9", "revoke", old, None, "read")
    ]


def test_own_closing_items_are_no_instructions() -> None:
    nodes = [
        *BLORA[:-2],
        ("pasal_II", "pasal", "body", ""),
        ("pasal_II__angka_1", "item", "body", "Peraturan Bupati ini mulai berlaku."),
    ]
    rows, _ = amendments(nodes)
    assert all(r.item_eid.startswith("pasal_I__") for r in rows)


def test_an_act_that_amends_nothing_has_no_rows() -> None:
    rows, findings = amendments([("pasal_1", "pasal", "body", "Ketentuan Pasal 5 diubah.")], PLAIN)
    assert (rows, findings) == ((), {})


@given(PROVISIONS)
def test_never_raises(provisions: list[Provision]) -> None:
    metadata = replace(AMENDING, revokes=("/akn/id/act/uu/2020/2", OWN_ID))
    for seq, row in enumerate(read_amendments(provisions, metadata, Notes("amendments")), 1):
        assert row.seq == seq
        assert (row.status == "unresolved") <= (row.reason is not None)


def test_what_is_quoted_without_its_pasal_beyond_the_instruction_is_a_finding() -> None:
    text = "Ketentuan Pasal 4 ayat (1) diubah, sehingga berbunyi sebagai berikut:"
    assert "quoted_without_instruction" not in one(text, ("ayat_1", "ayat"))[1]
    found = one(text, ("ayat_1", "ayat"), ("ayat_2", "ayat"), ("ayat_2__huruf_a", "huruf"))[1]
    assert found["quoted_without_instruction"].startswith("ayat_2 quoted")
