"""Text of documents on a terminal: shown, never obeyed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import IO

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Control characters and marks that turn the direction of writing: a terminal would act on them.
ACTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PIPED_WIDTH = 240
WIDE = 100


def safe(text: str | None) -> str:
    """The text on one line, with characters that a terminal obeys written as escapes."""
    return exact(" ".join((text or "").split()))


def exact(text: str) -> str:
    """The text with characters that a terminal obeys, ends of lines too, written as escapes; blanks stay."""
    return ACTIVE.sub(lambda match: ascii(match[0])[1:-1], text)


def shown(text: str | None, style: str = "", width: int | None = None) -> Text:
    """The text for rich, its brackets no markup; cut to `width` characters."""
    plain = safe(text)
    if width is not None and len(plain) > width:
        plain = plain[: width - 1] + "…"
    return Text(plain, style)


def console(stderr: bool = False, color: bool = True) -> Console:
    """A console on standard output or error; wide and without colour where that is no terminal."""
    stream: IO[str] = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else PIPED_WIDTH
    return Console(file=stream, width=width, no_color=not color or None, highlight=False, emoji=False)


def grid(console: Console, header: tuple[str, ...], right: tuple[str, ...], rows: Sequence[tuple[Text, ...]]) -> Table:
    """A table of one line a row: all columns in full but the last, which is cut to the room that is left.

    Columns named in `right` hold numbers.
    """
    gap = 2 if console.width >= WIDE else 1
    made = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False)
    for name in header:
        made.add_column(name, justify="right" if name in right else "left", no_wrap=True)
    columns = list(zip(header, *([cell.plain for cell in row] for row in rows), strict=True))
    used = sum(max(map(cell_len, column)) + gap for column in columns[:-1])
    for row in rows:
        row[-1].truncate(max(console.width - used, 0), overflow="ellipsis")
        made.add_row(*row)
    return made
