"""A plan that knows what has happened: the newer word holds, what is done keeps its costs, and nothing is priced
that cannot be decided any more.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from stepladder.analysis.next import beginning
from stepladder.analysis.roadmap import read
from stepladder.analysis.why import why
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import MONEY
from stepladder.data.load import load_plan
from stepladder.errors import InvalidInput
from stepladder.evaluate import Ledger
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import find
from stepladder.optimise import Options
from stepladder.output.advice import next_text
from stepladder.output.report.compose import Material, compose
from stepladder.output.report.markdown import markdown
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.workflow.next import nudge
from stepladder.workflow.plan import plan
from stepladder.workflow.replan import Renewed, Standing, replan, stands

FAULTS = Path(__file__).parents[1] / "faults"
QUICK = Options(work=1)


@cache
def bottling() -> Plan:
    return plan("bottling_line", options=QUICK)


@cache
def after(name: str) -> Renewed:
    published = bottling()
    return replan(published, stands(published, actuals=FAULTS / "actuals" / f"{name}.yaml"), QUICK)


@cache
def before() -> Plan:
    return plan(FAULTS / "assessment" / "before.yaml")


def assessed(name: str, as_of: str) -> tuple[Plan, tuple[str, ...]]:
    standing = stands(before(), assessment=FAULTS / "assessment" / f"{name}.yaml", as_of=as_of)
    return replan(before(), standing).plan, standing.notes


def used(made: Plan, resource: str) -> float:
    ledger = Ledger(made.problem)
    return ledger.amount(sum(ledger.total(made.starts, resource)), resource)


# -- assessments -----------------------------------------------------------------------------------------------------


def test_what_is_done_and_gone_from_the_question_keeps_its_costs() -> None:
    """Investment 1,000 of 1,000 and 3,000 of running cost are a.c.1's: nothing is left for d.c.1, which needs as
    much again.
    """
    made, notes = assessed("after", "2027-Q2")
    assert list(made.starts) == ["a.c.1"]
    assert made.state("a.c.1") == "done"
    # 4,000 a year for three quarters; ten person-days.
    assert [used(made, resource) for resource in (*MONEY, "sec")] == [4000, 1000, 3000, 10]
    assert made.not_planned["d.c.1"].reason == "blocked"
    assert made.totals.spend == 4000
    assert notes == ()


def test_the_newer_word_holds_and_money_spent_stays_spent() -> None:
    """The plan took a.c.1 for done, the assessment does not: open again. Spent are 1,000 once and 1,000 of running
    cost in the second quarter.
    """
    made, notes = assessed("after2", "2027-Q3")
    assert made.progress == {}
    assert made.starts == {}
    (note,) = [note for note in notes if "open again" in note]
    assert note.startswith("A to One counted as done, and the assessment does not find it")
    assert "2,000 EUR, stays spent" in note
    left = {window.resource: window.limit for window in made.problem.windows}
    # 4,000 less 2,000; 1,000 less 1,000; 3,000 less 1,000; 12 person-days less 10.
    assert left == {"money": 2000, "money_once": 0, "money_per_year": 2000, "sec": 2}


def scenario(path: Path, *changes: tuple[str, str], more: str = "") -> Path:
    """The assessment's scenario with changes, in a file of its own."""
    text = (
        (FAULTS / "assessment" / "before.yaml")
        .read_text(encoding="utf-8")
        .replace("catalogue: cat.yaml", f"catalogue: {FAULTS}/assessment/cat.yaml")
    )
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text + more, encoding="utf-8")
    return path


PIN = "pins: {a.c.1: {start: 2027-Q1}}"


def test_a_level_that_is_found_reached_is_done_whoever_did_it(tmp_path: Path) -> None:
    published = plan(scenario(tmp_path / "old.yaml", (PIN, "pins: {d.c.1: {start: 2027-Q3}}")))
    newer = scenario(
        tmp_path / "new.yaml", (PIN, ""), ("current: {default: {c: 0}}", "current: {default: {c: 0}, d: {c: 1}}")
    )
    standing = stands(published, assessment=newer, as_of="2027-Q2")
    assert [note for note in standing.notes if note.startswith("D to One is reached, though the plan has not done it")]
    assert "d.c.1" not in replan(published, standing).plan.starts


