"""Names of acts: their document_id, and the acts that a text cites."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.acts.kinds import Kind, issued_code, kind_named, kind_of, kind_pattern, kinds
from extractors.acts.regions import ANY_KIND, LEVEL_KINDS, LEVEL_WORDS, find_region, province_of
from extractors.glyphs import fold, mend_digits
from extractors.lookups import vocabulary
from extractors.models import Act, Notes, Region

OUTSIDE_ID = re.compile(r"[^0-9A-Za-z.]")
FIRST_YEAR, LAST_YEAR = 1940, 2100
FALLBACK_DIGITS = 16

# How far the number may stand behind the kind's name: issuers run long, a nickname (`UU ITE Nomor`) does not.
ISSUER_LENGTH = 200
NICKNAME_LENGTH = 40
# Longest title and gazette bracket that are looked for behind a citation.
TITLE_LENGTH = 1500
GAZETTE_LENGTH = 500

YEAR = r"[12][0-9OoQlI]{3}"
NUMBER_WORD = re.compile(
    r"\b(?:nomor|nomer|no)\b\s{0,3}[.:]{0,2}\s{0,3}|(?<=\s)(?=\d{1,4}\s{0,2}/\s{0,2}(?:19|20)\d\d\b)", re.IGNORECASE
)
NUMBER = re.compile(
    r"(?P<number>[0-9A-Za-z][0-9A-Za-z.-]{0,30}(?:\s?/\s?[0-9A-Za-z.-]{1,30}){0,6}(?:(?<=PUU)[ ][IVXL]{1,8}/\d{4})?)"
    rf"(?:[\s,]{{0,4}}(?:tahun|thn|th)\b\.?\s{{0,4}}(?P<year>{YEAR})\b"
    r"|\s{1,4}tanggal\s{1,4}\d{1,2}\s{1,4}[A-Za-z]{3,10}\s{1,4}(?P<dated>(?:19|20)\d\d)\b)?",
    re.IGNORECASE,
)
CONSTITUTION_YEAR = re.compile(r"[\s,]{0,4}(?:tahun\s{1,4})?(1945)\b", re.IGNORECASE)
COURT = re.compile(r"\b\d{1,4}/PUU[-\s][IVXL]{1,8}/\d{4}\b")
YEAR_TAIL = re.compile(r"/\s?((?:19|20)\d\d)$")
# Words that no issuer and no nickname holds: the number behind them belongs to something else.
NO_ISSUER = re.compile(
    r"\b(?:ini|tentang|yang|dimaksud|ditetapkan|sebagaimana|untuk|dengan|pasal|ayat|tersebut)\b|[;:]"
)
ABOUT = re.compile(r"[\s,]{0,4}\btentang\s{1,9}", re.IGNORECASE)
GAZETTE_HEAD = (
    r"\b(?:tambahan\s{1,4})?(?:lembar\w{0,3}|lembaga|berita)\s{1,4}(?:negara|daerah|provinsi|kabupaten|kota)\b"
)
GAZETTE = re.compile(
    rf"[\s,]{{0,4}}\(?\s{{0,2}}(?:{GAZETTE_HEAD})[^()]{{0,{GAZETTE_LENGTH}}}?(?:\)|(?=;)|$)",
    re.IGNORECASE,
)
# What ends the title of a cited act for certain.
TITLE_STOP = re.compile(
    rf"[;\n]|{GAZETTE_HEAD}|\bsebagaimana\s{{1,4}}(?:telah|sudah|dimaksud|tercantum|diubah)\b|\byang\s{{1,4}}telah\s{{1,4}}"
    r"|\b(?:dicabut|dinyatakan|diubah|dihapus)\b|\.\s{1,4}(?=[A-Z])|\.\s{0,4}$|,\s{1,4}(?=(?:perlu|maka|yang|tetap|masih)\b)",
    re.IGNORECASE,
)
WORD = re.compile(r"\S+")
OFFICE_BEFORE = {"regency": "bupati", "city": "wali kota", "provincial": "gubernur"}
# What stands before an act that is named beside the one before it, not in its title.
JOINING = re.compile(r"(?:\b(?:dan|serta|atau|jo|juncto|dan/atau|dengan)\.?|,|\()\s{0,4}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Citation:
    """An act cited in a string, `printed` = `text[start:end]` from the kind's name to the year.

    `title_end` lies behind `tentang …` and `gazette_end` behind the gazette bracket; each equals the one before where
    nothing follows. `in_title`: it stands in the title of the act cited before it. `mended`: a digit was misread, or
    the region's name was. `region_inherited`: no region is printed, it is the citing act's (in a title, that of the
    act so titled).
    """

    act: Act
    printed: str
    start: int
    end: int
    title_end: int
    gazette_end: int
    in_title: bool = False
    mended: bool = False
    region_inherited: bool = False

    @property
    def document_id(self) -> str | None:
        return document_id(self.act)


def document_id(act: Act) -> str | None:
    """The Akoma Ntoso work IRI of an act: `/akn/id-3316/act/perbup/2024/6`, `/akn/id/act/uu/2001/20`.

    A regional kind carries its region's code as locality. None where the region, the kind, the number or the year that
    the kind needs is not known.
    """
    kind = kind_of(act.jenis)
    if kind is None or act.jenis is None or act.year is None or (kind.local and act.region is None):
        return None
    # A village has no code in regions.csv: its act can't be told from another village's.
    if kind.level == "village":
        return None
    locality = f"id-{act.region.region_code.replace('.', '')}" if kind.local and act.region else "id"
    parts = [locality, "act", act.jenis, str(act.year)]
    if kind.numbered:
        if act.number is None:
            return None
        parts.append(act.number)
    return "/akn/" + "/".join(OUTSIDE_ID.sub("-", part) for part in parts)


def fallback_id(sha256: str) -> str:
    """The id of an act whose region, kind, number or year can't be read, from its source's hash."""
    return f"/akn/id/act/x/{sha256[:FALLBACK_DIGITS]}"


def read_number(printed: str) -> str:
    """A number in mended form: `03` -> `3`, `3l` -> `31`, `16/E` and `22.1` as they are."""
    tidy = re.sub(r"\s*/\s*", "/", printed.strip(" .,-:;/\t\n"))
    return mend_digits(tidy).lstrip("0") or "0"


def read_year(printed: str | None) -> int | None:
    """A plausible year, misread digits mended (`2OO8`); None for anything else."""
    mended = mend_digits(printed) if printed else ""
    return int(mended) if mended.isdigit() and FIRST_YEAR <= int(mended) <= LAST_YEAR else None


def split_number(printed: str, year_printed: str | None) -> tuple[str | None, int | None]:
    """Number and year of an act: `20/2018` is 20 of 2018; the year may be the last part of `190/PMK.07/2021`."""
    if not any(c.isdigit() for c in printed):
        return None, read_year(year_printed)
    number = read_number(printed)
    tail = YEAR_TAIL.search(number)
    year = read_year(year_printed or (tail[1] if tail else None))
    if tail and not year_printed and number[: tail.start()].isdigit():
        number = read_number(number[: tail.start()])
    return number, year


def find_citations(text: str, own: Act | None) -> tuple[Citation, ...]:
    """Every act that `text` cites by kind and number (the constitution by its year, codes of law by name), in order.

    `own`, the citing act, gives the region where a regional kind is cited without one. An act whose region, number or
    year stays unknown has no `document_id`. Nothing is cited by a bare `Peraturan Bupati ini`. Time is linear in the
    length of `text`.
    """
    heads = list(kind_pattern().finditer(text))
    found: list[Citation] = []
    limits = [head.start() for head in heads[1:]] + [len(text)]
    for head, limit in zip(heads, limits, strict=False):
        kind = kind_named(head.group())
        if kind is not None:
            cited = _cited(text, head, kind, limit, own)
            if cited:
                found.append(cited)
    found += _court_rulings(text, found)
    found.sort(key=lambda c: c.start)
    return _with_titles(text, found)


def _cited(text: str, head: re.Match[str], kind: Kind, limit: int, own: Act | None) -> Citation | None:
    if not kind.numbered:
        year = CONSTITUTION_YEAR.match(text, head.end())
        end = year.end() if year else head.end()
        act = Act(kind.code, None, int(year[1]) if year else None)
        return Citation(act, text[head.start() : end], head.start(), end, end, end)
    reach = ISSUER_LENGTH if kind.issuer or kind.local else NICKNAME_LENGTH
    word = NUMBER_WORD.search(text, head.end(), min(limit, head.end() + reach + 10))
    number = NUMBER.match(text, word.end()) if word else None
    if word is None or number is None or NO_ISSUER.search(fold(text[head.end() : word.start()])):
        return None
    value, year_value = split_number(number["number"], number["year"] or number["dated"])
    if value is None:
        return None
    issuer = text[head.end() : word.start()].strip(" ,\n")
    region, misread, inherited = _region(issuer, kind, own)
    jenis = issued_code(kind, issuer) if kind.issuer else kind.code
    end = number.end()
    if not (number["year"] or number["dated"]):
        end = number.start() + len(number["number"].rstrip(" .,-:;/"))
    misread = misread or (mend_digits(number["number"]) != number["number"])
    misread = misread or (number["year"] is not None and not number["year"].isdigit())
    act = Act(jenis, value, year_value, region)
    return Citation(
        act, text[head.start() : end], head.start(), end, end, end, mended=misread, region_inherited=inherited
    )


def _region(issuer: str, kind: Kind, own: Act | None) -> tuple[Region | None, bool, bool]:
    """The region an issuer names, else the citing act's own; whether its name was mended; whether it is inherited."""
    if not kind.local or kind.level == "village":
        return None, False, False
    name = LEVEL_WORDS.sub(" ", issuer).strip()
    bare = fold(name)
    wanted = (bare,) if bare in ANY_KIND else LEVEL_KINDS.get(kind.level, ANY_KIND)
    if name and bare not in ANY_KIND:
        return *_named_region(name, kind.code), False
    region = own.region if own else None
    if region and region.kind not in wanted:
        region = province_of(region) if wanted == ("provinsi",) else None
    return region, False, True


