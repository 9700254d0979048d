"""A release on object storage, where no folder can be exchanged for another: the manifest is what changes over.

Names of Parquet files hold a part of their hash, so that a file of the old release is never written over. New files
are put there first, `manifest.json` last; then the files that it does not name are removed. A run that is killed
leaves files that no manifest names: `perbup check` tells them, the next run makes use of them or removes them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline import PROGRAM, emit
from pipeline.emit import DATAPACKAGE, MANIFEST, FileFacts, OutputRefusedError
from pipeline.exchange import staging
from pipeline.isolation import Failure
from pipeline.progress import Step, Tick
from pipeline.schema import BY_NAME
from pipeline.storage import PATIENT, StorageError, answering, asked, prepare, stand_in
from pipeline.supervisor import supervise

if TYPE_CHECKING:
    from upath import UPath

HASHED = 16  # characters of the hash in a name
NAME = re.compile(rf"(?P<table>\w+)/\w+-[0-9a-f]{{{HASHED}}}\.parquet")
SENT_AT_ONCE = 20  # files by one process


class _Standing(NamedTuple):
    """What lies at an output: bytes of each file by name, and the manifest, None where there is none."""

    files: dict[str, int]
    manifest: bytes | None


def refuse_foreign(output: UPath) -> None:
    """Raises OutputRefusedError where `output` holds anything but a release or a part of one, and StorageError."""
    _refuse(output, asked(partial(_look, output)))


def standing(output: UPath, made_from: str) -> dict[str, Any] | None:
    """The manifest of the release at `output`, where its files are there and it was made from just that; else None.

    What a killed run left beside them is removed. Raises StorageError.
    """

    def look() -> dict[str, Any] | None:
        there = _look(output)
        with suppress(ValueError, KeyError, TypeError):
            manifest: dict[str, Any] = json.loads(there.manifest or b"")
            if manifest["run"]["made_from"] == made_from and _is_whole(output, there, manifest["files"]):
                _sweep(output, there.files, manifest["files"])
                return manifest
        return None

    return asked(look)


def publish(
    output: UPath, write: Callable[[Path], list[FileFacts]], run: dict[str, Any], workers: int, tick: Tick
) -> list[FileFacts]:
    """As `emit.publish`; the release is made in a folder here first.

    Raises OutputRefusedError, StorageError, OSError, and then the release at `output` is the one that was there.
    """
    base = stand_in(output)
    emit.clear_leftovers(base)
    there = asked(partial(_look, output))
    _refuse(output, there)
    with staging(base) as folder:
        files = [_named_by_content(folder, file) for file in write(folder)]
        emit.describe(folder, files, run)
        _send([file for file in files if there.files.get(file["path"]) != file["bytes"]], folder, output, workers, tick)
        asked(partial(_change_over, folder, output, files, there.manifest))
    return files


def _look(output: UPath) -> _Standing:
    with answering(output):
        try:
            found = output.fs.find(output.path, detail=True)
        except FileNotFoundError as error:  # no bucket
            raise StorageError(f"{output}: {error}") from error
        files = {key.removeprefix(f"{output.path}/"): info["size"] for key, info in found.items()}
        manifest = (output / MANIFEST).read_bytes() if MANIFEST in files else None
    return _Standing(files, manifest)


def _refuse(output: UPath, there: _Standing) -> None:
    known = {MANIFEST, DATAPACKAGE}
    if there.manifest is not None:
        try:
            manifest = json.loads(there.manifest)
            ours = manifest["program"] == PROGRAM
            known |= {file["path"] for file in manifest["files"]}
        except (ValueError, KeyError, TypeError):
            ours = False
        if not ours:
            raise OutputRefusedError(
                f"{output} holds a {MANIFEST} that is not of {PROGRAM}: name another place with -o"
            )
    foreign = sorted(name for name in there.files.keys() - known if not _is_of_a_release(name))
    if foreign:
        raise OutputRefusedError(
            f"{output} holds {foreign[0]}, which is no part of a release of {PROGRAM}: move it away, or name another "
            "place with -o"
        )


def _is_of_a_release(name: str) -> bool:
    told = NAME.fullmatch(name)
    return told is not None and told["table"] in BY_NAME


def _is_whole(output: UPath, there: _Standing, files: Iterable[FileFacts]) -> bool:
    """Whether all files are there: those named by their content in their length, others byte for byte."""
    for file in files:
        if there.files.get(file["path"]) != file["bytes"]:
            return False
        if not _is_of_a_release(file["path"]):
            with answering(output):
                data = (output / file["path"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != file["sha256"]:
                return False
    return True


def _named_by_content(folder: Path, file: FileFacts) -> FileFacts:
    path = folder / file["path"]
    named = path.with_stem(f"{path.stem}-{file['sha256'][:HASHED]}")
    path.rename(named)
    return {**file, "path": named.relative_to(folder).as_posix()}


def _send(files: Sequence[FileFacts], folder: Path, output: UPath, workers: int, tick: Tick) -> None:
    """Put files there, some at once, each lot by a process of its own."""

    def send(names: Sequence[str]) -> StorageError | None:
        try:
            with answering(output):
                for name in names:
                    output.fs.put_file(str(folder / name), (output / name).path)
        except (StorageError, FileNotFoundError) as error:
            return StorageError(str(error))
        return None

    names = [file["path"] for file in files]
    lots = [names[start : start + SENT_AT_ONCE] for start in range(0, len(names), SENT_AT_ONCE)]
    done = 0
    tick(Step("upload", 0, len(names)))
    with closing(supervise(lots, send, workers, PATIENT, prepare=partial(prepare, output))) as tasks:
        for lot, error in tasks:
            if error is not None:
                raise StorageError(error.message) if isinstance(error, Failure) else error
            done += len(lot)
            tick(Step("upload", done, len(names)))


def _change_over(folder: Path, output: UPath, files: Sequence[FileFacts], old: bytes | None) -> None:
    """Put the new manifest there, once all that it names is there and the old one is still the one that was."""
    there = _look(output)
    if there.manifest != old:
        raise StorageError(f"{output}: another run published there meanwhile")
    for file in files:
        if there.files.get(file["path"]) != file["bytes"]:
            raise StorageError(f"{output}: {file['path']} was sent and is not there")
    with answering(output):
        for name in (DATAPACKAGE, MANIFEST):
            (output / name).write_bytes((folder / name).read_bytes())
    _sweep(output, there.files, files)


def _sweep(output: UPath, held: Iterable[str], files: Iterable[FileFacts]) -> None:
    """Remove Parquet files that are not of the release. It stands by now: what cannot be removed, the next run will."""
    named = {file["path"] for file in files}
    left = [(output / name).path for name in held if name not in named and _is_of_a_release(name)]
    if left:
        with suppress(StorageError, FileNotFoundError), answering(output):
            output.fs.rm(left)
