"""Words of a page from PDFium's characters, each with its box, its direction and whether it can be seen.

Glyphs are put together in the order in which the page draws them, so that texts that overlap
(a cell running into the next) stay apart. A glyph drawn twice at one place (bold by overprinting) counts once.
"""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import degrees
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c
import regex

from extractors.readers.pdf.frame import Frame
from extractors.readers.pdf.parts import Fill, Hidden, Word

MAX_CHARACTERS = 200_000
# Gaps in parts of the glyph height: more than GAP parts two words; a glyph that starts this far left of the
# one before begins another run; DOUBLED of its own width away from its like it is the same glyph again.
GAP, BACK, DOUBLED = 0.3, 0.5, 0.3
# Degrees by which the direction of text may stray from the page's axes.
SLANT = 6.0
TINY = 1.5
# Colours this near to the ground they stand on are not seen.
UNSEEN = 24
INVISIBLE_MODES = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)

HYPHENS = {0x02: "-", 0xFFFE: "-", 0x2010: "-", 0x2011: "-"}
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
# Bullets of the symbol fonts, which stand in the private use area.
SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF076: "❖", 0xF06F: "○", 0xF02D: "-", 0xF0E0: "→"}
DROPPED = {0x200B: "", 0x200C: "", 0x200D: "", 0xFEFF: ""}
PLAIN = {**HYPHENS, **LIGATURES, **SYMBOLS, **DROPPED}
UNMAPPED = regex.compile(r"[\x00\x01\x03-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")
BLANKS = frozenset(" \t\n\r\v\f\xa0\u2002\u2003\u2009\u3000")
SOFT_HYPHEN = "\u00ad"


class Look(NamedTuple):
    """How the words of one text object are drawn."""

    rgba: tuple[int, int, int, int]
    mode: int
    angle: float


@dataclass(frozen=True, slots=True)
class Glyphs:
    """All text of a page. `looks[i]` belongs to `words[i]`."""

    words: tuple[Word, ...]
    looks: tuple[Look, ...]
    rotation: int
    unmapped: int


class TooManyCharactersError(Exception):
    """A page with more than MAX_CHARACTERS characters is no page of a regulation."""


def read_glyphs(page: Any, box: tuple[float, float, float, float], rotate: int) -> Glyphs:
    """The words of an open pypdfium2 page, in drawing order, hidden ones among them.

    `box` is the visible area in user space, `rotate` the page's own /Rotate, which holds where there is no text.
    Raises TooManyCharactersError.
    """
    text_page = pdfium_c.FPDFText_LoadPage(page.raw)
    if not text_page:
        return Glyphs((), (), rotate, 0)
    try:
        count = pdfium_c.FPDFText_CountChars(text_page)
        if count > MAX_CHARACTERS:
            raise TooManyCharactersError
        return _read(text_page, max(count, 0), box, rotate)
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)


def _characters(text_page: Any, count: int) -> str:
    """One character for each of PDFium's, whatever it is."""
    buffer = (ctypes.c_ushort * (count + 1))()
    if pdfium_c.FPDFText_GetText(text_page, 0, count, buffer) == count + 1:
        text = bytes(buffer)[:-2].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
    codes = (pdfium_c.FPDFText_GetUnicode(text_page, i) for i in range(count))
    return "".join(chr(code) if code < 0x110000 else "\ufffd" for code in codes)


def _read(text_page: Any, count: int, box: tuple[float, float, float, float], rotate: int) -> Glyphs:
    text = _characters(text_page, count)
    looks = _Looks(text_page)
    runs = _runs(text_page, text, looks)
    angles: Counter[int] = Counter()
    for run in runs:
        angles[run.axis] += len(run.text)
    rotation = -angles.most_common(1)[0][0] % 360 if angles else rotate
    frame = Frame(*box, rotation)
    words = tuple(_word(run, frame) for run in runs)
    unmapped = len(UNMAPPED.findall("".join(run.text for run in runs if not run.text.isascii()).translate(PLAIN)))
    return Glyphs(words, tuple(run.look for run in runs), rotation, unmapped)


