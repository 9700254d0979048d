"""Phrases that point to places in acts, and the places that they mean."""