def test_a_milestone_that_moved_speaks_with_its_new_date_and_is_listed(tmp_path: Path) -> None:
    due = "milestones: {{m: {{title: Audit, by: {}, reach: {{a: {{c: 1}}}}, reason: why}}}}\n"
    published = plan(scenario(tmp_path / "old.yaml", (PIN, ""), more=due.format("2027-06-30")))
    newer = scenario(tmp_path / "new.yaml", (PIN, ""), more=due.format("2027-12-31"))
    renewed = replan(published, stands(published, assessment=newer, as_of="2027-Q1"))
    assert renewed.plan.context is not None
    assert [str(milestone.date) for milestone in renewed.plan.context.milestones] == ["2027-12-31"]
    assert ("milestones.Audit.by", "2027-06-30", "2027-12-31") in [
        (one.path, one.before, one.after) for one in renewed.difference.question
    ]


# -- books -----------------------------------------------------------------------------------------------------------


def test_books_all_in_are_held_against_what_was_committed_too(tmp_path: Path) -> None:
    """What the steps were to cost and 16,000 for the contract that is committed, exactly as planned: nothing moves."""
    published = plan("bottling_line")
    assert published.context is not None
    assert published.context.committed[0] == 16_000
    planned = published.periods[0].spend
    books = tmp_path / "spent_all_in.yaml"
    books.write_text(
        f"format: stepladder-actuals/1\nas_of: 2027-Q2\nspent: {{2027-Q1: {planned + 16_000:.0f}}}\n", encoding="utf-8"
    )
    standing, untold = stands(published, actuals=books), stands(published, as_of="2027-Q2")
    assert standing.question.problem == untold.question.problem
    renewed = replan(published, standing)
    assert renewed.moved == 0
    assert renewed.plan.starts == published.starts
    # 16,000 for the steps instead of what was planned: what is left grows by the rest, and by that alone.
    left, less = (
        one.question.problem.windows[0].limit
        for one in (stands(published, actuals=FAULTS / "actuals" / "spent_all_in.yaml"), untold)
    )
    assert left - less == planned - 16_000


# -- readers ---------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["on_track", "done"])
def going(request: pytest.FixtureRequest) -> Plan:
    return after(request.param).plan


def test_a_plan_with_a_past_is_verified_and_read_back(going: Plan, tmp_path: Path) -> None:
    assert verify(going) == []
    path = tmp_path / "plan.json"
    path.write_text(dump(going), encoding="utf-8")
    assert load_plan(path).model_copy(update={"seal": None}) == going
    assert all((going.starts[name] < going.now) == (going.state(name) != "open") for name in going.starts)


def test_the_next_step_is_an_open_one(going: Plan) -> None:
    first = beginning(going)
    assert first.period is not None
    assert first.period >= going.now
    assert all(going.state(step.step.id) == "open" for step in first.steps)


def test_nothing_is_priced_that_is_decided() -> None:
    made = after("on_track").plan
    priced = nudge(made, QUICK)
    happened = {name for name in made.starts if made.state(name) != "open"}
    assert happened
    assert not set(priced.waiting) & happened
    for other in priced.alternatives:
        assert not set(other.steps) & happened
    text = next_text(priced)
    assert text.startswith("The plan goes on in 2028-Q1")


def test_why_says_of_what_is_done_that_it_is_done() -> None:
    made = after("on_track").plan
    name = next(name for name in made.starts if made.state(name) == "done")
    told = why(made, name, QUICK)
    assert (told.others, told.hindrances) == ((), ())


def test_pages_tell_spent_from_to_approve_and_done_from_open(going: Plan) -> None:
    road = read(going)
    past = sum(period.spend for period in going.periods[: going.now])
    assert road.spent == pytest.approx(past)
    assert road.spent + road.to_approve + road.going_on == pytest.approx(going.totals.spend)
    assert road.today == pytest.approx(going.periods[going.now].expected_loss_per_year) or going.problem.effect_lag == 0
    text = plan_text(going)
    done = sum(told.state == "done" for told in going.progress.values())
    assert text.count("(done)") == done
    assert f"As of {going.as_of}: {done} done" in " ".join(text.split())
    page = markdown(compose(Material(going, ())), "")
    assert "Money to approve" in page
    assert page.count("(done)") >= done


