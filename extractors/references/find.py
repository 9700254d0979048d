"""References: the places and acts that the texts of an act name, each with its target or the reason why it has none.

One row a target: a phrase that names three places gives three rows with the phrase's span. An act named right behind
(or right before) a place phrase belongs to it and has no row of its own; an act named alone has one without
target_eid. Acts inside the quoted title of another act and places inside a title have none; those after `sebagaimana
telah diubah dengan` do, and the act's own name has none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from extractors.acts.changed_acts import REVOKED
from extractors.acts.identifiers import Citation, find_citations
from extractors.acts.kinds import kind_pattern
from extractors.amendments.instructions import OWN_ACT, annexed_before
from extractors.models import Mapped, Metadata, Notes, Provision, Reference
from extractors.references.places import Phrase, Steps, eid_of, find_phrases
from extractors.references.ranges import members
from extractors.references.targets import Nodes, Target

# An act is tied to a place within so many characters; it also keeps the engine from scanning on for its literals.
REACH = 250
_LINK = regex.compile(r"\s*(?:(?:dari|dalam|pada)\s+)?", regex.I)
_THIS_ACT = regex.compile(OWN_ACT)
_ANNEX_OF_THIS = regex.compile(rf"[\s,]*(?:yang\s+)?merupakan\s+bagian[^.;]{{0,80}}?\s(?:{OWN_ACT})", regex.I)
_ELUCIDATION = regex.compile(r"\bpenjelasan\s+$", regex.I)
_ABOUT = regex.compile(r"\s*tentang\s+", regex.I)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A phrase with the act that it is tied to: a citation, `this` act, an `unknown` one, or none named."""

    start: int
    end: int
    phrase: Phrase | None
    citation: Citation | None = None
    this: bool = False
    unknown: bool = False
    elucidation: bool = False


def find_references(provisions: Sequence[Provision], metadata: Metadata, notes: Notes) -> tuple[Reference, ...]:
    """Every reference in reading order. Never raises on odd text; time is linear in the text.

    Relations: `legal_basis` in the items of Mengingat, `amends` where title, Menetapkan or instruction name the amended
    act, `revokes` where an act that metadata.revokes holds is named in a revoking sentence or its list, else `refers`.
    Reasons are those of `Target`, and `citation_contradicts_title` where an amending Pasal cites another act than the
    title. Finding: `references_unresolved`, one a document, with how many rows have which reason.
    """
    nodes = Nodes(provisions, metadata)
    revoking = _revoking(provisions)
    rows: list[Reference] = []
    for provision in provisions:
        text = provision.text
        if not text.text and provision.kind == "title":
            text = provision.heading
        if text.text:
            rows += _rows(provision, text, nodes, metadata, provision.eid in revoking)
    reasons = Counter(row.reason for row in rows if row.reason)
    if reasons:
        counts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        notes.add("references_unresolved", "info", f"{sum(reasons.values())} of {len(rows)} targets: {counts}")
    return tuple(rows)


def _rows(p: Provision, text: Mapped, nodes: Nodes, metadata: Metadata, revoking: bool) -> Iterator[Reference]:
    instruction = nodes.is_instruction(p)
    mentions = _mentions(text.text, metadata, p.kind == "title")
    listed = nodes.list_of(p)
    context = nodes.named_in(listed) if listed else next((s for m in mentions if (s := _full(m))), ())
    first_act = True
    for mention in mentions:
        context = context if listed else _full(mention) or context
        cited = mention.citation
        relation = "legal_basis" if p.eid.startswith("mengingat") else "refers"
        reason = None
        if cited is not None:
            names_base = p.kind == "title" or instruction or (p.zone == "preamble" and p.kind == "text")
            if names_base and cited.document_id in metadata.amends:
                relation = "amends"
            elif instruction and p.kind == "pasal" and first_act and nodes.amended:
                relation, reason = "amends", "citation_contradicts_title"
            elif cited.document_id == metadata.document_id and cited.document_id is not None and not mention.phrase:
                continue
            elif cited.document_id in metadata.revokes and (revoking or p.kind == "title") and not mention.phrase:
                relation = "revokes"
            first_act = False
        span = text.span(mention.start, mention.end) if text.runs else p.span
        targets = _targets(mention, text.text, p, nodes, instruction, context)
        if reason:
            targets = [Target(nodes.amended, t.eid, False, reason) for t in targets]
        printed = text.text[mention.start : mention.end]
        for t in targets:
            if p.kind == "lampiran" and t.eid == p.eid:
                continue  # the annex's own head
            yield Reference(p.eid, printed, span, relation, t.document_id, t.eid, t.resolved, t.reason)


