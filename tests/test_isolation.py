"""A child process a file: every way to go wrong costs only that file, and none is left behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.isolation import IsolationError, isolated
from pipeline.reasons import Reason

MEGABYTE = 1024**2


def spin() -> None:
    while True:
        pass


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1)


def ignore_and_spin() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    spin()


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (spin, Reason.CPU_LIMIT),
        (ignore_and_spin, Reason.CPU_LIMIT),
        (os.abort, Reason.CRASHED),
        (lambda: ctypes.string_at(0), Reason.CRASHED),
        (lambda: os._exit(0), Reason.CRASHED),
        (lambda: sys.exit(3), Reason.CRASHED),
        (lambda: bytearray(8 * 1024 * MEGABYTE), Reason.OUT_OF_MEMORY),
        (recurse, Reason.INTERNAL_ERROR),
        (lambda: lambda: 0, Reason.CRASHED),
    ],
)
def test_what_goes_wrong_in_a_child_has_its_reason(
    work: Callable[[], object], reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.isolation.GRACE", 1)
    with pytest.raises(IsolationError) as failed:
        isolated(work, cpu_seconds=1)
    assert failed.value.reason == reason


def test_large_results_come_back_whole() -> None:
    assert isolated(lambda: bytes(150 * MEGABYTE)) == bytes(150 * MEGABYTE)


def test_a_grandchild_is_ended_with_its_parent() -> None:
    def work() -> int:
        return subprocess.Popen(["sleep", "60"]).pid

    grandchild = isolated(work)
    for _ in range(100):
        try:
            os.kill(grandchild, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{grandchild}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return
        time.sleep(0.02)
    pytest.fail("the grandchild is still there")
