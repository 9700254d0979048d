"""Structure by sequence: the one reading of a zone that satisfies the numbering law best.

Every marker candidate may be a unit, a misprinted unit, or plain text; headings may be lost between candidates. A beam
search over the states of `grammar` finds the cheapest reading of the whole zone; equal states are merged, so
that time grows linearly with the number of candidates.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from extractors.models import Line
from extractors.structure.grammar import options, skip_cost
from extractors.structure.law import Context, Open, State
from extractors.structure.markers import Marker, find_markers
from extractors.structure.numbering import Number, read_arabic

CITED_AYAT = regex.compile(r"Pasal\s?(\d{1,3})\s+ayat\b")
BEAM = 24
STRONG = 5.0  # candidates that cost this much to pass over are told when they are
SLACK = 16.0  # states dearer than the best by more than this are given up


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a candidate: `opened` is the unit it opens (None: plain text), `lost` a heading put before it.

    `stack` is what is open afterwards, `note` says `mended` where the number is not the printed one, `passed_over`
    that a strong candidate was taken for text.
    """

    marker: Marker
    opened: Open | None
    lost: Open | None
    stack: tuple[Open, ...]
    note: str
    passed_over: bool


@dataclass(slots=True)
class _Path:
    cost: float
    before: _Path | None
    opened: Open | None
    lost: Open | None
    note: str
    stack: tuple[Open, ...]


def segment(
    lines: Sequence[Line], zone: str, *, amending: bool = False, breaks: Collection[int] = ()
) -> tuple[Decision, ...]:
    """A decision for each marker candidate of a zone (`preamble`, `body`, `annex`, `elucidation`)."""
    markers = find_markers(lines, zone, breaks)
    context = Context(zone, amending, _next_pasal(markers), _ayat_style(markers), _mentioned(lines))
    beam: dict[State, _Path] = {State(): _Path(0.0, None, None, None, "", ())}
    for index, marker in enumerate(markers):
        following: dict[State, _Path] = {}
        for state, path in beam.items():
            for option in options(state, marker, index, context):
                cost = path.cost + option.cost
                known = following.get(option.state)
                if known is None or cost < known.cost:
                    following[option.state] = _Path(
                        cost, path, option.opened, option.lost, option.note, option.state.stack
                    )
        beam = _prune(following)
    step: _Path | None = min(beam.values(), key=lambda path: path.cost)
    decisions = []
    for marker in reversed(markers):
        assert step is not None
        passed_over = step.opened is None and marker.kind != "paragraph" and skip_cost(marker, context) >= STRONG
        decisions.append(Decision(marker, step.opened, step.lost, step.stack, step.note, passed_over))
        step = step.before
    return tuple(reversed(decisions))


def _prune(states: dict[State, _Path]) -> dict[State, _Path]:
    best = min(path.cost for path in states.values())
    kept = [(state, path) for state, path in states.items() if path.cost <= best + SLACK]
    if len(kept) > BEAM:
        kept.sort(key=lambda pair: pair[1].cost)
        del kept[BEAM:]
    return dict(kept)


def _next_pasal(markers: Sequence[Marker]) -> tuple[Number | None, ...]:
    """For each candidate the number of the next Pasal that stands alone on its line, None behind the last."""
    following: Number | None = None
    numbers: list[Number | None] = []
    for marker in reversed(markers):
        numbers.append(following)
        if marker.kind == "pasal" and marker.alone and not marker.referring:
            following = read_arabic(marker.printed) or following
    return tuple(reversed(numbers))


def _mentioned(lines: Sequence[Line]) -> frozenset[int]:
    """Numbers of the Pasal whose ayat the text cites (`Pasal 11 ayat (3)`)."""
    return frozenset(int(number) for line in lines for number in CITED_AYAT.findall(line.text))


def _ayat_style(markers: Sequence[Marker]) -> str:
    """How the ayat of this zone are numbered, judged by the lists that begin right below a Pasal heading."""
    first = [
        below.style
        for pasal, below in pairwise(markers)
        if pasal.kind == "pasal" and pasal.alone and not below.text_between and below.style in ("(1)", "1.")
    ]
    return "1." if first.count("1.") > first.count("(1)") else "(1)"
