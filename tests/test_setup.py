"""`run`, the constraints and the environment that they make."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from conftest import PROJECT, require
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

RUN = PROJECT / "run"
SCRIPTS = [RUN, PROJECT / ".ci" / "run"]

# Stands for a Python, and for the one that it puts into .venv: answers what `run` asks, and writes down what it runs.
STUB = """#!/bin/sh
case "$*" in
*"print((3, 11)"*) echo True ;;
*"print('Python"*) echo "Python 3.12" ;;
*"print(sys.version_info"*) echo "(3, 12)" ;;
*"import venv"*) exit ${NO_VENV:-0} ;;
--version) echo "Python 3.12.0" ;;
"-m venv"*) mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && echo venv >>"$JOURNAL" ;;
*"-m pip index"*--index-url*) echo "Available versions: 2.13.0+cpu" ;;
*"-m pip index"*) echo "Available versions: ${OFFERED:-2.13.0+cpu, 2.13.0}" ;;
*"-m pip"*) echo pip >>"$JOURNAL"; echo "$*" >"$JOURNAL.pip"; echo "$PIP_SAYS"; exit ${PIP_STATUS:-0} ;;
*urllib*) exit ${PROBE:-1} ;;
*tomllib*) echo "some-package" ;;
"-m corpus"* | "-m assistant"* | "-m eval"* | *app.py) echo "$*" >>"$JOURNAL" ;;
esac
"""


class Project:
    """What `run` reads, in a folder with a space and an accent, driven by a Python that only writes a journal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "dossier à part"
        self.folder.mkdir()
        for name in ("run", "pyproject.toml", "constraints.txt"):
            shutil.copyfile(PROJECT / name, self.folder / name)  # not the mode: the checkout may be read-only
        self.python = folder / "python-stub"
        self.python.write_text(STUB, encoding="utf-8")
        self.python.chmod(0o755)
        self.journal = folder / "journal"

    def run(self, *arguments: str, as_user: Sequence[str] = (), **environment: str) -> subprocess.CompletedProcess[str]:
        self.journal.write_text("", encoding="utf-8")
        variables = {"PYTHON": str(self.python), "JOURNAL": str(self.journal), "PATH": os.environ["PATH"]}
        return call(self.folder / "run", *arguments, as_user=as_user, **(variables | environment))

    def did(self) -> list[str]:
        return self.journal.read_text(encoding="utf-8").splitlines()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def call(
    script: Path, *arguments: str, as_user: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [*as_user, "sh", str(script), *arguments]
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_scripts_are_executable_and_without_a_finding(script: Path) -> None:
    assert script.stat().st_mode & stat.S_IXUSR
    require(shutil.which("shellcheck"), "shellcheck is not installed")
    found = subprocess.run(["shellcheck", str(script)], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


def test_help_names_every_command() -> None:
    shown = call(RUN, "help", PATH=os.environ["PATH"])
    assert shown.returncode == 0
    for command in ("demo", "test", "lint", "bench", "help"):
        assert f"./run {command} " in shown.stdout


def test_an_unknown_command_is_an_error() -> None:
    refused = call(RUN, "tset", PATH=os.environ["PATH"])
    assert refused.returncode == 1
    assert refused.stderr == "./run ne connaît pas « tset » : voyez ./run help.\n"


def test_a_python_that_does_not_run_is_refused(project: Project) -> None:
    refused = project.run(PYTHON="/bin/false")
    assert refused.returncode == 1
    assert refused.stderr.startswith("Il faut Python 3.11, 3.12 ou 3.13, et PYTHON=/bin/false n'en est pas un")
    assert not (project.folder / ".venv").exists()


def no_python(folder: Path) -> Path:
    """A folder that, first in PATH, hides every Python behind commands that do not run, as pyenv's shims may."""
    folder.mkdir()
    for name in ("python3.13", "python3.12", "python3.11", "python3"):
        (folder / name).write_text("#!/bin/sh\nexit 127\n")
        (folder / name).chmod(0o755)
    return folder


def test_no_python_at_all(project: Project, tmp_path: Path) -> None:
    refused = project.run(PYTHON="", PATH=f"{no_python(tmp_path / 'bin')}:{os.environ['PATH']}")
    assert refused.returncode == 1
    assert refused.stderr == "Il faut Python 3.11, 3.12 ou 3.13 : installez-le, puis relancez ./run.\n"


def test_a_python_without_venv(project: Project) -> None:
    refused = project.run(NO_VENV="1")
    assert refused.returncode == 1
    assert "le module venv" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_the_first_python_that_really_runs_is_taken(project: Project, tmp_path: Path) -> None:
    path = no_python(tmp_path / "bin")
    (path / "python3.12").unlink()
    (path / "python3.12").symlink_to(project.python)
    done = project.run("demo", PYTHON="", PATH=f"{path}:{os.environ['PATH']}")
    assert done.returncode == 0, done.stderr
    assert "avec Python 3.12.0" in done.stdout


def test_one_install_serves_until_what_it_depends_on_changes(project: Project) -> None:
    asked = ["-m corpus index", "-m assistant ask"]

    def ran(*arguments: str) -> list[str]:
        done = project.run(*arguments)
        assert done.returncode == 0, done.stderr
        return [line if line in ("venv", "pip") else " ".join(line.split()[:3]) for line in project.did()]

    assert ran("demo") == ["venv", "pip", *asked]
    assert ran("demo") == asked
    assert ran("bench", "--quick") == ["pip", "-m eval bench"]
    assert ran("bench") == ["-m eval bench"]
    with (project.folder / "constraints.txt").open("a") as constraints:
        constraints.write("another==1.0\n")
    assert ran("demo") == ["venv", "pip", *asked]
    assert ran("demo") == asked
    (project.folder / ".venv" / "bin" / "python").unlink()
    assert ran("demo") == ["venv", "pip", *asked]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has CUDA builds")
@pytest.mark.parametrize(
    ("offered", "probe", "adds_index", "warns"),
    [
        ("2.13.0+cpu, 2.13.0", "0", False, False),
        ("2.13.0", "0", True, False),
        ("2.13.0", "1", False, True),
    ],
)
def test_where_torch_comes_from(project: Project, offered: str, probe: str, adds_index: bool, warns: bool) -> None:
    done = project.run("demo", OFFERED=offered, PROBE=probe)
    assert done.returncode == 0, done.stderr
    asked = project.journal.with_name("journal.pip").read_text(encoding="utf-8")
    assert ("--extra-index-url https://download.pytorch.org/whl/cpu" in asked) == adds_index
    assert "--isolated" not in asked and " --index-url" not in asked  # the user's own pip settings hold
    assert ("Seule la version CUDA de torch est accessible : 2,8 Go à télécharger" in done.stdout) == warns


def test_run_without_a_command_ends_in_the_conversation(project: Project) -> None:
    assert project.run().returncode == 0
    assert project.did()[-1] == f"{project.folder / 'app.py'}"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: [Errno 28] No space left on device", "Il n'y a plus de place sur le disque"),
        ("Retrying after connection broken by 'NewConnectionError(…)'", "Le dépôt de paquets Python ne répond pas"),
        ("ERROR: ResolutionImpossible", "L'installation a échoué"),
    ],
)
def test_an_install_that_failed_says_why_and_is_redone(project: Project, said: str, sentence: str) -> None:
    failed = project.run("demo", PIP_STATUS="1", PIP_SAYS=said)
    assert failed.returncode == 1
    *details, last = failed.stderr.splitlines()
    assert last.startswith(sentence)
    assert details == ([said] if "ResolutionImpossible" in said else [])
    assert project.did() == ["venv", "pip"]
    assert project.run("demo").returncode == 0
    assert project.did()[:2] == ["venv", "pip"]


