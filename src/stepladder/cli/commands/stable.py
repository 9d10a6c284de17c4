"""``stable``: what does not depend on the choice."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.options import Assignments, Every, Gap, Json, Named, Several, TimeLimit, Width, Work, part


def stable(
    sources: Several,
    scenarios: Named = None,
    every: Every = False,
    assignments: Assignments = None,
    tolerance: Annotated[
        float, typer.Option("--tolerance", parser=part, metavar="PART", help="How much worse an alternative may be.")
    ] = "1%",  # type: ignore[assignment]
    count: Annotated[int, typer.Option("--alternatives", min=0, max=20, help="How many plans that differ most.")] = 2,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = 4,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what does not depend on the choice.

    Steps that all plans hold, or none, and those that truly depend; and plans that are nearly as good as the first, and
    as different as can be.
    """
    from stepladder.optimise import Options
    from stepladder.output.stables import stable_json, stable_text
    from stepladder.workflow.compare import plans_of, sides
    from stepladder.workflow.stable import stable as looked_at

    chosen = sides(sources, scenarios or (), assignments or (), every=every)
    limits = Options(gap=gap, time_limit=time_limit, work=work).together()
    with screen.Reporter() as report:
        answer = looked_at(plans_of(chosen, limits, report), tolerance, count, limits, report)
    shown = (answer.plan, answer.core, answer.alternatives)
    screen.answer(stable_json(*shown) if as_json else stable_text(*shown, screen.style(width)))
