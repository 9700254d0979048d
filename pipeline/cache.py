"""Results of documents by the hash of their bytes, so that a run reads again only what is new.

An entry is good for one program: its code, its data, and the libraries that read. A damaged entry is no entry. The
checksums find damage, not forgery: who may write in the folder can forge results, but no entry runs anything.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.metadata
import io
import os
import pickle
import platform
import re
import secrets
import shutil
import stat
import struct
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, TypeVar

from pipeline import VERSION

if TYPE_CHECKING:
    from pipeline.document import Parsed

T = TypeVar("T")

PROGRAM_FOLDERS = ("extractors", "pipeline")
# Distributions on which the reading of a document depends.
LIBRARIES = (
    *("charset-normalizer", "num2words", "numpy", "opencv-python-headless", "pdfminer.six", "pdfplumber", "pikepdf"),
    *("pillow", "pypdfium2", "rapidfuzz", "regex", "roman-numerals", "spacy", "tesserocr"),
)
# Names of files that tell how they are read.
SUFFIXES = (".md", ".pdf", ".txt")

SUFFIX_BYTES = 8
MAGIC = b"perbup\x00\x01"
# Magic, content hash, suffix, fingerprint; bytes of head and body, hashes of head and body; hash of all this.
HEADER = struct.Struct(f"<8s32s{SUFFIX_BYTES}s32sQQ32s32s")
DIGEST = hashlib.sha256().digest_size
LEVEL = 1  # higher levels of zlib save a fifth of the bytes for three times the time
MAX_BYTES = 256 * 1024**2  # of a section, unpacked: more than any result has

NAMED = 16  # characters of a fingerprint in the name of its folder
PROGRAM = re.compile(rf"[0-9a-f]{{{NAMED}}}")
ENTRY = re.compile(r"[0-9a-f]{64}(-[a-z]{1,7})?")
HALF = re.compile(rf"\.{ENTRY.pattern}\.[0-9a-f]{{8}}")
KEPT = 2  # fingerprints
ABANDONED = 3600  # seconds after which a half-written entry has no writer any more

# Modules whose dataclasses, enums and named tuples an entry may hold.
MODULES = frozenset({"extractors.models", "pipeline.document", "pipeline.plan", "pipeline.reasons"})
DATES = frozenset({("datetime", "date"), ("datetime", "datetime")})


class CacheWriteError(Exception):
    """The entry could not be written (a full disk, a read-only folder); the cache is otherwise as it was."""


class Key(NamedTuple):
    """SHA-256 of a file's bytes in hexadecimal, and the suffix of its name, on which its reading depends."""

    sha256: str
    suffix: str

    @classmethod
    def of(cls, sha256: str, name: str) -> Key:
        """The key of a file with that name; suffixes that change nothing count as none."""
        return cls(sha256, next((suffix for suffix in SUFFIXES if name.lower().endswith(suffix)), ""))


class _Header(NamedTuple):
    """Of head and body: bytes and hash."""

    head: int
    body: int
    head_hash: bytes
    body_hash: bytes


class _DamagedError(Exception):
    """Why an entry cannot be used."""


def ignore(_key: Key, _why: str) -> None:
    """For callers to whom a damaged entry is just a missing one."""


@cache
def fingerprint() -> str:
    """SHA-256, in hexadecimal, of all on which results depend: code, data, version, Python and libraries.

    Not of Tesseract's language data, which only a page that is a picture asks for.
    """
    told = hashlib.sha256(f"{VERSION} {platform.python_version()}".encode())
    for name in LIBRARIES:
        told.update(f"\0{name} {_version(name)}".encode())
    top = Path(__file__).parent.parent
    for folder in PROGRAM_FOLDERS:
        for path in sorted(_files(top / folder)):
            told.update(f"\0{path.relative_to(top).as_posix()} ".encode())
            told.update(hashlib.sha256(path.read_bytes()).digest())
    return told.hexdigest()


def _version(name: str) -> str:
    try:
        # `metadata.version` parses all of the text, which takes three times as long.
        told = importlib.metadata.distribution(name).read_text("METADATA") or ""
    except importlib.metadata.PackageNotFoundError:
        return "absent"
    version = re.search(r"^Version: *(\S+)", told, re.MULTILINE)
    return version[1] if version else "unknown"


def _files(folder: Path) -> Iterator[Path]:
    for above, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name != "__pycache__" and not name.startswith(".")]
        yield from (Path(above, name) for name in files if not name.startswith("."))


