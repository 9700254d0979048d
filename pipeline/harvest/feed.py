"""A feed's address to its records, page by page, as real sites answer."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import httpx

from pipeline.harvest.client import Client, FetchError, chunks
from pipeline.harvest.outcomes import Outcome

PAGE_RECORDS = 100
MAX_PAGE_BYTES = 64 * 1024 * 1024
MAX_FEED_BYTES = 256 * 1024 * 1024
MAX_PAGES = 2000
SHOWN = 80

EMPTY = re.compile(r"0 results?\.?", re.IGNORECASE)
ENVELOPE = "data"
# Laravel and others put a page object into the envelope.
ENVELOPE_DEPTH = 2
# PHP writes an array with gaps as an object numbered from 0.
INDEX = re.compile(r"\d{1,9}")


class FeedError(Exception):
    """The feed can't be read; the message says why. `outcome` is None where the host answered, but no feed."""

    def __init__(self, message: str, outcome: Outcome | None = None) -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Feed:
    """The records in the feed's order, each as it stood there. `problem` says why there may be more."""

    records: tuple[object, ...]
    pages: int
    problem: str | None = None


def read_feed(client: Client, url: httpx.URL, *, paged: bool) -> Feed:
    """All records of the feed.

    With `paged`, `?page=` and `&limit=` are asked for until a page brings no record that was not there before; an
    address that names a page is that page alone. Raises FeedError where not even the first page can be read.
    """
    paged = paged and "page" not in url.params
    records: list[object] = []
    seen: set[str] = set()
    size = 0
    for number in range(1, MAX_PAGES + 1):
        place = _page(url, number) if paged else url
        try:
            data = _fetched(client, place)
            page = read_page(data)
        except FeedError as error:
            if number == 1:
                raise
            ended = str(error).startswith("HTTP 404")
            return Feed(tuple(records), number - 1, None if ended else f"page {number}: {error}")
        names = {_name(record) for record in page}
        if number > 1 and names <= seen:
            return Feed(tuple(records), number - 1)
        records += page
        seen |= names
        size += len(data)
        # A site that gives more than it was asked for does not know pages.
        if not paged or not page or (number == 1 and len(page) > int(place.params["limit"])):
            return Feed(tuple(records), number)
        if size > MAX_FEED_BYTES:
            return Feed(tuple(records), number, f"more than {MAX_FEED_BYTES} bytes: read up to page {number}")
    return Feed(tuple(records), MAX_PAGES, f"more than {MAX_PAGES} pages")


def read_page(data: bytes) -> list[object]:
    """The records of one answer: a bare array, or the array under `data`. Raises FeedError.

    Forgiven: a byte order mark, bytes that are no UTF-8, line ends inside texts, and `0 results` for an empty array.
    """
    text = data.decode("utf-8-sig", "replace").strip().strip("\ufeff\x00").strip()
    if EMPTY.fullmatch(text):
        return []
    try:
        content = json.loads(text, strict=False, parse_int=_number, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        raise FeedError(_no_json(text, error)) from error
    depth = 0
    while isinstance(content, dict) and ENVELOPE in content and depth < ENVELOPE_DEPTH:
        told, content = content, content[ENVELOPE]
        depth += 1
        if content is None and told.get("status") is not False:
            return []
    if isinstance(content, dict) and content and all(INDEX.fullmatch(key) for key in content):
        content = list(content.values())
    if not isinstance(content, list):
        raise FeedError(f"JSON, but no list of acts: {_shown(text)}")
    return [_flat(record) for record in content]


def _flat(record: object) -> object:
    """The record without values that are no text and no number: records are flat, and so is what is kept of them."""
    if isinstance(record, dict):
        return {key: value for key, value in record.items() if not isinstance(value, dict | list)}
    return None if isinstance(record, list) else record


def _page(url: httpx.URL, number: int) -> httpx.URL:
    limit = url.params.get("limit", "")
    return url.copy_merge_params({"page": str(number), "limit": limit if INDEX.fullmatch(limit) else str(PAGE_RECORDS)})


def _fetched(client: Client, url: httpx.URL) -> bytes:
    try:
        return client.get(url, lambda answer: b"".join(chunks(answer, MAX_PAGE_BYTES)))
    except FetchError as error:
        raise FeedError(str(error), error.outcome) from error


def _number(printed: str) -> int | str:
    """A number that is too long for one stays text."""
    return int(printed) if INDEX.fullmatch(printed) else printed


def _name(record: object) -> str:
    """What tells that a record was on an earlier page, also where a view counter in it has moved on."""
    if isinstance(record, dict) and (record.get("idData") or record.get("urlDownload")):
        return f"{record.get('idData')}\n{record.get('urlDownload')}"
    return json.dumps(record, sort_keys=True)


def _no_json(text: str, error: Exception) -> str:
    if not text:
        return "nothing came: an answer without content"
    if text.startswith("<"):
        return f"a web page came in place of JSON: {_shown(text)}"
    ended = text[-1] in "]}" and isinstance(error, json.JSONDecodeError) and error.pos < len(text)
    if text[0] in "[{" and not ended:
        return f"the JSON breaks off after {len(text)} characters"
    return f"no JSON: {_shown(text)}"


def _shown(text: str) -> str:
    return repr(text[:SHOWN])
