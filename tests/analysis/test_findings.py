"""What actuals say beside what became of steps: levels found, new threats, work that no step has, promises, and what
is still to come; each as somebody would count it by hand.
"""

from __future__ import annotations

import io
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from openpyxl import load_workbook

from stepladder.analysis.roadmap import read
from stepladder.data.formats.plan import Plan
from stepladder.data.reading.library import folder
from stepladder.errors import InvalidInput
from stepladder.evaluate import losses
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import find
from stepladder.optimise import Options
from stepladder.output.differences import diff_text
from stepladder.output.form import actuals_form
from stepladder.output.report.compose import Material, compose
from stepladder.output.report.markdown import markdown
from stepladder.output.tables import table
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.workflow.plan import plan as plan_command
from stepladder.workflow.replan import Renewed, Standing, replan, stands

QUICK = Options(work=1)
NOW = "2027-Q3"


@cache
def cameras() -> Plan:
    return plan_command("home_cameras", options=QUICK)


def standing(folder: Path, published: Plan | None = None, as_of: str = NOW, **said: Any) -> Standing:
    path = folder / "actuals.yaml"
    path.write_text(yaml.safe_dump({"format": "stepladder-actuals/1", "as_of": as_of, **said}), encoding="utf-8")
    return stands(published or cameras(), actuals=path)


def renewed(folder: Path, published: Plan | None = None, as_of: str = NOW, **said: Any) -> Renewed:
    published = published or cameras()
    new = replan(published, standing(folder, published, as_of, **said), QUICK)
    assert verify(new.plan) == []
    return new


def open_step(plan: Plan) -> str:
    """A step that is planned and not begun, the lowest of its parameter, and free to be anywhere."""
    assert plan.context is not None
    return next(
        name
        for name, start in plan.starts.items()
        if start >= 3 and not plan.problem.steps_by_id()[name].needs and plan.context.steps[name].level <= 2
    )


def place(plan: Plan, step: str) -> tuple[str, int]:
    assert plan.context is not None
    return plan.context.steps[step].parameter, plan.context.steps[step].level


# -- levels ------------------------------------------------------------------------------------------------------------


def test_a_level_that_is_found_reached_is_done_and_costs_nothing(tmp_path: Path) -> None:
    step = open_step(cameras())
    parameter, level = place(cameras(), step)
    question = standing(tmp_path, levels={parameter: level})
    plan = renewed(tmp_path, levels={parameter: level}).plan
    told = plan.progress[step]
    assert (told.state, told.spent, told.source) == ("done", 0.0, "assessment")
    assert plan.once(plan.problem.steps_by_id()[step]) == 0.0
    title = plan.problem.steps_by_id()[step].name
    assert f"{title} is reached, though the plan has not done it; it costs nothing more." in question.notes
    plain = renewed(tmp_path).plan
    assert plan.spent == plain.spent
    in_place = {name: start for name, start in plan.starts.items() if plan.state(name) == "done"}
    without = {name: start for name, start in in_place.items() if name != step}
    assert losses(plan.problem, in_place) != losses(plan.problem, without)


def test_a_level_that_is_not_found_is_open_again_and_its_money_stays_spent(tmp_path: Path) -> None:
    plain = renewed(tmp_path).plan
    step = next(name for name, told in plain.progress.items() if told.state == "done" and place(plain, name)[1] == 2)
    parameter, level = place(plain, step)
    new = renewed(tmp_path, levels={parameter: level - 1})
    assert step not in new.plan.progress
    assert new.plan.starts.get(step, 99) >= new.plan.now
    assert new.plan.spent == plain.spent
    assert any(
        "counted as done, and the assessment does not find it" in note
        for note in new.plan.context.notes  # type: ignore[union-attr]
    )


def test_a_level_below_the_one_at_the_beginning_is_said_because_no_step_brings_it_back(tmp_path: Path) -> None:
    plan = cameras()
    assert plan.context is not None
    parameter = next(
        one for one in plan.context.parameters if one.current == 1 and one.id.endswith(".comprehensiveness")
    )
    notes = standing(tmp_path, levels={parameter.id: 0}).notes
    assert any(note.startswith(f"{parameter.id} was found at level 0, below the level 1") for note in notes)


