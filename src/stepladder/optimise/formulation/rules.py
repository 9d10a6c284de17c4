"""One function for each family of variables and for each rule of a plan, its formula in the docstring.

Each takes the grid and gives rows as data: ``("needs", (3, 5, 2))``, in texts ``needs_3_5_2``, is step 3 needing
step 5 at period 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import pairwise

from stepladder.data.formats.problem import MONEY, Window
from stepladder.data.objective import objective_of
from stepladder.evaluate import PRECISION, caps
from stepladder.optimise.formulation.rows import Name, Row, Sense, Terms, Variable, collect
from stepladder.optimise.formulation.variables import Grid, Pairs


def started_variables(grid: Grid) -> Iterator[Variable]:
    """z[i, t] ∈ {0, 1}: step i has started in or before period t, for earliest_i ≤ t ≤ latest_i."""
    for k, step in enumerate(grid.problem.steps):
        for t in grid.starts_of(step):
            name = grid.started(step, t)
            if name is not None:
                yield Variable(name, 0.0, 1.0, integer=True, kind="started", index=k, time=t)


def starting_variables(grid: Grid) -> Iterator[Variable]:
    """x[i, s] ∈ {0, 1}: step i starts in period s."""
    for k, step in enumerate(grid.problem.steps):
        for s in grid.starts_of(step):
            yield Variable(grid.starting(step, s), 0.0, 1.0, integer=True, kind="starting", index=k, time=s)


def loss_variables(grid: Grid) -> Iterator[Variable]:
    """e[k, t] ∈ [least, 1]: what remains of threat k at time t, a share of today's loss; t = T is the tail."""
    for (k, t), least in grid.losses.items():
        name = grid.loss(k, t)
        if name is not None:
            yield Variable(name, least, 1.0, integer=False, kind="loss", index=k, time=t)


