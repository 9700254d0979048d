"""Pictures of the pages that hold indicator rows, made from the PDFs that a release was read from."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.inputs import SUFFIXES, Given, collect, read
from pipeline.report.loaded import Loaded
from pipeline.supervisor import IsolationError, isolated

FOLDER = "pages"
PDF = SUFFIXES[".pdf"]
SCALE = 1.75  # pixels a point: 126 dpi, small print stays legible
MAX_PIXELS = 6_000_000
MAX_SIDE = 16_000  # WebP holds no more than 16,383
QUALITY = 55
# What stands in Picture.missing, each with a text of its own on the page.
NO_SOURCE, FAILED = "no_source", "page_failed"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page: its size in points as read, and `file` below the report; without a file `missing` says why."""

    width: float
    height: float
    file: str | None
    missing: str | None = None


Wanted = dict[str, dict[int, tuple[float, float, int]]]


def pictures(release: Loaded, sources: Path, to: Path) -> dict[tuple[str, int], Picture]:
    """Writes a picture of each page that holds cells of an indicator row; all pages wanted, by sha256 and page.

    A source that is not below `sources`, and a page that cannot be drawn, are told in `missing`. Raises OSError where
    a picture cannot be written.
    """
    wanted = _wanted(release)
    found: dict[tuple[str, int], Picture] = {}
    given = dict(_sources(release, sources, set(wanted)))
    for sha256, pages in sorted(wanted.items()):
        drawn = (
            _drawn(given[sha256], sha256, {page: size[2] for page, size in pages.items()}) if sha256 in given else {}
        )
        for page, (width, height, _) in sorted(pages.items()):
            file = f"{FOLDER}/{sha256[:16]}-{page}.webp" if page in drawn else None
            missing = None if file else FAILED if sha256 in given else NO_SOURCE
            if file:
                (to / FOLDER).mkdir(exist_ok=True)
                (to / file).write_bytes(drawn[page])
            found[sha256, page] = Picture(width, height, file, missing)
    return found


def _wanted(release: Loaded) -> Wanted:
    """Width, height and rotation of the pages to draw, by the sha256 of their PDF."""
    pdfs = {row["source_sha256"] for row in release["sources"] if row["media_type"] == PDF}
    sizes = {
        (row["source_sha256"], row["page"]): (row["width"], row["height"], row["rotation"] or 0)
        for row in release["source_pages"]
        if row["source_sha256"] in pdfs and row["width"] and row["height"]
    }
    source = {(row["document_id"], row["table_id"]): row["source_sha256"] for row in release["annex_tables"]}
    rows = {(row["document_id"], row["table_id"], row["row"]) for row in release["indicators"]}
    wanted: Wanted = {}
    for cell in release["annex_cells"]:
        at = source[cell["document_id"], cell["table_id"]], cell["page"]
        if at in sizes and (cell["document_id"], cell["table_id"], cell["row"]) in rows:
            wanted.setdefault(at[0], {})[at[1]] = sizes[at]
    return wanted


def _sources(release: Loaded, folder: Path, wanted: set[str]) -> Iterator[tuple[str, Given]]:
    """(sha256, file) of the sources that lie below `folder`, wherever they lie there."""
    sizes = {row["byte_count"] for row in release["sources"] if row["source_sha256"] in wanted}
    if not sizes or not folder.exists():
        return
    for given in collect([folder]):
        try:
            likely = given.path.stat().st_size in sizes
        except OSError:
            continue
        if likely:
            sha256 = read(given).sha256
            if sha256 in wanted:
                yield sha256, given


def _drawn(given: Given, sha256: str, pages: Mapping[int, int]) -> dict[int, bytes]:
    """The pages (and the degrees by which each was turned) as WebP; those that cannot be drawn are not there."""
    file = read(given)
    if file.sha256 != sha256:
        return {}
    try:
        return isolated(lambda: _draw(file.data, pages))
    except IsolationError:
        if len(pages) == 1:
            return {}
    # One page spoils the rest: each by itself.
    return {number: one for page in pages.items() for number, one in _drawn(given, sha256, dict([page])).items()}


def _draw(data: bytes, pages: Mapping[int, int]) -> dict[int, bytes]:
    from extractors.models import Notes
    from extractors.readers.pdf.opened import open_pdf

    document = open_pdf(data, Notes("report")).document
    drawn = {}
    for number, turned in pages.items():
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5, MAX_SIDE / max(width, height, 1.0))
            picture = page.render(scale=scale, rotation=(turned - page.get_rotation()) % 360).to_pil()
            target = io.BytesIO()
            picture.convert("RGB").save(target, "WEBP", quality=QUALITY, method=3)
        except Exception:  # PDFium's and Pillow's kinds are many; each costs this page only
            continue
        drawn[number] = target.getvalue()
    return drawn
