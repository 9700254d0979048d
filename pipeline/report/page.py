"""The page: one HTML file with its style, its script and its data, which loads nothing but pictures beside it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline import PROGRAM
from pipeline.report.acts import MATCHES, SEVERITIES, TARGETS, ActRead, File, Overview
from pipeline.report.amended import Amended
from pipeline.report.candidates import REVIEW_FILE, Candidate
from pipeline.report.charts import MOST_BARS, Chart
from pipeline.report.matrix import REMARKS, Entry, Matrix, Number, Place
from pipeline.report.offices import ROLES, Office
from pipeline.report.payload import as_json, packed, plain, table
from pipeline.report.printed import PrintedRow
from pipeline.report.texts import attribute, element, number, say, texts

SCRIPTS = ("page", "payloads", "lists", "numbers", "source", "compare", "sections", "start")
# Pictures lie beside the page: on a disk `file:`, where 'self' means nothing.
POLICY = (
    "default-src 'none'; img-src 'self' file:; style-src '{style}'; script-src '{script}'; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
BAR = 1000


class Noticed(NamedTuple):
    """A finding; `act` is its place among the acts."""

    severity: str
    code: str
    act: int | None
    page: int | None
    eid: str | None
    message: str
    repair: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Content:
    """All that the page shows."""

    versions: tuple[str, str]
    overview: Overview
    matrix: Matrix
    charts: Mapping[str, Chart]
    offices: Sequence[Office]
    amended: Sequence[Amended]
    candidates: Sequence[Candidate]
    findings: Sequence[Noticed]
    printed: Iterable[Sequence[PrintedRow]]


def html(content: Content) -> str:
    """The whole page. Text from documents is escaped wherever it stands."""
    environment = Environment(
        loader=PackageLoader("pipeline.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(t=element, a=attribute, say=say, number=number, bar=bar)
    style, script = _asset("style.css"), "\n".join(_asset(f"scripts/{name}.js") for name in SCRIPTS)
    return environment.get_template("page.html.j2").render(
        csp=POLICY.format(style=_hash(style), script=_hash(script)),
        style=Markup(style),
        script=Markup(script),
        overview=content.overview,
        places=content.matrix.places,
        numbers=content.matrix.numbers,
        charts=[
            (place, entry, content.charts[entry.id])
            for place, entry in enumerate(content.matrix.entries)
            if entry.id in content.charts
        ],
        most_bars=MOST_BARS,
        amended=content.amended,
        review_file=REVIEW_FILE,
        program=PROGRAM,
        versions=content.versions,
        data=Markup(as_json(_data(content))),
        payloads=[(f"packed-{name}", Markup(packed(data))) for name, data in _payloads(content)],
    )


def bar(counts: Mapping[str, int], kind: str) -> Markup:
    """A stacked bar of counts with its legend in words and numbers."""
    total, start = sum(counts.values()), 0.0
    rects, legend = Markup(), Markup()
    for name, count in counts.items():
        width = BAR * count / total if total else 0
        rects += Markup('<rect class="{}-{}" x="{:.1f}" width="{:.1f}" height="10"/>').format(kind, name, start, width)
        start += width
        legend += Markup('<li class="{0}-{1}">{2} {3}</li>').format(
            kind, name, element(f"{kind}.{name}"), number(count)
        )
    drawn = Markup('<svg class="share" viewBox="0 0 {} 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>')
    return drawn.format(BAR, rects) + Markup('<ul class="counts">{}</ul>').format(legend)


def _data(content: Content) -> dict[str, Any]:
    """What the script needs from the start."""
    return {
        "texts": texts(),
        "acts": table(content.overview.acts, ActRead),
        "files": table(content.overview.files, File),
        "entries": table(content.matrix.entries, Entry),
        "places": table(content.matrix.places, Place),
        "numbers": table(content.matrix.numbers, Number),
        "charts": [place for place, entry in enumerate(content.matrix.entries) if entry.id in content.charts],
        "statuses": TARGETS,
        "severities": SEVERITIES,
        "matches": MATCHES,
        "remarks": REMARKS,
        "roles": ROLES,
    }


def _payloads(content: Content) -> Iterable[tuple[str, Any]]:
    """What the script opens when it is asked for, under the ids of its blocks."""
    for place, rows in enumerate(content.printed):
        yield f"rows-{place}", plain(list(rows))
    yield "offices", table(content.offices, Office)
    yield "candidates", table(content.candidates, Candidate)
    yield "findings", table(content.findings, Noticed)
    for place, act in enumerate(content.amended):
        yield f"changes-{place}", plain(act)


def _asset(name: str) -> str:
    return (files("pipeline.report") / name).read_text("utf-8")


def _hash(text: str) -> str:
    """The CSP source that allows the inline element with this text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
