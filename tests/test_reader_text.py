"""Text in: decoding, marks off, every character still mapped to its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.models import Line, Notes, Source, TablePart
from extractors.readers.reading import UnreadableError
from extractors.readers.text import decode, read_text


def lines(source: Source) -> list[Line]:
    return [block for page in source.pages for block in page.blocks if isinstance(block, Line)]


def rows(source: Source) -> list[list[str]]:
    parts = [block for page in source.pages for block in page.blocks if isinstance(block, TablePart)]
    return [[cell.text for cell in row.cells] for part in parts for row in part.rows]


@pytest.mark.parametrize(
    ("raw", "content"),
    [
        ("## **SALINAN**", "SALINAN"),
        ("- (1) Strategi *Stunting* ini", "(1) Strategi Stunting ini"),
        ("- **a.** bahwa", "a. bahwa"),
        ("#### Pasal 7", "Pasal 7"),
        ("Stunting <i>Open Defecation</i> .", "Stunting Open Defecation ."),
        ("1\\. teks", "1. teks"),
        ("> Ditetapkan di Paringin", "Ditetapkan di Paringin"),
        ("penurunan   *Stunting*;  ", "penurunan Stunting;"),
        ("salah satu ADD*", "salah satu ADD*"),
        ("Nama : ____________", "Nama : ____________"),
        ("- 3 -", "- 3 -"),
        ("Ketentuan umum a\x00b tetap", "Ketentuan umum ab tetap"),
    ],
)
def test_marks_are_dropped_from_the_content(raw: str, content: str) -> None:
    assert [line.text for line in lines(read_text(raw.encode()))] == [content]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("a\tb\tc", [["a", "b", "c"]]),
        ("\t2. Persentase\tTarget: 90%", [["", "2. Persentase", "Target: 90%"]]),
        ("x\ty\tz\n\t\t\tPemangku Kepentingan.", [["x", "y", "z"], ["", "", "", "Pemangku Kepentingan."]]),
        ("| No | Nama |\n|:---|---:|\n| 1 | A |", [["No", "Nama"], ["1", "A"]]),
        ("Pilar 5: Penguatan\t\t\t\t", [["Pilar 5: Penguatan", "", "", "", ""]]),
    ],
)
def test_tabs_and_pipes_make_rows(raw: str, expected: list[list[str]]) -> None:
    assert rows(read_text(raw.encode())) == expected


@pytest.mark.parametrize("raw", ["\tPasal 1", "a.\tbahwa", "Menimbang\t:\ta.\tbahwa", "\t\t\tBUPATI BLORA,"])
def test_tabs_that_indent_or_set_off_a_marker_make_no_row(raw: str) -> None:
    assert rows(read_text(raw.encode())) == []


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (bytes(range(32)) * 50, "binary"),
        (b"\x00\x01\x02\x03" * 500, "binary"),
        (b"\xff\xfe\x00", "undecodable"),
    ],
)
def test_what_is_no_text_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_text(data)
    assert refused.value.reason == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_other_charsets_give_the_same_text(encoding: str) -> None:
    text = "Pasal 1\n" + "Perangkat Daerah – “kota” café\n" * 40
    assert decode(text.encode(encoding), Notes("read")) == text


def test_a_detected_charset_and_broken_bytes_are_findings() -> None:
    assert [f.code for f in read_text(("kafé – “x” " * 40).encode("cp1252")).findings] == ["charset_detected"]
    assert [f.code for f in read_text(b"Pasal 1 \xff ayat").findings] == ["bytes_replaced"]


@given(st.text(max_size=400))
def test_every_character_of_a_line_stands_where_its_offset_says(text: str) -> None:
    try:
        source = read_text(text.encode("utf-8", "replace"))
    except UnreadableError:
        return
    for line in lines(source):
        for index, glyph in enumerate(line.text):
            if glyph != " ":
                assert source.text[line.content.offset(index)] == glyph


@given(st.text(alphabet="ab *_#|-\t\n<i>\\.1", max_size=200))
def test_what_is_not_blank_stands_in_a_line_a_cell_or_a_finding(text: str) -> None:
    try:
        source = read_text(text.encode())
    except UnreadableError:
        return
    covered = set[int]()
    spans = [finding.span for finding in source.findings]
    for page in source.pages:
        for block in page.blocks:
            if isinstance(block, Line):
                spans.append(block.span)
            else:
                spans += [cell.span for row in block.rows for cell in row.cells]
    for span in spans:
        if span:
            covered.update(range(*span))
    assert [i for i, glyph in enumerate(source.text) if not glyph.isspace() and i not in covered] == []
