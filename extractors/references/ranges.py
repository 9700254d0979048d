"""Ranges of places (`Pasal 5 sampai dengan Pasal 9`) counted out by their numbers."""

from __future__ import annotations

from extractors.references.places import Place, Step, Steps
from extractors.structure.numbering import read_arabic, read_letter, read_roman, write_arabic, write_letter, write_roman


def members(place: Place, limit: int = 300) -> tuple[Steps, ...] | None:
    """The places of a range by their numbers, both ends included; None where they cannot be counted.

    A single place is its own only member. `Pasal 3 ayat (2) sampai dengan Pasal 5 ayat (1)` gives its ends and Pasal 4.
    """
    first, last = place.steps, place.last
    if last is None:
        return (first,)
    if len(first) == len(last) and first[:-1] == last[:-1] and first[-1].kind == last[-1].kind:
        numbers = _between(first[-1], last[-1], limit)
        return tuple((*first[:-1], Step(first[-1].kind, n)) for n in numbers) if numbers else None
    if first[0].kind == last[0].kind == "pasal":
        numbers = _between(first[0], last[0], limit)
        return (first, *((Step("pasal", n),) for n in numbers[1:-1]), last) if numbers else None
    return None


def _between(first: Step, last: Step, limit: int) -> list[str]:
    """Numbers from one to the other by the whole numbers between; empty where they do not ascend."""
    readers = {"huruf": read_letter, "bab": read_roman, "lampiran": read_roman}
    writers = {"huruf": write_letter, "bab": write_roman, "lampiran": write_roman}
    read, write = readers.get(first.kind, read_arabic), writers.get(first.kind, write_arabic)
    low, high = read(first.number), read(last.number)
    if low is None or high is None or not low < high or high[0] - low[0] >= limit:
        return []
    if low[0] == high[0] and len(high[1]) == 1:
        start = ord(low[1]) + 1 if len(low[1]) == 1 else ord("A" if high[1].isupper() else "a")
        inner = [write((low[0], chr(c))) for c in range(start, ord(high[1]))]
    else:
        inner = [write((n, "")) for n in range(low[0] + 1, high[0] + bool(high[1]))]
    numbers = [first.number, *inner, last.number]
    return [n.upper() for n in numbers] if first.number.isupper() else numbers
