"""What the commands share: the option that names a release, and how they end where they cannot go on."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from pipeline.exit_codes import ExitCode

RELEASE = click.option(
    *("-o", "--output"),
    type=click.Path(path_type=Path),
    default=Path("output"),
    show_default=True,
    help="Folder of the release to read.",
)


def require(path: Path, command: str) -> None:
    """End with a usage error where there is no such file or folder; `command` is what to type instead."""
    from pipeline.terminal import safe

    if not path.exists() and not path.is_symlink():
        fail(f"there is no {safe(str(path))}", command, ExitCode.USAGE)


def fail(problem: str, command: str, code: ExitCode) -> NoReturn:
    """End with `code`, after the problem and the next command to type."""
    click.echo(f"Error: {problem}.\nTry: {command}", err=True)
    sys.exit(code)
