"""A whole run: files given -> read -> parsed one by one -> linked -> checked -> published."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from extractors.models import Finding, Notes
from pipeline import VERSION, emit
from pipeline.corrections import CorrectionFailedError, refuse_broken
from pipeline.document import Parsed, parse
from pipeline.edits import NONE as NO_EDITS
from pipeline.edits import Edits, edited
from pipeline.exit_codes import ExitCode
from pipeline.floors import NONE, Floors, missed
from pipeline.inputs import SUFFIXES, FileRead, Given, collect, read
from pipeline.isolation import IsolationError, isolated
from pipeline.link import Corpus, FileResult, link
from pipeline.reasons import Reason
from pipeline.rows import Row, rows
from pipeline.stages import fault

if TYPE_CHECKING:
    import pyarrow as pa

# Told before each step: the stage's name, the steps done and the steps in all.
Watch = Callable[[str, int, int], None]


def unwatched(_stage: str, _done: int, _total: int) -> None:
    """For runs that show no progress."""


class NothingGivenError(Exception):
    """The paths hold no file to read."""


class ChecksFailedError(Exception):
    """Rows break rules of the schema, and not because of single documents."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages))


class FloorsMissedError(Exception):
    """The release does not reach all of its floors: `floors` are those missed, in words."""

    def __init__(self, floors: Sequence[str]) -> None:
        super().__init__("\n".join(floors))
        self.floors = floors


@dataclass(frozen=True, slots=True)
class Release:
    """What a run published at `output`: the linked corpus, and the rows of each table."""

    output: Path
    corpus: Corpus
    rows: dict[str, list[Row]]

    @property
    def exit_code(self) -> ExitCode:
        complete = all(source.parsed.status == "parsed" for source in self.corpus.sources)
        return ExitCode.OK if complete else ExitCode.INCOMPLETE


def run(
    paths: Sequence[Path],
    output: Path,
    watch: Watch = unwatched,
    floors: Floors = NONE,
    edits: Edits = NO_EDITS,
) -> Release:
    """Parse all files of `paths`, correct their rows and publish the tables at `output`.

    A document that fails costs only itself. Raises OutputRefusedError, NothingGivenError, CorrectionFailedError,
    ChecksFailedError, FloorsMissedError or OSError, and then what stood at `output` stands there still.
    """
    emit.refuse_foreign(output)
    given = collect(paths)
    if not given:
        raise NothingGivenError(", ".join(str(path) for path in paths))
    results = parse_all(given, watch)
    watch("link", 0, 1)
    draft = _draft(results, edits)
    watch("check", 0, 1)
    draft = _checked(draft, results, edits)
    if short := missed(floors, draft.tables):
        raise FloorsMissedError(short)
    watch("write", 0, 1)
    emit.publish(draft.tables, output, _facts(draft.corpus))
    watch("write", 1, 1)
    return Release(output, draft.corpus, draft.rows)


def parse_all(given: Sequence[Given], watch: Watch = unwatched) -> list[FileResult]:
    """Each file read and parsed; equal bytes are parsed once."""
    results: list[FileResult] = []
    seen: dict[str, Parsed] = {}
    for done, item in enumerate(given):
        watch("parse", done, len(given))
        file = read(item)
        parsed = seen.get(file.sha256 or "") or parse_file(file)
        if file.sha256 is not None:
            seen[file.sha256] = parsed
        # The bytes are needed no more: a large run would hold them all.
        results.append(FileResult(replace(file, data=b""), parsed))
    watch("parse", len(given), len(given))
    return results


def parse_file(file: FileRead) -> Parsed:
    """What is in a file. Never raises: a fault of the program is a rejection with a finding."""
    if file.reason is not None:
        return rejected(file.reason)
    try:
        if file.media_type == SUFFIXES[".pdf"]:
            return isolated(lambda: parse(file.data, file.source_path))
        return parse(file.data, file.source_path)
    except IsolationError as error:
        notes = Notes("run")
        notes.add(error.reason, "error", str(error), repair="left out")
        return rejected(error.reason, tuple(notes))
    except Exception as error:  # a bad file costs only itself
        return rejected(Reason.INTERNAL_ERROR, _fault(error))


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


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release before its checks."""

    corpus: Corpus
    rows: dict[str, list[Row]]
    tables: dict[str, pa.Table]


def _tables(results: Sequence[FileResult], edits: Edits) -> _Draft:
    corpus = link(results)
    made = edited(rows(corpus, VERSION), edits)
    return _Draft(corpus, made, emit.arrow_tables(made))


def _draft(results: Sequence[FileResult], edits: Edits) -> _Draft:
    """The tables of all files. Where that fails, those files are left out whose rows make no tables by themselves."""
    try:
        return _tables(results, edits)
    except CorrectionFailedError:
        raise
    except Exception:
        return _tables([_tried(result) for result in results], edits)


def _tried(result: FileResult) -> FileResult:
    try:
        # A part of an act need not hold the rows that are corrected.
        _tables([result], NO_EDITS)
    except Exception as error:
        return FileResult(result.file, rejected(Reason.INTERNAL_ERROR, _fault(error)))
    return result


def _checked(draft: _Draft, results: Sequence[FileResult], edits: Edits) -> _Draft:
    """The draft, or one without the files whose acts break a check.

    Raises ChecksFailedError where leaving files out does not help, CorrectionFailedError where corrected rows break it.
    """
    from pipeline.checks import violations

    broken = violations(draft.tables)
    if not broken:
        return draft
    refuse_broken(edits.corrections, broken)
    faults: defaultdict[str, Notes] = defaultdict(lambda: Notes("check"))
    for violation in broken:
        for work in draft.corpus.works:
            if work.document_id in (violation.documents or ()):
                for part in work.parts:
                    faults[part.source_sha256].add(Reason.CHECK_FAILED, "error", str(violation), repair="left out")
    if all(violation.documents is not None for violation in broken):
        kept = [
            FileResult(result.file, rejected(Reason.CHECK_FAILED, tuple(notes))) if notes else result
            for result in results
            for notes in [faults.get(result.file.sha256 or "")]
        ]
        draft = _draft(kept, edits)
        broken = violations(draft.tables)
    if broken:
        raise ChecksFailedError([str(violation) for violation in broken])
    return draft


def _fault(error: Exception) -> tuple[Finding, ...]:
    """A finding on a fault of the program."""
    notes = Notes("run")
    notes.add(Reason.INTERNAL_ERROR, "error", fault(error), repair="left out")
    return tuple(notes)


def _facts(corpus: Corpus) -> dict[str, object]:
    """What the manifest says of the run; no clock and no places, so that equal runs give equal files."""
    statuses = Counter(source.parsed.status for source in corpus.sources)
    reasons = Counter(source.parsed.reason for source in corpus.sources if source.parsed.reason)
    return {
        "files_given": len(corpus.sources),
        "documents": len(corpus.works),
        "status": dict(sorted(statuses.items())),
        "reasons": dict(sorted(reasons.items())),
    }
