"""A published release as it lies there: its manifest and the Parquet files of its tables."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline import PROGRAM
from pipeline.emit import MANIFEST
from pipeline.schema import BY_NAME
from pipeline.storage import answering, names

if TYPE_CHECKING:
    from pipeline.storage import Place


class NotAReleaseError(Exception):
    """There is nothing at the path, or no release of this program; `broken` where there is one without its manifest."""

    def __init__(self, problem: str, broken: bool = False) -> None:
        super().__init__(problem)
        self.broken = broken


@dataclass(frozen=True, slots=True)
class Opened:
    """A release. `manifest` is as read: only `program` is known to be right, and that the rest is JSON."""

    folder: Place
    manifest: dict[str, Any]

    @property
    def schema_version(self) -> str:
        return str(self.manifest.get("schema_version"))

    @property
    def pipeline_version(self) -> str:
        return str(self.manifest.get("pipeline_version"))

    def tables(self) -> dict[str, tuple[Place, ...]]:
        """The Parquet files of every table, by the table's name; a table is a folder that holds some."""
        files: defaultdict[str, list[Place]] = defaultdict(list)
        for name in sorted(names(self.folder)):
            table, _, file = name.partition("/")
            if file.endswith(".parquet") and "/" not in file and not table.startswith("."):
                files[table].append(self.folder / name)
        return {table: tuple(found) for table, found in files.items()}


def open_release(folder: Place) -> Opened:
    """The release in `folder`. Raises NotAReleaseError, and on object storage StorageError."""
    path = folder / MANIFEST
    with answering(folder):
        is_folder, is_there, has_manifest = folder.is_dir(), folder.exists(), path.is_file()
        broken = is_folder and any((folder / name).is_dir() for name in BY_NAME)
    if not is_folder:
        raise NotAReleaseError(f"{folder} is a file" if is_there else f"there is no {folder}")
    if not has_manifest:
        missing = "its manifest is missing" if broken else f"it is no release of {PROGRAM}"
        raise NotAReleaseError(f"{folder} holds no {MANIFEST}: {missing}", broken)
    try:
        with answering(folder):
            text = path.read_text("utf-8")
        manifest = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise NotAReleaseError(f"{path} cannot be read: {error}", broken) from error
    if not isinstance(manifest, dict) or manifest.get("program") != PROGRAM:
        raise NotAReleaseError(f"{path} does not name {PROGRAM} as its program", broken)
    return Opened(folder, manifest)
