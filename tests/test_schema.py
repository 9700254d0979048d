"""The declaration of the tables, and what is made from it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from frictionless import Package

from pipeline import dictionary
from pipeline.datapackage import descriptor
from pipeline.emit import arrow_schema
from pipeline.reasons import NotApplied, Reason
from pipeline.schema import BY_NAME, SCHEMA_VERSION, TABLES

ROOT = Path(__file__).parent.parent

# The contract with the readers of the tables: key fields first, then the others, in the order promised.
CONTRACT = {
    "sources": "source_path source_sha256 media_type byte_count page_count char_count text_origin role document_id "
    "document_ids status reason accounted_ratio pipeline_version schema_version",
    "source_pages": "source_sha256 page char_start char_end text width height rotation text_origin confidence",
    "documents": "document_id jenis number year title region_code region_name region_kind province_code province_name "
    "enacted_at enacted_on promulgated_on in_force_on in_force_rule gazette gazette_year gazette_number "
    "signatory_office signatory is_amendment amends revokes text_state source_sha256",
    "provisions": "document_id eid parent_eid kind zone number number_printed inferred heading text ordinal depth "
    "source_sha256 page_start page_end char_start char_end",
    "definitions": "document_id eid term definition abbreviation",
    "references": "document_id ordinal eid printed source_sha256 char_start char_end relation target_document_id "
    "target_eid resolved reason",
    "annex_tables": "document_id table_id annex section part source_sha256 page_start page_end row_count column_count "
    "headers kind stitching",
    "annex_cells": "document_id table_id row column header text char_start char_end page x0 top x1 bottom confidence "
    "inherited",
    "indicators": "indicator_id document_id table_id annex section part pillar_number pillar group_label group_text "
    "number number_inferred indicator indicator_printed responsible_printed supporting_printed target_printed row page",
    "indicator_targets": "indicator_id target_no comparator value value_upper value_text unit qualifier year period "
    "period_printed status",
    "indicator_agencies": "indicator_id role position name_printed name agency_id confidence",
    "amendments": "document_id seq item_eid action target_document_id target_eid after_eid before_eid new_eid "
    "payload_eid old_phrase new_phrase declared_count instruction_printed effective_on status reason",
    "provision_versions": "document_id eid version text state valid_from valid_to changed_by_document_id changed_by_seq",
    "indicator_validity": "indicator_id valid_from valid_to ended_by_document_id ended_by_seq",
    "regions": "region_code name kind province_code province_name",
    "agencies": "agency_id name kind functions region_code",
    "indicator_catalog": "catalog_id theme part pillar_number group name unit direction national_target national_year "
    "reference_code source",
    "indicator_matches": "indicator_id catalog_id score method status",
    "comparison": "indicator_id target_no catalog_id region_code document_id part year indicator value unit comparator "
    "value_text status national_target difference",
    "findings": "finding_id source_sha256 document_id stage code severity eid page char_start char_end message repair",
}
KEYS = {
    "sources": "source_path",
    "source_pages": "source_sha256 page",
    "documents": "document_id",
    "provisions": "document_id eid",
    "definitions": "document_id eid",
    "references": "document_id ordinal",
    "annex_tables": "document_id table_id",
    "annex_cells": "document_id table_id row column",
    "indicators": "indicator_id",
    "indicator_targets": "indicator_id target_no",
    "indicator_agencies": "indicator_id role position",
    "amendments": "document_id seq",
    "provision_versions": "document_id eid version",
    "indicator_validity": "indicator_id",
    "regions": "region_code",
    "agencies": "agency_id",
    "indicator_catalog": "catalog_id",
    "indicator_matches": "indicator_id catalog_id",
    "comparison": "indicator_id target_no catalog_id",
    "findings": "finding_id",
}


def test_all_tables_are_declared() -> None:
    assert [table.name for table in TABLES] == list(CONTRACT)


@pytest.mark.parametrize("name", CONTRACT)
def test_fields_stand_in_the_promised_order(name: str) -> None:
    promised = CONTRACT[name].split()
    assert [field.name for field in BY_NAME[name].fields][: len(promised)] == promised
    assert list(BY_NAME[name].key) == KEYS[name].split()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_key_fields_are_required_and_every_field_is_described(table) -> None:
    names = [field.name for field in table.fields]
    assert len(set(names)) == len(names)
    assert all(table.field(name).required for name in table.key)
    assert all(field.description and not field.description.endswith(".") for field in table.fields)
    assert not any(field.required and field.expected for field in table.fields)
    for key in table.foreign_keys:
        assert all(table.field(name) for name in key.fields)
        assert all(BY_NAME[key.table].field(name) for name in key.references)


@pytest.mark.parametrize(
    ("table", "field", "type_"),
    [
        ("documents", "year", "int32"),
        ("documents", "enacted_on", "date32[day]"),
        ("documents", "amends", "list<item: string>"),
        ("documents", "number", "string"),
        ("provisions", "inferred", "bool"),
        ("provisions", "ordinal", "int32"),
        ("indicators", "pillar_number", "int32"),
        ("indicators", "row", "int32"),
        ("indicator_targets", "value", "double"),
        ("annex_tables", "headers", "list<item: string>"),
    ],
)
def test_arrow_types(table: str, field: str, type_: str) -> None:
    declared = arrow_schema(BY_NAME[table]).field(field)
    assert str(declared.type).replace("element", "item") == type_
    assert declared.metadata[b"description"].decode() == BY_NAME[table].field(field).description


def test_patterns_take_the_identifiers_of_the_contract_and_no_others() -> None:
    def takes(table: str, field: str, value: str) -> bool:
        return re.fullmatch(BY_NAME[table].field(field).pattern, value) is not None

    for good in ("/akn/id-3316/act/perbup/2024/6", "/akn/id/act/uu/2001/20", "/akn/id/act/x/0123456789abcdef"):
        assert takes("documents", "document_id", good)
    for bad in ("", "/akn/id-3316/act/perbup", "/akn/id-33.16/act/perbup/2024/6", "/akn/id/act/uu/2001/20 A"):
        assert not takes("documents", "document_id", bad)
    for good in ("title", "pasal_18A", "bab_V__bagian_2_2", "pasal_I__angka_2__pasal_18A__ayat_4__huruf_b"):
        assert takes("provisions", "eid", good)
    for bad in ("", "pasal 9", "pasal_9__", "_pasal", "pasal_9___ayat_1"):
        assert not takes("provisions", "eid", bad)


def test_reasons_are_the_closed_list_of_sources() -> None:
    assert BY_NAME["sources"].field("reason").allowed == tuple(Reason)
    assert all(reason.description for reason in Reason)


@pytest.mark.parametrize("names", [("all",), ("00", "33", "63")])
def test_datapackage_is_valid(names: tuple[str, ...]) -> None:
    facts = {"bytes": 1, "sha256": "0" * 64}
    files = [{"path": f"{table.name}/{name}.parquet", **facts} for table in TABLES for name in names]
    package = descriptor(files)
    # The standard has several files as a list of paths, which this library takes only where it reads a descriptor.
    read = Package.from_descriptor(package)
    assert list(read.metadata_validate(read.to_descriptor())) == []
    assert [resource.paths for resource in read.resources] == [
        [f"{table.name}/{name}.parquet" for name in names] for table in TABLES
    ]
    assert package["$schema"].endswith("/2.0/datapackage.json")
    documents = next(resource for resource in package["resources"] if resource["name"] == "documents")
    assert documents["schema"]["primaryKey"] == ["document_id"]
    assert {"type": "date"}.items() <= next(
        f for f in documents["schema"]["fields"] if f["name"] == "enacted_on"
    ).items()


def test_dictionary_page_is_up_to_date() -> None:
    page = ROOT / "docs" / "data-dictionary.md"
    assert page.read_text("utf-8") == dictionary.as_markdown() + "\n", "run `make docs`"


def test_dictionary_names_every_field_in_every_form() -> None:
    declared = json.loads(dictionary.as_json())
    assert declared["schema_version"] == SCHEMA_VERSION
    text, markdown = dictionary.as_text(), dictionary.as_markdown()
    for table in TABLES:
        assert f"## {table.name}" in markdown
        assert f"\n{table.name}: " in text
        for field in table.fields:
            assert f"| `{field.name}` | {field.type} |" in markdown
            assert f"\n  {field.name} " in text


def test_every_reason_that_the_code_gives_is_in_the_closed_list() -> None:
    sources = [*(ROOT / "extractors/amendments").glob("*.py"), *(ROOT / "extractors/consolidation").glob("*.py")]
    code = "".join(path.read_text("utf-8") for path in (*sources, ROOT / "pipeline/versions.py"))
    given = re.findall(r'(?:UnreadError|stuck)\(\s*(?:reason or )?"(\w+)"', code)
    given += re.findall(r'"(?:conflict|unresolved|target_missing)",\s*"(\w+)"', code)
    given += re.findall(r'reason = "(\w+)"', code)
    assert len(set(given)) > 25
    assert set(given) <= {reason.value for reason in NotApplied}
