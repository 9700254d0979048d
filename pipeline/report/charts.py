"""A small chart an entry of the catalogue: bars for few regions, a distribution for many; SVG made at build time.

The SVG carries no colours but classes, which the page's style gives colours in light and dark.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.published import Row
from pipeline.report.loaded import Loaded
from pipeline.report.matrix import comparable, middle

if TYPE_CHECKING:
    from lxml import etree

# A chart of Altair: one, or several in layers.
Drawn = Any
MOST_BARS = 30
FEWEST = 2
BINS = 16
WIDTH = 300
BAR = 15
HEIGHT = 130
NAME_WIDTH = 98
# Colours that stand for a class of the page's style.
BAR_COLOUR, RULE_COLOUR, TEXT_COLOUR, GRID_COLOUR = "#000001", "#000002", "#000003", "#000004"
CLASSES = {BAR_COLOUR: "bar", RULE_COLOUR: "rule", TEXT_COLOUR: "ink", GRID_COLOUR: "grid"}
DECIMAL = ",~f"
# As Indonesian writes numbers; the page's script turns them into English.
FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]}
KEPT = frozenset(
    {
        *("class", "viewBox", "transform", "d", "x", "y", "x1", "y1", "x2", "y2", "width", "height"),
        *("text-anchor", "font-size", "font-weight", "stroke-width", "stroke-dasharray", "xmlns"),
    }
)
NOTHING = re.compile(r"(M0,0h0v0h0Z)?")
LONG = re.compile(r"\d+\.\d{2,}")
SVG = "{http://www.w3.org/2000/svg}"


class Chart(NamedTuple):
    """The values of an entry, region by region, and their picture. `year` is the newest of them."""

    entry: str
    svg: str
    regions: int
    least: float
    least_region: str
    median: float
    most: float
    most_region: str
    year: int | None


class Point(NamedTuple):
    region: str
    value: float
    year: int | None


def charts(release: Loaded) -> dict[str, Chart]:
    """A chart for each entry with comparable values of at least FEWEST regions, by catalog_id."""
    names = {row["region_code"]: short(row["name"], row["kind"]) for row in release["regions"]}
    catalog = {row["catalog_id"]: row for row in release["indicator_catalog"]}
    made = {}
    for catalog_id, rows in release.by("comparison", "catalog_id").items():
        points = _points(rows, names)
        if len(points) >= FEWEST:
            made[catalog_id] = _chart(catalog[catalog_id], points)
    return made


def short(name: str, kind: str) -> str:
    """`Blora` for Kabupaten Blora; a kota keeps its kind, since a kabupaten may have the same name."""
    return name.removeprefix("Kabupaten ") if kind == "kabupaten" else name


def _points(rows: Sequence[Row], names: dict[str, str]) -> list[Point]:
    """The newest comparable value of each region, the highest first."""
    newest: dict[str, Point] = {}
    for row in rows:
        if comparable(row) and row["region_code"] in names:
            point = Point(names[row["region_code"]], middle(row), row["year"])
            known = newest.get(row["region_code"])
            if known is None or (known.year or 0) < (point.year or 0):
                newest[row["region_code"]] = point
    return sorted(newest.values(), key=lambda point: (-point.value, point.region))


def _chart(entry: Row, points: list[Point]) -> Chart:
    drawn = _bars(points) if len(points) <= MOST_BARS else _distribution(points)
    if entry["national_target"] is not None:
        drawn += _rule(entry["national_target"])
    values = [point.value for point in points]
    half = len(values) // 2
    return Chart(
        entry["catalog_id"],
        _svg(drawn),
        len(points),
        points[-1].value,
        points[-1].region,
        values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2,
        points[0].value,
        points[0].region,
        max((point.year for point in points if point.year), default=None),
    )


def _bars(points: list[Point]) -> Drawn:
    import altair as alt

    # Two regions may bear one name: the place in the list keeps them apart.
    base = _drawn([{**point._asdict(), "at": place} for place, point in enumerate(points)]).encode(
        y=alt.Y("at:O", axis=None), x=alt.X("value:Q", axis=None, scale=alt.Scale(zero=True))
    )
    bars = base.mark_bar(color=BAR_COLOUR, height=BAR - 5)
    name = base.mark_text(align="right", dx=-6, color=TEXT_COLOUR, fontSize=11, limit=NAME_WIDTH)
    value = base.mark_text(align="left", dx=4, color=TEXT_COLOUR, fontSize=11)
    texts = name.encode(text="region:N", x=alt.value(0)) + value.encode(text=alt.Text("value:Q", format=DECIMAL))
    return (bars + texts).properties(width=WIDTH - 60, height=alt.Step(BAR))


def _distribution(points: list[Point]) -> Drawn:
    """How many regions promise how much, in bins of one width."""
    import altair as alt

    step = _step(points[0].value - points[-1].value)
    bins = Counter(floor(point.value / step) for point in points)
    # The highest value closes the last bin, where it falls on its edge.
    last = max(bins)
    if points[0].value == last * step and len(bins) > 1:
        bins[last - 1] += bins.pop(last)
    counted = [
        {"from": place * step, "to": (place + 1) * step, "regions": bins[place], "ground": 0} for place in sorted(bins)
    ]
    value_axis = alt.Axis(title=None, grid=False, tickCount=5, format=DECIMAL)
    count_axis = alt.Axis(title=None, ticks=False, tickCount=3, tickMinStep=1, format=DECIMAL)
    bars = _drawn(counted).mark_bar(color=BAR_COLOUR)
    ends = {"x": alt.X("from:Q", axis=value_axis, scale=alt.Scale(zero=False)), "x2": "to:Q", "y2": "ground:Q"}
    return alt.layer(bars.encode(**ends, y=alt.Y("regions:Q", axis=count_axis))).properties(width=WIDTH, height=HEIGHT)


def _step(width: float) -> float:
    """The width of a bin: 1, 2 or 5 times a power of ten, so that `width` takes at most BINS of them."""
    if width == 0:
        return 1.0
    power = 10.0 ** floor(log10(width / BINS))
    return next(power * times for times in (1, 2, 5, 10) if width <= BINS * power * times)


def _rule(value: float) -> Drawn:
    return _drawn([{"value": value}]).mark_rule(color=RULE_COLOUR, strokeWidth=2, strokeDash=[4, 3]).encode(x="value:Q")


def _drawn(values: list[dict[str, Any]]) -> Drawn:
    import altair as alt

    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def _svg(drawn: Drawn) -> str:
    import vl_convert
    from lxml import etree

    inked = {"labelColor": TEXT_COLOUR, "labelFontSize": 11}
    lined = dict.fromkeys(("domainColor", "gridColor", "tickColor"), GRID_COLOUR)
    plain = drawn.configure(aria=False, background="transparent", padding=2).configure_view(stroke=None)
    spec = plain.configure_axis(**inked, **lined).to_dict()
    made: str = vl_convert.vegalite_to_svg(spec, format_locale=FORMAT, allowed_base_urls=[])
    root = etree.fromstring(made.encode("utf-8"))
    _simplify(root)
    # The page tells in its own words what the chart shows.
    root.set("aria-hidden", "true")
    root.set("class", "chart")
    etree.cleanup_namespaces(root)
    return str(etree.tostring(root, encoding="unicode"))


def _simplify(element: etree._Element) -> None:
    """Classes for colours, short numbers, and nothing that draws nothing."""
    for child in list(element):
        empty = child.tag == f"{SVG}path" and NOTHING.fullmatch(child.get("d", ""))
        if not empty and child.get("class") != "background":
            _simplify(child)
            empty = child.tag == f"{SVG}g" and len(child) == 0
            if not empty:
                continue
        element.remove(child)
    name = next((CLASSES[colour] for key in ("fill", "stroke") if (colour := element.get(key, "")) in CLASSES), None)
    kept: dict[Any, Any] = {key: LONG.sub(_rounded, value) for key, value in element.attrib.items() if key in KEPT}
    kept.pop("class", None)
    element.attrib.clear()
    element.attrib.update(kept if name is None else {**kept, "class": name})


def _rounded(match: re.Match[str]) -> str:
    return f"{float(match[0]):.1f}"
