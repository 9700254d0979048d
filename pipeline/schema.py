"""The published tables, declared once: files, data dictionary, `datapackage.json` and checks are made from here.

Within a major SCHEMA_VERSION a field keeps its name, type and meaning; fields may be added.
"""

from __future__ import annotations

from pipeline.declare import (
    DOCUMENT_ID,
    REGION,
    Field,
    ForeignKey,
    Table,
    count,
    day,
    document_id,
    eid,
    flag,
    real,
    sha,
    span,
    text,
    texts,
    year,
)
from pipeline.reasons import NotApplied, Reason

SCHEMA_VERSION = "1.1.0"

DOCUMENT_KEY = ForeignKey(("document_id",), "documents", ("document_id",))
SOURCE_KEY = ForeignKey(("source_sha256",), "sources", ("source_sha256",))
EID_KEY = ForeignKey(("document_id", "eid"), "provisions", ("document_id", "eid"))
ANNEX_KEY = ForeignKey(("document_id", "annex"), "provisions", ("document_id", "eid"))
TABLE_KEY = ForeignKey(("document_id", "table_id"), "annex_tables", ("document_id", "table_id"))
INDICATOR_KEY = ForeignKey(("indicator_id",), "indicators", ("indicator_id",))
CATALOG_KEY = ForeignKey(("catalog_id",), "indicator_catalog", ("catalog_id",))

TEXT_ORIGINS = ("text", "born_digital", "ocr_layer", "ocr", "mixed")
PROVISION_KINDS = (
    *("title", "menimbang", "mengingat", "bab", "bagian", "paragraf", "pasal", "ayat", "huruf", "angka"),
    *("item", "lampiran", "penjelasan", "closing", "text"),
)
ZONES = ("title", "preamble", "body", "quoted", "closing", "annex", "elucidation")
COMPARATORS = ("=", ">=", "<=", ">", "<", "between")
TARGET_STATUSES = ("ok", "text", "lost", "ambiguous")
DIRECTIONS = ("higher_better", "lower_better")
# `review`: a person's file; `wording`: the words are the entry's, mended or in synonyms; `likeness`: most words are.
MATCH_METHODS = ("review", "wording", "likeness")
ACTIONS = (
    *("substitute", "insert", "append", "repeal", "replace_phrase"),
    *("replace_annex", "retitle", "replace_elucidation", "revoke"),
)

SOURCES = Table(
    "sources",
    "One row a file given to the pipeline, whatever became of it.",
    ("source_path",),
    (
        text("source_path", "path of the file, relative to the folder given", required=True),
        sha("source_sha256", "the file's bytes; null where they could not be read or are too many", required=False),
        text("media_type", "`text/plain`, `text/markdown`, `application/pdf`", required=True),
        count("byte_count", "bytes of the file; null where the system does not tell", required=False),
        count("page_count", "pages as read; null where nothing was read", required=False),
        count("char_count", "code points as read, all pages; null where nothing was read", required=False),
        text("text_origin", "how the text came about; null where nothing was read", allowed=TEXT_ORIGINS),
        text("role", "what the file is", required=True, allowed=("body", "annex", "duplicate", "other")),
        document_id(description="the first act that the file holds; null where there is none", required=False),
        texts("document_ids", "all acts that the file holds, in its order", DOCUMENT_ID),
        text("status", "what became of it", required=True, allowed=("parsed", "partial", "rejected")),
        text("reason", "why it is not `parsed`; null where it is", allowed=tuple(reason.value for reason in Reason)),
        real(
            "accounted_ratio",
            "share of non-blank characters that a row of `provisions`, a not inherited cell of `annex_cells` or a "
            "finding on left-out text accounts for; null where nothing was read",
            minimum=0,
            maximum=1,
        ),
        text("pipeline_version", "version of the program", required=True),
        text("schema_version", "version of these tables", required=True),
        text("origin", "where the file is from, as its sidecar `….source.json` says; null where unknown"),
    ),
    (ForeignKey(("document_id",), "documents", ("document_id",)),),
)