def test_a_folder_that_cannot_be_written_needs_no_writing_once_installed() -> None:
    as_user: list[str] = []
    if os.geteuid() == 0:  # may write everywhere: become nobody
        require(shutil.which("setpriv"), "setpriv is not installed")
        as_user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        project = Project(Path(name))
        assert project.run("demo").returncode == 0
        project.journal.chmod(0o666)
        stamp = project.folder / ".venv" / "installed-base"
        for folder in (project.folder, stamp.parent):
            folder.chmod(0o555)
        try:
            again = project.run("demo", as_user=as_user)
            stamp.write_text("changed", encoding="utf-8")
            refused = project.run("demo", as_user=as_user)
        finally:
            for folder in (project.folder, stamp.parent):
                folder.chmod(0o755)
    assert again.returncode == 0, again.stderr
    assert refused.returncode == 1
    assert "vous ne pouvez pas écrire" in refused.stderr


# --- The constraints and the environment -----------------------------------------------------------------------------


def pins() -> dict[str, Version]:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    parts = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): Version(version) for name, version in parts}


def test_constraints_are_exact_and_name_no_place() -> None:
    text = "\n".join(
        line for line in (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
    )
    assert re.fullmatch(r"(?:[\w.-]+==[\w.]+\n?)+", text)
    assert Version("2.13.0") == pins()["torch"]
    assert pins()["gradio"] >= Version("6.22")


def test_constraints_meet_what_the_project_asks_for() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        content = tomllib.load(file)
    project = content["project"]
    asked = project["dependencies"] + [r for group in project["optional-dependencies"].values() for r in group]
    asked += content["tool"]["run"]["without-dependencies"]
    for requirement in map(Requirement, asked):
        version = pins().get(canonicalize_name(requirement.name))
        assert version, f"{requirement.name} has no constraint"
        assert version in requirement.specifier, requirement


def imported(package: Path) -> set[str]:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in package.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    own = {"corpus", "assistant", "eval", "app"}
    return {name.split(".")[0] for name in names} - own - set(sys.stdlib_module_names)


@pytest.mark.parametrize(("package", "groups"), [("corpus", []), ("assistant", []), ("eval", ["bench", "peers"])])
def test_what_the_code_imports_is_asked_for_by_name(package: str, groups: list[str]) -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    asked = project["dependencies"] + [r for group in groups for r in project["optional-dependencies"][group]]
    declared = {canonicalize_name(Requirement(requirement).name) for requirement in asked}
    sources = importlib.metadata.packages_distributions()
    for module in sorted(imported(PROJECT / package)):
        found = {canonicalize_name(name) for name in sources.get(module, [])}
        assert found & declared, (
            f"{package} imports {module}, of {found or 'an unknown package'}: not in pyproject.toml"
        )


def test_every_installed_version_is_the_constraint() -> None:
    require(Path(sys.prefix) == PROJECT / ".venv", "not run in the project's own environment (./run test)")
    expected = pins()
    for distribution in importlib.metadata.distributions():
        name = canonicalize_name(distribution.metadata["Name"])
        if name != "pip":  # comes with Python
            assert expected.get(name) == Version(Version(distribution.version).public), name


def test_a_cpu_build_keeps_the_environment_light() -> None:
    require(Path(sys.prefix) == PROJECT / ".venv", "not run in the project's own environment (./run test)")
    if any(d.metadata["Name"].startswith("nvidia-") for d in importlib.metadata.distributions()):
        pytest.skip("torch is a CUDA build here")
    files = (os.lstat(os.path.join(folder, name)) for folder, _, names in os.walk(sys.prefix) for name in names)
    assert sum(file.st_blocks * 512 for file in files) < 2.5e9


def test_no_model_brings_its_own_code() -> None:
    for package in ("corpus", "assistant", "eval"):
        for file in (PROJECT / package).rglob("*.py"):
            assert not re.search(r"trust_remote_code\W+(?!False)", file.read_text(encoding="utf-8")), file
