"""Page furniture comes out, and only furniture."""

from __future__ import annotations

from extractors.models import Line, Notes
from extractors.readers.text import read_text
from extractors.structure.furniture import remove_furniture


def strip(text: str) -> tuple[list[str], list[str]]:
    notes = Notes("furniture")
    blocks = remove_furniture(read_text(text.encode()).pages[0].blocks, notes)
    return [b.text for b in blocks if isinstance(b, Line)], [f.code for f in notes]


def test_page_numbers_in_their_forms() -> None:
    kept, codes = strip("- 3 -\n~4~\nHalaman : 263\nSK No 082618 A\nwww.jdih.go.id\nPasal 1")
    assert kept == ["Pasal 1"]
    assert codes == ["page_number"] * 3 + ["running_head"] * 2


def test_counters_count_up_and_are_cut_off_the_line_that_they_end() -> None:
    kept, codes = strip("harta benda 1 / 3\nterpidana\n2 / 3\nyang lain 3 / 3")
    assert kept == ["harta benda", "terpidana", "yang lain"]
    assert codes == ["page_number"] * 3


def test_a_fraction_at_the_end_of_a_line_is_no_counter() -> None:
    kept, codes = strip("sebesar 1/12\ndari pagu 1/12")
    assert kept == ["sebesar 1/12", "dari pagu 1/12"]
    assert codes == []


def test_the_notice_under_an_electronic_signature_yields_no_article() -> None:
    kept, codes = strip(
        'UU ITE No 11 Tahun 2008 Pasal 5 ayat 1 "Informasi Elektronik"\nDokumen ini telah ditandatangani secara elektronik'
    )
    assert kept == []
    assert codes == ["esignature"] * 2


def test_running_heads_stand_beside_page_numbers_again_and_again() -> None:
    page = "KOP SURAT\n- {} -\nisi halaman {} berbeda\n"
    kept, codes = strip("".join(page.format(i, i) for i in range(1, 5)))
    assert "KOP SURAT" not in kept
    assert codes.count("running_head") == 4
    kept, _ = strip(
        "".join(
            f"Pasal {i}\nCukup jelas.\n- {i} -\nPasal {i}A\nisi\nlagi\nCukup jelas.\nPasal {i}B\n" for i in range(1, 6)
        )
    )
    assert kept.count("Cukup jelas.") == 10


def test_catchwords_repeat_what_comes_behind_the_page_break() -> None:
    kept, codes = strip("Pasal 5 . . .\n- 4 -\nPasal 5\nisi")
    assert kept == ["Pasal 5", "isi"]
    assert sorted(codes) == ["catchword", "page_number"]
    assert strip("Kecamatan ……………\nDesa\nKecamatan ……………\n")[1] == []
