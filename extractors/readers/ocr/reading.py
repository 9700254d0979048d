"""The words of a page: which way up it reads, and what its lines say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extractors.readers.ocr.image import Scan, turned
from extractors.readers.ocr.ink import Area
from extractors.readers.ocr.layout import Layout, find_layout, upside_down, widest
from extractors.readers.ocr.lines import TextLine
from extractors.readers.ocr.tesseract import Tesseract, Word, mean_confidence

# So many of the widest lines tell which way up a page is and whether it holds text at all.
SAMPLE = 6
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
    layout = find_layout(scan)
    sample = widest(layout, SAMPLE)
    if not sample:
        return Reading(scan, layout, {})
    words = _read(sample, engine)
    best = mean_confidence(words.values())
    if scan.turn or best < POOR:
        way, best = _best_way(scan, sample, best, engine)
        if way:
            scan = turned(scan, way)
            layout, words = find_layout(scan), {}
    if best < HOPELESS:
        return None
    rest = [line for line in layout.lines() if line.area not in words]
    return Reading(scan, layout, words | _read(rest, engine))


def _read(lines: Iterable[TextLine], engine: Tesseract) -> dict[Area, list[Word]]:
    return {line.area: engine.read(line) for line in lines}


def _best_way(scan: Scan, sample: Sequence[TextLine], confidence: float, engine: Tesseract) -> tuple[int, float]:
    """The clockwise turn after which the page reads best, 0 unless another is clearly better, and how well it reads."""
    trials = {180: [upside_down(line) for line in sample]}
    found = {way: mean_confidence(_read(lines, engine).values()) for way, lines in trials.items()}
    if max(confidence, found[180]) < POOR:
        aside = widest(find_layout(turned(scan, 90)), SAMPLE)
        found[90] = mean_confidence(_read(aside, engine).values())
        found[270] = mean_confidence(_read([upside_down(line) for line in aside], engine).values())
    way = max(found, key=lambda turn: found[turn])
    return (way, found[way]) if found[way] > confidence + BETTER else (0, confidence)
