"""Options that name files which bear on a publication: floors and corrections; by default those beside the command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, shown

if TYPE_CHECKING:
    from pipeline.edits import Edits
    from pipeline.floors import Floors

FLOORS = click.option(
    *("--floors", "floors_file"),
    type=click.Path(path_type=Path),
    help="TOML file of least numbers that the release must reach.  [default: floors.toml, where it is]",
)
CORRECTIONS = click.option(
    *("--corrections", "corrections_folder"),
    type=click.Path(path_type=Path),
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
