"""Floors: what is missed stops a publication, and what cannot be meant is an error."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import emit
from pipeline import run as stages
from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.floors import NEEDED, SHARES, Floors, FloorsError, load, missed
from pipeline.run import FloorsMissedError, run
from pipeline.schema import BY_NAME
from tests import published
from tests.test_run import fake_parse, write

README = Path(__file__).parent.parent / "README.md"


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(stages, "parse", fake_parse)
    monkeypatch.chdir(tmp_path)
    return


def tables(statuses: list[str], matches: list[str | None]) -> dict:
    """Targets of these statuses, and as many indicators as `matches` says which match each has."""
    made = published.made_rows()
    (target,), (indicator,), (match,) = made["indicator_targets"], made["indicators"], made["indicator_matches"]
    made["indicator_targets"] = [{**target, "target_no": n, "status": status} for n, status in enumerate(statuses, 1)]
    made["indicators"] = [{**indicator, "indicator_id": f"x#{n}"} for n in range(len(matches))]
    made["indicator_matches"] = [
        {**match, "indicator_id": f"x#{n}", "status": status} for n, status in enumerate(matches) if status
    ]
    return emit.arrow_tables(made)


STATUSES = st.lists(st.sampled_from(["ok", "text", "lost", "ambiguous"]), min_size=1, max_size=20)
MATCHES = st.lists(st.sampled_from([None, "reviewed", "certain", "candidate"]), min_size=1, max_size=20)


@given(STATUSES, MATCHES, st.integers(0, 100))
@settings(max_examples=50, deadline=None)
def test_a_floor_is_missed_where_less_is_reached(statuses: list[str], matches: list, percent: int) -> None:
    made, least = tables(statuses, matches), percent / 100
    trusted = sum(status in ("reviewed", "certain") for status in matches)
    for name, reached in (("targets_ok", statuses.count("ok") / len(statuses)), ("matched", trusted / len(matches))):
        assert bool(missed(Floors({}, {name: least}), made)) == (reached < least)
        assert missed(Floors({}, {name: reached}), made) == []
    for name, table in made.items():
        assert missed(Floors({name: table.num_rows}, {}), made) == []
        (told,) = missed(Floors({name: table.num_rows + 3}, {}), made)
        assert told == f"[rows] {name} = {table.num_rows + 3}: {table.num_rows} rows, 3 too few"


def test_an_indicator_with_two_matches_counts_once() -> None:
    made = published.made_rows()
    made["indicator_matches"] *= 2
    made["indicators"] *= 2
    made["indicators"][1] = {**made["indicators"][1], "indicator_id": "another"}
    (told,) = missed(Floors({}, {"matched": 0.75}), emit.arrow_tables(made))
    assert told == f"[share] matched = 0.75: 0.5000, 0.2500 too low: 1 of 2 {SHARES['matched']}"


def test_a_share_of_nothing_is_none() -> None:
    empty = emit.arrow_tables({name: [] for name in BY_NAME})
    for name in SHARES:
        assert len(missed(Floors({}, {name: 0.1}), empty)) == 1
        assert missed(Floors({}, {name: 0.0}), empty) == []
        assert len(missed(Floors({}, {name: 0.1}), {})) == 1
    assert NEEDED.keys() == SHARES.keys()


BAD = [
    ("[rows]\ndocument = 2", "[rows] has no floor document; known are sources, "),
    ("[share]\nread = 0.5", "[share] has no floor read; known are parsed, targets_ok, matched"),
    ("[columns]\nx = 1", "there is no section columns; known are [rows], [share]"),
    ("documents = 2", "there is no section documents"),
    ("rows = 2", "write [rows]"),
    ("[rows]\ndocuments = 2.5", "a whole number of rows is needed"),
    ("[rows]\ndocuments = true", "a number from 0 is needed"),
    ("[rows]\ndocuments = '2'", "a number from 0 is needed"),
    ("[rows]\ndocuments = -1", "a number from 0 is needed"),
    ("[rows]\ndocuments = {a = 1}", "a number from 0 is needed"),
    ("[share]\nparsed = 90", "a share is between 0 and 1"),
    ("[share]\nparsed = nan", "a number from 0 is needed"),
    ("[share]\nparsed = inf", "a share is between 0 and 1"),
    ("[rows]\ndocuments = inf", "a whole number of rows is needed"),
    ("[rows]\ndocuments = 1\ndocuments = 2", "is no TOML"),
    ("[rows", "is no TOML"),
    ("\udcff", "is no TOML"),
    ("[rows]\n\x1b[31m = 1", "is no TOML"),
]


@pytest.mark.parametrize(("content", "problem"), BAD, ids=[problem for _, problem in BAD])
def test_what_cannot_be_meant_is_an_error(tmp_path: Path, content: str, problem: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(FloorsError) as raised:
        load(path)
    assert str(path) in str(raised.value)
    assert problem in str(raised.value)
    output = published.publish(tmp_path / "out")
    for command in (("check", output), ("run", write(tmp_path / "in", a="body"), "-o", output)):
        done = call(*command, "--floors", path)
        assert (done.exit_code, done.stdout) == (ExitCode.USAGE, "")
        assert "\x1b" not in done.stderr


@pytest.mark.parametrize("kind", ["missing", "folder", "dangling"])
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, kind: str) -> None:
    output = published.publish(tmp_path / "out")
    path = tmp_path / "floors.toml"
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    if kind != "missing":
        assert call("check", output).exit_code == ExitCode.USAGE, "the file beside the command counts"
    assert call("check", output, "--floors", path).exit_code == ExitCode.USAGE


def test_a_missed_floor_leaves_the_old_release(tmp_path: Path) -> None:
    given, output = write(tmp_path / "in", a="body", b="novel"), tmp_path / "out"
    run([given], output)
    before = published.files(output)
    with pytest.raises(FloorsMissedError, match="parsed"):
        run([given], output, floors=Floors({}, {"parsed": 0.9}))
    (tmp_path / "floors.toml").write_text("[rows]\ndocuments = 2\n[share]\nparsed = 0.9\n")
    done = call("run", given, "-o", output)
    assert (done.exit_code, done.stdout) == (ExitCode.FAILED, "")
    assert done.stderr.splitlines()[:2] == [
        "floor missed: [rows] documents = 2: 1 rows, 1 too few",
        f"floor missed: [share] parsed = 0.9: 0.5000, 0.4000 too low: 1 of 2 {SHARES['parsed']}",
    ]
    assert published.files(output) == before
    checked = call("check", output)
    assert checked.exit_code == ExitCode.FAILED
    assert checked.stdout.splitlines() == done.stderr.splitlines()[:2]
    (tmp_path / "floors.toml").write_text("[rows]\ndocuments = 1\n[share]\nparsed = 0.5\n")
    assert call("run", given, "-o", output).exit_code == ExitCode.INCOMPLETE
    assert call("check", output).exit_code == ExitCode.OK


def test_the_readme_names_every_share_and_its_example_is_read(tmp_path: Path) -> None:
    text = README.read_text("utf-8")
    for name, meaning in SHARES.items():
        assert f"| `{name}` | {meaning} |" in text
    (example,) = [block for block in text.split("```toml\n")[1:] if "[share]" in block]
    path = tmp_path / "floors.toml"
    path.write_text(example.partition("```")[0])
    assert load(path) == Floors(**tomllib.loads(path.read_text()))
