"""Mutations of real text: what scanners, converters and web sites do to it, as a hypothesis strategy."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

SEEDS = sorted((Path(__file__).parent.parent / "raw_docs").rglob("*.txt"))
LOOK_ALIKES = str.maketrans({"1": "l", "0": "O", "l": "1", "5": "S", "(": "{", ".": ",", "P": "F", ";": ":"})
INTRUDERS = (
    "- 3 -", "12", "Halaman : 263", "SK No 082618 A", "3 / 14", "UU ITE No 11 Tahun 2008 Pasal 5 ayat 1", "www.jdih.go.id",
    "**", "#", "LAMPIRAN", "PENJELASAN", "Pasal 5", "BAB I", "(1)", "a.", "1.", "\x00", "Agar setiap orang mengetahuinya", "\t\t",
    "a\tb\tc", "|a|b|", "MEMUTUSKAN:", "Menimbang :", "“", "(21 Xxx", "A. Umum", "---", "> > -", "* *", "\u200b", "x" * 5000,
)  # fmt: skip
SPLICES = ("\x00", "\n", "\r\n", "\t", "**", "*", "_", "|", "<i>", "\\.", "  ", "\f")
OPERATIONS = ("cut", "double", "swap", "misread", "intrude", "splice", "join", "truncate")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A stretch of a seed with up to 25 mutations."""
    lines = draw(st.sampled_from([path.read_text("utf-8") for path in SEEDS])).split("\n")
    if draw(st.booleans()):
        first = draw(st.integers(0, len(lines) - 1))
        lines = lines[first : first + draw(st.integers(5, 120))]
    for operation in draw(st.lists(st.sampled_from(OPERATIONS), max_size=25)):
        at = draw(st.integers(0, len(lines) - 1))
        line = lines[at]
        if operation == "cut" and len(lines) > 1:
            del lines[at]
        elif operation == "double":
            lines.insert(at, line)
        elif operation == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        elif operation == "misread":
            lines[at] = line.translate(LOOK_ALIKES)
        elif operation == "intrude":
            lines.insert(at, draw(st.sampled_from(INTRUDERS)))
        elif operation == "splice":
            column = draw(st.integers(0, len(line)))
            lines[at] = line[:column] + draw(st.sampled_from(SPLICES)) + line[column:]
        elif operation == "join":
            lines[at : at + 10] = [" ".join(lines[at : at + 10])]
        elif operation == "truncate":
            lines[at] = line[: draw(st.integers(0, len(line)))]
    return "\n".join(lines)
