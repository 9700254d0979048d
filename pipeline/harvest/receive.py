"""An answer to a file: what comes is a PDF and whole, or it is refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import BinaryIO

import httpx

from extractors.readers.file import MARK_WITHIN, PDF_MARK
from pipeline.harvest.client import FetchError, chunks
from pipeline.harvest.outcomes import Outcome

# The end of a PDF, and how much some programs put behind it.
END_MARK = b"%%EOF"
END_WITHIN = 4096
SHOWN = 60
MAX_VALIDATOR = 256


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came whole; the names are those of the sidecar."""

    origin: str
    sha256: str
    bytes: int
    etag: str | None
    last_modified: str | None


def receive(answer: httpx.Response, file: BinaryIO, most: int) -> Received | None:
    """Write the body, of at most `most` bytes, into `file`, which is emptied first; None where nothing has changed.

    Raises FetchError (`not_pdf` once the first bytes are there, `too_large`, `cut_off`) and OSError.
    """
    if answer.status_code == 304:
        return None
    file.seek(0)
    file.truncate()
    digest = hashlib.sha256()
    start, end, size = b"", b"", 0
    for piece in chunks(answer, most):
        if len(start) < MARK_WITHIN:
            start += piece
            if len(start) >= MARK_WITHIN:
                _require_pdf(start, answer)
        end = (end + piece)[-END_WITHIN:]
        size += len(piece)
        digest.update(piece)
        file.write(piece)
    _require_pdf(start, answer)
    # Without a length the end of the connection looks like the end of the file.
    framed = "Content-Length" in answer.headers or "Transfer-Encoding" in answer.headers
    if not framed and END_MARK not in end:
        raise FetchError(Outcome.CUT_OFF, f"{size} bytes without the end of a PDF", passing=True)
    return Received(
        str(answer.url), digest.hexdigest(), size, _validator(answer, "ETag"), _validator(answer, "Last-Modified")
    )


def _require_pdf(start: bytes, answer: httpx.Response) -> None:
    if PDF_MARK in start[:MARK_WITHIN]:
        return
    kind = answer.headers.get("Content-Type", "no type")[:SHOWN]
    told = " ".join(start[: 4 * SHOWN].decode("utf-8", "replace").split())[:SHOWN]
    raise FetchError(Outcome.NOT_PDF, f"{kind}, begins {told!r}" if start.strip() else "an empty file")


def _validator(answer: httpx.Response, header: str) -> str | None:
    """The header's value as it can be sent back."""
    value = answer.headers.get(header, "")
    return value if value.isascii() and value.isprintable() and 0 < len(value) <= MAX_VALIDATOR else None
