"""How much of what optimising is worth the default plan has: ``python -m tests.benchmarks.share [PROBLEM …]``.

Of each problem: the best rule of practice, the plan by default, and what more work comes to, all of fixed work; then
which part of the way from the rule to the optimum the default plan has gone, from the least that the proved bound
allows to the most that the better plan does. Without names: the three cases and thirty problems of one system.
"""

from __future__ import annotations

import argparse
import sys
import time

from stepladder.optimise import Options, optimise
from stepladder.optimise.outcome import GAP, WORK
from tests.benchmarks.generate import CARRIES
from tests.benchmarks.instances import CASES, instance
from tests.benchmarks.run import RULE, measure

#: The work, and the gap at which it may end sooner, that stands for as good as it gets.
MORE, CLOSE = 32, 1e-4
HEAD = ("problem", "best rule", "default plan", "gap, %", "CPU s", "wall s", "best known", "bound", "share, %")


def row(name: str) -> tuple[str, ...]:
    """One line of the table."""
    problem = instance(name)
    assert problem is not None
    rule = measure(name, RULE, 0.0, 0.0, None)["value"]
    cpu, wall = time.process_time(), time.monotonic()
    plan = optimise(problem, Options(gap=GAP, work=WORK))
    cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    more = optimise(problem, Options(gap=CLOSE, work=MORE))
    assert plan.value is not None
    assert plan.bound is not None
    assert more.value is not None
    assert more.bound is not None
    best, bound = min(plan.value, more.value), max(plan.bound, more.bound)
    # Without a rule that has a plan, all of it is the optimiser's.
    least, most = (1.0 if rule is None or rule <= end else (rule - plan.value) / (rule - end) for end in (bound, best))
    gap = (plan.value - plan.bound) / abs(plan.value)
    figures_of = (
        "none" if rule is None else f"{rule:.0f}",
        f"{plan.value:.0f}",
        f"{gap:.3%}",
        f"{cpu:.1f}",
        f"{wall:.1f}",
        f"{best:.0f}",
    )
    return (name, *figures_of, f"{bound:.0f}", f"{least:.1%} to {most:.1%}")


def main() -> None:
    """Prints a line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("problems", nargs="*")
    names = parser.parse_args().problems or [
        *(f"case/{case}" for case in CASES),
        *(f"smm/1/{carry}/{seed}" for seed in range(10) for carry in CARRIES),
    ]
    sys.stdout.write(f"| {' | '.join(HEAD)} |\n|{' --- |' * len(HEAD)}\n")
    for name in names:
        sys.stdout.write(f"| {' | '.join(row(name))} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
