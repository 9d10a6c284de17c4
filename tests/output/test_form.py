"""The form for what has happened: as it stands all has gone as planned, and what it holds as comments is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import pytest

from stepladder.analysis.assessment import found
from stepladder.data.actuals import load_actuals
from stepladder.data.formats.plan import Plan
from stepladder.data.happened import Happened, as_planned
from stepladder.optimise import Options
from stepladder.output.form import actuals_form
from stepladder.workflow.plan import plan as plan_command
from stepladder.workflow.replan import replan, stands
from tests.support import handmade
from tests.support.shapes import fleet


@cache
def cameras() -> Plan:
    return plan_command("home_cameras", options=Options(work=1))


PLANS: dict[str, Callable[[], Plan]] = {
    "cameras": cameras,
    "fleet": lambda: fleet(2, 10),
    **{f"hostile {seed}": partial(handmade.random_plan, seed) for seed in (1, 2, 5, 11)},
}


def read_back(plan: Plan, text: str, folder: Path) -> Happened:
    path = folder / "actuals.yaml"
    path.write_text(text, encoding="utf-8")
    return load_actuals(path, plan)


@pytest.mark.parametrize("name", PLANS)
def test_as_it_stands_all_has_gone_as_planned(name: str, tmp_path: Path) -> None:
    plan = PLANS[name]()
    for now in range(min(12, plan.problem.horizon)):
        back = read_back(plan, actuals_form(plan, now), tmp_path)
        assert replace(back, sources={}) == as_planned(plan, now), now


@pytest.mark.parametrize("name", ["cameras", "fleet"])
def test_what_is_commented_out_can_be_put_in_and_says_the_same(name: str, tmp_path: Path) -> None:
    plan = PLANS[name]()
    now = min(2, plan.problem.horizon - 1)
    text = actuals_form(plan, now)
    head, sign, tail = text.partition("# spent:\n")
    lines = [line.removeprefix("# ") for line in (sign + tail).splitlines() if line != "#"]
    lines = [line for line in lines if line in ("spent:", "threats:", "levels:") or line.startswith("  ")]
    lines = [line for line in lines if "…" not in line]
    happened = read_back(plan, head + "\n".join(lines) + "\n", tmp_path)
    assert set(happened.spent) == set(range(now))
    committed = plan.context.committed if plan.context else ()
    for t, amount in happened.spent.items():
        assert amount == pytest.approx(plan.periods[t].spend + (committed[t] if committed else 0.0), abs=0.006)
    as_found, notes = found(plan, happened)
    assert (replace(as_found, levels={}), notes) == (replace(happened, levels={}), ())
    assert bool(happened.levels) == bool(plan.context and plan.context.parameters)
    assert set(happened.losses) == {threat.id for threat in plan.problem.threats}
    for threat in plan.problem.threats:
        assert happened.at_the_beginning(plan.problem, threat) == pytest.approx(threat.expected_loss_per_year, rel=1e-4)


def test_levels_are_asked_of_practices_whose_steps_are_left_out_too() -> None:
    plan = cameras()
    assert plan.context is not None
    left = {plan.context.steps[name].parameter for name in plan.not_planned} - {
        plan.context.steps[name].parameter for name in plan.starts
    }
    assert left
    text = actuals_form(plan, 2)
    for parameter in plan.context.parameters:
        if parameter.id in left:
            assert f"#   {parameter.id}: {parameter.current}  # wanted is {parameter.target}" in text


def test_what_is_known_is_not_asked_again(tmp_path: Path) -> None:
    first = cameras()
    second = replan(first, stands(first, as_of="2027-Q3"), Options(work=1)).plan
    text = actuals_form(second, 3)
    for name, told in second.progress.items():
        assert (f"  {name}:" in text) == (told.state == "running"), name
    assert "2027-Q2" not in text
    assert "#   2027-Q3: " in text
    assert replace(read_back(second, text, tmp_path), sources={}) == as_planned(second, 3)
