"""Whole runs over malformed and odd PDFs of other projects; skipped where they do not lie beside the project."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.isolation import MEGABYTE
from pipeline.reasons import Reason
from tests.commands import Command, beside
from tests.corpora import differences, rows
from tests.test_hostile import CPU_SECONDS, HOSTILE

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files beside the project are absent"),
]
MOST_MEMORY = 300 * MEGABYTE
# The command with less patience than a run has; what its own process held at most goes to standard error.
PATIENT = f"""
import functools, pathlib, sys
from pipeline import supervisor
from pipeline.cli import main
from pipeline.isolation import Limits
supervisor.Limits = functools.partial(Limits, cpu_seconds={CPU_SECONDS}, memory=3 << 30)
try:
    main()
finally:
    (peak,) = [line for line in pathlib.Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print(peak, file=sys.stderr)
"""


@pytest.mark.parametrize("made", [False, True], ids=["collected", "bombs"])
def test_every_file_has_the_same_outcome_in_every_run(tmp_path: Path, made: bool) -> None:
    given = HOSTILE
    if made:
        given = tmp_path / "bombs"
        subprocess.run([sys.executable, HOSTILE / "gen_bombs.py", given], check=True, capture_output=True)
    number = len(list(given.rglob("*.pdf")))
    outputs = [tmp_path / "one" / "out", tmp_path / "two" / "out"]
    for output in outputs:
        command = Command([given], output, python=["-c", PATIENT])
        code, told = command.ended()
        assert code == 3
        assert "Traceback" not in told
        peak = int(told.splitlines()[-1].split()[1]) * 1024
        done = command.events[-1]
        print(f"{number} files: {done['status']}, {done['seconds']} s; main process at most {peak // MEGABYTE} MB")
        assert peak < MOST_MEMORY
        assert sum(done["status"].values()) == number
        assert command.left() == []
        assert beside(output) == set()
    one, two = map(rows, outputs)
    assert differences(one, two) == []
    columns = {"parsed": {None}, "partial": set(Reason), "rejected": set(Reason) - {Reason.INTERNAL_ERROR}}
    import pyarrow.parquet as pq

    found = pq.read_table(outputs[0] / "sources").to_pylist()
    for (status, reason), count in Counter((row["status"], row["reason"]) for row in found).most_common():
        print(f"{count:5} {status} {reason or ''}")
    for row in found:
        assert row["reason"] in columns[row["status"]], row["source_path"]
