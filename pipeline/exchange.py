"""A folder to its place in one step: whatever happens, the old folder or the new one stands there, whole.

The new folder is made beside the place and exchanged with what stands there; the system does that at once or not at
all. What a killed process left beside the place is known by its name, and by a lock that ended with the process.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

AT_FDCWD = -100
RENAME_EXCHANGE = 2
# The system or this file system knows no exchange.
UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP)


@contextmanager
def staging(place: Path) -> Iterator[Path]:
    """A new empty folder beside `place` for `put`; what it holds at the end is removed. Raises OSError."""
    folder = _beside(place, "new")
    folder.mkdir()
    try:
        with _hold(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put(folder: Path, place: Path) -> None:
    """Put `folder`, made by `staging`, at `place`; what stood there stands at `folder` afterwards, or is gone.

    All of it is on the disk before the move. Raises OSError, and then `place` is as it was.
    """
    for above, _, files in os.walk(folder, topdown=False):
        for name in files:
            _sync(Path(above, name))
        _sync(Path(above))
    if not place.exists():
        folder.rename(place)
    elif not _exchange(folder, place):
        _move_twice(folder, place)
    # The move is made: should the disk refuse now, the place still holds one of the two.
    with suppress(OSError):
        _sync(place.parent)


def leftovers(place: Path, kind: str) -> list[Path]:
    """Folders beside `place` that processes now gone left there, the oldest first.

    Of kind `new` (not yet put there, or taken from there) or `old` (taken from there, nothing put there yet).
    """
    name = re.compile(rf"\.{re.escape(place.name)}\.{kind}-\w+")
    found = [path for path in place.parent.iterdir() if name.fullmatch(path.name) and _abandoned(path)]
    return sorted(found, key=lambda path: path.stat().st_mtime_ns)


def _beside(place: Path, kind: str) -> Path:
    """A free name; `leftovers` knows it again."""
    return place.with_name(f".{place.name}.{kind}-{secrets.token_hex(4)}")


@contextmanager
def _hold(folder: Path) -> Iterator[bool]:
    """Whether no other process has `folder` in its hands; while this lasts none can take it for abandoned."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield _locked(descriptor)
    finally:
        os.close(descriptor)


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # also where folders cannot be locked: nothing there is ever taken for abandoned
        return False
    return True


def _abandoned(folder: Path) -> bool:
    try:
        with _hold(folder) as free:
            return free
    except OSError:
        return False


def _sync(path: Path) -> None:
    """Have `path` written to the disk; not every file system does that for folders."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in UNKNOWN:
            raise
    finally:
        os.close(descriptor)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _move_twice(folder: Path, place: Path) -> None:
    """Put `folder` at `place` in two steps, the first undone if the second fails."""
    old = _beside(place, "old")
    with _hold(place):
        place.rename(old)
        try:
            folder.rename(place)
        except BaseException:
            old.rename(place)
            raise
    shutil.rmtree(old, ignore_errors=True)
