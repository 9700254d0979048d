"""Phrases that name places in an act: `Pasal 7 ayat (2) huruf c`, `ayat (2) dan ayat (4) Pasal 17`, ranges.

A phrase is read in three steps: units (`ayat (2)`), chains of units that stand side by side (`Pasal 7 ayat (2)`,
or inside out: `ayat (2) Pasal 7`), and chains joined by commas, `dan` or `sampai dengan`. What a chain leaves out
it takes from its neighbours: `Pasal 6 ayat (3) dan (4)`, `ayat (2) dan ayat (4) Pasal 17`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import regex

from extractors.structure.numbering import ordinals, read_roman, write_roman

# Outer units first. huruf and angka may alternate below a Pasal or ayat.
RANK = {"lampiran": 0, "bab": 1, "bagian": 2, "paragraf": 3, "pasal": 4, "ayat": 5, "huruf": 6, "angka": 7}
THIS = "ini"
DEEPEST = 10


class Step(NamedTuple):
    """One level of a place. `number` is `ini` for `Pasal ini`; `other` is a second reading of a doubtful print."""

    kind: str
    number: str
    other: str | None = None


Steps = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A place, outermost step first. `last` is the far end of a range.

    `doubtful`: the outer steps may be those of the neighbour before or behind.
    """

    steps: Steps
    start: int
    end: int
    last: Steps | None = None
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase, `text[start:end]`, with the places it names in printed order."""

    places: tuple[Place, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Unit:
    step: Step
    start: int
    end: int
    gap: str = ""  # how it hangs on the unit before: `side`, `comma`, `of`, `join`, `range`, or "" for not at all


_ORDINAL = "|".join(regex.escape(w).replace(r"\ ", r"\s+") for w in sorted(ordinals(), key=len, reverse=True))
_UNIT = regex.compile(
    rf"""(?<![\w-])(?:
      (?P<pasal>(?i:pasal))\s*(?:
          (?P<n>(?:\d|[lIO](?=\d))[\dlIoO]{{0,3}}(?:[A-Za-z]{{1,2}}|\s[A-Z])?(?!\w)|[IVX]{{1,6}}(?!\w))
        | (?P<this>ini)\b)
    | (?P<ayat>(?i:ayat))\s*(?:
          \(\s*(?P<n>[\dlIO]{{1,3}}\s?[a-z]{{0,2}})\s*(?P<shut>\)?)
        | (?P<n>\d{{1,3}}[a-z]?)(?!\w)
        | (?P<this>ini)\b)
    | (?P<huruf>(?i:huruf))\s+(?:(?P<n>[a-z]{{1,2}}\d?|[A-Z])(?!\w)|(?P<this>ini)\b)
    | (?P<angka>(?i:angka))\s*(?:(?P<n>\d{{1,3}}[a-z]?)(?!\w|[.,]?\d|\s?%)|(?P<this>ini)\b)
    | (?P<bab>(?i:bab))\s*(?:(?P<n>[IVXLC]+(?:\s?[A-H])?)(?!\w)|(?P<this>(?i:ini))\b)
    | (?P<bagian>Bagian|BAGIAN)\s+(?:(?P<n>(?i:{_ORDINAL}))(?!\w)|(?P<this>(?i:ini))\b)
    | (?P<paragraf>Paragraf|PARAGRAF)\s+(?:(?P<n>\d{{1,2}}|(?i:{_ORDINAL}))(?!\w)|(?P<this>(?i:ini))\b)
    | (?P<lampiran>Lampiran|LAMPIRAN)(?!\s*:)(?:\s+(?P<n>[IVXLC]{{1,6}}(?:\s?[A-H])?|\d{{1,2}})(?!\w))?
    )""",
    regex.VERBOSE,
)
_CONJUNCTION = r"(?:dan\s?/\s?atau|dan|atau|serta|maupun|juncto|jo\.?|jis\.?)"
_JOIN = rf"(?:\s*[,.]\s*(?:{_CONJUNCTION}\s+)?|\s+{_CONJUNCTION}\s+)"
_RANGE = r"\s*(?:,\s*)?(?:sampai(?:\s+dengan)?|hingga|s\.?\s?d\.?|s\s?/\s?d\.?|[-–—])\s*"
_GAPS = (
    ("side", regex.compile(r"\s*")),
    ("comma", regex.compile(r"\s*,\s*")),
    ("of", regex.compile(r"\s+(?:dari|dalam|pada)\s+(?:ketentuan\s+)?", regex.I)),
    ("join", regex.compile(_JOIN, regex.I)),
    ("range", regex.compile(_RANGE, regex.I)),
)
# What may follow a bare number (`Pasal 5, 6 dan 7`); anything else would make it a count (`dan 2 (dua) orang`).
_AFTER = (
    r"(?=\s*(?:[,;:)]|\.(?!\d)|$)|\s+(?:(?:dan|atau|serta|ayat|huruf|angka|pasal|sampai|s\.?d|tersebut|ini)\b|undang|peraturan"
    r"|disisip|diubah|dihapus|ditambah))"
)
_MORE = {
    kind: regex.compile(rf"(?:(?P<range>{_RANGE})|{_JOIN})(?:{number})", regex.I)
    for kind, number in {
        "pasal": rf"(?P<n>\d{{1,3}}[A-Z]?)(?!\w){_AFTER}",
        "ayat": r"\(\s*(?P<n>\d{1,3}[a-z]{0,2})\s*\)",
        "huruf": rf"(?P<n>[a-z]\d?)(?!\w){_AFTER}",
        "angka": rf"(?P<n>\d{{1,3}}[a-z]?)(?!\w){_AFTER}",
        "bab": rf"(?P<n>[IVXLC]+[A-H]?)(?!\w){_AFTER}",
        "lampiran": rf"(?P<n>[IVXLC]+)(?!\w){_AFTER}",
    }.items()
}
_DIGITS = str.maketrans("lIOo", "1100")


def find_phrases(text: str) -> tuple[Phrase, ...]:
    """Every phrase that names places, in printed order; phrases do not overlap. Linear in the text."""
    phrases: list[Phrase] = []
    current: list[_Unit] = []
    units = list(_units(text))
    depth = 0
    for i, unit in enumerate(units):
        gap = _gap(text, units, i)
        depth = depth + 1 if gap in ("side", "comma", "of") else 0
        if depth >= DEEPEST:
            gap, depth = "", 0
        if gap == "" and current:
            phrases.append(_phrase(current))
            current = []
        current.append(replace(unit, gap=gap))
    if current:
        phrases.append(_phrase(current))
    return tuple(phrases)


def eid_of(steps: Sequence[Step]) -> str | None:
    """The eid by the contract's rules; None while it is relative (`ayat (1)`, `Pasal ini`) or lacks its BAB."""
    kinds = [s.kind for s in steps]
    if not steps or any(s.number == THIS for s in steps):
        return None
    if kinds[0] == "lampiran":
        number = steps[0].number
        head = [f"lampiran_{number}" if number else "lampiran"]
        rest = [s.number if s.kind == "huruf" and s.number.isupper() else f"{s.kind}_{s.number}" for s in steps[1:]]
        return "__".join(head + rest)
    if "pasal" in kinds:
        steps = steps[kinds.index("pasal") :]
    elif kinds[0] != "bab":
        return None
    return "__".join(f"{s.kind}_{s.number}" for s in steps)


