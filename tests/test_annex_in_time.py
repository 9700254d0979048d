"""An annex of tables replaced in part, then whole: its indicator rows, and the tables of every day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow.parquet as pq
import pytest
from lxml import etree

from pipeline import akn
from pipeline.published import open_act
from pipeline.run import Release, run

HEAD = """BUPATI BLORA
PROVINSI JAWA TENGAH
PERATURAN BUPATI BLORA
NOMOR {number} TAHUN {year}
TENTANG
{title}
DENGAN RAHMAT TUHAN YANG MAHA ESA
BUPATI BLORA,
Menimbang : a. bahwa perlu diatur;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
MEMUTUSKAN:
Menetapkan : PERATURAN BUPATI TENTANG {title}.
{body}
Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini dengan penempatannya dalam Berita Daerah Kabupaten Blora.
Ditetapkan di Blora
pada tanggal 2 Maret {year}
BUPATI BLORA,
ttd
NAMA BUPATI
Diundangkan di Blora
pada tanggal 3 Maret {year}
SEKRETARIS DAERAH KABUPATEN BLORA,
ttd
NAMA SEKRETARIS
BERITA DAERAH KABUPATEN BLORA TAHUN {year} NOMOR {number}
LAMPIRAN
PERATURAN BUPATI BLORA
NOMOR {number} TAHUN {year}
TENTANG
{title}
STRATEGI
{annex}
"""
OWN = (
    "Pasal 1\nStrategi tercantum dalam Lampiran.\nPasal 2\nPeraturan Bupati ini mulai berlaku pada tanggal diundangkan."
)
CITED = (
    "Peraturan Bupati Blora Nomor 13 Tahun 2022 tentang Stunting (Berita Daerah Kabupaten Blora Tahun 2022 Nomor 13)"
)
CHANGE = """Pasal I
Beberapa ketentuan dalam {cited} diubah sebagai berikut:
1. Ketentuan Lampiran {part}diubah sehingga menjadi sebagaimana tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari Peraturan Bupati ini.
Pasal II
Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."""
TABLE = "{letter}. {name}\nNo\tSasaran\tIndikator\tTarget dan Waktu Pencapaian\tPenanggung Jawab\n1\tIbu\t{row}\t90% tahun 2024\tDinas Kesehatan"
BASE = "/akn/id-3316/act/perbup/2022/13"
FIRST, SECOND = "/akn/id-3316/act/perbup/2023/7", "/akn/id-3316/act/perbup/2024/8"


def table(letter: str, row: str) -> str:
    return TABLE.format(letter=letter, name={"A": "SASARAN", "B": "KEGIATAN"}[letter], row=row)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("annex")
    old, title = "STUNTING", "PERUBAHAN {}ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG STUNTING"
    annex = "\n".join((table("A", "Persentase lama A"), table("B", "Persentase lama B")))
    part, whole = (CHANGE.format(cited=CITED, part=part) for part in ("huruf A ", ""))
    acts = {
        "base": HEAD.format(number=13, year=2022, title=old, body=OWN, annex=annex),
        "first": HEAD.format(
            number=7, year=2023, title=title.format(""), body=part, annex=table("A", "Persentase baru")
        ),
        "second": HEAD.format(number=8, year=2024, title=title.format("KEDUA "), body=whole, annex=table("A", "Akhir")),
    }
    for name, text in acts.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return run([folder], folder / "out")


def test_the_rows_of_a_replaced_part_end_and_the_others_stay(release: Release) -> None:
    def rows(table: str) -> list[dict[str, Any]]:
        return pq.read_table(release.output / table).to_pylist()

    assert {row["status"] for row in rows("amendments")} == {"applied"}
    names = {row["indicator_id"]: row["indicator"] for row in rows("indicators")}
    days = {
        names[row["indicator_id"]]: (row["valid_from"], row["valid_to"], row["ended_by_document_id"])
        for row in rows("indicator_validity")
    }
    made, first, second = (date(year, 3, 3) for year in (2022, 2023, 2024))
    assert days == {
        "Persentase lama A": (made, first, FIRST),
        "Persentase lama B": (made, second, SECOND),
        "Persentase baru": (first, second, SECOND),
        "Akhir": (second, None, None),
    }


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 5, 1), ["Persentase lama A", "Persentase lama B"]),
        (date(2023, 5, 1), ["Persentase lama B", "Persentase baru"]),
        (date(2024, 5, 1), ["Akhir"]),
    ],
)
def test_the_tables_are_those_of_the_day(release: Release, day: date, expected: list[str]) -> None:
    root = etree.fromstring(akn.as_xml(open_act(release.output, BASE), day))
    cells = ["".join(cell.itertext()).strip() for cell in root.iter(f"{{{akn.NAMESPACE}}}td")]
    assert [cell for cell in cells if cell.startswith(("Persentase", "Akhir"))] == expected
