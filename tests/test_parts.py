"""A corpus put together in parts is the corpus put together in one: no part knows too little."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline import parts
from pipeline import plan as planning
from pipeline.exit_codes import ExitCode
from pipeline.run import Options, run
from tests.corpora import Rows, differences, files, rows, tangled

ACTS, SEED = 44, 5


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tangled(tmp_path_factory.mktemp("corpus") / "in", ACTS, SEED)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def whole(corpus: Path, cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release in one part."""
    output = tmp_path_factory.mktemp("whole") / "out"
    assert run([corpus], output, options=Options(cache=cache)).exit_code == ExitCode.INCOMPLETE
    return output


@pytest.fixture(scope="module")
def expected(whole: Path) -> Rows:
    return rows(whole)


def test_the_corpus_holds_what_binds_files(expected: Rows, whole: Path) -> None:
    import pyarrow.parquet as pq

    codes = set(pq.read_table(whole / "findings")["code"].to_pylist())
    bound = {"duplicate", "identity_clash", "annex_attached", "annex_without_body", "base_missing"}
    assert codes >= bound | {"figure_probably_copied"}
    references = pq.read_table(whole / "references").to_pylist()
    elsewhere = [row for row in references if row["target_document_id"] not in (None, row["document_id"])]
    assert {(row["resolved"], row["reason"]) for row in elsewhere if row["target_eid"]} >= {
        (True, None),
        (False, "no_such_node"),
    }
    assert "applied" in pq.read_table(whole / "amendments")["status"].to_pylist()
    assert expected["comparison"]


@pytest.mark.parametrize("size", [pytest.param(1, marks=pytest.mark.soak), 5])
def test_any_size_of_parts_gives_the_same_bytes(
    corpus: Path, cache: Path, whole: Path, expected: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(planning, "PART_FILES", size)
    run([corpus], tmp_path / "out", options=Options(cache=cache))
    assert differences(expected, rows(tmp_path / "out")) == []
    assert files(tmp_path / "out") == files(whole)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 12))])
def test_any_split_that_keeps_groups_gives_the_same_bytes(
    corpus: Path, cache: Path, whole: Path, expected: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)

    def shuffled(groups: Sequence[list[int]], _weights: Sequence[int]) -> Iterator[tuple[int, ...]]:
        dealt: list[list[int]] = [[] for _ in range(chance.randint(2, 20))]
        for group in groups:
            chance.choice(dealt).extend(group)
        return (tuple(sorted(part)) for part in dealt if part)

    monkeypatch.setattr(planning, "_parts", shuffled)
    run([corpus], tmp_path / "out", options=Options(cache=cache))
    assert differences(expected, rows(tmp_path / "out")) == []
    assert files(tmp_path / "out") == files(whole)


@pytest.mark.parametrize("size", [9])
def test_one_file_a_province_holds_the_same_rows(
    corpus: Path, cache: Path, expected: Rows, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(planning, "PART_FILES", size)
    monkeypatch.setattr(parts, "ONE_FILE", 1)
    run([corpus], tmp_path / "out", options=Options(cache=cache))
    assert len(list((tmp_path / "out" / "provisions").iterdir())) > 5
    assert differences(expected, rows(tmp_path / "out")) == []
