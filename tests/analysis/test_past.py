"""A plan that knows what has happened: the newer word holds, what is done keeps its costs, and nothing is priced
that cannot be decided any more.
"""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from stepladder.analysis.assessment import _at_the_beginning
from stepladder.analysis.maturity import level_at, maturity
from stepladder.analysis.next import beginning
from stepladder.analysis.roadmap import read
from stepladder.analysis.why import why
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import MONEY
from stepladder.data.formats.threat import Events, Threat
from stepladder.data.load import load_plan
from stepladder.data.question import Question
from stepladder.errors import InvalidInput
from stepladder.evaluate import Ledger
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import find
from stepladder.optimise import Options
from stepladder.output.advice import next_text
from stepladder.output.outlook import met
from stepladder.output.report.compose import Material, compose
from stepladder.output.report.document import Chart, Gantt
from stepladder.output.report.drawing import svg
from stepladder.output.report.markdown import markdown
from stepladder.output.tables import table
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.workflow.asking import ask
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
    assert [used(made, resource) for resource in (*MONEY[:3], "sec")] == [4000, 1000, 3000, 10]
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


def test_what_is_done_has_its_effect_once_and_the_loss_that_is_stated_holds_today() -> None:
    """The assessment states 100,000 a year with a.c.1 in place, which takes 10 % off: before it there were 111,111.11
    (100,000 / 0.9), and a.c.1 takes 11,111.11 off.
    """
    made, _ = assessed("after", "2027-Q2")
    road = read(made)
    assert road.at_first == pytest.approx(100_000 / 0.9)
    assert road.today == pytest.approx(100_000)
    assert road.steps["a.c.1"].per_year_removed == pytest.approx(100_000 / 0.9 * 0.1)
    # d.c.1 is not in the plan, so that what is left is what there is today.
    assert made.totals.tail_expected_loss_per_year == pytest.approx(100_000)
    assert verify(made) == []
    page = plan_text(made, full=True)
    assert "takes 10 % off" in " ".join(page.split()).lower()
    assert "from 111,111 EUR a year without the plan (100,000 EUR today) to 100,000" in " ".join(page.split())
    blocks = compose(Material(made, ())).sections[0].blocks
    tiles = {tile.name: tile.value for block in blocks if isinstance(block, tuple) for tile in block}
    assert tiles["Less expected loss so far"] == pytest.approx(0.1)
    assert "Less expected loss from today on" not in tiles
    assert "Less expected loss" not in tiles


def test_what_counted_as_done_and_is_neither_found_nor_asked_for_has_no_effect(tmp_path: Path) -> None:
    newer = scenario(tmp_path / "new.yaml", (PIN, ""), ("target: {a: {c: 1}, d: {c: 1}}", "target: {d: {c: 1}}"))
    made = replan(before(), stands(before(), assessment=newer, as_of="2027-Q2")).plan
    road = read(made)
    assert made.state("a.c.1") == "done"
    assert (road.at_first, road.today) == (100_000, 100_000)
    assert "Is done, though it removes no loss by itself." in plan_text(made, full=True)


def test_events_of_an_assessment_are_brought_back_as_the_loss_is() -> None:
    """Of 2 events a year at 1,000 with both steps in place: one makes them rarer by a half, one cheaper by a fifth."""
    threat = Threat(
        id="x",
        expected_loss_per_year=2000,
        factors={"c": 0.9},
        events=Events(per_year=2, median=1000),
    )
    known = threat.model_copy(update={"factors": {"a": 0.5, "b": 0.8, "c": 0.9}, "cheaper": ("b",)})
    question = before().problem.model_copy(update={"threats": (known,)})
    back = _at_the_beginning(before().model_copy(update={"problem": question}), threat, {"a", "b"})
    assert back.expected_loss_per_year == 5000
    assert back.events == Events(per_year=4, median=1250)
    assert back.factors == {"c": 0.9, "a": 0.5, "b": 0.8}
    assert back.cheaper == ("b",)


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


