"""Files to results in the cache: each file looked at and read in a process of its own, equal ones once.

`parse_all` does the same in memory for a few files, where nothing is to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, TypeAlias

from extractors.acts.feed_record import compare
from extractors.models import Finding, Notes
from pipeline.cache import Cache, CacheWriteError, Key
from pipeline.document import Parsed, parse
from pipeline.inputs import SUFFIXES, FileRead, Given, read
from pipeline.isolation import Failure
from pipeline.link import FileResult
from pipeline.plan import Head, head_of
from pipeline.preparation import prepare
from pipeline.progress import Step, Tick
from pipeline.reasons import Reason
from pipeline.stages import fault
from pipeline.storage import StorageError
from pipeline.storage import prepare as prepare_storage
from pipeline.supervisor import IsolationError, isolated, supervise

# Files that one process looks at: it only reads and hashes them.
LOOKED_AT_ONCE = 200
# Results that may come out otherwise another time: they hang on what is installed, or on what else the machine did.
PASSING = (Reason.PAGE_NEEDS_OCR, Reason.KILLED, Reason.STALLED)
# A file that changes while it is read is looked at so often.
TRIES = 2


def rejected(reason: Reason, findings: tuple[Finding, ...] = ()) -> Parsed:
    """The outcome of a file that gives no document."""
    return Parsed(
        source=None,
        text_origin=None,
        role="other",
        status="rejected",
        reason=reason.value,
        documents=(),
        findings=findings,
        accounted_ratio=None,
    )


def failed(reason: Reason, message: str) -> Parsed:
    """The outcome of a file on which the program or its process broke off."""
    notes = Notes("run")
    notes.add(reason, "error", message, repair="left out")
    return rejected(reason, tuple(notes))


def parse_bytes(data: bytes, source_path: str) -> Parsed:
    """What is in a file. A fault of the program is a rejection with a finding."""
    try:
        return parse(data, source_path)
    except Exception as error:  # a bad file costs only itself
        return failed(Reason.INTERNAL_ERROR, fault(error))


def parse_file(file: FileRead) -> Parsed:
    """What is in a file, read in a process of its own. Never raises."""
    if file.reason is not None:
        return rejected(file.reason)
    try:
        return isolated(lambda: parse_bytes(file.data, file.source_path))
    except IsolationError as error:
        return failed(error.reason, str(error))


def parse_all(given: Sequence[Given]) -> list[FileResult]:
    """Each file read and parsed, one after another in memory; equal bytes are parsed once."""
    results: list[FileResult] = []
    seen: dict[str, Parsed] = {}
    for item in given:
        file = read(item)
        parsed = seen.get(file.sha256 or "") or parse_file(file)
        if file.sha256 is not None:
            seen[file.sha256] = parsed
        results.append(result(replace(file, data=b""), parsed))
    return results


def result(file: FileRead, parsed: Parsed) -> FileResult:
    """A file and its parse, with what a feed's record says otherwise of its act."""
    if file.record and len(parsed.documents) == 1:
        differences = compare(file.record, parsed.documents[0].metadata)
        file = replace(file, findings=(*file.findings, *differences))
    return FileResult(file, parsed)


def look(given: Sequence[Given], workers: int, tick: Tick) -> list[FileRead]:
    """What each file is, without its bytes; a file that cannot be read has a reason. Raises StorageError."""
    lots = [range(start, min(start + LOOKED_AT_ONCE, len(given))) for start in range(0, len(given), LOOKED_AT_ONCE)]
    files: dict[int, FileRead] = {}
    tick(Step("look", 0, len(given)))

    def looked_at(lot: range) -> list[FileRead] | StorageError:
        return _look([given[index] for index in lot])

    with closing(supervise(lots, looked_at, workers, prepare=partial(_prepare_storage, given))) as tasks:
        for lot, outcome in tasks:
            if isinstance(outcome, StorageError):
                raise outcome
            # Where a lot failed, its files are looked at one by one.
            looked = [_looked(given[index]) for index in lot] if isinstance(outcome, Failure) else outcome
            files |= dict(zip(lot, looked, strict=True))
            tick(Step("look", len(files), len(given)))
    return [files[index] for index in range(len(given))]


