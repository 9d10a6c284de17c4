"""The versions of a roadmap: three worked out by hand, random ones against counts made another way, and what is no
history.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import stepladder
from stepladder.analysis.history import History, history, slip_ratios
from stepladder.analysis.slips import LEAST, slowed
from stepladder.data.formats.past import StepProgress
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.output.histories import FRAMES, chart, history_frame, history_json, history_text
from stepladder.wording.page import Style
from stepladder.wording.text import columns
from stepladder.workflow.history import plot
from tests.support import handmade
from tests.support.commanding import run

#: Three quarters after the four of the hand-made problem.
PERIODS = [handmade.period(t) for t in range(6)]


def asked(titles: dict[str, str] | None = None, **durations: int) -> Problem:
    """The hand-made question over six quarters, with no limits, some steps taking longer."""
    base = handmade.problem(periods=PERIODS, windows=[], appetite=[])
    steps = tuple(
        step.model_copy(
            update={
                "duration": durations.get(step.id.replace(".", "_"), step.duration),
                "title": (titles or {}).get(step.id, step.title),
                "required": False,
                "latest_finish": None,
            }
        )
        for step in base.steps
    )
    return base.model_copy(update={"steps": steps})


def version(revision: int, now: int, starts: dict[str, int], problem: Problem, **more: Any) -> Plan:
    plan = handmade.plan(problem, starts, handmade.context(years=[], milestones=[], origins={}))
    as_of = problem.periods[now].label if now else None
    return plan.model_copy(update={"id": "line", "revision": revision, "as_of": as_of, **more})


def done(first: int, last: int) -> StepProgress:
    return StepProgress(state="done", started=first, finished=last)


ACCESS2, ACCESS3, ASSETS, PATCHING, VAULT = (
    "access.depth.2",
    "access.depth.3",
    "assets.depth.2",
    "patching.depth.2",
    "vault.depth.4",
)


def three(titles: dict[str, str] | None = None) -> list[Plan]:
    """As planned; after a quarter, in which one step takes a second one; after five, with one step a quarter longer
    than its two, one cancelled and one new.
    """
    later = StepProgress(state="running", started=0, finished=1, reason="The supplier is late")
    gone = StepProgress(state="cancelled", reason="too dear")
    return [
        version(1, 0, {ACCESS2: 0, ACCESS3: 1, ASSETS: 0, PATCHING: 2}, asked(titles)),
        version(
            2,
            1,
            {ACCESS2: 0, ACCESS3: 2, ASSETS: 0, PATCHING: 2},
            asked(titles, access_depth_2=2),
            progress={ASSETS: done(0, 0), ACCESS2: later},
            spent={"2027-Q1": 13000.0},
        ),
        version(
            3,
            5,
            {ACCESS2: 0, ACCESS3: 2, ASSETS: 0, VAULT: 5},
            asked(titles, access_depth_2=2, access_depth_3=3),
            progress={ASSETS: done(0, 0), ACCESS2: done(0, 1), ACCESS3: done(2, 4), PATCHING: gone},
        ),
    ]


def named(plans: list[Plan]) -> list[tuple[str, Plan]]:
    return [(f"v{k}.json", plan) for k, plan in enumerate(plans, 1)]


@pytest.fixture(scope="module")
def by_hand() -> History:
    return history(named(three()))


def test_steps_and_levels_by_hand(by_hand: History) -> None:
    counts = [(one.done, one.running, one.open, one.cancelled, one.left_out) for one in by_hand.versions]
    assert counts == [(0, 0, 4, 0, 1), (1, 1, 2, 0, 1), (3, 0, 1, 1, 0)]
    # The one parameter stands at 1; after five quarters both of its steps are finished.
    assert [(one.maturity_now, one.maturity_at_end) for one in by_hand.versions] == [(1, 3), (1, 3), (3, 3)]


def test_losses_by_hand(by_hand: History) -> None:
    # Today 240,000 + 60,000. As planned access 2 is finished after a quarter: 240,000 · 0.88 + 60,000 = 271,200; it was
    # not. After five quarters 240,000 · 0.88 · 0.8 + 60,000 · 0.5 = 198,960, as planned with patching · 0.75 on the
    # first: 156,720. At the end of the third the vault takes a tenth of the second 30,000.
    assert [one.loss_now for one in by_hand.versions] == pytest.approx([300_000, 300_000, 198_960])
    assert [one.loss_planned for one in by_hand.versions] == pytest.approx([300_000, 271_200, 156_720])
    assert [one.loss_at_end for one in by_hand.versions] == pytest.approx([156_720, 156_720, 195_960])


def test_money_by_hand(by_hand: History) -> None:
    # First: 12,000 + 5,000.50; 12,000 + 500; 12,000 + 9,000 + 500; then 500 + 1,500 + 1,000 a quarter.
    # Second: the books have 13,000; 6,000; 12,000 + 9,000 + 500; 12,000 + 1,500; 3,000; 3,000.
    # Third: 6,000 + 5,000.50; 6,000; three times 8,000 + 500; 90,000 + 500 + 1,500.
    assert [one.spent for one in by_hand.versions] == pytest.approx([0, 13_000, 42_500.5])
    assert [one.spent_planned for one in by_hand.versions] == pytest.approx([0, 17_000.5, 57_000.5])
    assert [one.to_come for one in by_hand.versions] == pytest.approx([60_000.5, 47_000, 92_000])


def test_slips_by_hand(by_hand: History) -> None:
    facts = [(slip.step, slip.state, slip.version, slip.before, slip.after, slip.periods) for slip in by_hand.slips]
    assert facts == [
        (ACCESS3, "done", 0, "2027-Q3", "2028-Q1", 2),
        (ACCESS2, "done", 0, "2027-Q1", "2027-Q2", 1),
    ]
    assert {slip.owner for slip in by_hand.slips} == {"Plant security"}
    # While it was running somebody said why, and it was to finish then.
    (running, waiting) = history(named(three()[:2])).slips
    assert (running.step, running.state, running.reason) == (ACCESS2, "running", "The supplier is late")
    assert (waiting.step, waiting.state, waiting.reason) == (ACCESS3, "open", "")


def test_ratios_by_hand(by_hand: History) -> None:
    operations, security = by_hand.teams
    # Security: 15, 12 and 5 person-days; planned 1, 2 and 1 quarters, taken 2, 3 and 1:
    # (15·2 + 12·3 + 5·1) / (15·1 + 12·2 + 5·1) = 71/44. Later by 1, 2 and 0.
    assert (security.team, security.steps, security.planned, security.took, security.later) == ("security", 3, 4, 6, 3)
    assert security.ratio == pytest.approx(71 / 44)
    # Of operations there is one step: no ratio.
    assert (operations.steps, operations.planned, operations.took, operations.ratio) == (1, 2, 3, None)


def test_what_came_and_went_by_hand(by_hand: History) -> None:
    facts = [(change.kind, change.step, change.version, change.reason) for change in by_hand.changes]
    assert facts == [("cancelled", PATCHING, 2, "too dear"), ("added", VAULT, 2, "")]


def test_it_is_said_in_words(by_hand: History) -> None:
    text = history_text(by_hand)
    flat = " ".join(text.split())
    for said in (
        "3 versions of line.",
        "Access Control to Consistent: planned in v1.json to finish in 2027-Q3; it finished in 2028-Q1, 2 periods",
        "Plant security answers for it.",
        "Patch Management to Ad hoc: since v3.json. Why: too dear.",
        "Data Protection to Formalized: since v3.json.",
        "With fewer than 3 finished steps there is no ratio: Operations.",
        "What was truly spent is not known of v3.json: there it is what the steps account for.",
    ):
        assert said in flat
    said = json.loads(history_json(by_hand))
    assert [row["name"] for row in said["versions"]] == ["v1.json", "v2.json", "v3.json"]
    assert said["slips"][0]["version"] == "v1.json"
    for name in FRAMES:
        assert len(history_frame(by_hand, name)) == len(said[name])
        assert list(history_frame(history(named(three()[:1])), name).columns)


def test_the_same_files_in_any_order_give_the_same_bytes(by_hand: History) -> None:
    for seed in range(4):
        shuffled = named(three())
        random.Random(seed).shuffle(shuffled)
        again = history(shuffled)
        assert (history_text(again), history_json(again)) == (history_text(by_hand), history_json(by_hand))
        assert plot(again) == plot(by_hand)


def test_the_chart_has_its_figures_in_words_and_as_a_table(by_hand: History) -> None:
    drawn = chart(by_hand)
    assert drawn.words == (
        "Expected loss a year and money spent in 3 versions, from 2027-Q1 to 2028-Q2, each against what the first"
        " version planned for then."
    )
    assert drawn.tables[0].rows[2] == ("2028-Q2", *map(pytest.approx, (198_960, 156_720, 42_500.5, 57_000.5)))
    assert plot(by_hand, "png").startswith(b"\x89PNG")
    assert stepladder.plot(stepladder.history(*three()[:1]), "history").startswith(b"<?xml")
    with pytest.raises(UsageError, match="the versions of its roadmap"):
        stepladder.plot(handmade.bottling(), "history")


def test_what_can_be_learnt(by_hand: History) -> None:
    ratios = slip_ratios(by_hand)
    assert (ratios.few, ratios.versions) == (("operations",), 3)
    assert ratios.by_team == {"security": pytest.approx(71 / 44)}
    with pytest.raises(UsageError, match=r"nothing can be learnt from v2.json yet: of no team are 3 steps done"):
        slip_ratios(history(named(three()[:2])))


def test_longer_durations_are_whole_periods_of_the_slowest_team() -> None:
    slow = slowed(asked(), {"security": 1.4, "operations": 1.6})
    # 1 · 1.4 and 2 · 1.6 rounded up; what needs no team is as it was.
    assert {step.id: step.duration for step in slow.steps} == {ACCESS2: 2, ACCESS3: 4, ASSETS: 2, PATCHING: 1, VAULT: 1}
    # Exactly whole numbers stay: 2 · 1.5 = 3; a quicker team needs no less than a period.
    quick = slowed(asked(), {"operations": 1.5, "security": 0.3})
    assert {step.id: step.duration for step in quick.steps}[ACCESS3] == 3
    assert {step.id: step.duration for step in quick.steps}[ACCESS2] == 1


# -- the order, and what is no history ---------------------------------------------------------------------------------


def test_one_version_has_no_slips() -> None:
    alone = history(named(three()[:1]))
    assert (alone.slips, alone.teams, alone.changes) == ((), (), ())
    assert "There is one version only: nothing can have moved yet." in history_text(alone)


def test_what_says_the_same_is_counted_once() -> None:
    again = history([*named(three()), ("copy.json", three()[1])])
    assert len(again.versions) == 3
    assert again.notes == ("copy.json says the same as v2.json: it is counted once.",)


def test_versions_without_an_id_are_put_in_order_by_what_was_past() -> None:
    plans = [plan.model_copy(update={"id": None, "revision": 1}) for plan in three()]
    unnamed = history([("b", plans[2]), ("a", plans[1]), ("c", plans[0])])
    assert [one.name for one in unnamed.versions] == ["c", "a", "b"]
    assert unnamed.id is None
    assert all("put in order by what was past then" in note for note in unnamed.notes)
    assert len(unnamed.notes) == 3
    mixed = history([("b", three()[2]), ("c", plans[0]), ("a", three()[1])])
    assert ([one.name for one in mixed.versions], len(mixed.notes)) == (["c", "a", "b"], 1)
    with pytest.raises(UsageError, match="whether a or b is the later: both are as of 2028-Q2"):
        history([("a", plans[2].model_copy(update={"starts": {}})), ("b", plans[2])])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "other"}, "v1.json is a version of roadmap 'line' and v2.json of 'other'"),
        ({"revision": 1}, "v1.json and v2.json are both revision 1 of 'line', and differ"),
        (
            {"revision": 4},
            "v2.json is revision 4 of 'line' and as of 2027-Q2, but revision 3, v3.json, is as of 2028-Q2",
        ),
        ({"problem": asked().model_copy(update={"currency": "USD"})}, "v1.json is in EUR and v2.json in USD"),
        ({"problem": handmade.problem()}, "v1.json and v2.json have not the same periods"),
    ],
)
def test_what_is_no_history(changes: dict[str, Any], said: str) -> None:
    plans = three()
    plans[1] = plans[1].model_copy(update=changes)
    with pytest.raises(UsageError) as error:
        history(named(plans))
    assert said in str(error.value)


def test_an_assessment_that_asks_for_a_step_again_is_said() -> None:
    plans = three()
    del plans[2].progress[ASSETS]
    again = history(named(plans))
    assert ("reopened", ASSETS) in [(change.kind, change.step) for change in again.changes]
    assert "OPEN AGAIN: 1 step" in history_text(again)


def test_steps_that_are_left_out_or_gone_are_said() -> None:
    plans = three()[:1]
    fewer = asked().model_copy(
        update={"steps": tuple(step for step in asked().steps if step.id != PATCHING), "threats": ()}
    )
    plans.append(version(2, 0, {ACCESS2: 0, ACCESS3: 1}, fewer))
    changes = [(change.kind, change.step) for change in history(named(plans)).changes]
    assert changes == [("dropped", ASSETS), ("gone", PATCHING)]


def test_what_is_found_done_and_nobody_worked_on_is_in_no_ratio_and_no_slip() -> None:
    """Access is found at its level in the last version: nobody was early or late with it."""
    plans = three()
    steps = plans[2].problem.steps_by_id()
    given = steps[ACCESS2].model_copy(update={"once": 0.0, "per_year": 0.0, "effort": {}})
    told = plans[2].progress[ACCESS2].model_copy(update={"source": "assessment", "spent": 0.0})
    plans[2] = plans[2].model_copy(
        update={
            "problem": plans[2].problem.model_copy(
                update={"steps": tuple(given if step.id == ACCESS2 else step for step in plans[2].problem.steps)}
            ),
            "progress": {**plans[2].progress, ACCESS2: told},
            "asked": {ACCESS2: steps[ACCESS2]},
        }
    )
    found, before = history(named(plans)), history(named(three()))
    assert ACCESS2 in {slip.step for slip in before.slips}
    assert ACCESS2 not in {slip.step for slip in found.slips}
    assert ("found", ACCESS2, 2) in [(change.kind, change.step, change.version) for change in found.changes]
    assert "FOUND DONE: 1 step" in history_text(found)
    was, now = ({team.team: team.steps for team in told.teams} for told in (before, found))
    assert {team: was[team] - now.get(team, 0) for team in was} == {
        team: int(bool(steps[ACCESS2].effort.get(team))) for team in was
    }


def test_a_step_that_nobody_planned_is_in_no_ratio() -> None:
    plans = three()
    plans[0] = version(1, 0, {ACCESS2: 0, ACCESS3: 1}, asked())
    told = history(named(plans))
    security = next(team for team in told.teams if team.team == "security")
    assert (security.steps, security.unplanned, security.ratio) == (2, 1, None)
    assert "Steps that were done before any version had planned them are not counted: 1 of Security." in " ".join(
        history_text(told).split()
    )


# -- random histories --------------------------------------------------------------------------------------------------


def random_history(seed: int) -> tuple[list[Plan], dict[str, list[tuple[float, int, int]]]]:
    """Versions in which steps are done, some later and longer than planned; and by team, written down as it happened,
    the person-days, planned duration and true duration of each step that was done.
    """
    dice = random.Random(seed)
    horizon = 12
    steps = [
        {
            "id": f"s{k}",
            "title": handmade.hostile(dice),
            "duration": dice.randint(1, 3),
            "once": dice.choice([0, 100.25, 9000]),
            "per_year": dice.choice([0, 40]),
            "effort": {team: dice.choice([0, 1, 7.5]) for team in ("a", "b")[: dice.randint(0, 2)]},
        }
        for k in range(dice.randint(1, 20))
    ]
    periods = [handmade.period(t) for t in range(horizon)]
    threats = [{"id": "t", "expected_loss_per_year": 1e5, "factors": {step["id"]: 0.9 for step in steps[::2]}}]
    fresh = handmade.problem(periods=periods, steps=steps, threats=threats, windows=[], appetite=[], title="R")
    planned = {step.id: step.duration for step in fresh.steps}
    starts = {step.id: dice.randint(0, horizon - 6) for step in fresh.steps}
    told: dict[str, list[tuple[float, int, int]]] = defaultdict(list)
    progress: dict[str, StepProgress] = {}
    durations, plans, now = dict(planned), [], 0
    for revision in range(1, dice.randint(2, 5)):
        problem = fresh.model_copy(
            update={"steps": tuple(step.model_copy(update={"duration": durations[step.id]}) for step in fresh.steps)}
        )
        plans.append(version(revision, now, dict(starts), problem, progress=dict(progress)))
        now += dice.randint(1, 2)
        for step in fresh.steps:
            name = step.id
            if name in progress or starts[name] >= now:
                continue
            if dice.random() < 0.2:
                starts[name] = now
            elif starts[name] + durations[name] <= now:
                durations[name] = dice.randint(durations[name], now - starts[name])
                progress[name] = done(starts[name], starts[name] + durations[name] - 1)
    final = {name for name, word in plans[-1].progress.items() if word.state == "done"}
    for step in fresh.steps:
        if step.id in final:
            took = plans[-1].problem.steps_by_id()[step.id].duration
            for team, days in step.effort.items():
                told[team] += [(days, planned[step.id], took)] if days else []
    return plans, told


@pytest.mark.parametrize("seed", range(40))
def test_random_histories(seed: int) -> None:
    plans, told = random_history(seed)
    lived = history(named(plans))
    for one in lived.versions:
        assert one.done + one.running + one.open + one.cancelled + one.left_out == len(one.plan.problem.steps)
        assert one.spent + one.to_come == pytest.approx(one.plan.cost, abs=0.005)
    assert {team.team for team in lived.teams} == {team for team, rows in told.items() if rows}
    for team in lived.teams:
        rows = [(Fraction(days), planned, took) for days, planned, took in told[team.team]]
        assert team.steps == len(rows)
        ratio = sum(days * took for days, _, took in rows) / sum(days * planned for days, planned, _ in rows)
        assert team.ratio == (pytest.approx(float(ratio)) if len(rows) >= LEAST else None)
    first, last = (
        {name: start + plan.problem.steps_by_id()[name].duration for name, start in plan.starts.items()}
        for plan in (plans[0], plans[-1])
    )
    moved = sum(first[name] != last[name] for name in first)
    assert len(lived.slips) == moved
    for width in (40, 80, 200):
        assert all(columns(line) <= width for line in history_text(lived, Style(width)).splitlines())
    assert "\x1b" not in history_text(lived)
    assert history_json(history(named(plans)[::-1])) == history_json(lived)


def test_hostile_names_stay_words() -> None:
    titles = {ACCESS2: "\x1b[31mred\n\nline", ACCESS3: "<script>x</script>" + "長" * 500, PATCHING: "\u202eevil"}
    hostile = history([(f"\x1b[2J{k}.json", plan) for k, plan in enumerate(three(titles))])
    text = history_text(hostile)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert all(columns(line) <= 80 for line in text.splitlines())
    assert b"\x1b" not in plot(hostile)


# -- files -------------------------------------------------------------------------------------------------------------


def keep(folder: Path, plans: list[Plan]) -> None:
    for name, plan in named(plans):
        (folder / name).write_text(dump(plan), encoding="utf-8")


@pytest.fixture
def verified(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is put together by hand above need not keep every rule."""
    monkeypatch.setattr("stepladder.solution.verify.verify", lambda _: [])


