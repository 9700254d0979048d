"""Files and folders given on the command line to an ordered list of files, and each file to its bytes.

A folder gives its `.txt`, `.md` and `.pdf` files, all levels down, hidden ones left out. A sidecar
`<name>.source.json` says where `<name>.txt` is from, after a harvest also what the feed says of it; it is never an
input itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.acts.feed_record import FeedRecord, read_record
from extractors.models import Finding, Notes
from extractors.readers.file import MARK_WITHIN, is_pdf
from pipeline.reasons import Reason

SUFFIXES = {".txt": "text/plain", ".md": "text/markdown", ".pdf": "application/pdf"}
SIDECAR = ".source.json"
MAX_BYTES = 16 * 1024 * 1024
MAX_PDF_BYTES = 256 * 1024 * 1024
MAX_SIDECAR_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Given:
    """A file to read. `source_path` is published: relative to the folder given, `/` between its parts."""

    source_path: str
    path: Path


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's bytes, or the reason why there are none. `origin` and the feed's `record` are what its sidecar says."""

    source_path: str
    media_type: str
    byte_count: int | None
    sha256: str | None
    data: bytes
    reason: Reason | None
    origin: str | None
    findings: tuple[Finding, ...]
    record: FeedRecord | None = None


def collect(paths: Sequence[Path]) -> list[Given]:
    """The files of `paths` in the order of their published paths, whatever the order given.

    A file given twice under one published path is taken once. Different files that would have the same
    published path get the names of the folders above them until they differ.
    """
    found: dict[tuple[str, str], Given] = {}
    for path in paths:
        for relative, file in _walk(path) if _is_folder(path) else [(Path(path.name), path)]:
            if not file.name.endswith(SIDECAR):
                given = Given(_published(relative), file)
                found.setdefault((given.source_path, os.path.realpath(file)), given)
    return sorted(_distinct(list(found.values())), key=lambda given: given.source_path)


def read(given: Given) -> FileRead:
    """The bytes of a file, at most MAX_BYTES, of a PDF MAX_PDF_BYTES.

    Never raises: what can't be read has a reason and a finding.
    """
    notes = Notes("inputs")
    size: int | None = None
    data = b""
    reason: Reason | None = None
    try:
        info = given.path.stat()
        if not stat.S_ISREG(info.st_mode):
            raise OSError("not a regular file")
        size = info.st_size
        with given.path.open("rb") as file:
            start = file.read(MARK_WITHIN)
            most = MAX_PDF_BYTES if is_pdf(start, given.path.name) else MAX_BYTES
            if size <= most:
                data = start + file.read(most + 1 - len(start))
        size = max(size, len(data))
        if size > most:
            reason, data = Reason.TOO_LARGE, b""
            notes.add(reason, "error", f"{size} bytes; at most {most} are read", repair="left unread")
    except OSError as error:
        reason = Reason.UNREADABLE
        notes.add(reason, "error", f"cannot be read: {error.strerror or error}", repair="left out")
    media_type = SUFFIXES.get(given.path.suffix.lower(), "text/plain")
    if is_pdf(data, given.path.name):
        media_type = SUFFIXES[".pdf"]
    sha256 = None if reason in (Reason.TOO_LARGE, Reason.UNREADABLE) else hashlib.sha256(data).hexdigest()
    origin, record = _sidecar(given.path, notes)
    return FileRead(given.source_path, media_type, size, sha256, data, reason, origin, tuple(notes), record)


def _walk(folder: Path) -> Iterator[tuple[Path, Path]]:
    """(path relative to `folder`, path) of each input below it. Links are followed, but never in a circle."""
    todo = [(folder, frozenset[tuple[int, int]]())]
    while todo:
        place, above = todo.pop()
        try:
            info = place.stat()
            entries = list(place.iterdir())
        except OSError:
            yield place.relative_to(folder), place
            continue
        if (info.st_dev, info.st_ino) in above:
            continue
        inside = above | {(info.st_dev, info.st_ino)}
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if _is_folder(entry):
                todo.append((entry, inside))
            elif entry.suffix.lower() in SUFFIXES:
                yield entry.relative_to(folder), entry


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _published(path: Path) -> str:
    """The path as text: bytes that are no UTF-8 stand as backslash escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _distinct(files: list[Given]) -> list[Given]:
    """The same files, with as many folder names before a published path as it needs to be the only one."""
    while max(Counter(given.source_path for given in files).values(), default=0) > 1:
        groups: defaultdict[str, list[Given]] = defaultdict(list)
        for given in files:
            groups[given.source_path].append(given)
        files = [
            replace(given, source_path=_with_folder(given)) if len(group) > 1 else given
            for group in groups.values()
            for given in group
        ]
    return files


def _with_folder(given: Given) -> str:
    """The published path after the name of one more folder above it."""
    parts = given.path.absolute().parts
    longer = _published(Path(*parts[-(given.source_path.count("/") + 2) :]))
    if longer != given.source_path:
        return longer
    # No folder is left: only bytes that the escapes made alike still differ.
    return f"{longer}~{hashlib.sha256(os.fsencode(given.path)).hexdigest()[:8]}"


def _sidecar(path: Path, notes: Notes) -> tuple[str | None, FeedRecord | None]:
    """Where the file is from, None where the sidecar says `unknown` or there is none; and the record of a feed."""
    sidecar = path.with_name(path.stem + SIDECAR)
    try:
        if not sidecar.is_file():
            return None, None
        with sidecar.open("rb") as file:
            content = json.loads(file.read(MAX_SIDECAR_BYTES + 1))
        origin = content["origin"]
        if not isinstance(origin, str):
            raise TypeError("origin is no text")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        notes.add(
            "sidecar_broken",
            "warning",
            f"the sidecar {SIDECAR} gives no origin ({type(error).__name__})",
            repair="origin left unknown",
        )
        return None, None
    record = content.get("record")
    read = read_record(record) if isinstance(record, dict) else None
    return None if origin.strip().lower() in ("", "unknown") else origin.strip(), read
