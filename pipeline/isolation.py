"""A child process a PDF: what hangs, aborts or eats memory costs only its file.

PDFium and its kin crash on some files rather than raise, and others never end. The child is a fork of this process, so
that nothing is imported anew; its result comes back over a pipe.
"""

from __future__ import annotations

import faulthandler
import os
import pickle
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import TypeVar

from pipeline.reasons import Reason

T = TypeVar("T")

CPU_SECONDS = 900  # OCR needs one to two seconds a page
MEMORY_BYTES = 4 * 1024**3
WALL_SECONDS = 3 * CPU_SECONDS  # a backstop only: a busy machine is no fault of the file
GRACE = 5
CHUNK = 1 << 20
PATIENCE = 20  # hundredths of a second that a child which has answered may take to end


class IsolationError(Exception):
    """The child gave no result; `reason` says why, the message how it ended."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def isolated(work: Callable[[], T], cpu_seconds: int = CPU_SECONDS, memory: int = MEMORY_BYTES) -> T:
    """What `work` returns in a child process with limits. Raises IsolationError where it returns nothing.

    `work` must return something that pickles. An exception in the child is reported as `internal_error`.
    """
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        _work(work, send, cpu_seconds, memory)
    os.close(send)
    try:
        answer = _receive(receive, time.monotonic() + WALL_SECONDS)
    finally:
        os.close(receive)
        status = _end(child)
    if answer is None:
        raise IsolationError(Reason.STALLED, f"no answer within {WALL_SECONDS} s")
    if not answer:
        raise IsolationError(*_why(status, cpu_seconds))
    kind, result = pickle.loads(answer)
    if kind == "error":
        raise IsolationError(*result)
    return result  # type: ignore[no-any-return]


def _work(work: Callable[[], T], send: int, cpu_seconds: int, memory: int) -> None:
    """The child's whole life. It never returns."""
    try:
        os.setsid()
        faulthandler.disable()
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + GRACE))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            answer: tuple[str, object] = ("result", work())
        except MemoryError:
            answer = ("error", (Reason.OUT_OF_MEMORY, f"more than {memory // 1024**2} MB"))
        except Exception as error:
            answer = ("error", (Reason.INTERNAL_ERROR, type(error).__name__))
        with os.fdopen(send, "wb") as pipe:
            pipe.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))
    except BaseException as error:
        os.write(2, f"{type(error).__name__} in a child\n".encode())
    finally:
        os._exit(0)


def _receive(receive: int, until: float) -> bytes | None:
    """All that the child writes; None where it is not done by then."""
    parts: list[bytes] = []
    while True:
        ready, _, _ = select.select([receive], [], [], max(until - time.monotonic(), 0))
        if not ready:
            return None
        part = os.read(receive, CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _end(child: int) -> int:
    """End the child and all that it started; its wait status."""
    for _ in range(PATIENCE):
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.01)
    # Before the child is reaped: until then no other process can have its number.
    for end in (os.killpg, os.kill):
        try:
            end(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
    return os.waitpid(child, 0)[1]


def _why(status: int, cpu_seconds: int) -> tuple[Reason, str]:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number in (signal.SIGXCPU, signal.SIGKILL):
            return Reason.CPU_LIMIT, f"more than {cpu_seconds} s of CPU"
        return Reason.CRASHED, f"ended by {signal.Signals(number).name}"
    return Reason.CRASHED, "ended without a result"
