"""The verifier's own arithmetic: exact fractions for money and person-days, products of floats for losses.

Like the verifier it imports errors and data only, so that nothing that is checked checks itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import accumulate

from stepladder.data.formats.money import units
from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.data.reached import reached
from stepladder.solution.insured import InForce, cheaper, in_force
from stepladder.solution.reached import achieved_points

Starts = Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """A plan's figures, recomputed. Money in currency, losses in currency per year, effort in person-days, one item
    for each period. ``afterwards`` is what planned steps go on costing a year, ``running_effort`` what they then take
    of each team.
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
    afterwards: float
    afterwards_in_all: float
    running_effort: dict[str, float]
    running_effort_in_all: dict[str, float]

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
    period; or by shares.
    """
    last = finish(step, start)
    if not start <= t <= last:
        return Fraction(0)
    if step.spread:
        return Fraction(by_shares(step, units(problem.currency))[t - start], units(problem.currency))
    each = Fraction(exact(step.once) * units(problem.currency) // step.duration, units(problem.currency))
    return exact(step.once) - each * (step.duration - 1) if t == last else each


def running(problem: Problem, step: Step, start: int, t: int) -> Fraction:
    """Running cost in a period: from the one after the finish on, and what comes again."""
    if t <= finish(step, start):
        return Fraction(0)
    again = exact(step.renew.once) if step.renew and _comes_again(step, start, t) else Fraction(0)
    return exact(step.per_year) * exact(problem.periods[t].years) + again


def _comes_again(step: Step, start: int, t: int) -> bool:
    """Whether something is renewed in a period."""
    gone = t - finish(step, start)
    return step.renew is not None and gone > 0 and gone % step.renew.every == 0


def a_year(step: Step) -> Fraction:
    """What a step that is finished goes on costing a year, what comes again on average."""
    return exact(step.per_year) + (exact(step.renew.once) * exact(step.renew.a_year) if step.renew else 0)


def days_a_year(step: Step, team: str) -> Fraction:
    """The person-days that it goes on taking a year, likewise."""
    again = exact(step.renew.effort.get(team, 0.0)) * exact(step.renew.a_year) if step.renew else 0
    return exact(step.effort_per_year.get(team, 0.0)) + again


def used(problem: Problem, step: Step, start: int, t: int, resource: str) -> Fraction:
    """What a step uses of a resource in a period."""
    if resource == "money_once":
        return once(problem, step, start, t)
    if resource == "money_per_year":
        return running(problem, step, start, t)
    if resource == "money":
        return once(problem, step, start, t) + running(problem, step, start, t)
    if resource == "money_afterwards":
        return a_year(step) if t == finish(step, start) else Fraction(0)
    if start <= t <= finish(step, start):
        return exact(step.effort.get(resource, 0.0)) / step.duration
    if t > finish(step, start):
        again = step.renew.effort.get(resource, 0.0) if step.renew and _comes_again(step, start, t) else 0.0
        return exact(step.effort_per_year.get(resource, 0.0)) * exact(problem.periods[t].years) + exact(again)
    return Fraction(0)


def total(problem: Problem, steps: Mapping[str, Step], starts: Starts, resource: str) -> list[Fraction]:
    """What all planned steps together use of a resource, for each period; of a step that ends after the horizon,
    what falls into it.
    """
    if resource == "money_afterwards":
        done = [(finish(steps[name], start), a_year(steps[name])) for name, start in starts.items()]
        return [sum((more for last, more in done if last == t), Fraction(0)) for t in range(problem.horizon)]
    if resource not in MONEY:
        return _days(problem, steps, starts, resource)
    horizon, coins = problem.horizon, units(problem.currency)
    # What is used once in each period, and what is used a year from each period on.
    smallest, from_then = [0] * horizon, [_Sum() for _ in range(horizon + 1)]
    for name, start in starts.items():
        step, last = steps[name], finish(steps[name], start)
        if resource != "money_per_year":
            _spread(smallest, step, start, coins)
        if resource != "money_once":
            from_then[min(last + 1, horizon)].add(*_ratio(step.per_year))
    running = _going_on(problem, from_then)
    if resource != "money_once":
        _renewed(running, steps, starts, resource)
    return [Fraction(once, coins) + amount for once, amount in zip(smallest, running, strict=True)]


def _renewed(amounts: list[Fraction], steps: Mapping[str, Step], starts: Starts, resource: str) -> None:
    """Add what comes again, of money or of a team, in each period in which it does."""
    for name, start in starts.items():
        again = steps[name].renew
        for t in range(start, len(amounts)) if again else ():
            if again and _comes_again(steps[name], start, t):
                amounts[t] += exact(again.once if resource in MONEY else again.effort.get(resource, 0.0))


def _days(problem: Problem, steps: Mapping[str, Step], starts: Starts, team: str) -> list[Fraction]:
    """The same of a team: evenly while a step is worked on, and then what running it takes."""
    horizon = problem.horizon
    # What is used in each period from then on, or from then on no more; and what is used a year from then on.
    at_work, from_then = ([_Sum() for _ in range(horizon + 1)] for _ in range(2))
    for name, start in starts.items():
        step, after = steps[name], min(finish(steps[name], start) + 1, horizon)
        days, of = _ratio(step.effort.get(team, 0.0))
        at_work[min(start, horizon)].add(days, of * step.duration)
        at_work[after].add(-days, of * step.duration)
        from_then[after].add(*_ratio(step.effort_per_year.get(team, 0.0)))
    working = accumulate(change.total() for change in at_work[:-1])
    used = [days + more for days, more in zip(working, _going_on(problem, from_then), strict=True)]
    _renewed(used, steps, starts, team)
    return used


def _going_on(problem: Problem, from_then: list[_Sum]) -> list[Fraction]:
    """What yearly amounts come to in each period, each from some period on."""
    rates = accumulate(change.total() for change in from_then[:-1])
    return [rate * exact(period.years) for rate, period in zip(rates, problem.periods, strict=True)]


def _spread(smallest: list[int], step: Step, start: int, coins: int) -> None:
    """Add a step's investment: whole smallest units of the currency, evenly, the remainder in the last working
    period.
    """
    if step.spread:
        for t, part in zip(range(start, len(smallest)), by_shares(step, coins), strict=False):
            smallest[t] += part
        return
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


def by_shares(step: Step, coins: int) -> list[int]:
    """Investment in each working period of a step that says how it falls over them: its share of the whole rounded
    down, what is left over in the last period that has a share.
    """
    amount = exact(step.once) * coins
    parts = [int(amount * exact(share) // 1) for share in step.spread]
    after = next(k for k, share in enumerate(reversed(step.spread), start=1) if share > 0)
    parts[-after] = int(amount) - sum(parts) + parts[-after]
    return parts


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


def losses(
    problem: Problem, steps: Mapping[str, Step], starts: Starts, insured: Sequence[InForce] = ()
) -> dict[str, list[float]]:
    """Expected loss per year by threat, for each period and, last, the tail; with these policies in force."""
    by_threat: dict[str, list[float]] = {}
    tail = problem.horizon
    since = {name: min(finish(steps[name], start) + problem.effect_lag, tail) for name, start in starts.items()}
    for threat in problem.threats:
        changed = [(since[name], factor) for name, factor in threat.factors.items() if name in since]
        changes = {first for first, _ in changed}
        left, part, over_time = threat.expected_loss_per_year, 1.0, []
        for t in range(tail + 1):
            if t in changes:
                left = threat.expected_loss_per_year * math.prod(factor for first, factor in changed if first <= t)
                part = cheaper(threat, {name for name, first in since.items() if first <= t}) if insured else 1.0
            over_time.append(left * math.prod(held.keeps(threat, part) for held in insured if held.holds(t)))
        by_threat[threat.id] = over_time
    return by_threat


class Counted:
    """The sums of a plan, each counted once, for all who look at them.

    Parameters
    ----------
    problem, starts
        The problem, and when each planned step starts; all of them steps of the problem, or policies in a policy year.

    Attributes
    ----------
    starts
        Of the steps alone.
    insured
        The policies that are in force, and when.
    steps
        The problem's steps by id.
    coins
        How many smallest units make one of the currency.
    years
        Of years, how many are over before each period, and at the end of the horizon.
    """

    def __init__(self, problem: Problem, starts: Starts) -> None:
        self.problem, self.starts, self.insured = problem, steps_in(starts), in_force(problem, starts)
        self.steps = problem.steps_by_id()
        self.coins = units(problem.currency)
        self.years = [0.0, *accumulate(period.years for period in problem.periods)]
        self._totals: dict[str, list[Fraction]] = {}

    def total(self, resource: str) -> list[Fraction]:
        """What the plan uses of a resource, for each period."""
        if resource not in self._totals:
            used = total(self.problem, self.steps, self.starts, resource)
            for held in self.insured:
                renewed = resource == "money_afterwards" and held.holds(self.problem.horizon)
                if renewed or resource in ("money", "money_per_year"):
                    used[held.year.from_] += exact(held.premium)
            self._totals[resource] = used
        return self._totals[resource]

    @cached_property
    def losses(self) -> dict[str, list[float]]:
        """Expected loss per year by threat, for each period and, last, the tail."""
        return losses(self.problem, self.steps, self.starts, self.insured)

    @cached_property
    def reached(self) -> dict[str, int]:
        """The achievements that the plan reaches, each with the period from which it holds."""
        return reached(self.problem, {name: finish(self.steps[name], start) for name, start in self.starts.items()})

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
    works = (by_team for step in problem.steps for by_team in step.works)
    teams = sorted({team for by_team in works for team, days in by_team.items() if days > 0})
    effort = {team: tuple(map(float, counted.total(team))) for team in teams}
    lost = [math.fsum(values[t] for values in by_threat.values()) for t in range(problem.horizon + 1)]
    tail = problem.tail.discount * problem.tail.years
    renewed = [held.premium for held in counted.insured if held.holds(problem.horizon)]
    running = math.fsum([*(float(a_year(steps[name])) for name in starts), *renewed])
    amounts = _Sum()
    for amount in (*(a_year(steps[name]) for name in starts), *map(exact, renewed)):
        amounts.add(*amount.as_integer_ratio())
    later = amounts.total()
    runs = _running_effort(problem, [steps[name] for name in starts])
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
            [
                *(steps[name].points_per_year * _years(problem, steps[name], start) for name, start in starts.items()),
                *achieved_points(problem, counted.reached),
            ]
        ),
        afterwards=float(later),
        afterwards_in_all=float(later + exact(problem.ongoing.upkeep) + exact(problem.ongoing.committed)),
        running_effort={team: float(days) for team, (days, _) in runs.items() if days is not None},
        running_effort_in_all={team: float((days or 0) + more) for team, (days, more) in runs.items()},
    )


def _running_effort(problem: Problem, planned: list[Step]) -> dict[str, tuple[Fraction | None, Fraction]]:
    """By team what running planned steps takes a year, None where no step takes any of it, and today's levels."""
    kept = {team: exact(days) for team, days in problem.ongoing.effort_per_year.items() if days > 0}
    teams = {team for step in problem.steps for by in step.works[1:] for team, days in by.items() if days > 0}
    sums = {team: sum((days_a_year(step, team) for step in planned), Fraction(0)) for team in teams}
    return {team: (sums.get(team), kept.get(team, Fraction(0))) for team in sorted(teams | kept.keys())}


def _worth(problem: Problem, step: Step, start: int) -> float:
    """Discounted worth that is not risk: once at the finish, and for every year in place."""
    per_year = _years(problem, step, start)
    return step.value_once * problem.periods[finish(step, start)].discount + step.value_per_year * per_year


def _years(problem: Problem, step: Step, start: int) -> float:
    """The years in which a step is in place, discounted, the tail included."""
    first = finish(step, start) + problem.effect_lag
    years = [period.discount * period.years for t, period in enumerate(problem.periods) if t >= first]
    return math.fsum(years) + problem.tail.discount * problem.tail.years