def test_every_export_tells_done_running_and_open_apart() -> None:
    published = bottling()
    made = replan(published, stands(published, as_of="2027-Q4"), QUICK).plan
    states = {name: made.state(name) for name in made.starts}
    assert set(states.values()) == {"done", "running", "open"}
    plain = breakdown(made)
    assert {item.step: item.state for item in plain.items} == states
    by_mark = {item.mark: item for item in plain.items}
    tasks = etree.fromstring(find("mspdi").write(plain)).findall(".//{*}Task")
    percents = {str(task.findtext("{*}Name"))[:11]: int(task.findtext("{*}PercentComplete") or 0) for task in tasks}
    for mark, item in by_mark.items():
        assert percents[mark] == {"done": 100, "open": 0}.get(item.state, percents[mark])
        assert item.state != "running" or 0 < percents[mark] < 100
    done = sum(state == "done" for state in states.values())
    assert find("mermaid").write(plain).decode().count(":done, ") == done
    assert find("taskjuggler").write(plain).decode().count("complete 100") == done
    assert find("ciso-assistant").write(plain).decode("utf-8-sig").count('"active"') == done
    assert find("markdown").write(plain).decode().count("(done)") == done
    assert [item["state"] for item in json.loads(find("json").write(plain))["items"]].count("done") == done
    for name in ("csv", "csv-machine", "jira-csv", "azure-csv", "gitlab-csv", "github", "ics", "oscal-poam"):
        text = find(name).write(plain).decode("utf-8-sig").replace("\r\n ", "")
        assert text.count("done") >= done, name
        assert text.count("running") >= 1, name


# -- what the verifier says of a past that does not fit ----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"as_of": "2031-Q1"},
        {"as_of": None},
        {"as_of": "2027-Q1"},
        {"progress": {}},
    ],
)
def test_a_past_that_does_not_fit_is_refused(change: dict[str, object]) -> None:
    made = after("on_track").plan.model_copy(update=change)
    assert [fault.rule for fault in verify(made) if fault.rule == "progress"]


@pytest.mark.parametrize("field", ["state", "started", "finished"])
def test_a_changed_state_is_refused(field: str) -> None:
    made = after("on_track").plan
    name, told = next(iter(made.progress.items()))
    value: object = {"state": "running", "started": (told.started or 0) + 1, "finished": (told.finished or 0) + 1}[
        field
    ]
    changed = {**made.progress, name: told.model_copy(update={field: value})}
    assert [
        fault.subject for fault in verify(made.model_copy(update={"progress": changed})) if fault.rule == "progress"
    ] == [name]


def test_who_cancelled_it_has_the_first_word(tmp_path: Path) -> None:
    published = bottling()
    free = {step.id for step in published.problem.steps if not step.required}
    name = next(step for step, start in published.starts.items() if start > 1 and step in free)
    text = (
        f"format: stepladder-actuals/1\nas_of: 2027-Q2\nsteps: {{{name}: {{status: cancelled, reason: the plant is"
        " sold}}\n"
    )
    (tmp_path / "cancelled.yaml").write_text(text, encoding="utf-8")
    made = replan(published, stands(published, actuals=tmp_path / "cancelled.yaml"), QUICK)
    said = "it was cancelled: the plant is sold"
    assert made.plan.left_out(name) == said
    (moved,) = [one for one in made.difference.moved if one.step == name]
    assert (moved.kind, moved.reason) == ("dropped", said)
    assert said in " ".join(plan_text(made.plan).split())
    assert said in {one.reason for one in breakdown(made.plan).left}
    assert said in markdown(compose(Material(made.plan, ())), "")


def test_what_is_over_is_no_reason_against_the_plan(tmp_path: Path) -> None:
    published = bottling()
    early = [name for name, start in published.starts.items() if start == 0]
    text = f"format: stepladder-actuals/1\nas_of: 2027-Q3\nsteps: {{{early[0]}: {{status: slipped}}}}\n"
    (tmp_path / "slipped.yaml").write_text(text, encoding="utf-8")
    made = replan(published, stands(published, actuals=tmp_path / "slipped.yaml"), QUICK)
    moved = {one.step: one for one in made.difference.moved}
    assert (moved[early[0]].kind, moved[early[0]].reason) == ("later", "2027-Q1 is over")


# -- which roadmap, which version, and what it has cost ----------------------------------------------------------------


def standing(published: Plan, folder: Path, **said: object) -> Standing:
    path = folder / "actuals.json"
    path.write_text(json.dumps({"format": "stepladder-actuals/1", **said}), encoding="utf-8")
    return stands(published, actuals=path)


def renewed(published: Plan, folder: Path, **said: object) -> Plan:
    return replan(published, standing(published, folder, **said), QUICK).plan


