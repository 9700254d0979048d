"""A corpus whose files need one another in every way that linking knows, and what a run makes of it."""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb

from pipeline.schema import TABLES
from tests.many_acts import acts

ROOT = Path(__file__).parent.parent
IN_TIME = ("base", "first", "second", "third", "revoking")
IDENTITY = re.compile(
    r"PERATURAN BUPATI (?P<name>[A-Z -]+)\nNOMOR (?P<number>\d+) TAHUN (?P<year>\d+)\nTENTANG\n(?P<title>.+)"
)
Rows = dict[str, list[tuple[Any, ...]]]


def tangled(folder: Path, count: int, seed: int) -> Path:
    """The folder with `count` generated acts, some of them again in ways that bind files to one another.

    Amendments of acts near and far, an absent base that two acts change, annexes in files of their own, also without a
    body, duplicates, two and three texts under one identity, acts without identity, novels, references into other
    acts, to places that are there, that came with an annex, and that are not.
    """
    shutil.copytree(ROOT / "raw_docs", folder / "seeds")
    for name in IN_TIME:
        _write(folder / "in_time" / f"{name}.txt", (ROOT / "tests" / "in_time" / f"{name}.txt").read_text("utf-8"))
    made = list(acts(count, seed))
    for number, (name, text) in enumerate(made):
        path = folder / "acts" / name
        own = IDENTITY.search(text)
        assert own
        far = IDENTITY.search(made[number * 7 % count][1])
        assert far
        text = _citing(text, far, f"Pasal {number % 9 + 1}", "ayat (2)", "Lampiran")
        body, mark, annex = text.partition("LAMPIRAN\n")
        match number % 11:
            case 1:
                _write(folder / "again" / f"{number}.md", text)
            case 2:
                _write(folder / "other" / f"{number}.txt", text.replace("Kepala Dinas", "Kepala Badan", 1) + "\n")
            case 3:
                _write(folder / "other" / f"{number}.txt", text.replace("Kepala Dinas", "Camat"))
                _write(folder / "third" / f"{number}.txt", text.replace("petugas", "pegawai").replace("camat", "lurah"))
            case 4 if mark:
                text = body
                _write(folder / "annexes" / f"{number}.txt", mark + annex)
            case 5 if mark:
                text = mark + annex
            case 6:
                text = re.sub(r"NOMOR \d+ TAHUN \d+\nTENTANG", "NOMOR … TAHUN …\nTENTANG", text)
            case 7:
                text = f"Novel {number}. " + "Pada suatu hari. " * 20
            case 8:
                text = text.replace(f"TAHUN {own['year']}\nTENTANG", f"TAHUN {own['year']}\nTENTANG\n", 1)
            case 9:
                # An act that is not there, changed by two.
                absent = f"Peraturan Bupati {own['name'].title()} Nomor 977 Tahun 2011"
                text = re.sub(r"(Beberapa ketentuan dalam )[^\n]+?( diubah)", rf"\1{absent}\2", text)
        _write(path, text)
    return folder


def _citing(text: str, act: re.Match[str], *places: str) -> str:
    """The text with references to places of another act in its second Pasal."""
    named = f"Peraturan Bupati {act['name'].title()} Nomor {act['number']} Tahun {act['year']}"
    cited = " ".join(f"Hal itu diatur dalam {place} {named}." for place in places)
    cited += f" Ketentuan Pasal 3 ayat (1) {named} dan Pasal 99 {named} berlaku."
    return text.replace("\nPasal 3\n", f"\n(4) {cited}\nPasal 3\n", 1)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def rows(output: Path) -> Rows:
    """All rows of a release, sorted, whatever files they lie in."""
    return {
        table.name: sorted(duckdb.sql(f"SELECT * FROM '{output}/{table.name}/*.parquet'").fetchall(), key=repr)
        for table in TABLES
    }


def differences(one: Rows, other: Rows, shown: int = 5) -> list[str]:
    """Rows of only one of two releases, the first of each table."""
    told = []
    for table in one:
        left, right = set(map(repr, one[table])), set(map(repr, other[table]))
        told += [f"{table} - {row}" for row in sorted(left - right)[:shown]]
        told += [f"{table} + {row}" for row in sorted(right - left)[:shown]]
        if len(one[table]) != len(other[table]):
            told.append(f"{table}: {len(one[table])} rows, then {len(other[table])}")
    return told


def files(output: Path) -> dict[str, str]:
    """The hash of each file of a release."""
    return {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(output.rglob("*"))
        if path.is_file()
    }
