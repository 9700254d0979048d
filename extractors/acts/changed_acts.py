"""Which acts an act amends and which it revokes, read from its title and its closing provisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from extractors.acts.identifiers import Citation, find_citations
from extractors.models import Act, Notes, Provision

# PERUBAHAN [KEDUA] ATAS …; some titles leave ATAS out before the act's kind.
AMENDING_TITLE = re.compile(
    r"^\W*PERUBAHAN(?:\s{1,4}(?:KE-?\s?\w{1,12}|[A-Z]{3,12}(?:\s{1,4}(?:BELAS|PULUH)(?:\s{1,4}[A-Z]{3,9})?)?))?"
    r"(?:\s{1,4}(?:ATAS|TERHADAP)\b|(?=\s{1,4}(?:PERATURAN|UNDANG|KEPUTUSAN|QANUN)\b))",
    re.IGNORECASE,
)
REVOKING_TITLE = re.compile(r"^\W*PENCABUTAN\b", re.IGNORECASE)
REVOKED = re.compile(
    r"\bdi\s?cabut\s{1,4}(?:dan\s{1,4})?(?:di\s?nyatakan\s{1,4})?tidak\s{1,4}(?:ber)?\s?laku"
    r"|\bdi\s?nyatakan\s{1,4}(?:di\s?cabut|tidak\s{1,4}berlaku|sudah\s{1,4}tidak\s{1,4}berlaku)"
    r"|\bdi\s?cabut(?=\s{0,4}[.;]|\s{0,4}$|\s{1,4}dan\b)",
    re.IGNORECASE,
)
# A full stop behind `jo`, `jis`, `No` or an initial ends no sentence.
SENTENCE_END = re.compile(r"(?<!\bjo)(?<!\bjis)(?<!\bNo)(?<!\b[A-Z])\.(?=\s{1,4}[A-Z]|\s{0,4}$)")
NOT_IN_FORCE = re.compile(r"\btidak\s{1,4}(?:ber)?\s?laku\b", re.IGNORECASE)
STAYS = re.compile(r"\btetap\s{1,4}berlaku\b", re.IGNORECASE)
# The act cited behind these words is revoked in part, or is only what the revoked act rests on.
IN_PART = re.compile(r"\b(?:dalam|(?:Pasal|ayat|huruf|angka|Lampiran|lampiran|BAB)[^,;:]{0,60}?)\s{0,4}$")
GROUND = re.compile(r"\b(?:berdasarkan|pelaksanaan|dengan|dari|menurut|dimaksud\s{1,4}pada)\s{0,4}$")
# Between two citations: the second is named only as a layer of the first.
LAYER = re.compile(r"\b(?:jo|jis|juncto|diubah|ditambah)\b|^[\s,]{0,4}(?:dan|serta)?[\s,]{0,4}$", re.IGNORECASE)
AMENDED_BY = re.compile(r"\bdiubah\b[^;]{0,60}\bdengan\s{0,4}$", re.IGNORECASE)
BEHIND = 120


def amended_acts(
    title: str | None, own: Act, provisions: Sequence[Provision], notes: Notes
) -> tuple[bool, tuple[str, ...]]:
    """Whether the act amends others, and the document_ids of those its title names (else its Pasal I).

    An act amended before is named with its earlier amendments in Pasal I; only the base counts. Findings:
    `amended_act_unresolved`, `amended_act_differs` (title and Pasal I name different acts).
    """
    opening = next((p for p in provisions if p.zone == "body" and p.kind == "pasal" and p.number == "I"), None)
    named = bool(title and AMENDING_TITLE.match(title))
    roman = opening is not None and any(p.zone == "body" and p.kind == "pasal" and p.number == "II" for p in provisions)
    if not named and not roman:
        return False, ()
    in_title = [c for c in find_citations(title or "", own) if not c.in_title]
    in_opening = [c for c in find_citations(opening.text.text, own) if not c.in_title] if opening else []
    chosen = in_title if named and in_title else in_opening[:1]
    ids = _ids(chosen)
    if not ids or len(ids) < len(chosen):
        notes.add(
            "amended_act_unresolved", "warning", f"The amended act can't be identified: {[c.printed for c in chosen]}."
        )
    if opening and ids and in_opening and in_opening[0].document_id not in ids:
        notes.add(
            "amended_act_differs",
            "warning",
            f"The title amends {', '.join(ids)}, Pasal I cites {in_opening[0].printed!r}.",
            span=opening.span,
            page=opening.page_start,
            eid=opening.eid,
            repair="The title's act is taken.",
        )
    return True, ids


def revoked_acts(title: str | None, own: Act, provisions: Sequence[Provision], notes: Notes) -> tuple[str, ...]:
    """The document_ids of the acts that the own provisions of the body (or the title) revoke as a whole.

    A revoked act falls with the amendments cited beside it; an act that is revoked in part, or on which a revoked act
    rests, does not. The acts may stand in the sentence, in its list, or in a list that the sentence closes. Findings:
    `revoked_act_unresolved`, `revocation_in_part`.
    """
    body = [p for p in provisions if p.zone == "body"]
    children: dict[str | None, list[Provision]] = {}
    for provision in body:
        children.setdefault(provision.parent_eid, []).append(provision)
    by_eid = {p.eid: p for p in body}
    found: list[str] = []
    for provision in body:
        for sentence, end in _revocations(provision.text.text):
            cited = _revoked(sentence[:end], own, provision, notes)
            if sentence.rstrip().endswith(":"):
                below = children.get(provision.eid, [])
                cited += [c for p in below for c in _revoked(p.text.text, own, p, notes)]
            elif not cited or provision.kind in ("huruf", "angka"):
                cited = [*_listed_before(provision, children, by_eid, own, notes), *cited]
            if not cited and NOT_IN_FORCE.search(sentence):
                notes.add(
                    "revoked_act_unresolved",
                    "info",
                    f"No whole act is named as revoked in {sentence.strip()[:200]!r}.",
                    span=provision.span,
                    page=provision.page_start,
                    eid=provision.eid,
                )
            found += _ids(cited)
    if title and REVOKING_TITLE.match(title):
        found += _ids([c for c in find_citations(title, own) if not c.in_title])
    return tuple(dict.fromkeys(found))


def _ids(cited: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(c.document_id for c in cited if c.document_id))


def _revocations(text: str) -> Iterator[tuple[str, int]]:
    """Each stretch of a sentence that ends with a revoking phrase, and where the phrase begins in it.

    What stands before `tetap berlaku` in the same stretch is not revoked and left out. The last stretch runs to the
    sentence's end, so that a colon shows that the acts follow in a list.
    """
    ends = [match.end() for match in SENTENCE_END.finditer(text)]
    for start, end in zip([0, *ends], [*ends, len(text)], strict=True):
        phrases = list(REVOKED.finditer(text, start, end))
        for place, phrase in enumerate(phrases):
            stays = list(STAYS.finditer(text, start, phrase.start()))
            start = stays[-1].end() if stays else start
            until = end if place == len(phrases) - 1 else phrase.end()
            yield text[start:until], phrase.start() - start
            start = phrase.end()


def _listed_before(
    provision: Provision,
    children: dict[str | None, list[Provision]],
    by_eid: dict[str, Provision],
    own: Act,
    notes: Notes,
) -> list[Citation]:
    """The acts of the list before a sentence that closes it: `…: a. Peraturan …; b. Peraturan …, dicabut …`."""
    parent = by_eid.get(provision.parent_eid or "")
    if parent is None or not parent.text.text.rstrip().endswith(":"):
        return []
    cited: list[Citation] = []
    for sibling in children.get(provision.parent_eid, []):
        if sibling.ordinal >= provision.ordinal:
            break
        text = sibling.text.text
        if not REVOKED.search(text) and (first := find_citations(text, own)) and first[0].start <= 3:
            cited += _revoked(text, own, sibling, notes)
    return cited


def _revoked(text: str, own: Act, provision: Provision, notes: Notes) -> list[Citation]:
    """The acts cited in `text` as a whole, without those in a title and those that are only a ground."""
    whole: list[Citation] = []
    in_part = None
    for citation in find_citations(text, own):
        before = text[max(0, citation.start - BEHIND) : citation.start]
        if citation.in_title:
            continue
        amended_by = AMENDED_BY.search(before)
        layer = in_part is not None and LAYER.search(text[in_part.gazette_end : citation.start][:BEHIND])
        in_part = citation if layer or (IN_PART.search(before) and not amended_by) else None
        if in_part is citation or (GROUND.search(before) and not amended_by):
            notes.add(
                "revocation_in_part",
                "info",
                f"{citation.printed!r} stands in a revoking sentence, but is not itself revoked as a whole.",
                span=provision.span,
                page=provision.page_start,
                eid=provision.eid,
            )
        elif citation.document_id is None:
            notes.add(
                "revoked_act_unresolved",
                "warning",
                f"The revoked act {citation.printed!r} can't be identified.",
                span=provision.span,
                page=provision.page_start,
                eid=provision.eid,
            )
        else:
            whole.append(citation)
    return whole
