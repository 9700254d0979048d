"""Acts that the tests write, and the way from their text to a tree."""

from __future__ import annotations

from extractors.models import Finding, Notes, Provision
from extractors.readers.text import read_text
from extractors.structure.furniture import remove_furniture
from extractors.structure.tree import TreeBuilder
from extractors.structure.zones import amends, split_zones

HEAD = """BUPATI CONTOH
PERATURAN BUPATI CONTOH
NOMOR 7 TAHUN 2024
TENTANG
{title}
DENGAN RAHMAT TUHAN YANG MAHA ESA
BUPATI CONTOH,
Menimbang : a. bahwa perlu;
b. bahwa berdasarkan huruf a perlu menetapkan Peraturan Bupati;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
MEMUTUSKAN:
Menetapkan : PERATURAN BUPATI TENTANG {title}.
"""
FOOT = """Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini.
Ditetapkan di Contoh
pada tanggal 2 Januari 2024
BUPATI CONTOH,
ttd
NAMA ORANG
"""


def act(body: str, title: str = "HAL CONTOH") -> str:
    """A whole act around `body`."""
    return HEAD.format(title=title) + body.strip("\n") + "\n" + FOOT


def tree(text: str) -> tuple[tuple[Provision, ...], list[Finding]]:
    """Provisions and findings of the stages up to the tree."""
    source = read_text(text.encode())
    furniture, notes = Notes("furniture"), Notes("segment")
    sections = split_zones(remove_furniture(source.pages[0].blocks, furniture))
    builder = TreeBuilder(source.text, notes, amending=amends(sections))
    for section in sections:
        builder.add(section)
    return builder.provisions(), [*source.findings, *furniture, *notes]


def body_eids(text: str) -> list[str]:
    """Eids of the body of an act, in reading order."""
    return [p.eid for p in tree(text)[0] if p.zone in ("body", "quoted")]
