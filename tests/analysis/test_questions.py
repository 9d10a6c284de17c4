"""What to find out first: what is said of it is what summing up again comes to."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from stepladder.analysis.check import problem_facts
from stepladder.analysis.questions import LEAST, MOST, Asked, questions
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.workflow.asking import ask
from tests.support.commanding import run

CASES = ("bottling_line", "automotive_gateway", "home_cameras")


def at_once(problem: Problem) -> dict[str, int]:
    """Everything in the first period that it can be done in, whatever it needs."""
    return {step.id: step.earliest for step in problem.steps if step.earliest + step.duration <= problem.horizon}


def sums(problem: Problem, starts: dict[str, int]) -> tuple[float, float]:
    """Money within the horizon, and person-days."""
    year = 4 if "Q" in problem.periods[0].label else 12
    steps = [step for step in problem.steps if step.id in starts]
    after = {step.id: problem.horizon - starts[step.id] - step.duration for step in steps}
    money = math.fsum(step.once + step.per_year * after[step.id] / year for step in steps)
    return money, math.fsum(days for step in steps for days in step.effort.values())


def changed(problem: Problem, one: Asked, factor: float) -> Problem:
    if one.kind == "effect":
        threats = [
            threat.model_copy(update={"factors": {name: value**factor for name, value in threat.factors.items()}})
            if threat.title == one.threat
            else threat
            for threat in problem.threats
        ]
        return problem.model_copy(update={"threats": tuple(threats)})
    fields = ("once", "per_year") if one.kind == "money" else ("effort",)
    steps = []
    for step in problem.steps:
        if step.id in one.steps:
            effort = {team: days * factor for team, days in step.effort.items()}
            new = {"once": step.once * factor, "per_year": step.per_year * factor, "effort": effort}
            steps.append(step.model_copy(update={name: new[name] for name in fields}))
        else:
            steps.append(step)
    return problem.model_copy(update={"steps": tuple(steps)})


@pytest.mark.parametrize("case", CASES)
def test_half_and_double_come_to_what_is_said(case: str) -> None:
    question = ask(case)
    problem, starts = question.problem, at_once(question.problem)
    asked = questions(problem, question.context, starts)
    assert len(asked) == MOST
    for one in asked:
        low, high = (changed(problem, one, factor) for factor in (0.5, 2.0))
        if one.kind == "effect":
            place = next(k for k, threat in enumerate(problem.threats) if threat.title == one.threat)
            name = problem.threats[place].id
            ends = [evaluate(Ledger(each), starts).losses[name][-1] for each in (high, low)]
        else:
            ends = [sums(each, starts)[one.kind == "days"] for each in (low, high)]
        assert (one.least, one.most) == pytest.approx(ends, rel=1e-6)
        if one.kind == "effect":
            assert one.sum == pytest.approx(evaluate(Ledger(problem), starts).losses[name][-1])
            assert one.taken == pytest.approx(problem.threats[place].expected_loss_per_year)
        else:
            assert one.sum == pytest.approx(sums(problem, starts)[one.kind == "days"])
            assert one.most - one.sum == pytest.approx(one.taken)
            assert one.sum - one.least == pytest.approx(one.taken / 2)


@pytest.mark.parametrize("case", CASES)
def test_where_an_own_figure_goes_is_a_path_that_set_takes(case: str) -> None:
    question = ask(case)
    keys = [one for one in questions(question.problem, question.context, at_once(question.problem)) if one.key]
    assert keys
    for one in keys:
        after = {step.id: step for step in ask(case, assignments=[f"{one.key}=123.5"]).problem.steps}
        changed = {step.id for step in question.problem.steps if after[step.id] != step}
        assert one.steps[0] in changed
        assert changed >= set(one.steps) or "practices" in one.key
        first = after[one.steps[0]]
        assert 123.5 in (first.once, first.per_year, *first.effort.values())


def test_a_limit_that_double_breaks_is_named() -> None:
    """Counted anew, window by window."""
    question = ask("bottling_line")
    assert question.context is not None
    problem, starts = question.problem, at_once(question.problem)
    for one in questions(problem, question.context, starts):
        if one.kind == "effect":
            assert one.breaks is None
            continue
        members = {name: starts[name] for name in one.steps}
        broken = []
        ledger = Ledger(problem)
        for window, limit in zip(problem.windows, ledger.limits, strict=True):
            now, more = (
                sum(ledger.total(each, window.resource)[window.from_ : window.to + 1]) for each in (starts, members)
            )
            if now <= limit < now + more and (window.resource in MONEY) == (one.kind == "money"):
                broken.append((window.resource, window.label))
        assert one.breaks == (broken[0] if broken else None)


@pytest.mark.parametrize("case", CASES)
def test_nothing_else_weighs_more(case: str) -> None:
    """Of steps whose figures stand in one place, none that is not asked for bears more on the money."""
    question = ask(case)
    assert question.context is not None
    problem, starts = question.problem, at_once(question.problem)
    total = sums(problem, starts)[0]
    places: dict[str, float] = {}
    for k, step in enumerate(problem.steps):
        origin = question.context.origins.get(f"/steps/{k}/once")
        if origin is not None and origin.illustrative and step.id in starts:
            alone = problem.model_copy(update={"steps": (step,)})
            places[origin.at] = places.get(origin.at, 0.0) + sums(alone, {step.id: starts[step.id]})[0]
    (money,) = (one for one in questions(problem, question.context, starts) if one.kind == "money")
    assert money.most - total == pytest.approx(max(places.values()))


def test_what_is_missing_comes_first(tmp_path: Path) -> None:
    sheet, scenario = tmp_path / "levels.csv", tmp_path / "scenario.yaml"
    sheet.write_text(
        "Code,Current,Target,Once\naccess_control.comprehensiveness,1,3,500\npatch_management.comprehensiveness,1,2,\n",
        encoding="utf-8",
    )
    scenario.write_text(
        "format: stepladder-scenario/1\ncatalogue: iot_smm\nassessment: levels.csv\n"
        "horizon: {start: 2027-01-01, periods: 4}\nbudget: {amount: 90000}\nobjective: worth\n"
        "importance: {default: medium}\n",
        encoding="utf-8",
    )
    question = ask(scenario)
    facts = problem_facts(question.problem, question.context)
    assert [one.kind for one in facts.questions][:2] == ["losses", "importance"]
    assert facts.questions[2].key.startswith(str(sheet))
    said = run("check", scenario).stdout
    assert "FIND OUT FIRST" in said
    assert "What would an incident cost" in said
    made = run("plan", scenario, "--work", 1, "--no-progress").stdout
    assert "FIND OUT FIRST" in made


def test_own_figures_are_not_asked_for() -> None:
    """A problem in plain numbers says nothing of where they come from; what is nobody's default is no question."""
    question = ask("bottling_line")
    assert questions(question.problem, None, at_once(question.problem)) == ()
    assert question.context is not None
    own = {name: origin.model_copy(update={"illustrative": False}) for name, origin in question.context.origins.items()}
    context = question.context.model_copy(update={"origins": own})
    assert questions(question.problem, context, at_once(question.problem)) == ()
    assert 0 < LEAST < 1
