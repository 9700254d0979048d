"""A published release, read back: one act with all its versions and the instructions that concern it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from extractors.models import ProvisionVersion
from pipeline.emit import MANIFEST
from pipeline.schema import BY_NAME

Row = dict[str, Any]
APPLIED = "applied"


class NotPublishedError(Exception):
    """There is no such act, or no release at all. `near` are ids that may be meant."""

    def __init__(self, problem: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(problem)
        self.near = near


@dataclass(frozen=True, slots=True)
class Published:
    """One act of a release. `changing` are the instructions of other acts that target it, `own` those it gives.

    `zones` are those of its own provisions, by eid.
    """

    output: Path
    document: Row
    versions: tuple[ProvisionVersion, ...]
    changing: tuple[Row, ...]
    own: tuple[Row, ...]
    zones: dict[str, str]

    @property
    def document_id(self) -> str:
        return str(self.document["document_id"])

    def at(self, day: date) -> list[ProvisionVersion]:
        """The versions that hold on a day, tombstones too, in reading order.

        Where it is not known from which day a text holds, it holds on every day before its next change.
        """
        return [version for version in self.versions if _holds(version, day)]

    def made(self) -> list[ProvisionVersion]:
        """The act as it was made."""
        return [version for version in self.versions if version.changed_by_document_id is None]

    def not_applied(self) -> list[Row]:
        """The instructions on this act that changed nothing."""
        return [row for row in self.changing if row["status"] != APPLIED]

    def tables(self, annex: str, day: date) -> list[tuple[Row, list[Row]]]:
        """The tables of an annex with their cells: its own, or those of acts that took its place or that of a part."""
        found = list(self._tables(self.document_id, annex, None))
        for row in sorted(self.changing, key=lambda row: (row["effective_on"] or day, row["document_id"], row["seq"])):
            if row["status"] != APPLIED or row["action"] != "replace_annex" or row["effective_on"] > day:
                continue
            root, _, section = row["target_eid"].partition("__")
            if root == annex:
                found = [one for one in found if section and one[0]["section"] != section]
                found += self._tables(row["document_id"], row["payload_eid"].partition("__")[0], section or None)
        return found

    def _tables(self, document_id: str, annex: str, section: str | None) -> Iterator[tuple[Row, list[Row]]]:
        cells = rows(self.output, "annex_cells", document_id=document_id)
        for table in rows(self.output, "annex_tables", document_id=document_id, annex=annex):
            if section is None or table["section"] == section:
                yield table, [cell for cell in cells if cell["table_id"] == table["table_id"]]


def open_act(output: Path, name: str) -> Published:
    """The act `name` (its document_id, or an end of it that names one act only) of the release at `output`.

    Raises NotPublishedError.
    """
    if not (output / MANIFEST).is_file():
        raise NotPublishedError(f"{output} holds no release")
    wanted = name.strip("/")
    ids = sorted(row["document_id"] for row in rows(output, "documents", columns=["document_id"]))
    fitting = [one for one in ids if one.strip("/") == wanted] or [one for one in ids if one.endswith(f"/{wanted}")]
    if len(fitting) != 1:
        near = fitting or [one for one in ids if wanted.rpartition("/")[2] in one.split("/")]
        problem = f"{len(fitting)} acts end in {name}" if fitting else f"there is no act {name}"
        raise NotPublishedError(problem, tuple(near[:5]))
    only = fitting[0]
    (document,) = rows(output, "documents", document_id=only)
    versions = [ProvisionVersion(**row) for row in rows(output, "provision_versions", document_id=only)]
    zones = rows(output, "provisions", document_id=only)
    return Published(
        output,
        document,
        tuple(sorted(versions, key=lambda version: (version.ordinal, version.version))),
        tuple(rows(output, "amendments", target_document_id=only)),
        tuple(rows(output, "amendments", document_id=only)),
        {row["eid"]: row["zone"] for row in zones},
    )


def _holds(version: ProvisionVersion, day: date) -> bool:
    begun = version.valid_from is None or version.valid_from <= day
    return begun and (version.valid_to is None or day < version.valid_to)


def rows(output: Path, table: str, *, columns: list[str] | None = None, **equal: str) -> list[Row]:
    """Rows of a table whose fields have these values, under the fields that this version knows."""
    import pyarrow.parquet as pq

    filters = [(name, "=", value) for name, value in equal.items()] or None
    known = columns or [field.name for field in BY_NAME[table].fields]
    found: list[Row] = pq.read_table(output / table, columns=known, filters=filters).to_pylist()
    return found
