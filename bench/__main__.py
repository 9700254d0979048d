"""Runs each measurement in a process of its own, so that none pays for another's imports."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.exit_codes import ExitCode

SEEDS = "raw_docs"
RUNS = 3


def child_cpu(command: list[str]) -> float:
    """CPU seconds, user and system, of a child process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
    if done.returncode not in (ExitCode.OK, ExitCode.INCOMPLETE):
        raise SystemExit(f"{' '.join(command)} returned {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def whole(title: str, *arguments: str) -> None:
    """The median CPU of a whole command, start-up included."""
    times = sorted(child_cpu([sys.executable, "-m", "pipeline.cli", *arguments]) for _ in range(RUNS))
    print(f"{title:<44} {times[RUNS // 2]:6.2f} s CPU  (median of {RUNS}, from {times[0]:.2f} to {times[-1]:.2f})")


def main() -> None:
    """All measurements, one after the other."""
    print("Whole commands, start-up included")
    whole("perbup --help", "--help")
    with tempfile.TemporaryDirectory() as folder:
        whole(f"perbup run {SEEDS}", "run", SEEDS, "-o", str(Path(folder) / "output"), "--quiet")
    for module in ("stages", "growth", "patterns", "pdf", "compare", "report"):
        print(flush=True)
        subprocess.run([sys.executable, "-m", f"bench.{module}"], check=True)


if __name__ == "__main__":
    main()
