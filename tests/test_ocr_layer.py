from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.readers.ocr.layer import text_layer_is_bad

GOOD = (
    "Dalam melaksanakan tugas sebagaimana dimaksud dalam Pasal 18A ayat (2), Kementerian menyelenggarakan fungsi: "
    "perumusan dan/atau pelaksanaan kebijakan APBDesa Tahun 2024 Nomor 1.050.495 Dinas P3A RPJMD TP-PKK 90% Pasal 22I."
)


@pytest.mark.parametrize(
    "misread",
    [
        "Pasal 1O",
        "Tahun 2OO8",
        "Pasal l1",
        "Pasal 3l",
        "PRESIDEN REPUBUK kebljakan",
        "FRESIDEI{ perumusa.n",
        "tentarLg penJrusunan",
    ],
)
def test_bad_layers_are_told_with_examples(misread):
    reason = text_layer_is_bad(f"{GOOD} {misread}".split())
    assert reason is not None
    assert misread.split()[-1] in reason


@pytest.mark.parametrize("text", [GOOD, "", "Kabupaten Mandailing Natal Panyabungan Utara", "No. 1 2 3 (4) 5,5 a. b)"])
def test_good_layers_are_left_alone(text):
    assert text_layer_is_bad(text.split()) is None


@given(st.lists(st.text(max_size=40), max_size=30))
def test_no_words_make_it_raise(words):
    reason = text_layer_is_bad(words)
    assert reason is None or len(reason) <= 200
