from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.annex.agencies import AgencyReader
from extractors.annex.agency_regions import region_of
from extractors.annex.agency_registry import urusan
from extractors.lookups import regions, vocabulary
from extractors.models import AgencyMention, Notes, Office, Span

# What a document repeats: the cells of other rows.
CELLS = (
    *["Dinas Kesehatan, Kecamatan dan Pemangku Kepentingan."] * 4,
    *["Badan Perencanaan Pembangunan Daerah, Dinas Pendidikan, dan Pemangku Kepentingan"] * 3,
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "Dinas Pemberdayaan Masyarakat dan Desa",
    "Dinas Ketahanan Pangan, Pertanian dan Perikanan",
)


def reader(*cells: str, definitions: dict[str, str] | None = None) -> AgencyReader:
    return AgencyReader((*CELLS, *cells), "Kabupaten Blora", definitions or {})


def read(printed: str | None, source: AgencyReader | None = None) -> tuple[tuple[AgencyMention, ...], list[str]]:
    notes = Notes("agencies")
    source = source or reader(printed or "")
    mentions = source.read(printed, "supporting", notes, span=Span(3, 9), eid="lampiran", page=1)
    assert all(f.stage == "agencies" and f.span == Span(3, 9) and f.eid == "lampiran" and f.page == 1 for f in notes)
    return mentions, [finding.code for finding in notes]


def names(printed: str) -> list[str]:
    return [mention.name_printed for mention in read(printed)[0]]


@pytest.mark.parametrize(
    "name",
    [
        "Dinas Pemberdayaan Perempuan dan Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana serta "
        "Pemberdayaan Masyarakat dan Desa",
        "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah",
        "Dinas Ketahanan Pangan, Pertanian dan Perikanan",
        "Dinas Ketahanan Pangan. Pertanian, dan Perikanan",
        "Dinas Ketahanan Pangan Pertanian dan Perikanan",
        "Dinas Komunikasi, Informatika, Statistik dan Persandian",
        "Badan Pengelolaan Keuangan, Pendapatan dan aset Daerah",
        "Dinas Pekerjaan Umum, Penataan Ruang, Perumahan Rakyat dan Kawasan Permukiman",
        "Dinas Perumahan, Permukiman dan Perhubungan",
        "Badan Pengawas Obat dan Makanan",
        "Dinas Sosial dan P3A",
        "Perangkat Daerah yang membidangi",
        "Kantor Kementerian Agama Kabupaten Blora",
        "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
        "Dinas Perindustrian, Perdagangan, Koperasi dan Usaha Kecil Menengah",
        "Bagian Kesejahteraan Rakyat Sekretariat Daerah",
        "Universitas Diponegoro",
    ],
)
@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("{}", 1),
        ("{}.", 1),
        ("{} dan Kecamatan", 2),
        ("Puskesmas; {}", 2),
        ("Camat, {}, dan Pemangku Kepentingan.", 3),
        ("Camat, {} serta Pemangku Kepentingan.", 3),
    ],
)
def test_a_name_stays_whole(name: str, cell: str, count: int) -> None:
    found = names(cell.format(name))
    assert name in found
    assert len(found) == count