# -- threats -----------------------------------------------------------------------------------------------------------


def test_a_new_threat_is_planned_against_with_the_loss_that_was_said_for_now(tmp_path: Path) -> None:
    plan = cameras()
    like, step = plan.problem.threats[0], open_step(plan)
    said = {"title": "Fake apps", "expected_loss_per_year": 250_000, "like": like.id, "reduced_by": {step: "40%"}}
    new = renewed(tmp_path, new_threats={"fake_apps": said}).plan
    threat = new.problem.threats[-1]
    assert (threat.id, threat.title) == ("fake_apps", "Fake apps")
    assert threat.factors == {**like.factors, step: 0.6}
    begun = {name: start for name, start in new.starts.items() if new.state(name) != "open"}
    assert losses(new.problem, begun)["fake_apps"][new.now] == pytest.approx(250_000)


# -- money and work ----------------------------------------------------------------------------------------------------


def test_work_that_nobody_planned_is_spent_and_what_is_promised_is_taken_off_the_limits(tmp_path: Path) -> None:
    plain = renewed(tmp_path).plan
    extra = {"title": "Clean-up", "amount": 9_000, "from": "2027-Q1", "to": "2027-Q2", "effort": {"security": 3}}
    promise = {"title": "Retainer", "amount": 12_000, "kind": "running", "from": "2027-Q4", "to": "2028-Q1"}
    new = renewed(tmp_path, unplanned={"clean_up": extra}, committed={"retainer": promise}).plan
    assert [b - a for a, b in zip(plain.spent.values(), new.spent.values(), strict=True)] == [4500.0, 4500.0]
    assert [new.committed(t) - plain.committed(t) for t in range(5)] == [0, 0, 0, 6000.0, 6000.0]
    # What is promised is no cost of the plan; what was done is.
    assert math.fsum(map(new.money, range(new.now))) == pytest.approx(
        math.fsum(map(plain.money, range(plain.now))) + 9000
    )
    lower = 0
    for before, after in zip(plain.problem.windows, new.problem.windows, strict=True):
        span = range(before.from_, before.to + 1)
        promised = 6000 * ((3 in span) + (4 in span)) if before.resource in ("money", "money_per_year") else 0
        mine = before.resource == "security" and any(
            window.resource == "security" and window.from_ < 2 and window.to == before.to
            for window in cameras().problem.windows
        )
        past = any(
            window.resource == before.resource and window.from_ < 2 and window.to == before.to
            for window in cameras().problem.windows
        )
        done = 3 if mine else 9000 if past and before.resource in ("money", "money_once") else 0
        assert before.limit - after.limit == pytest.approx(min(before.limit, promised + done)), before
        lower += before.limit > after.limit
    assert lower


PROMISE = {"title": "The incident", "amount": 3000, "effort": {"security": 2}, "from": "2027-Q3", "to": "2027-Q4"}


def test_what_is_promised_since_is_shown_wherever_money_is(tmp_path: Path) -> None:
    """3,000 over two quarters are 1,500 each, beside the 2,250 a quarter that were promised before."""
    made = renewed(tmp_path, committed={"incident": PROMISE}).plan
    committed = [made.committed(t) for t in range(made.problem.horizon)]
    assert committed[2:5] == [3750.0, 3750.0, 2250.0]
    page = " ".join(plan_text(made, full=True).split())
    past, to_come = math.fsum(committed[:2]), math.fsum(committed[2:])
    assert (
        f"Promised before or beside the plan, and not in its amounts: {past + to_come:,.0f} EUR, {to_come:,.0f} EUR of"
        " it still to come. The limits are what that leaves." in page
    )
    team = made.teams["security"]
    assert f"Promised beside the plan: The incident, 3,000 EUR and 2 person-days of {team}, from 2027-Q3 to" in page
    assert "| 2027-Q3 | 3,750" in markdown(compose(Material(made, ())))
    assert [float(row["promised"]) for row in table(made, "periods").to_dict("records")] == committed
    book = load_workbook(io.BytesIO(find("xlsx").write(breakdown(made))))
    by_name = {row[0]: row[2:] for row in book["Money"].iter_rows(values_only=True)}
    row = zip(by_name["Promised beside it, and today's levels"], by_name["No. of period"], strict=True)
    assert [amount for amount, number in row if number] == committed


