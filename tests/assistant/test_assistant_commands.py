"""python -m assistant ask | search: exit codes, JSON, and one sentence where something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_index import spaced

from assistant import ask
from assistant.__main__ import main

PROJECT = Path(__file__).resolve().parents[2]
HOW = "Comment ouvrir un atelier de réparation de téléphones ?"
MISSING = "Que dit le critère 4.40 ?"


@pytest.fixture
def command(small_settings, tmp_path):
    """Run the command in a process of its own, on the small index; settings are given by name."""

    def run(*arguments, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
        given = {"ASSISTANT_DATA": str(small_settings.data), **settings}
        return subprocess.run(
            [sys.executable, "-m", "assistant", *arguments],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(PROJECT), "PYTHONIOENCODING": "utf-8", **given},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


@pytest.fixture
def here(small_assistant, monkeypatch):
    """Put the assistant that is loaded in the place of the one that the command would load."""
    monkeypatch.setattr(ask.Assistant, "open", lambda settings: small_assistant)


# --- processes ------------------------------------------------------------------------------------------------------


def test_a_question_is_answered_as_json_by_a_process_of_its_own(command):
    done = command("ask", HOW, "--json", "--top", "4")
    assert (done.returncode, done.stderr) == (0, "")
    line = json.loads(done.stdout)
    assert line["question"] == HOW and line["status"] == "answered" and not line["abstained"]
    assert len([passage for passage in line["passages"] if passage["score"] is not None]) == 4
    assert all(citation["quote"] in line["passages"][citation["number"] - 1]["text"] for citation in line["citations"])


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (("ask", HOW), {"ASSISTANT_DATA": "nulle-part"}, "python -m corpus index"),
        (("ask", HOW, "--filter", "theme"), {}, "facette=valeur"),
        (("ask", HOW), {"ASSISTANT_PORT": "zéro"}, "ASSISTANT_PORT"),
        (("ask", HOW), {"ASSISTANT_LLM_BASE_URL": "ftp://x"}, "ASSISTANT_LLM_BASE_URL"),
        (("ask", HOW), {"ASSISTANT_LANGUAGE": "de"}, "ASSISTANT_LANGUAGE"),
        (("ask",), {}, "question"),
        (("demander", HOW), {}, "demander"),
    ],
    ids=["no index", "filter without a value", "port", "address", "language", "no question", "no such command"],
)  # fmt: skip
def test_what_is_wrong_is_one_sentence_and_status_2(command, arguments, settings, said):
    done = command(*arguments, **settings)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("ask", "--help"), ("search", "-h")])
def test_help_comes_at_once_and_in_french(command, arguments):
    started = time.perf_counter()
    done = command(*arguments)
    assert done.returncode == 0 and spaced(done.stdout).startswith("usage : ") and "options:" not in done.stdout
    assert time.perf_counter() - started < 5


def test_help_imports_nothing_heavy(command, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\nfor name in ('torch', 'chromadb', 'numpy'):\n    sys.modules[name] = None\n"
    )
    assert command("--help", PYTHONPATH=f"{tmp_path}{os.pathsep}{PROJECT}").returncode == 0


# --- a data folder that is read-only --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("assistant", "ask", HOW), 0),
        (("assistant", "ask", MISSING), 1),
        (("assistant", "search", HOW), 0),
        (("corpus", "status"), 0),
        (("corpus", "index"), 2),
        (("corpus", "remove", "--collection", "Essai"), 2),
    ],
    ids=lambda value: " ".join(value[:2]) if isinstance(value, tuple) else None,
)
def test_a_read_only_data_folder_is_read_and_a_change_refused_in_one_sentence(
    read_only, small_settings, tmp_path, arguments, status
):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    environment |= {"ASSISTANT_DATA": str(small_settings.data), "TMPDIR": str(tmp_path)}
    command = [*read_only, sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, encoding="utf-8", timeout=120)
    assert done.returncode == status, done.stderr
    if status == 2:
        assert done.stdout == "" and done.stderr.count("\n") == 1 and "ASSISTANT_DATA" in done.stderr
    else:
        assert done.stdout and done.stderr == ""
    assert list(tmp_path.glob("assistant-index-*")) == []


# --- what is printed ------------------------------------------------------------------------------------------------


def test_an_answer_is_printed_with_each_source_once(here, capsys):
    assert main(["ask", "critère 4.4"]) == 0
    shown = spaced(capsys.readouterr().out)
    assert "aucune requête ne part vers un autre domaine" in shown and "Sources" in shown
    assert shown.count("RGESN 2024, Arcep, Arcom et ADEME, avec la DINUM, la CNIL et Inria, 2024-05, critère 4.4") == 4
    assert (
        shown.count(
            "https://ecoresponsable.numerique.gouv.fr/publications/referentiel-general-ecoconception/critere/4.4/"
        )
        == 4
    )
    assert all(len(line) <= 120 for line in shown.splitlines() if "http" not in line)


def test_a_card_is_shown_as_a_summary_of_its_sources(here, capsys):
    assert main(["ask", "Que demande le critère 1.1 ?"]) == 0
    # Of its card's places, those alone that prove it.
    assert "Fiche de synthèse, d’après RGESN 2024, critère 1.1\n" in spaced(capsys.readouterr().out)


def test_a_refusal_is_status_1(here, capsys):
    assert main(["ask", MISSING]) == 1
    shown = spaced(capsys.readouterr().out)
    assert "critère 4.40" in shown and "4.10 – " in shown


def test_a_refusal_as_json_is_status_1(here, capsys):
    assert main(["ask", MISSING, "--json"]) == 1
    line = json.loads(capsys.readouterr().out)
    assert line["abstained"] and line["basis"] == "none"


@pytest.mark.parametrize("top", [1, 3])
def test_passages_are_printed_best_first(here, capsys, top):
    assert main(["search", HOW, "--top", str(top)]) == 0
    shown = spaced(capsys.readouterr().out)
    assert "[1] Tenir un atelier de réparation de téléphones, « Comment ouvrir l’atelier »" in shown
    assert f"[{top}]" in shown and f"[{top + 1}]" not in shown


def test_passages_are_given_as_json(here, capsys):
    assert main(["search", HOW, "--json", "--top", "2"]) == 0
    line = json.loads(capsys.readouterr().out)
    assert len(line["passages"]) == 2 and line["answer"] == "" and line["citations"] == []


def test_filters_add_up(here, capsys):
    assert (
        main(
            [
                "search",
                HOW,
                "--json",
                "--filter",
                "kind=law",
                "--filter",
                "kind=good practice",
                "--filter",
                "origin=official",
            ]
        )
        == 0
    )
    found = {passage["document"].split("/")[0] for passage in json.loads(capsys.readouterr().out)["passages"]}
    assert found == {"markdown", "guide-bonnes-pratiques"}


def test_no_passage_is_status_1(here, capsys):
    assert main(["search", HOW, "--filter", "theme=cuisine"]) == 1
    assert capsys.readouterr().out == "Aucun passage trouvé.\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", HOW, "--filter", "couleur=bleu"], "couleur"),
        (["ask", HOW, "--filter", "=bleu"], "=bleu"),
        (["search", HOW, "--filter", "theme="], "theme="),
        (["ask", "  "], "vide"),
        (["ask", "é" * 4001], "4\u202f000"),
    ],
)
def test_what_cannot_be_asked_is_one_sentence_and_status_2(here, capsys, arguments, said):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and said in shown.err and shown.err.count("\n") == 1


@pytest.mark.parametrize(("language", "said"), [("fr", "Il n’y a pas encore d’index"), ("en", "There is no index yet")])
@pytest.mark.parametrize("name", ["ask", "search"])
def test_no_index_is_one_sentence_in_the_language_of_the_settings(monkeypatch, tmp_path, capsys, name, language, said):
    monkeypatch.setenv("ASSISTANT_DATA", str(tmp_path))
    monkeypatch.setenv("ASSISTANT_LANGUAGE", language)
    assert main([name, HOW]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.startswith(said) and shown.err.count("\n") == 1


@pytest.mark.parametrize("top", ["0", "-1", "deux", "1.5"])
def test_a_number_of_passages_is_a_whole_number_from_1(capsys, top):
    with pytest.raises(SystemExit) as left:
        main(["ask", HOW, "--top", top])
    shown = capsys.readouterr().err
    assert left.value.code == 2 and "--top" in shown and shown.count("\n") == 1


def test_a_misspelt_question_says_how_it_was_read(here, capsys):
    assert main(["ask", "Comment ouvrir un attelier de réparratoin de téléphones ?"]) == 0
    assert "Question comprise : Comment ouvrir un atelier de réparation de téléphones ?" in spaced(
        capsys.readouterr().out
    )
    assert main(["ask", HOW]) == 0
    assert "Question comprise" not in capsys.readouterr().out
