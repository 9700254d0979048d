"""Cells put under the columns they belong to, where rows hold fewer or more cells than the table has columns.

The cells of a row are assigned to columns in order (a cell or a column may be passed over, at a price) so
that every cell looks as much like the cells of its column as possible. What a column looks like is
learned from the rows that are complete, and from the cues of its role (`data/annex_headers.toml`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import regex

from extractors.annex.headers import Column, filled
from extractors.annex.notes import AnnexNotes
from extractors.annex.tables import SourceRow
from extractors.lookups import vocabulary
from extractors.models import Cell

# Wider tables are taken as printed.
MAX_COLUMNS = 24
# Price of passing over a column or an empty cell.
GAP = 0.6
# What a cue weighs beside the rows seen, and the prior that any feature stands in any column.
CUE_WEIGHT, PRIOR = 3.0, 0.5
MAX_WORDS = 12

_TOKEN = regex.compile(r"\p{L}+|\d+|%")
_AMOUNT = regex.compile(r"[^\p{L}]*\d[^\p{L}]*|-")
_COUNTED = regex.compile(r"\d{1,3}[.)]\s*\D")
_LETTERED = regex.compile(r"\p{Ll}[.)]\s")
_YEAR = regex.compile(r"(?:19|20)\d{2}")


@dataclass(frozen=True, slots=True)
class LaidRow:
    """A row with one cell a column (more where it is wider than the table)."""

    cells: tuple[Cell, ...]
    source: SourceRow


def features(text: str) -> list[str]:
    """What a cell looks like: its first words, its length class, and the shape of its start."""
    tokens = _TOKEN.findall(text[:300].lower())[:MAX_WORDS]
    found = [token if not token.isdigit() else "<year>" if _YEAR.fullmatch(token) else "<digits>" for token in tokens]
    found.append("<short>" if len(text) <= 20 else "<mid>" if len(text) <= 60 else "<long>")
    if len(text) <= 40 and _AMOUNT.fullmatch(text):
        found.append("<amount>")
    elif _COUNTED.match(text):
        found += ["<counted>"] * 3
    elif _LETTERED.match(text):
        found += ["<letter>"] * 3
    return found


class Profiles:
    """What the cells of each column look like."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        self.width = len(columns)
        self.counts: dict[str, dict[int, float]] = defaultdict(dict)
        roles = vocabulary("annex_headers")["roles"]
        for j, column in enumerate(columns):
            for cue in roles.get("target" if column.role == "year" else column.role or "", {}).get("cues", ()):
                self.counts[cue][j] = CUE_WEIGHT
        for row in rows:
            for j, cell in enumerate(row[: self.width]):
                for feature in features(cell.text) if cell.text.strip() else ():
                    self.counts[feature][j] = self.counts[feature].get(j, 0.0) + 1.0

    def fit(self, text: str, own: int | None = None) -> list[float]:
        """Log odds of the cell for each column, averaged over its features; 0 for an empty cell.

        `own` is the column in which the cell itself was seen when the profiles were learned: it does not count.
        """
        scores = [0.0] * self.width
        if not text.strip():
            return scores
        seen = features(text)
        for feature, times in Counter(seen).items():
            counts = self.counts.get(feature)
            if not counts:
                continue
            if own in counts:
                counts = {**counts, own: max(counts[own] - times, 0.0)}
            total = sum(counts.values()) + PRIOR * self.width
            for j in range(self.width):
                scores[j] += times * log(self.width * (counts.get(j, 0.0) + PRIOR) / total)
        return [score / len(seen) for score in scores]


def trimmed(cells: Sequence[Cell], width: int) -> list[Cell]:
    """The cells without empty ones beyond `width`."""
    kept = list(cells)
    while len(kept) > width and not kept[-1].text.strip():
        kept.pop()
    return kept


def table_width(columns: Sequence[Column], rows: Sequence[SourceRow]) -> int:
    """Number of columns: the header's, else the commonest number of cells."""
    if columns:
        return len(columns)
    lengths = Counter(len(row.cells) for row in rows)
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def learn(columns: Sequence[Column], rows: Sequence[SourceRow], width: int) -> Profiles:
    """Profiles from the rows that have as many cells as the table has columns."""
    padded = [*columns, *([Column(None)] * (width - len(columns)))]
    cells = (trimmed(row.cells, width) for row in rows)
    return Profiles(padded, [row for row in cells if len(row) == width])


