"""The closed lists of reasons: why a file was rejected or read only in part, why an instruction is not applied."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Described(StrEnum):
    """A value with `description`, which is what a reader is told."""

    description: str

    def __new__(cls, value: str, description: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


class Reason(Described):
    """What stands in `sources.reason`."""

    # Rejected: no document came out of the file.
    EMPTY = "empty", "no bytes, or nothing but blanks"
    BINARY = "binary", "not text: bytes that no text file holds"
    UNDECODABLE = "undecodable", "text in no character set that could be told"
    TOO_LARGE = "too_large", "more bytes than a regulation's text has"
    NOT_PDF = "not_pdf", "named a PDF, but it is none"
    ENCRYPTED = "encrypted", "a PDF that opens only with a password"
    DAMAGED = "damaged", "a PDF that could not be repaired"
    NO_PAGES = "no_pages", "a PDF without pages"
    UNREADABLE = "unreadable", "not a regular file, or the system refused to read it"
    CRASHED = "crashed", "a library broke off on the file"
    CPU_LIMIT = "cpu_limit", "the file took more CPU time than any regulation needs"
    OUT_OF_MEMORY = "out_of_memory", "the file took more memory than any regulation needs"
    STALLED = "stalled", "nothing came of the file in hours"
    KILLED = "killed", "something outside ended the work on the file twice, perhaps for want of memory"
    OUTPUT_TOO_LARGE = "output_too_large", "more came out of the file than any regulation holds"
    CHANGED = "changed", "the file changed while it was read, again and again"
    NOT_A_REGULATION = "not_a_regulation", "text without the title, the articles or the annex of a regulation"
    INTERNAL_ERROR = "internal_error", "a fault of this program, named in a finding"
    CHECK_FAILED = "check_failed", "the rows broke a rule of the schema, named in a finding"

    # Partial: the documents stand in the tables, something of the file does not (rejected where no act is left).
    TEXT_LEFT_OUT = "text_left_out", "part of the text is in no row and no finding"
    PAGE_COUNT_DIFFERS = "page_count_differs", "two readers count the pages of the PDF differently"
    PAGE_FAILED = "page_failed", "a page of the PDF could not be read"
    PAGE_NEEDS_OCR = "page_needs_ocr", "a page is a picture, and OCR could not read it"
    STAGE_FAILED = "stage_failed", "one stage met a fault of this program; the rows of the others stand"
    NO_IDENTITY = "no_identity", "kind, number, year or region of the act could not be read"


class NotApplied(Described):
    """What stands in `amendments.reason`."""

    # Not read: the grammar understood the instruction in part, so nothing of it is taken.
    UNREAD_WORDS = "unread_words", "it holds words that the grammar of instructions does not know there"
    ENDS_EARLY = "ends_early", "it breaks off"
    NO_INSTRUCTION = "no_instruction", "it orders nothing"
    TOO_LONG = "too_long", "it is longer than any instruction"
    PLACE_AMBIGUOUS = "place_ambiguous", "the place that it names can be read in two ways"
    PLACE_INCOMPLETE = "place_incomplete", "it does not say in which Pasal or BAB"
    ACT_NOT_IDENTIFIED = "act_not_identified", "the act that it changes could not be told"
    OTHER_ACT_CITED = "other_act_cited", "it cites another act than its Pasal I"
    CONTRADICTION = "contradiction", "what it declares and what it restates do not fit together"

    # Read, but not to be applied as it stands.
    ACTION_UNKNOWN = "action_unknown", "there is no rule for what it orders"
    DATE_UNKNOWN = "date_unknown", "the day from which it holds is not known"
    PAYLOAD_MISSING = "payload_missing", "its new text was not found"
    PAYLOAD_NOT_EXACT = "payload_not_exact", "the text found is more than the new text of the place"
    PAYLOAD_ELIDED = "payload_elided", "the new text is not quoted in full: `tetap` or an ellipsis stands in it"
    PHRASE_MISSING = "phrase_missing", "it quotes no phrase to replace"
    PHRASE_IN_ANNEX = "phrase_in_annex", "the cells of an annex are not rewritten word by word"
    STAGE_FAILED = "stage_failed", "a fault of this program, named in a finding"

    RANGE_HOLDS_MORE = (
        "range_holds_more",
        "places were inserted into the range that it names, and it does not say if it means them",
    )

    # The act does not hold what it changes.
    NO_SUCH_PLACE = "no_such_place", "the act has no such place"
    NO_SUCH_PHRASE = "no_such_phrase", "the phrase does not stand there, or not so often"
    ANCHOR_MISSING = "anchor_missing", "the act has no place beside which it inserts"
    CONTAINER_MISSING = "container_missing", "the act has no place into which it inserts"

    # It contradicts the act, or another instruction.
    TARGET_REPEALED = "target_repealed", "the place is repealed"
    PLACE_TAKEN = "place_taken", "the number is in use, or its repealed holder keeps it"
    NO_SUCH_LIST = "no_such_list", "the place has text, but no list that the new unit could join"
    ANCHORS_NOT_ADJACENT = "anchors_not_adjacent", "the places between which it inserts are no neighbours"
    ANCHOR_OF_ANOTHER_LIST = "anchor_of_another_list", "the place beside which it inserts stands in another list"
    NUMBER_OUT_OF_ORDER = "number_out_of_order", "the new number does not sort where it is inserted"
    CHANGED_TWICE = "changed_twice", "the same act replaces the same place twice"
    SAME_DAY = "same_day", "another act changes the place on the same day"
    ORDER_DISPUTED = "order_disputed", "an act made later changes the place from an earlier day"
    BASE_IS_LATER = "base_is_later", "the act that it changes was made later"
    AMENDS_ITSELF = "amends_itself", "the act that it changes is its own"
    IDENTITY_CLASH = "identity_clash", "another text of the same act counts in its place"
