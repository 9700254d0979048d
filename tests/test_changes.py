"""Generated acts: instructions applied, and the difference of the days before and after gives them back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.consolidation.chain import ActText, consolidate
from extractors.consolidation.changes import differences
from extractors.models import EMPTY, ProvisionVersion
from tests.acts import act
from tests.made import mapped
from tests.test_consolidation import BASE, amending, metadata

WORDS = st.sampled_from(
    ["Dinas", "Bupati", "pasar", "desa", "wajib", "dapat", "1 (satu)", "paling lama", "<b>", "“kata”"]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
START = date(2020, 1, 1)


@dataclass
class Model:
    """What the act should say: eid to text in reading order, BAB titles, and the instructions of each amending act."""

    texts: dict[str, str]
    titles: dict[str, str]
    ayat: dict[str, int]
    repealed: set[str] = field(default_factory=set)


@st.composite
def models(draw: st.DrawFn) -> Model:
    model = Model({}, {}, {})
    for number in range(1, draw(st.integers(2, 7)) + 1):
        if number % 3 == 1:
            model.titles[f"bab_{'I' * (number // 3 + 1)}"] = draw(TEXTS)
        pasal, count = f"pasal_{number}", draw(st.integers(0, 4))
        model.texts[pasal] = "" if count else draw(TEXTS)
        model.ayat[pasal] = count
        for ayat in range(1, count + 1):
            model.texts[f"{pasal}__ayat_{ayat}"] = draw(TEXTS)
    return model


def base(model: Model) -> ActText:
    nodes = []
    parents: dict[str, str] = {}
    titles = iter(model.titles)
    above = ""
    for eid, text in model.texts.items():
        if "__" not in eid:
            if int(eid.removeprefix("pasal_")) % 3 == 1:
                above = next(titles)
                nodes.append((above, "bab", "body", ""))
            parents[eid] = above
        nodes.append((eid, "ayat" if "__" in eid else "pasal", "body", text))
    _, provisions = act(nodes)
    placed = [
        replace(p, parent_eid=parents.get(p.eid, p.parent_eid), heading=mapped(model.titles.get(p.eid, "")) or EMPTY)
        for p in provisions
    ]
    return ActText(BASE, metadata(BASE, START), tuple(placed))


def changes(draw: st.DrawFn, model: Model, stage: int) -> list[tuple[dict[str, object], tuple[str, str]]]:
    """Instructions that touch a place each, written into the model; with each the difference that it should make."""
    made: list[tuple[dict[str, object], tuple[str, str]]] = []
    suffix = "ABC"[stage]
    for pasal in [eid for eid in model.texts if "__" not in eid and eid not in model.repealed]:
        own = [eid for eid in model.texts if eid.startswith(f"{pasal}__") and eid not in model.repealed]
        action = draw(st.sampled_from(["none", "substitute", "insert", "append", "repeal", "new", "article"]))
        text = f"{draw(TEXTS)} {stage}"
        leaf = draw(st.sampled_from(own)) if own else pasal
        if action == "substitute":
            row = {"action": action, "target_eid": leaf, "quotes": [(leaf, kind(leaf), text)]}
            made.append((row, ("substitute", leaf)))
            model.texts[leaf] = text
        elif action == "repeal":
            made.append(({"action": action, "target_eid": leaf}, ("repeal", leaf)))
            model.repealed.add(leaf)
        elif action == "append" and own and model.ayat[pasal]:
            model.ayat[pasal] += 1
            new = f"{pasal}__ayat_{model.ayat[pasal]}"
            row = {"action": action, "target_eid": pasal, "new_eid": new, "quotes": [(new, "ayat", text)]}
            made.append((row, ("insert", new)))
            put(model, new, [eid for eid in model.texts if eid.startswith(f"{pasal}__")][-1], text)
        elif action == "insert" and own and leaf[-1].isdigit():
            new = f"{leaf}{suffix.lower()}"
            row = {"action": action, "after_eid": leaf, "new_eid": new, "quotes": [(new, "ayat", text)]}
            made.append((row, ("insert", new)))
            put(model, new, [eid for eid in model.texts if eid.startswith(leaf)][-1], text)
        elif action == "new" and pasal[-1].isdigit():
            new = f"{pasal}{suffix}"
            row = {"action": "insert", "after_eid": pasal, "new_eid": new, "quotes": [(new, "pasal", text)]}
            made.append((row, ("insert", new)))
            put(model, new, [eid for eid in model.texts if belongs(eid, pasal)][-1], text)
            model.ayat[new] = 0
        elif action == "article" and not own:
            row = {"action": "substitute", "target_eid": pasal, "quotes": [(pasal, "pasal", text)]}
            made.append((row, ("substitute", pasal)))
            model.texts[pasal] = text
    return made


def kind(eid: str) -> str:
    return "ayat" if "__" in eid else "pasal"


def belongs(eid: str, pasal: str) -> bool:
    """Whether a place stands under the Pasal, or under one inserted behind it before (`pasal_3A`)."""
    root = eid.split("__")[0]
    return root.rstrip("ABC") == pasal


def put(model: Model, new: str, behind: str, text: str) -> None:
    items = list(model.texts.items())
    at = [eid for eid, _ in items].index(behind) + 1
    items.insert(at, (new, text))
    model.texts = dict(items)


def held(versions: tuple[ProvisionVersion, ...], day: date) -> list[ProvisionVersion]:
    found = [v for v in versions if v.valid_from and v.valid_from <= day and (v.valid_to is None or day < v.valid_to)]
    return sorted(found, key=lambda v: v.ordinal)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_apply_then_diff_gives_the_instructions_back(data: st.DataObject) -> None:
    model = data.draw(models())
    acts = [base(model)]
    expected: list[tuple[date, list[tuple[str, str]], dict[str, str]]] = []
    for stage in range(3):
        on = START + timedelta(days=100 * (stage + 1))
        rows = changes(data.draw, model, stage)
        acts.append(amending(*(row for row, _ in rows), document_id=f"/akn/id-3316/act/perbup/{2021 + stage}/1", on=on))
        texts = {eid: text for eid, text in model.texts.items() if not gone(model, eid)}
        expected.append((on, [difference for _, difference in rows], texts))
    made = consolidate(acts)
    assert {outcome.status for outcome in made.outcomes.values()} <= {"applied"}
    versions = made.versions[BASE]
    for on, instructions, texts in expected:
        before, after = held(versions, on - timedelta(days=1)), held(versions, on)
        live = {v.eid: v.text or "" for v in after if v.state == "in_force" and v.kind != "bab"}
        assert live == texts
        assert list(live) == list(texts)
        found = differences(before, after)
        assert sorted((d.action, d.eid) for d in found if not d.inner) == sorted(instructions)


def gone(model: Model, eid: str) -> bool:
    return eid in model.repealed or eid.split("__")[0] in model.repealed


def test_a_new_title_is_a_difference_of_its_own() -> None:
    version = ProvisionVersion(BASE, "bab_I", 1, None, "bab", "I", "LAMA", None, 1, "in_force", START, None)
    (found,) = differences([version], [replace(version, version=2, heading="BARU")])
    assert (found.action, found.eid, found.inner) == ("retitle", "bab_I", False)
    assert differences([version], [version]) == []
