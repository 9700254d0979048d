"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import readme

TEXT = readme.README.read_text("utf-8")
PAGES = {page: page.read_text("utf-8") for page in readme.PAGES}
EXAMPLES = {match["name"]: match for text in PAGES.values() for match in readme.EXAMPLE.finditer(text)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return readme.release(tmp_path_factory.mktemp("readme"))


def test_there_is_an_example_for_duckdb_and_for_pandas() -> None:
    assert {"duckdb", "pandas"} <= EXAMPLES.keys()
    assert sum(text.count("<!-- example:") for text in PAGES.values()) == len(EXAMPLES)


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
    for page in (readme.README, *(readme.ROOT / "docs").glob("*.md")):
        links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        assert [link for link in links if not (page.parent / link).exists()] == []
