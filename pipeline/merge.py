"""Rows of all parts -> the Parquet files of the release, each table's sorted by its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from extractors.models import Office
from pipeline import copies, emit
from pipeline.agencies import agency_rows
from pipeline.compare import catalog_rows
from pipeline.isolation import Failure
from pipeline.parts import PEOPLE, WHOLE, part_files, people_table, read_parts, write_part
from pipeline.progress import Step, Tick
from pipeline.rows import Row, region_rows, tidy
from pipeline.schema import BY_NAME, FINDINGS, TABLES
from pipeline.supervisor import supervise

T = TypeVar("T")

# Bytes of parts that one process makes files of.
LOT_BYTES = 32 * 1024**2


class MergeFailedError(Exception):
    """A table could not be made of the parts' rows."""


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the release and the parts, or the rows, that it is made of."""

    table: str
    file: str
    parts: tuple[Path, ...] = ()
    rows: tuple[Row, ...] = ()


def merge(
    folder: Path, release: Path, agencies: Counter[tuple[str, Office]], workers: int, tick: Tick
) -> list[dict[str, Any]]:
    """Write the Parquet files of all tables below `release`; what the manifest says of each, by path.

    Raises MergeFailedError, OSError.
    """
    common = {"regions": region_rows(), "indicator_catalog": catalog_rows(), "agencies": agency_rows(agencies)}
    list(_done(supervise([folder], partial(_tried, _note_copies), 1)))
    files = [_File(name, WHOLE, rows=tuple(rows)) for name, rows in common.items()]
    files += [
        _File(table.name, file, tuple(parts))
        for table in TABLES
        if table.name not in common
        for file, parts in (part_files(folder, table.name) or {WHOLE: []}).items()
    ]
    made: list[dict[str, Any]] = []
    tick(Step("write", 0, len(files)))

    def write(lot: list[_File]) -> list[dict[str, Any]]:
        return [_merged(one, folder, release) for one in lot]

    with closing(supervise(list(_lots(files)), partial(_tried, write), workers)) as tasks:
        for entries in _done(tasks):
            made += entries
            tick(Step("write", len(made), len(files)))
    return sorted(made, key=lambda entry: entry["path"])


def _lots(files: Sequence[_File]) -> Iterator[list[_File]]:
    """Files that one process writes one after another: small ones together, large ones alone."""
    lot: list[_File] = []
    size = 0
    for one in files:
        more = sum(part.stat().st_size for part in one.parts)
        if lot and size + more > LOT_BYTES:
            yield lot
            lot, size = [], 0
        lot.append(one)
        size += more
    if lot:
        yield lot


def _tried(work: Callable[[T], object], task: T) -> object:
    """What `work` returns; a full disk is told as it is."""
    try:
        return work(task)
    except OSError as error:
        return error


def _done(outcomes: Iterable[tuple[object, Any]]) -> Iterator[Any]:
    """What was made. Raises MergeFailedError, OSError."""
    for _, outcome in outcomes:
        if isinstance(outcome, Failure):
            raise MergeFailedError(outcome.message)
        if isinstance(outcome, OSError):
            raise outcome
        yield outcome


def _note_copies(folder: Path) -> None:
    """In a process of its own: which figures regions share, and the findings on them, as parts of their tables."""
    rows = [
        row | {"file": file}
        for file, parts in part_files(folder, PEOPLE).items()
        for row in read_parts(parts).to_pylist()
    ]
    groups = list(copies.shared(rows))
    if not groups:
        return
    keys = [
        dict(zip(("indicator_id", "target_no", "catalog_id"), copies.key(row), strict=True))
        for g in groups
        for row in g
    ]
    write_part(_copied(folder), people_table(keys))
    told: dict[str, list[Row]] = {}
    for group in groups:
        for row, finding in zip(group, copies.findings(group), strict=True):
            told.setdefault(row["file"], []).append(finding)
    for file, findings in told.items():
        write_part(folder / "findings" / f"{file}-copies.arrow", emit.arrow_table("findings", tidy(FINDINGS, findings)))


def _copied(folder: Path) -> Path:
    return folder / "copied" / "keys.arrow"


def _merged(one: _File, folder: Path, release: Path) -> dict[str, Any]:
    """In a process of its own: a file of the release."""
    made = tidy(BY_NAME[one.table], list(one.rows))
    table = read_parts(one.parts) if one.parts else emit.arrow_table(one.table, made)
    if one.table == "comparison" and _copied(folder).exists():
        keys = {copies.key(row) for row in read_parts([_copied(folder)]).to_pylist()}
        rows = [row | {"probably_copied": copies.key(row) in keys} for row in table.to_pylist()]
        table = emit.arrow_table(one.table, rows)
    return emit.write_table(release, one.table, one.file, table)
