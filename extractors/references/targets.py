"""Where a place phrase points: its eid, held against the act's own nodes.

Relative places (`ayat (1)`, `Pasal ini`) are looked up from the node where the phrase stands, innermost first. In
quoted text the quoted nodes count; what is not quoted lies in the amended act. An elucidation speaks of the node of
the body that it explains, an annex with articles of its own speaks of those first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from extractors.amendments.instructions import changing_articles
from extractors.models import Metadata, Provision
from extractors.references.places import RANK, THIS, Place, Step, Steps, eid_of, find_phrases, outer_steps
from extractors.references.ranges import members

LONGEST_RANGE = 300


@dataclass(frozen=True, slots=True)
class Target:
    """One target. `reason` is None where `resolved`, else `no_such_node`, `ambiguous`, `act_not_identified`,
    `place_incomplete` (relative to something that is not named) or `range_not_counted`.
    """

    document_id: str | None
    eid: str | None
    resolved: bool
    reason: str | None = None


class Nodes:
    """The nodes of one act, by eid; quoted ones also by their place in the amended act."""

    def __init__(self, provisions: Sequence[Provision], metadata: Metadata) -> None:
        self.by_eid = {p.eid: p for p in provisions}
        self.own = metadata.document_id
        self.amended = metadata.amends[0] if len(metadata.amends) == 1 else None
        self.changing = changing_articles(provisions) if metadata.is_amendment else set()
        self.quoting: dict[str, str] = {}
        self.quoted: dict[str, list[str]] = {}
        self.siblings: dict[tuple[str, str], list[str]] = {}
        for p in provisions:
            self.siblings.setdefault((p.eid.rpartition("__")[0], p.kind), []).append(p.eid)
            if p.zone == "quoted":
                above = self.by_eid.get(p.parent_eid or "")
                owner = self.quoting.get(above.eid, above.eid) if above else ""
                self.quoting[p.eid] = owner
                self.quoted.setdefault(p.eid.removeprefix(f"{owner}__"), []).append(p.eid)

    def is_instruction(self, p: Provision) -> bool:
        """Whether the text of `p` speaks of the amended act: an item, the head of the list, Pasal I without a list."""
        if p.zone != "body":
            return False
        return p.eid in self.changing or p.parent_eid in self.changing or self.list_of(p) is not None

    def list_of(self, p: Provision) -> str | None:
        """The item whose list `p` belongs to (`a. ... b. ...` below an instruction); its Pasal is that of the item."""
        above = self.by_eid.get(p.parent_eid or "")
        if above is None or above.parent_eid not in self.changing or above.kind != "item" or p.zone != "body":
            return None
        return above.eid

    def targets(
        self, place: Place, at: Provision, context: Steps = (), instruction: bool = False
    ) -> tuple[Target, ...]:
        """The targets in this act or, from quoted text or an `instruction`, in the act that it amends.

        `context` is a place named before in the same instruction, whose Pasal a relative place shares.
        """
        home = at.eid if instruction else self._home(at)
        find: Callable[[Steps], Target]
        if instruction:
            find = partial(self._amended, context=context)
        else:
            find = partial(self._quoted if home in self.quoting else self._own, home=home)
        found = [find(place.steps)] if place.last is None else self._range(place, place.last, find)
        if place.doubtful:
            found = [Target(t.document_id, t.eid, False, "ambiguous") for t in found]
        return tuple(found)

    def _home(self, at: Provision) -> str:
        """The eid that relative places start from: in an elucidation that of the node explained."""
        if at.zone != "elucidation" or "__" not in at.eid:
            return at.eid
        home = at.eid.partition("__")[2]
        inside = home.find("__pasal_")
        quoted = self.quoted.get(home[inside + 2 :], []) if inside >= 0 and home not in self.by_eid else []
        return quoted[0] if len(quoted) == 1 else home

    def _range(self, place: Place, far_end: Steps, find: Callable[[Steps], Target]) -> list[Target]:
        """The act's own nodes from end to end where it holds both, else the places counted by their numbers."""
        ends = [find(place.steps), find(far_end)]
        first, last = ends[0].eid, ends[1].eid
        if first in self.by_eid and last in self.by_eid and ends[0].document_id == self.own:
            node = self.by_eid[first]
            row = self.siblings[first.rpartition("__")[0], node.kind]
            if last in row and row.index(first) <= row.index(last) < row.index(first) + LONGEST_RANGE:
                return [Target(self.own, e, True) for e in row[row.index(first) : row.index(last) + 1]]
        counted = members(place, LONGEST_RANGE)
        if counted is None:
            return [Target(t.document_id, t.eid, False, t.reason or "range_not_counted") for t in ends]
        return [find(steps) for steps in counted]

    # ---- in the act itself

    def _own(self, steps: Steps, home: str) -> Target:
        candidates: list[str] = []
        for reading in _readings(steps):
            candidates += self._candidates(reading, home)
        return self._pick(candidates, self.own)

    def _pick(self, candidates: Sequence[str], document_id: str | None) -> Target:
        for eid in candidates:
            if eid in self.by_eid:
                twice = f"{eid}_2" in self.by_eid
                return Target(document_id, eid, not twice, "ambiguous" if twice else None)
        if not candidates:
            return Target(document_id, None, False, "place_incomplete")
        return Target(document_id, candidates[-1], False, "no_such_node")

    def _candidates(self, steps: Steps, home: str) -> list[str]:
        """Possible eids, likeliest first; the last is where the place should be if none exists."""
        kind, number = steps[0].kind, steps[0].number
        annex = home.split("__")[0] if home.startswith("lampiran") else None
        if number == THIS:
            base = self._enclosing(kind, home)
            return [_below(base, steps[1:])] if base else []
        if kind in ("bagian", "paragraf"):
            bases = [b for b in (self._enclosing(k, home) for k in ("bagian", "bab")) if b]
            return [_below(base, steps) for base in bases]
        eid = eid_of(steps)
        if eid is not None:
            inside = [f"{annex}__{eid}"] if annex and kind != "lampiran" else []
            return [*inside, eid]
        return list(self._walk(steps, home))

    def _walk(self, steps: Steps, home: str) -> Iterator[str]:
        """From `home` outwards up to its Pasal: an ayat hangs below the Pasal, list items below anything."""
        segments = home.split("__")
        floor = max((i for i, s in enumerate(segments) if s.startswith("pasal_")), default=0) + 1
        bases = [segments[:i] for i in range(len(segments), floor - 1, -1)]
        if steps[0].kind == "ayat":
            bases = bases[-1:] if segments[floor - 1].startswith("pasal_") else []
        outer = [b for b in bases if not b[-1].startswith(("huruf_", "angka_", "text_"))] or bases[-1:]
        yield from (_below("__".join(base), steps) for base in bases)
        if outer:
            yield _below("__".join(outer[0]), steps)

    def _enclosing(self, kind: str, home: str) -> str | None:
        """The node of `kind` that holds `home`, headings included."""
        segments = home.split("__")
        for i in range(len(segments), 0, -1):
            if segments[i - 1].startswith(f"{kind}_"):
                return "__".join(segments[:i])
        known = ("__".join(segments[:i]) for i in range(len(segments), 0, -1))
        node = next((self.by_eid[eid] for eid in known if eid in self.by_eid), None)
        for _ in range(12):
            if node is None or node.kind == kind:
                break
            node = self.by_eid.get(node.parent_eid or "")
        return node.eid if node else None

    # ---- in the amended act

    def _amended(self, steps: Steps, context: Steps = ()) -> Target:
        if steps[0].kind in RANK and RANK[steps[0].kind] > RANK["pasal"]:
            steps = (*outer_steps(context, steps[0].kind), *steps)
        eid = eid_of(steps)
        if self.amended is None:
            return Target(None, eid, False, "act_not_identified")
        return Target(self.amended, eid, eid is not None, None if eid else "place_incomplete")

    def _quoted(self, steps: Steps, home: str) -> Target:
        owner = self.quoting[home]
        inside = home.removeprefix(f"{owner}__")
        if steps[0].kind == "lampiran":
            eid = eid_of(steps) or ""
            return Target(self.own, eid, True) if eid in self.by_eid else self._amended(steps)
        candidates = [c for reading in _readings(steps) for c in self._candidates(reading, inside)]
        if not candidates or not any("pasal_" in c for c in candidates):
            beside = f"{owner}__{_below('', steps)}"
            if beside in self.by_eid:
                return Target(self.own, beside, True)
            return self._amended(steps, self.named_in(owner))
        for tail in candidates:
            eid = f"{owner}__{tail}"
            if eid in self.by_eid:
                return self._pick([eid], self.own)
            elsewhere = self.quoted.get(tail, [])
            if elsewhere:
                return Target(self.own, elsewhere[0], len(elsewhere) == 1, None if len(elsewhere) == 1 else "ambiguous")
        tail = candidates[-1]
        if self.amended is None:
            return Target(None, tail, False, "act_not_identified")
        missing = tail.split("__")[0] in self.quoted
        return Target(self.amended, tail, not missing, "no_such_node" if missing else None)

    def named_in(self, owner: str) -> Steps:
        """The one Pasal that the text of `owner` names; nothing if it names several."""
        text = self.by_eid[owner].text.text if owner in self.by_eid else ""
        places = [place for phrase in find_phrases(text[:3000]) for place in phrase.places]
        found = {place.steps[0] for place in places if place.steps[0].kind == "pasal"}
        return (next(iter(found)),) if len(found) == 1 else ()


def _below(base: str, steps: Sequence[Step]) -> str:
    return "__".join([*([base] if base else []), *(f"{s.kind}_{s.number}" for s in steps)])


def _readings(steps: Steps) -> Iterator[Steps]:
    """The place with each reading of its doubtful numbers (`Pasal 18I` or 181)."""
    doubtful = [i for i, step in enumerate(steps) if step.other][:2]
    for choice in product((False, True), repeat=len(doubtful)):
        other = {i for i, chosen in zip(doubtful, choice, strict=True) if chosen}
        yield tuple(Step(s.kind, s.other if i in other and s.other else s.number) for i, s in enumerate(steps))
