"""What the command returns to the shell."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """`description` stands in `perbup --help` and in the README."""

    description: str

    def __new__(cls, value: int, description: str = "") -> ExitCode:
        member = int.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

    OK = 0, "all files parsed"
    FAILED = 1, "nothing published, an older release stands as it was; or `check` found a release broken"
    USAGE = 2, "the command was called wrongly: nothing read"
    INCOMPLETE = 3, "published, but a file was rejected or read only in part"
    DIFFERENT = 4, "`diff` found two releases different"
    BUSY = 5, "another run holds the output: nothing read"
    HUNG_UP = 129, "stopped by SIGHUP (a terminal that was closed); what was parsed is kept"
    INTERRUPTED = 130, "stopped by SIGINT (Ctrl-C); what was parsed is kept"
    TERMINATED = 143, "stopped by SIGTERM; what was parsed is kept"