def test_a_roadmap_keeps_its_id_and_counts_its_versions(tmp_path: Path) -> None:
    first = bottling()
    assert (first.id, first.revision) == ("bottling_line", 1)
    second = replan(first, stands(first, as_of="2027-Q2"), QUICK).plan
    assert (second.id, second.revision) == ("bottling_line", 2)
    again = replan(second, stands(second, as_of="2027-Q2"), QUICK).plan
    assert dump(again) == dump(second)
    path = tmp_path / "plan.json"
    path.write_text(dump(second), encoding="utf-8")
    assert load_plan(path).revision == 2
    nameless = first.model_copy(update={"id": None})
    assert replan(nameless, stands(nameless, as_of="2027-Q2"), QUICK).plan.id == "bottling-line"


def test_what_was_spent_is_kept_and_with_what_is_to_come_it_is_what_the_plan_costs(tmp_path: Path) -> None:
    first = bottling()
    assert first.spent == {}
    assert first.cost == first.totals.spend
    promised = first.context.committed if first.context else ()
    # No books: what the steps account for, and what was promised before.
    quiet = renewed(first, tmp_path, as_of="2027-Q3")
    assert [*quiet.spent] == ["2027-Q1", "2027-Q2"]
    for t, label in enumerate(quiet.spent):
        assert quiet.spent[label] == pytest.approx(first.periods[t].spend + (promised[t] if promised else 0))
    assert quiet.cost == pytest.approx(quiet.totals.spend)
    # Books of one quarter; nothing but that quarter differs.
    more = quiet.spent["2027-Q1"] + 1234.5
    booked = renewed(first, tmp_path, as_of="2027-Q3", spent={"2027-Q1": more})
    assert booked.spent == {**quiet.spent, "2027-Q1": more}
    road = read(booked)
    to_come = sum(period.spend for period in booked.periods[2:])
    assert road.spent == pytest.approx(sum(booked.spent.values()) - sum(promised[:2]))
    assert booked.cost == pytest.approx(road.spent + to_come)
    assert road.to_approve + road.going_on == pytest.approx(to_come)
    # What a plan has closed stays so: what somebody finds out later is of the time since.
    name, start = next((name, start) for name, start in first.starts.items() if start == 0)
    once = first.problem.steps_by_id()[name].once
    dearer = {name: {"status": "done", "spent": once + 500}}
    if first.problem.steps_by_id()[name].finish(start) == 0:
        with pytest.raises(InvalidInput, match="put what has come later under `unplanned`"):
            renewed(quiet, tmp_path, as_of="2027-Q4", steps=dearer)
    for wrong in ({"spent": {"2027-Q1": 5}}, {"unplanned": {"x": {"title": "x", "amount": 5, "from": "2027-Q2"}}}):
        with pytest.raises(InvalidInput, match="the plan has closed 2027-Q"):
            renewed(quiet, tmp_path, as_of="2027-Q4", **wrong)
    more_since = {"x": {"title": "A late bill", "amount": 500, "from": "2027-Q3"}}
    later = renewed(quiet, tmp_path, as_of="2027-Q4", unplanned=more_since)
    assert [later.spent[label] for label in quiet.spent] == [*quiet.spent.values()]
    plain = renewed(quiet, tmp_path, as_of="2027-Q4")
    assert later.spent["2027-Q3"] == pytest.approx(plain.spent["2027-Q3"] + 500)
    assert verify(booked) == []


def test_what_a_cancelled_step_has_cost_was_spent(tmp_path: Path) -> None:
    first = bottling()
    name = next(name for name, start in first.starts.items() if start == 0)
    without, paid = (
        standing(first, tmp_path, as_of="2027-Q2", steps={name: {"status": "cancelled", **more}}).question.spent
        for more in ({}, {"spent": 777})
    )
    assert paid[0] == pytest.approx(without[0] + 777)


def test_what_was_spent_on_a_step_that_is_open_again_stays_spent() -> None:
    plan, notes = assessed("after2", "2027-Q3")
    assert any("stays spent" in note for note in notes)
    assert read(plan).spent > 0
    assert read(plan).spent == pytest.approx(sum(period.spend for period in before().periods[:2]))


def test_a_plan_that_says_what_was_spent_says_it_of_every_past_period(tmp_path: Path) -> None:
    plan = renewed(bottling(), tmp_path, as_of="2027-Q3")
    for spent in ({"2027-Q1": 1.0}, {**plan.spent, "2027-Q3": 1.0}, dict(reversed(plan.spent.items()))):
        wrong = plan.model_copy(update={"spent": spent})
        assert "spent" in [fault.rule for fault in verify(wrong)]
