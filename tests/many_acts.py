"""Any number of short acts that differ: regencies of all provinces, acts that change earlier ones, annex tables."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from extractors.lookups import regions

REGENCIES = 60  # that make acts
FIRST_YEAR, YEARS = 2015, 10
EVERY_CHANGING = 5  # one act in so many changes the one that its regency made the year before

THINGS = (
    *("pasar desa", "terminal penumpang", "ruang terbuka hijau", "air minum", "persampahan", "perpustakaan umum"),
    *("tempat pelelangan ikan", "rumah potong hewan", "penerangan jalan", "arsip perangkat daerah", "posyandu"),
)
DOERS = ("Bupati", "Kepala Dinas", "pengelola", "Pemerintah Desa", "camat", "pemohon", "petugas", "bendahara")
DEEDS = ("menetapkan", "mencatat", "melaporkan", "mengawasi", "memeriksa", "menyusun", "memelihara", "mengumumkan")
MATTERS = (
    *("rencana kerja", "laporan tahunan", "daftar peralatan", "data pengguna", "jadwal pelayanan", "besaran biaya"),
    *("standar mutu", "keluhan masyarakat", "hasil pemeriksaan", "kebutuhan pegawai", "bukti pembayaran"),
)
WAYS = (
    *("secara berkala", "paling sedikit 1 (satu) kali dalam 1 (satu) tahun", "sesuai dengan ketentuan"),
    *("secara terbuka", "dengan memperhatikan kemampuan keuangan daerah", "berdasarkan hasil evaluasi"),
)
INDICATORS = (
    *("Persentase ibu hamil yang mendapat tambahan asupan gizi", "Cakupan layanan posyandu", "Jumlah kader terlatih"),
    *("Persentase rumah tangga yang memperoleh air minum layak", "Persentase bayi yang mendapat ASI eksklusif"),
)
OFFICES = ("Dinas Kesehatan", "Dinas Sosial", "Dinas Pendidikan", "Badan Perencanaan Pembangunan Daerah")

ACT = """BUPATI {name}
PROVINSI {province}
PERATURAN BUPATI {name}
NOMOR {number} TAHUN {year}
TENTANG
{title}
DENGAN RAHMAT TUHAN YANG MAHA ESA
BUPATI {name},
Menimbang : a. bahwa pengelolaan {thing} di Kabupaten {Name} perlu ditata agar berdaya guna bagi masyarakat;
b. bahwa berdasarkan pertimbangan sebagaimana dimaksud dalam huruf a perlu menetapkan Peraturan Bupati;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
2. {basis};
MEMUTUSKAN:
Menetapkan : PERATURAN BUPATI TENTANG {title}.
{body}
Agar setiap orang mengetahuinya, memerintahkan pengundangan Peraturan Bupati ini dengan penempatannya dalam Berita \
Daerah Kabupaten {Name}.
Ditetapkan di {Name}
pada tanggal {day} {month} {year}
BUPATI {name},
ttd
NAMA BUPATI
Diundangkan di {Name}
pada tanggal {day} {month} {year}
SEKRETARIS DAERAH KABUPATEN {name},
ttd
NAMA SEKRETARIS
BERITA DAERAH KABUPATEN {name} TAHUN {year} NOMOR {number}
{annex}"""
ANNEX = """LAMPIRAN
PERATURAN BUPATI {name}
NOMOR {number} TAHUN {year}
TENTANG
{title}

