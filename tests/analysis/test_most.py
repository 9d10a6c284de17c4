"""The most that the limits leave for a period: against trying amounts, and as the money page shows it."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

from stepladder.analysis.roadmap import Roadmap, read
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.output.report.document import Chart, Columns, Section
from stepladder.output.report.figures import effort, money
from stepladder.solution.recount import total
from tests.support import handmade
from tests.support.problems import problem as random_problem
from tests.support.sizes import size

COUNT = size(1000)


def by_trying(problem: Problem, used: list[Fraction], resource: str, t: int) -> float | None:
    """The largest amount in a period, after what is used before it and with nothing later, that breaks no window; to
    a ten-thousandth.
    """
    windows = [window for window in problem.windows if window.resource == resource and window.from_ <= t <= window.to]
    if not windows:
        return None

    def fits(amount: int) -> bool:
        spent = [*used[:t], Fraction(amount, 10_000), *[Fraction(0)] * (problem.horizon - t - 1)]
        return all(sum(spent[window.from_ : window.to + 1]) <= Fraction(repr(window.limit)) for window in windows)

    low, high = 0, 1
    while fits(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low / 10_000


def within(rng: random.Random, made: Problem) -> Roadmap:
    """Some steps at some periods, and windows, some for several periods at once, that all hold."""
    starts = {step.id: rng.randrange(made.horizon - step.duration + 1) for step in made.steps if rng.random() < 0.7}
    steps = {step.id: step for step in made.steps}
    windows = []
    for _ in range(rng.randrange(1, 8)):
        first = rng.randrange(made.horizon)
        last = rng.randrange(first, made.horizon)
        resource = rng.choice((*MONEY, "security"))
        least = sum(total(made, steps, starts, resource)[first : last + 1], Fraction(0))
        windows.append(
            {
                "resource": resource,
                "from": first,
                "to": last,
                "limit": round(float(least) + rng.choice((0, 0, 100, 9_999.5)) + 0.005, 2),
            }
        )
    asked = Problem.model_validate_json(made.model_copy(update={"windows": ()}).model_dump_json(by_alias=True))
    limited = asked.model_dump(by_alias=True, mode="json") | {"windows": windows}
    plan = handmade.plan(handmade.problem(**limited), starts)
    return read(plan)


def test_against_trying() -> None:
    for seed in range(COUNT):
        rng = random.Random(seed)
        road = within(rng, handmade.problem(**random_problem(seed)))
        problem = road.plan.problem
        steps = {step.id: step for step in problem.steps}
        for resource in (*MONEY, "security"):
            used = total(problem, steps, road.plan.starts, resource)
            for t in range(problem.horizon):
                right, said = by_trying(problem, used, resource, t), road.most(resource, t)
                assert said == (right if right is None else pytest.approx(right, abs=2e-4)), (seed, resource, t)
                assert said is None or said >= float(used[t]) - 1e-6, (seed, resource, t)


def windows(*said: tuple[str, int, int, float]) -> list[dict[str, Any]]:
    return [{"resource": resource, "from": first, "to": last, "limit": limit} for resource, first, last, limit in said]


def chart(section: Section, at: int) -> Chart:
    found = section.blocks[at]
    assert isinstance(found, Chart)
    return found


def panels(drawn: Chart) -> dict[str, tuple[float | None, ...]]:
    assert isinstance(drawn.drawing, Columns)
    return {panel.title: panel.most for panel in drawn.drawing.panels}


def shown(plan: Plan) -> dict[str, tuple[float | None, ...]]:
    """The lines of the money chart by panel."""
    return panels(chart(money(read(plan)), 0))


def test_money_that_is_there_at_once_is_free_until_it_is_spent() -> None:
    """12,000 and 5,000.50 in the first quarter, then 12,500 and so on: each quarter's line is what is left of the
    year's 72,000.
    """
    plan = handmade.plan(handmade.problem(windows=windows(("money", 0, 3, 72000))))
    used = read(plan).used["money"]
    assert used[:2] == [17000.5, 12500.0]
    assert shown(plan)["Money"] == pytest.approx((72000, 72000 - used[0], 72000 - sum(used[:2]), 72000 - sum(used[:3])))


def test_the_tightest_of_all_limits_around_a_period_counts() -> None:
    plan = handmade.plan(
        handmade.problem(windows=windows(("money", 0, 1, 60000), ("money", 0, 3, 61000), ("money", 1, 3, 40000)))
    )
    assert shown(plan)["Money"][:2] == pytest.approx((60000, 40000))


def test_a_part_of_the_money_has_its_own_panel_and_column() -> None:
    plan = handmade.plan(handmade.problem(windows=windows(("money_once", 0, 3, 72000))))
    section = money(read(plan))
    # Invested: 17,000.50, then 12,000, then 12,000 and 9,000.
    assert chart(section, 0).key.startswith("The line is the most")
    assert shown(plan) == {"Money": (None,) * 4, "Investment": pytest.approx((72000, 54999.5, 42999.5, 21999.5))}
    spent, invested = ([column.title for column in table.columns] for table in chart(section, 0).tables)
    assert spent == ["Period", "Investment", "Running cost", "Spent", "At most", "Limit that applies", "Used"]
    assert invested == ["Period", "Of that, investment", "At most", "Limit that applies", "Used"]


def test_both_parts_limit_the_whole() -> None:
    plan = handmade.plan(
        handmade.problem(
            windows=windows(("money_once", 0, 3, 72000), ("money_per_year", 0, 0, 100), ("money_per_year", 1, 3, 20000))
        )
    )
    lines = shown(plan)
    assert list(lines) == ["Money", "Investment", "Running cost"]
    assert lines["Money"][0] == 72100
    assert lines["Running cost"][:2] == (100, 20000)


def test_nothing_limits_the_money() -> None:
    section = money(read(handmade.plan(handmade.problem(windows=[]))))
    assert chart(section, 0).key == "Nothing limits the money."


def test_capacity_that_is_there_at_once() -> None:
    section = effort(read(handmade.plan(handmade.problem(windows=windows(("security", 0, 3, 80))))))
    assert section is not None
    assert panels(chart(section, 0))["Security"] == (80, 60, 54, 48)
