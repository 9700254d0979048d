from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.numerals import has_number_words, read_numeral, spelled, words_agree


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("90", 90.0),
        ("1234", 1234.0),
        ("15,5", 15.5),
        ("7,4", 7.4),
        ("0,125", 0.125),
        ("58.850", 58850.0),
        ("93.000", 93000.0),
        ("1.500.000,00", 1_500_000.0),
    ],
)
def test_reads_indonesian_numerals_without_doubt(printed: str, value: float) -> None:
    assert read_numeral(printed) == (value, None)


@pytest.mark.parametrize(
    ("printed", "value"),
    [("7.4", 7.4), ("14.25", 14.25), ("1,234,567", 1_234_567.0), ("1,500.00", 1500.0)],
)
def test_reads_other_notations_with_a_doubt(printed: str, value: float) -> None:
    numeral = read_numeral(printed)
    assert numeral.value == value
    assert numeral.doubt


@pytest.mark.parametrize(
    "printed", ["", "93,000", "12.3456", "1.5.2", "1e5", "NaN", "Infinity", "1_000", "٣", "9O", "-5", "9" * 400]
)
def test_reads_no_value_where_there_is_not_exactly_one(printed: str) -> None:
    assert read_numeral(printed).value is None


def test_what_has_no_decimals_has_thousands_behind_a_comma() -> None:
    assert read_numeral("93,000").value is None
    numeral = read_numeral("93,000", whole=True)
    assert numeral.value == 93_000
    assert numeral.doubt


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2, "(dua)"),
        (1, "(Satu)"),
        (14, "(empat belas persen)"),
        (20, "(duapuluh)"),
        (15.5, "(lima belas koma lima)"),
        (1500, "seribu lima ratus"),
        (100, "(seratus persen)"),
        (90, "(sembilan puIuh)"),
    ],
)
def test_words_that_spell_the_digits_agree(value: float, words: str) -> None:
    assert words_agree(value, words)


@pytest.mark.parametrize(
    ("value", "words"),
    [(2, "(tiga)"), (2, "(dua belas)"), (20, "(dua)"), (12, "(dua puluh)"), (5, "(persen)"), (15, "lima koma belas")],
)
def test_words_that_spell_something_else_do_not_agree(value: float, words: str) -> None:
    assert not words_agree(value, words)


@given(st.integers(0, 10**9))
def test_words_spelled_from_digits_agree_with_them(number: int) -> None:
    words = spelled(float(number))
    assert words is not None
    assert has_number_words(words)
    assert words_agree(float(number), words)
    assert not words_agree(float(number + 1), words)


@given(st.integers(0, 10**12))
def test_thousands_with_dots_read_back(number: int) -> None:
    assert read_numeral(f"{number:,}".replace(",", ".")) == (float(number), None)


@given(st.text())
def test_never_raises(text: str) -> None:
    value = read_numeral(text).value
    assert value is None or value >= 0
    words_agree(1.0, text)