DUE = "milestones: {{m: {{title: Audit, by: {}, reach: {{a: {{c: 1}}}}, reason: why}}}}\n"
FOUND = (("current: {default: {c: 0}}", "current: {default: {c: 0}, a: {c: 1}}"), (PIN, ""))


def what_is_said_of_the_audit(made: Plan) -> str:
    assert verify(made) == []
    (milestone,) = made.milestones
    return met(read(made), milestone)


def test_a_date_that_was_missed_stays_missed_when_its_steps_are_found_reached(tmp_path: Path) -> None:
    """Due by the end of the first quarter, done in the second one: an assessment in the third finds it reached."""
    published = plan(scenario(tmp_path / "old.yaml", (PIN, ""), more=DUE.format("2027-03-31")))
    happened = tmp_path / "happened.yaml"
    happened.write_text("format: stepladder-actuals/1\nas_of: 2027-Q2\nsteps: {a.c.1: {status: slipped}}\n")
    late = replan(published, stands(published, actuals=happened)).plan
    assert what_is_said_of_the_audit(late).startswith("Missed: met in 2027-Q2")
    newer = scenario(tmp_path / "new.yaml", *FOUND, more=DUE.format("2027-03-31"))
    made = replan(late, stands(late, assessment=newer, as_of="2027-Q3")).plan
    assert what_is_said_of_the_audit(made).startswith("Missed: met in 2027-Q2, by 30 Jun 2027. Proved:")


def test_a_date_that_was_kept_stays_kept_and_one_of_which_nothing_is_known_is_not_said_to_be(tmp_path: Path) -> None:
    newer = scenario(tmp_path / "new.yaml", *FOUND, more=DUE.format("2027-03-31"))
    done = plan(scenario(tmp_path / "old.yaml", more=DUE.format("2027-03-31")))
    made = replan(done, stands(done, assessment=newer, as_of="2027-Q2")).plan
    assert what_is_said_of_the_audit(made) == "Met in 2027-Q1, by 31 Mar 2027, on the day."
    # The plan has not done it, so that nothing says when somebody has.
    without = plan(scenario(tmp_path / "old.yaml", (PIN, ""), ("{a: {c: 1}, d: {c: 1}}", "{d: {c: 1}}")))
    unknown = replan(without, stands(without, assessment=newer, as_of="2027-Q2")).plan
    assert what_is_said_of_the_audit(unknown) == (
        "Reached by 2027-Q2, as the levels of then say; whether it was by 31 Mar 2027 nothing says."
    )
    newer.write_text(newer.read_text().replace("2027-03-31", "2027-12-31"))
    before_its_day = replan(without, stands(without, assessment=newer, as_of="2027-Q2")).plan
    assert what_is_said_of_the_audit(before_its_day) == "Met today."


def test_a_report_shows_where_the_plan_stands_today() -> None:
    """The first step is done: its level is there, its bar is paler, and what is late for a missed date says so."""
    made = after("missed_milestone").plan
    document = compose(Material(made, ()))
    charts = {
        block.name: block.drawing
        for section in document.sections
        for block in section.whole
        if isinstance(block, Chart)
    }
    gantt = charts["roadmap"]
    assert isinstance(gantt, Gantt)
    assert gantt.today == made.now
    steps = read(made).steps.values()
    assert [bar.done for bar in gantt.bars] == [step.state == "done" for step in steps]
    (milestone,) = [one for one in made.milestones if made.missed_of(one)]
    for bar, step in zip(gantt.bars, steps, strict=True):
        end = made.problem.periods[step.finish].end
        assert end is not None
        assert ("late)" in bar.title) == (step.step.id in milestone.steps and end > milestone.date), bar.title
        assert ("(running" in bar.title) == (step.state == "running")
    assert any("late)" in bar.title for bar in gantt.bars)
    now = level_at(made)
    for level in maturity(made):
        assert level.now == now(level.parameter, made.now - 1)
    raised = [level for level in maturity(made) if level.now > level.parameter.current]
    assert raised
    whole = breakdown(made)
    book = load_workbook(io.BytesIO(find("xlsx").write(whole)))
    head, *rows = [[cell.value for cell in row] for row in book["Maturity"].iter_rows()]
    assert [row[head.index("Today")] for row in rows] == [level.now for level in maturity(made)]
    assert list(table(made, "threats")["today"]) == pytest.approx([*read(made).today_by_threat.values()])
    assert b'id="' in svg(Chart("roadmap", "", "", gantt, ())).encode()


