"""A whole harvest: feed -> records -> what to do about each -> files in a folder, and a manifest of all records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import httpx

from pipeline import PROGRAM, VERSION
from pipeline.exit_codes import ExitCode
from pipeline.harvest.client import Client, FetchError
from pipeline.harvest.feed import Feed, read_feed
from pipeline.harvest.outcomes import HELD, Outcome
from pipeline.harvest.plan import Planned, Wanted, file_name, plan
from pipeline.harvest.receive import receive
from pipeline.harvest.store import SUFFIX, Folder, Provenance
from pipeline.inputs import MAX_PDF_BYTES


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a record. `file` is the name in the folder of a file that was looked at."""

    position: int
    record_id: str | None
    number: str | None
    year: int | None
    title: str | None
    url: str | None
    outcome: Outcome
    file: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Harvest:
    """A harvest that came to its end: every record of the feed has a result, in the feed's order."""

    feed: Feed
    results: tuple[Result, ...]
    manifest: Path
    interrupted: bool

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many records came to which outcome, in the order of the closed list."""
        counted = Counter(result.outcome for result in self.results)
        return {outcome: counted[outcome] for outcome in Outcome if counted[outcome]}

    @property
    def exit_code(self) -> ExitCode:
        missed = self.interrupted or self.feed.problem or any(result.outcome.missed for result in self.results)
        return ExitCode.INCOMPLETE if missed else ExitCode.OK


# Told of each result, with the number of records in all.
Watch = Callable[[Result, int], None]


def harvest(
    client: Client,
    url: httpx.URL,
    folder: Path,
    wanted: Wanted,
    *,
    limit: int | None = None,
    paged: bool = True,
    max_bytes: int = MAX_PDF_BYTES,
    watch: Watch = lambda _result, _total: None,
) -> Harvest:
    """Fetch what the feed lists, is `wanted`, and is not in `folder` yet or is other there; `limit`: so many files.

    A file that fails costs only itself; an interrupt from the keyboard ends it in order. Raises FeedError where the
    feed can't be read, and OSError.
    """
    feed = read_feed(client, url, paged=paged)
    planned = plan(feed.records, url, wanted)
    store = Folder(folder)
    results: list[Result] = []
    interrupted = False
    tried = 0
    for one in planned:
        if interrupted:
            result = _result(one, one.outcome or Outcome.NOT_REACHED)
        elif one.outcome is None and limit is not None and tried >= limit:
            result = _result(one, Outcome.OVER_LIMIT)
        else:
            try:
                result = _carried_out(client, store, url, one, max_bytes)
            except KeyboardInterrupt:
                interrupted = True
                result = _result(one, Outcome.NOT_REACHED)
        tried += one.outcome is None and result.outcome not in (Outcome.UNCHANGED, Outcome.RECORD_CHANGED)
        results.append(result)
        watch(result, len(planned))
    made = Harvest(feed, tuple(results), Path(), interrupted)
    return replace(made, manifest=store.write_manifest(file_name(url, ""), _manifest(made, url)))


def _carried_out(client: Client, store: Folder, feed: httpx.URL, one: Planned, max_bytes: int) -> Result:
    if one.url is None or one.name is None:
        return _result(one, one.outcome or Outcome.NO_URL)
    try:
        return _result(one, _fetched(client, store, feed, one, one.url, one.name, max_bytes))
    except FetchError as error:
        return replace(_result(one, error.outcome), message=str(error))


def _fetched(
    client: Client, store: Folder, feed: httpx.URL, one: Planned, url: httpx.URL, name: str, max_bytes: int
) -> Outcome:
    """Ask for the file; keep it, and what is known of it. Raises FetchError and OSError."""
    held = store.held(name)
    known = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified} if held else {}
    asked = {header: value for header, value in known.items() if value and held and held.url == str(url)}
    with store.incoming(name) as file:
        came = client.get(url, lambda answer: receive(answer, file, max_bytes), asked)
        if held is None or (came is not None and came.sha256 != held.sha256):
            assert came is not None
            store.keep(name, file)
            fetched_at = datetime.now(UTC).isoformat(timespec="seconds")
            store.describe(name, Provenance(str(feed), str(url), fetched_at, **asdict(came), record=one.raw))
            return Outcome.NEW if held is None else Outcome.CHANGED
    # The same bytes: their sidecar stays as it is, but for what the feed and the host now say of them.
    now = replace(held, **asdict(came) if came else {}, url=str(url), record=one.raw)
    if now != held:
        store.describe(name, now)
    return Outcome.UNCHANGED if now.record == held.record else Outcome.RECORD_CHANGED


def _result(one: Planned, outcome: Outcome) -> Result:
    record = one.record
    url = str(one.url) if one.url is not None else record.url
    file = f"{one.name}{SUFFIX}" if one.name and outcome in HELD else None
    return Result(
        one.position, record.record_id, record.number, record.year, record.title, url, outcome, file, one.message
    )


def _manifest(made: Harvest, url: httpx.URL) -> dict[str, object]:
    """No clock in it: the same feed and folder give the same manifest."""
    return {
        "program": PROGRAM,
        "pipeline_version": VERSION,
        "feed": str(url),
        "pages": made.feed.pages,
        "problem": made.feed.problem,
        "interrupted": made.interrupted,
        "counts": {outcome.value: number for outcome, number in made.counts.items()},
        "records": [asdict(result) for result in made.results],
    }
