"""Zones first: where title, preamble, body, closing, annexes and elucidation begin.

The order is that of the drafting rules (UU 12/2011, Lampiran II): judul, pembukaan, batang tubuh, penutup,
penjelasan, lampiran. Sections come in reading order and hold every block, so that no later stage can take a
signature or an annex for an article.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from extractors.models import Block, Line, Span

# `opening` is DENGAN RAHMAT …, `enactment` is MEMUTUSKAN … Menetapkan ….
ORDER = ("title", "opening", "menimbang", "mengingat", "enactment", "body", "closing", "penjelasan", "lampiran")


@dataclass(frozen=True, slots=True)
class Section:
    """One zone's stretch of blocks. `label` is the word that opened it (`Menimbang :`), cut off its line."""

    kind: str
    blocks: tuple[Block, ...]
    label: Line | None = None
    number: str | None = None

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Line))


OPENING = regex.compile(r"D\s?E\s?N\s?G\s?A\s?N\s+R\s?A\s?H\s?M\s?A\s?T\b")
MENIMBANG = regex.compile(r"M\s?e\s?n\s?i\s?m\s?b\s?a\s?n\s?g\b\s*[:;.]?", regex.IGNORECASE)
MENGINGAT = regex.compile(r"M\s?e\s?n\s?g\s?i\s?n\s?g\s?a\s?t\b\s*[:;.]?", regex.IGNORECASE)
ENACTMENT = regex.compile(
    r"M\s?E\s?M\s?U\s?T\s?U\s?S\s?K\s?A\s?N\b|Dengan\s+Persetujuan|(?-i:Memperhatikan|MEMPERHATIKAN)\b|Menetapkan\s*:|Memutuskan\s*:?$",
    regex.IGNORECASE,
)
MENETAPKAN = regex.compile(r"M\s?e\s?n\s?e\s?t\s?a\s?p\s?k\s?a\s?n\b", regex.IGNORECASE)
BODY = regex.compile(
    r"\W*(?:BAB\s+[IVXLC1l]+\b|(?:Pasal|PASAL)\s*[0-9IlO]{1,4}\s*[A-Z]?\s*$|Bagian\s+(?:Kesatu|Pertama)\b)"
)
CLOSING = regex.compile(r"(?:Agar|Supaya)\s+(?:supaya\s+)?(?:setiap|semua|tiap)\b(?:\s+orang)?", regex.IGNORECASE)
DATELINE = regex.compile(r"(?:Di)\s?(?:tetapkan|sahkan|undangkan)\s+di\b", regex.IGNORECASE)
LAMPIRAN = regex.compile(
    r"LAMPIRAN(?:\s*[-–:.]?\s*(?P<number>[IVXLC]{1,6}|\d{1,2}))?\s*(?:[.:]|$|(?=PERATURAN|KEPUTUSAN|UNDANG))"
)
LAMPIRAN_MIXED = regex.compile(r"Lampiran(?:\s+(?P<number>[IVXLC]{1,6}|\d{1,2}))?\s*:?\s*(?:$|(?=Peraturan\s))")
PENJELASAN = regex.compile(r"P\s?E\s?N\s?J\s?E\s?L\s?A\s?S\s?A\s?N\s*(?:$|ATAS\b)")
HEAD_WORD = regex.compile(r"\s*(?:PERATURAN|KEPUTUSAN|UNDANG|NOMOR|TENTANG)\b", regex.IGNORECASE)
OWN_KIND = regex.compile(
    r"(?:PERATURAN|KEPUTUSAN|INSTRUKSI)\s+(?:DAERAH|BUPATI|WALI|GUBERNUR|PRESIDEN|MENTERI)|UNDANG", regex.IGNORECASE
)
CITED = regex.compile(r"(?:dalam|pada|dengan|oleh)\s*$", regex.IGNORECASE)


