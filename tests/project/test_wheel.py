"""The wheel carries the models and scenarios, and what is unpacked from it works far from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from stepladder.data.formats.plan import dump
from tests.support import handmade

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_what_is_inside(unpacked: Path) -> None:
    package = unpacked / "stepladder"
    for kind in ("models", "scenarios"):
        assert sorted(path.name for path in (package / kind).iterdir()) == sorted(
            path.name for path in (ROOT / kind).iterdir()
        )
    assert (package / "workflow" / "first.yaml").is_file()
    assert (package / "schemas" / "scenario.schema.json").is_file()
    assert (package / "py.typed").is_file()
    assert {path.name for path in (package / "output" / "report" / "page").iterdir()} == {
        "page.html.j2",
        "slider.js",
        "tables.js",
        "style.css",
    }
    assert not list(unpacked.rglob("test_*"))
    assert {path.name.partition("-")[0] for path in unpacked.iterdir()} == {"stepladder"}


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "bottling_line"],
        ["init", "home_cameras"],
        ["schema", "plan"],
        ["plan", "automotive_gateway", "--scenario", "balance"],
        ["report", "plan.json", "-o", "-"],
    ],
)
def test_what_is_unpacked_works(unpacked: Path, tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "plan.json").write_text(dump(handmade.bottling()), encoding="utf-8")
    program = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); from stepladder.cli.main import run; import stepladder;"
        " sys.stderr.write(stepladder.__file__); run()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, str(unpacked), *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.startswith(str(unpacked))
