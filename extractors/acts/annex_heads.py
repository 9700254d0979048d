"""The acts that annexes name in their heads: the identity of an annex file, and a check of an act's own annexes."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.acts.act_head import compare_annex_head, read_act_head
from extractors.acts.identifiers import document_id
from extractors.models import Line, Metadata, Notes
from extractors.structure.zones import Section

MAX_HEAD_LINES = 10


def head_lines(section: Section) -> list[Line]:
    """The lines of an annex before its first table, as many as a head has."""
    lines: list[Line] = []
    for block in section.blocks[:MAX_HEAD_LINES]:
        if not isinstance(block, Line):
            break
        lines.append(block)
    return lines


def annex_metadata(sections: Sequence[Section], notes: Notes) -> Metadata:
    """What a file without a body says of its act: who it belongs to, and nothing else."""
    titles = [line for section in sections if section.kind == "title" for line in section.lines]
    annexes = [line for section in sections if section.kind == "lampiran" for line in head_lines(section)]
    act = read_act_head([*titles, *annexes][: 2 * MAX_HEAD_LINES], notes).act
    return Metadata(act, document_id(act))


def check_annex_heads(sections: Sequence[Section], metadata: Metadata, notes: Notes) -> None:
    """A finding for each annex whose head names another act than the one it stands in."""
    for section in sections:
        if section.kind == "lampiran":
            compare_annex_head(metadata.act, read_act_head(head_lines(section)), notes)
