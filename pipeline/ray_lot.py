"""A fresh process that supervises a lot of files: `python -m pipeline.ray_lot`, the lot on standard input."""

from __future__ import annotations

import os
import pickle
import signal
import sys

from pipeline.cache import Cache, fingerprint
from pipeline.isolation import end_with_parent
from pipeline.parsing import here
from pipeline.ray_engine import Lot
from pipeline.supervisor import nothing


def main() -> None:
    """Parse the lot into its cache and write index and outcome of each file to standard output."""
    end_with_parent(signal.SIGKILL)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    lot: Lot = pickle.load(sys.stdin.buffer)
    if fingerprint() != lot.program:
        sys.exit("the program here is not the one that asks: install the same version, with the same libraries")
    outcomes = here(1)(lot.tasks, Cache(lot.folder, lot.program), nothing)
    with answers:
        pickle.dump([(task.index, outcome) for task, outcome in outcomes], answers)


if __name__ == "__main__":
    main()
