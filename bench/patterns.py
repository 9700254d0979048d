"""The slowest regular expressions of the extractors on hostile text of a million characters."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import regex

import extractors

LENGTH = 1_000_000
LIMIT = 1.0
GIVE_UP = 1.2
SHOWN = 8
HOSTILE = {
    "blanks": " ",
    "letters": "a",
    "capitals": "A",
    "Roman": "I",
    "digits": "1",
    "line breaks": "\n",
    "tabs": "\t",
    "dots": ".",
    "commas": ", ",
    "hyphens": "-",
    "stars": "*",
    "brackets": "(",
    "NULs": "\0",
    "(1)": "(1)",
    "Pasal": "Pasal ",
    "Pasal 1": "Pasal 1 ",
    "ayat (1),": "ayat (1), ",
    "dan": "dan ",
    "words": "Dinas Kesehatan ",
    "numbers": "1.000,",
    "pipes": "| ",
    "marks": "# ** - ",
}


def patterns() -> Iterator[tuple[str, Any]]:
    """(module.NAME, pattern) of all that the extractors compile at module level or in cached functions without
    arguments; also those in tuples, lists and dicts."""
    for info in pkgutil.walk_packages(extractors.__path__, "extractors."):
        module = importlib.import_module(info.name)
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", module.__name__) not in (module.__name__, "regex", "_regex", "re"):
                continue
            if hasattr(thing, "cache_info") and not inspect.signature(thing).parameters:
                thing = thing()
            for number, pattern in enumerate(found(thing)):
                yield f"{info.name.removeprefix('extractors.')}.{name}" + (f"[{number}]" if number else ""), pattern


def found(thing: Any) -> list[Any]:
    """The compiled patterns in `thing`."""
    if isinstance(thing, re.Pattern | regex.Pattern):
        return [thing]
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, list | tuple | set | frozenset):
        return [pattern for part in thing for pattern in found(part)]
    return []


def uses() -> dict[str, set[str]]:
    """The methods that the sources call on each name: a pattern that is only matched need not be fast at searching."""
    called: defaultdict[str, set[str]] = defaultdict(set)
    for path in Path(extractors.__path__[0]).rglob("*.py"):
        for name, method in re.findall(r"\b(_?[A-Z][A-Z_0-9]*)\.(\w+)\(", path.read_text("utf-8")):
            called[name].add(method)
    return called


def seconds(pattern: Any, methods: set[str], printed: str) -> float:
    """CPU seconds of the slowest of the methods; infinite where it was given up."""
    text = printed.encode() if isinstance(pattern.pattern, bytes) else printed

    def stop(*_: object) -> None:
        raise TimeoutError

    runs = {
        "match": pattern.match,
        "fullmatch": pattern.fullmatch,
        "search": pattern.search,
    }
    worst = 0.0
    for method in sorted({method if method in runs else "finditer" for method in methods}):
        signal.signal(signal.SIGALRM, stop)
        signal.setitimer(signal.ITIMER_REAL, GIVE_UP)
        start = time.process_time()
        try:
            if method == "finditer":
                for _ in pattern.finditer(text):
                    pass
            else:
                runs[method](text)
        except TimeoutError:
            return float("inf")
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        worst = max(worst, time.process_time() - start)
    return worst


def slowest(pattern: Any, methods: set[str], texts: dict[str, str]) -> tuple[float, str]:
    """The text that takes longest, or the first that is given up, with its CPU seconds."""
    worst = (0.0, "")
    for label, text in texts.items():
        worst = max(worst, (seconds(pattern, methods, text), label))
        if worst[0] == float("inf"):
            break
    return worst


def main() -> None:
    """Print the slowest patterns with the text that slows them."""
    called = uses()
    texts = {name: (unit * (LENGTH // len(unit) + 1))[:LENGTH] for name, unit in HOSTILE.items()}
    times: list[tuple[float, str, str]] = []
    unique = {pattern: name for name, pattern in reversed(list(patterns()))}
    for pattern, name in unique.items():
        methods = called.get(name.rpartition(".")[2].partition("[")[0]) or {"finditer"}
        spent, label = slowest(pattern, methods, texts)
        times.append((spent, name, label))
    times.sort(reverse=True)
    over = sum(time > LIMIT for time, _, _ in times)
    print(f"{len(times)} regular expressions on {len(texts)} texts of {LENGTH:,} characters; {over} over {LIMIT} s")
    for spent, name, label in times[: max(SHOWN, over)]:
        print(f"  {f'over {GIVE_UP}' if spent == float('inf') else f'{spent:6.3f}'} s  {name}  on {label}")


if __name__ == "__main__":
    main()
