"""Acts read from object storage and releases published there: the same rows, and never half a release for a whole."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

pytest.importorskip("s3fs", reason="the extra `scale` is not installed")
pytest.importorskip("upath", reason="the extra `scale` is not installed")

from pipeline import bucket, emit, parsing, parts
from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.inputs import collect
from pipeline.progress import unwatched
from pipeline.schema import TABLES
from pipeline.storage import NoStorageError, StorageError, asked, is_remote, place, stand_in
from tests import bucket_server
from tests.many_acts import acts
from tests.published import made_rows

ROOT = Path(__file__).parent.parent
RAW, RELEASE = "s3://bucket/raw", "s3://bucket/release"
SEED = 3


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    # Imported here, it need not be imported by each run's processes.
    parts.ready()
    parsing.prepare(False)
    import s3fs  # noqa: F401

    with bucket_server.serving() as environment:
        yield environment


@pytest.fixture(autouse=True)
def s3(server: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """A client, and an empty bucket in an empty folder."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    import boto3

    client = boto3.client("s3")
    yield client
    for name in held(client, ""):
        client.delete_object(Bucket="bucket", Key=name)


def held(client: Any, prefix: str) -> dict[str, bytes]:
    found = client.list_objects_v2(Bucket="bucket", Prefix=prefix).get("Contents", [])
    return {one["Key"]: client.get_object(Bucket="bucket", Key=one["Key"])["Body"].read() for one in found}


def given(client: Any, count: int = 4) -> dict[str, str]:
    texts = dict(acts(count, SEED))
    for name, text in texts.items():
        client.put_object(Bucket="bucket", Key=f"raw/{name}", Body=text.encode())
    return texts


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def run(*more: str) -> Result:
    return call("run", RAW, "-o", RELEASE, "--workers", 2, "--quiet", *more)


