from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from tests import feed_site, made_pdf


@pytest.fixture
def site() -> Iterator[feed_site.Site]:
    with feed_site.served() as served:
        yield served


def update(folder: Path, *feeds: str) -> Result:
    given = ["update", *feeds, "--into", str(folder / "in"), "-o", str(folder / "out"), "--allow-private"]
    return CliRunner().invoke(main, given)


def act(number: int) -> bytes:
    return made_pdf.made(made_pdf.paragraph(f"PERATURAN BUPATI BLORA NOMOR {number} TAHUN 2024"))


def test_an_update_fetches_publishes_and_tells_what_is_new(tmp_path: Path, site: feed_site.Site) -> None:
    feed = site.feed(feed_site.record(6, urlDownload=site.pdf("/6.pdf", act(6))))
    first = update(tmp_path, feed)
    assert first.exit_code in (ExitCode.OK, ExitCode.INCOMPLETE), first.output
    assert "first release" in first.stdout
    again = update(tmp_path, feed)
    assert (again.exit_code, again.stdout) == (first.exit_code, "")
    site.feed(
        feed_site.record(6, urlDownload=site.url("/6.pdf")),
        feed_site.record(7, urlDownload=site.pdf("/7.pdf", act(7))),
    )
    more = update(tmp_path, feed)
    assert more.exit_code in (ExitCode.OK, ExitCode.INCOMPLETE)
    assert "sources" in more.stdout
    assert len(list((tmp_path / "in").glob("*.pdf"))) == 2


def test_a_feed_that_fails_costs_only_itself(tmp_path: Path, site: feed_site.Site) -> None:
    feed = site.feed(feed_site.record(6, urlDownload=site.pdf("/6.pdf", act(6))))
    done = update(tmp_path, site.url("/nothing.php"), feed)
    assert done.exit_code == ExitCode.FAILED
    assert (tmp_path / "out" / "manifest.json").exists()


def test_what_stops_the_run_leaves_the_old_release(tmp_path: Path, site: feed_site.Site) -> None:
    feed = site.feed(feed_site.record(6, urlDownload=site.pdf("/6.pdf", act(6))))
    update(tmp_path, feed)
    before = (tmp_path / "out" / "manifest.json").read_bytes()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    assert update(tmp_path, feed).exit_code == ExitCode.USAGE
    assert (tmp_path / "out" / "manifest.json").read_bytes() == before
