"""The words of a page: which way up it reads, and what its lines say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.readers.ocr.image import Scan, turned
from extractors.readers.ocr.ink import Area
from extractors.readers.ocr.layout import Layout, beginning, find_layout, sketch, upside_down, widest
from extractors.readers.ocr.lines import TextLine
from extractors.readers.ocr.tesseract import Tesseract, Word, mean_confidence

# So many of the widest lines tell whether a page holds text at all, and so many which way up it is.
SAMPLE, TRIALS = 6, 4
# Confidence under which a page may lie another way, by how much another way must read better, and
# confidence under which there is no text: pictures and grain give garbage, slowly.
POOR, BETTER, HOPELESS = 0.7, 0.1, 0.35


@dataclass(frozen=True, slots=True)
class Reading:
    """A scan turned as it reads best, its layout, and the words of each line by the line's area."""

    scan: Scan
    layout: Layout
    words: dict[Area, list[Word]]

    @property
    def confidence(self) -> float:
        return mean_confidence(self.words.values())


def read_words(scan: Scan, engine: Tesseract) -> Reading | None:
    """All words of a prepared scan; None where its lines, whichever way they are turned, give no words."""
    if scan.turn:
        scan = turned(scan, _best_way(scan, (0, 180), engine)[0])
    layout = find_layout(scan)
    words = _read(widest(layout.lines(), SAMPLE), engine)
    if not words:
        return Reading(scan, layout, {})
    best = mean_confidence(words.values())
    if best < POOR:
        way, found = _best_way(scan, (0, 90, 180, 270), engine)
        if way and found > best + BETTER:
            scan, best = turned(scan, way), found
            layout, words = find_layout(scan), {}
    if best < HOPELESS:
        return None
    rest = [line for line in layout.lines() if line.area not in words]
    return Reading(scan, layout, words | _read(rest, engine))


def _read(lines: Iterable[TextLine], engine: Tesseract) -> dict[Area, list[Word]]:
    return {line.area: engine.read(line) for line in lines}


def _best_way(scan: Scan, ways: Sequence[int], engine: Tesseract) -> tuple[int, float]:
    """The one of `ways` (clockwise turns) in which pieces of some lines read best, and how well they do."""
    found: dict[int, float] = {}
    for aside in {way % 180 for way in ways}:
        lines = [beginning(line) for line in widest(sketch(turned(scan, aside)), TRIALS)]
        for way in (aside, aside + 180):
            if way in ways:
                trial = lines if way == aside else [upside_down(line) for line in lines]
                found[way] = mean_confidence(_read(trial, engine).values())
    return max(found.items(), key=lambda item: (item[1], -item[0]))
