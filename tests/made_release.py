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
from pipeline.schema import BY_NAME, COMPARISON, INDICATORS, SCHEMA_VERSION, TABLES
from tests.made import publish as made_publish

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


def publish(output: Path, shape: Shape = Shape()) -> Path:
    """A release of that shape at `output`."""
    return published(output, made(shape))


def published(output: Path, rows: Rows) -> Path:
    """A release of these rows at `output`."""
    made_publish(emit.arrow_tables(rows), output, {"files_given": len(rows["sources"])})
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


def row(table: str, **given: Any) -> Row:
    """A row of the table: what is not given is null, false or an empty list. Raises KeyError for unknown fields."""
    fields = BY_NAME[table].fields
    assert given.keys() <= {field.name for field in fields}, given.keys()
    empty = {"bool": False, "list<string>": []}
    return {field.name: given.get(field.name, empty.get(field.type)) for field in fields}


def add_comparison(rows: Rows, chance: random.Random) -> None:
    """Agencies, catalogue, matches and comparison for the indicator rows: the nth of each act is the nth entry."""
    _add_agencies(rows)
    targets: dict[str, list[Row]] = {}
    for target in rows["indicator_targets"]:
        targets.setdefault(target["indicator_id"], []).append(target)
    acts = {act["document_id"]: act for act in rows["documents"]}
    entries: dict[str, Row] = {}
    for indicator in rows["indicators"]:
        own = targets[indicator["indicator_id"]]
        number = int(indicator["indicator_id"].rpartition(".")[2])
        catalog_id = f"stunting.{indicator['part'] or 'sasaran'}.{number:02d}"
        entry = entries.setdefault(catalog_id, _entry(catalog_id, indicator, number))
        rare = chance.random()
        if rare > 0.97:
            continue
        status = "candidate" if rare < 0.04 else "reviewed" if rare < 0.3 else "certain"
        match = row("indicator_matches", indicator_id=indicator["indicator_id"], catalog_id=catalog_id, status=status)
        if status == "candidate":
            match |= {"score": round(0.6 + chance.random() / 3, 3), "method": "likeness", "reason": "the unit differs"}
        else:
            match |= {"score": 1.0, "method": "review" if status == "reviewed" else "wording"}
            act = acts[indicator["document_id"]]
            rows["comparison"] += [_compared(indicator, target, entry, act, chance) for target in own]
        rows["indicator_matches"].append(match)
    rows["indicator_catalog"] += entries.values()


