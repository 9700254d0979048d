"""The closed list of `sources.reason`: why a file was rejected or read only in part."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """A reason's value stands in `sources.reason`; `description` is what a reader is told."""

    description: str

    def __new__(cls, value: str, description: str = "") -> Reason:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member

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
