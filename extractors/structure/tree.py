"""Provisions out of sections and decisions: one node a unit, with eid, own text and span.

Guarantees: every line of the sections that are given ends in the span of one provision or in a finding; own spans do
not overlap; eids are unique, a repeated one gets `_2` and a finding.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import regex

from extractors.models import EMPTY, AnnexZone, Block, Line, Notes, Provision, Span, TablePart
from extractors.readers.text import as_line
from extractors.structure.branch import Branch, Node
from extractors.structure.gaps import note_gaps
from extractors.structure.law import HEADINGS
from extractors.structure.segment import Decision, segment
from extractors.structure.wording import drop_enclosing_quote, join_lines
from extractors.structure.zones import Section

SIGNATURE = regex.compile(
    r"(?:salinan\s+)?sesuai\s+dengan\s+aslinya|(?:ditetapkan|disahkan|diundangkan)\s+di\b"
    r"|(?:pj\.?|plt\.?|plh\.?|penjabat)?\s*(?:bupati|wali\s?kota|gubernur|presiden)\b[^.;:]{0,40},?$",
    regex.IGNORECASE,
)
MAX_SIGNATURE_LINES = 14


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


def _depth(node: Node) -> int:
    depth = 0
    while node.parent is not None:
        depth += 1
        node = node.parent
    return depth


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
