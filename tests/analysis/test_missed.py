"""Deadlines that can no longer be met: as late as trying every plan says, marked, proved, and asked anew the next
time.
"""

from __future__ import annotations

import copy
import datetime
import json
import random
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis.missed import as_promised, least_late, overtaken
from stepladder.analysis.rebase import Rebased
from stepladder.analysis.steps import facts
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.optimise import Options
from stepladder.output.outlook import missed_lines
from stepladder.output.reasons import why_text
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.wording.words import purposes
from stepladder.workflow.plan import plan
from stepladder.workflow.replan import replan, stands
from stepladder.workflow.why import why
from tests.support.brute import Brute
from tests.support.commanding import run
from tests.support.problems import problem
from tests.support.sizes import size

FAULTS = Path(__file__).parents[1] / "faults" / "actuals"
COUNT = size(1000)
QUICK = Options(work=1)
BEGIN = datetime.date(2027, 1, 1)


def end(t: int) -> datetime.date:
    return BEGIN + datetime.timedelta(days=30 * (t + 1) - 1)


def dated(seed: int) -> tuple[dict[str, Any], list[Milestone]]:
    """A random problem with a calendar and one to three milestones, most of them too early."""
    said, rng = copy.deepcopy(problem(seed)), random.Random(f"dates {seed}")
    if seed % 3 == 2:
        # Little else is asked of these, so that it is the dates that cannot be kept.
        for name in ("windows", "appetite", "excludes"):
            said.pop(name, None)
    for t, period in enumerate(said["periods"]):
        period |= {"start": (BEGIN + datetime.timedelta(days=30 * t)).isoformat(), "end": end(t).isoformat()}
    milestones = []
    for k in range(rng.choice([1, 2, 3])):
        steps = rng.sample(said["steps"], rng.choice([1, 1, 2]))
        last = rng.randrange(len(said["periods"]))
        for step in steps:
            step |= {
                "required": True,
                "latest_finish": min(
                    last, step.get("latest_finish", last) if step.get("latest_finish") is not None else last
                ),
            }
        names = tuple(step["id"] for step in said["steps"] if step in steps)
        milestones.append(Milestone(title=f"M{k}", date=end(last), reason="", source="", steps=names, key=f"m{k}"))
    return said, milestones


def truth(said: dict[str, Any], milestones: list[Milestone]) -> tuple[dict[str, int], dict[str, int]] | None:
    """When each deadline is due, and when it is met where those before it are met as early as they can be; None
    where no plan meets all else.
    """
    steps = {step["id"]: step for step in said["steps"]}
    dates = {held.key: (next(t for t in range(99) if end(t) == held.date), held.steps) for held in milestones}
    for name, step in steps.items():
        mine = [t for t, named in dates.values() if name in named]
        if step.get("required") and step.get("latest_finish") is not None and step["latest_finish"] < min([99, *mine]):
            dates[name] = (step["latest_finish"], (name,))
    free = copy.deepcopy(said)
    for step in free["steps"]:
        if any(step["id"] in named for _, named in dates.values()):
            step["latest_finish"] = None
    order = sorted(dates, key=lambda key: (dates[key][0], list(dates).index(key)))
    plans = [tried.starts for tried in Brute(free).plans() if not tried.broken]
    ends = [
        tuple(max(dates[key][0], *(made[n] + steps[n]["duration"] - 1 for n in dates[key][1])) for key in order)
        for made in plans
    ]
    return ({key: dates[key][0] for key in order}, dict(zip(order, min(ends), strict=True))) if ends else None


def test_each_is_as_late_as_trying_everything_says() -> None:
    late = several = none = 0
    for seed in range(COUNT):
        said, milestones = dated(seed)
        asked = Problem.model_validate_json(json.dumps(said))
        found = least_late(Rebased(asked, frozenset(), ()), milestones, Options())
        true = truth(said, milestones)
        if true is None or true[0] == true[1]:
            assert found is None, seed
            none += true is None
            continue
        assert found is not None, seed
        due, met = true
        missed = {held.milestone or held.step or "": held for held in found.missed}
        assert {key: held.earliest for key, held in missed.items()} == {
            key: f"P{met[key]}" for key in due if met[key] > due[key]
        }, seed
        assert all(held.proved for held in found.missed), seed
        # The question that is planned then has a plan, and each of its plans meets them so.
        again = truth(json.loads(found.problem.model_dump_json(by_alias=True)), [])
        assert again is not None, seed
        late, several = late + 1, several + (len(missed) > 1)
    assert (late >= COUNT // 4, several >= COUNT // 20, none >= COUNT // 40) == (True, True, True), (
        late,
        several,
        none,
    )


def test_with_no_time_nothing_is_called_proved() -> None:
    for seed in range(40):
        said, milestones = dated(seed)
        found = least_late(
            Rebased(Problem.model_validate_json(json.dumps(said)), frozenset(), ()),
            milestones,
            Options(time_limit=1e-6),
        )
        assert found is None