SOURCE_PAGES = Table(
    "source_pages",
    "The text as read, to which all offsets point. A text file is one page.",
    ("source_sha256", "page"),
    (
        sha(),
        count("page", "page, from 1", minimum=1),
        *span(True, "the page"),
        text("text", "text of the page as read; null where the page has none"),
        real("width", "points, as the page is read", minimum=0),
        real("height", "points, as the page is read", minimum=0),
        Field("rotation", "int32", "degrees by which the page was turned to be read", minimum=0, maximum=359),
        text("text_origin", "how the text came about", required=True, allowed=TEXT_ORIGINS),
        real("confidence", "mean confidence of OCR, 0 to 1", minimum=0, maximum=1),
    ),
    (SOURCE_KEY,),
)

DOCUMENTS = Table(
    "documents",
    "One row an act.",
    ("document_id",),
    (
        document_id(),
        text("jenis", "kind: `perbup`, `perwali`, `perda`, `pergub`, `perpres`, `pp`, `uu`, …", expected=True),
        text("number", "number, without leading zeros", expected=True),
        year("year", "year in the act's name", expected=True),
        text("title", "what follows TENTANG, on one line", expected=True),
        text("region_code", "Kemendagri code with its dot; null for national law", expected=True, pattern=REGION),
        text("region_name", "name of the region", expected=True),
        text("region_kind", "kind of the region", expected=True, allowed=("provinsi", "kabupaten", "kota")),
        text("province_code", "Kemendagri code of the province", expected=True, pattern=r"\d\d"),
        text("province_name", "name of the province", expected=True),
        text("enacted_at", "place of enactment (`Ditetapkan di`)", expected=True),
        day("enacted_on", "day of enactment", expected=True),
        day("promulgated_on", "day of promulgation (`Diundangkan`)", expected=True),
        day("in_force_on", "day from which the act is in force, after its rule", expected=True),
        text("in_force_rule", "rule of entry into force, as printed", expected=True),
        text("gazette", "name of the gazette (`Berita Daerah …`)", expected=True),
        year("gazette_year", "year of the gazette", expected=True),
        text("gazette_number", "number in the gazette", expected=True),
        text("signatory_office", "office of the person who enacted it", expected=True),
        text("signatory", "name of that person", expected=True),
        flag("is_amendment", "the act amends another one"),
        texts("amends", "acts that it amends", DOCUMENT_ID),
        texts("revokes", "acts that it revokes", DOCUMENT_ID),
        text("text_state", "which text this is", required=True, allowed=("as_enacted",)),
        sha(description="the body's file; null where only annexes were given", required=False),
    ),
    (SOURCE_KEY, ForeignKey(("region_code",), "regions", ("region_code",))),
)

PROVISIONS = Table(
    "provisions",
    "The act as a tree: one row a node with its own text.",
    ("document_id", "eid"),
    (
        document_id(),
        eid(),
        eid("parent_eid", "the node above; null at the top", required=False),
        text("kind", "kind of the node", required=True, allowed=PROVISION_KINDS),
        text("zone", "part of the act", required=True, allowed=ZONES),
        text("number", "mended number, without leading zeros; also where it was inferred"),
        text("number_printed", "number as printed; null where the source has none"),
        flag("inferred", "the source lost the heading"),
        text("heading", "heading of a BAB, Bagian, Paragraf or annex"),
        text("text", "own text without marker and children; page breaks and hyphenation healed, emphasis dropped"),
        count("ordinal", "reading order in the whole act, from 1", minimum=1),
        count("depth", "levels below the top, from 0"),
        sha(),
        count("page_start", "first page", minimum=1),
        count("page_end", "last page", minimum=1),
        *span(True, "marker and own text"),
    ),
    (DOCUMENT_KEY, SOURCE_KEY, ForeignKey(("document_id", "parent_eid"), "provisions", ("document_id", "eid"))),
)

