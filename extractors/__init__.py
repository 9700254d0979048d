"""Staged, pure extraction of Indonesian regulations: bytes or text in, frozen dataclasses out.

No module below this package knows paths, the clock, the network or Parquet.
"""
