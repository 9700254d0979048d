"""Who may import whom, and when."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTRACTORS = sorted((ROOT / "extractors").rglob("*.py"))
# Nothing that reaches files, the network, the clock or chance; resources of the package itself come by importlib.
IMPURE = {"io", "os", "pathlib", "random", "requests", "secrets", "socket", "subprocess", "tempfile", "time", "urllib"}
HEAVY = {"babel", "charset_normalizer", "num2words", "numpy", "pandas", "pyarrow", "rapidfuzz", "rich", "spacy"}
HEAVY |= {"httpcore", "httpx", "stamina"}


def test_import_layers() -> None:
    command = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", EXTRACTORS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_extractors_are_pure(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not _in_memory(node)}
    assert not {name.partition(".")[0] for name in names} & IMPURE


def _in_memory(node: ast.ImportFrom) -> bool:
    """`BytesIO` reaches no file."""
    return node.module == "io" and {alias.name for alias in node.names} == {"BytesIO"}


@pytest.mark.parametrize("module", ["pipeline.cli", "pipeline.schema"])
def test_heavy_libraries_are_imported_where_they_are_used(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in sys.modules if '.' not in name))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & HEAVY
