"""Floors: least numbers that a publication must reach. A file `floors.toml` sets them; one that is missed stops it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.schema import BY_NAME

if TYPE_CHECKING:
    import pyarrow as pa

FILE = Path("floors.toml")
# What a share counts, of what.
SHARES = {
    "parsed": "files of `sources` with status `parsed`",
    "targets_ok": "rows of `indicator_targets` with status `ok`",
    "matched": "rows of `indicators` with a match of status `reviewed` or `certain`",
}
# Tables from which the shares are counted.
NEEDED = {
    "parsed": ("sources",),
    "targets_ok": ("indicator_targets",),
    "matched": ("indicators", "indicator_matches"),
}


class FloorsError(Exception):
    """The file of floors cannot be used; the message names the file, the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Floors:
    """Least numbers of rows by table, and least shares, 0 to 1, by name."""

    rows: dict[str, int]
    share: dict[str, float]


NONE = Floors({}, {})


def load(path: Path) -> Floors:
    """The floors in a TOML file. Raises FloorsError."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise FloorsError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise FloorsError(f"{path} is no TOML: {error}") from error
    for section in content:
        if section not in ("rows", "share"):
            raise FloorsError(f"{path}: there is no section {section}; known are [rows], [share]")
    rows = _section(path, content, "rows", tuple(BY_NAME))
    share = _section(path, content, "share", tuple(SHARES))
    for name, least in rows.items():
        if not isinstance(least, int):
            raise FloorsError(f"{path}: [rows] {name} = {least!r}: a whole number of rows is needed")
    for name, least in share.items():
        if least > 1:
            raise FloorsError(f"{path}: [share] {name} = {least!r}: a share is between 0 and 1")
    return Floors(rows, share)


def _section(path: Path, content: dict[str, Any], section: str, known: tuple[str, ...]) -> dict[str, Any]:
    """The numbers of a section, none of them negative, under names that are known."""
    found = content.get(section, {})
    if not isinstance(found, dict):
        raise FloorsError(f"{path}: {section} is a section: write [{section}] and its floors below")
    for name, least in found.items():
        if name not in known:
            raise FloorsError(f"{path}: [{section}] has no floor {name}; known are {', '.join(known)}")
        if isinstance(least, bool) or not isinstance(least, int | float) or not least >= 0:
            raise FloorsError(f"{path}: [{section}] {name} = {least!r}: a number from 0 is needed")
    return found


def missed(floors: Floors, tables: dict[str, pa.Table]) -> list[str]:
    """The floors that the tables do not reach, each in words with what is lacking.

    A share of no rows at all counts as 0. A floor on a table that is not in `tables` is missed.
    """
    return [*_rows_missed(floors, tables), *_shares_missed(floors, tables)]


def _rows_missed(floors: Floors, tables: dict[str, pa.Table]) -> Iterator[str]:
    for name, least in floors.rows.items():
        held = tables[name].num_rows if name in tables else 0
        if held < least:
            yield f"[rows] {name} = {least}: {held} rows, {least - held} too few"


def _shares_missed(floors: Floors, tables: dict[str, pa.Table]) -> Iterator[str]:
    for name, least in floors.share.items():
        reached, of = _counted(name, tables) if tables.keys() >= set(NEEDED[name]) else (0, 0)
        share = reached / of if of else 0.0
        if share < least:
            counted = f"{reached} of {of} {SHARES[name]}"
            yield f"[share] {name} = {least}: {share:.4f}, {least - share:.4f} too low: {counted}"


def _counted(name: str, tables: dict[str, pa.Table]) -> tuple[int, int]:
    """How many rows count, and of how many."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def equal(table: str, status: str) -> tuple[int, int]:
        return pc.sum(pc.equal(tables[table]["status"], status)).as_py() or 0, tables[table].num_rows

    if name == "parsed":
        return equal("sources", "parsed")
    if name == "targets_ok":
        return equal("indicator_targets", "ok")
    matches = tables["indicator_matches"]
    trusted = matches.filter(pc.is_in(matches["status"], pa.array(["reviewed", "certain"])))
    known = pc.is_in(tables["indicators"]["indicator_id"], trusted["indicator_id"].combine_chunks())
    return pc.sum(known).as_py() or 0, tables["indicators"].num_rows
