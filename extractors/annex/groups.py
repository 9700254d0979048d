"""Groups of indicators (sasaran, kegiatan): label and text, carried down over the rows that leave their cell blank."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import regex

from extractors.annex.cuts import complete, ends_inside_word
from extractors.annex.notes import AnnexNotes
from extractors.annex.numbers import Printed
from extractors.annex.wording import CLOSED_END, LOWER_START, OPEN_END, clean, collapse, join_all
from extractors.models import Cell

_LABEL = regex.compile(r"\s*\(?(\p{L}|\d{1,3}(?:\.\d{1,2})*|[ivxIVX]{1,5})\s?[.)]\s*(?=\S)")
_BARE_LABEL = regex.compile(r"\s*\(?(\p{L}|\d{1,3}|[ivxIVX]{1,5})[.)]?\s*")
# Evidence from which on a group cell without label continues the group above.
ENOUGH = 2.0
# A group text that is repeated as a whole stands in no more cells than this.
MAX_REPEATED = 8
# A text shorter than this is not held against the act's lists.
MIN_CUT_TEXT = 15


@dataclass
class Group:
    """A group while its rows are read; `pieces` are the cells that its text stands in.

    `is_section` tells that a section row opened it: rows below may have groups of their own.
    """

    label: str | None
    pieces: list[Cell]
    text: str | None = None
    is_section: bool = False

    @property
    def printed(self) -> str:
        """The whole group cell, label and all."""
        return collapse(join_all([piece.text for piece in self.pieces]))

    def is_repeated_by(self, cell: Cell) -> bool:
        """Whether a cell holds the group's whole text again."""
        length = sum(len(piece.text) + 1 for piece in self.pieces) if len(self.pieces) <= MAX_REPEATED else 0
        return length >= len(cell.text) and collapse(cell.text) == self.printed


class GroupStyle(NamedTuple):
    """Whether at least half of a table's group cells have labels, and whether numbers start again in each group."""

    labelled: bool
    restarts: bool


def split_label(text: str) -> tuple[str | None, str]:
    """`a. Tersedianya …` -> (`a`, `Tersedianya …`)."""
    match = _LABEL.match(text)
    return (match[1], text[match.end() :]) if match else (None, text)


def opened(cell: Cell, number_cell: Cell | None) -> Group:
    """The group that a cell opens; its label may stand in a cell of its own."""
    label, _ = split_label(cell.text)
    if label is None and number_cell and (match := _BARE_LABEL.fullmatch(number_cell.text)):
        label = match[1]
    return Group(label, [cell])


def continues(
    cell: Cell, group: Group, printed: Printed, opens_part: bool, table: GroupStyle, known_rest: bool
) -> bool:
    """Whether a filled group cell goes on with the text of the open `group` rather than opening the next.

    Weighs its own label, the number of its indicator (`printed`: 1 begins a group where `table` starts numbers again
    in each), how the texts meet, whether a page break stands before it and whether the table's groups are labelled:
    where they are not, a capital begins one unless the text above is open or the cell is a `known_rest` of it. A
    cell that repeats the group's whole text continues it too.
    """
    if group.is_repeated_by(cell):
        return True
    if split_label(cell.text)[0] is not None:
        return False
    above = group.pieces[-1].text[-20:]
    lower = bool(LOWER_START.match(cell.text))
    if group.is_section and not (lower and opens_part):
        return False
    score = 1.0 if opens_part else 0.0
    score += 1.0 if lower else 0.0
    score += -0.5 if CLOSED_END.search(above) else 1.0
    if table.labelled:
        score += 1.0
    elif not (lower or known_rest or OPEN_END.search(above)):
        score -= 2.0
    if table.restarts and printed.value is not None:
        score += -3.0 if printed.value == 1 else 1.0
    return score >= ENOUGH


def completes(cell: Cell, group: Group, items: Sequence[str]) -> bool:
    """Whether the group's text and the cell's together begin just one of the list items of the act's body."""
    return complete(f"{group.printed} {cell.text}", "", items) is not None


def extend(group: Group, cell: Cell) -> None:
    """Add a cell that continues the group; one that only repeats it adds nothing."""
    if not group.is_repeated_by(cell):
        group.pieces.append(cell)


def finish(groups: Sequence[Group], known: Container[str], items: Sequence[str], notes: AnnexNotes) -> None:
    """Set the text of every group, without label, mended; every repair is a finding at the group's first cell."""
    for group in groups:
        first = group.pieces[0]
        _, text = split_label(group.printed)
        mended = clean(text, known)
        group.text = mended.text or None
        repairs = list(mended.repairs)
        if len(group.pieces) > 1:
            repairs.append(("group_continued", f"joined from {len(group.pieces)} cells: {mended.text[:200]}"))
        if len(mended.text) >= MIN_CUT_TEXT and ends_inside_word(mended.text, known):
            whole = complete(mended.text, "", items)
            if whole and whole != mended.text:
                group.text = whole
                repairs.append(("text_completed", "completed from the act's list of the same items"))
        for code, repair in repairs:
            severity = "warning" if code == "text_completed" else "info"
            notes.add(first, code, severity, f"group `{first.text[:80]}`", repair)


def style_of(cells: Sequence[tuple[Cell, Printed]]) -> GroupStyle:
    """The style of a table's filled group cells, each with the number printed in its row."""
    labels = [split_label(cell.text)[0] is not None for cell, _ in cells]
    labelled = 2 * sum(labels) >= len(labels) > 0
    values = [p.value for (_, p), has in zip(cells, labels, strict=True) if p.value is not None and has >= labelled]
    return GroupStyle(labelled, 2 * values.count(1) >= len(values))
