"""Amendment instructions: what tells one from other text, and the tokens that its grammar reads.

The vocabulary is `data/instructions.toml`; the phrases are those of UU 12/2011, Lampiran II.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from extractors.acts.kinds import kind_pattern
from extractors.lookups import vocabulary
from extractors.models import Provision, Span
from extractors.numerals import spelled
from extractors.references.places import Phrase, find_phrases
from extractors.references.ranges import members

# An instruction states place and action early: what lies further down is the new text itself.
REACH = 3000
VERBS = ("change", "repeal", "insert", "append", "split", "read")


def _alternatives(words: Iterable[str]) -> str:
    """Longest first, so that a short word never hides a longer one."""
    return "|".join(regex.escape(w).replace(r"\ ", r"\s+") for w in sorted(words, key=len, reverse=True))


_WORDS = vocabulary("instructions")
_TOKENS: dict[str, list[str]] = _WORDS["tokens"]
_NAMES = {word: name for name, words in _TOKENS.items() for word in words}
_OPENER = regex.compile(rf"\W{{0,8}}(?:{_alternatives(_WORDS['openers'])})(?=\b|\d)", regex.I)
_REGULATES = regex.compile(rf"\W{{0,8}}(?:{_alternatives(_WORDS['regulating'])})\b", regex.I)
_UNIT = regex.compile(rf"\b(?:{_alternatives(_WORDS['units'])})(?=\b|\d)", regex.I)
_VERB = regex.compile(rf"\b(?:{_alternatives(w for v in VERBS for w in _TOKENS[v])})\b", regex.I)
_HEAD = regex.compile(r"\W*beberapa\s+(?:ketentuan|pasal)\b", regex.I)
_ANNOUNCES = regex.compile(
    rf"\b(?:{_alternatives(_WORDS['announcements'])})\s{{0,9}}[:;.,]?\s{{0,9}}[\"“”]?\s{{0,9}}$", regex.I
)
_BESIDE = [*_TOKENS["between"], *_TOKENS["after"], *_TOKENS["before"]]
_NEIGHBOURS = regex.compile(rf"\b(?:{_alternatives(_BESIDE)})\s+(?:ketentuan\s+)?$", regex.I)
# `Peraturan Bupati ini`, `Undang-Undang ini`.
OWN_ACT = rf"(?i:{kind_pattern().pattern})(?:\s+\p{{Lu}}\w*){{0,6}}\s+ini\b"
_SCAN = regex.compile(
    rf"""(?P<blank>\s+|[“”"'*_–—-](?=[\s“”"'*_–—-]{{0,20}}$))
    |(?P<own>{OWN_ACT})
    |(?P<quoted>[“”"„«](?P<inside>[^“”"„«»]{{1,600}})[“”"»])
    |(?P<count>(?<!\w)(?P<digits>\d{{1,3}})\s*\(\s*(?P<spelled>[a-zA-Z ]{{3,40}})\)|\(\s*(?P<digits>\d{{1,3}})\s*\)
        |(?<!\w)(?P<digits>\d{{1,3}})(?![\w.,]?\d)(?!\w))
    |(?P<word>(?<!\w)(?i:{_alternatives(w for w in _NAMES if w[0].isalpha())})(?![\w-])|[,;:.])
    |(?P<unknown>\w[\w-]*|.)""",
    regex.VERBOSE | regex.DOTALL,
)


_ANNEXED = regex.compile(rf"\b(?:{_alternatives(_TOKENS['annexed'])})\s+$", regex.I)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of an instruction: a word of the vocabulary's lists, or something of a shape of its own.

    `name` is the list's or `place`, `act`, `own`, `quoted`, `count`, `unknown`; `text` is printed text, of `quoted`
    without its marks; `count` is the number of a count, -1 where its words say another.
    """

    name: str
    text: str
    start: int
    end: int
    phrase: Phrase | None = None
    count: int | None = None


def looks_like_instruction(text: str) -> bool:
    """Whether a list item's text reads as an amendment instruction: opener, place and action verb."""
    head = text[:REACH]
    return bool(_OPENER.match(head) and not _REGULATES.match(head) and _UNIT.search(head) and _VERB.search(head))


def changing_articles(provisions: Sequence[Provision]) -> set[str]:
    """The eids of the Pasal that change another act: they list instructions, or Pasal I is one without a list."""
    listing = {p.parent_eid for p in provisions if p.kind == "item" and p.zone == "body"}
    changing = {
        p.parent_eid
        for p in provisions
        if p.kind == "item" and p.zone == "body" and p.parent_eid and looks_like_instruction(p.text.text)
    }
    alone = {p.eid for p in provisions if p.kind == "pasal" and p.number == "I" and p.zone == "body"}
    return changing | (alone - listing)


def announces_quotation(text: str) -> bool:
    """Whether the text ends by announcing new text (`... sehingga berbunyi sebagai berikut:`).

    The head of Pasal I (`Beberapa ketentuan ... diubah sebagai berikut:`) announces items, not new text.
    """
    return bool(_ANNOUNCES.search(text[-REACH:])) and not _HEAD.match(text[:100])


def declared_labels(text: str) -> tuple[tuple[str, str], ...]:
    """(kind, number) of the units that the instruction names as new or changed, in printed order, each once.

    Neighbours (`Di antara Pasal 18 dan Pasal 19 disisipkan`) are left out, outer units (`Pasal 17` of `ayat (2)
    Pasal 17`) are named too; the number is in mended form, as in an eid.
    """
    head = text[:REACH]
    labels: dict[tuple[str, str], None] = {}
    for phrase in find_phrases(head):
        if _NEIGHBOURS.search(head[max(0, phrase.start - 40) : phrase.start]):
            continue
        for place in phrase.places:
            for steps in members(place) or (place.steps,):
                labels.update({(step.kind, step.number): None for step in reversed(steps) if step.kind != "lampiran"})
    return tuple(labels)


def annexed_before(text: str, position: int) -> bool:
    """Whether `sebagaimana tercantum dalam` stands right before `position`."""
    return bool(_ANNEXED.search(text[max(0, position - 60) : position]))


def tokenize(text: str, cited: Sequence[Span]) -> tuple[Token, ...]:
    """The tokens of an instruction, fillers and white space left out; what no list knows is `unknown`.

    `cited` are the spans of the acts cited in the text, titles and gazette brackets included, ascending.
    """
    marks: dict[int, Token] = {}
    inside = {i for span in cited for i in range(*span)}
    for phrase in find_phrases(text):
        if phrase.start not in inside:
            marks[phrase.start] = Token("place", text[phrase.start : phrase.end], phrase.start, phrase.end, phrase)
    for span in cited:
        marks[span.start] = Token("act", text[span.start : span.end], *span)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        token = marks.get(position)
        if token is None:
            token = _scan(text, position)
            position = token.end
            if token.name in ("blank", "filler"):
                continue
        elif tokens and tokens[-1].name == "count" and token.text.lower() == "lampiran":
            token = Token("unit", token.text, token.start, token.end)
        position = token.end
        tokens.append(token)
    return tuple(tokens)


def _scan(text: str, position: int) -> Token:
    match = _SCAN.match(text, position)
    if match is None:
        return Token("unknown", text[position], position, position + 1)
    start, end = match.span()
    name = next(kind for kind in ("blank", "own", "quoted", "count", "word", "unknown") if match[kind] is not None)
    if name == "word":
        return Token(_NAMES[" ".join(match[0].lower().split())], match[0], start, end)
    if name == "quoted":
        return Token(name, match["inside"].strip(), start, end)
    if name == "count":
        count = int(match["digits"])
        words = " ".join((match["spelled"] or "").lower().split())
        return Token(name, match[0], start, end, count=count if not words or words == spelled(count) else -1)
    return Token(name, match[0], start, end)
