"""`perbup run` as a process of its own: watched, stopped, and searched for what it leaves behind."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
MARK = "PERBUP_TEST"
GONE_WITHIN = 20  # seconds: a warden that still imports sees only then that its caller is gone


class Command:
    """A run that is under way. Its standard output is JSON, a line an event."""

    def __init__(self, paths: Sequence[Path], output: Path, *options: str, python: Sequence[str] = ()) -> None:
        self._mark = uuid.uuid4().hex
        self.events: list[dict[str, Any]] = []
        self.process = subprocess.Popen(
            [sys.executable, *(python or ("-m", "pipeline.cli")), "run", *paths, "-o", output, "--json", *options],
            cwd=ROOT,
            env=os.environ | {MARK: self._mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell may have had the tests ignore it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> bool:
        """Wait for an event; False where the run ends without it."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.events.append(json.loads(line))
            if wanted(self.events[-1]):
                return True
        return False

    def ended(self) -> tuple[int, str]:
        """The exit code and what was said on standard error, once the run is over."""
        out, err = self.process.communicate(timeout=600)
        for line in out.splitlines():
            with suppress(ValueError):  # cut off by a kill
                self.events.append(json.loads(line))
        return self.process.returncode, err

    def done(self) -> dict[str, Any]:
        """What the run tells at its end, which must be a good one."""
        code, err = self.ended()
        assert code in (0, 3), err
        assert "Traceback" not in err
        return self.events[-1]

    def left(self) -> list[psutil.Process]:
        """Processes of this run that are still there after a while."""
        until = time.monotonic() + GONE_WITHIN
        while (found := [one for one in psutil.process_iter() if self._owns(one)]) and time.monotonic() < until:
            time.sleep(0.05)
        return found

    def _owns(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            return process.environ().get(MARK) == self._mark
        return False


def at(stage: str, done: int = 0) -> Callable[[dict[str, Any]], bool]:
    """Whether a run has come so far."""
    return lambda event: event.get("stage") == stage and event["done"] >= done


def whole(output: Path) -> str:
    """The hash of the manifest of a release that must be whole, with nothing beside its files."""
    manifest = (output / "manifest.json").read_bytes()
    told = {file["path"]: file["sha256"] for file in json.loads(manifest)["files"]}
    held = {
        path.relative_to(output).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in output.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert held == told
    return hashlib.sha256(manifest).hexdigest()


def beside(output: Path) -> set[str]:
    """What lies beside an output, but for its cache."""
    return {path.name for path in output.parent.iterdir() if path.name.startswith(f".{output.name}")} - {
        f".{output.name}.cache"
    }


def entries(output: Path) -> list[Path]:
    """The entries of the cache beside an output, without those that a killed process left half written."""
    found = output.with_name(f".{output.name}.cache").rglob("*")
    return [path for path in found if path.is_file() and not path.name.startswith(".")]
