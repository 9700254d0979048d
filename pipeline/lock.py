"""One run at a time on an output: a lock file beside it, held by the kernel for as long as its process lives.

`flock` itself, because the file also names its holder: filelock empties the file when it opens it, leaves it behind,
and a forked child would keep the lock of a parent that was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from errno import EEXIST
from pathlib import Path

PATIENCE = 1.0  # seconds that a run about to end may take to let go
PAUSE = 0.05
MOST_TOLD = 300  # characters of a command; bytes of the whole note stay within one read
NOTE_BYTES = 4096

_held: set[int] = set()


def _forget() -> None:
    """A forked child lets go, or the lock would outlive its holder."""
    for descriptor in _held:
        with suppress(OSError):
            os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_forget)


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as it says itself. `since` is a time in ISO 8601, with its offset."""

    pid: int
    host: str
    since: str
    command: str


class OutputBusyError(Exception):
    """Another run holds the output; `holder` is None where its note cannot be read."""

    def __init__(self, output: Path, holder: Holder | None) -> None:
        who = "another run"
        if holder:
            who = f"process {holder.pid} on {holder.host} since {holder.since} ({holder.command})"
        super().__init__(f"{output} is in use by {who}")
        self.holder = holder


def lock_file(output: Path) -> Path:
    """Where the lock of `output` lies; links to one folder share it."""
    output = output.resolve()
    return output.parent / f".{output.name}.lock"


@contextmanager
def held(output: Path) -> Iterator[None]:
    """Holds `output` for this process. The lock of a process that is gone, however it ended, is free.

    Raises OutputBusyError after PATIENCE seconds, and OSError where no lock file can be made (a folder that is
    read-only or is none, a file system without locks).
    """
    path = lock_file(output)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = _take(path, output)
    _held.add(descriptor)
    try:
        _sign(descriptor)
        yield
    finally:
        # Not in a forked child, which holds nothing.
        if descriptor in _held:
            _held.remove(descriptor)
            # Removed while held: who waits for it sees that its file is no longer the one at the path.
            if _stands_at(descriptor, path):
                with suppress(OSError):
                    path.unlink()
            os.close(descriptor)


def _take(path: Path, output: Path) -> int:
    """Descriptor of the lock file, locked."""
    until = time.monotonic() + PATIENCE
    while True:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path, flags, 0o644)
        taken = False
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FileExistsError(EEXIST, "is no lock file", str(path))
            holder = None
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                taken = _stands_at(descriptor, path)
            except BlockingIOError:
                holder = _holder(descriptor)
            if taken:
                return descriptor
            if time.monotonic() > until:
                raise OutputBusyError(output, holder)
        finally:
            if not taken:
                os.close(descriptor)
        time.sleep(PAUSE)


def _stands_at(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one at `path`, and not one removed since."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


def _sign(descriptor: int) -> None:
    """Say in the file who holds it."""
    since = datetime.now(UTC).isoformat(timespec="seconds")
    holder = Holder(os.getpid(), socket.gethostname(), since, shlex.join(sys.argv)[:MOST_TOLD])
    # On a full disk the lock holds all the same.
    with suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(asdict(holder)).encode(), 0)


def _holder(descriptor: int) -> Holder | None:
    try:
        note = json.loads(os.pread(descriptor, NOTE_BYTES, 0))
        return Holder(int(note["pid"]), str(note["host"]), str(note["since"]), str(note["command"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
