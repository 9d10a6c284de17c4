"""Ten questions that a board asks, each answered on the front page of the report: every figure found in the page and
counted once more from the plan's file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import pytest

from stepladder.analysis.roadmap import read
from stepladder.data.formats.places import Year
from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.optimise import Options
from stepladder.output.report.phases import phases
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.workflow.asking import ask
from stepladder.workflow.less import with_less
from stepladder.workflow.plan import answer
from stepladder.workflow.report import Losses, ReportRequest, report
from stepladder.workflow.sweep import mark_of
from tests.analysis.test_front import left, money, weights
from tests.support import handmade
from tests.support.commanding import run
from tests.support.shapes import crew, fleet, renewed
from tests.support.sizes import FULL

CASES = ("bottling_line", "home_cameras", "automotive_gateway", "water_utility")
QUICK = Options(gap=0.02, work=1)


def page_of(plan: Plan, **more: Any) -> str:
    """The front page as one line of text."""
    page = lxml.html.fromstring(report(ReportRequest(plan, **more)).decode())
    (front,) = page.xpath("//section[@id='decision']")
    return " ".join(" ".join(front.itertext()).split())


def amounts(text: str) -> list[float]:
    """The numbers in a text."""
    return [float(found.replace(",", "")) for found in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def said(text: str, value: float) -> bool:
    """Whether a number stands in a text, rounded as amounts are."""
    tolerance = 0.5001 if abs(value) >= 1000 else 0.005001
    return any(abs(number - value) <= tolerance for number in amounts(text))


def between(text: str, first: str, last: str = "") -> str:
    """What stands in a text after one phrase and before another."""
    rest = text.partition(first)[2]
    assert rest, first
    return rest.partition(last)[0] if last else rest


def made(name: str) -> Plan:
    """A case's plan, found quickly."""
    return answer(ask(name), QUICK)


@pytest.fixture(scope="module", params=CASES if FULL else ("bottling_line", "water_utility"))
def case(request: pytest.FixtureRequest) -> Plan:
    return made(request.param)


PLANS = [handmade.bottling(), crew(), renewed(), fleet(3, 6)]


def test_what_is_paid_for_ever(case: Plan) -> None:
    goes_on(case)


@pytest.mark.parametrize("plan", PLANS, ids=range(4))
def test_the_same_of_plans_by_hand(plan: Plan) -> None:
    goes_on(plan)
    gives_back(plan)
    this_year(plan)
    slack(plan)
    by_system(plan)


def goes_on(plan: Plan) -> None:
    own = math.fsum(step.per_year for step in plan.problem.steps if step.id in plan.starts)
    ongoing = plan.problem.ongoing
    text = between(page_of(plan), "Money by year", "How sure it is")
    assert said(between(text, "go on costing", "a year"), own)
    if ongoing.upkeep + ongoing.committed:
        assert said(between(text, "it is", "a year"), own + ongoing.upkeep + ongoing.committed)


def gives_back(plan: Plan) -> None:
    problem, counted = plan.problem, weights(plan)
    if not problem.threats:
        return
    text = between(page_of(plan), "What it gives back", "With less money")
    first = math.fsum(threat.expected_loss_per_year for threat in problem.threats)
    lost = (math.fsum(left(plan, threat, t) for threat in problem.threats) for t in range(len(counted)))
    less = math.fsum(weight * (first - loss) for weight, loss in zip(counted, lost, strict=True))
    avoided, spent = less + plan.totals.value_present_value, discounted(plan)
    assert said(between(text, "avoids", "of loss"), avoided)
    assert any(abs(number - spent) <= 12 for number in amounts(between(text, "costs", "and avoids")))
    assert said(between(text, "included): ", "for each 1"), round(avoided / plan.totals.spend_present_value, 2))


