"""All acts of a corpus together: the instructions of each act's amendments in order of entry into force.

What can't be decided is not decided: two acts that change one place on one day, or an act made later whose change
holds from an earlier day, are conflicts, and the text stays as it was.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from string import ascii_letters
from typing import NamedTuple

import regex

from extractors.acts.identifiers import FIRST_YEAR, LAST_YEAR
from extractors.consolidation.annexes import Holdings, place_of
from extractors.consolidation.apply import Remark, apply
from extractors.consolidation.new_text import NewText
from extractors.consolidation.placing import RefusedError
from extractors.consolidation.restated import differing
from extractors.consolidation.slots import Change, Slots
from extractors.models import (
    Indicator,
    IndicatorValidity,
    Instruction,
    Metadata,
    Notes,
    Provision,
    ProvisionVersion,
)

STAGE = "consolidation"

# A range names its first and last place; those between are counted out (`Pasal 5 sampai dengan Pasal 7`).
RANGE = regex.compile(r"\b(?:sampai\s+dengan|hingga|s\s?[./]\s?d\b)", regex.IGNORECASE)
NUMBERED = regex.compile(r"(.*_)(\d+)")


@dataclass(frozen=True, slots=True)
class ActText:
    """One act as it was made. `copy`: another text of the same act is in the corpus and counts in its place."""

    document_id: str
    metadata: Metadata
    provisions: tuple[Provision, ...]
    amendments: tuple[Instruction, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    copy: bool = False


class Outcome(NamedTuple):
    """What became of an instruction; `on` is the day from which it holds, None where that is unknown."""

    status: str
    reason: str | None
    on: date | None


@dataclass(slots=True)
class Consolidation:
    """Versions by act, outcomes by (act, seq), the validity of all indicator rows, findings by amending act.

    An absent base has no versions; an annex that replaces one of its annexes still ends the rows of an earlier one.
    """

    versions: dict[str, tuple[ProvisionVersion, ...]] = field(default_factory=dict)
    outcomes: dict[tuple[str, int], Outcome] = field(default_factory=dict)
    validity: tuple[IndicatorValidity, ...] = ()
    findings: dict[str, Notes] = field(default_factory=lambda: defaultdict(lambda: Notes(STAGE)))


@dataclass(frozen=True, slots=True)
class _Step:
    """An instruction with the day from which it holds and the place that it touches; `""` is the whole act."""

    act: ActText
    row: Instruction
    on: date
    place: str

    @property
    def made_on(self) -> date | None:
        return _made_on(self.act)

    @property
    def order(self) -> tuple[date, date, str, int]:
        return self.on, self.made_on or date.min, self.act.document_id, self.row.seq


def consolidate(acts: Sequence[ActText], *others: Container[str]) -> Consolidation:
    """The versions of every provision of `acts`, what became of each instruction, and the days of indicator rows.

    `document_id` is unique in `acts`; `others` are ids of acts of the corpus that they do not touch.
    Instructions that were not read stay as they are.
    """
    made = Consolidation()
    present = {act.document_id: act for act in acts}
    texts = {act.document_id: NewText(act.provisions) for act in acts}
    holdings = Holdings()
    steps: defaultdict[str, list[_Step]] = defaultdict(list)
    for act in acts:
        day = days(act)
        holdings.add(act.document_id, act.indicators, lambda row, day=day: day(place_of(row)))  # type: ignore[misc]
        for row in act.amendments:
            step = _step(act, row, day, made)
            if step is not None:
                steps[row.target_document_id or ""].append(step)
    applied: list[_Step] = []
    for document_id in sorted({*present, *steps}):
        chain = sorted(steps[document_id], key=lambda step: step.order)
        base = present.get(document_id)
        if base is None:
            for step in chain:
                _decide(made, step, "base_missing", None)
            for step in {step.act.document_id: step for step in reversed(chain)}.values():
                _note(made, step.act, step.row, [_absent(document_id, present, *others)])
            disputed = _same_day(chain)
            applied += [step for at, step in enumerate(chain) if at not in disputed]
        else:
            applied += _chain(base, chain, texts, made)
    for step in sorted(applied, key=lambda step: step.order):
        if step.row.action == "replace_annex":
            holdings.replace(step.row, step.act.document_id, step.on)
        elif step.row.action in ("revoke", "repeal") and step.row.target_document_id:
            place = None if step.row.action == "revoke" else step.place
            holdings.end(step.row.target_document_id, place, step.on, (step.act.document_id, step.row.seq))
    made.validity = tuple(sorted(holdings.validity(), key=lambda row: row.indicator_id))
    return made


def _absent(document_id: str, *present: Container[str]) -> Remark:
    """The act to change is not there; one of its kind and number of another year may be the one that is meant."""
    kind, _, number = document_id.rsplit("/", 2)
    alike = (f"{kind}/{year}/{number}" for year in range(FIRST_YEAR, LAST_YEAR + 1))
    near = [one for one in alike if any(one in ids for ids in present)]
    message = f"{document_id} is not among the files"
    if near:
        return Remark("base_missing", "warning", f"{message}; of the same number is {', '.join(near)}")
    return Remark("base_missing", "info", message)


def days(act: ActText) -> Callable[[str], date | None]:
    """The day from which a place of the act holds: its own stage's, else that of the whole act."""
    facts = act.metadata
    general = facts.in_force_on or facts.rest_in_force_on
    parents = {p.eid: p.parent_eid for p in act.provisions}
    staged = {eid: part.on for part in facts.in_force_parts for eid in part.eids}

    def day(eid: str) -> date | None:
        place: str | None = eid
        while place and staged:
            if place in staged:
                return staged[place]
            place = parents[place] if place in parents else place.rpartition("__")[0] or None
        return general

    return day


