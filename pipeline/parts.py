"""The corpus part by part: each put together in a process of its own, its rows left in files beside the release."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from extractors.models import Office
from pipeline import copies
from pipeline.agencies import mentioned
from pipeline.assemble import Assembled, ChecksFailedError, assemble
from pipeline.corrections import CorrectionFailedError
from pipeline.edits import Edits
from pipeline.isolation import Failure
from pipeline.link import Elsewhere, FileResult, link
from pipeline.parsing import Results, failed
from pipeline.plan import Plan
from pipeline.progress import Step, Tick
from pipeline.supervisor import supervise
from pipeline.tally import Tally, tally

if TYPE_CHECKING:
    import pyarrow as pa

WHOLE = "all"
# Releases of more acts have one file a province in each table.
ONE_FILE = 2_000
# Acts of the state, and files that gave no act.
NO_PROVINCE = "00"
# Tables that are made once for the whole corpus.
COMMON = ("regions", "indicator_catalog", "agencies")
# Figures that may be shared with regions in other parts; no table of the release.
PEOPLE = "people"
# Acts of other parts whose places are kept at hand.
REMEMBERED = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What a part tells besides its rows, which are not written where one of the last three is not empty.

    `broken`: rules that its rows break; `unfit`: edits that do not fit; `lost`: files whose results the cache lost.
    """

    tally: Tally = field(default_factory=Tally)
    agencies: Counter[tuple[str, Office]] = field(default_factory=Counter)
    broken: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()
    lost: tuple[int, ...] = ()


@dataclass(slots=True)
class Parts:
    """Puts parts together into `folder`: `<table>/<file>-<part>.arrow`, file being a province or `all`.

    `by_province`: one file a province also where there are few acts.
    """

    results: Results
    plan: Plan
    folder: Path
    edits: Edits
    by_province: bool = False
    _places: Callable[[str], frozenset[str]] = field(init=False)

    def __post_init__(self) -> None:
        self._places = lru_cache(REMEMBERED)(self._places_of)

    def assemble(self, workers: int, tick: Tick) -> list[Told]:
        """All parts, in the plan's order. Raises ChecksFailedError, CorrectionFailedError."""
        told: dict[int, Told] = {}
        count = len(self.plan.parts)
        tick(Step("assemble", 0, count))
        again = list(range(count))
        while again:
            tasks, again = again, []
            outcomes = supervise(
                tasks, self._part, workers, prepare=ready, tick=lambda: tick(Step("assemble", len(told), count))
            )
            for number, outcome in outcomes:
                if isinstance(outcome, Failure):
                    outcome = self._one_by_one(number, outcome)
                if outcome.lost:
                    self.results.parse_again(outcome.lost, workers)
                    again.append(number)
                    continue
                told[number] = outcome
                tick(Step("assemble", len(told), count))
        if unfit := [message for number in range(count) for message in told[number].unfit]:
            raise CorrectionFailedError(unfit)
        broken = [message for number in range(count) for message in told[number].broken]
        if broken:
            raise ChecksFailedError(broken)
        return [told[number] for number in range(count)]

    def _part(self, number: int) -> Told:
        """In a process of its own: the rows of a part into its files."""
        return self._rows(number, [self.results.load(index) for index in self.plan.parts[number]])

    def _rows(self, number: int, loaded: Sequence[FileResult | None]) -> Told:
        lost = [index for index, one in zip(self.plan.parts[number], loaded, strict=True) if one is None]
        if lost:
            return Told(lost=tuple(lost))
        elsewhere = Elsewhere(self.plan.claimed.keys(), self._places)
        try:
            made = assemble([one for one in loaded if one], self.edits, elsewhere)
        except ChecksFailedError as error:
            return Told(broken=tuple(str(error).splitlines()))
        except CorrectionFailedError as error:
            return Told(unfit=error.problems)
        self._write(number, made)
        return Told(tally(made.corpus, made.rows["findings"]), mentioned(made.corpus))

    def _one_by_one(self, number: int, failure: Failure) -> Told:
        """A part whose process ended: its files tried alone, those that end it again rejected, and the part again."""
        indexes = self.plan.parts[number]
        culprits = {
            index: outcome for index, outcome in supervise(indexes, self._alone, 1) if isinstance(outcome, Failure)
        }
        loaded = [
            FileResult(self.results.files[index], failed(culprits[index].reason, culprits[index].message))
            if index in culprits
            else self.results.load(index)
            for index in indexes
        ]
        ((_, outcome),) = supervise([number], lambda part: self._rows(part, loaded), 1)
        if isinstance(outcome, Failure):
            return Told(broken=(f"part {number} of the corpus: {failure.message}, then {outcome.message}",))
        return outcome

    def _alone(self, index: int) -> None:
        loaded = self.results.load(index)
        if loaded:
            assemble([loaded])

    def _places_of(self, document_id: str) -> frozenset[str]:
        """The places of an act of another part."""
        loaded = [self.results.load(index) for index in self.plan.claimed[document_id]]
        corpus = link([one for one in loaded if one])
        return frozenset(
            provision.eid
            for work in corpus.works
            if work.document_id == document_id
            for part in work.parts
            for provision in part.document.provisions
        )

    def _write(self, number: int, made: Assembled) -> None:
        split = _Files(made) if self.by_province or len(self.plan.claimed) > ONE_FILE else None
        people = copies.people(made.rows)
        tables = {name: table for name, table in made.tables.items() if name not in COMMON}
        tables[PEOPLE] = plain_table(people)
        for name, table in tables.items():
            if not table.num_rows:
                continue
            parts = split.of(name, table) if split else {WHOLE: table}
            for file, rows in parts.items():
                write_part(self.folder / name / f"{file}-{number:06}.arrow", rows)


