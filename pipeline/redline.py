"""What an amendment changed, word by word: on the terminal and as a page of HTML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from extractors.consolidation.changes import Difference
from pipeline.terminal import safe, shown

if TYPE_CHECKING:
    from rich.text import Text

STYLES = {"del": "red strike", "ins": "green"}
PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 serif; max-width: 45rem; margin: 2rem auto; padding: 0 1rem; }}
h2 {{ font: bold 0.85rem sans-serif; margin: 1.5rem 0 0.25rem; }}
del {{ color: #a40000; }}
ins {{ color: #006b1a; }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


class Piece(NamedTuple):
    """A stretch of text; `mark` is `del`, `ins`, or empty where both texts agree."""

    mark: str
    text: str


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Both texts as one, with what went and what came."""
    if not old or not new:
        yield from (Piece(mark, text) for mark, text in (("del", old), ("ins", new)) if text)
        return
    from redlines.processor import WholeDocumentProcessor

    for operation in WholeDocumentProcessor().process(old, new):
        action, old_start, old_end, new_start, new_end = operation.opcodes
        went = "".join(operation.source_chunk.text[old_start:old_end])
        came = "".join(operation.test_chunk.text[new_start:new_end])
        if action == "equal":
            yield Piece("", came)
            continue
        yield from (Piece(mark, text) for mark, text in (("del", went), ("ins", came)) if text)


def on_terminal(changes: Sequence[Difference]) -> Iterator[Text]:
    """Two lines a place: what was done to it, and its text with the changes marked."""
    for change in changes:
        yield shown(f"{change.eid}: {change.action}", "bold cyan")
        line = shown("")
        for mark, text in pieces(*texts(change)):
            # The blanks at the ends hold the words apart; `safe` would take them off.
            before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
            marked = {"del": "[-{}-]", "ins": "{{+{}+}}"}.get(mark, "{}").format(safe(text))
            line.append(" " if before else "").append(marked, STYLES.get(mark)).append(" " if after else "")
        if line:
            yield line


def as_html(title: str, changes: Sequence[Difference]) -> str:
    """A page of its own that runs nothing and loads nothing; the documents' text is escaped."""
    parts = []
    for change in changes:
        marked = "".join(
            f"<{mark}>{escape(text)}</{mark}>" if mark else escape(text) for mark, text in pieces(*texts(change))
        )
        parts.append(f"<h2>{escape(change.eid)}: {change.action}</h2>\n<p>{marked}</p>")
    return PAGE.format(title=escape(title), body="\n".join(parts))


def texts(change: Difference) -> tuple[str, str]:
    """The place's heading and text before and after, each as one string."""
    old, new = (
        " ".join(part for part in (version.heading, version.text) if part) if version else ""
        for version in (change.before, change.after)
    )
    return old, new
