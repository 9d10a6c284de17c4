"""``repair``: of an impossible question, what clashes and what would mend it."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stepladder.cli import files, screen
from stepladder.cli.asking import ask_again
from stepladder.cli.options import (
    Actuals,
    AsOf,
    Assessment,
    Assignments,
    Gap,
    Json,
    Output,
    Scenario,
    Standing,
    TimeLimit,
    Width,
)


def repair(
    source: Standing,
    scenario: Scenario = None,
    assignments: Assignments = None,
    by: Annotated[
        Literal["money", "people", "parallel", "later", "pin", "cap", "tail", "from", "fewer", "together"] | None,
        typer.Option("--by", help="Which way out the plan that follows takes.", show_default="the first that helps"),
    ] = None,
    actuals: Actuals = None,
    assessment: Assessment = None,
    as_of: AsOf = None,
    output: Output = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Of an impossible question: which demands clash, and the cheapest way out.

    All clashes, and for the question as a whole the least of each kind: more money or person-days, more steps at once,
    later milestones, other pins, higher or later caps, likelier large losses, fewer steps; and the plan that follows.
    The time limit is for the explanation, and again for the plan. The exit code is 4 where there is no plan as it is.
    Of a plan, with --actuals, --assessment or --as-of as for replan: whether all that is demanded can still be met, and
    in time.
    """
    from stepladder.data.formats.plan import dump
    from stepladder.optimise import Options
    from stepladder.output.repairs import hint, repair_json, repair_text
    from stepladder.workflow.repair import follow
    from stepladder.workflow.repair import repair as found_for
    from stepladder.workflow.replan import successor

    question, published = ask_again(source, (scenario, assignments), (actuals, assessment, as_of))
    screen.changes(question.changes)
    if output is not None:
        files.prepare(output, plan=True)
    limits = Options(gap=gap, time_limit=time_limit)
    answer = found_for(question, limits)
    with screen.Reporter() as report:
        after = follow(question, answer, by, limits, report)
    if after is not None and published is not None:
        after = successor(published, after)
    if output is not None and after is not None:
        files.write(output, dump(after))
    screen.answer(repair_json(answer, after) if as_json else repair_text(answer, after, screen.style(width)))
    if after is None and not answer.possible:
        screen.note(f"no plan follows from --by {by}" if by is not None else "nothing that was looked at gives a plan")
        screen.note(hint(answer))
    if not answer.possible:
        raise typer.Exit(4)
