"""The sections of a report about one plan, in the order of a reader's questions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from stepladder.analysis.achieved import achieved, standings
from stepladder.analysis.front import Front
from stepladder.analysis.next import beginning
from stepladder.analysis.questions import questions as asked
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import OBJECTIVES, objective_of, tells_losses
from stepladder.output.advice import begins, nothing
from stepladder.output.outlook import advice_of, because, kept, left_by_reason, left_in_short, met, notes_of
from stepladder.output.report import front
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Block, Card, Cards, Column, Item, Items, Section, Table, Tile
from stepladder.output.report.phases import entries
from stepladder.wording import numbers
from stepladder.wording.aimless import first_of_all
from stepladder.wording.asked import HEADING, sentences
from stepladder.wording.assumptions import Assumption, assumptions
from stepladder.wording.summary import ask, proof, so_far, summary
from stepladder.wording.text import clean
from stepladder.wording.words import title

HOW_GOOD = "How good this plan is"


def decision(road: Roadmap, facts: Front) -> Section:
    """The front page: what to approve, what that brings, and what a board asks next."""
    drawn = [front.picture(facts)] if road.plan.decided or facts.promised else []
    table = front.each(road, facts)
    return Section(
        "decision",
        "The decision",
        (*_in_words(road), *drawn, _tiles(road), front.cards(road, facts)),
        (*([table] if table is not None else []), proof(road.plan)),
    )


def _in_words(road: Roadmap) -> tuple[str, ...]:
    """What to approve, how far it is, and what it brings."""
    begun = road.plan.as_of is not None
    return (*first_of_all(road.plan.problem), ask(road), *([so_far(road)] if begun else []), summary(road))


def _tiles(road: Roadmap) -> tuple[Tile, ...]:
    """The same as figures."""
    plan = road.plan
    problem, after, today = plan.problem, plan.totals.tail_expected_loss_per_year, road.today
    beside = plan.afterwards_in_all > plan.afterwards
    begun, risky, points = plan.as_of is not None, bool(problem.threats), objective_of(problem).points
    first, less = road.at_first, f"Less expected loss{' from today on' if begun else ''}"
    tiles = (
        (begun, Tile("Money to approve", road.to_approve if begun else 0.0, "money")),
        (begun, Tile("Money spent before", road.spent, "money")),
        (True, Tile("Money within the horizon", plan.cost, "money")),
        (True, Tile("Of that, investment", math.fsum(road.used["money_once"]), "money")),
        (plan.afterwards > 0, Tile("Cost a year afterwards", plan.afterwards, "money")),
        (beside, Tile("The same with all that goes on", plan.afterwards_in_all, "money")),
        (risky, Tile("Expected loss a year today", today, "money")),
        (risky, Tile("Expected loss a year afterwards", after, "money")),
        (begun and first > today, Tile("Less expected loss so far", (first - today) / (first or 1.0), "share")),
        (today > after, Tile(less, (today - after) / (today or 1.0), "share")),
        (points, Tile("Worth, present value", plan.totals.points_present_value, "points")),
        (True, Tile("Steps planned", len(plan.starts), "whole", f"of {numbers.whole(len(problem.steps))}")),
        (plan.objective.gap is not None, Tile("Gap to the proved bound", plan.objective.gap or 0.0, "gap")),
    )
    return tuple(tile for shown, tile in tiles if shown)


def in_short(road: Roadmap, facts: Front) -> Section:
    """The front page where there is one screen: without its picture, with what is left out in a line for each reason,
    with what to find out first, and with what is proved.
    """
    rest = left_in_short(road.plan)
    cards = front.cards(road, facts).cards
    left = (Card("Left out", (f"{'; '.join(rest)}.",)),) if rest else ()
    missing = _asked(road)
    ask_first = (
        (Card(HEADING, (Items(tuple(Item("", clean(one)) for one in missing), "question"),)),) if missing else ()
    )
    asked_last = Cards((*cards, *left, *ask_first, Card(HOW_GOOD, (proof(road.plan),))))
    return Section("decision", "The decision", (*_in_words(road), _tiles(road), asked_last))


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


def achievements(road: Roadmap) -> Section | None:
    """Each achievement: whether it holds today, and from when the plan has it."""
    plan = road.plan
    periods = plan.problem.periods
    rows = tuple(
        (
            title(item.title),
            clean(item.ref),
            "holds" if item.today else "",
            "" if item.today else numbers.label(periods[item.since]) if item.since is not None else "not reached",
        )
        for item in standings(plan.problem, plan.context, achieved(plan))
    )
    columns = (Column("Achievement"), Column("Code", detail=True), Column("Today"), Column("Reached in this plan"))
    return (
        Section("achievements", "Achievements", (Table("Achievements", columns, rows, "achievement"),))
        if rows
        else None
    )


def advice(road: Roadmap) -> Section | None:
    """Soft needs that the plan does not follow."""
    return _notes("advice", "Advice not followed", advice_of(road))


def notes(road: Roadmap) -> Section | None:
    """What the scenario implies, and how many numbers are nobody's own."""
    return _notes("notes", "Worth knowing", notes_of(road))


def _notes(name: str, heading: str, said: Sequence[str]) -> Section | None:
    return Section(name, heading, (Items(tuple(Item("", clean(note)) for note in said), "note"),)) if said else None


def questions(road: Roadmap) -> Section | None:
    """What to find out first: the figures that nobody has looked up, by what hangs on them."""
    return _notes("questions", HEADING, _asked(road))


def _asked(road: Roadmap) -> list[str]:
    plan = road.plan
    still = {name: start for name, start in plan.starts.items() if plan.state(name) == "open"}
    titles = {step.id: step.name for step in plan.problem.steps}
    found = asked(plan.problem, plan.context, still)
    teams = plan.context.teams if plan.context is not None else {}
    whole = "what is to be done" if plan.as_of else "the plan"
    return sentences(found, titles, plan.problem.currency, whole, teams=teams)


def left_out(road: Roadmap) -> Section | None:
    """Steps that are not planned, by reason."""
    blocks: list[Block] = []
    for heading, rows in left_by_reason(road.plan):
        columns = (Column("Step"), *([Column("Why")] if any(why for _, why in rows) else []))
        blocks += [heading, Table("Left out", columns, tuple(row[: len(columns)] for row in rows), "step")]
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
        HOW_GOOD,
        (proof(plan),),
        (_status(plan), *_value(plan), checked, Items(tuple(Item("", rule, "good") for rule in rules), "rule")),
    )
