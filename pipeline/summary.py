"""What a run tells the person who started it: a line a document, what was mended, where the output lies."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType

from pipeline.corrections import CODE
from pipeline.link import Corpus, LinkedSource, Work
from pipeline.reasons import Reason
from pipeline.terminal import grid, safe, shown

if TYPE_CHECKING:
    from pipeline.run import Release

COLUMNS = ("BAB", "Pasal", "ayat", "defs", "rows", "ok", "text", "lost", "agencies", "changes")
SHOWN_FINDINGS = 12


def show(release: Release, console: Console) -> None:
    """Print the summary of a run."""
    console.print(documents_table(release.corpus, console))
    console.print()
    console.print(findings_table(release.corpus, console))
    console.print()
    if counted := instructions(release.corpus):
        console.print(shown(counted))
        console.print()
    if corrected := sum(row["code"] == CODE for row in release.rows["findings"]):
        console.print(shown(f"corrections: {corrected} applied"))
        console.print()
    rows = sum(len(made) for made in release.rows.values())
    place = shown_path(release.output)
    console.print(shown(f"{len(release.rows)} tables, {rows} rows in {place}", "bold"))
    console.print(shown("What the fields mean: perbup schema. One file in full: perbup parse FILE"))


def documents_table(corpus: Corpus, console: Console) -> RenderableType:
    """One line an act with what was read in it. `2+2` Pasal: two of its own, and two that it quotes."""
    rows = []
    for work in corpus.works:
        counts = count(work)
        numbers = {column: shown(str(counts[column])) for column in COLUMNS}
        if counts["quoted"]:
            numbers["Pasal"].append(f"+{counts['quoted']}")
        if counts["lost"]:
            numbers["lost"].stylize("red")
        rows.append((*numbers.values(), shown(name(work)).append(f"  {safe(work.metadata.title)}", "dim")))
    return grid(console, (*COLUMNS, "document"), COLUMNS, rows)


def name(work: Work) -> str:
    """`perbup 42/2024 Kabupaten Balangan`, or the id where the head could not be read."""
    act = work.metadata.act
    if act.jenis is None or act.number is None or act.year is None:
        return work.document_id
    return f"{act.jenis} {act.number}/{act.year} {act.region.name if act.region else ''}".strip()


def count(work: Work) -> Counter[str]:
    """Numbers under the names in COLUMNS. BAB, Pasal and ayat are the act's own: not quoted, not in an annex."""
    counts: Counter[str] = Counter()
    for part in work.parts:
        document = part.document
        for provision in document.provisions:
            if provision.zone == "body" and provision.kind in ("bab", "pasal", "ayat"):
                counts[{"bab": "BAB", "pasal": "Pasal", "ayat": "ayat"}[provision.kind]] += 1
            elif provision.zone == "quoted" and provision.kind == "pasal":
                counts["quoted"] += 1
        counts["defs"] += len(document.definitions)
        counts["changes"] += len(document.amendments)
        counts["rows"] += len(document.indicators)
        for indicator in document.indicators:
            counts["agencies"] += len(indicator.responsible) + len(indicator.supporting)
            for target in indicator.targets:
                counts[target.status] += 1
    return counts


def instructions(corpus: Corpus) -> str | None:
    """`instructions: 22 applied, 5 base_missing, 1 unresolved (unread_words 1)`; None where there are none."""
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for work in corpus.works:
        for part in work.parts:
            for row in part.document.amendments:
                statuses[row.status] += 1
                if row.reason:
                    reasons[row.reason] += 1
    if not statuses:
        return None
    statuses.setdefault("unresolved", 0)
    told = ", ".join(f"{number} {status}" for status, number in sorted(statuses.items()))
    why = ", ".join(f"{reason} {number}" for reason, number in sorted(reasons.items()))
    return f"instructions: {told}" + (f" ({why})" if why else "")


def findings_table(corpus: Corpus, console: Console) -> RenderableType:
    """The kinds of findings by number, warnings and errors first, with an example of what was done."""
    numbers: Counter[tuple[int, str, str]] = Counter()
    repairs: dict[str, str] = {}
    ranks = {"error": 0, "warning": 1}
    own = [finding for source in corpus.sources for finding in source.findings]
    read = [finding for work in corpus.works for part in work.parts for finding in part.document.findings]
    for finding in own + read:
        numbers[ranks.get(finding.severity, 2), finding.severity, finding.code] += 1
        repairs.setdefault(finding.code, finding.repair or "")
    if not numbers:
        return shown("No findings.")
    ordered = sorted(numbers.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][2]))
    lines = []
    for (rank, severity, code), number in ordered[:SHOWN_FINDINGS]:
        style = ("red", "yellow", "")[rank]
        lines.append((shown(str(number)), shown(severity, style), shown(code), shown(repairs[code])))
    if len(ordered) > SHOWN_FINDINGS:
        rest = sum(number for _, number in ordered[SHOWN_FINDINGS:])
        lines.append((shown(str(rest)), shown(""), shown("of other kinds"), shown("see the table findings")))
    return grid(console, ("found", "severity", "finding", "what was done, first case"), ("found",), lines)


def source_line(source: LinkedSource) -> str:
    """What became of a file that was not simply parsed."""
    reason = source.parsed.reason
    told = Reason(reason).description if reason in set(Reason) else "no reason given"
    return f"{source.parsed.status}: {safe(source.file.source_path)}: {reason}: {told}"


def shown_path(path: Path) -> str:
    """The path as a person would type it from here."""
    try:
        return str(path.resolve().relative_to(Path.cwd())) + "/"
    except ValueError:
        return f"{path}/"
