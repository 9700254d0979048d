"""The command as a person calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from extractors.models import Finding
from pipeline import parsing
from pipeline.cli import main
from pipeline.dictionary import as_text
from pipeline.exit_codes import ExitCode
from pipeline.reasons import Reason
from pipeline.terminal import safe, shown
from tests import made
from tests.test_run import fake_parse, write

README = Path(__file__).parent.parent / "README.md"
ACTIVE = "\x1b[31mred\x07 \x9b2J \u202etxt.exe [bold]x[/bold] [link=file:///etc]y[/link]"


@pytest.fixture(autouse=True)
def parse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "parse", fake_parse)


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_help_names_every_command_and_exit_code() -> None:
    shown_help = call("--help").stdout
    for name, command in main.commands.items():
        assert name in shown_help
        assert call(name, "--help").stdout.startswith("Usage:")
        assert command.help
        assert all(option.help for option in command.params if option.param_type_name == "option")
    for code in ExitCode:
        assert f"{code.value}  {code.description}" in shown_help


def test_every_command_exit_code_and_reason_is_in_the_readme() -> None:
    readme = README.read_text("utf-8")
    for name in main.commands:
        assert f"perbup {name}" in readme
    for code in ExitCode:
        assert f"| {code.value} | {code.description} |" in readme
    for reason in Reason:
        assert f"| `{reason.value}` | {reason.description} |" in readme


def test_a_good_run(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in", a="body", b="annex"), "-o", tmp_path / "out")
    assert done.exit_code == ExitCode.OK, done.output
    assert done.stderr == ""
    assert "perbup 6/2024 Kabupaten Blora" in done.stdout
    assert f"rows in {tmp_path / 'out'}/" in done.stdout
    assert (tmp_path / "out" / "manifest.json").exists()


def test_a_rejected_file_has_a_line_and_an_exit_code(tmp_path: Path) -> None:
    done = call("run", write(tmp_path / "in", a="body", b="novel"), "-o", tmp_path / "out", "--quiet")
    assert done.exit_code == ExitCode.INCOMPLETE
    assert done.stdout == ""
    assert done.stderr == f"rejected: b.txt: not_a_regulation: {Reason.NOT_A_REGULATION.description}\n"


@pytest.mark.parametrize(
    ("prepare", "code", "problem", "hint"),
    [
        (lambda folder: ["run", folder / "nowhere"], ExitCode.USAGE, "there is no ", "perbup run FILE_OR_FOLDER"),
        (lambda folder: ["run", folder], ExitCode.USAGE, "no .txt, .md or .pdf file in ", "perbup run FILE_OR_FOLDER"),
        (lambda folder: ["run", write(folder, a="body"), "-o", folder], ExitCode.USAGE, "no release", "-o FOLDER"),
        (lambda folder: ["parse", folder / "nowhere"], ExitCode.USAGE, "there is no ", "perbup parse FILE"),
        (lambda folder: ["parse", folder], ExitCode.USAGE, "is a folder", "perbup run "),
    ],
)
def test_errors_name_the_next_command(tmp_path: Path, prepare, code: ExitCode, problem: str, hint: str) -> None:
    done = call(*prepare(tmp_path))
    assert done.exit_code == code
    assert done.stdout == ""
    assert problem in done.stderr
    assert hint in done.stderr.splitlines()[-1]


def test_an_output_that_cannot_be_written_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("run", write(tmp_path / "in", a="body"), "-o", tmp_path / "file" / "out")
    assert done.exit_code == ExitCode.FAILED
    assert "cannot write" in done.stderr


def test_parse_shows_tree_tables_and_findings(tmp_path: Path) -> None:
    done = call("parse", write(tmp_path, a="body") / "a.txt")
    assert done.exit_code == ExitCode.OK
    for expected in ("pasal_1", "ayat_2", "Lampiran [bold]ini[/bold].", "missing_enacted_on", "no ayat (9)"):
        assert expected in done.stdout
    annex = call("parse", write(tmp_path, b="annex") / "b.txt")
    for expected in ("lampiran.1", "Persentase remaja putri", "= 90 % (2024)", "Dinas Kesehatan"):
        assert expected in annex.stdout


def test_parse_as_json_gives_all_rows_of_the_file(tmp_path: Path) -> None:
    rows = json.loads(call("parse", "--json", write(tmp_path, a="body") / "a.txt").stdout)
    assert [row["eid"] for row in rows["provisions"]] == ["pasal_1", "pasal_1__ayat_1", "pasal_1__ayat_2"]
    assert "regions" not in rows
    assert call("parse", write(tmp_path, b="novel") / "b.txt").exit_code == ExitCode.INCOMPLETE


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_schema(form: str) -> None:
    done = call("schema", "--format", form)
    assert done.exit_code == ExitCode.OK
    assert "indicator_targets" in done.stdout
    assert call("schema").stdout == as_text() + "\n"


def test_text_of_documents_is_shown_and_never_obeyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    document = made.body()
    finding = Finding("read", "odd", "error", ACTIVE, repair=ACTIVE)
    document = replace(
        document,
        metadata=replace(document.metadata, title=ACTIVE),
        provisions=(*document.provisions[:2], replace(document.provisions[2], text=made.mapped(ACTIVE))),
        findings=(*document.findings, finding),
    )
    monkeypatch.setattr(parsing, "parse", lambda _data, _name: made.parsed(document))
    path = write(tmp_path / "in", a="x") / "a.txt"
    for done in (call("parse", path), call("run", path, "-o", tmp_path / "out")):
        assert done.exit_code == ExitCode.OK
        assert not set(done.output) & set("\x1b\x07\x9b\u202e")
        assert r"\x1b[31mred\x07" in done.output
        assert "[bold]x[/bold]" in done.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ""),
        ("a\n\t b", "a b"),
        ("\x1b]0;title\x07", r"\x1b]0;title\x07"),
        ("\u202eabc", r"\u202eabc"),
        ("\ud800", r"\ud800"),
        ("Pasal 1 – “x”", "Pasal 1 – “x”"),
    ],
)
def test_safe(text: str | None, expected: str) -> None:
    assert safe(text) == expected
    assert shown(text).plain == expected
    assert shown("abcdef", width=4).plain == "abc…"


def test_a_sidecar_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "a.source.json").write_text("{}")
    done = call("run", tmp_path / "a.source.json")
    assert (done.exit_code, "no .txt, .md or .pdf file" in done.stderr) == (ExitCode.USAGE, True)
