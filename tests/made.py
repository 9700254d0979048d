"""Small documents made by hand, for the tests of what stands around the parser."""

from __future__ import annotations

from extractors.lookups import regions
from extractors.models import (
    EMPTY,
    Act,
    AgencyMention,
    AnnexCell,
    AnnexTable,
    Cell,
    Definition,
    Document,
    Finding,
    Indicator,
    Instruction,
    Mapped,
    Metadata,
    Office,
    Page,
    Provision,
    Reference,
    Source,
    Span,
    Target,
)
from pipeline.document import Parsed

BLORA = next(region for region in regions() if region.region_code == "33.16")


def mapped(text: str, start: int = 0) -> Mapped:
    return Mapped(text, ((0, start),)) if text else EMPTY


def provision(eid: str, text: str = "", *, kind: str = "pasal", zone: str = "body", ordinal: int = 1) -> Provision:
    above, _, _ = eid.rpartition("__")
    return Provision(
        eid=eid,
        parent_eid=above or None,
        kind=kind,
        zone=zone,
        number=eid.rpartition("_")[2],
        number_printed=None,
        inferred=False,
        heading=EMPTY,
        text=mapped(text),
        ordinal=ordinal,
        depth=eid.count("__"),
        span=Span(ordinal - 1, ordinal),
        page_start=1,
        page_end=1,
    )


def metadata(number: str | None = "6", document_id: str | None = "/akn/id-3316/act/perbup/2024/6") -> Metadata:
    return Metadata(Act("perbup", number, 2024, BLORA), document_id, title="PERCEPATAN PENURUNAN STUNTING")


def indicator(annex: str = "lampiran", table_id: str = "lampiran.1", ordinal: int = 1) -> Indicator:
    return Indicator(
        table_id=table_id,
        annex=annex,
        ordinal=ordinal,
        row=ordinal,
        page=1,
        span=Span(0, 1),
        section=None,
        part="sasaran",
        pillar_number=None,
        pillar=None,
        group_label="a",
        group_text="Remaja putri",
        number=str(ordinal),
        number_inferred=False,
        indicator="Persentase remaja putri yang mengonsumsi TTD",
        indicator_printed="Persentase remaja putri",
        responsible_printed="Dinas Kesehatan",
        supporting_printed=None,
        target_printed="Target: 90% Tahun: 2024",
        targets=(Target("=", 90.0, None, None, "%", None, 2024, None, None, "ok"),),
        responsible=(
            AgencyMention(
                "Dinas Kesehatan",
                "Dinas Kesehatan",
                Office("dinas-kesehatan", "Dinas Kesehatan", "dinas", ("kesehatan",)),
                "",
                1.0,
            ),
        ),
    )


def table(annex: str = "lampiran", table_id: str = "lampiran.1") -> AnnexTable:
    cells = (AnnexCell(1, 1, "NO", Cell("1", Span(0, 1), 1)), AnnexCell(1, 2, None, Cell("", None, 1)))
    return AnnexTable(table_id, annex, None, "sasaran", "indicator", ("NO", ""), 1, 2, 1, 1, None, cells)


def annex(eid: str = "lampiran", number: str | None = None) -> Document:
    """An act of which only the annex is there."""
    head = provision(eid, kind="lampiran", zone="annex")
    return Document(
        metadata(),
        (Provision(**{**fields(head), "number": number}),),
        tables=(table(eid, f"{eid}.1"),),
        indicators=(indicator(eid, f"{eid}.1"),),
        findings=MISSING,
    )


def body() -> Document:
    """An act with a Pasal of two ayat, an annex it refers to, and a finding."""
    own = "/akn/id-3316/act/perbup/2024/6"
    return Document(
        metadata(),
        (
            provision("pasal_1"),
            provision("pasal_1__ayat_1", "Daerah adalah Kabupaten Blora.", kind="ayat", ordinal=2),
            provision("pasal_1__ayat_2", "Lampiran [bold]ini[/bold].", kind="ayat", ordinal=3),
        ),
        definitions=(Definition("pasal_1__ayat_1", "Daerah", "Kabupaten Blora", None),),
        references=(
            Reference("pasal_1__ayat_2", "Lampiran ini", Span(0, 5), "refers", own, "lampiran", False, "no_such_node"),
            Reference("pasal_1__ayat_2", "ayat (1)", Span(0, 5), "refers", own, "pasal_1__ayat_1", True, None),
        ),
        amendments=(Instruction(1, "pasal_1", "repeal", "Pasal 3 dihapus.", Span(0, 1), own, "pasal_3"),),
        findings=(*MISSING, Finding("segment", "gap", "warning", "no ayat (9)", Span(0, 1), 1, "pasal_1__ayat_9")),
    )


UNREAD = ["enacted_at", "enacted_on", "promulgated_on", "in_force_rule", "gazette", "signatory_office", "signatory"]
MISSING = tuple(Finding("metadata", f"missing_{name}", "warning", f"The source gives no {name}.") for name in UNREAD)


def fields(thing: Provision) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}


def parsed(*documents: Document, role: str = "body", text: str = "Pasal 1\n(1) Daerah adalah …") -> Parsed:
    source = Source((Page(1, text, 0, ()),), "text/plain")
    return Parsed(source, "text", role, "parsed", None, documents, (), 1.0)
