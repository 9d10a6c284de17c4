"""The verifier's own arithmetic: exact fractions for money and person-days, products of floats for losses.

Like the verifier it imports errors and data only, so that nothing that is checked checks itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate

from stepladder.data.formats.money import units
from stepladder.data.formats.problem import MONEY, Problem, Step

Starts = Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """A plan's figures, recomputed. Money in currency, losses in currency per year, effort in person-days, one item
    for each period.
    """

    spend: tuple[float, ...]
    effort: dict[str, tuple[float, ...]]
    losses: tuple[float, ...]
    tail_loss: float
    spend_total: float
    spend_present_value: float
    loss_present_value: float
    value_present_value: float
    points_present_value: float

    def objective(self, name: str) -> float:
        """What the objective of this name comes to: R, S or R + S, with R the losses less the worth; or the points,
        taken negative.
        """
        risk = self.loss_present_value - self.value_present_value
        return {
            "risk": risk,
            "spend": self.spend_present_value,
            "net": risk + self.spend_present_value,
            "worth": 0.0 - self.points_present_value,
        }[name]


def finish(step: Step, start: int) -> int:
    """The period in which a step that starts then finishes."""
    return start + step.duration - 1


@lru_cache(maxsize=4096)
def exact(number: float) -> Fraction:
    """The decimal number that was written."""
    return Fraction(*_ratio(number))


@lru_cache(maxsize=262_144)
def _ratio(number: float) -> tuple[int, int]:
    """The same as numerator and denominator."""
    return Decimal(repr(number)).as_integer_ratio()


def once(problem: Problem, step: Step, start: int, t: int) -> Fraction:
    """Investment in a period: whole smallest units of the currency, evenly, the remainder in the last working
    period.
    """
    last = finish(step, start)
    if not start <= t <= last:
        return Fraction(0)
    each = Fraction(exact(step.once) * units(problem.currency) // step.duration, units(problem.currency))
    return exact(step.once) - each * (step.duration - 1) if t == last else each


def running(problem: Problem, step: Step, start: int, t: int) -> Fraction:
    """Running cost in a period: from the one after the finish on."""
    return exact(step.per_year) * exact(problem.periods[t].years) if t > finish(step, start) else Fraction(0)


def used(problem: Problem, step: Step, start: int, t: int, resource: str) -> Fraction:
    """What a step uses of a resource in a period."""
    if resource == "money_once":
        return once(problem, step, start, t)
    if resource == "money_per_year":
        return running(problem, step, start, t)
    if resource == "money":
        return once(problem, step, start, t) + running(problem, step, start, t)
    return exact(step.effort.get(resource, 0.0)) / step.duration if start <= t <= finish(step, start) else Fraction(0)


def total(problem: Problem, steps: Mapping[str, Step], starts: Starts, resource: str) -> list[Fraction]:
    """What all planned steps together use of a resource, for each period; of a step that ends after the horizon,
    what falls into it.
    """
    # What is used in each period, and what is used in each period from then on, or from then on no more.
    horizon, coins = problem.horizon, units(problem.currency)
    smallest, from_then = [0] * horizon, [_Sum() for _ in range(horizon + 1)]
    for name, start in starts.items():
        step, last = steps[name], finish(steps[name], start)
        after = min(last + 1, horizon)
        if resource not in MONEY:
            days, of = _ratio(step.effort.get(resource, 0.0))
            from_then[min(start, horizon)].add(days, of * step.duration)
            from_then[after].add(-days, of * step.duration)
            continue
        if resource != "money_per_year":
            _spread(smallest, step, start, coins)
        if resource != "money_once":
            from_then[after].add(*_ratio(step.per_year))
    amounts, rate = [], Fraction(0)
    for t, period in enumerate(problem.periods):
        rate += from_then[t].total()
        amounts.append(Fraction(smallest[t], coins) + rate * exact(period.years) if resource in MONEY else rate)
    return amounts


def _spread(smallest: list[int], step: Step, start: int, coins: int) -> None:
    """Add a step's investment: whole smallest units of the currency, evenly, the remainder in the last working
    period.
    """
    (each, rest), last = shares(step, coins), finish(step, start)
    for t in range(start, min(last, len(smallest))):
        smallest[t] += each
    if last < len(smallest):
        smallest[last] += rest


def shares(step: Step, coins: int) -> tuple[int, int]:
    """Investment in each working period but the last, and in the last, in the currency's smallest units, of which
    ``coins`` make one of it.
    """
    many, of = _ratio(step.once)
    whole = many * coins // of
    each = whole // step.duration
    return each, whole - each * (step.duration - 1)


class _Sum:
    """A sum of fractions, those with the same denominator added as whole numbers."""

    def __init__(self) -> None:
        self._parts: dict[int, int] = {}

    def add(self, many: int, of: int) -> None:
        """Add ``many / of``."""
        self._parts[of] = self._parts.get(of, 0) + many

    def total(self) -> Fraction:
        """The sum, exact."""
        return sum((Fraction(many, of) for of, many in self._parts.items()), Fraction(0))


def losses(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> dict[str, list[float]]:
    """Expected loss per year by threat, for each period and, last, the tail."""
    by_threat: dict[str, list[float]] = {}
    tail = problem.horizon
    since = {name: min(finish(steps[name], start) + problem.effect_lag, tail) for name, start in starts.items()}
    for threat in problem.threats:
        changed = [(since[name], factor) for name, factor in threat.factors.items() if name in since]
        changes = {first for first, _ in changed}
        left, over_time = threat.expected_loss_per_year, []
        for t in range(tail + 1):
            if t in changes:
                left = threat.expected_loss_per_year * math.prod(factor for first, factor in changed if first <= t)
            over_time.append(left)
        by_threat[threat.id] = over_time
    return by_threat


class Counted:
    """The sums of a plan, each counted once, for all who look at them.

    Parameters
    ----------
    problem, starts
        The problem, and when each planned step starts; all of them steps of the problem.

    Attributes
    ----------
    steps
        The problem's steps by id.
    coins
        How many smallest units make one of the currency.
    years
        Of years, how many are over before each period, and at the end of the horizon.
    """

    def __init__(self, problem: Problem, starts: Starts) -> None:
        self.problem, self.starts = problem, starts
        self.steps = problem.steps_by_id()
        self.coins = units(problem.currency)
        self.years = [0.0, *accumulate(period.years for period in problem.periods)]
        self._totals: dict[str, list[Fraction]] = {}

    def total(self, resource: str) -> list[Fraction]:
        """What the plan uses of a resource, for each period."""
        if resource not in self._totals:
            self._totals[resource] = total(self.problem, self.steps, self.starts, resource)
        return self._totals[resource]

    @cached_property
    def losses(self) -> dict[str, list[float]]:
        """Expected loss per year by threat, for each period and, last, the tail."""
        return losses(self.problem, self.steps, self.starts)

    @cached_property
    def figures(self) -> Figures:
        """Every figure of a plan whose steps lie within the horizon."""
        return _figures(self)


def figures(problem: Problem, starts: Starts) -> Figures:
    """Recompute every figure of a plan whose steps are known and lie within the horizon."""
    return Counted(problem, starts).figures


def _figures(counted: Counted) -> Figures:
    problem, steps, starts, by_threat = counted.problem, counted.steps, counted.starts, counted.losses
    spend = counted.total("money")
    teams = sorted({team for step in problem.steps for team, days in step.effort.items() if days > 0})
    effort = {team: tuple(map(float, counted.total(team))) for team in teams}
    lost = [math.fsum(values[t] for values in by_threat.values()) for t in range(problem.horizon + 1)]
    tail = problem.tail.discount * problem.tail.years
    running = math.fsum(steps[name].per_year for name in starts)
    in_horizon = math.fsum(period.discount * period.years * lost[t] for t, period in enumerate(problem.periods))
    return Figures(
        spend=tuple(map(float, spend)),
        effort=effort,
        losses=tuple(lost[:-1]),
        tail_loss=lost[-1],
        spend_total=float(sum(spend, Fraction(0))),
        spend_present_value=math.fsum(period.discount * float(spend[t]) for t, period in enumerate(problem.periods))
        + tail * running,
        loss_present_value=in_horizon + tail * lost[-1],
        value_present_value=math.fsum(_worth(problem, steps[name], start) for name, start in starts.items()),
        points_present_value=math.fsum(
            steps[name].points_per_year * _years(problem, steps[name], start) for name, start in starts.items()
        ),
    )


def _worth(problem: Problem, step: Step, start: int) -> float:
    """Discounted worth that is not risk: once at the finish, and for every year in place."""
    per_year = _years(problem, step, start)
    return step.value_once * problem.periods[finish(step, start)].discount + step.value_per_year * per_year


def _years(problem: Problem, step: Step, start: int) -> float:
    """The years in which a step is in place, discounted, the tail included."""
    first = finish(step, start) + problem.effect_lag
    years = [period.discount * period.years for t, period in enumerate(problem.periods) if t >= first]
    return math.fsum(years) + problem.tail.discount * problem.tail.years
