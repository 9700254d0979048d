"""From files to acts: one identifier an act, copies marked, annexes of their own attached, amendments applied.

The identifiers follow the data dictionary: of different acts that claim one id, the smallest
source_sha256 keeps it and the others get `-x` and the first 8 digits of theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from extractors.acts.identifiers import fallback_id
from extractors.models import Document, Finding, IndicatorValidity, Metadata, Notes, ProvisionVersion, Reference
from extractors.structure.numbering import Number, read_arabic, read_roman
from pipeline.inputs import FileRead
from pipeline.versions import in_time

if TYPE_CHECKING:
    from pipeline.document import Parsed

NO_SUCH_NODE = "no_such_node"


@dataclass(frozen=True, slots=True)
class FileResult:
    """A file given and what was read in it."""

    file: FileRead
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class LinkedSource:
    """A file given with its place in the corpus."""

    file: FileRead
    parsed: Parsed
    role: str
    document_ids: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one file gives to an act, under the act's eids and ordinals."""

    source_path: str
    source_sha256: str
    document: Document


@dataclass(frozen=True, slots=True)
class Work:
    """One act: its body and the annexes that came as files of their own. `body_sha256` is None without a body."""

    document_id: str
    metadata: Metadata
    body_sha256: str | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """All files and acts, with the texts of every provision and the days of every indicator row."""

    sources: tuple[LinkedSource, ...]
    works: tuple[Work, ...]
    versions: tuple[ProvisionVersion, ...] = ()
    validity: tuple[IndicatorValidity, ...] = ()


