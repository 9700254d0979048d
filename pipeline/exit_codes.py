"""What the command returns to the shell, and how it ends where it must."""

from __future__ import annotations

import sys
from enum import IntEnum
from typing import NoReturn

import click


class ExitCode(IntEnum):
    """`description` stands in `perbup --help` and in the README."""

    description: str

    def __new__(cls, value: int, description: str = "") -> ExitCode:
        member = int.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    OK = 0, "all files parsed"
    FAILED = 1, "nothing published: an older release stands as it was"
    USAGE = 2, "the command was called wrongly: nothing read"
    INCOMPLETE = 3, "published, but a file was rejected or read only in part"


def fail(problem: str, command: str, code: ExitCode) -> NoReturn:
    """End with the problem and the next command to type, both safe to show."""
    click.echo(f"Error: {problem}.\nTry: {command}", err=True)
    sys.exit(code)