def test_an_assessment_that_leaves_out_what_was_promised_is_told_so_once(tmp_path: Path) -> None:
    """The plan has promised 1,500 more in each of two quarters than the scenario that takes its place."""
    published = renewed(tmp_path, committed={"incident": PROMISE}).plan
    notes = stands(published, assessment="home_cameras", as_of=NOW).notes
    (note,) = [note for note in notes if "had promised" in note]
    assert note.startswith("The plan had promised more than the assessment says: 1,500 EUR in 2027-Q3, 1,500 EUR in")
    after = stands(published, assessment="home_cameras", as_of="2028-Q1").notes
    assert not [note for note in after if "had promised" in note]
    assert not [note for note in standing(tmp_path).notes if "had promised" in note]


def test_an_assessment_whose_only_news_are_promises_takes_them_off_the_limits(tmp_path: Path) -> None:
    """Nothing else differs, so that nothing but the limits, and what is known of promises, changes."""
    text = (folder("scenarios") / "home_cameras.yaml").read_text(encoding="utf-8")
    path = tmp_path / "home_cameras.yaml"
    assert "committed:\n" in text
    path.write_text(
        text.replace("committed:\n", "committed:\n  tests: {title: Tests, amount: 4000, from: 2027-Q4, to: 2028-Q1}\n"),
        encoding="utf-8",
    )
    new = replan(cameras(), stands(cameras(), assessment=path, as_of="2027-Q1"), QUICK)
    assert [new.plan.committed(t) - cameras().committed(t) for t in range(2, 6)] == [0, 2000, 2000, 0]
    assert {one.path.split(".")[0] for one in new.difference.question} == {"windows"}
    assert not [note for note in new.plan.context.notes if "had promised" in note]  # type: ignore[union-attr]


def running(plan: Plan) -> tuple[str, str, int]:
    """A step of several periods, the period after its first one, and how many are left then."""
    steps = plan.problem.steps_by_id()
    name = next(name for name, start in plan.starts.items() if steps[name].duration > 1 and steps[name].once)
    return name, plan.problem.periods[plan.starts[name] + 1].label, steps[name].duration - 1


@cache
def bottling() -> Plan:
    return plan_command("bottling_line", options=QUICK)


def test_what_a_running_step_has_cost_and_what_is_to_come_are_kept_apart(tmp_path: Path) -> None:
    name, as_of, left = running(bottling())
    plain = renewed(tmp_path, bottling(), as_of).plan
    told = {"status": "running", "spent": 1234.56, "to_come": 10_000.01}
    new = renewed(tmp_path, bottling(), as_of, steps={name: told}).plan
    step = new.problem.steps_by_id()[name]
    assert (new.progress[name].spent, new.progress[name].remaining) == (1234.56, left)
    assert new.once(step) == 11_234.57
    assert float(sum(new.invested(step)[1:])) == 10_000.01
    before = plain.once(plain.problem.steps_by_id()[name])
    # The periods to come of the plan hold it to the cent, with everything else that stands where it stood.
    if new.starts == plain.starts:
        assert new.cost - plain.cost == pytest.approx(11_234.57 - before)
    # What is shown of the past is what was spent.
    assert read(new).used["money"][: new.now] == [new.money(t) for t in range(new.now)]
    # A quarter later, without a word: what was spent by then, and the rest to come.
    after = renewed(tmp_path, new, new.problem.periods[new.now + 1].label).plan
    assert after.once(after.problem.steps_by_id()[name]) == 11_234.57
    assert after.progress[name].spent == pytest.approx(1234.56 + float(new.invested(step)[1]))


# -- what is wrong -----------------------------------------------------------------------------------------------------

