"""Lines between the rows of a table: heads that OCR wrote outside the table, rests of cells, other text.

They wait until it is known whether the table goes on. All of them are text of the annex as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from extractors.annex.headers import filled
from extractors.annex.section_heads import counted_head
from extractors.annex.wording import LOWER_START, OPEN_END, join_all
from extractors.models import Cell, Line, Span

_GROUP_LABEL = regex.compile(r"\(?(\p{Ll})[.)]\s+\p{L}")
_LABEL = regex.compile(r"\(?[\p{L}\d]{1,3}[.)]\s")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together; `is_head` tells that they open a section or group."""

    lines: list[Line]
    is_head: bool

    @property
    def text(self) -> str:
        return join_all([line.text for line in self.lines])

    @property
    def span(self) -> Span:
        return Span(self.lines[0].span.start, self.lines[-1].span.end)

    @property
    def page(self) -> int:
        return self.lines[0].page


@dataclass
class LinesBetween:
    """The lines behind the last row, and the label of the last group (`` where one labelled `a` may begin)."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    group_label: str = ""

    def see(self, cells: Sequence[Cell]) -> None:
        """Take note of the head in the first filled cell of a row."""
        first = next((cells[i].text for i in filled(cells)), "")
        self._see(first)

    def _see(self, text: str) -> None:
        if match := _GROUP_LABEL.match(text):
            self.group_label = match[1]
        elif counted_head(text):
            self.group_label = ""

    def take_head(self, line: Line, has_groups: bool) -> bool:
        """Whether a line is a head or goes on with one: `Pilar 2: …`, where a table `has_groups` its next group."""
        last = self.paragraphs[-1] if self.paragraphs else None
        if counted_head(line.text) or (has_groups and self._opens_next_group(line.text)):
            self.paragraphs.append(Paragraph([line], True))
            self._see(line.text)
            return True
        if last and last.is_head and LOWER_START.match(line.text) and not _LABEL.match(line.text):
            last.lines.append(line)
            return True
        return False

    def take_text(self, line: Line) -> None:
        self.paragraphs.append(Paragraph([line], False))

    def _opens_next_group(self, text: str) -> bool:
        match = _GROUP_LABEL.match(text)
        return bool(match) and match[1] == (chr(ord(self.group_label) + 1) if self.group_label else "a")

    def taken(self) -> list[Paragraph]:
        """All paragraphs; none are left."""
        paragraphs, self.paragraphs = self.paragraphs, []
        return paragraphs

    def taken_heads(self) -> list[Paragraph]:
        """The heads right above what comes next, taken out."""
        start = len(self.paragraphs)
        while start and self.paragraphs[start - 1].is_head:
            start -= 1
        heads, self.paragraphs = self.paragraphs[start:], self.paragraphs[:start]
        return heads


def is_rest(text: str, above: str, table_ends: bool) -> bool:
    """Whether a line goes on with the text of the last cell above; behind a table only where that text is open."""
    if _LABEL.match(text):
        return False
    return bool(OPEN_END.search(above[-40:])) or (not table_ends and bool(LOWER_START.match(text)))
