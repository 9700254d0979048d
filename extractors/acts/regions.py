"""Which province, kabupaten or kota a text names (`data/regions.csv`, `data/region_names.toml`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractors.acts.kinds import kind_of
from extractors.glyphs import fold, letters, unspread
from extractors.lookups import regions, vocabulary
from extractors.models import Notes, Region

# A misread name counts from this likeness on (rapidfuzz ratio), a little earlier where the province agrees,
# and only if the next best name is well behind.
LIKENESS = 87.0
LIKENESS_WITH_PROVINCE = 80.0
MARGIN = 6.0

# Titles and offices are short; nothing behind this many characters names the act's region.
HEAD_LENGTH = 4000
MAX_WORDS = 5
MIN_FUZZY_LETTERS = 5
KIND_WORDS = re.compile(r"^(?:kabupaten|kota|provinsi)\s(?:administrasi\s)?", re.IGNORECASE)
LEVEL_WORDS = re.compile(r"\b(?:daerah\s{1,9}tingkat|dati)\s{1,9}(?:ii|i|1|2)\b", re.IGNORECASE)
ISLANDS = re.compile(r"\bkep(?:\.\s?|\s)")
WORD = re.compile(r"[^\s,.:;()]+")
STOP = re.compile(r"[.:;()]|\b(?:nomor|no|tahun|tentang|provinsi|propinsi|kabupaten|dengan|peraturan|keputusan)\b")
# Kinds of region that an act of this level (`level` in jenis.toml) can belong to; other levels: any.
LEVEL_KINDS = {"provincial": ("provinsi",), "regency": ("kabupaten",), "city": ("kota",)}
ANY_KIND = ("kabupaten", "kota", "provinsi")


@cache
def _index() -> dict[tuple[str, str], Region]:
    aliases = vocabulary("region_names")["aliases"]
    return {
        (region.kind, letters(ISLANDS.sub("kepulauan ", fold(KIND_WORDS.sub("", name))))): region
        for region in regions()
        for name in (region.name.strip(), *aliases.get(region.region_code, ()))
    }


@cache
def _names(kinds: tuple[str, ...]) -> tuple[list[str], list[Region]]:
    """Names of the regions of `kinds` as letters, and the region each names."""
    chosen = [(name, region) for (kind, name), region in _index().items() if kind in kinds]
    return [name for name, _ in chosen], [region for _, region in chosen]


@cache
def _office_pattern() -> re.Pattern[str]:
    names = sorted(vocabulary("region_names")["offices"], key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(name.replace(' ', r' ?') for name in names)})(?:(?![a-z])\.?|(?P<glued>))")


@cache
def _offices() -> dict[str, tuple[str, ...]]:
    return {letters(name): tuple(kinds) for name, kinds in vocabulary("region_names")["offices"].items()}


def bare_name(region: Region) -> str:
    """`Kabupaten Blora` -> `Blora`."""
    return KIND_WORDS.sub("", region.name.strip())


def province_of(region: Region) -> Region | None:
    """The province a region lies in, itself for a province."""
    return next((r for r in regions() if r.region_code == region.province_code), None)


def region_named(name: str, kinds: tuple[str, ...]) -> Region | None:
    """The region of one of `kinds` that has exactly this name, but for case, blanks and hyphens."""
    key = letters(name)
    return next((_index()[kind, key] for kind in kinds if (kind, key) in _index()), None)


@dataclass(frozen=True, slots=True)
class _Hit:
    region: Region
    printed: str
    office: str
    likeness: float


def _after_office(text: str, kinds: tuple[str, ...], office: str, bar: float | None) -> _Hit | None:
    """The region named at the start of `text`: the longest exact name, else (with a bar) the one name much alike."""
    stop = STOP.search(text)
    words = WORD.findall(text[: stop.start() if stop else None])[:MAX_WORDS]
    for count in range(len(words), 0, -1):
        printed = " ".join(words[:count])
        region = region_named(printed, kinds)
        if region:
            return _Hit(region, printed, office, 100.0)
    if bar is None:
        return None
    from rapidfuzz import fuzz, process

    names = _names(kinds)
    best: dict[Region, tuple[float, str]] = {}
    for count in range(1, len(words) + 1):
        printed = " ".join(words[:count])
        key = letters(printed)
        if len(key) < MIN_FUZZY_LETTERS:
            continue
        for _, score, place in process.extract(key, names[0], scorer=fuzz.ratio, score_cutoff=bar - MARGIN, limit=3):
            region = names[1][place]
            if score > best.get(region, (0.0, ""))[0]:
                best[region] = (score, printed)
    ranked = sorted(best.items(), key=lambda item: -item[1][0])
    if not ranked or ranked[0][1][0] < bar or (len(ranked) > 1 and ranked[0][1][0] - ranked[1][1][0] < MARGIN):
        return None
    region, (score, printed) = ranked[0]
    return _Hit(region, printed, office, score)


def _hits(text: str, bar: float) -> list[_Hit]:
    found = []
    for match in _office_pattern().finditer(text):
        office = letters(match.group())
        # A lost blank (`KABUPATENBLORA`) is mended only for an exact name: `KOTABARU` is no kota.
        glued = match["glued"] is not None
        rest = text[match.end() : match.end() + 120].lstrip()
        hit = _after_office(rest, _offices()[office], office, None if glued else bar)
        if hit:
            found.append(hit)
    return found


def find_region(text: str, jenis: str | None, notes: Notes | None = None) -> Region | None:
    """The region that `text` (a title, an office, an issuer) names for an act of kind `jenis`.

    An office or kind word must stand before the name (`BUPATI BLORA`, `KABUPATEN BALANGAN`, `PROVINSI …`); it decides
    between a kabupaten and a kota of one name. Blanks, hyphens and accents do not count. A misread name is taken only
    when it is much like one region's name and like no other's; a province named beside it is a second witness.
    Findings (with `notes`): `region_mended`, `region_province_conflict`, `region_ambiguous`.
    """
    kind = kind_of(jenis)
    if kind is not None and not kind.local:
        return None
    text = ISLANDS.sub("kepulauan ", LEVEL_WORDS.sub(" ", fold(unspread(text[:HEAD_LENGTH]))))
    wanted = LEVEL_KINDS.get(kind.level if kind else "", ANY_KIND)
    hits = _hits(text, LIKENESS_WITH_PROVINCE)
    provinces = {hit.region.region_code for hit in hits if hit.office in ("provinsi", "propinsi")}
    usable = [
        hit
        for hit in hits
        if hit.region.kind in wanted
        and (hit.likeness >= LIKENESS or hit.region.province_code in provinces or hit.likeness == 100.0)
    ]
    lower = [hit for hit in usable if hit.region.kind != "provinsi"]
    # Where a kabupaten or kota is named, its province stands beside it only as an address.
    usable = lower if lower and "provinsi" in wanted and len(wanted) > 1 else usable
    if not usable:
        return None
    best = max(usable, key=lambda hit: hit.likeness)
    if notes is not None:
        _report(best, usable, provinces, notes)
    return best.region


def _report(best: _Hit, usable: list[_Hit], provinces: set[str], notes: Notes) -> None:
    if best.likeness < 100.0:
        notes.add(
            "region_mended",
            "warning",
            f"The region is printed {best.printed!r}; read as {best.region.name}.",
            repair=f"Taken as {best.region.region_code} {best.region.name}.",
        )
    if provinces and best.region.province_code not in provinces:
        notes.add(
            "region_province_conflict",
            "warning",
            f"{best.region.name} lies in {best.region.province_name}; the text names another province.",
        )
    others = {hit.region.name for hit in usable if hit.likeness == 100.0 and hit.region != best.region}
    if others:
        notes.add(
            "region_ambiguous",
            "warning",
            f"Besides {best.region.name} the head names {', '.join(sorted(others))}.",
            repair=f"Taken as {best.region.name}.",
        )
