"""Page furniture: lines that belong to the page, not to the act, taken out before anything is parsed.

Forms are recognised by vocabulary (`data/furniture.toml`); bare numbers and `n / m` counters only
where they count up through the document, running heads only where they stand beside page numbers again
and again. Each line taken out is a finding, so that nothing is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import regex

from extractors.lookups import vocabulary
from extractors.models import Block, Line, Notes, Span

COUNTER = regex.compile(r"(?:^|(?<=\s))(\d{1,4}) ?/ ?(\d{1,4})$")
BARE_NUMBER = regex.compile(r"\d{1,3}")
# A handful of dots; the long dotted blanks of forms are no catchwords.
CATCHWORD = regex.compile(r"(?:\(?\w{1,3}[.)]\s)?[^.…]{1,60}(?:(?:\. ?){3,5}|…)")
# Words that a number belongs to, before it and behind it.
NEEDS_NUMBER = regex.compile(
    r"\b(?:pasal|ayat|huruf|angka|nomor|tahun|tanggal|paling\s+\w+|minimal|maksimal|sebesar|sebanyak|sejumlah|selama|dari|usia"
    r"|umur|lebih|kurang|jumlah|antara|sampai|hingga|rp\.?)\s*$",
    regex.IGNORECASE,
)
COUNTED = regex.compile(
    r"\(\s*\p{L}|%|(?:hari|minggu|bulan|tahun|kali|orang|meter|km|jam|menit|persen|per|rupiah|jiwa|desa|kelurahan|kecamatan)\b",
    regex.IGNORECASE,
)
MIN_SERIES = 3
MAX_RUNNING_LENGTH = 60


@cache
def _forms(name: str) -> regex.Pattern[str]:
    return regex.compile("|".join(f"(?:{form})" for form in vocabulary("furniture")[name]), regex.IGNORECASE)


def remove_furniture(blocks: Sequence[Block], notes: Notes) -> tuple[Block, ...]:
    """The blocks without page furniture; a page counter at the end of a line is cut off that line."""
    lines = [(i, block) for i, block in enumerate(blocks) if isinstance(block, Line)]
    kinds: dict[int, str] = {}
    trimmed: dict[int, Line] = {}
    total = _counter_total([line for _, line in lines])
    for i, line in lines:
        counter = COUNTER.search(line.text) if total else None
        if _forms("page_number").fullmatch(line.text):
            kinds[i] = "page_number"
        elif _forms("running").fullmatch(line.text):
            kinds[i] = "running_head"
        elif _forms("esignature").fullmatch(line.text):
            kinds[i] = "esignature"
        elif counter and int(counter[2]) == total:
            if counter.start() == 0:
                kinds[i] = "page_number"
            else:
                trimmed[i] = _cut(line, counter.start(), notes)
    kinds |= dict.fromkeys(_bare_numbers(lines), "page_number")
    kinds |= dict.fromkeys(_running_heads(lines, kinds), "running_head")
    kinds |= dict.fromkeys(_catchwords(lines, kinds), "catchword")
    for i, line in lines:
        if i in kinds:
            notes.add(
                kinds[i], "info", f"page furniture: {line.text[:80]}", span=line.span, page=line.page, repair="left out"
            )
    return tuple(trimmed.get(i, block) for i, block in enumerate(blocks) if i not in kinds)


def _counter_total(lines: Sequence[Line]) -> int | None:
    """m of the `n / m` counters, if n counts up at the ends of at least MIN_SERIES lines."""
    series: dict[int, list[int]] = {}
    for line in lines:
        if match := COUNTER.search(line.text):
            series.setdefault(int(match[2]), []).append(int(match[1]))
    for total, numbers in series.items():
        rising = len(set(numbers)) == len(numbers) and numbers == sorted(numbers)
        if rising and len(numbers) >= min(MIN_SERIES, total) and numbers[-1] <= total and len(numbers) > 1:
            return total
    return None


def _cut(line: Line, start: int, notes: Notes) -> Line:
    """The line without the page counter that begins at `start` of its text."""
    span = line.content.span(start)
    notes.add(
        "page_number", "info", f"page furniture: {line.text[start:]}", span=span, page=line.page, repair="left out"
    )
    content = line.content.slice(0, start).strip()
    return replace(line, content=content, span=Span(line.span.start, content.span().end))


def _bare_numbers(lines: Sequence[tuple[int, Line]]) -> list[int]:
    """Lines that hold nothing but a page's number.

    Not so a number that the sentence around it needs (`paling lama / 30 / (tiga puluh) hari`), nor numbers that stand
    one below the other, as the cells of a column do.
    """
    bare = {here for here, (_, line) in enumerate(lines) if BARE_NUMBER.fullmatch(line.text)}
    found = []
    for here in sorted(bare):
        before = lines[here - 1][1].text if here else ""
        after = lines[here + 1][1].text if here + 1 < len(lines) else ""
        column = here - 1 in bare or here + 1 in bare
        if not column and not NEEDS_NUMBER.search(before) and not COUNTED.match(after):
            found.append(lines[here][0])
    return found


def _running_heads(lines: Sequence[tuple[int, Line]], kinds: dict[int, str]) -> list[int]:
    """Short lines that stand beside page numbers at least MIN_SERIES times, and hardly anywhere else."""
    everywhere = Counter(line.text for _, line in lines)
    beside: dict[str, list[int]] = {}
    for here, (i, _) in enumerate(lines):
        if kinds.get(i) != "page_number":
            continue
        for there in (here - 1, here + 1, here + 2):
            if 0 <= there < len(lines) and lines[there][0] not in kinds:
                index, line = lines[there]
                if len(line.text) <= MAX_RUNNING_LENGTH and index not in beside.get(line.text, ()):
                    beside.setdefault(line.text, []).append(index)
    return [
        i
        for text, found in beside.items()
        if len(found) >= MIN_SERIES and len(found) * 4 >= everywhere[text] * 3
        for i in found
    ]


def _catchwords(lines: Sequence[tuple[int, Line]], kinds: dict[int, str]) -> list[int]:
    """A line that ends in dots and repeats the first words of the line behind the page break."""
    found = []
    for here, (i, line) in enumerate(lines):
        if i in kinds or not CATCHWORD.fullmatch(line.text):
            continue
        words = "".join(line.text.rstrip(" .…").split())
        following = [other.text for j, other in lines[here + 1 : here + 8] if j not in kinds][:6]
        # OCR loses the blanks of the large print (`BABI...`).
        if words and any("".join(text.split()).startswith(words) for text in following):
            found.append(i)
    return found
