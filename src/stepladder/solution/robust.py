"""What a plan says of what is held back for it, held against its problem, and counted anew where that can be.

In how many futures it is kept is under the seal: they would have to be drawn again from the scenario. Like the
verifier, of which it is a part, it imports errors and data only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY
from stepladder.data.formats.robust import Promise
from stepladder.errors import Fault
from stepladder.solution.recount import exact

#: Of a hundred, so many intervals of one test may miss what is true; and how exactly that is counted here.
MISS, HAIR = Fraction(5, 400), 1e-6


def promise(plan: Plan) -> Iterator[Fault]:
    """Faults of the promise that a plan stays within its money in most futures."""
    said = plan.context.robust if plan.context is not None else None
    if said is None:
        return
    yield from _held(plan, said)
    count = said.futures
    if said.kept > count or said.kept_without > count:
        yield _fault(f"of {count} futures it is said to be kept in {max(said.kept, said.kept_without)}")
    elif said.kept < exact(said.keep) * count:
        yield _fault(f"it is kept in {said.kept} of {count} futures, which is less than {said.keep!r} of them")
    else:
        yield from _interval(said)
    scale = max(1.0, abs(said.value_without))
    worse = plan.objective.value - said.value_without
    if said.bound_without > said.value_without or worse < -1e-9 * scale or (not said.held and worse > 1e-6 * scale):
        yield _fault("with nothing held back the best plan is said to be worse than this one, or below its own bound")


def _fault(message: str) -> Fault:
    return Fault("robust", "robust", message)


def _held(plan: Plan, said: Promise) -> Iterator[Fault]:
    """What is held back is of limits on money, of each once."""
    seen: set[int] = set()
    for part in said.held:
        windows = plan.problem.windows
        if part.window >= len(windows) or windows[part.window].resource not in MONEY:
            yield _fault(f"something is held back of limit {part.window}, which is no limit on money")
        elif part.window in seen:
            yield _fault(f"something is held back of limit {part.window} twice")
        seen.add(part.window)


def _interval(said: Promise) -> Iterator[Fault]:
    """With either end as the true part, as many or more, or as few or fewer, are kept in so many cases as the interval
    may miss.
    """
    kept, count = said.kept, said.futures
    ends = (
        ("low", said.low, (said.low == 0) if kept == 0 else _is(_above(kept, count, said.low))),
        ("high", said.high, (said.high == 1) if kept == count else _is(_above(count - kept, count, 1 - said.high))),
    )
    for name, stated, right in ends:
        if not right:
            yield _fault(f"the {name} end of the interval is not {stated!r} where {kept} of {count} are kept")


def _is(chance: float) -> bool:
    return math.isclose(chance, float(MISS) / 2, rel_tol=HAIR)


def _above(kept: int, count: int, part: float) -> float:
    """The chance that so many or more of so many are kept where each is with this chance."""
    if not 0 < part < 1:
        return float(part >= 1)
    whole, yes, no = math.lgamma(count + 1), math.log(part), math.log1p(-part)
    return math.fsum(
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(count - k + 1) + k * yes + (count - k) * no)
        for k in range(kept, count + 1)
    )
