"""How far a run is: a line on the terminal, or lines of JSON for machines. Nothing here runs in a thread."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import click

REDRAW = 0.1  # seconds between two drawings of the progress line
TOLD = 1.0  # seconds between two lines of JSON


class Step(NamedTuple):
    """How far a stage is. `failed`: files that gave nothing; `pages`: pages read since the run began."""

    stage: str
    done: int
    total: int
    failed: int = 0
    pages: int = 0


Tick = Callable[[Step], None]


def unwatched(_step: Step) -> None:
    """For runs that show no progress."""


@contextmanager
def shown(color: bool) -> Iterator[Tick]:
    """A progress line on standard error where that is a terminal; it is gone when the work is done."""
    if not sys.stderr.isatty():
        yield unwatched
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from pipeline.terminal import console

    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[more]}")),
        TimeRemainingColumn(),
    )
    # No thread draws: the run forks processes.
    screen = console(stderr=True, color=color)
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as progress:
        task = progress.add_task("read", more="")
        begun: dict[str, float] = {}
        drawn = float("-inf")

        def tick(step: Step) -> None:
            nonlocal drawn
            now = time.monotonic()
            if step.stage not in begun:
                begun[step.stage] = now
                progress.reset(task, description=step.stage, total=step.total, completed=step.done)
            progress.update(task, completed=step.done, total=step.total, more=_more(step, now - begun[step.stage]))
            if step.done in (0, step.total) or now - drawn > REDRAW:
                progress.refresh()
                drawn = now

        yield tick


def _more(step: Step, seconds: float) -> str:
    """Files that failed, and pages a second."""
    told = [f"{step.failed} failed"] if step.failed else []
    if step.pages and seconds > 0:
        told.append(f"{step.pages / seconds:.1f} pages/s")
    return ", ".join(told)


@contextmanager
def logged() -> Iterator[Tick]:
    """A line of JSON a stage and second on standard output."""
    last: dict[str, float] = {}
    told: Step | None = None

    def tick(step: Step) -> None:
        nonlocal told
        now = time.monotonic()
        if step == told:
            return
        told = step
        if step.done in (0, step.total) or now - last.get(step.stage, float("-inf")) > TOLD:
            log("step", **step._asdict())
            last[step.stage] = now

    yield tick


@contextmanager
def silent() -> Iterator[Tick]:
    """Nothing."""
    yield unwatched


def log(event: str, **facts: Any) -> None:
    """A line of JSON."""
    click.echo(json.dumps({"event": event, **facts}, ensure_ascii=False, default=str))
