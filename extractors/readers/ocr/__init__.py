"""Scanned pages: a page of pixels to a page of lines and table parts."""