def split_zones(blocks: Sequence[Block]) -> tuple[Section, ...]:
    """The sections of one act in reading order; together they hold every block exactly once."""
    sections: list[Section] = []
    kind, label, number = "title", None, None
    current: list[Block] = []
    queue = list(reversed(_split_anchors(blocks)))
    ahead = 0
    while queue:
        block = queue.pop()
        ahead += 1
        following = [line.text for line in _next_lines(queue, 4)]
        found = _opens(kind, block, following, current) if isinstance(block, Line) else None
        if found is None:
            current.append(block)
            continue
        if current or label:
            sections.append(Section(kind, tuple(current), label, number))
        kind, number = found[0], found[1]
        current = []
        label = None
        assert isinstance(block, Line)
        cut = found[2]
        if cut:
            label, rest = cut_line(block, cut)
            current = [rest] if rest else []
        else:
            current = [block]
    if current or label:
        sections.append(Section(kind, tuple(current), label, number))
    return tuple(sections)


def _next_lines(queue: list[Block], count: int) -> Iterator[Line]:
    """The next `count` blocks of a reversed queue, as far as they are lines."""
    for block in reversed(queue[-count:]):
        if not isinstance(block, Line):
            return
        yield block


def _opens(
    kind: str, block: Line, following: Sequence[str], current: Sequence[Block]
) -> tuple[str, str | None, int] | None:
    """(kind, number, length of the label) of the section that this line opens, None if it opens none."""
    text = block.text
    at = ORDER.index(kind)
    if kind in ("closing", "lampiran", "penjelasan", "title", "body"):
        annex = _annex_head(text, following, kind, current)
        if annex:
            return "lampiran", annex[0], 0
        if PENJELASAN.match(text) and len(text) < 120 and (kind != "body" or _names_act(following)) and kind != "title":
            return "penjelasan", None, 0
    if at < ORDER.index("body"):
        if at < 1 and OPENING.match(text):
            return "opening", None, 0
        if at < 2 and (match := MENIMBANG.match(text)) and _is_label(match, text):
            return "menimbang", None, match.end()
        if at < 3 and (match := MENGINGAT.match(text)) and _is_label(match, text):
            return "mengingat", None, match.end()
        if at in (1, 2, 3) and ENACTMENT.match(text):
            return "enactment", None, 0
        if BODY.match(text) and (at == 4 or _starts_body(text)):
            return "body", None, 0
        if at == 4 and _after_menetapkan(current) and _is_sentence(text):
            return "body", None, 0
    if kind == "body" and (CLOSING.match(text) or (DATELINE.match(text) and _is_dateline(text, following))):
        return "closing", None, 0
    return None


def _annex_head(text: str, following: Sequence[str], kind: str, current: Sequence[Block]) -> tuple[str | None] | None:
    """The number (or None) of the annex whose head begins here, wrapped; None if this is no annex head.

    Inside an annex only a head of an act of ours counts: forms have letters with `Lampiran : 1 bendel` and
    model regulations annexes of their own.
    """
    if current and isinstance(current[-1], Line) and CITED.search(current[-1].text):
        return None
    match = LAMPIRAN.match(text)
    if match:
        rest = text[match.end() :]
        if rest.strip() and not OWN_KIND.match(rest.strip()) and not HEAD_WORD.match(rest):
            return None
        heads = [t for t in [rest, *following[:3]] if t.strip()]
        foreign = (
            heads and regex.match(r"\s*(?:PERATURAN|KEPUTUSAN)\b", heads[0]) and not OWN_KIND.match(heads[0].strip())
        )
        if foreign:
            return None
        if kind in ("body", "title") and not match["number"] and not any(HEAD_WORD.match(t) for t in heads):
            return None
        return (match["number"],)
    match = LAMPIRAN_MIXED.match(text)
    if match and kind in ("closing", "title"):
        heads = [text[match.end() :], *following[:2]]
        if any(OWN_KIND.match(t.strip()) for t in heads) or (
            match["number"] and any(HEAD_WORD.match(t) for t in heads)
        ):
            return (match["number"],)
    return None


def _names_act(following: Sequence[str]) -> bool:
    return any(OWN_KIND.search(text) or text.strip() == "ATAS" for text in following[:3])


def _is_label(match: regex.Match[str], text: str) -> bool:
    """`Menimbang :` opens a section; `menimbang bahwa …` inside a sentence does not."""
    rest = text[match.end() :].strip()
    colon = match[0].rstrip().endswith((":", ";", "."))
    return colon or not rest or bool(regex.match(r"[:a1(]|bahwa\b", rest))


