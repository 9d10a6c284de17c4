"""HiGHS in a process that others use too."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import highspy

from stepladder.evaluate import Ledger
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.solvers.arrays import arrays
from stepladder.optimise.solvers.highs import linear
from tests.benchmarks.generate import smm


def test_a_program_is_solved_where_another_user_has_set_highs_up_for_more_threads() -> None:
    """HiGHS keeps one scheduler in each thread, and refuses to run with another number of threads than it was made
    for.
    """
    grid = lay(Ledger(smm(1, 1, "free")))
    made = arrays(
        minimise(
            build(grid, {key: first_points(least, 3) for key, least in grid.losses.items()}), grid, criteria(grid)[0]
        )
    )
    found = []

    def work() -> None:
        other = highspy.Highs()  # type: ignore[no-untyped-call]
        other.setOptionValue("output_flag", False)
        other.setOptionValue("threads", 3)
        other.run()
        found.append(linear(made))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0] is not None


ENDLESS = """
import sys
import numpy as np
from stepladder.optimise.solvers.arrays import Arrays
from stepladder.optimise.solvers.highs import small
held = dict(np.load(sys.argv[1]))
first, nodes = held.pop("first"), int(held.pop("nodes"))
held["constant"] = float(held["constant"])
found = small(Arrays(names=[f"x{k}" for k in range(len(held["cost"]))], **held), first, nodes, lambda: False)
assert found.proved
"""


def test_a_small_program_whose_presolve_would_never_end() -> None:
    """From ten systems that share money: with probing HiGHS 1.16 does not come back, and asks nobody whether to
    stop.
    """
    subprocess.run(
        [sys.executable, "-c", ENDLESS, str(Path(__file__).with_name("endless.npz"))], check=True, timeout=60
    )
