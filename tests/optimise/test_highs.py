"""HiGHS in a process that others use too."""

from __future__ import annotations

import threading

import highspy
from generate import smm

from stepladder.evaluate import Ledger
from stepladder.optimise.arrays import arrays
from stepladder.optimise.formulation import build, criteria, minimise
from stepladder.optimise.grid import lay
from stepladder.optimise.highs import linear
from stepladder.optimise.rules import first_points


def test_a_program_is_solved_where_another_user_has_set_highs_up_for_more_threads() -> None:
    """HiGHS keeps one scheduler in each thread, and refuses to run with another number of threads than it was made for."""
    grid = lay(Ledger(smm(1, 1, "free")))
    made = arrays(minimise(build(grid, {key: first_points(least, 3) for key, least in grid.losses.items()}), grid, criteria(grid)[0]))
    found = []

    def work() -> None:
        other = highspy.Highs()
        other.setOptionValue("output_flag", False)
        other.setOptionValue("threads", 3)
        other.run()
        found.append(linear(made))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0] is not None
