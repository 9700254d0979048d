"""Whole harvests from a site on loopback: what comes, what does not, and that every record is accounted for."""

from __future__ import annotations

import hashlib
import json
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import trustme

from pipeline.exit_codes import ExitCode
from pipeline.harvest.client import Client, Manners
from pipeline.harvest.feed import FeedError
from pipeline.harvest.network import CheckedTransport, any_address, public_only
from pipeline.harvest.outcomes import HELD, Outcome
from pipeline.harvest.plan import Wanted
from pipeline.harvest.run import Harvest, harvest
from pipeline.inputs import SIDECAR, Given, collect, read
from tests.feed_site import PDF, Handler, Reply, Site, record, served

QUICK = Manners(delay=0, wait=0.4, whole=1.0, attempts=3, first_pause=0.01, longest_pause=2.0)

PLAIN = ssl.create_default_context()
EVERYTHING = Wanted()


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def take(site: Site, folder: Path, wanted: Wanted = EVERYTHING, *, manners: Manners = QUICK, **options) -> Harvest:
    """Harvest the site's feed; whatever happens, the account of its records is whole."""
    allowed = options.pop("allowed", any_address)
    resolver = options.pop("resolver", lambda _host, _port: ["127.0.0.1"])
    url = httpx.URL(options.pop("url", site.url("/integrasi.php")))
    tls = options.pop("tls", PLAIN)
    with Client(CheckedTransport(allowed, resolver, tls), manners) as client:
        made = harvest(client, url, folder, wanted, **options)
    account(made, folder)
    return made


def account(made: Harvest, folder: Path) -> None:
    """Every record has one outcome, every file a record and a sidecar, and nothing half-written lies about."""
    assert [result.position for result in made.results] == list(range(1, len(made.feed.records) + 1))
    assert sum(made.counts.values()) == len(made.feed.records)
    told = json.loads(made.manifest.read_text("utf-8"))
    assert [entry["outcome"] for entry in told["records"]] == [result.outcome.value for result in made.results]
    held = [result for result in made.results if result.outcome in HELD]
    assert all((result.file is not None) == (result in held) for result in made.results)
    for result in held:
        data = (folder / str(result.file)).read_bytes()
        sidecar = json.loads((folder / str(result.file).replace(".pdf", SIDECAR)).read_text("utf-8"))
        assert sidecar["sha256"] == hashlib.sha256(data).hexdigest()
        assert sidecar["bytes"] == len(data)
    assert not list(folder.glob(".*"))


def outcomes(made: Harvest) -> list[Outcome]:
    return [result.outcome for result in made.results]


def test_new_unchanged_changed(site: Site, tmp_path: Path) -> None:
    site.feed(record(6), record(7))
    site.pdf("/files/6.pdf")
    site.pdf("/files/7.pdf", PDF + b"7")
    assert outcomes(first := take(site, tmp_path)) == [Outcome.NEW, Outcome.NEW]
    assert first.exit_code == ExitCode.OK
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if "harvest-" not in path.name}

    site.asked.clear()
    assert outcomes(take(site, tmp_path)) == [Outcome.UNCHANGED, Outcome.UNCHANGED]
    conditional = [headers for path, headers, _ in site.asked if path.startswith("/files/")]
    assert all("If-None-Match" in headers and "If-Modified-Since" in headers for headers in conditional)
    assert {path: path.read_bytes() for path in before} == before

    site.pdf("/files/7.pdf", PDF + b"another")
    site.feed(record(6, status="tidak berlaku"), record(7))
    assert outcomes(last := take(site, tmp_path)) == [Outcome.RECORD_CHANGED, Outcome.CHANGED]
    assert (tmp_path / str(last.results[1].file)).read_bytes() == PDF + b"another"
    assert '"tidak berlaku"' in (tmp_path / str(last.results[0].file)).with_suffix(".source.json").read_text("utf-8")


def test_the_second_manifest_of_the_same_state_has_the_same_bytes(site: Site, tmp_path: Path) -> None:
    site.feed(record(6), record(7, urlDownload=""))
    site.pdf("/files/6.pdf")
    take(site, tmp_path)
    second = take(site, tmp_path).manifest.read_bytes()
    assert take(site, tmp_path).manifest.read_bytes() == second


