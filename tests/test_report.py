"""The report's data: what is shown of a release, and that text of documents stays text everywhere."""

from __future__ import annotations

import base64
import csv
import gzip
import json
import re
from collections import Counter
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline import reviews
from pipeline.checks import violations
from pipeline.cli import main
from pipeline.emit import arrow_tables
from pipeline.exit_codes import ExitCode
from pipeline.report import spreadsheet
from pipeline.report.acts import overview
from pipeline.report.amended import amended
from pipeline.report.build import LIST, PAGE, build
from pipeline.report.candidates import candidates, review_lines
from pipeline.report.charts import MOST_BARS, charts
from pipeline.report.loaded import Loaded, load
from pipeline.report.matrix import comparable, matrix
from pipeline.report.offices import offices
from pipeline.report.page import SCRIPTS
from pipeline.report.payload import as_json, packed
from pipeline.report.printed import printed_rows
from pipeline.report.texts import LANGUAGES, PLACEHOLDER, texts
from pipeline.run import run
from tests.made_release import Shape, made, publish, published, row
from tests.test_in_time import ACTS, FOLDER

MEGABYTE = 1_000_000
LARGEST, LIMIT = 500, 15 * MEGABYTE
CANARY = " =1+1</script><script>alert(1)</script><!-- \u2028<img src=x onerror=alert(2)> \"'&amp; {{ 7*7 }}"
SIGNS = "=+-@\uff1d\uff0b\uff0d\uff20"
RUNS = re.compile(rf"[\"'`\s\ufeff\u200b]*[{re.escape(SIGNS)}]")
NOWHERE = Path("nowhere")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("release") / "out", Shape(40, 6, canary=CANARY))


@pytest.fixture(scope="module")
def release(output: Path) -> Loaded:
    return load(output)


