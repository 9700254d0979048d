"""What the stages hand to one another: frozen dataclasses that know where they stand in the source.

All offsets count code points of the text as read, the pages of a source laid end to end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Span(NamedTuple):
    """Half-open range of code points of the text as read."""

    start: int
    end: int


class Box(NamedTuple):
    """Rectangle in points from the page's top left, as the page is read."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mended string that still knows where each of its characters stood.

    `runs` holds (index in `text`, offset in the source), ascending in the index: from such an
    index on, both advance together until the next run begins. A character that mending put in
    (a joining blank) maps to the offset right behind the character before it.
    """

    text: str
    runs: tuple[tuple[int, int], ...] = ()

    def offset(self, index: int) -> int:
        """Source offset of the character at `index`."""
        if not self.runs:
            raise ValueError("an empty Mapped has no offsets")
        run_index, run_offset = self.runs[bisect_right(self.runs, (index, float("inf"))) - 1]
        return run_offset + index - run_index

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Source span of `text[start:end]`, which must not be empty."""
        end = len(self.text) if end is None else end
        return Span(self.offset(start), self.offset(end - 1) + 1)

    def slice(self, start: int = 0, end: int | None = None) -> Mapped:
        """The part `text[start:end]`, still mapped."""
        end = len(self.text) if end is None else min(end, len(self.text))
        start = min(start, end)
        if start == end:
            return EMPTY
        first = bisect_right(self.runs, (start, float("inf"))) - 1
        runs = [(0, self.offset(start))]
        runs += [(i - start, o) for i, o in self.runs[first + 1 :] if i < end]
        return Mapped(self.text[start:end], tuple(runs))

    def strip(self, chars: str | None = None) -> Mapped:
        """Without white space (or `chars`) at both ends."""
        start = len(self.text) - len(self.text.lstrip(chars))
        return self.slice(start, len(self.text.rstrip(chars)))

    @staticmethod
    def concat(parts: Iterable[Mapped], joiner: str = "") -> Mapped:
        """The non-empty parts joined by `joiner`."""
        texts: list[str] = []
        runs: list[tuple[int, int]] = []
        length = 0
        for part in parts:
            if not part.text:
                continue
            if texts and joiner:
                runs.append((length, _end(runs, length)))
                texts.append(joiner)
                length += len(joiner)
            runs += [(length + i, o) for i, o in part.runs]
            texts.append(part.text)
            length += len(part.text)
        return Mapped("".join(texts), tuple(runs))


def _end(runs: list[tuple[int, int]], length: int) -> int:
    """Source offset right behind the last of `length` mapped characters."""
    index, offset = runs[-1]
    return offset + length - index


EMPTY = Mapped("")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page, without the marks that a markup put around it.

    `span` covers the line as printed, marks included; `content` maps the clean text. `heading`
    is the markup's heading level (0: none), `bullet` tells that a list bullet stood before the
    text, `indent` counts the blanks in front, `box` is where a PDF page or an image shows the line.
    """

    content: Mapped
    span: Span
    page: int
    heading: int = 0
    bullet: bool = False
    indent: int = 0
    box: Box | None = None

    @property
    def text(self) -> str:
        return self.content.text


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table part. `span` is None where the cell is empty."""

    text: str
    span: Span | None
    page: int
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row as printed; the number of cells may differ from row to row."""

    cells: tuple[Cell, ...]
    span: Span
    page: int


@dataclass(frozen=True, slots=True)
class TablePart:
    """The rows of a table that stand together on one page, in reading order."""

    rows: tuple[TableRow, ...]
    page: int

    @property
    def span(self) -> Span:
        return Span(self.rows[0].span.start, self.rows[-1].span.end)


Block = Line | TablePart


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read; a text file is one page. `blocks` are in reading order, without blank lines."""

    number: int
    text: str
    char_start: int
    blocks: tuple[Block, ...]
    text_origin: str = "text"
    width: float | None = None
    height: float | None = None
    rotation: int | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What was repaired, inferred, lost or not understood.

    `repair` says what was done about it, None if nothing was.
    """

    stage: str
    code: str
    severity: str
    message: str
    span: Span | None = None
    page: int | None = None
    eid: str | None = None
    repair: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file as read: its pages and what the reader had to say about them."""

    pages: tuple[Page, ...]
    media_type: str
    findings: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        return "".join(page.text for page in self.pages)


@dataclass(frozen=True, slots=True)
class Provision:
    """One node of the act. `text` is its own text without marker and children."""

    eid: str
    parent_eid: str | None
    kind: str
    zone: str
    number: str | None
    number_printed: str | None
    inferred: bool
    heading: Mapped
    text: Mapped
    ordinal: int
    depth: int
    span: Span
    page_start: int
    page_end: int


@dataclass(frozen=True, slots=True)
class AnnexZone:
    """One annex: its eid (`lampiran`, `lampiran_II`) and its lines and table parts in order."""

    eid: str
    number: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Region:
    region_code: str
    name: str
    kind: str
    province_code: str
    province_name: str


@dataclass(frozen=True, slots=True)
class Act:
    """What names an act: the key fields of its document_id."""

    jenis: str | None
    number: str | None
    year: int | None
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class PartInForce:
    """Places of the act (their eids) that enter into force on a day of their own; None where it can't be told."""

    eids: tuple[str, ...]
    on: date | None


