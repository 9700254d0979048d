"""What differs between an act as it stood on two days."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from extractors.models import ProvisionVersion


class Difference(NamedTuple):
    """One place that differs. `action` is `insert`, `repeal`, `substitute` or `retitle`, as in `amendments`.

    `inner`: it came or went together with the place above it.
    """

    eid: str
    action: str
    before: ProvisionVersion | None
    after: ProvisionVersion | None
    inner: bool


def differences(before: Sequence[ProvisionVersion], after: Sequence[ProvisionVersion]) -> list[Difference]:
    """The places that differ, in reading order; each argument holds at most one version of a place."""
    old = {version.eid: version for version in before if version.state == "in_force"}
    new = {version.eid: version for version in after if version.state == "in_force"}
    ordinals = {version.eid: version.ordinal for version in (*before, *after)}
    found: dict[str, Difference] = {}
    for eid in sorted(old.keys() | new.keys(), key=lambda eid: ordinals[eid]):
        was, now = old.get(eid), new.get(eid)
        action = _action(was, now)
        if action is None:
            continue
        parent = (now or was).parent_eid if now or was else None  # type: ignore[union-attr]
        above = found.get(parent) if parent else None
        inner = above is not None and above.action == action and action in ("insert", "repeal")
        found[eid] = Difference(eid, action, was, now, inner)
    return list(found.values())


def _action(was: ProvisionVersion | None, now: ProvisionVersion | None) -> str | None:
    if was is None or now is None:
        return "insert" if was is None else "repeal"
    if was.text != now.text:
        return "substitute"
    return "retitle" if was.heading != now.heading else None
