"""Structure by sequence: what is a unit, what a reference, what a misprint, what was lost."""

from __future__ import annotations

import pytest
import regex

from tests.mutations import SEEDS
from tests.sample_act import act, body_eids, tree


def pasal(first: int, last: int, text: str = "Isi pasal ini.") -> str:
    return "\n".join(f"Pasal {n}\n{text}" for n in range(first, last + 1)) + "\n"


def test_units_nest_as_the_drafting_rules_say() -> None:
    body = """
BAB I
KETENTUAN UMUM
Bagian Kesatu
Umum
Paragraf 1
Pengertian
Pasal 1
(1) Yang meliputi:
a. satu:
1. angka satu; dan
2. angka dua:
a) huruf dalam;
b) huruf lagi; dan
b. dua.
(2) Ayat dua.
"""
    assert body_eids(act(body)) == [
        "bab_I", "bab_I__bagian_1", "bab_I__bagian_1__paragraf_1", "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_1__huruf_a",
        "pasal_1__ayat_1__huruf_a__angka_1", "pasal_1__ayat_1__huruf_a__angka_2", "pasal_1__ayat_1__huruf_a__angka_2__huruf_a",
        "pasal_1__ayat_1__huruf_a__angka_2__huruf_b", "pasal_1__ayat_1__huruf_b", "pasal_1__ayat_2",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["Pasal 7 ayat (2) ditetapkan target.", "Pasal 7\nayat (2) ditetapkan target.", "(2) dan ayat (3) berlaku."]
)
def test_a_reference_at_the_start_of_a_line_is_no_heading(line: str) -> None:
    before = "ayat" if line.startswith("(") else "dalam"
    text = act(pasal(1, 2) + f"Pasal 3\nTarget sebagaimana dimaksud {before}\n{line}\n" + pasal(4, 5))
    assert body_eids(text) == [f"pasal_{n}" for n in range(1, 6)]


@pytest.mark.parametrize(("printed", "number"), [("3l", "31"), ("3 1", "31"), ("31", "31")])
def test_a_misread_number_is_mended_by_its_neighbours(printed: str, number: str) -> None:
    provisions, findings = tree(act(pasal(1, 30) + f"Pasal {printed}\nIsi pasal ini.\n" + pasal(32, 33)))
    mended = next(p for p in provisions if p.eid == f"pasal_{number}")
    assert mended.number_printed == printed
    assert [f.eid for f in findings if f.code == "number_mended"] == ([] if printed == number else [f"pasal_{number}"])


def test_a_doubled_glyph_in_a_list_is_mended_and_the_list_goes_on() -> None:
    body = "Pasal 1\nTerdiri atas:\n1. satu;\n22. dua;\n3. tiga.\n"
    assert body_eids(act(body)) == ["pasal_1", "pasal_1__angka_1", "pasal_1__angka_2", "pasal_1__angka_3"]


def test_an_unclosed_bracket_is_read_as_the_ayat_that_is_due() -> None:
    body = "Pasal 1\n(1) Ayat satu.\n(21 Ayat dua.\n(3) Ayat tiga.\n"
    assert body_eids(act(body)) == ["pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2", "pasal_1__ayat_3"]


def test_a_lost_heading_is_restored_where_gap_and_restart_agree() -> None:
    body = "Pasal 1\n(1) Satu.\n(2) Dua.\n(1) Lagi satu sesuai Pasal 2.\n(2) Lagi dua.\nPasal 3\nIsi.\n"
    provisions, findings = tree(act(body))
    assert body_eids(act(body)) == [
        "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2", "pasal_2", "pasal_2__ayat_1", "pasal_2__ayat_2", "pasal_3",
    ]  # fmt: skip
    lost = next(p for p in provisions if p.eid == "pasal_2")
    assert (lost.inferred, lost.number, lost.number_printed) == (True, "2", None)
    assert [f.eid for f in findings if f.code == "pasal_inferred"] == ["pasal_2"]


def test_a_lost_heading_of_plain_text_below_a_bab_is_restored_with_its_list() -> None:
    body = "BAB I\nUMUM\nPasal 1\nIsi.\nBAB II\nTUJUAN\nTujuan peraturan ini adalah:\na. satu; dan\nb. dua.\nPasal 3\nIsi.\n"
    assert body_eids(act(body))[3:] == ["pasal_2", "pasal_2__huruf_a", "pasal_2__huruf_b", "pasal_3"]


def test_a_citation_tells_which_of_two_missing_pasal_has_the_ayat() -> None:
    body = "Pasal 1\nIsi.\n(1) Satu.\n(2) Dua.\nPasal 4\nSesuai dengan Pasal 3 ayat (2).\n"
    assert [p.eid for p in tree(act(body))[0] if p.inferred] == ["pasal_3"]


