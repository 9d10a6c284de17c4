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
from stepladder.wording.language import _, mark
from stepladder.wording.summary import ask, proof, so_far, summary
from stepladder.wording.text import clean
from stepladder.wording.words import title

HOW_GOOD = mark("How good this plan is")


def decision(road: Roadmap, facts: Front) -> Section:
    """The front page: what to approve, what that brings, and what a board asks next."""
    drawn, table = front.picture(facts), front.each(road, facts)
    return Section(
        "decision",
        _("The decision"),
        (*_in_words(road), *([] if drawn is None else [drawn]), _tiles(road), front.cards(road, facts)),
        (*([] if table is None else [table]), proof(road.plan)),
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
    first, less = road.at_first, _("Less expected loss from today on") if begun else _("Less expected loss")
    tiles = (
        (begun, Tile(_("Money to approve"), road.to_approve if begun else 0.0, "money")),
        (begun, Tile(_("Money spent before"), road.spent, "money")),
        (True, Tile(_("Money within the horizon"), plan.cost, "money")),
        (True, Tile(_("Of that, investment"), math.fsum(road.used["money_once"]), "money")),
        (plan.afterwards > 0, Tile(_("Cost a year afterwards"), plan.afterwards, "money")),
        (beside, Tile(_("The same with all that goes on"), plan.afterwards_in_all, "money")),
        (risky, Tile(_("Expected loss a year today"), today, "money")),
        (risky, Tile(_("Expected loss a year afterwards"), after, "money")),
        (begun and first > today, Tile(_("Less expected loss so far"), (first - today) / (first or 1.0), "share")),
        (today > after, Tile(less, (today - after) / (today or 1.0), "share")),
        (points, Tile(_("Worth, present value"), plan.totals.points_present_value, "points")),
        (
            True,
            Tile(_("Steps planned"), len(plan.starts), "whole", _("of {all}", all=numbers.whole(len(problem.steps)))),
        ),
        (plan.objective.gap is not None, Tile(_("Gap to the proved bound"), plan.objective.gap or 0.0, "gap")),
    )
    return tuple(tile for shown, tile in tiles if shown)


def in_short(road: Roadmap, facts: Front) -> Section:
    """The front page where there is one screen: without its picture, with what is left out in a line for each reason,
    with what to find out first, and with what is proved.
    """
    rest = left_in_short(road.plan)
    cards = front.cards(road, facts).cards
    left = (Card(_("Left out"), (f"{'; '.join(rest)}.",)),) if rest else ()
    missing = _asked(road)
    ask_first = (
        (Card(_(HEADING), (Items(tuple(Item("", clean(one)) for one in missing), "question"),)),) if missing else ()
    )
    asked_last = Cards((*cards, *left, *ask_first, Card(_(HOW_GOOD), (proof(road.plan),))))
    return Section("decision", _("The decision"), (*_in_words(road), _tiles(road), asked_last))


def next_steps(road: Roadmap) -> Section:
    """What starts first, each with its cost and its reason."""
    first = beginning(road.plan)
    if first.when is None:
        return Section("next", _("What to do first"), (nothing(road.plan),))
    return Section("next", _("What to do first"), (begins(first, first.when), entries(road, first.steps)))


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
    return Section("milestones", _("Milestones"), (Items(items, "milestone"),)) if items else None


def achievements(road: Roadmap) -> Section | None:
    """Each achievement: whether it holds today, and from when the plan has it."""
    plan = road.plan
    periods = plan.problem.periods
    rows = tuple(
        (
            title(item.title),
            clean(item.ref),
            _("holds") if item.today else "",
            "" if item.today else numbers.label(periods[item.since]) if item.since is not None else _("not reached"),
        )
        for item in standings(plan.problem, plan.context, achieved(plan))
    )
    heading = _("Achievements")
    columns = (
        Column(_("Achievement")),
        Column(_("Code"), detail=True),
        Column(_("Today")),
        Column(_("Reached in this plan")),
    )
    return Section("achievements", heading, (Table(heading, columns, rows, "achievement"),)) if rows else None


def advice(road: Roadmap) -> Section | None:
    """Soft needs that the plan does not follow."""
    return _notes("advice", _("Advice not followed"), advice_of(road))


def notes(road: Roadmap) -> Section | None:
    """What the scenario implies, and how many numbers are nobody's own."""
    return _notes("notes", _("Worth knowing"), notes_of(road))


def _notes(name: str, heading: str, said: Sequence[str]) -> Section | None:
    return Section(name, heading, (Items(tuple(Item("", clean(note)) for note in said), "note"),)) if said else None


def questions(road: Roadmap) -> Section | None:
    """What to find out first: the figures that nobody has looked up, by what hangs on them."""
    return _notes("questions", _(HEADING), _asked(road))


def _asked(road: Roadmap) -> list[str]:
    plan = road.plan
    still = {name: start for name, start in plan.starts.items() if plan.state(name) == "open"}
    titles = {step.id: step.name for step in plan.problem.steps}
    found = asked(plan.problem, plan.context, still)
    teams = plan.context.teams if plan.context is not None else {}
    whole = _("what is to be done") if plan.as_of else _("the plan")
    return sentences(found, titles, plan.problem.currency, whole, teams=teams)


def left_out(road: Roadmap) -> Section | None:
    """Steps that are not planned, by reason."""
    blocks: list[Block] = []
    for heading, rows in left_by_reason(road.plan):
        columns = (Column(_("Step")), *([Column(_("Why"))] if any(row[1] for row in rows) else []))
        blocks += [heading, Table(_("Left out"), columns, tuple(row[: len(columns)] for row in rows), "step")]
    return Section("left-out", _("Left out, and why"), tuple(blocks)) if blocks else None


def rests_on(road: Roadmap) -> Section | None:
    """Where the numbers come from; what is only illustrative is said to be."""
    figures = assumptions(road.plan)
    columns = (
        Column(_("Rests on")),
        Column(_("Numbers"), "whole"),
        Column(_("Such as")),
        Column(_("Written at")),
        Column(_("Kind")),
    )
    table = Table(_("Sources of the numbers"), columns, tuple(_sources(figures)), "source")
    return Section("assumptions", _("What it rests on"), (table,)) if figures else None


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
            source or _("No source is given"),
            count,
            f"{first.subject}: {first.value}",
            first.at,
            _("illustrative") if illustrative else _("own"),
        )


