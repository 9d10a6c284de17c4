"""Files as other programs write them, imported and planned; and the real ones, where they are at hand."""

from __future__ import annotations

import io
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import xlsxwriter
import yaml

from stepladder.api import import_
from stepladder.errors import InvalidInput
from tests.support.commanding import run
from tests.support.shown import ROOT

REAL = ROOT.parent / "shared/data/imports"


class Read(NamedTuple):
    """What became of some files."""

    scenario: dict[str, Any]
    model: dict[str, Any]
    notes: tuple[str, ...]

    def says(self, text: str) -> bool:
        return any(text in note for note in self.notes)

    @property
    def practices(self) -> dict[str, dict[str, Any]]:
        """Of the model, by id."""
        return dict(_practices(self.model["groups"]))


def _practices(groups: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        pair
        for group in groups.values()
        for pair in (*group.get("practices", {}).items(), *_practices(group.get("groups", {})))
    ]


def write(folder: Path, files: Mapping[str, str | bytes]) -> list[Path]:
    paths = [folder / name for name in files]
    for path, data in zip(paths, files.values(), strict=True):
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return paths


def read(folder: Path, files: Mapping[str, str | bytes], **given: Any) -> Read:
    """The files imported from Python."""
    done = import_(*write(folder, files), start="2027-01-01", **given)
    return Read(yaml.safe_load(done.text), yaml.safe_load(done.model) if done.model else {}, done.notes)


def refused(folder: Path, files: Mapping[str, str | bytes], **given: Any) -> list[str]:
    """Why the files are not imported: each issue with its place."""
    with pytest.raises(InvalidInput) as wrong:
        read(folder, files, **given)
    return [str(issue) for issue in wrong.value.issues]


def planned(folder: Path, paths: Sequence[Path], *say: str) -> str:
    """What two commands make of files, as one line: steps that start, within a minute."""
    scenario, began = folder / "scenario.yaml", time.monotonic()
    said = [word for answer in say for word in ("--say", answer)]
    done = run("import", *paths, "--start", "2027-01-01", *said, "-o", scenario)
    assert done.exit_code == 0, done.stderr
    made = run("plan", scenario, "--work", 1, "--full", "--no-progress", "-o", folder / "plan.json")
    assert made.exit_code == 0, made.stderr
    assert "start" in made.stdout, made.stdout
    assert time.monotonic() - began < 60
    return " ".join(made.stdout.split())


def real(*names: str) -> list[Path]:
    """Files of other programs; skips where they are not at hand."""
    paths = [REAL / name for name in names]
    if not all(path.exists() for path in paths):
        pytest.skip("files of other programs are not at hand: shared/data/imports")
    return paths


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Rows of cells by sheet."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for k, row in enumerate(rows):
            for m, value in enumerate(row):
                if value is not None:
                    page.write(k, m, value)
    book.close()
    return memory.getvalue()
