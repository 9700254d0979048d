"""The answer of a child: whole, or none."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from pipeline.isolation import Failure, new_answer, read_answer, write_answer
from pipeline.reasons import Reason

OUTCOMES = st.recursive(
    st.none() | st.integers() | st.text() | st.binary(max_size=2000), lambda inner: st.lists(inner) | st.tuples(inner)
)


def content(outcome: object) -> bytes:
    file = new_answer()
    write_answer(file, outcome)
    with os.fdopen(file, "rb") as answer:
        answer.seek(0)
        return answer.read()


def read(data: bytes) -> object:
    file = new_answer()
    os.write(file, data)
    return read_answer(file)


@given(OUTCOMES)
def test_an_answer_comes_back(outcome: object) -> None:
    assert read(content(outcome)) == outcome


@given(OUTCOMES, OUTCOMES)
def test_an_answer_replaces_what_was_there(first: object, second: object) -> None:
    file = new_answer()
    write_answer(file, first)
    write_answer(file, second)
    assert read_answer(file) == second


@given(OUTCOMES, st.data())
def test_a_part_of_an_answer_is_none(outcome: object, data: st.DataObject) -> None:
    whole = content(outcome)
    cut = read(whole[: data.draw(st.integers(0, len(whole) - 1))])
    assert isinstance(cut, Failure)
    assert cut.reason == Reason.CRASHED


@given(OUTCOMES, st.data())
def test_a_damaged_answer_is_none(outcome: object, data: st.DataObject) -> None:
    damaged = bytearray(content(outcome))
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    assert isinstance(read(bytes(damaged)), Failure)
