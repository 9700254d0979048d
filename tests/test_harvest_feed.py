"""Feeds as sites write them: forms, faults, pages, addresses."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest

from pipeline.harvest.client import Client, Manners
from pipeline.harvest.feed import PAGE_RECORDS, Feed, FeedError, read_feed, read_page
from pipeline.harvest.network import CheckedTransport, any_address, public_only, resolve
from pipeline.harvest.outcomes import HELD, LEFT, Outcome
from pipeline.harvest.urls import BadUrlError, mended, typed
from tests.feed_site import Handler, Reply, Site, record, served

FEED = httpx.URL("https://jdih.blora.go.id/api/integrasi.php?x=1")
RECORDS = [record(6), record(7)]
BARE = json.dumps(RECORDS)


@pytest.mark.parametrize(
    "data",
    [
        BARE.encode(),
        json.dumps({"status": True, "data": RECORDS}).encode(),
        json.dumps({"data": {"current_page": 1, "data": RECORDS}}).encode(),
        json.dumps({"data": {"0": RECORDS[0], "3": RECORDS[1]}}).encode(),
        b"\xef\xbb\xbf" + BARE.encode(),
        b"\n \xef\xbb\xbf\r\n" + BARE.encode() + b"\n\x00",
    ],
)
def test_forms_of_a_feed(data: bytes) -> None:
    assert read_page(data) == RECORDS


@pytest.mark.parametrize(
    "data", [b"0 results", b" 0 Results\n", b"[]", b'{"status": true, "data": []}', b'{"data": null}']
)
def test_empty_feeds(data: bytes) -> None:
    assert read_page(data) == []


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<!DOCTYPE html><title>Login</title>", "a web page came in place of JSON: '<!DOCTYPE html><title>Login"),
        (b"\xef\xbb\xbf<br />\n<b>Warning</b>: mysqli", "a web page"),
        (b"", "without content"),
        (BARE[:-200].encode(), "breaks off after"),
        (b"Connection failed: Access denied", "no JSON: 'Connection failed"),
        (b'{"status": false, "message": "token"}', "no list of acts"),
        (b'{"status": false, "data": null}', "no list of acts"),
        (b'"text"', "no list of acts"),
        (b"[" * 100_000, ""),
        (b"\xff\xfe\x00\x01", "no JSON"),
    ],
)
def test_what_is_no_feed_is_told(data: bytes, told: str) -> None:
    with pytest.raises(FeedError) as caught:
        read_page(data)
    assert told in str(caught.value)


def test_broken_texts_and_numbers_do_not_cost_the_feed() -> None:
    data = b'[{"judul": "Percepatan\n\tPenurunan \xe9", "idData": %s, "x": NaN, "y": 1e999, "z": {"a": [1]}}]' % (
        b"9" * 5000
    )
    (read,) = read_page(data)
    assert isinstance(read, dict)
    assert read["judul"] == "Percepatan\n\tPenurunan \ufffd"
    assert read["idData"] == "9" * 5000
    assert "z" not in read


PLAIN = ssl.create_default_context()


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def ask(site: Site, path: str = "/feed", *, paged: bool = True) -> Feed:
    manners = Manners(delay=0, wait=1, whole=2, attempts=2, first_pause=0.01)
    with Client(CheckedTransport(any_address, ssl_context=PLAIN), manners) as client:
        return read_feed(client, httpx.URL(site.url(path)), paged=paged)


def serve_pages(site: Site, total: int, most: int = PAGE_RECORDS, *, beyond: Reply | None = None) -> None:
    def answer(handler: Handler) -> Reply:
        limit = min(int(handler.query("limit") or 10), most)
        start = (int(handler.query("page") or 1) - 1) * limit
        page = [record(number, hits=len(site.asked)) for number in range(total)][start : start + limit]
        return beyond if beyond and not page else (200, {}, json.dumps(page).encode())

    site.answers["/feed"] = answer


@pytest.mark.parametrize(("total", "most"), [(0, 100), (1, 100), (100, 100), (101, 100), (250, 100), (35, 10)])
@pytest.mark.parametrize("beyond", [None, (404, {}, b""), (200, {}, b"0 results")])
def test_all_pages_are_read_once(site: Site, total: int, most: int, beyond: Reply | None) -> None:
    serve_pages(site, total, most, beyond=beyond if total else None)
    feed = ask(site)
    assert [entry["idData"] for entry in feed.records] == [str(100 + number) for number in range(total)]
    assert feed.problem is None
    assert len(site.asked) <= total // most + 2


@pytest.mark.parametrize("count", [3, PAGE_RECORDS, PAGE_RECORDS + 1])
def test_a_feed_that_ignores_pages_is_read_once(site: Site, count: int) -> None:
    site.feed(*(record(number) for number in range(count)), path="/feed")
    feed = ask(site)
    assert (len(feed.records), feed.pages) == (count, 1)
    assert len(site.asked) == (1 if count > PAGE_RECORDS else 2)


def test_a_page_or_limit_in_the_address_is_the_users(site: Site) -> None:
    serve_pages(site, 30)
    assert len(ask(site, "/feed?page=2&limit=5").records) == 5
    assert site.paths() == ["/feed?page=2&limit=5"]
    site.asked.clear()
    assert len(ask(site, "/feed?token=a%2Fb&limit=20").records) == 30
    assert site.paths()[0] == "/feed?token=a%2Fb&limit=20&page=1"
    site.asked.clear()
    assert len(ask(site, paged=False).records) == 10
    assert site.paths() == ["/feed"]


def test_a_page_that_fails_leaves_the_pages_before_it(site: Site) -> None:
    serve_pages(site, 150, beyond=None)
    good = site.answers["/feed"]
    site.answers["/feed"] = lambda handler: (500, {}, b"") if handler.query("page") == "2" else good(handler)
    feed = ask(site)
    assert len(feed.records) == 100
    assert feed.problem == "page 2: HTTP 500 Internal Server Error"
    site.answers["/feed"] = lambda _: (500, {}, b"")
    with pytest.raises(FeedError) as caught:
        ask(site)
    assert caught.value.outcome is Outcome.HTTP_ERROR


def test_a_compressed_feed_is_read_and_strange_codings_are_refused(site: Site) -> None:
    import gzip

    site.answers["/feed"] = lambda _: (200, {"Content-Encoding": "gzip"}, gzip.compress(BARE.encode()))
    assert list(ask(site).records) == RECORDS
    bomb = gzip.compress(gzip.compress(b"[" + b" " * 10_000_000 + b"]"))
    site.answers["/feed"] = lambda _: (200, {"Content-Encoding": "gzip, gzip"}, bomb)
    with pytest.raises(FeedError, match="coding"):
        ask(site)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("https://a.go.id/x.pdf", "https://a.go.id/x.pdf"),
        ("HTTP://A.go.id/x.pdf", "http://a.go.id/x.pdf"),
        (" \thttps://a.go.id/x y.pdf\r\n", "https://a.go.id/x%20y.pdf"),
        ("https://a.go.id/x%20y.pdf%0A", "https://a.go.id/x%20y.pdf"),
        ("https://a.go.id/x.pdf%0D%0a%20", "https://a.go.id/x.pdf"),
        ("https://a.go.id/a\nb.pdf#1", "https://a.go.id/ab.pdf"),
        ("jdih.blora.go.id/x.pdf", "https://jdih.blora.go.id/x.pdf"),
        ("jdih.blora.go.id:8080/x.pdf", "https://jdih.blora.go.id:8080/x.pdf"),
        ("//cdn.go.id/x.pdf", "https://cdn.go.id/x.pdf"),
        ("/files/x.pdf", "https://jdih.blora.go.id/files/x.pdf"),
        ("files/x.pdf", "https://jdih.blora.go.id/api/files/x.pdf"),
        ("../files/x.pdf", "https://jdih.blora.go.id/files/x.pdf"),
        ("perbup.no.6.pdf", "https://jdih.blora.go.id/api/perbup.no.6.pdf"),
        ("download.php/6", "https://jdih.blora.go.id/api/download.php/6"),
        ("unduh.php?id=6", "https://jdih.blora.go.id/api/unduh.php?id=6"),
        ("files\\x.pdf", "https://jdih.blora.go.id/api/files/x.pdf"),
        ("https://a.go.id/Peraturan – “6”.pdf", "https://a.go.id/Peraturan%20%E2%80%93%20%E2%80%9C6%E2%80%9D.pdf"),
    ],
)
def test_addresses_are_mended(given: str, expected: str) -> None:
    assert str(mended(given, FEED)) == expected


@pytest.mark.parametrize(
    "given",
    ["", " \n", "%0A", "ftp://a.go.id/x", "file:///etc/passwd", "javascript:alert(1)", "C:\\x.pdf", "https://", "data:,x",
     "https://u:p@a.go.id/x", "https://a.go.id/" + "x" * 3000, "https://[::1/x", "https://a.go.id:99999999/x"],
)  # fmt: skip
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(BadUrlError):
        mended(given, FEED)


@pytest.mark.parametrize("given", ["", "jdih.go.id", "ftp://a.go.id", "https://u:p@a.go.id/feed", "http://"])
def test_what_is_no_address_of_a_feed_is_refused(given: str) -> None:
    with pytest.raises(BadUrlError):
        typed(given)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("103.56.190.1", True),
        ("2404:8000::1", True),
        ("127.0.0.1", False),
        ("127.1.2.3", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fec0::1", False),
        ("fc00::1", False),
        ("ff0e::1", False),
        ("2001:db8::1", False),
        ("::ffff:8.8.8.8", True),
        ("::ffff:127.0.0.1", False),
        ("::ffff:169.254.169.254", False),
        ("::127.0.0.1", False),
        ("64:ff9b::8.8.8.8", True),
        ("64:ff9b::10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert public_only(ip_address(address)) is public


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "0"])
def test_odd_spellings_of_this_machine_are_seen_through(host: str) -> None:
    assert not any(public_only(ip_address(address)) for address in resolve(host, 80))


def test_every_outcome_is_documented() -> None:
    page = (Path(__file__).parent.parent / "docs" / "harvest.md").read_text("utf-8")
    assert not HELD & LEFT
    for outcome in Outcome:
        assert f"| `{outcome.value}` | {outcome.description} |" in page
