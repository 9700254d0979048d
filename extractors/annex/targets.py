"""Target cells by a grammar over token kinds: comparator, number, words, unit, qualifier, year, period.

A cell is a list of targets; `target_grammar.ITEM` is one of them, written over the letters of `target_tokens`.
What the grammar does not cover keeps its text and gets a finding, never a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from extractors.annex.target_columns import ColumnUnit, read_column_unit
from extractors.annex.target_grammar import BETWEEN_ITEMS, ITEM, LOST, TEXT, TIME_CELL
from extractors.annex.target_tokens import Token, mended_digits, tokens
from extractors.lookups import vocabulary
from extractors.models import Notes, Span, Target
from extractors.numerals import Numeral, read_numeral, words_agree

# No target is longer: what is, is not read as one.
_MAX_LENGTH = 2000


@dataclass
class _Cell:
    """A cell at work: its tokens without noise, their kinds as one string, and where findings go."""

    printed: str
    year: int | None
    notes: Notes
    where: dict[str, Any]
    column: ColumnUnit = field(default_factory=ColumnUnit)
    has_time: bool = False
    noise: bool = False
    tokens: list[Token] = field(default_factory=list)
    kinds: str = ""

    def __post_init__(self) -> None:
        text, mends = mended_digits(self.printed)
        for misread, numeral in mends:
            self.note("target_digits", "warning", f"{misread!r} has letters for digits", f"read as {numeral}")
        found = tokens(text)
        self.tokens = [token for token in found if token.kind != "~"]
        self.noise = len(self.tokens) < len(found)
        self.kinds = "".join(token.kind for token in self.tokens)

    def note(self, code: str, severity: str, message: str, repair: str | None = None) -> None:
        self.notes.add(code, severity, f"{message} in target {self.printed[:200]!r}", repair=repair, **self.where)

    def group(self, match: re.Match[str], name: str) -> list[Token]:
        return self.tokens[match.start(name) : match.end(name)] if match[name] else []

    def text(self, parts: list[Token]) -> str | None:
        return " ".join(self.printed[parts[0].start : parts[-1].end].split()) if parts else None


def read_targets(
    printed: str | None,
    year: int | None,
    notes: Notes,
    *,
    unit: str | None = None,
    time: str | None = None,
    span: Span | None,
    eid: str | None,
    page: int | None,
) -> tuple[Target, ...]:
    """The targets of one cell, at least one; never raises, time linear in the cell.

    `printed` is the cell's text, None if empty. `year` is that of the column in a table with one
    column a year: it holds where the cell prints none. `unit` and `time` are the texts of the row's
    cells in columns of units and of years or periods: they fill what the cell does not print itself.
    A bare `0` without label, unit and time is what OCR leaves of an empty cell, so `lost`; `0%`,
    `Target: 0` and a `0` beside a unit or a year of its own are zeros. Status: `ok`; `text`: words
    without a number, in `value_text`; `lost`: nothing to read but perhaps the time; `ambiguous`:
    numbers that have no one reading, the print in `value_text` and all else but the time null.
    """
    where = {"span": span, "eid": eid, "page": page}
    text, beside, when = (" ".join((part or "").split()) for part in (printed, unit, time))
    longest = max(text, beside, when, key=len)
    if len(longest) > _MAX_LENGTH:
        cell = _Cell(longest[:200], year, notes, where)
        cell.note("target_unread", "warning", f"{len(longest)} characters are no target", "kept as text")
        return (_blank("text" if text else "lost", year, text or None),)
    cell = _Cell(text, year, notes, where, read_column_unit(beside), bool(when))
    if cell.kinds == "y" and cell.column.unit:
        cell.kinds = "N"
    targets = _numbers(cell) or _words(cell) or _lost(cell) or _unread(cell)
    if cell.noise and targets[0].status != "lost":
        cell.note("target_noise", "info", "stray marks", "left out")
    return _with_time(_Cell(when, None, notes, where), targets) if when else targets


def _with_time(column: _Cell, targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """`targets` with the time that a column of its own gives, where they print none; `-` gives none."""
    match = TIME_CELL.fullmatch(column.kinds)
    if match is None or not column.kinds:
        if column.kinds.strip("D/w,"):
            column.note("target_time_unread", "warning", "the time in its column cannot be read", "left out")
        return targets
    timed, filled = _timed(column, match, _blank("ok", None, None)), []
    for target in targets:
        if target.year is not None and timed.year not in (None, target.year):
            column.note("target_year_differs", "warning", f"the target is of {target.year}", f"read as {target.year}")
        if target.year is None and (target.period or not target.period_printed):
            target = replace(target, year=timed.year)
        if not target.period_printed:
            target = replace(target, period=timed.period, period_printed=timed.period_printed)
        filled.append(target)
    return tuple(filled)


def _numbers(cell: _Cell) -> tuple[Target, ...]:
    """The cell as a list of numeric targets; empty if it is none."""
    matches: list[re.Match[str]] = []
    position = 0
    while position < len(cell.kinds):
        match = ITEM.match(cell.kinds, position)
        if match is None:
            return ()
        matches.append(match)
        position = match.end()
        if position < len(cell.kinds) and (gap := BETWEEN_ITEMS.match(cell.kinds, position)):
            position = gap.end()
    if not matches or position != matches[-1].end() or _is_stray_zero(cell):
        return ()
    if len(matches) > 1 and not all(map(_stands_alone, matches)):
        return ()
    targets = [target for match in matches if (target := _target(cell, match)) is not None]
    told_apart = {(target.unit, target.qualifier, target.year, target.period) for target in targets}
    return tuple(targets) if len(targets) == len(told_apart) == len(matches) else ()


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether an item of a list is whole by itself: `15, 5%` is one number torn apart, not two targets."""
    return bool(match["unit"] or match["lead"] or match["year"])


