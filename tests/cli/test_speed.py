"""Short commands are short: beside what merely importing their libraries takes, in the same run."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from tests.support.sizes import FULL

ROUNDS = 15


def fastest(*programs: list[str]) -> list[float]:
    """The least processor time of several runs of each, in turns: what the machine does beside it makes a run longer,
    never shorter.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    best = [float("inf")] * len(programs)
    for _ in range(ROUNDS):
        for k, arguments in enumerate(programs):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            best[k] = min(best[k], after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best


@pytest.mark.timing
def test_help_takes_at_most_twice_the_import_of_typer() -> None:
    base, ours = fastest(["-c", "import typer"], ["-m", "stepladder", "--help"])
    assert ours <= 2 * base, (ours, base)


#: Twice is wanted; machines differ a little in what they make of it.
BOUND = 2.5


def checked(case: str) -> float:
    """Processor time of a check, in imports of what it is made of."""
    base, ours = fastest(
        ["-c", "import typer, yaml, networkx"], ["-m", "stepladder", "check", f"scenarios/{case}.yaml"]
    )
    return ours / base


@pytest.mark.timing
@pytest.mark.parametrize("case", ["bottling_line", "automotive_gateway", "home_cameras"] if FULL else ["bottling_line"])
def test_check_takes_about_twice_the_import_of_its_libraries(case: str) -> None:
    assert checked(case) <= BOUND


@pytest.mark.timing
@pytest.mark.parametrize(
    "case", ["water_utility", "small_maker", "electricity_distributor"] if FULL else ["electricity_distributor"]
)
def test_check_of_a_large_model_takes_at_most_twice_as_long(case: str) -> None:
    """356 practices with three steps each are read, checked and resolved for the case and each of its variations."""
    assert checked(case) <= 2 * BOUND
