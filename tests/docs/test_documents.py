"""Every command that the README and the walk-throughs show is run, in order, and prints what is shown; pictures too.

``...`` stands for any number of lines. After a change that is meant: make golden, and read what changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.shown import BLOCK, DOCUMENTS, EXIT, ROOT, commands, fits, refill, run


@pytest.mark.slow
@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_commands_print_what_is_shown(document: Path, tmp_path: Path) -> None:
    write = os.environ.get("STEPLADDER_GOLDEN") == "write"
    for beside in (ROOT / "examples").glob("*.yaml"):
        shutil.copy(beside, tmp_path)

    def checked(block: re.Match[str]) -> str:
        lines = []
        for command, shown in commands(block[1]):
            if "--to p6" in command and (shutil.which("java") is None or find_spec("mpxj") is None):
                # Primavera's format needs both; it is an extra.
                lines += [f"$ {command}", *shown]
                continue
            wanted = [int(found[1]) for line in shown if (found := EXIT.fullmatch(line))]
            code, printed = run(command, tmp_path)
            assert code == (wanted[0] if wanted else 0), f"{command}: {printed}"
            now = refill(shown, printed) if write else shown
            text = [line for line in now if not EXIT.fullmatch(line)]
            assert fits(text, printed), f"{command} printed:\n{printed}\nand not:\n" + "\n".join(text)
            lines += [f"$ {command}", *now]
        return "\n".join(["```console", *lines, "```"])

    before = document.read_text(encoding="utf-8")
    after = BLOCK.sub(checked, before)
    assert "$ stepladder" in after
    assert write or after == before
    if write:
        document.write_text(after, encoding="utf-8")
    # A picture that is shown is the one that a shown command makes.
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", after):
        shown = document.parent / picture
        if write:
            shutil.copy(tmp_path / shown.name, shown)
        assert shown.read_bytes() == (tmp_path / shown.name).read_bytes(), picture


def test_the_readme_shows_the_first_scenario_as_it_is_written() -> None:
    first = (ROOT / "src/stepladder/workflow/first.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{first}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_names_every_command_and_every_exit_code() -> None:
    from stepladder.cli.main import app
    from stepladder.errors import StepladderError

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        assert f"| `{command.name} " in readme
    for kind in StepladderError.__subclasses__():
        assert f"| {kind.exit_code} |" in readme


def test_the_python_of_the_readme_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.search(r"^```python\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert code
    done = subprocess.run([sys.executable, "-c", code[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("0.00")


@pytest.mark.parametrize(
    "document", [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"], ids=lambda path: path.stem
)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target