def ready() -> None:
    """What every part needs, imported once before processes are forked."""
    import pandas  # noqa: F401
    import pyarrow.ipc
    import pyarrow.parquet  # noqa: F401

    from pipeline import checks  # noqa: F401


class _Files:
    """Which file of a large release each row goes into: that of its act's province."""

    def __init__(self, made: Assembled) -> None:
        self._provinces = {row["document_id"]: row["province_code"] or NO_PROVINCE for row in made.rows["documents"]}
        self._sources = {
            row["source_sha256"]: self._provinces.get(row["document_id"], NO_PROVINCE) for row in made.rows["sources"]
        }

    def of(self, name: str, table: pa.Table) -> dict[str, pa.Table]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for number, file in enumerate(self._file(name, table)):
            rows[file].append(number)
        return {file: table.take(numbers) for file, numbers in rows.items()}

    def _file(self, name: str, table: pa.Table) -> list[str]:
        columns = set(table.column_names)
        if "document_id" in columns and name not in ("sources", "findings"):
            return [self._provinces.get(one, NO_PROVINCE) for one in table["document_id"].to_pylist()]
        if "indicator_id" in columns:
            ids = table["indicator_id"].to_pylist()
            return [self._provinces.get(one.partition("#")[0], NO_PROVINCE) for one in ids]
        return [self._sources.get(one, NO_PROVINCE) for one in table["source_sha256"].to_pylist()]


def plain_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of no declared table."""
    import pyarrow as pa

    return pa.Table.from_pylist(rows)


def write_part(path: Path, table: pa.Table) -> None:
    """Write rows to a file of their own. Raises OSError."""
    import pyarrow as pa

    path.parent.mkdir(parents=True, exist_ok=True)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_parts(paths: Sequence[Path]) -> pa.Table:
    """The rows of such files, one after another."""
    import pyarrow as pa

    return pa.concat_tables([pa.ipc.open_file(pa.memory_map(str(path))).read_all() for path in paths])


def part_files(folder: Path, table: str) -> dict[str, list[Path]]:
    """The files of parts of a table, by the release's file that they belong to."""
    files: defaultdict[str, list[Path]] = defaultdict(list)
    for path in sorted((folder / table).glob("*.arrow")):
        files[path.stem.rpartition("-")[0]].append(path)
    return dict(files)