EXTRA = {"title": "x", "amount": 5, "from": "2027-Q1"}
BAD: list[tuple[dict[str, Any], str]] = [
    ({"levels": {"access_control.scop": 2}}, "unknown practice and scale 'access_control.scop'"),
    ({"levels": {"access_control.comprehensiveness": 9}}, "access_control.comprehensiveness has levels 0 to 4, not 9"),
    (
        {"levels": {"access_control.comprehensiveness": 2}, "as_of": "2027-Q1"},
        "no period is past yet, so no level can have been reached since",
    ),
    ({"threats": {"fresh": {"expected_loss_per_year": 5}}}, "goes under `new_threats`"),
    (
        {"new_threats": {"botnet": {"title": "x", "expected_loss_per_year": 5}}},
        "the plan knows 'botnet'; put its loss under `threats`",
    ),
    (
        {"new_threats": {"fresh": {"title": "x", "expected_loss_per_year": 5, "like": "botnets"}}},
        "unknown threat 'botnets'; did you mean 'botnet'?",
    ),
    (
        {"new_threats": {"fresh": {"title": "x", "expected_loss_per_year": 5, "reduced_by": {"a.b.2": 0.1}}}},
        "unknown step 'a.b.2'",
    ),
    ({"unplanned": {"x": {**EXTRA, "from": NOW}}}, "put what is still to come under `committed`"),
    ({"committed": {"x": EXTRA}}, "put what has been done already under `unplanned`"),
    ({"unplanned": {"x": {**EXTRA, "from": "2027-Q2", "to": "2027-Q1"}}}, "it ends in 2027-Q1, before it begins"),
    ({"unplanned": {"x": {**EXTRA, "effort": {"secuirty": 3}}}}, "did you mean 'security'?"),
    ({"unplanned": {"x": {**EXTRA, "amount": 5.001}}}, "decimals"),
    ({"unplanned": {"x": {**EXTRA, "from": "soon"}}}, "soon is no period of the plan"),
]