def test_how_long_a_running_step_still_takes_and_who_says_so_is_kept_and_checked(tmp_path: Path) -> None:
    """Under way for one quarter, two more to come, as a tracker says: it ends in the third; one more is a lie."""
    happened = tmp_path / "happened.yaml"
    happened.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q2\nsource: tracker\n"
        "steps: {a.c.1: {status: running, remaining: 2, reason: late}}\n",
        encoding="utf-8",
    )
    made = replan(before(), stands(before(), actuals=happened)).plan
    told = made.progress["a.c.1"]
    assert (told.state, told.started, told.finished, told.remaining) == ("running", 0, 2, 2)
    assert (told.source, told.reason) == ("tracker", "late")
    assert verify(made) == []
    longer = made.model_copy(update={"progress": {"a.c.1": told.model_copy(update={"remaining": 3})}})
    (fault,) = [one for one in verify(longer) if one.rule == "progress"]
    assert fault.message == "a.c.1 is said to need 3 more periods, and it needs 2"


# -- where numbers are written -------------------------------------------------------------------------------------


def told(made: Plan | Question) -> dict[tuple[str, str], str]:
    """By step and figure, where it was written."""
    assert made.context is not None
    parts = {pointer: pointer.split("/") for pointer in made.context.origins}
    return {
        (made.problem.steps[int(place)].id, "/".join(rest)): made.context.origins[pointer].at
        for pointer, (_, kind, place, *rest) in parts.items()
        if kind == "steps"
    }


def test_where_numbers_are_written_follows_their_steps(tmp_path: Path) -> None:
    """The first step is found reached, which moves the other to its place; a limit that is past leaves the list."""
    published = before()
    newer = scenario(tmp_path / "new.yaml", *FOUND)
    made = replan(published, stands(published, assessment=newer, as_of="2027-Q2")).plan
    assert [step.id for step in made.problem.steps] == ["d.c.1", "a.c.1"]
    was, now = told(published), told(made)
    assert was.keys() == now.keys()
    assert {key: at for key, at in was.items() if key[0] == "a.c.1"}.items() <= now.items()
    assert told(ask(newer)).items() <= now.items()
    assert made.context is not None
    assert published.context is not None
    assert len(made.context.numbers) == len(published.context.numbers) - 3  # of three limits less is left
    assert {f"/threats/0/{name}" for name in ("expected_loss_per_year", "factors")} <= made.context.origins.keys()


def test_a_limit_that_is_past_takes_nothing_from_the_others() -> None:
    """Of the shipped plan, whatever has the same value in the new question, has the same origin, wherever it stands."""
    old, new = bottling(), after("on_track").plan
    assert old.context is not None
    assert new.context is not None

    def limits(made: Plan) -> dict[tuple[str, int, str, float], str]:
        """By limit and value, where it was written."""
        at = made.context.origins if made.context else {}
        return {
            (one.resource, one.to, one.label, one.limit): at[f"/windows/{k}/limit"].at
            for k, one in enumerate(made.problem.windows)
            if f"/windows/{k}/limit" in at
        }

    kept, same = (
        limits(new),
        {*limits(old)} & {(one.resource, one.to, one.label, one.limit) for one in new.problem.windows},
    )
    assert kept == {key: limits(old)[key] for key in same}
    assert kept
    assert len(old.problem.windows) > len(new.problem.windows)


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
    text = plan_text(going, full=True)
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
    assert said in " ".join(plan_text(made.plan, full=True).split())
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