class Cache:
    """Results of one program, in `folder`. Any number of processes may use it at once.

    `damaged` is told of each entry that was there and could not be used, and why.
    """

    def __init__(self, folder: Path, program: str, damaged: Callable[[Key, str], None] = ignore) -> None:
        self.folder = folder
        self._program = bytes.fromhex(program)
        self._own = folder / program[:NAMED]
        self._damaged = damaged

    def get(self, key: Key) -> Parsed | None:
        """The result under `key`; None where there is none that is whole. No entry makes it raise."""
        return self._read(key, _body)

    def get_head(self, key: Key) -> Any:
        """The head of the entry under `key`, read alone; None as in `get`."""
        return self._read(key, _head)

    def put(self, key: Key, head: object, body: Parsed) -> None:
        """Store a result; `head` is a small part or summary of it, of the types that an entry may hold.

        The entry is there whole or not at all. Raises CacheWriteError.
        """
        path = self._path(key)
        sections = [zlib.compress(pickle.dumps(part, pickle.HIGHEST_PROTOCOL), LEVEL) for part in (head, body)]
        hashes = [hashlib.sha256(section).digest() for section in sections]
        header = HEADER.pack(MAGIC, *_packed(key), self._program, *map(len, sections), *hashes)
        data = b"".join((header, hashlib.sha256(header).digest(), *sections))
        half = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            half.write_bytes(data)
            half.replace(path)
        except OSError as error:
            with suppress(OSError):
                half.unlink()
            raise CacheWriteError(f"{path.parent}: {error.strerror or error}") from error

    def prune(self) -> None:
        """Remove the entries of all programs but this one and the one used last before it. Never raises.

        Files that the cache did not make stay.
        """
        with suppress(OSError):
            os.utime(self._own)
        with suppress(OSError):
            programs = [path for path in self.folder.iterdir() if PROGRAM.fullmatch(path.name)]
            others = [path for path in programs if path != self._own and not path.is_symlink()]
            others.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in others[: 1 - KEPT]:
                _remove(path, (ENTRY, HALF), 0)
        _remove(self._own, (HALF,), ABANDONED)

    def _path(self, key: Key) -> Path:
        # Without a dot: a cache among the inputs is none of them.
        name = f"{key.sha256}{key.suffix.replace('.', '-')}"
        if not ENTRY.fullmatch(name):
            raise ValueError(f"no key of an entry: {key}")
        return self._own / key.sha256[:2] / name

    def _read(self, key: Key, section: Callable[[BinaryIO, _Header], T]) -> T | None:
        path = self._path(key)
        try:
            with _opened(path) as file:
                return section(file, self._header(file, key))
        except FileNotFoundError:
            return None
        except OSError as error:
            # Perhaps whole, and not to be read just now.
            self._damaged(key, error.strerror or str(error))
        except _DamagedError as error:
            self._damaged(key, str(error))
            _discard(path)
        return None

    def _header(self, file: BinaryIO, key: Key) -> _Header:
        """The header of an entry, which must be whole, of this key and program, and fit the file's length."""
        header = file.read(HEADER.size)
        if len(header) < HEADER.size or file.read(DIGEST) != hashlib.sha256(header).digest():
            raise _DamagedError("its header is damaged")
        magic, sha256, suffix, program, head, body, head_hash, body_hash = HEADER.unpack(header)
        if (magic, sha256, suffix, program) != (MAGIC, *_packed(key), self._program):
            raise _DamagedError("it is the entry of another file or program")
        if os.fstat(file.fileno()).st_size != HEADER.size + DIGEST + head + body:
            raise _DamagedError("it is cut off or has grown")
        if max(head, body) > MAX_BYTES:
            raise _DamagedError("it is larger than any result")
        return _Header(head, body, head_hash, body_hash)


def _opened(path: Path) -> BinaryIO:
    """The file, and neither what a link names nor a pipe, which would keep the reader waiting."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    raise _DamagedError("it is no file")


def _discard(path: Path) -> None:
    try:
        path.unlink()
    except IsADirectoryError:
        shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass  # the next `put` replaces it


def _packed(key: Key) -> tuple[bytes, bytes]:
    return bytes.fromhex(key.sha256), key.suffix.encode().ljust(SUFFIX_BYTES, b"\0")


def _head(file: BinaryIO, header: _Header) -> Any:
    return _load(file.read(header.head), header.head_hash)


def _body(file: BinaryIO, header: _Header) -> Parsed:
    from pipeline.document import Parsed

    file.seek(header.head, os.SEEK_CUR)
    body = _load(file.read(header.body), header.body_hash)
    if not isinstance(body, Parsed):
        raise _DamagedError("it holds no result of a document")
    return body


def _load(section: bytes, expected: bytes) -> Any:
    """The object of a section, once its hash is the expected one."""
    if hashlib.sha256(section).digest() != expected:
        raise _DamagedError("its bytes are damaged")
    try:
        # What is larger is cut off, and then no pickle.
        plain = zlib.decompressobj().decompress(section, MAX_BYTES)
        return _Unpickler(io.BytesIO(plain)).load()
    except Exception as error:  # a forged section can raise anything
        raise _DamagedError(f"it cannot be read ({type(error).__name__})") from error


class _Unpickler(pickle.Unpickler):
    """Makes nothing but what results are made of."""

    def find_class(self, module: str, name: str) -> type:
        known = module in MODULES or (module, name) in DATES
        found = getattr(importlib.import_module(module), name, None) if known else None
        # Made in the module, not imported by it.
        if isinstance(found, type) and found.__module__ == module and _is_data(found):
            return found
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a result")


def _is_data(kind: type) -> bool:
    return is_dataclass(kind) or issubclass(kind, (Enum, tuple, date))


def _remove(program: Path, names: Sequence[re.Pattern[str]], age: float) -> None:
    """Remove the files of a program's folder that have such a name and are older than `age` seconds."""
    until = time.time() - age
    for above, _, files in os.walk(program, topdown=False):
        for path in (Path(above, file) for file in files if any(name.fullmatch(file) for name in names)):
            with suppress(OSError):
                if path.lstat().st_mtime <= until:
                    path.unlink()
        with suppress(OSError):  # not empty
            Path(above).rmdir()
