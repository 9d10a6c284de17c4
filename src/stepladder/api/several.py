"""Several plans: side by side, over budgets, over futures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stepladder.answers import Answer
from stepladder.api.given import GAP, Planned, Source, decided, options, plan_of, question_of, side_of

if TYPE_CHECKING:
    from stepladder.analysis.comparison import Comparison
    from stepladder.analysis.curves import Frontier
    from stepladder.analysis.history import History
    from stepladder.analysis.sweep import Sweep
    from stepladder.workflow.stable import Stable


def compare(
    *sources: Source | Planned,
    against_practice: bool = False,
    gap: float = GAP,
    time_limit: float | None = None,
    work: int | None = None,
) -> Answer[Comparison]:
    """Plans and questions side by side; the first is what the others are compared with.

    Parameters
    ----------
    sources
        Plans, and questions, which are planned first.
    against_practice
        Whether to add the best plan that a rule of practice makes.
    gap, time_limit, work
        As for ``plan``.
    """
    from stepladder.output.compared import compare_json, compare_text
    from stepladder.workflow.compare import compare as compared

    limits = options(gap, time_limit, work)
    comparison = compared(
        [side_of(k, source) for k, source in enumerate(sources, 1)], limits, against_practice=against_practice
    )
    return Answer(comparison, lambda: compare_text(comparison), lambda: compare_json(comparison))


def stable(
    *sources: Source | Planned,
    tolerance: float = 0.01,
    alternatives: int = 2,
    gap: float = GAP,
    time_limit: float | None = None,
) -> Answer[Stable]:
    """What does not depend on the choice between plans, and plans that are nearly as good and differ most.

    Parameters
    ----------
    sources
        As for ``compare``.
    tolerance
        How much worse an alternative may be, as a part of the value.
    alternatives
        How many are sought.
    gap, time_limit
        As for ``plan``.
    """
    from stepladder.output.stables import stable_json, stable_text
    from stepladder.workflow.stable import stable as asked

    limits = options(gap, time_limit, None)
    result = asked([decided(source, limits) for source in sources], tolerance, alternatives, limits)
    return Answer(
        result,
        lambda: stable_text(result.plan, result.core, result.alternatives),
        lambda: stable_json(result.plan, result.core, result.alternatives),
    )


def frontier(
    source: Source,
    *,
    first: float | str | None = None,
    last: float | str | None = None,
    points: int = 25,
    appetites: Sequence[float] = (),
    gap: float = GAP,
    time_limit: float | None = None,
    work: int | None = None,
    workers: int = 1,
) -> Answer[Frontier]:
    """Money against remaining loss: an optimal plan for each budget.

    Parameters
    ----------
    source, gap, time_limit, work
        As for ``plan``.
    first, last
        The least and the largest budget, as amounts or as parts (``"80%"``) of the question's own.
    points
        How many budgets.
    appetites
        A curve more for each of these caps on the expected loss a year.
    workers
        Processes.
    """
    from stepladder.output.frontiers import frontier_frame, frontier_json, frontier_text
    from stepladder.workflow.frontier import frontier as asked
    from stepladder.workflow.workers import Workers

    curves = asked(
        question_of(source), first, last, points, appetites, options(gap, time_limit, work), workers=Workers(workers)
    )
    return Answer(
        curves, lambda: frontier_text(curves), lambda: frontier_json(curves), {"points": lambda: frontier_frame(curves)}
    )


def sweep(
    source: Source,
    *,
    futures: int = 100,
    seed: int = 0,
    plan: Planned | None = None,
    learn: Answer[History] | str | Path | None = None,
    gap: float = GAP,
    work: int | None = 1,
    workers: int = 1,
) -> Answer[Sweep]:
    """Futures drawn from a scenario's ranges: how far money and loss range, what can go wrong, what to begin with.

    Parameters
    ----------
    source
        A scenario.
    futures, seed
        How many, and from which seed.
    plan
        Carried out in each, instead of planning each.
    learn
        The history of a roadmap, or the folder that holds its versions: durations are multiplied by its slip ratios.
    gap, work
        Of each plan.
    workers
        Processes.
    """
    from stepladder.analysis.history import slip_ratios
    from stepladder.output.sweep_data import sweep_json
    from stepladder.output.sweeps import sweep_text
    from stepladder.workflow.history import history as read
    from stepladder.workflow.sweep import Draws
    from stepladder.workflow.sweep import sweep as asked
    from stepladder.workflow.workers import Workers

    carried = None if plan is None else plan_of(plan)
    lived = read([learn]) if isinstance(learn, str | Path) else learn.record if learn is not None else None
    draws = Draws(futures, seed, None if lived is None else slip_ratios(lived))
    result = asked(question_of(source), draws, carried, options(gap, None, work), workers=Workers(workers))
    return Answer(result, lambda: sweep_text(result), lambda: sweep_json(result))
