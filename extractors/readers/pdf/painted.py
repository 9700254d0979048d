"""Rules, painted areas and images of a page from PDFium's page objects."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium_c

from extractors.models import Box
from extractors.readers.pdf.frame import Frame
from extractors.readers.pdf.parts import SAME, Drawn, Fill, Rule

MAX_OBJECTS, MAX_SEGMENTS, MAX_DEPTH = 60_000, 60_000, 8
# A painted strip no wider than this is a rule; a rule shorter than MIN_RULE is a dot.
MAX_RULE_WIDTH, MIN_RULE = 4.0, 1.0
# Corners of a single stroke and of a rectangle at most; a path with more is no plain area.
STROKE, RECTANGLE = 2, 6
# Share of the page from which on an image covers it.
WHOLE_PAGE = 0.9
# Ink fainter than this does not show on paper.
FAINT = 245

# Rectangles in one path that are compared with one another.
MAX_AREAS = 200

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
Colour = tuple[int, int, int]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def read_painted(page: Any, frame: Frame) -> Drawn:
    """What is painted on an open pypdfium2 page beside its text. Stops at MAX_OBJECTS objects."""
    reader = _Painted(frame)
    raw = page.raw
    reader.walk(pdfium_c.FPDFPage_CountObjects(raw), lambda i: pdfium_c.FPDFPage_GetObject(raw, i), IDENTITY, 0)
    area = frame.width * frame.height
    return Drawn(
        tuple(reader.horizontal),
        tuple(reader.vertical),
        tuple(reader.fills),
        min(1.0, reader.image_area / area) if area > 0 else 0.0,
        reader.covered,
        reader.curves,
        reader.objects < MAX_OBJECTS and reader.segments < MAX_SEGMENTS,
    )


class _Painted:
    """The one pass over the objects of a page, forms entered."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.horizontal: list[Rule] = []
        self.vertical: list[Rule] = []
        self.fills: list[Fill] = []
        self.image_area = 0.0
        self.covered = False
        self.curves = self.objects = self.segments = 0
        self.bounds = [ctypes.c_float() for _ in range(4)]
        self.colour = [ctypes.c_uint() for _ in range(4)]
        self.fill_mode, self.stroke = ctypes.c_int(), ctypes.c_int()
        self.x, self.y = ctypes.c_float(), ctypes.c_float()
        self.matrix = pdfium_c.FS_MATRIX()

    def walk(self, count: int, get: Callable[[int], Any], base: Matrix, depth: int) -> None:
        for i in range(count):
            if self.objects >= MAX_OBJECTS:
                return
            self.objects += 1
            item = get(i)
            kind = pdfium_c.FPDFPageObj_GetType(item)
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
                self._path(item, base)
            elif kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
                self.covered = False
            elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
                self._image(item, base)
            elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
                inner = _product(self._matrix(item), base)
                self.walk(
                    pdfium_c.FPDFFormObj_CountObjects(item),
                    lambda k, form=item: pdfium_c.FPDFFormObj_GetObject(form, k),  # type: ignore[misc]
                    inner,
                    depth + 1,
                )

    def _matrix(self, item: Any) -> Matrix:
        m = self.matrix
        if not pdfium_c.FPDFPageObj_GetMatrix(item, ctypes.byref(m)):
            return IDENTITY
        return (m.a, m.b, m.c, m.d, m.e, m.f)

    def _box(self, item: Any, base: Matrix) -> Box | None:
        if not pdfium_c.FPDFPageObj_GetBounds(item, *self.bounds):
            return None
        left, bottom, right, top = (value.value for value in self.bounds)
        if base is IDENTITY:
            return self.frame.box(left, bottom, right, top)
        corners = [_moved(base, x, y) for x, y in ((left, bottom), (right, bottom), (left, top), (right, top))]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return self.frame.box(min(xs), min(ys), max(xs), max(ys))

    def _image(self, item: Any, base: Matrix) -> None:
        box = self._box(item, base)
        if box:
            width = min(box.x1, self.frame.width) - max(box.x0, 0.0)
            height = min(box.bottom, self.frame.height) - max(box.top, 0.0)
            area = max(width, 0.0) * max(height, 0.0)
            self.image_area += area
            self.covered = self.covered or area >= WHOLE_PAGE * self.frame.width * self.frame.height

    def _path(self, item: Any, base: Matrix) -> None:
        if not pdfium_c.FPDFPath_GetDrawMode(item, self.fill_mode, self.stroke):
            return
        filled, stroked = self.fill_mode.value != 0, self.stroke.value != 0
        fill = self._ink(pdfium_c.FPDFPageObj_GetFillColor, item) if filled else None
        stroke = self._ink(pdfium_c.FPDFPageObj_GetStrokeColor, item) if stroked else None
        if fill is None and stroke is None:
            return
        box = self._box(item, base)
        if box is None:
            return
        width, height = box.x1 - box.x0, box.bottom - box.top
        inked = (fill is not None and min(fill) < FAINT) or (stroke is not None and min(stroke) < FAINT)
        if min(width, height) <= MAX_RULE_WIDTH:
            if inked:
                self._strip(box, width, height)
            return
        corners = pdfium_c.FPDFPath_CountSegments(item)
        if fill is not None and stroke is None and corners <= RECTANGLE:
            self.fills.append(Fill(box, *fill))
        elif stroke is not None and fill is None and corners <= STROKE and self._is_broad(item, box):
            self.fills.append(Fill(box, *stroke))
        else:
            self._outlines(self._subpaths(item, base, corners), fill, stroke, inked)

    def _ink(self, ask: Callable[..., int], item: Any) -> Colour | None:
        """The colour, None where it is transparent or no plain colour."""
        if not ask(item, *self.colour):
            return None
        red, green, blue, alpha = (part.value for part in self.colour)
        return (red, green, blue) if alpha > 255 - FAINT else None

    def _strip(self, box: Box, width: float, height: float) -> None:
        if width >= height and width >= MIN_RULE:
            self.horizontal.append(Rule((box.top + box.bottom) / 2, box.x0, box.x1))
        elif height > width and height >= MIN_RULE:
            self.vertical.append(Rule((box.x0 + box.x1) / 2, box.top, box.bottom))

    def _is_broad(self, item: Any, box: Box) -> bool:
        """Whether a single stroke is as wide as its box: an area, not a line across it."""
        if not pdfium_c.FPDFPageObj_GetStrokeWidth(item, self.x):
            return False
        return self.x.value + SAME >= min(box.x1 - box.x0, box.bottom - box.top)

    def _subpaths(self, item: Any, base: Matrix, count: int) -> list[list[Point]]:
        """The corners of each piece of a path of `count` segments; a closed piece ends where it began."""
        a, b, c, d, e, f = _product(self._matrix(item), base)
        pieces: list[list[Point]] = []
        for i in range(count):
            if self.segments >= MAX_SEGMENTS:
                break
            self.segments += 1
            segment = pdfium_c.FPDFPath_GetPathSegment(item, i)
            if not pdfium_c.FPDFPathSegment_GetPoint(segment, self.x, self.y):
                continue
            x, y = self.x.value, self.y.value
            kind = pdfium_c.FPDFPathSegment_GetType(segment)
            if kind == pdfium_c.FPDF_SEGMENT_MOVETO or not pieces:
                pieces.append([])
            elif kind != pdfium_c.FPDF_SEGMENT_LINETO:
                self.curves += 1
            pieces[-1].append(self.frame.point(a * x + c * y + e, b * x + d * y + f))
            if pdfium_c.FPDFPathSegment_GetClose(segment):
                pieces[-1].append(pieces[-1][0])
        return pieces

    def _outlines(self, pieces: list[list[Point]], fill: Colour | None, stroke: Colour | None, inked: bool) -> None:
        """A path of several pieces: rectangles side by side are areas, all else is edges, each a rule."""
        boxes = [_rectangle(piece) for piece in pieces]
        areas = [box for box in boxes if box and min(box.x1 - box.x0, box.bottom - box.top) > MAX_RULE_WIDTH]
        framed = any(_inside(a, b) for a in areas for b in areas) if len(areas) <= MAX_AREAS else True
        for piece, box in zip(pieces, boxes, strict=True):
            if fill is not None and box in areas and not framed:
                self.fills.append(Fill(box, *fill))
                if stroke is None:
                    continue
            if inked:
                for one, two in pairwise(piece):
                    self._edge(one, two)

    def _edge(self, one: Point, two: Point) -> None:
        (xa, ya), (xb, yb) = one, two
        if abs(ya - yb) < SAME / 2 and abs(xa - xb) >= MIN_RULE:
            self.horizontal.append(Rule((ya + yb) / 2, min(xa, xb), max(xa, xb)))
        elif abs(xa - xb) < SAME / 2 and abs(ya - yb) >= MIN_RULE:
            self.vertical.append(Rule((xa + xb) / 2, min(ya, yb), max(ya, yb)))


def _rectangle(piece: list[Point]) -> Box | None:
    """The box of a piece that is a rectangle along the axes."""
    if not 4 <= len(piece) <= RECTANGLE or not all(
        abs(xa - xb) < 1 or abs(ya - yb) < 1 for (xa, ya), (xb, yb) in pairwise(piece)
    ):
        return None
    xs, ys = [x for x, _ in piece], [y for _, y in piece]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _inside(inner: Box, outer: Box) -> bool:
    """Whether one box lies in another: painted together they are a frame."""
    return (
        inner != outer
        and outer.x0 <= inner.x0
        and inner.x1 <= outer.x1
        and outer.top <= inner.top
        and inner.bottom <= outer.bottom
    )


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
