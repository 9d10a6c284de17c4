"""What a plan says of how good it is: bound and gap, the word for them, and the seal on what nobody can count anew.

A bound cannot be proved again without solving. Like the verifier, of which it is a part, it imports errors and data
only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stepladder.data.formats.plan import Plan, seal_of
from stepladder.errors import Fault

#: Stated figures are sums of floats in some order: this close is equal.
FIGURE_PRECISION = 1e-9


def same(stated: float, recomputed: float, scale: float = 0.0) -> bool:
    """Whether a stated figure is the recomputed one, of sums as large as ``scale``."""
    return math.isclose(stated, recomputed, rel_tol=FIGURE_PRECISION, abs_tol=max(1e-6, FIGURE_PRECISION * scale))


def bound(plan: Plan) -> Iterator[Fault]:
    """Whether value, bound and gap fit each other."""
    value, least, gap = plan.objective.value, plan.objective.bound, plan.objective.gap
    if least > value and not same(least, value):
        yield Fault("bound", "bound", f"the bound {least!r} is above the value {value!r}, so one of them is wrong")
    if value == least:
        expected = 0.0
    elif value == 0:
        expected = None
    else:
        expected = max(0.0, (value - least) / abs(value))
        expected = expected if math.isfinite(expected) else None
    if (gap is None) != (expected is None) or (
        gap is not None and expected is not None and not math.isclose(gap, expected, rel_tol=1e-6, abs_tol=1e-12)
    ):
        yield Fault("bound", "gap", f"the gap is stated as {gap!r} and comes to {expected!r}")


def status(plan: Plan) -> Iterator[Fault]:
    """Whether the word for the gap is the right one; a hair's breadth from the wanted gap either is. Where that is
    not known, it was less than 1.
    """
    wanted, gap, size = plan.wanted_gap, plan.objective.gap, abs(plan.objective.value)
    above = plan.objective.value - plan.objective.bound
    hair = FIGURE_PRECISION * max(1.0, size)
    if plan.status == "optimal" and wanted is None and above > hair and above >= size:
        yield Fault(
            "status", "status", f"the plan is called optimal, and its gap, {gap!r}, is more than can be asked for"
        )
    if plan.status == "optimal" and wanted is not None and above > wanted * size + hair:
        yield Fault(
            "status", "status", f"the plan is called optimal, and its gap, {gap!r}, is above the wanted gap, {wanted!r}"
        )
    if plan.status == "feasible" and wanted is not None and above <= wanted * size - min(hair, wanted * size):
        yield Fault(
            "status",
            "status",
            f"the plan is called feasible only, and its gap, {gap!r}, is within the wanted gap, {wanted!r}",
        )


def seal(plan: Plan) -> Iterator[Fault]:
    """Whether what nobody can count anew is still what was written. A seal shows accidents; it is no signature."""
    if plan.seal is not None and plan.seal != seal_of(plan):
        message = (
            "something that cannot be counted anew was changed after the plan was written: take the file as it was, or"
            " plan again"
        )
        yield Fault("seal", "seal", message)
