"""Where files lie: in folders here, or on object storage under a URL, which fsspec reaches.

A process that forks others never asks object storage itself, since fsspec answers in a thread: its children ask.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline.isolation import Limits
from pipeline.supervisor import IsolationError, isolated

if TYPE_CHECKING:
    from typing import TypeAlias

    from typing_extensions import TypeIs
    from upath import UPath

    Place: TypeAlias = Path | UPath

T = TypeVar("T")

URL = re.compile(r"(?P<protocol>[A-Za-z][A-Za-z0-9+.-]+)://(?P<bucket>[^/]*)")
INSTALL = "pip install 'perbup-to-parquet[scale]'"
EXAMPLE = "perbup run s3://BUCKET/FOLDER"
# Of millions of names, or for as long as a slow line takes.
PATIENT = Limits(cpu_seconds=7200, output=2 * 1024**3, wall_seconds=24 * 3600)


class StorageError(Exception):
    """Object storage cannot be reached, or refuses; the message names the place and why."""


class NoStorageError(Exception):
    """A URL that names no object storage which can be used here; `command` is what may help."""

    def __init__(self, problem: str, command: str) -> None:
        super().__init__(problem)
        self.command = command


def is_url(text: str) -> bool:
    """Whether a path as it was typed is a URL."""
    return URL.match(text) is not None


def place(text: str) -> Place:
    """The path of files here, or of a bucket for a URL. Reaches nothing. Raises NoStorageError."""
    url = URL.match(text)
    if url is None:
        return Path(text)
    if not url["bucket"]:
        raise NoStorageError(f"{text} names no bucket", EXAMPLE)
    try:
        import fsspec
        from upath import UPath
        from upath.implementations.cloud import CloudPath

        # Nothing is remembered of what lay there a moment ago.
        found = UPath(text.rstrip("/"), use_listings_cache=False)
        fsspec.get_filesystem_class(found.protocol)
    except ImportError as error:
        raise NoStorageError(f"{text} needs a library that is not installed: {error}", INSTALL) from error
    except ValueError as error:
        raise NoStorageError(f"{text}: {error}", EXAMPLE) from error
    if not isinstance(found, CloudPath):
        raise NoStorageError(f"{text} names no bucket of object storage", EXAMPLE)
    return found


def is_remote(at: Place) -> TypeIs[UPath]:
    """Whether a place lies on object storage."""
    return not isinstance(at, Path)


def stand_in(at: Place) -> Path:
    """The local place beside which lies what belongs to `at` and cannot be on object storage: lock, cache, work."""
    return Path(re.sub(r"\W+", "-", str(at))).absolute() if is_remote(at) else at.resolve()


@contextmanager
def answering(at: Place) -> Iterator[None]:
    """Makes of every error of object storage, but for a file that is not there, a StorageError."""
    try:
        yield
    except Exception as error:  # of fsspec, of the storage's library, of the network below
        if not is_remote(at) or isinstance(error, (FileNotFoundError, StorageError)):
            raise
        raise StorageError(f"{at}: {error or type(error).__name__}") from error


def names(folder: Place) -> set[str]:
    """The files below a folder, by their paths in it, `/` between the parts."""
    if is_remote(folder):
        return {key.removeprefix(f"{folder.path}/") for key in folder.fs.find(folder.path)}
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}


def asked(work: Callable[[], T]) -> T:
    """What `work`, which asks object storage, returns in a process of its own. Raises StorageError."""

    def answer() -> T | StorageError:
        try:
            return work()
        except StorageError as error:
            return error

    try:
        answered = isolated(answer, PATIENT)
    except IsolationError as error:
        raise StorageError(str(error)) from error
    if isinstance(answered, StorageError):
        raise answered
    return answered


def prepare(at: Place) -> None:
    """Do once, for all children to come, what each would do before it asks the storage of `at`.

    A session of botocore reads half a second of descriptions; with it a child begins in a fourth of the time.
    """
    if not is_remote(at) or at.protocol not in ("s3", "s3a"):
        return
    import asyncio

    import fsspec.config
    from aiobotocore.session import get_session

    async def read_descriptions() -> None:
        async with session.create_client("s3", region_name="us-east-1"):
            pass

    session = get_session()
    asyncio.run(read_descriptions())
    fsspec.config.conf.setdefault(at.protocol, {})["session"] = session
