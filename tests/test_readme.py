"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import readme

TEXT = readme.README.read_text("utf-8")
EXAMPLES = {match["name"]: match for match in readme.EXAMPLE.finditer(TEXT)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return readme.release(tmp_path_factory.mktemp("readme"))


def test_there_is_an_example_for_duckdb_and_for_pandas() -> None:
    assert {"duckdb", "pandas"} <= EXAMPLES.keys()
    assert TEXT.count("<!-- example:") == len(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_prints_what_stands_behind_it(name: str, folder: Path) -> None:
    match = EXAMPLES[name]
    assert readme.printed(match["code"], folder) == match["output"], "run `make readme`"


def test_make_targets_exist() -> None:
    makefile = (readme.ROOT / "Makefile").read_text("utf-8")
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", TEXT, re.MULTILINE))
    assert {"run", "test"} <= named
    assert all(f"\n{target}:" in makefile for target in named)


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", TEXT)
    assert links
    assert all((readme.ROOT / link).exists() for link in links)