def _starts_body(text: str) -> bool:
    """Whether a heading outside its due place (no MEMUTUSKAN before it) is the first of a body."""
    return bool(regex.match(r"\W*(?:BAB\s+[I1l]\b|(?:Pasal|PASAL)\s*[1Il]\s*$)", text))


def _after_menetapkan(current: Sequence[Block]) -> bool:
    return any(isinstance(block, Line) and MENETAPKAN.match(block.text) for block in current)


def _is_sentence(text: str) -> bool:
    """A line of running text: mostly small letters, unlike the capitals of the enactment."""
    letters = [c for c in text if c.isalpha()]
    return len(letters) > 20 and sum(c.islower() for c in letters) > 0.6 * len(letters) and not MENETAPKAN.match(text)


def _is_dateline(text: str, following: Sequence[str]) -> bool:
    return len(text) < 100 and any(
        regex.search(r"(?i)\btanggal\b|\b(?:BUPATI|WALI|GUBERNUR|PRESIDEN)\b", t) for t in [text, *following[:3]]
    )


MIDLINE = regex.compile(
    r"(?<=[\w,.;:)”\"]\s)(?:DENGAN RAHMAT TUHAN|MEMUTUSKAN\s?:|Menetapkan\s?:"
    r"|(?<=[.;”\"]\s)(?:Agar|Supaya) (?:supaya )?(?:setiap|semua) orang)"
)


def _split_anchors(blocks: Sequence[Block]) -> list[Block]:
    """Lines cut where an anchor stands in their middle (`… diundangkan. Agar setiap orang …`)."""
    result: list[Block] = []
    for block in blocks:
        pieces: list[Block] = []
        if isinstance(block, Line):
            for match in reversed(list(MIDLINE.finditer(block.text))):
                block, rest = cut_line(block, match.start())
                if rest is not None:
                    pieces.append(rest)
        result += [block, *reversed(pieces)]
    return result


def cut_line(line: Line, index: int) -> tuple[Line, Line | None]:
    """The line up to `index` of its text and the rest, None where nothing is left."""
    rest = line.content.slice(index).strip()
    if not rest.text:
        return line, None
    middle = rest.span().start
    first = replace(line, content=line.content.slice(0, index).strip(), span=Span(line.span.start, middle))
    second = replace(line, content=rest, span=Span(middle, line.span.end), heading=0, bullet=False)
    return first, second


PERUBAHAN = regex.compile(r"\bPERUBAHAN\b", regex.IGNORECASE)
ARTICLE = regex.compile(r"\W*Pasal\s*[0-9IVXlO]{1,4}\s*[A-Z]?\W*$", regex.IGNORECASE)
PREAMBLE = ("menimbang", "mengingat", "enactment", "closing")


def amends(sections: Sequence[Section]) -> bool:
    """Whether the title says that the act amends another."""
    return any(PERUBAHAN.search(line.text) for line in lines_of(sections, "title"))


def is_regulation(sections: Sequence[Section]) -> bool:
    """Articles between a preamble or a closing, or an annex that names its act.

    An abstract, a novel or a data file has neither.
    """
    kinds = {section.kind for section in sections}
    body = lines_of(sections, "body")
    framed = any(kind in kinds for kind in PREAMBLE)
    if body and any(ARTICLE.match(line.text) for line in body):
        return framed or any(OWN_KIND.search(line.text) for line in lines_of(sections, "title"))
    if body and framed and "menimbang" in kinds:
        return True
    heads = [line.text for s in sections if s.kind in ("title", "lampiran") for line in s.lines[:12]]
    return "lampiran" in kinds and any(OWN_KIND.search(text) for text in heads)


def has_body(sections: Sequence[Section]) -> bool:
    """Whether there are articles; an annex file of its own has none."""
    return any(section.kind == "body" for section in sections)


def lines_of(sections: Sequence[Section], *kinds: str) -> list[Line]:
    """The lines of all sections of these kinds."""
    return [line for section in sections if section.kind in kinds for line in section.lines]
