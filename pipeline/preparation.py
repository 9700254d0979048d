"""What reading documents needs, imported and cached once, so that no child process does it again."""

from __future__ import annotations

from importlib import import_module

from pipeline.document import parse

# Libraries that the readers of PDF import where they use them.
PDF_MODULES = (
    *("extractors.readers.pdf.read", "extractors.readers.ocr.layer", "extractors.readers.ocr.page"),
    *("cv2", "numpy", "pdfplumber", "pikepdf", "pypdfium2.raw", "tesserocr"),
)
# A short act that passes every stage; what it says does not matter.
SAMPLE = """BUPATI BLORA
PERATURAN BUPATI BLORA
NOMOR 7 TAHUN 2024
TENTANG
PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG HAL CONTOH
DENGAN RAHMAT TUHAN YANG MAHA ESA
BUPATI BLORA,
Menimbang : a. bahwa perlu;
b. bahwa berdasarkan huruf a perlu menetapkan Peraturan Bupati;
Mengingat : 1. Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah;
MEMUTUSKAN:
Menetapkan : PERATURAN BUPATI TENTANG PERUBAHAN ATAS PERATURAN BUPATI NOMOR 13 TAHUN 2022 TENTANG HAL CONTOH.
Pasal I
Beberapa ketentuan dalam Peraturan Bupati Nomor 13 Tahun 2022 tentang Hal Contoh diubah sebagai berikut:
1. Ketentuan Pasal 2 ayat (1) diubah sehingga berbunyi sebagai berikut:
“Pasal 2
(1) Dinas yang selanjutnya disingkat D adalah perangkat daerah sebagaimana dimaksud dalam Pasal 1 huruf a.”
Pasal II
Peraturan Bupati ini mulai berlaku pada tanggal diundangkan.
Ditetapkan di Blora
pada tanggal 2 Januari 2024
BUPATI BLORA,
ttd
NAMA ORANG
Diundangkan di Blora
pada tanggal 2 Januari 2024
BERITA DAERAH KABUPATEN BLORA TAHUN 2024 NOMOR 7
LAMPIRAN
PERATURAN BUPATI BLORA
NOMOR 7 TAHUN 2024
TENTANG
HAL CONTOH

SASARAN\tINDIKATOR SASARAN\tTARGET DAN TAHUN PENCAPAIAN\tPENANGGUNG JAWAB\tPERANGKAT DAERAH PENDUKUNG
a. Tersedianya layanan.\t1. Persentase ibu hamil.\tTarget: 90% Tahun 2024\tDinas Kesehatan\tDinas Sosial dan Bappeda
\t2. Jumlah desa.\tTarget: 5 (lima) desa Tahun 2024\tDinas Kesehatan\tDinas Pendidikan, Kecamatan, dan Kelurahan
"""


def prepare(pdf: bool) -> None:
    """Import and cache all that text needs, and with `pdf` also what PDF needs."""
    parse(SAMPLE.encode(), "sample.txt")
    if pdf:
        for module in PDF_MODULES:
            import_module(module)
