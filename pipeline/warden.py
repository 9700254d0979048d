"""The process that starts a child for each task and ends all that the child leaves.

It is forked from the caller and does nothing else, so its memory stays as it is and every descendant that is not a
child at work is an orphan. When the caller is gone, however it ended, everything below is ended too.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psutil

from pipeline.isolation import (
    ANSWERED,
    ANSWERED_WITH_CHILDREN,
    Failure,
    Limits,
    adopt_orphans,
    live,
    new_answer,
    write_answer,
)
from pipeline.reasons import Reason

MESSAGE = struct.Struct("<q")  # index of a task, with the descriptor of its answer
READY = -1  # in place of an index: the preparation is done
FAREWELL = 10  # seconds that ended processes may take to be gone


@dataclass(slots=True)
class _Child:
    index: int
    answer: int
    until: float
    stalled: bool = False


class Warden:
    """Runs the tasks `indexes`, at most `workers` at once, and sends each answer over `channel`.

    The caller sends a byte back for each answer that it took; no more than `workers` answers wait for it.
    """

    def __init__(
        self,
        indexes: Iterable[int],
        work: Callable[[int], object],
        workers: int,
        limits: Limits,
        channel: socket.socket,
    ) -> None:
        self._waiting = deque(indexes)
        self._work = work
        self._workers = workers
        self._limits = limits
        self._channel = channel
        self._running: dict[int, _Child] = {}
        self._killed_before: set[int] = set()
        self._untaken = 0

    def run(self) -> None:
        """Until all tasks are answered or the caller is gone; then nothing below this process is left."""
        adopt_orphans()
        wake, woken = socket.socketpair()
        woken.setblocking(False)
        wake.setblocking(False)
        signal.set_wakeup_fd(woken.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, lambda *_: None)  # told by the byte in `wake`
        selector = selectors.DefaultSelector()
        selector.register(self._channel, selectors.EVENT_READ)
        selector.register(wake, selectors.EVENT_READ)
        try:
            self._channel.sendall(MESSAGE.pack(READY))
            while self._waiting or self._running:
                self._start()
                soonest = min((child.until for child in self._running.values() if not child.stalled), default=None)
                ready = selector.select(None if soonest is None else max(soonest - time.monotonic(), 0))
                for key, _ in ready:
                    told = key.fileobj.recv(4096)  # type: ignore[union-attr]
                    if key.fileobj is self._channel:
                        self._untaken -= len(told)
                        if not told:
                            return
                    elif signal.SIGTERM in told:
                        return
                self._reap()
                self._end_stalled()
        except (BrokenPipeError, ConnectionResetError):
            return
        finally:
            end_descendants()

    def _start(self) -> None:
        while self._waiting and len(self._running) < self._workers and self._open() < 2 * self._workers:
            index = self._waiting.popleft()
            answer = new_answer()
            child = os.fork()
            if child == 0:
                self._channel.close()  # the caller is told by its end that the warden is gone
                live(partial(self._work, index), answer, self._limits)
            self._running[child] = _Child(index, answer, time.monotonic() + self._limits.wall_seconds)

    def _open(self) -> int:
        return len(self._running) + self._untaken

    def _reap(self) -> None:
        """Answer for the children that ended, and end what they left."""
        left_some = False
        with suppress(ChildProcessError):
            while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
                # Before it is reaped: until then no other process can have its number.
                _kill_group(ended.si_pid)
                _, status, usage = os.wait4(ended.si_pid, 0)
                child = self._running.pop(ended.si_pid, None)
                if child is None:
                    left_some = True  # an orphan, whose own children are orphans now
                    continue
                code = os.waitstatus_to_exitcode(status)
                left_some |= code != ANSWERED
                self._answer(child, self._failure(child, code, usage.ru_utime + usage.ru_stime))
        if left_some:
            _kill(process.pid for process in psutil.Process().children() if process.pid not in self._running)

    def _failure(self, child: _Child, code: int, cpu_seconds: float) -> Failure | None:
        limits = self._limits
        if -code == signal.SIGXCPU or (-code == signal.SIGKILL and cpu_seconds >= limits.cpu_seconds):
            return Failure(Reason.CPU_LIMIT, f"more than {limits.cpu_seconds} s of CPU, ended by {_signal(-code)}")
        if child.stalled:
            return Failure(Reason.STALLED, f"no result within {limits.wall_seconds:g} s")
        if code in (ANSWERED, ANSWERED_WITH_CHILDREN):
            empty = os.fstat(child.answer).st_size == 0
            return Failure(Reason.CRASHED, f"ended with exit status {code} and no result") if empty else None
        if code > 0:
            return Failure(Reason.CRASHED, f"ended with exit status {code}")
        return Failure(Reason.KILLED if -code == signal.SIGKILL else Reason.CRASHED, f"ended by {_signal(-code)}")

    def _answer(self, child: _Child, failure: Failure | None) -> None:
        """Send the answer; one that was killed from outside is tried once more instead."""
        try:
            if failure and failure.reason == Reason.KILLED and child.index not in self._killed_before:
                self._killed_before.add(child.index)
                self._waiting.appendleft(child.index)
                return
            if failure:
                write_answer(child.answer, failure)
            socket.send_fds(self._channel, [MESSAGE.pack(child.index)], [child.answer])
            self._untaken += 1
        finally:
            os.close(child.answer)

    def _end_stalled(self) -> None:
        now = time.monotonic()
        for number, child in self._running.items():
            if child.until <= now and not child.stalled:
                child.stalled = True
                _kill_group(number)
                _kill([number])


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _kill(numbers: Iterable[int]) -> None:
    for number in numbers:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(number, signal.SIGKILL)


def _kill_group(number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)


def end_descendants(mine: Callable[[int], bool] = lambda _: True) -> None:
    """End all below this process: what loses its parent becomes a child of this process and is ended next.

    Of the children only those that are `mine`, by number, with all below them.
    """
    until = time.monotonic() + FAREWELL
    while time.monotonic() < until:
        children = [process.pid for process in psutil.Process().children() if mine(process.pid)]
        if not children:
            return
        for number in children:
            _kill_group(number)
        _kill(children)
        for number in children:
            with suppress(ChildProcessError):
                os.waitpid(number, os.WNOHANG)
        time.sleep(0.005)
