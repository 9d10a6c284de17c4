"""The commands with which people decide and live with a plan: what they print, what they write, and how bad input
ends.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stepladder.data.formats.plan import dump
from tests.support import handmade
from tests.support.commanding import CASES, IMPOSSIBLE, SMALL, run

FIRST = "access.depth.2"


def width_of(text: str) -> int:
    return max(map(len, text.splitlines()))


# --- why


def test_why_and_why_not(plan_file: Path) -> None:
    found = run("why", plan_file, "patching.depth.2")
    assert found.exit_code == 0
    assert found.stdout.startswith("Patch Management to Ad hoc\nis planned for 2027-Q3")
    assert "WHAT ANOTHER CHOICE WOULD COST" in found.stdout
    assert width_of(found.stdout) <= 80
    left = json.loads(run("why", plan_file, "vault.depth.4", "--not", "--json").stdout)
    assert left["start"] is None
    assert [other["choice"] for other in left["others"]] == ["planned"]
    # 90,000 EUR, and 72,000 in all.
    assert left["others"][0]["price"]["possible"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("acces.depth.2",), "did you mean 'access.depth.2'?"),
        (("vault.depth.4",), "why --not vault.depth.4"),
        ((FIRST, "--not"), "is planned, in 2027-Q1; ask: why access.depth.2"),
    ],
)
def test_the_wrong_question(plan_file: Path, arguments: tuple[str, ...], words: str) -> None:
    found = run("why", plan_file, *arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert words in found.stderr


def test_a_plan_without_steps_begins_with_nothing(plan_file: Path, tmp_path: Path) -> None:
    none = tmp_path / "none.json"
    none.write_text(
        dump(
            handmade.plan(
                handmade.problem(appetite=[], steps=[], threats=[], windows=[]),
                {},
                handmade.context(milestones=[], steps={}, parameters=[], origins={}),
            )
        ),
        encoding="utf-8",
    )
    told = run("next", plan_file, "--among", none, "--effort", "1")
    assert "0 of 1 other plans begin with it too." in told.stdout
    assert "1 of 1" not in told.stdout


def test_stable_takes_the_folder_of_a_frontier(tmp_path: Path) -> None:
    folder = tmp_path / "points"
    assert run("frontier", SMALL, "--points", "3", "-o", folder).exit_code == 0
    told = json.loads(run("stable", folder, "--alternatives", "0", "--json").stdout)
    assert told["plans"] == len(list(folder.glob("*.json")))
    (tmp_path / "empty").mkdir()
    ended = run("stable", tmp_path / "empty")
    assert ended.exit_code == 2
    assert "there is no plan in" in ended.stderr


# --- repair


def test_repair_says_what_clashes_and_writes_the_plan_that_follows(tmp_path: Path) -> None:
    path = tmp_path / "mended.json"
    found = run("repair", IMPOSSIBLE, "--by", "cap", "-o", path)
    assert found.exit_code == 4
    assert "WHAT WOULD HELP" in found.stdout
    assert "THE PLAN THAT FOLLOWS" in found.stdout
    assert run("verify", path).exit_code == 0
    as_json = json.loads(run("repair", IMPOSSIBLE, "--json").stdout)
    assert as_json["clashes"][0]["irreducible"]
    assert all(demand["at"].startswith("/") for demand in as_json["demands"])
    helpful = [remedy["by"] for remedy in as_json["remedies"] if remedy["helps"]]
    assert helpful == ["later", "cap"]
    assert as_json["plan"]


def test_a_remedy_that_does_not_help_writes_nothing_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "mended.json"
    found = run("repair", IMPOSSIBLE, "--by", "money", "-o", path)
    assert found.exit_code == 4
    assert not path.exists()
    assert (
        "no plan follows from --by money\nthe plan that follows: stepladder repair … --by later|cap -o plan.json"
        in found.stderr
    )


def test_repair_of_what_is_possible() -> None:
    found = run("repair", SMALL)
    assert (found.exit_code, found.stdout) == (0, "There is a plan as it is; nothing needs repair.\n")


def test_a_clash_in_the_words_and_lines_of_the_scenario() -> None:
    found = run("plan", "bottling_line", "--set", "budget.amount=70000", "--no-progress")
    assert found.exit_code == 4
    assert "milestone “EU Cyber Resilience Act applies in full” by 11 Dec 2027" in found.stdout
    assert "bottling_line.yaml:112:3)" in found.stdout
    assert "- the budget (--set budget.amount:1:1)" in found.stdout
    assert "Without any one of them there is a plan." in found.stdout
    assert "Proved: less" in found.stdout


# --- compare, stable, frontier


def test_compare(plan_file: Path, tmp_path: Path) -> None:
    found = run("compare", plan_file, plan_file, "--against-practice")
    assert found.exit_code == 0
    assert width_of(found.stdout) <= 80
    assert "by the best rule of practice" in " ".join(found.stdout.split())
    as_json = json.loads(run("compare", plan_file, "--json").stdout)
    assert as_json["plans"][0]["milestones_met"] == 1
    rows = run("compare", plan_file, plan_file, "--csv").stdout.splitlines()
    assert len(rows) == 3
    assert rows[0].startswith("name,title,rule_of_practice,status")
    other = json.loads(plan_file.read_text(encoding="utf-8"))
    other["problem"]["currency"] = "USD"
    del other["seal"]
    dollars = tmp_path / "dollars.json"
    dollars.write_text(json.dumps(other), encoding="utf-8")
    mixed = run("compare", plan_file, dollars)
    assert mixed.exit_code == 2
    assert "only plans in one currency" in mixed.stderr


def test_compare_of_named_scenarios() -> None:
    found = json.loads(run("compare", "home_cameras", "--scenario", "tight", "--gap", "5%", "--json").stdout)
    assert [plan["name"] for plan in found["plans"]] == ["home_cameras", "home_cameras, tight"]
    assert found["plans"][0]["spend"] > found["plans"][1]["spend"]
    unknown = run("compare", "home_cameras", "--scenario", "tihgt")
    assert unknown.exit_code == 3
    assert "did you mean 'tight'" in unknown.stderr


def test_stable(plan_file: Path) -> None:
    found = run("stable", plan_file, plan_file, "--tolerance", "10%", "--gap", "0")
    assert found.exit_code == 0
    assert "IN EVERY PLAN: 4 steps" in found.stdout
    assert width_of(found.stdout) <= 80
    as_json = json.loads(run("stable", plan_file, "--alternatives", 0, "--json").stdout)
    assert as_json["plans"] == 1
    assert run("stable", plan_file, SMALL).exit_code == 2
    negative = run("stable", plan_file, "--tolerance", "-1%")
    assert negative.exit_code == 2
    assert "is not a part" in negative.stderr


def test_frontier(tmp_path: Path) -> None:
    folder = tmp_path / "points"
    found = run("frontier", SMALL, "--points", 4, "-o", folder, "--gap", "0")
    assert found.exit_code == 0
    assert width_of(found.stdout) <= 80
    for path in folder.iterdir():
        assert run("verify", path).exit_code == 0
    as_json = json.loads(run("frontier", SMALL, "--points", 4, "--gap", "0", "--json").stdout)
    (curve,) = as_json["curves"]
    values = [point["value"] for point in curve["points"] if point["value"] is not None]
    assert values == sorted(values, reverse=True)
    assert len(list(folder.iterdir())) == len(values)
    assert len(run("frontier", SMALL, "--points", 4, "--csv").stdout.splitlines()) == 5


def test_questions_without_a_plan_are_marked_and_explained_beside_the_others(plan_file: Path) -> None:
    found = run("compare", SMALL, IMPOSSIBLE)
    assert found.exit_code == 4
    assert "no plan can meet all that it asks: this is proved." in " ".join(found.stdout.split())
    assert "Steps planned" in found.stdout
    assert f"{IMPOSSIBLE}:\nNo plan can meet these 2 demands together" in found.stdout
    as_json = run("compare", SMALL, IMPOSSIBLE, "--json")
    assert as_json.exit_code == 4
    assert json.loads(as_json.stdout)["without_plan"] == [{"name": IMPOSSIBLE, "infeasible": True}]
    assert f"error: {IMPOSSIBLE}: no plan can meet" in as_json.stderr
    none = run("compare", IMPOSSIBLE, IMPOSSIBLE)
    assert none.exit_code == 4
    assert none.stdout.count("No plan can meet these 2 demands together") == 2
    assert run("compare", plan_file).exit_code == 0


def test_a_question_without_steps(tmp_path: Path) -> None:
    path = tmp_path / "none.json"
    path.write_text(
        '{"format": "stepladder-problem/1", "periods": [{"label": "P0", "years": 1, "discount": 1}], "steps": []}',
        encoding="utf-8",
    )
    assert "nothing to do" in run("next", path).stdout
    assert "no step costs anything" in run("frontier", path).stderr
    assert run("compare", path, "--against-practice").exit_code == 0
    assert "IN NO PLAN: no steps" in run("stable", path).stdout
    assert run("repair", path).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "100%", "--to", "50%"), "the range of budgets"),
        (("--from", "x"), "'x' is not a budget"),
        (("--from", "-5"), "'-5' is not a budget"),
        (("--points", "1"), "--points"),
        (("-o", str(CASES / "small_1009.json")), "cannot write in"),
    ],
)
def test_a_frontier_that_makes_no_sense(arguments: tuple[str, ...], words: str) -> None:
    found = run("frontier", SMALL, *arguments)
    assert found.exit_code == 2
    assert words in found.stderr


# --- diff, replan


def test_diff(plan_file: Path) -> None:
    found = run("diff", plan_file, plan_file)
    assert found.exit_code == 0
    assert "Nothing moves: 4 planned steps where they were." in found.stdout
    assert run("diff", plan_file, plan_file, "--markdown").stdout.startswith("**Bottling line**: Nothing moves")
    assert json.loads(run("diff", plan_file, plan_file, "--json").stdout)["moved"] == []


def test_replan(plan_file: Path, tmp_path: Path) -> None:
    actuals = tmp_path / "actuals.yaml"
    actuals.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q2\nsteps:\n  assets.depth.2: {status: slipped}\n", encoding="utf-8"
    )
    path = tmp_path / "new.json"
    found = run("replan", plan_file, "--actuals", actuals, "-o", path, "--gap", "0")
    assert found.exit_code == 0, found.stderr
    assert "Asset Management to Ad hoc: 2027-Q1 → " in found.stdout
    assert run("verify", path).exit_code == 0
    assert run("diff", plan_file, path).exit_code == 0
    kept = run("replan", plan_file, "--as-of", "2027-Q2", "--gap", "99%")
    assert "Nothing moves" in kept.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "--actuals FILE, or --as-of PERIOD"),
        (("--as-of", "2031-Q1"), 2, "no period of the plan"),
        (("--as-of", "2027-Q2", "--stability", "1", "--price-per-move", "5"), 2, "not both"),
        (("--as-of", "2027-Q2", "--stability", "-1"), 2, "--stability"),
        (("--as-of", "2027-Q2", "--price-per-move", "-1"), 2, "--price-per-move"),
        (("--actuals", "missing.yaml"), 2, "no file 'missing.yaml'"),
        (("--as-of", "2027-Q2", "--assessment", "home_cameras"), 2, "another horizon"),
    ],
)
def test_a_replan_that_makes_no_sense(plan_file: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    found = run("replan", plan_file, *arguments)
    assert (found.exit_code, found.stdout) == (code, "")
    assert words in found.stderr


# --- what is no plan


@pytest.mark.parametrize(
    "arguments",
    [("why", FIRST), ("next",), ("compare",), ("stable",), ("replan", "--as-of", "2027-Q2"), ("diff",)],
    ids=lambda said: said[0],
)
def test_a_tampered_plan_is_never_used(broken_file: Path, arguments: tuple[str, ...]) -> None:
    command, *rest = arguments
    found = run(command, broken_file, *([broken_file] if command == "diff" else []), *rest)
    assert (found.exit_code, found.stdout) == (6, "")
    assert "spend_present_value" in found.stderr