@lru_cache(maxsize=4096)
def _named_region(name: str, jenis: str) -> tuple[Region | None, bool]:
    """The region an issuer's name gives, and whether the name had to be mended."""
    notes = Notes("identifiers")
    region = find_region(f"{OFFICE_BEFORE.get(kinds()[jenis].level, '')} {name}", jenis, notes)
    return region, any(finding.code == "region_mended" for finding in notes)


def _court_rulings(text: str, found: list[Citation]) -> list[Citation]:
    """Rulings of the Mahkamah Konstitusi that only their `…/PUU-…/…` number tells."""
    taken = {c.end for c in found}
    rulings = []
    for match in COURT.finditer(text):
        if match.end() not in taken:
            number = re.sub(r"PUU\s", "PUU-", match.group())
            act = Act("putusan-mk", number, read_year(number[-4:]))
            rulings.append(Citation(act, match.group(), match.start(), match.end(), match.end(), match.end()))
    return rulings


def _with_titles(text: str, found: list[Citation]) -> tuple[Citation, ...]:
    """Add where each title and gazette bracket ends; a citation inside a title shares that title's end."""
    stops = [match.start() for match in TITLE_STOP.finditer(text)]
    joined = [c.start for c in found if JOINING.search(text, max(0, c.start - 24), c.start)]
    titled: list[Citation] = []
    outer: Citation | None = None
    outer_end = -1
    for citation in found:
        about = ABOUT.match(text, citation.end)
        inside = citation.start < outer_end
        if inside and outer and citation.region_inherited:
            kind = kind_of(citation.act.jenis)
            region = _region("", kind, outer.act)[0] if kind else None
            citation = replace(citation, act=replace(citation.act, region=region))
        title_end = citation.end
        if about:
            limit = min(len(text), about.end() + TITLE_LENGTH)
            for ends in (stops, joined):
                place = bisect_left(ends, about.end())
                limit = min(limit, ends[place]) if place < len(ends) else limit
            title_end = outer_end if inside and outer_end > about.end() else _title_end(text, about.end(), limit)
        gazette = GAZETTE.match(text, title_end)
        gazette_end = gazette.end() if gazette else title_end
        outer = outer if inside else citation
        outer_end = max(outer_end, title_end)
        titled.append(replace(citation, title_end=title_end, gazette_end=gazette_end, in_title=inside))
    return tuple(titled)


def _title_end(text: str, start: int, limit: int) -> int:
    """In a title that capitalises its words, the first small word that is no function word ends it."""
    end = start
    small_words = vocabulary("jenis")["titles"]["small_words"]
    capitalised = text[start : start + 1].isupper() or text[start : start + 2].strip('*"“')[:1].isupper()
    for word in WORD.finditer(text, start, limit):
        bare = word.group().strip('*"“”().,')
        if capitalised and bare[:1].islower():
            if bare not in small_words:
                break
            continue
        end = word.end()
    while end > start and text[end - 1] in ",.: (":
        end -= 1
    return end
