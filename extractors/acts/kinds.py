"""Kinds of regulation (`data/jenis.toml`): their codes, printed names and the pattern that finds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extractors.glyphs import fold, letters
from extractors.lookups import vocabulary

SLUG = re.compile(r"[^a-z0-9]+")
COUNTRY = re.compile(r"\brepublik indonesia\b|\br\.\s?i\.")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind; the fields are explained in `data/jenis.toml`."""

    code: str
    level: str
    names: tuple[str, ...]
    abbreviations: tuple[str, ...] = ()
    issuer: bool = False
    numbered: bool = True
    office: str | None = None
    gazette: str | None = None

    @property
    def local(self) -> bool:
        """The act's identity needs a region."""
        return self.level != "national"


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by code."""
    return {
        code: Kind(
            code,
            entry["level"],
            tuple(entry["names"]),
            tuple(entry.get("abbreviations", ())),
            entry.get("issuer", False),
            entry.get("numbered", True),
            entry.get("office"),
            entry.get("gazette"),
        )
        for code, entry in vocabulary("jenis")["kinds"].items()
    }


@cache
def kind_of(jenis: str | None) -> Kind | None:
    """The kind of a `documents.jenis` code, also of one made from an issuer (`permen-…`, `permenkes`)."""
    if jenis is None:
        return None
    for code, kind in kinds().items():
        customary = vocabulary("jenis")["issuers"].get(code, {}).values() if kind.issuer else ()
        if jenis == code or jenis in customary or (kind.issuer and jenis.startswith(f"{code}-")):
            return kind
    return None


def issued_code(kind: Kind, issuer: str) -> str | None:
    """Code of a kind that carries its issuer: `permendagri`, `permen-riset`; None without an issuer."""
    name = COUNTRY.sub(" ", fold(issuer)).strip(" ,/")
    for known, code in vocabulary("jenis")["issuers"].get(kind.code, {}).items():
        if _plain(known) == _plain(name):
            return str(code)
    slug = SLUG.sub("-", name).strip("-")
    return f"{kind.code}-{slug}" if slug else None


def _plain(issuer: str) -> str:
    return letters(re.sub(r"\bdan\b", "", issuer))


def _name_pattern(name: str) -> str:
    """Blanks may be a few white spaces; a hyphen may have blanks around it or be lost at a line's end."""
    return re.escape(name).replace(r"\ ", r"\s{1,9}").replace(r"\-", r"\s?-?\s{0,9}")


@cache
def kind_pattern() -> re.Pattern[str]:
    """Finds a kind's printed name or abbreviation, the longest first."""
    names: list[str] = []
    short: list[str] = []
    for kind in kinds().values():
        names += kind.names
        for abbreviation in kind.abbreviations:
            if len(letters(abbreviation)) <= 3:
                short.append(abbreviation.upper())
            else:
                names.append(abbreviation)
    parts = [_name_pattern(name) for name in sorted(names, key=len, reverse=True)]
    parts += [f"(?-i:{re.escape(name)})" for name in short]
    return re.compile(rf"(?<![\w-])(?=\w)(?:{'|'.join(parts)})(?![\w])(?!-\s?undang)", re.IGNORECASE)


@cache
def _by_letters() -> dict[str, Kind]:
    return {letters(name): kind for kind in kinds().values() for name in (*kind.names, *kind.abbreviations)}


def kind_named(printed: str) -> Kind | None:
    """The kind whose name or abbreviation is printed so; blanks, hyphens and case do not count."""
    return _by_letters().get(letters(printed))
