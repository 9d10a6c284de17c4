"""What has happened stays, nothing moves for nothing, and no more moves than may."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis.rebase import rebase
from stepladder.analysis.replan import replan, trade_off
from stepladder.data.actuals import load_actuals
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import dump, faults
from stepladder.data.formats.threat import Events
from stepladder.data.happened import Happened, as_planned
from stepladder.errors import Infeasible, InvalidInput
from stepladder.evaluate import Ledger
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules, verify
from stepladder.workflow.plan import plan as plan_command
from tests.support import handmade

EXACT = Options(gap=0.0)


@pytest.fixture(scope="module")
def published() -> Plan:
    """The best plan of the small line: all steps but the vault, which costs more than there is."""
    problem = handmade.problem(appetite=[])
    return make_plan(problem, optimise(problem, EXACT))


def happened(published: Plan, folder: Path, **said: Any) -> Happened:
    path = folder / "actuals.json"
    path.write_text(json.dumps({"format": "stepladder-actuals/1", **said}), encoding="utf-8")
    return load_actuals(path, published)


@pytest.mark.parametrize("now", range(5))
def test_when_all_goes_as_planned_nothing_changes(published: Plan, now: int) -> None:
    standing = rebase(published.problem, as_planned(published, now))
    found = replan(published, standing, None, EXACT)
    assert found.plan.starts == published.starts
    assert found.moved == 0
    assert verify(found.plan) == []


def test_a_plan_that_is_good_enough_is_kept_though_a_better_one_is_known() -> None:
    problem = handmade.problem(appetite=[])
    best = optimise(problem, EXACT)
    assert best.value is not None
    worse = {name: start for name, start in best.starts.items() if name != "patching.depth.2"}
    kept = make_plan(problem, optimise(problem, EXACT)).model_copy(update={"starts": worse})
    standing = rebase(problem, as_planned(kept, 0))
    assert replan(kept, standing, None, Options(gap=0.9)).plan.starts == worse
    assert replan(kept, standing, None, EXACT).plan.starts == best.starts


def test_the_past_is_pinned_and_the_rest_may_not_begin_in_it(published: Plan) -> None:
    standing = rebase(published.problem, as_planned(published, 2))
    for step in standing.problem.steps:
        start = published.starts.get(step.id)
        if start is not None and start < 2:
            assert (step.start, step.required, step.needs) == (start, True, ()), step.id
        else:
            assert step.earliest >= 2, step.id


def test_limits_count_what_is_left_of_them(published: Plan) -> None:
    """By hand: 18,000 a quarter that carry over, less what the first two quarters have used."""
    standing = rebase(published.problem, as_planned(published, 2))
    ledger = Ledger(published.problem)
    used = sum(ledger.total(published.starts, "money")[:2]) / ledger.unit["money"]
    money = [window for window in standing.problem.windows if window.resource == "money"]
    assert [(window.from_, window.to) for window in money] == [(2, 2), (2, 3)]
    assert [window.limit for window in money] == pytest.approx([54000 - used, 72000 - used])


def test_money_spent_otherwise_counts_as_it_was_spent(published: Plan, tmp_path: Path) -> None:
    said = happened(published, tmp_path, as_of="2027-Q2", spent={"2027-Q1": 15000})
    money = [window for window in rebase(published.problem, said).problem.windows if window.resource == "money"]
    assert [window.limit for window in money] == [36000 - 15000, 54000 - 15000, 72000 - 15000]
    over = rebase(published.problem, happened(published, tmp_path, as_of="2027-Q2", spent={"2027-Q1": 50000}))
    # Nothing is left of the second quarter but what the step that is done goes on to cost: 2,000 a year.
    assert [window.limit for window in over.problem.windows if window.resource == "money"] == [500.0, 4000.0, 22000.0]
    assert "14,000 EUR more than the limit" in over.notes[0]
    assert "what is done or running takes 500 EUR more than is left" in over.notes[1]


def test_limits_that_are_higher_by_what_is_overrun_are_what_is_left_of_them(published: Plan, tmp_path: Path) -> None:
    """So the overrun is what a limit has to make up for before it leaves more."""
    said = happened(published, tmp_path, as_of="2027-Q2", spent={"2027-Q1": 50000})
    over = rebase(published.problem, said)
    # 50,000 are spent and 500 go on to be spent where 36,000 were to be; 1,000 where 54,000 were, which leaves room.
    assert [(one.resource, one.to, one.amount) for one in over.overruns] == [("money", 1, 14500.0)]
    more = {(one.resource, one.to): one.amount for one in over.overruns}
    windows = tuple(
        window.model_copy(update={"limit": window.limit + more.get((window.resource, window.to), 0.0)})
        for window in published.problem.windows
    )
    mended = rebase(published.problem.model_copy(update={"windows": windows}), said)
    assert mended.problem.windows == over.problem.windows
    assert mended.overruns == ()
    assert not any("more than" in note for note in mended.notes)


def test_a_threat_seen_anew_is_brought_back_to_the_beginning(published: Plan, tmp_path: Path) -> None:
    """In place in the second quarter: Access Control to Ad hoc, which leaves 0.88 of it, if it has finished in the
    first.
    """
    said = happened(published, tmp_path, as_of="2027-Q2", threats={"ransomware": {"expected_loss_per_year": 88000}})
    threat = rebase(published.problem, said).problem.threats[0]
    in_place = [
        name
        for name, start in published.starts.items()
        if start == 0 and name in ("access.depth.2", "patching.depth.2")
    ]
    remains = {"access.depth.2": 0.88, "patching.depth.2": 0.75}
    expected = 88000.0
    for name in in_place:
        expected /= remains[name]
    assert threat.expected_loss_per_year == pytest.approx(expected)


def test_a_threat_seen_anew_has_more_or_fewer_events_of_the_same_cost(tmp_path: Path) -> None:
    """24 events of 10,000 a year. Where nothing is in place yet, 90,000 are 9 of them; none at all is 0."""
    first, second = handmade.problem(appetite=[]).threats
    threats = (first.model_copy(update={"events": Events(per_year=24, median=10_000)}), second)
    problem = handmade.problem(appetite=[]).model_copy(update={"threats": threats})
    plan = make_plan(problem, optimise(problem, EXACT))
    for loss, often in ((90_000, 9), (240_000, 24), (0, 0)):
        seen = {name: {"expected_loss_per_year": loss} for name in ("ransomware", "tampering")}
        question = rebase(problem, happened(plan, tmp_path, as_of="2027-Q1", threats=seen)).problem
        assert list(faults(question)) == []
        anew = question.threats[0].events
        assert anew is not None
        assert anew.per_year == pytest.approx(often)
        assert anew.median == 10_000
        # Of the other nobody knows how it comes about, and nothing is made up.
        assert question.threats[1].events is None


def test_a_slipped_step_moves_and_stability_is_kept(published: Plan, tmp_path: Path) -> None:
    first = min(published.starts, key=lambda name: (published.starts[name], name))
    said = happened(published, tmp_path, as_of="2027-Q2", steps={first: {"status": "slipped"}})
    standing = rebase(published.problem, said)
    free = replan(published, standing, None, EXACT)
    assert free.plan.starts.get(first, 99) >= 1
    curve = trade_off(published, standing, EXACT, 5)
    values = [point.value for point in curve if point.value is not None]
    # The more may move, the better it gets.
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(free.plan.objective.value)
    fewest = next(point.moves for point in curve if point.value is not None)
    for most in range(fewest, 6):
        found = replan(published, standing, None, EXACT, most=most)
        assert found.moved <= most
        assert found.plan.objective.value == pytest.approx(curve[most].value)
        assert broken_rules(standing.problem, found.plan.starts) == []
    if fewest:
        with pytest.raises(Infeasible, match=f"at least {fewest} must move"):
            replan(published, standing, None, EXACT, most=fewest - 1)


def test_more_at_work_than_may_be_is_what_has_happened_and_no_reason_for_no_plan(tmp_path: Path) -> None:
    """Two steps are in work where one may be: they go on, and until they are done nothing else begins."""
    problem = handmade.problem(appetite=[], max_parallel=1)
    plan = make_plan(problem, optimise(problem, EXACT))
    one, other, *_ = sorted(plan.starts, key=lambda name: (plan.starts[name], name))
    steps = {name: {"status": "running", "started": "2027-Q1", "remaining": 2} for name in (one, other)}
    standing = rebase(problem, happened(plan, tmp_path, as_of="2027-Q2", steps=steps))
    assert standing.problem.max_parallel_by_period == (2, 2, 2, 1)
    new = replan(plan, standing, None, EXACT).plan
    assert verify(new) == []
    begun = {name: start for name, start in new.starts.items() if name not in (one, other)}
    assert all(start == 3 for start in begun.values())
    # As planned it stays as it was, and is written as it was.
    usual = rebase(problem, as_planned(plan, 1)).problem
    assert usual.max_parallel_by_period == ()
    assert "max_parallel_by_period" not in dump(usual)


def test_a_price_for_each_move(published: Plan, tmp_path: Path) -> None:
    first = min(published.starts, key=lambda name: (published.starts[name], name))
    standing = rebase(
        published.problem, happened(published, tmp_path, as_of="2027-Q2", steps={first: {"status": "slipped"}})
    )
    curve = [point for point in trade_off(published, standing, EXACT, 5) if point.value is not None]
    for price in (0.0, 500.0, 5000.0, 10**7):
        found = replan(published, standing, None, EXACT, price=price)
        least = min(point.value + price * point.moves for point in curve if point.value is not None)
        assert found.plan.objective.value + price * found.moved == pytest.approx(least)


def test_cancelled_steps_are_gone_and_running_ones_take_as_long_as_is_said(published: Plan, tmp_path: Path) -> None:
    said = happened(
        published,
        tmp_path,
        as_of="2027-Q2",
        steps={"assets.depth.2": {"status": "cancelled", "reason": "bought elsewhere"}},
    )
    left = replan(published, rebase(published.problem, said), None, EXACT).plan.starts
    # Patching needs it.
    assert not {"assets.depth.2", "patching.depth.2"} & left.keys()
    begun = next(name for name, start in published.starts.items() if start == 0)
    said = happened(
        published, tmp_path, as_of="2027-Q2", steps={begun: {"status": "running", "remaining": 2, "spent": 99.5}}
    )
    now, planned = rebase(published.problem, said), published.problem.steps_by_id()[begun].once
    step = now.problem.steps_by_id()[begun]
    # One quarter is past and two are to come, which have what is left of the plan's amount in equal parts.
    assert (step.start, step.duration) == (0, 3)
    assert step.once == pytest.approx((planned - 99.5) * 3 / 2, abs=0.02)
    told = now.progress[begun]
    assert (told.state, told.spent, told.remaining, told.source) == ("running", 99.5, 2, "actuals")


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"as_of": "2031-Q1"}, "SL304", "2031-Q1 is no period of the plan"),
    ({"as_of": "2027-Q2", "steps": {"access.depth.9": {"status": "done"}}}, "SL204", "did you mean"),
    ({"as_of": "2027-Q2", "steps": {"vault.depth.4": {"status": "done"}}}, "SL102", "add `started`"),
    ({"as_of": "2027-Q2", "steps": {"access.depth.2": {"status": "done", "started": "2027-Q3"}}}, "SL304", "not past"),
    (
        {
            "as_of": "2027-Q2",
            "steps": {"access.depth.2": {"status": "done", "started": "2027-Q1", "finished": "2027-Q4"}},
        },
        "SL304",
        "correct `finished`",
    ),
    (
        {"as_of": "2027-Q2", "steps": {"access.depth.2": {"status": "running", "started": "2027-Q1", "remaining": 9}}},
        "SL304",
        "after the horizon",
    ),
    ({"as_of": "2027-Q2", "spent": {"2027-Q3": 1}}, "SL304", "not past"),
    (
        {"as_of": "2027-Q2", "threats": {"ransomwere": {"expected_loss_per_year": 1}}},
        "SL206",
        "did you mean 'ransomware'?",
    ),
    ({"as_of": "2027-Q2", "steps": {"access.depth.2": {"status": "lost"}}}, "SL104", "is not one of"),
    ({"as_of": "2027-Q2", "stepz": {}}, "SL101", "unknown key"),
    ({}, "SL102", "key 'as_of' is missing"),
]


@pytest.mark.parametrize(("said", "code", "words"), BAD, ids=[words for _, _, words in BAD])
def test_what_is_wrong_with_a_file_is_said_with_its_place(
    published: Plan, tmp_path: Path, said: dict[str, Any], code: str, words: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        happened(published, tmp_path, **said)
    assert any(issue.code == code and words in issue.message for issue in caught.value.issues), caught.value
    assert all(issue.location.file.endswith("actuals.json") for issue in caught.value.issues)


def test_a_new_assessment_takes_the_place_of_the_question(tmp_path: Path) -> None:
    plan = plan_command("home_cameras", options=Options(gap=0.02))
    path = tmp_path / "plan.json"
    path.write_text(plan.model_dump_json(by_alias=True), encoding="utf-8")
    from stepladder.workflow.replan import replan as renewed
    from stepladder.workflow.replan import stands

    # The same file again still asks for everything: what the plan took for done is open again, and each of them is
    # said.
    standing = stands(plan, assessment="home_cameras", as_of=plan.problem.periods[1].label)
    found = renewed(plan, standing, Options(gap=0.02))
    durations = {step.id: step.duration for step in plan.problem.steps}
    done = [name for name, start in plan.starts.items() if start + durations[name] <= 1]
    assert done
    assert len([note for note in standing.notes if "open again" in note]) == len(done)
    assert all(found.plan.state(name) == "open" for name in done)
    assert all(start >= 1 for name, start in found.plan.starts.items() if found.plan.state(name) == "open")
