"""The registry of agencies (`data/agencies.toml`) as look-up tables keyed by content words.

The content words of a name are its words in lower case without connectors and punctuation: what
two spellings of one office share (`Dinas Ketahanan Pangan. Pertanian, dan Perikanan`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extractors.lookups import vocabulary
from extractors.models import Office

Key = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Head:
    """What a name begins with. `takes`: what may follow; `alone`: it is a name without more words."""

    words: str
    kind: str
    takes: str
    alone: bool


@dataclass(frozen=True, slots=True)
class Registry:
    """The tables, by content words; abbreviations as printed in the registry.

    `names`: name and kind. `functions`: the words with their connectors, and the function's own name.
    """

    heads: dict[Key, Head]
    names: dict[Key, tuple[str, str]]
    functions: dict[Key, tuple[str, str]]
    function_abbreviations: dict[str, tuple[str, ...]]
    office_abbreviations: dict[str, tuple[str, ...]]
    et_al: frozenset[Key]
    words: frozenset[str]


@cache
def connectors() -> frozenset[str]:
    """Words that join the parts of a name or two names."""
    return frozenset(vocabulary("agencies")["connectors"])


def content_words(text: str) -> Key:
    """The words of `text` in lower case without connectors and punctuation."""
    return tuple(word for word in _WORD.findall(text.casefold()) if word not in connectors())


def describe(key: Key, name: str) -> Office | None:
    """The office with these content words (no place among them), None where the registry leaves words unexplained."""
    known = registry()
    size = max((n for n in range(1, len(key) + 1) if key[:n] in known.heads), default=0)
    head = known.heads.get(key[:size])
    if head and head.takes == "office":
        key = next((key[:n] for n in range(size + 1, len(key)) if key[n:] in known.names), key)
    listing = _cover(key[size:]) if head and head.takes in ("functions", "office") else []
    functions = tuple(known.functions[words][1] for words in listing)
    if key in known.names:
        return Office("-".join(key), name, known.names[key][1], functions)
    explained = sum(map(len, listing)) + sum(word in vocabulary("agencies")["places"]["closing"] for word in key[size:])
    if head is None or explained < len(key) - size or (size == len(key) and not head.alone):
        return None
    return Office("-".join(key), name, head.kind, functions)


def urusan(functions: Sequence[str]) -> tuple[str, ...]:
    """The urusan pemerintahan that the functions belong to, each once; a merged office has several."""
    return tuple(dict.fromkeys(_urusan().get(function, function) for function in functions))


@cache
def _urusan() -> dict[str, str]:
    table = vocabulary("agencies")["urusan"]
    return {function: urusan for urusan, functions in table.items() for function in functions}


def _cover(key: Key) -> list[Key]:
    """The longest functions in `key` from left to right."""
    known, start, cover = registry().functions, 0, []
    while start < len(key):
        end = next((e for e in range(min(len(key), start + 6), start, -1) if key[start:e] in known), None)
        if end:
            cover.append(key[start:end])
        start = end or start + 1
    return cover


@cache
def registry() -> Registry:
    """The registry as look-up tables."""
    data = vocabulary("agencies")
    alone = frozenset(data["alone"])
    heads = {
        content_words(words): Head(words, kind, takes, words in alone)
        for takes, table in data["heads"].items()
        for words, kind in table.items()
    }
    for short, full in data["head_abbreviations"].items():
        heads[content_words(short)] = heads[content_words(full)]
    names = {
        content_words(printed): (entry["name"], entry["kind"])
        for entry in data["names"]
        for printed in (entry["name"], *entry.get("also", ()))
    }
    functions = {
        content_words(printed): (printed, name) for name, also in data["functions"].items() for printed in (*also, name)
    }
    words = {word for table in (heads, names, functions) for key in table for word in key}
    places = data["places"]
    return Registry(
        heads,
        names,
        functions,
        {short: tuple(full) for short, full in data["function_abbreviations"].items()},
        {short: tuple(full) for short, full in data["office_abbreviations"].items()},
        frozenset(content_words(printed) for printed in data["et_al"]),
        frozenset(words | set(places["upper"]) | set(places["lower"]) | set(places["closing"]) | set(data["prefixes"])),
    )
