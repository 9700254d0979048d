"""Nodes in the making, and the branch of one zone that grows them decision by decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex

from extractors.models import Line, Mapped, Span
from extractors.structure.law import Open, write
from extractors.structure.numbering import Number
from extractors.structure.segment import Decision

if TYPE_CHECKING:
    from extractors.structure.tree import TreeBuilder

KIND_WORD = regex.compile(r"^[\W_]*(?:BAB|Bagian|Paragraf|Pasal|Ayat|Huruf|Angka|Butir)\s*", regex.IGNORECASE)
OPENING_QUOTES = " “”\"„‘’'«»"


@dataclass(slots=True)
class Node:
    """A provision in the making. `pieces` are (line, from, to) stretches of own text."""

    eid: str
    parent: Node | None
    kind: str
    zone: str
    number: str | None = None
    number_printed: str | None = None
    inferred: bool = False
    value: Number | None = None
    start: int | None = None
    end: int | None = None
    pages: list[int] = field(default_factory=list)
    pieces: list[Mapped] = field(default_factory=list)
    texts: int = 0
    quoted: bool = False

    def cover(self, line: Line, start: int, end: int) -> None:
        """Stretch the span over `line.text[start:end]`; at the line's ends its marks come along."""
        if start >= end:
            return
        span = line.content.span(start, end)
        left = line.span.start if start == 0 else span.start
        right = line.span.end if end >= len(line.text) else span.end
        self.start = left if self.start is None else min(self.start, left)
        self.end = right if self.end is None else max(self.end, right)
        self.pages.append(line.page)


