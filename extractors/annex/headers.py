"""Roles of table columns, from what the header row says (`data/annex_headers.toml`).

A row is weighed as a whole: blanks, marks and single wrong letters in one head do not matter where
the others are known. Heads that no vocabulary knows are told by contrast with the rows below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex
from rapidfuzz import fuzz

from extractors.annex.head_roles import (
    MAX_HEAD_LENGTH,
    NOT_WORD,
    SURE,
    RoleScore,
    assign_roles,
    head_year,
    role_scores,
    squeezed,
    tidy_head,
)
from extractors.lookups import vocabulary
from extractors.models import Cell

ROW_SHARE = 0.6
# What stands for the target, in this order, where no column says `target` or names a year.
STAND_INS = ("target_time", "target_elsewhere")

_AMOUNT = regex.compile(r"[^\p{L}]*\d[^\p{L}]*|-")
_FORMULA = regex.compile(r"\(?\s*(\d{1,2})\s*\)?\s*(?:[=(:][=(:xX*+/\d\s().-]*)?")
_LABEL = regex.compile(r"\(?(?:\d{1,3}|\p{Ll})[.)]\s*\S")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head as mended (None where no header stands over it), its role, the year it holds."""

    head: str | None
    role: str | None = None
    year: int | None = None


def filled(cells: Sequence[Cell]) -> list[int]:
    """Indexes of the cells that hold text."""
    return [i for i, cell in enumerate(cells) if cell.text.strip()]


def vocabulary_share(cells: Sequence[Cell]) -> tuple[float, int]:
    """Summed similarity of the known heads over the number of filled cells, and how many different roles.

    A bare year counts for a head only beside another one: a lone `2024` is as likely a target's rest.
    """
    texts = [cells[i].text for i in filled(cells)]
    if not texts or len(texts) > 200 or any(len(text) > MAX_HEAD_LENGTH for text in texts):
        return 0.0, 0
    sure = [score for score in assign_roles(texts) if score and score.similarity >= SURE]
    if sum(score.role == "year" for score in sure) == 1:
        sure = [score for score in sure if score.role != "year" or not score.phrase.isdigit()]
    return sum(score.similarity for score in sure) / len(texts), len({score.role for score in sure})


def is_header(cells: Sequence[Cell]) -> bool:
    """Whether the vocabulary alone tells that this is a header row."""
    share, roles = vocabulary_share(cells)
    return roles >= 2 and share >= ROW_SHARE and 2 * len(filled(cells)) >= len(cells)


def looks_like_header(cells: Sequence[Cell], below: Sequence[Sequence[Cell]]) -> bool:
    """Whether the first row of a table stands out from the rows below as its header.

    Its cells are filled, short and wordy, and the columns below hold numbers or are known by name.
    """
    texts = [cells[i].text for i in filled(cells)]
    if len(texts) < 2 or len(texts) < 0.6 * len(cells):
        return False
    for text in texts:
        sentence = text.endswith((".", ";")) and len(text) > 5
        if len(text) > MAX_HEAD_LENGTH or sentence or not _year_or_words(text) or _LABEL.match(text):
            return False
    share, _ = vocabulary_share(cells)
    contrast = sum(_mostly_amounts([row[i].text for row in below if i < len(row)]) for i in filled(cells)) / len(texts)
    caps = bool(below) and all(t.isupper() for t in texts) and not any(_all_caps(row) for row in below)
    return share >= 0.3 or contrast >= 0.3 or caps


def _year_or_words(text: str) -> bool:
    return bool(role_scores(text)) or not _AMOUNT.fullmatch(text)


def _mostly_amounts(texts: Sequence[str]) -> bool:
    values = [text for text in texts if text.strip()]
    return 2 * sum(bool(_AMOUNT.fullmatch(text[:40])) for text in values) > len(values)


def _all_caps(cells: Sequence[Cell]) -> bool:
    texts = [cells[i].text for i in filled(cells)]
    return bool(texts) and all(text.isupper() for text in texts)


def is_column_numbers(cells: Sequence[Cell]) -> bool:
    """Whether the filled cells count the columns from 1: `(1) (2) (3)`, `1 2 3 4=2x3`."""
    texts = [cells[i].text.strip() for i in filled(cells)]
    if len(texts) < 2 or any(len(text) > 20 for text in texts):
        return False
    matches = [_FORMULA.fullmatch(text) for text in texts]
    return all(match and int(match[1]) == i for i, match in enumerate(matches, 1))


def is_same_header(cells: Sequence[Cell], header: str) -> bool:
    """Whether a row repeats a header row, given squeezed; cell borders and single letters may differ."""
    if sum(len(cell.text) for cell in cells) > 4 * len(header) + 20:
        return False
    text = "".join(squeezed(cell.text) for cell in cells)
    return bool(text) and fuzz.ratio(text, header) >= 85


def mended_head(cell: Cell, score: RoleScore | None) -> str:
    """The head, tidied; in the vocabulary's wording where only blanks and marks differ, brackets not among them."""
    head = tidy_head(cell.text)
    if score and head.isupper() and ("(" in head) <= ("(" in score.phrase) and squeezed(head) == squeezed(score.phrase):
        blanks_differ = NOT_WORD.split(head) != NOT_WORD.split(score.phrase)
        return score.phrase if blanks_differ else head
    return head


