"""The head of an act or of its annex (`PERATURAN … NOMOR … TAHUN … TENTANG …`): kind, number, year, region, title."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.acts.identifiers import YEAR, split_number
from extractors.acts.kinds import Kind, issued_code, kind_named, kind_pattern, kinds
from extractors.acts.regions import find_region
from extractors.glyphs import SPREAD, fold, letters, unspread
from extractors.models import Act, Line, Notes, Span

# A misread kind (`PERATURN BUPATI`) counts from this likeness on (rapidfuzz ratio).
KIND_LIKENESS = 88.0
# A head is short; lines and characters beyond these belong to something else.
HEAD_LINES = 60
LINE_LENGTH = 2000
KIND_LENGTH = 200

NUMBER = re.compile(
    r"\bNOMOR\s{0,3}[:;.]?\s{0,3}(?P<number>[^\n]{0,60}?)\s{0,4}"
    rf"(?<![A-Za-z])TAHUN\s{{0,3}}[:.]?\s{{0,3}}(?P<year>{YEAR})(?!\d)"
    r"|\bNOMOR\s{0,3}[:;.]?\s{0,3}(?P<alone>[^\n]{0,60})",
    re.IGNORECASE,
)
NUMBER_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z./-]*(?:\s?/\s?[0-9A-Za-z.-]+)*")
TENTANG = re.compile(r"(?<![A-Za-z])TENTANG(?![A-Za-z])[\s:]*", re.IGNORECASE)
TITLE_END = re.compile(
    r"\bDENGAN\s?RAHMAT\b|^[^\w\n]*(?:MENIMBANG|MENGINGAT|MEMUTUSKAN|BAB\s+I|PASAL\s+1)\b"
    r"|^[^\w\n]*(?:(?:WAKIL|PJ\.?|PLT\.?)\s)?(?:BUPATI|WALI\s?KOTA|GUBERNUR|PRESIDEN|MENTERI|KEPALA)\b[^\n]*,$",
    re.IGNORECASE | re.MULTILINE,
)
# A lone letter where the number should stand is the digit it looks like.
LONE_ONE = ("I", "l", "|")
DRAFT = re.compile(r"[.…_\-–—\s]*$|[.…_]{2,}")


@dataclass(frozen=True, slots=True)
class ActHead:
    """What a head prints. Fields that it does not give are None; `number_printed` is what stands behind NOMOR.

    `span` runs to the line of TENTANG.
    """

    act: Act
    title: str | None
    number_printed: str | None
    span: Span | None
    page: int | None


def read_act_head(lines: Sequence[Line], notes: Notes | None = None) -> ActHead:
    """Read the head that `lines` hold, in as few or as many lines as it may stand.

    Letters spread by OCR are joined; `03` becomes `3`; a draft's dotted number is None. Findings (with `notes`) say
    what was mended: `jenis_mended`, `number_mended`, `letters_spread`, `draft_number` and those of `find_region`.
    The title runs to the opening formula, or to the last of `lines`: of an annex's head only the act counts.
    """
    told = Notes(notes.stage if notes is not None else "metadata")
    head = list(lines[:HEAD_LINES])
    text = "\n".join(unspread(line.text[:LINE_LENGTH]) for line in head)
    about = TENTANG.search(text)
    opening = text[: about.start()] if about else text
    last = min(opening.count("\n"), len(head) - 1)
    span = Span(head[0].span.start, head[last].span.end) if head else None
    page = head[0].page if head else None
    found = _find_kind(opening, told)
    kind, start, end = found if found else (None, 0, 0)
    number = NUMBER.search(text, end, len(opening))
    issuer = opening[end : number.start()] if number else opening[end:]
    jenis = kind.code if kind else None
    if kind and kind.issuer:
        jenis = issued_code(kind, " ".join(issuer.split()))
    # The issuer in the act's own name speaks before the office above it.
    region = find_region(f"{opening[start:]} ; {opening[:start]}", jenis, told)
    act_number, year, printed = _number(number, told)
    title = _title(text, about)
    if title and SPREAD.search("\n".join(line.text[:LINE_LENGTH] for line in head)):
        told.add("letters_spread", "info", "Letters of the head stand apart.", repair="Joined.")
    if notes is not None:
        notes.findings += [replace(finding, span=span, page=page) for finding in told]
    return ActHead(Act(jenis, act_number, year, region), title, printed, span, page)


def compare_annex_head(own: Act, annex: ActHead, notes: Notes) -> bool:
    """Whether an annex's head names the act `own` or leaves open which; a difference is `annex_head_differs`."""
    pairs = {
        "kind": (own.jenis, annex.act.jenis),
        "number": (own.number, annex.act.number),
        "year": (own.year, annex.act.year),
        "region": (own.region, annex.act.region),
    }
    differing = [name for name, (mine, printed) in pairs.items() if mine and printed and mine != printed]
    if differing:
        notes.add(
            "annex_head_differs",
            "warning",
            f"The annex's head names another {' and '.join(differing)} than the act's.",
            span=annex.span,
            page=annex.page,
        )
    return not differing