DEFINITIONS = Table(
    "definitions",
    "Terms that the act defines.",
    ("document_id", "eid"),
    (
        document_id(),
        eid(description="where the definition stands"),
        text("term", "the term", required=True),
        text("definition", "its meaning", required=True),
        text("abbreviation", "short form (`yang selanjutnya disingkat …`)"),
    ),
    (DOCUMENT_KEY, EID_KEY),
)

REFERENCES = Table(
    "references",
    "One row a target of a reference; the targets of one phrase share its span.",
    ("document_id", "ordinal"),
    (
        document_id(),
        count("ordinal", "order in the act, from 1", minimum=1),
        eid(description="where the reference stands"),
        text("printed", "the phrase as printed", required=True),
        sha(),
        *span(True, "the phrase"),
        text("relation", "what it says", required=True, allowed=("legal_basis", "refers", "amends", "revokes")),
        document_id("target_document_id", "the act it points to; null where that is not clear", required=False),
        eid("target_eid", "place in that act; null for the whole act", required=False),
        flag("resolved", "the target is known"),
        text("reason", "why it is not resolved; null where it is"),
    ),
    (DOCUMENT_KEY, EID_KEY, SOURCE_KEY),
)

ANNEX_TABLES = Table(
    "annex_tables",
    "Tables of the annexes, joined over their pages.",
    ("document_id", "table_id"),
    (
        document_id(),
        text("table_id", "the table, unique in its act", required=True),
        eid("annex", "annex in which it stands"),
        text("section", "letter of the section (`A`); null where it has none"),
        text("part", "`sasaran`, `kegiatan`, or another word for what the header row lists"),
        sha(),
        count("page_start", "first page", minimum=1),
        count("page_end", "last page", minimum=1),
        count("row_count", "rows without headers and rows of column numbers"),
        count("column_count", "columns"),
        texts("headers", "header of each column"),
        text("kind", "what the table lists", required=True, allowed=("indicator", "other")),
        text("stitching", "how parts over several pages were joined; null where there is one part"),
    ),
    (DOCUMENT_KEY, SOURCE_KEY, ANNEX_KEY),
)

ANNEX_CELLS = Table(
    "annex_cells",
    "Every cell of every annex table, whatever the table is about.",
    ("document_id", "table_id", "row", "column"),
    (
        document_id(),
        text("table_id", "the table", required=True),
        count("row", "row, from 1", minimum=1),
        count("column", "column, from 1", minimum=1),
        text("header", "header of the column"),
        text("text", "text of the cell; null where it is empty"),
        *span(False, "the cell"),
        count("page", "page", minimum=1),
        real("x0", "left edge in points from the page's left"),
        real("top", "upper edge in points from the page's top"),
        real("x1", "right edge"),
        real("bottom", "lower edge"),
        real("confidence", "confidence of OCR, 0 to 1", minimum=0, maximum=1),
        flag("inherited", "value carried down from a merged cell"),
    ),
    (DOCUMENT_KEY, TABLE_KEY),
)

INDICATORS = Table(
    "indicators",
    "One row an indicator row of an annex.",
    ("indicator_id",),
    (
        text("indicator_id", "`<document_id>#<annex>.<n>`, n = order in that annex from 1", required=True),
        document_id(),
        text("table_id", "the table", required=True),
        eid("annex", "annex in which it stands"),
        text("section", "letter of the section (`A`); null where it has none"),
        text("part", "`sasaran`, `kegiatan`, or another word for what the header row lists"),
        count("pillar_number", "number of the pillar; null where the table has none", minimum=1, required=False),
        text("pillar", "name of the pillar"),
        text("group_label", "label of the sasaran or kegiatan (`a`)"),
        text("group_text", "the sasaran or kegiatan, carried down"),
        text("number", "number of the row"),
        flag("number_inferred", "the source lost the number"),
        text("indicator", "the indicator, clean text", expected=True),
        text("indicator_printed", "its cell as printed"),
        text("responsible_printed", "cell of the responsible agencies, as printed"),
        text("supporting_printed", "cell of the supporting agencies, as printed"),
        text("target_printed", "cell of the target, as printed"),
        count("row", "row in the table, from 1", minimum=1),
        count("page", "page", minimum=1),
    ),
    (DOCUMENT_KEY, TABLE_KEY, ANNEX_KEY),
)

