"""``stable``: what several plans have in common, and how different a plan may be that is nearly as good."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.analysis.first_steps import settled
from stepladder.analysis.stable import Alternatives, Core, alternatives, core
from stepladder.data.formats.plan import Plan

if TYPE_CHECKING:
    from stepladder.optimise import Options, Progress


@dataclass(frozen=True)
class Stable:
    """The first plan, what all have in common, and plans that are nearly as good as the first."""

    plan: Plan
    core: Core
    alternatives: Alternatives


def stable(
    plans: Sequence[Plan],
    tolerance: float = 0.01,
    count: int = 2,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Stable:
    """Look at verified plans together.

    Parameters
    ----------
    plans
        Of several scenarios, budgets or futures; alternatives are sought to the first.
    tolerance
        How much worse an alternative may be, as a part of the first plan's value.
    count
        How many alternatives at most.
    options, progress
        As for ``plan``.

    Raises
    ------
    UsageError
        When there is no plan, their periods differ, or the tolerance is negative.
    """
    from stepladder.optimise import Options

    shared = core(plans)
    limits = (options or Options()).together()
    others = (
        alternatives(plans[0], settled(plans[0], limits, progress), tolerance, count, limits)
        if count
        else Alternatives((), last=None)
    )
    return Stable(plans[0], shared, others)
