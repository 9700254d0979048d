"""Furniture told by place and repetition."""

from __future__ import annotations

import pytest

from extractors.models import Notes
from extractors.readers.pdf.margins import without_margins
from tests.made_pdf import Draw, lines_of, made, source, texts, together

BODY = "Ketentuan lebih lanjut diatur dengan Peraturan Bupati."
WORDS = ("satu", "dua", "tiga", "empat", "lima", "enam")


def _pages(count: int, *furniture: tuple[float, float, str]) -> list[Draw]:
    """`#` in a text stands for the number of the page, `@` for a word of its own on each."""

    def page(n: int) -> Draw:
        lines = [(x, y, text.replace("#", str(n)).replace("@", WORDS[n - 1])) for x, y, text in furniture]
        return together(texts((72, 300, f"{BODY} {WORDS[n - 1]}")), texts(*lines))

    return [page(n) for n in range(1, count + 1)]


@pytest.mark.parametrize(
    ("furniture", "kinds"),
    [
        ([(290, 40, "- # -")], {"page_number"}),
        ([(500, 810, "# / 6")], {"page_number"}),
        ([(72, 40, "www.jdih.example"), (290, 54, "#")], {"running_head", "page_number"}),
        ([(72, 800, "Dokumen ini ditandatangani secara elektronik"), (72, 812, "oleh Balai")], {"running_foot"}),
    ],
)
def test_repeated_at_the_edge_is_left_out(furniture: list[tuple[float, float, str]], kinds: set[str]) -> None:
    found = source(made(*_pages(6, *furniture)))
    assert [lines_of(page) for page in found.pages] == [[f"{BODY} {word}"] for word in WORDS]
    assert {finding.code for finding in found.findings} == kinds
    for finding in found.findings:
        assert finding.span
        assert found.text[finding.span.start : finding.span.end] in finding.message


@pytest.mark.parametrize(
    "furniture",
    [
        [(270, 60, "Pasal #")],
        [(72, 60, "bahwa @ perlu")],
        [(72, 60, "@"), (72, 80, "Cukup jelas.")],
        [(72, 420, "Cukup jelas.")],
    ],
)
def test_text_of_the_act_at_the_edge_stays(furniture: list[tuple[float, float, str]]) -> None:
    found = source(made(*_pages(6, *furniture)))
    assert not found.findings
    assert all(len(lines_of(page)) == len(furniture) + 1 for page in found.pages)


def test_phrase_that_the_act_repeats_everywhere_is_no_running_head() -> None:
    found = source(made(*_pages(4, (72, 60, "Cukup jelas."), (72, 400, "Cukup jelas."), (72, 430, "Cukup jelas."))))
    assert not found.findings


def test_header_on_one_page_stays() -> None:
    pages = _pages(5)
    pages[0] = together(pages[0], texts((72, 40, "SALINAN")))
    assert lines_of(source(made(*pages)).pages[0])[0] == "SALINAN"


def test_catchword_repeats_the_beginning_of_the_next_page() -> None:
    first = texts((72, 300, "isi halaman"), (450, 700, "Pasal 7 ..."))
    second = texts((72, 60, "Pasal 7 ayat (2) berbunyi"), (72, 74, "begini"))
    found = source(made(first, second))
    assert [lines_of(page) for page in found.pages] == [["isi halaman"], ["Pasal 7 ayat (2) berbunyi", "begini"]]
    assert [finding.code for finding in found.findings] == ["catchword"]


def test_pages_without_boxes_are_left_alone() -> None:
    assert without_margins((), Notes("read")) == ()
