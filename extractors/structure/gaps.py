"""Numbers that a sequence leaves out: told, not mended, for originals number wrongly too."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.models import Notes, Span
from extractors.structure.law import law, write
from extractors.structure.numbering import Number

SEQUENCED = ("bab", "bagian", "paragraf", "pasal", "ayat", "huruf", "angka", "item")


def note_gaps(units: Iterable[tuple[str, str | None, Number, Span, int, str]], notes: Notes) -> None:
    """A finding for each jump in the numbers of a list.

    `units` are (kind, what the list hangs below, number, span, page, eid) in reading order; Pasal run through
    the whole act and hang below None.
    """
    before: dict[tuple[str, str | None], Number] = {}
    for kind, parent, number, span, page, eid in units:
        key = (kind, parent)
        missing = number[0] - before.get(key, (0, ""))[0] - 1
        if kind in SEQUENCED and missing > 0 and law(before.get(key), number) > 0:
            first = write("angka" if kind == "item" else kind, (number[0] - missing, ""))
            last = write("angka" if kind == "item" else kind, (number[0] - 1, ""))
            shown = first if missing == 1 else f"{first} to {last}"
            message = (
                f"{'angka' if kind == 'item' else kind} {shown} {'is' if missing == 1 else 'are'} not in the source"
            )
            notes.add("number_missing", "warning", message, span=Span(span.start, span.start), page=page, eid=eid)
        before[key] = number