BALANGAN = next(path for path in SEEDS if "balangan" in path.name)
HEADINGS = regex.findall(r"\n\W*(Pasal \d+)\n+\W*\(1\)", BALANGAN.read_text("utf-8"))


@pytest.mark.parametrize("heading", HEADINGS)
def test_each_heading_of_a_seed_whose_ayat_follow_can_be_lost(heading: str) -> None:
    text = BALANGAN.read_text("utf-8")
    cut = regex.sub(rf"\n\W*{heading}\n", "\n", text, count=1)
    number = heading.removeprefix("Pasal ")
    assert body_eids(cut) == body_eids(text)
    assert number in [p.number for p in tree(cut)[0] if p.inferred]


def test_a_gap_without_a_restart_is_no_lost_heading() -> None:
    provisions, findings = tree(act(pasal(1, 2) + pasal(4, 5)))
    assert [(f.eid, f.message) for f in findings if f.code == "number_missing"] == [
        ("pasal_4", "pasal 3 is not in the source")
    ]
    assert [p.eid for p in provisions if p.zone == "body"] == ["pasal_1", "pasal_2", "pasal_4", "pasal_5"]
    assert not any(p.inferred for p in provisions)


def test_a_restart_without_a_gap_is_no_lost_heading() -> None:
    provisions, findings = tree(act("Pasal 1\n(1) Satu.\n(2) Dua.\n(1) Lagi.\nPasal 2\nIsi.\n"))
    assert not any(p.inferred for p in provisions)
    assert [f.code for f in findings if f.code in ("number_repeated", "marker_as_text", "number_mended")] != []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Pasal 1\n(1) A.\n(2) B.\n(2) C.\n(3) D.\n", "pasal_1__ayat_2_2"),
        ("BAB I\nUMUM\nPasal 1\nIsi.\nBAB II\nDUA\nPasal 2\nIsi.\nBAB II\nTIGA\nPasal 3\nIsi.\n", "bab_II_2"),
    ],
)
def test_a_number_that_is_printed_twice_stays_twice(body: str, expected: str) -> None:
    assert expected in body_eids(act(body))


def test_markers_inside_a_line_are_found_behind_the_end_of_an_item() -> None:
    body = "Pasal 1\n(1) Satu disetujui. (2) Dua meliputi:\na. satu; b. dua; dan c. tiga.\n(3) Tiga.\n"
    assert body_eids(act(body)) == [
        "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2", "pasal_1__ayat_2__huruf_a", "pasal_1__ayat_2__huruf_b",
        "pasal_1__ayat_2__huruf_c", "pasal_1__ayat_3",
    ]  # fmt: skip


def test_text_behind_a_list_is_a_child_of_its_own() -> None:
    body = "Pasal 1\nMeliputi:\na. satu; dan\nb. dua.\nHal itu diatur kemudian.\nPasal 2\nIsi.\n"
    provisions, _ = tree(act(body))
    text = next(p for p in provisions if p.kind == "text" and p.zone == "body")
    assert (text.eid, text.parent_eid, text.text.text) == ("pasal_1__text_1", "pasal_1", "Hal itu diatur kemudian.")


def test_list_numbers_right_below_a_pasal_are_ayat_of_a_transcription() -> None:
    body = "### Pasal 1\n\n1. Ayat satu.\n2. Ayat dua:\n   - **a.** satu:\n     1. dalam; dan\n     2. lagi.\n3. Ayat tiga.\n"
    assert body_eids(act(body)) == [
        "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2", "pasal_1__ayat_2__huruf_a", "pasal_1__ayat_2__huruf_a__angka_1",
        "pasal_1__ayat_2__huruf_a__angka_2", "pasal_1__ayat_3",
    ]  # fmt: skip


def test_list_numbers_behind_an_introduction_stay_angka() -> None:
    assert body_eids(act("Pasal 1\nTata cara antara lain:\n1. satu;\n2. dua.\n")) == [
        "pasal_1",
        "pasal_1__angka_1",
        "pasal_1__angka_2",
    ]


AMENDING = """
Pasal I
Beberapa ketentuan dalam Peraturan Bupati Contoh Nomor 1 Tahun 2020 tentang Hal diubah sebagai berikut:
1. Ketentuan Pasal 1 diubah sehingga berbunyi sebagai berikut:
“Pasal 1
Yang dimaksud dengan:
1. Daerah adalah Contoh.
2. Bupati adalah Bupati Contoh.”
2. Di antara Pasal 18 dan Pasal 19 disisipkan 1 (satu) pasal, yakni Pasal 18A yang berbunyi sebagai berikut:
Pasal 18A
(1) Satu.
(2) Dua.
3. Pasal 24 dihapus.
Pasal II
Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.
"""


