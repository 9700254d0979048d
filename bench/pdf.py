"""Reading PDF, side by side in one run with pdfplumber alone and with PDFium's raw text. Start-up is left out."""

from __future__ import annotations

import io
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# Larger documents lie beside the project, if at all; without them the bench typesets a seed.
BESIDE = Path(__file__).parent.parent.parent / "shared" / "corpus"
PDFS = ("rendered/*born-digital.pdf", "rendered/*rotated.pdf", "perda-*.pdf", "perbup-seruyan*.pdf", "pergub-*.pdf")
SCAN = "rendered/*scan.pdf"
SCANNED_PAGES = 12


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def raw_text(data: bytes) -> int:
    """PDFium's raw text, the floor; the number of pages."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    for index in range(len(document)):
        page = document[index]
        text = page.get_textpage()
        text.get_text_range()
        text.close()
        page.close()
    pages = len(document)
    document.close()
    return pages


def plumber(data: bytes) -> None:
    """pdfplumber's words and tables of each page."""
    import pdfplumber

    with pdfplumber.open(io.BytesIO(data)) as document:
        for page in document.pages:
            page.extract_words()
            page.extract_tables()
            page.close()


def own(data: bytes) -> None:
    """Our words, lines and tables."""
    from extractors.readers.pdf.read import read_pdf

    read_pdf(data)


def to_parquet(path: Path, folder: Path) -> None:
    """The whole way of one file, without the publication checks."""
    from pipeline import emit
    from pipeline.document import parse
    from pipeline.inputs import Given, read
    from pipeline.link import FileResult, link
    from pipeline.rows import rows
    from tests.made import publish

    file = read(Given(path.name, path))
    corpus = link([FileResult(file, parse(file.data, path.name))])
    publish(emit.arrow_tables(rows(corpus, "bench")), folder / path.stem, {})


def born_digital(folder: Path) -> None:
    """A line a file and one for all: ms a page, and how many times faster than pdfplumber."""
    files = sorted({path for form in PDFS for path in BESIDE.glob(form)})
    if not files:
        print("  no PDF beside the project: nothing to compare")
        return
    # Once unmeasured: imports and vocabularies are start-up.
    for path in files[-2:]:
        to_parquet(path, folder / "start")
        plumber(path.read_bytes())
    total = [0.0] * 5
    print(f"  {'ms a page':<44}{'pages':>6}{'raw':>7}{'own':>7}{'whole':>7}{'plumber':>9}   own   whole")
    for path in files:
        data = path.read_bytes()
        pages = raw_text(data)
        spent = [cpu(lambda d=data: raw_text(d)), cpu(lambda d=data: own(d)), cpu(lambda p=path: to_parquet(p, folder))]
        spent += [cpu(lambda d=data: plumber(d)), float(pages)]
        total = [a + b for a, b in zip(total, spent, strict=True)]
        show(path.name, spent)
    show("all", total)


def show(name: str, spent: list[float]) -> None:
    raw, ours, whole, theirs, pages = spent
    times = "".join(
        f"{1000 * value / pages:{width}.1f}" for value, width in ((raw, 7), (ours, 7), (whole, 7), (theirs, 9))
    )
    print(f"  {name[:44]:<44}{pages:6.0f}{times}{theirs / ours:6.1f}x{theirs / whole:6.1f}x", flush=True)


def scanned_part(part: tuple[bytes, int, int]) -> float:
    """CPU seconds for the pages `first` to `last` of a scan, Tesseract's start left out."""
    import pypdfium2

    from extractors.models import Notes
    from extractors.readers.ocr.page import ScanReader
    from pipeline.tessdata import language_data

    data, first, last = part
    reader = ScanReader(language_data)
    document = pypdfium2.PdfDocument(data)
    reader(document[0], 1, 0, Notes("bench"))
    start = time.process_time()
    for index in range(first, last):
        reader(document[index], index + 1, 0, Notes("bench"))
    return time.process_time() - start


def scanned() -> None:
    """Pages a second a core, and how much two processes gain on one."""
    scans = sorted(BESIDE.glob(SCAN))
    if not scans:
        print("  no scan beside the project: nothing to measure")
        return
    data = scans[0].read_bytes()
    spent = scanned_part((data, 0, SCANNED_PAGES))
    print(f"  one process: {SCANNED_PAGES / spent:.2f} pages a CPU second")
    half = SCANNED_PAGES // 2
    walls = []
    for workers in (1, 2):
        with ProcessPoolExecutor(workers) as pool:
            list(pool.map(scanned_part, [(data, 0, 0)] * workers))
            start = time.monotonic()
            list(pool.map(scanned_part, [(data, 0, half), (data, half, SCANNED_PAGES)]))
            walls.append(time.monotonic() - start)
    print(f"  two processes: {walls[0] / walls[1]:.2f} times one (wall)")


def memory(pages: int = 300) -> None:
    """Peak memory while a born-digital document is read page by page, as often as gives the pages."""
    files = sorted({path for form in PDFS for path in BESIDE.glob(form)})
    if not files:
        return
    from extractors.readers.pdf.read import read_pdf

    done = 0
    while done < pages:
        for path in files:
            done += len(read_pdf(path.read_bytes()).source.pages)
            if done >= pages:
                break
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory after {done} pages without OCR: {peak:.0f} MB")


def main() -> None:
    """All measurements of PDF reading."""
    import tempfile

    print("PDF: born-digital, CPU; times pdfplumber's words and tables on the same pages")
    memory()
    with tempfile.TemporaryDirectory() as folder:
        born_digital(Path(folder))
    print("PDF: scanned")
    scanned()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
