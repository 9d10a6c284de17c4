"""Deadlines, pins and caps as soft rows: what must move, by how little, so that there is a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from stepladder.data.demand import Demand
from stepladder.data.formats.money import units
from stepladder.data.formats.problem import Appetite, Problem
from stepladder.data.remedy import Change, today
from stepladder.evaluate import PRECISION, exact, losses
from stepladder.evaluate.achieved import NEVER
from stepladder.optimise.formulation.rows import Name, Pairs, Row, Variable, collect
from stepladder.optimise.formulation.soft import FINE, Loosened, Soft, Starts
from stepladder.optimise.formulation.soft_fewer import given_up, reached

# -- deadlines -----------------------------------------------------------------------------------------------------


def later(asked: Loosened) -> Soft:
    """late[m] ≥ f_i − due for each step i of a deadline m, f_i − due = Σ_{t > due − d_i} (1 − z[i, t]) over its
    starts, and Σ_{t ≥ due} (1 − h[a, t]) for each of its achievements a, nothing of one that is given up; least Σ
    late[m].
    """
    problem, grid = asked.problem, asked.grid
    mine = asked.touched("later")
    steps = problem.steps_by_id()
    softened = Soft("later", [], 1.0, lambda starts: _lateness(starts, mine, problem))
    for k, demand in mine:
        late = Name(f"late_{k}")
        softened.variables.append(Variable(late, 0.0, float(problem.horizon), integer=False, kind="late", index=k))
        softened.terms.append((late, 1.0))
        for name, due in _due(demand).items():
            step = steps[name]
            # Of a step that is not planned nothing is late; one that takes longer than there is time is late wherever
            # it starts.
            times = range(max(0, due - step.duration + 1), problem.horizon - step.duration + 1)
            waits: Pairs = [(grid.started(step, t), -1.0) for t in times]
            here: Pairs = [(grid.planned(step), float(len(times) + max(0, step.duration - 1 - due)))]
            terms = [*waits, *here, (late, -1.0)]
            softened.rows.append(Row("late", (k, grid.number[name]), collect(terms), "<=", 0.0))
        for name, due in demand.achievements.items():
            a = grid.tables.achievements.number[name]
            held: Pairs = [(grid.holding(a, t), -1.0) for t in range(due, problem.horizon)]
            waived: Pairs = [(given_up(k, a), float(due - problem.horizon))] if "fewer" in asked.kinds else []
            terms = [*held, *waived, (late, -1.0)]
            softened.rows.append(Row("late_achieved", (k, a), collect(terms), "<=", float(due - problem.horizon)))
    return softened


def _due(demand: Demand) -> dict[str, int]:
    return {
        name: fields["latest_finish"]
        for name, fields in demand.steps.items()
        if fields.get("latest_finish") is not None
    }


def _lateness(starts: Starts, mine: list[tuple[int, Demand]], problem: Problem) -> tuple[int, tuple[Change, ...]]:
    total, changes = 0, []
    finishes = {step.id: step.finish(starts[step.id]) for step in problem.steps if step.id in starts}
    # Of one that is never reached nothing is late: it is given up.
    since = {name: time for name, time in reached(problem, starts).items() if time < NEVER}
    for k, demand in mine:
        due = {**_due(demand), **demand.achievements}
        ends = {name: end for name, end in {**finishes, **since}.items() if name in due}
        late = max([0, *(end - due[name] for name, end in ends.items())])
        total += late
        if late:
            changes.append(Change("later", (k,), period=max(due.values()) + late))
    return total, tuple(changes)


# -- pins and exclusions -------------------------------------------------------------------------------------------


def pin(asked: Loosened) -> Soft:
    """As few pins and exclusions as can be give way, and among these the pins that move least, in periods.

    changed[j] ≥ 1 − (z[i, p] − z[i, p − 1]) for a start pinned to p; moved = Σ_{t < p} z[i, t] + Σ_{t ≥ p} (1 − z[i,
    t]), and as far as the horizon is long where the step is not planned at all. For ``earliest`` e: moved = Σ_{t < e}
    z[i, t] ≤ e · changed[j]. Excluded steps: z_a + z_b − 1 ≤ changed.
    """
    problem, horizon = asked.problem, asked.problem.horizon
    mine = asked.touched("pin")
    pins = [
        (k, name, rule)
        for k, demand in mine
        for name, fields in demand.steps.items()
        for rule in ("start", "earliest")
        if fields.get(rule) is not None
    ]
    known = asked.grid.ledger.steps.keys()
    # What no plan here has, nothing excludes.
    pairs = [
        (k, problem.excludes[e]) for k, demand in mine for e in demand.excludes if known >= set(problem.excludes[e])
    ]
    big = len(pins) * horizon + 1
    softened = Soft("pin", [], 1.0, lambda starts: _moves(starts, mine, pins, pairs, big, horizon), weight=big)
    for j, (k, name, rule) in enumerate(pins):
        _pinned(asked, softened, j, name, rule, asked.demands[k].steps[name][rule])
    for j, (_, (a, b)) in enumerate(pairs, len(pins)):
        both: Pairs = [(asked.grid.planned(asked.grid.ledger.steps[name]), 1.0) for name in (a, b)]
        softened.rows.append(Row("changed", (j,), collect([*both, (Name(f"changed_{j}"), -1.0)]), "<=", 1.0))
    softened.variables += [
        Variable(Name(f"changed_{j}"), 0.0, 1.0, integer=True, kind="changed", index=j)
        for j in range(len(pins) + len(pairs))
    ]
    softened.terms += [(Name(f"changed_{j}"), float(big)) for j in range(len(pins) + len(pairs))]
    return softened


def _pinned(asked: Loosened, softened: Soft, j: int, name: str, rule: str, period: int) -> None:
    grid, horizon = asked.grid, asked.problem.horizon
    step, changed = grid.ledger.steps[name], Name(f"changed_{j}")
    before: Pairs = [(grid.started(step, t), 1.0) for t in range(min(period, horizon))]
    if rule == "earliest":
        softened.rows.append(Row("changed", (j,), collect([*before, (changed, -float(max(1, period)))]), "<=", 0.0))
        softened.terms += before
        return
    here: Pairs = [(grid.started(step, period), -1.0), (grid.started(step, period - 1), 1.0)]
    softened.rows.append(Row("changed", (j,), collect([*here, (changed, -1.0)]), "<=", -1.0))
    after: Pairs = [(grid.started(step, t), -1.0) for t in range(period, horizon)]
    softened.terms += [*before, *after, (grid.planned(step), -float(period))]
    softened.constant += horizon


Pins = list[tuple[int, str, str]]


def _moves(
    starts: Starts,
    mine: list[tuple[int, Demand]],
    pins: Pins,
    pairs: list[tuple[int, tuple[str, str]]],
    big: int,
    horizon: int,
) -> tuple[int, tuple[Change, ...]]:
    fields, total, changes = dict(mine), 0, []
    for k, name, rule in pins:
        wanted, start = fields[k].steps[name][rule], starts.get(name)
        if rule == "start" and start != wanted:
            total += big + (horizon if start is None else abs(start - wanted))
            changes.append(Change("pin", (k,), name, rule, period=start))
        elif rule == "earliest" and start is not None and start < wanted:
            total += big + min(wanted, horizon) - start
            changes.append(Change("pin", (k,), name, rule, period=start))
    for k, (a, b) in pairs:
        if a in starts and b in starts:
            total += big
            changes.append(Change("pin", (k,)))
    return total, tuple(changes)


# -- caps on losses ------------------------------------------------------------------------------------------------


def cap(asked: Loosened) -> Soft:
    """E ≤ cap + more[k] in the first period of each cap, E as its tangents show it: losses never rise later, unless
    policies end; then in every period. Least Σ more[k].
    """
    problem = asked.problem
    coins = units(problem.currency)
    mine = [(k, index) for k, demand in asked.touched("cap") for index in demand.appetite]
    scale = max([1.0, *(today(problem, problem.appetite[index]) / FINE for _, index in mine)])

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """By how much losses exceed all caps, in the currency's smallest units, and the caps that they keep."""
        by_threat, total, changes = losses(problem, starts), 0, []
        for k, index in mine:
            appetite = problem.appetite[index]
            loss = max(_loss(by_threat, appetite.threat, t) for t in _looked_at(problem, appetite))
            if loss > appetite.expected_loss_per_year * (1 + PRECISION):
                parts = math.ceil(Fraction(loss) / Fraction(1 + PRECISION) * coins)
                parts += loss > parts / coins * (1 + PRECISION)
                total += math.ceil(parts - exact(appetite.expected_loss_per_year) * coins)
                changes.append(Change("cap", (k,), amount=parts / coins))
        return total, tuple(changes)

    softened = Soft("cap", [], scale * coins, measure, parts=coins)
    for k, index in mine:
        more, appetite = Name(f"more_cap_{k}"), problem.appetite[index]
        most = today(problem, appetite)
        softened.variables.append(Variable(more, 0.0, most / scale, integer=False, kind="more_cap", index=k))
        softened.terms.append((more, 1.0))
        for t in _looked_at(problem, appetite):
            terms, constant = _losses(asked, appetite.threat, t)
            limit = (appetite.expected_loss_per_year * (1 + PRECISION) - constant) / scale
            row = collect([*((name, value / scale) for name, value in terms), (more, -(1 + PRECISION))])
            key = (k,) if t == appetite.from_ else (k, t)
            softened.rows.append(Row("soft_cap", key, row, "<=", limit))
    return softened


