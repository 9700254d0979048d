"""The facts of an act: head, signature blocks, gazette, entry into force, amended and revoked acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acts.act_head import compare_annex_head, read_act_head
from extractors.acts.changed_acts import amended_acts, revoked_acts
from extractors.acts.in_force import read_entry_into_force
from extractors.acts.metadata import read_metadata
from extractors.acts.signatures import read_blocks, read_gazette
from extractors.lookups import regions
from extractors.models import EMPTY, Act, Line, Mapped, Metadata, Notes, Provision, Span

BLORA = next(r for r in regions() if r.region_code == "33.16")
OWN = Act("perbup", "6", 2024, BLORA)


def lines(text: str) -> list[Line]:
    result = []
    position = 0
    for raw in text.split("\n"):
        if raw.strip():
            span = Span(position, position + len(raw))
            result.append(Line(Mapped(raw.strip(), ((0, position),)), span, 1))
        position += len(raw) + 1
    return result


def provisions(*rows: tuple[str, str]) -> list[Provision]:
    made = []
    for ordinal, (eid, text) in enumerate(rows, start=1):
        parent, _, last = eid.rpartition("__")
        kind, _, number = last.partition("_")
        content = Mapped(text, ((0, ordinal * 1000),)) if text else EMPTY
        span = Span(ordinal * 1000, ordinal * 1000 + len(text) + 1)
        fields = (eid, parent or None, kind, "body", number, number, False, EMPTY, content, ordinal, 1, span, 1, 1)
        made.append(Provision(*fields))
    return made


def read(
    title: str, closing: str, rows: Sequence[tuple[str, str]] = (), preamble: str = ""
) -> tuple[Metadata, set[str]]:
    notes = Notes("metadata")
    metadata = read_metadata(lines(title), lines(preamble), lines(closing), provisions(*rows), notes)
    assert all(f.stage == "metadata" for f in notes)
    return metadata, {f.code for f in notes}


BLORA_TITLE = """BUPATI BLORA
PROVINSI JAWA TENGAH
PERATURAN BUPATI BLORA
NOMOR 6 TAHUN 2024
TENTANG
PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022
TENTANG PERCEPATAN PENURUNAN STUNTING DI KABUPATEN BLORA"""
BLORA_CLOSING = """Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini.
Ditetapkan di Blora
pada tanggal 27 Februari 2024
BUPATI BLORA,
Cap Ttd.
ARIEF ROHMAN
Diundangkan di Blora
pada tanggal 27 Februari 2024
SEKRETARIS DAERAH KABUPATEN BLORA,
Cap Ttd.
KOMANG GEDE IRAWADI
BERITA DAERAH KABUPATEN BLORA TAHUN 2024 NOMOR 6
Sesuai dengan aslinya"""
BLORA_RULES = (
    ("pasal_I", "Beberapa ketentuan dalam Peraturan Bupati Blora Nomor 13 Tahun 2022 tentang Percepatan diubah:"),
    ("pasal_II", "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."),
)


def test_an_amending_act() -> None:
    metadata, codes = read(BLORA_TITLE, BLORA_CLOSING, BLORA_RULES)
    assert metadata == Metadata(
        OWN,
        "/akn/id-3316/act/perbup/2024/6",
        "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG PERCEPATAN PENURUNAN STUNTING DI KABUPATEN BLORA",
        "Blora",
        date(2024, 2, 27),
        date(2024, 2, 27),
        date(2024, 2, 27),
        "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.",
        "BERITA DAERAH KABUPATEN BLORA",
        2024,
        "6",
        "BUPATI BLORA",
        "ARIEF ROHMAN",
        True,
        ("/akn/id-3316/act/perbup/2022/13",),
        (),
    )
    assert codes == set()


def test_a_damaged_closing_is_told() -> None:
    metadata, codes = read(
        "BUPATI BALANGAN PROVINSI KALIMANTAN SELATAN\n"
        "PERATURAN BUPATI BALANGAN NOMOR 42 TAHUN 2024 TENTANG PERCEPATAN PENURUNAN STUNTING",
        "Ditetapkan di Paringin pada tanggal 9 September 2024\nBUPATÎ BALANGAN,\nL HADI\n"
        "Diundangkan di Paringin pada tanggal 9 September 2024\nSEKRETARIS DAERAH KABUPATEN BALANGAN,\n"
        "BUPATEN BALANGA\nH. SUTIKNO\nBERITA DAERAH KABUPATEN BALANGAN TAHUN 2024 NOMOR 42",
        [("pasal_28", "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.")],
    )
    assert metadata.document_id == "/akn/id-6311/act/perbup/2024/42"
    assert (metadata.title, metadata.enacted_at) == ("PERCEPATAN PENURUNAN STUNTING", "Paringin")
    assert (metadata.signatory_office, metadata.signatory) == ("BUPATI BALANGAN", "L HADI")
    assert metadata.in_force_on == date(2024, 9, 9)
    assert codes == {"signatory_office_mended", "signatory_damaged"}


def test_everything_missing_is_told() -> None:
    metadata, codes = read("", "")
    assert metadata == Metadata(Act(None, None, None), None)
    fields = {"jenis", "number", "year", "region", "title", "enacted_at", "enacted_on", "promulgated_on"}
    fields |= {"in_force_rule", "gazette", "signatory_office", "signatory"}
    assert codes == {f"missing_{field}" for field in fields}


def test_a_head_without_region_or_kind_uses_its_witnesses() -> None:
    metadata, codes = read(
        "NOMOR 6 TAHUN 2024", BLORA_CLOSING, BLORA_RULES, "Menetapkan : PERATURAN BUPATI TENTANG DANA DESA."
    )
    assert metadata.document_id == "/akn/id-3316/act/perbup/2024/6"
    assert metadata.title == "DANA DESA"
    assert {"jenis_inferred", "title_inferred", "region_inferred"} <= codes


CONTRADICTIONS = [
    (("pada tanggal 27 Februari 2024\nBUPATI", "pada tanggal 28 Februari 2024\nBUPATI"), "promulgated_before_enacted"),
    (("pada tanggal 27 Februari 2024\nBUPATI", "pada tanggal 27 Februari 2023\nBUPATI"), "year_differs"),
    (("27 Februari 2024\nBUPATI", "27 Februari 2024\n3 Maret 2024\nBUPATI"), "enacted_on_contradicts"),
    (("27 Februari 2024\nBUPATI", "27 Februarl 2024\nBUPATI"), "date_mended"),
    (("BLORA TAHUN 2024 NOMOR 6", "BLORA TAHUN 2023 NOMOR 6"), "gazette_year_differs"),
    (("BLORA TAHUN 2024 NOMOR 6", "BLORA TAHUN 2024 NOMOR 7"), "gazette_number_differs"),
    (("BLORA TAHUN 2024 NOMOR 6", "BLORA TAHUN 2024 NOMOR ..."), "missing_gazette_number"),
    (("pada tanggal 27 Februari 2024\nBUPATI", "pada tanggal ...\nBUPATI"), "missing_enacted_on"),
    (("ARIEF ROHMAN", ""), "missing_signatory"),
    (("BUPATI BLORA,", "BUPATl BLCRA,"), "signatory_office_mended"),
]


@pytest.mark.parametrize(("change", "code"), CONTRADICTIONS)
def test_contradictions_and_gaps_are_told(change: tuple[str, str], code: str) -> None:
    assert change[0] in BLORA_CLOSING
    metadata, codes = read(BLORA_TITLE, BLORA_CLOSING.replace(*change), BLORA_RULES)
    assert codes == {code}
    assert (metadata.enacted_on is None) == (code in ("enacted_on_contradicts", "missing_enacted_on"))
    assert (metadata.signatory_office, metadata.promulgated_on) == ("BUPATI BLORA", date(2024, 2, 27))


HEADS = [
    ("PERATURAN BUPATI BLORA\nNOMOR : 6 TAHUN 2024", ("perbup", "6", 2024, "33.16"), set()),
    ("PERATURAN DAERAH KABUPATEN TAPIN\nNOMOR 07 TAHUN 2015", ("perda", "7", 2015, "63.05"), set()),
    ("PERATURAN BUPATI BLORA\nNOMOR 16/E TAHUN 2024", ("perbup", "16/E", 2024, "33.16"), set()),
    ("PERATURAN BUPATI BLORA\nNOMOR 22.1 TAHUN 2024", ("perbup", "22.1", 2024, "33.16"), set()),
    ("PERATURAN BUPATI BLORA NOMOR 3l TAHUN 2O24", ("perbup", "31", 2024, "33.16"), {"number_mended"}),
    ("PERATURAN GUBERNUR BALI\nNOMOR I TAHUN 2021", ("pergub", "1", 2021, "51"), {"number_mended"}),
    ("PERATURAN BUPATI BLORA\nNOMOR ... TAHUN 2026", ("perbup", None, 2026, "33.16"), {"draft_number"}),
    ("PERATURAN BUPATI BLORA\nNOMOR TAHUN 2026", ("perbup", None, 2026, "33.16"), {"draft_number"}),
    ("PERATURN BUPATI BLORA\nNOMOR 3 TAHUN 2024", ("perbup", "3", 2024, "33.16"), {"jenis_mended"}),
    ("N O M O R 6 T A H U N 2 0 2 4", (None, "6", 2024, None), {"letters_spread"}),
    ("UNDANG-UNDANG REPUBLIK INDONESIA\nNOMOR 1 TAHUN 1974", ("uu", "1", 1974, None), set()),
    (
        "PERATURAN MENTERI DALAM NEGERI REPUBLIK INDONESIA\nNOMOR 20 TAHUN 2018",
        ("permendagri", "20", 2018, None),
        set(),
    ),
    ("KEPUTUSAN BUPATI BLORA\nNOMOR: 188.45/123/2020", ("kepbup", "188.45/123/2020", 2020, "33.16"), set()),
    ("JUDUL : RINGKASAN", (None, None, None, None), set()),
]


@pytest.mark.parametrize(("head", "expected", "codes"), HEADS)
def test_heads(head: str, expected: tuple[str | None, str | None, int | None, str | None], codes: set[str]) -> None:
    notes = Notes("metadata")
    found = read_act_head(lines(f"{head}\nTENTANG\nPERUNDANG-\nUNDANGAN DI\nDAERAH\nBUPATI BLORA,\nMenimbang"), notes)
    act = found.act
    assert (act.jenis, act.number, act.year, act.region.region_code if act.region else None) == expected
    assert found.title == "PERUNDANG-UNDANGAN DI DAERAH"
    assert {f.code for f in notes} == codes


def test_an_annex_head_of_another_act_is_told() -> None:
    notes = Notes("metadata")
    same = read_act_head(lines("LAMPIRAN\nPERATURAN BUPATI BLORA\nNOMOR 6 TAHUN 2024"))
    bare = read_act_head(lines("LAMPIRAN I"))
    other = read_act_head(lines("LAMPIRAN\nPERATURAN BUPATI BLORA\nNOMOR 7 TAHUN 2024"))
    assert [compare_annex_head(OWN, head, notes) for head in (same, bare, other)] == [True, True, False]
    assert [f.code for f in notes] == ["annex_head_differs"]


BLOCKS = [
    (
        "Disahkan Di Jakarta,\nPada Tanggal 14 Oktober 2019\nPRESIDEN REPUBLIK INDONESIA,\nTtd.\nJOKO WIDODO",
        (False, "Jakarta", date(2019, 10, 14), "PRESIDEN REPUBLIK INDONESIA", "JOKO WIDODO"),
    ),
    (
        "Diundangkan di Rantau\npada tanggal 05 Juni 2015\nSEKRETARIS DAERAH\nKABUPATEN TAPIN,\nttd\nRAHMADI",
        (True, "Rantau", date(2015, 6, 5), "SEKRETARIS DAERAH KABUPATEN TAPIN", "RAHMADI"),
    ),
    (
        "Ditetapkan di Blora\npada tanggal 30-12-2025\nPj. BUPATI BLORA,\nTELAH DITELITI OLEH PARAF\n"
        "SEKDA\nttd ARIEF ROHMAN",
        (False, "Blora", date(2025, 12, 30), "Pj. BUPATI BLORA", "ARIEF ROHMAN"),
    ),
    (
        "PARAF KOORDINASI Ditetapkan di Bali\npada tanggal 4 Januari 2021\nKesra GUBERNUR BALI,\n"
        "Kepala Biro ttd\nWAYAN KOSTER",
        (False, "Bali", date(2021, 1, 4), "GUBERNUR BALI", "WAYAN KOSTER"),
    ),
    (
        "Ditetapkan di Blora\npada tanggal 27 Mei 2022\nB U P A T I B L O R A ,\nARIEF ROHMAN",
        (False, "Blora", date(2022, 5, 27), "BUPATIBLORA", "ARIEF ROHMAN"),
    ),
    (
        "Ditelapkan di Blora\npada tanggal 2 7 M e i 2 0 2 2\nB U P A T I  B L O R A,\nSLAMET SETIONO, SH, MM",
        (False, "Blora", date(2022, 5, 27), "BUPATI BLORA", "SLAMET SETIONO, SH, MM"),
    ),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_signature_blocks(text: str, expected: tuple[bool, str, date, str, str]) -> None:
    (block,) = read_blocks(lines(text))
    assert len(block.dates) == 1
    assert (block.promulgation, block.place, block.dates[0].value, block.office, block.name) == expected


GAZETTES = [
    ("BERITA DAERAH KABUPATEN BALANGAN TAHUN 2024 NOMOR 42", ("BERITA DAERAH KABUPATEN BALANGAN", 2024, "42")),
    (
        "LEMBARAN NEGARA REPUBLIK INDONESIA\nTAHUN 2019 NOMOR 186 3/5",
        ("LEMBARAN NEGARA REPUBLIK INDONESIA", 2019, "186"),
    ),
    ("LEMBARAN DAERAH KABUPATEN TAPIN TAHUN 2015 NOMOR 07", ("LEMBARAN DAERAH KABUPATEN TAPIN", 2015, "7")),
    ("BERITA DAERAH KOTA BOGOR NOMOR 5 TAHUN 2020", ("BERITA DAERAH KOTA BOGOR", 2020, "5")),
    ("BERITA DAERAH KABUPATEN BLORA TAHUN ... NOMOR ...", ("BERITA DAERAH KABUPATEN BLORA", None, None)),
    ("penempatannya dalam Berita Daerah Kabupaten Blora.", None),
]


@pytest.mark.parametrize(("text", "expected"), GAZETTES)
def test_gazettes(text: str, expected: tuple[str, int | None, str | None] | None) -> None:
    found = read_gazette(lines(text))
    assert ((found.name, found.year, found.number) if found else None) == expected


THIS = "Peraturan Bupati ini mulai berlaku"
IN_FORCE = [
    (f"{THIS} pada tanggal diundangkan.", date(2024, 2, 1), None),
    (f"{THIS} pada saat diundangkan.", date(2024, 2, 1), None),
    ("Peraturan Bupati ini berlaku pada tanggal diundangkan.", date(2024, 2, 1), None),
    ("Perbup ini mulai berlaku pada tanggal ditetapkan.", date(2024, 1, 31), None),
    (f"{THIS} pada tanggal 1 Januari 2025.", date(2025, 1, 1), None),
    (f"{THIS} setelah 30 (tiga puluh) hari terhitung sejak tanggal diundangkan.", date(2024, 3, 2), None),
    (f"{THIS} 1 (satu) bulan terhitung sejak tanggal ditetapkan.", date(2024, 2, 29), None),
    (f"{THIS} setelah 2 (dua) tahun terhitung sejak tanggal diundangkan.", date(2026, 2, 1), None),
    (f"{THIS} pada tanggal diundangkan sampai dengan tanggal 31 Desember 2024.", date(2024, 2, 1), None),
    (
        f"{THIS} pada tanggal diundangkan dan mempunyai daya laku surut sejak tanggal 2 Januari 2024.",
        date(2024, 1, 2),
        "in_force_retroactive",
    ),
    ("Peraturan Bupati ini berlaku surut sejak tanggal 2 Januari 2024.", date(2024, 1, 2), "in_force_retroactive"),
    (f"{THIS} setelah 30 (dua puluh) hari sejak tanggal diundangkan.", None, "in_force_not_computable"),
    (f"{THIS} setelah 5 (lima) hari kerja sejak tanggal diundangkan.", None, "in_force_not_computable"),
    (f"{THIS} pada tahun anggaran 2025.", None, "in_force_not_computable"),
    (f"{THIS} pada tanggal diundangkan, kecuali Pasal 5.", None, "in_force_not_computable"),
    (f"{THIS}:", None, "in_force_not_computable"),
]


@pytest.mark.parametrize(("rule", "expected", "code"), IN_FORCE)
def test_entry_into_force(rule: str, expected: date | None, code: str | None) -> None:
    notes = Notes("metadata")
    found = read_entry_into_force(provisions(("pasal_9", rule)), date(2024, 1, 31), date(2024, 2, 1), notes)
    assert (found.rule, found.on) == (rule, expected)
    assert [f.code for f in notes] == ([code] if code else [])


@pytest.mark.parametrize(
    "text",
    [
        "Pada saat Peraturan Bupati ini mulai berlaku, semua ketentuan menyesuaikan.",
        "Peraturan Bupati ini berlaku untuk semua desa.",
        "Perjanjian tersebut mulai berlaku sejak perkawinan dilangsungkan.",
        "",
    ],
)
def test_sentences_that_set_no_date(text: str) -> None:
    notes = Notes("metadata")
    found = read_entry_into_force(provisions(("pasal_9", text)), date(2024, 1, 31), date(2024, 2, 1), notes)
    assert (found.rule, found.on) == (None, None)
    assert [f.code for f in notes] == ["missing_in_force_rule"]


def test_staged_rules_give_no_single_date() -> None:
    notes = Notes("metadata")
    rule = f"{THIS} pada tanggal diundangkan. Ketentuan mengenai tarif mulai berlaku pada tanggal 5 Januari 2025."
    found = read_entry_into_force(provisions(("pasal_9", rule)), None, date(2024, 2, 1), notes)
    assert (found.rule, found.on) == (rule, None)
    assert [f.code for f in notes] == ["in_force_staged"]


A, B = "Peraturan Bupati Blora Nomor 5 Tahun 2018 tentang A", "Peraturan Bupati Nomor 6 Tahun 2019 tentang B"
CHANGE = "Peraturan Bupati Nomor 6 Tahun 2019 tentang Perubahan Atas"
ID_A, ID_B = "/akn/id-3316/act/perbup/2018/5", "/akn/id-3316/act/perbup/2019/6"
ON_ENTRY = "Pada saat Peraturan Bupati ini mulai berlaku"
GONE = "dicabut dan dinyatakan tidak berlaku"
REVOCATIONS = [
    ([("pasal_9", f"{ON_ENTRY}, {A} (Berita Daerah Kabupaten Blora Tahun 2018 Nomor 5) {GONE}.")], (ID_A,)),
    ([("pasal_9", f"{A} sebagaimana telah diubah dengan {CHANGE} {A}, dinyatakan tidak berlaku.")], (ID_A, ID_B)),
    ([("pasal_9", f"Ketentuan Pasal 5 {A} {GONE}.")], ()),
    ([("pasal_9", f"Izin berdasarkan {A} dinyatakan masih tetap berlaku.")], ()),
    ([("pasal_9", f"Peraturan pelaksanaan dari {A} tetap berlaku dan {B} dicabut.")], (ID_B,)),
    ([("pasal_9", "Izin dapat dicabut.")], ()),
]


@pytest.mark.parametrize(("rows", "expected"), REVOCATIONS)
def test_revocations(rows: list[tuple[str, str]], expected: tuple[str, ...]) -> None:
    assert revoked_acts(None, OWN, provisions(*rows), Notes("metadata")) == expected


def test_a_revoked_act_without_identity_is_told() -> None:
    notes = Notes("metadata")
    text = f"Peraturan Wali Kota Nomor 5 Tahun 2018 {GONE}."
    assert revoked_acts(None, OWN, provisions(("pasal_9", text)), notes) == ()
    assert {f.code for f in notes} == {"revoked_act_unresolved"}


AMENDED = [
    ("PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG X", (), (True, ("/akn/id-3316/act/perbup/2022/13",))),
    ("PERUBAHAN KEDUA ATAS PERATURAN BUPATI BLORA NOMOR 5 TAHUN 2018 TENTANG A", (), (True, (ID_A,))),
    ("PERUBAHAN KEDUA BELAS ATAS PERATURAN BUPATI NOMOR 5 TAHUN 2018 TENTANG A", (), (True, (ID_A,))),
    ("PERUBAHAN ANGGARAN PENDAPATAN DAN BELANJA DAERAH", (), (False, ())),
    ("TATA CARA PERUBAHAN ATAS DATA", (), (False, ())),
    ("PENYESUAIAN TARIF", (("pasal_I", f"Beberapa ketentuan dalam {A} diubah:"), ("pasal_II", "x")), (True, (ID_A,))),
    (None, (), (False, ())),
]


@pytest.mark.parametrize(("title", "rows", "expected"), AMENDED)
def test_amended_acts(
    title: str | None, rows: tuple[tuple[str, str], ...], expected: tuple[bool, tuple[str, ...]]
) -> None:
    notes = Notes("metadata")
    assert amended_acts(title, OWN, provisions(*rows), notes) == expected
    assert not notes.findings


def test_a_base_cited_with_another_year_is_told() -> None:
    notes = Notes("metadata")
    title = "PERUBAHAN ATAS PERATURAN BUPATI NOMOR 5 TAHUN 2018 TENTANG A"
    rows = provisions(("pasal_I", f"Beberapa ketentuan dalam {A.replace('2018', '2019')} diubah:"), ("pasal_II", "x"))
    assert amended_acts(title, OWN, rows, notes) == (True, (ID_A,))
    assert [f.code for f in notes] == ["amended_act_differs"]


SOUP = st.lists(
    st.sampled_from(
        [*BLORA_TITLE.split("\n"), *BLORA_CLOSING.split("\n"), "NOMOR", "TENTANG", "pada tanggal", "\x00", "ttd"]
    )
    | st.text(max_size=80),
    max_size=30,
)


@given(SOUP, SOUP, SOUP, st.text(max_size=200))
def test_never_raises(title: list[str], preamble: list[str], closing: list[str], text: str) -> None:
    metadata, codes = read("\n".join(title), "\n".join(closing), [("pasal_1", text)], "\n".join(preamble))
    if metadata.document_id is None:
        assert codes & {"missing_jenis", "missing_number", "missing_year", "missing_region"}
