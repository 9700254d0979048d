"""How a command ends that cannot go on: what is wrong, and the next command to type."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from pipeline.exit_codes import ExitCode


def fail(problem: str, command: str, code: ExitCode) -> NoReturn:
    """End with `code`; `problem` and `command` are shown as they are: text from outside goes through `shown`."""
    click.echo(f"Error: {problem}.\nTry: {command}", err=True)
    sys.exit(code)


def require(path: Path, command: str) -> None:
    """A usage error where there is nothing at `path`."""
    if not path.exists() and not path.is_symlink():
        fail(f"there is no {shown(str(path))}", command, ExitCode.USAGE)


def shown(name: str) -> str:
    """Text from outside on one line, with nothing in it that a terminal obeys."""
    from pipeline.terminal import safe

    return safe(name)