def discounted(plan: Plan) -> float:
    """Money of all steps, present value, tail included."""
    periods, steps = plan.problem.periods, plan.problem.steps_by_id()
    inside = [amount * periods[t].discount for name in plan.starts for t, amount in money(plan, name)]
    return math.fsum([*inside, *(steps[name].per_year * weights(plan)[-1] for name in plan.starts)])


def test_what_it_gives_back(case: Plan) -> None:
    gives_back(case)


def test_what_is_promised_already(case: Plan) -> None:
    assert case.context is not None
    promised = math.fsum(case.context.committed)
    assert promised > 0
    assert said(between(page_of(case), "All years", "After the horizon"), promised)


def this_year(plan: Plan) -> None:
    years = plan.context.years if plan.context else ()
    for year in years:
        inside = range(year.from_, year.to + 1)
        cost = math.fsum(plan.money(t) + plan.committed(t) for t in inside)
        row = between(page_of(plan), "Money by year", "After the horizon")
        assert said(between(row, year.label), cost)


def test_money_of_each_year(case: Plan) -> None:
    this_year(case)


def slack(plan: Plan) -> None:
    if not plan.milestones:
        return
    text = between(page_of(plan), "Dates and their slack", "How sure it is")
    steps = plan.problem.steps_by_id()
    for milestone in plan.milestones:
        ends = [plan.problem.periods[steps[name].finish(plan.starts[name])].end for name in milestone.steps]
        days = min((milestone.date - end).days for end in ends if end is not None)
        mine = between(text, milestone.title)
        assert mine.startswith(f" Met, {days} day" if days else " Met on the day: no slack at all.")


def test_the_slack_of_each_date(case: Plan) -> None:
    slack(case)


def by_system(plan: Plan) -> None:
    homes = {name.partition("/")[0] for name in plan.starts if "/" in name}
    text = page_of(plan)
    if len(homes) < 2:
        assert "All of it is for one system." in text
        return
    titles = plan.context.systems if plan.context else {}
    table = between(text, "By system", "How sure it is")
    for home in homes:
        mine = [name for name in plan.starts if name.startswith(f"{home}/")]
        cost = math.fsum(amount for name in mine for _, amount in money(plan, name))
        steps = plan.problem.steps_by_id()
        row = between(table, titles.get(home, home))
        assert any(abs(number - cost) <= 1 for number in amounts(row)[:1])
        assert said(row, math.fsum(steps[name].per_year for name in mine))


def test_what_each_plant_gets(case: Plan) -> None:
    by_system(case)


def test_how_likely_the_budget_is_broken(case: Plan) -> None:
    assert "has not been tried: plan --keep 90%" in page_of(case)
    future: list[list[list[float | None]]] = [[[1.0, 1000.0, 0.5]] * len(case.problem.threats)] * 3
    text = page_of(case, losses=Losses(0, mark_of(case), [future] * 24, over=6))
    assert "breaks its budget in 6 of 24 futures drawn from the scenario's ranges (25%)" in text


def test_what_if_a_fifth_less(case: Plan) -> None:
    assert "report --less 20%" in page_of(case)
    less = with_less(case, 0.2)
    text = between(page_of(case, less=0.2), "With less money", "What starts")
    assert said(text, less.money)
    windows = {window.label: window.limit for window in case.problem.windows if window.resource == "money"}
    if less.plan is None:
        assert "no plan" in text
        return
    assert verify(less.plan) == []
    for window in less.plan.problem.windows:
        if window.resource == "money":
            assert window.limit <= 0.8 * windows[window.label] + 0.01
    assert said(text, less.plan.totals.spend)
    assert said(text, less.plan.totals.tail_expected_loss_per_year)
    titles = {step.id: step.title for step in case.problem.steps}
    gone = [titles[name] for name in case.starts if name not in less.plan.starts]
    assert not gone or any(title in text for title in gone)


