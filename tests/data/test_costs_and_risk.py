"""Which table has the last word on a cost, and what a threat costs and keeps."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.places import Origin
from stepladder.errors import InvalidInput
from tests.support.asking import ask, step


def origin(asked: Any, name: str, field: str) -> Origin:
    k = [item.id for item in asked.problem.steps].index(name)
    found: Origin = asked.context.origins[f"/steps/{k}/{field}"]
    return found


STEP = "access.depth.2"


def test_the_catalogue_speaks_first(tmp_path: Path) -> None:
    asked = ask(tmp_path)
    found = step(asked, STEP)
    assert (found.once, found.per_year, found.effort, found.duration) == (2000, 200, {"security": 6}, 1)
    said = origin(asked, STEP, "once")
    assert said.from_ == "catalogue"
    assert "catalogue.yaml:9:" in said.at


def test_each_table_is_stronger_than_the_one_before(tmp_path: Path) -> None:
    costs: dict[str, Any] = {
        "scales": {"depth": {2: {"once": 11, "per_year": 1, "effort": {"security": 1}, "months": 4}}}
    }
    assert step(ask(tmp_path, costs=costs), STEP).once == 11
    costs["practices"] = {"access": {"scales": {"depth": {2: {"once": 12, "per_year": 2}}}}}
    assert step(ask(tmp_path, costs=costs), STEP).once == 12
    costs["steps"] = {STEP: {"once": 13}}
    asked = ask(tmp_path, costs=costs)
    found = step(asked, STEP)
    # What the stronger table leaves out keeps the value of the weaker one.
    assert (found.once, found.per_year, found.effort, found.duration) == (13, 2, {"security": 1}, 2)
    assert step(asked, "assets.depth.2").once == 11
    assert [origin(asked, STEP, name).from_ for name in ("once", "per_year", "effort/security", "duration")] == [
        "scenario"
    ] * 4
    # An override and --set reach every table.
    assert step(ask(tmp_path, f"costs.steps.{STEP}.once=14", costs=costs), STEP).once == 14


def test_work_that_goes_on_is_by_team_as_the_other_work_is(tmp_path: Path) -> None:
    days = {"security": 4, "plant": {"low": 1, "likely": 2, "high": 3}}
    costs: dict[str, Any] = {
        "scales": {"depth": {2: {"effort_per_year": days}}},
        "practices": {"access": {"factor": 0.5}},
        "steps": {"assets.depth.2": {"effort_per_year": {"everybody": 9}}},
    }
    asked = ask(tmp_path, costs=costs, teams={"everybody": {"covers": ["security", "plant"]}})
    # 0.5 · 4 + 0.5 · 2, the mean of a range; what a table says of the team stands in the place of its roles.
    assert step(asked, STEP).effort_per_year == {"everybody": 3}
    assert step(asked, STEP).effort == {"everybody": 3}
    assert step(asked, "assets.depth.2").effort_per_year == {"everybody": 9}
    assert step(asked, "assets.depth.2").effort == {"everybody": 6}
    assert origin(asked, "assets.depth.2", "effort_per_year/everybody").from_ == "scenario"
    with pytest.raises(InvalidInput, match=r"unknown team 'secrity'; did you mean 'security'"):
        ask(tmp_path, costs={"steps": {STEP: {"effort_per_year": {"secrity": 1}}}})


def test_a_system_has_its_own_costs(tmp_path: Path) -> None:
    costs = {"steps": {f"a/{STEP}": {"once": 7}}}
    asked = ask(tmp_path, costs=costs, systems={"a": {}, "b": {"costs": {"steps": {STEP: {"once": 8}}}}})
    assert [step(asked, f"{name}/{STEP}").once for name in "ab"] == [7, 8]


def test_factors(tmp_path: Path) -> None:
    costs: dict[str, Any] = {
        "factor": 1.5,
        "practices": {"access": {"factor": 0.5}},
        "steps": {"alarms.depth.2": {"once": 100}},
    }
    asked = ask(tmp_path, costs=costs)
    # The price level is the catalogue's money only; a practice's factor is its money and effort.
    assert (step(asked, "assets.depth.2").once, step(asked, "assets.depth.2").effort) == (3000, {"security": 6})
    assert (step(asked, STEP).once, step(asked, STEP).per_year, step(asked, STEP).effort) == (
        1500,
        150,
        {"security": 3},
    )
    assert step(asked, "alarms.depth.2").once == 100


def test_three_points_mean_their_pert_mean_in_whole_cents(tmp_path: Path) -> None:
    asked = ask(
        tmp_path,
        costs={
            "steps": {
                STEP: {
                    "once": {"low": 100, "likely": 200, "high": 500.01},
                    "per_year": {"low": 0, "likely": 1, "high": 2},
                }
            }
        },
    )
    assert (step(asked, STEP).once, step(asked, STEP).per_year) == (233.34, 1)


@pytest.mark.parametrize(
    ("period", "months", "duration"),
    [("quarter", 3, 1), ("quarter", 3.5, 2), ("month", 2, 2), ("year", 13, 2), ("half_year", 0.5, 1)],
)
def test_months_become_whole_periods(tmp_path: Path, period: str, months: float, duration: int) -> None:
    asked = ask(tmp_path, f"horizon.period={period}", "horizon.periods=9", costs={"steps": {STEP: {"months": months}}})
    assert step(asked, STEP).duration == duration


def test_a_team_can_cover_roles(tmp_path: Path) -> None:
    teams = {"everybody": {"capacity": {"amount": 50}, "covers": ["security", "plant"]}}
    asked = ask(
        tmp_path, "target.access.depth=3", teams=teams, target={"default": {"depth": 2}, "access": {"depth": 3}}
    )
    assert step(asked, "access.depth.3").effort == {"everybody": 10}


def test_what_is_said_of_a_team_takes_the_place_of_the_roles_that_it_covers(tmp_path: Path) -> None:
    teams = {"everybody": {"capacity": {"amount": 50}, "covers": ["security", "plant"]}}
    said: dict[str, Any] = {"teams": teams, "target": {"default": {"depth": 2}, "access": {"depth": 3}}}
    costs: dict[str, Any] = {"scales": {"depth": {3: {"effort": {"everybody": 7}}}}}
    assert step(ask(tmp_path, "target.access.depth=3", costs=costs, **said), "access.depth.3").effort == {
        "everybody": 7
    }
    # What is said of a role beside it is work beside it.
    costs["scales"]["depth"][3]["effort"]["plant"] = 2
    assert step(ask(tmp_path, "target.access.depth=3", costs=costs, **said), "access.depth.3").effort == {
        "everybody": 9
    }


# --- risk


def threat(asked: Any, name: str = "theft") -> Any:
    return next(item for item in asked.problem.threats if item.id == name)


@pytest.mark.parametrize(
    ("said", "loss"),
    [
        ({"expected_loss_per_year": 1234.5}, 1234.5),
        ({"events_per_year": 0.5, "loss_per_event": 3000}, 1500),
        (
            {
                "events_per_year": {"low": 0, "likely": 0.5, "high": 1},
                "loss_per_event": {"low": 0, "likely": 3000, "high": 6000},
            },
            1500,
        ),
        ({"events_per_year": 2, "loss_per_event": {"median": 1000, "p95": 1000}}, 2000),
        ({"events_per_year": 1, "loss_per_event": {"median": 1000, "p95": 5000}}, 1613.98),
    ],
)
def test_expected_loss(tmp_path: Path, said: dict[str, Any], loss: float) -> None:
    assert threat(ask(tmp_path, threats={"theft": {"type": "theft", **said}})).expected_loss_per_year == loss


def test_the_lognormal_mean_is_that_of_its_quantiles() -> None:
    from statistics import NormalDist

    sigma = math.log(5) / NormalDist().inv_cdf(0.95)
    assert round(1000 * math.exp(sigma**2 / 2), 2) == 1613.98


def test_factors_of_steps_are_what_remains_of_what_remained(tmp_path: Path) -> None:
    found = threat(ask(tmp_path, target={"default": {"depth": 2}, "access": {"depth": 3}}))
    assert found.factors == pytest.approx(
        {"access.depth.2": 0.75 / 0.9, "access.depth.3": 0.6 / 0.75, "alarms.depth.2": 0.9 / 0.95}, rel=1e-11
    )
    # All steps together leave what the table says for the highest level, relative to today.
    assert math.prod(found.factors.values()) == pytest.approx((0.6 / 0.9) * (0.9 / 0.95), rel=1e-11)


def test_as_of_none_is_brought_to_today(tmp_path: Path) -> None:
    today = threat(ask(tmp_path, "threats.theft.as_of=none"))
    assert today.expected_loss_per_year == round(10000 * 0.9 * 0.95, 2)
    assert today.factors == threat(ask(tmp_path)).factors


def test_own_shares_are_laid_over_the_type(tmp_path: Path) -> None:
    asked = ask(
        tmp_path,
        threats={
            "theft": {
                "type": "theft",
                "expected_loss_per_year": 1,
                "reduced_by": {"access": {"depth": {2: 0.35}}, "assets": {"depth": {1: 0.5}}},
            }
        },
    )
    # Level 1 of access keeps the type's 10 %; assets stay at the share of level 1 when raised to 2, so that step
    # removes nothing.
    assert threat(asked).factors == pytest.approx(
        {"access.depth.2": 0.65 / 0.9, "alarms.depth.2": 0.9 / 0.95}, rel=1e-11
    )


def test_own_shares_that_do_not_fit_the_types_are_refused(tmp_path: Path) -> None:
    own = {"access": {"depth": {2: 0.5}}}
    with pytest.raises(InvalidInput, match=r"SL310 the share falls from 0[.]5 to 0[.]4"):
        ask(tmp_path, threats={"theft": {"type": "theft", "expected_loss_per_year": 1, "reduced_by": own}})


def test_a_threat_that_nothing_reduces_is_mentioned(tmp_path: Path) -> None:
    asked = ask(tmp_path, threats={"flood": {"expected_loss_per_year": 5}})
    assert "No step reduces 'flood'; give it a type, or say what reduces it (reduced_by)." in asked.notes


def test_the_distribution_that_was_used_is_said(tmp_path: Path) -> None:
    for loss, name in (
        (5, "given as a number"),
        ({"low": 1, "likely": 2, "high": 3}, "modified PERT"),
        ({"median": 1, "p95": 3}, "lognormal"),
    ):
        asked = ask(
            tmp_path,
            threats={"theft": {"type": "theft", "events_per_year": 1, "loss_per_event": loss, "source": "Workshop"}},
        )
        assert asked.context is not None
        assert (
            asked.context.origins["/threats/0/expected_loss_per_year"].source
            == f"Workshop; mean of the loss per event: {name}"
        )


WIDE = {"title": "The whole", "expected_loss_per_year": 1000, "reduced_by": {"access": {"depth": {1: "19%", 2: "19%"}}}}


def test_what_all_systems_have_together_is_counted_once_and_each_takes_its_part(tmp_path: Path) -> None:
    own = {"title": "Own", "expected_loss_per_year": 500, "reduced_by": {"access": {"depth": {1: "50%"}}}}
    threats = {"whole": {**WIDE, "organisation_wide": True}, "own": own}
    question: dict[str, Any] = {"threats": threats, "current": {}, "systems": {"a": {}, "b": {}}}
    asked = ask(tmp_path, **question)
    found = {threat.id: threat for threat in asked.problem.threats}
    assert set(found) == {"whole", "a/own", "b/own"}
    # 19 % off in all: what is left, 0.81, is 0.9 for each of the two.
    assert found["whole"].factors == {"a/access.depth.1": 0.9, "b/access.depth.1": 0.9}
    assert found["a/own"].factors == {"a/access.depth.1": 0.5}
    assert any("'The whole' is counted once for all systems" in note for note in asked.notes)
    # Where both have it, it is taken off as where one has; what is shared has the whole effect.
    shared = ask(tmp_path, **question, shared=["access"])
    assert next(one for one in shared.problem.threats if one.id == "whole").factors == {"access.depth.1": 0.81}
    # At the lowest level of everything it was larger: of two systems one has taken its part already.
    before = {**WIDE, "organisation_wide": True, "as_of": "none"}
    half = {"a": {"current": {"access": {"depth": 1}}}, "b": {}}
    asked = ask(tmp_path, threats={"whole": before}, current={}, systems=half)
    (threat,) = asked.problem.threats
    assert threat.expected_loss_per_year == pytest.approx(900)
    # With one system there is nothing to share.
    (alone,) = ask(tmp_path, threats={"whole": threats["whole"]}, current={}).problem.threats
    assert alone.factors == {"access.depth.1": 0.81}


@pytest.mark.parametrize("said", [{"expected_loss_per_year": 5}, None, {"organisation_wide": True}])
def test_no_system_says_anything_of_what_all_have_together(tmp_path: Path, said: dict[str, Any] | None) -> None:
    with pytest.raises(InvalidInput, match="no system's own"):
        ask(
            tmp_path,
            threats={"whole": {**WIDE, "organisation_wide": True}},
            systems={"a": {"threats": {"whole": said}}},
        )


def factors(folder: Path, **threat: Any) -> dict[str, float]:
    (found,) = ask(folder, threats={"theft": {"title": "T", "expected_loss_per_year": 1000, **threat}}).problem.threats
    return found.factors


def test_what_is_said_of_a_group_holds_for_each_practice_in_it(tmp_path: Path) -> None:
    group = {"basics": {"depth": {2: "20%"}}}
    assert factors(tmp_path, reduced_by=group) == {"assets.depth.2": 0.8, "access.depth.2": 0.8}
    # The more specific wins, wherever it stands; a scale that a practice does not have is passed over.
    own = {"access": {"depth": {2: "50%"}}, **group, "watch": {"depth": {2: "10%"}}}
    assert factors(tmp_path, reduced_by=own) == {"assets.depth.2": 0.8, "access.depth.2": 0.5, "alarms.depth.2": 0.9}
    # Of a type: what it says of a practice stands above what the scenario says of its group.
    found = factors(tmp_path, type="theft", reduced_by={"basics": {"depth": {1: "5%", 2: "20%"}}})
    assert found["assets.depth.2"] == round(0.8 / 0.95, 12)
    assert found["access.depth.2"] == round(0.75 / 0.9, 12)
    events = {"expected_loss_per_year": None, "events_per_year": 0.5, "loss_per_event": 2000}
    threat = {"title": "T", "reduced_by": own, "reduces": {"basics": "magnitude", "access": "frequency"}, **events}
    (made,) = ask(tmp_path, threats={"theft": threat}).problem.threats
    assert made.cheaper == ("assets.depth.2",)


@pytest.mark.parametrize(
    ("threat", "words"),
    [
        ({"reduced_by": {"basic": {"depth": {2: "20%"}}}}, "did you mean 'basics'?"),
        ({"reduced_by": {"watch": {"reach": {2: "20%"}}}}, "unknown scale 'reach'"),
        ({"reduced_by": {"basics": {"depth": {2: "20%", 3: "10%"}}}}, "the share falls"),
        ({"reduced_by": {"basics": {"depth": {2: "20%"}}, "access": {"depth": {3: "10%"}}}}, "the share falls"),
        ({"reduces": {"basic": "magnitude"}}, "did you mean 'basics'?"),
    ],
)
def test_what_is_wrong_with_effects_of_groups_is_said_once(tmp_path: Path, threat: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        factors(tmp_path, **threat)
    (issue,) = wrong.value.issues
    assert words in issue.message