def _find_kind(opening: str, notes: Notes) -> tuple[Kind, int, int] | None:
    """The kind the head prints and where its name stands in `opening`."""
    match = kind_pattern().search(opening)
    kind = kind_named(match.group()) if match else None
    if match and kind:
        return kind, match.start(), match.end()
    position = 0
    for line in opening.split("\n"):
        found = _misread_kind(line)
        if found:
            message = f"The kind of regulation is printed {line!r}."
            notes.add("jenis_mended", "warning", message, repair=f"Read as {found[0].names[0]}.")
            return found[0], position, position + found[1]
        position += len(line) + 1
    return None


def _misread_kind(line: str) -> tuple[Kind, int] | None:
    """The kind whose name much resembles the beginning of `line`, and how long that beginning is."""
    from rapidfuzz import fuzz

    best: tuple[float, Kind, int] | None = None
    words = line[:KIND_LENGTH].split()
    glyphs = letters(line[:KIND_LENGTH])
    for kind in kinds().values():
        for name in kind.names:
            count = len(name.split())
            glued = glyphs.startswith(letters(name)) and len(words) < count
            printed = words[0] if glued and words else " ".join(words[:count])
            score = 100.0 if glued else fuzz.ratio(fold(printed), name, score_cutoff=KIND_LIKENESS)
            if len(name) > 8 and score and (best is None or score > best[0]):
                best = (score, kind, len(printed) if not glued else len(name.replace(" ", "")))
    return (best[1], best[2]) if best else None


def _number(match: re.Match[str] | None, notes: Notes) -> tuple[str | None, int | None, str | None]:
    """Number, year and the number as printed."""
    if match is None:
        return None, None, None
    groups = match.groupdict()
    printed = (groups.get("number") or groups.get("alone") or "").strip()
    token = NUMBER_TOKEN.match(printed)
    if token is None or DRAFT.match(printed):
        notes.add("draft_number", "warning", f"The act has no number yet: {match.group().strip()!r}.")
        return None, split_number("", groups.get("year"))[1], printed or None
    plain = token.group().lstrip("0")
    number, year = split_number("1" if plain in LONE_ONE else plain, groups.get("year"))
    if number is not None and number != plain and "/" not in plain:
        notes.add("number_mended", "info", f"The number is printed {printed!r}.", repair=f"Read as {number}.")
    return number, year, printed


def _title(text: str, about: re.Match[str] | None) -> str | None:
    """What follows TENTANG up to the opening formula, in one line; a hyphen at a line's end stays."""
    if about is None:
        return None
    end = TITLE_END.search(text, about.end())
    title = text[about.end() : end.start() if end else len(text)]
    joined = re.sub(r"(?<=\w)-\n(?=\w)", "-", title)
    return " ".join(joined.split()).rstrip(" .;,-–—") or None