@pytest.mark.parametrize(
    ("printed", "expected", "code"),
    [
        (
            "Dinas Kesehatan Kantor Kementerian Agama Kabupaten Blora, Camat",
            ["Dinas Kesehatan", "Kantor Kementerian Agama Kabupaten Blora", "Camat"],
            "agency_separator_missing",
        ),
        (
            "Dinas Kesehatan Dinas Pekerjaan Umum dan Penataan Ruang",
            ["Dinas Kesehatan", "Dinas Pekerjaan Umum dan Penataan Ruang"],
            "agency_separator_missing",
        ),
        (
            "Dinas Pemberdayaan Masyarakat Desa Kecamatan, dan Pemangku Kepentingan",
            ["Dinas Pemberdayaan Masyarakat Desa", "Kecamatan", "Pemangku Kepentingan"],
            "agency_separator_missing",
        ),
        (
            "Pemangku Kepentingan. Kantor Kementerian Agama Kabupaten Blora, Dinas Pendidikan.",
            ["Pemangku Kepentingan", "Kantor Kementerian Agama Kabupaten Blora", "Dinas Pendidikan"],
            "agency_full_stop",
        ),
        ("Pemangku Kepentingan. DKK", ["Pemangku Kepentingan", "DKK"], "agency_full_stop"),
        ("Perangkat Daerah, dari Camat", ["Perangkat Daerah", "Camat"], "agency_connector_misread"),
        ("Kecamatan, Kelurahan, Kelurahan, Camat", ["Kecamatan", "Kelurahan", "Camat"], "agency_repeated"),
        (
            "Badan Perencanaan Pembangunan Daerah, Berencana, Camat",
            ["Badan Perencanaan Pembangunan Daerah", "Camat"],
            "agency_fragment",
        ),
        ("Perguruan tinggi, dkk", ["Perguruan tinggi"], "agency_et_al"),
        ("Camat, HW", ["Camat", "HW"], "agency_unknown"),
        ("Dinas Sosial, II", ["Dinas Sosial"], "agency_fragment"),
        ("Sekretariat Daerah (Bagian Kesra)", ["Sekretariat Daerah", "Bagian Kesra"], "agency_bracket"),
        ("Dinas Kesehatan, Dinas Kesehatan Kabupaten Blora", ["Dinas Kesehatan"], "agency_repeated"),
        ("Camat, Warung Mbak Sri", ["Camat", "Warung Mbak Sri"], "agency_unknown"),
    ],
)
def test_says_what_it_mended(printed: str, expected: list[str], code: str) -> None:
    mentions, codes = read(printed)
    assert [mention.name_printed for mention in mentions] == expected
    assert codes == [code]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("Pemerintah Desa dan Kelurahan", ["Pemerintah Desa", "Kelurahan"]),
        ("Pemerintah Desa/Kelurahan", ["Pemerintah Desa", "Kelurahan"]),
        ("1. Dinas Kesehatan 2. Dinas Sosial 3. Camat", ["Dinas Kesehatan", "Dinas Sosial", "Camat"]),
        ("- Dinas Kesehatan - Camat", ["Dinas Kesehatan", "Camat"]),
        ("Kepala Dinas Kesehatan, Ketua TP PKK", ["Kepala Dinas Kesehatan", "Ketua TP PKK"]),
        (
            "BPPKAD, Pemerintah Desa dan Kelurahan. PMD, Kecamatan,",
            ["BPPKAD", "Pemerintah Desa", "Kelurahan", "PMD", "Kecamatan"],
        ),
        (
            "Dinas Pengendalian Penduduk dan Keluarga Berencana dan Pemangku Kepentingan",
            ["Dinas Pengendalian Penduduk dan Keluarga Berencana", "Pemangku Kepentingan"],
        ),
        ("Dinas Kesehatan (DKK), Camat", ["Dinas Kesehatan (DKK)", "Camat"]),
        ("Bappeda (Badan Perencanaan Pembangunan Daerah)", ["Bappeda (Badan Perencanaan Pembangunan Daerah)"]),
        ("(Dinas Kesehatan), Camat", ["Dinas Kesehatan", "Camat"]),
        ("Puskesmas (Kecamatan Tambakromo), Camat", ["Puskesmas (Kecamatan Tambakromo)", "Camat"]),
        ("NU dan Muhammadiyah", ["NU", "Muhammadiyah"]),
        ("Pokja IV TP PKK, Camat", ["Pokja IV TP PKK", "Camat"]),
        (
            "Dinas Kesehatan, Dinas Kesehatan Provinsi, Kecamatan, Kecamatan Blora",
            ["Dinas Kesehatan", "Dinas Kesehatan Provinsi", "Kecamatan", "Kecamatan Blora"],
        ),
        (
            "Dinas Kesehatan selaku koordinator, Camat se-Kabupaten Blora",
            ["Dinas Kesehatan selaku koordinator", "Camat se-Kabupaten Blora"],
        ),
        ("Dinas Kesehatan selaku koordinator Dinas Sosial", ["Dinas Kesehatan selaku koordinator", "Dinas Sosial"]),
    ],
)
def test_splits(printed: str, expected: list[str]) -> None:
    assert names(printed) == expected


