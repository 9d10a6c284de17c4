"""Whichever command meets a question without a plan: what clashes and what would help is said, through the same
door.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commanding import run

FAULTS = Path(__file__).parents[1] / "faults"
PRACTICE = "product_supply_chain_risk_management"
TWO, CAP, PINS = (FAULTS / f"{name}.yaml" for name in ("two_clashes", "cap_out_of_reach", "pins_in_wrong_order"))


def flat(text: str) -> str:
    """Without line breaks, wherever a page was wrapped."""
    return " ".join(text.split())


def test_every_clash_and_remedies_for_the_whole_question() -> None:
    done = run("plan", TWO, "--no-progress")
    said = flat(done.stdout)
    assert done.exit_code == 4
    assert "There are 2 clashes." in said
    first, second = said.split("CLASH 1")[1].split("CLASH 2")
    assert "milestone “B” by 30 Sep 2027" in first
    assert "milestone “A” by 31 Mar 2027" in second
    assert first.count("the capacity of security") == second.count("the capacity of security") == 1
    assert "Without any one of them there is a plan" not in said
    assert "All else that is asked can be met together" in said
    # A: two steps of 10 days in one quarter of 10 days. B: four more in three quarters, of which A's take what there
    # is.
    assert "Person-days: 30 more of security" in said
    assert "“A” can be met by 30 Jun 2027 instead of 31 Mar 2027 (clash 2)" in said
    assert (
        "“B” can be met by 30 Jun 2028 instead of 30 Sep 2027 (clash 1); 4 periods later in all. Proved: no less delay"
        " will do." in said
    )
    assert "give up 3 required steps" in said
    assert "More money alone does not help, however far it goes: there is no plan. This is proved." in said
    assert done.stderr.endswith("the plan that follows: stepladder repair … --by people|later|fewer -o plan.json\n")


@pytest.mark.parametrize("by", ["people", "later", "fewer"])
def test_each_remedy_that_is_offered_gives_a_verified_plan(by: str, tmp_path: Path) -> None:
    path = tmp_path / "mended.json"
    done = run("repair", TWO, "--by", by, "-o", path)
    assert done.exit_code == 4
    assert "THE PLAN THAT FOLLOWS" in done.stdout
    assert run("verify", path).exit_code == 0


def test_the_least_cap_that_can_be_kept() -> None:
    done = run("plan", CAP, "--no-progress")
    said = flat(done.stdout)
    assert (
        "200,000 EUR a year, which is what is lost today, instead of “expected loss at most 100,000 a year from"
        " 2027-Q1 on”" in said
    )
    assert "Proved: no lower cap can be kept." in said
    assert (
        "More money and letting caps on losses begin later: none of these helps alone, however far it goes. This is"
        " proved." in said
    )
    assert done.stderr.endswith("stepladder repair … --by cap -o plan.json\n")


def test_the_pin_that_has_to_move_and_where_to() -> None:
    done = run("plan", PINS, "--no-progress")
    said = flat(done.stdout)
    # The step that is needed is worked on in 2028-Q1.
    assert "“access_control.comprehensiveness.3: starts in 2027-Q3” gives way to a start in 2028-Q2." in said
    assert "Proved: fewer changes do not do. Proved: with so few changes no smaller moves will do." in said
    assert done.stderr.endswith("stepladder repair … --by pin -o plan.json\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan",),
        ("next",),
        ("next", "--quick"),
        ("why", "access_control.comprehensiveness.2"),
        ("compare",),
        ("stable",),
        ("frontier", "--points", 2),
    ],
    ids=lambda arguments: " ".join(map(str, arguments)),
)
def test_the_same_door(arguments: tuple[object, ...]) -> None:
    command, *rest = arguments
    done = run(command, PINS, *rest)
    assert done.exit_code == 4, done.stderr
    assert "No plan can meet these 2 demands together: this is proved." in done.stdout
    assert "WHAT WOULD HELP" in done.stdout
    assert ("--by pin" in done.stderr) == (command != "frontier")


@pytest.mark.parametrize("command", ["plan", "next", "stable", "compare"])
def test_the_same_for_programs(command: str) -> None:
    done = run(command, PINS, "--json")
    assert done.exit_code == 4
    found = json.loads(done.stdout)
    assert (found["format"], found["feasible"], found["all_else_possible"]) == ("stepladder-repair/2", False, True)
    assert [len(clash["demands"]) for clash in found["clashes"]] == [2]
    money, pin = found["remedies"]
    assert (money["by"], money["helps"], money["least"]) == (
        "money",
        False,
        [{"of": "money", "low": None, "high": None, "proved": True}],
    )
    assert (pin["by"], pin["helps"]) == ("pin", True)
    assert pin["least"] == [
        {"of": "pin", "low": 1.0, "high": 1.0, "proved": True},
        {"of": "moved", "low": 3.0, "high": 3.0, "proved": True},
    ]
    (change,) = pin["changes"]
    assert (change["step"], change["period"], change["clashes"]) == ("access_control.comprehensiveness.3", 5, [1])


def test_a_plan_for_programs_is_explained_for_programs() -> None:
    assert json.loads(run("plan", PINS, "-o", "-").stdout)["format"] == "stepladder-repair/2"


def test_a_time_limit_holds_for_the_explanation_too() -> None:
    done = run("plan", TWO, "--time-limit", "0.05", "--no-progress")
    assert done.exit_code in (4, 5)


@pytest.fixture(scope="module")
def bottling(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("published") / "bottling.json"
    assert run("plan", "bottling_line", "--gap", "5%", "-o", path, "--no-progress").exit_code == 0
    return path


@pytest.mark.parametrize(("name", "met"), [("missed_milestone", "2028-Q1"), ("overspent", "2028-Q2")])
def test_a_deadline_that_reality_has_passed_is_missed_and_no_contradiction(
    bottling: Path, tmp_path: Path, name: str, met: str
) -> None:
    done = run("replan", bottling, "--actuals", FAULTS / f"{name}.yaml", "-o", tmp_path / "plan.json")
    assert done.exit_code == 0, done.stderr
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["missed"] == [
        {"milestone": "cra", "step": None, "by": "2027-12-11", "earliest": met, "proved": True}
    ]
    assert f"Missed: EU Cyber Resilience Act applies in full by 11 Dec 2027; met in {met}. Proved: " in flat(
        done.stderr
    )
    assert all(len(line) <= 80 for line in done.stderr.splitlines())


@pytest.mark.parametrize("by", ["money", "later", "fewer"])
def test_what_clashes_in_a_plan_that_reality_has_overtaken_and_the_plan_that_follows(
    bottling: Path, tmp_path: Path, by: str
) -> None:
    actuals, after = tmp_path / "actuals.yaml", tmp_path / "after.json"
    actuals.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q3\ncommitted:\n"
        "  incident: {title: The incident, amount: 120000, from: 2027-Q3, to: 2027-Q4}\n",
        encoding="utf-8",
    )
    done = run("repair", bottling, "--actuals", actuals, "--by", by, "-o", after)
    said = flat(done.stdout)
    assert done.exit_code == 4
    assert "milestone “EU Cyber Resilience Act applies in full” by 11 Dec 2027" in said
    assert "- the budget (" in said
    assert "more than the limit is used or promised already" in flat(done.stderr)
    assert run("verify", after).exit_code == 0
    published, plan = (json.loads(path.read_text(encoding="utf-8")) for path in (bottling, after))
    assert (plan["id"], plan["revision"], plan["as_of"]) == (published["id"], 2, "2027-Q3")
    begun = {name for name, start in published["starts"].items() if start < 2}
    assert begun == plan["progress"].keys()


def test_a_limit_of_a_plan_is_named_as_its_scenario_names_it(bottling: Path, tmp_path: Path) -> None:
    """With its time, and the line of the scenario that the plan was made from; nobody is told a place in JSON."""
    actuals = tmp_path / "actuals.yaml"
    actuals.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q3\nspent: {2027-Q1: 90000, 2027-Q2: 80000}\n", encoding="utf-8"
    )
    scenario = (Path(__file__).parents[2] / "scenarios" / "bottling_line.yaml").read_text(encoding="utf-8")
    line = 1 + next(k for k, text in enumerate(scenario.splitlines()) if text.startswith("budget:"))
    said = flat(run("repair", bottling, "--actuals", actuals).stdout)
    assert f"- the budget (2027-Q3 to 2029-Q4, scenarios/bottling_line.yaml:{line + 1}:11)" in said
    assert "(/" not in said


def test_a_milestone_that_takes_a_cancelled_step_is_not_said_to_need_no_repair(bottling: Path, tmp_path: Path) -> None:
    actuals, step = tmp_path / "actuals.yaml", "vulnerability_assessment.comprehensiveness.2"
    actuals.write_text(
        f"format: stepladder-actuals/1\nas_of: 2027-Q2\nsteps:\n  {step}: {{status: cancelled, reason: No money}}\n",
        encoding="utf-8",
    )
    plan = json.loads(bottling.read_text(encoding="utf-8"))
    taking = [one for one in plan["context"]["milestones"] if step in one["steps"]]
    assert taking
    title = next(one["title"] for one in plan["problem"]["steps"] if one["id"] == step)
    done = run("repair", bottling, "--actuals", actuals)
    assert done.exit_code == 0
    assert "nothing needs repair" not in done.stdout
    for one in taking:
        assert f"milestone “{one['title']}” by 11 Dec 2027: cancelled is “{title}”" in flat(done.stdout)
    said = json.loads(run("repair", bottling, "--actuals", actuals, "--json").stdout)
    assert [(one["title"], one["date"], one["steps"]) for one in said["given_up"]] == [
        (one["title"], one["date"], [title]) for one in taking
    ]


def test_of_a_plan_without_a_scenario_the_time_of_a_limit_is_said(tmp_path: Path) -> None:
    """a takes all of the first year's money in its first half, so b has none."""
    problem, plan, actuals = (tmp_path / name for name in ("problem.json", "plan.json", "actuals.yaml"))
    problem.write_text(
        """{"format": "stepladder-problem/1",
 "periods": [{"label": "P0", "years": 1, "discount": 1}, {"label": "P1", "years": 1, "discount": 1}],
 "steps": [{"id": "a", "once": 10, "start": 0}, {"id": "b", "once": 10, "required": true, "earliest": 1}],
 "windows": [{"resource": "money", "from": 0, "to": 1, "limit": 20, "label": "both years"}]}
""",
        encoding="utf-8",
    )
    assert run("plan", problem, "-o", plan, "--no-progress").exit_code == 0
    actuals.write_text("format: stepladder-actuals/1\nas_of: P1\nspent: {P0: 15}\n", encoding="utf-8")
    said = flat(run("repair", plan, "--actuals", actuals).stdout)
    assert "- the budget (both years)" in said
    assert "(/" not in said
    demands = json.loads(run("repair", plan, "--actuals", actuals, "--json").stdout)["demands"]
    assert ("the budget", "/windows/0") in [(demand["name"], demand["at"]) for demand in demands]


