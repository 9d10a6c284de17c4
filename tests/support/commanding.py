"""Commands run in this process, and the small problems that they are given."""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner, Result

from stepladder.cli.main import app

CASES = Path(__file__).parents[1] / "cases"
SMALL, IMPOSSIBLE = str(CASES / "small_1009.json"), str(CASES / "small_1004.json")


def run(*arguments: object) -> Result:
    """The command; stdout and stderr apart."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])
