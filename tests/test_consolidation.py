"""Instructions on the slots of an act: what may be applied, what may not, and what neither may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from extractors.amendments.grammar import read_instruction
from extractors.consolidation.chain import ActText, Consolidation, consolidate
from extractors.models import Act, Indicator, Instruction, Metadata, PartInForce, Provision, ProvisionVersion
from extractors.references.places import eid_of
from tests.acts import BLORA, act
from tests.made import indicator

BASE, FIRST, SECOND = (f"/akn/id-3316/act/perbup/{year}/{n}" for year, n in ((2020, 4), (2021, 2), (2022, 3)))
NODES = [
    ("bab_I", "bab", "body", ""),
    ("pasal_1", "pasal", "body", ""),
    ("pasal_1__ayat_1", "ayat", "body", "Satu ayat."),
    ("pasal_1__ayat_2", "ayat", "body", "Dua ayat."),
    ("pasal_2", "pasal", "body", "Dinas dan Dinas."),
    ("bab_II", "bab", "body", ""),
    ("pasal_3", "pasal", "body", "Tiga."),
    ("pasal_3__huruf_a", "huruf", "body", "satu;"),
    ("pasal_3__huruf_b", "huruf", "body", "dua."),
    ("lampiran_I", "lampiran", "annex", "Lama."),
    ("lampiran_II", "lampiran", "annex", "Lama juga."),
]
PARENTS = {"pasal_1": "bab_I", "pasal_2": "bab_I", "pasal_3": "bab_II"}
Quoted = tuple[str, str, str]


def metadata(document_id: str, on: date, made_on: date | None = None) -> Metadata:
    year, number = document_id.split("/")[-2:]
    return Metadata(Act("perbup", number, int(year), BLORA), document_id, promulgated_on=made_on or on, in_force_on=on)


def base(indicators: Sequence[Indicator] = ()) -> ActText:
    _, provisions = act(NODES)
    placed = tuple(replace(p, parent_eid=PARENTS.get(p.eid, p.parent_eid)) for p in provisions)
    return ActText(BASE, metadata(BASE, date(2020, 1, 1)), placed, (), tuple(indicators))


def amending(
    *rows: dict[str, object], document_id: str = FIRST, on: date | None = date(2021, 1, 1), made_on: date | None = None
) -> ActText:
    """An act of which each row is an item; `quotes` are (eid, kind, text) of the act that it changes."""
    nodes = [("pasal_I", "pasal", "body", "Diubah sebagai berikut:")]
    instructions = []
    for seq, given in enumerate(rows, 1):
        row = dict(given)
        item = f"pasal_I__angka_{seq}"
        nodes.append((item, "item", "body", "Ketentuan diubah:"))
        quotes: list[Quoted] = row.pop("quotes", [])  # type: ignore[assignment]
        nodes += [(f"{item}__{eid}", kind, "quoted", text) for eid, kind, text in quotes]
        payload = row.pop("payload", quotes[0][0] if quotes else None)
        row["payload_eid"] = f"{item}__{payload}" if payload and not str(payload).startswith("lampiran") else payload
        row.setdefault("target_document_id", BASE)
        instructions.append(Instruction(seq, item, str(row.pop("action")), "…", None, **row))  # type: ignore[arg-type]
    nodes += [("lampiran_I", "lampiran", "annex", "Baru.")]
    _, provisions = act(nodes)
    facts = metadata(document_id, on or date(2021, 1, 1), made_on)
    return ActText(document_id, facts if on else replace(facts, in_force_on=None), provisions, tuple(instructions))


def outcome(made: Consolidation, document_id: str = FIRST, seq: int = 1) -> tuple[str, str | None]:
    return made.outcomes[document_id, seq][:2]


def live(made: Consolidation, day: date = date(2030, 1, 1), document_id: str = BASE) -> dict[str, str]:
    held = [v for v in made.versions[document_id] if v.valid_from and v.valid_from <= day]
    held = [v for v in held if (v.valid_to is None or day < v.valid_to) and v.state == "in_force"]
    return {v.eid: v.text or "" for v in sorted(held, key=lambda v: v.ordinal)}


def ayat(eid: str, text: str) -> Quoted:
    return eid, eid.rpartition("__")[2].partition("_")[0], text


NEW = {"action": "substitute", "target_eid": "pasal_1__ayat_2", "quotes": [ayat("pasal_1__ayat_2", "Baru.")]}
REFUSED = [
    ({**NEW, "target_eid": "pasal_9", "quotes": [ayat("pasal_9", "Baru.")]}, ("target_missing", "no_such_place")),
    ({**NEW, "quotes": []}, ("unresolved", "payload_missing")),
    ({**NEW, "quotes": [ayat("pasal_1", "Baru.")]}, ("unresolved", "payload_not_exact")),
    *[({**NEW, "quotes": [ayat("pasal_1__ayat_2", text)]}, ("unresolved", reason)) for text, reason in [
        ("Baru.” l. Ketentuan Pasal 3 diubah sehingga berbunyi sebagai berikut:", "payload_not_exact"),
        ("Baru. 4, Ketentuan Pasal 3 dihapus.", "payload_not_exact"),
        ("Baru.” Pasal 3 dihapus.", "payload_not_exact"),
        ("Tetap.", "payload_elided"),
        ("(tidak berubah)", "payload_elided"),
        ("Biaya terdiri atas: ...", "payload_elided"),
        ("…", "payload_elided"),
    ]],
    ({"action": "insert", "new_eid": "pasal_2", "after_eid": "pasal_1", "quotes": [ayat("pasal_2", "x")]},
     ("conflict", "place_taken")),
    ({"action": "insert", "new_eid": "pasal_7A", "after_eid": "pasal_7", "quotes": [ayat("pasal_7A", "x")]},
     ("target_missing", "anchor_missing")),
    ({"action": "insert", "new_eid": "pasal_1A", "after_eid": "pasal_1", "before_eid": "pasal_3",
      "quotes": [ayat("pasal_1A", "x")]}, ("conflict", "anchors_not_adjacent")),
    ({"action": "insert", "new_eid": "pasal_5", "after_eid": "pasal_1", "before_eid": "pasal_2",
      "quotes": [ayat("pasal_5", "x")]}, ("conflict", "number_out_of_order")),
    ({"action": "append", "new_eid": "pasal_8__ayat_2", "target_eid": "pasal_8",
      "quotes": [ayat("pasal_8__ayat_2", "x")]}, ("target_missing", "no_such_place")),
    ({"action": "append", "new_eid": "pasal_2__ayat_2", "target_eid": "pasal_2",
      "quotes": [ayat("pasal_2__ayat_2", "x")]}, ("conflict", "no_such_list")),
    ({"action": "insert", "new_eid": "pasal_1__ayat_1a", "after_eid": "pasal_3__huruf_a",
      "quotes": [ayat("pasal_1__ayat_1a", "x")]}, ("conflict", "anchor_of_another_list")),
    ({"action": "replace_phrase", "target_eid": "pasal_2", "old_phrase": "dinas", "new_phrase": "badan"},
     ("target_missing", "no_such_phrase")),
    ({"action": "replace_phrase", "target_eid": "pasal_2", "old_phrase": "Dinas", "new_phrase": "Badan",
      "occurrence": 3}, ("target_missing", "no_such_phrase")),
    ({"action": "replace_phrase", "target_eid": "lampiran_I", "old_phrase": "Lama", "new_phrase": "Baru"},
     ("unresolved", "phrase_in_annex")),
    ({**NEW, "target_document_id": FIRST}, ("conflict", "amends_itself")),
    ({**NEW, "target_document_id": SECOND}, ("base_missing", None)),
    ({**NEW, "status": "unresolved", "reason": "unread_words"}, ("unresolved", "unread_words")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), REFUSED)
def test_what_does_not_fit_changes_nothing_and_says_why(
    row: dict[str, object], expected: tuple[str, str | None]
) -> None:
    made = consolidate([base(), amending(row)])
    assert outcome(made) == expected
    assert live(made) == {p.eid: p.text.text for p in base().provisions}
    if expected[0] != "base_missing" and row.get("status") is None:
        assert [f.eid for f in made.findings[FIRST]] == ["pasal_I__angka_1"]


def test_units_go_where_their_numbers_sort() -> None:
    made = consolidate([
        base(),
        amending(
            {"action": "insert", "new_eid": "pasal_2A", "after_eid": "pasal_2", "before_eid": "pasal_3",
             "quotes": [ayat("pasal_2A", "Dua A.")]},
            {"action": "insert", "new_eid": "pasal_1__ayat_1a", "after_eid": "pasal_1__ayat_1",
             "before_eid": "pasal_1__ayat_2", "quotes": [ayat("pasal_1__ayat_1a", "Satu a.")]},
            {"action": "insert", "new_eid": "pasal_2B", "before_eid": "pasal_3", "quotes": [ayat("pasal_2B", "Dua B.")]},
            {"action": "append", "new_eid": "pasal_3__huruf_d", "target_eid": "pasal_3",
             "quotes": [ayat("pasal_3__huruf_d", "empat.")]},
        ),
    ])  # fmt: skip
    order = list(live(made))
    assert order[: order.index("lampiran_I")] == [
        "bab_I", "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_1a", "pasal_1__ayat_2", "pasal_2", "pasal_2A",
        "bab_II", "pasal_2B", "pasal_3", "pasal_3__huruf_a", "pasal_3__huruf_b", "pasal_3__huruf_d",
    ]  # fmt: skip
    assert [f.code for f in made.findings[FIRST]] == ["membership_open", "appended_with_gap"]


def test_a_restated_place_that_lacks_an_ayat_frees_its_number_a_repealed_one_does_not() -> None:
    restated = [ayat("pasal_1", ""), ayat("pasal_1__ayat_1", "Satu.")]
    again = {"action": "append", "new_eid": "pasal_1__ayat_2", "target_eid": "pasal_1",
             "quotes": [ayat("pasal_1__ayat_2", "Lagi.")]}  # fmt: skip
    free = consolidate([
        base(),
        amending({"action": "substitute", "target_eid": "pasal_1", "quotes": restated}),
        amending(again, document_id=SECOND, on=date(2022, 1, 1)),
    ])  # fmt: skip
    assert outcome(free, SECOND) == ("applied", None)
    assert live(free)["pasal_1__ayat_2"] == "Lagi."
    assert "pasal_1__ayat_2" not in live(free, date(2021, 6, 1))
    taken = consolidate([
        base(),
        amending({"action": "repeal", "target_eid": "pasal_1__ayat_2"}),
        amending(again, document_id=SECOND, on=date(2022, 1, 1)),
    ])  # fmt: skip
    assert outcome(taken, SECOND) == ("conflict", "place_taken")


def test_two_acts_on_one_place_on_one_day_are_a_conflict_of_both() -> None:
    other = {**NEW, "target_eid": "pasal_1", "quotes": [ayat("pasal_1", "Semua baru.")]}
    elsewhere = {"action": "repeal", "target_eid": "pasal_3"}
    made = consolidate([base(), amending(NEW, elsewhere), amending(other, document_id=SECOND)])
    assert outcome(made) == outcome(made, SECOND) == ("conflict", "same_day")
    assert outcome(made, FIRST, 2) == ("applied", None)
    assert live(made)["pasal_1__ayat_2"] == "Dua ayat."


def test_an_act_made_later_that_holds_from_an_earlier_day_is_not_overwritten() -> None:
    later = amending({**NEW, "quotes": [ayat("pasal_1__ayat_2", "Surut.")]}, document_id=SECOND,
                     on=date(2020, 6, 1), made_on=date(2022, 5, 5))  # fmt: skip
    made = consolidate([base(), amending(NEW), later])
    assert outcome(made, SECOND) == ("applied", None)
    assert outcome(made) == ("conflict", "order_disputed")
    assert live(made)["pasal_1__ayat_2"] == "Surut."


def test_the_base_cannot_be_the_later_act() -> None:
    made = consolidate([base(), amending(NEW, on=date(2021, 1, 1), made_on=date(2019, 1, 1))])
    assert outcome(made) == ("conflict", "base_is_later")


def test_one_act_that_substitutes_a_place_twice_is_a_conflict() -> None:
    made = consolidate([base(), amending(NEW, {**NEW, "quotes": [ayat("pasal_1__ayat_2", "Lain.")]})])
    assert (outcome(made), outcome(made, FIRST, 2)) == (("applied", None), ("conflict", "changed_twice"))


def test_a_base_cited_with_a_wrong_year_is_named_in_a_finding() -> None:
    wrong = BASE.replace("/2020/", "/2019/")
    made = consolidate([base(), amending({**NEW, "target_document_id": wrong})])
    assert outcome(made) == ("base_missing", None)
    (finding,) = made.findings[FIRST]
    assert (finding.code, finding.severity) == ("base_missing", "warning")
    assert BASE in finding.message


def test_an_act_of_unknown_date_is_not_applied() -> None:
    made = consolidate([base(), amending(NEW, on=None)])
    assert outcome(made) == ("unresolved", "date_unknown")


def test_a_copy_of_an_amending_act_is_not_applied_again() -> None:
    copy = replace(amending(NEW, document_id=SECOND), copy=True)
    made = consolidate([base(), amending(NEW), copy])
    assert outcome(made) == ("applied", None)
    assert outcome(made, SECOND) == ("conflict", "identity_clash")


def test_a_change_before_the_base_begins_holds_from_its_beginning() -> None:
    late = replace(base(), metadata=metadata(BASE, date(2022, 1, 1), made_on=date(2020, 1, 1)))
    made = consolidate([late, amending(NEW)])
    versions = [v for v in made.versions[BASE] if v.eid == "pasal_1__ayat_2"]
    assert [(v.valid_from, v.valid_to) for v in versions] == [
        (date(2022, 1, 1), date(2022, 1, 1)),
        (date(2022, 1, 1), None),
    ]


def test_stages_of_the_base_and_of_the_amending_act() -> None:
    staged = replace(
        base().metadata,
        in_force_on=None,
        rest_in_force_on=date(2020, 1, 1),
        in_force_parts=(PartInForce(("bab_II",), date(2020, 7, 1)),),
    )
    change = amending(NEW)
    later = replace(
        change.metadata, in_force_on=None, in_force_parts=(PartInForce(("pasal_I__angka_1",), date(2023, 1, 1)),)
    )
    made = consolidate([replace(base(), metadata=staged), replace(change, metadata=later)])
    begins = {v.eid: v.valid_from for v in made.versions[BASE] if v.version == 1}
    assert (begins["pasal_1"], begins["pasal_3__huruf_a"]) == (date(2020, 1, 1), date(2020, 7, 1))
    assert live(made, date(2022, 12, 31))["pasal_1__ayat_2"] == "Dua ayat."
    assert live(made, date(2023, 1, 1))["pasal_1__ayat_2"] == "Baru."
    assert made.outcomes[FIRST, 1].on == date(2023, 1, 1)


@pytest.mark.parametrize(
    ("phrase", "new", "occurrence", "expected"),
    [
        ("Dinas", "Badan", None, "Badan dan Badan."),
        ("Dinas", "Badan", 1, "Badan dan Dinas."),
        ("Dinas", "Badan", 2, "Dinas dan Badan."),
        ("Dinas", None, 2, "Dinas dan."),
        ("dan Dinas", None, None, "Dinas."),
        ("Dinas", r"\1 \g<0>", 1, r"\1 \g<0> dan Dinas."),
    ],
)
def test_phrases(phrase: str, new: str | None, occurrence: int | None, expected: str) -> None:
    row = {"action": "replace_phrase", "target_eid": "pasal_2", "old_phrase": phrase, "new_phrase": new}
    made = consolidate([base(), amending({**row, "occurrence": occurrence})])
    assert live(made)["pasal_2"] == expected


def rows_of(annex: str) -> Indicator:
    return indicator(annex=annex, table_id=f"{annex}.1")


def days(made: Consolidation) -> dict[str, tuple[date | None, date | None, str | None]]:
    return {v.indicator_id: (v.valid_from, v.valid_to, v.ended_by_document_id) for v in made.validity}


ANNEX = {"action": "replace_annex", "target_eid": "lampiran_I", "payload": "lampiran_I"}
BEGAN, CHANGED, AGAIN = date(2020, 1, 1), date(2021, 1, 1), date(2022, 1, 1)


def test_an_annex_that_replaces_an_annex_ends_its_rows() -> None:
    first = replace(amending(ANNEX), indicators=(rows_of("lampiran_I"),))
    second = replace(amending(ANNEX, document_id=SECOND, on=AGAIN), indicators=(rows_of("lampiran_I"),))
    made = consolidate([base([rows_of("lampiran_I"), rows_of("lampiran_II")]), first, second])
    assert days(made) == {
        f"{BASE}#lampiran_I.1": (BEGAN, CHANGED, FIRST),
        f"{BASE}#lampiran_II.1": (BEGAN, None, None),
        f"{FIRST}#lampiran_I.1": (CHANGED, AGAIN, SECOND),
        f"{SECOND}#lampiran_I.1": (AGAIN, None, None),
    }


def test_without_its_base_an_annex_still_ends_the_rows_of_the_one_before() -> None:
    first = replace(amending(ANNEX), indicators=(rows_of("lampiran_I"),))
    second = replace(amending(ANNEX, document_id=SECOND, on=AGAIN), indicators=(rows_of("lampiran_I"),))
    made = consolidate([first, second])
    assert outcome(made) == ("base_missing", None)
    assert days(made) == {
        f"{FIRST}#lampiran_I.1": (CHANGED, AGAIN, SECOND),
        f"{SECOND}#lampiran_I.1": (AGAIN, None, None),
    }


def test_an_annex_that_is_not_applied_leaves_the_rows_as_they_are() -> None:
    missing = {**ANNEX, "target_eid": "lampiran_V"}
    made = consolidate([base([rows_of("lampiran_I")]), replace(amending(missing), indicators=(rows_of("lampiran_I"),))])
    assert outcome(made) == ("target_missing", "no_such_place")
    assert {end for _, end, _ in days(made).values()} == {None}


def test_a_revocation_ends_the_act_and_its_rows_and_does_not_revive() -> None:
    revoked = amending({"action": "revoke"}, on=AGAIN, document_id=SECOND)
    made = consolidate([base([rows_of("lampiran_I")]), amending(NEW), revoked])
    assert live(made) == {}
    assert days(made)[f"{BASE}#lampiran_I.1"] == (BEGAN, AGAIN, SECOND)
    late = amending(NEW, on=date(2023, 1, 1), document_id=FIRST)
    again = consolidate([base(), revoked, late])
    assert outcome(again) == ("conflict", "target_repealed")
    # The act that revoked is revoked itself: nothing comes back.
    third = "/akn/id-3316/act/perbup/2024/9"
    over = amending({"action": "revoke", "target_document_id": SECOND}, on=date(2024, 1, 1), document_id=third)
    made = consolidate([base(), revoked, over])
    assert outcome(made, third) == ("applied", None)
    assert live(made) == {}


def test_every_place_of_every_act_has_a_first_version() -> None:
    acts = [base(), amending(NEW)]
    made = consolidate(acts)
    for one in acts:
        first = {v.eid for v in made.versions[one.document_id] if v.version == 1}
        assert {p.eid for p in one.provisions} <= first


def test_odd_trees_do_no_harm() -> None:
    orphan = Provision(**{**{n: getattr(base().provisions[1], n) for n in Provision.__dataclass_fields__},
                          "parent_eid": "nowhere"})  # fmt: skip
    made = consolidate([replace(base(), provisions=(orphan,)), amending(NEW)])
    assert isinstance(made.versions[BASE][0], ProvisionVersion)
    assert outcome(made) == ("target_missing", "no_such_place")


@pytest.mark.parametrize(
    "text",
    [
        "Bupati menetapkan pegawai tetap.",
        "Ketentuan sebagaimana dimaksud dalam Pasal 3 tetap berlaku.",
        "Perjanjian yang disebut “kontrak”, dibayar. Pasal 3 tetap berlaku.",
        "Dibayar paling lambat pukul 12. 00 WIB.",
    ],
)
def test_a_text_quoted_in_full_is_not_taken_for_an_elided_one_or_a_further_instruction(text: str) -> None:
    made = consolidate([base(), amending({**NEW, "quotes": [ayat("pasal_1__ayat_2", text)]})])
    assert outcome(made) == ("applied", None)
    assert live(made)["pasal_1__ayat_2"] == text


def test_units_put_behind_one_place_stand_behind_each_other() -> None:
    text = "Setelah ayat (2) Pasal 1 ditambahkan 2 (dua) ayat, yakni ayat (3) dan ayat (4) yang berbunyi:"
    clauses = read_instruction(text, ()).clauses
    rows = [
        {
            "action": clause.action,
            "after_eid": eid_of(clause.after),
            "new_eid": eid_of(clause.new),
            "quotes": [ayat(str(eid_of(clause.new)), "Baru.")],
        }
        for clause in clauses
    ]
    made = consolidate([base(), amending(*rows)])
    assert [outcome(made, seq=seq) for seq in (1, 2)] == [("applied", None)] * 2
    assert [eid for eid in live(made) if eid.startswith("pasal_1__")][-2:] == ["pasal_1__ayat_3", "pasal_1__ayat_4"]


@pytest.mark.parametrize("inserted", [True, False])
def test_a_range_that_holds_an_earlier_insertion_is_not_decided(inserted: bool) -> None:
    first = amending(
        {
            "action": "insert",
            "after_eid": "pasal_1",
            "before_eid": "pasal_2",
            "new_eid": "pasal_1A",
            "quotes": [("pasal_1A", "pasal", "Baru.")],
        }
    )
    second = amending(
        {"action": "repeal", "target_eid": "pasal_1"},
        {"action": "repeal", "target_eid": "pasal_2"},
        document_id=SECOND,
        on=date(2022, 1, 1),
    )
    printed = "Pasal 1 sampai dengan Pasal 2 dihapus."
    rows = tuple(replace(row, item_eid="pasal_I__angka_1", instruction_printed=printed) for row in second.amendments)
    made = consolidate([base(), *([first] if inserted else []), replace(second, amendments=rows)])
    outcomes = [made.outcomes[SECOND, seq] for seq in (1, 2)]
    expected = ("unresolved", "range_holds_more") if inserted else ("applied", None)
    assert [(outcome.status, outcome.reason) for outcome in outcomes] == [expected, expected]


def test_a_unit_that_new_text_passes_over_is_told() -> None:
    quotes = [("pasal_3", "pasal", "Tiga."), ("pasal_3__huruf_b", "huruf", "dua baru.")]
    made = consolidate([base(), amending({"action": "substitute", "target_eid": "pasal_3", "quotes": quotes})])
    assert outcome(made) == ("applied", None)
    codes = [finding.code for finding in made.findings.get(FIRST, ())]
    assert "restated_with_gap" in codes
