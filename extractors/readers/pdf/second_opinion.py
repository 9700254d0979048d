"""pdfplumber beside PDFium: asked for pages on which the fast way is not sure of what it read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from extractors.readers.pdf.grids import Grid
from extractors.readers.pdf.parts import Word

# Share of words that may differ or stand across a column's edge before the two are said to disagree.
TOLERANCE = 0.03


class SecondOpinion:
    """The file opened a second time, once it is asked for the first time. `close` it."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._document: Any = None

    def words(self, index: int, width: float, height: float) -> tuple[Word, ...] | None:
        """The words of a page; None where it can't be read or is not `width` x `height` as this reader turns it."""
        try:
            if self._document is None:
                import pdfplumber

                self._document = pdfplumber.open(BytesIO(self._data))
            page = self._document.pages[index]
            try:
                if abs(page.width - width) > 1 or abs(page.height - height) > 1:
                    return None
                left, top = page.bbox[:2]
                found = page.extract_words(expand_ligatures=True)
                return tuple(
                    Word(w["text"], w["x0"] - left, w["top"] - top, w["x1"] - left, w["bottom"] - top) for w in found
                )
            finally:
                page.close()
        except Exception:  # pdfminer raises whatever a damaged file makes it raise; then there is no second opinion
            return None

    def close(self) -> None:
        if self._document is not None:
            self._document.close()


def disagreement(grid: Grid, words: Sequence[Word], others: Sequence[Word]) -> str | None:
    """What speaks against a table read from `words` in the `others` of the second reader; None if they agree."""
    box = grid.box
    first, second = (
        [w for w in part if box.x0 <= (w.x0 + w.x1) / 2 <= box.x1 and box.top <= (w.top + w.bottom) / 2 <= box.bottom]
        for part in (words, others)
    )
    allowed = TOLERANCE * max(len(first), 1)
    crossing = sum(any(word.x0 + 1 < edge < word.x1 - 1 for edge in grid.xs[1:-1]) for word in second)
    if crossing > allowed:
        return f"{crossing} words stand across a column's edge"
    letters = (Counter("".join(word.text for word in part)) for part in (first, second))
    one, two = letters
    differing = max((one - two).total(), (two - one).total())
    return f"{differing} characters read differently" if differing > TOLERANCE * max(one.total(), 1) else None
