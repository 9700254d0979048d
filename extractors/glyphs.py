"""Undoing what OCR does to single glyphs: spread letters, accents from dirt, letters read for digits."""

from __future__ import annotations

import re
import unicodedata

SPREAD = re.compile(r"(?<!\S)(?:[^\W_] ){2,}[^\W_](?![^\s,.;:])")
DIGIT_LIKE = str.maketrans("OoQlI|", "000111")
LETTERS = re.compile(r"[^a-z]+")


def unspread(text: str) -> str:
    """Join runs of three or more single characters (`N O M O R` -> `NOMOR`); two blanks part words."""
    return SPREAD.sub(lambda run: run.group().replace(" ", ""), text)


def fold(text: str) -> str:
    """Lower case without accents, every run of white space one blank."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def letters(text: str) -> str:
    """Only the letters a-z of `fold(text)`: blanks, hyphens and marks do not count in names."""
    return LETTERS.sub("", fold(text))


def mend_digits(token: str) -> str:
    """`2OO8` -> `2008`, `3l` -> `31`: letters that look like digits, in a token that holds a digit."""
    mended = token.translate(DIGIT_LIKE)
    return mended if mended.isascii() and mended.isdigit() and any(c.isdigit() for c in token) else token
