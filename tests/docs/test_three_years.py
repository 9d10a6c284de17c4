"""The walk-through of three years: its commands print what is shown, and every sentence in it that says a number, or
that something is proved, is computed anew from the plans that the commands made.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from stepladder.analysis.steps import today
from stepladder.data.formats.plan import Plan
from stepladder.data.load import load_plan
from stepladder.evaluate import losses
from stepladder.solution.verify import verify
from stepladder.wording.numbers import day, money
from tests.docs.test_documents import WRITE, run_through
from tests.support.misbehaving import KINDS, Tracker
from tests.support.shown import ROOT

PAGE = ROOT / "examples" / "three_years.md"
NAMES = ("plant_2027", "plant_q2", "plant_q3", "plant_2028", "plant_2029")
DOORS = "access_control.comprehensiveness.2"
DRAWINGS = "asset_change_and_configuration_management.comprehensiveness.2"
CRA = "vulnerability_assessment.comprehensiveness.2"
PATCHES = "patch_management.comprehensiveness.2"


class Story(NamedTuple):
    """What the page's commands left behind."""

    plans: dict[str, Plan]
    issues: list[dict[str, object]]


@pytest.mark.slow
def test_every_sentence_is_true(tmp_path: Path) -> None:
    with Tracker(KINDS["redmine"]) as tracker:
        page = run_through(PAGE, tmp_path, write=WRITE, tracker=tracker.url)
        issues = list(tracker.fake.issues)  # type: ignore[attr-defined]
    story = Story({name: load_plan(tmp_path / f"{name}.json") for name in NAMES}, issues)
    for name, plan in story.plans.items():
        assert verify(plan) == [], name
    computed = [*sentences(story)]
    said = [sentence for sentence in prose(page) if re.search(r"\d|prove|nothing|none|never|every", sentence.lower())]
    assert said == computed
    nothing_done_is_asked_for(story, page)


def prose(page: str) -> list[str]:
    """The sentences of the page, without headings, files, commands and pictures."""
    text = re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)
    paragraphs = [part for part in re.split(r"\n\s*\n", text) if not part.lstrip().startswith(("#", "!["))]
    found = (re.split(r"(?<=[.:!?]) +(?=[“*`A-Z0-9])", " ".join(part.split())) for part in paragraphs)
    return [sentence for sentences in found for sentence in sentences if sentence]


def nothing_done_is_asked_for(story: Story, page: str) -> None:
    """No step that is done or running is recommended by ``next``."""
    advice = page.split("$ stepladder next plant_q3.json\n")[1].split("```", maxsplit=1)[0]
    for name, told in story.plans["plant_q3"].progress.items():
        title = story.plans["plant_q3"].problem.steps_by_id()[name].name
        assert not re.search(rf"^\d+\. {re.escape(title)}$", advice, re.MULTILINE), (title, told.state)


def sentences(story: Story) -> Iterator[str]:
    """The sentences that the page may say, each computed from the plans."""
    first, _, third, audited, last = (story.plans[name] for name in NAMES)
    yield from at_first(first, story)
    yield from in_april(first, story.plans["plant_q2"])
    yield from in_july(story.plans["plant_q2"], third, first)
    yield f"No ticket was made twice: there are still {len(story.issues)}."
    raised = max(window.limit for window in audited.problem.windows if window.resource == "money")
    yield f"The plant states its losses anew, as of now, and the budget is raised to {money(raised, 'EUR')} a year:"
    yield from after_the_audit(third, audited)
    yield from in_the_last_year(first, audited, last)


def at_first(plan: Plan, story: Story) -> Iterator[str]:
    start, end = (loss(plan, t) for t in (0, plan.problem.horizon))
    yield (
        f"{len(plan.starts)} of {len(plan.problem.steps)} steps are in it, for {money(plan.cost, 'EUR')}; with all of"
        f" them in place the expected loss falls from {start:,.0f} to {end:,.0f} EUR a year."
    )
    finished, due = ends(plan, CRA), plan.milestones[0].date
    assert plan.milestones[0].steps[-1] == CRA or CRA in plan.milestones[0].steps
    yield (
        f"What the Cyber Resilience Act asks for is to be finished by {day(finished)}, {(due - finished).days} days"
        " before it is due."
    )
    years = len(plan.context.years) if plan.context else 0
    yield (
        f"Redmine has {len(story.issues)} tickets now, for the steps, and {years + len(plan.milestones)} versions, for"
        " the years and for the dated demand."
    )


def in_april(before: Plan, after: Plan) -> Iterator[str]:
    more = once(after, DOORS) - once(before, DOORS)
    moved = [name for name, start in after.starts.items() if start != before.starts.get(name)]
    (old,), (new,) = ([plan.problem.periods[plan.starts[name]].label for name in moved] for plan in (before, after))
    yield (
        f"The doors have cost {money(more, 'EUR')} more than planned, and what is left of the year's money falls by as"
        " much."
    )
    yield (
        f"So {len(moved)} step moves from {old} to {new}; all in all the plan costs"
        f" {money(after.cost - before.cost, 'EUR')} more."
    )


