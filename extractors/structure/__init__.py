"""Where everything stands: furniture off, zones, and the tree of provisions by the numbering law."""
