"""Zones: where each begins, and what does not open one."""

from __future__ import annotations

import pytest

from extractors.readers.text import read_text
from extractors.structure.zones import is_regulation, split_zones
from tests.sample_act import act

BODY = "Pasal 1\nIsi pasal satu.\nPasal 2\nPeraturan Bupati ini mulai berlaku pada tanggal diundangkan.\n"
ANNEX_HEAD = "PERATURAN BUPATI CONTOH\nNOMOR 7 TAHUN 2024\nTENTANG\nHAL CONTOH\n"


def kinds(text: str) -> list[str]:
    sections = split_zones(read_text(text.encode()).pages[0].blocks)
    return [section.kind + (f" {section.number}" if section.number else "") for section in sections]


BASIC = ["title", "opening", "menimbang", "mengingat", "enactment", "body", "closing"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (act(BODY), BASIC),
        (act(BODY) + "LAMPIRAN\n" + ANNEX_HEAD + "isi", [*BASIC, "lampiran"]),
        (
            act(BODY) + "LAMPIRAN I\n" + ANNEX_HEAD + "isi\nLAMPIRAN II\n" + ANNEX_HEAD + "isi",
            [*BASIC, "lampiran I", "lampiran II"],
        ),
        (act(BODY) + "Lampiran : Peraturan Bupati Contoh\nNomor : 7 Tahun 2024\nisi", [*BASIC, "lampiran"]),
        (act(BODY) + "PENJELASAN\nATAS\nPERATURAN DAERAH\nI. UMUM\nisi", [*BASIC, "penjelasan"]),
        (act(BODY) + "LAMPIRAN\n" + ANNEX_HEAD + "Lampiran : 1 (satu) bendel\nHal : Permohonan", [*BASIC, "lampiran"]),
        (act(BODY) + "LAMPIRAN\n" + ANNEX_HEAD + "LAMPIRAN PERATURAN DESA\nNOMOR", [*BASIC, "lampiran"]),
        (act("Pasal 1\nDiatur dalam\nLampiran I Peraturan ini.\n" + BODY), BASIC),
        ("LAMPIRAN II\n" + ANNEX_HEAD + "isi", ["lampiran II"]),
        (act(BODY).replace("MEMUTUSKAN:\n", ""), BASIC),
        (act(BODY).replace("diundangkan.\nAgar", "diundangkan. Agar"), BASIC),
        (act(BODY).replace("bahwa perlu;", "bahwa perlu\nmemperhatikan hal itu;"), BASIC),
        (act("Pasal 1\nDiatur\nagar setiap orang tahu.\n" + BODY), BASIC),
        (
            act(BODY).replace(
                "Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini.\n", ""
            ),
            BASIC,
        ),
        (act(BODY) + "LAMPIRAN I.A\n" + ANNEX_HEAD + "isi", [*BASIC, "lampiran IA"]),
        (act(BODY) + act(BODY), [*BASIC, *BASIC]),
        (act(BODY).replace("TENTANG\nHAL CONTOH\nDENGAN", "TENTANG HAL CONTOH DENGAN"), BASIC),
    ],
)
def test_sections_in_reading_order(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


def test_every_block_stands_in_one_section() -> None:
    blocks = read_text((act(BODY) + "LAMPIRAN\n" + ANNEX_HEAD + "a\tb\tc\n").encode()).pages[0].blocks
    text = "".join(block.text for block in blocks if hasattr(block, "text"))
    sections = split_zones(blocks)
    again = "".join((s.label.text if s.label else "") + "".join(line.text for line in s.lines) for s in sections)
    assert "".join(again.split()) == "".join(text.split())
    assert sum(len(s.blocks) - len(s.lines) for s in sections) == 1


@pytest.mark.parametrize(
    ("text", "regulation"),
    [
        (act(BODY), True),
        ("LAMPIRAN\n" + ANNEX_HEAD + "isi", True),
        ('{"nomor": 7, "pasal": [1, 2]}', False),
        ("Pada suatu hari, Pasal 5 ayat (1) dibahas.\nMereka pulang.\n" * 50, False),
        ("PERDA NO.8, LD 2025/NO.8\nABSTRAK : - Dasar Hukum: Pasal 18 ayat (6)\nCATATAN : - Lampiran 115 hlm.", False),
    ],
)
def test_what_is_a_regulation(text: str, regulation: bool) -> None:
    assert is_regulation(split_zones(read_text(text.encode()).pages[0].blocks)) is regulation