def test_what_a_problem_in_plain_numbers_demands_is_named_by_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    path.write_text(
        """{"format": "stepladder-problem/1",
 "periods": [{"label": "P0", "years": 1, "discount": 1}, {"label": "P1", "years": 1, "discount": 1}],
 "steps": [
  {"id": "a", "once": 10, "effort": {"it": 4}},
  {"id": "b", "once": 10, "effort": {"it": 4}, "required": true, "latest_finish": 0}],
 "threats": [{"id": "x", "expected_loss_per_year": 100, "factors": {"a": 0.5}}],
 "achievements": [
  {"id": "both", "title": "Both", "all": ["a", "b"], "by": 0}],
 "windows": [
  {"resource": "money", "from": 0, "to": 0, "limit": 15, "label": "the first year"},
  {"resource": "it", "from": 0, "to": 1, "limit": 7}],
 "appetite": [
  {"from": 0, "expected_loss_per_year": 90}],
 "max_parallel": 1,
 "excludes": [
  ["a", "b"]]}
""",
        encoding="utf-8",
    )
    said = run("repair", path, "--width", 400).stdout
    # By hand: at once they are excluded, dearer than the first year has, more than one, and more work than is there.
    for demand in (
        f"- Both: reached by P0 ({path}:8:3)",
        f"- not both a and b ({path}:16:3)",
        f"- expected loss at most 90 a year from P0 on ({path}:13:3)",
    ):
        assert demand in said
    named = {demand["name"]: demand["at"] for demand in json.loads(run("repair", path, "--json").stdout)["demands"]}
    assert named == {
        "b: must be done, finished by P0": f"{path}:5:3",
        "Both: reached by P0": f"{path}:8:3",
        "the budget": f"{path}:10:3",
        "the capacity of it": f"{path}:11:3",
        "expected loss at most 90 a year from P0 on": f"{path}:13:3",
        "at most 1 step in work at once": f"{path}:14:18",
        "not both a and b": f"{path}:16:3",
    }