def read_columns(cells: Sequence[Cell], below: Sequence[Cell] = ()) -> tuple[Column, ...]:
    """The columns under a header row; `below` is a second header row (years or sub-heads), if there is one."""
    upper = list(cells)
    while upper and not upper[-1].text.strip() and len(upper) > len(below):
        upper.pop()
    scores = assign_roles([cell.text for cell in upper])
    heads = [mended_head(cell, score) for cell, score in zip(upper, scores, strict=True)]
    roles = [score.role if score else None for score in scores]
    years = [head_year(head) if role in {"year", "baseline"} else None for head, role in zip(heads, roles, strict=True)]
    columns = [Column(h or None, r, y) for h, r, y in zip(heads, roles, years, strict=True)]
    return _with_target(_with_sub_heads(columns, below) if below else columns)


def _with_target(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns; a table whose only word of a target is a stand-in has its target there."""
    roles = {column.role for column in columns}
    stand_in = next((role for role in STAND_INS if role in roles), None)
    if roles & {"target", "year"} or stand_in is None:
        return tuple(columns)
    return tuple(replace(column, role="target") if column.role == stand_in else column for column in columns)


def _with_sub_heads(columns: list[Column], below: Sequence[Cell]) -> list[Column]:
    subs = [tidy_head(cell.text) for cell in below]
    positions = [i for i, sub in enumerate(subs) if sub]
    if len(subs) > len(columns) or len(positions) == len(subs) < len(columns):
        columns, subs = _spread(columns, [sub for sub in subs if sub])
    combined: list[Column] = []
    group = Column(None)
    for i, column in enumerate(columns):
        sub = subs[i] if i < len(subs) else ""
        group = column if column.head else group
        if not sub:
            combined.append(column)
            continue
        # A sub-head that the head above names already (`TARGET DAN TAHUN` over `TAHUN`) says it all by itself.
        named = bool(squeezed(sub)) and squeezed(sub) in squeezed(group.head or "")
        head = f"{group.head} {sub}" if group.head and not named else sub
        score = next(iter(role_scores(sub)), None)
        role = score.role if score and (score.similarity >= SURE or not group.role) else group.role
        if role == "year" and group.role == "baseline":
            role = "baseline"
        combined.append(Column(head, role, head_year(sub)))
    return combined


def _spread(columns: list[Column], subs: list[str]) -> tuple[list[Column], list[str]]:
    """A head that was printed once over several columns is given as many columns as it has sub-heads."""
    at = next((i for i, column in enumerate(columns) if column.role == "target"), len(columns) - 1)
    spread = columns[:at] + [columns[at]] + [Column(None)] * (len(subs) - 1) + columns[at + 1 :]
    return spread, [""] * at + subs + [""] * (len(columns) - at - 1)


def is_second_header(first: Sequence[Cell], cells: Sequence[Cell]) -> bool:
    """Whether a row right below a header row splits its heads: years, or sub-heads under blank stretches."""
    positions = filled(cells)
    if len(positions) < 2 or any(len(cells[i].text) > MAX_HEAD_LENGTH for i in positions):
        return False
    if all(score and score.role == "year" for score in assign_roles([cells[i].text for i in positions])):
        return True
    open_heads: set[int] = set()
    for i, cell in enumerate(first):
        if i and not cell.text.strip():
            open_heads |= {i} | ({i - 1} if first[i - 1].text.strip() else set())
    wordy = all(not _AMOUNT.fullmatch(cells[i].text) for i in positions)
    return wordy and set(positions) == open_heads


def part_of(columns: Sequence[Column], is_indicator: bool) -> str | None:
    """What the table lists, in the header's own word: `sasaran`, `kegiatan`, `desa`; None if it does not say."""
    if is_indicator:
        before = _before_indicator(columns)
        groups = [i for i, column in enumerate(columns) if column.role == "group"]
        groups = groups or [i for i, column in enumerate(columns) if column.role == "pillar"]
        group = max((i for i in groups if i < before), default=groups[0] if groups else None)
        return None if group is None else (columns[group].head or "").lower() or None
    for column in columns:
        if column.head and column.role not in {"number", "code"}:
            words = column.head.upper().split()
            if len(words) > 1 and words[0] in vocabulary("annex_headers")["listing_words"]:
                words = words[1:]
            return " ".join(words).lower() if len(words) <= 4 else None
    return None


def _before_indicator(columns: Sequence[Column]) -> int:
    return next((i for i, column in enumerate(columns) if column.role == "indicator"), len(columns))


def is_indicator_table(columns: Sequence[Column]) -> bool:
    """Whether there is an indicator column and a target or year column."""
    roles = {column.role for column in columns}
    return "indicator" in roles and bool(roles & {"target", "year"})


def column_at(columns: Sequence[Column], role: str) -> int | None:
    """Index of the first column with the role; for groups, of the one next to the indicators."""
    found = [i for i, column in enumerate(columns) if column.role == role]
    if role == "group":
        return max((i for i in found if i < _before_indicator(columns)), default=found[0] if found else None)
    return found[0] if found else None
