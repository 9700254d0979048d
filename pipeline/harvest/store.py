"""The folder of a harvest: `<name>.pdf`, beside it `<name>.source.json`, and a manifest a feed.

Everything is written under another name and put in its place when it is whole: what is read there is never half.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from pipeline.inputs import MAX_SIDECAR_BYTES, SIDECAR

SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the sidecar says. `origin` is the address that gave the file, behind all redirects; `url` the one asked.

    `fetched_at` is the time (UTC) at which the bytes came for the first time; nothing else depends on a clock.
    """

    feed: str
    url: str
    fetched_at: str
    origin: str
    sha256: str
    bytes: int
    etag: str | None
    last_modified: str | None
    record: dict[str, object]


class Folder:
    """The files of harvests. All methods raise OSError where the system refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def held(self, name: str) -> Provenance | None:
        """What the sidecar of `name` says; None where there is none, or the file is not the one that it describes."""
        try:
            with self._sidecar(name).open("rb") as file:
                said = _provenance(json.loads(file.read(MAX_SIDECAR_BYTES + 1)))
            with self.file(name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except (FileNotFoundError, ValueError, TypeError, RecursionError):
            return None
        return said if found == said.sha256 else None

    def file(self, name: str) -> Path:
        """Where the file of that name lies."""
        return self.path / f"{name}{SUFFIX}"

    @contextmanager
    def incoming(self, name: str) -> Iterator[BinaryIO]:
        """An empty file to write into; it is gone afterwards unless it was put in its place with `keep`."""
        self.path.mkdir(parents=True, exist_ok=True)
        path = self.path / f".{name}.part-{os.getpid()}"
        try:
            with path.open("w+b") as file:
                yield file
        finally:
            path.unlink(missing_ok=True)

    def keep(self, name: str, file: BinaryIO) -> None:
        """Put the incoming file in the place of `name`."""
        _settle(file, self.file(name))

    def describe(self, name: str, provenance: Provenance) -> None:
        """Write the sidecar of `name`."""
        self._write(self._sidecar(name), asdict(provenance))

    def write_manifest(self, name: str, content: dict[str, object]) -> Path:
        """Write the manifest of a feed."""
        path = self.path / f"harvest-{name}.json"
        self._write(path, content)
        return path

    def _sidecar(self, name: str) -> Path:
        return self.path / f"{name}{SIDECAR}"

    def _write(self, path: Path, content: dict[str, object]) -> None:
        with self.incoming(path.name) as file:
            file.write((json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode("utf-8"))
            _settle(file, path)


def _provenance(content: dict[str, object]) -> Provenance:
    """Raises TypeError or ValueError where the sidecar is none of a harvest, or was changed by hand."""
    said = Provenance(**content)  # type: ignore[arg-type]
    if not all(isinstance(value, str | None) for value in (said.url, said.etag, said.last_modified)):
        raise TypeError("no text")
    return said


def _settle(file: BinaryIO, path: Path) -> None:
    """Move the open file to `path` once its bytes are on the disk."""
    file.flush()
    os.fsync(file.fileno())
    Path(file.name).replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
