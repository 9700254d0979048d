"""What Ray loses is found and parsed all the same. Ray itself runs in tests/soak."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import ray_engine
from pipeline.cache import Cache, fingerprint
from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.inputs import collect
from pipeline.isolation import Failure
from pipeline.parsing import Outcome, Results, Task, look, parse_into
from pipeline.progress import unwatched
from pipeline.ray_engine import EngineError, lots_of, on_ray
from pipeline.reasons import Reason
from tests.many_acts import write_acts

COUNT = 5
Answer = Callable[[Cache, Task], Iterator[tuple[int, Outcome]]]


def whole(cache: Cache, task: Task) -> Iterator[tuple[int, Outcome]]:
    yield task.index, parse_into(cache, task)


def answered_and_not_kept(cache: Cache, task: Task) -> Iterator[tuple[int, Outcome]]:
    """On a machine that sees another folder."""
    yield task.index, parse_into(Cache(cache.folder.with_name("elsewhere"), fingerprint()), task)


def kept_and_not_answered(cache: Cache, task: Task) -> Iterator[tuple[int, Outcome]]:
    parse_into(cache, task)
    yield from ()


def lost(_cache: Cache, _task: Task) -> Iterator[tuple[int, Outcome]]:
    yield from ()


def twice(cache: Cache, task: Task) -> Iterator[tuple[int, Outcome]]:
    yield from whole(cache, task)
    yield from whole(cache, task)


def failed(_cache: Cache, task: Task) -> Iterator[tuple[int, Outcome]]:
    yield task.index, Failure(Reason.CRASHED, "ended by SIGSEGV")


@pytest.mark.parametrize("fate", [whole, answered_and_not_kept, kept_and_not_answered, lost, twice])
@pytest.mark.parametrize("tries", [1, 10])
def test_every_file_is_parsed_once_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fate: Answer, tries: int
) -> None:
    """`tries`: how often Ray does so to every second file."""
    asked: list[list[int]] = []

    def answers(
        tasks: Sequence[Task], cache: Cache, _workers: int, _tick: Callable[[], None]
    ) -> Iterator[tuple[int, Outcome]]:
        asked.append([task.index for task in tasks])
        for task in tasks:
            yield from (fate if task.index % 2 and len(asked) <= tries else whole)(cache, task)

    monkeypatch.setattr(ray_engine, "answers", answers)
    results = collected(tmp_path)
    results.parse(on_ray(1), unwatched)
    assert results.parsed_now == COUNT
    assert all(results.head(index) for index in range(COUNT))
    assert len(asked) <= ray_engine.TRIES
    known = fate in (whole, kept_and_not_answered, twice)
    assert asked[1:] == ([] if known else [[1, 3]])


def test_what_a_file_did_to_its_process_is_no_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        ray_engine, "answers", lambda tasks, cache, *_: (one for task in tasks for one in failed(cache, task))
    )
    results = collected(tmp_path)
    results.parse(on_ray(1), unwatched)
    assert results.failed_now == COUNT
    heads = [results.head(index) for index in range(COUNT)]
    assert {head.status for head in heads if head} == {"rejected"}


def test_lots_hold_each_task_once() -> None:
    for count in (1, 2, 7, 199, 401, 1000):
        for workers in (1, 2, 8):
            lots = lots_of(list(range(count)), Path("cache"), workers)  # type: ignore[arg-type]
            assert [task for lot in lots for task in lot.tasks] == list(range(count))
            assert max(len(lot.tasks) for lot in lots) <= ray_engine.LOT


def test_ray_that_does_not_start_ends_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last word of Ray is told."""
    pytest.importorskip("ray", reason="the extra `scale` is not installed")
    monkeypatch.setattr(ray_engine, "QUIET", {"RAY_ADDRESS": "nonsense://here"})
    monkeypatch.chdir(tmp_path)
    write_acts(tmp_path / "raw", 1, 1)
    done = CliRunner().invoke(main, ["run", "raw", "--engine", "ray"])
    assert (done.exit_code, "Error: Ray: " in done.stderr) == (ExitCode.FAILED, True)
    assert "--engine local" in done.stderr
    assert not (tmp_path / "output").exists()


def test_ray_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "WELCOME", 0)
    results = collected(tmp_path)
    with pytest.raises(EngineError, match="not there after"):
        results.parse(on_ray(1), unwatched)


def test_what_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "MODULE", "a_module_that_is_not_there")
    write_acts(tmp_path, 1, 1)
    done = CliRunner().invoke(main, ["run", str(tmp_path), "--engine", "ray"])
    assert (done.exit_code, "pip install 'perbup-to-parquet[scale]'" in done.stderr) == (ExitCode.USAGE, True)


def collected(folder: Path) -> Results:
    given = collect([write_acts(folder / "raw", COUNT, 1)])
    caches = [Cache(folder / name, fingerprint()) for name in ("cache", "own")]
    return Results(given, look(given, 1, unwatched), *caches)
