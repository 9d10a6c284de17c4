"""``why``: why a step stands where it stands, or is not planned."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import planned
from stepladder.cli.options import Assignments, Decided, Gap, Json, Scenario, TimeLimit, Width, Work

Step = Annotated[
    str,
    typer.Argument(
        metavar="STEP",
        help="Id of a step, such as access_control.scope.2; or of a policy, POLICY@YEAR for one year of it.",
        show_default=False,
    ),
]


def why(
    source: Decided,
    step: Step,
    not_: Annotated[bool, typer.Option("--not", help="Why is it not planned?")] = False,
    scenario: Scenario = None,
    assignments: Assignments = None,
    gap: Gap = "0.1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = 2,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say why a step stands where it stands, or with --not why it is not planned; of a policy, what it is worth.

    What another choice would cost is found by solving again, never by guess.
    """
    from stepladder.optimise import Options
    from stepladder.output.reasons import why_json, why_text
    from stepladder.workflow.why import why as explained

    limits = Options(gap=gap, time_limit=time_limit, work=work).together()
    answer = explained(planned(source, scenario, assignments, limits), step, limits, planned=not not_)
    screen.answer(why_json(answer) if as_json else why_text(answer, screen.style(width)))
