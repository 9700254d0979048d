"""Where an indicator row stands: its file, its annex, and the cell that holds the indicator."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

Row = dict[str, Any]


class Places:
    """The places of the indicator rows of `documents`, from the tables of these acts."""

    def __init__(self, made: Mapping[str, Sequence[Row]], documents: Collection[str]) -> None:
        self._indicators = {row["indicator_id"]: row for row in made["indicators"] if row["document_id"] in documents}
        self._sources = {
            (row["document_id"], row["table_id"]): row["source_sha256"]
            for row in made["annex_tables"]
            if row["document_id"] in documents
        }
        self._paths = {row["source_sha256"]: row["source_path"] for row in reversed(made["sources"])}
        self._cells = {
            (row["document_id"], row["table_id"], row["row"], row["text"]): row
            for row in made["annex_cells"]
            if row["document_id"] in documents
        }

    def of(self, indicator_id: str) -> Row:
        """source_sha256, source_path, document_id, eid of the annex, page, char_start and char_end of the cell."""
        row = self._indicators[indicator_id]
        sha256 = self._sources[row["document_id"], row["table_id"]]
        cell = self._cells.get((row["document_id"], row["table_id"], row["row"], row["indicator_printed"]))
        return {
            "source_sha256": sha256,
            "source_path": self._paths[sha256],
            "document_id": row["document_id"],
            "eid": row["annex"],
            "page": row["page"],
            "char_start": cell and cell["char_start"],
            "char_end": cell and cell["char_end"],
        }
