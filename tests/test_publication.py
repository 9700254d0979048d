"""A release to its place: whatever breaks off the publication, the old release or the new one stands there, whole."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import hashlib
import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from itertools import cycle
from multiprocessing.connection import Connection
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from pipeline import emit, exchange
from pipeline.cli import main
from pipeline.link import link
from pipeline.rows import rows
from tests import made
from tests.test_emit import corpus, files

Fault = Callable[[pytest.MonkeyPatch], None]
ROUNDS = 20
LONGEST = 0.15  # seconds; a publication takes a third of it


@cache
def tables(full: bool) -> dict[str, pa.Table]:
    """The rows of one release, or those of another."""
    return emit.arrow_tables(rows(corpus() if full else link([]), "test"))


def publish(output: Path, full: bool = True) -> None:
    made.publish(tables(full), output, {"full": full})


def whole(output: Path) -> bool:
    """Whether the release at `output` is whole; returns which of the two it is."""
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    held = files(output)
    assert set(held) == {"manifest.json", *(file["path"] for file in manifest["files"])}
    for file in manifest["files"]:
        assert hashlib.sha256(held[file["path"]]).hexdigest() == file["sha256"]
    return bool(manifest["run"]["full"])


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# Killed


def publish_on(output: Path, twice: bool, releases: list[dict[str, pa.Table]], started: Connection) -> None:
    """Publish the one and the other release in turn, until killed."""
    if twice:
        exchange._exchange = lambda *_: False
    started.send(None)
    for full in cycle((True, False)):
        made.publish(releases[full], output, {"full": full})


@pytest.mark.parametrize("twice", [False, True], ids=["exchange", "two moves"])
def test_a_killed_publication_leaves_a_whole_release(tmp_path: Path, twice: bool) -> None:
    if not twice and not exchanges(tmp_path):
        pytest.skip("this system exchanges no folders")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    output = tmp_path / "out"
    releases = [tables(False), tables(True)]
    left = set()
    publish(output)
    for _ in range(ROUNDS):
        receive, send = context.Pipe(duplex=False)
        process = context.Process(target=publish_on, args=(output, twice, releases, send))
        process.start()
        send.close()
        assert receive.poll(60)
        time.sleep(random.uniform(0, LONGEST))
        process.kill()
        process.join()
        left |= set(names(tmp_path)) - {"out"}
        if twice:
            # Between the two moves nothing stands there: the next run puts it back.
            emit.clear_leftovers(output)
        whole(output)
    assert left, "no publication was broken off"
    publish(output, full=False)
    assert whole(output) is False
    assert names(tmp_path) == ["out"]


def exchanges(folder: Path) -> bool:
    one, other = folder / "one", folder / "other"
    one.mkdir()
    other.mkdir()
    known = exchange._exchange(one, other)
    one.rmdir()
    other.rmdir()
    return known


def test_the_exchange_is_one_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing but the system's own exchange touches a release that is replaced."""
    if not exchanges(tmp_path):
        pytest.skip("this system exchanges no folders")
    publish(tmp_path / "out")

    def fail(*_: object) -> None:
        raise AssertionError("moved in steps")

    monkeypatch.setattr(Path, "rename", fail)
    monkeypatch.setattr(os, "rename", fail)
    publish(tmp_path / "out", full=False)
    assert whole(tmp_path / "out") is False
    assert names(tmp_path) == ["out"]


# Leftovers


def leftover(tmp_path: Path, name: str, full: bool = True) -> Path:
    """A whole release beside the output, as a killed run leaves it."""
    publish(tmp_path / "elsewhere", full)
    return (tmp_path / "elsewhere").rename(tmp_path / name)


@pytest.mark.parametrize("name", [".out.new-0123abcd", ".out.new-4711", ".out.old-0123abcd"])
@pytest.mark.parametrize("part", ["all", "some", "none"])
def test_what_a_killed_run_left_is_removed(tmp_path: Path, name: str, part: str) -> None:
    publish(tmp_path / "out")
    left = leftover(tmp_path, name)
    if part == "some":
        (left / "manifest.json").unlink()
        shutil.rmtree(left / "agencies")
        (left / "findings" / "all.parquet").write_bytes(b"PAR1 half")
    if part == "none":
        shutil.rmtree(left)
        left.mkdir()
    publish(tmp_path / "out", full=False)
    assert names(tmp_path) == ["out"]
    assert whole(tmp_path / "out") is False


