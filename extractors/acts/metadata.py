"""The facts of `documents`: from the head, the signature blocks, the gazette line and the closing provisions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from extractors.acts.act_head import ActHead, read_act_head
from extractors.acts.changed_acts import amended_acts, revoked_acts
from extractors.acts.identifiers import document_id
from extractors.acts.in_force import read_entry_into_force
from extractors.acts.kinds import kind_named, kind_of
from extractors.acts.regions import bare_name, find_region
from extractors.acts.signatures import Gazette, SignatureBlock, read_blocks, read_gazette
from extractors.glyphs import fold, letters
from extractors.lookups import vocabulary
from extractors.models import Act, Line, Metadata, Notes, Provision

# A misread office counts as the region's office from this likeness on (rapidfuzz ratio).
OFFICE_LIKENESS = 80.0
ENACTING = re.compile(
    r"\bMenetapkan\s{0,3}:?\s{0,3}(?P<kind>[^\n]{4,80}?)\s{1,4}TENTANG\s{1,4}(?P<title>.*)", re.DOTALL
)
ENACTING_LENGTH = 4000
WALI_KOTA = re.compile(r"\bwali\s?kota\b")


@dataclass(frozen=True, slots=True)
class _Closing:
    enacted: SignatureBlock | None
    promulgated: SignatureBlock | None
    gazette: Gazette | None


def read_metadata(
    title: Sequence[Line],
    preamble: Sequence[Line],
    closing: Sequence[Line],
    provisions: Sequence[Provision],
    notes: Notes,
) -> Metadata:
    """Read the facts of one act from its title, preamble and closing zones and its finished provisions.

    Never raises. What the source should give and does not is None with a finding `missing_<field>`; what was mended,
    what contradicts and what could not be computed has a finding as well. `document_id` is None where region, kind,
    number or year are not known.
    """
    head = read_act_head(title, notes)
    parts = _closing(closing, notes)
    act, act_title = _with_witnesses(head, preamble, parts, notes)
    enacted_on = _block_date(parts.enacted, "enacted_on", notes)
    promulgated_on = _block_date(parts.promulgated, "promulgated_on", notes)
    if enacted_on and promulgated_on and promulgated_on < enacted_on:
        message = f"Promulgated on {promulgated_on}, before enactment on {enacted_on}."
        notes.add("promulgated_before_enacted", "warning", message)
    if enacted_on and act.year and enacted_on.year != act.year:
        notes.add("year_differs", "warning", f"The act is of {act.year}, enacted on {enacted_on}.")
    office, signatory = _signatory(parts.enacted, act, notes)
    in_force = read_entry_into_force(provisions, enacted_on, promulgated_on, notes)
    is_amendment, amends = amended_acts(act_title, act, provisions, notes)
    metadata = Metadata(
        act,
        document_id(act),
        act_title,
        parts.enacted.place if parts.enacted else None,
        enacted_on,
        promulgated_on,
        in_force.on,
        in_force.rule,
        parts.gazette.name if parts.gazette else None,
        parts.gazette.year if parts.gazette else None,
        parts.gazette.number if parts.gazette else None,
        office,
        signatory,
        is_amendment,
        amends,
        revoked_acts(act_title, act, provisions, notes),
        in_force.parts,
        in_force.rest_on,
    )
    _check_gazette(metadata, parts.gazette, notes)
    _note_missing(metadata, notes)
    return metadata


def _closing(closing: Sequence[Line], notes: Notes) -> _Closing:
    """The first block of each sort. Where both are headed `Disahkan`, the second is the promulgation's."""
    blocks = read_blocks(closing)
    enacted = next((b for b in blocks if not b.promulgation), None)
    promulgated = next((b for b in blocks if b.promulgation), None)
    again = [b for b in blocks if not b.promulgation][1:]
    if promulgated is None and enacted is not None and again and again[0].office != enacted.office:
        promulgated = again[0]
        notes.add(
            "promulgation_inferred",
            "warning",
            f"A second block headed {promulgated.opening!r}, of another office, stands where the promulgation does.",
            span=promulgated.span,
            page=promulgated.page,
            repair="Read as the promulgation.",
        )
    return _Closing(enacted, promulgated, read_gazette(closing))


def _with_witnesses(head: ActHead, preamble: Sequence[Line], parts: _Closing, notes: Notes) -> tuple[Act, str | None]:
    """The act and its title; what the head lacks is taken from `Menetapkan: …`, the office or the gazette line."""
    act, title = head.act, head.title
    text = "\n".join(line.text for line in preamble)[-ENACTING_LENGTH:]
    enacting = ENACTING.search(text)
    if enacting and act.jenis is None and (kind := kind_named(enacting["kind"])) is not None:
        act = replace(act, jenis=kind.code)
        _inferred("jenis", kind.code, "the enacting words", notes)
    if enacting and title is None and (title := " ".join(enacting["title"].split()).rstrip(" .;") or None):
        _inferred("title", title, "the enacting words", notes)
    kind = kind_of(act.jenis)
    if act.region is None and kind is not None and kind.local:
        offices = [parts.enacted.office if parts.enacted else None, parts.gazette.name if parts.gazette else None]
        opening = " ; ".join(line.text for line in preamble[:2])
        for witness in (*offices, opening):
            region = find_region(witness, act.jenis, notes) if witness else None
            if region:
                act = replace(act, region=region)
                _inferred("region", region.name, repr(witness), notes)
                break
    return act, title


def _inferred(field: str, value: str, source: str, notes: Notes) -> None:
    notes.add(f"{field}_inferred", "warning", f"The head gives no {field}.", repair=f"{value!r}, from {source}.")


