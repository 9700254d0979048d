"""A published release as it lies on the disk: its manifest and the Parquet files of its tables."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline import PROGRAM
from pipeline.emit import MANIFEST
from pipeline.schema import BY_NAME


class NotAReleaseError(Exception):
    """There is nothing at the path, or no release of this program; `broken` where there is one without its manifest."""

    def __init__(self, problem: str, broken: bool = False) -> None:
        super().__init__(problem)
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Opened:
    """A release. `manifest` is as read: only `program` is known to be right, and that the rest is JSON."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def schema_version(self) -> str:
        return str(self.manifest.get("schema_version"))

    @property
    def pipeline_version(self) -> str:
        return str(self.manifest.get("pipeline_version"))

    def tables(self) -> dict[str, tuple[Path, ...]]:
        """The Parquet files of every table, by the table's name; a table is a folder that holds some."""
        folders = (path for path in sorted(self.folder.iterdir()) if path.is_dir() and not path.name.startswith("."))
        files = {path.name: tuple(sorted(file for file in path.glob("*.parquet"))) for path in folders}
        return {name: found for name, found in files.items() if found}


def open_release(folder: Path) -> Opened:
    """The release in `folder`. Raises NotAReleaseError."""
    if not folder.is_dir():
        raise NotAReleaseError(f"{folder} is a file" if folder.exists() else f"there is no {folder}")
    path = folder / MANIFEST
    broken = any((folder / name).is_dir() for name in BY_NAME)
    if not path.is_file():
        missing = "its manifest is missing" if broken else f"it is no release of {PROGRAM}"
        raise NotAReleaseError(f"{folder} holds no {MANIFEST}: {missing}", broken)
    try:
        manifest = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise NotAReleaseError(f"{path} cannot be read: {error}", broken) from error
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM:
        raise NotAReleaseError(f"{path} does not name {PROGRAM} as its program", broken)
    return Opened(folder, manifest)