@pytest.mark.parametrize("foreign", ["notes.txt", "findings/notes.txt", "photos/all.parquet", "findings/a/b.parquet"])
def test_a_folder_with_anything_else_in_it_is_left_alone(tmp_path: Path, foreign: str) -> None:
    left = leftover(tmp_path, ".out.new-0123abcd")
    (left / foreign).parent.mkdir(exist_ok=True)
    (left / foreign).write_text("mine")
    before = files(left)
    publish(tmp_path / "out")
    assert files(left) == before
    assert names(tmp_path) == [left.name, "out"]


@pytest.mark.parametrize(
    "name", [".out.new-", ".out.new-1.zip", ".other.new-12345678", "out.new-12345678", ".outXnew-1"]
)
def test_a_folder_of_another_name_is_left_alone(tmp_path: Path, name: str) -> None:
    left = leftover(tmp_path, name)
    publish(tmp_path / "out")
    assert whole(left)


def test_links_and_files_are_left_alone(tmp_path: Path) -> None:
    real = leftover(tmp_path, "real")
    (tmp_path / ".out.new-0000").symlink_to(real)
    (tmp_path / ".out.new-1111").write_text("mine")
    inside = tmp_path / ".out.new-2222"
    inside.mkdir()
    (inside / "findings").symlink_to(real / "findings")
    publish(tmp_path / "out")
    assert whole(real)
    assert names(tmp_path) == [".out.new-0000", ".out.new-1111", ".out.new-2222", "out", "real"]


def test_a_folder_that_a_process_works_on_is_left_alone(tmp_path: Path) -> None:
    with exchange.staging(tmp_path / "out") as folder:
        publish(tmp_path / "out")
        assert folder.is_dir()
    assert names(tmp_path) == ["out"]


