"""The command `perbup run`."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, require
from pipeline.run_options import ANYWHERE, CORRECTIONS, FLOORS, HERE, edits_of, floors_of
from pipeline.stopping import stoppable

if TYPE_CHECKING:
    from pipeline.parsing import Engine
    from pipeline.run import Release
    from pipeline.storage import Place

DEFAULT_INPUT = Path("raw_docs")
MANIFEST = "manifest.json"


class Shard(click.ParamType[tuple[int, int]]):
    """`2/5`: the second of five shares."""

    name = "i/n"

    def convert(self, value: Any, param: click.Parameter | None, context: click.Context | None) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        told = re.fullmatch(r"(\d{1,6})/(\d{1,6})", value)
        if not told or not 1 <= int(told[1]) <= int(told[2]):
            self.fail(f"{value!r} is no share: write 1/4 for the first of four", param, context)
        return int(told[1]), int(told[2])


@click.command()
@click.argument("paths", nargs=-1, type=ANYWHERE)
@click.option(
    *("-o", "--output"),
    type=ANYWHERE,
    default="output",
    show_default=True,
    help="Folder of the release, or its URL on object storage; an older release there is replaced at once.",
)
@click.option("--workers", type=click.IntRange(1), help="Processes at once.  [default: one a processor]")
@click.option(
    "--cache", type=HERE, help="Folder of results.  [default: .OUTPUT.cache beside OUTPUT, of a URL in this folder]"
)
@click.option("--force", is_flag=True, help="Parse also what the cache holds, and publish also where nothing is new.")
@click.option("--limit", type=click.IntRange(1), help="Take the first so many files only.")
@click.option("--shard", type=Shard(), default="1/1", help="Take one share of the files, told by their names: 2/5.")
@click.option(
    "--engine",
    type=click.Choice(["local", "ray"]),
    default="local",
    show_default=True,
    help="What parses: processes here, or Ray's (RAY_ADDRESS names a cluster; else --workers of its own).",
)
@FLOORS
@CORRECTIONS
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.option("--json", "as_json", is_flag=True, help="Lines of JSON for machines instead of the summary.")
@click.pass_context
def run(
    context: click.Context,
    /,
    paths: tuple[Place, ...],
    output: Place,
    floors_file: Path | None,
    corrections_folder: Path | None,
    engine: str,
    quiet: bool,
    as_json: bool,
    **chosen: Any,
) -> None:
    """Parse files and publish their tables.

    PATHS are files, or folders of which the .txt, .md and .pdf files are taken (default: raw_docs), here or under
    URLs of object storage (s3://BUCKET/FOLDER). Each file is read in a process of its own. What was parsed before is
    taken from the cache; where nothing is new, nothing is done.
    """
    with stoppable(output / MANIFEST if isinstance(output, Path) else None):
        from pipeline import progress
        from pipeline.run import Options

        paths = paths or (DEFAULT_INPUT,)
        for path in paths:
            if isinstance(path, Path):
                require(path, "perbup run FILE_OR_FOLDER")
        least, edits = floors_of(floors_file), edits_of(corrections_folder)
        view = progress.logged() if as_json else progress.silent() if quiet else progress.shown(context.obj["color"])
        options = Options(**{name: value for name, value in chosen.items() if value is not None})
        if engine == "ray":
            options = replace(options, engine=_ray(options.workers))
        begun = time.monotonic()
        with view as watch:
            release = _run(paths, output, watch=watch, options=options, floors=least, edits=edits)
        if as_json:
            facts = {"status": release.statuses, "rows": release.rows, "parsed": release.parsed, "output": str(output)}
            progress.log("done", **facts, exit_code=release.exit_code, seconds=round(time.monotonic() - begun, 3))
        _tell(release, context.obj, quiet or as_json)
        sys.exit(release.exit_code)


def _ray(workers: int) -> Engine:
    from pipeline.ray_engine import is_installed, on_ray
    from pipeline.storage import INSTALL

    if not is_installed():
        fail("Ray is not installed", INSTALL, ExitCode.USAGE)
    return on_ray(workers)


def _tell(release: Release, settings: dict[str, Any], quiet: bool) -> None:
    from pipeline import summary
    from pipeline.terminal import console, safe

    for line in release.tally.unparsed if release.tally else ():
        click.echo(line, err=True)
    for document_id, number in release.left_aside.items():
        click.echo(f"left aside: {number} corrections of {safe(document_id)}, which is not in this run", err=True)
    if not quiet:
        summary.show(release, console(color=settings["color"]))


def _run(paths: tuple[Place, ...], output: Place, **more: Any) -> Release:
    """The run; what stops it ends the command with the problem and the next one to type."""
    from pipeline.assemble import ChecksFailedError
    from pipeline.cache import CacheWriteError
    from pipeline.corrections import CorrectionFailedError
    from pipeline.emit import OutputRefusedError
    from pipeline.lock import OutputBusyError
    from pipeline.merge import MergeFailedError
    from pipeline.parsing import ResultsLostError
    from pipeline.ray_engine import EngineError
    from pipeline.run import FloorsMissedError, NothingGivenError, run
    from pipeline.storage import StorageError
    from pipeline.terminal import safe

    def lines(problems: list[str]) -> None:
        for line in problems:
            click.echo(safe(line), err=True)

    try:
        return run(paths, output, **more)
    except NothingGivenError as error:
        fail(f"no .txt, .md or .pdf file in {safe(str(error))}", "perbup run FILE_OR_FOLDER", ExitCode.USAGE)
    except OutputRefusedError as error:
        fail(safe(str(error)), "perbup run -o FOLDER", ExitCode.USAGE)
    except OutputBusyError as error:
        fail(safe(str(error)), "perbup run -o ANOTHER_FOLDER, or wait until it is done", ExitCode.BUSY)
    except ChecksFailedError as error:
        lines(str(error).splitlines())
        fail("the rows break rules of the schema; nothing was published", "perbup schema", ExitCode.FAILED)
    except CorrectionFailedError as error:
        lines(list(error.problems))
        fail("corrections do not fit; nothing was published", "perbup parse FILE --json", ExitCode.FAILED)
    except FloorsMissedError as error:
        lines([f"floor missed: {line}" for line in error.floors])
        fail("floors are missed; nothing was published", "perbup run --floors FILE", ExitCode.FAILED)
    except (CacheWriteError, ResultsLostError) as error:
        fail(
            f"cannot keep results: {safe(str(error))}; nothing was published",
            "perbup run --cache FOLDER",
            ExitCode.FAILED,
        )
    except EngineError as error:
        fail(f"Ray: {safe(str(error))}; nothing was published", "perbup run --engine local", ExitCode.FAILED)
    except StorageError as error:
        fail(
            f"object storage: {safe(str(error))}; nothing was published, what was parsed is kept",
            "perbup run again, once it answers",
            ExitCode.FAILED,
        )
    except MergeFailedError as error:
        fail(
            f"a table could not be made: {safe(str(error))}; nothing was published",
            "perbup run --workers 1",
            ExitCode.FAILED,
        )
    except OSError as error:
        told = safe(f"{error.filename or output}: {error.strerror or error}")
        fail(f"cannot write {told}; nothing was published", "perbup run -o FOLDER", ExitCode.FAILED)
