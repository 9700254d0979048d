"""Which files have to be seen together: those that claim one act, that change one act, or that are equal.

What linking needs to know of all files at once is little; with it the corpus is put together part by part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extractors.acts.identifiers import fallback_id
from pipeline.document import Parsed

# A part of the corpus: so many files, or of so many characters, unless one group alone is larger.
PART_FILES = 200
PART_CHARACTERS = 4_000_000


@dataclass(frozen=True, slots=True)
class Head:
    """What other files need to know of a parsed one: the acts it claims to be, and those that it changes.

    `claims` holds None for an act without an identity.
    """

    status: str
    claims: tuple[str | None, ...]
    changes: tuple[str, ...]
    characters: int


def head_of(parsed: Parsed) -> Head:
    """The head of a file's result."""
    targets = (row.target_document_id for document in parsed.documents for row in document.amendments)
    pages = parsed.source.pages if parsed.source else ()
    return Head(
        parsed.status,
        tuple(document.metadata.document_id for document in parsed.documents),
        tuple(sorted({target for target in targets if target})),
        sum(len(page.text) for page in pages),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """`parts`: the files by index, group by group, in the order of their acts. `claimed`: the groups of each act."""

    parts: tuple[tuple[int, ...], ...]
    claimed: dict[str, tuple[int, ...]]


def plan(files: Iterable[tuple[str | None, Head | None]]) -> Plan:
    """The plan for files given as (sha256, head), in their order; a file that gave nothing has no head."""
    groups = _Groups()
    weights: list[int] = []
    claims: defaultdict[str, list[int]] = defaultdict(list)
    first: dict[int, str] = {}
    for index, (sha256, head) in enumerate(files):
        weights.append(head.characters if head else 0)
        if sha256 is not None:
            groups.join(index, f"sha256 {sha256}")
        if head is None:
            continue
        for claim in head.claims:
            document_id = claim or fallback_id(sha256 or "")
            claims[document_id].append(index)
            groups.join(index, document_id)
            first[index] = min(document_id, first.get(index, document_id))
        for target in head.changes:
            groups.join(index, target)
    together = groups.members(len(weights))
    together.sort(key=lambda members: (min(first.get(index, "~") for index in members), members))
    own = {index: tuple(members) for members in together for index in members if index in first}
    claimed = {document_id: own[indexes[0]] for document_id, indexes in claims.items()}
    return Plan(tuple(_parts(together, weights)), claimed)


def _parts(groups: Sequence[list[int]], weights: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The groups one after another in parts of a size that one process holds with ease."""
    part: list[int] = []
    weight = 0
    for group in groups:
        more = sum(weights[index] for index in group)
        if part and (len(part) + len(group) > PART_FILES or weight + more > PART_CHARACTERS):
            yield tuple(sorted(part))
            part, weight = [], 0
        part += group
        weight += more
    if part:
        yield tuple(sorted(part))


class _Groups:
    """Files that share a name, directly or through others."""

    def __init__(self) -> None:
        self._leader: dict[str | int, str | int] = {}

    def join(self, index: int, name: str) -> None:
        self._leader[self._lead(index)] = self._lead(name)

    def members(self, count: int) -> list[list[int]]:
        """The groups of the files 0 … count - 1."""
        groups: defaultdict[str | int, list[int]] = defaultdict(list)
        for index in range(count):
            groups[self._lead(index)].append(index)
        return list(groups.values())

    def _lead(self, name: str | int) -> str | int:
        self._leader.setdefault(name, name)
        while self._leader[name] != name:
            self._leader[name] = self._leader[self._leader[name]]
            name = self._leader[name]
        return name