def _step(act: ActText, row: Instruction, day: Callable[[str], date | None], made: Consolidation) -> _Step | None:
    """The instruction as a step of a chain; None where it was not read or can't be dated."""
    on = day(row.item_eid)
    if row.status != "read":
        made.outcomes[act.document_id, row.seq] = Outcome(row.status, row.reason, on)
        return None
    place = row.new_eid or row.target_eid or ""
    if act.copy:
        _refuse(made, act, row, on, "conflict", "identity_clash", "another text of this act counts in its place")
    elif row.target_document_id == act.document_id:
        _refuse(made, act, row, on, "conflict", "amends_itself", "the act to change is the act itself")
    elif on is None:
        _refuse(made, act, row, on, "unresolved", "date_unknown", "the day from which the change holds is not known")
    else:
        return _Step(act, row, on, place)
    return None


def _chain(base: ActText, chain: list[_Step], texts: dict[str, NewText], made: Consolidation) -> list[_Step]:
    """Apply the steps of one act in order; those that were applied."""
    day = days(base)
    slots = Slots(base.provisions, lambda p: day(p.eid))
    disputed = _same_day(chain)
    ranges: defaultdict[tuple[str, str, date], set[str]] = defaultdict(set)
    for step in chain:
        if step.row.target_eid and RANGE.search(step.row.instruction_printed):
            ranges[_item(step)].add(step.row.target_eid)
    applied: list[_Step] = []
    done: defaultdict[tuple[str, str, date], list[Instruction]] = defaultdict(list)
    seen: set[tuple[str, date, str, str | None]] = set()
    for at, step in enumerate(chain):
        change = Change(step.act.document_id, step.row.seq, step.on, step.made_on)
        new_text = texts[step.act.document_id]
        try:
            _check(base, step, slots, disputed=at in disputed)
            _check_range(step, ranges[_item(step)], slots)
            if step.row.action in ("substitute", "replace_annex", "retitle"):
                key = (step.act.document_id, step.on, step.row.action, step.row.target_eid)
                if key in seen:
                    raise RefusedError("conflict", "changed_twice", f"the act changes {step.row.target_eid} twice")
                seen.add(key)
            remarks = apply(slots, step.row, change, new_text)
        except RefusedError as refused:
            _refuse(made, step.act, step.row, step.on, refused.status, refused.reason, str(refused))
        else:
            applied.append(step)
            done[_item(step)].append(step.row)
            _decide(made, step, "applied", None)
            _note(made, step.act, step.row, remarks)
        if at + 1 == len(chain) or _item(chain[at + 1]) != _item(step):
            rows = done.get(_item(step))
            if rows:
                _note(made, step.act, step.row, differing(slots, step.row.item_eid, rows, new_text))
    made.versions[base.document_id] = tuple(slots.rows(base.document_id))
    return applied


