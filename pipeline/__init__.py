"""Order, input and output, and contracts around the extractors. Read `document` first."""

from __future__ import annotations

PROGRAM = "perbup-to-parquet"
VERSION = "0.1.0"
