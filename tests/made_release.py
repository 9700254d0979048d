"""Releases made for the tests of what reads them: as many regions and indicators as asked for, texts that differ."""

from __future__ import annotations

import hashlib
import json
import random
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from extractors.lookups import regions
from extractors.models import Region
from pipeline import VERSION, emit
from pipeline.schema import INDICATORS, SCHEMA_VERSION, TABLES

Row = dict[str, Any]
Rows = dict[str, list[Row]]

HEADERS = ("NO", "SASARAN", "INDIKATOR", "TARGET DAN TAHUN PENCAPAIAN", "PENANGGUNG JAWAB", "PENDUKUNG")
LEADS = ("Persentase", "Cakupan", "Proporsi", "Jumlah persentase", "Meningkatnya persentase", "Besaran")
PLACES = ("di wilayah {}", "se-{}", "pada {}", "yang berdomisili di {}", "di seluruh kecamatan {}", "")
CODES = ("row_shifted", "header_repeated", "number_inferred", "agency_full_stop", "hyphen_healed", "text_rebuilt")
CELL_LENGTH = 400
GOLDEN = Path(__file__).parent / "golden" / "balangan-42-2024"


@dataclass(frozen=True, slots=True)
class Shape:
    """`canary` is put into every text that a document gives."""

    regions: int = 6
    indicators: int = 8
    findings: int = 4
    seed: int = 1
    canary: str = ""


@cache
def printed() -> tuple[Row, ...]:
    """The indicator rows of a real annex."""
    lines = (GOLDEN / "indicators.jsonl").read_text("utf-8").splitlines()
    return tuple(dict.fromkeys(field.name for field in INDICATORS.fields) | json.loads(line) for line in lines)


def publish(output: Path, shape: Shape = Shape()) -> Path:  # noqa: B008
    """A release of that shape at `output`."""
    return published(output, made(shape))


def published(output: Path, rows: Rows) -> Path:
    """A release of these rows at `output`."""
    emit.publish(emit.arrow_tables(rows), output, {"files_given": len(rows["sources"])})
    return output


def made(shape: Shape) -> Rows:
    """The rows of a release of `regions` acts with `indicators` rows each."""
    rows: Rows = {table.name: [] for table in TABLES}
    rows["regions"] = [
        {name: getattr(region, name) for name in ("region_code", "name", "kind", "province_code", "province_name")}
        for region in regions()
    ]
    chance = random.Random(shape.seed)
    places = [region for region in regions() if region.kind != "provinsi"]
    for number, region in enumerate(chance.sample(places, shape.regions), start=1):
        _add_act(rows, region, number, shape, chance)
    add_comparison(rows, chance)
    for table in TABLES:
        rows[table.name].sort(key=lambda row, key=table.key: tuple((row[name] is None, row[name]) for name in key))
    return rows


def add_comparison(rows: Rows, chance: random.Random) -> None:
    """Agencies, catalogue, matches and comparison for the indicator rows: the nth of each act is the nth entry."""
    _add_agencies(rows)
    targets: dict[str, list[Row]] = {}
    for target in rows["indicator_targets"]:
        targets.setdefault(target["indicator_id"], []).append(target)
    acts = {act["document_id"]: act for act in rows["documents"]}
    entries: dict[str, Row] = {}
    for indicator in rows["indicators"]:
        number = int(indicator["indicator_id"].rpartition(".")[2])
        catalog_id = f"stunting.{indicator['part'] or 'sasaran'}.{number:02d}"
        units = [target["unit"] for target in targets[indicator["indicator_id"]] if target["status"] == "ok"]
        entry = entries.setdefault(catalog_id, _entry(catalog_id, indicator, number))
        entry["unit"] = entry["unit"] or next(iter(units), None)
        rare = chance.random()
        status = "candidate" if rare < 0.04 else "reviewed" if rare < 0.3 else "certain"
        if rare > 0.97:
            continue
        rows["indicator_matches"].append(
            {
                "indicator_id": indicator["indicator_id"],
                "catalog_id": catalog_id,
                "score": round(0.6 + 0.4 * chance.random(), 3) if status == "candidate" else 1.0,
                "method": {"candidate": "likeness", "reviewed": "review", "certain": "wording"}[status],
                "status": status,
                "reason": "the unit differs from that of the entry" if status == "candidate" else None,
            }
        )
        if status != "candidate":
            for target in targets[indicator["indicator_id"]]:
                compared = _compared(indicator, target, entry, acts[indicator["document_id"]], chance)
                rows["comparison"].append(compared)
    rows["indicator_catalog"] += entries.values()