def lay(rows: Sequence[SourceRow], profiles: Profiles, notes: AnnexNotes) -> tuple[LaidRow, ...]:
    """Every row with its cells under their columns; a shift, and a row wider than the table, is a finding.

    Rows that miss the same number of cells weigh together with those of their part and the part before: what a
    page lost, it lost in all of them.
    """
    width = profiles.width
    cells = [trimmed(row.cells, width) for row in rows]
    if width > MAX_COLUMNS:
        return tuple(LaidRow(as_printed(row, width, notes), row) for row in rows)
    matrices = {i: [profiles.fit(cell.text) for cell in row] for i, row in enumerate(cells) if len(row) <= MAX_COLUMNS}
    mates: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        if i in matrices and len(cells[i]) != width:
            mates[row.part, len(cells[i])].append(i)
    means = {
        (part, count): _mean([matrices[i] for i in (*mates.get((part - 1, count), ()), *members)])
        for (part, count), members in mates.items()
    }
    laid = []
    for i, row in enumerate(rows):
        if i not in matrices or len(filled(cells[i])) > width or _is_drawn(cells[i], width):
            laid.append(LaidRow(as_printed(row, width, notes), row))
            continue
        mean = means.get((row.part, len(cells[i])))
        scores = matrices[i] if mean is None else _sum(matrices[i], mean)
        places = best_places([bool(cell.text.strip()) for cell in cells[i]], scores, width)
        laid.append(LaidRow(_placed(row, cells[i], places, width, notes), row))
    return tuple(laid)


def _is_drawn(cells: Sequence[Cell], width: int) -> bool:
    """Whether a page shows each cell in a column of its own: then the place tells more than the text."""
    return len(cells) == width and all(cell.box for cell in cells)


def as_printed(row: SourceRow, width: int, notes: AnnexNotes) -> tuple[Cell, ...]:
    """The cells one column each from the left; what lies beyond the table's columns is kept, with a finding."""
    cells = trimmed(row.cells, width)
    _note_dropped(row.cells[len(cells) :], notes)
    if len(cells) > width:
        message = f"{len(cells)} cells in a table of {width} columns"
        notes.add(row, "row_wider", "warning", message, "kept in columns without a head")
    return tuple(cells) + (Cell("", None, row.page),) * (width - len(cells))


def best_places(has_text: Sequence[bool], scores: Sequence[Sequence[float]], width: int) -> list[int | None]:
    """The column of each cell, ascending; None for an empty cell passed over.

    `scores[i][j]` is how well cell i fits column j. There must be no more cells with text than columns.
    """
    count = len(has_text)
    best = [[float("-inf")] * (width + 1) for _ in range(count + 1)]
    step = [[""] * (width + 1) for _ in range(count + 1)]
    best[0][0] = 0.0
    for i in range(count + 1):
        for j in range(width + 1):
            options = [(best[i][j], step[i][j])]
            if i and j:
                options.append((best[i - 1][j - 1] + scores[i - 1][j - 1], "place"))
            if j:
                options.append((best[i][j - 1] - GAP, "column"))
            if i and not has_text[i - 1]:
                options.append((best[i - 1][j] - GAP, "cell"))
            best[i][j], step[i][j] = max(options, key=lambda option: option[0])
    places: list[int | None] = [None] * count
    i, j = count, width
    while i or j:
        move = step[i][j]
        if move != "column":
            i -= 1
            places[i] = j - 1 if move == "place" else None
        if move != "cell":
            j -= 1
    return places


def _placed(
    row: SourceRow, cells: Sequence[Cell], places: Sequence[int | None], width: int, notes: AnnexNotes
) -> tuple[Cell, ...]:
    placed = [Cell("", None, row.page)] * width
    for cell, place in zip(cells, places, strict=True):
        if place is not None:
            placed[place] = cell
    dropped = [cell for cell, place in zip(cells, places, strict=True) if place is None]
    _note_dropped([*dropped, *row.cells[len(cells) :]], notes)
    moved = [(i, place) for i, place in enumerate(places) if place is not None and place != i and cells[i].text.strip()]
    if moved:
        shift = ", ".join(f"{i + 1} to {place + 1}" for i, place in moved[:MAX_COLUMNS])
        message = f"{len(row.cells)} cells in a table of {width} columns"
        notes.add(row, "row_shifted", "info", message, f"cells moved: {shift}")
    return tuple(placed)


def _note_dropped(cells: Sequence[Cell], notes: AnnexNotes) -> None:
    for cell in cells:
        if cell.span:
            notes.add(cell, "cell_dropped", "info", "an empty cell beyond the table's columns", "left out")


def _mean(matrices: Sequence[list[list[float]]]) -> list[list[float]]:
    total = matrices[0]
    for matrix in matrices[1:]:
        total = _sum(total, matrix)
    return [[score / len(matrices) for score in row] for row in total]


def _sum(a: Sequence[Sequence[float]], b: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[x + y for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]
