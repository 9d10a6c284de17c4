"""The commands with which people decide."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Annotated, Literal

import typer

from stepladder.cli import door, files, screen
from stepladder.cli.asking import ask, counted, planned, variations
from stepladder.cli.options import Assignments, Effort, Gap, Input, Json, Output, Scenario, TimeLimit, Width, money, part
from stepladder.errors import Infeasible, NoPlanFound

Step = Annotated[str, typer.Argument(metavar="STEP", help="Id of a step, such as access_control.scope.2.", show_default=False)]
Decided = Annotated[str, typer.Argument(metavar="INPUT", help="A plan, or a scenario or problem that is planned first.", show_default=False)]


def next_(
    source: Decided,
    scenario: Scenario = None,
    assignments: Assignments = None,
    among: Annotated[
        list[str] | None,
        typer.Option("--among", metavar="PLANS", help="Count these too: a plan, a folder of plans, a sweep's file; may be repeated.", show_default=False),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Leave out what takes solving again: prices, other ways, other scenarios.")] = False,
    gap: Gap = "0.2%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = 2,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what to do first, why, and what it costs to wait.

    Of a scenario file, the named scenarios are planned too, and it is counted how many of them begin with the same steps.
    """
    from stepladder.analysis.nudge import unpriced
    from stepladder.optimise import Options
    from stepladder.output.advice import next_json, next_text
    from stepladder.workflow.next import nudge

    limits = Options(gap=gap, time_limit=time_limit, effort=effort).together()
    others = {} if quick else counted(among or ())
    made = planned(source, scenario, assignments, limits)
    if quick:
        held = unpriced(made)
    else:
        with screen.Reporter() as report:
            named = [other.starts for other in variations(source, scenario, assignments, limits, report)]
            held = nudge(made, limits, others | ({"named scenarios": named} if named else {}), report)
    screen.answer(next_json(held) if as_json else next_text(held, screen.style(width)))


