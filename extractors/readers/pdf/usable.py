"""Whether a page's text layer can be used, or the page must be read from its image."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from extractors.readers.pdf.parts import PageParts, Word

# Share of a page from which on an image is the page itself, and one at which it may hold text.
WHOLE, PART = 0.6, 0.25
# Words in the page's middle below which a page under an image has no text of its own.
FEW_WORDS = 15
MARGIN = 0.1
# Bent strokes beyond which a page without words is text turned into outlines.
MANY_CURVES = 400
UNMAPPED_SHARE, PLAUSIBLE_SHARE, ENOUGH_WORDS = 0.1, 0.7, 30

_LETTERS = regex.compile(r"\p{Latin}{4,}")
_PLAUSIBLE = regex.compile(r"(?:\p{Lu}?\p{Ll}+|\p{Lu}+)")
_VOWEL = regex.compile(r"[aeiouy]", regex.IGNORECASE)


def needs_ocr(parts: PageParts) -> str | None:
    """Why the text layer of a page is no use, None if it can be read.

    `no_text` (an image or outlines and no words), `image_with_little_text` (an image with a footer or stamp of text
    over it), `unmapped_glyphs` (fonts that say no characters), `implausible_words`.
    """
    drawn = parts.drawn
    if not parts.words:
        return "no_text" if drawn.image_share >= PART or drawn.curves >= MANY_CURVES else None
    middle = [word for word in parts.words if MARGIN <= (word.top + word.bottom) / 2 / parts.height <= 1 - MARGIN]
    if drawn.image_share >= WHOLE and not parts.ocr_layer and len(middle) < FEW_WORDS:
        return "image_with_little_text"
    letters = sum(len(word.text) for word in parts.words)
    if parts.unmapped > UNMAPPED_SHARE * letters:
        return "unmapped_glyphs"
    return None if is_plausible(parts.words) else "implausible_words"


def is_plausible(words: Sequence[Word]) -> bool:
    """Whether most longer words have a vowel and their capitals in front; few words prove nothing."""
    found = [match for word in words for match in _LETTERS.findall(word.text)]
    if len(found) < ENOUGH_WORDS:
        return True
    good = sum(bool(_PLAUSIBLE.fullmatch(match) and _VOWEL.search(match)) for match in found)
    return good >= PLAUSIBLE_SHARE * len(found)
