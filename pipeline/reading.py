"""An act as it stood on a day, on the terminal: what is not applied first, then its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from extractors.consolidation.changes import Difference, differences
from extractors.models import ProvisionVersion
from extractors.structure.numbering import ordinals
from pipeline.published import APPLIED, Published, Row
from pipeline.reasons import NotApplied
from pipeline.terminal import safe, shown

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

PRINTED_WIDTH = 160
INDENT = 2
MARKERS = {"bab": "BAB {}", "pasal": "Pasal {}", "ayat": "({})", "huruf": "{}.", "angka": "{}.", "item": "{}."}
HEADINGS = ("bab", "bagian", "paragraf", "pasal")


def below(versions: Sequence[ProvisionVersion], eid: str | None) -> list[ProvisionVersion]:
    """The place and what stands below it, in reading order; everything where `eid` is None."""
    if eid is None:
        return list(versions)
    inside = {eid}
    for version in versions:
        if version.parent_eid in inside:
            inside.add(version.eid)
    return [version for version in versions if version.eid in inside]


def show(act: Published, day: date, eid: str | None, console: Console) -> None:
    """Print the act, or one of its places, as it stood on a day."""
    show_head(act, day, console)
    depths: dict[str | None, int] = {None: -1}
    hidden: set[str] = set()
    for version in below(act.at(day), eid):
        if version.left_out or version.parent_eid in hidden:
            hidden.add(version.eid)
            continue
        depths[version.eid] = depth = depths.get(version.parent_eid, -1) + (version.kind not in HEADINGS)
        margin = " " * INDENT * max(depth, 0)
        if version.state == "repealed":
            hidden.add(version.eid)
            console.print(_line(version, f"[dihapus: {_source(version)}]", "dim", margin), soft_wrap=True)
            continue
        console.print(_line(version, version.text or "", "", margin), soft_wrap=True)
        if version.kind == "lampiran":
            for table, _ in act.tables(version.eid, day):
                size = f"{table['row_count']} rows, {table['column_count']} columns"
                console.print(shown(f"[table {table['table_id']}: {size}]", "dim"))


def show_head(act: Published, day: date, console: Console) -> None:
    """Print which act it is, and what a reader has to know before its text."""
    for line in (*_head(act, day), *_warnings(act, day)):
        console.print(line)
    console.print()


def changed(act: Published, day: date, eid: str | None, change_of: Sequence[Published]) -> list[Difference]:
    """What an amending act changed in the acts of `change_of`; of another act, what changed since it was made."""
    if not change_of:
        return differences(below(act.made(), eid), below(act.at(day), eid))
    found: list[Difference] = []
    for base in change_of:
        previous = {(version.eid, version.version): version for version in base.versions}
        mine = [version for version in base.versions if version.changed_by_document_id == act.document_id]
        first = {version.eid: version for version in reversed(mine)}
        before = [previous[eid, v.version - 1] for eid, v in first.items() if (eid, v.version - 1) in previous]
        after = {version.eid: version for version in mine}.values()
        found += differences(below(before, eid), below(list(after), eid))
    return found


def title(act: Published) -> str:
    """`perda 4/2020 Kabupaten Blora: PASAR DESA`, or the id where the head could not be read."""
    row = act.document
    if row["jenis"] is None or row["number"] is None or row["year"] is None:
        return act.document_id
    name = f"{row['jenis']} {row['number']}/{row['year']} {row['region_name'] or ''}".strip()
    return f"{name}: {row['title']}" if row["title"] else name


def _head(act: Published, day: date) -> Iterator[Text]:
    yield shown(title(act), "bold")
    yield shown(f"{act.document_id} as of {day.isoformat()}", "dim")


def _warnings(act: Published, day: date) -> Iterator[Text]:
    """What a reader must know before the text: its days, changes that are not in it, changes to come."""
    versions = act.at(day)
    if not versions:
        yield shown("On this day the act is not yet in force.", "yellow")
    elif all(version.state == "repealed" for version in versions):
        yield shown("On this day the act is revoked.", "yellow")
    if any(version.valid_from is None for version in act.versions):
        yield shown("It is not known from which day it holds; the text is that before its first change.", "yellow")
    missing = act.not_applied()
    if missing:
        yield shown(f"{len(missing)} instructions on this act are NOT in this text:", "bold red")
        for row in missing:
            yield _instruction(row)
    waiting = [row for row in act.changing if row["status"] == APPLIED and row["effective_on"] > day]
    for document_id, on in sorted({(row["document_id"], row["effective_on"]) for row in waiting}):
        yield shown(f"Changed from {on.isoformat()} on by {document_id}", "yellow")
    own = [row for row in act.own if row["status"] != APPLIED]
    if own:
        yield shown(f"{len(own)} of its own {len(act.own)} instructions are applied nowhere:", "bold red")
        for row in own:
            yield _instruction(row)


def _instruction(row: Row) -> Text:
    why = f"{row['status']}, {NotApplied(row['reason']).description}" if row["reason"] else row["status"]
    return shown(f"  {row['document_id']} no. {row['seq']}: {why}: {row['instruction_printed']}", "red", PRINTED_WIDTH)


def _line(version: ProvisionVersion, text: str, style: str, margin: str) -> Text:
    """`(2) Tempat usaha ...`, or a heading on a line of its own."""
    marker = _marker(version)
    line = shown("")
    if version.kind in HEADINGS:
        line.append("" if version.kind == "pasal" else "\n").append(f"{margin}{safe(marker)}", "bold")
        if version.heading:
            line.append(f" {safe(version.heading)}", "bold")
        if text:
            line.append(f"\n{margin}{safe(text)}", style)
        return line
    parts = [safe(part) for part in (marker, version.heading, text) if part]
    return line.append(margin + " ".join(parts), style)


def _marker(version: ProvisionVersion) -> str:
    if version.kind in ("menimbang", "mengingat"):
        return f"{version.kind.capitalize()}:"
    if version.number is None or version.kind == "lampiran":
        return ""
    if version.kind in ("bagian", "paragraf"):
        words = {str(number): word for word, number in reversed(ordinals().items())}
        word = words.get(version.number, version.number) if version.kind == "bagian" else version.number
        return f"{version.kind.capitalize()} {word.capitalize()}"
    return MARKERS.get(version.kind, "{}").format(version.number)


def _source(version: ProvisionVersion) -> str:
    return f"{version.changed_by_document_id} no. {version.changed_by_seq}"