def test_a_release_that_was_on_its_way_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two moves; then the next run fails as well."""
    old = leftover(tmp_path, ".out.old-0123abcd")
    leftover(tmp_path, ".out.new-0123abcd", full=False)
    before = files(old)

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(emit, "describe", fail)
    with pytest.raises(OSError, match="No space left"):
        publish(tmp_path / "out")
    assert files(tmp_path / "out") == before
    assert names(tmp_path) == ["out"]


def test_half_a_release_is_not_put_back(tmp_path: Path) -> None:
    old = leftover(tmp_path, ".out.old-0123abcd")
    (old / "findings" / "all.parquet").unlink()
    emit.clear_leftovers(tmp_path / "out")
    assert names(tmp_path) == []


def test_there_is_nothing_to_clear_where_there_is_no_folder(tmp_path: Path) -> None:
    emit.clear_leftovers(tmp_path / "none" / "out")
    assert names(tmp_path) == []


# Faults of the system


def no_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "_exchange", lambda *_: False)


def failing(owner: object, name: str, at: int) -> Fault:
    """The call number `at` of a function of the system fails."""

    def install(monkeypatch: pytest.MonkeyPatch) -> None:
        real = getattr(owner, name)
        calls = iter(range(10**6))

        def call(*arguments: object, **named: object) -> object:
            if next(calls) == at:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **named)

        monkeypatch.setattr(owner, name, call)

    return install


def refused_by_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def exchange_nothing(*_: object) -> bool:
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(exchange, "_exchange", exchange_nothing)


FAULTS: dict[str, tuple[Fault, ...]] = {
    "making the folder": (failing(Path, "mkdir", 1),),
    "a folder in it": (failing(Path, "mkdir", 9),),
    "the manifest": (failing(Path, "write_text", 1),),
    "the first file to the disk": (failing(os, "fsync", 0),),
    "the last folder to the disk": (failing(os, "fsync", 42),),
    "the exchange": (refused_by_the_system,),
    "the first of two moves": (no_exchange, failing(Path, "rename", 0)),
    "the second of two moves": (no_exchange, failing(Path, "rename", 1)),
}


@pytest.mark.parametrize("faults", FAULTS.values(), ids=FAULTS)
def test_any_fault_leaves_the_old_release_byte_for_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, faults: tuple[Fault, ...]
) -> None:
    publish(tmp_path / "out")
    before = files(tmp_path / "out")
    with monkeypatch.context() as broken:
        for fault in faults:
            fault(broken)
        with pytest.raises(OSError, match=r"No space left|Permission denied"):
            publish(tmp_path / "out", full=False)
    assert files(tmp_path / "out") == before
    assert names(tmp_path) == ["out"]
    publish(tmp_path / "out", full=False)
    assert whole(tmp_path / "out") is False


def test_everything_is_on_the_disk_before_it_is_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    fsync = os.fsync

    def sync(descriptor: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{descriptor}").readlink()))
        fsync(descriptor)

    moved = exchange._exchange
    at_move: list[set[str]] = []

    def move(one: Path, other: Path) -> bool:
        at_move.append({os.path.relpath(path, one) for path in synced})
        return moved(one, other)

    publish(tmp_path / "out")
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(exchange, "_exchange", move)
    publish(tmp_path / "out", full=False)
    held = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert at_move == [held | {"."}]
    assert synced[-1] == str(tmp_path)


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EINVAL])
def test_where_there_is_no_exchange_two_moves_replace_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    class Library:
        def __init__(self, *_: object, **__: object) -> None: ...

        def renameat2(self, *_: object) -> int:
            ctypes.set_errno(number)
            return -1

    publish(tmp_path / "out")
    monkeypatch.setattr(ctypes, "CDLL", Library)
    publish(tmp_path / "out", full=False)
    assert whole(tmp_path / "out") is False
    assert names(tmp_path) == ["out"]


def test_a_file_laid_into_the_release_while_it_is_written_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "out")
    write = emit.describe

    def slow(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        (tmp_path / "out" / "notes.txt").write_text("mine")

    monkeypatch.setattr(emit, "describe", slow)
    with pytest.raises(emit.OutputRefusedError, match=r"notes\.txt"):
        publish(tmp_path / "out", full=False)
    assert (tmp_path / "out" / "notes.txt").read_text() == "mine"


def test_folders_that_cannot_be_locked_are_published_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    left = leftover(tmp_path, ".out.new-0123abcd")
    monkeypatch.setattr(fcntl, "flock", fail)
    publish(tmp_path / "out")
    assert whole(tmp_path / "out")
    assert left.is_dir(), "perhaps someone works on it"


# A real full or read-only disk


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Mounts a memory disk of that size, or changes it."""
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", place], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        return place

    if sys.platform != "linux" or not shutil.which("mount"):
        pytest.skip("disks are mounted otherwise here")
    yield mount
    if place.is_mount():
        # Lazily: what failed to write may still hold its file.
        subprocess.run(["umount", "--lazy", place], check=True)


def fill(folder: Path) -> Path:
    """A file that takes what room there is."""
    with pytest.raises(OSError, match="No space left"):
        (folder / "filling").write_bytes(bytes(4 << 20))
    return folder / "filling"


@pytest.mark.parametrize("free", [0, 1, 8, 30])
def test_a_full_disk_leaves_the_old_release(disk: Callable[[str], Path], free: int) -> None:
    output = disk("size=2m") / "out"
    publish(output)
    before = files(output)
    filling = fill(output.parent)
    os.truncate(filling, filling.stat().st_size - free * 4096)
    with pytest.raises(OSError, match="No space left"):
        publish(output, full=False)
    assert files(output) == before
    assert names(output.parent) == ["filling", "out"]
    filling.unlink()
    publish(output, full=False)
    assert whole(output) is False


@pytest.mark.parametrize("state", ["full", "read-only"])
def test_the_command_says_what_is_wrong_with_the_disk(disk: Callable[[str], Path], state: str) -> None:
    folder = disk("size=2m")
    output = folder / "out"
    given = folder.parent / "novel.txt"
    given.write_text("a novel")
    publish(output)
    before = files(output)
    if state == "full":
        fill(folder)
    else:
        disk("remount,ro")
    done = CliRunner().invoke(main, ["run", str(given), "-o", str(output)])
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr or "Read-only file system" in done.stderr
    assert "nothing was published" in done.stderr
    assert "Try: perbup run" in done.stderr
    assert files(output) == before
