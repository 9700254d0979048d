"""Whole files against the rows of a careful reading; see `tests/golden.py`."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import golden

SHOWN = 60


@pytest.mark.parametrize("case", golden.cases(), ids=lambda case: case.name)
def test_golden(case: Path) -> None:
    absent = [path.name for path in golden.inputs(case) if not path.exists()]
    if absent:
        pytest.skip(f"not here: {', '.join(absent)}")
    expected, actual = golden.expected(case), golden.actual(case)
    assert expected, "no expected rows: `make golden`, then read them against the source"
    differences: list[str] = []
    for table in sorted(expected.keys() | actual.keys()):
        pair = (expected.get(table, []), actual.get(table, []))
        differences += difflib.unified_diff(*pair, f"expected {table}", f"read {table}", lineterm="", n=0)
    assert not differences, "\n".join(differences[:SHOWN])


def test_ci_cannot_rewrite_the_golden_files() -> None:
    files = {path: path.stat().st_mtime_ns for path in golden.GOLDEN.rglob("*.jsonl")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.golden"],
        cwd=golden.ROOT,
        env={**os.environ, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "not rewritten in CI" in done.stderr
    assert {path: path.stat().st_mtime_ns for path in golden.GOLDEN.rglob("*.jsonl")} == files
