"""When an act enters into force: the rule in its closing provisions and the date that follows from it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.acts.dates import find_dates
from extractors.models import Notes, PartInForce, Provision
from extractors.numerals import words_agree
from extractors.references.places import eid_of, find_phrases
from extractors.references.ranges import members

ACT = (
    r"\b(?:Peraturan|Undang\s?-?\s?undang|Keputusan|Qanun|Instruksi|Perda|Perbup|Perwali|Perwal|Pergub|Perpres)\b"
    r"[^.;:]{0,80}?\bini"
)
FORCE = r"(?:dinyatakan\s{1,4})?(?:mulai\s{1,4})?(?:dinyatakan\s{1,4})?berlaku"
WHEN = r"(?:(?:secara\s{1,4})?efektif\s{1,4})?(?:pada|sejak|setelah|terhitung|mulai|surut|untuk|dalam|\d|:)"
RULE = re.compile(rf"(?P<act>{ACT})\s{{1,4}}{FORCE}\s{{0,4}}(?P<when>{WHEN}.*)", re.IGNORECASE | re.DOTALL)
PART_RULE = re.compile(
    r"\b(?:Ketentuan|Pasal|BAB|Lampiran|Tarif)\b[^.;]{0,150}?\bmulai\s{1,4}berlaku\s{1,4}"
    r"(?:(?:secara\s{1,4})?efektif\s{1,4})?(?P<when>(?:pada|sejak|setelah|terhitung)\b[^;]*)",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"\.(?=\s|$)|;")
# `Pada saat Peraturan Bupati ini mulai berlaku, …` sets no date.
NO_RULE = re.compile(r"\b(?:saat|sejak|dengan|sebelum|setelah|ketika|sesudah)\s{1,4}$", re.IGNORECASE)
# Without `mulai`, only a date makes a rule of entry into force: `ini berlaku untuk semua …` is its scope.
STARTS = re.compile(r"\bmulai\b", re.IGNORECASE)
DATED = re.compile(
    r"(?:(?:pada|sejak|terhitung|setelah)\s{1,4}(?:tanggal|sejak|saat|di)|surut|terhitung)", re.IGNORECASE
)
UNTIL = re.compile(r"\bsampai\s{1,4}dengan\b|\bs\.?d\.?\s|\bhingga\b", re.IGNORECASE)
# `Pasal 5 yang mulai berlaku pada ...`, `BAB IV pada tanggal ...`: the places stand in front.
PART_WHEN = re.compile(
    r"(?P<places>.*?)(?:\byang\s{1,4})?(?:\b(?:dinyatakan\s{1,4})?(?:mulai\s{1,4})?berlaku\s{1,4})?"
    r"(?P<when>\b(?:pada|sejak|setelah|terhitung)\s.*)",
    re.IGNORECASE | re.DOTALL,
)
EXCEPT = re.compile(r"\bkecuali\b|\bdengan\s{1,4}ketentuan\b", re.IGNORECASE)
RETROACTIVE = re.compile(r"\bsurut\b", re.IGNORECASE)
PERIOD = re.compile(
    r"\b(?P<count>\d{1,4})\s?(?:\((?P<words>[^()]{0,60})\)\s?)?(?P<unit>hari|minggu|bulan|tahun)\b(?P<working>\s{1,4}kerja)?",
    re.IGNORECASE,
)
PROMULGATED = re.compile(r"\b(?:di\s?undangkan|pengundangan)", re.IGNORECASE)
ENACTED = re.compile(r"\b(?:di\s?tetapkan|di\s?sahkan|penetapan|pengesahan)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EntryIntoForce:
    """`rule` as printed (of several, joined by a blank); `on` only where the rule gives one date.

    In stages, `parts` are the places with days of their own, `rest_on` the day of all others.
    """

    rule: str | None
    on: date | None
    parts: tuple[PartInForce, ...] = ()
    rest_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    printed: str
    when: str
    provision: Provision
    whole_act: bool


def read_entry_into_force(
    provisions: Sequence[Provision], enacted_on: date | None, promulgated_on: date | None, notes: Notes
) -> EntryIntoForce:
    """The rule of entry into force among the own provisions of the body (not quoted, not of an annex).

    A period counts from the day it names: 30 days after 1 January is 31 January. A retroactive rule gives the earlier
    date. Null dates have a finding: `missing_in_force_rule`, `in_force_staged` (several rules),
    `in_force_not_computable` or `missing_in_force_on` (the date it refers to is not known).
    """
    found = [f for provision in provisions if provision.zone == "body" for f in _rules(provision)]
    whole = list({" ".join(f.printed.split()): f for f in found if f.whole_act}.values())
    parts = [f for f in found if not f.whole_act]
    if not whole:
        notes.add("missing_in_force_rule", "warning", "No provision says when the act enters into force.")
        return EntryIntoForce(None, None)
    rule = " ".join(f.printed for f in whole)
    days = _Days(enacted_on, promulgated_on, notes)
    if len(whole) > 1 or parts:
        several = [*whole, *parts]
        notes.add(
            "in_force_staged",
            "warning",
            f"{len(several)} rules of entry into force; no single date.",
            span=several[1].provision.span,
            page=several[1].provision.page_start,
            eid=several[1].provision.eid,
        )
        rest_on = days.computed(whole[0], whole[0].when) if len(whole) == 1 else None
        return _staged(" ".join(f.printed for f in several), rest_on, [days.part(f, f.printed) for f in parts])
    only = whole[0]
    listed = [p for p in provisions if p.parent_eid == only.provision.eid and only.when.rstrip().endswith(":")]
    exception = EXCEPT.search(only.when)
    if not exception and not listed:
        return EntryIntoForce(rule, days.computed(only, only.when))
    days.note(only, "in_force_not_computable", "The rule has exceptions or goes on in a list; no single date.")
    if exception:
        rest_on = days.computed(only, only.when[: exception.start()])
        return _staged(rule, rest_on, [days.part(only, only.when[exception.end() :])])
    return _staged(rule, None, [days.part(only, p.text.text) for p in listed])


def _staged(rule: str, rest_on: date | None, parts: Sequence[PartInForce | None]) -> EntryIntoForce:
    """Where one of the parts can't be told, no place's day is known."""
    known = tuple(part for part in parts if part is not None)
    return EntryIntoForce(rule, None, known, rest_on) if len(known) == len(parts) else EntryIntoForce(rule, None)


def _rules(provision: Provision) -> list[_Found]:
    found = []
    text = provision.text.text
    position = 0
    for sentence_end in [*(m.end() for m in SENTENCE_END.finditer(text)), len(text)]:
        sentence = text[position:sentence_end]
        position = sentence_end
        match = RULE.search(sentence)
        scope = match and not STARTS.search(match.group()) and not DATED.match(match["when"])
        if match and not scope and not NO_RULE.search(sentence[: match.start()]):
            found.append(_Found(match.group().strip(), match["when"], provision, True))
        elif not match and (part := PART_RULE.search(sentence)):
            found.append(_Found(part.group().strip(), part["when"], provision, False))
    return [
        f for f in found if f.whole_act or find_dates(f.when) or PERIOD.search(f.when) or PROMULGATED.search(f.when)
    ]


@dataclass(frozen=True, slots=True)
class _Days:
    """Computes days from rules; what can't be computed gets a finding."""

    enacted_on: date | None
    promulgated_on: date | None
    notes: Notes

    def note(self, found: _Found, code: str, message: str, severity: str = "warning") -> None:
        p = found.provision
        self.notes.add(code, severity, message, span=p.span, page=p.page_start, eid=p.eid)

    def part(self, found: _Found, text: str) -> PartInForce | None:
        """`Ketentuan BAB IV mulai berlaku pada tanggal 1 Januari 2025`; None where the places can't be told."""
        match = PART_WHEN.match(text)
        eids: list[str] = []
        for phrase in find_phrases(match["places"] if match else text):
            for place in phrase.places:
                named = [eid_of(steps) for steps in members(place) or (place.steps,)]
                if place.doubtful or None in named:
                    return None
                eids += [eid for eid in named if eid]
        if not eids:
            return None
        return PartInForce(tuple(eids), self.computed(found, match["when"]) if match else None)

    def computed(self, found: _Found, rule: str) -> date | None:
        """The one date that the rule gives."""
        until = UNTIL.search(rule)
        when = rule[: until.start()] if until else rule
        if EXCEPT.search(rule) or rule.rstrip().endswith(":"):
            self.note(found, "in_force_not_computable", "The rule has exceptions or goes on in a list; no single date.")
            return None
        dates = {printed.value for printed in find_dates(when)}
        period = PERIOD.search(when)
        if RETROACTIVE.search(when) and len(dates) == 1:
            self.note(
                found,
                "in_force_retroactive",
                "The act has retroactive effect; in_force_on is the earlier date.",
                "info",
            )
            return dates.pop()
        if len(dates) == 1 and not period and not PROMULGATED.search(when):
            return dates.pop()
        base = self.promulgated_on if PROMULGATED.search(when) else self.enacted_on if ENACTED.search(when) else None
        refers = bool(PROMULGATED.search(when) or ENACTED.search(when))
        if dates or not refers:
            self.note(found, "in_force_not_computable", "The rule gives no date that can be computed.")
            return None
        if base is None:
            self.note(found, "missing_in_force_on", "The date that the rule refers to is not known.")
            return None
        if period is None:
            return base
        count = int(period["count"])
        if period["working"] or (period["words"] and not words_agree(float(count), period["words"])):
            self.note(
                found, "in_force_not_computable", "The period counts working days, or its digits and words differ."
            )
            return None
        return _later(base, count, period["unit"].casefold())


def _later(base: date, count: int, unit: str) -> date | None:
    """`base` plus a period; a month's last day where the day does not exist (31 January plus a month)."""
    if unit in ("hari", "minggu"):
        days = count * (7 if unit == "minggu" else 1)
        return base + timedelta(days=days)
    months = base.month - 1 + count * (12 if unit == "tahun" else 1)
    year, month = base.year + months // 12, months % 12 + 1
    if year > date.max.year:
        return None
    return date(year, month, min(base.day, monthrange(year, month)[1]))
