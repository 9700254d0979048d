"""Results kept by content: what comes back is the very result or nothing, whatever befell the entry."""

from __future__ import annotations

import ast
import errno
import hashlib
import importlib.metadata
import io
import multiprocessing
import os
import pickle
import random
import shutil
import subprocess
import sys
import time
import typing
import zlib
from collections.abc import Callable
from functools import cache as once
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.models import Document, Finding, Metadata, Provision, Span
from pipeline import cache as module
from pipeline.cache import Cache, CacheWriteError, Key, fingerprint
from pipeline.document import Parsed, parse
from pipeline.reasons import Reason
from tests.mutations import SEEDS

ROOT = Path(__file__).parent.parent
PROGRAM = hashlib.sha256(b"program").hexdigest()
TEXT = st.text(st.characters(), max_size=8)
HEAD = {"status": "parsed", "documents": ("/akn/id-3316/act/perbup/2024/6",)}


@once
def results() -> list[tuple[Key, Parsed]]:
    """Results of real files and of files without a regulation."""
    files = [(path.name, path.read_bytes()) for path in SEEDS] + [("a.pdf", b"%PDF-"), ("a.txt", b"a novel")]
    return [(Key.of(hashlib.sha256(data).hexdigest(), name), parse(data, name)) for name, data in files]


def filled(folder: Path, damage: list[str] | None = None) -> Cache:
    cache = Cache(folder, PROGRAM, lambda _, why: None if damage is None else damage.append(why))
    for key, parsed in results():
        cache.put(key, HEAD, parsed)
    return cache


def entries(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def entry(folder: Path, key: Key) -> Path:
    return folder / PROGRAM[:16] / key.sha256[:2] / f"{key.sha256}{key.suffix.replace('.', '-')}"


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    cache = filled(tmp_path)
    for key, parsed in results():
        assert cache.get(key) == parsed
        assert cache.get_head(key) == HEAD
        assert entry(tmp_path, key).is_file()
    assert len(entries(tmp_path)) == len(results()), "no half entry is left"


def test_an_entry_is_of_one_content_one_suffix_and_one_program(tmp_path: Path) -> None:
    filled(tmp_path)
    key, _ = results()[0]
    damage: list[Key] = []
    other = Cache(tmp_path, hashlib.sha256(b"newer").hexdigest(), lambda key, _: damage.append(key))
    assert other.get(key) is None
    cache = Cache(tmp_path, PROGRAM, lambda key, _: damage.append(key))
    assert cache.get(key._replace(suffix=".md")) is None
    assert cache.get(key._replace(sha256="0" * 64)) is None
    assert damage == [], "what was never there is not damaged"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.TXT", ".txt"),
        ("a.pdf", ".pdf"),
        (".PDF", ".pdf"),
        ("a.md", ".md"),
        ("a/../b", ""),
        ("a.tx\nt", ""),
        ("", ""),
    ],
)
def test_a_key_takes_of_the_name_what_reading_depends_on(name: str, suffix: str) -> None:
    assert Key.of("0" * 64, name).suffix == suffix


@pytest.mark.parametrize(
    "key", [Key("../../x", ""), Key("0" * 64, "/../x"), Key("", ""), Key("A" * 64, ".pdf"), Key("0" * 64, ".markdown")]
)
def test_what_is_no_key_reaches_no_file(tmp_path: Path, key: Key) -> None:
    cache = Cache(tmp_path / "cache", PROGRAM)
    for use in (lambda: cache.get(key), lambda: cache.put(key, None, results()[0][1])):
        with pytest.raises(ValueError, match="no key"):
            use()
    assert list(tmp_path.iterdir()) == []