def why(plan: Plan) -> Iterator[tuple[str, str]]:
    """Of each planned step of the table its title and why it is there."""
    page = lxml.html.fromstring(report(ReportRequest(plan)).decode())
    for row in page.xpath("//section[@id='decision']//table[thead//th='Why it is there beside that']/tbody/tr"):
        cells = [cell.text_content() for cell in row.xpath("./th|./td")]
        yield cells[0], cells[-1]


def test_why_each_step_is_here(case: Plan) -> None:
    steps, rows = case.problem.steps_by_id(), list(why(case))
    assert len(rows) == len(case.starts)
    for (shown, words), name in zip(rows, sorted(case.starts, key=lambda name: case.starts[name]), strict=True):
        assert shown.split(":")[0] in steps[name].title
        wanted = [one.title for one in case.milestones if name in one.steps]
        assert ("needed for" in words) == bool(wanted)
        assert not wanted or wanted[0] in words
        users = [other for other in case.starts if name in {need.step for need in steps[other].needs}]
        assert not users or "it" in words


def test_how_sure_the_plan_is(case: Plan) -> None:
    text = between(page_of(case), "How sure it is", "What it gives back")
    assert case.context is not None
    told = [origin for pointer, origin in case.context.origins.items() if not pointer.endswith("/latest_finish")]
    assert said(text, len([origin for origin in told if origin.illustrative]))
    assert said(text, len(told))
    gap = (case.objective.value - case.objective.bound) / abs(case.objective.value)
    shown = amounts(between(text, "Gap to the proved bound:"))[0] / 100
    assert gap <= shown + 1e-12 <= gap + 0.0001


def test_a_plan_s_text_is_a_page(case: Plan) -> None:
    assert len(plan_text(case).splitlines()) <= 90
    assert len(plan_text(case, full=True).splitlines()) > 150


def test_less_of_nothing_and_of_what_has_begun_is_refused() -> None:
    with pytest.raises(UsageError, match="nothing limits"):
        with_less(fleet(2, 3), 0.2)
    with pytest.raises(UsageError, match="has begun"):
        with_less(renewed(), 0.2)
    assert run("report", "no.json", "-o", "-", "--less", "100%").exit_code == 2


def test_what_has_begun_is_apart_on_the_page() -> None:
    text = page_of(renewed())
    assert "As of Q3 2027; revision 2. Horizon: Q1 2027" in report(ReportRequest(renewed())).decode()
    assert said(between(text, "All years"), 35000.5)
    # What is spent cannot be less: nothing is advised that would be refused.
    assert "report --less" not in text
    assert "replan --assessment plans with a scenario that has less" in text


def test_in_a_roadmap_that_has_begun_only_the_past_is_spent() -> None:
    """After half a year, with the two halves as fiscal years, and as one."""
    plan = renewed()
    assert plan.context is not None
    halves = tuple(Year.model_validate({"label": f"half {k}", "from": 2 * k, "to": 2 * k + 1}) for k in range(2))
    two = plan.model_copy(update={"context": plan.context.model_copy(update={"years": halves})})
    for made, ends in ((two, ("spent", "to come")), (plan, ("spent and", "to come"))):
        headings = [phase.year for phase in phases(read(made)).phases]
        text = " ".join(dict.fromkeys(headings))
        past, rest = (between(text, before, after) for before, after in zip(("start", ends[0]), ends, strict=True))
        assert said(past, math.fsum(map(plan.money, range(2))))
        assert said(rest, math.fsum(map(plan.money, range(2, plan.problem.horizon))))


def test_where_nothing_costs_anything_there_is_no_picture_of_money() -> None:
    steps = [{"id": "a.level.2", "title": "For nothing", "once": 0}]
    asked = handmade.problem(steps=steps, windows=[], threats=[], appetite=[])
    page = lxml.html.fromstring(report(ReportRequest(handmade.plan(asked, {"a.level.2": 0}))).decode())
    assert "For nothing" in page.text_content()
    assert not page.xpath("//section[@id='decision']//figure")
