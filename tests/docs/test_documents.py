"""Every command that the README and the walk-throughs show is run, in order, and prints what is shown.

``...`` stands for any number of lines. With STEPLADDER_GOLDEN=write the lines around ``...`` are not checked but kept, so a
changed text has to be looked at.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "examples").glob("*.md"))]
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\[exit code (\d+)\]")


def shown(document: Path) -> list[tuple[str, list[str]]]:
    """The commands of a document, each with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(document.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def run(command: str, folder: Path) -> tuple[int, str]:
    """Run a shown command; ``>`` and ``#`` comments are the only shell that documents use."""
    words = shlex.split(command, comments=True)
    target = words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if target else words
    assert words[0] == "stepladder", f"only stepladder is run: {command}"
    done = subprocess.run([sys.executable, "-m", "stepladder", *words[1:]], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
        return done.returncode, ""
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def fits(lines: list[str], printed: str) -> bool:
    """Whether the printed text has the shown lines in order, whole, with gaps only where ``...`` stands."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines)
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_commands_print_what_is_shown(document: Path, tmp_path: Path) -> None:
    commands = shown(document)
    assert commands
    for command, lines in commands:
        wanted = [int(found[1]) for line in lines if (found := EXIT.fullmatch(line))]
        code, printed = run(command, tmp_path)
        assert code == (wanted[0] if wanted else 0), f"{command}: {printed}"
        text = [line for line in lines if not EXIT.fullmatch(line)]
        assert fits(text, printed), f"{command} printed:\n{printed}\nand not:\n" + "\n".join(text)


def test_the_readme_shows_the_first_scenario_as_it_is_written() -> None:
    first = (ROOT / "src/stepladder/workflow/first.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{first}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_every_exit_code() -> None:
    from stepladder.cli.main import app
    from stepladder.errors import StepladderError

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__
        assert f"| `{name} " in readme
    for kind in StepladderError.__subclasses__():
        assert f"| {kind.exit_code} |" in readme


def test_the_python_of_the_readme_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert code
    done = subprocess.run([sys.executable, "-c", code[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0.00")


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.stem)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target
