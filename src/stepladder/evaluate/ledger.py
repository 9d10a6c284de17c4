"""What each step uses of each resource, in whole units of a common denominator, so that sums and comparisons are
exact.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import cached_property, lru_cache

from stepladder.data.formats.money import ratio, units
from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.data.formats.spread import divided
from stepladder.data.objective import objective_of
from stepladder.evaluate.covers import with_covers
from stepladder.evaluate.parts import denominators, divided_by
from stepladder.evaluate.tail import Tail

Starts = Mapping[str, int]
_NOTHING = (0, 0)


@lru_cache(maxsize=65_536)
def exact(value: float) -> Fraction:
    """The decimal number that a float was written as."""
    return Fraction(*ratio(value))


def weights(problem: Problem) -> list[float]:
    """What one unit of yearly loss weighs: δ_t Δ_t for each period, and δ_T Y for the tail as item T."""
    return [period.discount * period.years for period in problem.periods] + [problem.tail.discount * problem.tail.years]


def loss_weights(problem: Problem) -> list[float]:
    """What one unit of yearly loss weighs in R: nothing at any time where points stand in its place."""
    counted = weights(problem)
    return [0.0] * len(counted) if objective_of(problem).points else counted


def apart(one: Starts, other: Starts, but: Collection[str] = ()) -> int:
    """How many steps, but some, stand elsewhere in one plan than in another, those that only one of them has
    included.
    """
    return sum(one.get(name) != other.get(name) for name in {*one, *other}.difference(but))


class Ledger:
    """A problem's resources in whole units: what each step uses in each period, for each start.

    Parameters
    ----------
    problem
        The problem; nothing of it is changed.

    Attributes
    ----------
    problem
        The same with its policies as steps, of which all that works with a ledger speaks.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem = with_covers(problem)
        self._objective = objective_of(problem)
        self.steps = problem.steps_by_id()
        self.resources = sorted(
            {
                *MONEY,
                *(team for step in problem.steps for by in step.works for team in by),
                *(w.resource for w in problem.windows),
            }
        )

    @cached_property
    def unit(self) -> dict[str, int]:
        """By resource: how many units make one unit of currency or one person-day."""
        once, running = units(self.problem.currency), self._running_unit("money_per_year")
        if not all(step.is_work and step.renew is None for step in self.problem.steps):
            # A premium, or a renewal, is running cost of any number of the smallest units.
            running = math.lcm(once, running)
        later = math.lcm(*(step.a_year.denominator for step in self.problem.steps))
        unit = dict(zip(MONEY, (math.lcm(once, running), once, running, later), strict=True))
        for resource in self.resources:
            if resource not in unit:
                shares = {(s.effort[resource], s.duration) for s in self.problem.steps if resource in s.effort}
                work = math.lcm(*(divided_by(exact(days), parts) for days, parts in shares))
                again = (step.renew.effort.get(resource, 0.0) for step in self.problem.steps if step.renew)
                unit[resource] = math.lcm(work, self._running_unit(resource), *(ratio(days)[1] for days in again))
        return unit

    def _running_unit(self, resource: str) -> int:
        """How many units are needed for what goes on after the finish to be a whole number of them in every period."""
        rates = {self.rate(step, resource) for step in self.problem.steps}
        return math.lcm(*denominators(rates, {period.years for period in self.problem.periods}))

    @staticmethod
    def rate(step: Step, resource: str) -> float:
        """What a step uses of a resource a year, from the period after its finish on."""
        if resource in MONEY:
            return step.per_year if resource in ("money", "money_per_year") else 0.0
        return step.effort_per_year.get(resource, 0.0)

    @cached_property
    def runs(self) -> frozenset[str]:
        """The resources of which some step uses anything after its finish."""
        return frozenset(name for name in self.resources if any(self.rate(step, name) for step in self.problem.steps))

    def smallest(self, step: Step) -> int:
        """A step's investment in the currency's smallest units."""
        many, parts = ratio(step.once)
        whole, rest = divmod(many * self.unit["money_once"], parts)
        return round(whole + Fraction(rest, parts)) if rest else whole

    @cached_property
    def tails(self) -> list[Tail]:
        """The caps on large losses, each with what is known of the sets of steps that keep it."""
        return [Tail(self.problem, index) for index in range(len(self.problem.exceedance))]

    @cached_property
    def limits(self) -> list[int]:
        """The limit of each window in units, rounded down, which no sum of whole units can tell from the limit
        itself.
        """
        return [math.floor(exact(window.limit) * self.unit[window.resource]) for window in self.problem.windows]

    @cached_property
    def _lengths(self) -> dict[str, list[tuple[int, int]]]:
        """By resource that something goes on using: what one unit of currency, or one person-day, a year comes to in
        each period, in units, as a fraction.
        """
        fractions = {}
        for resource in sorted(self.runs):
            lengths = [exact(period.years) * self.unit[resource] for period in self.problem.periods]
            fractions[resource] = [(length.numerator, length.denominator) for length in lengths]
        return fractions

    @cached_property
    def _running(self) -> dict[tuple[float, str], list[int]]:
        return {}

    def running(self, step: Step, resource: str) -> list[int]:
        """Units that running it takes in each period, were the step finished before it."""
        rate = self.rate(step, resource)
        amounts = self._running.get((rate, resource))
        if amounts is None:
            many, parts = ratio(rate)
            lengths = self._lengths.get(resource, [(0, 1)] * self.problem.horizon)
            amounts = self._running[rate, resource] = [many * length // (parts * of) for length, of in lengths]
        return amounts

    def use(self, step: Step, start: int, resource: str) -> list[int]:
        """Units of a resource that a step uses in each period when it starts in ``start``."""
        used = [0] * self.problem.horizon
        finish = step.finish(start)
        used[start : finish + 1] = self.working_by_period(step, resource)
        if self.rate(step, resource):
            used[finish + 1 :] = self.running(step, resource)[finish + 1 :]
        for t in self._renewals(step, finish, resource):
            used[t] += self.renewed(step, resource)
        return used

    def renewed(self, step: Step, resource: str) -> int:
        """Units that each of its renewals takes."""
        if step.renew is None or resource in ("money_once", "money_afterwards"):
            return 0
        amount = step.renew.once if resource in MONEY else step.renew.effort.get(resource, 0.0)
        return int(exact(amount) * self.unit[resource])

    def _renewals(self, step: Step, finish: int, resource: str) -> range:
        """The periods in which they take any."""
        renewed = self.renewed(step, resource)
        return step.renew.periods(finish, self.problem.horizon) if step.renew and renewed else range(0)

    def whole(self, step: Step, start: int, resource: str) -> int:
        """Units that a step uses in all periods together when it starts in ``start``."""
        running = self.running(step, resource)[start + step.duration :] if self.rate(step, resource) else []
        again = len(self._renewals(step, step.finish(start), resource)) * self.renewed(step, resource)
        return self.work(step, resource) + sum(running) + again

    def working_by_period(self, step: Step, resource: str) -> list[int]:
        """Units that a step uses in each working period."""
        each, last = self.working(step, resource)
        return self.uneven(step, resource) or [*[each] * (step.duration - 1), last]

    def uneven(self, step: Step, resource: str) -> list[int]:
        """The same where it says how its money falls over them; none where it falls evenly."""
        if not step.spread or resource not in step.paid_as:
            return []
        factor = self.unit[resource] // self.unit["money_once"]
        return [part * factor for part in divided(self.smallest(step), step.spread)]

    def working(self, step: Step, resource: str) -> tuple[int, int]:
        """Units that a step uses in each working period but the last, and in the last; were its money to fall evenly
        over them where it does not.
        """
        if resource not in MONEY and resource not in step.effort:
            return _NOTHING
        amounts = self._work.get((step.id, resource))
        if amounts is None:
            each = last = 0
            if resource in step.paid_as:
                smallest = self.smallest(step)
                factor = self.unit[resource] // self.unit["money_once"]
                each = smallest // step.duration * factor
                last = smallest * factor - each * (step.duration - 1)
            elif resource == "money_afterwards":
                last = int(step.a_year * self.unit[resource])
            elif resource not in MONEY and step.effort.get(resource):
                days, parts = ratio(step.effort[resource])
                each = last = days * self.unit[resource] // (parts * step.duration)
            amounts = self._work[step.id, resource] = (each, last)
        return amounts

    def work(self, step: Step, resource: str) -> int:
        """Units that a step uses while it is worked on."""
        each, last = self.working(step, resource)
        return each * (step.duration - 1) + last

    @cached_property
    def _work(self) -> dict[tuple[str, str], tuple[int, int]]:
        return {}

    def uses(self, step: Step, resource: str) -> bool:
        """Whether a step can use a resource at all."""
        if resource in MONEY:
            once = resource in step.paid_as and step.once
            return bool(once or (resource != "money_once" and step.afterwards))
        return any(by.get(resource) for by in step.works)

    def total(self, starts: Starts, resource: str) -> list[int]:
        """Units of a resource that a plan uses in each period."""
        used = [0] * self.problem.horizon
        #: By period: what the steps that finish before it use a year, those with the same denominator together.
        rates: list[dict[int, int]] = [{} for _ in range(self.problem.horizon + 1)]
        for name, start in starts.items():
            step = self.steps[name]
            if not self.uses(step, resource):
                continue
            finish = step.finish(start)
            for t, part in enumerate(self.working_by_period(step, resource), start):
                used[t] += part
            for t in self._renewals(step, finish, resource):
                used[t] += self.renewed(step, resource)
            rate_of_step = self.rate(step, resource)
            if rate_of_step:
                many, parts = ratio(rate_of_step)
                rates[finish + 1][parts] = rates[finish + 1].get(parts, 0) + many
        if resource in self._lengths:
            rate = Fraction(0)
            for t, (length, of) in enumerate(self._lengths[resource]):
                rate += sum((Fraction(many, parts) for parts, many in rates[t].items()), Fraction(0))
                used[t] += int(rate * length / of)
        return used

    def amount(self, units: int, resource: str) -> float:
        """Units as currency or person-days."""
        # Whole numbers divide to the nearest double, however large they are.
        return units / self.unit[resource]

    def spend_value(self, step: Step, start: int) -> float:
        """S of one step alone: its discounted money, tail included."""
        if not self.uses(step, "money"):
            return 0.0
        used, unit = self.use(step, start, "money"), self.unit["money"]
        # Whole numbers divide to the nearest double, however large they are.
        inside = math.fsum(
            units / unit * discount for units, discount in zip(used, self._discounts, strict=True) if units
        )
        return inside + step.afterwards * self._tail

    @cached_property
    def _discounts(self) -> list[float]:
        return [period.discount for period in self.problem.periods]

    @cached_property
    def _tail(self) -> float:
        """What one unit of yearly loss or cost weighs after the horizon."""
        return weights(self.problem)[-1]

    def worth(self, step: Step, start: int) -> float:
        """V of one step alone: its discounted worth that is not risk; its points where these are what counts."""
        once, per_year = self._objective.gains(step)
        if not (once or per_year):
            return 0.0
        finish = step.finish(start)
        in_place = math.fsum(weights(self.problem)[self.problem.in_place(step, start) : self.problem.horizon])
        return once * self.problem.periods[finish].discount + per_year * (in_place + weights(self.problem)[-1])
