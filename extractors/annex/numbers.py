"""Numbers of indicators: what is printed, held against the sequence that the rows of a group form.

The best explanation of all rows of a table together: the sequence is stronger evidence than single glyphs
(`22.` between 1 and 3 is 2), but a clear number that strays (printed twice, skipped) stays as the source has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import regex

from extractors.structure.numbering import Number, glyph_cost, read_letter, read_roman, write_letter, write_roman

_DOTTED = regex.compile(r"\s*(\d{1,3}(?:\.\d{1,2})+[a-z]?)[.)]?(?:\s+(?=\S)|$)")
_SLASHED = regex.compile(r"\s*(\d{1,3}/\p{L})[.)]?(?:\s+(?=\S)|$)")
_CERTAIN = regex.compile(r"\s*\(?(\d{1,3}\p{Ll}?)(?:\s?[.)]\s*(?=[^\d\s])|\s?[.)]\s+(?=\d))")
_GARBLED = regex.compile(r"\s*([0-9lIiOoSBZ|!]{1,3})\s?[.)]\s*(?=\p{L})")
_BARE = regex.compile(r"\s*(\d{1,3})\s+(?=\p{Lu})")
_WHOLE = regex.compile(r"\W*(\d{1,4}\p{L}?|\d{1,3}(?:\.\d{1,2})+|\d{1,3}/\p{L})\W*")
_LABEL = regex.compile(r"\s*\(?(\p{Ll}{1,5}|[IVX]{1,5})\s?[.)]\s*(?=\p{L})")
_BULLET = regex.compile(r"\s*[-–—•*▪●○]\s+(?=\S)")

# What an explanation costs: a number that is not there, look-alike glyphs, a clear number overruled, a jump of
# the count, a group that counts on where others start again.
MISSING, ALIKE, OVERRULED, JUMP, OTHER_STYLE = 1.0, 1.5, 6.0, 2.5, 1.0
MAX_GLYPH_COST = 1.3
BEAM = 12
# Fewer printed numbers than this share: the table does not number its indicators.
NUMBERED_SHARE = 0.25


class Printed(NamedTuple):
    """A number as printed, its value (None if it is no whole number), where the text after it starts.

    `certain` is False where the marker may be text (`90 Tablet`) or its glyphs are garbled (`l.`).
    """

    number: str | None
    value: int | None
    rest: int
    certain: bool


class Numbered(NamedTuple):
    """The number of a row; `rest` is where the indicator's text starts in the cell.

    `event` is None, `inferred` (nothing legible printed), `mended` (other glyphs printed), `repeated` or `jump`.
    """

    number: str | None
    inferred: bool
    rest: int
    event: str | None


NOTHING = Printed(None, None, 0, False)


def read_printed(text: str) -> Printed:
    """The number in front of an indicator's text."""
    for pattern in (_DOTTED, _SLASHED):
        if match := pattern.match(text):
            return Printed(match[1], None, match.end(), True)
    if match := _CERTAIN.match(text):
        return _valued(match, True)
    match = _GARBLED.match(text) or _BARE.match(text)
    return _valued(match, False) if match else NOTHING


def read_number_cell(text: str) -> Printed:
    """The number in a cell of a NO column."""
    match = _WHOLE.fullmatch(text[:20])
    return _valued(match, True) if match else NOTHING


def _valued(match: regex.Match[str], certain: bool) -> Printed:
    token = match[1]
    number = token.lstrip("0") if token.isdigit() else token
    return Printed(number or token, int(token) if token.isdigit() else None, match.end(), certain)


class LabelStyle(NamedTuple):
    """A way to count that is not by arabic numbers."""

    read: Callable[[str], Number | None]
    write: Callable[[Number], str]

    def value(self, text: str) -> int | None:
        """The value of the label in front of an indicator's text, if it is one of this style as it would be written."""
        match = _LABEL.match(text)
        number = self.read(match[1]) if match else None
        return number[0] if match and number and self.write((number[0], "")) == match[1] else None


LABEL_STYLES = (
    LabelStyle(read_letter, write_letter),
    LabelStyle(read_roman, lambda number: write_roman(number).lower()),
    LabelStyle(read_roman, write_roman),
)


def text_start(text: str) -> int:
    """Where an indicator's text starts behind a bullet; 0 without one."""
    match = _BULLET.match(text)
    return match.end() if match else 0


def styles_shown(groups: Iterable[Sequence[str]]) -> list[LabelStyle]:
    """The label styles that the indicators (their texts, group by group) show: at least two in succession."""
    groups = list(groups)
    return [style for style in LABEL_STYLES if any(_count(group, style) >= 2 for group in groups)]


