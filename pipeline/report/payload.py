"""Data for the page's script: JSON that HTML cannot misread, and compressed blocks that are opened when needed."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

# Characters that could end the script element, begin a comment in it, or break a line of JavaScript.
ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def as_json(data: Any) -> str:
    """JSON without a character that means something to HTML; text stays the same when it is parsed."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(ESCAPES)


def table(rows: Sequence[NamedTuple], row: type[Any]) -> dict[str, Any]:
    """Rows of one kind, with the names of their fields told once."""
    return {"fields": row._fields, "rows": rows}


def plain(data: Any) -> Any:
    """Rows as objects under the names of their fields, all levels down; a field without a value is left out."""
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return {name: plain(value) for name, value in zip(data._fields, data, strict=True) if value is not None}
    if isinstance(data, (list, tuple)):
        return [plain(one) for one in data]
    return data


def packed(data: Any) -> str:
    """JSON, compressed with gzip, as base64: letters, digits, `+`, `/` and `=` only."""
    plain = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")
    return base64.b64encode(gzip.compress(plain, compresslevel=9, mtime=0)).decode("ascii")
