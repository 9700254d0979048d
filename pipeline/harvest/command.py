"""The verb `perbup harvest`. What it needs is imported when it runs."""

from __future__ import annotations

import json
import re
import sys
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.exit_codes import ExitCode
from pipeline.failure import fail

if TYPE_CHECKING:
    import httpx
    from rich.console import Console

    from pipeline.harvest.client import Manners
    from pipeline.harvest.plan import Wanted
    from pipeline.harvest.run import Harvest, Result, Watch

SHOWN_PROBLEMS = 20
YEARS = re.compile(r"(\d{4})(?:\s?(?:-|\.\.)\s?(\d{4}))?")
EXIT_CODES = (
    "\b\nExit codes:\n"
    "  0  every act asked for is in the folder\n"
    "  1  the feed could not be read, or the folder not be written\n"
    "  2  the command was called wrongly: nothing asked\n"
    "  3  acts asked for did not come, or the feed broke off; the manifest names them"
)


def _years(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> frozenset[int]:
    """`2020` and `2022-2024` -> the years."""
    years: set[int] = set()
    for text in given:
        match = YEARS.fullmatch(text.strip())
        if match is None or int(match[2] or match[1]) < int(match[1]):
            raise click.BadParameter(f"{text!r} is neither a year nor a range like 2020-2024.")
        years.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    return frozenset(years)


def _kinds(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> frozenset[str]:
    """Codes or printed names of kinds -> their codes."""
    if not given:
        return frozenset()
    from extractors.acts.kinds import kind_named, kind_of, kinds

    named = [kind_of(text.lower()) or kind_named(text) for text in given]
    for text, kind in zip(given, named, strict=True):
        if kind is None:
            raise click.BadParameter(f"{text!r} is none of {', '.join(kinds())}.")
    return frozenset(kind.code for kind in named if kind)


@click.command(epilog=EXIT_CODES)
@click.argument("feed_url")
@click.option(
    *("-o", "--output"),
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("raw_docs"),
    show_default=True,
    help="Folder of the files; what lies there stays.",
)
@click.option(
    "--jenis", "kinds", multiple=True, callback=_kinds, help="Only acts of this kind (perbup, 'Peraturan Daerah')."
)
@click.option("--year", "years", multiple=True, callback=_years, help="Only acts of this year, or of 2020-2024.")
@click.option("--title", "words", multiple=True, help="Only acts with these words in the title.")
@click.option("--limit", type=click.IntRange(1), help="Fetch at most so many files that are new or other.")
@click.option(
    "--delay",
    type=click.FloatRange(0, 3600),
    default=1.0,
    show_default=True,
    help="Seconds between two requests to a host.",
)
@click.option("--no-paging", is_flag=True, help="Ask for the feed's address as it is, without page and limit.")
@click.option("--allow-private", is_flag=True, help="Also ask hosts in private networks and on this machine.")
@click.option("--json", "as_json", is_flag=True, help="A line of JSON a record instead of the summary.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.pass_obj
def harvest(
    settings: dict[str, Any],
    feed_url: str,
    output: Path,
    kinds: frozenset[str],
    years: frozenset[int],
    words: tuple[str, ...],
    limit: int | None,
    delay: float,
    no_paging: bool,
    allow_private: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Fetch new and changed acts that a JDIHN feed lists.

    FEED_URL is the address at which a site gives its acts as JSON (…/integrasi.php). The files go to the folder that
    `perbup run` reads, beside each what the feed says of it.
    """
    from pipeline.harvest.client import Manners
    from pipeline.harvest.plan import Wanted
    from pipeline.harvest.urls import BadUrlError, typed
    from pipeline.terminal import console, safe

    try:
        url = typed(feed_url)
    except BadUrlError as error:
        problem = f"{safe(feed_url)} is no address of a feed: {safe(str(error))}"
        fail(problem, "perbup harvest https://HOST/integrasi.php", ExitCode.USAGE)
    screen = console(stderr=True, color=settings["color"])
    with screen.status("feed") if screen.is_terminal and not quiet else nullcontext() as status:

        def watch(result: Result, total: int) -> None:
            if status is not None:
                status.update(f"{result.position} of {total} records")
            if as_json:
                click.echo(json.dumps(asdict(result)))

        made = _harvested(
            url,
            output,
            Wanted(kinds, years, words),
            limit=limit,
            paged=not no_paging,
            allow_private=allow_private,
            manners=Manners(delay=delay),
            watch=watch,
        )
    if made.feed.problem:
        click.echo(f"The feed was not read to its end: {safe(made.feed.problem)}.", err=True)
    if made.interrupted:
        click.echo("Interrupted: what had come stays; the same command goes on from there.", err=True)
    if not as_json:
        _tell_missed(made)
        if not quiet:
            _show(made, output, console(color=settings["color"]))
    sys.exit(made.exit_code)


def _harvested(
    url: httpx.URL,
    output: Path,
    wanted: Wanted,
    *,
    limit: int | None,
    paged: bool,
    allow_private: bool,
    manners: Manners,
    watch: Watch,
) -> Harvest:
    """The harvest; the command ends where the feed can't be read or the folder not be written."""
    from stamina.instrumentation import set_on_retry_hooks

    from pipeline.harvest.client import Client
    from pipeline.harvest.feed import FeedError
    from pipeline.harvest.network import CheckedTransport, any_address, public_only
    from pipeline.harvest.outcomes import Outcome
    from pipeline.harvest.run import harvest as harvested
    from pipeline.terminal import safe

    # What is tried again and then comes is not worth a line.
    set_on_retry_hooks([])
    command = f"perbup harvest {safe(str(url))}"
    try:
        with Client(CheckedTransport(any_address if allow_private else public_only), manners) as client:
            return harvested(client, url, output, wanted, limit=limit, paged=paged, watch=watch)
    except FeedError as error:
        told = f"{error.outcome.description} ({error})" if error.outcome else str(error)
        # Some sites choke on words in the address that they do not know.
        retry = {Outcome.PRIVATE_ADDRESS: " --allow-private", Outcome.HTTP_ERROR: " --no-paging" if paged else ""}
        again = retry.get(error.outcome, "") if error.outcome else ""
        fail(f"the feed cannot be read: {safe(told)}", command + again, ExitCode.FAILED)
    except OSError as error:
        problem = f"cannot write {safe(str(output))}: {error.strerror or error}"
        fail(problem, f"{command} -o FOLDER", ExitCode.FAILED)


def _tell_missed(made: Harvest) -> None:
    """A line on standard error for each act that did not come."""
    from pipeline.terminal import safe

    missed = [result for result in made.results if result.outcome.missed]
    for result in missed[:SHOWN_PROBLEMS]:
        named = f"record {result.position}" + (f" ({safe(result.record_id)})" if result.record_id else "")
        told = f": {safe(result.message)}" if result.message else ""
        click.echo(f"{result.outcome.value}: {named}: {result.outcome.description}{told}", err=True)
    if len(missed) > SHOWN_PROBLEMS:
        click.echo(f"… and {len(missed) - SHOWN_PROBLEMS} more: see {safe(str(made.manifest))}", err=True)


def _show(made: Harvest, output: Path, screen: Console) -> None:
    from pipeline.terminal import grid, safe, shown

    rows = [
        (shown(str(number)), shown(outcome.value, "red" if outcome.missed else ""), shown(outcome.description))
        for outcome, number in made.counts.items()
    ]
    if rows:
        screen.print(grid(screen, ("records", "outcome", "meaning"), ("records",), rows))
        screen.print()
    screen.print(shown(f"{len(made.results)} records on {made.feed.pages} pages; all in {made.manifest}", "bold"))
    screen.print(shown(f"Parse them: perbup run {safe(str(output))}"))
