"""The first and the last sentence of a plan: what it brings, and how good it is proved to be."""

from __future__ import annotations

from stepladder.analysis.claims import proved_of
from stepladder.analysis.roadmap import Roadmap, read
from stepladder.data.plan import Plan
from stepladder.output import numbers
from stepladder.output.claims import good
from stepladder.output.numbers import money
from stepladder.output.page import Page
from stepladder.output.words import span, title


def opening(page: Page, road: Roadmap) -> None:
    """Title and summary."""
    plan = road.plan
    problem = plan.problem
    page.say(title(problem.title or "Security roadmap"), kind="bold", most=2)
    page.blank()
    page.say(f"Horizon: {span(problem.periods[0], problem.periods[-1])}, {numbers.count(problem.horizon, 'period')}.")
    page.say(summary(road))


def summary_of(plan: Plan) -> str:
    """The same sentence, of a verified plan."""
    return summary(read(plan))


def summary(road: Roadmap) -> str:
    """One sentence: so many of so many steps, for so much money, bring the loss from here to there."""
    plan = road.plan
    currency, total = plan.problem.currency, len(plan.problem.steps)
    if not plan.starts:
        return f"The best plan is to do none of the {numbers.count(total, 'step')}." if total else "There is nothing to do: the problem has no steps."
    spent = money(plan.totals.spend, currency)
    text = f"{numbers.whole(len(plan.starts))} of {numbers.count(total, 'step')}, for {spent} within the horizon,"
    after = plan.totals.tail_expected_loss_per_year
    if not plan.problem.threats:
        return f"The plan holds {text.rstrip(',')}."
    verb, all_ = ("brings", "it is") if len(plan.starts) == 1 else ("bring", "all of them are")
    return f"{text} {verb} the expected loss from {money(road.today, currency)} a year today to {money(after, currency)} a year once {all_} in place."


def proof(plan: Plan) -> str:
    """The sentence with the gap: what is proved of every plan, and where this one stands."""
    return good(plan, proved_of(plan))
