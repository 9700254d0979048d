"""Rows that a page break cut: the rest on the next page goes back into the row it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import regex

from extractors.annex.alignment import LaidRow
from extractors.annex.headers import Column, column_at, filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.numbers import read_number_cell, read_printed
from extractors.annex.wording import CLOSED_END, LOWER_START, OPEN_END, join_all
from extractors.models import Cell

_OPENING = regex.compile(r"\s*\K(?:\p{L}+|\d+)")
_YEAR = regex.compile(r"(?:19|20)\d{2}")
_LABEL = regex.compile(r"\s*(?:\(?(?:\d{1,3}|\p{L}|[ivx]{1,5})[.)]|[-–•*])\s*\S")
_BARE_LABEL = regex.compile(r"\s*\(?(?:\p{L}|[IVX]{1,5}|[ivx]{1,5})[.)]?\s*")
# Evidence from which on a row is the rest of the row before.
ENOUGH = 2.0
# A rest goes on with what stands at most this many rests above it.
MAX_ROWS_BACK = 4


def heal(
    rows: Sequence[LaidRow], columns: Sequence[Column], fixed: frozenset[int], notes: AnnexNotes
) -> tuple[LaidRow, ...]:
    """The rows with the rest rows joined to the rows they continue, each with a finding at the rest's span.

    `fixed` are indexes of rows that neither are rests nor have any (section rows).
    """
    runs: list[list[LaidRow]] = []
    open_row = False
    openings = _openings(rows)
    numbered = _numbered_share(rows, column_at(columns, "indicator"))
    for i, row in enumerate(rows):
        if open_row and i not in fixed and _evidence(row, runs[-1], columns, openings) + numbered >= ENOUGH:
            runs[-1].append(row)
            message = "the rest of a row that a page break cut" if row.source.opens_part else "the rest of a row"
            notes.add(row.source, "row_continuation", "info", message, "joined to the row before")
            continue
        open_row = i not in fixed
        runs.append([row])
    return tuple(_merged(run) for run in runs)


def _openings(rows: Sequence[LaidRow]) -> Counter[tuple[int, str]]:
    """How often a cell of each column begins with each word (or with a number)."""
    return Counter((i, _opening(cell.text)) for row in rows for i, cell in enumerate(row.cells) if cell.text.strip())


def _opening(text: str) -> str:
    match = _OPENING.match(text)
    if match is None:
        return ""
    return "<year>" if _YEAR.fullmatch(match[0]) else "<digits>" if match[0].isdigit() else match[0].lower()


def _numbered_share(rows: Sequence[LaidRow], indicator: int | None) -> float:
    """How much a missing number speaks for a rest: the more, the more indicators have one."""
    texts = (
        [row.cells[indicator].text for row in rows if row.cells[indicator].text.strip()]
        if indicator is not None
        else []
    )
    return 0.75 * sum(read_printed(text).certain for text in texts) / len(texts) if texts else 0.0


def _evidence(
    row: LaidRow, run: Sequence[LaidRow], columns: Sequence[Column], openings: Counter[tuple[int, str]]
) -> float:
    """How much speaks for a row being the rest of the row that stands in `run` (with the rests found so far)."""
    cells = row.cells
    above = [_last_text(run, i) for i in range(len(cells))]
    present = filled(cells)
    if not present:
        return 0.0
    number = column_at(columns, "number")
    if number in present and (read_number_cell(cells[number].text).number or _BARE_LABEL.fullmatch(cells[number].text)):
        return 0.0
    group = column_at(columns, "group")
    if group in present and not (row.source.opens_part or _runs_on(cells[group].text, above[group])):
        return 0.0
    score = 1.0 if row.source.opens_part else 0.0
    indicator = column_at(columns, "indicator")
    if indicator is not None:
        score += _indicator_evidence(cells[indicator].text, above[indicator])
        score += sum(_value_evidence(cells, places, openings) for places in _value_places(columns))
    elif not row.source.opens_part or number is None or not above[number]:
        return 0.0
    return score + _text_evidence(cells, above, present)


def _runs_on(text: str, above: str) -> bool:
    """Whether a text by itself looks like the rest of the one above."""
    return bool(above) and bool(LOWER_START.match(text) or OPEN_END.search(above)) and not _LABEL.match(text)


def _indicator_evidence(text: str, above: str) -> float:
    """A row without an indicator is none; a number or label begins one."""
    if not text.strip():
        return 4.0
    if read_printed(text).number or _LABEL.match(text):
        return -9.0
    return 1.5 if LOWER_START.match(text) else 1.0 if OPEN_END.search(above) else -1.0


def _value_places(columns: Sequence[Column]) -> list[list[int]]:
    """The columns of the targets, and that of who is responsible: every row of its own has something there."""
    targets = [i for i, column in enumerate(columns) if column.role in {"target", "year"}]
    responsible = column_at(columns, "responsible")
    return [targets, *([[responsible]] if responsible is not None else [])]


def _value_evidence(cells: Sequence[Cell], places: Sequence[int], openings: Counter[tuple[int, str]]) -> float:
    """Cells that begin as their column-mates do begin a row; a blank, a small letter, an odd start speak for a rest."""
    present = [i for i in places if cells[i].text.strip()]
    if not present:
        return 0.75
    texts = [(i, cells[i].text) for i in present if not LOWER_START.match(cells[i].text)]
    return -1.5 if any(openings[i, _opening(text)] > 1 for i, text in texts) else 0.5


def _last_text(run: Sequence[LaidRow], column: int) -> str:
    """The end of the last text in a column of a run."""
    for row in reversed(run[-MAX_ROWS_BACK:]):
        if column < len(row.cells) and row.cells[column].text.strip():
            return row.cells[column].text[-40:].strip()
    return ""


def _text_evidence(cells: Sequence[Cell], above: Sequence[str], present: Sequence[int]) -> float:
    """How well the texts run on from those above: lower case after an open end, no label, nothing where nothing was."""
    score = 0.0
    for i in present:
        text = cells[i].text
        if _LABEL.match(text):
            score -= 3.0
        elif not above[i]:
            score -= 0.5
        else:
            score += 0.5 if LOWER_START.match(text) else 0.0
            score += 1.0 if OPEN_END.search(above[i]) else -0.5 if CLOSED_END.search(above[i]) else 0.5
    return max(-4.0, min(2.0, score))


def _merged(run: Sequence[LaidRow]) -> LaidRow:
    """The rows of a run as one; a joined cell keeps the first span."""
    if len(run) == 1:
        return run[0]
    width = max(len(row.cells) for row in run)
    return replace(
        run[0], cells=tuple(_joined([row.cells[i] for row in run if i < len(row.cells)]) for i in range(width))
    )


def _joined(cells: Sequence[Cell]) -> Cell:
    present = [cell for cell in cells if cell.text.strip()]
    if len(present) < 2:
        return present[0] if present else cells[0]
    confidence = min((cell.confidence for cell in present if cell.confidence is not None), default=None)
    return replace(present[0], text=join_all([cell.text for cell in present]), confidence=confidence)
