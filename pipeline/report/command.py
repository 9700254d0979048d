"""The command `perbup report`."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail, shown
from pipeline.run_options import HERE

MISSING = {
    "no_source": "pages without a picture: their PDF is not below {sources} (name the folder with --sources)",
    "page_failed": "pages without a picture: they could not be drawn",
}


@click.command()
@click.option(
    *("-o", "--output"),
    type=HERE,
    default=Path("output"),
    show_default=True,
    help="Folder of the release to read.",
)
@click.option(
    "--to",
    type=HERE,
    default=Path("report"),
    show_default=True,
    help="Folder of the report; an older report there is replaced at once.",
)
@click.option(
    "--sources",
    type=HERE,
    default=Path("raw_docs"),
    show_default=True,
    help="Folder with the PDFs of the release, for pictures of their pages.",
)
def report(output: Path, to: Path, sources: Path) -> None:
    """Make a page that compares the regions of a release.

    The page index.html works without a network; beside it lie the comparison as CSV and XLSX.
    """
    from pipeline.emit import OutputRefusedError
    from pipeline.published import NotPublishedError
    from pipeline.report.build import build

    try:
        built = build(output, to, sources)
    except NotPublishedError as error:
        fail(shown(str(error)), f"perbup run FILE_OR_FOLDER -o {shown(str(output))}", ExitCode.USAGE)
    except OutputRefusedError as error:
        fail(shown(str(error)), "perbup report --to FOLDER", ExitCode.USAGE)
    except OSError as error:
        fail(f"cannot write {shown(str(to))}: {error.strerror or error}", "perbup report --to FOLDER", ExitCode.FAILED)
    for reason, count in sorted(built.missing.items()):
        click.echo(f"{count} {MISSING[reason].format(sources=shown(str(sources)))}", err=True)
    click.echo(shown(str(built.page)))
