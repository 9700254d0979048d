"""The slowest regular expressions of the extractors on hostile text of a million characters."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import regex

import extractors

LENGTH = 1_000_000
LIMIT = 1.0
GIVE_UP = 1.2
FAST = 0.005
METHODS = "match|fullmatch|search|finditer|findall|sub|subn|split"
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


def modules() -> list[ModuleType]:
    """All modules of the extractors."""
    return [importlib.import_module(info.name) for info in pkgutil.walk_packages(extractors.__path__, "extractors.")]


def patterns() -> dict[Any, tuple[str, set[str]]]:
    """Each pattern that the extractors compile at module level, in containers, or in cached functions without
    arguments, with its name and the methods that the sources call on it: one that is only matched at a given
    place need not be fast at searching. Where no call is seen, all are taken to be made."""
    known: dict[Any, tuple[str, set[str]]] = {}
    for module in modules():
        source = Path(str(module.__file__)).read_text("utf-8")
        for name, thing in vars(module).items():
            made = thing
            if hasattr(thing, "cache_info") and not inspect.signature(thing).parameters:
                made = thing()
            called = set(re.findall(rf"\b{callers(name, made, source)}\.({METHODS})\(", source))
            for pattern in found(made):
                full_name = f"{module.__name__.removeprefix('extractors.')}.{name}"
                known.setdefault(pattern, (full_name, set()))[1].update(called)
    return known


def callers(name: str, made: Any, source: str) -> str:
    """What stands before the dot where the source calls a pattern: its name, or a variable for one in a container."""
    if isinstance(made, re.Pattern | regex.Pattern):
        return rf"{name}(?:\(\))?"
    loops = re.findall(rf"\bfor ([\w, ()]+) in {name}\b", source)
    lookups = re.findall(rf"\b(\w+) :?= {name}(?:\.get\(|\[)", source)
    variables = [variable for text in loops + lookups for variable in re.findall(r"\w+", text)]
    return f"(?:{'|'.join(variables or ['[a-z_]+'])})"


def found(thing: Any) -> list[Any]:
    """The compiled patterns in `thing`."""
    if isinstance(thing, re.Pattern | regex.Pattern):
        return [thing]
    if isinstance(thing, dict):
        thing = list(thing.values())
    if isinstance(thing, list | tuple | set | frozenset):
        return [pattern for part in thing for pattern in found(part)]
    return []


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
        # What is fast on a tenth stays under half a second on the whole, even where its time grows by the square.
        if seconds(pattern, methods, text[: LENGTH // 10]) < FAST:
            continue
        worst = max(worst, (seconds(pattern, methods, text), label))
        if worst[0] == float("inf"):
            break
    return worst


def main() -> None:
    """Print the slowest patterns with the text that slows them."""
    texts = {name: (unit * (LENGTH // len(unit) + 1))[:LENGTH] for name, unit in HOSTILE.items()}
    known = patterns()
    times = [
        (*slowest(pattern, methods or {"finditer"}, texts), name, pattern.pattern)
        for pattern, (name, methods) in known.items()
    ]
    times.sort(key=lambda entry: entry[:3], reverse=True)
    over = sum(spent > LIMIT for spent, *_ in times)
    print(f"{len(times)} regular expressions on {len(texts)} texts of {LENGTH:,} characters; {over} over {LIMIT} s")
    for spent, label, name, printed in times[: max(SHOWN, over)]:
        took = f"over {GIVE_UP}" if spent == float("inf") else f"{spent:8.3f}"
        print(f"  {took} s  {name}  on {label}: {printed[:60]!r}")


if __name__ == "__main__":
    main()
