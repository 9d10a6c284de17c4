"""Plans in points speak of points in every page and file, and of losses only where there are threats."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest

from stepladder.analysis.claims import proved_of
from stepladder.analysis.comparison import compared
from stepladder.analysis.curves import gathered, worth
from stepladder.analysis.difference import difference
from stepladder.analysis.frontier import frontier
from stepladder.analysis.history import history
from stepladder.analysis.price import Price
from stepladder.cli.screen import progress_line
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.question import Question
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.oscal_poam import FORMAT
from stepladder.exchange.exporters.texts import JSON
from stepladder.optimise import Options, Progress, optimise
from stepladder.output.compared import compare_json, compare_text
from stepladder.output.differences import diff_text
from stepladder.output.frontiers import frontier_csv, frontier_json, frontier_text
from stepladder.output.histories import history_json, history_text
from stepladder.output.report.compose import Material, compose
from stepladder.output.report.html import html
from stepladder.output.report.markdown import markdown
from stepladder.output.tables import table
from stepladder.output.terminal import plan_text
from stepladder.solution import make_plan
from stepladder.wording import claims_of_plans, prices
from stepladder.wording.aimless import first_of_all
from stepladder.workflow.plan import answer

#: With 50 EUR there is room for the rug only, which nobody needs; with 200 for both of the others.
WORTH = [0.0, 19.0]


def problem(**changes: Any) -> Problem:
    """Two steps in two years; a year of the tail. With effect lag 1, A in the first year is in place in the second
    and in the tail.
    """
    periods = [
        {"label": f"{year}", "start": f"{year}-01-01", "end": f"{year}-12-31", "years": 1.0, "discount": 1.0}
        for year in (2027, 2028)
    ]
    made = {
        "format": "stepladder-problem/1",
        "title": "A shop",
        "currency": "EUR",
        "periods": periods,
        "tail": {"years": 1.0, "discount": 1.0},
        "steps": [
            {"id": "door.level.1", "title": "Door", "once": 100.0, "points_per_year": 9.0},
            {"id": "lamp.level.1", "title": "Lamp", "once": 100.0, "points_per_year": 1.0},
            {"id": "rug.level.1", "title": "Rug", "once": 10.0},
        ],
        "windows": [{"resource": "money", "from": t, "to": t, "limit": 100.0} for t in range(2)],
        "objective": "worth",
        **changes,
    }
    return Problem.model_validate_json(json.dumps(made))


@cache
def plan() -> Plan:
    return answer(Question(problem(), id="shop"), Options(gap=0.0))


def test_the_door_comes_first_and_the_proof_is_in_points() -> None:
    made = plan()
    assert made.starts == {"door.level.1": 0, "lamp.level.1": 1}
    # Door: 9 in 2028 and 9 in the tail; lamp: 1 in the tail.
    assert made.totals.points_present_value == 19.0
    exactly = made.model_copy(update={"objective": made.objective.model_copy(update={"bound": -19.0, "gap": 0.0})})
    assert claims_of_plans.good(exactly, proved_of(exactly)) == (
        "Proved: no plan that keeps all the rules can be worth more than this one, 19 points (present value, the 1"
        " years after the horizon included)."
    )
    assert made.not_planned["rug.level.1"].detail.startswith("is worth no points")


def test_what_is_stopped_states_the_most_that_is_possible() -> None:
    made = problem()
    outcome = optimise(made, Options(gap=0.0))
    stopped = make_plan(made, type(outcome)("feasible", {"lamp.level.1": 0}, -2.0, -19.004, wanted_gap=0.01))
    text = claims_of_plans.good(stopped, proved_of(stopped))
    assert "can be worth more than 19.01 points (present value" in text
    assert "this plan is worth 2 points, a gap of 850.20 %" in text
    assert "would improve the plan by 9.00 points (present value)" in stopped.not_planned["door.level.1"].detail


def test_no_page_of_a_plan_without_threats_speaks_of_losses() -> None:
    made, other = plan(), make_plan(problem(), optimise(problem(), Options(gap=0.0)))
    curves = frontier(problem(), None, [50.0, 150.0, 200.0], [None], Options(gap=0.0))
    beside = compared([("a", made, None), ("b", other, None)])
    document = compose(Material(made, ("every rule",), beside, curves.curves))
    history_ = history([("a.json", made)])
    pages = {
        "plan": plan_text(made, full=True),
        "compare": compare_text(beside),
        "frontier": frontier_text(curves),
        "diff": diff_text(difference(made, other)),
        "history": history_text(history_),
        # The choice of an appetite is hidden where there is only one.
        "report": re.sub(r"<(style|script|fieldset)>.*?</\1>", "", html(document), flags=re.DOTALL),
        "markdown": markdown(document),
    }
    for name, page in pages.items():
        assert "point" in page.lower(), name
        # That none are known is asked about, and nothing else.
        asked = re.sub(r"\bNo\s+losses\s+are\s+known\b", "", page)
        assert re.findall(r"[^.\n<>]*\bloss(?:es)?\b[^.\n<>]*", asked, re.IGNORECASE) == [], name
        assert "-19" not in page, name


def test_files_for_programs_say_the_points_beside_the_value() -> None:
    made = plan()
    curves = frontier(problem(), None, [50.0, 200.0], [None], Options(gap=0.0))
    document = json.loads(frontier_json(curves))
    assert document["objective"] == "worth"
    assert [point["worth"] for point in document["curves"][0]["points"]] == WORTH
    assert worth(curves.curves[0]).until is None
    assert "worth" in frontier_csv(curves).splitlines()[0].split(",")
    assert json.loads(compare_json(compared([("a", made, None)])))["plans"][0]["points_present_value"] == 19.0
    assert json.loads(history_json(history([("a.json", made)])))["versions"][0]["points_present_value"] == 19.0
    assert list(table(made, "steps")["points_per_year"]) == [9.0, 1.0, 0.0]
    assert json.loads(JSON.write(breakdown(made)))["worth"] == 19.0
    assert b"What is planned is worth 19.00 points, present value." in FORMAT.write(breakdown(made))


def test_with_threats_losses_are_shown_too() -> None:
    threats = [{"id": "theft", "expected_loss_per_year": 1000.0, "factors": {"lamp.level.1": 0.5}}]
    made = answer(Question(problem(threats=threats), id="shop"), Options(gap=0.0))
    assert made.starts == plan().starts
    text = " ".join(plan_text(made, full=True).split())
    assert "are worth 19 points (present value) and bring the expected loss from 1,000 EUR a year today to 500" in text
    assert "Loss a year today" in compare_text(compared([("a", made, None)]))


def test_prices_and_progress_are_in_points() -> None:
    assert prices.amount(Price(2.0, 2.0), "points") == "2 points"
    assert prices.amount(Price(1.0, 1.0), "points") == "1 point"
    assert prices.none_at_all(Price(0.0, 0.0), plan(), 30.0) == "no less worth, but 30 EUR more money"
    line = progress_line(Progress(2.0, -18.0, -19.001, 0.056, "worth"))
    assert line == "2 s: best plan 18 points, none better than 19.01 points, gap 5.60 %"


@pytest.mark.parametrize("objective", ["risk", "spend", "net"])
def test_importance_alone_is_nothing_for_another_objective(objective: str) -> None:
    (said,) = first_of_all(problem(objective=objective))
    assert "Importance counts with `objective: worth` only. Three ways to mend it:" in said


def test_a_question_without_any_reason_or_any_cost_says_so_first() -> None:
    assert first_of_all(problem()) == []
    bare = [{"id": "door.level.1", "title": "Door"}]
    nothing, free = first_of_all(problem(steps=bare))
    assert nothing.startswith("Nothing makes a step worth doing: none has importance, and nothing asks for one.")
    assert free.startswith("Nothing costs anything")
    assert first_of_all(problem(steps=[{**bare[0], "required": True, "once": 5.0}])) == []
    assert first_of_all(problem(steps=[])) == []
    lines = plan_text(answer(Question(problem(steps=bare), id="shop"), Options(gap=0.0))).splitlines()
    assert lines[4].startswith("Nothing makes a step worth doing")


def test_plans_in_points_and_plans_in_losses_make_no_curve_together() -> None:
    other = answer(Question(problem(objective="risk"), id="shop"), Options(gap=0.0))
    with pytest.raises(UsageError, match="counts losses, and this one points"):
        gathered(plan(), [other])
