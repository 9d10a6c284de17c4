"""Who answers the questions that are compared for a price: two processes where that is worth their start."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from stepladder.data.formats.plan import Plan
from stepladder.workflow.workers import Workers, each

if TYPE_CHECKING:
    from stepladder.analysis.price import Answered, Each, PricedQuestion
    from stepladder.optimise import Options

#: Steps times periods from which a second process earns its start.
ENOUGH = 300


def answering(plan: Plan, options: Options) -> Each:
    """Answers questions beside a plan's own. Ctrl-C ends all of them, and what is not answered then stays open.

    Parameters
    ----------
    plan
        The plan.
    options
        Whose ``whole`` is stopped.
    """
    large = len(plan.problem.steps) * plan.problem.horizon >= ENOUGH

    def answers(
        function: Callable[[PricedQuestion], Answered], choices: Sequence[PricedQuestion]
    ) -> Iterator[Answered]:
        """One answer for each choice, in their order; fewer where it was stopped."""
        if options.over:
            return
        try:
            yield from each(function, choices, Workers(2 if large and len(choices) > 1 else 1))
        except KeyboardInterrupt:
            if options.whole is None:
                raise
            options.whole.stop()

    return answers