def test_quoted_articles_are_kept_apart_from_own_ones() -> None:
    text = act(AMENDING, "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 1 TAHUN 2020")
    provisions, _ = tree(text)
    zones = {p.eid: (p.zone, p.kind) for p in provisions if p.zone in ("body", "quoted")}
    assert zones == {
        "pasal_I": ("body", "pasal"),
        "pasal_I__angka_1": ("body", "item"),
        "pasal_I__angka_1__pasal_1": ("quoted", "pasal"),
        "pasal_I__angka_1__pasal_1__angka_1": ("quoted", "angka"),
        "pasal_I__angka_1__pasal_1__angka_2": ("quoted", "angka"),
        "pasal_I__angka_2": ("body", "item"),
        "pasal_I__angka_2__pasal_18A": ("quoted", "pasal"),
        "pasal_I__angka_2__pasal_18A__ayat_1": ("quoted", "ayat"),
        "pasal_I__angka_2__pasal_18A__ayat_2": ("quoted", "ayat"),
        "pasal_I__angka_3": ("body", "item"),
        "pasal_II": ("body", "pasal"),
    }
    last = next(p for p in provisions if p.eid == "pasal_I__angka_1__pasal_1__angka_2")
    assert last.text.text == "Bupati adalah Bupati Contoh."


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # A list whose items end without a mark.
        (
            "Pasal 1\nYang dimaksud dengan:\n1. Daerah adalah Contoh\n2. Bupati adalah Bupati Contoh\n",
            ["pasal_1", "pasal_1__angka_1", "pasal_1__angka_2"],
        ),
        # A list without a colon before it.
        (
            "Pasal 1\nHibah diberikan dengan syarat\na. jelas\nb. sah\n",
            ["pasal_1", "pasal_1__huruf_a", "pasal_1__huruf_b"],
        ),
        # Articles that run in with their headings.
        (
            "BAB I\nISI\nPasal 1 (1) Maksud.\n(2) Tujuan.\nPasal 2 Ruang lingkup.\n",
            ["bab_I", "pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2", "pasal_2"],
        ),
        (
            "BAB I KETENTUAN UMUM Pasal 1 Isi satu. Pasal 2 (1) Satu. (2) Dua. BAB II ISI Pasal 3 Isi tiga.\n",
            ["bab_I", "pasal_1", "pasal_2", "pasal_2__ayat_1", "pasal_2__ayat_2", "bab_II", "pasal_3"],
        ),
        # Misread heading words.
        (
            "BABI\nX\nPasai 1\nIsi.\nPasaI 2\nIsi.\nBABII\nX\nPasal 3\nIsi.\n",
            ["bab_I", "pasal_1", "pasal_2", "bab_II", "pasal_3"],
        ),
        # A number that lost its full stop.
        (
            "Pasal 1\nMeliputi:\n1. Satu;\n2. Dua;\n3Tiga; dan\n4. Empat.\n",
            ["pasal_1", *(f"pasal_1__angka_{n}" for n in range(1, 5))],
        ),
        # The last article behind a gap keeps its number.
        ("Pasal 1\nIsi.\nPasal 2\nIsi.\nPasal 3\nIsi.\nPasal 6\nIsi.\n", ["pasal_1", "pasal_2", "pasal_3", "pasal_6"]),
        # An ayat behind a table.
        (
            "Pasal 1\n(1) Biaya:\nNo\tKecamatan\tJumlah\n1\tPati\t50\n(2) Dua.\n",
            ["pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2"],
        ),
    ],
)
def test_units_in_careless_prints(body: str, expected: list[str]) -> None:
    assert body_eids(act(body)) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [("Pasal I", "Pasal II"), ("Pasal 1", "Pasal 2"), ("Pasal I", "Pasal 11"), ("Pasal l", "Pasal ll")],
)
def test_the_articles_of_an_amending_act_are_known_by_what_they_say(first: str, last: str) -> None:
    text = AMENDING.replace("Pasal II\n", f"{last}\n").replace("\nPasal I\n", f"\n{first}\n")
    eids = body_eids(act(text, "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 1 TAHUN 2020"))
    assert [eid for eid in eids if "__" not in eid] == ["pasal_I", "pasal_II"]


def test_an_item_number_at_the_end_of_the_line_before_opens_the_item() -> None:
    text = AMENDING.replace("(2) Dua.\n3. Pasal 24", "(2) Dua. 3.\nPasal 24")
    assert "pasal_I__angka_3" in body_eids(act(text, "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 1 TAHUN 2020"))


