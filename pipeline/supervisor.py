"""Documents worked on in child processes, several at once: what hangs, aborts or eats memory costs only itself.

caller (this module) -> warden, which starts and ends processes -> a child for each task
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing, suppress
from functools import partial
from typing import NoReturn, TypeVar, cast

import psutil

from pipeline.isolation import Failure, Limits, adopt_orphans, read_answer
from pipeline.reasons import Reason
from pipeline.stopping import CODES
from pipeline.warden import MESSAGE, READY, Warden, end_descendants

Task = TypeVar("Task")
T = TypeVar("T")

TICK = 0.1  # seconds between two ticks while nothing is answered
# One thread a process: there are as many processes as there are workers, and threads do not outlive a fork.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "ARROW_IO_THREADS"), "1")


class IsolationError(Exception):
    """The child gave no result; `reason` says why, the message how it ended."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.reason = failure.reason


class PreparationError(Exception):
    """`prepare` failed; its traceback stands on standard error."""


def nothing() -> None:
    """To prepare, or to do at a tick."""


def isolated(work: Callable[[], T], limits: Limits | None = None) -> T:
    """What `work` returns in a child process with limits. Raises IsolationError where it returns nothing.

    `work` must return something that pickles.
    """
    ((_, outcome),) = supervise([work], lambda task: task(), 1, limits)
    if isinstance(outcome, Failure):
        raise IsolationError(outcome)
    return outcome


def supervise(
    tasks: Sequence[Task],
    work: Callable[[Task], T],
    workers: int,
    limits: Limits | None = None,
    prepare: Callable[[], object] = nothing,
    tick: Callable[[], object] = nothing,
) -> Generator[tuple[Task, T | Failure]]:
    """Each task with what `work` returns for it or the Failure that it met, in the order in which they end.

    A task runs in a process of its own, forked from a process that has run `prepare` (imports, caches) and keeps to
    one thread. Tasks and `work` need not pickle, results must. `tick` is called in this process about ten times a
    second while nothing is answered. At most twice as many tasks as `workers` are begun and not yet taken. A task
    whose process is killed from outside is tried once more. When the generator is closed (a loop that an exception
    may leave needs `closing`) or this process ends, however it does, nothing that it started is left. Raises
    PreparationError.
    """
    left = dict.fromkeys(range(len(tasks)))
    begin = partial(_answers, lambda index: work(tasks[index]), limits or Limits(), prepare, tick)
    while left:
        with closing(begin(list(left), workers)) as answers:
            for index, outcome in answers:
                del left[index]
                yield tasks[index], cast("T | Failure", outcome)
        # The warden itself was killed: perhaps by one of the tasks that were running.
        for index in list(left)[:workers]:
            outcomes = [outcome for _, outcome in begin([index], 1)]
            del left[index]
            outcome = outcomes[0] if outcomes else Failure(Reason.KILLED, "ended together with its supervisor")
            yield tasks[index], cast("T | Failure", outcome)


def _answers(
    work: Callable[[int], object],
    limits: Limits,
    prepare: Callable[[], object],
    tick: Callable[[], object],
    indexes: list[int],
    workers: int,
) -> Generator[tuple[int, object]]:
    """Index and outcome of the tasks; of fewer than were given where the warden is killed."""
    channel, other = socket.socketpair()
    known = {process.pid for process in psutil.Process().children()}
    adopting = adopt_orphans()
    # Held back: what asks the caller to end would unwind its work in the new process, too.
    let_in = signal.pthread_sigmask(signal.SIG_BLOCK, CODES)
    warden = os.fork()
    if warden == 0:
        channel.close()
        _serve(prepare, Warden(indexes, work, workers, limits, other), let_in)
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, let_in)
        other.close()
        channel.settimeout(TICK)
        if _next(channel, tick)[0] != READY:
            raise PreparationError("what all tasks need could not be prepared: see the traceback")
        for _ in indexes:
            index, answer = _next(channel, tick)
            if index is None or answer is None:
                break
            with suppress(BrokenPipeError, ConnectionResetError):
                channel.send(b"\0")
            yield index, read_answer(answer)
    finally:
        channel.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(warden, signal.SIGTERM)
            status = os.waitpid(warden, 0)[1]
            if os.WIFSIGNALED(status):
                # Its children have been killed with it, not what they started.
                end_descendants(lambda number: number not in known and _in_a_session_of_its_own(number))
        adopt_orphans(adopting)


def _next(channel: socket.socket, tick: Callable[[], object]) -> tuple[int | None, int | None]:
    """The next message: an index, and the descriptor of its answer; nothing where the warden is gone."""
    while True:
        try:
            message, answers, *_ = socket.recv_fds(channel, MESSAGE.size, 1)
        except TimeoutError:
            tick()
            continue
        except ConnectionResetError:
            return None, None
        index: int | None = MESSAGE.unpack(message)[0] if message else None
        return index, answers[0] if answers else None


def _serve(prepare: Callable[[], object], warden: Warden, let_in: Iterable[int]) -> NoReturn:
    """The whole life of the warden's process."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, let_in)
        os.environ.update(ONE_THREAD)
        prepare()
        # Nothing that is there now is looked at again by a child's garbage collection: its pages stay shared.
        gc.collect()
        gc.freeze()
        warden.run()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _in_a_session_of_its_own(number: int) -> bool:
    with suppress(ProcessLookupError):
        return os.getsid(number) != os.getsid(0)
    return False