def manifest(client: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(held(client, "release/manifest.json")["release/manifest.json"])
    return told


def fetched(client: Any, to: Path) -> Path:
    for name, data in held(client, "release/").items():
        path = to / name.removeprefix("release/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return to


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = pq.read_table(folder / table).to_pylist()
    return sorted(read, key=repr)


def publish(title: str, made_from: str = "") -> None:
    """A small release whose acts have that title."""
    made = made_rows()
    for row in (*made["documents"], *made["provisions"]):
        row["title" if "title" in row else "heading"] = title

    def write(folder: Path) -> list[emit.FileFacts]:
        return [emit.write_table(folder, name, "all", table) for name, table in emit.arrow_tables(made).items()]

    output = place(RELEASE)
    assert is_remote(output)
    facts = {"files_given": len(made["sources"]), "made_from": made_from or title}
    bucket.publish(output, write, facts, 1, unwatched)


def check() -> tuple[int, str]:
    """In a process of its own, so that this one keeps to one thread."""

    def checked() -> tuple[int, str]:
        done = call("check", RELEASE)
        return done.exit_code, done.output

    return asked(checked)


def titles(client: Any) -> set[str]:
    """By the manifest, as a careful reader reads."""
    (path,) = [file["path"] for file in manifest(client)["files"] if file["path"].startswith("documents/")]
    data = held(client, f"release/{path}")[f"release/{path}"]
    return set(pq.read_table(pa.BufferReader(data))["title"].to_pylist())


# The same rows


def test_a_run_from_bucket_to_bucket_gives_the_rows_of_a_run_on_folders(s3: Any, tmp_path: Path) -> None:
    novel = {"sub/novel.txt": "Once upon a time.", "sub/novel.source.json": '{"origin": "a shelf"}', "sub/.x.txt": "x"}
    local = tmp_path / "raw"
    for name, text in {**dict(acts(3, SEED)), **novel}.items():
        (local / name).parent.mkdir(parents=True, exist_ok=True)
        (local / name).write_text(text)
        s3.put_object(Bucket="bucket", Key=f"raw/{name}", Body=text.encode())
    assert run().exit_code == ExitCode.INCOMPLETE
    assert call("run", local, "-o", tmp_path / "output", "--quiet").exit_code == ExitCode.INCOMPLETE
    copied = fetched(s3, tmp_path / "copied")
    for table in TABLES:
        assert rows(copied, table.name) == rows(tmp_path / "output", table.name), table.name
    assert {row["origin"] for row in rows(copied, "sources")} == {None, "a shelf"}
    assert check()[0] == ExitCode.OK
    # One file a province, though there are few acts.
    provinces = {name.partition(".")[0] for name, _ in acts(3, SEED)}
    assert len(provinces) > 1
    assert {path.name.partition("-")[0] for path in (copied / "documents").iterdir()} == provinces


def test_nothing_new_is_nothing_done_and_a_new_act_is_parsed_and_sent_alone(s3: Any) -> None:
    given(s3, 2)
    assert run().exit_code == ExitCode.OK
    before = held(s3, "release/")
    assert "Nothing new" in call("run", RAW, "-o", RELEASE).output
    assert held(s3, "release/") == before
    Path("floors.toml").write_text("[rows]\ndocuments = 3\n")
    assert "floor missed" in run().stderr
    given(s3, 3)
    done = call("run", RAW, "-o", RELEASE, "--json")
    assert json.loads(done.stdout.splitlines()[-1])["parsed"] == 1
    sent = [json.loads(line)["total"] for line in done.stdout.splitlines() if '"upload"' in line]
    assert 0 < sent[-1] < len(manifest(s3)["files"])
    assert check()[0] == ExitCode.OK


def test_an_object_that_changes_while_it_is_read_is_read_anew(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (name, text), (_, other) = acts(2, SEED)
    s3.put_object(Bucket="bucket", Key=f"raw/{name}", Body=text.encode())
    prepare = parsing.prepare

    def change(pdf: bool) -> None:
        prepare(pdf)
        s3.put_object(Bucket="bucket", Key=f"raw/{name}", Body=other.encode())

    monkeypatch.setattr(parsing, "prepare", change)
    assert run().exit_code == ExitCode.OK
    found = rows(fetched(s3, Path("copied")), "sources")
    assert [row["source_sha256"] for row in found] == [hashlib.sha256(other.encode()).hexdigest()]


@pytest.mark.parametrize("key", ["a b.txt", "c#1.txt", "d?.txt", "e%20.txt", "[f]*.txt", "é.txt", "g//h.txt"])
def test_any_key_is_read_as_it_is(s3: Any, key: str) -> None:
    s3.put_object(Bucket="bucket", Key=f"raw/{key}", Body=b"x")
    (one,) = collect([place(RAW)])
    assert asked(one.path.read_bytes) == b"x"
    assert one.source_path == key.replace("//", "/")


def test_an_object_alone_is_given_under_its_name(s3: Any) -> None:
    given(s3, 2)
    (first, *_) = held(s3, "raw/")
    assert [one.source_path for one in collect([place(f"s3://bucket/{first}")])] == [first.removeprefix("raw/")]


# Half a release is never taken for a whole one


def at_provisions(monkeypatch: pytest.MonkeyPatch, fault: Callable[[], None]) -> None:
    """Meet a fault where that table would be sent."""
    import s3fs

    put = s3fs.S3FileSystem.put_file

    def put_some(self: Any, local: str, remote: str, **more: Any) -> None:
        if "/provisions/" in remote:
            fault()
        put(self, local, remote, **more)

    monkeypatch.setattr(bucket, "SENT_AT_ONCE", 3)
    monkeypatch.setattr(s3fs.S3FileSystem, "put_file", put_some)


def broken_line() -> None:
    raise OSError("the line is broken")


def test_a_release_takes_the_place_of_another(s3: Any) -> None:
    publish("old")
    old = {file["path"] for file in manifest(s3)["files"]}
    publish("new")
    named = {file["path"] for file in manifest(s3)["files"]}
    assert titles(s3) == {"new"}
    assert {f"release/{name}" for name in {*named, "manifest.json"}} == held(s3, "release/").keys()
    # What is as it was has kept its name, and was not sent.
    assert old - named
    assert len(old & named) > len(old - named)


def test_an_upload_that_fails_leaves_the_old_release_and_is_mended(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("old")
    before = held(s3, "release/")
    with monkeypatch.context() as broken:
        at_provisions(broken, broken_line)
        with pytest.raises(StorageError, match="the line is broken"):
            publish("new")
    assert held(s3, "release/").items() > before.items()
    assert titles(s3) == {"old"}
    code, told = check()
    assert (code, "is not in manifest.json" in told) == (ExitCode.FAILED, True)
    publish("new")
    assert titles(s3) == {"new"}
    assert check()[0] == ExitCode.OK


@pytest.mark.parametrize(("point", "first"), [("data", True), ("manifest", False)])
def test_an_upload_that_is_killed_is_told_and_mended(
    s3: Any, monkeypatch: pytest.MonkeyPatch, point: str, first: bool
) -> None:
    if not first:
        publish("old")
    before = held(s3, "release/")
    run = os.fork()
    if run == 0:
        own = os.getpid()
        if point == "data":
            at_provisions(monkeypatch, lambda: os.kill(own, signal.SIGKILL))
        else:
            monkeypatch.setattr(bucket, "_change_over", lambda *_: os.kill(own, signal.SIGKILL))
        publish("new")
        os._exit(1)
    assert os.WTERMSIG(os.waitpid(run, 0)[1]) == signal.SIGKILL
    assert held(s3, "release/").items() > before.items()
    code, told = check()
    assert code == ExitCode.FAILED
    assert ("its manifest is missing" if first else "is not in manifest.json") in told
    assert first or titles(s3) == {"old"}
    publish("new")
    assert titles(s3) == {"new"}
    assert check()[0] == ExitCode.OK
    assert not list(Path.cwd().glob(".*.new-*"))


def test_what_a_killed_upload_left_goes_also_where_nothing_is_new(s3: Any) -> None:
    output = place(RELEASE)
    assert is_remote(output)
    publish("old", "these files")
    before = held(s3, "release/")
    s3.put_object(Bucket="bucket", Key="release/documents/33-0123456789abcdef.parquet", Body=b"left")
    assert bucket.standing(output, "other files") is None
    assert bucket.standing(output, "these files") == manifest(s3)
    assert held(s3, "release/") == before


@pytest.mark.parametrize("name", ["documents/", "datapackage.json"])
def test_a_release_that_lost_a_file_stands_no_more(s3: Any, name: str) -> None:
    output = place(RELEASE)
    assert is_remote(output)
    publish("old", "these files")
    before = held(s3, "release/")
    s3.delete_object(Bucket="bucket", Key=next(one for one in before if name in one))
    assert bucket.standing(output, "these files") is None
    publish("old", "these files")
    assert held(s3, "release/") == before


def test_a_release_that_another_run_published_meanwhile_stands(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    send = bucket._send

    def overtaken(*arguments: Any) -> None:
        send(*arguments)
        s3.put_object(Bucket="bucket", Key="release/manifest.json", Body=b"theirs")

    monkeypatch.setattr(bucket, "_send", overtaken)
    with pytest.raises(StorageError, match="another run"):
        publish("mine")
    assert held(s3, "release/manifest.json")["release/manifest.json"] == b"theirs"


# What is refused


def test_files_of_others_are_never_touched(s3: Any) -> None:
    given(s3, 1)
    for name in ("release/notes.txt", "release/documents/all.parquet", "release/photos/1-0123456789abcdef.parquet"):
        s3.put_object(Bucket="bucket", Key=name, Body=b"mine")
        done = run()
        assert (done.exit_code, name.removeprefix("release/") in done.stderr) == (ExitCode.USAGE, True)
        assert held(s3, "release/") == {name: b"mine"}
        s3.delete_object(Bucket="bucket", Key=name)
    s3.put_object(Bucket="bucket", Key="release/manifest.json", Body=b"{}")
    assert run().exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "https://example.invalid/raw"), "names no bucket"),
        (("run", "s3://"), "names no bucket"),
        (("run", "nothing://bucket/raw"), "nothing://bucket/raw"),
        (("run", RAW, "--cache", "s3://bucket/cache"), "is a URL"),
        (("diff", RELEASE, RELEASE), "is a URL"),
        (("show", "x", "-o", RELEASE), "is a URL"),
        (("parse", "s3://bucket/raw/a.txt"), "is a URL"),
    ],
)
def test_urls_that_cannot_be_used_are_refused(arguments: tuple[str, ...], told: str) -> None:
    done = call(*arguments)
    assert (done.exit_code, told in done.stderr, "Try: " in done.stderr) == (ExitCode.USAGE, True, True)


def test_storage_that_does_not_answer_ends_the_run(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given(s3, 2)
    assert call("run", "s3://no-such-bucket/raw").exit_code == ExitCode.FAILED
    assert call("run", "s3://bucket/empty").exit_code == ExitCode.USAGE
    assert call("check", "s3://bucket/empty").exit_code == ExitCode.USAGE
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    done = run()
    assert (done.exit_code, "s3://bucket" in done.stderr) == (ExitCode.FAILED, True), done.output


def test_storage_that_fails_midway_costs_no_document(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that breaks is not a file that cannot be read: nothing is published without those files."""
    given(s3, 3)
    from upath import UPath

    opened = UPath.open
    with monkeypatch.context() as broken:

        def open_some(self: Any, *arguments: Any, **more: Any) -> Any:
            if parsing_now:
                raise ConnectionError("the line is broken")
            return opened(self, *arguments, **more)

        parsing_now: list[int] = []
        broken.setattr(UPath, "open", open_some)
        broken.setattr(parsing, "prepare", lambda _: parsing_now.append(1))
        done = run()
    assert (done.exit_code, "the line is broken" in done.stderr) == (ExitCode.FAILED, True)
    assert held(s3, "release/") == {}


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "upath", None)
    done = call("run", RAW)
    assert (done.exit_code, "pip install 'perbup-to-parquet[scale]'" in done.stderr) == (ExitCode.USAGE, True)


def test_a_run_on_folders_imports_nothing_of_it(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "a.txt").write_text("x")
    code = f"""
import sys
from pipeline.cli import main
try:
    main(["run", {str(tmp_path / "raw")!r}, "-o", {str(tmp_path / "output")!r}, "--quiet"])
except SystemExit:
    print(*{{"fsspec", "upath", "s3fs", "ray", "botocore"}} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_what_belongs_to_a_url_here_lies_in_this_folder(tmp_path: Path) -> None:
    assert stand_in(place(RELEASE)) == tmp_path / "s3-bucket-release"
    with pytest.raises(NoStorageError):
        place("s3:///release")
