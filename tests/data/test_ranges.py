"""Ranges: their means, what is drawn from them, and one written range being one unknown."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest

from stepladder.analysis.futures import quantiles
from stepladder.data.formats.estimate import Estimate, Loss, mean, quantile
from stepladder.data.formats.problem import dump
from stepladder.errors import InvalidInput
from tests.support.asking import ask, step

#: Uniform probabilities in the middle of equal slices.
EVENLY = (np.arange(4000) + 0.5) / 4000


@pytest.mark.parametrize(("low", "likely", "high"), [(0, 1, 2), (0, 0, 1), (3, 9, 9), (10, 12, 40), (5, 5, 5)])
def test_what_is_drawn_has_the_mean_that_plans_use(low: float, likely: float, high: float) -> None:
    drawn = [quantile(low, likely, high, u) for u in EVENLY]
    assert math.isclose(np.mean(drawn), mean(Estimate(low=low, likely=likely, high=high)), rel_tol=1e-3, abs_tol=1e-3)
    assert low <= min(drawn)
    assert max(drawn) <= high
    assert drawn == sorted(drawn)


def test_a_lognormal_loss_goes_through_its_two_points() -> None:
    # ln(p95 / median) is z95 standard deviations: exp(1.6448…·σ) times the median is the 95th percentile.
    loss = Loss(median=100.0, p95=700.0)
    assert math.isclose(100.0 * math.exp(1.6448536269514722 * loss.sigma), 700.0)
    assert math.isclose(mean(loss), 100.0 * math.exp(loss.sigma**2 / 2))


def test_a_latin_hypercube_has_one_draw_in_every_slice() -> None:
    known = ask_small(Path("tests"))
    drawn = quantiles(known, 50, seed=3)
    assert len(drawn) == len(known)
    for at in drawn.values():
        assert sorted(int(u * 50) for u in at) == list(range(50))


def test_a_new_range_does_not_change_what_is_drawn_for_the_others() -> None:
    known = ask_small(Path("tests"))
    assert quantiles(known, 20, seed=1)[known[2].name] == quantiles(known[2:], 20, seed=1)[known[2].name]
    assert quantiles(known, 20, seed=1) != quantiles(known, 20, seed=2)


def ask_small(folder: Path) -> tuple:  # type: ignore[type-arg]
    from stepladder.data.load import load

    del folder
    return load(Path(__file__).parent / "mill.yaml").unknowns


def test_the_means_make_the_plan_whatever_the_ranges_are(tmp_path: Path) -> None:
    plain = ask(tmp_path, costs={"scales": {"depth": {2: {"once": 2000.0, "months": 3.0, "per_year": 20.0}}}})
    wide = ask(
        tmp_path,
        costs={
            "spread": "30%",
            "scales": {
                "depth": {
                    2: {
                        "once": {"low": 1000, "likely": 2000, "high": 3000},
                        "months": {"low": 1, "likely": 3, "high": 5},
                        "per_year": 20,
                    }
                }
            },
        },
    )
    assert wide.problem == plain.problem
    assert wide.redraw is not None
    assert wide.redraw({}) == plain.problem


def test_one_written_range_is_one_unknown(tmp_path: Path) -> None:
    asked = ask(tmp_path, costs={"scales": {"depth": {2: {"once": {"low": 1000, "likely": 2000, "high": 3000}}}}})
    assert [unknown.name for unknown in asked.unknowns] == ["costs.scales.depth.2.once"]
    assert asked.unknowns[0].at.line > 1
    assert asked.redraw is not None
    dear = asked.redraw({"costs.scales.depth.2.once": 0.999})
    # Every practice's step to that level takes its cost from that line.
    assert {item.once for item in dear.steps if item.id.endswith("depth.2")} == {
        round(quantile(1000, 2000, 3000, 0.999), 2)
    }


def test_spread_makes_every_number_of_money_and_effort_a_range(tmp_path: Path) -> None:
    asked = ask(tmp_path, costs={"spread": "50%", "steps": {"access.depth.2": {"once": 100}}})
    names = {unknown.name: unknown for unknown in asked.unknowns}
    assert names["costs.steps.access.depth.2.once"].points == (50.0, 100.0, 150.0)
    assert {unknown.kind for unknown in asked.unknowns} == {"money", "effort"}
    assert asked.redraw is not None
    low = asked.redraw(dict.fromkeys(names, 1e-9))
    assert math.isclose(next(item for item in low.steps if item.id == "access.depth.2").once, 50.0, abs_tol=1)


def test_longer_work_takes_more_periods(tmp_path: Path) -> None:
    asked = ask(tmp_path, costs={"scales": {"depth": {2: {"months": {"low": 2, "likely": 3, "high": 10}}}}})
    assert asked.redraw is not None
    assert step(asked, "access.depth.2").duration == 2  # a mean of 4 months
    drawn = asked.redraw({"costs.scales.depth.2.months": 0.99})
    assert step(dataclasses.replace(asked, problem=drawn), "access.depth.2").duration == 3


THEFT = {"type": "theft", "events_per_year": 2.0, "loss_per_event": {"low": 1000, "likely": 1000, "high": 4000}}


def test_frequency_loss_and_effect_are_drawn_each_for_itself(tmp_path: Path) -> None:
    shares = {
        "access": {
            "depth": {
                2: {"low": "20%", "likely": "30%", "high": "40%"},
                3: {"low": "40%", "likely": "45%", "high": "50%"},
            }
        }
    }
    asked = ask(
        tmp_path,
        target={"default": {"depth": 3, "reach": 1}},
        threats={"theft": {**THEFT, "reduced_by": shares, "reduces": {"access": "magnitude"}}},
    )
    names = [unknown.name for unknown in asked.unknowns]
    # An effect's levels are one unknown: whoever is right about one of them is right about the next.
    assert names == ["threats.theft.reduced_by.access.depth", "threats.theft.loss_per_event"]
    assert asked.redraw is not None
    future = asked.redraw({"threats.theft.reduced_by.access.depth": 0.5, "threats.theft.loss_per_event": 0.5})
    factors = future.threats[0].factors
    # From 10 % at level 1 to 30 % at level 2, and on to 45 %: the median of a symmetric range is its middle.
    assert math.isclose(factors["access.depth.2"], 0.7 / 0.9, rel_tol=1e-9)
    assert math.isclose(factors["access.depth.3"], 0.55 / 0.7, rel_tol=1e-9)
    threat = future.threats[0]
    events = threat.events
    assert events is not None
    assert events.per_year == 2.0
    assert math.isclose(events.median, quantile(1000, 1000, 4000, 0.5))
    assert {"access.depth.2", "access.depth.3"} <= set(threat.cheaper)
    assert "alarms.depth.2" not in threat.cheaper


def test_events_and_losses_of_an_untouched_place_are_brought_to_today(tmp_path: Path) -> None:
    # access at depth 1 removes 10 %, alarms 5 %; with alarms acting on magnitude, events are 10 % rarer and 5 % cheaper
    # today.
    asked = ask(tmp_path, threats={"theft": {**THEFT, "as_of": "none", "reduces": {"alarms": "magnitude"}}})
    assert asked.redraw is not None
    events = asked.redraw({}).threats[0].events
    assert events is not None
    assert asked.problem.threats[0].events == events
    assert math.isclose(events.per_year, 2.0 * 0.9)
    assert math.isclose(events.median, 1500.0 * 0.95)
    assert math.isclose(events.per_year * events.median, asked.problem.threats[0].expected_loss_per_year, rel_tol=1e-6)


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"costs": {"scales": {"depth": {2: {"months": {"low": 0, "likely": 3, "high": 5}}}}}}, "must be more than 0"),
        (
            {"costs": {"scales": {"depth": {2: {"months": {"low": 4, "likely": 3, "high": 5}}}}}},
            "not in ascending order",
        ),
        ({"costs": {"spread": 1.5}}, "must be less than 1"),
        (
            {
                "threats": {
                    "theft": {
                        **THEFT,
                        "reduced_by": {"access": {"depth": {2: {"low": 0.1, "likely": 0.2, "high": 1.3}}}},
                    }
                }
            },
            "must be less than 1",
        ),
        (
            {
                "threats": {
                    "theft": {
                        **THEFT,
                        "reduced_by": {"access": {"depth": {2: {"low": 0.3, "likely": 0.5, "high": 0.6}}}},
                    }
                }
            },
            "the share falls from",
        ),
        ({"threats": {"theft": {**THEFT, "reduces": {"alarm": "magnitude"}}}}, "did you mean 'alarms'"),
        ({"threats": {"theft": {**THEFT, "reduces": {"alarms": "size"}}}}, "is not one of"),
    ],
)
def test_what_is_no_range_is_said_so(tmp_path: Path, parts: dict, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(InvalidInput, match=said):
        ask(tmp_path, **parts)


def test_of_a_loss_a_year_nobody_knows_how_it_comes_about(tmp_path: Path) -> None:
    said = {"type": "theft", "expected_loss_per_year": 3000, "reduces": {"access": "magnitude"}}
    asked = ask(tmp_path, threats={"theft": said})
    threat = asked.problem.threats[0]
    assert threat.factors
    assert (threat.events, threat.cheaper) == (None, ())
    assert not {"events", "cheaper"} & set(json.loads(dump(asked.problem))["threats"][0])
