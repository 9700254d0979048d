"""Small acts for tests: provisions laid into one source text, so that spans can be sliced."""

from __future__ import annotations

from collections.abc import Iterable

from extractors.models import EMPTY, Act, Mapped, Metadata, Provision, Region, Span

BLORA = Region("33.16", "Kabupaten Blora", "kabupaten", "33", "Jawa Tengah")
OWN_ID = "/akn/id-3316/act/perbup/2024/6"
BASE_ID = "/akn/id-3316/act/perbup/2022/13"
PLAIN = Metadata(Act("perbup", "6", 2024, BLORA), OWN_ID)
AMENDING = Metadata(Act("perbup", "6", 2024, BLORA), OWN_ID, is_amendment=True, amends=(BASE_ID,))


def act(nodes: Iterable[tuple[str, str, str, str]]) -> tuple[str, tuple[Provision, ...]]:
    """The source and the provisions of (eid, kind, zone, text); the parent is the nearest eid above that is there."""
    source = ""
    provisions: list[Provision] = []
    known: set[str] = set()
    for ordinal, (eid, kind, zone, text) in enumerate(nodes, 1):
        start = len(source) + 3
        source += f"\n# {text}"
        parent = eid.rpartition("__")[0]
        while parent and parent not in known:
            parent = parent.rpartition("__")[0]
        known.add(eid)
        own = Mapped(text, ((0, start),)) if text else EMPTY
        number = eid.rpartition("__")[2].partition("_")[2] or None
        span = Span(start, start + len(text))
        provisions.append(
            Provision(eid, parent or None, kind, zone, number, number, False, EMPTY, own, ordinal, 0, span, 1, 1)
        )
    return source, tuple(provisions)
