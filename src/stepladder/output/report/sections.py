"""The sections of a report about one plan, in the order of a reader's questions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from stepladder.analysis.next import beginning
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import OBJECTIVES, objective_of, tells_losses
from stepladder.output.advice import begins, nothing
from stepladder.output.outlook import advice_of, because, kept, left_by_reason, met, notes_of
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Block, Column, Item, Items, Section, Table, Tile
from stepladder.output.report.phases import entries
from stepladder.wording import numbers
from stepladder.wording.aimless import first_of_all
from stepladder.wording.assumptions import Assumption, assumptions
from stepladder.wording.summary import proof, so_far, summary
from stepladder.wording.text import clean
from stepladder.wording.words import span, title


def decision(road: Roadmap) -> Section:
    """What the plan brings; and what to approve, why to believe it, and the same as figures."""
    plan = road.plan
    problem, after, today = plan.problem, plan.totals.tail_expected_loss_per_year, road.today
    begun, risky, points = plan.as_of is not None, bool(problem.threats), objective_of(problem).points
    tiles = (
        (begun, Tile("Money to approve", road.to_approve if begun else 0.0, "money")),
        (begun, Tile("Money spent before", road.spent, "money")),
        (True, Tile("Money within the horizon", plan.cost, "money")),
        (True, Tile("Of that, investment", math.fsum(road.used["money_once"]), "money")),
        (risky, Tile("Expected loss a year today", today, "money")),
        (risky, Tile("Expected loss a year afterwards", after, "money")),
        (today > after, Tile("Less expected loss", (today - after) / (today or 1.0), "share")),
        (points, Tile("Worth, present value", plan.totals.points_present_value, "points")),
        (True, Tile("Steps planned", len(plan.starts), "whole", f"of {numbers.whole(len(problem.steps))}")),
        (plan.objective.gap is not None, Tile("Gap to the proved bound", plan.objective.gap or 0.0, "gap")),
    )
    said = (*first_of_all(problem), *((so_far(road), summary(road)) if begun else (summary(road),)))
    return Section(
        "decision", "The decision", said, (_ask(road), proof(plan), tuple(tile for shown, tile in tiles if shown))
    )


def _ask(road: Roadmap) -> str:
    """What to approve, for when, and what is met then."""
    plan, periods, currency = road.plan, road.plan.problem.periods, road.plan.problem.currency
    horizon = span(periods[0 if plan.as_of is None else plan.now], periods[-1])
    if plan.as_of is not None:
        money, what = road.to_approve, f"{numbers.count(len(road.open), 'step')} can still be decided"
    elif plan.starts:
        first = numbers.label(periods[min(plan.starts.values())])
        money, what = plan.cost, f"the first steps start in {first}"
    else:
        return f"Approve nothing for {horizon}."
    return f"Approve {numbers.money(money, currency)} for {horizon}: {what}{_kept(road)}."


def _kept(road: Roadmap) -> str:
    """How many milestones are met, as the end of a sentence."""
    milestones = road.plan.milestones
    if not milestones:
        return ""
    good = sum(kept(road, milestone) for milestone in milestones)
    if (good, len(milestones)) == (0, 1):
        return "; its milestone is not met"
    of = f"{numbers.whole(good) if good else 'none'} of {numbers.count(len(milestones), 'milestone')}"
    return f"; {of} {'is' if good <= 1 else 'are'} met"


def next_steps(road: Roadmap) -> Section:
    """What starts first, each with its cost and its reason."""
    first = beginning(road.plan)
    if first.when is None:
        return Section("next", "What to do first", (nothing(road.plan),))
    return Section("next", "What to do first", (begins(first, first.when), entries(road, first.steps)))


# -- what it keeps, what is left out, and what it rests on -------------------------------------------------------------


def milestones(road: Roadmap) -> Section | None:
    """Each milestone, and whether and when it is met."""
    items = tuple(
        Item(
            f"{numbers.day(held.date)}: {title(held.title)}",
            f"{met(road, held)} {because(held)}".strip(),
            "good" if kept(road, held) else "bad",
        )
        for held in road.plan.milestones
    )
    return Section("milestones", "Milestones", (Items(items, "milestone"),)) if items else None


def advice(road: Roadmap) -> Section | None:
    """Soft needs that the plan does not follow."""
    return _notes("advice", "Advice not followed", advice_of(road))


def notes(road: Roadmap) -> Section | None:
    """What the scenario implies, and how many numbers are nobody's own."""
    return _notes("notes", "Worth knowing", notes_of(road))