class _Run(NamedTuple):
    """A word in user space. `axis` is the clockwise angle of its direction, to the next 90 degrees."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    axis: int
    look: Look


class _Looks:
    """How the object that holds a character is drawn; asked once an object."""

    def __init__(self, text_page: Any) -> None:
        self.text_page = text_page
        self.known: dict[int, Look] = {}
        self.colour = [ctypes.c_uint() for _ in range(4)]

    def at(self, index: int) -> Look:
        pointer = pdfium_c.FPDFText_GetTextObject(self.text_page, index)
        address = ctypes.cast(pointer, ctypes.c_void_p).value or 0
        look = self.known.get(address)
        if look is None or not address:
            look = self._read(pointer, index, bool(address))
            self.known[address] = look
        return look

    def _read(self, pointer: Any, index: int, is_object: bool) -> Look:
        found = pdfium_c.FPDFText_GetFillColor(self.text_page, index, *self.colour)
        red, green, blue, alpha = (part.value for part in self.colour) if found else (0, 0, 0, 255)
        mode = pdfium_c.FPDFTextObj_GetTextRenderMode(pointer) if is_object else 0
        angle = degrees(pdfium_c.FPDFText_GetCharAngle(self.text_page, index)) % 360
        return Look((red, green, blue, alpha), mode, angle)


@cache
def _loose_box() -> Any:
    """FPDFText_GetLooseCharBox without the checks of each argument, which cost as much as the call itself."""
    address = ctypes.cast(pdfium_c.FPDFText_GetLooseCharBox, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(ctypes.c_int)(address)


def _runs(text_page: Any, text: str, looks: _Looks) -> list[_Run]:
    """The words in user space. The loop is the reader's hottest: a call a glyph, the rest a call a word."""
    runs: list[_Run] = []
    rect = pdfium_c.FS_RECTF()
    pointer = ctypes.byref(rect)
    box_of = _loose_box()
    handle = ctypes.c_void_p(ctypes.addressof(text_page.contents))
    letters: list[str] = []
    left = bottom = right = top = height = 0.0
    axis = 0
    begin = end = base = 0.0
    look = Look((0, 0, 0, 255), 0, 0.0)
    for index, letter in enumerate(text):
        if letter in BLANKS:
            if letters:
                runs.append(_Run("".join(letters), left, bottom, right, top, axis, look))
                letters = []
            continue
        if not box_of(handle, index, pointer):
            continue
        x0, y0, x1, y1 = rect.left, rect.bottom, rect.right, rect.top
        if letters:
            if axis == 0:
                u0, u1, v = x0, x1, y0
            elif axis == 270:
                u0, u1, v = y0, y1, -x1
            elif axis == 90:
                u0, u1, v = -y1, -y0, x0
            else:
                u0, u1, v = -x1, -x0, -y1
            level = -BACK * height < v - base < BACK * height
            if level and letter == letters[-1] and -DOUBLED * (u1 - u0) < u0 - begin < DOUBLED * (u1 - u0):
                continue
            if not level or u0 - end > GAP * height or u0 < begin - BACK * height:
                runs.append(_Run("".join(letters), left, bottom, right, top, axis, look))
                letters = []
            else:
                letters.append(letter)
                begin, end = u0, u1
                left = x0 if x0 < left else left
                right = x1 if x1 > right else right
                bottom = y0 if y0 < bottom else bottom
                top = y1 if y1 > top else top
                continue
        look = looks.at(index)
        axis = round(look.angle / 90) % 4 * 90
        letters = [letter]
        left, bottom, right, top = x0, y0, x1, y1
        if axis == 0:
            begin, end, base, height = x0, x1, y0, y1 - y0
        elif axis == 270:
            begin, end, base, height = y0, y1, -x1, x1 - x0
        elif axis == 90:
            begin, end, base, height = -y1, -y0, x0, x1 - x0
        else:
            begin, end, base, height = -x1, -x0, -y1, y1 - y0
        if slant(look.angle) > SLANT:
            height = float("inf")  # neither axis measures it: only blanks part such words
    if letters:
        runs.append(_Run("".join(letters), left, bottom, right, top, axis, look))
    return runs


def _word(run: _Run, frame: Frame) -> Word:
    text = run.text if run.text.isascii() and run.text.isprintable() else _tidy(run.text)
    x0, top, x1, bottom = frame.box(run.left, run.bottom, run.right, run.top)
    return Word(text, x0, top, x1, bottom, (run.axis + frame.rotation) % 360)


def _tidy(text: str) -> str:
    """Ligatures, hyphens and symbol bullets in plain characters; a soft hyphen only shows where a line ends."""
    text = text.translate(PLAIN)
    if SOFT_HYPHEN in text:
        shown = "-" if text.endswith(SOFT_HYPHEN) else ""
        text = text.replace(SOFT_HYPHEN, "") + shown
    return "".join(letter if letter.isprintable() or letter.isspace() else "\ufffd" for letter in text)


def slant(angle: float) -> float:
    """Degrees between a direction and the nearest axis of the page."""
    return abs((angle + 45) % 90 - 45)


def part_hidden(
    glyphs: Glyphs, fills: Sequence[Fill], width: float, height: float, ocr_layer: bool
) -> tuple[tuple[Word, ...], tuple[Hidden, ...]]:
    """(words that are seen, words that are not). In an `ocr_layer` invisible text is the page's text."""
    seen: list[Word] = []
    hidden: list[Hidden] = []
    for word, look in zip(glyphs.words, glyphs.looks, strict=True):
        if not word.text:
            continue
        how = _hidden(word, look, fills, width, height, ocr_layer)
        if how:
            hidden.append(Hidden(how, word))
        else:
            seen.append(word)
    return tuple(seen), tuple(hidden)


def _hidden(word: Word, look: Look, fills: Sequence[Fill], width: float, height: float, ocr_layer: bool) -> str | None:
    x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
    if not (0 <= x <= width and 0 <= y <= height):
        return "off_page"
    if slant(look.angle) > SLANT:
        return "slanted"
    if min(word.bottom - word.top, word.x1 - word.x0) < TINY and len(word.text) > 1:
        return "tiny"
    if look.mode in INVISIBLE_MODES:
        return None if ocr_layer else "invisible"
    red, green, blue, alpha = look.rgba
    if alpha < UNSEEN:
        return "invisible"
    if look.mode == pdfium_c.FPDF_TEXTRENDERMODE_STROKE or (not fills and max(red, green, blue) < 255 - UNSEEN):
        return None
    ground = next(
        (fill for fill in reversed(fills) if fill.box.x0 <= x <= fill.box.x1 and fill.box.top <= y <= fill.box.bottom),
        None,
    )
    under = (ground.red, ground.green, ground.blue) if ground else (255, 255, 255)
    near = max(abs(a - b) for a, b in zip((red, green, blue), under, strict=True)) <= UNSEEN
    return "white" if near else None


def invisible_share(glyphs: Glyphs) -> float:
    """Share of the words that are drawn invisibly."""
    if not glyphs.words:
        return 0.0
    return sum(look.mode in INVISIBLE_MODES for look in glyphs.looks) / len(glyphs.words)