def _item(step: _Step) -> tuple[str, str, date]:
    return step.act.document_id, step.row.item_eid, step.on


def _same_day(chain: Sequence[_Step]) -> set[int]:
    """Indices into `chain` of steps of different acts that change one place, or one within the other, on one day."""
    found: set[int] = set()
    by_day: defaultdict[date, list[int]] = defaultdict(list)
    for index, step in enumerate(chain):
        by_day[step.on].append(index)
    for indices in by_day.values():
        if len({chain[index].act.document_id for index in indices}) < 2:
            continue
        owners: defaultdict[str, set[str]] = defaultdict(set)
        reach: defaultdict[str, set[str]] = defaultdict(set)
        for index in indices:
            step = chain[index]
            owners[step.place].add(step.act.document_id)
            for outer in _outer(step.place):
                reach[outer].add(step.act.document_id)
        for index in indices:
            step = chain[index]
            touching = set(reach[step.place]).union(*(owners[outer] for outer in _outer(step.place)))
            if len(touching) > 1:
                found.add(index)
    return found


def _outer(place: str) -> Iterator[str]:
    """The place and all above it, the whole act (`""`) too."""
    while place:
        yield place
        place = place.rpartition("__")[0]
    yield ""


def _check(base: ActText, step: _Step, slots: Slots, *, disputed: bool) -> None:
    """Raises RefusedError where the order of the acts does not allow the step."""
    if disputed:
        raise RefusedError("conflict", "same_day", f"another act changes {step.place or 'the act'} on {step.on}, too")
    made_on = _made_on(base)
    if step.made_on and made_on and step.made_on < made_on:
        raise RefusedError("conflict", "base_is_later", f"{base.document_id} is the later act")
    touched = [slot for outer in _outer(step.place) if (slot := slots.get(outer))]
    touched += slots.below(step.place) if not step.place or slots.get(step.place) else ()
    for slot in touched:
        for change in slot.changes:
            if step.made_on and change.made_on and change.made_on > step.made_on:
                later = f"{change.document_id}, made later, changes {slot.eid} from an earlier day"
                raise RefusedError("conflict", "order_disputed", later)


def _check_range(step: _Step, named: set[str], slots: Slots) -> None:
    """Raises RefusedError where a range was counted out by numbers and holds places that were inserted since."""
    if step.row.target_eid not in named:
        return
    for place in named:
        numbered = NUMBERED.fullmatch(place)
        if not numbered or f"{numbered[1]}{int(numbered[2]) + 1}" not in named:
            continue
        for letter in ascii_letters:
            inserted = slots.get(place + letter)
            if inserted and inserted.live and inserted.eid not in named:
                raise RefusedError("unresolved", "range_holds_more", f"{inserted.eid} stands within the range")


def _made_on(act: ActText) -> date | None:
    return act.metadata.promulgated_on or act.metadata.enacted_on


def _decide(made: Consolidation, step: _Step, status: str, reason: str | None) -> None:
    made.outcomes[step.act.document_id, step.row.seq] = Outcome(status, reason, step.on)


def _refuse(
    made: Consolidation, act: ActText, row: Instruction, on: date | None, status: str, reason: str, message: str
) -> None:
    made.outcomes[act.document_id, row.seq] = Outcome(status, reason, on)
    code = f"instruction_{status}" if status != "unresolved" else "instruction_unresolved"
    _note(made, act, row, [Remark(code, "warning", f"instruction {row.seq}: {reason}: {message}")])


def _note(made: Consolidation, act: ActText, row: Instruction, remarks: Sequence[Remark] | Iterator[Remark]) -> None:
    for remark in remarks:
        made.findings[act.document_id].add(
            remark.code, remark.severity, remark.message, span=row.span, eid=row.item_eid
        )
