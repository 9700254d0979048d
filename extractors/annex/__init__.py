"""Annex tables: parts stitched, rows read as indicators, cells as targets and agencies."""
