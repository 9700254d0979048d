"""Target cells by a grammar over token kinds: comparator, number, words, unit, qualifier, year, period.

A cell is a list of targets; `_ITEM` is one of them, written over the letters of `target_tokens`.
What the grammar does not cover keeps its text and gets a finding, never a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

from extractors.annex.target_tokens import Token, tokens
from extractors.models import Notes, Span, Target
from extractors.numerals import read_numeral, words_agree

# No target is longer: what is, is not read as one.
_MAX_LENGTH = 2000

# `Tahun: 2024`, `2024-2026`, `setiap tahun`, `2024 setiap bulan`; a label whose year is gone or unreadable.
_YEAR = r"Y?:?(?P<year>y)(?:D(?P<until>y))?(?!:)"
_NO_YEAR = r"(?P<label>Y)(?!:?y):?(?P<junk>[NWwU?]*)"
_TIME = rf"(?P<early>P)?(?:{_YEAR}|Y?:?(?P<period>P)|{_NO_YEAR})?(?P<late>P)?"
# A phrase of words; a number only behind a word that announces one (`usia 6-23 bulan`).
_PHRASE = r"(?:[QWUwFS]|[,&/D](?=[QWUwA])|b|A(?:C?[Ny](?:D[Ny])?)?)"
_ITEM = re.compile(
    rf"""
    (?:Y?:?(?P<lead>y)(?::|(?=T)))?                                      # 2023: 80%
    (?P<target>T)?:?F*(?P<comparator>C?)F*(?P<money>R?)
    (?:(?P<between>X?)(?P<low>[Ny])(?P<low_words>B?)b?(?P<low_scale>S?)(?P<low_unit>U?)(?P<to>[D&]))?R?
    (?P<number>N|y(?=[BbSUr]))(?P<words>B?)b?(?P<scale>S?)
    (?P<unit>r[WU]*|U|W(?:[W/]*W)?|w|(?(target)|Y$)|)(?P<unit_words>B?)
    (?P<after>c?)
    (?P<qualifier>(?:{_PHRASE})*)
    ,?{_TIME}
    """,
    re.VERBOSE,
)
_TEXT = re.compile(rf"(?:Y?:?(?P<lead>y)(?::|(?=T)))?T?:?(?P<text>C?(?:{_PHRASE}|B)+|N:N),?{_TIME}")
_LOST = re.compile(rf"T?:?[UDw,/]*{_TIME}")
_BETWEEN_ITEMS = re.compile(r",?&?")


@dataclass
class _Cell:
    """A cell at work: its tokens without noise, their kinds as one string, and where findings go."""

    printed: str
    year: int | None
    notes: Notes
    where: dict[str, Any]
    tokens: list[Token] = field(default_factory=list)
    kinds: str = ""

    def note(self, code: str, severity: str, message: str, repair: str | None = None) -> None:
        self.notes.add(code, severity, f"{message} in target {self.printed[:200]!r}", repair=repair, **self.where)

    def group(self, match: re.Match[str], name: str) -> list[Token]:
        return self.tokens[match.start(name) : match.end(name)] if match[name] else []

    def text(self, parts: list[Token]) -> str | None:
        return " ".join(self.printed[parts[0].start : parts[-1].end].split()) if parts else None


def read_targets(
    printed: str | None, year: int | None, notes: Notes, *, span: Span | None, eid: str | None, page: int | None
) -> tuple[Target, ...]:
    """The targets of one cell, at least one; never raises, time linear in the cell.

    `printed` is the cell's text, None if empty. `year` is that of the column in a table with one
    column a year: it holds where the cell prints none. A bare `0` without label, unit and year is
    what OCR leaves of an empty cell, so `lost`; `0%`, `Target: 0` and a `0` in a column of its own
    year are zeros. Status: `ok`; `text`: words without a number, in `value_text`; `lost`: nothing
    to read but perhaps the year; `ambiguous`: numbers that have no one reading, the print in `value_text`.
    """
    cell = _Cell(" ".join((printed or "").split()), year, notes, {"span": span, "eid": eid, "page": page})
    if len(cell.printed) > _MAX_LENGTH:
        cell.note("target_unread", "warning", f"{len(cell.printed)} characters are no target", "kept as text")
        return (_blank("text", year, cell.printed),)
    found = tokens(cell.printed)
    cell.tokens = [token for token in found if token.kind != "~"]
    cell.kinds = "".join(token.kind for token in cell.tokens)
    targets = _numbers(cell) or _words(cell) or _lost(cell) or _unread(cell)
    if len(cell.tokens) < len(found) and targets[0].status != "lost":
        cell.note("target_noise", "info", "stray marks", "left out")
    return targets


def _numbers(cell: _Cell) -> tuple[Target, ...]:
    """The cell as a list of numeric targets; empty if it is none."""
    matches: list[re.Match[str]] = []
    position = 0
    while position < len(cell.kinds):
        match = _ITEM.match(cell.kinds, position)
        if match is None:
            return ()
        matches.append(match)
        position = match.end()
        if position < len(cell.kinds) and (gap := _BETWEEN_ITEMS.match(cell.kinds, position)):
            position = gap.end()
    if not matches or position != matches[-1].end() or _is_stray_zero(cell):
        return ()
    if len(matches) > 1 and not all(map(_stands_alone, matches)):
        return ()
    targets = [target for match in matches if (target := _target(cell, match)) is not None]
    return tuple(targets) if len(targets) == len(matches) else ()


def _stands_alone(match: re.Match[str]) -> bool:
    """Whether an item of a list is whole by itself: `15, 5%` is one number torn apart, not two targets."""
    return bool(match["unit"] or match["lead"] or match["year"])


def _is_stray_zero(cell: _Cell) -> bool:
    return cell.kinds == "N" and cell.year is None and read_numeral(cell.tokens[0].printed).value == 0


def _target(cell: _Cell, match: re.Match[str]) -> Target | None:
    """The target of one item; None where its number or range has no one reading."""
    unit = _unit(cell, match)
    units = {token.value for name in ("low_unit", "unit") for token in cell.group(match, name) if token.kind == "U"}
    value, upper = _value(cell, match, "number", "scale"), None
    comparator = _one(cell, match, "comparator") or _one(cell, match, "after") or "="
    if match["low"]:
        low = _value(cell, match, "low", "low_scale" if match["low_scale"] else "scale")
        joined = match["to"] == "D" or match["between"] == "X"
        if low is None or value is None or low >= value or match["comparator"] or len(units) > 1 or not joined:
            return None
        value, upper, comparator = low, value, "between"
    if value is None or (match["year"] and not re.search(r"[YUWrwBb]", match[0])):
        return None
    target = Target(comparator, value, upper, None, unit, _qualifier(cell, match), cell.year, None, None, "ok")
    return _checked(cell, match, _timed(cell, match, target))


def _value(cell: _Cell, match: re.Match[str], name: str, scale: str) -> float | None:
    printed = cell.group(match, name)[0].printed.removesuffix(",-")
    numeral = read_numeral(printed)
    if numeral.doubt:
        repair = None if numeral.value is None else f"read as {numeral.value:g}"
        cell.note("target_notation", "warning", f"{printed!r}: {numeral.doubt}", repair)
    factors = [float(token.value) for token in cell.group(match, scale)]
    return numeral.value if numeral.value is None or not factors else numeral.value * factors[0]


def _unit(cell: _Cell, match: re.Match[str]) -> str | None:
    parts = cell.group(match, "unit") or cell.group(match, "low_unit")
    if not parts:
        return next((token.value for token in cell.group(match, "money")), None)
    if len(parts) == 1 and parts[0].kind in "UY":
        return parts[0].value if parts[0].kind == "U" else parts[0].printed.casefold()
    unit = cell.text(parts)
    if parts[0].kind != "r":
        cell.note("target_unit_unknown", "info", f"unit {unit!r} is not in the vocabulary", "kept as printed")
    return unit


def _qualifier(cell: _Cell, match: re.Match[str]) -> str | None:
    """The words behind the unit without single letters, which are no words of the language."""
    parts = cell.group(match, "qualifier")
    kept = [token for token in parts if token.kind != "w"]
    if len(kept) < len(parts):
        stray = ", ".join(repr(token.printed) for token in parts if token.kind == "w")
        cell.note("target_stray_letter", "info", f"stray {stray}", "left out")
    return " ".join(str(cell.text([token])) for token in kept) if kept != parts and kept else cell.text(kept)


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
        value = read_numeral(number[0].printed).value if number and spelled else None
        if value is not None and not words_agree(value, spelled[0].printed):
            message = f"{number[0].printed!r} and the words {spelled[0].printed!r} contradict each other"
            cell.note("target_words_differ", "warning", message)
            return replace(target, value=None, value_upper=None, value_text=cell.printed, status="ambiguous")
    return target


def _words(cell: _Cell) -> tuple[Target, ...]:
    """The cell as a target without a number: `seluruh kecamatan`, `1:20`."""
    match = _TEXT.fullmatch(cell.kinds)
    parts = cell.group(match, "text") if match else []
    if match is None or not any(t.kind == "N" or len(t.printed) > 1 or t.printed.isupper() for t in parts):
        return ()
    text = cell.text(parts)
    if parts[0].kind != "Q":
        cell.note("target_text", "info", f"no number that could be compared: {text!r}", "kept as text")
    return (_timed(cell, match, _blank("text", cell.year, text)),)


def _lost(cell: _Cell) -> tuple[Target, ...]:
    """The cell as what is left of a target: nothing, garbage, a label, a year."""
    match = _LOST.fullmatch(cell.kinds)
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
