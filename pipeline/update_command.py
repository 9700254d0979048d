"""The command `perbup update`: harvest, run and diff in one, fit for cron."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import shown
from pipeline.harvest.command import harvest
from pipeline.release_commands import diff
from pipeline.run_command import run
from pipeline.run_options import HERE

# What is told of an update: acts and files. `perbup diff` tells the rest.
TOLD_TABLES = ("documents", "sources")
# The worst comes first: what the command returns where its steps end differently.
WORST = (ExitCode.USAGE, ExitCode.BUSY, ExitCode.FAILED, ExitCode.INCOMPLETE, ExitCode.OK)


@click.command()
@click.argument("feed_urls", nargs=-1, required=True)
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("raw_docs"),
    show_default=True,
    help="Folder of the files; what lies there stays, and is part of the release.",
)
@click.option(
    *("-o", "--output"),
    type=HERE,
    default=Path("output"),
    show_default=True,
    help="Folder of the release.",
)
@click.option("--jenis", "kinds", multiple=True, help="Only acts of this kind, as in `perbup harvest`.")
@click.option("--year", "years", multiple=True, help="Only acts of this year, or of 2020-2024.")
@click.option("--title", "words", multiple=True, help="Only acts with these words in the title.")
@click.option("--limit", type=click.IntRange(1), help="Fetch at most so many files of a feed that are new or other.")
@click.option("--workers", type=click.IntRange(1), help="Processes at once.  [default: one a processor]")
@click.option("--allow-private", is_flag=True, help="Also ask hosts in private networks and on this machine.")
@click.pass_context
def update(
    context: click.Context, /, feed_urls: tuple[str, ...], into: Path, output: Path, workers: int | None, **asked: Any
) -> None:
    """Fetch what feeds have new, publish it, and print what is new and what changed.

    Prints nothing but problems where nothing is new. A feed that fails costs only itself.
    """
    chosen = [f"--{name.replace('_', '-')}" for name, value in asked.items() if value is True]
    chosen += [f"--limit={asked['limit']}"] if asked["limit"] else []
    for option, name in (("jenis", "kinds"), ("year", "years"), ("title", "words")):
        chosen += [f"--{option}={value}" for value in asked[name]]
    ends = [_end(context, harvest, ["--quiet", f"--output={into}", *chosen, "--", feed_url]) for feed_url in feed_urls]
    with tempfile.TemporaryDirectory(prefix="perbup-") as place:
        old = _kept(output, Path(place))
        ends.append(_end(context, run, ["--quiet", f"--output={output}", *_workers(workers), "--", str(into)]))
        if ends[-1] in (ExitCode.OK, ExitCode.INCOMPLETE):
            _tell(context, old, output)
    sys.exit(next(code for code in WORST if code in ends))


def _workers(workers: int | None) -> list[str]:
    return [f"--workers={workers}"] if workers else []


def _end(context: click.Context, command: click.Command, arguments: list[str]) -> int:
    """Run another command with these arguments; its exit code."""
    return _code(lambda: command.main(arguments, prog_name=f"perbup {command.name}", obj=context.obj))


def _code(work: Callable[[], Any]) -> int:
    try:
        work()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitCode.FAILED
    return ExitCode.OK


def _kept(output: Path, place: Path) -> Path | None:
    """The release at `output` as it is now, kept for the comparison; None where there is none."""
    if not (output / "manifest.json").exists():
        return None
    try:
        # A release is exchanged as a whole, its files are never changed: links are enough.
        return Path(shutil.copytree(output, place / "old", copy_function=os.link))
    except OSError:
        shutil.rmtree(place / "old", ignore_errors=True)
        return Path(shutil.copytree(output, place / "old"))


def _tell(context: click.Context, old: Path | None, output: Path) -> None:
    if old is None:
        click.echo(f"first release in {shown(str(output))}")
        return
    if (old / "manifest.json").read_bytes() != (output / "manifest.json").read_bytes():
        tables = [f"--table={name}" for name in TOLD_TABLES]
        _end(context, diff, [*tables, "--limit=50", "--", str(old), str(output)])