def test_what_has_happened_is_of_a_plan_and_what_is_laid_over_of_a_scenario(bottling: Path) -> None:
    assert "a plan already" in flat(run("repair", bottling, "--set", "seed=1").stderr)
    assert "give the plan's file" in flat(run("repair", TWO, "--as-of", "2027-Q2").stderr)
    assert "nothing says what has happened" in flat(run("repair", bottling).stderr)


def test_what_a_milestone_needs_is_cancelled(bottling: Path, tmp_path: Path) -> None:
    """That is no question of time: it is explained, and nothing is called missed."""
    plan = json.loads(bottling.read_text(encoding="utf-8"))
    mine = set(plan["context"]["milestones"][0]["steps"])
    needs = [need["step"] for step in plan["problem"]["steps"] if step["id"] in mine for need in step["needs"]]
    needed = next(name for name in needs if plan["starts"][name] > 0)
    actuals = tmp_path / "actuals.yaml"
    actuals.write_text(
        f"format: stepladder-actuals/1\nas_of: 2027-Q2\nsteps: {{{needed}: {{status: cancelled, reason: no money}}}}\n",
        encoding="utf-8",
    )
    done = run("replan", bottling, "--actuals", actuals)
    said = flat(done.stdout)
    assert (done.exit_code, "this is proved" in said, "Missed" in done.stderr) == (4, True, False)
    assert "which was cancelled: it cannot be planned." in done.stderr