def _add_act(rows: Rows, region: Region, number: int, shape: Shape, chance: random.Random) -> None:
    code = region.region_code.replace(".", "")
    year = chance.choice((2022, 2023, 2024))
    document_id = f"/akn/id-{code}/act/perbup/{year}/{number}"
    sha256 = hashlib.sha256(document_id.encode()).hexdigest()
    path = f"{region.region_code}/{year}/perbup-{number}-{year}.txt"
    at = {"document_id": document_id, "source_sha256": sha256}
    length = CELL_LENGTH * len(HEADERS) * (shape.indicators + 1)
    rows["sources"].append(
        {
            **at,
            "source_path": path,
            "media_type": "text/plain",
            "byte_count": length,
            "page_count": 1,
            "char_count": length,
            "text_origin": "text",
            "role": "body",
            "document_ids": [document_id],
            "status": "parsed",
            "reason": None,
            "accounted_ratio": 1.0,
            "pipeline_version": VERSION,
            "schema_version": SCHEMA_VERSION,
            "origin": None,
        }
    )
    page = dict.fromkeys(("text", "width", "height", "rotation", "confidence"))
    rows["source_pages"].append(
        {"source_sha256": sha256, "page": 1, "char_start": 0, "char_end": length, "text_origin": "text", **page}
    )
    rows["documents"].append(
        {
            **at,
            "jenis": "perbup",
            "number": str(number),
            "year": year,
            "title": f"PERCEPATAN PENURUNAN STUNTING DI {region.name.upper()}{shape.canary}",
            **{"region_code": region.region_code, "region_name": region.name, "region_kind": region.kind},
            **{"province_code": region.province_code, "province_name": region.province_name},
            **{"enacted_at": region.name, "enacted_on": date(year, 3, 1), "promulgated_on": date(year, 3, 2)},
            **{"in_force_on": date(year, 3, 2), "in_force_rule": "mulai berlaku pada tanggal diundangkan"},
            **{"gazette": f"Berita Daerah {region.name}", "gazette_year": year, "gazette_number": str(number)},
            **{"signatory_office": "BUPATI", "signatory": "NAMA BUPATI", "is_amendment": False},
            **{"amends": [], "revokes": [], "text_state": "as_enacted"},
        }
    )
    rows["provisions"].append(
        {
            **at,
            **{"eid": "lampiran", "parent_eid": None, "kind": "lampiran", "zone": "annex", "number": None},
            **{"number_printed": None, "inferred": False, "heading": None, "text": None, "ordinal": 1, "depth": 0},
            **{"page_start": 1, "page_end": 1, "char_start": 0, "char_end": 1},
        }
    )
    table_id = "lampiran.table_1"
    rows["annex_tables"].append(
        {
            **at,
            **{"table_id": table_id, "annex": "lampiran", "section": None, "part": "sasaran", "kind": "indicator"},
            **{"page_start": 1, "page_end": 1, "row_count": shape.indicators, "column_count": len(HEADERS)},
            **{"headers": list(HEADERS), "stitching": None},
        }
    )
    for row in range(1, shape.indicators + 1):
        _add_row(rows, at, region, row, shape, chance)
    for position in range(shape.findings):
        start = CELL_LENGTH * len(HEADERS) * (1 + position % shape.indicators) + 3 * CELL_LENGTH
        identity = hashlib.sha256(f"{document_id}{position}".encode()).hexdigest()[:16]
        severity = chance.choice(("info", "info", "info", "warning", "warning", "error"))
        said = chance.choice(printed())["supporting_printed"] or ""
        rows["findings"].append(
            {
                **at,
                **{"finding_id": identity, "stage": "annex", "code": chance.choice(CODES), "severity": severity},
                **{"eid": "lampiran", "page": 1, "char_start": start, "char_end": start + 20},
                "message": f"'{said[position : position + 60]}' stands in a cell of {region.name}{shape.canary}",
                "repair": chance.choice((None, "read as a comma", "moved to the row above")),
                "source_path": path,
            }
        )


