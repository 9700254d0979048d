"""An act as a PDF of two pages, the second of them its annex with a ruled table of indicators."""

from __future__ import annotations

import random
from pathlib import Path

from pipeline import VERSION
from pipeline.inputs import collect
from pipeline.link import link
from pipeline.parsing import parse_all
from pipeline.rows import rows
from tests.made_pdf import made, paragraph, ruled, texts, together
from tests.made_release import HEADERS, add_comparison, published
from tests.sample_act import act

SIZE = (595, 842)
ANNEX_PAGE = 2
HEAD = ["LAMPIRAN", "PERATURAN BUPATI BLORA", "NOMOR 7 TAHUN 2024", "TENTANG CONTOH"]
ROWS = [
    ["1", "Layanan", "Persentase ibu hamil", "Target: 90%\nTahun: 2024", "Dinas Kesehatan", "Kecamatan"],
    ["2", "Layanan", "Persentase remaja putri", "Target: 58%\nTahun: 2024", "Dinas Kesehatan", "Kecamatan"],
    ["3", "Layanan", "Cakupan imunisasi dasar", "Tahun: 2024", "Dinas Kesehatan", "Kecamatan"],
]


def pdf(rotate: int = 0) -> bytes:
    """The act; `rotate` is the /Rotate of both pages."""
    body = act("Pasal 1\nDaerah adalah Kabupaten Blora.\nPasal 2\nTarget tercantum dalam Lampiran.", "CONTOH")
    lines = body.replace("BUPATI CONTOH", "BUPATI BLORA").replace("di Contoh", "di Blora").splitlines()
    heads = [*HEADERS[:3], "TARGET", "PENANGGUNG\nJAWAB", "PENDUKUNG"]
    table = ruled([heads, *ROWS], [25, 65, 150, 95, 95, 75], x=40, y=200)
    annex = together(texts(*[(72, 80 + 16 * n, line) for n, line in enumerate(HEAD)]), table)
    return made(paragraph(*lines), annex, size=SIZE, rotate=rotate)


def release_of(output: Path, *paths: Path) -> Path:
    """A release of these files at `output`, every indicator row compared or a candidate."""
    made_rows = rows(link(parse_all(collect(list(paths)))), VERSION)
    for name in ("indicator_matches", "comparison", "agencies", "indicator_catalog"):
        made_rows[name] = []
    add_comparison(made_rows, random.Random(7))
    return published(output, made_rows)
