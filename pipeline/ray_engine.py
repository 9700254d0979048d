"""The parse stage on Ray: files in lots to the machines of a cluster, or of one that lives as long as the run.

this process -> a driver (`pipeline.ray_driver`) -> Ray's workers -> a supervisor a lot (`pipeline.ray_lot`)

Ray's processes have threads, and ours are forked: so neither this one nor those that fork ever import Ray. What comes
back says little; what counts is what the cache holds, which lies on a folder that all machines see.
"""

from __future__ import annotations

import importlib.util
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import BinaryIO, TypeAlias

from pipeline.cache import Cache, fingerprint
from pipeline.parsing import Brief, Engine, Outcome, Task, brief_of, here

MODULE = "ray"
TICK = 0.1  # seconds between two ticks while nothing is answered
LOT = 200  # files: a new supervisor takes as long to begin as 30 short files
TRIES = 2  # by Ray, then by the processes of this machine
WELCOME = 180  # seconds that Ray may take to begin
FAREWELL = 30  # and to end
ADDRESS = "RAY_ADDRESS"
# Tells nobody that it runs, and prints nothing.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
}
# Ray's name for it: without clusters it listens on the loopback alone, whoever asks it runs code.
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}


class EngineError(Exception):
    """Ray did not start; the message is the last that it said."""


@dataclass(frozen=True, slots=True)
class Lot:
    """Files that one supervisor parses into the cache in `folder`, with just the program of that fingerprint."""

    tasks: tuple[Task, ...]
    folder: Path
    program: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a driver does. `workers`: of Ray, where it starts Ray itself."""

    lots: tuple[Lot, ...]
    workers: int


Answers: TypeAlias = Generator[tuple[int, Outcome]]


def is_installed() -> bool:
    return importlib.util.find_spec(MODULE) is not None


def on_ray(workers: int) -> Engine:
    """Ray with so many workers, or the cluster that RAY_ADDRESS names. Raises EngineError when it is used."""

    def parse_on_ray(tasks: Sequence[Task], cache: Cache, tick: Callable[[], None]) -> Generator[tuple[Task, Outcome]]:
        left = {task.index: task for task in tasks}
        for _ in range(TRIES):
            if not left:
                return
            with closing(answers(list(left.values()), cache, workers, tick)) as told:
                for index, outcome in told:
                    if index in left and not (isinstance(outcome, Brief) and cache.get_head(left[index].key) is None):
                        yield left.pop(index), outcome
            # A lot that was lost may have been parsed in part.
            for task in list(left.values()):
                if parsed := cache.get(task.key):
                    yield left.pop(task.index), brief_of(parsed)
        if left:
            yield from here(workers)(list(left.values()), cache, tick)

    return parse_on_ray


def answers(tasks: Sequence[Task], cache: Cache, workers: int, tick: Callable[[], None]) -> Answers:
    """Index and outcome of the tasks that were not lost. Raises EngineError."""
    order = Order(lots_of(tasks, cache.folder.absolute(), workers), workers)
    with tempfile.TemporaryFile() as said, _driver(order, said) as connection:
        late = time.monotonic() + WELCOME
        ready = False
        while True:
            while not connection.poll(TICK):
                tick()
                if not ready and time.monotonic() > late:
                    raise EngineError(f"not there after {WELCOME} s: {_last_line(said)}")
            try:
                yield from connection.recv()
            except (EOFError, ConnectionResetError):
                break
            ready = True
        if not ready:
            raise EngineError(_last_line(said))


def lots_of(tasks: Sequence[Task], folder: Path, workers: int) -> tuple[Lot, ...]:
    """The tasks in lots of one size, as many for each worker."""
    count = math.ceil(len(tasks) / (LOT * workers)) * workers
    size = math.ceil(len(tasks) / count)
    return tuple(Lot(tuple(tasks[start : start + size]), folder, fingerprint()) for start in range(0, len(tasks), size))


@contextmanager
def _driver(order: Order, said: BinaryIO) -> Iterator[Connection]:
    """Connection to a driver at work, whose words go into the file `said`. It is gone at the end, and Ray with it."""
    ours, theirs = Pipe()
    path = os.pathsep.join(filter(None, [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH")]))
    driver = subprocess.Popen(
        [sys.executable, "-m", "pipeline.ray_driver", str(theirs.fileno())],
        env={**os.environ, **QUIET, **({} if os.environ.get(ADDRESS) else ALONE), "PYTHONPATH": path},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    theirs.close()
    try:
        with ours:
            with suppress(BrokenPipeError, ConnectionResetError):
                ours.send(order)
            yield ours
        with suppress(subprocess.TimeoutExpired):
            driver.wait(FAREWELL)
    finally:
        driver.terminate()
        try:
            driver.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            driver.kill()
            driver.wait()


def _last_line(said: BinaryIO) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it said nothing")
