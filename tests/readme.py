"""The examples of the README and of docs/using.md: each runs on a release of the seeds, and prints what stands behind it.

An example is a Python block under a comment `<!-- example: NAME -->`, followed by a text block with
its output. `python -m tests.readme` writes the outputs anew.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from pipeline.run import run

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = (README, ROOT / "docs" / "using.md")
EXAMPLE = re.compile(
    r"(<!-- example: (?P<name>[\w-]+) -->\n```python\n(?P<code>.*?)```\n+prints\n+```text\n)(?P<output>.*?)```",
    re.DOTALL,
)


def release(folder: Path) -> Path:
    """Publish the seeds in `folder`/output; the place from which the examples run."""
    run([ROOT / "raw_docs"], folder / "output")
    return folder


def printed(code: str, folder: Path) -> str:
    """What an example prints, run in `folder`."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.rstrip().splitlines())


def rewrite() -> None:
    """Write into the pages what their examples print now."""
    with tempfile.TemporaryDirectory() as name:
        folder = release(Path(name))
        for page in PAGES:
            text = page.read_text("utf-8")
            page.write_text(EXAMPLE.sub(lambda m: f"{m[1]}{printed(m['code'], folder)}```", text), "utf-8")


if __name__ == "__main__":
    rewrite()