def test_what_was_done_is_taken_back_and_a_part_of_a_missed_milestone_is_cancelled(
    bottling: Path, tmp_path: Path
) -> None:
    """What it has cost stays spent and is said; the rest of the milestone is as little late as it can be."""
    patches, suppliers = (f"{name}.comprehensiveness.2" for name in ("patch_management", PRACTICE))
    before, after, actuals = (tmp_path / name for name in ("before.json", "after.json", "actuals.yaml"))
    assert run("replan", bottling, "--as-of", "2027-Q4", "-o", before, "--gap", "20%").exit_code == 0
    assert {
        json.loads(before.read_text(encoding="utf-8"))["progress"][name]["state"] for name in (patches, suppliers)
    } == {"done"}
    actuals.write_text(
        "format: stepladder-actuals/1\nas_of: 2028-Q1\nsteps:\n"
        f"  {patches}: {{status: slipped}}\n  {suppliers}: {{status: cancelled, reason: another maker}}\n",
        encoding="utf-8",
    )
    done = run("replan", before, "--actuals", actuals, "-o", after, "--gap", "20%")
    said = flat(done.stderr)
    assert done.exit_code == 0, done.stderr
    assert run("verify", after).exit_code == 0
    assert (
        "Patch Management to Ad hoc counted as done, and now it is said not to have begun: it is open again; what it"
        " had cost before 2027-Q4, 15,000 EUR, stays spent." in said
    )
    assert "Product Supply Chain Risk Management to Ad hoc counted as done, and now it is cancelled" in said
    assert "by 11 Dec 2027; without what was cancelled, met in 2028-Q" in said
    assert "Not met: " in flat(run("show", after).stdout).split("EU Cyber Resilience Act applies in full: ")[1][:12]


def test_no_budget_of_a_frontier_is_enough() -> None:
    done = run("frontier", "bottling_line", "--from", 1000, "--to", 20000, "--points", 2, "--gap", "20%")
    assert done.exit_code == 4
    assert "no plan" in done.stdout.split("With 20,000 EUR, the largest of these budgets:")[0]
    assert "- the budget (" in done.stdout
    as_json = run("frontier", "bottling_line", "--from", 1000, "--to", 20000, "--points", 2, "--gap", "20%", "--json")
    assert json.loads(as_json.stdout)["curves"]
    assert "error: no plan can meet all the demands together with any of these budgets" in as_json.stderr