def _targets(
    mention: _Mention, text: str, p: Provision, nodes: Nodes, instruction: bool, context: Steps
) -> list[Target]:
    cited = mention.citation
    if mention.phrase is None:
        document_id = cited.document_id if cited else None
        return [Target(document_id, None, document_id is not None, None if document_id else "act_not_identified")]
    found: list[Target] = []
    for place in mention.phrase.places:
        if mention.unknown or (cited is not None and cited.document_id != nodes.own):
            found += [_elsewhere(steps, cited) for steps in members(place) or (place.steps, place.last or ())]
            continue
        annexed = place.steps[0].kind == "lampiran" and annexed_before(text, mention.start)
        of_this = mention.this or annexed
        found += nodes.targets(place, p, context, instruction and not of_this)
    if mention.elucidation:
        found = [_elucidated(t, nodes) for t in found]
    return found


def _elsewhere(steps: Steps, cited: Citation | None) -> Target:
    """A place in another act, which is not at hand to be looked at."""
    from_eid = eid_of(steps)
    document_id = cited.document_id if cited else None
    if document_id is None:
        return Target(None, from_eid, False, "act_not_identified")
    return Target(document_id, from_eid, from_eid is not None, None if from_eid else "place_incomplete")


def _elucidated(target: Target, nodes: Nodes) -> Target:
    """`Penjelasan Pasal 5` is the node of the elucidation."""
    eid = f"penjelasan__{target.eid}" if target.eid else None
    if target.document_id != nodes.own:
        return Target(target.document_id, eid, target.resolved, target.reason)
    return Target(nodes.own, eid, eid in nodes.by_eid, None if eid in nodes.by_eid else "no_such_node")


def _full(mention: _Mention) -> Steps:
    """The last place of an instruction's phrase that names its Pasal."""
    if mention.phrase is None:
        return ()
    return next((p.steps for p in reversed(mention.phrase.places) if p.steps[0].kind == "pasal"), ())


def _mentions(text: str, metadata: Metadata, is_head: bool) -> list[_Mention]:
    """Phrases and lone citations in printed order, each tied to the act it is printed with."""
    citations = [c for c in find_citations(text, metadata.act) if not c.in_title]
    if is_head and citations and citations[0].document_id == metadata.document_id:
        citations = _behind_own_name(text, citations[0], metadata)
    starts = {c.start: c for c in citations}
    begins = [c.start for c in citations]
    mentions: list[_Mention] = []
    tied: set[int] = set()
    for phrase in find_phrases(text):
        place = bisect_right(begins, phrase.start) - 1
        before = citations[place] if place >= 0 else None
        if before is not None and phrase.start < before.gazette_end:
            continue
        link = _LINK.match(text, phrase.end)
        behind = link.end() if link else phrase.end
        elucidation = bool(_ELUCIDATION.search(text, max(0, phrase.start - 20), phrase.start))
        cited = starts.get(behind)
        named = _THIS_ACT.match(text, behind, behind + REACH)
        if cited is not None:
            tied.add(cited.start)
            mentions.append(_Mention(phrase.start, cited.end, phrase, cited, elucidation=elucidation))
        elif named:
            mentions.append(_Mention(phrase.start, named.end(), phrase, this=True, elucidation=elucidation))
        elif _ANNEX_OF_THIS.match(text, phrase.end, phrase.end + REACH):
            mentions.append(_Mention(phrase.start, phrase.end, phrase, this=True))
        elif before is not None and text[before.end : phrase.start].isspace() and before.start not in tied:
            tied.add(before.start)
            mentions.append(_Mention(before.start, phrase.end, phrase, before))
        elif (act := kind_pattern().match(text, behind)) and act.group()[0].isupper():
            mentions.append(_Mention(phrase.start, phrase.end, phrase, unknown=True))
        else:
            mentions.append(_Mention(phrase.start, phrase.end, phrase, elucidation=elucidation))
    mentions += [_Mention(c.start, c.end, None, c) for c in citations if c.start not in tied]
    return sorted(mentions, key=lambda m: m.start)


def _behind_own_name(text: str, own: Citation, metadata: Metadata) -> list[Citation]:
    """The acts that the own title names: what stands behind `... NOMOR 6 TAHUN 2024 TENTANG`."""
    about = _ABOUT.match(text, own.end)
    start = about.end() if about else own.end
    return [
        replace(
            c,
            start=c.start + start,
            end=c.end + start,
            title_end=c.title_end + start,
            gazette_end=c.gazette_end + start,
        )
        for c in find_citations(text[start:], metadata.act)
        if not c.in_title
    ]


def _revoking(provisions: Sequence[Provision]) -> set[str]:
    """Nodes of the body with a revoking sentence, their lists, and lists that such a sentence closes."""
    sentences = [p for p in provisions if p.zone == "body" and REVOKED.search(p.text.text)]
    above = {p.parent_eid for p in sentences if p.kind in ("text", "huruf", "angka")} | {p.eid for p in sentences}
    return {p.eid for p in sentences} | {p.eid for p in provisions if p.zone == "body" and p.parent_eid in above}