def _status(plan: Plan) -> str:
    """The word for the gap, and what it was measured by."""
    if plan.wanted_gap is None:
        return _(
            "Status: {status}, as the plan says; it does not say what gap was wanted.", status=_(STATUS[plan.status])
        )
    wanted = numbers.wanted_gap(plan.wanted_gap)
    if plan.status == "optimal":
        return _("Status: optimal: the gap is within the {gap} that was wanted.", gap=wanted)
    return _("Status: feasible: the gap is above the {gap} that was wanted.", gap=wanted)


#: How good a plan is, in one word.
STATUS = {"optimal": mark("optimal"), "feasible": mark("feasible")}


def _value(plan: Plan) -> tuple[Table, ...]:
    """What is proved of the objective, and what it does not count beside it; points stand in no table of money."""
    aim, objective = plan.objective, OBJECTIVES[plan.objective.name]
    title, value, bound = _(objective.title), objective.shown(aim.value), objective.shown(aim.bound)
    totals = [(_("Money"), plan.totals.spend_present_value)]
    totals += [(_("Expected loss"), plan.totals.loss_present_value)] if tells_losses(plan.problem) else []
    beside = tuple((name, amount) for name, amount in totals if name != title)
    first = Column(_("Present value"))
    if objective.points:
        columns = (first, Column(_("This plan"), "points"), Column(_("No plan can be above"), "most_points"))
        rows: tuple[tuple[Value, ...], ...] = (
            (_("{title}, in points: maximised", title=title), value, bound, aim.gap),
        )
        return (
            Table(_("Worth, bound and gap"), (*columns, Column(_("Gap"), "gap")), rows),
            Table(_("Beside it"), (first, Column(_("This plan"), "money")), beside),
        )
    columns = (first, Column(_("This plan"), "money"), Column(_("No plan can be below"), "bound"))
    rows = ((_("{title}: minimised", title=title), value, bound, aim.gap), *((*row, None, None) for row in beside))
    return (Table(_("Value, bound and gap"), (*columns, Column(_("Gap"), "gap")), rows),)


def how_good(road: Roadmap, rules: Sequence[str] = ()) -> Section:
    """Status, bound and gap, and what the verifier has checked."""
    plan = road.plan
    checked = _("Every rule was checked, and every figure computed anew, by a program that cannot reach the solver:")
    return Section(
        "proof",
        _(HOW_GOOD),
        (proof(plan),),
        (_status(plan), *_value(plan), checked, Items(tuple(Item("", _(rule), "good") for rule in rules), "rule")),
    )
