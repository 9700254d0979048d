"""Running heads and feet, page numbers and catchwords, told by where they stand and on how many pages.

Only lines at the very top or foot of a page are looked at, from the edge inwards: a line counts as
furniture if all lines between it and the edge do.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from extractors.models import Line, Notes, Page

# Share of the page's height in which furniture stands, and how many lines of it there are at most.
BAND, MAX_LINES = 0.2, 5
# Points by which the place of a running line varies from page to page.
DRIFT = 6.0
MIN_PAGES = 3
# Share of the pages between the first and the last that a running line stands on (every second page is enough).
DENSITY = 0.4
# Share of a line's occurrences in the whole document that stand at its place.
AT_PLACE = 0.75
NUMBER = regex.compile(
    r"(?<!\W)\W*+(?:(?:halaman|hal\.?|page)\W*+)?(\d{1,4})[^\w/]*+(?:(?:/|dari|of)\W*+\d{1,4}\W*+)?", regex.IGNORECASE
)
DOTS = regex.compile(r"[\s.…]+$")
# A catchword stands at the right, in this part of the page's width, and has no more letters than this.
RIGHT, MAX_CATCHWORD = 0.5, 60


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the top (`side` 0) or foot (1) of a page, the `depth`-th from the edge, `distance` points from it."""

    page: int
    block: int
    side: int
    depth: int
    line: Line
    distance: float


def without_margins(pages: Sequence[Page], notes: Notes) -> tuple[Page, ...]:
    """The pages without their furniture; each line taken out is a finding with its span. Lines need boxes."""
    edges = [edge for i, page in enumerate(pages) for edge in _edges(page, i)]
    kinds = _running(edges, pages) | _numbers(edges, pages)
    _from_the_edge(edges, kinds)
    kinds |= _catchwords(pages, kinds)
    result = []
    for i, page in enumerate(pages):
        for k, block in enumerate(page.blocks):
            if (i, k) in kinds and isinstance(block, Line):
                message = f"page furniture: {block.text[:80]}"
                notes.add(kinds[i, k], "info", message, span=block.span, page=page.number, repair="left out")
        kept = tuple(block for k, block in enumerate(page.blocks) if (i, k) not in kinds)
        result.append(page if len(kept) == len(page.blocks) else replace(page, blocks=kept))
    return tuple(result)


def _edges(page: Page, index: int) -> Iterator[_Edge]:
    if not page.height:
        return
    band = BAND * page.height
    lines = [(k, b, b.box) for k, b in enumerate(page.blocks) if isinstance(b, Line) and b.box]
    top = sorted((row for row in lines if row[2].bottom <= band), key=lambda row: row[2].top)
    foot = sorted((row for row in lines if row[2].top >= page.height - band), key=lambda row: -row[2].bottom)
    for side, rows in enumerate((top, foot)):
        for depth, (k, line, box) in enumerate(rows[:MAX_LINES]):
            yield _Edge(index, k, side, depth, line, page.height - box.bottom if side else box.top)


def _running(edges: Sequence[_Edge], pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """Lines with the same words at the same place on page after page."""
    everywhere = Counter(_key(block.text) for page in pages for block in page.blocks if isinstance(block, Line))
    alike: dict[tuple[int, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        alike[edge.side, _key(edge.line.text)].append(edge)
    kinds: dict[tuple[int, int], str] = {}
    for (side, key), found in alike.items():
        if not any(letter.isalpha() for letter in key):
            continue
        kept = [edge for place in _by_place(found) if _is_dense(place) for edge in place]
        if len(kept) >= AT_PLACE * everywhere[key]:
            kinds |= {(edge.page, edge.block): "running_foot" if side else "running_head" for edge in kept}
    return kinds


def _is_dense(edges: Sequence[_Edge]) -> bool:
    on = {edge.page for edge in edges}
    return len(on) >= max(MIN_PAGES, DENSITY * (max(on) - min(on) + 1))


def _by_place(edges: Sequence[_Edge]) -> list[list[_Edge]]:
    """The edges in groups that stand equally far from the edge."""
    groups: list[list[_Edge]] = []
    for edge in sorted(edges, key=lambda edge: edge.distance):
        if groups and edge.distance - groups[-1][-1].distance <= DRIFT:
            groups[-1].append(edge)
        else:
            groups.append([edge])
    return groups


def _numbers(edges: Sequence[_Edge], pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """Numbers alone on a line that count up with the pages."""
    numbered = [(edge, int(match[1])) for edge in edges if (match := NUMBER.fullmatch(edge.line.text))]
    series: dict[tuple[int, int], list[_Edge]] = defaultdict(list)
    for edge, number in numbered:
        series[edge.side, number - pages[edge.page].number].append(edge)
    kinds: dict[tuple[int, int], str] = {}
    for found in series.values():
        if len({edge.page for edge in found}) >= min(MIN_PAGES, len(pages)) and len(found) > 1:
            kinds |= {(edge.page, edge.block): "page_number" for edge in found}
    return kinds


def _from_the_edge(edges: Sequence[_Edge], kinds: dict[tuple[int, int], str]) -> None:
    """Take out of `kinds` what stands further in than a line that is none."""
    stopped: set[tuple[int, int]] = set()
    for edge in sorted(edges, key=lambda edge: edge.depth):
        if (edge.page, edge.block) not in kinds:
            stopped.add((edge.page, edge.side))
        elif (edge.page, edge.side) in stopped:
            del kinds[edge.page, edge.block]


def _catchwords(pages: Sequence[Page], kinds: dict[tuple[int, int], str]) -> dict[tuple[int, int], str]:
    """A last line at the right that says again what the next page begins with."""
    found: dict[tuple[int, int], str] = {}
    for i, (page, following) in enumerate(pairwise(pages)):
        rest = [(k, block) for k, block in enumerate(page.blocks) if (i, k) not in kinds]
        first = next((block for k, block in enumerate(following.blocks) if (i + 1, k) not in kinds), None)
        if not rest or not isinstance(first, Line):
            continue
        k, last = rest[-1]
        if not isinstance(last, Line) or not last.box or not page.width or last.box.x0 < RIGHT * page.width:
            continue
        words = DOTS.sub("", last.text)
        dotted = len(words) < len(last.text)
        if 2 < len(words) <= MAX_CATCHWORD and first.text.startswith(words) and (dotted or first.text != last.text):
            found[i, k] = "catchword"
    return found


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
