"""A run that is killed, stopped, or started twice: the old release or the new one, whole, and nothing left behind."""

from __future__ import annotations

import random
import signal
import time
from pathlib import Path

import pytest

from pipeline.exit_codes import ExitCode
from tests.commands import Command, at, beside, entries, whole
from tests.corpora import files
from tests.many_acts import write_acts

ACTS = 16
WORKERS = 2


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_acts(tmp_path_factory.mktemp("given"), ACTS, seed=3)


@pytest.fixture(scope="module")
def undisturbed(given: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], float]:
    """The files of the release, and the seconds that it took."""
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    begun = time.monotonic()
    command = Command([given], output, "--workers", str(WORKERS))
    assert command.done()["parsed"] == ACTS
    return files(output), time.monotonic() - begun


@pytest.fixture
def output(given: Path, tmp_path: Path) -> Path:
    """A release of two of the acts, in place of which the whole one comes."""
    output = tmp_path / "out"
    Command(sorted(given.iterdir())[:2], output).done()
    return output


@pytest.mark.parametrize("rounds", [4, pytest.param(20, marks=pytest.mark.soak)])
def test_a_killed_run_goes_on_where_it_was(
    given: Path, undisturbed: tuple[dict[str, str], float], output: Path, rounds: int
) -> None:
    expected, seconds = undisturbed
    chance = random.Random(rounds)
    old = whole(output)
    seen = set()
    landed: dict[str, int] = {}
    for _ in range(rounds):
        if len(entries(output)) == ACTS:
            # Some work again.
            for entry in chance.sample(entries(output), chance.randint(1, ACTS)):
                entry.unlink()
        before = len(entries(output))
        force = ["--force"] if whole(output) != old else []
        command = Command([given], output, "--workers", str(WORKERS), *force)
        time.sleep(chance.uniform(0, seconds * 1.1))
        command.process.kill()
        command.ended()
        assert command.left() == []
        seen.add(whole(output))
        told = [event["done"] for event in command.events if event.get("stage") == "parse" and not force]
        # What was answered for is kept: only what was in flight is parsed again.
        assert len(entries(output)) >= max([before, *told])
        stage = command.events[-1].get("stage", "done") if command.events else "begin"
        landed[stage] = landed.get(stage, 0) + 1
    kept = len(entries(output))
    command = Command([given], output, "--workers", str(WORKERS))
    told = command.done()
    print(f"{rounds} kills, by the last stage that was told: {landed}; {len(seen)} releases seen; {kept} results kept")
    assert told["parsed"] in (ACTS - kept, 0)
    assert files(output) == expected
    assert beside(output) == set()
    assert command.left() == []


STOPS = [
    (signal.SIGINT, "parse", ExitCode.INTERRUPTED),
    (signal.SIGTERM, "parse", ExitCode.TERMINATED),
    (signal.SIGHUP, "assemble", ExitCode.HUNG_UP),
    (signal.SIGTERM, "look", ExitCode.TERMINATED),
    (signal.SIGINT, "write", ExitCode.INTERRUPTED),
]


@pytest.mark.parametrize(("number", "stage", "code"), STOPS, ids=lambda value: str(value))
def test_a_run_that_is_told_to_end_does_so_in_order(
    given: Path, output: Path, number: signal.Signals, stage: str, code: ExitCode
) -> None:
    old = whole(output)
    command = Command([given], output)
    assert command.until(at(stage))
    command.process.send_signal(number)
    returned, told = command.ended()
    assert returned == code
    assert told.splitlines() == [
        f"Error: stopped by {number.name}; nothing was published.",
        "Try: the same command again: what was parsed is kept",
    ]
    assert whole(output) == old
    assert beside(output) == set()
    assert command.left() == []


def test_a_signal_that_is_ignored_stays_ignored(given: Path, output: Path) -> None:
    """As under nohup."""
    ignoring = "import signal, sys; signal.signal(signal.SIGHUP, signal.SIG_IGN); from pipeline.cli import main; main()"
    command = Command(sorted(given.iterdir())[:3], output, python=["-c", ignoring])
    assert command.until(at("parse"))
    command.process.send_signal(signal.SIGHUP)
    assert command.done()["parsed"] == 1


def test_the_second_of_two_runs_says_who_holds_the_output(given: Path, output: Path) -> None:
    first = Command([given], output)
    assert first.until(at("parse"))
    begun = time.monotonic()
    second = Command([given], output)
    code, told = second.ended()
    print(f"the second run left after {time.monotonic() - begun:.1f} s")
    assert code == ExitCode.BUSY
    assert f"{output} is in use by process {first.process.pid} on " in told
    assert "Try: perbup run -o ANOTHER_FOLDER" in told
    assert second.events == []
    assert first.process.poll() is None, "the first was done before the second looked"
    assert first.done()["status"] == {"parsed": ACTS}
    assert beside(output) == set()
    assert first.left() == second.left() == []
