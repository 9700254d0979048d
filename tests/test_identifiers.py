"""Names of acts: regions, document_ids, numbers and citations."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acts.identifiers import document_id, fallback_id, find_citations, read_number, split_number
from extractors.acts.kinds import kind_of, kinds
from extractors.acts.regions import find_region
from extractors.lookups import regions
from extractors.models import Act, Notes, Region


def region(code: str) -> Region:
    return next(r for r in regions() if r.region_code == code)


OWN = Act("perbup", "6", 2024, region("33.16"))

IDS = [
    (OWN, "/akn/id-3316/act/perbup/2024/6"),
    (Act("uu", "20", 2001), "/akn/id/act/uu/2001/20"),
    (Act("pergub", "1", 2021, region("51")), "/akn/id-51/act/pergub/2021/1"),
    (Act("perbup", "16/E", 2024, region("33.16")), "/akn/id-3316/act/perbup/2024/16-E"),
    (Act("perbup", "22.1", 2024, region("33.16")), "/akn/id-3316/act/perbup/2024/22.1"),
    (Act("uud", None, 1945), "/akn/id/act/uud/1945"),
    (Act("permendagri", "20", 2018), "/akn/id/act/permendagri/2018/20"),
    (Act("permen-riset-dan-teknologi", "2", 2019), "/akn/id/act/permen-riset-dan-teknologi/2019/2"),
    (Act("perbup", "6", 2024), None),
    (Act("perbup", None, 2024, region("33.16")), None),
    (Act("uu", "20", None), None),
    (Act("kitab", None, None), None),
    (Act("perdes", "3", 2020, region("33.16")), None),
    (Act("surat", "3", 2020), None),
    (Act(None, "3", 2020), None),
]


@pytest.mark.parametrize(("act", "expected"), IDS)
def test_document_id(act: Act, expected: str | None) -> None:
    assert document_id(act) == expected


def test_fallback_id() -> None:
    assert fallback_id("0123456789abcdef" * 4) == "/akn/id/act/x/0123456789abcdef"


NUMBERS = [
    ("03", "3"),
    ("6", "6"),
    ("3l", "31"),
    ("2O", "20"),
    ("16/E", "16/E"),
    ("22.1", "22.1"),
    ("6 .", "6"),
    ("0", "0"),
]


@pytest.mark.parametrize(("printed", "expected"), NUMBERS)
def test_numbers(printed: str, expected: str) -> None:
    assert read_number(printed) == expected


@pytest.mark.parametrize(
    ("printed", "year", "expected"),
    [
        ("20", "2018", ("20", 2018)),
        ("20/2018", None, ("20", 2018)),
        ("190/PMK.07/2021", None, ("190/PMK.07/2021", 2021)),
        ("39", "2OO8", ("39", 2008)),
        ("5", "1066", ("5", None)),
        ("...", "2026", (None, 2026)),
    ],
)
def test_split_number(printed: str, year: str | None, expected: tuple[str | None, int | None]) -> None:
    assert split_number(printed, year) == expected


REGIONS = [
    ("BUPATI BALANGAN PROVINSI KALIMANTAN SELATAN", "perbup", "63.11"),
    ("PERATURAN BUPATI BLORA", "perbup", "33.16"),
    ("PERATURAN DAERAH KABUPATEN BANJARNEGARA", "perda", "33.04"),
    ("PERATURAN DAERAH PROVINSI BALI", "perda", "51"),
    ("WALI KOTA BOGOR\nPROVINSI JAWA BARAT\nPERATURAN DAERAH KOTA BOGOR", "perda", "32.71"),
    ("WALIKOTA BOGOR", "perwali", "32.71"),
    ("BUPATI BOGOR", "perbup", "32.01"),
    ("BUPATI KOTABARU", "perbup", "63.02"),
    ("BUPATI BANJAR", "perbup", "63.03"),
    ("WALI KOTA BANJARBARU", "perwali", "63.72"),
    ("BUPATI TOLITOLI", "perbup", "72.04"),
    ("BUPATI TANAH BUMBU", "perbup", "63.10"),
    ("BUPATI KEPULAUAN SULA", "perbup", "82.05"),
    ("GUBERNUR DAERAH ISTIMEWA YOGYAKARTA", "pergub", "34"),
    ("GUBERNUR DKI JAKARTA", "pergub", "31"),
    ("Kabupaten Daerah Tingkat II Banjarnegara", "perda", "33.04"),
    ("B U P A T I  B L O R A", "perbup", "33.16"),
    ("B U P A T I B L O R A", "perbup", "33.16"),
    ("KABUPATENBLORA", "perda", "33.16"),
    ("BUPATÎ BLORA", "perbup", "33.16"),
    ("WALI KOTA BLORA", "perwali", None),
    ("PERATURAN BUPATI", "perbup", None),
    ("BUPATI ANTAH BERANTAH", "perbup", None),
    ("PRESIDEN REPUBLIK INDONESIA", "uu", None),
    ("", "perbup", None),
]


@pytest.mark.parametrize(("text", "jenis", "code"), REGIONS)
def test_find_region(text: str, jenis: str, code: str | None) -> None:
    notes = Notes("metadata")
    found = find_region(text, jenis, notes)
    assert (found.region_code if found else None) == code
    assert not notes.findings


@pytest.mark.parametrize(
    ("text", "jenis", "code", "finding"),
    [
        ("BUPATI SIDOARIO", "perbup", "35.15", "region_mended"),
        ("BUPATI BANJARNGERA PROVINSI JAWA TENGAH", "perbup", "33.04", "region_mended"),
        ("BUPATI BALANGAN PROVINSI JAWA TENGAH", "perbup", "63.11", "region_province_conflict"),
        ("PERATURAN BUPATI BLORA ; BUPATI BALANGAN", "perbup", "33.16", "region_ambiguous"),
    ],
)
def test_doubtful_regions_have_findings(text: str, jenis: str, code: str, finding: str) -> None:
    notes = Notes("metadata")
    found = find_region(text, jenis, notes)
    assert found is not None
    assert found.region_code == code
    assert [f.code for f in notes] == [finding]


def test_every_region_is_found_under_its_office() -> None:
    offices = {"kabupaten": ("perbup", "BUPATI"), "kota": ("perwali", "WALI KOTA"), "provinsi": ("pergub", "GUBERNUR")}
    for wanted in regions():
        jenis, office = offices[wanted.kind]
        name = wanted.name.upper().removeprefix("KABUPATEN ").removeprefix("KOTA ").removeprefix("ADMINISTRASI ")
        assert find_region(f"PERATURAN {office} {name} NOMOR 1", jenis) == wanted


CITATIONS = [
    ("Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah", ["/akn/id/act/uu/2014/23"]),
    ("Undang-undang No. 8 Th 1981", ["/akn/id/act/uu/1981/8"]),
    ("Undang-\nUndang Nomor 5 Tahun 1960", ["/akn/id/act/uu/1960/5"]),
    ("Undang-Undang Republik Indonesia Nomor 5 Tahun 2010", ["/akn/id/act/uu/2010/5"]),
    ("UU ITE No 11 Tahun 2008 Pasal 5", ["/akn/id/act/uu/2008/11"]),
    ("PP No. 12/2019 dan UU 23/2014", ["/akn/id/act/pp/2019/12", "/akn/id/act/uu/2014/23"]),
    ("Peraturan Pemerintah Pengganti Undang-Undang Nomor 2 Tahun 2022", ["/akn/id/act/perppu/2022/2"]),
    ("Peraturan Menteri Dalam Negeri Nomor 20 Tahun 2018", ["/akn/id/act/permendagri/2018/20"]),
    ("Peraturan Menteri Riset dan Teknologi Nomor 2 Tahun 2019", ["/akn/id/act/permen-riset-dan-teknologi/2019/2"]),
    (
        "Peraturan Menteri Desa, Pembangunan Daerah Tertinggal dan Transmigrasi Nomor 13 Tahun 2020",
        ["/akn/id/act/permendesa/2020/13"],
    ),
    (
        "Peraturan Badan Kependudukan dan Keluarga Berencana Nomor 12 Tahun 2021",
        ["/akn/id/act/perban-kependudukan-dan-keluarga-berencana/2021/12"],
    ),
    ("Peraturan Menteri Keuangan Nomor 190/PMK.07/2021", ["/akn/id/act/permenkeu/2021/190-PMK.07-2021"]),
    ("Peraturan Bupati Blora Nomor 13 Tahun 2022", ["/akn/id-3316/act/perbup/2022/13"]),
    ("Peraturan Bupati Nomor 13 Tahun 2022", ["/akn/id-3316/act/perbup/2022/13"]),
    ("Peraturan Gubernur Nomor 5 Tahun 2020", ["/akn/id-33/act/pergub/2020/5"]),
    ("Peraturan Gubernur Kalimantan Selatan Nomor 03 Tahun 2022", ["/akn/id-63/act/pergub/2022/3"]),
    ("Peraturan Daerah Kabupaten Tapin Nomor 07 Tahun 2015", ["/akn/id-6305/act/perda/2015/7"]),
    ("Peraturan Daerah Kabupaten Nomor 7 Tahun 2015", ["/akn/id-3316/act/perda/2015/7"]),
    ("Peraturan Daerah Provinsi Bali Nomor 10 Tahun 2016", ["/akn/id-51/act/perda/2016/10"]),
    ("Peraturan Wali Kota Bogor Nomor 5 Tahun 2020", ["/akn/id-3271/act/perwali/2020/5"]),
    ("Peraturan Wali Kota Nomor 5 Tahun 2020", [None]),
    ("Peraturan Bupati Antah Berantah Nomor 5 Tahun 2020", [None]),
    ("Undang-Undang Dasar Negara Republik Indonesia Tahun 1945", ["/akn/id/act/uud/1945"]),
    ("Pasal 5 Undang-Undang Dasar 1945", ["/akn/id/act/uud/1945"]),
    ("Kitab Undang-undang Hukum Pidana", [None]),
    (
        "Ketetapan Majelis Permusyawaratan Rakyat Republik Indonesia Nomor XI/MPR/1998",
        ["/akn/id/act/tap-mpr/1998/XI-MPR-1998"],
    ),
    ("putusan Mahkamah Konstitusi Nomor 22/PUU-XV/2017", ["/akn/id/act/putusan-mk/2017/22-PUU-XV-2017"]),
    ("perkara Nomor 22/PUU XV/2017", ["/akn/id/act/putusan-mk/2017/22-PUU-XV-2017"]),
    ("Undang-Undang Nomor 39 Tahun 2OO8", ["/akn/id/act/uu/2008/39"]),
    ("Peraturan Desa Sukamaju Nomor 3 Tahun 2020", [None]),
    ("Peraturan Bupati ini berdasarkan Peraturan Pemerintah Nomor 5 Tahun 2020", ["/akn/id/act/pp/2020/5"]),
    ("diatur dengan Peraturan Bupati.", []),
    ("Surat Menteri Nomor B/1387/M.SM.04.00/2020", []),
    ("Undang-Undang tentang Kepegawaian", []),
]


@pytest.mark.parametrize(("text", "expected"), CITATIONS)
def test_find_citations(text: str, expected: list[str | None]) -> None:
    found = find_citations(text, OWN)
    assert [c.document_id for c in found] == expected
    assert all(text[c.start : c.end] == c.printed for c in found)


def test_misread_digits_are_marked() -> None:
    (found,) = find_citations("Undang-Undang Nomor 6l Tahun 2024", OWN)
    assert (found.document_id, found.mended) == ("/akn/id/act/uu/2024/61", True)


TITLES = [
    (
        "Peraturan Daerah Provinsi Bali Nomor 7 Tahun 2019 tentang Perubahan Atas Peraturan Daerah Nomor 10 Tahun 2016 "
        "tentang Susunan Perangkat Daerah, perlu menyusun",
        [
            ("/akn/id-51/act/perda/2019/7", "Susunan Perangkat Daerah", False),
            ("/akn/id-51/act/perda/2016/10", "Susunan Perangkat Daerah", True),
        ],
    ),
    (
        "Peraturan Bupati Nomor 13 Tahun 2022 tentang Percepatan Penurunan Stunting di Kabupaten Blora belum cukup",
        [("/akn/id-3316/act/perbup/2022/13", "di Kabupaten Blora", False)],
    ),
    (
        "Undang-Undang Nomor 1 Tahun 2000 tentang Desa dan Undang-Undang Nomor 2 Tahun 2001 tentang Kota;",
        [("/akn/id/act/uu/2000/1", "tentang Desa", False), ("/akn/id/act/uu/2001/2", "tentang Kota", False)],
    ),
    (
        "Undang-Undang Nomor 5 Tahun 2010 tentang perlindungan anak sebagaimana telah diubah dengan Undang-Undang "
        "Nomor 6 Tahun 2011",
        [("/akn/id/act/uu/2010/5", "perlindungan anak", False), ("/akn/id/act/uu/2011/6", "2011", False)],
    ),
]


@pytest.mark.parametrize(("text", "expected"), TITLES)
def test_titles(text: str, expected: list[tuple[str, str, bool]]) -> None:
    found = find_citations(text, OWN)
    assert [(c.document_id, c.in_title) for c in found] == [(e[0], e[2]) for e in expected]
    for citation, (_, ending, _) in zip(found, expected, strict=True):
        assert text[: citation.title_end].endswith(ending)


def test_gazette_brackets() -> None:
    text = (
        "Undang-Undang Nomor 30 Tahun 2014 tentang Administrasi Pemerintahan (Lembaran Negara Republik Indonesia "
        "Tahun 2014 Nomor 292, Tambahan Lembaran Negara Republik Indonesia Nomor 5601) sebagaimana telah diubah"
    )
    (found,) = find_citations(text, OWN)
    assert text[found.end : found.title_end] == " tentang Administrasi Pemerintahan"
    assert text[found.title_end : found.gazette_end].endswith("Nomor 5601)")
    lost = text.replace("(Lembaran", "Lembaga")
    (found,) = find_citations(lost, OWN)
    assert lost[found.end : found.title_end] == " tentang Administrasi Pemerintahan"
    assert lost[found.title_end : found.gazette_end].endswith("Nomor 5601)")


def test_every_kind_has_a_level_and_a_distinct_name() -> None:
    names = [name for kind in kinds().values() for name in (*kind.names, *kind.abbreviations)]
    assert len(names) == len(set(names))
    levels = {"national", "regional", "provincial", "regency", "city", "village"}
    assert {kind.level for kind in kinds().values()} <= levels
    made_up = kind_of("permen-apa-saja")
    assert made_up is not None
    assert made_up.code == "permen"


@given(st.text(alphabet=st.sampled_from("Undang-Pertu Bpaio.,;:()0123456789/\n") | st.characters(), max_size=300))
def test_never_raises(text: str) -> None:
    for citation in find_citations(text, OWN):
        assert citation.start < citation.end <= citation.title_end <= citation.gazette_end <= len(text)
    find_region(text, None, Notes("metadata"))


KEYWORDS = [
    *("Peraturan Bupati", "Nomor", "5", "Tahun", "2020", "tentang", "Blora", "(", ")", ";", "Lembaran Negara", "dan"),
    *("Undang-Undang", "sebagaimana telah diubah dengan", "Perubahan Atas", "Kitab Undang-Undang Hukum Pidana"),
]


@given(st.lists(st.sampled_from(KEYWORDS), max_size=60))
def test_keyword_soup(words: list[str]) -> None:
    text = " ".join(words)
    found = find_citations(text, OWN)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[c.start : c.end] == c.printed and c.gazette_end <= len(text) for c in found)