made = st.builds(
    Parsed,
    source=st.none(),
    text_origin=st.none() | TEXT,
    role=TEXT,
    status=TEXT,
    reason=st.none() | st.sampled_from(Reason),
    documents=st.lists(
        st.builds(
            Document,
            metadata=st.from_type(Metadata),
            provisions=st.lists(st.from_type(Provision), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    findings=st.lists(st.builds(Finding, TEXT, TEXT, TEXT, TEXT, st.builds(Span, st.integers(), st.integers()))).map(
        tuple
    ),
    accounted_ratio=st.none() | st.floats(allow_nan=False),
)


@given(made, st.recursive(st.none() | st.booleans() | st.integers() | TEXT | st.dates(), st.lists))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_result_comes_back(tmp_path_factory: pytest.TempPathFactory, parsed: Parsed, head: object) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache"), PROGRAM)
    key = Key.of(hashlib.sha256(repr(parsed).encode("utf-8", "surrogatepass")).hexdigest(), "a.txt")
    cache.put(key, head, parsed)
    assert (cache.get_head(key), cache.get(key)) == (head, parsed)


# Damage


def flip(data: bytes, at: random.Random, _: bytes) -> bytes:
    place = at.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << at.randrange(8)]) + data[place + 1 :]


def cut(data: bytes, at: random.Random, _: bytes) -> bytes:
    return data[: at.randrange(len(data))]


def grow(data: bytes, at: random.Random, _: bytes) -> bytes:
    return data + at.randbytes(at.randrange(1, 9))


def swap(_data: bytes, _at: random.Random, other: bytes) -> bytes:
    return other


def mix(data: bytes, at: random.Random, other: bytes) -> bytes:
    place = at.randrange(min(len(data), len(other)))
    return data[:place] + other[place:]


def zeros(data: bytes, at: random.Random, _: bytes) -> bytes:
    """What a disk without power leaves."""
    place = at.randrange(len(data))
    return data[:place] + bytes(len(data) - place)


@pytest.mark.parametrize("harm", [flip, cut, grow, swap, mix, zeros])
def test_a_damaged_entry_gives_nothing_and_is_removed(
    tmp_path: Path, harm: Callable[[bytes, random.Random, bytes], bytes]
) -> None:
    at = random.Random(harm.__name__)
    damage: list[str] = []
    cache = filled(tmp_path, damage)
    whole = {key: entry(tmp_path, key).read_bytes() for key, _ in results()}
    for turn in range(40):
        (key, parsed), (other, _) = at.sample(results(), 2)
        path = entry(tmp_path, key)
        harmed = harm(whole[key], at, whole[other])
        path.write_bytes(harmed)
        damage.clear()
        # Alone, the head may still be whole.
        assert cache.get_head(key) in (None, HEAD)
        assert cache.get(key) == (None if harmed != whole[key] else parsed), turn
        assert bool(damage) == (harmed != whole[key])
        assert path.exists() == (harmed == whole[key])
        cache.put(key, HEAD, parsed)
        assert cache.get(key) == parsed


def test_every_bit_of_the_header_and_the_head_counts(tmp_path: Path) -> None:
    cache = filled(tmp_path)
    key, _ = results()[-1]
    path = entry(tmp_path, key)
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in range(8):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
            assert cache.get(key) is None or place in head_of(whole)
            if place < head_of(whole).stop:
                path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :])
                assert cache.get_head(key) is None


def head_of(data: bytes) -> range:
    start = module.HEADER.size + module.DIGEST
    return range(start, start + module.HEADER.unpack(data[: module.HEADER.size])[4])


