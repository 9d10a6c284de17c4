"""What is called impossible is impossible: proofs worked out by hand, and a brute force that never finds a
counterexample.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from stepladder.analysis.check import problem_facts
from stepladder.analysis.feasibility import Bounds, Impossible, impossible, supplies
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from tests.support import handmade


def small(steps: list[dict[str, Any]], windows: list[dict[str, Any]] | None = None, **more: Any) -> Problem:
    """Three quarters, no threats."""
    return handmade.problem(
        periods=[handmade.period(t) for t in range(3)],
        steps=steps,
        windows=windows or [],
        threats=[],
        appetite=[],
        **more,
    )


def kinds(asked: Problem) -> dict[str, str]:
    """Kind of proof by step."""
    return {proof.step: proof.kind for proof in impossible(Bounds(asked))}


def test_too_late() -> None:
    # a finishes in period 1 at the earliest; b may start in 2 and takes 2 periods, so it would end in 3, and 2 is the
    # last.
    asked = small([{"id": "a", "duration": 2}, {"id": "b", "duration": 2, "needs": [{"step": "a"}]}])
    assert impossible(Bounds(asked)) == (Impossible("b", "time", period=2),)


def test_in_time_with_lag_zero() -> None:
    assert (
        kinds(small([{"id": "a", "duration": 2}, {"id": "b", "duration": 2, "needs": [{"step": "a", "lag": 0}]}])) == {}
    )


def test_pinned_before_what_it_needs() -> None:
    assert kinds(small([{"id": "a"}, {"id": "b", "start": 0, "needs": [{"step": "a"}]}])) == {"b": "time"}


def test_alone_over_a_limit_at_every_start() -> None:
    # 100 in one period; 99.99 may be used in all three together.
    asked = small([{"id": "a", "once": 100}], [{"resource": "money", "from": 0, "to": 2, "limit": 99.99}])
    (proof,) = impossible(Bounds(asked))
    assert (proof.kind, proof.needed, proof.available, proof.window) == ("limit", 100.0, 99.99, 0)


def test_a_cent_more_is_enough() -> None:
    assert kinds(small([{"id": "a", "once": 100}], [{"resource": "money", "from": 0, "to": 2, "limit": 100}])) == {}


def test_one_period_without_a_limit_is_enough() -> None:
    windows = [{"resource": "money", "from": t, "to": t, "limit": 1} for t in (0, 2)]
    assert kinds(small([{"id": "a", "once": 100}], windows)) == {}


def test_running_cost_counts() -> None:
    # Starting last costs nothing per year within the horizon, so only an earlier latest finish makes it impossible.
    windows = [{"resource": "money_per_year", "from": 0, "to": 2, "limit": 1}]
    assert kinds(small([{"id": "a", "per_year": 100}], windows)) == {}
    assert kinds(small([{"id": "a", "per_year": 100, "latest_finish": 1}], windows)) == {"a": "limit"}


def test_with_what_it_needs_over_the_sum_of_limits() -> None:
    # Each fits its period (60 of 60), but two of them until period 1 find only 100: 60 in period 0 and 40 in period 1.
    windows = [
        {"resource": "money", "from": 0, "to": 0, "limit": 60},
        {"resource": "money", "from": 1, "to": 1, "limit": 60},
    ]
    windows += [{"resource": "money", "from": 0, "to": 1, "limit": 100}]
    asked = small(
        [{"id": "a", "once": 60}, {"id": "b", "once": 60, "needs": [{"step": "a"}], "latest_finish": 1}], windows
    )
    assert impossible(Bounds(asked)) == (Impossible("b", "sum", ("a",), "money", 120.0, 100.0, 1),)


def test_needs_both_of_an_excluded_pair() -> None:
    steps: list[dict[str, Any]] = [{"id": "a"}, {"id": "b"}, {"id": "c", "needs": [{"step": "a"}, {"step": "b"}]}]
    assert kinds(small(steps, excludes=[["a", "b"]])) == {"c": "excludes"}


def test_inherited() -> None:
    steps: list[dict[str, Any]] = [
        {"id": "a", "duration": 9},
        {"id": "b", "needs": [{"step": "a"}]},
        {"id": "c", "needs_any": [[{"step": "a"}, {"step": "b"}]]},
        {"id": "d"},
    ]
    assert kinds(small(steps)) == {"a": "time", "b": "needs", "c": "needs_any"}


def test_supplies_cover_the_horizon_cheapest() -> None:
    # Periods 0 and 1 are covered by 50 in all, or by 30 and 30; period 2 by 40: at most 90. Operations has no limit.
    windows = [{"resource": "security", "from": 0, "to": 1, "limit": 50}]
    windows += [
        {"resource": "security", "from": t, "to": t, "limit": limit} for t, limit in ((0, 30), (1, 30), (2, 40))
    ]
    asked = small([{"id": "a", "effort": {"security": 100, "operations": 7.5}, "once": 5}], windows)
    found = {supply.resource: (supply.needed, supply.available) for supply in supplies(Bounds(asked))}
    assert found == {"money": (5.0, None), "operations": (7.5, None), "security": (100.0, 90.0)}


def test_hopeless_and_missed() -> None:
    asked = small([{"id": "a", "duration": 4, "required": True}, {"id": "b"}])
    milestone = {"title": "M", "date": "2027-09-30", "reason": "", "source": "", "steps": ["a"]}
    facts = problem_facts(asked, handmade.context(milestones=[milestone], parameters=[], steps={}))
    assert facts.hopeless == ("a",)
    assert [missed.title for missed in facts.missed] == ["M"]


def test_facts() -> None:
    facts = problem_facts(handmade.problem(), handmade.context())
    assert (facts.chain.steps, facts.chain.periods) == (("access.depth.2", "access.depth.3"), 3)
    assert facts.implied == (("assets.depth.2", "patching.depth.2"),)
    assert (facts.illustrative, facts.numbers, facts.per_year) == (1, 2, 12000.0)
    assert problem_facts(small([])).chain.steps == ()


def random_problem(dice: random.Random) -> Problem:
    """Up to four steps and tight limits."""
    steps: list[dict[str, Any]] = []
    for name in "abcd"[: dice.randint(1, 4)]:
        step: dict[str, Any] = {
            "id": name,
            "duration": dice.choice([1, 1, 2]),
            "once": dice.choice([0, 10, 33.34]),
            "per_year": dice.choice([0, 8]),
        }
        step["effort"] = {"team": dice.choice([0, 3, 5.5])}
        step["earliest"] = dice.choice([0, 0, 1])
        step["latest_finish"] = dice.choice([None, None, 1, 2])
        step["start"] = dice.choice([None, None, None, 1])
        step["needs"] = [{"step": other["id"], "lag": dice.randint(0, 1)} for other in steps if dice.random() < 0.4]
        if steps and dice.random() < 0.3:
            step["needs_any"] = [
                [
                    {"step": other["id"], "lag": dice.randint(0, 1)}
                    for other in dice.sample(steps, dice.randint(1, len(steps)))
                ]
            ]
        steps.append(step)
    windows = []
    for _ in range(dice.randint(0, 4)):
        first = dice.randint(0, 2)
        resource, limit = dice.choice(
            [("money", 20), ("money", 40), ("money_once", 10), ("money_per_year", 1), ("team", 4), ("team", 8)]
        )
        windows.append({"resource": resource, "from": first, "to": dice.randint(first, 2), "limit": limit})
    pairs = [list(pair) for pair in itertools.combinations("abcd"[: len(steps)], 2) if dice.random() < 0.1]
    return small(steps, windows, excludes=pairs)


def held_by_some_plan(asked: Problem) -> set[str]:
    """Steps that some plan holds, by trying all; what is required is left aside."""
    ledger = Ledger(asked)
    found: set[str] = set()
    ends = {step.id: step.duration - 1 for step in asked.steps}
    choices = [[None, *range(3 - ends[step.id])] for step in asked.steps]
    for chosen in itertools.product(*choices):
        starts = {step.id: start for step, start in zip(asked.steps, chosen, strict=True) if start is not None}
        if set(starts) <= found or not fits(asked, starts, ends):
            continue
        used = {resource: ledger.total(starts, resource) for resource in ledger.resources}
        if all(
            sum(used[w.resource][w.from_ : w.to + 1]) <= limit
            for w, limit in zip(asked.windows, ledger.limits, strict=True)
        ):
            found |= set(starts)
    return found


def fits(asked: Problem, starts: dict[str, int], ends: dict[str, int]) -> bool:
    """Dates, needs and exclusions of a plan."""

    def after(start: int, need: Any) -> bool:
        return need.step in starts and start >= starts[need.step] + ends[need.step] + need.lag

    for step in asked.steps:
        start = starts.get(step.id)
        if start is None:
            continue
        late = step.latest_finish is not None and start + ends[step.id] > step.latest_finish
        if late or start < step.earliest or step.start not in (None, start):
            return False
        if not all(after(start, need) for need in step.needs) or not all(
            any(after(start, need) for need in group) for group in step.needs_any
        ):
            return False
    return not any(set(pair) <= set(starts) for pair in asked.excludes)


@pytest.mark.parametrize("block", range(4))
def test_no_plan_holds_what_is_called_impossible(block: int) -> None:
    claimed = 0
    for seed in range(block * 60, block * 60 + 60):
        asked = random_problem(random.Random(seed))
        proved = set(kinds(asked))
        assert not proved & held_by_some_plan(asked), seed
        claimed += len(proved)
    assert claimed >= 20