SASARAN\tINDIKATOR SASARAN\tTARGET DAN TAHUN PENCAPAIAN\tPENANGGUNG JAWAB\tPERANGKAT DAERAH PENDUKUNG
"""
MONTHS = ("Januari", "Februari", "Maret", "Mei", "Juni", "Agustus", "September", "Oktober", "Desember")


def acts(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """File name and text, about 3,000 characters, of each of `count` acts; the first ones of more are the same."""
    chance = random.Random(seed)
    kabupaten = [region for region in regions() if region.kind == "kabupaten"]
    makers = chance.sample(kabupaten, REGENCIES)
    for index in range(count):
        maker, turn = makers[index % REGENCIES], index // REGENCIES
        said = random.Random(f"{seed} {index}")
        name = maker.name.removeprefix("Kabupaten ")
        year, number = FIRST_YEAR + turn % YEARS, 1 + turn // YEARS
        thing = THINGS[(index + turn // YEARS) % len(THINGS)]
        title = f"PENGELOLAAN {thing.upper()}"
        body = _articles(said, thing)
        basis = f"Peraturan Pemerintah Nomor {said.randint(1, 90)} Tahun {said.randint(2005, 2014)} tentang Desa"
        if turn % YEARS and index % EVERY_CHANGING == 0:
            base_thing = THINGS[(index - REGENCIES + turn // YEARS) % len(THINGS)]
            base = f"Peraturan Bupati Nomor {number} Tahun {year - 1} tentang Pengelolaan {base_thing.title()}"
            basis = base.replace("Bupati", f"Bupati {name}", 1)
            title = f"PERUBAHAN ATAS {base.upper()}"
            body = _changes(said, basis, thing)
        facts = {
            "name": name.upper(),
            "Name": name,
            "province": maker.province_name.upper(),
            "number": number,
            "year": year,
            "title": title,
            "thing": thing,
            "basis": basis,
            "day": said.randint(1, 28),
            "month": said.choice(MONTHS),
        }
        annex = ANNEX.format(**facts) + _rows(said, year) if index % 3 == 0 else ""
        yield f"{maker.region_code}-{year}-{number}.txt", ACT.format(**facts, body=body, annex=annex)


def write_acts(folder: Path, count: int, seed: int) -> Path:
    """The folder, with the acts in it as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in acts(count, seed):
        (folder / name).write_text(text, "utf-8")
    return folder


def _sentence(said: random.Random, thing: str) -> str:
    return (
        f"{said.choice(DOERS)} {said.choice(DEEDS)} {said.choice(MATTERS)} dan {said.choice(MATTERS)} {thing} "
        f"{said.choice(WAYS)}."
    )


def _articles(said: random.Random, thing: str) -> str:
    lines = ["BAB I", "KETENTUAN UMUM", "Pasal 1", "Dalam Peraturan Bupati ini yang dimaksud dengan:"]
    lines += [
        "1. Dinas adalah perangkat daerah yang membidangi urusan dimaksud.",
        f"2. {thing.capitalize()} adalah sarana pelayanan umum yang dikelola Pemerintah Daerah.",
        *("BAB II", "PENGELOLAAN"),
    ]
    for pasal in range(2, 7):
        lines += [f"Pasal {pasal}", f"(1) {_sentence(said, thing)}", f"(2) {_sentence(said, thing)}"]
        if said.random() < 0.5:
            lines += [f"(3) Ketentuan sebagaimana dimaksud pada ayat ({said.randint(1, 2)}) meliputi:"]
            lines += [f"a. {said.choice(MATTERS)}; dan", f"b. {said.choice(MATTERS)}."]
        else:
            lines += [f"(3) Pelaksanaan {said.choice(MATTERS)} mengacu pada Pasal {pasal - 1}."]
    lines += ["BAB III", "KETENTUAN PENUTUP", "Pasal 7"]
    return "\n".join([*lines, "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."])


def _changes(said: random.Random, base: str, thing: str) -> str:
    lines = ["Pasal I", f"Beberapa ketentuan dalam {base} diubah sebagai berikut:"]
    for number, pasal in enumerate((2, 4), 1):
        lines += [f"{number}. Ketentuan Pasal {pasal} diubah sehingga berbunyi sebagai berikut:", f"“Pasal {pasal}"]
        lines += [f"(1) {_sentence(said, thing)}", f"(2) {_sentence(said, thing)}", f"(3) {_sentence(said, thing)}”"]
    lines += ["3. Pasal 6 dihapus."]
    lines += [
        "4. Di antara Pasal 3 dan Pasal 4 disisipkan 1 (satu) pasal, yakni Pasal 3A yang berbunyi sebagai berikut:"
    ]
    lines += ["“Pasal 3A", f"(1) {_sentence(said, thing)}", f"(2) {_sentence(said, thing)}”"]
    return "\n".join([*lines, "Pasal II", "Peraturan Bupati ini mulai berlaku pada tanggal diundangkan."])


def _rows(said: random.Random, year: int) -> str:
    chosen = said.sample(INDICATORS, 3)
    rows = []
    for number, indicator in enumerate(chosen, 1):
        goal = "a. Tersedianya layanan." if number == 1 else ""
        target = f"Target: {said.randint(40, 100)}% Tahun {year + 1}"
        rows.append(f"{goal}\t{number}. {indicator}.\t{target}\t{said.choice(OFFICES)}\t{said.choice(OFFICES)}")
    return "\n".join(rows) + "\n"
