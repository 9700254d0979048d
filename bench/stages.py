"""Where the time of one run of the seeds goes, start to Parquet."""

from __future__ import annotations

import time

START_UP = time.process_time()

import inspect  # noqa: E402
import tempfile  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from functools import wraps  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

SPENT: defaultdict[str, float] = defaultdict(float)
CHECKS = "publication checks"


@contextmanager
def spent(name: str) -> Iterator[None]:
    """Adds the CPU seconds of the block to SPENT."""
    start = time.process_time()
    try:
        yield
    finally:
        SPENT[name] += time.process_time() - start


def watched(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """The function, its time added to SPENT."""

    @wraps(function)
    def timed(*args: Any, **kwargs: Any) -> Any:
        with spent(name):
            return function(*args, **kwargs)

    return timed


def watch_document() -> None:
    """Time every extractor that `pipeline.document` calls, functions and methods alike."""
    from pipeline import document

    for name, thing in list(vars(document).items()):
        if not getattr(thing, "__module__", "").startswith("extractors") or thing.__module__ == "extractors.models":
            continue
        if inspect.isfunction(thing):
            setattr(document, name, watched(thing, f"parse: {name}"))
        elif inspect.isclass(thing) and not issubclass(thing, Exception):
            for method, function in list(vars(thing).items()):
                if inspect.isfunction(function) and (method == "__init__" or not method.startswith("_")):
                    setattr(thing, method, watched(function, f"parse: {name}"))


def main() -> None:
    """Print the CPU seconds of each stage and the sum with and without the checks."""
    SPENT["interpreter start-up"] = START_UP
    with spent("import of the program"):
        from pipeline import VERSION, emit
        from pipeline.inputs import collect, read
        from pipeline.link import FileResult, link
        from pipeline.parsing import parse_bytes
        from pipeline.rows import rows
        from tests.made import publish
    watch_document()
    with spent("parse, all stages"):
        files = [read(given) for given in collect([Path("raw_docs")])]
        results = [FileResult(file, parse_bytes(file.data, file.source_path)) for file in files]
    with spent("link and rows"):
        corpus = link(results)
        made = rows(corpus, VERSION)
    with spent("import of pyarrow and pandas"):
        import pandas  # noqa: F401
        import pyarrow.parquet  # noqa: F401
    with spent("arrow tables"):
        tables = emit.arrow_tables(made)
    with spent(CHECKS):
        from pipeline.checks import violations

        broken = violations(tables)
    with tempfile.TemporaryDirectory() as folder, spent("writing"):
        publish(tables, Path(folder) / "output", {})
    total = sum(seconds for name, seconds in SPENT.items() if not name.startswith("parse: "))
    print(f"CPU seconds of one run of {len(results)} files, {sum(map(len, made.values()))} rows, {len(broken)} faults")
    for name, seconds in SPENT.items():
        if not name.startswith("parse: "):
            print(f"  {name:<40} {seconds:6.3f}")
        if name == "parse, all stages":
            inner = sorted(((s, n) for n, s in SPENT.items() if n.startswith("parse: ")), reverse=True)
            for part, stage in inner:
                print(f"      {stage.removeprefix('parse: '):<36} {part:6.3f}")
    print(f"  {'sum without the publication checks':<40} {total - SPENT[CHECKS]:6.3f}")
    print(f"  {'sum':<40} {total:6.3f}")


if __name__ == "__main__":
    main()
