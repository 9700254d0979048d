"""A base act, three amendments in every phrase of the drafting rules, and a revocation: the text of every day.

`tests/in_time` holds the acts and, as acts of their own, the consolidated text of each stage, written by hand.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from extractors.consolidation.new_text import DELETED
from extractors.models import Instruction, ProvisionVersion
from pipeline.checks import violations
from pipeline.emit import arrow_tables
from pipeline.inputs import collect
from pipeline.link import Corpus, link
from pipeline.parsing import parse_all
from pipeline.rows import rows

FOLDER = Path(__file__).parent / "in_time"
BASE = "/akn/id-3316/act/perda/2020/4"
ACTS = ("base", "first", "second", "third", "revoking")
STAGES = [
    (date(2020, 3, 3), "base"),
    (date(2021, 1, 5), "as-of-2021-01-05"),
    (date(2022, 7, 1), "as-of-2022-07-01"),
    (date(2024, 1, 1), "as-of-2024-01-01"),
]
REVOKED = date(2024, 12, 3)
Texts = dict[str, tuple[str, str]]


def parsed(*names: str) -> Corpus:
    return link(parse_all(collect([FOLDER / f"{name}.txt" for name in names])))


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return parsed(*ACTS)


def instructions(corpus: Corpus) -> dict[tuple[str, int], Instruction]:
    return {
        (work.document_id.removeprefix("/akn/id-3316/act/perda/"), row.seq): row
        for work in corpus.works
        for part in work.parts
        for row in part.document.amendments
    }


def at(versions: tuple[ProvisionVersion, ...], day: date) -> list[ProvisionVersion]:
    """The versions of the base that hold on a day, in reading order."""
    held = [
        version
        for version in versions
        if version.document_id == BASE
        and version.valid_from is not None
        and version.valid_from <= day
        and (version.valid_to is None or day < version.valid_to)
    ]
    return sorted(held, key=lambda version: version.ordinal)


def expected(name: str) -> Texts:
    """(heading, text) of what stands in an act, without what it prints as deleted."""
    (work,) = parsed(name).works
    return {
        p.eid: (p.heading.text, p.text.text)
        for p in work.parts[0].document.provisions
        if not DELETED.fullmatch(p.text.text)
    }


@pytest.mark.parametrize(("since", "name"), STAGES, ids=lambda value: str(value))
def test_the_text_of_each_stage_is_the_expected_one_letter_for_letter(corpus: Corpus, since: date, name: str) -> None:
    days = [day for day, _ in STAGES] + [REVOKED]
    last = days[days.index(since) + 1] - timedelta(days=1)
    for day in (since, last):
        live = [version for version in at(corpus.versions, day) if version.state == "in_force"]
        texts = {version.eid: (version.heading or "", version.text or "") for version in live}
        assert texts == expected(name)
        assert list(texts) == list(expected(name))


def test_nothing_holds_before_the_act_and_everything_is_repealed_when_it_is_revoked(corpus: Corpus) -> None:
    assert at(corpus.versions, date(2020, 3, 2)) == []
    assert {version.state for version in at(corpus.versions, REVOKED)} == {"repealed"}


def test_a_repealed_pasal_is_a_tombstone_with_its_instruction(corpus: Corpus) -> None:
    (version,) = (version for version in at(corpus.versions, date(2021, 1, 5)) if version.eid == "pasal_6")
    assert (version.state, version.text, version.changed_by_seq) == ("repealed", None, 8)
    assert version.changed_by_document_id == "/akn/id-3316/act/perda/2021/2"


NOT_APPLIED = {
    ("2023/1", 7): ("conflict", "target_repealed"),
    ("2023/1", 9): ("target_missing", "no_such_phrase"),
}


def test_every_instruction_is_applied_but_for_those_that_cannot_be(corpus: Corpus) -> None:
    made = {key: (row.status, row.reason) for key, row in instructions(corpus).items()}
    assert len(made) == 37
    assert {key: outcome for key, outcome in made.items() if outcome != ("applied", None)} == NOT_APPLIED


def test_a_restated_ayat_that_was_not_declared_changed_is_a_finding(corpus: Corpus) -> None:
    found = [
        (finding.eid, finding.message)
        for work in corpus.works
        for part in work.parts
        for finding in part.document.findings
        if finding.code.startswith("restated_") and finding.stage == "consolidation"
    ]
    assert [eid for eid, _ in found] == ["pasal_I__angka_3"]
    assert found[0][1].startswith("pasal_4A__ayat_1:")


def test_every_version_is_traced_to_its_instruction(corpus: Corpus) -> None:
    known = instructions(corpus)
    for version in corpus.versions:
        if version.changed_by_document_id:
            act = version.changed_by_document_id.removeprefix("/akn/id-3316/act/perda/")
            assert known[act, version.changed_by_seq or 0].status == "applied"
        else:
            assert version.version == 1


def test_the_rows_pass_the_checks(corpus: Corpus) -> None:
    assert violations(arrow_tables(rows(corpus, "test"))) == []


def test_without_the_base_the_new_texts_are_still_there() -> None:
    corpus = parsed("first", "second")
    assert {row.status for row in instructions(corpus).values()} == {"base_missing"}
    assert {version.document_id for version in corpus.versions} == {work.document_id for work in corpus.works}
    assert all(version.version == 1 for version in corpus.versions)


def test_a_base_of_another_year_is_named_where_the_cited_one_is_absent(tmp_path: Path) -> None:
    for name in ("base", "first"):
        text = (FOLDER / f"{name}.txt").read_text("utf-8")
        wrong = text if name == "base" else text.replace("Nomor 4 Tahun 2020", "Nomor 4 Tahun 2019")
        (tmp_path / f"{name}.txt").write_text(wrong.replace("NOMOR 4 TAHUN 2020", "NOMOR 4 TAHUN 2019")
                                              if name == "first" else wrong, "utf-8")  # fmt: skip
    corpus = link(parse_all(collect([tmp_path])))
    assert {row.status for row in instructions(corpus).values()} == {"base_missing"}
    messages = [f.message for work in corpus.works for p in work.parts for f in p.document.findings
                if f.code == "base_missing"]  # fmt: skip
    assert len(messages) == 1
    assert BASE in messages[0]
