"""What many short acts cost, by engine and workers, and by that what very many would: `python -m bench.scale`."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from pipeline.emit import MANIFEST
from pipeline.isolation import MEGABYTE, adopt_orphans
from pipeline.ray_engine import is_installed
from tests.many_acts import write_acts

COUNT = 500
SEED = 1
WAYS = (("local", 1), ("local", 2), ("local", 8), *((("ray", 2),) if is_installed() else ()))
MANY = 500_000
CORES = (2, 64)


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a whole run. `stages`: seconds of each; `cpu`: seconds of all its processes; `memory`: of the first, bytes."""

    wall: float
    cpu: float
    stages: dict[str, float]
    memory: int
    cache: int
    output: int
    release: str


def measure(raw: Path, place: Path, engine: str, workers: int) -> Cost:
    """A run from nothing, with all that it starts, also what outlives its parent, as Ray's processes do."""
    arguments = ["run", raw, "-o", place / "output", "--cache", place / "cache", "--engine", engine, "--json"]
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments), "--workers", str(workers)]
    adopt_orphans()
    before = _cpu()
    begun = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        stages, memory, unreported = _watch(run)
    wall = time.monotonic() - begun
    if run.returncode:
        raise SystemExit(f"{' '.join(command)} returned {run.returncode}")
    with suppress(ChildProcessError):
        while os.wait():
            continue
    release = hashlib.sha256((place / "output" / MANIFEST).read_bytes()).hexdigest()
    cache, output = (_bytes(place / name) for name in ("cache", "output"))
    return Cost(wall, _cpu() - before + unreported, stages, memory, cache, output, release)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _watch(run: subprocess.Popen[str]) -> tuple[dict[str, float], int, float]:
    """Seconds by stage, the most memory that the first process had when it told something, and CPU of Ray's workers."""
    assert run.stdout is not None
    process, stages, memory = psutil.Process(run.pid), dict[str, float](), 0
    workers: dict[int, float] = {}
    last, since = "begin", time.monotonic()
    for line in run.stdout:
        with suppress(psutil.Error):
            memory = max(memory, process.memory_info().rss)
        for child in process.children(recursive=True):
            with suppress(psutil.Error):
                # The system forgets what they used: their parent does not wait for them.
                if (parent := child.parent()) and parent.name() == "raylet":
                    workers[child.pid] = sum(child.cpu_times()[:4])
        stage, now = json.loads(line).get("stage", "end"), time.monotonic()
        stages[last] = stages.get(last, 0.0) + now - since
        last, since = stage, now
    return stages, memory, sum(workers.values())


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(count: int = COUNT) -> dict[tuple[str, int], Cost]:
    """The costs by engine and workers; told while they are measured."""
    costs: dict[tuple[str, int], Cost] = {}
    with tempfile.TemporaryDirectory(prefix="perbup-scale-") as folder:
        raw = write_acts(Path(folder) / "raw", count, SEED)
        print(f"{count} acts of {sum(path.stat().st_size for path in raw.iterdir()) // count} bytes")
        print(f"{'engine':<8} {'workers':>7} {'wall s':>8} {'CPU s':>8} {'ms CPU/act':>11} {'parse s':>8} {'MB':>5}")
        for engine, workers in WAYS:
            cost = measure(raw, Path(folder) / f"{engine}{workers}", engine, workers)
            costs[engine, workers] = cost
            print(
                f"{engine:<8} {workers:>7} {cost.wall:>8.1f} {cost.cpu:>8.1f} {1000 * cost.cpu / count:>11.0f} "
                f"{cost.stages['parse']:>8.1f} {cost.memory // MEGABYTE:>5}",
                flush=True,
            )
    return costs


def project(cost: Cost, count: int) -> None:
    """What MANY acts would take at this cost an act."""
    hours = cost.cpu / count * MANY / 3600
    spread = ", ".join(f"{hours / cores:.1f} h on {cores} cores" for cores in CORES)
    print(f"{MANY:,} acts: {hours:.0f} h of CPU ({spread} kept busy),")
    print(f"  {cost.cache / count * MANY / 1e9:.1f} GB of cache ({cost.cache // count} bytes an act),")
    print(f"  {cost.output / count * MANY / 1e9:.1f} GB of Parquet ({cost.output // count} bytes an act)")


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    costs = compare(count)
    print(f"{len({cost.release for cost in costs.values()})} different releases")
    project(costs["local", 1], count)


if __name__ == "__main__":
    main()