@pytest.mark.parametrize(
    ("printed", "name", "office"),
    [
        ("Kementrian Agama", "Kementerian Agama", "kementerian-agama"),
        ("DINAS KESEHATAN", "Dinas Kesehatan", "dinas-kesehatan"),
        ("Dinas Keaehatan", "Dinas Kesehatan", "dinas-kesehatan"),
        ("Dlnas Sosial", "Dinas Sosial", "dinas-sosial"),
        ("lnspektorat", "Inspektorat", "inspektorat"),
        ("Dinas Kes ehatan", "Dinas Kesehatan", "dinas-kesehatan"),
        ("Dinas Kesehatan selaku koordinator", "Dinas Kesehatan", "dinas-kesehatan"),
        ("Camat se-Kabupaten Blora", "Camat Kabupaten Blora", "camat"),
        ("IDAI", "Ikatan Dokter Anak Indonesia", "ikatan-dokter-anak-indonesia"),
        ("Bulog", "Badan Urusan Logistik", "badan-urusan-logistik"),
        ("Satgas", "Satuan Tugas", "satuan-tugas"),
        ("Disdikpora", "Dinas Pendidikan, Kepemudaan dan Olahraga", "dinas-pendidikan-kepemudaan-olahraga"),
        (
            "DPPKBPPPA",
            "Dinas Pengendalian Penduduk, Keluarga Berencana, Pemberdayaan Perempuan dan Perlindungan Anak",
            "dinas-pengendalian-penduduk-keluarga-berencana-pemberdayaan-perempuan-perlindungan-anak",
        ),
        ("DKK", "Dinas Kesehatan", "dinas-kesehatan"),
        ("PMD", "Dinas Pemberdayaan Masyarakat dan Desa", "dinas-pemberdayaan-masyarakat-desa"),
        (
            "Dinas Pemberdayaan Masyarakat Desa",
            "Dinas Pemberdayaan Masyarakat dan Desa",
            "dinas-pemberdayaan-masyarakat-desa",
        ),
        ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", "badan-perencanaan-pembangunan-daerah"),
        (
            "Badan Perencanaan dan Pembangunan Daerah",
            "Badan Perencanaan Pembangunan Daerah",
            "badan-perencanaan-pembangunan-daerah",
        ),
        (
            "BPPKAD",
            "Badan Pendapatan, Pengelolaan Keuangan dan Aset Daerah",
            "badan-pendapatan-pengelolaan-keuangan-aset-daerah",
        ),
        (
            "Dinas Sosial P3A",
            "Dinas Sosial dan Pemberdayaan Perempuan dan Perlindungan Anak",
            "dinas-sosial-pemberdayaan-perempuan-perlindungan-anak",
        ),
        ("Dinas PUPR", "Dinas Pekerjaan Umum dan Penataan Ruang", "dinas-pekerjaan-umum-penataan-ruang"),
        (
            "TP PKK",
            "Tim Penggerak Pemberdayaan dan Kesejahteraan Keluarga",
            "tim-penggerak-pemberdayaan-kesejahteraan-keluarga",
        ),
        (
            "Dinas Perumahan dan Kawasan Pemukiman",
            "Dinas Perumahan dan Kawasan Permukiman",
            "dinas-perumahan-kawasan-permukiman",
        ),
        (
            "Dinas Ketahanan Pangan. Pertanian, dan Perikanan",
            "Dinas Ketahanan Pangan, Pertanian dan Perikanan",
            "dinas-ketahanan-pangan-pertanian-perikanan",
        ),
        (
            "Dinas Pangan Pertanian Peternakan dan Perikanan",
            "Dinas Pangan, Pertanian, Peternakan dan Perikanan",
            "dinas-pangan-pertanian-peternakan-perikanan",
        ),
        (
            "Kantor Kementerian Agama Kabupaten Blora",
            "Kantor Kementerian Agama Kabupaten Blora",
            "kantor-kementerian-agama",
        ),
        ("Perguruan tinggi", "Perguruan Tinggi", "perguruan-tinggi"),
        ("Dinas Sihir", "Dinas Sihir", None),
    ],
)
def test_spells_and_identifies(printed: str, name: str, office: str | None) -> None:
    (mention,) = read(printed)[0]
    assert (mention.name_printed, mention.name, mention.office and mention.office.office) == (printed, name, office)


def test_split_and_unsure_parts_are_less_than_sure() -> None:
    assert [m.confidence for m in read("Dinas Kesehatan, Camat dan Pemangku Kepentingan.")[0]] == [1.0, 1.0, 1.0]
    for printed in ("Dinas Kesehatan Dinas Sosial", "Dinas Sihir", "Warung Mbak Sri", "Dinas PUPR"):
        assert all(mention.confidence < 1 for mention in read(printed)[0])


def test_a_function_alone_is_an_office_only_if_the_document_has_one() -> None:
    printed = "Badan Perencanaan Pembangunan Daerah, {}, Camat"
    mentions, codes = read(printed.format("Pendidikan"))
    assert [(m.name_printed, m.name, m.confidence) for m in mentions][1] == ("Pendidikan", "Dinas Pendidikan", 0.5)
    assert codes == ["agency_head_missing"]
    mentions, codes = read(printed.format("Kehutanan"))
    assert len(mentions) == 2
    assert codes == ["agency_fragment"]
    several = reader("Dinas Pendidikan dan Kebudayaan", printed.format("Pendidikan"))
    mention = read(printed.format("Pendidikan"), several)[0][1]
    assert (mention.name, mention.office) == ("Pendidikan", None)


