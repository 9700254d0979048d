"""The whole way of a report: release -> what it shows -> page, spreadsheets, pictures -> folder."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline import PROGRAM, VERSION
from pipeline.emit import refuse_foreign, replacing
from pipeline.report import spreadsheet
from pipeline.report.acts import overview
from pipeline.report.amended import amended
from pipeline.report.candidates import candidates
from pipeline.report.charts import charts
from pipeline.report.images import pictures
from pipeline.report.loaded import Loaded, load
from pipeline.report.matrix import matrix
from pipeline.report.offices import offices
from pipeline.report.page import Content, Noticed, html
from pipeline.report.printed import printed_rows

PAGE = "index.html"
LIST = "report.json"
Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """`page` is the file to open, `size` its bytes; `missing` counts pages without a picture by reason."""

    page: Path
    size: int
    pictures: int
    missing: Counter[str]


def build(output: Path, to: Path, sources: Path, watch: Watch = lambda _: None) -> Built:
    """Makes the report of the release at `output` and puts it at `to` in one move.

    Raises NotPublishedError, OutputRefusedError or OSError, and then what stood at `to` stands there still.
    """
    refuse_foreign(to, LIST, "report", "--to")
    watch("release")
    release = load(output)
    with replacing(to) as folder:
        watch("pictures")
        drawn = pictures(release, sources, folder)
        watch("page")
        compared = matrix(release)
        page = html(
            Content(
                release.versions,
                overview(release),
                compared,
                charts(release),
                offices(release, compared),
                tuple(amended(release)),
                candidates(release),
                _findings(release),
                printed_rows(release, drawn),
            )
        )
        (folder / PAGE).write_text(page, "utf-8", errors="replace", newline="\n")
        watch("spreadsheets")
        spreadsheet.write_csv(release, folder / "comparison.csv")
        spreadsheet.write_xlsx(release, folder / "comparison.xlsx")
        _write_list(folder)
    missing = Counter(picture.missing for picture in drawn.values() if picture.missing)
    return Built(to / PAGE, (to / PAGE).stat().st_size, len(drawn) - missing.total(), missing)


def _findings(release: Loaded) -> list[Noticed]:
    place = {row["document_id"]: number for number, row in enumerate(release["documents"])}
    order = {"error": 0, "warning": 1, "info": 2}
    rows = sorted(
        release["findings"],
        key=lambda row: (order[row["severity"]], row["document_id"] or "", row["char_start"] or 0, row["finding_id"]),
    )
    return [
        Noticed(
            *(row["severity"], row["code"], place.get(row["document_id"]), row["page"], row["eid"]),
            *(row["message"], row["repair"], row["source_path"]),
        )
        for row in rows
    ]


def _write_list(folder: Path) -> None:
    """The list of files by which the folder is known for a report when it is replaced."""
    held = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    content = {"program": PROGRAM, "pipeline_version": VERSION, "files": [{"path": path} for path in held]}
    (folder / LIST).write_text(json.dumps(content, indent=2) + "\n", "utf-8")