def _look(given: Sequence[Given]) -> list[FileRead] | StorageError:
    try:
        return [replace(read(one), data=b"") for one in given]
    except StorageError as error:
        return error


def _prepare_storage(given: Iterable[Given]) -> None:
    for at in {type(one.path): one.path for one in given}.values():
        prepare_storage(at)


def _looked(given: Given) -> FileRead:
    try:
        return isolated(lambda: replace(read(given), data=b""))
    except IsolationError as error:
        notes = Notes("inputs")
        notes.add(error.reason, "error", str(error), repair="left out")
        return FileRead(given.source_path, "text/plain", None, None, b"", error.reason, None, tuple(notes))


class ResultsLostError(Exception):
    """The caches lost results of the files `indexes`: their entries are damaged or gone."""

    def __init__(self, indexes: Iterable[int]) -> None:
        super().__init__("results are lost as soon as they are kept")
        self.indexes = tuple(indexes)


class Brief(NamedTuple):
    """What the caller learns of a file at once; the rest lies in a cache. `passing`: it may come out otherwise."""

    rejected: bool
    pages: int
    passing: bool


def brief_of(parsed: Parsed) -> Brief:
    pages = len(parsed.source.pages) if parsed.source else 0
    return Brief(parsed.status == "rejected", pages, parsed.reason in PASSING)


@dataclass(frozen=True, slots=True)
class Task:
    """A file to parse: which of the run's files it is, where it lies, and where its result goes."""

    index: int
    given: Given
    key: Key
    pdf: bool


# FileRead: what the file is now, where it has changed. Parsed: a result that hangs on what is installed.
Outcome: TypeAlias = Brief | FileRead | Parsed | CacheWriteError | StorageError | Failure
# Parses the tasks into the cache and tells of each once, in any order; calls what it is given while it waits.
Engine: TypeAlias = Callable[[Sequence[Task], Cache, Callable[[], None]], Generator[tuple[Task, Outcome]]]


def here(workers: int) -> Engine:
    """So many processes of this machine."""

    def parse_here(tasks: Sequence[Task], cache: Cache, tick: Callable[[], None]) -> Generator[tuple[Task, Outcome]]:
        def ready() -> None:
            prepare(any(task.pdf for task in tasks))
            _prepare_storage(task.given for task in tasks)

        return supervise(tasks, partial(parse_into, cache), workers, prepare=ready, tick=tick)

    return parse_here


def parse_into(cache: Cache, task: Task) -> Outcome:
    """In a process of its own: parse a file into the cache."""
    try:
        file = read(task.given)
        if file.sha256 != task.key.sha256:
            return replace(file, data=b"")
        parsed = parse_bytes(file.data, file.source_path)
        if parsed.reason in PASSING:
            return parsed
        cache.put(task.key, head_of(parsed), parsed)
    except (CacheWriteError, StorageError) as error:
        return error
    return brief_of(parsed)


