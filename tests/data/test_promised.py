"""Levels that a commitment reaches: their steps are done when it ends, and cost and need nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.problem import dump
from stepladder.data.question import Question
from stepladder.errors import InvalidInput
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from stepladder.workflow.replan import replan, stands
from tests.support.asking import ask, step, windows

QUARTERS: dict[str, Any] = {"horizon": {"start": "2027-01-01", "periods": 8}}
#: What alarms need first stands on a level that they are to have.
TARGET = {"default": {"depth": 2, "reach": 1}}
BOUGHT = "alarms.depth.2"


def asked(folder: Path, reaches: dict[str, Any] | None = None, **more: Any) -> Question:
    entry: dict[str, Any] = {"title": "Guards", "amount": 3000, "to": "2027-Q3"}
    entry |= {"reaches": {"alarms": {"depth": 2}} if reaches is None else reaches}
    entry |= more.pop("entry", {})
    entry = {key: value for key, value in entry.items() if value is not None}
    return ask(folder, **{**QUARTERS, "target": TARGET, "committed": {"guards": entry}, **more})


def test_what_is_bought_takes_until_then_and_costs_and_needs_nothing(tmp_path: Path) -> None:
    made = asked(tmp_path)
    one = step(made, BOUGHT)
    assert (one.start, one.duration, one.finish(0), one.required) == (0, 3, 2, True)
    assert (one.once, one.per_year, one.teams, one.needs) == (0, 0, (), ())
    # What is promised is taken off the budget as ever: 1,000 of 10,000 in each of three quarters.
    free = ask(tmp_path, **QUARTERS, target=TARGET)
    assert windows(made, "money")[0][2] == windows(free, "money")[0][2] - 1000
    assert step(free, BOUGHT).once == 2000
    told = made.context.steps[BOUGHT].why if made.context else ()
    assert told == ("it is promised already, and there from 2027-Q3 on: Guards",)


def test_plans_have_it_in_place_from_then_on_and_spend_nothing_on_it(tmp_path: Path) -> None:
    made = asked(tmp_path, rules={"max_parallel": 1})
    plan = make_plan(made.problem, optimise(made.problem, Options(gap=0.0)))
    assert verify(plan) == []
    assert plan.starts[BOUGHT] == 0
    assert plan.once(step(made, BOUGHT)) == 0
    # Nobody of ours works on it, so one other step may be in work at the same time.
    assert made.problem.parallel == (2, 2, 2, 1, 1, 1, 1, 1)
    alone = asked(tmp_path, rules={"max_parallel": 0})
    assert set(make_plan(alone.problem, optimise(alone.problem, Options(gap=0.0))).starts) == {BOUGHT}


def test_higher_levels_wait_for_it_and_lower_ones_come_with_it(tmp_path: Path) -> None:
    current = {"default": {"depth": 1, "reach": 1}, "alarms": {"depth": 0}}
    made = asked(tmp_path, current=current, target={"alarms": {"depth": 3}})
    assert [step(made, f"alarms.depth.{level}").start for level in (1, 2, 3)] == [0, 0, None]
    assert [need.step for need in step(made, "alarms.depth.3").needs] == [BOUGHT]
    # Nothing that only the bought ones need is asked for.
    assert {one.id.partition(".")[0] for one in made.problem.steps} == {"alarms"}


def test_of_two_that_reach_it_the_first_counts(tmp_path: Path) -> None:
    sooner = {"title": "More guards", "to": "2027-Q2", "reaches": {"alarms": {"depth": 2}}}
    later = {"title": "Guards", "to": "2027-Q4", "reaches": {"alarms": {"depth": 2}}}
    made = ask(tmp_path, **QUARTERS, target=TARGET, committed={"later": later, "sooner": sooner})
    assert step(made, BOUGHT).finish(0) == 1


def test_a_milestone_that_it_reaches_in_time_is_met(tmp_path: Path) -> None:
    due: dict[str, Any] = {"title": "Audit", "by": "2027-09-30", "reach": {"alarms": {"depth": 2}}, "reason": "law"}
    made = asked(tmp_path, milestones={"audit": due})
    assert any("'Audit' is met by what is promised" in note for note in made.notes)
    plan = make_plan(made.problem, optimise(made.problem, Options(gap=0.0)))
    assert verify(plan.model_copy(update={"context": made.context})) == []
    with pytest.raises(
        InvalidInput, match="is there from 2027-Q3 on, by the commitment 'guards'; move the date, or let"
    ):
        asked(tmp_path, milestones={"audit": {**due, "by": "2027-06-30"}})


def test_it_goes_on_as_time_goes_by(tmp_path: Path) -> None:
    made = asked(tmp_path, rules={"max_parallel": 1})
    plan = make_plan(made.problem, optimise(made.problem, Options(gap=0.0)))
    plan = plan.model_copy(update={"id": "mill", "context": made.context})
    for as_of, state in (("2027-Q2", "running"), ("2027-Q4", "done")):
        plan = replan(plan, stands(plan, as_of=as_of), Options(work=1)).plan
        assert verify(plan) == []
        assert plan.state(BOUGHT) == state
        assert plan.progress[BOUGHT].spent == 0


def test_in_one_of_several_systems(tmp_path: Path) -> None:
    systems = {"old": {"title": "Old"}, "new": {"title": "New"}}
    made = asked(tmp_path, {"old/alarms": {"depth": 2}}, systems=systems)
    assert [step(made, f"{name}/{BOUGHT}").start for name in systems] == [0, None]


def test_what_has_no_effect_is_said(tmp_path: Path) -> None:
    notes = asked(tmp_path, {"alarms": {"depth": 1}}).notes
    assert any("alarms.depth is at 1 today, so this has no effect" in note for note in notes)
    above = asked(tmp_path, {"alarms": {"depth": 3}})
    assert any("alarms.depth to 3 is above its target, 2, and counts up to that" in note for note in above.notes)
    assert step(above, BOUGHT).start == 0
    assert "alarms.depth.3" not in {one.id for one in above.problem.steps}


@pytest.mark.parametrize(
    ("reaches", "more", "message"),
    [
        ({"alarm": {"depth": 2}}, {}, "unknown practice 'alarm'; did you mean 'alarms'?"),
        ({"alarms": {"reach": 2}}, {}, "unknown scale 'reach'"),
        ({"alarms": {"depth": 7}}, {}, "level 7 does not exist here; depth has levels 1 to 3"),
        ({"alarms": {"depth": 0}}, {}, "level 0 does not exist here"),
        ({"mill/alarms": {"depth": 2}}, {}, "unknown system 'mill'"),
        (None, {"entry": {"to": None}}, "it says what is reached and not when; add `to`, its last period"),
        (None, {"not_applicable": {"alarms": "It is quiet."}}, "alarms is not applicable; remove this"),
        (
            None,
            {"pins": {BOUGHT: {"start": "2027-Q4"}}},
            "alarms.depth.2 is reached by the commitment 'guards'; remove one of them",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(
    tmp_path: Path, reaches: dict[str, Any] | None, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput) as wrong:
        asked(tmp_path, reaches, **more)
    (issue,) = wrong.value.issues
    assert message in issue.message
    lines = (tmp_path / "asked.yaml").read_text(encoding="utf-8").splitlines()
    there = "pins:" if "pins" in more else "reaches:"
    first = next(k for k, line in enumerate(lines, start=1) if line.strip() == there)
    assert issue.location.line in range(first, first + 3)


def test_commitments_that_reach_nothing_are_as_they_were(tmp_path: Path) -> None:
    plain = asked(tmp_path, entry={"reaches": None})
    assert dump(asked(tmp_path, {}).problem) == dump(plain.problem)
    assert "max_parallel_by_period" not in dump(plain.problem)