INDICATOR_TARGETS = Table(
    "indicator_targets",
    "Targets of the indicators; every indicator has at least one row.",
    ("indicator_id", "target_no"),
    (
        text("indicator_id", "the indicator", required=True),
        count("target_no", "order of the target, from 1", minimum=1),
        text("comparator", "how the value binds", allowed=COMPARATORS),
        real("value", "the number (90 % is 90.0 with unit `%`)"),
        real("value_upper", "upper end, where the comparator is `between`"),
        text("value_text", "a target without a number (`seluruh kecamatan`)"),
        text("unit", "`%`, `KK`, `jiwa`, `kali`, …; null for a bare number and for text targets"),
        text("qualifier", "what the value is of (`seluruh desa`)"),
        year("year", "year of the target"),
        text("period", "`tahunan`, `bulanan`, `semesteran`, …"),
        text("period_printed", "the period as printed"),
        text(
            "status",
            "`lost`: the cell is empty or garbage, a year that still stands is kept",
            required=True,
            allowed=TARGET_STATUSES,
        ),
    ),
    (INDICATOR_KEY,),
)

INDICATOR_AGENCIES = Table(
    "indicator_agencies",
    "Agencies that answer for or support an indicator; a name repeated in a cell counts once.",
    ("indicator_id", "role", "position"),
    (
        text("indicator_id", "the indicator", required=True),
        text("role", "what the agency does", required=True, allowed=("responsible", "supporting")),
        count("position", "order in the cell, from 1", minimum=1),
        text("name_printed", "name as printed", required=True),
        text("name", "spelling normalised, abbreviations expanded where they are known", required=True),
        text("agency_id", "the agency; null where it is unknown"),
        Field("confidence", "float64", "how sure the split is, 0 to 1", required=True, minimum=0, maximum=1),
    ),
    (INDICATOR_KEY, ForeignKey(("agency_id",), "agencies", ("agency_id",))),
)

AMENDMENTS = Table(
    "amendments",
    "One row an atomic instruction of an amending act. Places are in the target act, but for payload_eid.",
    ("document_id", "seq"),
    (
        document_id(),
        count("seq", "order in the act, from 1", minimum=1),
        eid("item_eid", "item that holds the instruction"),
        text("action", "what it does; null where it could not be read", allowed=ACTIONS),
        document_id("target_document_id", "the act it changes", required=False),
        eid("target_eid", "place that it changes", required=False),
        eid("after_eid", "place after which it inserts", required=False),
        eid("before_eid", "place before which it inserts", required=False),
        eid("new_eid", "place that it makes", required=False),
        eid("payload_eid", "where the new text stands in `provisions` of this act", required=False),
        text("old_phrase", "phrase that it replaces"),
        text("new_phrase", "phrase that it puts there; null where it only takes the old one out"),
        count("declared_count", "number of units that it says to insert", required=False),
        text("instruction_printed", "the instruction as printed", required=True),
        day("effective_on", "day from which it holds"),
        text(
            "status",
            "what became of it",
            required=True,
            allowed=("read", "applied", "base_missing", "target_missing", "conflict", "unresolved"),
        ),
        text(
            "reason",
            "why it is not applied; null where it is, or where only its base is missing",
            allowed=tuple(NotApplied),
        ),
        count("occurrence", "which hit of the old phrase is meant; null for all of them", minimum=1, required=False),
    ),
    (
        DOCUMENT_KEY,
        ForeignKey(("document_id", "item_eid"), "provisions", ("document_id", "eid")),
        ForeignKey(("document_id", "payload_eid"), "provisions", ("document_id", "eid")),
    ),
)