def _add_row(rows: Rows, at: Row, region: Region, row: int, shape: Shape, chance: random.Random) -> None:
    real = printed()[(row - 1) % len(printed())]
    place = chance.choice(PLACES).format(region.name)
    name = re.sub(r"^\w+", chance.choice(LEADS), real["indicator"].rstrip(".")) + f" {place}".rstrip() + shape.canary
    agencies = [part.strip() for part in (real["supporting_printed"] or "Kecamatan").split(",") if part.strip()]
    chance.shuffle(agencies)
    supporting = ", ".join(agencies[: chance.randint(1, len(agencies))])
    responsible = (real["responsible_printed"] or "Dinas Kesehatan").split(",")[0].strip() + shape.canary
    target, said = _target(row, chance)
    indicator_id = f"{at['document_id']}#lampiran.{row}"
    cells = (str(row), real["group_text"], name, said, responsible, supporting)
    start = CELL_LENGTH * len(HEADERS) * row
    for column, text in enumerate(cells, start=1):
        begin = start + (column - 1) * CELL_LENGTH
        rows["annex_cells"].append(
            {
                **{"document_id": at["document_id"], "table_id": "lampiran.table_1", "row": row, "column": column},
                **{"header": HEADERS[column - 1], "text": text or None, "page": 1, "inherited": False},
                **{"char_start": begin, "char_end": begin + min(len(text), CELL_LENGTH)},
                **dict.fromkeys(("x0", "top", "x1", "bottom", "confidence")),
            }
        )
    rows["indicators"].append(
        {
            **{"indicator_id": indicator_id, "document_id": at["document_id"], "table_id": "lampiran.table_1"},
            **{"annex": "lampiran", "section": None, "part": real["part"], "pillar_number": real["pillar_number"]},
            **{"pillar": real["pillar"], "group_label": real["group_label"], "group_text": real["group_text"]},
            **{"number": str(row), "number_inferred": False, "indicator": name, "indicator_printed": name},
            **{"responsible_printed": responsible, "supporting_printed": supporting, "target_printed": said or None},
            **{"row": row, "page": 1},
        }
    )
    rows["indicator_targets"].append({"indicator_id": indicator_id, "target_no": 1, **target})
    rows["indicator_validity"].append(
        {"indicator_id": indicator_id, "valid_from": date(2022, 3, 2), "valid_to": None}
        | dict.fromkeys(("ended_by_document_id", "ended_by_seq"))
    )
    for role, names in (("responsible", [responsible]), ("supporting", dict.fromkeys(supporting.split(", ")))):
        for position, agency in enumerate(names, start=1):
            office = "-".join(re.findall(r"\w+", agency.removesuffix(shape.canary).lower()))
            rows["indicator_agencies"].append(
                {
                    **{"indicator_id": indicator_id, "role": role, "position": position, "name_printed": agency},
                    **{"name": agency, "agency_id": f"{region.region_code}/{office}", "confidence": 1.0},
                }
            )


def _target(row: int, chance: random.Random) -> tuple[Row, str]:
    """A target, and how it is printed."""
    year = chance.choice((2022, 2023, 2024, 2024, 2024))
    nothing = dict.fromkeys(
        ("comparator", "value", "value_upper", "value_text", "unit", "qualifier", "period", "period_printed")
    )
    rare = chance.random()
    if rare < 0.08:
        return {**nothing, "year": year, "status": "lost"}, f"Tahun: {year}"
    if rare < 0.12:
        text = chance.choice(("seluruh kecamatan", "seluruh desa dan kelurahan", "setiap semester"))
        return {**nothing, "value_text": text, "year": year, "status": "text"}, f"Target: {text} Tahun: {year}"
    value, unit = float(chance.randint(40, 100)), "%"
    if row % 7 == 0:
        value, unit = float(chance.randint(900, 90_000)), "KK"
    elif row % 5 == 0:
        value = round(chance.uniform(5, 30), 1)
    if rare > 0.98:
        unit = "jiwa"
    comparator = "between" if rare < 0.13 else ">=" if row % 4 == 0 else "="
    upper = value + 5 if comparator == "between" else None
    shown = f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".").removesuffix(",0")
    more = {"comparator": comparator, "value": value, "value_upper": upper, "unit": unit, "year": year, "status": "ok"}
    return {**nothing, **more}, f"Target: {shown} {unit} Tahun: {year}"


def _add_agencies(rows: Rows) -> None:
    known: dict[str, Row] = {}
    for mention in rows["indicator_agencies"]:
        agency_id = mention["agency_id"]
        if agency_id is None or agency_id in known:
            continue
        region, _, office = agency_id.rpartition("/")
        known[agency_id] = {
            **{"agency_id": agency_id, "name": mention["name"], "kind": office.partition("-")[0], "office": office},
            "functions": [office.partition("-")[2]] if "-" in office else [],
            "region_code": region or None,
        }
    rows["agencies"] += known.values()


def _entry(catalog_id: str, indicator: Row, number: int) -> Row:
    return {
        **{"catalog_id": catalog_id, "theme": "stunting", "part": indicator["part"] or "sasaran"},
        **{"pillar_number": indicator["pillar_number"], "group": indicator["group_text"] or "–"},
        **{"name": indicator["indicator"], "unit": None},
        "direction": (None, "higher_better", "higher_better", "lower_better")[number % 4],
        **{"national_target": 90.0 if number % 3 == 0 else None, "national_year": 2024 if number % 3 == 0 else None},
        **{"reference_code": None, "source": "made for a test", "wordings": [indicator["indicator"]]},
    }


def _compared(indicator: Row, target: Row, entry: Row, act: Row, chance: random.Random) -> Row:
    differs = target["status"] == "ok" and target["unit"] != entry["unit"]
    national = entry["national_target"] if target["status"] == "ok" and not differs else None
    return {
        **{name: target[name] for name in ("indicator_id", "target_no", "year", "value", "unit", "comparator")},
        **{name: target[name] for name in ("value_text", "status", "value_upper")},
        **{"catalog_id": entry["catalog_id"], "region_code": act["region_code"], "document_id": act["document_id"]},
        **{"part": entry["part"], "indicator": indicator["indicator"], "national_target": national},
        "difference": None if national is None else target["value"] - national,
        **{"unit_differs": differs, "probably_copied": target["unit"] == "KK" and chance.random() < 0.2},
        "superseded": chance.random() < 0.02,
    }
