"""Files and folders given on the command line to an ordered list of files, and each file to its bytes.

A folder gives its `.txt`, `.md` and `.pdf` files, all levels down, hidden ones left out. A sidecar
`<name>.source.json` says where `<name>.txt` is from, after a harvest also what the feed says of it; it is never an
input itself. A folder may also lie on object storage, and then the same holds for its objects.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PurePosixPath
from typing import TYPE_CHECKING

from extractors.acts.feed_record import FeedRecord, read_record
from extractors.models import Finding, Notes
from extractors.readers.file import MARK_WITHIN, is_pdf
from pipeline.reasons import Reason
from pipeline.storage import StorageError, answering, asked, is_remote

if TYPE_CHECKING:
    from upath import UPath

    from pipeline.storage import Place

SUFFIXES = {".txt": "text/plain", ".md": "text/markdown", ".pdf": "application/pdf"}
SIDECAR = ".source.json"
MAX_BYTES = 16 * 1024 * 1024
MAX_PDF_BYTES = 256 * 1024 * 1024
MAX_SIDECAR_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Given:
    """A file to read. `source_path` is published: relative to the folder given, `/` between its parts."""

    source_path: str
    path: Place


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


def collect(paths: Sequence[Place]) -> list[Given]:
    """The files of `paths` in the order of their published paths, whatever the order given.

    A file given twice under one published path is taken once. Different files that would have the same
    published path get the names of the folders above them until they differ. Raises StorageError.
    """
    if any(is_remote(path) for path in paths):
        return asked(lambda: _collect(paths))
    return _collect(paths)


def _collect(paths: Sequence[Place]) -> list[Given]:
    found: dict[tuple[str, str], Given] = {}
    for path in paths:
        for relative, file in _files(path):
            if not file.name.endswith(SIDECAR):
                given = Given(_published(relative), file)
                found.setdefault((given.source_path, _identity(file)), given)
    return sorted(_distinct(list(found.values())), key=lambda given: given.source_path)


def read(given: Given) -> FileRead:
    """The bytes of a file, at most MAX_BYTES, of a PDF MAX_PDF_BYTES.

    What can't be read has a reason and a finding. Raises StorageError alone: a storage that does not answer says
    nothing of the file.
    """
    with answering(given.path):
        return _read(given)


def _read(given: Given) -> FileRead:
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
        if is_remote(given.path) and not isinstance(error, FileNotFoundError):
            raise
        reason = Reason.UNREADABLE
        notes.add(reason, "error", f"cannot be read: {error.strerror or error}", repair="left out")
    media_type = SUFFIXES.get(given.path.suffix.lower(), "text/plain")
    if is_pdf(data, given.path.name):
        media_type = SUFFIXES[".pdf"]
    sha256 = None if reason in (Reason.TOO_LARGE, Reason.UNREADABLE) else hashlib.sha256(data).hexdigest()
    origin, record = _sidecar(given.path, notes)
    return FileRead(given.source_path, media_type, size, sha256, data, reason, origin, tuple(notes), record)


def _files(path: Place) -> Iterator[tuple[PurePath, Place]]:
    """(published path, path) of the files that a path on the command line names."""
    if is_remote(path):
        yield from _objects(path)
    elif _is_folder(path):
        yield from _walk(path)
    else:
        yield Path(path.name), path


def _objects(folder: UPath) -> Iterator[tuple[PurePath, Place]]:
    """(key relative to `folder`, path) of each input below it; of an object itself its name."""
    try:
        with answering(folder):
            keys = folder.fs.find(folder.path)
    except FileNotFoundError as error:
        raise StorageError(f"{folder}: {error}") from error
    for key in keys:
        below = key.removeprefix(f"{folder.path}/")
        relative = PurePosixPath(below)
        if key == folder.path:
            yield PurePosixPath(folder.name), folder
        elif relative.suffix.lower() in SUFFIXES and not any(part.startswith(".") for part in relative.parts):
            yield relative, folder.joinpath(below)


def _identity(path: Place) -> str:
    """Alike for two paths of one file."""
    return str(path) if is_remote(path) else os.path.realpath(path)


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


def _published(path: PurePath) -> str:
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
    return f"{longer}~{hashlib.sha256(os.fsencode(str(given.path))).hexdigest()[:8]}"


def _sidecar(path: Place, notes: Notes) -> tuple[str | None, FeedRecord | None]:
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
