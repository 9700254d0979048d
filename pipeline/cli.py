"""The command `perbup`. What a verb needs is imported when it runs, so that `--help` answers at once."""

from __future__ import annotations

import contextlib
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import PROGRAM, VERSION
from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, require, shown
from pipeline.harvest.command import harvest
from pipeline.release_commands import check, diff
from pipeline.report.command import report
from pipeline.run_command import run
from pipeline.run_options import HERE
from pipeline.update_command import update

if TYPE_CHECKING:
    from pipeline.published import Published

RELEASE = click.option(
    *("-o", "--output"),
    type=HERE,
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
@click.argument("file", type=HERE)
@click.option("--json", "as_json", is_flag=True, help="All rows as JSON instead of the tree and tables.")
@click.option("--show", "page", type=click.IntRange(1), help="Draw this page of a PDF with what was read over it.")
@click.option("--to", type=click.Path(path_type=Path), help="With --show: the PNG to write.  [default: FILE-pPAGE.png]")
@click.pass_obj
def parse(settings: dict[str, Any], file: Path, as_json: bool, page: int | None, to: Path | None) -> None:
    """Show what is read in one file: its tree, tables and findings. Only --show writes a file."""
    from pipeline import render
    from pipeline.inputs import Given
    from pipeline.link import link
    from pipeline.parsing import parse_all
    from pipeline.rows import rows
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


for command in (run, diff, check, report, harvest, update):
    main.add_command(command)

if __name__ == "__main__":
    main()
