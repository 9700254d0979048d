"""Where the time goes: `make bench`. Prints figures, asserts none: machines differ."""