def why(
    source: Decided,
    step: Step,
    not_: Annotated[bool, typer.Option("--not", help="Why is it not planned?")] = False,
    scenario: Scenario = None,
    assignments: Assignments = None,
    gap: Gap = "0.2%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = 4,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say why a step stands where it stands, or with --not why it is not planned.

    What another choice would cost is found by solving again, never by guess.
    """
    from stepladder.optimise import Options
    from stepladder.output.reasons import why_json, why_text
    from stepladder.workflow.why import why as explained

    limits = Options(gap=gap, time_limit=time_limit, effort=effort).together()
    held = explained(planned(source, scenario, assignments, limits), step, limits, planned=not not_)
    screen.answer(why_json(held) if as_json else why_text(held, screen.style(width)))


def frontier(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="MONEY", help="Least budget: an amount, or a part of the scenario's own.", show_default="40%")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="MONEY", help="Largest budget, in the same way.", show_default="160%")] = None,
    points: Annotated[int, typer.Option("--points", min=2, max=1000, help="How many budgets.")] = 25,
    appetites: Annotated[
        list[str] | None,
        typer.Option("--appetite", metavar="LOSS", help="A curve with this cap on expected loss per year; may be repeated.", show_default=False),
    ] = None,
    folder: Annotated[Path | None, typer.Option("--output", "-o", metavar="FOLDER", help="Write each point's plan there.", show_default=False)] = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one row of CSV for each point.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Money against remaining loss: the best plan for each of many budgets.

    Says where more money stops paying, and from where on the whole target is affordable. Time limit and effort are for each point. Where no budget
    has a plan it is said why; the exit code is then 4.
    """
    from stepladder.data.plan import dump
    from stepladder.optimise import Options
    from stepladder.output.frontiers import frontier_csv, frontier_json, frontier_text
    from stepladder.workflow.frontier import amounts
    from stepladder.workflow.frontier import frontier as answered_for

    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    limits = Options(gap=gap, time_limit=time_limit, effort=effort, threads=1).together()
    currency = question.problem.currency
    caps = [money(text, currency, "--appetite") for text in appetites or ()]
    with files.folder(folder):
        for budget, appetite in product(amounts(question.problem, first, last, points), (None, *caps)) if folder is not None else ():
            assert folder is not None
            if (path := folder / _named(budget, appetite, currency)).exists():
                files.prepare(path)
        with screen.Counter("pieces of work") as counted:
            held = answered_for(question, first, last, points, caps, limits, counted=counted)
        for cap, budget, made in ((one.appetite, *point) for one in held.curves for point in one.plans) if folder is not None else ():
            assert folder is not None
            files.write(folder / _named(budget, cap, currency), dump(made))
    screen.answer(frontier_json(held) if as_json else frontier_csv(held) if as_csv else frontier_text(held, screen.style(width)))
    door.nowhere(question, held, time_limit, machine=as_json or as_csv, width=width)


def _named(budget: float, appetite: float | None, currency: str) -> str:
    """What the file of a point is called."""
    return _shortest(budget, currency) + ("" if appetite is None else f"-appetite-{_shortest(appetite, currency)}") + ".json"


def _shortest(amount: float, currency: str) -> str:
    """An amount as part of a file's name: without decimals where it has none."""
    from stepladder.data.money import text

    return f"{amount:.0f}" if amount == int(amount) else text(amount, currency)


def repair(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    by: Annotated[
        Literal["money", "people", "parallel", "later", "pin", "cap", "from", "fewer", "together"] | None,
        typer.Option("--by", help="Which way out the plan that follows takes.", show_default="the first that helps"),
    ] = None,
    output: Output = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Of an impossible question: which demands clash, and the cheapest way out.

    All clashes, and for the question as a whole the least of each kind: more money or person-days, more steps at once, later milestones, other
    pins, higher or later caps, fewer steps; and the plan that follows. The time limit is for the explanation, and again for the plan. The exit
    code is 4 where there is no plan as it is.
    """
    from stepladder.data.plan import dump
    from stepladder.optimise import Options
    from stepladder.output.repairs import hint, repair_json, repair_text
    from stepladder.workflow.repair import follow
    from stepladder.workflow.repair import repair as found_for

    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    if output is not None:
        files.prepare(output)
    limits = Options(gap=gap, time_limit=time_limit)
    held = found_for(question, limits)
    with screen.Reporter() as report:
        after = follow(question, held, by, limits, report)
    if output is not None and after is not None:
        files.write(output, dump(after))
    screen.answer(repair_json(held, after) if as_json else repair_text(held, after, screen.style(width)))
    if after is None and not held.possible:
        screen.note(f"no plan follows from --by {by}" if by is not None else "nothing that was looked at gives a plan")
        screen.notes([hint(held)] if hint(held) else [])
    if not held.possible:
        raise typer.Exit(4)


Several = Annotated[list[str], typer.Argument(metavar="INPUT...", help="Plans, scenarios, problems, or names of shipped scenarios.", show_default=False)]
Named = Annotated[list[str] | None, typer.Option("--scenario", metavar="NAME", help="Add a named scenario of the file; may be repeated.", show_default=False)]
Every = Annotated[bool, typer.Option("--all", help="Add all named scenarios of the file.")]


def compare(
    sources: Several,
    scenarios: Named = None,
    every: Every = False,
    assignments: Assignments = None,
    against_practice: Annotated[bool, typer.Option("--against-practice", help="Add the best plan that a rule of practice makes.")] = False,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one row of CSV for each plan.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Put plans and scenarios side by side.

    What is not planned yet is planned first. The first one is what the others are compared with. Of a question without a plan it is said why; the
    exit code is then 4.
    """
    from stepladder.optimise import Options
    from stepladder.output.compared import compare_csv, compare_json, compare_text
    from stepladder.workflow.compare import compare as compared
    from stepladder.workflow.compare import sides

    chosen = sides(sources, scenarios or (), assignments or (), every=every)
    missing: list[Infeasible | NoPlanFound] = []
    with screen.Reporter() as report, door.several(missing):
        held = compared(chosen, Options(gap=gap, time_limit=time_limit, effort=effort).together(), report, against_practice=against_practice, missing=missing)
    if len(missing) < len(chosen):
        screen.answer(compare_json(held) if as_json else compare_csv(held) if as_csv else compare_text(held, screen.style(width)))
    door.beside(missing, time_limit, machine=as_json or as_csv, width=width)


def stable(
    sources: Several,
    scenarios: Named = None,
    every: Every = False,
    assignments: Assignments = None,
    tolerance: Annotated[float, typer.Option("--tolerance", parser=part, metavar="PART", help="How much worse an alternative may be.")] = "1%",  # type: ignore[assignment]
    count: Annotated[int, typer.Option("--alternatives", min=0, max=20, help="How many plans that differ most.")] = 2,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = 4,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what does not depend on the choice.

    Steps that all plans hold, or none, and those that truly depend; and plans that are nearly as good as the first, and as different as can be.
    """
    from stepladder.optimise import Options
    from stepladder.output.stables import stable_json, stable_text
    from stepladder.workflow.compare import plans_of, sides
    from stepladder.workflow.stable import stable as looked_at

    chosen = sides(sources, scenarios or (), assignments or (), every=every)
    limits = Options(gap=gap, time_limit=time_limit, effort=effort).together()
    with screen.Reporter() as report:
        held = looked_at(plans_of(chosen, limits, report), tolerance, count, limits, report)
    shown = (held.plan, held.core, held.alternatives)
    screen.answer(stable_json(*shown) if as_json else stable_text(*shown, screen.style(width)))