@cache
def bottling() -> Plan:
    return plan("bottling_line", options=QUICK)


@cache
def renewed(name: str) -> Plan:
    return replan(bottling(), stands(bottling(), actuals=FAULTS / f"{name}.yaml"), QUICK).plan


@pytest.mark.parametrize("name", ["missed_milestone", "overspent"])
def test_what_has_happened_misses_a_deadline_and_it_is_said(name: str) -> None:
    made = renewed(name)
    (held,) = made.missed
    assert (held.by, held.proved) == (datetime.date(2027, 12, 11), True)
    assert verify(made) == []
    (line,) = missed_lines(made)
    assert f"by 11 Dec 2027; met in {held.earliest}. Proved: " in line
    said = " ".join(plan_text(made, full=True).split())
    assert f"Missed: met in {held.earliest}, by " in said


def test_the_next_time_it_is_asked_anew() -> None:
    """Its steps have the dates that they had."""
    made = renewed("overspent")
    first = {step.id: step.latest_finish for step in bottling().problem.steps}
    held = {step.id: step.latest_finish for step in as_promised(made).steps}
    moved = [
        step.id
        for step in made.problem.steps
        if step.latest_finish is not None and step.latest_finish != first[step.id]
    ]
    assert moved
    assert [held[name] for name in moved] == [first[name] for name in moved]
    again = replan(made, stands(made, as_of=made.as_of), QUICK).plan
    assert [(held.milestone, held.earliest, held.by) for held in again.missed] == [
        (held.milestone, held.earliest, held.by) for held in made.missed
    ]


def test_what_is_running_and_late_takes_the_rest_of_its_milestone_along(tmp_path: Path) -> None:
    """The others of its steps need not be finished before it."""
    published = bottling()
    held = published.context.milestones[0]  # type: ignore[union-attr]
    name = max(held.steps, key=lambda step: published.starts[step])
    start = published.starts[name]
    now, labels = start + 1, [period.label for period in published.problem.periods]
    text = (
        f"format: stepladder-actuals/1\nas_of: {labels[now]}\nsteps: {{{name}: {{status: running, started:"
        f" {labels[start]}, remaining: 4}}}}\n"
    )
    (tmp_path / "late.yaml").write_text(text, encoding="utf-8")
    standing = stands(published, actuals=tmp_path / "late.yaml")
    rebased = overtaken(standing.question, published.context.milestones)  # type: ignore[union-attr]
    assert [(one.milestone, one.earliest, one.proved) for one in rebased.missed] == [(held.key, labels[now + 3], True)]
    made = replan(published, standing, QUICK).plan
    assert made.missed == rebased.missed
    assert verify(made) == []


@pytest.mark.parametrize(
    "change",
    [
        {"earliest": "2029-Q4"},
        {"by": datetime.date(2027, 12, 12)},
        {"milestone": None},
        {"milestone": "nothing"},
        {"step": "nothing"},
    ],
    ids=str,
)
def test_a_missed_deadline_that_is_said_wrongly_is_a_fault(change: dict[str, Any]) -> None:
    made = renewed("overspent")
    wrong = made.model_copy(update={"missed": (made.missed[0].model_copy(update=change),), "seal": None})
    assert {fault.rule for fault in verify(wrong)} == {"missed"}


def test_the_command_says_it_and_other_demands_stay_hard(tmp_path: Path) -> None:
    path = tmp_path / "bottling.json"
    assert run("plan", "bottling_line", "--effort", 1, "-o", path).exit_code == 0
    done = run("replan", path, "--actuals", FAULTS / "overspent.yaml", "--effort", 1, "--json")
    assert done.exit_code == 0
    assert "Missed: EU Cyber Resilience Act applies in full by 11 Dec 2027; met in 2028-Q2. Proved: " in " ".join(
        done.stderr.split()
    )


def test_every_reader_is_told() -> None:
    made = renewed("overspent")
    held = made.context.milestones[0]  # type: ignore[union-attr]
    (milestone,) = [one for one in breakdown(made).milestones if one.title == held.title]
    # A tool lets nothing that a milestone waits for end after it: it stands where it can be met, and says when it was
    # due.
    assert milestone.date == datetime.date(2028, 6, 30)
    assert milestone.reason.startswith("Missed: it was due on 11 Dec 2027, and can be met by 30 Jun 2028. ")
    name = next(step for step in held.steps if made.state(step) == "open")
    assert f"is needed for “{held.title}”, due 11 Dec 2027 and missed" in " ".join(
        purposes(facts(made)[name], {}, "EUR")
    )
    assert "11 Dec 2027 (missed)" in " ".join(why_text(why(made, name, QUICK)).split())


def test_time_does_not_go_back() -> None:
    made = renewed("overspent")
    with pytest.raises(UsageError, match="the plan knows already what has happened before"):
        stands(made, as_of="2027-Q1")