def _block_date(block: SignatureBlock | None, field: str, notes: Notes) -> date | None:
    if block is None or not block.dates:
        return None
    if len(block.dates) > 1:
        printed = ", ".join(repr(d.printed) for d in block.dates)
        notes.add(
            f"{field}_contradicts",
            "error",
            f"Different dates in one signature block: {printed}.",
            span=block.span,
            page=block.page,
        )
        return None
    only = block.dates[0]
    if only.mended:
        notes.add(
            "date_mended",
            "warning",
            f"The date is printed {only.printed!r}.",
            span=block.span,
            page=block.page,
            repair=f"Read as {only.value}.",
        )
    return only.value


def _signatory(block: SignatureBlock | None, act: Act, notes: Notes) -> tuple[str | None, str | None]:
    """Office and name. A misread office is mended against kind and region; a name is never mended, only doubted."""
    if block is None or block.office is None:
        return None, None
    office = _mended_office(block.office, act)
    if office != block.office:
        notes.add(
            "signatory_office_mended",
            "info",
            f"The office is printed {block.office!r}.",
            span=block.span,
            page=block.page,
            repair=f"Read as {office!r}.",
        )
    if block.name and _damaged(block.name):
        notes.add(
            "signatory_damaged",
            "warning",
            f"The signatory's name is printed {block.name!r}, which looks like the rest of a name.",
            span=block.span,
            page=block.page,
        )
    return office, block.name


def _expected_office(act: Act) -> str | None:
    """`BUPATI BLORA`, `PRESIDEN REPUBLIK INDONESIA`; for a Perda the office of its region's head."""
    kind = kind_of(act.jenis)
    if kind is None:
        return None
    if not kind.local:
        return kind.office.upper() if kind.office else None
    if act.region is None:
        return None
    heads = {"kabupaten": "BUPATI", "kota": "WALI KOTA", "provinsi": "GUBERNUR"}
    return f"{heads[act.region.kind]} {bare_name(act.region).upper()}"


def _mended_office(printed: str, act: Act) -> str:
    """The region's office where `printed` misreads it, with what stands before it (`Pj.`); else as printed."""
    from rapidfuzz import fuzz

    expected = _expected_office(act)
    acting = re.match(
        rf"(?:{'|'.join(map(re.escape, vocabulary('signatures')['acting']))})\b\.?\s?", printed, re.IGNORECASE
    )
    prefix = acting.group() if acting else ""
    office = printed[len(prefix) :]
    if expected is None or WALI_KOTA.sub("wali kota", office.casefold()) == expected.casefold():
        return printed
    same = letters(office) == letters(expected)
    alike = len(office.split()) == len(expected.split()) and fuzz.ratio(letters(office), letters(expected))
    return prefix + expected if same or alike >= OFFICE_LIKENESS else printed


def _damaged(name: str) -> bool:
    """A lone letter that is no honorific and has no full stop, a digit, an odd glyph, or less than a name's length."""
    honorifics = vocabulary("signatures")["honorifics"]
    lone = any(len(word) == 1 and word.isalpha() and word.casefold() not in honorifics for word in name.split())
    odd = any(not (c.isascii() or c in "’‘") for c in name) or any(c.isdigit() for c in name)
    return lone or odd or len(letters(name)) < 4 or not re.search(r"[aiueo]", fold(name))


def _check_gazette(metadata: Metadata, gazette: Gazette | None, notes: Notes) -> None:
    """The gazette's year is that of the promulgation; a Berita Daerah's number is mostly the act's own."""
    if gazette is None:
        return
    promulgated_on = metadata.promulgated_on
    if gazette.year and promulgated_on and gazette.year != promulgated_on.year:
        notes.add(
            "gazette_year_differs",
            "warning",
            f"The gazette is of {gazette.year}, the promulgation of {promulgated_on}.",
            span=gazette.span,
            page=gazette.page,
        )
    kind = kind_of(metadata.act.jenis)
    own_number = kind is not None and kind.gazette == "berita daerah"
    if own_number and gazette.number and metadata.act.number and gazette.number != metadata.act.number:
        notes.add(
            "gazette_number_differs",
            "info",
            f"The act is number {metadata.act.number}, its gazette number {gazette.number}.",
            span=gazette.span,
            page=gazette.page,
        )


def _note_missing(metadata: Metadata, notes: Notes) -> None:
    """One finding for each value that the source should give and does not."""
    kind = kind_of(metadata.act.jenis)
    told = {finding.code for finding in notes}
    expected: dict[str, object] = {
        "jenis": metadata.act.jenis,
        "number": metadata.act.number,
        "year": metadata.act.year,
        "region": metadata.act.region if kind is None or kind.local else "",
        "title": metadata.title,
        "enacted_at": metadata.enacted_at,
        "enacted_on": metadata.enacted_on,
        "promulgated_on": metadata.promulgated_on,
        "in_force_rule": metadata.in_force_rule,
        "gazette": metadata.gazette if kind is None or kind.gazette else "",
        "signatory_office": metadata.signatory_office,
        "signatory": metadata.signatory,
    }
    if metadata.gazette is not None:
        expected |= {"gazette_year": metadata.gazette_year, "gazette_number": metadata.gazette_number}
    for field, value in expected.items():
        if value is None and told.isdisjoint({f"missing_{field}", f"{field}_contradicts"}):
            severity = "error" if field in ("jenis", "number", "year", "region") else "warning"
            notes.add(f"missing_{field}", severity, f"The source gives no {field}.")
