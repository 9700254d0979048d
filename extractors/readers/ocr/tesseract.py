"""Tesseract on pictures of single text lines: words with their boxes, confidence and language.

`eng+ind` reads, because the `ind` model of Debian lacks glyphs (`%`, `;`, …) that it replaces by others; a word
of its that may hide one is read again with `eng` alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Any

import regex

from extractors.readers.ocr.ink import Area
from extractors.readers.ocr.lines import MARGIN, TextLine

INSTALL = "apt-get install tesseract-ocr tesseract-ocr-ind tesseract-ocr-eng"
LANGUAGES = ("eng", "ind")
RESOLUTION = 200
# Glyphs that the `ind` model does not know, and what its words show where one may stand.
UNKNOWN_TO_IND = frozenset("%;q+=<>Q")
# A single letter that looks alike in both cases is read twice: `Cc.` for `c.`.
TWICE = regex.compile(r"(\p{Lu})(\p{Ll})([.)]?)")
SMALL_LETTER = 0.85
# Bars with a capital I among them are a Roman number; a line of one bar may be something else.
BARS = regex.compile(r"(?=.*I)[Il|]{2,3}")
# A Roman number of which the last bars were taken for other upright marks.
ROMAN_BARS = regex.compile(r"[IVXLC]+[\]|!l]{1,2}")
# Alone and as high as capitals, small letters of a Roman number are capitals, and `l` is I.
ROMAN = regex.compile(r"(?=.*[vxc]|[VXC])[IVXCivxcl]{2,7}")
LONE_BAR = regex.compile(r"[lI|!]")
DOUBTFUL = regex.compile(r"\d|[,:.]$")
# A line of so few strokes is enlarged so much, which Tesseract reads better.
SHORT, ENLARGED = 4, 1.5
# A line that reads worse is read in the other size, too.
POOR_LINE = 0.6
# Pixels of a line around a word that is read again.
AROUND = 3
# Numbers below the first are read twice, in two sizes; where the readings differ, they are no surer than the second.
SURE, DISPUTED = 0.94, 0.5
NUMBER = regex.compile(r"\d|^\(?[IVXLCivxlc]+[.):]?$")
AROUND_NUMBER = ".,:;()[]"
# Confidence of what is told by its shape alone.
DASH_CONFIDENCE, BARS_CONFIDENCE = 0.9, 0.8


class TesseractMissingError(Exception):
    """Tesseract or its language data is not installed; the text says how to install it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as read, its confidence from 0 to 1, and its pixels on the page."""

    text: str
    confidence: float
    area: Area
    language: str = ""


class Tesseract:
    """Tesseract for `eng+ind` and for `eng` alone, kept ready for one line after the other."""

    def __init__(self, language_data: str) -> None:
        """With the language data in a folder. Raises TesseractMissingError."""
        try:
            import tesserocr
        except ImportError as error:
            raise TesseractMissingError("scanned pages need tesserocr: pip install tesserocr") from error
        self._tesserocr = tesserocr
        how = {"path": language_data, "psm": tesserocr.PSM.SINGLE_LINE, "oem": tesserocr.OEM.LSTM_ONLY}
        try:
            self._both = tesserocr.PyTessBaseAPI(lang="+".join(LANGUAGES), **how)
            self._english = tesserocr.PyTessBaseAPI(lang="eng", **how)
            for api in (self._both, self._english):
                # Light text on dark ground does not occur, and trying for it costs an eighth of the time.
                api.SetVariable("invert_threshold", "0")
        except RuntimeError as error:
            raise TesseractMissingError(f"Tesseract does not start ({error}): {INSTALL}") from error

    def read(self, line: TextLine) -> list[Word]:
        """The words of a line from left to right; none where nothing is read."""
        words = [Word("-", DASH_CONFIDENCE, area) for area in line.dashes_before]
        if line.picture is not None:
            words += self._bars(line) if line.bars else self._words(line)
        return words + [Word("-", DASH_CONFIDENCE, area) for area in line.dashes_behind]

    def _bars(self, line: TextLine) -> list[Word]:
        """Upright bars alone are a Roman number, of which Tesseract makes nothing."""
        return [Word("I" * line.bars, BARS_CONFIDENCE, line.area)]

    def _words(self, line: TextLine) -> list[Word]:
        sizes = (ENLARGED, 1.0) if line.glyphs <= SHORT else (1.0, ENLARGED)
        found = self._recognise(self._both, line, sizes[0])
        if mean_confidence([found]) < POOR_LINE:
            found = max(found, self._recognise(self._both, line, sizes[1]), key=lambda words: mean_confidence([words]))
        words = []
        for word in found:
            if word.language == "ind" and DOUBTFUL.search(word.text):
                word = _with_lost_glyph(word, self._again(self._english, line, word.area, sizes[0]))
            if NUMBER.search(word.text) and word.confidence < SURE:
                word = _compared(word, self._again(self._both, line, word.area, sizes[1]), keep=sizes[0] > sizes[1])
            if LONE_BAR.fullmatch(word.text) and len(found) == 1:
                # Of several strokes it is a Roman number, of one it may be a digit as well.
                text = word.text if line.glyphs == 1 else "I" * line.glyphs
                word = replace(word, text=text, confidence=min(word.confidence, DISPUTED))
            elif ROMAN.fullmatch(word.text) and len(found) == 1 and _height(word.area) >= SMALL_LETTER * line.letter:
                word = replace(word, text=word.text.replace("l", "I").upper())
            words.append(word)
        return words

    def _again(self, api: Any, line: TextLine, area: Area, factor: float) -> Word | None:
        """Another reading of one word of a line, None where that gives none or several."""
        import cv2

        assert line.picture is not None
        columns = line.picture.shape[1]
        x0, x1 = max(area.x0 - line.left - AROUND, 0), min(area.x1 - line.left + AROUND, columns)
        picture = cv2.copyMakeBorder(line.picture[:, x0:x1], 0, 0, MARGIN, MARGIN, cv2.BORDER_CONSTANT, value=255)
        words = self._recognise(api, replace(line, picture=picture, left=line.left + x0 - MARGIN), factor)
        return replace(words[0], area=area) if len(words) == 1 else None

    def _recognise(self, api: Any, line: TextLine, factor: float = 1.0) -> list[Word]:
        import cv2

        picture: Any = line.picture
        if factor != 1.0:
            picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        rows, columns = picture.shape
        api.SetImageBytes(picture.tobytes(), columns, rows, 1, columns)
        api.SetSourceResolution(RESOLUTION)
        api.Recognize()
        level = self._tesserocr.RIL.WORD
        words = []
        iterator = api.GetIterator()
        for item in self._tesserocr.iterate_level(iterator, level) if iterator else ():
            try:
                text = item.GetUTF8Text(level)
            except RuntimeError:
                continue
            box = item.BoundingBox(level)
            if text and text.strip() and box:
                x0, y0, x1, y1 = (round(side / factor) for side in box)
                area = Area(x0 + line.left, y0 + line.top, x1 + line.left, y1 + line.top)
                text = _once(text.strip(), area, line.letter)
                words.append(Word(text, item.Confidence(level) / 100, area, item.WordRecognitionLanguage() or ""))
        api.Clear()
        return words


def mean_confidence(lines: Iterable[Sequence[Word]]) -> float:
    """Mean confidence of the words of lines, each weighted by its length; 0 without words."""
    words = [word for line in lines for word in line]
    return fmean([word.confidence for word in words], [len(word.text) for word in words]) if words else 0.0


def _height(area: Area) -> int:
    return area.y1 - area.y0


def _once(text: str, area: Area, letter: float) -> str:
    """A letter that was read in both cases (`Cc.`) in the one that its height tells; bars that are a Roman number."""
    if BARS.fullmatch(text):
        return "I" * len(text)
    if ROMAN_BARS.fullmatch(text):
        return str(regex.sub(r"[\]|!l]", "I", text))
    match = TWICE.fullmatch(text)
    if not match or match[1].lower() != match[2]:
        return text
    return str(match[2 if _height(area) < SMALL_LETTER * letter else 1] + match[3])


def _with_lost_glyph(word: Word, english: Word | None) -> Word:
    """A word of the `ind` model, or what the `eng` model reads in its place where that holds a glyph `ind` lacks."""
    return english if english and UNKNOWN_TO_IND & set(english.text) - set(word.text) else word


def _compared(word: Word, again: Word | None, *, keep: bool) -> Word:
    """A number that a second reading confirms is as sure as the surer reading; what stands around it is not compared.

    Of readings that differ the surer one stands, with `keep` the first; either is doubtful.
    """
    if again and again.text.strip(AROUND_NUMBER) == word.text.strip(AROUND_NUMBER):
        return replace(word, confidence=max(word.confidence, again.confidence))
    better = again if again and not keep and again.confidence > word.confidence else word
    return replace(better, confidence=min(better.confidence, DISPUTED))
