"""Malformed and odd PDFs of other projects end with one row each; skipped where they do not lie beside the project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.inputs import collect, read
from pipeline.isolation import Limits
from pipeline.parsing import parse_file
from pipeline.reasons import Reason
from pipeline.supervisor import isolated

HOSTILE = Path(__file__).parent.parent.parent / "shared" / "hostile"
pytestmark = pytest.mark.skipif(not HOSTILE.is_dir(), reason="the hostile files beside the project are absent")
CPU_SECONDS = 20


@pytest.fixture(autouse=True)
def limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than a run has: the files are small."""
    patience = Limits(cpu_seconds=CPU_SECONDS, memory=3 * 1024**3)
    monkeypatch.setattr("pipeline.parsing.isolated", lambda work: isolated(work, patience))


def check(folder: Path) -> dict[str, tuple[str, str | None]]:
    outcomes = {}
    for given in collect([folder]):
        parsed = parse_file(read(given))
        outcomes[given.source_path] = (parsed.status, parsed.reason)
        assert parsed.status in ("parsed", "partial", "rejected")
        assert (parsed.reason is None) == (parsed.status == "parsed")
        assert parsed.reason is None or parsed.reason in list(Reason)
        assert parsed.reason != Reason.INTERNAL_ERROR, given.source_path
    return outcomes


def test_every_hostile_file_has_an_outcome() -> None:
    outcomes = check(HOSTILE)
    assert len(outcomes) == len(list(HOSTILE.rglob("*.pdf")))


def test_every_bomb_has_an_outcome(tmp_path: Path) -> None:
    subprocess.run([sys.executable, HOSTILE / "gen_bombs.py", tmp_path], check=True, capture_output=True)
    outcomes = check(tmp_path)
    assert len(outcomes) >= 58
    assert not [name for name, (status, _) in outcomes.items() if status == "parsed"]
