"""Numbers of units and the law of their succession."""

from __future__ import annotations

import pytest

from extractors.structure.numbering import (
    Number,
    follows,
    glyph_cost,
    read_arabic,
    read_letter,
    read_ordinal,
    read_roman,
    write_letter,
    write_roman,
)


@pytest.mark.parametrize(
    ("printed", "number"),
    [("31", (31, "")), ("18A", (18, "A")), ("12 A", (12, "A")), ("2a", (2, "a")), ("3l", (31, "")), ("1O", (10, "")),
     ("l1", (11, "")), ("2 1", (21, "")), ("abc", None), ("", None), ("l", None)],
)  # fmt: skip
def test_arabic_numbers_and_their_look_alikes(printed: str, number: Number | None) -> None:
    assert read_arabic(printed) == number


@pytest.mark.parametrize(
    ("printed", "number"), [("IV", (4, "")), ("IXA", (9, "A")), ("VI A", (6, "A")), ("IIII", None), ("", None)]
)
def test_roman_numbers(printed: str, number: Number | None) -> None:
    assert read_roman(printed) == number


@pytest.mark.parametrize(
    ("printed", "number"), [("Kesatu", (1, "")), ("Pertama", (1, "")), ("Kedua  Belas", (12, "")), ("Dua", None)]
)
def test_ordinal_words(printed: str, number: Number | None) -> None:
    assert read_ordinal(printed) == number


def test_letters_go_on_doubled_behind_z() -> None:
    assert [write_letter((n, "")) for n in (1, 26, 27, 28)] == ["a", "z", "aa", "bb"]
    assert [read_letter(p) for p in ("a", "z", "aa", "bb")] == [(1, ""), (26, ""), (27, ""), (28, "")]
    assert write_roman((9, "A")) == "IXA"


@pytest.mark.parametrize(
    ("number", "before", "lawful"),
    [((19, ""), (18, ""), True), ((18, "A"), (18, ""), True), ((18, "B"), (18, "A"), True), ((19, ""), (18, "B"), True),
     ((20, ""), (18, ""), False), ((18, ""), (18, ""), False), ((18, "C"), (18, "A"), False)],
)  # fmt: skip
def test_insertions_stand_between_their_neighbours(number: Number, before: Number, lawful: bool) -> None:
    assert follows(number, before) is lawful


def test_look_alikes_are_nearer_than_other_glyphs() -> None:
    assert glyph_cost("31", "31") == 0
    assert glyph_cost("(21", "(2)") < 1
    assert glyph_cost("22.", "2.") < 1
    assert glyph_cost("228", "22B") < 1
    assert glyph_cost("2 1", "21") < glyph_cost("21", "27")
    assert glyph_cost("4", "7") > 2