def _add_act(rows: Rows, region: Region, number: int, shape: Shape, chance: random.Random) -> None:
    year = chance.choice((2022, 2023, 2024))
    document_id = f"/akn/id-{region.region_code.replace('.', '')}/act/perbup/{year}/{number}"
    sha256 = hashlib.sha256(document_id.encode()).hexdigest()
    path = f"{region.region_code}/{year}/perbup-{number}-{year}.txt"
    at = {"document_id": document_id, "source_sha256": sha256}
    length = CELL_LENGTH * len(HEADERS) * (shape.indicators + 1)
    sizes = {"byte_count": length, "page_count": 1, "char_count": length, "accounted_ratio": 1.0}
    made_by = {"pipeline_version": VERSION, "schema_version": SCHEMA_VERSION, "status": "parsed", "role": "body"}
    kind = {"media_type": "text/plain", "text_origin": "text", "document_ids": [document_id]}
    rows["sources"].append(row("sources", source_path=path, **at, **sizes, **made_by, **kind))
    rows["source_pages"].append(
        row("source_pages", source_sha256=sha256, page=1, char_start=0, char_end=length, text_origin="text")
    )
    title = f"PERCEPATAN PENURUNAN STUNTING DI {region.name.upper()}{shape.canary}"
    name = {"jenis": "perbup", "number": str(number), "year": year, "title": title, "text_state": "as_enacted"}
    where = {"region_code": region.region_code, "region_name": region.name, "region_kind": region.kind}
    province = {"province_code": region.province_code, "province_name": region.province_name}
    days = dict.fromkeys(("enacted_on", "promulgated_on", "in_force_on"), date(year, 3, 2))
    told = dict.fromkeys(("enacted_at", "in_force_rule", "gazette", "signatory_office", "signatory"), region.name)
    gazette = {"gazette_year": year, "gazette_number": str(number)}
    rows["documents"].append(row("documents", **at, **name, **where, **province, **days, **told, **gazette))
    ends = {"page_start": 1, "page_end": 1}
    span = {"char_start": 0, "char_end": 1}
    annex = {"eid": "lampiran", "kind": "lampiran", "zone": "annex", "ordinal": 1, "depth": 0}
    rows["provisions"].append(row("provisions", **at, **annex, **ends, **span))
    shown = {"table_id": "lampiran.table_1", "annex": "lampiran", "part": "sasaran", "kind": "indicator"}
    count = {"row_count": shape.indicators, "column_count": len(HEADERS), "headers": list(HEADERS)}
    rows["annex_tables"].append(row("annex_tables", **at, **shown, **count, **ends))
    for position in range(1, shape.indicators + 1):
        _add_row(rows, document_id, region, position, shape, chance)
    for position in range(shape.findings):
        start = CELL_LENGTH * len(HEADERS) * (1 + position % shape.indicators) + 3 * CELL_LENGTH
        identity = hashlib.sha256(f"{document_id}{position}".encode()).hexdigest()[:16]
        severity = chance.choice(("info", "info", "info", "warning", "warning", "error"))
        said = chance.choice(printed())["supporting_printed"] or ""
        message = f"'{said[position : position + 60]}' stands in a cell of {region.name}{shape.canary}"
        what = {"finding_id": identity, "stage": "annex", "code": chance.choice(CODES), "severity": severity}
        place = {"eid": "lampiran", "page": 1, "char_start": start, "char_end": start + 20, "source_path": path}
        repair = chance.choice((None, "read as a comma", "moved to the row above"))
        rows["findings"].append(row("findings", **at, **what, **place, message=message, repair=repair))


def _add_row(rows: Rows, document_id: str, region: Region, number: int, shape: Shape, chance: random.Random) -> None:
    real = printed()[(number - 1) % len(printed())]
    place = chance.choice(PLACES).format(region.name)
    name = re.sub(r"^\w+", chance.choice(LEADS), real["indicator"].rstrip(".")) + f" {place}".rstrip() + shape.canary
    agencies = [part.strip() for part in (real["supporting_printed"] or "Kecamatan").split(",") if part.strip()]
    chance.shuffle(agencies)
    supporting = ", ".join(agencies[: chance.randint(1, len(agencies))])
    responsible = (real["responsible_printed"] or "Dinas Kesehatan").split(",")[0].strip() + shape.canary
    target, said = _target(number, chance)
    at = {"document_id": document_id, "table_id": "lampiran.table_1", "row": number, "page": 1}
    texts = (str(number), real["group_text"], name, said, responsible, supporting)
    for column, (header, text) in enumerate(zip(HEADERS, texts, strict=True), start=1):
        start = CELL_LENGTH * (len(HEADERS) * number + column - 1)
        span = {"char_start": start, "char_end": start + min(len(text), CELL_LENGTH)}
        rows["annex_cells"].append(row("annex_cells", **at, **span, column=column, header=header, text=text or None))
    indicator_id = f"{document_id}#lampiran.{number}"
    group = {key: real[key] for key in ("part", "pillar_number", "pillar", "group_label", "group_text")}
    cells = {"responsible_printed": responsible, "supporting_printed": supporting, "target_printed": said or None}
    worded = {"number": str(number), "indicator": name, "indicator_printed": name, "annex": "lampiran"}
    rows["indicators"].append(row("indicators", indicator_id=indicator_id, **at, **group, **cells, **worded))
    rows["indicator_targets"].append(row("indicator_targets", indicator_id=indicator_id, target_no=1, **target))
    rows["indicator_validity"].append(row("indicator_validity", indicator_id=indicator_id))
    for role, names in (("responsible", [responsible]), ("supporting", dict.fromkeys(supporting.split(", ")))):
        for position, agency in enumerate(names, start=1):
            office = "-".join(re.findall(r"\w+", agency.removesuffix(shape.canary).lower()))
            known = {"name_printed": agency, "name": agency, "agency_id": f"{region.region_code}/{office}"}
            which = {"indicator_id": indicator_id, "role": role, "position": position, "confidence": 1.0}
            rows["indicator_agencies"].append(row("indicator_agencies", **which, **known))


