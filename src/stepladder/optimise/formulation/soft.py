"""Limits, dates and caps as soft rows: what a plan takes beyond them is added up and minimised."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from stepladder.data.demand import Demand
from stepladder.data.formats.money import units
from stepladder.data.formats.problem import MONEY, SPENT, Problem, Window
from stepladder.data.remedy import Change, RemedyKind, fixed, touches
from stepladder.evaluate import Ledger, exact
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.rows import Name, Pairs, Row, Variable, collect
from stepladder.optimise.formulation.variables import Grid

#: Person-days are given in hundredths, money in its currency's smallest units.
DAYS = 100
#: What is minimised is at most about so large in the solver's units: its tolerances are absolute.
FINE = 10_000

Starts = Mapping[str, int]
#: What a plan takes, in whole units, and the changes that allow it; None where no such change does.
Measure = Callable[[Starts], tuple[int, tuple[Change, ...]] | None]


@dataclass
class Soft:
    """What a kind of remedy adds to a program.

    Attributes
    ----------
    kind
        Which kind.
    terms, scale
        What is minimised, and how many units one of the solver's are.
    measure
        What a plan takes.
    variables, rows
        What is added.
    constant
        What is minimised beside the terms.
    parts
        How many units make one of what is given: one of the currency, or a person-day.
    weight
        Of pins: what one that gives way counts beside the periods by which pins move.
    """

    kind: RemedyKind
    terms: Pairs
    scale: float
    measure: Measure
    variables: list[Variable] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    constant: float = 0.0
    parts: int = 1
    weight: int = 1


@dataclass(frozen=True)
class Loosened:
    """A question, and the grid of what is left of it when it is loosened.

    Attributes
    ----------
    problem, demands
        The question.
    kinds
        What is loosened.
    grid
        Of the loosened question.
    """

    problem: Problem
    demands: Sequence[Demand]
    kinds: tuple[RemedyKind, ...]
    grid: Grid

    def touched(self, kind: RemedyKind) -> list[tuple[int, Demand]]:
        """The demands that a kind changes, with their places."""
        rigid = fixed(self.demands, self.kinds)
        return [(k, demand) for k, demand in enumerate(self.demands) if touches(kind, demand, rigid)]


# -- money and people ----------------------------------------------------------------------------------------------


def money(asked: Loosened) -> Soft:
    """Σ use ≤ limit + Σ_t extra[t] over the periods of each limit on money; least Σ_t extra[t]. What goes on costing
    afterwards has an extra of its own.
    """
    problem = asked.problem
    coins = units(problem.currency)
    years = math.fsum(period.years for period in problem.periods)
    most = math.fsum(step.once + step.per_year * years for step in asked.grid.problem.steps) + 1.0
    most += math.fsum(step.renew.once * problem.horizon for step in asked.grid.problem.steps if step.renew)
    demands = tuple(k for k, _ in asked.touched("money"))
    if any(window.resource == MONEY[3] for window in problem.windows):
        most += math.fsum(step.afterwards for step in problem.steps)
    windows = [(int(window.resource not in SPENT), window) for window in problem.windows if window.resource in MONEY]

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """Money lacking in all periods, in the currency's smallest units, and in which."""
        ledger, total, changes = Ledger(problem), 0, list[Change]()
        for group, resource in enumerate(("", MONEY[3])):
            given = lacking(ledger, starts, [window for one, window in windows if one == group], coins)
            total += sum(given)
            changes += [
                Change("money", demands, resource=resource, period=t, amount=parts / coins)
                for t, parts in enumerate(given)
                if parts
            ]
        return total, tuple(changes)

    return _extra(asked, "money", windows, most, coins, measure)