@dataclass(frozen=True, slots=True)
class Metadata:
    """The facts of `documents` that are read from title, preamble and closing.

    `in_force_on` is None also where the act enters into force in stages: `rest_in_force_on` then holds for what
    `in_force_parts` does not name.
    """

    act: Act
    document_id: str | None
    title: str | None = None
    enacted_at: str | None = None
    enacted_on: date | None = None
    promulgated_on: date | None = None
    in_force_on: date | None = None
    in_force_rule: str | None = None
    gazette: str | None = None
    gazette_year: int | None = None
    gazette_number: str | None = None
    signatory_office: str | None = None
    signatory: str | None = None
    is_amendment: bool = False
    amends: tuple[str, ...] = ()
    revokes: tuple[str, ...] = ()
    in_force_parts: tuple[PartInForce, ...] = ()
    rest_in_force_on: date | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    eid: str
    term: str
    definition: str
    abbreviation: str | None


@dataclass(frozen=True, slots=True)
class Reference:
    """One target of a phrase; `printed` and `span` are the whole phrase's."""

    eid: str
    printed: str
    span: Span
    relation: str
    target_document_id: str | None
    target_eid: str | None
    resolved: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Instruction:
    """One atomic amendment instruction. Places (`…_eid`) are in the target act but for `payload_eid`.

    `occurrence` tells which hit of `old_phrase` is meant, None all of them. A `replace_phrase` without a target
    goes through the whole body of the act.
    """

    seq: int
    item_eid: str
    action: str | None
    instruction_printed: str
    span: Span
    target_document_id: str | None = None
    target_eid: str | None = None
    after_eid: str | None = None
    before_eid: str | None = None
    new_eid: str | None = None
    payload_eid: str | None = None
    old_phrase: str | None = None
    new_phrase: str | None = None
    occurrence: int | None = None
    declared_count: int | None = None
    effective_on: date | None = None
    status: str = "read"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ProvisionVersion:
    """A provision's text from `valid_from` until the day before `valid_to`; None is unknown, or open at the end.

    `state` is `in_force` or `repealed`; the change that made this version is an instruction of another act.
    `ordinal` is the reading order among all places that the act ever had. `left_out`: repealed without a word, by a
    restatement of the text around it; the number is free again.
    """

    document_id: str
    eid: str
    version: int
    parent_eid: str | None
    kind: str
    number: str | None
    heading: str | None
    text: str | None
    ordinal: int
    state: str
    valid_from: date | None
    valid_to: date | None
    changed_by_document_id: str | None = None
    changed_by_seq: int | None = None
    left_out: bool = False


@dataclass(frozen=True, slots=True)
class IndicatorValidity:
    """The days on which an indicator row holds, and the instruction that ended it."""

    indicator_id: str
    valid_from: date | None
    valid_to: date | None
    ended_by_document_id: str | None = None
    ended_by_seq: int | None = None


@dataclass(frozen=True, slots=True)
class AnnexCell:
    """A cell at its place in the stitched table; `row` and `column` count from 1, headers left out."""

    row: int
    column: int
    header: str | None
    cell: Cell
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """A table stitched over its parts. `section` is its letter (`A`), `part` what the header row lists."""

    table_id: str
    annex: str
    section: str | None
    part: str | None
    kind: str
    headers: tuple[str, ...]
    row_count: int
    column_count: int
    page_start: int
    page_end: int
    stitching: str | None
    cells: tuple[AnnexCell, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """One target of an indicator; see `indicator_targets` in the data dictionary."""

    comparator: str | None
    value: float | None
    value_upper: float | None
    value_text: str | None
    unit: str | None
    qualifier: str | None
    year: int | None
    period: str | None
    period_printed: str | None
    status: str


@dataclass(frozen=True, slots=True)
class Office:
    """What kind of office a name is and what it does, whatever region it serves.

    `office` is made of the name's content words, so that it is the same in every document: `dinas-kesehatan`.
    """

    office: str
    name: str
    kind: str
    functions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyMention:
    """One agency in a cell. `office` is None where the registry does not know the name.

    `place`: the level of government or region printed behind the name (`Kabupaten Blora`), empty without.
    """

    name_printed: str
    name: str
    office: Office | None
    place: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator row of an annex table, with what was read in its cells."""

    table_id: str
    annex: str
    ordinal: int
    row: int
    page: int
    span: Span
    section: str | None
    part: str | None
    pillar_number: int | None
    pillar: str | None
    group_label: str | None
    group_text: str | None
    number: str | None
    number_inferred: bool
    indicator: str | None
    indicator_printed: str | None
    responsible_printed: str | None
    supporting_printed: str | None
    target_printed: str | None
    targets: tuple[Target, ...] = ()
    responsible: tuple[AgencyMention, ...] = ()
    supporting: tuple[AgencyMention, ...] = ()

    def id_in(self, document_id: str) -> str:
        """The `indicator_id` of the row in that act."""
        return f"{document_id}#{self.annex}.{self.ordinal}"


@dataclass(frozen=True, slots=True)
class Document:
    """One act with everything that was read in it."""

    metadata: Metadata
    provisions: tuple[Provision, ...]
    definitions: tuple[Definition, ...] = ()
    references: tuple[Reference, ...] = ()
    amendments: tuple[Instruction, ...] = ()
    tables: tuple[AnnexTable, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass
class Notes:
    """Collects findings of one stage; `stage` goes into each."""

    stage: str
    findings: list[Finding] = field(default_factory=list)

    def add(
        self,
        code: str,
        severity: str,
        message: str,
        *,
        span: Span | None = None,
        page: int | None = None,
        eid: str | None = None,
        repair: str | None = None,
    ) -> None:
        """Record a finding; `severity` is `info`, `warning` or `error`."""
        self.findings.append(Finding(self.stage, code, severity, message, span, page, eid, repair))

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)