@pytest.mark.parametrize(("said", "words"), BAD)
def test_what_is_wrong_is_said_with_its_line(said: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        standing(tmp_path, **said)
    (issue,) = wrong.value.issues
    assert words in issue.message
    assert issue.location.line > 1


def test_nothing_is_to_come_of_a_step_that_is_over(tmp_path: Path) -> None:
    name = next(iter(cameras().starts))
    with pytest.raises(InvalidInput, match="nothing is still to come"):
        standing(tmp_path, steps={name: {"status": "cancelled", "to_come": 5}})


# -- what changed in the question --------------------------------------------------------------------------------------


def test_time_alone_changes_nothing(tmp_path: Path) -> None:
    for as_of in ("2027-Q2", NOW, "2028-Q2"):
        assert renewed(tmp_path, as_of=as_of).difference.question == ()


def test_what_changed_is_told_in_the_numbers_of_those_who_said_so_what_weighs_most_first(tmp_path: Path) -> None:
    plan = cameras()
    threat, cheaper = plan.problem.threats[:2]
    name = next(name for name, start in plan.starts.items() if start == 0)
    title = plan.problem.steps_by_id()[name].name
    changes = renewed(
        tmp_path,
        steps={name: {"status": "done", "spent": 99_000}},
        threats={threat.id: {"expected_loss_per_year": 1_234.5}, cheaper.id: {"expected_loss_per_year": 0}},
        new_threats={"fresh": {"title": "Fake apps", "expected_loss_per_year": 500_000}},
        committed={"retainer": {"title": "Retainer", "amount": 4_000, "from": "2028-Q4"}},
    ).difference.question
    told = {change.path: change for change in changes}
    planned = losses(plan.problem, {step: start for step, start in plan.starts.items() if start < 2})
    seen = told[f"threats.{threat.id}.expected_loss_per_year"]
    assert (seen.before, seen.after) == pytest.approx((planned[threat.id][2], 1_234.5))
    assert seen.what == f"{threat.name}: expected loss a year from {NOW} on"
    once = told[f"steps.{name}.once"]
    assert (once.what, once.after) == (f"{title}: cost once", 99_000)
    assert changes[0].after == 500_000
    kinds = [change.path.split(".")[0] for change in changes]
    assert kinds == sorted(kinds, key=["threats", "windows", "steps"].index)
    assert any(change.what.startswith("Money in 2028") and change.before - change.after == 4_000 for change in changes)


def test_what_one_sees_is_said_once_and_in_full(tmp_path: Path) -> None:
    new = renewed(tmp_path, threats={one.id: {"expected_loss_per_year": 7.5} for one in cameras().problem.threats})
    page = " ".join(diff_text(new.difference).split())
    assert page.count("→ 7.50 EUR") == len(cameras().problem.threats)
    assert "(--json)" not in page


# -- what a plan has closed --------------------------------------------------------------------------------------------


def under_way(folder: Path) -> Plan:
    """The bottling line's plan in which a step of several periods runs and has cost something else than its share."""
    name, as_of, _ = running(bottling())
    told = {"status": "running", "spent": 1234.56, "to_come": 10_000.01}
    return renewed(folder, bottling(), as_of, steps={name: told}).plan


def test_the_form_as_it_is_written_says_that_all_went_as_planned(tmp_path: Path) -> None:
    plan = under_way(tmp_path)
    for now in range(plan.now + 1, min(plan.now + 4, plan.problem.horizon)):
        path = tmp_path / "form.yaml"
        path.write_text(actuals_form(plan, now), encoding="utf-8")
        told, quiet = stands(plan, actuals=path), stands(plan, as_of=plan.problem.periods[now].label)
        assert told.question.problem == quiet.question.problem
        assert told.question.spent == quiet.question.spent


def test_what_is_told_of_a_running_step_again_leaves_closed_periods_as_they_are(tmp_path: Path) -> None:
    plan = under_way(tmp_path)
    name, _, _ = running(bottling())
    as_of = plan.problem.periods[plan.now + 1].label
    for told in ({"spent": 11_000, "to_come": 6_000}, {"spent": 7_000}, {}, {"spent": 1_300}):
        new = renewed(tmp_path, plan, as_of, steps={name: {"status": "running", "remaining": 1, **told}}).plan
        assert {label: new.spent[label] for label in plan.spent} == plan.spent
    new = renewed(tmp_path, plan, as_of, steps={name: {"status": "running", "remaining": 1, "spent": 7_000}}).plan
    assert new.progress[name].spent == 7_000
    assert new.once(new.problem.steps_by_id()[name]) == 11_234.57


def test_a_step_that_is_opened_again_is_asked_as_it_was(tmp_path: Path) -> None:
    plain = renewed(tmp_path).plan
    name = next(name for name, told in plain.progress.items() if told.state == "done" and place(plain, name)[1] == 2)
    parameter, level = place(plain, name)
    asked = cameras().problem.steps_by_id()[name]
    for said in ({"levels": {parameter: level - 1}}, {"steps": {name: {"status": "slipped"}}}):
        again = renewed(tmp_path, plain, "2027-Q4", **said).plan
        step = again.problem.steps_by_id()[name]
        assert step.model_copy(update={"earliest": asked.earliest}) == asked
        assert not any("still demanded" in note for note in again.context.notes)  # type: ignore[union-attr]


def test_an_assessment_while_a_step_runs_that_has_cost_something_else(tmp_path: Path) -> None:
    plan = under_way(tmp_path)
    name, _, _ = running(bottling())
    standing_ = stands(plan, assessment="bottling_line", as_of=plan.problem.periods[plan.now].label)
    assert standing_.question.progress[name].spent == 1234.56
    assert standing_.question.problem.steps_by_id()[name].once == plan.problem.steps_by_id()[name].once


def test_the_same_period_twice_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="which stands here already"):
        standing(tmp_path, spent={"2027-Q1": 5, "2027-02-01": 7})


@pytest.mark.parametrize("told", [{"spent": 5}, {"remaining": 2}, {"started": "2027-Q1"}, {"finished": "2027-Q1"}])
def test_what_goes_with_another_status_is_an_error(told: dict[str, Any], tmp_path: Path) -> None:
    name = next(iter(cameras().starts))
    with pytest.raises(InvalidInput, match="goes with"):
        standing(tmp_path, steps={name: {"status": "slipped", **told}})


def test_books_that_have_less_than_was_done_are_said(tmp_path: Path) -> None:
    notes = standing(tmp_path, spent={"2027-Q1": 5}).notes
    assert any(note.startswith("2027-Q1: ") and "the rest is free again" in note for note in notes)
