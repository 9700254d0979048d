"""The commands on whole releases: `perbup diff` and `perbup check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, shown
from pipeline.run_options import ANYWHERE, FLOORS, HERE, floors_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.release import Opened
    from pipeline.storage import Place

EXAMPLES = 5


@click.command()
@click.argument("old", type=HERE)
@click.argument("new", type=HERE)
@click.option("--table", "tables", multiple=True, metavar="NAME", help="Only this table; may be given again.")
@click.option(
    "--limit", type=click.IntRange(0), help=f"Rows to show of a table.  [default: {EXAMPLES}; all with --json]"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with all rows.")
@click.pass_obj
def diff(
    settings: dict[str, Any], old: Path, new: Path, tables: tuple[str, ...], limit: int | None, as_json: bool
) -> None:
    """Show what differs between two releases.

    OLD and NEW are folders of releases. Shown are tables, fields and their types, numbers of rows, and the rows by
    key: removed, added, and changed with the fields that changed. Exit code 0 where nothing differs, 4 where
    something does.
    """
    from pipeline import diff_told
    from pipeline.diff import NotComparableError, compare
    from pipeline.terminal import console

    releases = (_open(old, "perbup diff OLD NEW"), _open(new, "perbup diff OLD NEW"))
    known = sorted({*releases[0].tables(), *releases[1].tables()})
    for name in tables:
        if name not in known:
            fail(
                f"neither release has a table {shown(name)}",
                f"perbup diff --table NAME, NAME being one of {shown(', '.join(known))}",
                ExitCode.USAGE,
            )
    names = tuple(dict.fromkeys(tables))
    differs = False
    try:
        if as_json:
            for differing, line in diff_told.as_json(*releases, compare(*releases, names, limit)):
                differs |= differing
                click.echo(line)
        else:
            screen = console(color=settings["color"])
            changes = compare(*releases, names, EXAMPLES if limit is None else limit)
            for differing, text in diff_told.as_text(*releases, changes):
                differs |= differing
                screen.print(text, soft_wrap=True)
    except NotComparableError as error:
        fail(shown(str(error)), f"perbup check {shown(str(error.folder))}", ExitCode.FAILED)
    sys.exit(ExitCode.DIFFERENT if differs else ExitCode.OK)


def _open(folder: Place, command: str) -> Opened:
    from pipeline.release import NotAReleaseError, open_release
    from pipeline.storage import StorageError

    try:
        return open_release(folder)
    except StorageError as error:
        fail(shown(str(error)), command, ExitCode.FAILED)
    except NotAReleaseError as error:
        fail(shown(str(error)), command, ExitCode.FAILED if error.broken else ExitCode.USAGE)


@click.command()
@click.argument("output", type=ANYWHERE, default="output")
@FLOORS
def check(output: Place, floors_file: Path | None) -> None:
    """Check a published release against its schema, and against floors.

    OUTPUT is the folder of a release, or its URL on object storage (default: output). Its manifest, files, fields and
    rows are read; every broken rule is a line. Exit code 0 where none is, 1 where one is.
    """
    from pipeline.audit import audit
    from pipeline.floors import missed
    from pipeline.schema import SCHEMA_VERSION
    from pipeline.storage import StorageError, answering

    least = floors_of(floors_file)
    release = _open(output, "perbup check FOLDER")
    try:
        with answering(output):
            found = audit(release)
    except StorageError as error:
        fail(shown(str(error)), f"perbup check {shown(str(output))}", ExitCode.FAILED)
    except OSError as error:
        fail(f"cannot read {shown(str(output))}: {error.strerror or error}", "perbup check FOLDER", ExitCode.FAILED)
    problems = [str(problem) for problem in found.problems]
    problems += [f"floor missed: {floor}" for floor in missed(least, found.tables)]
    for problem in problems:
        click.echo(shown(problem))
    if problems:
        fail(f"{len(problems)} rules are broken", f"perbup run -o {shown(str(output))}", ExitCode.FAILED)
    rows = sum(table.num_rows for table in found.tables.values())
    click.echo(
        f"{found.files} files, {len(found.tables)} tables, {rows} rows: all rules of schema {SCHEMA_VERSION} hold."
    )