def once_started(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ z[i, t+1]: what has started stays started."""
    for k, step in enumerate(grid.problem.steps):
        for t, then in pairwise(grid.starts_of(step)):
            terms = [(grid.started(step, t), 1.0), (grid.started(step, then), -1.0)]
            yield Row("once", (k, t), collect(terms), "<=", 0.0)


def starting(grid: Grid) -> Iterator[Row]:
    """x[i, s] = z[i, s] − z[i, s−1]: a step starts in the period by which it has started and before which it has
    not.
    """
    for k, step in enumerate(grid.problem.steps):
        for s in grid.starts_of(step):
            terms: Pairs = [
                (grid.starting(step, s), 1.0),
                (grid.started(step, s), -1.0),
                (grid.started(step, s - 1), 1.0),
            ]
            yield Row("starting", (k, s), collect(terms), "==", 0.0)


def required(grid: Grid) -> Iterator[Row]:
    """z[i, latest_i] = 1 for a step that is required or pinned; with no possible start this row cannot hold."""
    for k, step in enumerate(grid.problem.steps):
        if step.must:
            yield Row("required", (k,), collect([(grid.planned(step), 1.0)]), "==", 1.0)


def needs(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ z[j, t − ℓ − d_j + 1] for i needs j with lag ℓ: s_i ≥ f_j + ℓ, and i only with j.

    Where both so close together are too much for a window, j has started earlier still. Where the same start of j
    serves several of i, the row of the last of them says it for all.
    """
    for k, step in enumerate(grid.problem.steps):
        for j, gap in grid.tables.needs[k]:
            latest = [*grid.dates.before(k, j, gap), None]
            for t, here, after in zip(grid.starts_of(step), latest, latest[1:], strict=False):
                if here is None or here != after:
                    other = None if here is None else grid.started(grid.tables.steps[j], here)
                    terms = [(grid.started(step, t), 1.0), (other, -1.0)]
                    yield Row("needs", (k, j, t), collect(terms), "<=", 0.0)


def needs_any(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ Σ_j z[j, t − ℓ_j − d_j + 1] over the members j of a group: at least one of them first."""
    for k, step in enumerate(grid.problem.steps):
        for g, group in enumerate(step.needs_any):
            for t in grid.starts_of(step):
                terms: Pairs = [(grid.started(step, t), 1.0)]
                for need in group:
                    other = grid.ledger.steps[need.step]
                    terms.append((grid.started(other, t - need.lag - other.duration + 1), -1.0))
                yield Row("needs_any", (k, g, t), collect(terms), "<=", 0.0)


def excludes(grid: Grid) -> Iterator[Row]:
    """z[i, latest_i] + z[j, latest_j] ≤ 1: not both."""
    for k, (a, b) in enumerate(grid.problem.excludes):
        terms = [(grid.planned(grid.ledger.steps[name]), 1.0) for name in (a, b)]
        yield Row("excludes", (k,), collect(terms), "<=", 1.0)


def use(grid: Grid, window: Window) -> Pairs:
    """Terms of what is used in a window, in currency or person-days: Σ_i Σ_s use_i(s, window) · (z[i, s] − z[i,
    s−1]).
    """
    ledger = grid.ledger
    if window.resource not in ledger.unit:
        # No step uses it.
        return []
    used = grid.tables.uses(window.resource).between(window.from_, window.to + 1)
    inside = (used / ledger.unit[window.resource]).astype(float).tolist()
    terms: Pairs = []
    for step, by_start in zip(grid.problem.steps, inside, strict=True):
        if ledger.uses(step, window.resource):
            terms += grid.by_start(step, by_start.__getitem__)
    return terms


def windows(grid: Grid) -> Iterator[Row]:
    """Σ_i Σ_s use_i(s, window) · (z[i, s] − z[i, s−1]) ≤ limit, in currency or person-days."""
    ledger = grid.ledger
    for k, window in enumerate(grid.problem.windows):
        limit = ledger.amount(ledger.limits[k], window.resource)
        yield Row("window", (k,), collect(use(grid, window)), "<=", limit)


def busy(grid: Grid, t: int) -> Pairs:
    """Terms of how many steps are in work in a period: Σ_i (z[i, t] − z[i, t − d_i])."""
    terms: Pairs = []
    for step in grid.problem.steps:
        terms += [(grid.started(step, t), 1.0), (grid.started(step, t - step.duration), -1.0)]
    return terms


def max_parallel(grid: Grid) -> Iterator[Row]:
    """Σ_i (z[i, t] − z[i, t − d_i]) ≤ limit: so many steps in work in period t."""
    for t, limit in enumerate(grid.problem.parallel or ()):
        yield Row("parallel", (t,), collect(busy(grid, t)), "<=", float(limit))


def appetite_of_threat(grid: Grid) -> Iterator[Row]:
    """Σ_i ln(factor_i) · in_place_i(t) ≤ ln(cap / today's loss): exact, because one threat's loss is one product."""
    place = {threat.id: k for k, threat in enumerate(grid.problem.threats)}
    for index, t in caps(grid.problem):
        cap = grid.problem.appetite[index]
        if cap.threat is None:
            continue
        k = place[cap.threat]
        loss = grid.problem.threats[k].expected_loss_per_year
        if loss > 0:
            # A cap of nothing is out of reach of factors above zero; −1e3 in logarithms says so without an infinity.
            room = math.log(cap.expected_loss_per_year / loss) + PRECISION if cap.expected_loss_per_year > 0 else -1e3
            yield Row("appetite", (index, t), collect(grid.log_loss(k, t)), "<=", room)


def appetite_of_all(grid: Grid) -> Iterator[Row]:
    """Σ_k loss_k · e[k, t] ≤ cap: all threats together. With e from below this is a relaxation that tangents close."""
    for index, t in caps(grid.problem):
        cap = grid.problem.appetite[index]
        if cap.threat is not None:
            continue
        scale = max(cap.expected_loss_per_year, 1.0)
        terms: Pairs = []
        fixed = 0.0
        for k, threat in enumerate(grid.problem.threats):
            name = grid.loss(k, t)
            terms.append((name, threat.expected_loss_per_year / scale))
            fixed += 0.0 if name else threat.expected_loss_per_year
        yield Row(
            "appetite",
            (index, t),
            collect(terms),
            "<=",
            (cap.expected_loss_per_year * (1 + PRECISION) - fixed) / scale,
        )


def tangent(grid: Grid, threat: int, t: int, log_share: float, label: str) -> Row:
    """e[k, t] ≥ exp(p) · (1 + y − p) with y = Σ ln(factor_i) · in_place_i(t): the tangent of exp at p, never above
    it.
    """
    height = math.exp(log_share)
    terms: Pairs = [(grid.loss(threat, t), 1.0)]
    terms += [(name, -height * log) for name, log in grid.log_loss(threat, t)]
    return Row("tangent", (threat, t, label), collect(terms), ">=", height * (1 - log_share))


def first_points(least: float, count: int) -> list[float]:
    """Logarithms evenly spread between nothing in place (0) and everything in place."""
    return [math.log(least) * m / max(count - 1, 1) for m in range(count)]


def points_around(least: float, log_share: float) -> list[float]:
    """Logarithms around the one that a plan leaves; where it leaves everything, that and a little less."""
    lowest = math.log(least)
    around = (
        (AROUND * lowest, 0.0) if log_share > AROUND * lowest else tuple(log_share * part for part in (1.3, 1.0, 0.7))
    )
    return sorted({max(lowest, point) for point in around})


def tangents(grid: Grid, points: Mapping[tuple[int, int], Iterable[float]]) -> Iterator[Row]:
    """Tangents at these points of every loss."""
    for (k, t), at in points.items():
        for m, point in enumerate(at):
            yield tangent(grid, k, t, point, str(m))


def few_moves(grid: Grid) -> Iterator[Row]:
    """Σ_{i published} (1 − (z[i, s_i] − z[i, s_i − 1])) + Σ_{i not published} z[i, latest_i] ≤ moves: of a published
    plan no more steps move.
    """
    keep = grid.keep
    if keep is None:
        return
    terms: Pairs = []
    count = 0
    for step in grid.problem.steps:
        start = keep.starts.get(step.id)
        if step.id in keep.settled:
            continue
        if start is None:
            terms.append((grid.planned(step), 1.0))
        else:
            count += 1
            # A start that is not possible any more is no variable of its own: there the two are the same.
            terms += [(grid.started(step, start), -1.0), (grid.started(step, start - 1), 1.0)]
    known = {step.id for step in grid.problem.steps}
    count += len(keep.starts.keys() - known - keep.settled)
    yield Row("few_moves", (), collect(terms), "<=", float(keep.moves - count))


def risk_terms(grid: Grid) -> tuple[Pairs, float]:
    """R = Σ_t δ_t Δ_t Σ_k loss_k · e[k, t] + δ_T Y Σ_k loss_k · e[k, T] − V, and the part that no plan changes."""
    terms: Pairs = []
    fixed = 0.0
    for t, weight in enumerate(grid.weights):
        for k, threat in enumerate(grid.problem.threats):
            name = grid.loss(k, t)
            terms.append((name, weight * threat.expected_loss_per_year))
            fixed += 0.0 if name else weight * threat.expected_loss_per_year
    return terms + gain_terms(grid), fixed


def gain_terms(grid: Grid) -> Pairs:
    """−V over the planned steps; where points count −P, with P = Σ_i points_i · (Σ_{t: in place} δ_t Δ_t + δ_T Y)."""
    terms: Pairs = []
    gains = objective_of(grid.problem).gains
    for step in grid.problem.steps:
        if any(gains(step)):
            terms += [(name, -amount) for name, amount in grid.by_start(step, partial(grid.ledger.worth, step))]
    return terms


def spend_terms(grid: Grid) -> Pairs:
    """S = Σ_t δ_t σ_t + δ_T Y Σ_i per_year_i over the planned steps."""
    terms: Pairs = []
    spend = grid.tables.spend.tolist()
    for step in grid.problem.steps:
        if grid.ledger.uses(step, MONEY[0]):
            terms += grid.by_start(step, spend[grid.number[step.id]].__getitem__)
    return terms


def no_worse(grid: Grid, terms: Pairs, fixed: float, value: float) -> Row:
    """First criterion ≤ the value found, while the second one is minimised."""
    scaled = collect((name, amount / grid.scale) for name, amount in terms)
    return Row("no_worse", (), scaled, "<=", (value - fixed) / grid.scale + CLOSE_ENOUGH)


def cover(grid: Grid, window: int, choice: Iterable[tuple[str, int]], label: str) -> Row:
    """Σ (z[i, b] − z[i, a−1]) ≤ |C| − 1: these steps, started in these periods, exceed a window together, so not all
    of them are.
    """
    terms: Pairs = []
    count = 0
    for name, start in choice:
        step = grid.ledger.steps[name]
        terms += [(grid.started(step, start), 1.0), (grid.started(step, start - 1), -1.0)]
        count += 1
    return Row("cover", (window, label), collect(terms), "<=", float(count - 1))


def more_in_place(grid: Grid, index: int, t: int, missing: Iterable[str], label: str) -> Row:
    """Σ in_place_i(t) ≥ 1 over steps that are not: what is in place leaves too much loss, so at least one more must
    be.
    """
    terms = [(grid.in_place(grid.ledger.steps[name], t), 1.0) for name in missing]
    return Row("more", (index, t, label), collect(terms), ">=", 1.0)


def better_than(grid: Grid, terms: Pairs, plan: Mapping[str, int], label: str) -> Row:
    """Σ of what can lower these terms ≥ 1: z that are 0 in the plan and take off a loss or cost less than nothing, and
    1 − z that are 1 and cost.

    Every plan with a lower sum changes one of these; the plan itself does not, nor one that is worse in all in which
    they differ.
    """
    amounts = collect(terms)
    helpful = {name for name, amount in amounts.items() if amount < 0}
    for k, t in grid.losses:
        if amounts.get(grid.loss(k, t) or Name(""), 0.0) > 0:
            helpful |= {name for name, _ in grid.log_loss(k, t) if name is not None}
    harmful = {name for name, amount in amounts.items() if amount > 0}
    return Row("better", (label,), *_differs(grid, plan, helpful, harmful))


def other_than(grid: Grid, plan: Mapping[str, int], label: str) -> Row:
    """Σ of z that are 0 in the plan + Σ of 1 − z that are 1 ≥ 1: another plan than this one."""
    every = {
        name for step in grid.problem.steps for s in grid.starts_of(step) if (name := grid.started(step, s)) is not None
    }
    return Row("other", (label,), *_differs(grid, plan, every, every))


def _differs(grid: Grid, plan: Mapping[str, int], up: set[Name], down: set[Name]) -> tuple[Terms, Sense, float]:
    """One of some variables is 1 that is 0 in the plan, or one of others is 0 that is 1."""
    pairs: Pairs = []
    ones = 0
    for step in grid.problem.steps:
        for s in grid.starts_of(step):
            variable = grid.started(step, s)
            on = step.id in plan and plan[step.id] <= s
            if on and variable in down:
                ones += 1
                pairs.append((variable, -1.0))
            elif not on and variable in up:
                pairs.append((variable, 1.0))
    return collect(pairs), ">=", 1.0 - ones


#: So near to nothing in place, as a part of everything, two points are enough.
AROUND = 0.15
#: Room, in the solver's scaled units, for a sum of floats to be off.
CLOSE_ENOUGH = 1e-7
