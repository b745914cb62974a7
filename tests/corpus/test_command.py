"""``python -m corpus``: what it says, where it says it, and with which status it ends."""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import PROJECT, require

from corpus.__main__ import labelled, main
from corpus.command import UNFORESEEN, UNREAD
from corpus.errors import problem_of
from corpus.messages import text
from corpus.readers.cards import card_paths

Done = subprocess.CompletedProcess[str]
CARDS = len(card_paths())


class Shell:
    """Runs the command as a user does, from a folder of its own, with its data in a path with a space and an accent."""

    def __init__(self, folder: Path, encoder: Path | str) -> None:
        self.folder = folder
        self.data = folder / "données de l’essai"
        self.encoder = encoder
        self.docs = folder / "mes documents"

    def environment(self, **settings: str) -> dict[str, str]:
        ours = {"ASSISTANT_DATA": str(self.data), "ASSISTANT_ENCODER": str(self.encoder), "PYTHONPATH": str(PROJECT)}
        return (
            {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")} | ours | settings
        )

    def run(self, *arguments: str | Path, **settings: str) -> Done:
        command = [sys.executable, "-m", "corpus", *map(str, arguments)]
        environment = self.environment(**settings)
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, encoding="utf-8", timeout=200
        )


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Shell:
    shell = Shell(tmp_path_factory.mktemp("commande"), tiny_model)
    shell.docs.mkdir()
    (shell.docs / "page.md").write_text("# Une page\n\nUn paragraphe.", "utf-8")
    (shell.docs / "cassée.md").write_text("---\ntitle: [a\n---\n", "utf-8")
    (shell.docs / "son.mp3").write_bytes(b"PK")
    return shell


@pytest.fixture(scope="module")
def indexed(shell: Shell) -> Done:
    """The first indexing run: the embedded base and a folder that holds a broken file."""
    return shell.run("index", shell.docs)


@pytest.fixture
def empty(tmp_path: Path) -> Shell:
    """A command that has no data yet."""
    return Shell(tmp_path, "numeco-e5")


def one_sentence(done: Done) -> str:
    """What a refusal says, which is one sentence on standard error and nothing else."""
    assert done.returncode == 2 and done.stdout == ""
    [line] = done.stderr.splitlines()
    assert "Traceback" not in line and line[0].isupper() and line.endswith(".")
    return line


def test_indexing_ends_with_3_where_a_file_cannot_be_read_and_names_it(shell, indexed):
    assert indexed.returncode == 3, indexed.stderr
    assert "Traceback" not in indexed.stderr
    assert "cassée.md\u00a0: en-tête YAML cassé (ligne 3)" in indexed.stderr
    unread, done = indexed.stdout.splitlines()
    assert ".mp3 (1)" in unread and done.startswith(f"Index à jour\u00a0: {CARDS + 1} documents, ")


def test_an_unchanged_index_is_told_at_once_as_json(shell, indexed):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = shell.run("index", "--json")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time: the machine may be busy with something else.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 3
    assert (done.returncode, done.stderr) == (3, "")
    record = json.loads(done.stdout)
    assert (record["changed"], record["encoded"], record["documents"]) == (False, 0, CARDS + 1)
    broken = [file for file in record["files"] if file["status"] == "error"]
    assert [file["name"] for file in broken] == ["cassée.md"] and "ligne 3" in broken[0]["reason"]