class Branch:
    """Grows the nodes of one zone below a root while its lines are walked."""

    def __init__(self, builder: TreeBuilder, root: Node | None, zone: str) -> None:
        self.builder = builder
        self.root = root
        self.zone = zone
        self.open: list[tuple[Open, Node]] = []
        self.current: Node | None = root
        self.after_table = False

    def text(self, line: Line, start: int, end: int) -> None:
        """Own text of whatever is open; behind a table, or with nothing open, it becomes a `text` node."""
        if not line.text[start:end].strip():
            return
        if self.after_table or self.current is None:
            self.current = self._text_node(self.root)
            self.after_table = False
        self.current.cover(line, start, end)
        self.current.pieces.append(line.content.slice(start, end))

    def decide(self, decision: Decision, line: Line) -> None:
        """Open the units of a decision and say what was inferred, mended or passed over."""
        marker = decision.marker
        notes = self.builder.notes
        shown = line.text[marker.start : marker.end].strip()
        if marker.echo:
            span = line.content.span(marker.start, marker.end)
            left = Span(line.span.start if marker.start == 0 else span.start, span.end)
            notes.add(
                "marker_echo",
                "info",
                f"`{shown}` is printed again right behind",
                span=left,
                page=line.page,
                repair="left out",
            )
        if decision.passed_over:
            span = line.content.span(marker.start, marker.end)
            message = f"`{shown}` breaks the numbering here and is read as text"
            notes.add(
                "marker_as_text",
                "warning",
                message,
                span=span,
                page=line.page,
                eid=self.current.eid if self.current else None,
            )
        if not decision.opened and not decision.lost:
            return
        self.after_table = False
        kept: list[tuple[Open, Node]] = []
        for depth, unit in enumerate(decision.stack):
            last = depth == len(decision.stack) - 1 and decision.opened is not None
            if not last and len(kept) == depth and depth < len(self.open) and self.open[depth][0] == unit:
                kept.append(self.open[depth])
                continue
            node = self._open(unit, kept)
            kept.append((unit, node))
            if unit.inferred:
                self._note_lost(node, line, marker.start)
        self.open = kept
        self.current = kept[-1][1] if kept else self.root
        if decision.opened and self.current is not None and marker.kind != "paragraph" and marker.style != "part":
            self.current.cover(line, marker.start, marker.end)
            self.current.number_printed = _printed(marker.style, marker.printed, shown)
            self._note_number(self.current, decision, line)

    def _open(self, unit: Open, kept: list[tuple[Open, Node]]) -> Node:
        parent = kept[-1][1] if kept else self.root
        if unit.kind == "text":
            return self._text_node(parent, unit.quoted)
        number = unit.number if unit.style != "part" else (0, "")
        printed = write(unit.kind, number, "roman" if unit.style in ("roman", "I.") else "") if number[0] else None
        if unit.style == "A.":
            printed = chr(64 + number[0])
        if unit.style == "part":
            return self._text_node(self.root)
        base = self._eid_base(unit, kept)
        step = printed if unit.kind == "section" else f"{'angka' if unit.kind == 'item' else unit.kind}_{printed}"
        eid = f"{base}__{step}" if base else str(step)
        zone = "quoted" if unit.quoted and self.zone == "body" else self.zone
        node = Node(
            self.builder._unique(eid), parent, unit.kind, zone, printed, None, unit.inferred, number, quoted=unit.quoted
        )
        self.builder.nodes.append(node)
        if node.eid != eid:
            message = f"{unit.kind} {printed} stands more than once"
            self.builder.notes.add(
                "number_repeated", "warning", message, eid=node.eid, repair="kept, the eid is counted on"
            )
        return node

    def _eid_base(self, unit: Open, kept: list[tuple[Open, Node]]) -> str:
        """Where the eid hangs: Pasal and BAB below the root or the quoting item, all else below the parent."""
        root = self.root.eid if self.root else ""
        if unit.kind not in ("pasal", "bab"):
            return kept[-1][1].eid if kept else root
        if unit.quoted:
            quoting = [node for open_unit, node in kept if not open_unit.quoted]
            return quoting[-1].eid if quoting else root
        return root

    def _text_node(self, parent: Node | None, quoted: bool = False) -> Node:
        if parent is None:
            self.builder._texts += 1
            eid = f"text_{self.builder._texts}"
        else:
            parent.texts += 1
            eid = f"{parent.eid}__text_{parent.texts}"
        zone = "quoted" if quoted and self.zone == "body" else self.zone
        node = Node(self.builder._unique(eid), parent, "text", zone, quoted=quoted)
        self.builder.nodes.append(node)
        return node

    def _note_lost(self, node: Node, line: Line, start: int) -> None:
        at = line.content.offset(start)
        node.pages.append(line.page)
        mentions = len(regex.findall(rf"\bPasal\s*{node.number}\b", self.builder.text))
        message = (
            f"the heading Pasal {node.number} is not in the source: the printed Pasal leave room for it and the units"
            f" below begin anew here; Pasal {node.number} is mentioned {mentions} times"
        )
        self.builder.notes.add(
            "pasal_inferred",
            "warning",
            message,
            span=Span(at, at),
            page=line.page,
            eid=node.eid,
            repair="heading restored",
        )

    def _note_number(self, node: Node, decision: Decision, line: Line) -> None:
        marker = decision.marker
        span = line.content.span(marker.start, marker.end)
        if decision.note == "mended":
            message = f"printed `{line.text[marker.start : marker.end].strip()}`, the sequence says {node.number}"
            self.builder.notes.add(
                "number_mended",
                "warning",
                message,
                span=span,
                page=line.page,
                eid=node.eid,
                repair=f"read as {node.number}",
            )
        if node.kind == "ayat" and marker.style == "1.":
            message = f"ayat printed as list number `{marker.printed}.` without brackets"
            self.builder.notes.add(
                "ayat_as_list_number", "info", message, span=span, page=line.page, eid=node.eid, repair="read as ayat"
            )


def _printed(style: str, printed: str, shown: str) -> str:
    """The number as printed with its dress: `(2)`, `a.`, `Kedua`, `IV`."""
    if style in ("bab", "bagian", "paragraf", "pasal", "part"):
        return printed
    return KIND_WORD.sub("", shown).strip(OPENING_QUOTES) or printed
