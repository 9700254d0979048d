"""When an act enters into force: the rule in its closing provisions and the date that follows from it."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from extractors.acts.dates import find_dates
from extractors.models import Notes, Provision
from extractors.numerals import words_agree

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
    """`rule` as printed (of several, joined by a blank); `on` only where the rule gives one date."""

    rule: str | None
    on: date | None


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
        return EntryIntoForce(" ".join(f.printed for f in several), None)
    return EntryIntoForce(rule, _computed(whole[0], enacted_on, promulgated_on, notes))


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


def _computed(found: _Found, enacted_on: date | None, promulgated_on: date | None, notes: Notes) -> date | None:
    provision = found.provision

    def note(code: str, severity: str, message: str) -> None:
        notes.add(code, severity, message, span=provision.span, page=provision.page_start, eid=provision.eid)

    until = UNTIL.search(found.when)
    when = found.when[: until.start()] if until else found.when
    if EXCEPT.search(found.when) or found.when.rstrip().endswith(":"):
        note("in_force_not_computable", "warning", "The rule has exceptions or goes on in a list; no single date.")
        return None
    dates = {printed.value for printed in find_dates(when)}
    period = PERIOD.search(when)
    if RETROACTIVE.search(when) and len(dates) == 1:
        note("in_force_retroactive", "info", "The act has retroactive effect; in_force_on is the earlier date.")
        return dates.pop()
    if len(dates) == 1 and not period and not PROMULGATED.search(when):
        return dates.pop()
    base = promulgated_on if PROMULGATED.search(when) else enacted_on if ENACTED.search(when) else None
    refers = bool(PROMULGATED.search(when) or ENACTED.search(when))
    if dates or not refers:
        note("in_force_not_computable", "warning", "The rule gives no date that can be computed.")
        return None
    if base is None:
        note("missing_in_force_on", "warning", "The date that the rule refers to is not known.")
        return None
    if period is None:
        return base
    count = int(period["count"])
    if period["working"] or (period["words"] and not words_agree(float(count), period["words"])):
        note("in_force_not_computable", "warning", "The period counts working days, or its digits and words differ.")
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
