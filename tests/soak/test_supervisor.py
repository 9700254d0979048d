"""Hundreds of culprits among thousands of good tasks. `make soak` runs it and prints the figures."""

from __future__ import annotations

import resource
import time
from collections import Counter

import psutil
import pytest

from pipeline.isolation import MEGABYTE, Failure
from pipeline.supervisor import supervise
from tests.faults import FAULTS, LIMITS, Leftovers, mixed, work, wrong

pytestmark = pytest.mark.soak

CULPRITS = 20
GOOD = 2000
WORKERS = 4
MEMORY_BYTES = 300 * MEGABYTE


def test_culprits_cost_only_themselves() -> None:
    tasks = mixed(CULPRITS, GOOD)
    reasons: dict[str, Counter[str]] = {kind: Counter() for kind in (*FAULTS, "good")}
    mistaken: list[tuple[object, object]] = []
    warden_memory: list[int] = []
    begun = time.monotonic()
    with Leftovers() as left:
        for (kind, number), outcome in supervise(tasks, work, WORKERS, LIMITS):
            reasons[kind][outcome.reason.value if isinstance(outcome, Failure) else "right"] += 1
            if wrong((kind, number), outcome):
                mistaken.append(((kind, number), outcome))
            warden_memory += [process.memory_info().rss for process in psutil.Process().children()]
        seconds = time.monotonic() - begun
        none_left = left.none()
    for kind, counted in reasons.items():
        print(f"{kind:<16} {sum(counted.values()):5}  {dict(counted)}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{len(tasks)} tasks, {WORKERS} workers, {seconds:.0f} s; {len(mistaken)} wrong; none left: {none_left}")
    print(f"caller {memory // MEGABYTE} MB at its peak, warden {max(warden_memory) // MEGABYTE} MB")
    assert mistaken == []
    assert none_left
    assert sum(reasons["good"].values()) == GOOD
    assert all(sum(reasons[kind].values()) == CULPRITS for kind in FAULTS)
    assert max(memory, *warden_memory) < MEMORY_BYTES
    assert warden_memory[-1] - warden_memory[0] < 20 * MEGABYTE
