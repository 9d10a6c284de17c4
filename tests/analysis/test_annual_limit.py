"""What a limit for all events of a year leaves: against simulated years, and where nothing can be told."""

from __future__ import annotations

import copy
import json
from typing import Any

import numpy as np
import pytest

from stepladder.analysis.annual_limit import beyond_annual_limit
from stepladder.analysis.insured import insured
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.evaluate.severity import Payment, Severity, Terms
from stepladder.optimise import Options, optimise
from stepladder.output.report.insurance import _remarks
from stepladder.solution import make_plan
from tests.solution.test_insured_tail import QUESTION


def plan_with(limit: float | None, rate: float = 1.0) -> Plan:
    said: dict[str, Any] = copy.deepcopy(QUESTION)
    for policy in said["policies"]:
        policy["annual_limit"] = limit
    for threat in said["threats"]:
        threat["events"]["per_year"] *= rate
        threat["expected_loss_per_year"] *= rate
    problem = Problem.model_validate_json(json.dumps(said))
    plan = make_plan(problem, optimise(problem, Options(gap=0.0)))
    assert plan.policies == ("basic", "full")
    return plan


def simulated(plan: Plan, y: int, limit: float, years: int = 400_000) -> tuple[float, float]:
    """Mean and standard error of what is beyond the limit in a year of the last period of a policy year."""
    draw, total = np.random.default_rng(y), np.zeros(years)
    terms = QUESTION["policies"][y]["terms"]
    for threat in QUESTION["threats"]:
        rate, median = threat["events"]["per_year"], threat["events"]["median"]
        rate *= 0.5 if threat["id"] == "theft" and "door" in plan.starts else 1.0
        median *= 0.6 if threat["id"] == "theft" and "vault" in plan.starts else 1.0
        counts = draw.poisson(rate, years)
        events = median * np.exp(draw.standard_normal(int(counts.sum())))
        paid = terms[threat["id"]]
        amounts = paid.get("share", 1.0) * np.clip(events - paid["retention"], 0.0, paid["limit"])
        np.add.at(total, np.repeat(np.arange(years), counts), amounts)
    over = np.maximum(total - limit, 0.0)
    return float(over.mean()), float(over.std() / years**0.5)


def test_it_is_what_simulated_years_leave() -> None:
    limit = 1500.0
    plan = plan_with(limit)
    # In the second policy year all that is planned is in place.
    found = beyond_annual_limit(plan, 1, plan.problem.policies[1])
    assert found is not None
    assert found.width <= 0.02 * found.high
    mean, error = simulated(plan, 1, limit)
    assert found.low - 4 * error <= mean <= found.high + 4 * error
    assert insured(plan)[1].beyond == found


def test_without_a_limit_or_with_very_many_events_nothing_is_told() -> None:
    plan = plan_with(None)
    assert beyond_annual_limit(plan, 0, plan.problem.policies[0]) is None
    assert not [text for text in _remarks(plan, list(insured(plan))) if "all events of a year" in text]
    plan = plan_with(1e6, rate=100.0)
    assert insured(plan)[0].beyond is None
    assert [text for text in _remarks(plan, list(insured(plan))) if "somewhat more remains" in text]


def test_the_report_says_how_much() -> None:
    plan = plan_with(1500.0)
    (text,) = [text for text in _remarks(plan, list(insured(plan))) if "all events of a year" in text]
    assert "with it more remains than the plan says, given your numbers: " in text
    assert text.count("EUR") >= 2


@pytest.mark.parametrize("share", [1.0, 0.8])
def test_what_is_paid_and_what_is_left_is_the_event(share: float) -> None:
    event, terms = Severity(1000.0, 1.0), Terms(500.0, 1500.0, share)
    paid, left = Payment(event, terms), event._replace(terms=terms)
    assert paid.mean + left.mean == pytest.approx(event.mean, rel=1e-12)
    assert paid.at_most(-1.0) == paid.below(0.0) == 0.0
    # Nothing is paid below the retention, and no more than the layer.
    assert paid.at_most(0.0) == event.at_most(500.0)
    assert paid.at_most(1500.0 * share) == 1.0
    assert paid.below(1500.0 * share) == pytest.approx(event.at_most(2000.0), rel=1e-12)
    assert paid.at_most(600.0 * share) == pytest.approx(event.at_most(1100.0), rel=1e-12)