def _looked_at(problem: Problem, appetite: Appetite) -> range:
    """The times at which a cap is looked at: the first, and all where policies end, so that losses may rise."""
    last = problem.horizon if appetite.to is None else appetite.to
    return range(appetite.from_, last + 1 if problem.policies else appetite.from_ + 1)


def _loss(by_threat: Mapping[str, list[float]], threat: str | None, t: int) -> float:
    return math.fsum(values[t] for values in by_threat.values()) if threat is None else by_threat[threat][t]


def _losses(asked: Loosened, threat: str | None, t: int) -> tuple[Pairs, float]:
    """Terms and constant of the expected loss per year at a time."""
    terms: Pairs = []
    constant = 0.0
    for k, own in enumerate(asked.grid.problem.threats):
        if threat in (None, own.id):
            name = asked.grid.loss(k, t)
            terms.append((name, own.expected_loss_per_year))
            constant += 0.0 if name else own.expected_loss_per_year
    return terms, constant


def begins(asked: Loosened) -> Soft:
    """E ≤ cap from a later period on: with holds[k, t] ≤ holds[k, t + 1], E ≤ cap + (today − cap) · (1 − holds[k,
    t]); least Σ (1 − holds[k, t]).
    """
    problem = asked.problem
    mine = [(k, index) for k, demand in asked.touched("from") for index in demand.appetite]
    softened = Soft("from", [], 1.0, lambda starts: _begun(asked, starts, mine))
    for k, index in mine:
        appetite = problem.appetite[index]
        last = problem.horizon if appetite.to is None else appetite.to
        names = {t: Name(f"holds_{k}_{t}") for t in range(appetite.from_, last + 1)}
        softened.variables += [
            Variable(name, 1.0 if t == last else 0.0, 1.0, integer=True, kind="holds", index=k, time=t)
            for t, name in names.items()
        ]
        most = today(problem, appetite)
        scale = max(1.0, most / FINE)
        limit = appetite.expected_loss_per_year * (1 + PRECISION)
        for t, name in names.items():
            terms, constant = _losses(asked, appetite.threat, t)
            room = max(0.0, most - limit)
            row = collect([*((loss, value / scale) for loss, value in terms), (name, room / scale)])
            softened.rows.append(Row("soft_from", (k, t), row, "<=", (limit + room - constant) / scale))
            if t < last:
                softened.rows.append(Row("holds", (k, t), collect([(name, 1.0), (names[t + 1], -1.0)]), "<=", 0.0))
        softened.terms += [(name, -1.0) for name in names.values()]
        softened.constant += len(names)
    return softened


def _begun(asked: Loosened, starts: Starts, mine: list[tuple[int, int]]) -> tuple[int, tuple[Change, ...]] | None:
    by_threat, total, changes = losses(asked.problem, starts), 0, []
    for k, index in mine:
        appetite = asked.problem.appetite[index]
        last = asked.problem.horizon if appetite.to is None else appetite.to
        limit = appetite.expected_loss_per_year * (1 + PRECISION)
        kept = [_loss(by_threat, appetite.threat, t) <= limit for t in range(appetite.from_, last + 1)]
        if not kept[-1]:
            return None
        # From then on for good: where policies end, losses may rise again.
        first = appetite.from_ + max((n + 1 for n, held in enumerate(kept) if not held), default=0)
        total += first - appetite.from_
        if first > appetite.from_:
            changes.append(Change("from", (k,), period=first))
    return total, tuple(changes)
