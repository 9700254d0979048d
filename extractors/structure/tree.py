"""Provisions out of sections and decisions: one node a unit, with eid, own text and span.

Guarantees: every line of the sections that are given ends in the span of one provision or in a finding; own spans do
not overlap; eids are unique, a repeated one gets `_2` and a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import regex

from extractors.models import EMPTY, AnnexZone, Block, Line, Mapped, Notes, Provision, Span, TablePart
from extractors.readers.text import as_line
from extractors.structure.gaps import note_gaps
from extractors.structure.grammar import HEADINGS, Open, write
from extractors.structure.numbering import Number
from extractors.structure.segment import Decision, segment
from extractors.structure.wording import drop_enclosing_quote, join_lines
from extractors.structure.zones import Section

SIGNATURE = regex.compile(
    r"(?:salinan\s+)?sesuai\s+dengan\s+aslinya|(?:ditetapkan|disahkan|diundangkan)\s+di\b"
    r"|(?:pj\.?|plt\.?|plh\.?|penjabat)?\s*(?:bupati|wali\s?kota|gubernur|presiden)\b[^.;:]{0,40},?$",
    regex.IGNORECASE,
)
MAX_SIGNATURE_LINES = 14
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


class TreeBuilder:
    """Collects the nodes of one act in reading order; `text` is the source as read."""

    def __init__(self, text: str, notes: Notes, *, amending: bool) -> None:
        self.text = text
        self.notes = notes
        self.amending = amending
        self.nodes: list[Node] = []
        self.annexes: list[AnnexZone] = []
        self._eids: dict[str, int] = {}
        self._texts = 0

    def add(self, section: Section) -> None:
        """Read one section into nodes."""
        if section.kind == "title":
            self._plain("title", "title", "title", section)
        elif section.kind in ("opening", "enactment"):
            self._texts += 1
            self._plain(f"text_{self._texts}", "text", "preamble", section)
        elif section.kind == "closing":
            self._plain("closing", "closing", "closing", section)
        elif section.kind in ("menimbang", "mengingat"):
            root = self._root(section.kind, section.kind, "preamble")
            if section.label:
                root.cover(section.label, 0, len(section.label.text))
            self._units(self._lines(section.blocks), root, "preamble")
        elif section.kind == "body":
            self._units(self._lines(section.blocks), None, "body", tables=_table_ends(section.blocks))
        elif section.kind == "gazette":
            self._plain("penjelasan__closing", "closing", "elucidation", section, self._node("penjelasan"))
        elif section.kind == "penjelasan":
            self._units(
                self._lines(section.blocks), self._root("penjelasan", "penjelasan", "elucidation"), "elucidation"
            )
        else:
            self._annex(section)

    def provisions(self) -> tuple[Provision, ...]:
        """The finished rows in reading order."""
        rows = []
        for ordinal, node in enumerate(self.nodes, 1):
            words = join_lines(node.pieces)
            if node.kind in ("menimbang", "mengingat") and not regex.search(r"\w", words.text):
                words = EMPTY
            if node.quoted:
                words = drop_enclosing_quote(words)
            is_heading = node.kind in HEADINGS
            start = node.start if node.start is not None else self._next_start(ordinal)
            rows.append(
                Provision(
                    eid=node.eid,
                    parent_eid=node.parent.eid if node.parent else None,
                    kind="text" if node.kind == "section" else node.kind,
                    zone=node.zone,
                    number=node.number,
                    number_printed=node.number_printed,
                    inferred=node.inferred,
                    heading=words if is_heading else EMPTY,
                    text=EMPTY if is_heading else words,
                    ordinal=ordinal,
                    depth=_depth(node),
                    span=Span(start, node.end if node.end is not None else start),
                    page_start=min(node.pages, default=1),
                    page_end=max(node.pages, default=1),
                )
            )
        own = [(node, row) for node, row in zip(self.nodes, rows, strict=True) if node.zone in ("preamble", "body")]
        note_gaps(
            (
                (
                    row.kind,
                    None if row.kind in ("pasal", "bab") else row.parent_eid,
                    node.value,
                    row.span,
                    row.page_start,
                    row.eid,
                )
                for node, row in own
                if node.value
            ),
            self.notes,
        )
        return tuple(rows)

    def _next_start(self, ordinal: int) -> int:
        """Where a node without characters of its own stands: at the start of the node behind it."""
        for node in self.nodes[ordinal:]:
            if node.start is not None:
                return node.start
        return 0

    def _lines(self, blocks: Sequence[Block]) -> list[Line]:
        """The blocks as lines; table rows outside an annex are read as text."""
        lines = []
        for block in blocks:
            if isinstance(block, Line):
                lines.append(block)
                continue
            message = "a table outside the annexes is kept as text, a line a row"
            self.notes.add(
                "table_as_text", "info", message, span=block.span, page=block.page, repair="cells joined by blanks"
            )
            lines += [line for row in block.rows if (line := as_line(row, self.text)) and line.text]
        return lines

    def _plain(self, eid: str, kind: str, zone: str, section: Section, parent: Node | None = None) -> None:
        node = self._root(eid, kind, zone, parent)
        for line in self._lines(section.blocks):
            node.cover(line, 0, len(line.text))
            node.pieces.append(line.content)

    def _root(self, eid: str, kind: str, zone: str, parent: Node | None = None) -> Node:
        node = Node(self._unique(eid), parent, kind, zone)
        self.nodes.append(node)
        return node

    def _unique(self, eid: str) -> str:
        self._eids[eid] = count = self._eids.get(eid, 0) + 1
        if count == 1:
            return eid
        unique = f"{eid}_{count}"
        return unique if unique not in self._eids and not self._eids.update({unique: 1}) else self._unique(eid)

    def _annex(self, section: Section) -> None:
        eid = f"lampiran_{section.number}" if section.number else "lampiran"
        root = self._root(eid, "lampiran", "annex")
        root.number = section.number
        root.number_printed = section.number
        blocks, signature = _split_signature(section.blocks)
        self.annexes.append(AnnexZone(root.eid, section.number, blocks))
        lines: list[Line] = []
        breaks: set[int] = set()
        for block in blocks:
            if isinstance(block, TablePart):
                breaks.add(len(lines))
            else:
                lines.append(block)
        self._units(lines, root, "annex", breaks)
        if signature:
            self._plain(f"{root.eid}__closing", "closing", "annex", Section("closing", signature), root)

    def _node(self, eid: str) -> Node | None:
        return next((node for node in self.nodes if node.eid == eid), None)

    def _units(
        self,
        lines: Sequence[Line],
        root: Node | None,
        zone: str,
        breaks: set[int] | None = None,
        tables: frozenset[int] = frozenset(),
    ) -> None:
        """Segment the lines and grow nodes below `root`.

        Before a line in `breaks` stood a table that is read elsewhere; a line that begins at an offset in `tables`
        follows a table that is kept as text.
        """
        ends = {index for index, line in enumerate(lines) if line.span.start in tables} | (breaks or set())
        decisions = segment(lines, zone, amending=self.amending, breaks=ends)
        by_line: dict[int, list[Decision]] = {}
        for decision in decisions:
            by_line.setdefault(decision.marker.line, []).append(decision)
        branch = Branch(self, root, zone)
        for index, line in enumerate(lines):
            position = 0
            if breaks and index in breaks:
                branch.after_table = True
            for decision in by_line.get(index, ()):
                marker = decision.marker
                branch.text(line, position, marker.start)
                branch.decide(decision, line)
                spoken = marker.kind == "paragraph" or marker.style == "part"
                position = marker.end if (decision.opened and not spoken) or marker.echo else marker.start
            branch.text(line, position, len(line.text))


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


def _depth(node: Node) -> int:
    depth = 0
    while node.parent is not None:
        depth += 1
        node = node.parent
    return depth


def _printed(style: str, printed: str, shown: str) -> str:
    """The number as printed with its dress: `(2)`, `a.`, `Kedua`, `IV`."""
    if style in ("bab", "bagian", "paragraf", "pasal", "part"):
        return printed
    return KIND_WORD.sub("", shown).strip(OPENING_QUOTES) or printed


def _split_signature(blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The annex and the signature block at its end, which begins at its first line after the last table."""
    first = len(blocks)
    while first and isinstance(blocks[first - 1], Line) and len(blocks) - first < MAX_SIGNATURE_LINES:
        first -= 1
    for index in range(max(first, 1), len(blocks)):
        block = blocks[index]
        if isinstance(block, Line) and SIGNATURE.match(block.text):
            return blocks[:index], blocks[index:]
    return blocks, ()


def _table_ends(blocks: Sequence[Block]) -> frozenset[int]:
    """Where the lines begin that stand right behind a table."""
    return frozenset(
        after.span.start
        for table, after in pairwise(blocks)
        if isinstance(table, TablePart) and isinstance(after, Line)
    )
