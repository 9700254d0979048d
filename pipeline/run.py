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
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.models import Office
from pipeline import bucket, emit
from pipeline.cache import Cache, fingerprint
from pipeline.edits import NONE as NO_EDITS
from pipeline.edits import Edits, left_aside
from pipeline.exit_codes import ExitCode
from pipeline.floors import NEEDED, Floors, missed
from pipeline.floors import NONE as NO_FLOORS
from pipeline.inputs import FileRead, Given, collect
from pipeline.lock import held
from pipeline.merge import merge
from pipeline.parsing import TRIES, Engine, Results, ResultsLostError, here, look
from pipeline.parts import Parts, ready
from pipeline.plan import plan
from pipeline.progress import Tick, unwatched
from pipeline.storage import answering, asked, is_remote, stand_in
from pipeline.supervisor import isolated
from pipeline.tally import Tally

if TYPE_CHECKING:
    from pipeline.storage import Place


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
    `engine`: what parses, the processes of this machine where None.
    """

    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    cache: Path | None = None
    force: bool = False
    limit: int | None = None
    shard: tuple[int, int] = (1, 1)
    engine: Engine | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """What stands at `output` after a run. `tally` is None where nothing was new, and the release is the old one.

    `rows` by table; `left_aside`: edits of acts that are not among the files.
    """

    output: Place
    statuses: dict[str, int]
    rows: dict[str, int]
    tally: Tally | None
    parsed: int
    left_aside: dict[str, int]

    @property
    def exit_code(self) -> ExitCode:
        return ExitCode.OK if set(self.statuses) <= {"parsed"} else ExitCode.INCOMPLETE


def run(
    paths: Sequence[Place],
    output: Place,
    *,
    watch: Tick = unwatched,
    options: Options | None = None,
    floors: Floors = NO_FLOORS,
    edits: Edits = NO_EDITS,
) -> Release:
    """Parse all files of `paths`, correct their rows and publish the tables at `output`.

    A document that fails costs only itself. Raises OutputRefusedError, NothingGivenError, OutputBusyError,
    CorrectionFailedError, ChecksFailedError, FloorsMissedError, MergeFailedError, CacheWriteError, StorageError or
    OSError, and then what stood at `output` stands there still.
    """
    options = options or Options()
    folder = options.cache or _beside(output, "cache")
    _refuse_within(output, folder)
    _refuse_foreign(output)
    with held(stand_in(output)), _workplace(output) as work:
        emit.clear_leftovers(stand_in(output))
        given = _share(collect(paths), options)
        if not given:
            raise NothingGivenError(", ".join(str(path) for path in paths))
        files = look(given, options.workers, watch)
        if not options.force and (old := _standing(output, _digest(files, edits))):
            _require(floors, output)
            return Release(output, old["run"]["status"], emit.row_counts(old["files"]), None, 0, {})
        cache = Cache(folder, fingerprint())
        results = Results(given, files, cache, Cache(work / "results", fingerprint()))
        results.parse(options.engine or here(options.workers), watch, force=options.force)
        release = _Job(results, output, work / "parts", options, watch, floors, edits).put_together()
        cache.prune()
        return release


@dataclass(frozen=True, slots=True)
class _Job:
    """What a run works with once its files are parsed."""

    results: Results
    output: Place
    work: Path
    options: Options
    watch: Tick
    floors: Floors
    edits: Edits

    def put_together(self) -> Release:
        """Put the corpus together and publish it; files whose results are lost on the way are parsed again."""
        ready()
        for _ in range(TRIES):
            try:
                return self._published()
            except ResultsLostError as lost:
                self.results.parse_again(lost.indexes, self.options.workers)
                shutil.rmtree(self.work, ignore_errors=True)
        return self._published()

    def _published(self) -> Release:
        """Raises ResultsLostError, and then nothing is published: the plan may be another one."""
        whole = plan(self.results.heads())
        parts = Parts(self.results, whole, self.work, self.edits, by_province=is_remote(self.output))
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

        files = self._publish(write, facts)
        aside = left_aside(self.edits, edited)
        return Release(self.output, facts["status"], emit.row_counts(files), counts, self.results.parsed_now, aside)

    def _made_from(self) -> str | None:
        """What the release is made from, as the files were when parsed; None where another run may do more."""
        return None if self.results.passing else _digest(self.results.files, self.edits)

    def _publish(self, write: Callable[[Path], list[emit.FileFacts]], facts: dict[str, Any]) -> list[emit.FileFacts]:
        if is_remote(self.output):
            return bucket.publish(self.output, write, facts, self.options.workers, self.watch)
        return emit.publish(self.output, write, facts)


def _refuse_foreign(output: Place) -> None:
    if is_remote(output):
        bucket.refuse_foreign(output)
    else:
        emit.refuse_foreign(output)


def _standing(output: Place, made_from: str) -> dict[str, Any] | None:
    return bucket.standing(output, made_from) if is_remote(output) else emit.standing(output, made_from)


def _require(floors: Floors, release: Place) -> None:
    """Raises FloorsMissedError where the tables of a release do not reach the floors."""
    if floors == NO_FLOORS:
        return

    def short() -> list[str]:
        import pyarrow.parquet as pq

        names = {*floors.rows, *(table for share in floors.share for table in NEEDED[share])}
        if not is_remote(release):
            return missed(floors, {name: pq.read_table(release / name) for name in names})
        with answering(release):
            tables = {name: pq.read_table((release / name).path, filesystem=release.fs) for name in names}
        return missed(floors, tables)

    if found := asked(short) if is_remote(release) else isolated(short):
        raise FloorsMissedError(found)


def _beside(output: Place, what: str) -> Path:
    """The place of caches and unfinished work, outside the release."""
    beside = stand_in(output)
    return beside.with_name(f".{beside.name}.{what}")


def _refuse_within(output: Place, cache: Path) -> None:
    """Raises OutputRefusedError where the cache would lie in the release."""
    if not is_remote(output) and cache.resolve().is_relative_to(output.resolve()):
        raise emit.OutputRefusedError(f"the cache {cache} lies in {output}, where only the release may stand")


@contextmanager
def _workplace(output: Place) -> Iterator[Path]:
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
