"""The command `perbup`. What a verb needs is imported when it runs, so that `--help` answers at once."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import PROGRAM, VERSION
from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, require, shown
from pipeline.release_commands import check, diff
from pipeline.report.command import report
from pipeline.run_options import CORRECTIONS, FLOORS, edits_of, floors_of

if TYPE_CHECKING:
    from pipeline.published import Published
    from pipeline.run import Watch

DEFAULT_INPUT = Path("raw_docs")
RELEASE = click.option(
    *("-o", "--output"),
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder of the release to read.",
)
EXIT_CODES = "\b\nExit codes:\n" + "\n".join(f"  {code.value}  {code.description}" for code in ExitCode)


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name=PROGRAM)
@click.option("--no-color", is_flag=True, envvar="NO_COLOR", help="No colours. The variable NO_COLOR does the same.")
@click.pass_context
def main(context: click.Context, no_color: bool) -> None:
    """Indonesian regency regulations (Perbup and kin) in, checked Parquet tables out.

    \b
    Start with:  perbup run
    """
    context.obj = {"color": not no_color}
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows its escape instead of ending the run.
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    *("-o", "--output"),
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder of the release; an older release there is replaced at once.",
)
@FLOORS
@CORRECTIONS
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.pass_obj
def run(
    settings: dict[str, Any],
    paths: tuple[Path, ...],
    output: Path,
    floors_file: Path | None,
    corrections_folder: Path | None,
    quiet: bool,
) -> None:
    """Parse files and publish their tables.

    PATHS are files, or folders of which the .txt, .md and .pdf files are taken (default: raw_docs).
    """
    from pipeline import run as stages
    from pipeline import summary
    from pipeline.corrections import CorrectionFailedError
    from pipeline.edits import left_aside
    from pipeline.emit import OutputRefusedError
    from pipeline.terminal import console, safe

    paths = paths or (DEFAULT_INPUT,)
    for path in paths:
        require(path, "perbup run FILE_OR_FOLDER")
    least, edits = floors_of(floors_file), edits_of(corrections_folder)
    try:
        with _progress(settings["color"], quiet) as watch:
            release = stages.run(paths, output, watch, least, edits)
    except stages.NothingGivenError as error:
        fail(f"no .txt, .md or .pdf file in {safe(str(error))}", "perbup run FILE_OR_FOLDER", ExitCode.USAGE)
    except OutputRefusedError as error:
        fail(safe(str(error)), "perbup run -o FOLDER", ExitCode.USAGE)
    except stages.ChecksFailedError as error:
        for line in str(error).splitlines():
            click.echo(safe(line), err=True)
        fail("the rows break rules of the schema; nothing was published", "perbup schema", ExitCode.FAILED)
    except CorrectionFailedError as error:
        for line in error.problems:
            click.echo(safe(line), err=True)
        fail("corrections do not fit; nothing was published", "perbup parse FILE --json", ExitCode.FAILED)
    except stages.FloorsMissedError as error:
        for line in error.floors:
            click.echo(safe(f"floor missed: {line}"), err=True)
        fail("floors are missed; nothing was published", "perbup run --floors FILE", ExitCode.FAILED)
    except OSError as error:
        fail(f"cannot write {safe(str(output))}: {error.strerror or error}", "perbup run -o FOLDER", ExitCode.FAILED)
    for source in release.corpus.sources:
        if source.parsed.status != "parsed":
            click.echo(summary.source_line(source), err=True)
    documents = (row["document_id"] for row in release.rows["documents"])
    for document_id, number in left_aside(edits, documents).items():
        click.echo(f"left aside: {number} corrections of {document_id}, which is not in this run", err=True)
    if not quiet:
        summary.show(release, console(color=settings["color"]))
    sys.exit(release.exit_code)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All rows as JSON instead of the tree and tables.")
@click.option("--show", "page", type=click.IntRange(1), help="Draw this page of a PDF with what was read over it.")
@click.option("--to", type=click.Path(path_type=Path), help="With --show: the PNG to write.  [default: FILE-pPAGE.png]")
@click.pass_obj
def parse(settings: dict[str, Any], file: Path, as_json: bool, page: int | None, to: Path | None) -> None:
    """Show what is read in one file: its tree, tables and findings. Only --show writes a file."""
    from pipeline import render
    from pipeline.inputs import Given
    from pipeline.link import link
    from pipeline.rows import rows
    from pipeline.run import parse_all
    from pipeline.terminal import console, safe

    require(file, "perbup parse FILE")
    if file.is_dir():
        fail(f"{safe(str(file))} is a folder", f"perbup run {safe(str(file))}", ExitCode.USAGE)
    if page is not None:
        _draw(file, page, to or Path(f"{file.stem}-p{page}.png"))
        return
    corpus = link(parse_all([Given(file.name, file)]))
    if as_json:
        click.echo(render.as_json(rows(corpus, VERSION)))
    else:
        render.show(corpus, console(color=settings["color"]))
    complete = all(source.parsed.status == "parsed" for source in corpus.sources)
    sys.exit(ExitCode.OK if complete else ExitCode.INCOMPLETE)


@main.command()
@click.option(
    *("--format", "form"),
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="Form of the dictionary.",
)
def schema(form: str) -> None:
    """Print the data dictionary: every table and field, with its meaning."""
    from pipeline import dictionary

    click.echo({"text": dictionary.as_text, "markdown": dictionary.as_markdown, "json": dictionary.as_json}[form]())


def _draw(file: Path, number: int, to: Path) -> None:
    """Write a picture of a page with its lines, cells and zones; a usage error where there is no such page."""
    from pipeline.picture import NoPictureError, picture
    from pipeline.terminal import safe

    try:
        drawn = picture(file.read_bytes(), file.name, number)
        to.write_bytes(drawn)
    except NoPictureError as error:
        fail(safe(str(error)), f"perbup parse {safe(str(file))}", ExitCode.USAGE)
    except OSError as error:
        fail(
            safe(f"{error.filename}: {error.strerror}"),
            f"perbup parse {safe(str(file))} --show {number} --to PNG",
            ExitCode.FAILED,
        )
    click.echo(safe(str(to)))


@main.command()
@click.argument("document")
@click.argument("eid", required=False)
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to show (default: today).")
@click.option("--diff", is_flag=True, help="What an amending act changed; of another act, what changed in it by then.")
@click.option("--html", "page", type=click.Path(path_type=Path, dir_okay=False), help="Write the changes as HTML.")
@RELEASE
@click.pass_obj
def show(
    settings: dict[str, Any],
    document: str,
    eid: str | None,
    day: datetime | None,
    diff: bool,
    page: Path | None,
    output: Path,
) -> None:
    """Print an act, or one of its places, as it stood on a day.

    DOCUMENT is a document_id or its end (perbup/2024/6), EID a place in it (pasal_9).
    """
    from pipeline import reading, redline
    from pipeline.terminal import console

    act = _published(output, document)
    when = day.date() if day else date.today()
    whole = diff or page is not None
    if eid is not None and not whole and not any(version.eid == eid for version in act.versions):
        fail(f"{act.document_id} never had a place {shown(eid)}", f"perbup show {act.document_id}", ExitCode.USAGE)
    screen = console(color=settings["color"])
    if not whole:
        reading.show(act, when, eid, screen)
        return
    targets = {row["target_document_id"] for row in act.own if row["status"] == "applied"}
    bases = [_published(output, target) for target in sorted(targets)]
    changes = reading.changed(act, when, eid, bases)
    if page is not None:
        try:
            page.write_text(redline.as_html(reading.title(act), changes), "utf-8", errors="replace")
        except OSError as error:
            fail(f"cannot write {shown(str(page))}: {error.strerror or error}", "--html FILE", ExitCode.FAILED)
    if diff:
        reading.show_head(act, when, screen)
        for line in redline.on_terminal(changes):
            screen.print(line, soft_wrap=True)


@main.command()
@click.argument("document")
@click.option("--akn", is_flag=True, required=True, help="As Akoma Ntoso, the XML of legal software.")
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day to export (default: today).")
@click.option(
    "--to", "file", type=click.Path(path_type=Path, dir_okay=False), help="File to write (default: standard output)."
)
@RELEASE
def export(document: str, akn: bool, day: datetime | None, file: Path | None, output: Path) -> None:
    """Write an act as it stood on a day in a format for other programs."""
    from pipeline.akn import InvalidError, as_xml

    assert akn
    act = _published(output, document)
    when = day.date() if day else date.today()
    if not act.at(when):
        fail(f"{act.document_id} is not in force on {when}", f"perbup show {act.document_id}", ExitCode.USAGE)
    try:
        data = as_xml(act, when)
    except InvalidError as error:
        fail(f"the XML breaks its schema: {shown(str(error))}", f"perbup show {act.document_id}", ExitCode.FAILED)
    if file is None:
        click.echo(data, nl=False)
        return
    try:
        file.write_bytes(data)
    except OSError as error:
        fail(f"cannot write {shown(str(file))}: {error.strerror or error}", "--to FILE", ExitCode.FAILED)


def _published(output: Path, document: str) -> Published:
    from pipeline.published import NotPublishedError, open_act

    try:
        return open_act(output, document)
    except NotPublishedError as error:
        near = error.near[0] if error.near else "DOCUMENT -o FOLDER"
        fail(shown(str(error)), f"perbup show {shown(near)}", ExitCode.USAGE)


@contextlib.contextmanager
def _progress(color: bool, quiet: bool) -> Iterator[Watch]:
    """A progress line on standard error where that is a terminal; it is gone when the work is done."""
    from pipeline.run import unwatched

    if quiet or not sys.stderr.isatty():
        yield unwatched
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from pipeline.terminal import console

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(stderr=True, color=color), transient=True) as progress:
        task = progress.add_task("read")

        def watch(stage: str, done: int, total: int) -> None:
            progress.update(task, description=stage, completed=done, total=total)

        yield watch


main.add_command(diff)
main.add_command(check)
main.add_command(report)

if __name__ == "__main__":
    main()