def test_status_says_what_the_index_holds(shell, indexed):
    done = shell.run("status", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    record = json.loads(done.stdout)
    assert record["documents"] == CARDS + 1 and record["kinds"]["criterion"] == 78
    assert record["origins"] == {"card": CARDS, "own": 1}
    assert record["folders"] == [str(shell.docs)] and record["data"] == str(shell.data)
    assert record["files"]["base/*.md"] == {"indexed": CARDS}
    assert record["files"][".md"] == {"indexed": 1, "error": 1} and record["files"][".mp3"] == {"unread": 1}
    assert list(record["errors"]) == ["cassée.md"] and record["withdrawn"] == {}
    assert "RGESN 2022 → RGESN 2024" in record["superseded"]
    shown = shell.run("status")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert f"Dossiers\u00a0: {shell.docs}" in shown.stdout and "  criterion\u00a0: 78" in shown.stdout
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert ["indexés", "format", "non", "lu", "en", "erreur"] in rows and [".md", "1", "0", "1"] in rows
    assert [str(CARDS + 1), "1", "1"] in rows


def test_a_name_and_its_value_are_written_as_the_language_does():
    assert labelled("Passages", 9013, "fr") == "Passages\u00a0: 9\u202f013"
    assert labelled("Passages", 9013, "en") == "Passages: 9,013" and labelled("a.md", "b", "en") == "a.md: b"


def test_indexing_ends_with_0_where_every_file_is_read(shell, indexed, monkeypatch, capsys):
    for name, value in shell.environment(ASSISTANT_LANGUAGE="en").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(shell.folder)
    assert main(["index", "--json", "--forget", str(shell.docs)]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["changed"], record["encoded"], record["documents"]) == (True, 0, CARDS)
    assert main(["index"]) == 0
    passages = record["passages"]
    assert (
        capsys.readouterr().out == text("index_unchanged", "en", documents=CARDS, passages=passages, encoded=0) + "\n"
    )


def test_there_is_nothing_to_say_before_the_first_index(empty):
    assert one_sentence(empty.run("status")) == text("index_missing", encoder="numeco-e5")


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["index", "dossier absent"], {}, "Le dossier dossier absent n’existe pas"),
        (["index", "--forget", "dossier absent"], {}, "Le dossier dossier absent n’est pas indexé"),
        (["index"], {"ASSISTANT_LANGUAGE": "de"}, "ASSISTANT_LANGUAGE"),
        (["index"], {"ASSISTANT_ENCODER": ""}, "ASSISTANT_ENCODER"),
        (["index"], {"ASSISTANT_DATA": "/dev/null/données"}, "ASSISTANT_DATA"),
        (
            ["index", "--json"],
            {"ASSISTANT_ENCODER": "/dossier/absent"},
            "L’encodeur /dossier/absent ne peut pas être chargé",
        ),
        (["status"], {"ASSISTANT_DATA": "/dev/null/données"}, "Il n’y a pas encore d’index"),
        (["index", "absent"], {"ASSISTANT_LANGUAGE": "en"}, "The folder absent does not exist"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_a_refusal_is_one_sentence_and_status_2(empty, arguments, settings, said, monkeypatch, capsys):
    for name, value in empty.environment(**settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(empty.folder)
    code = main(arguments)
    assert said in one_sentence(Done(arguments, code, *capsys.readouterr()))


def test_a_refusal_is_the_same_from_the_shell(empty):
    assert one_sentence(empty.run("index", "absent")) == text("folder_missing", folder="absent")


@pytest.mark.parametrize("arguments", [[], ["réindexer"], ["index", "--forget"], ["status", "trop"]], ids=" ".join)
def test_a_command_that_does_not_fit_ends_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2 and "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["index", "--help"], ["status", "--help"]], ids=" ".join)
def test_help_comes_at_once(empty, arguments):
    started = time.perf_counter()
    done = empty.run(*arguments)
    assert time.perf_counter() - started < 1.5
    assert (done.returncode, done.stderr) == (0, "") and "--help" in done.stdout
    assert not empty.data.exists()


def test_an_interruption_is_told_in_a_word(monkeypatch, capsys, tmp_path):
    def interrupt(*ignored, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr("corpus.index.update", interrupt)
    assert main(["index"]) == 130
    assert capsys.readouterr().err == "Interrompu.\n"


# --- what was not foreseen ------------------------------------------------------------------------------------------


class Panic(BaseException):
    """As a library in Rust raises it: no Exception."""


@pytest.mark.parametrize("error", [RuntimeError("deux\nlignes" * 90), Panic("aïe"), MemoryError(), AssertionError()])
@pytest.mark.parametrize(
    ("program", "arguments", "broken"),
    [
        ("corpus.__main__", ["status"], "corpus.index.Index.open"),
        ("assistant.__main__", ["ask", "Combien ?"], "assistant.ask.Assistant.open"),
        ("eval.__main__", ["score", "RUN.jsonl"], "eval.commands.score_command"),
        ("app", [], "app.run"),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unforeseen_error_is_one_sentence_and_neither_0_nor_1(
    program, arguments, broken, error, language, monkeypatch, capsys
):
    def fail(*ignored, **options):
        raise error

    monkeypatch.setattr(broken, fail)
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    monkeypatch.delenv("ASSISTANT_DEBUG", raising=False)
    command = importlib.import_module(program).main
    assert command(arguments) == UNFORESEEN == 70
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.count("\n") == 1 and len(shown.err) < 450
    assert shown.err == text("unforeseen", language, problem=problem_of(error)) + "\n"
    monkeypatch.setenv("ASSISTANT_DEBUG", "1")
    assert command(arguments) == UNFORESEEN
    detail = capsys.readouterr().err
    assert detail.startswith("Traceback") and "in fail" in detail and detail.endswith(shown.err)


@pytest.mark.parametrize(("argument", "unbuffered"), [("disagreements", ""), ("disagreements", "1"), ("--help", "")])
def test_a_reader_who_leaves_is_no_error(empty, argument, unbuffered):
    out, into = os.pipe()
    os.close(out)
    environment = empty.environment(PYTHONUNBUFFERED=unbuffered)
    command = [sys.executable, "-m", "corpus", argument]
    done = subprocess.run(command, env=environment, stdout=into, stderr=subprocess.PIPE, encoding="utf-8", timeout=60)
    os.close(into)
    assert (done.returncode, done.stderr) == (UNREAD, "") and UNREAD == 141


def test_an_error_that_nobody_reads_keeps_its_status(empty):
    out, into = os.pipe()
    os.close(out)
    command = [sys.executable, "-m", "corpus", "index", "absent"]
    done = subprocess.run(command, cwd=empty.folder, env=empty.environment(), stdout=into, stderr=into, timeout=60)
    os.close(into)
    assert done.returncode == 2


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_output_that_finds_no_room_is_one_sentence(empty, unbuffered):
    require(os.path.exists("/dev/full"), "no /dev/full on this system")
    environment = empty.environment(PYTHONUNBUFFERED=unbuffered)
    command = [sys.executable, "-m", "corpus", "disagreements"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, env=environment, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and done.stderr.startswith("Le système refuse")
