"""A whole run: files given -> looked at -> parsed one by one -> put together part by part -> published.

What was parsed before, by this very program, comes from the cache; where nothing is new, nothing is done.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from extractors.models import Office
from pipeline import emit
from pipeline.cache import Cache, fingerprint
from pipeline.edits import NONE as NO_EDITS
from pipeline.edits import Edits, left_aside
from pipeline.exit_codes import ExitCode
from pipeline.floors import NEEDED, Floors, missed
from pipeline.floors import NONE as NO_FLOORS
from pipeline.inputs import FileRead, Given, collect
from pipeline.lock import held
from pipeline.merge import merge
from pipeline.parsing import TRIES, Results, ResultsLostError, look
from pipeline.parts import Parts
from pipeline.plan import plan
from pipeline.progress import Tick, unwatched
from pipeline.supervisor import isolated
from pipeline.tally import Tally


class NothingGivenError(Exception):
    """The paths hold no file to read."""


class FloorsMissedError(Exception):
    """The release does not reach all of its floors: `floors` are those missed, in words."""

    def __init__(self, floors: Sequence[str]) -> None:
        super().__init__("\n".join(floors))
        self.floors = floors


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
    """What stands at `output` after a run. `tally` is None where nothing was new, and the release is the old one.

    `rows` by table; `left_aside`: edits of acts that are not among the files.
    """

    output: Path
    statuses: dict[str, int]
    rows: dict[str, int]
    tally: Tally | None
    parsed: int
    left_aside: dict[str, int]

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode.OK if set(self.statuses) <= {"parsed"} else ExitCode.INCOMPLETE


def run(
    paths: Sequence[Path],
    output: Path,
    *,
    watch: Tick = unwatched,
    options: Options | None = None,
    floors: Floors = NO_FLOORS,
    edits: Edits = NO_EDITS,
) -> Release:
    """Parse all files of `paths`, correct their rows and publish the tables at `output`.

    A document that fails costs only itself. Raises OutputRefusedError, NothingGivenError, OutputBusyError,
    CorrectionFailedError, ChecksFailedError, FloorsMissedError, MergeFailedError, CacheWriteError or OSError, and then
    what stood at `output` stands there still.
    """
    options = options or Options()
    folder = options.cache or _beside(output, "cache")
    _refuse_within(output, folder)
    emit.refuse_foreign(output)
    with held(output), _workplace(output) as work:
        emit.clear_leftovers(output)
        given = _share(collect(paths), options)
        if not given:
            raise NothingGivenError(", ".join(str(path) for path in paths))
        files = look(given, options.workers, watch)
        if not options.force and (old := emit.standing(output, _digest(files, edits))):
            _require(floors, output)
            return Release(output, old["run"]["status"], emit.row_counts(old["files"]), None, 0, {})
        cache = Cache(folder, fingerprint())
        results = Results(given, files, cache, Cache(work / "results", fingerprint()))
        results.parse(options.workers, watch, force=options.force)
        release = _Job(results, output, work / "parts", options, watch, floors, edits).put_together()
        cache.prune()
        return release


@dataclass(frozen=True, slots=True)
class _Job:
    """What a run works with once its files are parsed."""

    results: Results
    output: Path
    work: Path
    options: Options
    watch: Tick
    floors: Floors
    edits: Edits

    def put_together(self) -> Release:
        """Put the corpus together and publish it; files whose results are lost on the way are parsed again."""
        for _ in range(TRIES):
            try:
                return self._published()
            except ResultsLostError as lost:
                self.results.parse_again(lost.indexes, self.options.workers)
                shutil.rmtree(self.work, ignore_errors=True)
        return self._published()

    def _published(self) -> Release:
        """Raises ResultsLostError, and then nothing is published: the plan may be another one."""
        parts = Parts(self.results, plan(self.results.heads()), self.work, self.edits)
        counts, agencies, edited = Tally(), Counter[tuple[str, Office]](), set[str]()
        for part in parts.assemble(self.options.workers, self.watch):
            counts.add(part.tally)
            agencies.update(part.agencies)
            edited |= part.edited
        facts = _facts(counts, self._made_from())

        def write(folder: Path) -> list[emit.FileFacts]:
            files = merge(self.work, folder, agencies, self.options.workers, self.watch)
            _require(self.floors, folder)
            return files

        files = emit.publish(self.output, write, facts)
        aside = left_aside(self.edits, edited)
        return Release(self.output, facts["status"], emit.row_counts(files), counts, self.results.parsed_now, aside)

    def _made_from(self) -> str | None:
        """What the release is made from, as the files were when parsed; None where another run may do more."""
        return None if self.results.passing else _digest(self.results.files, self.edits)


def _require(floors: Floors, release: Path) -> None:
    """Raises FloorsMissedError where the tables of a release do not reach the floors."""
    if floors == NO_FLOORS:
        return

    def short() -> list[str]:
        import pyarrow.parquet as pq

        names = {*floors.rows, *(table for share in floors.share for table in NEEDED[share])}
        return missed(floors, {name: pq.read_table(release / name) for name in names})

    if found := isolated(short):
        raise FloorsMissedError(found)


def _beside(output: Path, what: str) -> Path:
    """The place of caches and unfinished work, outside the release."""
    output = output.resolve()
    return output.with_name(f".{output.name}.{what}")


def _refuse_within(output: Path, cache: Path) -> None:
    """Raises OutputRefusedError where the cache would lie in the release."""
    if cache.resolve().is_relative_to(output.resolve()):
        raise emit.OutputRefusedError(f"the cache {cache} lies in {output}, where only the release may stand")


@contextmanager
def _workplace(output: Path) -> Iterator[Path]:
    """A new folder beside the output, which is held: what is there already is what a killed run left."""
    place = _beside(output, "work")
    left = re.compile(rf"{re.escape(place.name)}-\w+")
    for path in place.parent.iterdir():
        if left.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)
    work = Path(tempfile.mkdtemp(prefix=f"{place.name}-", dir=place.parent))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _share(given: Sequence[Given], options: Options) -> list[Given]:
    """The files of this run: a share is told by the names alone, so that a new file moves no other one."""
    mine, shares = options.shard
    chosen = [one for one in given if shares == 1 or _place(one.source_path) % shares == mine - 1]
    return chosen[: options.limit]


def _place(source_path: str) -> int:
    return int.from_bytes(hashlib.sha256(os.fsencode(source_path)).digest()[:8])


def _digest(files: Sequence[FileRead], edits: Edits) -> str:
    """What a release is made from: the program and the files, and what people wrote about their rows."""
    digest = hashlib.sha256(f"{fingerprint()} {edits!r}".encode())
    for file in files:
        said = [file.source_path, file.sha256, file.reason, file.byte_count, file.origin, repr(file.record)]
        digest.update(json.dumps([*said, [repr(finding) for finding in file.findings]]).encode())
    return digest.hexdigest()


def _facts(counts: Tally, made_from: str | None) -> dict[str, Any]:
    """What the manifest says of the run; no clock and no places, so that equal runs give equal files."""
    return {
        "files_given": sum(counts.statuses.values()),
        "documents": counts.document_count,
        "status": dict(sorted(counts.statuses.items())),
        "reasons": dict(sorted(counts.reasons.items())),
        "made_from": made_from,
    }