def directory(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("")


def endless(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


PLANTED: dict[str, Callable[[Path], object]] = {
    "empty": Path.touch,
    "directory": directory,
    "pipe": os.mkfifo,
    "link": lambda path: path.symlink_to("/etc/hostname"),
    "circle": lambda path: path.symlink_to(path),
    "dangling": lambda path: path.symlink_to("nowhere"),
    "endless": endless,
}


@pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)
def test_anything_in_the_place_of_an_entry_gives_nothing_and_is_replaced(
    tmp_path: Path, plant: Callable[[Path], object]
) -> None:
    damage: list[str] = []
    cache = filled(tmp_path, damage)
    key, parsed = results()[0]
    path = entry(tmp_path, key)
    path.unlink()
    plant(path)
    assert cache.get(key) is None
    assert len(damage) == 1
    assert damage[0]
    cache.put(key, HEAD, parsed)
    assert cache.get(key) == parsed


def test_an_entry_that_cannot_be_read_just_now_is_told_and_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage: list[str] = []
    cache = filled(tmp_path, damage)
    key, parsed = results()[0]

    def fail(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", fail)
        assert cache.get(key) is None
        assert cache.get_head(key) is None
    assert damage == ["Permission denied"] * 2
    assert cache.get(key) == parsed


def test_a_file_in_the_place_of_the_folder_gives_nothing_and_takes_nothing(tmp_path: Path) -> None:
    damage: list[str] = []
    (tmp_path / "cache").write_text("mine")
    cache = Cache(tmp_path / "cache", PROGRAM, lambda _, why: damage.append(why))
    key, parsed = results()[0]
    assert cache.get(key) is None
    assert len(damage) == 1
    with pytest.raises(CacheWriteError):
        cache.put(key, HEAD, parsed)
    cache.prune()
    assert (tmp_path / "cache").read_text() == "mine"


# Planted entries: the checksums fit, the pickle is hostile.


class Evil:
    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = (function, arguments)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def planted(folder: Path, key: Key, head: bytes, body: bytes, claimed: int = 0) -> Cache:
    """An entry with these packed sections and all hashes right."""
    hashes = [hashlib.sha256(section).digest() for section in (head, body)]
    header = module.HEADER.pack(
        module.MAGIC, *module._packed(key), bytes.fromhex(PROGRAM), len(head), claimed or len(body), *hashes
    )
    path = entry(folder, key)
    path.parent.mkdir(parents=True)
    path.write_bytes(header + hashlib.sha256(header).digest() + head + body)
    return Cache(folder, PROGRAM)


def packed(thing: object) -> bytes:
    return zlib.compress(pickle.dumps(thing))


def dotted(names: str) -> bytes:
    """A pickle that calls what `module name` says with a file to make."""
    module_name, name = names.split()
    return b"\x80\x04\x8c" + bytes([len(module_name)]) + module_name.encode() + b"\x8c" + bytes([len(name)]) + (
        name.encode() + b"\x93\x8c\x04evil\x85R."
    )  # fmt: skip


HOSTILE = {
    "system": lambda: packed(Evil(os.system, "touch evil")),
    "eval": lambda: packed(Evil(eval, "open('evil', 'w')")),
    "getattr": lambda: packed(Evil(getattr, Span, "_make")),
    "popen": lambda: packed([Evil(subprocess.Popen, ["touch", "evil"])]),
    "function of a module": lambda: packed(Evil(parse, b"", "evil")),
    "what a module imported": lambda: zlib.compress(dotted("pipeline.document partial")),
    "through a class": lambda: zlib.compress(dotted("extractors.models Span.__new__.__globals__.get")),
    "module of a module": lambda: zlib.compress(dotted("pipeline.isolation os.mkdir")),
    "not a pickle": lambda: zlib.compress(b"evil"),
    "empty pickle": lambda: zlib.compress(b""),
    "not packed": lambda: pickle.dumps(results()[0][1]),
    "another thing": lambda: packed("a text"),
    "deep": lambda: zlib.compress(b"\x80\x04" + b"]" * 10**6 + b"a" * (10**6 - 1) + b"."),
    "bomb": lambda: zlib.compress(bytes(module.MAX_BYTES + 1), 1),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_a_planted_entry_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: Callable[[], bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(module, "MAX_BYTES", 1 << 24)
    key, _ = results()[0]
    cache = planted(tmp_path / "cache", key, packed(None), body())
    assert cache.get(key) is None
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]


@pytest.mark.parametrize(
    "name",
    [
        *("pipeline.document Section", "pipeline.document Stages", "pipeline.document parse", "builtins eval"),
        *("extractors.models Finding.x", "extractors.models Span.__new__", "extractors.models None", "os "),
        "datetime timedelta",
    ],
)
def test_only_data_of_the_program_is_made(name: str) -> None:
    with pytest.raises(pickle.UnpicklingError, match="no part of a result"):
        module._Unpickler(io.BytesIO()).find_class(*name.split(" "))


def test_an_entry_that_claims_to_be_huge_is_not_read(tmp_path: Path) -> None:
    key, _ = results()[0]
    cache = planted(tmp_path, key, b"", b"", claimed=1 << 42)
    with entry(tmp_path, key).open("r+b") as file:
        file.truncate(module.HEADER.size + module.DIGEST + (1 << 42))
    assert cache.get(key) is None


def test_results_need_no_type_that_an_entry_may_not_hold() -> None:
    """All that a result can hold, by its declaration; else entries would be written that nobody can read."""
    todo: list[object] = [Parsed]
    seen: set[object] = set()
    while todo:
        kind = todo.pop()
        if kind in seen:
            continue
        seen.add(kind)
        todo += typing.get_args(kind)
        if isinstance(kind, type) and kind.__module__ not in ("builtins", "types", "datetime"):
            assert module._Unpickler(io.BytesIO()).find_class(kind.__module__, kind.__qualname__) is kind
            todo += typing.get_type_hints(kind).values()
    assert Span in seen


# Writing


def test_a_full_disk_is_told_and_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = filled(tmp_path)
    key, parsed = results()[0]
    before = entries(tmp_path)

    def fail(path: Path, data: bytes) -> int:
        with path.open("wb") as file:
            file.write(data[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(CacheWriteError, match="No space left"):
        cache.put(key, HEAD, parsed)
    assert entries(tmp_path) == before
    assert cache.get(key) == parsed


def test_a_writer_that_is_killed_leaves_no_entry_that_is_not_whole(tmp_path: Path) -> None:
    key, parsed = results()[0]
    context = multiprocessing.get_context("fork")
    for _ in range(10):
        writer = context.Process(target=write_on, args=(tmp_path, [key]))
        writer.start()
        time.sleep(random.uniform(0.05, 0.2))
        writer.kill()
        writer.join()
        damage: list[str] = []
        assert Cache(tmp_path, PROGRAM, lambda _, why, told=damage: told.append(why)).get(key) in (None, parsed)
        assert damage == []


def write_on(folder: Path, keys: list[Key]) -> None:
    cache = Cache(folder, PROGRAM)
    while True:
        for key, parsed in results():
            if key in keys:
                cache.put(key, HEAD, parsed)


def test_writers_of_one_key_do_not_disturb_one_another(tmp_path: Path) -> None:
    key, parsed = results()[0]
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=write_on, args=(tmp_path, [key])) for _ in range(3)]
    damage: list[str] = []
    cache = Cache(tmp_path, PROGRAM, lambda _, why: damage.append(why))
    cache.put(key, HEAD, parsed)
    for writer in writers:
        writer.start()
    try:
        assert all(cache.get(key) == parsed for _ in range(20))
    finally:
        for writer in writers:
            writer.kill()
            writer.join()
    assert damage == []


def test_prune_keeps_the_last_two_programs_and_what_is_not_its_own(tmp_path: Path) -> None:
    programs = [hashlib.sha256(bytes([number])).hexdigest() for number in range(4)]
    folders = [tmp_path / program[:16] for program in programs]
    key, parsed = results()[-1]
    half = folders[2] / key.sha256[:2] / f".{key.sha256}-txt.01234567"
    for number, program in enumerate(programs):
        Cache(tmp_path, program).put(key, HEAD, parsed)
        (folders[number] / "notes.txt").write_text("mine")
        if number == 2:
            half.write_text("half")
        os.utime(folders[number], (number, number))
    (tmp_path / "photos").mkdir()
    # The last but one is used again: it stays, with the one used last before it.
    Cache(tmp_path, programs[2]).prune()
    assert [Cache(tmp_path, program).get(key) for program in programs] == [None, None, parsed, parsed]
    assert half.exists(), "perhaps someone writes it"
    os.utime(half, (0, 0))
    Cache(tmp_path, programs[2]).prune()
    assert not half.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"photos", *(folder.name for folder in folders)}
    assert [path.name for path in folders[0].rglob("*")] == ["notes.txt"]


def test_prune_of_a_cache_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    Cache(tmp_path / "none", PROGRAM).prune()
    assert list(tmp_path.iterdir()) == []


# Fingerprints


def copied(folder: Path) -> Path:
    for name in module.PROGRAM_FOLDERS:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def told(folder: Path) -> str:
    """The fingerprint of the program in `folder`."""
    code = "from pipeline.cache import fingerprint; print(fingerprint())"
    return subprocess.run(
        [sys.executable, "-B", "-c", code], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(
    "name", ["extractors/data/units.toml", "extractors/data/regions.csv", "extractors/numerals.py"]
)
def test_a_change_of_code_or_data_changes_the_fingerprint(tmp_path: Path, name: str) -> None:
    folder = copied(tmp_path)
    before = told(folder)
    assert before == fingerprint(), "wherever the program lies"
    (folder / "extractors" / "__pycache__").mkdir(exist_ok=True)
    (folder / "extractors" / "__pycache__" / "x.pyc").write_text("")
    (folder / "extractors" / ".numerals.py.swp").write_text("")
    assert told(folder) == before
    with (folder / name).open("a") as file:
        file.write("\n# changed\n")
    assert told(folder) != before


def test_a_new_or_renamed_file_changes_the_fingerprint(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = told(folder)
    new = folder / "extractors" / "data" / "catalog" / "new.toml"
    new.write_text("")
    added = told(folder)
    new.rename(new.with_name("renamed.toml"))
    assert len({before, added, told(folder)}) == 3


@pytest.mark.parametrize("name", module.LIBRARIES)
def test_another_version_of_a_library_changes_the_fingerprint(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert module._version(name) == importlib.metadata.version(name)
    version = module._version
    monkeypatch.setattr(module, "_version", lambda asked: "0" if asked == name else version(asked))
    assert fingerprint.__wrapped__() != fingerprint()


def test_all_libraries_that_read_are_in_the_fingerprint() -> None:
    """What `extractors` imports, anywhere."""
    modules = set()
    for path in (ROOT / "extractors").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add((node.module or "").partition(".")[0])
    held = importlib.metadata.packages_distributions()
    names = {name.lower() for found in modules - sys.stdlib_module_names for name in held.get(found, ())}
    assert names - {"perbup-to-parquet"} <= set(module.LIBRARIES)
    assert names
