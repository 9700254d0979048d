"""How the time of one document grows with its length: t(2n)/t(n), within one process."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from pipeline.document import parse

SIZES = (40_000, 80_000, 160_000, 320_000, 640_000)
RUNS = 2
TOO_SHORT = 0.05  # seconds: what is measured below is noise
HEAD = """BUPATI BLORA
PROVINSI JAWA TENGAH
PERATURAN BUPATI BLORA
NOMOR 7 TAHUN 2024
TENTANG
PENGUJIAN PANJANG NASKAH
DENGAN RAHMAT TUHAN YANG MAHA ESA
BUPATI BLORA,
Menimbang : a. bahwa naskah ini panjang;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
MEMUTUSKAN:
Menetapkan : PERATURAN BUPATI TENTANG PENGUJIAN PANJANG NASKAH.
"""
PASAL = """
Pasal {n}
(1) Perangkat Daerah sebagaimana dimaksud dalam Pasal {before} ayat (2) melaksanakan kegiatan ke-{n}.
(2) Kegiatan sebagaimana dimaksud pada ayat (1) meliputi:
a. perencanaan kegiatan {n};
b. pelaksanaan kegiatan {n}; dan
c. pelaporan kegiatan {n}.
"""
CLOSING = """
Ditetapkan di Blora
pada tanggal 2 Januari 2024
BUPATI BLORA,
ARIEF ROHMAN

LAMPIRAN
PERATURAN BUPATI BLORA
NOMOR 7 TAHUN 2024
TENTANG
PENGUJIAN PANJANG NASKAH

"""
TABLE_HEAD = "NO\tSASARAN\tINDIKATOR SASARAN\tTARGET DAN TAHUN PENCAPAIAN\tPENANGGUNG JAWAB\tPENDUKUNG\n"
ROW = "{n}\tSasaran\tPersentase keluarga ke-{n}\tTarget: 90% Tahun: 2024\tDinas Kesehatan\tDinas Sosial, Kecamatan\n"


def articles(size: int) -> str:
    """An act of many Pasal."""
    count = (size - len(HEAD) - len(CLOSING)) // len(PASAL.format(n=1000, before=1000))
    pasal = "".join(PASAL.format(n=number, before=max(number - 1, 1)) for number in range(1, count + 1))
    return HEAD + pasal + CLOSING


def rows(size: int) -> str:
    """An act with a long annex table."""
    count = (size - len(HEAD) - len(CLOSING)) // (len(ROW) + 4)
    table = "".join(ROW.format(n=number) for number in range(1, count + 1))
    return HEAD + PASAL.format(n=1, before=1) + CLOSING + TABLE_HEAD + table


def repeated(size: int) -> str:
    """A real act, over and over: numbers restart, annexes follow on annexes."""
    seed = sorted(Path("raw_docs").rglob("*.txt"))[-1].read_text("utf-8")
    return (seed * (size // len(seed) + 1))[:size]


def one_line(size: int) -> str:
    """The act of many Pasal without a line break."""
    return articles(size).replace("\n", " ")


def measure(make: Callable[[int], str]) -> list[float]:
    """CPU seconds of parsing texts of SIZES characters, the better of RUNS."""
    return [min(seconds(make(size)) for _ in range(RUNS)) for size in SIZES]


def seconds(text: str) -> float:
    """CPU seconds of parsing a text."""
    data = text.encode("utf-8")
    start = time.process_time()
    parse(data, "bench.txt")
    return time.process_time() - start


def main() -> None:
    """Print seconds and ratios for each kind of text."""
    for make in (articles, rows):
        seconds(make(SIZES[0]))  # imports and caches, which are paid once
    print("CPU seconds by length, and t(2n)/t(n)")
    print(f"  {'characters':<12}" + "".join(f"{size:>16,}" for size in SIZES) + "   worst ratio")
    for make in (articles, rows, repeated, one_line):
        times = measure(make)
        ratios = [late / max(early, TOO_SHORT) for early, late in pairwise(times)]
        shown = [f"{times[0]:>16.2f}", *(f"{t:>9.2f} ({r:4.2f})" for t, r in zip(times[1:], ratios, strict=True))]
        print(f"  {make.__name__:<12}" + "".join(shown) + f"   {max(ratios):.2f}", flush=True)


if __name__ == "__main__":
    main()
