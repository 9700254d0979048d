"""Counts that a person's eye found in regulations that lie beside the project; skipped where they are absent."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from extractors.models import Document
from pipeline.document import parse
from pipeline.inputs import collect
from pipeline.link import Corpus, link
from pipeline.parsing import parse_all

CORPUS = Path(__file__).parent.parent.parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus beside the project is absent")


def read(name: str) -> Document:
    parsed = parse((CORPUS / name).read_bytes(), name)
    assert (parsed.status, parsed.accounted_ratio) == ("parsed", 1.0)
    return parsed.documents[0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("perbup-purbalingga-1-2026.md", {"bab": 10, "pasal": 34}),
        ("uu-1-1974.txt", {"bab": 14, "pasal": 67}),
        ("uu-31-1999.txt", {"bab": 7, "pasal": 45}),
        ("uu-16-2019-amends-1-1974.txt", {"item": 2, "pasal": 2}),
        ("uu-20-2001-amends-31-1999.txt", {"item": 8, "pasal": 2}),
    ],
)
def test_own_units(name: str, expected: dict[str, int]) -> None:
    kinds = Counter(p.kind for p in read(name).provisions if p.zone == "body")
    assert {kind: kinds[kind] for kind in expected} == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("uu-16-2019-amends-1-1974.txt", [("substitute", "pasal_7"), ("insert", "pasal_65A")]),
        (
            "uu-20-2001-amends-31-1999.txt",
            [
                ("replace_elucidation", "penjelasan__pasal_2__ayat_2"),
                *(("substitute", f"pasal_{n}") for n in range(5, 13)),
                ("insert", "pasal_12A"),
                ("insert", "pasal_12B"),
                ("insert", "pasal_12C"),
                ("insert", "pasal_26A"),
                ("substitute", "pasal_37"),
                ("insert", "pasal_37A"),
                ("insert", "pasal_38A"),
                ("insert", "pasal_38B"),
                ("insert", "pasal_38C"),
                ("insert", "bab_VIA"),
                ("insert", "pasal_43B"),
            ],
        ),
    ],
)
def test_instructions_of_the_amending_acts(name: str, expected: list[tuple[str, str]]) -> None:
    assert [(i.action, i.new_eid or i.target_eid) for i in read(name).amendments] == expected


def test_the_village_table_of_an_annex_file() -> None:
    document = read("perbup-purbalingga-1-2026-lampiran.md")
    table = document.tables[0]
    names = [c.cell.text for c in table.cells if c.column == 2]
    districts = [name for name in names if name.startswith("KECAMATAN ")]
    assert len(districts) == 18
    numbered = {c.row for c in table.cells if c.column == 1 and c.cell.text.isdecimal() and not c.inherited}
    assert len(numbered) - len(districts) == 224
    assert {"lampiran_II__pasal_1", "lampiran_II__pasal_5"} <= {p.eid for p in document.provisions}


def corpus(*paths: Path) -> Corpus:
    return link(parse_all(collect(paths)))


def statuses(linked: Corpus) -> dict[str, Counter[str]]:
    """Statuses of the instructions of each amending act; all those that say why they are not applied, too."""
    return {
        work.document_id: Counter(
            f"{row.status} {row.reason or ''}".strip() for part in work.parts for row in part.document.amendments
        )
        for work in linked.works
        if work.metadata.is_amendment
    }


@pytest.mark.parametrize(
    ("base", "amending", "document_id", "count"),
    [
        ("uu-1-1974.txt", "uu-16-2019-amends-1-1974.txt", "/akn/id/act/uu/2019/16", 2),
        ("uu-31-1999.txt", "uu-20-2001-amends-31-1999.txt", "/akn/id/act/uu/2001/20", 20),
    ],
)
def test_complete_pairs_are_applied_whole(base: str, amending: str, document_id: str, count: int) -> None:
    assert statuses(corpus(CORPUS / base, CORPUS / amending)) == {document_id: Counter(applied=count)}


def test_blora_without_its_base() -> None:
    linked = corpus(CORPUS / "002_00eec4166ff30b62.txt")
    assert statuses(linked) == {"/akn/id-3316/act/perbup/2024/6": Counter(base_missing=5)}
    assert Counter((row.valid_from, row.valid_to) for row in linked.validity) == {(date(2024, 2, 27), None): 87}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
@pytest.mark.parametrize(
    ("name", "document_id", "items", "instructions", "codes"),
    [
        ("perda-banjarnegara-8-2025", "/akn/id-3304/act/perda/2025/8", 12, 16, {"base_citation_differs"}),
        ("pergub-bali-1-2021", "/akn/id-51/act/pergub/2021/1", 0, 1, set()),
    ],
)
def test_every_item_is_typed_where_the_base_is_missing(
    tmp_path: Path, name: str, document_id: str, items: int, instructions: int, codes: set[str]
) -> None:
    text = tmp_path / f"{name}.txt"
    subprocess.run(["pdftotext", "-layout", CORPUS / f"{name}.pdf", text], check=True)
    linked = corpus(text)
    assert statuses(linked) == {document_id: Counter(base_missing=instructions)}
    (document,) = (part.document for work in linked.works for part in work.parts)
    changing = {p.eid for p in document.provisions if p.kind == "item" and p.parent_eid == "pasal_I"}
    assert len(changing) == items
    assert changing <= {row.item_eid for row in document.amendments}
    assert all(row.action for row in document.amendments)
    assert {finding.code for finding in document.findings} >= codes
