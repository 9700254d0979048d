"""What a run tells the person who started it: a line a document, what was mended, where the output lies."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType

from pipeline.corrections import CODE
from pipeline.storage import is_remote
from pipeline.tally import Tally
from pipeline.terminal import grid, safe, shown

if TYPE_CHECKING:
    from pipeline.run import Release
    from pipeline.storage import Place

# Columns of the table of documents, as `tally.count` names them.
COLUMNS = ("BAB", "Pasal", "ayat", "defs", "rows", "ok", "text", "lost", "agencies", "changes")
SHOWN_FINDINGS = 12


def show(release: Release, console: Console) -> None:
    """Print the summary of a run."""
    place = shown_path(release.output)
    rows = f"{len(release.rows)} tables, {sum(release.rows.values())} rows in {place}"
    if release.tally is None:
        console.print(shown(f"Nothing new: {rows} are as they were.", "bold"))
        return
    console.print(documents_table(release.tally, console))
    console.print()
    console.print(findings_table(release.tally, console))
    console.print()
    if counted := instructions(release.tally):
        console.print(shown(counted))
        console.print()
    if corrected := release.tally.findings["info", CODE]:
        console.print(shown(f"corrections: {corrected} applied"))
        console.print()
    console.print(shown(rows, "bold"))
    console.print(shown("What the fields mean: perbup schema. One file in full: perbup parse FILE"))


def documents_table(tally: Tally, console: Console) -> RenderableType:
    """One line an act with what was read in it. `2+2` Pasal: two of its own, and two that it quotes."""
    rows = []
    for line in tally.documents:
        numbers = {column: shown(str(line.counts[column])) for column in COLUMNS}
        if line.counts["quoted"]:
            numbers["Pasal"].append(f"+{line.counts['quoted']}")
        if line.counts["lost"]:
            numbers["lost"].stylize("red")
        rows.append((*numbers.values(), shown(line.name).append(f"  {safe(line.title)}", "dim")))
    if more := tally.document_count - len(tally.documents):
        rows.append((*(shown("") for _ in COLUMNS), shown(f"and {more} more: see the table documents", "dim")))
    return grid(console, (*COLUMNS, "document"), COLUMNS, rows)


def instructions(tally: Tally) -> str | None:
    """`instructions: 22 applied, 5 base_missing, 1 unresolved (unread_words 1)`; None where there are none."""
    if not tally.instructions:
        return None
    statuses = {"unresolved": 0} | dict(tally.instructions)
    told = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
    why = ", ".join(f"{reason} {number}" for reason, number in sorted(tally.not_applied.items()))
    return f"instructions: {told}" + (f" ({why})" if why else "")


def findings_table(tally: Tally, console: Console) -> RenderableType:
    """The kinds of findings by number, warnings and errors first, with an example of what was done."""
    if not tally.findings:
        return shown("No findings.")
    ranks = {"error": 0, "warning": 1}
    ordered = sorted(
        (((ranks.get(severity, 2), severity, code), number) for (severity, code), number in tally.findings.items()),
        key=lambda entry: (entry[0][0], -entry[1], entry[0][2]),
    )
    lines = []
    for (rank, severity, code), number in ordered[:SHOWN_FINDINGS]:
        style = ("red", "yellow", "")[rank]
        lines.append((shown(str(number)), shown(severity, style), shown(code), shown(tally.repairs[code])))
    if len(ordered) > SHOWN_FINDINGS:
        rest = sum(number for _, number in ordered[SHOWN_FINDINGS:])
        lines.append((shown(str(rest)), shown(""), shown("of other kinds"), shown("see the table findings")))
    return grid(console, ("found", "severity", "finding", "what was done, first case"), ("found",), lines)


def shown_path(path: Place) -> str:
    """The path as a person would type it from here."""
    if is_remote(path):
        return f"{path}/"
    try:
        return str(path.resolve().relative_to(Path.cwd())) + "/"
    except ValueError:
        return f"{path}/"
