"""Prices that are not exact: what is proved of them holds of the true ones, and what costs more work says no less."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pytest

from stepladder.analysis import price as price_room
from stepladder.analysis.first_steps import nudge
from stepladder.analysis.price import Price
from stepladder.analysis.why import why
from stepladder.data.formats.plan import Plan
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution import make_plan
from stepladder.wording.prices import FREE, undecided
from stepladder.workflow import compared as compared_room
from tests.analysis.test_choices_against_brute_force import best, earlier_than, holds, later_than, record
from tests.benchmarks.generate import smm
from tests.support.problems import problem
from tests.support.sizes import FULL, size

LOOSE = (Options(gap=0.5, work=1), Options(gap=0.05, work=1), Options(gap=0.0))
SEEDS = range(1000, 1000 + size(300))


def published(seed: int) -> Plan | None:
    """A plan that need not be the best: what is asked of it does not rely on what its file says."""
    outcome = optimise(record(problem(seed)), Options(gap=0.3, work=1))
    return None if outcome.value is None or not outcome.starts else make_plan(record(problem(seed)), outcome)


def holds_true(price: Price, other: float, optimal: float) -> bool:
    if math.isinf(other):
        return price.impossible or math.isinf(price.high)
    slip = 1e-6 * max(1.0, abs(optimal), abs(other))
    return price.low - slip <= other - optimal <= price.high + slip


@pytest.mark.parametrize("first", SEEDS[::30])
def test_intervals_contain_the_truth_and_their_order_is_true(first: int) -> None:
    looked_at = 0
    for seed in range(first, first + 30):
        plan, optimal = published(seed), best(seed)
        if plan is None:
            continue
        period = min(plan.starts.values())
        name = next(name for name, start in plan.starts.items() if start == period)
        for options in LOOSE:
            waiting = nudge(plan, options).waiting
            truth = {step: best(seed, later_than(step, period)) for step in waiting}
            for step, price in waiting.items():
                assert holds_true(price, truth[step], optimal), (seed, step, options)
                for other, dearer in waiting.items():
                    # One that is proved to cost more does.
                    if dearer.low > price.high:
                        assert truth[other] >= truth[step] - 1e-6 * max(1.0, abs(truth[step])), (seed, step, other)
            expected = {
                "earlier": best(seed, earlier_than(name, plan.starts[name])),
                "later": best(seed, later_than(name, plan.starts[name], absent=-1)),
                "never": best(seed, holds(name, planned=False)),
            }
            for choice in why(plan, name, options).others:
                assert holds_true(choice.price, expected[choice.choice], optimal), (seed, name, choice.choice)
        looked_at += 1
    assert looked_at >= 10


#: By work: how wide the widest price of another choice is, as a part of the loss; no wider than it once was.
WIDEST = {1: 0.018, 2: 0.016, 4: 0.016}


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes minutes: STEPLADDER_FULL=1")
def test_more_work_never_widens_an_interval(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_room, "OWN_SHARE", 1)
    made = smm(3, 1, "year")
    plan = make_plan(made, optimise(made, Options(gap=0.0, work=2)))
    size = abs(plan.objective.value)
    first = min(plan.starts, key=plan.starts.__getitem__)
    before: Mapping[str, tuple[float, float]] = {}
    for work, widest in WIDEST.items():
        others = why(plan, first, Options(gap=0.0, work=work)).others
        now = {other.choice: (other.price.low, other.price.high) for other in others if not other.price.impossible}
        assert now
        for choice, (low, high) in now.items():
            assert (high - low) / size <= widest, (choice, work)
            if choice in before:
                slip = 1e-9 * size
                assert before[choice][0] - slip <= low <= high <= before[choice][1] + slip, (choice, work)
        before = {str(choice): ends for choice, ends in now.items()}


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.0, 0.5, "no provable difference (0 to 0.05 % of the loss): choose freely"),
        (0.0, 20.0, "no provable difference (0 to 2.00 % of the loss); more work (--work) can say more"),
        (0.5, 20.0, ""),
        (0.0, 0.0, ""),
        (0.0, math.inf, ""),
    ],
)
def test_a_wide_figure_is_not_said_as_a_price(low: float, high: float, words: str) -> None:
    seed = next(seed for seed in SEEDS if published(seed) is not None)
    plan = published(seed)
    assert plan is not None
    aim = plan.objective.model_copy(update={"name": "risk", "value": 1000.0})
    assert undecided(Price(low, high), plan.model_copy(update={"objective": aim})) == words
    assert FREE == 0.001


def test_what_was_not_answered_is_not_known() -> None:
    seed = next(seed for seed in SEEDS if published(seed) is not None)
    plan = published(seed)
    assert plan is not None

    def none(_function: object, _choices: object) -> list[tuple[str, Outcome]]:
        return []

    assert all(price.unknown for price in nudge(plan, LOOSE[0], None, none).waiting.values())


def test_who_answers_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    seed = next(seed for seed in SEEDS if (plan := published(seed)) is not None and len(plan.starts) > 1)
    plan = published(seed)
    assert plan is not None
    options = Options(gap=0.05, work=1).together()
    alone = nudge(plan, options)
    monkeypatch.setattr(compared_room, "ENOUGH", 0)
    assert nudge(plan, options, None, compared_room.answering(plan, options)) == alone