def _units(text: str) -> Iterator[_Unit]:
    """Units and the bare numbers that continue them, in printed order."""
    position = 0
    while match := _UNIT.search(text, position):
        kind = next(k for k in RANK if match[k])
        step = _step(kind, match["n"] or "", THIS if match["this"] else None, closed=bool(match["shut"]))
        position = match.end()
        yield _Unit(step, match.start(), position)
        more = _MORE.get(kind)
        while more and step.number not in ("", THIS) and (following := more.match(text, position)):
            step = _step(kind, following["n"], None)
            gap = "range" if following["range"] else "join"
            position = following.end()
            yield _Unit(step, following.start("n"), position, gap)


def _step(kind: str, printed: str, this: str | None, closed: bool = True) -> Step:
    """The step with its number mended: `1O` is 10, `12 A` is 12A, `Kedua` is 2."""
    if this:
        return Step(kind, THIS)
    number = "".join(printed.split())
    if kind in ("bagian", "paragraf") and not number.isdecimal():
        return Step(kind, str(ordinals()[" ".join(printed.lower().split())]))
    if kind in ("bab", "lampiran"):
        roman = read_roman(number)
        return Step(kind, write_roman(roman) if roman else number)
    if kind == "pasal":
        return _pasal(number)
    if kind == "ayat":
        digits = number.rstrip("abcdefghijkmnpqrstuvwxyz")
        number = digits.translate(_DIGITS) + number[len(digits) :]
        if not closed and len(number) > 1 and number.endswith("1"):
            return Step(kind, number[:-1], number)
    return Step(kind, number)


