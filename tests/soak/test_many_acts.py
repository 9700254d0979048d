"""Thousands of acts in one run: what it takes of memory, whether it slows down, and what the next run takes.

`make soak` prints the figures; PERBUP_SOAK_ACTS sets the number of acts.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest

from pipeline.isolation import MEGABYTE
from tests.commands import Command, beside
from tests.many_acts import write_acts

pytestmark = pytest.mark.soak

ACTS = int(os.environ.get("PERBUP_SOAK_ACTS", "10000"))
EVERY = 0.25  # seconds between two samples
MOST_MAIN = 300 * MEGABYTE
MOST_SLOPE = 1.0  # MB of the main process for 1,000 documents


class Sample(NamedTuple):
    """At a moment: stage and documents done in it; memory of the main process and the warden, CPU of documents."""

    seconds: float
    stage: str
    done: int
    main: int
    warden: int
    cpu: float


def watched(command: Command) -> list[Sample]:
    """Samples of a run until it is over."""
    reader = threading.Thread(target=command.until, args=(lambda _: False,))
    reader.start()
    samples = []
    begun = time.monotonic()
    main = psutil.Process(command.process.pid)
    while reader.is_alive():
        time.sleep(EVERY)
        step = next((event for event in reversed(command.events) if event["event"] == "step"), None)
        try:
            (warden,) = main.children()
            memory, own = main.memory_info().rss, warden.memory_info().rss
            used = warden.cpu_times()
        except (psutil.Error, ValueError):
            continue
        if step:
            cpu = used.user + used.system + used.children_user + used.children_system
            samples.append(Sample(time.monotonic() - begun, step["stage"], step["done"], memory, own, cpu))
    reader.join()
    return samples


def pace(samples: Sequence[Sample], first: int, last: int) -> tuple[float, float]:
    """Documents a second and a CPU second between two counts of documents done."""
    start = next(sample for sample in samples if sample.done >= first)
    end = next((sample for sample in samples if sample.done >= last), samples[-1])
    done = end.done - start.done
    return done / (end.seconds - start.seconds), done / (end.cpu - start.cpu)


def slope(samples: Sequence[Sample], field: str) -> float:
    """MB for 1,000 documents."""
    done = [sample.done for sample in samples]
    fit = statistics.linear_regression(done, [getattr(sample, field) / MEGABYTE for sample in samples])
    return fit.slope * 1000


def test_thousands_of_acts(tmp_path: Path) -> None:
    given, output = write_acts(tmp_path / "in", ACTS, seed=11), tmp_path / "out"
    begun = time.monotonic()
    command = Command([given], output)
    samples = watched(command)
    assert command.done()["parsed"] == ACTS
    assert command.left() == []
    first = time.monotonic() - begun
    parse = [sample for sample in samples if sample.stage == "parse" and sample.done]
    # The first documents still fill the allocator's pools.
    settled = [sample for sample in parse if sample.done > ACTS // 20]
    tenth = ACTS // 10
    early, late = pace(parse, tenth // 2, tenth + tenth // 2), pace(parse, ACTS - tenth, ACTS)
    stages = {name: [one for one in samples if one.stage == name] for name in dict.fromkeys(s.stage for s in samples)}
    print(f"\n{ACTS} acts: {first:.0f} s")
    for name, held in stages.items():
        told = f"{held[-1].seconds - held[0].seconds:7.1f} s"
        told += f"  main {held[0].main / MEGABYTE:.0f} to {held[-1].main / MEGABYTE:.0f} MB"
        told += f", at most {max(one.main for one in held) / MEGABYTE:.0f} MB"
        told += f"; warden at most {max(one.warden for one in held) / MEGABYTE:.0f} MB"
        print(f"{name:<9}{told}")
    print(f"while parsing, MB for 1,000 acts: main {slope(settled, 'main'):.2f}, warden {slope(settled, 'warden'):.2f}")
    print(f"acts a second: {early[0]:.1f} early, {late[0]:.1f} late ({late[0] / early[0]:.1%})")
    print(f"acts a CPU second: {early[1]:.2f} early, {late[1]:.2f} late ({late[1] / early[1]:.1%})")

    begun = time.monotonic()
    again = Command([given], output).done()
    nothing_new = time.monotonic() - begun
    print(f"nothing new: {nothing_new:.1f} s ({nothing_new / first:.1%} of the first run)")
    assert again["parsed"] == 0
    assert [again["rows"], again["status"]] == [command.events[-1]["rows"], {"parsed": ACTS}]

    changed = sorted(given.iterdir())[ACTS // 2]
    changed.write_text(changed.read_text("utf-8").replace("secara berkala", "secara terbuka") + "\n", "utf-8")
    begun = time.monotonic()
    assert Command([given], output).done()["parsed"] == 1
    print(f"one file changed: {time.monotonic() - begun:.1f} s ({(time.monotonic() - begun) / first:.1%})")
    assert beside(output) == set()
    assert max(sample.main for sample in samples) < MOST_MAIN
    assert slope(settled, "main") <= MOST_SLOPE
    assert slope(settled, "warden") <= MOST_SLOPE
