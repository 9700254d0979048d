"""A whole run: files given -> looked at -> parsed one by one -> put together part by part -> published.

What was parsed before, by this very program, comes from the cache; where nothing is new, nothing is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.models import Office
from pipeline import emit
from pipeline.cache import Cache, fingerprint
from pipeline.exit_codes import ExitCode
from pipeline.inputs import FileRead, Given, collect
from pipeline.lock import held
from pipeline.merge import merge
from pipeline.parsing import Results, Tick, look
from pipeline.parts import Parts
from pipeline.plan import plan
from pipeline.tally import Tally


class NothingGivenError(Exception):
    """The paths hold no file to read."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a run works; none of it changes what a file gives.

    `workers`: processes at once. `cache`: the folder of results, beside the output where None. `force`: parse also
    what the cache holds. `limit`: the first so many files. `shard`: (i, n), the i-th of n shares of the files.
    """

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    cache: Path | None = None
    force: bool = False
    limit: int | None = None
    shard: tuple[int, int] = (1, 1)


@dataclass(frozen=True, slots=True)
class Release:
    """What stands at `output` after a run. `tally` is None where nothing was new, and the release is the old one."""

    output: Path
    statuses: dict[str, int]
    rows: dict[str, int]
    tally: Tally | None
    parsed: int

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode.OK if set(self.statuses) <= {"parsed"} else ExitCode.INCOMPLETE


def unwatched(_stage: str, _done: int, _total: int) -> None:
    """For runs that show no progress."""


def run(paths: Sequence[Path], output: Path, watch: Tick = unwatched, options: Options | None = None) -> Release:
    """Parse all files of `paths` and publish their tables at `output`.

    A document that fails costs only itself. Raises OutputRefusedError, NothingGivenError, OutputBusyError,
    ChecksFailedError, MergeFailedError, CacheWriteError or OSError, and then what stood at `output` stands there still.
    """
    options = options or Options()
    emit.refuse_foreign(output)
    given = _share(collect(paths), options)
    if not given:
        raise NothingGivenError(", ".join(str(path) for path in paths))
    with held(output):
        files = look(given, options.workers, watch)
        made_from = _digest(files)
        if not options.force and (old := emit.standing(output, made_from)):
            return Release(output, old["run"]["status"], emit.row_counts(old["files"]), None, 0)
        cache = Cache(options.cache or _beside(output, "cache"), fingerprint())
        results = Results(given, files, cache)
        results.parse(options.workers, watch, force=options.force)
        release = _put_together(results, output, made_from, options, watch)
        cache.prune()
        return release


def _put_together(results: Results, output: Path, made_from: str, options: Options, watch: Tick) -> Release:
    heads = ((file.sha256, results.head(index)) for index, file in enumerate(results.files))
    # The output is held: what is there is what a killed run left.
    for left in output.resolve().parent.glob(f"{_beside(output, 'parts').name}-*"):
        shutil.rmtree(left, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f"{_beside(output, 'parts').name}-", dir=output.resolve().parent))
    try:
        told = Parts(results, plan(heads), work).assemble(options.workers, watch)
        counts, agencies = Tally(), Counter[tuple[str, Office]]()
        for part in told:
            counts.add(part.tally)
            agencies.update(part.agencies)
        facts = _facts(counts, made_from)

        def write(folder: Path) -> list[dict[str, Any]]:
            return merge(work, folder, agencies, options.workers, watch)

        files = emit.publish(output, write, facts)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Release(output, facts["status"], emit.row_counts(files), counts, results.parsed_now)


def _beside(output: Path, what: str) -> Path:
    """The place of caches and unfinished work, outside the release."""
    output = output.resolve()
    return output.with_name(f".{output.name}.{what}")


def _share(given: Sequence[Given], options: Options) -> list[Given]:
    """The files of this run: a share is told by the names alone, so that a new file moves no other one."""
    mine, shares = options.shard
    chosen = [one for one in given if shares == 1 or _place(one.source_path) % shares == mine - 1]
    return chosen[: options.limit]


def _place(source_path: str) -> int:
    return int.from_bytes(hashlib.sha256(os.fsencode(source_path)).digest()[:8])


def _digest(files: Sequence[FileRead]) -> str:
    """What a release is made from: the program and the files, whatever else the run was told."""
    digest = hashlib.sha256(fingerprint().encode())
    for file in files:
        said = [file.source_path, file.sha256, file.reason, file.byte_count, file.origin, repr(file.record)]
        digest.update(json.dumps([*said, [repr(finding) for finding in file.findings]]).encode())
    return digest.hexdigest()


def _facts(counts: Tally, made_from: str) -> dict[str, Any]:
    """What the manifest says of the run; no clock and no places, so that equal runs give equal files."""
    return {
        "files_given": sum(counts.statuses.values()),
        "documents": counts.document_count,
        "status": dict(sorted(counts.statuses.items())),
        "reasons": dict(sorted(counts.reasons.items())),
        "made_from": made_from,
    }
