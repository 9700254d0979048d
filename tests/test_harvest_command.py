"""`perbup harvest` as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from tests.feed_site import Site, record, served


@pytest.fixture
def site() -> Iterator[Site]:
    with served() as site:
        yield site


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["harvest", *(str(argument) for argument in arguments)])


def at(site: Site, folder: Path, *more: object) -> Result:
    return call(site.url("/integrasi.php"), "-o", folder, "--delay", 0, "--allow-private", *more)


def test_a_harvest_and_the_next_command(site: Site, tmp_path: Path) -> None:
    site.feed(record(6), record(7, jenis="Keputusan Bupati", singkatanJenis="KEPBUP"))
    site.pdf("/files/6.pdf")
    done = at(site, tmp_path / "in", "--jenis", "PERATURAN BUPATI", "--year", "2022..2024", "--title", "stunting")
    assert done.exit_code == ExitCode.OK, done.output
    assert done.stderr == ""
    lines = [line.split() for line in done.stdout.splitlines()]
    assert ["1", "new"] in [line[:2] for line in lines]
    assert ["1", "filtered"] in [line[:2] for line in lines]
    assert f"perbup run {tmp_path / 'in'}" in done.stdout
    assert at(site, tmp_path / "in", "--quiet").stdout == ""


def test_what_did_not_come_is_told_and_never_obeyed(site: Site, tmp_path: Path) -> None:
    site.feed(record(6, idData="\x1b[31m6"), *(record(number, urlDownload="ftp://x/y") for number in range(30)))
    site.answers["/files/6.pdf"] = lambda _: (200, {"Content-Type": "text/html"}, "<p>\x1b]0;x\x07\u202e".encode())
    done = at(site, tmp_path)
    assert done.exit_code == ExitCode.INCOMPLETE
    assert "not_pdf: record 1 (\\x1b[31m6): what came is no PDF: text/html" in done.stderr
    assert not set(done.output) & set("\x1b\x07\u202e")
    assert "and 11 more: see" in done.stderr.splitlines()[-1]


def test_json_is_a_line_a_record(site: Site, tmp_path: Path) -> None:
    site.feed(record(6), record(7, urlDownload="-"), "x")
    site.pdf("/files/6.pdf")
    done = at(site, tmp_path, "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(line["position"], line["outcome"]) for line in lines] == [(1, "new"), (2, "no_url"), (3, "bad_record")]
    assert (tmp_path / lines[0]["file"]).exists()
    manifests = list(tmp_path.glob("harvest-*.json"))
    assert [json.loads(path.read_text("utf-8"))["records"] for path in manifests] == [lines]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["jdih.go.id"], "no address of a feed"),
        (["file:///etc/passwd"], "no address of a feed"),
        (["https://u:secret@jdih.go.id/feed"], "no address of a feed"),
        (["https://jdih.go.id", "--year", "24"], "neither a year nor a range"),
        (["https://jdih.go.id", "--year", "2024-2020"], "neither a year nor a range"),
        (["https://jdih.go.id", "--jenis", "surat"], "'surat' is none of"),
        (["https://jdih.go.id", "--limit", "0"], "--limit"),
        ([], "FEED_URL"),
    ],
)
def test_a_wrong_call_asks_nobody(arguments: list[str], told: str) -> None:
    done = call(*arguments)
    assert done.exit_code == ExitCode.USAGE
    assert done.stdout == ""
    assert told in done.stderr


@pytest.mark.parametrize(
    ("status", "body", "told"),
    [
        (200, b"<html>Selamat datang</html>", "a web page came in place of JSON"),
        (200, b"[{", "the JSON breaks off"),
        (404, b"", "HTTP 404"),
    ],
)
def test_a_feed_that_cannot_be_read(site: Site, tmp_path: Path, status: int, body: bytes, told: str) -> None:
    site.answers["/integrasi.php"] = lambda _: (status, {}, body)
    done = at(site, tmp_path / "in")
    assert done.exit_code == ExitCode.FAILED
    assert told in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Try: perbup harvest http://127.0.0.1")
    assert not (tmp_path / "in").exists()


def test_private_addresses_need_a_word(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    done = call(site.url("/integrasi.php"), "-o", tmp_path)
    assert done.exit_code == ExitCode.FAILED
    assert "127.0.0.1" in done.stderr
    assert done.stderr.splitlines()[-1].endswith("--allow-private")
    assert site.asked == []


def test_a_feed_that_breaks_off_is_told(site: Site, tmp_path: Path) -> None:
    page = [record(number, urlDownload="") for number in range(100)]
    site.answers["/integrasi.php"] = lambda handler: (
        (200, {}, json.dumps(page).encode()) if handler.query("page") == "1" else (403, {}, b"")
    )
    done = at(site, tmp_path)
    assert done.exit_code == ExitCode.INCOMPLETE
    assert "not read to its end: page 2: HTTP 403" in done.stderr
    assert "100 records on 1 pages" in done.stdout


def test_an_empty_feed_is_no_fault(site: Site, tmp_path: Path) -> None:
    site.answers["/integrasi.php"] = lambda _: (200, {"Content-Type": "application/json"}, b"0 results")
    done = at(site, tmp_path)
    assert done.exit_code == ExitCode.OK
    assert "0 records" in done.stdout


def test_a_folder_that_cannot_be_written(site: Site, tmp_path: Path) -> None:
    site.feed(record(6))
    site.pdf("/files/6.pdf")
    (tmp_path / "file").write_text("")
    done = at(site, tmp_path / "file" / "in")
    assert done.exit_code == ExitCode.FAILED
    assert "cannot write" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
