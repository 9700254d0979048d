"""A page as an upright, straight, evenly lit grey image in which letters are large enough to be read.

The image keeps how its pixels map to the points of the page, so that every box found in it has its place there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, radians, sin
from typing import TYPE_CHECKING, Any

from extractors.models import Box

if TYPE_CHECKING:
    import pypdfium2 as pdfium

# A picture: rows by columns of uint8. What OpenCV's stubs say of element types is too wide to be checked.
Grey = Any

# Resolutions at which a picture is taken as it is; others are brought to the nearer end.
LOWEST_DPI, HIGHEST_DPI = 150.0, 240.0
# More pixels than an A3 page of 300 dpi are not taken, whatever size a page claims.
MAX_PIXELS = 18_000_000
# Letters lower than the first are enlarged, higher than the last made smaller, to the height between (in pixels).
LOW_LETTER, GOOD_LETTER, HIGH_LETTER = 15.0, 25.0, 48.0
MAX_ENLARGEMENT = 4.0
# Components from this to that height in pixels can be letters.
LETTER_RANGE = (5, 160)
FEW_LETTERS = 12
# Share of the strokes, by size, that are no higher than a capital.
CAPITALS = 0.7
# Skew is looked for in an image whose longer side has this many pixels, within this many degrees to either side.
SMALL_SIDE = 1000
MAX_SKEW = 6.0
MIN_SKEW = 0.05
# Text stands on its side where its profile is this many times sharper from top to bottom than from left to right.
SIDEWAYS = 1.6
# Unevenness of the light is found in an image this many times smaller.
LIT = 8
# Grey that is white when the paper is evenly lit, the share of pixels that is ink on any page that has some, and the
# least contrast of ink, on its own and in grains of the paper. Less is not stretched: a blank page.
WHITE = 245
INK_SHARE = 0.0003
MIN_CONTRAST, GRAIN_CONTRAST = 24, 12.0
# Grain of the paper (mean difference from its surroundings, of 255) from which on it is smoothed.
GRAINY = 2.5


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as pixels. `grey` is white paper with dark ink; `width` and `height` are points, upright.

    `turn` is the clockwise turn in degrees that made it upright, `skew` the clockwise slope in degrees that
    was taken out, `letter` the height of its capitals in pixels, None where there is too little text to tell.
    """

    grey: Grey
    pixels_per_point: float
    width: float
    height: float
    turn: int = 0
    skew: float = 0.0
    letter: float | None = None

    def box(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Points of the upright page, before its slope was taken out, for pixels of `grey`."""
        corners = [(x / self.pixels_per_point, y / self.pixels_per_point) for x in (x0, x1) for y in (y0, y1)]
        if self.skew:
            c, s = cos(radians(self.skew)), sin(radians(self.skew))
            cx, cy = self.width / 2, self.height / 2
            corners = [(cx + (x - cx) * c - (y - cy) * s, cy + (x - cx) * s + (y - cy) * c) for x, y in corners]
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return Box(*(round(value, 1) for value in (min(xs), min(ys), max(xs), max(ys))))


def rasterise(page: pdfium.PdfPage) -> Scan:
    """The page as PDFium draws it, grey, at the resolution of its picture where that is fit to be read."""
    width, height = page.get_size()
    dpi = min(max(_picture_dpi(page, width * height), LOWEST_DPI), HIGHEST_DPI)
    scale = min(dpi / 72, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    grey = bitmap.to_numpy().copy()
    bitmap.close()
    return Scan(grey.reshape(grey.shape[:2]), grey.shape[1] / width, width, height)


def _picture_dpi(page: pdfium.PdfPage, area: float) -> float:
    """Resolution of the largest picture that covers a good part of the page; a page that is drawn has any."""
    from pypdfium2 import raw

    largest, dpi = 0.3 * area, HIGHEST_DPI
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4):
        left, bottom, right, top = item.get_bounds()
        covered = (right - left) * (top - bottom)
        columns, rows = item.get_px_size()
        if covered > largest and columns * rows > 0:
            largest, dpi = covered, float(72 * (columns * rows / covered) ** 0.5)
    return dpi


def prepare(scan: Scan) -> Scan:
    """The scan evenly lit, text lines level (on either side up), straight, letters of a height fit to be read."""
    scan = replace(scan, grey=_lit(scan.grey))
    profile = _small_ink(scan.grey)
    if _sharpness(profile.T) > SIDEWAYS * _sharpness(profile):
        scan = turned(scan, 90)
        profile = _small_ink(scan.grey)
    scan = _straight(scan, _skew(profile))
    letter = _letter_height(binary(scan.grey))
    if letter and not LOW_LETTER <= letter <= HIGH_LETTER:
        scan = _resized(scan, min(GOOD_LETTER / letter, MAX_ENLARGEMENT))
        letter = _letter_height(binary(scan.grey))
    return replace(scan, letter=letter)


def turned(scan: Scan, degrees: int) -> Scan:
    """The scan turned clockwise by a multiple of 90 degrees; its slope, if any, stays taken out."""
    import cv2

    codes = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
    if degrees % 360 not in codes:
        return scan
    width, height = (scan.height, scan.width) if degrees % 180 else (scan.width, scan.height)
    grey = cv2.rotate(scan.grey, codes[degrees % 360])
    return replace(scan, grey=grey, width=width, height=height, turn=(scan.turn + degrees) % 360)


def binary(grey: Grey) -> Grey:
    """1 where there is ink: darker than Otsu's threshold, which is kept between clearly dark and clearly light."""
    import cv2
    import numpy as np

    threshold, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return (grey < min(max(threshold, 110.0), 190.0)).astype(np.uint8)


def _lit(grey: Grey) -> Grey:
    """Light paper made white and dark ink black everywhere, grain of the paper smoothed."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=1 / LIT, fy=1 / LIT, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    paper = cv2.resize(np.maximum(paper, 1), grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    even = cv2.divide(grey, paper, scale=255)
    middle = cv2.medianBlur(even, 3)
    light = middle > 200
    grain = float(cv2.absdiff(even, middle)[light].mean()) if light.any() else 0.0
    if grain > GRAINY:
        even = middle
    counts = np.cumsum(np.bincount(even.ravel(), minlength=256))
    dark = int(np.searchsorted(counts, INK_SHARE * counts[-1]))
    if WHITE - dark < max(MIN_CONTRAST, GRAIN_CONTRAST * grain):
        return even
    return cv2.convertScaleAbs(cv2.subtract(even, np.full_like(even, dark)), alpha=255 / (WHITE - dark))


def _small_ink(grey: Grey) -> Grey:
    import cv2

    factor = SMALL_SIDE / max(grey.shape)
    small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    return cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)


def _sharpness(ink: Grey) -> float:
    """How sharply rows with ink and rows without alternate, in eight strips side by side so that slopes do little."""
    import numpy as np

    width = ink.shape[1]
    strips = [ink[:, i * width // 8 : (i + 1) * width // 8] for i in range(8)]
    return sum(float((np.diff(strip.sum(axis=1, dtype=np.float64)) ** 2).sum()) for strip in strips)


def _skew(ink: Grey) -> float:
    """The clockwise slope of the text lines in degrees: at which angle the profile of rows is sharpest."""
    import numpy as np

    ys, xs = np.nonzero(ink)
    step = len(ys) // 150_000 + 1
    # Heights are dithered: whole pixels would favour the angle 0.
    rows = ys[::step] + (np.arange(len(ys[::step])) * 0.618034) % 1 + ink.shape[1]
    columns = xs[::step] - ink.shape[1] / 2

    def sharpness(angle: float) -> float:
        profile = np.bincount((rows - columns * np.tan(np.radians(angle))).astype(np.int64))
        return float((np.diff(profile.astype(np.float64)) ** 2).sum())

    if not len(rows):
        return 0.0
    best = 0.0
    for reach, pace in ((MAX_SKEW, 0.5), (0.5, 0.1), (0.1, 0.02)):
        best = max((best + float(offset) for offset in np.arange(-reach, reach + pace / 2, pace)), key=sharpness)
    return best


def _straight(scan: Scan, skew: float) -> Scan:
    import cv2

    if abs(skew) < MIN_SKEW:
        return scan
    rows, columns = scan.grey.shape
    matrix = cv2.getRotationMatrix2D((columns / 2, rows / 2), skew, 1)
    grey = cv2.warpAffine(scan.grey, matrix, (columns, rows), flags=cv2.INTER_CUBIC, borderValue=255)
    return replace(scan, grey=grey, skew=skew)


def _letter_height(ink: Grey) -> float | None:
    """Height of capitals, told by the strokes of a letter's size and shape; None where there are too few of them."""
    import cv2
    import numpy as np

    outlines, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if not outlines:
        return None
    outer = [outline for outline, links in zip(outlines, tree[0], strict=True) if links[3] < 0]
    boxes = [cv2.boundingRect(outline) for outline in outer]
    widths, heights = np.array(boxes)[:, 2], np.array(boxes)[:, 3]
    letters = (heights >= LETTER_RANGE[0]) & (heights <= LETTER_RANGE[1])
    letters &= (widths < 2 * heights) & (10 * widths > heights)
    if letters.sum() < FEW_LETTERS:
        return None
    tall, weights = heights[letters], (heights + widths)[letters]
    order = np.argsort(tall)
    summed = np.cumsum(weights[order])
    return float(tall[order][np.searchsorted(summed, CAPITALS * summed[-1])])


def _resized(scan: Scan, factor: float) -> Scan:
    import cv2

    factor = min(factor, (MAX_PIXELS / scan.grey.size) ** 0.5) if factor > 1 else factor
    grey = cv2.resize(
        scan.grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
    )
    return replace(scan, grey=grey, pixels_per_point=scan.pixels_per_point * factor)
