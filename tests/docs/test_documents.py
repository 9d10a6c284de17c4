"""Every command that the README, the walk-throughs and the pages show is run, in order, and prints what is shown;
pictures too.

``...`` stands for any number of lines. After a change that is meant: make golden, and read what changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.reference import generated
from tests.support.shown import BLOCK, DOCUMENTS, EXIT, ROOT, STORIES, commands, fits, refill, run
from tests.support.sizes import FULL

DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


#: The walk-throughs of the cases take as long as all pages together each: they are run at full size.
WRITE = os.environ.get("STEPLADDER_GOLDEN") == "write"
ALWAYS = [story for story in STORIES if story != "three_years" and (FULL or WRITE or story == "site")]


@pytest.mark.slow
@pytest.mark.parametrize("story", ALWAYS)
def test_commands_print_what_is_shown(story: str, tmp_path: Path) -> None:
    for beside in (ROOT / "examples").glob("*.yaml"):
        shutil.copy(beside, tmp_path)
    told = [run_through(document, tmp_path, write=WRITE) for document in STORIES[story]]
    assert "$ stepladder" in told[0]


def test_what_is_always_run_shows_every_command_of_the_others() -> None:
    def shown(stories: Iterable[str]) -> set[str]:
        texts = (document.read_text(encoding="utf-8") for story in stories for document in STORIES[story])
        return {name for text in texts for name in re.findall(r"^\$ stepladder (\w+)", text, re.MULTILINE)}

    assert shown(STORIES) == shown(("site", "three_years"))


def run_through(document: Path, folder: Path, *, write: bool, tracker: str = "") -> str:
    """Run what a document shows; ``tracker`` is the address of the one that stands in for that of the document."""

    def checked(block: re.Match[str]) -> str:
        if block["file"]:
            (folder / block["file"]).write_text(block["text"], encoding="utf-8")
            return block[0]
        lines = []
        for command, shown in commands(block["text"]):
            if "--to p6" in command and (shutil.which("java") is None or find_spec("mpxj") is None):
                # Primavera's format needs both; it is an extra.
                lines += [f"$ {command}", *shown]
                continue
            wanted = [int(found[1]) for line in shown if (found := EXIT.fullmatch(line))]
            code, printed = run(command, folder, tracker)
            assert code == (wanted[0] if wanted else 0), f"{document.name}: {command}: {printed}"
            now = refill(shown, printed) if write else shown
            text = [line for line in now if not EXIT.fullmatch(line)]
            assert fits(text, printed), f"{document.name}: {command} printed:\n{printed}\nand not:\n" + "\n".join(text)
            lines += [f"$ {command}", *now]
        return "\n".join(["```console", *lines, "```"])

    before = document.read_text(encoding="utf-8")
    after = BLOCK.sub(checked, before)
    assert write or after == before
    if write and after != before:
        document.write_text(after, encoding="utf-8")
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", after):
        shown = (document.parent / picture).resolve()
        if shown.is_relative_to(DOCS):
            # Drawn from the code: docs/generate.py.
            assert str(shown.relative_to(DOCS)) in generated()
            continue
        # A picture that is shown is the one that a shown command makes.
        if write:
            shutil.copy(folder / shown.name, shown)
        assert shown.read_bytes() == (folder / shown.name).read_bytes(), picture
    return after


def test_a_command_that_searches_is_shown_once() -> None:
    """So that it takes no longer to try than to read; a walk-through is a story of its own."""
    searches = re.compile(r"stepladder (plan|next|why|repair|compare|frontier|stable|sweep|replan) ")
    shown = [
        command
        for document in STORIES["site"]
        for block in BLOCK.finditer(document.read_text(encoding="utf-8"))
        if not block["file"]
        for command, _ in commands(block["text"])
        if searches.match(command)
    ]
    assert len(shown) > 15
    assert sorted(set(shown)) == sorted(shown)


def test_the_readme_is_short() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(readme.splitlines()) <= 180
    for wanted in ("make demo", "make test", "pip install", "pipx install", "uv tool install", "examples/roadmap.svg"):
        assert wanted in readme


def test_the_tutorial_shows_the_first_scenario_as_it_is_written() -> None:
    first = (ROOT / "src/stepladder/workflow/first.yaml").read_text(encoding="utf-8")
    assert f"```yaml\n{first}```" in page("tutorial.md")


@pytest.mark.parametrize("name", ["how_to/python.md"])
def test_the_python_that_is_shown_runs(name: str) -> None:
    code = re.findall(r"^```python\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)
    assert len(code) == 2
    for k, shown in enumerate(code):
        done = subprocess.run([sys.executable, "-c", shown], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(("0.00", "15000 [")[k])


def test_python_is_shown_where_it_is_run_only() -> None:
    assert [path.name for path in DOCUMENTS if "```python\n" in path.read_text(encoding="utf-8")] == ["python.md"]


@pytest.mark.parametrize(
    "document",
    [*DOCUMENTS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (document.parent / target).exists(), target