def people(asked: Loosened) -> Soft:
    """The same for each team, in person-days; least sum over teams and periods."""
    problem = asked.problem
    mine = asked.touched("people")
    windows = [(n, problem.windows[k]) for n, (_, demand) in enumerate(mine) for k in demand.windows]
    years = math.fsum(period.years for period in problem.periods)
    most = math.fsum(
        math.fsum([*step.effort.values(), *(days * years for days in step.effort_per_year.values())])
        for step in problem.steps
    )
    most += 1.0

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """Work lacking in all teams and periods, in parts of ``DAYS`` to a person-day, and where."""
        ledger, total, changes = Ledger(problem), 0, []
        for n, (place, _) in enumerate(mine):
            own = [window for m, window in windows if m == n]
            given = lacking(ledger, starts, own, DAYS)
            total += sum(given)
            changes += [
                Change("people", (place,), resource=own[0].resource, period=t, amount=parts / DAYS)
                for t, parts in enumerate(given)
                if parts
            ]
        return total, tuple(changes)

    return _extra(asked, "people", windows, most, DAYS, measure)


def _extra(
    asked: Loosened, kind: RemedyKind, windows: Sequence[tuple[int, Window]], most: float, parts: int, measure: Measure
) -> Soft:
    """Variables for what is given in each period to each group of limits."""
    groups = sorted({group for group, _ in windows})
    names = {(group, t): Name(f"extra_{kind}_{group}_{t}") for group in groups for t in range(asked.problem.horizon)}
    scale = max(1.0, most / FINE)
    rows = []
    for k, (group, window) in enumerate(windows):
        given: Pairs = [(names[group, t], -1.0) for t in range(window.from_, window.to + 1)]
        terms = [*rules.use(asked.grid, window), *given]
        rows.append(Row(f"soft_{kind}", (k,), collect(terms), "<=", window.limit))
    softened = Soft(
        kind, [(name, 1.0 / scale) for name in names.values()], scale * parts, measure, rows=rows, parts=parts
    )
    softened.variables = [
        Variable(name, 0.0, most, integer=False, kind=f"extra_{kind}", index=group, time=t)
        for (group, t), name in names.items()
    ]
    return softened


def lacking(ledger: Ledger, starts: Starts, windows: Sequence[Window], parts: int) -> list[int]:
    """How much more of a resource a plan needs in each period, in so many whole parts of one, as late as will do and as
    little in all as can be.

    Limits are intervals of periods: taken by their ends, each is given what it still lacks in its last period, and
    nothing less would do.
    """
    given = [0] * ledger.problem.horizon
    short = []
    for window in windows:
        used = Fraction(
            sum(ledger.total(starts, window.resource)[window.from_ : window.to + 1]), ledger.unit[window.resource]
        )
        short.append((window.to, window.from_, math.ceil((used - exact(window.limit)) * parts)))
    for last, first, count in sorted(short):
        given[last] += max(0, count - sum(given[first : last + 1]))
    return given


# -- steps at once -------------------------------------------------------------------------------------------------


def parallel(asked: Loosened) -> Soft:
    """Steps in work in every period ≤ limit + more, or no more than what has happened takes; least ``more``."""
    problem = asked.problem
    limit, by_period = problem.max_parallel or 0, problem.parallel or ()
    more, most = Name("more_parallel"), float(len(problem.steps))
    variables, rows = [Variable(more, 0.0, most, integer=True, kind="more_parallel")], list[Row]()
    for t, allowed in enumerate(by_period):
        work = rules.busy(asked.grid, t)
        raised = [*work, (more, -1.0)]
        if allowed > limit:
            # Either of the two limits: the larger one counts.
            other = Name(f"over_parallel_{t}")
            variables.append(Variable(other, 0.0, 1.0, integer=True, kind="over_parallel", index=t))
            rows.append(Row("soft_parallel_past", (t,), collect([*work, (other, -most)]), "<=", float(allowed)))
            rows.append(Row("soft_parallel", (t,), collect([*raised, (other, most)]), "<=", limit + most))
        else:
            rows.append(Row("soft_parallel", (t,), collect(raised), "<=", float(limit)))
    demands = tuple(k for k, _ in asked.touched("parallel"))
    steps = problem.steps_by_id()

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """By how many steps some period is over the limit and over what has happened, and the limit that it keeps."""
        busy = (
            sum(start <= t < start + steps[name].duration for name, start in starts.items())
            for t in range(problem.horizon)
        )
        needed = max([limit, *(count for count, allowed in zip(busy, by_period, strict=True) if count > allowed)])
        return needed - limit, (Change("parallel", demands, amount=float(needed)),) if needed > limit else ()

    return Soft("parallel", [(more, 1.0)], 1.0, measure, variables, rows)