@pytest.fixture(scope="module")
def report(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(output, tmp_path_factory.mktemp("report") / "report", NOWHERE).page.parent


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_made_releases_pass_the_publication_checks() -> None:
    assert violations(arrow_tables(made(Shape(5, 9, canary=CANARY)))) == []


def test_every_target_is_shown_with_its_row(release: Loaded) -> None:
    shown = matrix(release)
    rows = list(printed_rows(release, {}))
    assert len(shown.numbers) == len(release["comparison"])
    for number, compared in zip(shown.numbers, release["comparison"], strict=True):
        printed = rows[number.act][number.row]
        assert printed.id == compared["indicator_id"]
        target = next(one for one in printed.targets if one.number == number.target)
        assert (target.value, target.status, target.year) == (number.value, number.status, number.year)
        cell = next(cell for cell in printed.cells if cell.column == target.column)
        assert cell.header == "TARGET DAN TAHUN PENCAPAIAN"
        assert shown.places[number.place].code == compared["region_code"]


def test_ranks_follow_the_values_in_the_direction_of_the_entry(release: Loaded) -> None:
    shown = matrix(release)
    groups: dict[tuple[object, ...], list[tuple[float, int]]] = {}
    for number in shown.numbers:
        if number.rank is not None:
            assert number.value is not None
            assert "superseded" not in number.remarks
            sign = -1 if shown.entries[number.entry].direction == "lower_better" else 1
            value = sign * (number.value if number.upper is None else (number.value + number.upper) / 2)
            groups.setdefault((number.entry, number.unit, number.year), []).append((value, number.rank))
    assert groups
    for ranked in groups.values():
        assert [rank for _, rank in sorted(ranked)] == sorted(rank for _, rank in ranked)
        assert len({rank for value, rank in ranked if value == ranked[0][0]}) == 1
    unranked = [number for number in shown.numbers if number.status == "lost"]
    assert unranked
    assert {number.rank for number in unranked} == {None}


def test_a_national_target_is_met_in_the_direction_of_the_entry(release: Loaded) -> None:
    shown = matrix(release)
    told = 0
    for number in shown.numbers:
        entry = shown.entries[number.entry]
        if number.meets is None:
            continue
        told += 1
        assert number.value is not None
        assert entry.national is not None
        assert number.meets == (
            number.value <= entry.national if entry.direction == "lower_better" else number.value >= entry.national
        )
    assert told


def test_the_overview_counts_what_the_tables_hold(release: Loaded) -> None:
    shown = overview(release)
    assert shown.indicators == sum(act.rows for act in shown.acts) == len(release["indicators"])
    assert sum(shown.matches.values()) == shown.indicators
    assert shown.targets == {
        status: sum(row["status"] == status for row in release["indicator_targets"]) for status in shown.targets
    }
    assert sum(sum(act.findings) for act in shown.acts) == sum(shown.findings.values()) == len(release["findings"])
    assert sum(act.matched for act in shown.acts) == shown.matches["reviewed"] + shown.matches["certain"]


def test_offices_gather_the_agencies_of_all_regions(release: Loaded) -> None:
    compared = matrix(release)
    found = offices(release, compared)
    assert len({office.id for office in found}) == len(found)
    assert sum(sum(office.rows) for office in found) == len(release["indicator_agencies"])
    for office in found:
        assert all(len(duty.places) <= max(office.regions) for duty in office.duties)


def test_an_agency_without_an_entry_in_the_registry_is_kept_by_its_name(tmp_path: Path) -> None:
    rows = made(Shape(3, 4))
    mention = rows["indicator_agencies"][0]
    mention |= {"agency_id": None, "name": "Kantor Antah Berantah"}
    found = load(published(tmp_path / "out", rows))
    unknown = [office for office in offices(found, matrix(found)) if not office.known]
    assert [office.name for office in unknown] == ["Kantor Antah Berantah"]


def test_candidates_come_with_lines_that_name_row_and_entry(release: Loaded) -> None:
    listed = candidates(release)
    rows = {indicator["indicator_id"]: indicator for indicator in release["indicators"]}
    expected = [
        (
            *(rows[match["indicator_id"]][name] for name in ("document_id", "group_text", "indicator")),
            match["catalog_id"],
        )
        for match in release["indicator_matches"]
        if match["status"] == "candidate"
    ]
    # All of them, one below the other, as they are copied.
    reviewed = yaml.safe_load("matches:\n" + "".join(one.lines for one in listed))["matches"]
    told = [tuple(one[name] for name in ("document", "group", "printed", "catalog_id")) for one in reviewed]
    assert expected
    assert sorted(told) == sorted(expected)
    assert [one.score for one in listed] == sorted((one.score for one in listed), reverse=True)


def test_findings_stand_with_the_row_that_they_are_about(release: Loaded) -> None:
    spans = {
        (cell["document_id"], cell["row"]): cell for cell in release["annex_cells"] if cell["column"] == 4
    }  # the generator puts its findings there
    told = Counter(
        (row_of.id, remark.message)
        for rows in printed_rows(release, {})
        for row_of in rows
        for remark in row_of.findings
    )
    expected = Counter(
        (f"{finding['document_id']}#lampiran.{row}", finding["message"])
        for finding in release["findings"]
        for (document_id, row), cell in spans.items()
        if document_id == finding["document_id"] and cell["char_start"] == finding["char_start"]
    )
    assert told == expected


def test_charts_take_the_newest_comparable_value_of_each_region(release: Loaded) -> None:
    drawn = charts(release)
    assert drawn
    for catalog_id, chart in drawn.items():
        usable = [row for row in release["comparison"] if row["catalog_id"] == catalog_id and comparable(row)]
        assert chart.regions == len({row["region_code"] for row in usable})
        assert chart.least <= chart.median <= chart.most
        bars = chart.svg.count('class="bar"')
        assert bars == chart.regions if chart.regions <= MOST_BARS else 1 < bars < MOST_BARS
        # Colours come from the page alone.
        assert not re.search(r"#[0-9a-f]{3,6}|style=|<script|url\(", chart.svg)


def test_equal_values_make_a_chart(tmp_path: Path) -> None:
    rows = made(Shape(MOST_BARS + 10, 1))
    for compared in rows["comparison"]:
        compared |= {"status": "ok", "value": 0.0, "value_upper": None, "value_text": None, "unit_differs": False}
    (chart,) = charts(load(published(tmp_path / "out", rows))).values()
    assert chart.svg.count('class="bar"') == 1


def test_redlines_are_those_of_the_amending_acts(tmp_path: Path) -> None:
    run([FOLDER / f"{name}.txt" for name in ACTS], tmp_path / "out")
    found = {act.id: act for act in amended(load(tmp_path / "out"))}
    second = found["/akn/id-3316/act/perda/2022/3"]
    assert second.changes
    assert {mark for change in second.changes for mark, _ in change.pieces} == {"", "del", "ins"}
    assert any(one.reason for act in found.values() for one in act.waiting)


@given(st.recursive(st.text() | st.floats(allow_nan=False, allow_infinity=False), lambda inner: st.lists(inner)))
def test_data_comes_back_as_it_was_and_means_nothing_to_html(data: object) -> None:
    written = as_json(data)
    assert json.loads(written) == data
    assert not re.search("[<>&\u2028\u2029]", written)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_packed_data_comes_back_as_it_was_in_plain_letters(data: list[str]) -> None:
    block = packed(data)
    assert re.fullmatch(r"[0-9A-Za-z+/=]+", block)
    assert json.loads(gzip.decompress(base64.b64decode(block))) == data


def test_packed_data_is_the_same_each_time() -> None:
    assert packed(["a"]) == packed(["a"])


class Seen(HTMLParser):
    """The elements and attributes of a page, and the text in its scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        self.attributes |= {name for name, _ in attributes}


def test_text_of_documents_makes_no_element_of_the_page(report: Path, release: Loaded) -> None:
    seen = Seen()
    seen.feed((report / PAGE).read_text("utf-8"))
    assert seen.tags["img"] == 0
    payloads = len(release["documents"]) + len(list(amended(release))) + 3
    assert seen.tags["script"] == payloads + 2
    assert not {name for name in seen.attributes if name.startswith("on") or name == "style"}


def test_the_policy_allows_the_page_its_own_style_and_script_only(report: Path) -> None:
    page = (report / PAGE).read_text("utf-8")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    directives = dict(part.strip().split(" ", 1) for part in policy.replace("&#39;", "'").split(";"))
    assert directives["default-src"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/=]+'", directives["script-src"])
    assert re.fullmatch(r"'sha256-[\w+/=]+'", directives["style-src"])
    assert "http" not in policy
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page)


def test_both_languages_say_everything_with_the_same_values() -> None:
    said = texts()
    assert set(said) == set(LANGUAGES)
    assert said["id"].keys() == said["en"].keys()
    for key, text in said["id"].items():
        assert text.strip()
        assert said["en"][key].strip()
        assert Counter(PLACEHOLDER.findall(text)) == Counter(PLACEHOLDER.findall(said["en"][key])), key


def test_every_text_is_used_and_every_text_used_is_there() -> None:
    package = files("pipeline.report")
    names = [f"scripts/{name}.js" for name in SCRIPTS] + ["templates/page.html.j2", "page.py"]
    whole = "\n".join((package / name).read_text("utf-8") for name in names)
    known = set(texts()["id"])
    # Families whose last word is a value of the tables: `status.${...}`, "nav." ~ name, and the ranks.
    families = set(re.findall(r"""["'`]([a-z_]+\.)(?:\$\{|["'])""", whole)) | {"match.", "severity.", "rank.", "size."}
    assert {key for key in known if f'"{key}"' not in whole and f"{key.partition('.')[0]}." not in families} == set()
    used = set(re.findall(r"""\b(?:t: |select\(|search\(|section\(|[tan]\(|say\()"([a-z_.]*[a-z])\"""", whole))
    assert used - known - {"aria-label"} == set()


@given(st.text(st.sampled_from(SIGNS + "a1 \t\r\n;\"',|\u00a0\ufeff\u200b'"), max_size=12))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    written = spreadsheet.inert(text)
    for part in written.split(";"):
        assert part.startswith("'") or not RUNS.match(part)
    kept = [char for char in text if char not in " \t\r\n'"]
    assert [char for char in written if char not in " \t\r\n'"] == kept


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Persentase ibu hamil", "Persentase ibu hamil"),
        ("=1+1", "'=1+1"),
        ("-5", "'-5"),
        ('"=1', "'\"=1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("\t=1", "' =1"),
        ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
        ("a\r\n=1", "a ' =1"),
        ("6-23 bulan", "6-23 bulan"),
    ],
)
def test_cells_that_would_run_get_an_apostrophe(text: str, written: str) -> None:
    assert spreadsheet.inert(text) == written


def test_both_spreadsheets_hold_every_target_with_names_and_real_numbers(report: Path, release: Loaded) -> None:
    with (report / "comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    sheet = openpyxl.load_workbook(report / "comparison.xlsx")["comparison"]
    head, *cells = [list(line) for line in sheet.iter_rows()]
    names = [cell.value for cell in head]
    assert names == list(spreadsheet.COLUMNS) == list(lines[0])
    assert len(lines) == len(cells) == len(release["comparison"])
    regions = {one["region_code"]: one["name"] for one in release["regions"]}
    for line, own, compared in zip(lines, cells, release["comparison"], strict=True):
        typed = dict(zip(names, own, strict=True))
        assert line["indicator_id"] == typed["indicator_id"].value == compared["indicator_id"]
        assert line["region"] == typed["region"].value == regions[compared["region_code"]]
        assert "f" not in {cell.data_type for cell in own}
        assert typed["value"].value == compared["value"]
        assert (float(line["value"]) if line["value"] else None) == compared["value"]
        assert typed["superseded"].value is compared["superseded"]
        for name, cell in typed.items():
            if isinstance(cell.value, str):
                assert line[name] == cell.value
                assert cell.value.startswith("'") or not RUNS.match(cell.value)


def test_a_canary_in_every_text_reaches_the_spreadsheet_inert(tmp_path: Path) -> None:
    rows = made(Shape(3, 3))
    for table, names in (("documents", ("title",)), ("indicators", ("target_printed",)), ("comparison", ("indicator", "value_text", "unit")), ("indicator_catalog", ("name", "group", "theme"))):  # fmt: skip
        for one in rows[table]:
            one |= dict.fromkeys(names, '"=HYPERLINK(1)')
    build(published(tmp_path / "out", rows), tmp_path / "report", NOWHERE)
    with (tmp_path / "report" / "comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for line in csv.reader(file) for cell in line if "HYPERLINK" in cell]
    assert cells
    assert all(cell.startswith("'") for cell in cells)


def test_the_same_release_gives_the_same_report(output: Path, report: Path, tmp_path: Path) -> None:
    again = build(output, tmp_path / "again", NOWHERE).page.parent
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in report.iterdir()
    }


def test_a_report_is_replaced_whole_and_nothing_else_is(output: Path, tmp_path: Path) -> None:
    to = tmp_path / "report"
    assert call("report", "-o", output, "--to", to).exit_code == ExitCode.OK
    assert call("report", "-o", output, "--to", to).exit_code == ExitCode.OK
    (to / "notes.txt").write_text("mine")
    before = (to / LIST).read_bytes()
    refused = call("report", "-o", output, "--to", to)
    assert refused.exit_code == ExitCode.USAGE
    assert "notes.txt" in refused.stderr
    assert (to / LIST).read_bytes() == before
    assert call("report", "-o", output, "--to", output).exit_code == ExitCode.USAGE
    assert (output / "manifest.json").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]


def test_what_fails_leaves_the_old_report(output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to = build(output, tmp_path / "report", NOWHERE).page.parent
    before = (to / PAGE).read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "no space left")

    monkeypatch.setattr(spreadsheet, "write_xlsx", fail)
    done = call("report", "-o", output, "--to", to)
    assert (done.exit_code, "no space left" in done.stderr) == (ExitCode.FAILED, True)
    assert (to / PAGE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("spoil", [None, "manifest.json", "comparison/all.parquet"])
def test_without_a_whole_release_the_next_command_is_told(spoil: str | None, tmp_path: Path) -> None:
    output = tmp_path / "out"
    if spoil:
        publish(output, Shape(2, 2))
        (output / spoil).write_bytes(b"PAR1 not")
    done = call("report", "-o", output, "--to", tmp_path / "report")
    assert done.exit_code == ExitCode.USAGE
    assert "Try: perbup run" in done.stderr
    assert not (tmp_path / "report").exists()


def test_a_release_without_comparison_still_makes_a_page(tmp_path: Path) -> None:
    run([FOLDER / "base.txt"], tmp_path / "out")
    page = build(tmp_path / "out", tmp_path / "report", NOWHERE).page.read_text("utf-8")
    assert "1 peraturan" in page


def test_a_target_without_region_or_year_is_shown(tmp_path: Path) -> None:
    rows = made(Shape(3, 3))
    rows["comparison"][0] |= {"region_code": None, "year": None}
    shown = matrix(load(published(tmp_path / "out", rows)))
    assert any(shown.places[number.place].name is None and number.year is None for number in shown.numbers)


def test_the_largest_release_stays_small_enough(tmp_path: Path) -> None:
    # A twentieth of its rows; charts and the page itself do not grow with the regions, so the page is more than that.
    built = build(publish(tmp_path / "out", Shape(LARGEST // 10, 70 // 2, 20)), tmp_path / "report", NOWHERE)
    assert built.size < LIMIT / 20


def test_rows_know_their_fields() -> None:
    with pytest.raises(AssertionError):
        row("regions", colour="red")


def test_copied_lines_are_what_the_review_file_takes(tmp_path: Path) -> None:
    run([FOLDER.parent.parent / "raw_docs"], tmp_path / "out")
    tables = load(tmp_path / "out").tables
    matches = {one["indicator_id"]: one["catalog_id"] for one in tables["indicator_matches"]}
    lines = [review_lines(one, matches[one["indicator_id"]]) for one in tables["indicators"][::7]]
    # The reviewer writes why.
    file = "matches:\n" + "".join(lines).replace("reason: ''", "reason: read side by side")
    (tmp_path / reviews.FILE).write_text(file, "utf-8")
    settled = reviews.settle(reviews.load(tmp_path / reviews.FILE), tables)
    assert len(settled) == len(lines)
    assert all(matches[one.indicator_id] == one.catalog_id for one in settled)
