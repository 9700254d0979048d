"""Among tasks that go wrong in every way, the good ones are right, each culprit is named and no process is left."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.isolation import MEGABYTE, Failure, Limits
from pipeline.reasons import Reason
from pipeline.supervisor import IsolationError, PreparationError, isolated, supervise
from tests.faults import FAULTS, LIMITS, Leftovers, leave_an_orphan, mixed, spin, start_an_orphan, work, wrong

ROOT = Path(__file__).parent.parent


@pytest.fixture(autouse=True)
def nothing_left() -> Iterator[None]:
    with Leftovers() as left:
        yield
        assert left.none()


def test_good_tasks_are_right_and_culprits_are_named() -> None:
    tasks = mixed(culprits=1, of_good=100)
    answered = list(supervise(tasks, work, 3, LIMITS))
    assert sorted(task for task, _ in answered) == sorted(tasks)
    assert [(task, outcome) for task, outcome in answered if wrong(task, outcome)] == []


@pytest.mark.parametrize("kind", FAULTS.keys() - {"holds the lock", "hangs", "ignores signals"})
def test_a_message_says_how_it_ended(kind: str) -> None:
    with pytest.raises(IsolationError) as failed:
        isolated(lambda: work((kind, 0)), LIMITS)
    assert failed.value.reason == FAULTS[kind][1]
    told = {"segfault": "SIGSEGV", "abort": "SIGABRT", "killed": "SIGKILL", "exits": "status 0", "orphan": "status 7"}
    assert told.get(kind, "") in str(failed.value)


def test_a_task_killed_from_outside_once_is_right(tmp_path: Path) -> None:
    def killed_once(number: int) -> int:
        try:
            (tmp_path / str(number)).touch(exist_ok=False)
        except FileExistsError:
            return number
        if number % 3 == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert sorted(supervise(range(30), killed_once, 3)) == [(number, number) for number in range(30)]


def test_a_task_that_kills_its_supervisor_costs_only_itself() -> None:
    def kill_the_warden(number: int) -> int:
        start_an_orphan()
        if number == 5:
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        return number

    outcomes = dict(supervise(range(20), kill_the_warden, 3, LIMITS))
    culprit = outcomes.pop(5)
    assert isinstance(culprit, Failure)
    assert culprit.reason == Reason.KILLED
    assert outcomes == {number: number for number in range(20) if number != 5}


def test_an_orphan_ends_with_its_task_and_costs_no_result() -> None:
    def orphans() -> int:
        start_an_orphan()
        return subprocess.Popen(["sleep", "600"], start_new_session=True).pid

    assert not psutil.pid_exists(isolated(orphans))


def test_closing_ends_what_runs() -> None:
    outcomes = supervise([0, *range(600, 700)], time.sleep, 4)
    assert next(outcomes) == (0, None)
    outcomes.close()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_run_that_is_ended(number: signal.Signals) -> None:
    code = (
        "from tests.faults import start_an_orphan\n"
        "import sys, time\n"
        "from pipeline.supervisor import supervise\n"
        "def work(number):\n"
        "    start_an_orphan()\n"
        "    time.sleep(number)\n"
        "for _ in supervise([0, 600, 600, 600], work, 2):\n"
        "    print('running', flush=True)\n"
    )
    run = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"running\n"
        run.send_signal(number)
        # The end of the file: no process holds the pipe any more.
        assert run.communicate(timeout=10)[0] == b""
    assert run.returncode == -number


def test_tasks_are_begun_only_as_results_are_taken(tmp_path: Path) -> None:
    workers = 2
    outcomes = supervise(range(50), lambda number: (tmp_path / str(number)).touch(), workers)
    for taken, _ in enumerate(itertools.islice(outcomes, 20), start=1):
        time.sleep(0.01)
        assert len(list(tmp_path.iterdir())) <= taken + 2 * workers
    outcomes.close()


def test_at_most_as_many_run_as_there_are_workers(tmp_path: Path) -> None:
    def seen(number: int) -> int:
        mark = tmp_path / str(number)
        mark.touch()
        time.sleep(0.02)
        running = len(list(tmp_path.iterdir()))
        mark.unlink()
        return running

    # On a busy machine not all of them need meet.
    assert 1 < max(running for _, running in supervise(range(30), seen, 3)) <= 3


def test_large_results_come_back_whole() -> None:
    assert isolated(lambda: bytes(100 * MEGABYTE)) == bytes(100 * MEGABYTE)


def test_a_result_is_measured_before_it_is_taken() -> None:
    limits = Limits(output=MEGABYTE)
    assert isolated(lambda: bytes(MEGABYTE - 1000), limits)
    with pytest.raises(IsolationError) as failed:
        isolated(lambda: [bytes(1000) + bytes([n % 256]) for n in range(MEGABYTE // 1000)], limits)
    assert failed.value.reason == Reason.OUTPUT_TOO_LARGE


def test_open_files_are_limited() -> None:
    with pytest.raises(IsolationError) as failed:
        isolated(lambda: [os.pipe() for _ in range(500)])
    assert failed.value.reason == Reason.INTERNAL_ERROR


def test_what_is_prepared_is_there_for_all_and_nowhere_else() -> None:
    prepared: list[int] = []
    outcomes = supervise(range(5), lambda _: (os.getppid(), *prepared), 2, prepare=lambda: prepared.append(os.getpid()))
    assert all(parent == warden for _, (parent, warden) in outcomes)
    assert not prepared


def test_a_preparation_that_fails_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(PreparationError):
        list(supervise([1], str, 1, prepare=lambda: 1 / 0))
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_the_caller_ticks_while_it_waits() -> None:
    ticks: list[float] = []
    list(supervise([0.5], time.sleep, 1, tick=lambda: ticks.append(time.monotonic())))
    assert ticks


def test_no_tasks_give_no_results() -> None:
    assert list(supervise([], spin, 2)) == []


def test_supervised_within_a_child() -> None:
    def inner() -> list[object]:
        return [outcome for _, outcome in supervise(["good", "orphan"], lambda kind: work((kind, 1)), 1)]

    first, second = isolated(inner)
    assert not wrong(("good", 1), first)
    assert not wrong(("orphan", 1), second)


def test_an_orphan_of_one_task_does_not_end_another() -> None:
    def both(kind: str) -> object:
        return leave_an_orphan() if kind == "orphan" else time.sleep(0.3)

    outcomes = dict(supervise(["good", "orphan"], both, 2))
    assert outcomes["good"] is None
    assert isinstance(outcomes["orphan"], Failure)


def test_reading_in_children_is_prepared_and_keeps_to_one_thread() -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from pipeline.preparation import prepare\n"
        "from pipeline.supervisor import supervise\n"
        "def work(path):\n"
        "    from pipeline.document import parse\n"
        "    before, threads = set(sys.modules), len(list(Path('/proc/self/task').iterdir()))\n"
        "    parse(path.read_bytes(), path.name)\n"
        "    return set(sys.modules) - before, threads, len(list(Path('/proc/self/task').iterdir()))\n"
        "for _, outcome in supervise(list(Path('raw_docs').rglob('*.txt')), work, 2, prepare=lambda: prepare(pdf=True)):\n"
        "    assert outcome == (set(), 1, 1), outcome\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