def test_items_follow_the_list_of_earlier_amendments() -> None:
    text = AMENDING.replace(
        "tentang Hal diubah sebagai berikut:",
        "tentang Hal yang telah diubah dengan:\na. Peraturan Nomor 2 Tahun 2021; dan\nb. Peraturan Nomor 3 Tahun 2022,\ndiubah sebagai berikut:",
    )
    eids = body_eids(act(text, "PERUBAHAN KETIGA ATAS PERATURAN BUPATI NOMOR 1 TAHUN 2020"))
    assert [eid for eid in eids if eid.startswith("pasal_I__") and eid.count("__") == 1] == [
        "pasal_I__huruf_a", "pasal_I__huruf_b", "pasal_I__angka_1", "pasal_I__angka_2", "pasal_I__angka_3",
    ]  # fmt: skip


def test_an_elucidation_of_several_articles_at_once() -> None:
    text = act(pasal(1, 6)) + (
        "PENJELASAN\nATAS\nPERATURAN BUPATI CONTOH\nI. UMUM\nX.\nII. PASAL DEMI PASAL\nPasal 1 : Cukup jelas.\nPasal 2\nAyat (1) Cukup jelas.\n"
        "Pasal 3 s/d Pasal 5\nCukup jelas.\nPasal 6\nCukup jelas.\nTAMBAHAN BERITA DAERAH NOMOR 4\n"
    )
    eids = [p.eid for p in tree(text)[0] if p.zone == "elucidation" and "text" not in p.eid]
    assert eids == [
        "penjelasan",
        *(f"penjelasan__{eid}" for eid in ("pasal_1", "pasal_2", "pasal_2__ayat_1", "pasal_3", "pasal_6", "closing")),
    ]


def test_forms_that_repeat_their_lists_stay_flat_and_fast() -> None:
    form = "FORMULIR\n1. Nama :\n2. Alamat :\nDemikian.\n"
    text = act(pasal(1, 2)) + "LAMPIRAN\nPERATURAN BUPATI CONTOH\nNOMOR 7 TAHUN 2024\n" + form * 60
    assert max(p.depth for p in tree(text)[0]) <= 3


def test_the_last_pasal_ends_before_the_closing_formula() -> None:
    provisions, _ = tree(act("Pasal 1\nPeraturan Bupati ini mulai berlaku pada tanggal diundangkan. "))
    assert (
        next(p for p in provisions if p.eid == "pasal_1").text.text
        == "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."
    )
    assert next(p for p in provisions if p.eid == "closing").text.text.startswith("Agar setiap orang")


def test_elucidation_and_annex_hang_below_their_own_roots() -> None:
    text = act(pasal(1, 2)) + (
        "PENJELASAN\nATAS\nPERATURAN BUPATI CONTOH\nI. UMUM\nLatar belakang.\nII. PASAL DEMI PASAL\nPasal 1\nAyat (1)\nCukup jelas.\n"
        "Pasal 2\nHuruf a\nCukup jelas.\n"
        "LAMPIRAN II\nPERATURAN BUPATI CONTOH\nNOMOR 7 TAHUN 2024\nPERATURAN DESA\nPasal 1\nModel.\nPasal 2\nModel lagi.\n"
    )
    eids = [p.eid for p in tree(text)[0] if p.zone in ("elucidation", "annex")]
    assert eids == [
        "penjelasan", "penjelasan__text_1", "penjelasan__text_2", "penjelasan__pasal_1", "penjelasan__pasal_1__ayat_1",
        "penjelasan__pasal_2", "penjelasan__pasal_2__huruf_a", "lampiran_II", "lampiran_II__pasal_1", "lampiran_II__pasal_2",
    ]  # fmt: skip


def test_marked_up_and_plain_text_give_the_same_tree() -> None:
    plain = act("BAB I\nKETENTUAN UMUM\nPasal 1\n(1) Strategi Stunting:\na. satu; dan\nb. dua.\n(2) Dua.\n")
    marked = plain.replace("BAB I", "## BAB I").replace("Pasal 1", "#### Pasal 1").replace("\n(", "\n- (")
    marked = (
        marked.replace("Stunting", "*Stunting*")
        .replace("\na. satu", "\n  - **a.** satu")
        .replace("PERATURAN BUPATI CONTOH\n", "**PERATURAN BUPATI CONTOH**\n")
    )
    assert [(p.eid, p.text.text, p.heading.text) for p in tree(plain)[0]] == [
        (p.eid, p.text.text, p.heading.text) for p in tree(marked)[0]
    ]
