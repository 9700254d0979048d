"""What the words of one head say: its role, the year and the unit in it (`data/annex_headers.toml`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

import regex
from rapidfuzz import fuzz

from extractors.lookups import vocabulary

MAX_HEAD_LENGTH = 100
# A head is the phrase from here on: by itself, and as one among heads that are sure.
SURE, LIKELY = 0.82, 0.6
# Roles that several columns of one table may share.
SHARED_ROLES = frozenset(
    {
        "group",
        "target",
        "target_elsewhere",
        "target_time",
        "year",
        "baseline",
        "budget",
        "name",
        "note",
        "place",
        "time",
    }
)

NOT_WORD = regex.compile(r"[^\p{L}\p{N}]+")
_YEAR = regex.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_BLANKS = regex.compile(r"\s+")
_BRACKET_BLANKS = regex.compile(r"(?<=[(\[]) | (?=[)\]])")
_BRACKETED = regex.compile(r"[(\[]\s*([^()\[\]]{1,30}?)\s*[)\]]")


class RoleScore(NamedTuple):
    role: str
    similarity: float
    phrase: str


def squeezed(text: str) -> str:
    """Letters and digits in upper case, nothing else."""
    return str(NOT_WORD.sub("", text[: 2 * MAX_HEAD_LENGTH])).upper()


def tidy_head(text: str) -> str:
    """White space collapsed, none inside brackets."""
    return str(_BRACKET_BLANKS.sub("", _BLANKS.sub(" ", text))).strip()


@cache
def _phrases() -> tuple[tuple[str, str, str], ...]:
    roles = vocabulary("annex_headers")["roles"]
    return tuple((squeezed(phrase), role, phrase) for role, entry in roles.items() for phrase in entry["phrases"])


@cache
def _year_words() -> frozenset[str]:
    return frozenset(squeezed(word) for word in vocabulary("annex_headers")["year_words"]) | {""}


def head_year(text: str) -> int | None:
    """The one year in a head such as `Target 2025`; None if there is none or more than one."""
    years = set(_YEAR.findall(text[:MAX_HEAD_LENGTH]))
    return int(years.pop()) if len(years) == 1 else None


@cache
def _units() -> frozenset[str]:
    units = vocabulary("units")["units"]
    return frozenset(name.casefold() for unit, prints in units.items() for name in (unit, *prints))


def head_unit(text: str) -> str | None:
    """The unit in the brackets of a head such as `TARGET (%)`, as printed; None if they hold none."""
    for match in _BRACKETED.finditer(text[:MAX_HEAD_LENGTH]):
        if match[1].casefold() in _units():
            return str(match[1])
    return None


@lru_cache(maxsize=8192)
def role_scores(head: str) -> tuple[RoleScore, ...]:
    """How well each role explains a head, best first; nothing below LIKELY."""
    if not squeezed(head) or len(head) > MAX_HEAD_LENGTH:
        return ()
    year = head_year(head)
    unit = head_unit(head)
    words = squeezed(_YEAR.sub("", _BRACKETED.sub("", head) if unit else head))
    if year and words in _year_words():
        return (RoleScore("year", 1.0, head),)
    best: dict[str, RoleScore] = {}
    for phrase, role, printed in _phrases():
        if words == phrase:
            similarity = 1.0
        elif len(phrase) < 5 or len(words) < 4:
            continue
        elif phrase in words:
            similarity = 0.5 + 0.5 * len(phrase) / len(words)
        else:
            similarity = fuzz.ratio(words, phrase, score_cutoff=100 * LIKELY) / 100
        if similarity >= LIKELY and (role not in best or similarity > best[role].similarity):
            best[role] = RoleScore(role, similarity, printed)
    return tuple(sorted(best.values(), key=lambda score: -score.similarity))


def assign_roles(heads: Sequence[str]) -> tuple[RoleScore | None, ...]:
    """The best roles of all heads together: a role that is no SHARED_ROLES member is given once."""
    claims = sorted(
        ((score, i) for i, head in enumerate(heads) for score in role_scores(head)),
        key=lambda claim: (-claim[0].similarity, claim[1]),
    )
    given: dict[int, RoleScore] = {}
    taken: set[str] = set()
    for score, i in claims:
        if i not in given and (score.role in SHARED_ROLES or score.role not in taken):
            given[i] = score
            taken.add(score.role)
    return tuple(given.get(i) for i in range(len(heads)))