def _is_stray_zero(cell: _Cell) -> bool:
    vouched = cell.year is not None or cell.has_time or cell.column.unit
    return cell.kinds == "N" and not vouched and read_numeral(cell.tokens[0].printed).value == 0


def _target(cell: _Cell, match: re.Match[str]) -> Target | None:
    """The target of one item; None where its number or range has no one reading."""
    unit, column = _unit(cell, match), cell.column
    scaled = bool(match["scale"] or match["low_scale"])
    if unit is None and column.unit and not column.known:
        cell.note("target_unit_unknown", "info", f"unit {column.unit!r} is not in the vocabulary", "kept as printed")
    if (unit and column.unit not in (None, unit)) or ((unit or scaled) and column.factor != 1):
        cell.note("target_unit_differs", "warning", f"the column says {column.unit}, {column.factor:g}", "left out")
    factor = 1.0 if unit or scaled else column.factor
    unit = unit or column.unit
    units = {token.value for name in ("low_unit", "unit") for token in cell.group(match, name) if token.kind == "U"}
    value, upper = _value(cell, match, "number", "scale", unit), None
    comparator = _one(cell, match, "comparator") or _one(cell, match, "after") or "="
    if match["low"]:
        low = _value(cell, match, "low", "low_scale" if match["low_scale"] else "scale", unit)
        if low is None or value is None or low >= value or match["comparator"] or len(units) > 1:
            return None
        value, upper, comparator = low, value * factor, "between"
    if value is None or (match["year"] and not re.search(r"[YUWrwBbp]", match[0])):
        return None
    qualifier, period = _qualifier(cell, match), (column.period, column.period_printed)
    target = Target(comparator, value * factor, upper, None, unit, qualifier, cell.year, None, None, "ok")
    target = _checked(cell, match, _timed(cell, match, target))
    return target if target.period_printed else replace(target, period=period[0], period_printed=period[1])


def _value(cell: _Cell, match: re.Match[str], name: str, scale: str, unit: str | None) -> float | None:
    printed = cell.group(match, name)[0].printed.removesuffix(",-")
    numeral = _numeral(printed, unit)
    if numeral.doubt:
        repair = None if numeral.value is None else f"read as {numeral.value:g}"
        cell.note("target_notation", "warning", f"{printed!r}: {numeral.doubt}", repair)
    factors = [float(token.value) for token in cell.group(match, scale)]
    return numeral.value if numeral.value is None or not factors else numeral.value * factors[0]


def _numeral(printed: str, unit: str | None) -> Numeral:
    units = vocabulary("units")
    return read_numeral(printed, whole=unit in units["units"] and unit not in units["measures"]["units"])


def _unit(cell: _Cell, match: re.Match[str]) -> str | None:
    """The unit that the cell prints, with the words that complete it."""
    parts = cell.group(match, "unit") or cell.group(match, "low_unit")
    if not parts:
        bracket = next((read_column_unit(token.printed) for token in cell.group(match, "bracket")), ColumnUnit())
        money = next((token.value for token in cell.group(match, "money")), None)
        return money or (bracket.unit if _is_unit(bracket) else None)
    if parts[0].kind == "Y" or (parts[0].kind == "U" and not _completed(parts)):
        return parts[0].value if parts[0].kind == "U" else parts[0].printed.casefold()
    unit = cell.text(parts)
    if parts[0].kind != "r":
        cell.note("target_unit_unknown", "info", f"unit {unit!r} is not in the vocabulary", "kept as printed")
    return unit


def _is_unit(bracket: ColumnUnit) -> bool:
    return bracket.unit is not None and bracket.known and bracket.factor == 1


def _completed(unit: list[Token]) -> bool:
    """Whether the words behind a unit of the vocabulary are part of its name."""
    return len(unit) > 1 and unit[0].value in vocabulary("units")["compounds"]["heads"]