@pytest.mark.usefixtures("verified")
def test_a_folder_with_what_is_no_plan(tmp_path: Path) -> None:
    keep(tmp_path, three())
    (tmp_path / "notes.md").write_text("x", encoding="utf-8")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    (tmp_path / "old").mkdir()
    mill = (Path(__file__).parents[1] / "data/mill.yaml").read_text(encoding="utf-8")
    (tmp_path / "mill.yaml").write_text(mill, encoding="utf-8")
    answer = run("history", tmp_path)
    flat = " ".join(answer.stdout.split())
    assert answer.exit_code == 0, answer.stderr
    assert "as no plan in a file named .json: broken.json, notes.md, old." in flat
    assert "mill.yaml is an assessment: nothing in it says when it was made, so it has no place here" in flat
    assert run("history", tmp_path).stdout == answer.stdout
    # The same files by their names, one of them twice, are the same but for what is left out.
    names = [tmp_path / f"v{k}.json" for k in (3, 1, 2, 1)]
    said, whole = (json.loads(run("history", *what, "--json").stdout) for what in (names, [tmp_path]))
    assert {**said, "notes": []} == {**whole, "notes": []}
    assert str(stepladder.history(tmp_path)) == answer.stdout
    assert stepladder.history(*three()).slips == stepladder.history(tmp_path).slips
    drawn = run("plot", tmp_path, "--chart", "history", "-o", tmp_path / "h.svg")
    assert (drawn.exit_code, "Left out of" in drawn.stderr) == (0, True)


def test_a_folder_without_a_plan(tmp_path: Path) -> None:
    for more in ((), ("notes.md",)):
        for name in more:
            (tmp_path / name).write_text("x", encoding="utf-8")
        answer = run("history", tmp_path)
        assert (answer.exit_code, f"there is no plan in {tmp_path}" in answer.stderr) == (2, True)
    with pytest.raises(UsageError, match="there is no plan; name the plans"):
        stepladder.history()


def test_a_plan_that_breaks_a_rule_is_named(tmp_path: Path) -> None:
    keep(tmp_path, [handmade.bottling(), handmade.bottling().model_copy(update={"starts": {}})])
    answer = run("history", tmp_path)
    assert (answer.exit_code, f"(in {tmp_path / 'v2.json'})" in answer.stderr) == (6, True)


@pytest.mark.usefixtures("verified")
def test_two_roadmaps_in_one_folder(tmp_path: Path) -> None:
    keep(tmp_path, [three()[0], three()[1].model_copy(update={"id": "other"})])
    answer = run("history", tmp_path)
    assert answer.exit_code == 2
    assert "v1.json is a version of roadmap 'line' and" in answer.stderr
    assert "v2.json of 'other'" in answer.stderr
