"""Which records of a feed are to be fetched, from where, and under which name."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import httpx

from extractors.acts.feed_record import FeedRecord, read_record
from extractors.glyphs import fold
from pipeline.harvest.outcomes import Outcome
from pipeline.harvest.urls import BadUrlError, mended

NAME_DIGITS = 16
# The record goes into the sidecar, which is small; an abstract may be long.
MAX_VALUE = 2000
MAX_RECORD_BYTES = 32 * 1024

Raw = dict[str, object]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; an empty field asks for everything. `words` must all stand in the title, as written."""

    kinds: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()

    def covers(self, record: FeedRecord) -> bool:
        """Whether the record is asked for; one that leaves open what is asked about is not."""
        title = fold(record.title or "")
        return (
            (not self.kinds or record.jenis in self.kinds)
            and (not self.years or record.year in self.years)
            and all(fold(word) in title for word in self.words)
        )


@dataclass(frozen=True, slots=True)
class Planned:
    """A record, from 1 in the feed's order. `outcome` is set where nothing is to be fetched, `url` and `name` else.

    `raw` is the record as it goes into the sidecar.
    """

    position: int
    raw: Raw
    record: FeedRecord
    url: httpx.URL | None = None
    name: str | None = None
    outcome: Outcome | None = None
    message: str | None = None


def plan(records: Iterable[object], feed: httpx.URL, wanted: Wanted) -> list[Planned]:
    """What is to be done about each record, in the feed's order."""
    return _named([_judged(place, given, feed, wanted) for place, given in enumerate(records, start=1)], feed)


def file_name(feed: httpx.URL, key: str) -> str:
    """The name of an act's file without its suffix: nothing that the feed says can shape it."""
    return hashlib.sha256(f"{feed}\n{key}".encode()).hexdigest()[:NAME_DIGITS]


def _judged(position: int, given: object, feed: httpx.URL, wanted: Wanted) -> Planned:
    if not isinstance(given, dict):
        return Planned(position, {}, FeedRecord(), outcome=Outcome.BAD_RECORD, message="not an object")
    clean = {_clean(key): _clean(value) if isinstance(value, str) else value for key, value in given.items()}
    record = read_record(clean)
    raw = {key[:MAX_VALUE]: _cut(value) for key, value in clean.items()}
    made = Planned(position, raw, record)
    if len(json.dumps(raw)) > MAX_RECORD_BYTES:
        return replace(made, raw={}, outcome=Outcome.BAD_RECORD, message=f"over {MAX_RECORD_BYTES} bytes")
    if not wanted.covers(record):
        return replace(made, outcome=Outcome.FILTERED)
    if record.url is None:
        return replace(made, outcome=Outcome.NO_URL)
    try:
        return replace(made, url=mended(record.url, feed))
    except BadUrlError as error:
        return replace(made, outcome=Outcome.BAD_URL, message=str(error))


def _named(judged: Sequence[Planned], feed: httpx.URL) -> list[Planned]:
    """With a name for each file. An address is fetched once; an id that names several of them names none."""
    places: defaultdict[str, set[str]] = defaultdict(set)
    for one in judged:
        if one.url is not None and one.record.record_id:
            places[one.record.record_id].add(str(one.url))
    first: dict[str, int] = {}
    named = []
    for one in judged:
        if one.url is None:
            named.append(one)
            continue
        url = str(one.url)
        if first.setdefault(url, one.position) != one.position:
            message = f"the same file as record {first[url]}"
            named.append(replace(one, outcome=Outcome.DUPLICATE, message=message))
            continue
        alone = one.record.record_id if len(places[one.record.record_id or ""]) == 1 else None
        named.append(replace(one, name=file_name(feed, alone or f"{one.record.record_id or ''}\n{url}")))
    return named


def _clean(text: str) -> str:
    """Without halves of characters, which no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut(value: object) -> object:
    return f"{value[: MAX_VALUE - 1]}…" if isinstance(value, str) and len(value) > MAX_VALUE else value
