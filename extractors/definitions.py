"""Definitions: the list below `yang dimaksud dengan`, read as term, short name and definition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from extractors.glyphs import fold, letters
from extractors.models import Definition, Notes, Provision

ZONES = ("body", "quoted")
ITEMS = ("angka", "huruf", "ayat")
# Terms of agencies run long; more words than this before the verb are a sentence, not a term.
TERM_WORDS = 45
# Misread verbs (`adaiah`) count from this likeness on (rapidfuzz ratio).
VERB_LIKENESS = 80.0
SEARCHED_WORDS = 80
# `Dalam Peraturan Bupati ini yang dimaksud dengan X adalah Y`: the phrase opens the sentence.
OPENING_LENGTH = 80

ANNOUNCES = re.compile(
    r"\byang\s{1,4}(?:di\s?maksud(?:kan)?|diartikan)\s{1,4}(?:dengan|sebagai)\b\s{0,4}(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
VERB = re.compile(r"[\s,]{1,4}(?P<verb>adalah|ialah)\b", re.IGNORECASE)
WEAK_VERB = re.compile(r"[\s,]{1,4}(?P<verb>merupakan|yaitu|yakni)\b", re.IGNORECASE)
DOUBLED = re.compile(r"\s{0,4}(?:adalah|ialah|merupakan)\b", re.IGNORECASE)
SHORT_NAME = re.compile(
    r"[\s,]{0,4}\b(?:(?:yang|dan|atau)\s{1,4})?(?:yang\s{1,4})?(?:untuk\s{1,4})?(?:selanjutnya\s{0,4}|dapat\s{1,4})"
    r"(?:dalam\s{1,4}[^,;]{0,60}?ini\s{1,4})?(?:di\s?sebut|di\s?singkat|di\s?panggil)(?:\s{1,4}(?:juga|dengan|sebagai|menjadi))*\s{1,4}",
    re.IGNORECASE,
)
ABBREVIATED = re.compile(r"di\s?singkat", re.IGNORECASE)
BRACKET = re.compile(r"\s{0,4}\((?P<short>[^()]{2,40})\)\s{0,4}$")
IN_THIS_ACT = re.compile(
    r"\s(?:dalam|menurut)\s(?:Peraturan|Undang-?\s?undang|Keputusan|Qanun)\b.{0,60}\bini$", re.IGNORECASE
)
WORD = re.compile(r"\S+")
EDGES = " ,;:\"“”'*"


class Parsed(NamedTuple):
    """A definition's parts; `doubt` names what had to be mended (`doubled_verb`, `verb_mended`, …)."""

    term: str
    definition: str
    abbreviation: str | None
    doubt: str | None


def read_definitions(provisions: Sequence[Provision], notes: Notes) -> tuple[Definition, ...]:
    """One row an item of the lists that `yang dimaksud dengan` announces, in the body or in quoted text.

    Items are angka, huruf or ayat; a definition inserted alone into a quoted Pasal 1 counts too, and a single one that
    follows the phrase in the same sentence. The definition stands as printed, without the items below it. An item that
    has no verb gives a finding `definition_not_understood` and no row; mended ones give `doubled_verb`, `verb_mended`
    or `second_short_name`.
    """
    lists: dict[str, Provision] = {}
    found: list[Definition] = []
    for provision in provisions:
        if provision.zone not in ZONES:
            continue
        announced = ANNOUNCES.search(provision.text.text)
        if announced and not announced["rest"].strip(" :"):
            lists[provision.eid] = provision
        elif announced and announced.start() < OPENING_LENGTH and provision.kind in ("pasal", "ayat"):
            found += _row(provision, announced["rest"], notes, expected=False)
        elif provision.kind in ITEMS and provision.parent_eid in lists:
            found += _row(provision, provision.text.text, notes, expected=True)
        elif provision.kind == "angka" and _inserted(provision):
            found += _row(provision, provision.text.text, notes, expected=False)
    return tuple(found)


def _inserted(provision: Provision) -> bool:
    """An angka that an amending act puts into Pasal 1, where definitions stand, without restating that Pasal."""
    return provision.zone == "quoted" and (provision.parent_eid or "").endswith("pasal_1")


def _row(provision: Provision, text: str, notes: Notes, *, expected: bool) -> list[Definition]:
    parsed = parse_definition(text)
    if parsed is None:
        if expected and not re.fullmatch(r"\W*(?:di\s?hapus|tetap)\W*", text, re.IGNORECASE):
            _note(notes, "definition_not_understood", "warning", f"No definition in {text[:120]!r}.", provision)
        return []
    if parsed.doubt:
        _note(notes, parsed.doubt, "info", f"Definition of {parsed.term!r}: {DOUBTS[parsed.doubt]}", provision)
    return [Definition(provision.eid, parsed.term, parsed.definition, parsed.abbreviation)]


DOUBTS = {
    "doubled_verb": "the verb stands twice, once is read.",
    "verb_mended": "the verb is misread, taken as adalah.",
    "second_short_name": "two short names; the abbreviation is kept.",
}


def _note(notes: Notes, code: str, severity: str, message: str, provision: Provision) -> None:
    notes.add(code, severity, message, span=provision.span, page=provision.page_start, eid=provision.eid)


def parse_definition(text: str) -> Parsed | None:
    """Split `X, yang selanjutnya disebut Z, adalah Y`; None where no verb parts a term from its meaning."""
    verb = _verb(text)
    if verb is None:
        return None
    start, end, doubt = verb
    doubled = DOUBLED.match(text, end)
    if doubled:
        end, doubt = doubled.end(), doubt or "doubled_verb"
    head, definition = text[:start], text[end:].strip(" ,")
    definition = definition.lstrip(" :")
    short_names = list(SHORT_NAME.finditer(head))
    term = head[: short_names[0].start()] if short_names else head
    abbreviation = None
    if short_names:
        ends = [match.start() for match in short_names[1:]] + [len(head)]
        names = [
            (head[m.end() : e].strip(EDGES), bool(ABBREVIATED.search(m.group())))
            for m, e in zip(short_names, ends, strict=True)
        ]
        chosen = next((name for name, short in names if short and name), names[0][0])
        abbreviation = chosen or None
        doubt = doubt or ("second_short_name" if len(names) > 1 else None)
    bracket = BRACKET.search(term)
    if (
        bracket
        and abbreviation is None
        and sum(c.isupper() for c in bracket["short"]) * 2 > len(letters(bracket["short"]))
    ):
        term, abbreviation = term[: bracket.start()], bracket["short"].strip()
    term = IN_THIS_ACT.sub("", " ".join(term.split())).strip(EDGES)
    if not term or not definition or not letters(term) or len(term.split()) > TERM_WORDS:
        return None
    return Parsed(term, definition, abbreviation, doubt)


def _verb(text: str) -> tuple[int, int, str | None] | None:
    """Where the verb stands; a misread one only if no verb is printed right."""
    for pattern in (VERB, WEAK_VERB):
        match = pattern.search(text)
        if match:
            return match.start(), match.end(), None
    from rapidfuzz import fuzz

    for count, word in enumerate(WORD.finditer(text)):
        if count > SEARCHED_WORDS:
            break
        if count and len(word.group()) < 10 and fuzz.ratio(fold(word.group()), "adalah") >= VERB_LIKENESS:
            return word.start(), word.end(), "verb_mended"
    return None
