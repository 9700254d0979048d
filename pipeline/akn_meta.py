"""The metadata of an act in Akoma Ntoso: its identity, its events, and the instructions that changed it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pipeline import PROGRAM
from pipeline.published import APPLIED, Published, Row

if TYPE_CHECKING:
    from lxml.builder import ElementMaker
    from lxml.etree import _Element as Element

SOURCE = f"#{PROGRAM}"
# Where the standard wants a date and none is known.
NULL_DATE = date(1, 1, 1)
TYPES = {"insert": "insertion", "append": "insertion", "repeal": "repeal", "revoke": "repeal"}


def meta(make: ElementMaker, act: Published, day: date) -> Element:
    """The `meta` of the act as it stood on a day."""
    row = act.document
    parts = [_identification(make, act, day, "main")]
    promulgated = row["promulgated_on"] or row["enacted_on"]
    if row["gazette"] and promulgated:
        number = {"number": row["gazette_number"]} if row["gazette_number"] else {}
        name = {"name": row["gazette"], "showAs": row["gazette"]}
        parts.append(make("publication", date=promulgated.isoformat(), **name, **number))
    applied = [one for one in act.changing if one["status"] == APPLIED and one["effective_on"] <= day]
    acts = sorted({(one["effective_on"], one["document_id"]) for one in applied})
    revoking = {one["document_id"] for one in applied if one["action"] == "revoke"}
    events = [_event(make, "made", row["enacted_on"] or promulgated or NULL_DATE, "#original", "generation")]
    for number_of, (on, document_id) in enumerate(acts, 1):
        kind = "repeal" if document_id in revoking else "amendment"
        events.append(_event(make, f"event_{number_of}", on, f"#act_{number_of}", kind))
    parts.append(make("lifecycle", *events, source=SOURCE))
    parts += _analysis(make, act, applied)
    references = [make("original", eId="original", href=act.document_id, showAs=row["title"] or act.document_id)]
    references += [
        make("passiveRef", eId=f"act_{number_of}", href=document_id, showAs=document_id)
        for number_of, (_, document_id) in enumerate(acts, 1)
    ]
    references.append(make("TLCOrganization", eId=PROGRAM, href=f"/ontology/organization/{PROGRAM}", showAs=PROGRAM))
    author = row["signatory_office"] or "unknown"
    references.append(make("TLCOrganization", eId="author", href="/ontology/organization/id/author", showAs=author))
    parts.append(make("references", *references, source=SOURCE))
    return make("meta", *parts)


def attachment_meta(make: ElementMaker, act: Published, day: date, eid: str) -> Element:
    """The `meta` of an elucidation or annex, a component of the act."""
    return make("meta", _identification(make, act, day, eid))


def _identification(make: ElementMaker, act: Published, day: date, component: str) -> Element:
    row, work = act.document, act.document_id
    made_on = (row["enacted_on"] or row["promulgated_on"] or NULL_DATE).isoformat()
    expression = f"{work}/ind@{day.isoformat()}"

    def level(name: str, iri: str, on: str, event: str, *more: Element, form: str = "") -> Element:
        alias = [make("FRBRalias", value=row["title"], name="title")] if name == "FRBRWork" and row["title"] else []
        return make(
            name,
            make("FRBRthis", value=f"{iri}/!{component}{form}"),
            make("FRBRuri", value=f"{iri}{form}"),
            *alias,
            make("FRBRdate", date=on, name=event),
            make("FRBRauthor", href="#author"),
            *more,
        )

    named = [make("FRBRsubtype", value=row["jenis"])] if row["jenis"] else []
    named += [make("FRBRnumber", value=row["number"])] if row["number"] else []
    return make(
        "identification",
        level("FRBRWork", work, made_on, "enactment", make("FRBRcountry", value="id"), *named),
        level("FRBRExpression", expression, day.isoformat(), "expression", make("FRBRlanguage", language="ind")),
        level("FRBRManifestation", expression, day.isoformat(), "manifestation", form=".xml"),
        source=SOURCE,
    )


def _event(make: ElementMaker, eid: str, on: date, source: str, kind: str) -> Element:
    return make("eventRef", eId=eid, date=on.isoformat(), source=source, type=kind)


def _analysis(make: ElementMaker, act: Published, applied: list[Row]) -> list[Element]:
    """What the act changes in others, and what others changed in it: one `textualMod` an instruction."""
    active = [_change(make, row, f"gives_{row['seq']}", "", row["target_document_id"]) for row in _known(act)]
    passive = [_change(make, row, f"takes_{number}", row["document_id"], "") for number, row in enumerate(applied, 1)]
    groups = [
        make(name, *changes)
        for name, changes in (("activeModifications", active), ("passiveModifications", passive))
        if changes
    ]
    return [make("analysis", *groups, source=SOURCE)] if groups else []


def _known(act: Published) -> list[Row]:
    """Own instructions that say what they change in which act."""
    return [row for row in act.own if row["action"] and row["target_document_id"]]


def _change(make: ElementMaker, row: Row, eid: str, source: str, target: str) -> Element:
    place = row["new_eid"] or row["target_eid"]
    attributes: dict[str, Any] = {"eId": eid, "type": TYPES.get(row["action"], "substitution")}
    if row["status"] != APPLIED:
        attributes["incomplete"] = "true"
    return make(
        "textualMod",
        make("source", href=f"{source}#{row['item_eid']}"),
        make("destination", href=f"{target}#{place}" if place else target or "#"),
        **attributes,
    )
