"""Text files: bytes to one page of lines and table parts, every character still mapped to its place.

Marks of OCR tools and markdown (headings, emphasis, bullets, table pipes) are dropped from the
content and kept in the spans, so that a marked-up text and a plain text of the same act read alike.
"""

from __future__ import annotations

from itertools import pairwise

import regex

from extractors.models import Block, Cell, Line, Mapped, Notes, Page, Source, Span, TablePart, TableRow
from extractors.readers.markup import clean, split_marks
from extractors.readers.reading import UnreadableError

LINE_BREAK = regex.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
RULE = regex.compile(r"[\s|:]*(?:[-–—_*=]{2,}[\s|:]*)+")
IMAGE = regex.compile(r"\s*(?:!\[[^\]\n]{0,200}\]\([^)\n]{0,500}\)|<!--.{0,2000}-->)\s*")
LABEL = regex.compile(
    r"(?:\(?(?:\d{1,3}|[a-z]{1,2}|[IVXLC]{1,6})[.)]|[:\-–•]|(?:menimbang|mengingat|memperhatikan|menetapkan)\s*:?)",
    regex.IGNORECASE,
)
OFFICE = regex.compile(r"\s*(?:\p{Lu}[\p{Lu}.]*\s+){0,3}(?:BUPATI|WALI\s?KOTA|GUBERNUR|PRESIDEN|SEKRETARIS|KEPALA)\b")
BINARY_SHARE = 0.05
CONTROL = regex.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode(data: bytes, notes: Notes) -> str:
    """The text of `data`: UTF-8 (with or without mark), UTF-16 with mark, or what charset detection finds.

    Raises UnreadableError for what is no text. A charset that had to be detected is a finding.
    """
    if not data.strip():
        raise UnreadableError("empty")
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise UnreadableError("undecodable") from error
    head = data[:65536]
    if len(CONTROL.findall(head)) > BINARY_SHARE * len(head):
        raise UnreadableError("binary")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    lenient = data.decode("utf-8-sig", errors="replace")
    lost = lenient.count("\ufffd")
    if lost * 4 <= sum(c > "\x7f" for c in lenient) or lost <= 2:
        notes.add(
            "bytes_replaced",
            "warning",
            f"{lost} broken UTF-8 sequences",
            repair="each reads as U+FFFD, the rest is kept",
        )
        return lenient
    from charset_normalizer import from_bytes

    best = from_bytes(data[:1_000_000]).best()
    if best is None:
        raise UnreadableError("undecodable")
    try:
        text = data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise UnreadableError("undecodable") from error
    notes.add("charset_detected", "info", f"not UTF-8; read as {best.encoding}", repair=f"decoded as {best.encoding}")
    return text


def read_text(data: bytes, media_type: str = "text/plain") -> Source:
    """One page with the lines and table parts of a text file.

    Raises UnreadableError. Horizontal rules, images and comments are left out with a finding each.
    """
    notes = Notes("read")
    text = decode(data, notes)
    if not text.strip():
        raise UnreadableError("empty")
    page = Page(1, text, 0, tuple(_blocks(text, notes)), "text")
    return Source((page,), media_type, tuple(notes))


def _blocks(text: str, notes: Notes) -> list[Block]:
    blocks: list[Block] = []
    rows: list[TableRow] = []
    after_row = False

    def end_part() -> None:
        if rows:
            blocks.append(TablePart(tuple(rows), 1))
            rows.clear()

    for start, raw in _raw_lines(text):
        if not raw.strip():
            end_part()
            continue
        if RULE.fullmatch(raw) or IMAGE.fullmatch(raw):
            span = _tight(raw, start)
            notes.add("rule_dropped", "info", "a rule, image or comment, no text", span=span, page=1, repair="left out")
            continue
        row = _table_row(raw, start, after_row, notes)
        if row:
            rows.append(row)
        else:
            end_part()
            line = _line(raw, start)
            if line:
                blocks.append(line)
            else:
                span = _tight(raw, start)
                notes.add("marks_dropped", "info", "marks without text", span=span, page=1, repair="left out")
        after_row = row is not None
    end_part()
    return blocks


def _raw_lines(text: str) -> list[tuple[int, str]]:
    lines = []
    start = 0
    for match in LINE_BREAK.finditer(text):
        lines.append((start, text[start : match.start()]))
        start = match.end()
    lines.append((start, text[start:]))
    return lines


def _tight(raw: str, start: int) -> Span:
    return Span(start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip()))


def _line(raw: str, start: int) -> Line | None:
    marks = split_marks(raw)
    content = clean(raw, marks.content_start, start)
    if not content.text:
        return None
    return Line(content, _tight(raw, start), 1, marks.heading, marks.bullet, marks.indent)


def _table_row(raw: str, start: int, after_row: bool, notes: Notes) -> TableRow | None:
    """A line of TAB or pipe cells as a row; None if it is text that merely holds TABs."""
    stripped = raw.strip()
    if stripped.startswith("|") and stripped.count("|") >= 2:
        return TableRow(tuple(_pipe_cells(raw, start)), _tight(raw, start), 1)
    if "\t" not in raw or not _is_tabular(raw.split("\t"), after_row):
        return None
    cells = []
    position = start
    for piece in raw.split("\t"):
        cells.append(_cell(piece, position, notes))
        position += len(piece) + 1
    return TableRow(tuple(cells), _tight(raw, start), 1)


def _is_tabular(pieces: list[str], after_row: bool) -> bool:
    """Whether TABs part cells: not so where they merely indent, or set a list marker or label off its text."""
    filled = [i for i, piece in enumerate(pieces) if piece.strip()]
    if not filled:
        return False
    texts = [pieces[i].strip() for i in filled]
    while texts and LABEL.fullmatch(texts[0]):
        texts.pop(0)
    if len(texts) > 1:
        return True
    if len(pieces) - 1 - filled[-1] >= 2:
        return True
    leading = filled[0]
    return after_row and leading >= 2 and len(filled) == 1 and not OFFICE.match(pieces[leading])


def _cell(piece: str, position: int, notes: Notes) -> Cell:
    text = clean(piece, 0, position).text
    span = _tight(piece, position) if piece.strip() else None
    if span and not text:
        notes.add("marks_dropped", "info", "marks without text", span=span, page=1, repair="left out")
    return Cell(text, span if text else None, 1)


def _pipe_cells(raw: str, start: int) -> list[Cell]:
    """Cells between pipes. A cell's span takes the pipe before it along, the last one also the closing pipe."""
    bars = [i for i, c in enumerate(raw) if c == "|" and (i == 0 or raw[i - 1] != "\\")]
    last = len(raw.rstrip())
    bounds = bars if bars[-1] == last - 1 else [*bars, last]
    cells = []
    for left, right in pairwise(bounds):
        content = clean(raw[left + 1 : right], 0, start + left + 1)
        end = last if right >= last - 1 else left + 1 + len(raw[left + 1 : right].rstrip())
        cells.append(Cell(content.text, Span(start + left, start + end), 1))
    return cells


def as_line(row: TableRow, text: str) -> Line | None:
    """A row read as one line of text, for rows that stand where no table is expected; `text` is the source's."""
    cells = [cell.span for cell in row.cells if cell.span]
    parts = [clean(text[span.start : span.end], 0, span.start).strip("| ") for span in cells]
    content = Mapped.concat(parts, " ")
    return Line(content, row.span, row.page) if content.text else None
