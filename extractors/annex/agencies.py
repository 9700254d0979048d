"""Cells of agencies -> one mention an agency, with the spelling and the id that the registry or the document gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from extractors.annex.agency_names import Name, Namer
from extractors.annex.agency_parts import Evidence, Part, chunks, split
from extractors.annex.agency_registry import Key, content_words, describe, registry
from extractors.annex.agency_words import Lexicon, Words
from extractors.lookups import vocabulary
from extractors.models import AgencyMention, Notes, Span

# No cell of agencies is longer: what is, is not read as one.
_MAX_LENGTH = 10_000

# How sure a mention is, by what was done to get it; factors multiply.
_SPLIT_WITHOUT_SEPARATOR, _SPLIT_AT_STOP, _MISREAD = 0.8, 0.9, 0.9
_DOUBTFUL_LIST, _UNEXPLAINED, _UNKNOWN, _SHORT_WITH_READINGS, _OFFICE_BY_FUNCTION = 0.6, 0.7, 0.5, 0.8, 0.5


class AgencyReader:
    """Reads the agency cells of one document.

    `cells`: the texts of all its cells with agencies: what they repeat is evidence of where a
    name ends and how it is spelt. `region_name`: the region as in `regions` (`Kabupaten Blora`),
    None if unknown. `definitions`: abbreviation -> full term, from the act's own definitions.
    """

    def __init__(self, cells: Sequence[str], region_name: str | None, definitions: Mapping[str, str]) -> None:
        region = content_words(region_name or "")
        self._own_places = {(), region, region[:1]}
        place = frozenset(region) - {*vocabulary("agencies")["places"]["upper"]}
        offices = {short: full for short, full in definitions.items() if short.strip() and _is_office(full)}
        self._lexicon = Lexicon(offices, place)
        self._evidence = Evidence(place)
        self._namer = Namer(offices, self._evidence.repeated, place)
        texts = Counter(text for text in map(_collapsed, cells) if 0 < len(text) <= _MAX_LENGTH)
        counted = [(self._lexicon.read(text), count) for text, count in texts.items()]
        for words, count in counted:
            for start, end in chunks(words):
                self._evidence.repeated[words.key(start, end)] += count
        self._spellings = self._learn(counted)
        self._cells = {words.text: (words, split(words, self._evidence)) for words, _ in counted}

    def _learn(self, counted: Sequence[tuple[Words, int]]) -> dict[Key, str]:
        """The spelling that the document prints most for each name; its offices go into the evidence by function."""
        prints: dict[Key, Counter[tuple[bool, str]]] = {}
        for words, count in counted:
            for part in split(words, self._evidence):
                if part.kind == "agency":
                    name = self._namer.name(words, part)
                    prints.setdefault(name.key, Counter())[name.whole, name.core] += count
        for key in prints:
            office = describe(key, "")
            for function in office.functions if office else ():
                self._evidence.offices.setdefault(content_words(function), set()).add(key)
        return {key: max(seen, key=lambda spelt: (spelt[0], seen[spelt]))[1] for key, seen in prints.items()}

    def read(
        self, printed: str | None, role: str, notes: Notes, *, span: Span | None, eid: str | None, page: int | None
    ) -> tuple[AgencyMention, ...]:
        """The agencies of one cell in order, each once; empty for an empty cell. Never raises.

        `role` (`responsible`, `supporting`) goes into the findings. A fragment that names no agency
        gives a finding and no mention; split and unsure parts have a confidence below 1.
        """
        text = _collapsed(printed or "")
        report = _Report(notes, role, text, {"span": span, "eid": eid, "page": page})
        if len(text) > _MAX_LENGTH:
            report.add("agency_cell_unread", "warning", f"{len(text)} characters are no list of agencies", "left out")
            return ()
        if text not in self._cells:
            words = self._lexicon.read(text)
            self._cells[text] = words, split(words, self._evidence)
        words, parts = self._cells[text]
        if text and not parts:
            report.add("agency_fragment", "warning", "no word that could name an agency", "left out")
        for misspelt, mended in words.mended:
            report.add("agency_spelling", "info", f"{misspelt!r} is not the registry's spelling", f"read as {mended!r}")
        mentions: dict[str, AgencyMention] = {}
        offices: set[str] = set()
        for index, part in enumerate(parts):
            sure = _cut(words, part, report)
            if index + 1 < len(parts) and not words.separators[part.end]:
                sure *= _SPLIT_WITHOUT_SEPARATOR
            mention, office = self._mention(words, part, sure, report)
            if mention and (mention.name in mentions or office in offices):
                report.add("agency_repeated", "info", f"{mention.name_printed!r} stands twice", "counted once")
            elif mention:
                mentions[mention.name] = mention
                offices |= {office} if office else set()
        return tuple(mentions.values())

    def _mention(
        self, words: Words, part: Part, sure: float, report: _Report
    ) -> tuple[AgencyMention | None, str | None]:
        """The mention that a part makes, if it names an agency, and the act's own office that it is, if known.

        `sure` is how sure its cut is.
        """
        printed = words.printed(part.start, part.end)
        if part.kind == "et_al":
            report.add("agency_et_al", "info", f"{printed!r} stands for others", "left out")
            return None, None
        offices = self._evidence.offices.get(words.key(part.start, part.end), set())
        if part.kind == "fragment" or (part.kind == "function" and not offices):
            report.add("agency_fragment", "warning", f"{printed!r} names no agency", "left out")
            return None, None
        name = self._namer.name(words, part)
        core = self._spellings.get(name.key, name.core)
        if part.kind == "function":
            core = self._spellings[next(iter(offices))] if len(offices) == 1 else core
            name = replace(name, key=content_words(core))
            repair = f"read as {core!r}" if len(offices) == 1 else f"kept: {len(offices)} offices have it"
            report.add("agency_head_missing", "warning", f"{printed!r} is a function without an office", repair)
            sure *= _OFFICE_BY_FUNCTION
        elif part.kind == "unknown":
            report.add("agency_unknown", "info", f"{printed!r} is not in the registry", "kept as an agency")
            sure *= _UNKNOWN
        else:
            sure *= self._sureness(words, part, name, report)
        office = name.office(core)
        mention = AgencyMention(printed, name.text(core), office, name.place, round(sure, 2))
        own = office is not None and content_words(name.place) in self._own_places
        return mention, f"{name.before} {office.office}" if own and office else None

    def _sureness(self, words: Words, part: Part, name: Name, report: _Report) -> float:
        """How sure the name itself is, with findings for what makes it less so."""
        sure, printed = 1.0, words.printed(part.start, part.end)
        if name.readings:
            message = f"an abbreviation may also stand for {', '.join(name.readings)}"
            report.add("agency_abbreviation", "info", message, f"read as {name.text()!r}")
            sure *= _SHORT_WITH_READINGS
        if part.start and words.text.isupper() and (printed.casefold(),) in registry().et_al:
            report.add("agency_abbreviation", "info", f"{printed!r} may stand for others", f"read as {name.text()!r}")
            sure *= _DOUBTFUL_LIST
        if part.doubtful:
            message = f"{name.text()!r} may be a list: the document repeats its beginning alone"
            report.add("agency_list_doubtful", "info", message, "kept whole")
            sure *= _DOUBTFUL_LIST
        if part.unknown:
            sure *= _UNEXPLAINED
        if "stop" in words.separators[part.start + 1 : part.end]:
            report.add("agency_full_stop", "info", f"a full stop inside {printed!r}", "read as a comma")
            sure *= _SPLIT_AT_STOP
        return sure


class _Report:
    """Adds findings about one cell."""

    def __init__(self, notes: Notes, role: str, text: str, where: dict[str, Any]) -> None:
        self._notes, self._role, self._text, self._where = notes, role, text[:200], where

    def add(self, code: str, severity: str, message: str, repair: str) -> None:
        self._notes.add(code, severity, f"{message} ({self._role}: {self._text!r})", repair=repair, **self._where)


def _cut(words: Words, part: Part, report: _Report) -> float:
    """How sure the cut before a part is, with a finding where the separator is missing or another one."""
    separator, printed = words.separators[part.start], words.printed(part.start, part.end)
    if part.start == 0:
        return 1.0
    if separator == "":
        report.add("agency_separator_missing", "warning", f"no separator before {printed!r}", "split")
        return _SPLIT_WITHOUT_SEPARATOR
    if separator == "bracket":
        report.add("agency_bracket", "info", f"{printed!r} stands in brackets", "read as an agency of its own")
    if separator == "stop":
        report.add("agency_full_stop", "info", f"a full stop before {printed!r}", "read as a comma")
        return _SPLIT_AT_STOP
    if separator == "misread":
        report.add("agency_connector_misread", "info", f"another word for `dan` before {printed!r}", "split")
        return _MISREAD
    return 1.0


def _collapsed(text: str) -> str:
    return " ".join(text.split())


def _is_office(full: str) -> bool:
    """Whether a defined term begins like the name of an agency."""
    key, known = content_words(full), registry()
    return any(key[:n] in known.heads or key[:n] in known.names for n in range(1, len(key) + 1))
