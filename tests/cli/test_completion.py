"""What shells complete: the scripts that are installed ask this program, and it answers in each shell's way."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stepladder.cli.main import COMMANDS, app
from stepladder.data.reading.library import names
from stepladder.data.schemas import KINDS
from tests.support.commanding import run

SHELLS = ("bash", "zsh", "fish")
PROGRAM = [sys.executable, "-m", "stepladder"]


def script(shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What --show-completion prints in a shell."""
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: shell)
    with pytest.raises(SystemExit) as end:
        app(["--show-completion"], prog_name="stepladder")
    assert end.value.code == 0
    return capsys.readouterr().out


def asked(**environment: str) -> str:
    """What the program answers to a shell."""
    done = subprocess.run(
        PROGRAM, env={**os.environ, **environment}, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout


def answers(shell: str, line: str) -> str:
    """The completions of a line that ends with the word that is begun."""
    if shell == "bash":
        return asked(_STEPLADDER_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=str(len(line.split(" ")) - 1))
    return asked(
        _STEPLADDER_COMPLETE=f"complete_{shell}", _TYPER_COMPLETE_ARGS=line, _TYPER_COMPLETE_FISH_ACTION="get-args"
    )


@pytest.mark.parametrize("shell", SHELLS)
def test_each_script_asks_this_program(
    shell: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = script(shell, monkeypatch, capsys)
    assert f"_STEPLADDER_COMPLETE=complete_{shell}" in text
    assert "stepladder" in text
    assert script(shell, monkeypatch, capsys) == text


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_options_and_values_are_completed(shell: str) -> None:
    said = answers(shell, "stepladder c")
    found = re.findall(r'"([\w-]+)":', said) if shell == "zsh" else [line.split("\t")[0] for line in said.splitlines()]
    assert found == [name for name in COMMANDS if name.startswith("c")] == ["check", "compare", "catalogue"]
    assert "--appetite" in answers(shell, "stepladder frontier --ap")
    assert all(kind in answers(shell, "stepladder repair --by ") for kind in ("money", "together"))
    assert "scenario" in answers(shell, "stepladder schema sc")


def test_names_of_what_is_shipped_are_completed() -> None:
    assert answers("bash", "stepladder init ").split() == names("scenarios")
    assert answers("bash", "stepladder schema ").split() == list(KINDS)
    assert answers("bash", "stepladder catalogue i").split() == ["iot_smm"]
    assert answers("bash", "stepladder schema scenario --catalogue i").split() == ["iot_smm"]
    # Nothing of that name: the shell completes files.
    assert answers("bash", "stepladder catalogue models/").split() == []


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_itself(
    shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """bash completes; the others at least read what they are given."""
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell} here")
    text = script(shell, monkeypatch, capsys)
    program = tmp_path / "stepladder"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m stepladder "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    if shell == "bash":
        lines = [
            text,
            "COMP_WORDS=(stepladder sch)",
            "COMP_CWORD=1",
            f"_stepladder_completion {program}",
            'echo "${COMPREPLY[@]}"',
        ]
        done = subprocess.run(
            ["bash", "--norc", "-c", "\n".join(lines)], capture_output=True, text=True, check=False, timeout=60
        )
        assert (done.stdout, done.stderr) == ("schema\n", "")
        return
    done = subprocess.run(
        [shell, "-n", "/dev/stdin"], input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("shell", "place"),
    [
        ("bash", ".bash_completions/stepladder.sh"),
        ("zsh", ".zfunc/_stepladder"),
        ("fish", ".config/fish/completions/stepladder.fish"),
    ],
)
def test_installed_where_each_shell_looks(
    shell: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: shell)
    with pytest.raises(SystemExit) as end:
        app(["--install-completion"], prog_name="stepladder")
    assert end.value.code == 0
    assert f"{shell} completion installed in {tmp_path / place}" in capsys.readouterr().out
    assert (tmp_path / place).read_text(encoding="utf-8").strip() == script(shell, monkeypatch, capsys).strip()


@pytest.mark.skipif(sys.platform == "win32" or not Path("/dev/full").exists(), reason="there is no such home")
def test_a_home_that_takes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("no folder", encoding="utf-8")
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("no bash here")
    # As a child of a shell, so that it knows which; the last command must not take the shell's place.
    command = f"{sys.executable} -m stepladder --install-completion; code=$?; exit $code"
    done = subprocess.run(
        [bash, "--norc", "-c", command],
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def test_help_names_both() -> None:
    found = run("--help")
    assert found.exit_code == 0
    assert "--install-completion" in found.stdout
    assert "--show-completion" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 80