PROVISION_VERSIONS = Table(
    "provision_versions",
    "Every text that a provision had, with its days. An act that nothing amends has one version of each provision.",
    ("document_id", "eid", "version"),
    (
        document_id(),
        eid(),
        count("version", "1 is the text as the act was made, or as the place was inserted", minimum=1),
        text("text", "own text in this version, without marker and children; null where it is repealed"),
        text("state", "whether it is in force", required=True, allowed=("in_force", "repealed")),
        day("valid_from", "first day; null where the act does not tell when it enters into force"),
        day("valid_to", "day from which it holds no more; null where it still does"),
        document_id("changed_by_document_id", "act whose instruction made this version", required=False),
        count("changed_by_seq", "number of that instruction", minimum=1, required=False),
        eid("parent_eid", "place above it", required=False),
        text("kind", "kind of the unit", required=True, allowed=PROVISION_KINDS),
        text("number", "number in mended form, without leading zeros"),
        text("heading", "heading in this version"),
        count("ordinal", "reading order among all places that the act ever had, from 1", minimum=1),
        flag("left_out", "repealed without a word, where the text around it was restated: its number is free again"),
    ),
    (DOCUMENT_KEY, ForeignKey(("changed_by_document_id", "changed_by_seq"), "amendments", ("document_id", "seq"))),
)

INDICATOR_VALIDITY = Table(
    "indicator_validity",
    "On which days an indicator row holds; every indicator has one row.",
    ("indicator_id",),
    (
        text("indicator_id", "the indicator", required=True),
        day("valid_from", "first day; null where it is not known when the act enters into force"),
        day("valid_to", "day from which it holds no more; null where it still does"),
        document_id("ended_by_document_id", "act that ended it", required=False),
        count("ended_by_seq", "instruction that ended it", minimum=1, required=False),
    ),
    (INDICATOR_KEY, ForeignKey(("ended_by_document_id", "ended_by_seq"), "amendments", ("document_id", "seq"))),
)

REGIONS = Table(
    "regions",
    "Provinces, kabupaten and kota with their Kemendagri codes.",
    ("region_code",),
    (
        text("region_code", "Kemendagri code with its dot", required=True, pattern=REGION),
        text("name", "name", required=True),
        text("kind", "kind", required=True, allowed=("provinsi", "kabupaten", "kota")),
        text("province_code", "code of the province", required=True, pattern=r"\d\d"),
        text("province_name", "name of the province", required=True),
    ),
)

AGENCIES = Table(
    "agencies",
    "Agencies that the regulations name, one row an office of a region.",
    ("agency_id",),
    (
        text("agency_id", "`<region_code>/<office>`; the office alone where its region is not known", required=True),
        text("name", "name as most rows spell it", required=True),
        text("kind", "`dinas`, `badan`, `kantor`, …", required=True),
        texts("functions", "urusan pemerintahan that it answers for (`kesehatan`); a merged office has several"),
        text("region_code", "region whose office it is; null for offices of the state", pattern=REGION),
        text("office", "its name's content words, the same in every region (`dinas-kesehatan`)", required=True),
    ),
    (ForeignKey(("region_code",), "regions", ("region_code",)),),
)

INDICATOR_CATALOG = Table(
    "indicator_catalog",
    "Indicators that many regencies promise, one entry each, theme by theme.",
    ("catalog_id",),
    (
        text("catalog_id", "the entry: `<theme>.<place>.<words>`, never used for another one", required=True),
        text("theme", "theme of the catalogue (`stunting`)", required=True),
        text("part", "part of the annex in which it stands: `sasaran`, `kegiatan`", required=True),
        count("pillar_number", "pillar; null where the part has none", minimum=1, required=False),
        text("group", "the sasaran or kegiatan under which it stands", required=True),
        text("name", "the indicator", required=True),
        text("unit", "unit of its targets; null for a bare number"),
        text("direction", "which way is better; null where its words do not tell", allowed=DIRECTIONS),
        real("national_target", "target of the state; null where no document at hand gives it"),
        year("national_year", "year of that target"),
        text("reference_code", "code of the national reference list; null where no document at hand gives it"),
        text("source", "documents from whose rows the entry was made", required=True),
        texts("wordings", "its wordings in those documents"),
        count("ordinal", "order in its theme, as the annexes have it, from 1", minimum=1),
    ),
)