def _qualifier(cell: _Cell, match: re.Match[str]) -> str | None:
    """The words behind the unit and the time, without single letters, which are no words of the language."""
    unit = cell.group(match, "unit")
    behind = unit[1:] if unit and unit[0].kind == "U" and not _completed(unit) else []
    parts = behind + cell.group(match, "qualifier")
    kept = [token for token in parts if token.kind != "w"]
    if len(kept) < len(parts):
        stray = ", ".join(repr(token.printed) for token in parts if token.kind == "w")
        cell.note("target_stray_letter", "info", f"stray {stray}", "left out")
    aside = [token for token in cell.group(match, "bracket") if not _is_unit(read_column_unit(token.printed))]
    aside += cell.group(match, "aside")
    if kept == parts and not aside:
        return cell.text(kept)
    return " ".join(str(cell.text([token])) for token in kept + aside) or None


def _one(cell: _Cell, match: re.Match[str], name: str) -> str | None:
    return next((token.value for token in cell.group(match, name)), None)


def _timed(cell: _Cell, match: re.Match[str], target: Target) -> Target:
    """`target` with the year and the period that the cell prints."""
    groups = match.groupdict()
    year = next((int(t.value) for name in ("lead", "year") if groups.get(name) for t in cell.group(match, name)), None)
    period = next((t for name in ("early", "period", "late") for t in cell.group(match, name)), None)
    if match["until"]:
        until = f"{match['year'] and cell.group(match, 'year')[0].value}-{cell.group(match, 'until')[0].value}"
        cell.note("target_years", "info", f"the years {until} share one target", "kept in period_printed")
        return replace(target, year=cell.year, period_printed=until)
    if match["more"]:
        printed = cell.text(cell.tokens[match.start("year") : match.end("more")])
        cell.note("target_years", "info", f"the years {printed} share one target", "kept in period_printed")
        return replace(target, year=cell.year, period_printed=printed)
    if groups.get("lead") and match["year"]:
        cell.note("target_year_twice", "warning", "two years", f"read as {year}")
    if year is not None and cell.year not in (None, year):
        cell.note("target_year_differs", "warning", f"the column says {cell.year}", f"read as {year}")
    if match["label"] and target.status != "lost":
        cell.note("target_year_lost", "warning", "a label without a year that can be read")
    if period is not None and not period.value:
        cell.note("target_period_unknown", "info", f"period {period.printed!r} is not in the vocabulary")
    return replace(
        target,
        year=cell.year if year is None else year,
        period=(period.value or None) if period else None,
        period_printed=period.printed if period else None,
    )


def _checked(cell: _Cell, match: re.Match[str], target: Target) -> Target:
    """`target`, or an ambiguous one where the words in brackets contradict the digits."""
    for name, words in (("low", "low_words"), ("number", "words"), ("number", "unit_words")):
        number, spelled = cell.group(match, name), cell.group(match, words)
        value = _numeral(number[0].printed, target.unit).value if number and spelled else None
        if value is not None and not words_agree(value, spelled[0].printed):
            message = f"{number[0].printed!r} and the words {spelled[0].printed!r} contradict each other"
            cell.note("target_words_differ", "warning", message)
            blank = _blank("ambiguous", target.year, cell.printed)
            return replace(blank, period=target.period, period_printed=target.period_printed)
    return target


def _words(cell: _Cell) -> tuple[Target, ...]:
    """The cell as a target without a number: `seluruh kecamatan`, `1:20`."""
    match = TEXT.fullmatch(cell.kinds)
    parts = (cell.group(match, "text") or cell.group(match, "early") or cell.group(match, "period")) if match else []
    if match is None or not any(t.kind == "N" or len(t.printed) > 1 or t.printed.isupper() for t in parts):
        return ()
    text = cell.text(parts)
    if parts[0].kind not in "Qp":
        cell.note("target_text", "info", f"no number that could be compared: {text!r}", "kept as text")
    return (_timed(cell, match, _blank("text", cell.year, text)),)


def _lost(cell: _Cell) -> tuple[Target, ...]:
    """The cell as what is left of a target: nothing, garbage, a label, a year."""
    match = LOST.fullmatch(cell.kinds)
    if match is None and re.search(r"[NyWQUSRA?]", cell.kinds) and not _is_stray_zero(cell):
        return ()
    if match is not None and ((match["year"] and "Y" not in match[0]) or "N" in (match["junk"] or "")):
        return ()
    what = "the cell is empty" if not cell.printed else "no target can be read"
    cell.note("target_lost", "warning", what)
    blank = _blank("lost", cell.year, None)
    return (blank if match is None else _timed(cell, match, blank),)


def _unread(cell: _Cell) -> tuple[Target, ...]:
    """The cell as printed, where no production fits; a lone year or period still stands."""
    years = {int(token.value) for token in cell.tokens if token.kind == "y"}
    labelled = "Y" in cell.kinds and len(years) == 1
    status = "ambiguous" if re.search(r"[Ny?]", cell.kinds) else "text"
    cell.note("target_unread", "warning", "no reading", "kept as text")
    return (_blank(status, years.pop() if labelled else cell.year, cell.printed),)


def _blank(status: str, year: int | None, text: str | None) -> Target:
    return Target(None, None, None, text, None, None, year, None, None, status)
