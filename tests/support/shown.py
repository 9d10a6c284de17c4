"""Commands that documents show, and the lines that they show under each; ``...`` stands for any number of lines.

The README and the pages of docs/, in the order of the site, are one story: they are run in one folder, so that a plan
that one page makes is there on the next. Each walk-through is a story of its own.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
WALKS = sorted((ROOT / "examples").glob("*.md"))
NAV = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
PAGES = [ROOT / "docs" / name for name in NAV if (ROOT / "docs" / name).exists()]
STORIES = {"site": [ROOT / "README.md", *PAGES], **{walk.stem: [walk] for walk in WALKS}}
DOCUMENTS = [ROOT / "README.md", *WALKS, *sorted((ROOT / "docs").rglob("*.md"))]
#: Commands, or a file that the reader is told to write.
BLOCK = re.compile(r'^```(?P<kind>console|\w+ title="(?P<file>[^"]+)")\n(?P<text>.*?)^```$', re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"\[exit code (\d+)\]")


def commands(block: str) -> list[tuple[str, list[str]]]:
    """The commands of a block, each with the lines shown under it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        else:
            found[-1][1].append(line)
    return found


#: Where the tracker is that documents show.
TRACKER = "https://redmine.example"


def run(command: str, folder: Path, tracker: str = "") -> tuple[int, str]:
    """Run a shown command; ``>`` and ``#`` comments are the only shell that documents use. ``tracker`` stands in for
    the one that they show.
    """
    words = shlex.split(command.replace(TRACKER, tracker) if tracker else command, comments=True)
    target = words[words.index(">") + 1] if ">" in words else None
    words = words[: words.index(">")] if target else words
    assert words[0] == "stepladder", f"only stepladder is run: {command}"
    done = subprocess.run(
        [sys.executable, "-m", "stepladder", *words[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "REDMINE_API_KEY": "a-key-of-the-tests"} if tracker else None,
    )
    if target:
        (folder / target).write_text(done.stdout, encoding="utf-8")
        return done.returncode, ""
    return done.returncode, done.stdout + (done.stderr if done.returncode else "")


def fits(lines: list[str], printed: str) -> bool:
    """Whether the printed text has the shown lines in order, whole, with gaps only where ``...`` stands."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in lines)
    return re.fullmatch(pattern, printed) is not None


def refill(lines: list[str], printed: str) -> list[str]:
    """The shown lines as they are printed now, in the same shape.

    A part between two ``...`` begins at the next line that looks like its first one, digits aside, and goes on to the
    line that looks like its last one, or for as many lines.
    """
    text = [line for line in lines if not EXIT.fullmatch(line)]
    if fits(text, printed):
        return lines
    now, at, filled = printed.splitlines(), 0, []
    parts = _parts(text)
    for k, part in enumerate(parts):
        filled += ["..."] * (k > 0)
        if part:
            first = at if k == 0 else next(j for j in range(at, len(now)) if _alike(now[j], part[0]))
            last = first + len(part) - 1
            nearby = [j for _, j in sorted((abs(j - last), j) for j in range(first, min(len(now), last + 4)))]
            at = len(now) if k == len(parts) - 1 else 1 + next((j for j in nearby if _alike(now[j], part[-1])), last)
            filled += now[first:at]
    return [*filled, *(line for line in lines if EXIT.fullmatch(line))]


def _parts(lines: list[str]) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for line in lines:
        if line == "...":
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _alike(one: str, other: str) -> bool:
    return re.sub(r"[\d.,█]+", "", one) == re.sub(r"[\d.,█]+", "", other)
