"""One run at a time on an output, with real processes: who comes second is told by whom, and no dead one blocks."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from pipeline import lock
from pipeline.lock import OutputBusyError, held, lock_file

ROOT = Path(__file__).parent.parent
HOLD = """
import sys
from pathlib import Path
from pipeline.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""
# As HOLD, with a child that outlives it.
HOLD_WITH_CHILD = """
import os, sys, time
from pathlib import Path
from pipeline.lock import held
with held(Path(sys.argv[1])):
    child = os.fork()
    if child == 0:
        os.setsid()
        time.sleep(60)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(output: Path, code: str = HOLD) -> Iterator[subprocess.Popen[str]]:
    """A process that holds `output` until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(output)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe
            pipe.close()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_the_second_is_told_who_holds_the_output(tmp_path: Path) -> None:
    output = tmp_path / "out"
    with holder(output) as first:
        assert said(first) == "held"
        start = time.monotonic()
        with pytest.raises(OutputBusyError) as refused, held(output):
            pytest.fail("held twice")
        waited = time.monotonic() - start
        told = refused.value.holder
        assert told
        assert (told.pid, told.host) == (first.pid, socket.gethostname())
        assert abs(datetime.fromisoformat(told.since).timestamp() - time.time()) < 60
        for part in (str(output), str(first.pid), told.host, told.since):
            assert part in str(refused.value)
        assert waited < 2 * lock.PATIENCE
        assert first.stdin
        first.stdin.close()
        with held(output):
            pass
    assert list(tmp_path.iterdir()) == [], "the lock is gone with its holder"


def test_who_waits_a_moment_gets_the_lock_of_a_run_that_ends(tmp_path: Path) -> None:
    with holder(tmp_path / "out") as first:
        said(first)
        assert first.stdin
        first.stdin.close()
        with held(tmp_path / "out"):
            assert json.loads(lock_file(tmp_path / "out").read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("code", [HOLD, HOLD_WITH_CHILD], ids=["alone", "with a child that lives on"])
def test_the_lock_of_a_killed_run_is_free(tmp_path: Path, code: str) -> None:
    with holder(tmp_path / "out", code) as first:
        child = said(first)
        first.send_signal(signal.SIGKILL)
        first.wait()
        try:
            assert lock_file(tmp_path / "out").exists(), "nobody cleaned up"
            with held(tmp_path / "out"):
                assert json.loads(lock_file(tmp_path / "out").read_text())["pid"] == os.getpid()
        finally:
            if child.isdigit():
                os.kill(int(child), signal.SIGKILL)
    assert list(tmp_path.iterdir()) == []


def test_of_many_at_once_each_holds_alone(tmp_path: Path) -> None:
    code = """
import os, sys, time
from pathlib import Path
from pipeline.lock import OutputBusyError, held
done = 0
while done < 20:
    try:
        with held(Path(sys.argv[1])):
            mark = Path(sys.argv[1] + ".inside")
            os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
            mark.unlink()
            done += 1
    except OutputBusyError:
        pass
"""
    command = [sys.executable, "-c", code, str(tmp_path / "out")]
    many = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in many] == [b""] * 4
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_removed_meanwhile_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lock_file(tmp_path / "out")
    flock = fcntl.flock
    times = count()

    def late(descriptor: int, operation: int) -> None:
        """Between opening and locking, the holder before ends."""
        if next(times) == 0:
            path.unlink()
        flock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    with held(tmp_path / "out"), pytest.raises(OutputBusyError), held(tmp_path / "out"):
        pytest.fail("held twice")


def test_the_same_process_does_not_hold_twice_and_other_outputs_are_free(tmp_path: Path) -> None:
    with held(tmp_path / "out"):
        with held(tmp_path / "other"):
            pass
        with pytest.raises(OutputBusyError), held(tmp_path / "out"):
            pytest.fail("held twice")
        assert lock_file(tmp_path / "out").exists(), "who was refused takes nothing away"


def test_a_child_neither_holds_nor_frees(tmp_path: Path) -> None:
    with held(tmp_path / "out"):
        child = os.fork()
        if child == 0:
            try:
                with held(tmp_path / "out"):
                    pass
            except OutputBusyError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert lock_file(tmp_path / "out").exists()


def test_a_fault_frees_the_output(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held(tmp_path / "out"):
        raise ZeroDivisionError
    with held(tmp_path / "out"):
        pass


def test_links_to_one_folder_share_a_lock_beside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "real" / "out").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real" / "out")
    assert lock_file(tmp_path / "link") == tmp_path / "real" / ".out.lock"
    with held(tmp_path / "link"), pytest.raises(OutputBusyError), held(tmp_path / "real" / "x" / ".." / "out"):
        pytest.fail("held twice")
    assert list((tmp_path / "real" / "out").iterdir()) == []


def test_a_lock_that_someone_removed_is_not_taken_from_the_next(tmp_path: Path) -> None:
    with ExitStack() as first:
        first.enter_context(held(tmp_path / "out"))
        lock_file(tmp_path / "out").unlink()
        with holder(tmp_path / "out") as second:
            assert said(second) == "held"
            first.close()
            assert json.loads(lock_file(tmp_path / "out").read_text())["pid"] == second.pid


@pytest.mark.parametrize("note", ["", "{", "[]", "null", '{"pid": "x"}', '{"pid": 1, "host": null}', "\x00" * 9000])
def test_a_note_that_cannot_be_read_names_nobody(tmp_path: Path, note: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    path = lock_file(tmp_path / "out")
    path.write_text(note)
    with path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(OutputBusyError, match="another run"), held(tmp_path / "out"):
            pytest.fail("held twice")
    assert path.read_text() == note


def test_a_long_command_is_told_in_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    monkeypatch.setattr(sys, "argv", ["perbup", *["ä \x1b[2J"] * 9999])
    with held(tmp_path / "out"), pytest.raises(OutputBusyError) as refused, held(tmp_path / "out"):
        pytest.fail("held twice")
    assert refused.value.holder
    assert refused.value.holder.command.startswith("perbup ")
    assert len(str(refused.value)) < 1000


@pytest.mark.parametrize("plant", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("/etc/passwd")])
def test_what_is_no_lock_file_is_an_error_and_stays(tmp_path: Path, plant: object) -> None:
    path = lock_file(tmp_path / "out")
    plant(path)  # type: ignore[operator]
    before = path.lstat()
    with pytest.raises(OSError, match=r"\.out\.lock"), held(tmp_path / "out"):
        pytest.fail("held")
    assert os.path.samestat(path.lstat(), before)


def test_folders_above_are_made_and_where_that_fails_it_is_told(tmp_path: Path) -> None:
    with held(tmp_path / "new" / "deep" / "out"):
        assert (tmp_path / "new" / "deep" / ".out.lock").exists()
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"), held(tmp_path / "file" / "out"):
        pytest.fail("held")


def test_a_full_disk_takes_the_note_and_not_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    monkeypatch.setattr(os, "pwrite", fail)
    with held(tmp_path / "out"), pytest.raises(OutputBusyError, match="another run"), held(tmp_path / "out"):
        pytest.fail("held twice")