def _pasal(number: str) -> Step:
    """`3l` and `1O` hold digits; the I of `18I` may be either, so both readings stay."""
    if not any(c.isdigit() for c in number):
        return Step("pasal", number)
    suffix = number[len(number.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")) :]
    if suffix in ("I", "II"):
        return Step("pasal", number, number.translate(_DIGITS))
    if suffix and set(suffix) <= set("lIOo"):
        return Step("pasal", number.translate(_DIGITS))
    base = number[: len(number) - len(suffix)].translate(_DIGITS)
    return Step("pasal", base + suffix.upper())


def _gap(text: str, units: Sequence[_Unit], i: int) -> str:
    """How unit i hangs on the one before; "" begins a new phrase."""
    unit = units[i]
    if i == 0 or unit.gap:
        return unit.gap
    before = units[i - 1]
    between = text[before.end : unit.start]
    if len(between) > 60:
        return ""
    name = next((name for name, pattern in _GAPS if pattern.fullmatch(between)), "")
    outward = RANK[unit.step.kind] < RANK[before.step.kind]
    if name == "of":
        return name if outward else ""
    if name == "comma":
        below = before.step.kind == "pasal" and RANK[unit.step.kind] > RANK["pasal"]
        return "comma" if below and not _turns_outward(text, units, i) else "join"
    if name == "join" and between.strip().startswith(".") and text[unit.start].isupper():
        return ""
    if name == "side" and unit.step.kind == before.step.kind:
        return ""
    return name


def _turns_outward(text: str, units: Sequence[_Unit], i: int) -> bool:
    """Whether unit i begins a chain that is printed inside out (`ayat (2) Pasal 6`)."""
    if i + 1 == len(units) or text[units[i].end : units[i + 1].start].strip():
        return False
    return RANK[units[i + 1].step.kind] < RANK[units[i].step.kind]


def _phrase(units: Sequence[_Unit]) -> Phrase:
    chains: list[list[_Unit]] = []
    for unit in units:
        if unit.gap in ("side", "comma", "of") and chains:
            chains[-1].append(unit)
        else:
            chains.append([unit])
    paths = [_outermost_first([u.step for u in chain]) for chain in chains]
    inherited = _take_from_before(paths)
    doubtful = _take_from_behind(paths, chains, inherited)
    places: list[Place] = []
    for chain, path, unsure in zip(chains, paths, doubtful, strict=True):
        if chain[0].gap == "range" and places and places[-1].last is None:
            places[-1] = replace(places[-1], last=path, end=chain[-1].end, doubtful=places[-1].doubtful or unsure)
        else:
            places.append(Place(path, chain[0].start, chain[-1].end, doubtful=unsure))
    return Phrase(tuple(places), units[0].start, units[-1].end)


def _take_from_before(paths: list[Steps]) -> list[bool]:
    """`Pasal 6 ayat (3) dan (4)`: a later chain of a kind that the one before holds shares its outer steps."""
    inherited = [False] * len(paths)
    for i in range(1, len(paths)):
        kind = paths[i][0].kind
        prefix = outer_steps(paths[i - 1], kind, same_only=True)
        if prefix and RANK[prefix[0].kind] < RANK[kind]:
            paths[i], inherited[i] = (*prefix, *paths[i]), True
    return inherited


def _take_from_behind(paths: list[Steps], chains: Sequence[Sequence[_Unit]], inherited: Sequence[bool]) -> list[bool]:
    """`ayat (2) dan ayat (4) Pasal 17`: chains before one that is printed inside out share its outer steps.

    Returns which chains had outer steps from before already, so that either may be meant.
    """
    doubtful = [False] * len(paths)
    behind: Steps | None = None
    for i in range(len(paths) - 1, -1, -1):
        own = chains[i][0].step
        prefix = outer_steps(behind, own.kind if inherited[i] else paths[i][0].kind) if behind else ()
        behind = None
        if prefix and inherited[i]:
            doubtful[i] = True
        elif prefix and RANK[prefix[0].kind] < RANK[paths[i][0].kind]:
            behind = paths[i] = (*prefix, *paths[i])
        if behind is None and not inherited[i] and paths[i][0] != own:
            behind = paths[i]
    return doubtful


def _outermost_first(steps: list[Step]) -> Steps:
    """`huruf a ayat (3) Pasal 7` turned round; `Pasal 1 angka 7 huruf a` stays as it is."""
    runs: list[list[Step]] = []
    for step in steps:
        run = runs[-1] if runs else None
        deeper = run is not None and RANK[step.kind] > RANK[run[-1].kind]
        # Below an outer unit, or below a huruf of its own, huruf and angka alternate freely.
        listed = run is not None and step.kind == "huruf" and run[-1].kind == "angka" and len(run) > 1
        if run is not None and (deeper or listed):
            run.append(step)
        else:
            runs.append([step])
    return tuple(step for run in reversed(runs) for step in run)


def outer_steps(path: Steps, kind: str, same_only: bool = False) -> Steps:
    """The outer steps that a unit of `kind` beside `path` shares with it; `same_only`: if `path` holds that kind."""
    for i in range(len(path) - 1, -1, -1):
        if path[i].kind == kind:
            return path[:i]
    return () if same_only else tuple(s for s in path if RANK[s.kind] < RANK[kind])