def _target(number: int, chance: random.Random) -> tuple[Row, str]:
    """A target, and how it is printed."""
    year = chance.choice((2022, 2023, 2024, 2024, 2024))
    rare = chance.random()
    if rare < 0.08:
        return {"year": year, "status": "lost"}, f"Tahun: {year}"
    if rare < 0.12:
        text = chance.choice(("seluruh kecamatan", "seluruh desa dan kelurahan", "setiap semester"))
        return {"value_text": text, "year": year, "status": "text"}, f"Target: {text} Tahun: {year}"
    value, unit = float(chance.randint(40, 100)), "%"
    if number % 7 == 0:
        value, unit = float(chance.randint(900, 90_000)), "KK"
    elif number % 5 == 0:
        value = round(chance.uniform(5, 30), 1)
    if rare > 0.98:
        unit = "jiwa"
    comparator = "between" if rare < 0.13 else ">=" if number % 4 == 0 else "="
    upper = value + 5 if comparator == "between" else None
    more = {"comparator": comparator, "value": value, "value_upper": upper, "unit": unit, "year": year, "status": "ok"}
    return more, f"Target: {value:g} {unit} Tahun: {year}".replace(".", ",")


def _add_agencies(rows: Rows) -> None:
    known: dict[str, Row] = {}
    for mention in rows["indicator_agencies"]:
        agency_id = mention["agency_id"]
        if agency_id is not None and agency_id not in known:
            region, _, office = agency_id.rpartition("/")
            kind, _, function = office.partition("-")
            what = {
                "name": mention["name"],
                "kind": kind,
                "office": office,
                "functions": [function] if function else [],
            }
            known[agency_id] = row("agencies", agency_id=agency_id, region_code=region or None, **what)
    rows["agencies"] += known.values()


def _entry(catalog_id: str, indicator: Row, number: int) -> Row:
    national = {"national_target": 90.0, "national_year": 2024} if number % 3 == 0 else {}
    where = {"part": indicator["part"] or "sasaran", "pillar_number": indicator["pillar_number"]}
    name = {"group": indicator["group_text"] or "–", "name": indicator["indicator"], "theme": "stunting"}
    direction = (None, "higher_better", "higher_better", "lower_better")[number % 4]
    more = {
        "catalog_id": catalog_id,
        "source": "made for a test",
        "wordings": [indicator["indicator"]],
        "ordinal": number + 1,
    }
    unit = "KK" if number % 7 == 0 else "%"
    return row("indicator_catalog", direction=direction, unit=unit, **where, **name, **national, **more)


def _compared(indicator: Row, target: Row, entry: Row, act: Row, chance: random.Random) -> Row:
    differs = target["status"] == "ok" and target["unit"] != entry["unit"]
    national = entry["national_target"] if target["status"] == "ok" and not differs else None
    same = {field.name: target[field.name] for field in COMPARISON.fields if field.name in target}
    where = {"region_code": act["region_code"], "document_id": act["document_id"], "part": entry["part"]}
    what = {"catalog_id": entry["catalog_id"], "indicator": indicator["indicator"], "national_target": national}
    return row(
        "comparison",
        **{**same, **where, **what},
        difference=None if national is None else target["value"] - national,
        unit_differs=differs,
        probably_copied=target["unit"] == "KK" and chance.random() < 0.2,
        superseded=chance.random() < 0.02,
    )
