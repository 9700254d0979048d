"""Hundreds of acts by every engine, and Ray with its processes killed. `make soak` prints what it cost."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest

from bench import scale
from tests.many_acts import write_acts
from tests.published import files

pytest.importorskip("ray", reason="the extra `scale` is not installed")
pytestmark = pytest.mark.soak

ACTS = 60
LOT_MODULE = "pipeline.ray_lot"
MAPPED = "::ffff:"  # an IPv4 address as IPv6 writes it
OURS = ("raylet", "gcs_server", "ray::", "pipeline.ray_")


def test_every_engine_gives_the_same_release_with_any_workers() -> None:
    print()
    costs = scale.compare()
    scale.project(costs["local", 1], scale.COUNT)
    assert len({cost.release for cost in costs.values()}) == 1


def command(raw: Path, output: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "pipeline.cli", "run", str(raw), "-o", str(output), "--quiet", *more]


def lots(run: psutil.Process) -> list[psutil.Process]:
    found = []
    for process in run.children(recursive=True):
        with suppress(psutil.Error):
            if LOT_MODULE in process.cmdline():
                found.append(process)
    return found


def test_a_lot_that_is_killed_is_parsed_again_and_ray_listens_here_alone(tmp_path: Path) -> None:
    raw = write_acts(tmp_path / "raw", ACTS, 1)
    known = {process.pid for process in psutil.process_iter()}
    heard: set[str] = set()
    killed = 0
    with subprocess.Popen(command(raw, tmp_path / "ray", "--engine", "ray", "--workers", "2")) as run:
        process = psutil.Process(run.pid)
        while run.poll() is None:
            for child in process.children(recursive=True):
                with suppress(psutil.Error):
                    heard |= {
                        one.laddr.ip.removeprefix(MAPPED)
                        for one in child.net_connections("inet")
                        if one.status == "LISTEN"
                    }
            if not killed:
                for lot in lots(process):
                    lot.send_signal(signal.SIGKILL)
                    killed += 1
            time.sleep(0.1)
    assert run.returncode == 0
    assert killed
    assert heard
    assert all(ip_address(address).is_loopback for address in heard), heard
    subprocess.run(command(raw, tmp_path / "local"), check=True)
    assert files(tmp_path / "ray") == files(tmp_path / "local")
    assert none_left(known)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_run_that_ends(tmp_path: Path, number: signal.Signals) -> None:
    raw = write_acts(tmp_path / "raw", ACTS, 1)
    known = {process.pid for process in psutil.process_iter()}
    with subprocess.Popen(command(raw, tmp_path / "ray", "--engine", "ray", "--workers", "2")) as run:
        while run.poll() is None and not lots(psutil.Process(run.pid)):
            time.sleep(0.1)
        run.send_signal(number)
    assert run.returncode != 0
    assert none_left(known)
    assert not (tmp_path / "ray").exists()


def none_left(known: set[int]) -> bool:
    """Whether, after some patience, no process of Ray or of a lot is there that was not before."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        left = []
        for process in psutil.process_iter(["cmdline", "name"]):
            told = " ".join([process.info["name"] or "", *(process.info["cmdline"] or ())])
            if process.pid not in known and any(name in told for name in OURS):
                left.append(told)
        if not left:
            return True
        time.sleep(0.5)
    print(left)
    return False