@dataclass(slots=True)
class Results:
    """Where the results of a run's files lie: in `cache`, or in `own`, of this run alone, where they may pass.

    `files` are in the order of their paths; of equal files the first is parsed.
    """

    given: Sequence[Given]
    files: list[FileRead]
    cache: Cache
    own: Cache
    passing: set[str] = field(default_factory=set)
    parsed_now: int = 0
    failed_now: int = 0
    pages_now: int = 0
    _names: dict[str, str] = field(default_factory=dict)

    def parse(self, engine: Engine, tick: Tick, *, force: bool = False) -> None:
        """Parse what the cache does not hold, or all with `force`. Raises CacheWriteError, StorageError."""
        firsts = self._firsts()
        wanted = [index for index in firsts if force or self.head(index) is None]
        known = len(firsts) - len(wanted)

        def told() -> None:
            tick(Step("parse", known + self.parsed_now, len(firsts), self.failed_now, self.pages_now))

        self._parse_all(wanted, engine, told)

    def parse_again(self, indexes: Iterable[int], workers: int) -> None:
        """Parse files whose results were lost. Raises CacheWriteError, StorageError."""
        lost = {self.files[index].sha256 for index in indexes}
        again = [index for index in self._firsts() if self.files[index].sha256 in lost]
        self._parse_all(again, here(workers), lambda: None)

    def _parse_all(self, wanted: list[int], engine: Engine, tick: Callable[[], None]) -> None:
        """Parse files, those again that have changed since they were looked at; what is gone by then has a reason."""
        tick()
        for _ in range(TRIES):
            if not wanted:
                return
            tasks = [self._task(index) for index in wanted]
            wanted = []
            with closing(engine(tasks, self.cache, tick)) as outcomes:
                for task, outcome in outcomes:
                    if isinstance(outcome, FileRead):
                        self.files[task.index] = outcome
                        wanted += [task.index] if outcome.reason is None else []
                    else:
                        self._count(task.index, outcome)
                        tick()
        for index in wanted:
            findings = failed(Reason.CHANGED, "it changed each time that it was read").findings
            self.files[index] = replace(self.files[index], sha256=None, reason=Reason.CHANGED, findings=findings)

    def _count(self, index: int, outcome: Brief | Parsed | CacheWriteError | StorageError | Failure) -> None:
        """A file is parsed. Raises what kept its result from being kept: CacheWriteError, StorageError."""
        if isinstance(outcome, (CacheWriteError, StorageError)):
            raise outcome
        if isinstance(outcome, Failure):
            outcome = failed(outcome.reason, outcome.message)
        if isinstance(outcome, Parsed):
            outcome = self._keep(index, outcome)
        (self.passing.add if outcome.passing else self.passing.discard)(self.files[index].sha256 or "")
        self.parsed_now += 1
        self.pages_now += outcome.pages
        self.failed_now += outcome.rejected

    def heads(self) -> Iterator[tuple[str | None, Head | None]]:
        """Hash and head of each file. Raises ResultsLostError at the end where some have lost theirs."""
        # A file that changed no longer stands for those that it was equal to.
        self._firsts()
        lost = []
        for index, file in enumerate(self.files):
            head = self.head(index)
            if head is None and file.reason is None:
                lost.append(index)
            yield file.sha256, head
        if lost:
            raise ResultsLostError(lost)

    def head(self, index: int) -> Head | None:
        """What other files need to know of a file; None where it gave nothing or is not parsed yet."""
        if self.files[index].reason is not None:
            return None
        head: Head | None = self._cache(index).get_head(self._key(index))
        return head

    def load(self, index: int) -> FileResult | None:
        """The result of a file; None where it is lost."""
        file = self.files[index]
        if file.reason is not None:
            return FileResult(file, rejected(file.reason))
        parsed = self._cache(index).get(self._key(index))
        return None if parsed is None else result(file, parsed)

    def _firsts(self) -> list[int]:
        """The files to parse: of equal ones the first, by whose name all of them are read."""
        self._names = {}
        firsts = []
        for index, file in enumerate(self.files):
            if file.reason is None and file.sha256 is not None and file.sha256 not in self._names:
                self._names[file.sha256] = file.source_path
                firsts.append(index)
        return firsts

    def _task(self, index: int) -> Task:
        pdf = self.files[index].media_type == SUFFIXES[".pdf"]
        return Task(index, self.given[index], self._key(index), pdf)

    def _keep(self, index: int, parsed: Parsed) -> Brief:
        """Keep a result: for good where it will be the same again. Raises CacheWriteError."""
        passing = parsed.reason in PASSING
        (self.own if passing else self.cache).put(self._key(index), head_of(parsed), parsed)
        return brief_of(parsed)

    def _cache(self, index: int) -> Cache:
        return self.own if self.files[index].sha256 in self.passing else self.cache

    def _key(self, index: int) -> Key:
        """Content of a file and how it is read; equal bytes are read as the first of their files is."""
        file = self.files[index]
        sha256 = file.sha256 or ""
        return Key.of(sha256, self._names.get(sha256, file.source_path))