def test_what_the_document_repeats_alone_is_no_beginning_of_a_list() -> None:
    assert names("Dinas Kesehatan, Pendidikan, dan Pemangku Kepentingan") == [
        "Dinas Kesehatan",
        "Pendidikan",
        "Pemangku Kepentingan",
    ]
    whole = "Dinas Kesehatan, Pendidikan"
    office = Office("dinas-kesehatan-pendidikan", whole, "dinas", ("kesehatan", "pendidikan"))
    assert AgencyReader([whole], None, {}).read(
        whole, "supporting", Notes("agencies"), span=None, eid=None, page=None
    ) == (AgencyMention(whole, whole, office, "", 1.0),)


def test_abbreviations_of_the_act_are_expanded() -> None:
    source = reader(
        definitions={"DINSOSPERMASDES": "Dinas Sosial, Pemberdayaan Masyarakat dan Desa", "TTD": "Tablet Tambah Darah"}
    )
    (mention, camat), codes = read("DINSOSPERMASDES dan Camat", source)
    assert mention.name == "Dinas Sosial, Pemberdayaan Masyarakat dan Desa"
    assert mention.office is not None
    assert mention.office.office == "dinas-sosial-pemberdayaan-masyarakat-desa"
    assert camat.name == "Camat"
    assert codes == []


def test_the_registry_describes_what_was_read() -> None:
    mentions, _ = read("Dinas Ketahanan Pangan. Pertanian, dan Perikanan, Camat")
    dinas, camat = (mention.office for mention in mentions)
    assert dinas
    assert camat
    assert (camat.office, camat.kind, camat.functions) == ("camat", "kecamatan", ())
    assert dinas.name == "Dinas Ketahanan Pangan, Pertanian dan Perikanan"
    assert (dinas.kind, dinas.functions) == ("dinas", ("ketahanan pangan", "pertanian", "perikanan"))


@pytest.mark.parametrize("printed", [None, "", "  "])
def test_an_empty_cell_has_no_agencies(printed: str | None) -> None:
    assert read(printed) == ((), [])


@pytest.mark.parametrize("printed", ["---", "Dinas", "dan", ",,,", "$\\overline{}$ x"])
def test_garbage_gives_a_finding_and_no_mention(printed: str) -> None:
    assert read(printed) == ((), ["agency_fragment"])


WORDS = re.findall(
    r"\S+",
    "Dinas Badan Kesehatan Pendidikan , . dan serta Kecamatan Desa ( ) Daerah DKK dkk P3A PUPR Kabupaten Blora xyz "
    "yang Kepala TP PKK / 1. - Bagian Setda \\overline",
)
READER = reader()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS)).map(" ".join)))
def test_never_raises_and_loses_no_word_silently(printed: str) -> None:
    mentions, codes = read(printed, READER)
    assert len({mention.name for mention in mentions}) == len(mentions)
    assert all(
        0 < mention.confidence <= 1 and mention.name_printed in " ".join(printed.split()) for mention in mentions
    )
    assert mentions or codes or not printed.strip()


def test_every_function_under_an_urusan_is_one_of_the_registry() -> None:
    data = vocabulary("agencies")
    listed = [function for functions in data["urusan"].values() for function in functions]
    assert set(listed) <= set(data["functions"])
    assert len(listed) == len(set(listed))


def test_a_merged_office_keeps_its_parts_and_meets_the_offices_of_its_parts() -> None:
    def parts(printed: str) -> tuple[str, ...]:
        (mention,) = read(printed)[0]
        assert mention.office
        return urusan(mention.office.functions)

    merged = parts(
        "Dinas Pemberdayaan Perempuan dan Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana "
        "serta Pemberdayaan Masyarakat dan Desa"
    )
    assert len(merged) == 3
    for part in ("DP3A", "Dinas Pengendalian Penduduk dan Keluarga Berencana", "Dinas PMD"):
        assert set(parts(part)) < set(merged)


@pytest.mark.parametrize(
    ("printed", "region_code"),
    [
        ("Dinas Kesehatan", "33.16"),
        ("Dinas Kesehatan Kabupaten Blora", "33.16"),
        ("Dinas Kesehatan Provinsi", "33"),
        ("Kementerian Agama", None),
        ("Kantor Kementerian Agama Kabupaten Blora", "33.16"),
    ],
)
def test_an_office_serves_the_region_behind_its_name_or_that_of_the_act(printed: str, region_code: str | None) -> None:
    blora = next(region for region in regions() if region.name == "Kabupaten Blora")
    (mention,) = read(printed)[0]
    region = region_of(mention, blora)
    assert (region and region.region_code) == region_code