def in_july(before: Plan, after: Plan, first: Plan) -> Iterator[str]:
    (missed,) = after.missed
    assert missed.by is not None
    assert missed.proved
    assert ends(after, DRAWINGS) > ends(before, DRAWINGS)
    yield f"The inventory takes a quarter longer, and with that the {day(missed.by)} cannot be kept any more."
    yield (
        f"It is *missed*, by as little as can be: it is met on {day(ends(after, CRA))}, and that no plan meets it"
        " earlier is proved."
    )
    new = after.problem.threats[-1]
    adds = losses(after.problem, begun(after))[new.id][after.now]
    yield (
        f"What the neighbour has seen adds {adds:,.0f} EUR a year, so that the expected loss is"
        f" {loss(after, after.now):,.0f} EUR a year now, where the first plan had {loss(first, after.now):,.0f}."
    )
    earlier = before.starts[PATCHES] - after.starts[PATCHES]
    share = 1 - new.factors[PATCHES]
    yield f"Patching, which takes {share:.0%} off the new threat, comes {earlier} quarters earlier.".replace("%", " %")
    spent = math.fsum(map(after.money, range(after.now)))
    yield f"{money(spent, 'EUR')} are spent."
    open_steps = [name for name in after.starts if after.state(name) == "open"]
    of_open = math.fsum(used(after, name) for name in open_steps)
    going_on = math.fsum(used(after, name) for name in begun(after))
    yield (
        f"What is to be approved are the {money(of_open, 'EUR')} of the {len(open_steps)} steps that are still open;"
        f" what is done or running goes on to cost {money(going_on, 'EUR')} beside that."
    )
    assert after.cost == pytest.approx(spent + of_open + going_on)
    yield "`next` asks for nothing that is done or running:"


def after_the_audit(before: Plan, after: Plan) -> Iterator[str]:
    assert CRA not in after.progress
    paid = once(before, CRA)
    yield (
        "The handling of vulnerabilities counted as done, and the auditors have not found it: it is open again, and the"
        f" {money(paid, 'EUR')} that it has cost stay spent."
    )
    (missed,) = after.missed
    assert missed.proved
    yield f"The date is met on {day(ends(after, CRA))} now; no plan meets it earlier, which is proved."
    there = {name: start for name, start in before.starts.items() if start + 1 <= after.now and name != CRA}
    expected = losses(before.problem, there)
    stated = today(after)
    apart = max(abs(stated[name] / by_time[after.now] - 1) for name, by_time in expected.items())
    assert apart < 0.01
    yield "The losses that were stated anew are within 1 % of what the plan expected by then."


def in_the_last_year(first: Plan, before: Plan, last: Plan) -> Iterator[str]:
    assert before.starts == last.starts
    yield "2028 went as planned, so nothing moves:"
    spent = math.fsum(map(last.money, range(last.now)))
    to_come = math.fsum(last.money(t) for t in range(last.now, last.problem.horizon))
    twice = sum("it is open again" in note for note in before.context.notes) if before.context else 0
    cancelled = [name for name, told in last.progress.items() if told.state == "cancelled"]
    yield (
        f"{money(spent, 'EUR')} are spent and {money(to_come, 'EUR')} are to come, {money(last.cost, 'EUR')} together,"
        f" which is {money(last.cost - first.cost, 'EUR')} more than the first plan wanted, with {len(cancelled)} step"
        f" that was cancelled and {twice} that was paid for twice."
    )
    states = [last.state(name) for name in first.starts]
    yield (
        f"Of the {len(states)} steps of the first plan {states.count('done')} are done, and {states.count('open')} are"
        " to come."
    )
    new = losses(last.problem, last.starts)["supplier_update"][last.problem.horizon]
    yield (
        f"The expected loss is {loss(last, last.now):,.0f} EUR a year, and will be"
        f" {loss(last, last.problem.horizon):,.0f}; of that {new:,.0f} EUR are the threat that nobody knew at the"
        " beginning."
    )


# -- figures of a plan -------------------------------------------------------------------------------------------------


def loss(plan: Plan, t: int) -> float:
    """Expected loss a year in a period, all threats together; the number of periods is the time after all of them."""
    return math.fsum(by_time[t] for by_time in losses(plan.problem, plan.starts).values())


def ends(plan: Plan, step: str) -> datetime.date:
    last = plan.problem.steps_by_id()[step].finish(plan.starts[step])
    end = plan.problem.periods[last].end
    assert end is not None
    return end


def once(plan: Plan, step: str) -> float:
    return plan.once(plan.problem.steps_by_id()[step])


def begun(plan: Plan) -> dict[str, int]:
    return {name: start for name, start in plan.starts.items() if plan.state(name) != "open"}


def used(plan: Plan, name: str) -> float:
    """What a step costs from now to the end of the horizon."""
    step, start, total = plan.problem.steps_by_id()[name], plan.starts[name], 0.0
    for t, share in enumerate(plan.invested(step), start):
        total += float(share) if t >= plan.now else 0.0
    later = plan.problem.periods[max(plan.now, step.finish(start) + 1) :]
    return total + step.per_year * math.fsum(period.years for period in later)
