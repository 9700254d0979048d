"""The ways in which work on a document goes wrong, and the tasks that meet them among good ones."""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress

import psutil

from pipeline.isolation import MEGABYTE, Failure, Limits
from pipeline.reasons import Reason

Task = tuple[str, int]  # the fault, or `good`, and a number

# Address space counts what the process of the tests holds already, with all that other tests imported.
LIMITS = Limits(cpu_seconds=1, memory=6144 * MEGABYTE, wall_seconds=15)


def spin() -> None:
    while True:
        pass


def hold_the_lock() -> None:
    """C that keeps the interpreter to itself: no handler in Python ever runs."""
    ctypes.PyDLL(None).sleep(600)


def ignore_and_spin() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU):
        signal.signal(number, signal.SIG_IGN)
    spin()


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def leave_an_orphan() -> None:
    """A grandchild out of the child's group and session, with all its files open; then an end without a result."""
    start_an_orphan()
    os._exit(7)


def start_an_orphan() -> None:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)
    with suppress(ChildProcessError):
        os.wait()


FAULTS: dict[str, tuple[Callable[[], object], Reason]] = {
    "hangs": (spin, Reason.CPU_LIMIT),
    "holds the lock": (hold_the_lock, Reason.STALLED),
    "ignores signals": (ignore_and_spin, Reason.CPU_LIMIT),
    "segfault": (lambda: ctypes.string_at(0), Reason.CRASHED),
    "abort": (os.abort, Reason.CRASHED),
    "killed": (lambda: os.kill(os.getpid(), signal.SIGKILL), Reason.KILLED),
    "exits": (lambda: os._exit(0), Reason.CRASHED),
    "does not pickle": (lambda: lambda: 0, Reason.INTERNAL_ERROR),
    "150 MB": (lambda: bytes(150 * MEGABYTE), Reason.OUTPUT_TOO_LARGE),
    "recursion": (recurse, Reason.INTERNAL_ERROR),
    "memory": (lambda: bytearray(16384 * MEGABYTE), Reason.OUT_OF_MEMORY),
    "system exit": (lambda: sys.exit(0), Reason.CRASHED),
    "orphan": (leave_an_orphan, Reason.CRASHED),
}


def good(number: int) -> tuple[int, bytes]:
    """A result of up to 200 kB, another one for each number."""
    return number, random.Random(number).randbytes(number * 7919 % 200_000)


def work(task: Task) -> object:
    kind, number = task
    return FAULTS[kind][0]() if kind in FAULTS else good(number)


def mixed(culprits: int, of_good: int) -> list[Task]:
    """`culprits` tasks of each fault among good ones, in an order by chance."""
    tasks = [(kind, number) for kind in FAULTS for number in range(culprits)]
    tasks += [("good", number) for number in range(of_good)]
    random.Random(len(tasks)).shuffle(tasks)
    return tasks


def wrong(task: Task, outcome: object) -> bool:
    kind, number = task
    if kind in FAULTS:
        return not isinstance(outcome, Failure) or outcome.reason != FAULTS[kind][1]
    return outcome != good(number)


class Leftovers:
    """Tells whether processes are left that were forked within the block: each of them holds the end of a pipe.

    What was there before, such as the browser of other tests, is not counted.
    """

    def __enter__(self) -> Leftovers:
        self._before = set(psutil.Process().children(recursive=True))
        self._read, self._held = os.pipe()
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._read)

    def none(self) -> bool:
        """Whether all are gone, at the latest a second from now."""
        os.close(self._held)
        os.set_blocking(self._read, False)
        for _ in range(100):
            with suppress(BlockingIOError):
                left = set(psutil.Process().children(recursive=True)) - self._before
                return os.read(self._read, 1) == b"" and not left
            time.sleep(0.01)
        return False
