"""The life of a child process that works on one document: its limits, and the answer that it leaves behind.

The answer lies in a file without a name: a header with length and checksum, written last, and the pickled result. So
half an answer is never taken for one, and nobody waits at a pipe that a grandchild holds open.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import resource
import signal
import struct
import sys
import tempfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from pipeline.reasons import Reason
from pipeline.stages import fault

MEGABYTE = 1024**2
GRACE = 1  # CPU seconds from the signal that can be ignored to the one that cannot
HEADER = struct.Struct("<QI")  # bytes of the pickled answer, their CRC-32
# Exit statuses of a child that has left its answer.
ANSWERED = 0
ANSWERED_WITH_CHILDREN = 113

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
PR_GET_CHILD_SUBREAPER = 37
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take. OCR needs one to two CPU seconds a page."""

    cpu_seconds: int = 900
    memory: int = 4 * 1024 * MEGABYTE  # address space, bytes
    output: int = 128 * MEGABYTE  # pickled result, bytes
    open_files: int = 256
    wall_seconds: float = 2700  # a backstop only: a busy machine is no fault of the file


@dataclass(frozen=True, slots=True)
class Failure:
    """A task without a result: why, and how its process ended."""

    reason: Reason
    message: str


class _TooLargeError(Exception):
    """The pickled result is larger than it may be."""


def adopt_orphans(adopt: bool = True) -> bool:
    """Whether descendants that lose their parent become children of this process, not of init; returns what was.

    Linux only.
    """
    before = ctypes.c_int(0)
    if LIBC:
        LIBC.prctl(PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
        LIBC.prctl(PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0)
    return bool(before.value)


def end_with_parent(number: int) -> None:
    """Have this process sent a signal when its parent ends, however it ends. Linux only."""
    if LIBC:
        LIBC.prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def new_answer() -> int:
    """Descriptor of an empty file without a name."""
    if sys.platform == "linux":
        return os.memfd_create("answer")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def live(work: Callable[[], object], answer: int, limits: Limits) -> NoReturn:
    """The child's whole life: `work` within `limits`, its result or Failure left in the file `answer`."""
    status = 1
    try:
        _confine(limits)
        _leave(_outcome(work, limits), answer, limits)
        status = ANSWERED_WITH_CHILDREN if _has_children() else ANSWERED
    finally:
        os._exit(status)


def _confine(limits: Limits) -> None:
    parent = os.getppid()
    os.setpgid(0, 0)
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGXCPU):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    faulthandler.disable()
    adopt_orphans()
    end_with_parent(signal.SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + GRACE)
    _limit(resource.RLIMIT_AS, limits.memory)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_CORE, 0)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Set a limit; one that is stricter already stays."""
    hard = soft if hard is None else hard
    known = resource.getrlimit(kind)[1]
    if known != resource.RLIM_INFINITY:
        soft, hard = min(soft, known), min(hard, known)
    resource.setrlimit(kind, (soft, hard))


def _outcome(work: Callable[[], object], limits: Limits) -> object:
    try:
        return work()
    except MemoryError:
        pass  # answered below, when the frames that hold the memory are gone
    except Exception as error:
        return Failure(Reason.INTERNAL_ERROR, fault(error))
    except BaseException as error:  # SystemExit and its kin: a library that ends the process
        return Failure(Reason.CRASHED, f"ended by {type(error).__name__}")
    return _out_of_memory(limits)


def _leave(outcome: object, answer: int, limits: Limits) -> None:
    """Write the outcome, or why it cannot be written."""
    try:
        write_answer(answer, outcome, limits.output)
        return
    except _TooLargeError:
        failure = Failure(Reason.OUTPUT_TOO_LARGE, f"a result of more than {limits.output // MEGABYTE} MB")
    except MemoryError:
        failure = _out_of_memory(limits)
    except Exception as error:
        failure = Failure(Reason.INTERNAL_ERROR, f"a result that cannot be pickled: {type(error).__name__}")
    write_answer(answer, failure)


def _out_of_memory(limits: Limits) -> Failure:
    return Failure(Reason.OUT_OF_MEMORY, f"more than {limits.memory // MEGABYTE} MB")


def _has_children() -> bool:
    """Whether a process that was started here still runs; as orphans are adopted, at any depth."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
        return True
    return False


class _Body:
    """Where the pickler writes: counts, sums up and bounds what goes into the file."""

    def __init__(self, file: int, limit: int | None) -> None:
        self.file, self.limit, self.length, self.checksum = file, limit, 0, 0

    def write(self, part: bytes) -> int:
        rest = memoryview(part).cast("B")
        size = len(rest)
        self.length += size
        if self.limit is not None and self.length > self.limit:
            raise _TooLargeError
        self.checksum = zlib.crc32(rest, self.checksum)
        while rest:
            rest = rest[os.write(self.file, rest) :]
        return size


def write_answer(file: int, outcome: object, limit: int | None = None) -> None:
    """Make `outcome` the whole content of an answer's file."""
    os.ftruncate(file, 0)
    os.lseek(file, HEADER.size, os.SEEK_SET)
    body = _Body(file, limit)
    pickle.Pickler(body, pickle.HIGHEST_PROTOCOL).dump(outcome)
    os.pwrite(file, HEADER.pack(body.length, body.checksum), 0)


def read_answer(file: int) -> object:
    """The outcome in an answer's file, a Failure where it is not whole. Closes the file."""
    with os.fdopen(file, "rb") as answer:
        answer.seek(0)
        data = answer.read()
    try:
        length, checksum = HEADER.unpack_from(data)
        body = memoryview(data)[HEADER.size :]
        if len(body) == length and zlib.crc32(body) == checksum:
            return pickle.loads(body)
    except Exception as error:
        return Failure(Reason.CRASHED, f"ended with a result that cannot be read: {type(error).__name__}")
    return Failure(Reason.CRASHED, "ended with half a result")
