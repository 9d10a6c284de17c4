"""A problem as arrays: what each step uses, costs and is worth at each start, and who waits for whom, by index."""

from __future__ import annotations

import math
from functools import cached_property
from itertools import accumulate, pairwise

import numpy as np

from stepladder.data.formats.problem import Step
from stepladder.data.objective import objective_of
from stepladder.evaluate.achieved import Achievements
from stepladder.evaluate.covers import mixed
from stepladder.evaluate.ledger import Ledger, loss_weights, weights
from stepladder.evaluate.loss import caps
from stepladder.evaluate.mixed import Mixed
from stepladder.evaluate.uses import Array, Table, Uses


class Tables:
    """Arrays of a problem; made once, shared by all drafts of it.

    Attributes
    ----------
    steps
        The steps, in the order of the problem; everything else speaks of their indices.
    needs, waiting
        By step: (needed step, periods from its start to the earliest start), and the same from the other side.
    groups, grouped
        By step: its any-of groups of such pairs, and the steps in whose groups it stands.
    effects
        By step: (threat, factor).
    touched
        By step: its threats, and the logarithm of what it takes off each, in whole units of that threat.
    since, until
        First time in place, by step and start, shape (n, T); and by step the first at which it is no longer, T + 1
        where it stays.
    mixed
        What policies leave of threats whose events steps make cheaper.
    need_rule
        By step: the rule that says that what it needs comes first.
    achievements
        What follows from steps that are finished.
    achieving
        By step: (needed achievement, periods from when it holds to the earliest start).
    """

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.problem = ledger, ledger.problem
        self.steps = list(ledger.problem.steps)
        self.number = {step.id: k for k, step in enumerate(self.steps)}
        self.horizon = ledger.problem.horizon
        self.duration = np.array([step.duration for step in self.steps], dtype=np.int64).reshape(-1, 1)
        finish = self.duration - 1 + np.arange(self.horizon)
        self.since = np.minimum(finish + ledger.problem.effect_lag, self.horizon)
        self.until = [self.horizon + 1 if step.until is None else step.until for step in self.steps]
        for k, step in enumerate(self.steps):
            if step.until is not None:
                self.since[k] = step.helps_from(0, ledger.problem.effect_lag)
        self.need_rule = ["needs" if step.is_work else "policy_needs" for step in self.steps]
        self.achievements = Achievements(ledger.problem)
        self.achieving = [
            [(self.achievements.number[need.achievement], need.lag) for need in step.needs_achievements]
            for step in self.steps
        ]
        self._relations()

    def _relations(self) -> None:
        count = len(self.steps)
        self.needs: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self.waiting: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self.groups: list[list[list[tuple[int, int]]]] = [[] for _ in range(count)]
        self.grouped: list[set[int]] = [set() for _ in range(count)]
        self.excludes: list[set[int]] = [set() for _ in range(count)]
        self.effects: list[list[tuple[int, float]]] = [[] for _ in range(count)]
        for k, step in enumerate(self.steps):
            for need in step.needs:
                j = self.number[need.step]
                self.needs[k].append((j, self.steps[j].duration - 1 + need.lag))
                self.waiting[j].append((k, self.steps[j].duration - 1 + need.lag))
            for group in step.needs_any:
                members = [(self.number[n.step], self.steps[self.number[n.step]].duration - 1 + n.lag) for n in group]
                self.groups[k].append(members)
                for j, _ in members:
                    self.grouped[j].add(k)
        for a, b in self.problem.excludes:
            self.excludes[self.number[a]].add(self.number[b])
            self.excludes[self.number[b]].add(self.number[a])
        covered = {t: one for t, threat in enumerate(self.problem.threats) if (one := mixed(threat)) is not None}
        self.mixed = Mixed(covered, self.number, self.since, self.until)
        for t, threat in enumerate(self.problem.threats):
            # What a policy leaves of a threat of several kinds of steps is no factor.
            factors = threat.factors if t not in covered else threat.factors | dict.fromkeys(covered[t].covers, 1.0)
            for name, factor in factors.items():
                self.effects[self.number[name]].append((t, factor))
        self.touched = self._in_units()

    def fits_itself(self, step: Step, start: int) -> list[str]:
        """The rules about a step alone that a start breaks."""
        broken = []
        if start < step.earliest:
            broken.append("earliest")
        if step.start is not None and start != step.start:
            broken.append("pinned_start")
        if step.latest_finish is not None and step.finish(start) > step.latest_finish:
            broken.append("latest_finish")
        return broken

    @cached_property
    def own(self) -> Array:
        """Whether a step may start there as far as its own dates and the horizon go, by step and start."""
        start, finish = np.arange(self.horizon), self.duration - 1 + np.arange(self.horizon)
        never = 2 * self.horizon + self.duration.max(initial=0)
        last = np.array(
            [never if step.latest_finish is None else step.latest_finish for step in self.steps], dtype=np.int64
        ).reshape(-1, 1)
        first = np.array([step.earliest for step in self.steps], dtype=np.int64).reshape(-1, 1)
        pinned = np.array([-1 if step.start is None else step.start for step in self.steps], dtype=np.int64).reshape(
            -1, 1
        )
        result: Array = (
            (finish < self.horizon) & (finish <= last) & (start >= first) & ((pinned < 0) | (start == pinned))
        )
        return result

    # -- money and people ------------------------------------------------------------------------------------------

    def uses(self, resource: str) -> Uses:
        """What each start of each step uses of the windows of a resource, in their order."""
        if resource not in self._uses:
            first, after, _ = self.windows.get(resource, (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), []))
            ledger = self.ledger
            work = [ledger.working(step, resource) for step in self.steps]
            running = [ledger.running(step, resource) for step in self.steps] if resource in ledger.runs else None
            uneven = {k: parts for k, step in enumerate(self.steps) if (parts := ledger.uneven(step, resource))}
            again = [(step.renew.every if step.renew else 1, ledger.renewed(step, resource)) for step in self.steps]
            spans = (first, after)
            self._uses[resource] = Uses(work, running, self.duration, self.horizon, spans, uneven, again)
        return self._uses[resource]

    @cached_property
    def limited(self) -> list[list[str]]:
        """By step: the limited resources that it can use."""
        return [[name for name in self.windows if self.ledger.uses(step, name)] for step in self.steps]

    @cached_property
    def rows(self) -> Table:
        """What each start of each step uses of every limit."""
        limits = {name: limits for name, (_, _, limits) in self.windows.items()}
        uses = {name: self.uses(name) for name in limits}
        return Table(uses, limits, self.at_work, self.horizon, self.problem.parallel)

    @cached_property
    def at_work(self) -> Array:
        """Periods in which each step is in work, as a column: none where nobody works on it."""
        result: Array = np.where(np.array([step.is_work for step in self.steps]).reshape(-1, 1), self.duration, 0)
        return result

    @cached_property
    def _uses(self) -> dict[str, Uses]:
        return {}

    @cached_property
    def windows(self) -> dict[str, tuple[Array, Array, list[int]]]:
        """By resource: first period, period after the last, and limit in units, of each of its windows."""
        windows: dict[str, tuple[list[int], list[int], list[int]]] = {}
        for k, window in enumerate(self.problem.windows):
            first, after, limits = windows.setdefault(window.resource, ([], [], []))
            first.append(window.from_)
            after.append(window.to + 1)
            limits.append(self.ledger.limits[k])
        return {name: (np.array(first), np.array(after), limits) for name, (first, after, limits) in windows.items()}

    # -- criteria --------------------------------------------------------------------------------------------------

    @cached_property
    def today(self) -> Array:
        """Expected loss per year of each threat, as a column."""
        return np.array([threat.expected_loss_per_year for threat in self.problem.threats]).reshape(-1, 1)

    @cached_property
    def _digits(self) -> list[int]:
        """By threat: so many binary digits of a logarithm are kept that all of a threat's together fit into 62."""
        totals = [math.fsum(-math.log(factor) for factor in threat.factors.values()) for threat in self.problem.threats]
        return [61 - math.frexp(total)[1] if total else 0 for total in totals]

    @cached_property
    def _unit(self) -> Array:
        return np.array([2.0**-digits for digits in self._digits]).reshape(-1, 1)

    def _in_units(self) -> list[tuple[Array, Array]]:
        """By step: its threats, and logarithms as whole numbers, whose sums do not depend on the order in which steps
        come and go.
        """
        pairs = [pair for effects in self.effects for pair in effects]
        which = np.array([threat for threat, _ in pairs], dtype=np.intp)
        whole = [round(math.ldexp(-math.log(factor), self._digits[threat])) for threat, factor in pairs]
        logs = np.array(whole, dtype=np.int64).reshape(-1, 1)
        edges = [0, *accumulate(map(len, self.effects))]
        return [(which[first:after], logs[first:after]) for first, after in pairwise(edges)]

    def remaining(self, logs: Array, which: Array) -> Array:
        """What is left of some threats' losses after sums of logarithms, shape (threats, T + 1)."""
        result: Array = self.today[which] * np.exp(-(logs * self._unit[which]))
        return result

    @cached_property
    def weights(self) -> Array:
        """What one unit a year weighs at each time, the tail last."""
        return np.array(weights(self.problem))

    @cached_property
    def loss_weights(self) -> Array:
        """What one unit of yearly loss weighs in R at each time, the tail last."""
        return np.array(loss_weights(self.problem))

    @cached_property
    def spend(self) -> Array:
        """S of each step alone at each start, shape (n, T)."""
        unit, discount = self.ledger.unit["money"], np.array([period.discount for period in self.problem.periods])
        spend = np.zeros((len(self.steps), self.horizon))
        for rows, flow in self.uses("money").by_period():
            spend[rows] = (flow.astype(float) / unit) @ discount
        result: Array = spend + np.array([step.afterwards for step in self.steps]).reshape(-1, 1) * self.weights[-1]
        return result

    @cached_property
    def worth(self) -> Array:
        """V of each step alone at each start, in currency or in points, shape (n, T); no start that ends beyond the
        horizon is asked for.
        """
        gains = objective_of(self.problem).gains
        worth = np.zeros((len(self.steps), self.horizon))
        for k, step in enumerate(self.steps):
            if any(gains(step)):
                for start in range(self.horizon - step.duration + 1):
                    worth[k, start] = self.ledger.worth(step, start)
        return worth

    @cached_property
    def harm(self) -> float:
        """How much a plan can be worth more, beside losses, without all that is worth less than nothing: no more
        than this.
        """
        return float(np.maximum(-self.worth, 0.0).max(axis=1, initial=0.0).sum())

    @cached_property
    def caps(self) -> list[tuple[int | None, int, float]]:
        """(threat or None for all, time, cap) for every time at which an appetite binds."""
        place = {threat.id: k for k, threat in enumerate(self.problem.threats)}
        rows = []
        for k, t in caps(self.problem):
            cap = self.problem.appetite[k]
            rows.append((None if cap.threat is None else place[cap.threat], t, cap.expected_loss_per_year))
        return rows
