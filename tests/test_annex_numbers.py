"""Indicator numbers against their sequence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.annex.numbers import number_rows, read_number_cell, read_printed


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("2. Persentase ibu", "2", "Persentase ibu"),
        ("4.Terselenggaranya Pemantauan", "4", "Terselenggaranya Pemantauan"),
        ("22.1 Persentase", "22.1", "Persentase"),
        ("(3) Jumlah", "3", "Jumlah"),
        ("02. Jumlah", "2", "Jumlah"),
        ("2a. Jumlah", "2a", "Jumlah"),
        ("Persentase ibu", None, "Persentase ibu"),
        ("1.000 Hari Pertama Kehidupan", None, "1.000 Hari Pertama Kehidupan"),
        ("6-23 bulan", None, "6-23 bulan"),
        ("", None, ""),
    ],
)
def test_printed(text: str, number: str | None, rest: str) -> None:
    printed = read_printed(text)
    assert (printed.number, text[printed.rest :]) == (number, rest)


@pytest.mark.parametrize(
    ("text", "number"), [("16/E", "16/E"), ("22.1", "22.1"), ("7.", "7"), ("(7)", "7"), ("Jumlah", None)]
)
def test_number_cells(text: str, number: str | None) -> None:
    assert read_number_cell(text).number == number


@pytest.mark.parametrize(
    ("groups", "numbers", "events"),
    [
        ([["Ibu", "2. A", "3. B"]], "1 2 3", ["inferred", None, None]),
        ([["1. A", "22. B", "3. C"]], "1 2 3", [None, "mended", None]),
        ([["1. A", "2. B", "2. C", "3. D"]], "1 2 2 3", [None, None, "repeated", None]),
        ([["1. A", "2. B", "4. C", "5. D"]], "1 2 4 5", [None, None, "jump", None]),
        ([["l. A", "2. B", "3. C"]], "1 2 3", ["mended", None, None]),
        ([["1. A", "90 Tablet", "3. C"]], "1 2 3", [None, "inferred", None]),
        (
            [["1. A", "2. B"], ["1. C", "2. D"], ["E", "2. F"]],
            "1 2 1 2 1 2",
            [None, None, None, None, "inferred", None],
        ),
        (
            [["1. A", "2. B"], ["3. C", "4. D"], ["E", "6. F"]],
            "1 2 3 4 5 6",
            [None, None, None, None, "inferred", None],
        ),
        ([["22.1 A", "22.2 B"]], "22.1 22.2", [None, None]),
        ([["10. A", "11. B", "12. C"]], "10 11 12", [None, None, None]),
    ],
)
def test_sequences(groups: list[list[str]], numbers: str, events: list[str | None]) -> None:
    read = [row for group in number_rows([[read_printed(text) for text in group] for group in groups]) for row in group]
    assert " ".join(row.number or "-" for row in read) == numbers
    assert [row.event for row in read] == events
    assert [row.inferred for row in read] == [event in {"inferred", "mended"} for event in events]


def test_unnumbered_tables_stay_unnumbered() -> None:
    read = number_rows([[read_printed(text) for text in ("Persentase A", "Jumlah B", "Cakupan C")]])
    assert [row.number for row in read[0]] == [None, None, None]


def test_the_only_row_of_a_group_may_have_no_number() -> None:
    numbered = [["1. A", "2. B"], ["C"], ["1. D", "2. E"]]
    lost = [["A", "2. B"], ["C"], ["1. D", "2. E"]]
    for groups, expected in ((numbered, None), (lost, "1")):
        assert number_rows([[read_printed(text) for text in group] for group in groups])[1][0].number == expected


@given(st.lists(st.lists(st.text(alphabet="0123456789lO.) aB/", max_size=8), max_size=12), max_size=8))
def test_any_prints_give_one_answer_a_row(groups: list[list[str]]) -> None:
    read = number_rows([[read_printed(text) for text in group] for group in groups])
    assert [len(group) for group in read] == [len(group) for group in groups]
    assert all(
        0 <= row.rest <= len(text) for a, b in zip(read, groups, strict=True) for row, text in zip(a, b, strict=True)
    )