def number_labelled(texts: Sequence[str], styles: Sequence[LabelStyle]) -> list[Numbered] | None:
    """The numbers of a group whose indicators have labels in one of `styles`, or bullets; None if they have neither.

    A label that is missing within the succession is inferred.
    """
    if all(_BULLET.match(text) for text in texts):
        return [Numbered(None, False, 0, None) for _ in texts]
    style = max(styles, key=lambda style: _count(texts, style), default=None)
    if style is None or not _count(texts, style):
        return None
    numbered, last = [], 0
    for text in texts:
        match = _LABEL.match(text)
        value = style.value(text)
        last = value or last + 1
        printed = match is not None and value is not None
        rest = match.end() if match and printed else 0
        numbered.append(Numbered(style.write((last, "")), not printed, rest, None if printed else "inferred"))
    return numbered


def _count(texts: Sequence[str], style: LabelStyle) -> int:
    """How many of the texts have a label, 0 if it is less than half of them or the labels form no sequence."""
    last = count = 0
    for text in texts:
        value = style.value(text)
        if value not in {None, 1, last + 1}:
            return 0
        count += value is not None
        last = value or last + 1
    return count if 2 * count >= len(texts) else 0


def number_rows(groups: Sequence[Sequence[Printed]]) -> list[list[Numbered]]:
    """The numbers of the rows of each group of a table, in order.

    Numbers start again at 1 in each group or run on through the table, whichever the print shows. The only row of
    a group has no number if none is printed, unless other only rows have one or other groups lost their first.
    """
    rows = [row for group in groups for row in group]
    if sum(row.certain for row in rows) < NUMBERED_SHARE * len(rows) or not rows:
        return [[_as_printed(row) for row in group] for group in groups]
    single_numbered = any(
        (len(group) == 1 and group[0].number) or (len(group) > 1 and not group[0].number) for group in groups
    )
    starts = [group[0].value for group in groups if group and group[0].certain]
    restarts = sum(value == 1 for value in starts) * 2 >= len(starts)
    first = set(_group_starts(groups))
    values = _best_values(rows, first, restarts)
    numbered: list[Numbered] = []
    for i, (row, value) in enumerate(zip(rows, values, strict=True)):
        before = values[i - 1] if i and i not in first else None
        single = i in first and (i + 1 in first or i + 1 == len(rows))
        if single and not row.number and not single_numbered:
            numbered.append(Numbered(None, False, 0, None))
        else:
            numbered.append(_explained(row, value, before))
    result, position = [], 0
    for group in groups:
        result.append(numbered[position : position + len(group)])
        position += len(group)
    return result


def _group_starts(groups: Sequence[Sequence[Printed]]) -> list[int]:
    starts, position = [], 0
    for group in groups:
        if group:
            starts.append(position)
        position += len(group)
    return starts


def _as_printed(row: Printed) -> Numbered:
    return Numbered(row.number, False, row.rest, None) if row.certain else Numbered(None, False, 0, None)


def _best_values(rows: Sequence[Printed], first: set[int], restarts: bool) -> list[int]:
    """The cheapest values, by dynamic programming over the values that row after row can have."""
    states: dict[int, float] = {0: 0.0}
    back: list[dict[int, int]] = []
    for i, row in enumerate(rows):
        following: dict[int, tuple[float, int]] = {}
        for last, cost in states.items():
            for value, step in _steps(row, last, i in first, restarts):
                total = cost + step
                if value not in following or total < following[value][0]:
                    following[value] = (total, last)
        kept = sorted(following, key=lambda v: (following[v][0], v))[:BEAM]
        states = {value: following[value][0] for value in kept}
        back.append({value: following[value][1] for value in kept})
    value = min(states, key=lambda v: (states[v], v))
    values = []
    for pointers in reversed(back):
        values.append(value)
        value = pointers[value]
    return values[::-1]


def _steps(row: Printed, last: int, starts: bool, restarts: bool) -> list[tuple[int, float]]:
    """The values a row may have after `last`, with their costs. A number such as 22.1 leaves the count as it is."""
    if row.certain and row.value is None:
        return [(last, 0.0)]
    steps = []
    if starts:
        steps.append((1, _emission(row, 1) + (0.0 if restarts else OTHER_STYLE)))
    steps.append((last + 1, _emission(row, last + 1) + (OTHER_STYLE if starts and restarts else 0.0)))
    if row.certain and row.value is not None and row.value not in {last + 1, 1 if starts else None}:
        steps.append((row.value, JUMP))
    return steps


def _emission(row: Printed, value: int) -> float:
    """Cost of the print where the number is `value`."""
    if row.number is None:
        return MISSING
    if row.value == value:
        return 0.0 if row.certain else 0.3
    alike = glyph_cost(row.number, str(value)) <= MAX_GLYPH_COST
    if row.certain:
        return ALIKE if alike else OVERRULED
    return 0.5 if alike else MISSING


def _explained(row: Printed, value: int, before: int | None) -> Numbered:
    if row.certain and row.value is None:
        return Numbered(row.number, False, row.rest, None)
    if row.value == value:
        event = None if before is None or value == before + 1 else "repeated" if value == before else "jump"
        return Numbered(str(value), False, row.rest, event)
    if row.number is None or (not row.certain and glyph_cost(row.number, str(value)) > MAX_GLYPH_COST):
        return Numbered(str(value), True, 0, "inferred")
    return Numbered(str(value), True, row.rest, "mended")
