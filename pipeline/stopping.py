"""A command that is told to end: the signal becomes an exception, so that all is put in order on the way out."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import NoReturn

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail

# A terminal that is gone, Ctrl-C, and what a system says that shuts down.
CODES = {
    signal.SIGHUP: ExitCode.HUNG_UP,
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}


class Stopped(KeyboardInterrupt):
    """The signal `number` came."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = signal.Signals(number)


@contextmanager
def stoppable(manifest: Path | None) -> Iterator[None]:
    """Ends the command with the code of the signal that came; signals that are ignored, as under nohup, stay so.

    Whether a release was published before is seen by its manifest, which is then another file; None where that cannot
    be seen from here.
    """
    before = manifest and _file(manifest)
    heard = [number for number in CODES if signal.getsignal(number) is not signal.SIG_IGN]
    handlers = {number: signal.signal(number, _stop) for number in heard}
    try:
        yield
    except Stopped as stopped:
        done = "nothing was published" if manifest and _file(manifest) == before else "the release was published before"
        done = done if manifest else "`perbup check` tells whether the release was published"
        again = "the same command again: what was parsed is kept"
        fail(f"stopped by {stopped.number.name}; {done}", again, CODES[stopped.number])
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> NoReturn:
    raise Stopped(number)


def _file(path: Path) -> int | None:
    """Which file stands at a path."""
    with suppress(OSError):
        return path.stat().st_ino
    return None