def test_without_validators_bytes_are_compared(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    site.pdf("/files/6.pdf", validators=False)
    assert outcomes(take(site, tmp_path)) == [Outcome.NEW]
    assert outcomes(take(site, tmp_path)) == [Outcome.UNCHANGED]


def test_a_file_that_was_damaged_or_lost_here_is_fetched_again(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    site.pdf("/files/6.pdf")
    file = tmp_path / str(take(site, tmp_path).results[0].file)
    for spoil in (lambda: file.write_bytes(PDF[:20]), file.unlink):
        spoil()
        assert outcomes(take(site, tmp_path)) == [Outcome.NEW]
        assert file.read_bytes() == PDF
    file.with_suffix(".source.json").write_text('{"origin": "x", "etag": 5}')
    assert outcomes(take(site, tmp_path)) == [Outcome.NEW]


def test_the_run_reads_origin_and_record_from_the_sidecar(site: Site, tmp_path: Path) -> None:
    site.feed(record(6, judul="A\ud800\x00B", abstrak="x" * 100_000))
    site.pdf("/files/6.pdf")
    take(site, tmp_path)
    (given,) = collect([tmp_path])
    file = read(given)
    assert file.origin == site.url("/files/6.pdf")
    assert file.record is not None
    assert (file.record.jenis, file.record.number, file.record.year) == ("perbup", "6", 2024)
    assert file.findings == ()
    (tmp_path / "own.txt").write_text("x")
    (tmp_path / f"own{SIDECAR}").write_text('{"origin": "a drawer", "record": [1]}')
    assert read(Given("own.txt", tmp_path / "own.txt")).record is None


def test_names_never_come_from_the_feed(site: Site, tmp_path: Path) -> None:
    evil = "../../etc/passwd"
    site.feed(record(6, idData=evil, fileDownload=evil, judul=evil), record(7, idData="con\x00\n", noPeraturan="/"))
    for number in (6, 7):
        site.pdf(f"/files/{number}.pdf")
    take(site, tmp_path / "in")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]
    stems = {path.name.split(".")[0].removeprefix("harvest-") for path in (tmp_path / "in").iterdir()}
    assert len(stems) == 3
    assert all(len(stem) == 16 and set(stem) <= set("0123456789abcdef") for stem in stems)


def test_filters_and_limit(site: Site, tmp_path: Path) -> None:
    site.feed(
        record(6),
        record(7, tahun_pengundangan="2023", tanggal_pengundangan="2023"),
        record(8, jenis="Peraturan Daerah", singkatanJenis="PERDA", judul="Peraturan Daerah tentang Stunting"),
        record(9, judul="Pajak"),
        record(10),
        record(11),
    )
    for number in range(6, 12):
        site.pdf(f"/files/{number}.pdf")
    wanted = Wanted(frozenset({"perbup"}), frozenset({2024}), ("PENURUNAN  stunting",))
    expected = [Outcome.NEW, *[Outcome.FILTERED] * 3, Outcome.NEW, Outcome.OVER_LIMIT]
    assert outcomes(take(site, tmp_path, wanted, limit=2)) == expected
    assert sorted(path for path in site.paths() if path.startswith("/files")) == ["/files/10.pdf", "/files/6.pdf"]
    # What is here already does not use up the limit.
    assert outcomes(take(site, tmp_path, wanted, limit=1))[-1] == Outcome.NEW


def test_addresses_as_sites_give_them(site: Site, tmp_path: Path) -> None:
    host = f"127.0.0.1:{site.port}"
    for path in ("/files/a%20b.pdf", "/files/scheme.pdf", "/files/tail.pdf", "/files/relative.pdf"):
        site.pdf(path)
    site.feed(
        record(1, urlDownload=f" http://{host}/files/a b.pdf "),
        record(2, urlDownload=f"{host}/files/scheme.pdf"),
        record(3, urlDownload=f"http://{host}/files/tail.pdf%0A"),
        record(4, urlDownload="files/relative.pdf"),
        record(5, urlDownload=""),
        record(6, urlDownload="-"),
        record(7, urlDownload=None),
        record(8, urlDownload="file:///etc/passwd"),
        record(9, urlDownload="C:\\skripsi\\perbup.pdf"),
        record(10, urlDownload=f"http://user:secret@{host}/files/tail.pdf"),
        record(11, urlDownload=f"http://{host}/files/tail.pdf#page=2"),
        "no record",
        ["no record"],
        None,
        record(12, urlDownload=f"http://{host}/" + "a" * 5000),
        {"judul": ["x"]},
        {f"f{n}": "x" * 2000 for n in range(40)},
    )
    made = take(site, tmp_path)
    assert outcomes(made) == [
        *[Outcome.NEW] * 4,
        *[Outcome.NO_URL] * 3,
        *[Outcome.BAD_URL] * 3,
        Outcome.DUPLICATE,
        *[Outcome.BAD_RECORD] * 3,
        Outcome.BAD_URL,
        Outcome.NO_URL,
        Outcome.BAD_RECORD,
    ]
    assert made.exit_code == ExitCode.INCOMPLETE


def test_an_act_twice_is_fetched_once_and_an_id_twice_is_no_key(site: Site, tmp_path: Path) -> None:
    site.feed(record(6), record(6), record(6, urlDownload="/files/lampiran.pdf"), record(7, urlDownload="/files/6.pdf"))
    site.pdf("/files/6.pdf")
    site.pdf("/files/lampiran.pdf", PDF + b"lampiran")
    made = take(site, tmp_path)
    assert outcomes(made) == [Outcome.NEW, Outcome.DUPLICATE, Outcome.NEW, Outcome.DUPLICATE]
    assert made.results[0].file != made.results[2].file
    assert site.paths().count("/files/6.pdf") == 1
    # The order in the feed does not change names.
    site.feed(record(6, urlDownload="/files/lampiran.pdf"), record(6))
    assert outcomes(take(site, tmp_path)) == [Outcome.UNCHANGED, Outcome.UNCHANGED]


def test_what_is_no_pdf_is_refused_and_told(site: Site, tmp_path: Path) -> None:
    site.feed(record(1), record(2), record(3))
    html = b"<html><title>404 \x1b[31m</title>" + b"x" * 5000
    site.answers["/files/1.pdf"] = lambda _: (200, {"Content-Type": "application/pdf"}, html)
    site.answers["/files/2.pdf"] = lambda _: (200, {}, b"")
    site.answers["/files/3.pdf"] = lambda _: (200, {}, b"\n\n" + PDF)
    made = take(site, tmp_path)
    assert outcomes(made) == [Outcome.NOT_PDF, Outcome.NOT_PDF, Outcome.NEW]
    assert "application/pdf, begins '<html>" in str(made.results[0].message)
    assert made.results[1].message == "an empty file"


def test_a_bad_answer_leaves_the_good_file_of_before(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    site.pdf("/files/6.pdf", validators=False)
    file = tmp_path / str(take(site, tmp_path).results[0].file)
    bad: list[Reply] = [(200, {}, b"<html>"), (500, {}, b""), (200, {}, PDF + b"x" * 1000)]
    for reply in bad:
        site.answers["/files/6.pdf"] = lambda _, reply=reply: reply
        assert outcomes(take(site, tmp_path, max_bytes=500))[0].missed
        assert file.read_bytes() == PDF


def test_too_large_told_and_untold(site: Site, tmp_path: Path) -> None:
    def endless(handler: Handler) -> None:
        handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = PDF + b"x" * 10_000
        for _ in range(2000):
            if handler.close_connection:
                return
            handler.raw(b"%x\r\n%s\r\n" % (len(piece), piece))

    site.feed(record(1), record(2))
    site.pdf("/files/1.pdf", PDF + b"x" * 200_000)
    site.answers["/files/2.pdf"] = endless
    made = take(site, tmp_path, max_bytes=100_000)
    assert outcomes(made) == [Outcome.TOO_LARGE, Outcome.TOO_LARGE]
    assert [result.message for result in made.results] == [
        f"{len(PDF) + 200_000} bytes; at most 100000 are read",
        "more than 100000 bytes",
    ]
    assert site.paths().count("/files/1.pdf") == 1


def test_slow_trickling_and_cut_off(site: Site, tmp_path: Path) -> None:
    def silent(_: Handler) -> None:
        time.sleep(0.8)

    def trickled(start: bytes):
        def answer(handler: Handler) -> None:
            handler.raw(start)
            for _ in range(40):
                if handler.close_connection:
                    return
                time.sleep(0.1)
                handler.raw(b"x")

        return answer

    def cut(head: bytes):
        def answer(handler: Handler) -> None:
            handler.raw(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + PDF[:30])

        return answer

    site.feed(*(record(number) for number in range(1, 7)))
    site.answers["/files/1.pdf"] = silent
    site.answers["/files/2.pdf"] = trickled(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n%PDF-1.7")
    site.answers["/files/3.pdf"] = trickled(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    site.answers["/files/4.pdf"] = cut(b"Content-Length: 1000\r\n")
    site.answers["/files/5.pdf"] = cut(b"Connection: close\r\n")
    site.answers["/files/6.pdf"] = cut(b"Transfer-Encoding: chunked\r\n")
    made = take(site, tmp_path, manners=Manners(0, 0.4, 0.7, 2, 0.01, 1.0, failures=100))
    assert outcomes(made) == [*[Outcome.TIMED_OUT] * 3, *[Outcome.CUT_OFF] * 3]
    # A host that is merely slow is not asked for the same trickle again; a broken connection is tried anew.
    assert [site.paths().count(f"/files/{number}.pdf") for number in range(1, 7)] == [2, 1, 1, 2, 2, 2]


def test_a_fault_that_passes(site: Site, tmp_path: Path) -> None:
    def after(*bad: Reply):
        left = list(bad)
        return lambda _: left.pop(0) if left else (200, {}, PDF)

    site.feed(record(1), record(2), record(3), record(4))
    site.answers["/files/1.pdf"] = after((500, {}, b""), (503, {}, b""))
    site.answers["/files/2.pdf"] = after((429, {"Retry-After": "1"}, b""))
    site.answers["/files/3.pdf"] = after((429, {"Retry-After": "86400"}, b""))
    site.answers["/files/4.pdf"] = after((404, {}, b""))
    made = take(site, tmp_path)
    assert outcomes(made) == [Outcome.NEW, Outcome.NEW, Outcome.HTTP_ERROR, Outcome.HTTP_ERROR]
    first, again = [at for path, _, at in site.asked if path == "/files/2.pdf"]
    assert again - first >= 1.0
    assert [site.paths().count(f"/files/{number}.pdf") for number in (3, 4)] == [1, 1]
    assert made.results[3].message == "HTTP 404 Not Found"


def test_a_host_that_keeps_failing_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.feed(*(record(number) for number in range(1, 6)))
    for number in range(1, 6):
        site.answers[f"/files/{number}.pdf"] = lambda _: (503, {}, b"")
    made = take(site, tmp_path, manners=Manners(0, 1, 1, 2, 0.01, 1.0, failures=2))
    assert outcomes(made) == [*[Outcome.HTTP_ERROR] * 2, *[Outcome.HOST_DOWN] * 3]
    assert len([path for path in site.paths() if path.startswith("/files")]) == 4


def test_requests_to_a_host_keep_their_distance_and_name_the_program(site: Site, tmp_path: Path) -> None:
    site.feed(record(1), record(2))
    site.pdf("/files/1.pdf")
    site.pdf("/files/2.pdf")
    take(site, tmp_path, manners=Manners(delay=0.2, attempts=1), paged=False)
    times = [at for _, _, at in site.asked]
    assert all(later - earlier >= 0.19 for earlier, later in pairwise(times))
    assert {headers["User-Agent"].partition("/")[0] for _, headers, _ in site.asked} == {"perbup-to-parquet"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_their_end_is_the_origin(site: Site, tmp_path: Path, status: int) -> None:
    site.feed(record(6))
    site.answers["/files/6.pdf"] = lambda _: (status, {"Location": "/new/6.pdf"}, b"x" * 100)
    site.pdf("/new/6.pdf")
    made = take(site, tmp_path)
    assert outcomes(made) == [Outcome.NEW]
    sidecar = json.loads((tmp_path / str(made.results[0].file)).with_suffix(".source.json").read_text("utf-8"))
    assert (sidecar["url"], sidecar["origin"]) == (site.url("/files/6.pdf"), site.url("/new/6.pdf"))


def test_redirects_that_lead_nowhere(site: Site, tmp_path: Path) -> None:
    places = ["/files/1.pdf", "file:///etc/passwd", "http://a:b@127.0.0.1/", "http://[::1/"]
    site.feed(*(record(number) for number in range(1, 5)))
    for number, place in enumerate(places, start=1):
        site.answers[f"/files/{number}.pdf"] = lambda _, place=place: (302, {"Location": place}, b"")
    made = take(site, tmp_path)
    assert outcomes(made)[0] == Outcome.HTTP_ERROR
    assert made.results[0].message == "more than 5 redirects"
    assert all(outcome in (Outcome.BAD_URL, Outcome.HTTP_ERROR) for outcome in outcomes(made)[1:])
    assert site.paths().count("/files/1.pdf") == 6


def test_a_redirect_into_a_private_network_is_refused_unless_allowed(site: Site, tmp_path: Path) -> None:
    """`jdih.test` stands for a public host, `intern.test` for one behind the firewall; both are this machine."""
    addresses = {"jdih.test": "127.0.0.1", "intern.test": "127.0.0.2"}
    url = site.url("/integrasi.php", "jdih.test")
    site.feed(record(6), record(7, urlDownload=site.url("/files/7.pdf", "intern.test")))
    site.answers["/files/6.pdf"] = lambda _: (302, {"Location": site.url("/secret.pdf", "intern.test")}, b"")
    site.pdf("/secret.pdf")

    def options(may: set[str]) -> dict[str, object]:
        asked = {ip_address(address) for address in may}
        return {"url": url, "allowed": asked.__contains__, "resolver": lambda host, _port: [addresses[host]]}

    made = take(site, tmp_path, **options({"127.0.0.1"}))
    assert outcomes(made) == [Outcome.PRIVATE_ADDRESS, Outcome.PRIVATE_ADDRESS]
    assert made.results[0].message == "the host is at 127.0.0.2"
    assert "/secret.pdf" not in site.paths()
    both = take(site, tmp_path, **{**options(set(addresses.values())), "manners": Manners(0, 1, 1, 1, 0.01)})
    # The site listens at one address only: the name was let through, and nothing answered there.
    assert outcomes(both) == [Outcome.UNREACHABLE, Outcome.UNREACHABLE]
    open_to_all = {**options(set()), "allowed": any_address, "resolver": lambda _host, _port: ["127.0.0.1"]}
    site.pdf("/files/7.pdf")
    assert outcomes(take(site, tmp_path, **open_to_all)) == [Outcome.NEW, Outcome.NEW]


def test_the_address_that_was_checked_is_the_one_connected_to(site: Site, tmp_path: Path) -> None:
    """A name that resolves to a public address first and to a private one the next moment."""
    site.feed(record(6))
    site.pdf("/files/6.pdf")
    resolved: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.1"] if len(resolved) == 1 else ["127.0.0.2"]

    def allowed(address: object) -> bool:
        return str(address) == "127.0.0.1"

    close_each = Manners(delay=0, attempts=1)
    site.answers["/integrasi.php"] = _closing(site.answers["/integrasi.php"])
    made = take(
        site, tmp_path, url=site.url("/integrasi.php", "jdih.test"), allowed=allowed, resolver=rebinding,
        manners=close_each, paged=False,
    )  # fmt: skip
    # The name was asked once a connection, never between the check and the connection.
    assert resolved == ["jdih.test", "jdih.test"]
    assert outcomes(made) == [Outcome.PRIVATE_ADDRESS]
    assert site.asked[0][1]["Host"] == f"jdih.test:{site.port}"


def _closing(answer):
    def closed(handler: Handler) -> Reply | None:
        status, headers, body = answer(handler)
        handler.close_connection = True
        return status, {**headers, "Connection": "close"}, body

    return closed


def test_tls_is_checked_against_the_name(tmp_path: Path) -> None:
    """The connection goes to an address; the certificate is still that of the name."""
    authority = trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("jdih.test").configure_cert(context)
    with served(context) as site:
        site.feed(record(6), record(7, urlDownload=site.url("/files/7.pdf", "other.test")))
        site.pdf("/files/6.pdf")
        site.pdf("/files/7.pdf")
        made = take(site, tmp_path / "in", url=site.url("/integrasi.php", "jdih.test"), tls=trusting)
    assert outcomes(made) == [Outcome.NEW, Outcome.UNREACHABLE]
    assert "/files/7.pdf" not in site.paths()


def test_a_private_feed_is_refused_by_default(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    with pytest.raises(FeedError) as caught:
        take(site, tmp_path, allowed=public_only)
    assert caught.value.outcome is Outcome.PRIVATE_ADDRESS
    assert site.asked == []


def test_an_interrupt_ends_in_order_and_the_next_run_goes_on(site: Site, tmp_path: Path) -> None:
    def interrupted(_: Handler) -> Reply:
        import _thread

        _thread.interrupt_main()
        time.sleep(0.2)
        return 200, {}, PDF

    site.feed(record(1), record(2), record(3, urlDownload=""))
    site.answers["/files/1.pdf"] = interrupted
    site.pdf("/files/2.pdf")
    made = take(site, tmp_path)
    assert outcomes(made) == [Outcome.NOT_REACHED, Outcome.NOT_REACHED, Outcome.NO_URL]
    assert (made.interrupted, made.exit_code) == (True, ExitCode.INCOMPLETE)
    site.pdf("/files/1.pdf")
    assert outcomes(take(site, tmp_path)) == [Outcome.NEW, Outcome.NEW, Outcome.NO_URL]
