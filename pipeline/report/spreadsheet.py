"""The comparison as CSV and XLSX, with the names of regions, acts and entries beside their ids.

A cell never begins with what a spreadsheet takes for a formula: text from documents is shown, not run.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pipeline.report.acts import label
from pipeline.report.loaded import Loaded

Value = str | float | int | bool | None

COLUMNS = (
    *("catalog_id", "theme", "part", "pillar_number", "group", "name", "region_code", "region", "province"),
    *("document_id", "document", "title", "indicator_id", "target_no", "indicator", "page", "target_printed", "year"),
    *("comparator", "value", "value_upper", "unit", "value_text", "status", "national_target", "difference"),
    *("unit_differs", "probably_copied", "superseded"),
)
EPOCH = datetime(1980, 1, 1)
XLSX_ROWS = 1_048_576
XLSX_TEXT = 32_767
# Sign that begins a formula, at the start or behind what spreadsheets skip or cut at: quotes and blanks, line breaks,
# the semicolon that separates cells where the comma is the decimal sign. Full-width signs are read like the plain ones.
FORMULA = re.compile(r"(^|[;\t\r\n])([\"'`\s\u200b\ufeff]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
BREAKS = re.compile(r"[\t\r\n\x0b\x0c\x85\u2028\u2029]+")


@lru_cache(maxsize=1 << 16)
def inert(text: str) -> str:
    """The text on one line, with an apostrophe before each sign with which a spreadsheet would begin a formula."""
    return BREAKS.sub(" ", FORMULA.sub(r"\1'\2", CONTROL.sub("", text)))


def table(release: Loaded) -> Iterator[tuple[Value, ...]]:
    """A row a target, under COLUMNS; text is inert, numbers are numbers."""
    catalog = {row["catalog_id"]: row for row in release["indicator_catalog"]}
    regions = {row["region_code"]: row for row in release["regions"]}
    acts = {row["document_id"]: row for row in release["documents"]}
    indicators = {row["indicator_id"]: row for row in release["indicators"]}
    for row in release["comparison"]:
        entry, act = catalog[row["catalog_id"]], acts[row["document_id"]]
        region = regions.get(row["region_code"], {})
        printed = indicators[row["indicator_id"]]
        known = {
            **{name: entry[name] for name in ("theme", "pillar_number", "group", "name")},
            "region": region.get("name"),
            "province": region.get("province_name"),
            "document": label(act),
            **{name: printed[name] for name in ("page", "target_printed")},
            "title": act["title"],
            **row,
        }
        values = (known[name] for name in COLUMNS)
        yield tuple(inert(value) if isinstance(value, str) else value for value in values)


def write_csv(release: Loaded, path: Path) -> None:
    """UTF-8 with the mark that Excel asks for, commas, text in quotes."""
    with path.open("w", encoding="utf-8-sig", newline="", errors="replace") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(COLUMNS)
        for row in table(release):
            writer.writerow(["true" if v is True else "false" if v is False else "" if v is None else v for v in row])


def write_xlsx(release: Loaded, path: Path) -> None:
    """One sheet with a frozen head and filters; nothing in it is a formula or a link."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    with xlsxwriter.Workbook(path, options) as book:
        # Equal runs give equal files.
        book.set_properties({"created": EPOCH})
        sheet = book.add_worksheet("comparison")
        head = book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(COLUMNS) - 1, 16)
        sheet.set_column(COLUMNS.index("name"), COLUMNS.index("name"), 60)
        for column, name in enumerate(COLUMNS):
            sheet.write_string(0, column, name, head)
        last = 0
        for last, row in enumerate(table(release), start=1):
            if last >= XLSX_ROWS:
                break
            for column, value in enumerate(row):
                if isinstance(value, bool):
                    sheet.write_boolean(last, column, value)
                elif isinstance(value, str):
                    sheet.write_string(last, column, value[:XLSX_TEXT])
                elif value is not None:
                    sheet.write_number(last, column, value)
        sheet.autofilter(0, 0, last, len(COLUMNS) - 1)
