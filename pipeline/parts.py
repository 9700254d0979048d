"""The corpus part by part: each put together in a process of its own, its rows left in files beside the release."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
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
from pipeline.link import Elsewhere, FileResult, places
from pipeline.parsing import Results, ResultsLostError, failed
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
# Groups of files in other parts whose places are kept at hand.
REMEMBERED = 64
NO_CULPRITS: Mapping[int, Failure] = {}


@dataclass(frozen=True, slots=True)
class Told:
    """What a part tells besides its rows, which are not written where one of the last three is not empty.

    `edited`: acts that edits name; `broken`: rules that its rows break; `unfit`: edits that do not fit; `lost`: files
    whose results are lost.
    """

    tally: Tally = field(default_factory=Tally)
    agencies: Counter[tuple[str, Office]] = field(default_factory=Counter)
    edited: frozenset[str] = frozenset()
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
    _places: Callable[[tuple[int, ...]], dict[str, frozenset[str]]] = field(init=False)

    def __post_init__(self) -> None:
        self._places = lru_cache(REMEMBERED)(self._places_of)

    def assemble(self, workers: int, tick: Tick) -> list[Told]:
        """All parts, in the plan's order.

        Raises ResultsLostError, ChecksFailedError, CorrectionFailedError, OSError.
        """
        told: dict[int, Told] = {}
        count = len(self.plan.parts)

        def tell() -> None:
            tick(Step("assemble", len(told), count))

        tell()
        with closing(supervise(range(count), self._part, workers, tick=tell)) as tasks:
            for number, outcome in tasks:
                if isinstance(outcome, Failure):
                    outcome = self._one_by_one(number, outcome)
                if isinstance(outcome, OSError):
                    raise outcome
                told[number] = outcome
                tell()
        if lost := {index for one in told.values() for index in one.lost}:
            raise ResultsLostError(lost)
        if unfit := [message for number in range(count) for message in told[number].unfit]:
            raise CorrectionFailedError(unfit)
        broken = [message for number in range(count) for message in told[number].broken]
        if broken:
            raise ChecksFailedError(broken)
        return [told[number] for number in range(count)]

    def _part(self, number: int, culprits: Mapping[int, Failure] = NO_CULPRITS) -> Told | OSError:
        """In a process of its own: the rows of a part into its files, without those of the culprits."""
        elsewhere = Elsewhere(self.plan.claimed.keys(), lambda act: self._places(self.plan.claimed[act])[act])
        try:
            made = assemble(self._loaded(self.plan.parts[number], culprits), self.edits, elsewhere)
            self._write(number, made)
        except ResultsLostError as error:
            return Told(lost=error.indexes)
        except ChecksFailedError as error:
            return Told(broken=tuple(str(error).splitlines()))
        except CorrectionFailedError as error:
            return Told(unfit=error.problems)
        except OSError as error:  # a full disk is no fault of the files
            return error
        acts = (row["document_id"] for row in made.rows["documents"])
        edited = self.edits.documents.intersection(acts)
        return Told(tally(made.corpus, made.rows["findings"]), mentioned(made.corpus), edited)

    def _loaded(self, indexes: Sequence[int], culprits: Mapping[int, Failure] = NO_CULPRITS) -> list[FileResult]:
        """The results of files. Raises ResultsLostError."""
        results = {index: self.results.load(index) for index in indexes if index not in culprits}
        if lost := [index for index, one in results.items() if one is None]:
            raise ResultsLostError(lost)
        for index, why in culprits.items():
            results[index] = FileResult(self.results.files[index], failed(why.reason, why.message))
        return [one for index in indexes if (one := results[index])]

    def _one_by_one(self, number: int, failure: Failure) -> Told | OSError:
        """A part whose process ended: its files tried alone, those that end it again rejected, and the part again."""
        indexes = self.plan.parts[number]
        culprits = {
            index: outcome for index, outcome in supervise(indexes, self._alone, 1) if isinstance(outcome, Failure)
        }
        ((_, outcome),) = supervise([number], lambda part: self._part(part, culprits), 1)
        if isinstance(outcome, Failure):
            return Told(broken=(f"part {number} of the corpus: {failure.message}, then {outcome.message}",))
        return outcome

    def _alone(self, index: int) -> None:
        loaded = self.results.load(index)
        if loaded:
            assemble([loaded])

    def _places_of(self, group: tuple[int, ...]) -> dict[str, frozenset[str]]:
        """The places of each act of a group of files in another part. Raises ResultsLostError."""
        return places(self._loaded(group), self.plan.claimed.keys())

    def _write(self, number: int, made: Assembled) -> None:
        split = _Files(made) if self.by_province or len(self.plan.claimed) > ONE_FILE else None
        tables = {name: table for name, table in made.tables.items() if name not in COMMON}
        if people := copies.people(made.rows):
            tables[PEOPLE] = people_table(people)
        for name, table in tables.items():
            if not table.num_rows:
                continue
            parts = split.of(name, table) if split else {WHOLE: table}
            for file, rows in parts.items():
                write_part(self.folder / name / f"{file}-{number:06}.arrow", rows)


def ready() -> None:
    """What parts and tables need, imported once before processes are forked, and without threads, which would not
    live on in them."""
    import pandas  # noqa: F401
    import pyarrow as pa
    import pyarrow.ipc
    import pyarrow.parquet

    from pipeline import checks  # noqa: F401

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


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


def people_table(rows: list[dict[str, Any]]) -> pa.Table:
    """Rows of `copies.people` or their keys, at least one, of the same types in every part."""
    import pyarrow as pa

    numbers = {"target_no": pa.int32(), "value": pa.float64()}
    numbers |= dict.fromkeys(("page", "char_start", "char_end"), pa.int32())
    return pa.Table.from_pylist(rows, pa.schema([(name, numbers.get(name, pa.string())) for name in rows[0]]))


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