@dataclass(slots=True)
class _Claim:
    """One act that a file holds and the id that it claims."""

    result: FileResult
    index: int
    document: Document
    sha256: str
    claimed: str
    annex: bool
    document_id: str = ""
    notes: Notes = field(default_factory=lambda: Notes("link"))

    @property
    def order(self) -> tuple[str, int]:
        return self.sha256, self.index


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The acts of a corpus that are not among the files linked: their ids, and the places that one of them has."""

    ids: Container[str] = ()
    places: Callable[[str], Collection[str]] = field(default=lambda _: ())


def link(results: Sequence[FileResult], elsewhere: Elsewhere | None = None) -> Corpus:
    """The acts of all files. Results come in the order of their source paths; the first of equal files counts.

    Files of one part of a corpus (see `plan`) give what they give among all files.
    """
    elsewhere = elsewhere or Elsewhere()
    first = _first(results)
    claims, works = _named(first.values(), elsewhere.ids)
    ids: defaultdict[str, list[str]] = defaultdict(list)
    for claim in claims:
        ids[claim.sha256].append(claim.document_id)
    sources = [_source(result, first, ids) for result in results]
    return Corpus(tuple(sources), *in_time(_checked_targets(works, elsewhere), elsewhere.ids))


def places(results: Sequence[FileResult], ids: Container[str]) -> dict[str, frozenset[str]]:
    """The places of each act of these files; `ids` are claimed in the corpus."""
    _, works = _named(_first(results).values(), ids)
    return {work.document_id: frozenset(_eids(work.parts)) for work in works}


def _first(results: Sequence[FileResult]) -> dict[str, FileResult]:
    """Of equal files the first, by the hash of their bytes."""
    first: dict[str, FileResult] = {}
    for result in results:
        if result.file.sha256 is not None:
            first.setdefault(result.file.sha256, result)
    return first


def _named(results: Iterable[FileResult], ids: Container[str]) -> tuple[list[_Claim], list[Work]]:
    """The acts of files that differ, under their final ids."""
    claims = [claim for result in results for claim in _claims(result)]
    groups: defaultdict[str, list[_Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.claimed].append(claim)
    taken = set(groups)
    return claims, [work for claimed in sorted(groups) for work in _works(claimed, groups[claimed], taken, ids)]


def _eids(parts: Iterable[Part]) -> Iterator[str]:
    return (provision.eid for part in parts for provision in part.document.provisions)


def _claims(result: FileResult) -> list[_Claim]:
    sha256 = result.file.sha256 or ""
    unnamed = fallback_id(sha256)
    annex = result.parsed.role == "annex"
    return [
        _Claim(result, index, document, sha256, document.metadata.document_id or unnamed, annex)
        for index, document in enumerate(result.parsed.documents)
    ]


def _works(claimed: str, claims: list[_Claim], taken: set[str], elsewhere: Container[str]) -> list[Work]:
    """The acts that claim one id: usually one, with its annexes. `taken` are ids, to which those given are added."""
    bodies = sorted((claim for claim in claims if not claim.annex), key=lambda claim: claim.order)
    annexes = sorted((claim for claim in claims if claim.annex), key=lambda claim: (_annex_number(claim), claim.order))
    for annex in annexes:
        annex.document_id = claimed
        if annex.document.metadata.document_id is None:
            annex.notes.add("annex_without_act", "warning", "an annex whose head names no act")
        elif not bodies:
            annex.notes.add("annex_without_body", "warning", f"the body of {claimed} is not among the files")
        else:
            annex.notes.add("annex_attached", "info", f"an annex in a file of its own, of {claimed}", repair="attached")
    if not bodies:
        return [_work(claimed, None, annexes)]
    keeper, *others = bodies
    keeper.document_id = claimed
    works = [_work(claimed, keeper, annexes)]
    for other in others:
        other.document_id = _free(f"{claimed}-x{other.sha256[:8]}", taken, elsewhere, joiner="-")
        taken.add(other.document_id)
        other.notes.add(
            "identity_clash",
            "error",
            f"{claimed} is claimed by another text, too: {keeper.result.file.source_path}",
            repair=f"published as {other.document_id}",
        )
        works.append(_work(other.document_id, other, []))
    return works


def _work(document_id: str, body: _Claim | None, annexes: list[_Claim]) -> Work:
    claims = ([body] if body else []) + annexes
    parts: list[Part] = []
    for claim in claims:
        document = _renamed(claim, document_id)
        if parts:
            document = _appended([part.document for part in parts], document, document_id, claim.notes)
        document = replace(document, findings=(*document.findings, *claim.notes))
        parts.append(Part(claim.result.file.source_path, claim.sha256, document))
    metadata = replace(claims[0].document.metadata, document_id=document_id)
    return Work(document_id, metadata, body.sha256 if body else None, tuple(parts))


def _renamed(claim: _Claim, document_id: str) -> Document:
    """The document with what it says of itself under its final id; without an identity it could not name itself."""
    named = claim.document.metadata.document_id
    if document_id == named:
        return claim.document

    def own(reference: Reference) -> Reference:
        if reference.target_document_id == named and (named or reference.resolved):
            return replace(reference, target_document_id=document_id)
        return reference

    return replace(claim.document, references=tuple(own(reference) for reference in claim.document.references))


def _appended(before: list[Document], annex: Document, document_id: str, notes: Notes) -> Document:
    """The annex behind the parts before it: places and tables that they hold already get `_2`, ordinals go on."""
    eids = {provision.eid for document in before for provision in document.provisions}
    tables = {table.table_id for document in before for table in document.tables}
    roots: dict[str, str] = {}
    for root in dict.fromkeys(provision.eid.split("__")[0] for provision in annex.provisions):
        roots[root] = _free(root, eids)
        if roots[root] != root:
            notes.add(
                "number_twice",
                "warning",
                f"the act holds {root} already, in another file",
                eid=roots[root],
                repair=f"published as {roots[root]}",
            )
    last = max((provision.ordinal for document in before for provision in document.provisions), default=0)
    seq = max((instruction.seq for document in before for instruction in document.amendments), default=0)

    def place(eid: str) -> str:
        root, *below = eid.split("__")
        return "__".join([roots.get(root, root), *below])

    def own_place(reference: Reference) -> str | None:
        own = reference.target_document_id == document_id and reference.target_eid
        return place(own) if own else reference.target_eid

    table_ids = {
        table.table_id: _free(place(table.annex) + table.table_id.removeprefix(table.annex), tables)
        if table.table_id.startswith(table.annex)
        else _free(table.table_id, tables)
        for table in annex.tables
    }
    return replace(
        annex,
        provisions=tuple(
            replace(p, eid=place(p.eid), parent_eid=p.parent_eid and place(p.parent_eid), ordinal=last + p.ordinal)
            for p in annex.provisions
        ),
        definitions=tuple(replace(d, eid=place(d.eid)) for d in annex.definitions),
        references=tuple(
            replace(
                r,
                eid=place(r.eid),
                target_eid=own_place(r),
            )
            for r in annex.references
        ),
        amendments=tuple(
            replace(a, seq=seq + a.seq, item_eid=place(a.item_eid), payload_eid=a.payload_eid and place(a.payload_eid))
            for a in annex.amendments
        ),
        tables=tuple(replace(t, table_id=table_ids[t.table_id], annex=place(t.annex)) for t in annex.tables),
        indicators=tuple(
            replace(i, table_id=table_ids.get(i.table_id, i.table_id), annex=place(i.annex)) for i in annex.indicators
        ),
        # The body gives the act's facts: what the annex's head lacks of them is not missing.
        findings=tuple(
            replace(f, eid=f.eid and place(f.eid)) for f in annex.findings if f.stage != "metadata" or f.span
        ),
    )


def _checked_targets(works: list[Work], elsewhere: Elsewhere) -> list[Work]:
    """References into acts of the corpus point to a place that is there, or say that it is missing.

    A place that came with an annex attached to the act resolves what its body alone could not.
    """
    present = {work.document_id: set(_eids(work.parts)) for work in works}

    def checked(work: Work, reference: Reference) -> Reference:
        document_id, eid = reference.target_document_id, reference.target_eid
        if document_id is None or eid is None or (document_id not in present and document_id not in elsewhere.ids):
            return reference
        here = present[document_id] if document_id in present else elsewhere.places(document_id)
        if reference.resolved and eid not in here:
            return replace(reference, resolved=False, reason=NO_SUCH_NODE)
        attached = document_id == work.document_id and eid in _eids(work.parts[1:])
        if not reference.resolved and attached:
            return replace(reference, resolved=True, reason=None)
        return reference

    return [_with_references(work, partial(checked, work)) for work in works]


def _with_references(work: Work, change: Callable[[Reference], Reference]) -> Work:
    parts = tuple(
        replace(part, document=replace(part.document, references=tuple(map(change, part.document.references))))
        for part in work.parts
    )
    return replace(work, parts=parts)


def _source(result: FileResult, first: dict[str, FileResult], ids: dict[str, list[str]]) -> LinkedSource:
    file, parsed = result.file, result.parsed
    document_ids = tuple(dict.fromkeys(ids.get(file.sha256, []))) if file.sha256 else ()
    original = first[file.sha256] if file.sha256 else result
    if original is result:
        return LinkedSource(file, parsed, parsed.role, document_ids, (*file.findings, *parsed.findings))
    notes = Notes("link")
    notes.add("duplicate", "info", f"the same bytes as {original.file.source_path}", repair="read once")
    own = tuple(finding for finding in file.findings if finding.code == "sidecar_broken")
    return LinkedSource(file, original.parsed, "duplicate", document_ids, (*own, *notes))


def _annex_number(claim: _Claim) -> Number:
    """Number of the first annex that a file holds; 0 where it has none."""
    for provision in claim.document.provisions:
        if provision.kind == "lampiran" and provision.number:
            return read_roman(provision.number) or read_arabic(provision.number) or (0, "")
    return (0, "")


def _free(name: str, *taken: Container[str], joiner: str = "_") -> str:
    """`name`, or with `_2`, `_3`, … the first that is not taken."""
    free, count = name, 1
    while any(free in names for names in taken):
        count += 1
        free = f"{name}{joiner}{count}"
    return free
