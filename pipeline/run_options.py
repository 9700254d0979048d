"""Options that name files: where a path may be a URL, and the floors and corrections beside the command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, shown

if TYPE_CHECKING:
    from pipeline.edits import Edits
    from pipeline.floors import Floors
    from pipeline.storage import Place


class Here(click.Path):
    """A path of this machine."""

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Any:
        if _is_url(value):
            told = f"{shown(value)} is a URL, which only `perbup check`, and PATHS and -o of `perbup run`, may be"
            fail(told, "perbup check URL", ExitCode.USAGE)
        return super().convert(value, param, context)


class Anywhere(click.ParamType["Place"]):
    """A path of this machine, or a URL of object storage. Where none is named, fsspec is not imported."""

    name = "path or URL"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> Place:  # noqa: ARG002
        if not isinstance(value, str):
            return value  # type: ignore[no-any-return]
        if not _is_url(value):
            return Path(value)
        from pipeline.storage import NoStorageError, place

        try:
            return place(value)
        except NoStorageError as error:
            fail(shown(str(error)), error.command, ExitCode.USAGE)


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and "://" in value


HERE = Here(path_type=Path)
ANYWHERE = Anywhere()
FLOORS = click.option(
    *("--floors", "floors_file"),
    type=HERE,
    help="TOML file of least numbers that the release must reach.  [default: floors.toml, where it is]",
)
CORRECTIONS = click.option(
    *("--corrections", "corrections_folder"),
    type=HERE,
    help="Folder of corrections, one file an act, and of decisions on matches.  [default: corrections, where it is]",
)


def floors_of(path: Path | None) -> Floors:
    """The floors in the file at `path`, or a usage error."""
    from pipeline.floors import FILE, NONE, FloorsError, load

    if path is None and not _is_here(FILE):
        return NONE
    try:
        return load(path or FILE)
    except FloorsError as error:
        fail(shown(str(error)), "--floors FILE; the README tells what stands in it", ExitCode.USAGE)


def edits_of(folder: Path | None) -> Edits:
    """The corrections and decisions in `folder`, or a usage error."""
    from pipeline.correction_files import FOLDER, CorrectionFileError
    from pipeline.edits import NONE, load

    if folder is None and not _is_here(FOLDER):
        return NONE
    try:
        return load(folder or FOLDER)
    except CorrectionFileError as error:
        for line in str(error).splitlines():
            click.echo(shown(line), err=True)
        fail("a file of corrections cannot be used; nothing was read", "perbup schema", ExitCode.USAGE)
    except OSError as error:
        at = shown(str(error.filename or folder or FOLDER))
        fail(f"cannot read {at}: {error.strerror or error}", "perbup run --corrections FOLDER", ExitCode.USAGE)


def _is_here(path: Path) -> bool:
    """Also a link that leads nowhere is meant to be read."""
    return path.exists() or path.is_symlink()
