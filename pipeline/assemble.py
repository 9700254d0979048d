"""Results of files -> linked, made rows, corrected, matched, checked: the tables of a corpus or of a part of one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from extractors.models import Notes
from pipeline import VERSION, emit
from pipeline.corrections import CorrectionFailedError, refuse_broken
from pipeline.edits import NONE, Edits, edited
from pipeline.link import Corpus, Elsewhere, FileResult, link
from pipeline.parsing import ResultsLostError, failed, rejected
from pipeline.reasons import Reason
from pipeline.rows import Row, rows
from pipeline.stages import fault

if TYPE_CHECKING:
    import pyarrow as pa


class ChecksFailedError(Exception):
    """Rows break rules of the schema, and not because of single documents."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("\n".join(messages))


@dataclass(frozen=True, slots=True)
class Assembled:
    """A corpus with the rows and tables that it makes."""

    corpus: Corpus
    rows: dict[str, list[Row]]
    tables: dict[str, pa.Table]


def assemble(results: Sequence[FileResult], edits: Edits = NONE, elsewhere: Elsewhere | None = None) -> Assembled:
    """The checked tables of these files. A document that breaks them off, or a check, is left out and told.

    Raises ChecksFailedError where leaving files out does not help, CorrectionFailedError where edits do not fit.
    """
    return _checked(_draft(results, edits, elsewhere), results, edits, elsewhere)


def _tables(results: Sequence[FileResult], edits: Edits, elsewhere: Elsewhere | None) -> Assembled:
    corpus = link(results, elsewhere)
    made = edited(rows(corpus, VERSION), edits)
    return Assembled(corpus, made, emit.arrow_tables(made))


def _draft(results: Sequence[FileResult], edits: Edits, elsewhere: Elsewhere | None) -> Assembled:
    """The tables of all files. Where that fails, those files are left out whose rows make no tables by themselves."""
    try:
        return _tables(results, edits, elsewhere)
    except (CorrectionFailedError, ResultsLostError):
        raise
    except Exception:
        return _tables([_tried(result) for result in results], edits, elsewhere)


def _tried(result: FileResult) -> FileResult:
    try:
        # A part of an act need not hold the rows that are edited.
        _tables([result], NONE, None)
    except Exception as error:
        return FileResult(result.file, failed(Reason.INTERNAL_ERROR, fault(error)))
    return result


def _checked(draft: Assembled, results: Sequence[FileResult], edits: Edits, elsewhere: Elsewhere | None) -> Assembled:
    """The draft, or one without the files whose acts break a check."""
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
        draft = _draft(kept, edits, elsewhere)
        broken = violations(draft.tables)
    if broken:
        raise ChecksFailedError([str(violation) for violation in broken])
    return draft
