"""What a column of units says of the numbers beside it: the unit, a power of ten, a period."""

from __future__ import annotations

import re
from typing import NamedTuple

from extractors.annex.target_tokens import tokens

_BRACKETS = re.compile(r"[()\[\]]")
_KNOWN = re.compile(r"[RUS]*P?|r[WU]*|Y")


class ColumnUnit(NamedTuple):
    """A unit cell as read. `known`: it is all vocabulary; otherwise `unit` is the print."""

    unit: str | None = None
    factor: float = 1.0
    period: str | None = None
    period_printed: str | None = None
    known: bool = True


def read_column_unit(printed: str | None) -> ColumnUnit:
    """The unit in a cell of its own: `Dokumen`, `Persen (%)`, `Rp (juta)`, `Kali/Tahun`; `-` is none.

    `factor` is the power of ten that the numbers stand in. Never raises, time linear in `printed`.
    """
    text = " ".join(_BRACKETS.sub(" ", printed or "").split())
    found = [token for token in tokens(text) if token.kind != "~"]
    kinds = "".join(token.kind for token in found)
    if not re.search("[RUSWPrY]", kinds):
        return ColumnUnit()
    names = {token.value for token in found if token.kind in "RU"}
    scales = {float(token.value) for token in found if token.kind == "S"}
    if not _KNOWN.fullmatch(kinds) or len(names) > 1 or len(scales) > 1:
        return ColumnUnit(unit=" ".join((printed or "").split()), known=False)
    if kinds[0] in "rY":
        return ColumnUnit(unit=text if kinds[0] == "r" else found[0].printed.casefold())
    period = found[-1] if kinds.endswith("P") else None
    return ColumnUnit(
        next(iter(names), None),
        next(iter(scales), 1.0),
        (period.value or None) if period else None,
        period.printed if period else None,
    )