INDICATOR_MATCHES = Table(
    "indicator_matches",
    "Which entry of the catalogue an indicator row is.",
    ("indicator_id", "catalog_id"),
    (
        text("indicator_id", "the indicator row", required=True),
        text("catalog_id", "the entry", required=True),
        Field("score", "float64", "likeness of the words, 0 to 1", required=True, minimum=0, maximum=1),
        text("method", "how it was found", required=True, allowed=MATCH_METHODS),
        text("status", "how far it can be trusted", required=True, allowed=("reviewed", "certain", "candidate")),
        text("reason", "what speaks against a candidate, or what a reviewer wrote; null for certain ones"),
    ),
    (INDICATOR_KEY, CATALOG_KEY),
)

COMPARISON = Table(
    "comparison",
    "Catalogue by region and year: the targets of reviewed and certain matches. Lost targets stay, as lost.",
    ("indicator_id", "target_no", "catalog_id"),
    (
        text("indicator_id", "the indicator row", required=True),
        count("target_no", "its target", minimum=1),
        text("catalog_id", "entry of the catalogue", required=True),
        text("region_code", "region that promises it", pattern=REGION),
        document_id(),
        text("part", "part of the annex"),
        year("year", "year of the target; null where it holds every year, or is lost"),
        text("indicator", "the indicator as the region words it"),
        real("value", "the number"),
        text("unit", "unit of the number"),
        text("comparator", "how the value binds", allowed=COMPARATORS),
        text("value_text", "a target without a number"),
        text("status", "what the target cell gave", required=True, allowed=TARGET_STATUSES),
        real("national_target", "target of the state, where its unit and year are those of the row"),
        real("difference", "value minus national target, in the unit; null where units differ"),
        real("value_upper", "upper end, where the comparator is `between`"),
        flag("unit_differs", "the unit is not the catalogue's: the value stands for itself"),
        flag("probably_copied", "another region promises the same count of people or households to the last digit"),
        flag("superseded", "an amending act ended the row"),
    ),
    (
        INDICATOR_KEY,
        CATALOG_KEY,
        DOCUMENT_KEY,
        ForeignKey(("indicator_id", "target_no"), "indicator_targets", ("indicator_id", "target_no")),
        ForeignKey(("region_code",), "regions", ("region_code",)),
    ),
)

FINDINGS = Table(
    "findings",
    "What was repaired, inferred, lost or not understood.",
    ("finding_id",),
    (
        text("finding_id", "stable hash of the finding", required=True, pattern=r"[0-9a-f]{16}"),
        sha(required=False),
        document_id(description="the act; null where the finding is on the file", required=False),
        text("stage", "stage that found it", required=True),
        text("code", "kind of finding", required=True),
        text("severity", "how bad it is", required=True, allowed=("info", "warning", "error")),
        eid(required=False),
        count("page", "page", minimum=1, required=False),
        *span(False, "what it is about"),
        text("message", "what was found", required=True),
        text("repair", "what was done about it; null if nothing"),
        text("source_path", "the file", required=True),
    ),
    (DOCUMENT_KEY, SOURCE_KEY, EID_KEY, ForeignKey(("source_path",), "sources", ("source_path",))),
)

TABLES = (
    *(SOURCES, SOURCE_PAGES, DOCUMENTS, PROVISIONS, DEFINITIONS, REFERENCES, ANNEX_TABLES, ANNEX_CELLS),
    *(INDICATORS, INDICATOR_TARGETS, INDICATOR_AGENCIES),
    *(AMENDMENTS, PROVISION_VERSIONS, INDICATOR_VALIDITY, REGIONS, AGENCIES),
    *(INDICATOR_CATALOG, INDICATOR_MATCHES, COMPARISON, FINDINGS),
)
BY_NAME = {table.name: table for table in TABLES}
