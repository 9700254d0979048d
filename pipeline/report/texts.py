"""The page's texts in both languages (`texts.toml`), and elements that the page's script can say anew."""

from __future__ import annotations

import json
import re
import tomllib
from functools import cache
from importlib.resources import files

from markupsafe import Markup

LANGUAGES = ("id", "en")
FIRST = "id"
PLACEHOLDER = re.compile(r"\{(\w+)\}")


@cache
def texts() -> dict[str, dict[str, str]]:
    """Key to text, by language. Keys of nested tables are joined by dots."""
    found: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    todo = [("", tomllib.loads((files("pipeline.report") / "texts.toml").read_text("utf-8")))]
    while todo:
        above, entries = todo.pop()
        for name, value in entries.items():
            if isinstance(value, dict):
                todo.append((f"{above}.{name}" if above else name, value))
            else:
                found[name][above] = value
    return found


def say(key: str, **values: object) -> str:
    """A text in Indonesian, filled in."""
    return PLACEHOLDER.sub(lambda match: written(values[match[1]], match[1] == "share"), texts()[FIRST][key])


def written(value: object, share: bool = False) -> str:
    """A number as Indonesian writes it, a share as percent; years and the like (given as text) as they are."""
    if not isinstance(value, (int, float)):
        return str(value)
    if share:
        # Rounded down: only what is whole is 100 %.
        return f"{int(value * 1000) / 10:g}\u202f%".replace(".", ",")
    shown = f"{value:,.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    return shown.translate(str.maketrans(",.", ".,"))


def element(key: str, tag: str = "span", **values: object) -> Markup:
    """`<span data-t="key" data-values="…">text</span>`: the script fills it in again when the language changes."""
    filled = Markup(' data-values="{}"').format(json.dumps(values)) if values else ""
    return Markup('<{0} data-t="{1}"{2}>{3}</{0}>').format(Markup(tag), key, filled, say(key, **values))


def number(value: float) -> Markup:
    """A number, likewise written anew."""
    return Markup('<b data-n="{}">{}</b>').format(value, written(value))


def attribute(name: str, key: str) -> Markup:
    """`aria-label="text" data-t-aria-label="key"`, likewise filled in again."""
    return Markup('{0}="{1}" data-t-{0}="{2}"').format(Markup(name), say(key), key)
