"""Amendment instructions as typed records: what tells one from other text, their grammar, where the new text stands."""
