"""What holds for every text, however it was damaged."""

from __future__ import annotations

from itertools import pairwise

import regex
from hypothesis import HealthCheck, given, settings

from extractors.models import Document, Finding, Provision, Span
from pipeline.document import Parsed, parse
from tests.mutations import SEEDS, mutated

TAGS = regex.compile(r"</?(?:i|b|u|em|strong|sup|sub|span|p|font|center|br)\s*/?>|&nbsp;", regex.IGNORECASE)
HEADING_WORDS = {"bab": "bab", "bagian": "bagian", "paragraf": "paragraf", "pasal": "pasal"}
UNIT_WORDS = regex.compile("bab|bag[il1r]an|paragraf|[pf]asa[li1]|ayat|huruf|angka|butir")


def glyphs(text: str) -> str:
    """Letters and digits only: what is left when white space, marks and punctuation are taken away."""
    return "".join(c for c in TAGS.sub(" ", text) if c.isalnum()).lower()


def all_findings(parsed: Parsed) -> list[Finding]:
    return [*parsed.findings, *(finding for document in parsed.documents for finding in document.findings)]


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutated())
def test_no_text_is_lost_and_no_span_lies(text: str) -> None:
    parsed = parse(text.encode("utf-8", "replace"), "x.txt")
    assert not [f for f in all_findings(parsed) if f.code == "stage_failed"]
    assert (parsed.status == "rejected") == (not parsed.documents)
    if parsed.documents:
        assert parsed.source is not None
        check_document(parsed.documents[0], parsed)


def check_document(document: Document, parsed: Parsed) -> None:
    assert parsed.source is not None
    text = parsed.source.text
    findings = all_findings(parsed)
    assert parsed.accounted_ratio == 1.0, [f.message for f in findings if f.code == "text_left_out"]
    eids = [p.eid for p in document.provisions]
    assert len(set(eids)) == len(eids)
    assert {p.parent_eid for p in document.provisions} <= {None, *eids}
    spans = sorted(p.span for p in document.provisions if p.span.start < p.span.end)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    left_out = sorted(f.span for f in findings if f.span and (f.repair or "").startswith("left out"))
    for provision in document.provisions:
        check_span(provision, text, left_out)


def check_span(provision: Provision, text: str, left_out: list[Span]) -> None:
    """The span without what was left out gives marker and text back."""
    if provision.zone == "annex":
        return  # tables and forms stand in between
    kept, position = "", provision.span.start
    for start, end in left_out:
        if provision.span.start <= start and end <= provision.span.end:
            kept += text[position : max(start, position)]
            position = max(position, end)
    kept += text[position : provision.span.end]
    marker = provision.number_printed or ""
    own = glyphs(
        HEADING_WORDS.get(provision.kind, "") * bool(marker) + marker + provision.heading.text + provision.text.text
    )
    source = glyphs(kept)
    if provision.kind in ("menimbang", "mengingat"):
        assert source.endswith(own)
    elif own != source:
        assert UNIT_WORDS.sub("", own) == UNIT_WORDS.sub("", source)


def test_the_seeds_hold_what_holds_for_every_text() -> None:
    assert SEEDS
    for path in SEEDS:
        parsed = parse(path.read_bytes(), path.name)
        assert (parsed.status, parsed.reason) == ("parsed", None)
        check_document(parsed.documents[0], parsed)


def test_the_same_bytes_give_the_same_result() -> None:
    for path in SEEDS:
        assert parse(path.read_bytes(), path.name) == parse(path.read_bytes(), path.name)
