"""Text of documents on a terminal: shown, never obeyed."""

from __future__ import annotations

import re
import sys
from typing import IO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

# Control characters and marks that turn the direction of writing: a terminal would act on them.
ACTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
PIPED_WIDTH = 240


def safe(text: str | None) -> str:
    """The text on one line, with characters that a terminal obeys written as escapes."""
    flat = " ".join((text or "").split())
    return ACTIVE.sub(lambda match: ascii(match[0])[1:-1], flat)


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


def table(console: Console, title: str | None = None) -> Table:
    """An empty table: ruled on a terminal, plain columns elsewhere."""
    box = SIMPLE_HEAD if console.is_terminal else None
    return Table(box=box, pad_edge=False, title=title, title_justify="left")