def _notes(name: str, heading: str, said: Sequence[str]) -> Section | None:
    return Section(name, heading, (Items(tuple(Item("", clean(note)) for note in said), "note"),)) if said else None


def left_out(road: Roadmap) -> Section | None:
    """Steps that are not planned, by reason."""
    plan = road.plan
    titles = {step.id: title(step.name) for step in plan.problem.steps}
    blocks: list[Block] = []
    for heading, names in left_by_reason(plan):
        rows = tuple((titles.get(name, name), clean(plan.left_out(name))) for name in names)
        blocks += [heading, Table("Left out", (Column("Step"), Column("Why")), rows, "step")]
    return Section("left-out", "Left out, and why", tuple(blocks)) if blocks else None


def rests_on(road: Roadmap) -> Section | None:
    """Where the numbers come from; what is only illustrative is said to be."""
    figures = assumptions(road.plan)
    columns = (
        Column("Rests on"),
        Column("Numbers", "whole"),
        Column("Such as"),
        Column("Written at"),
        Column("Kind"),
    )
    table = Table("Sources of the numbers", columns, tuple(_sources(figures)), "source")
    return Section("assumptions", "What it rests on", (table,)) if figures else None


def _sources(figures: Sequence[Assumption]) -> Iterator[tuple[str, int, str, str, str]]:
    """By source: how many numbers rest on it, one of them, where that is written, and whether it is illustrative."""
    counts = Counter((one.source, one.illustrative) for one in figures)
    firsts: dict[tuple[str, bool], Assumption] = {}
    for one in figures:
        firsts.setdefault((one.source, one.illustrative), one)
    for (source, illustrative), count in sorted(
        counts.items(), key=lambda item: (not item[0][1], -item[1], item[0][0])
    ):
        first = firsts[source, illustrative]
        yield (
            source or "No source is given",
            count,
            f"{first.subject}: {first.value}",
            first.at,
            "illustrative" if illustrative else "own",
        )


def _status(plan: Plan) -> str:
    """The word for the gap, and what it was measured by."""
    if plan.wanted_gap is None:
        return f"Status: {plan.status}, as the plan says; it does not say what gap was wanted."
    side = "within" if plan.status == "optimal" else "above"
    return f"Status: {plan.status}: the gap is {side} the {numbers.wanted_gap(plan.wanted_gap)} that was wanted."


def _value(plan: Plan) -> tuple[Table, ...]:
    """What is proved of the objective, and what it does not count beside it; points stand in no table of money."""
    aim, objective = plan.objective, OBJECTIVES[plan.objective.name]
    title, value, bound = objective.title, objective.shown(aim.value), objective.shown(aim.bound)
    totals = [("Money", plan.totals.spend_present_value)]
    totals += [("Expected loss", plan.totals.loss_present_value)] if tells_losses(plan.problem) else []
    beside = tuple((name, amount) for name, amount in totals if name != title)
    first = Column("Present value")
    if objective.points:
        columns = (first, Column("This plan", "points"), Column("No plan can be above", "most_points"))
        rows: tuple[tuple[Value, ...], ...] = ((f"{title}, in points: maximised", value, bound, aim.gap),)
        return (
            Table("Worth, bound and gap", (*columns, Column("Gap", "gap")), rows),
            Table("Beside it", (first, Column("This plan", "money")), beside),
        )
    columns = (first, Column("This plan", "money"), Column("No plan can be below", "bound"))
    rows = ((f"{title}: minimised", value, bound, aim.gap), *((*row, None, None) for row in beside))
    return (Table("Value, bound and gap", (*columns, Column("Gap", "gap")), rows),)


def how_good(road: Roadmap, rules: Sequence[str] = ()) -> Section:
    """Status, bound and gap, and what the verifier has checked."""
    plan = road.plan
    checked = "Every rule was checked, and every figure computed anew, by a program that cannot reach the solver:"
    return Section(
        "proof",
        "How good this plan is",
        (proof(plan),),
        (_status(plan), *_value(plan), checked, Items(tuple(Item("", rule, "good") for rule in rules), "rule")),
    )
