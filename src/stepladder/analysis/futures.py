"""Futures: one number drawn from every range, and what is looked at in each. Everything here is a function of its
arguments, on any machine.
"""

from __future__ import annotations

import dataclasses
import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stepladder.analysis import variants
from stepladder.analysis.execute import Due, carry, insured_then
from stepladder.analysis.slips import SlipRatios
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.evaluate import Starts, there
from stepladder.evaluate.covers import terms_in, with_covers
from stepladder.optimise import Learnt, Options, Outcome, optimise
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules

#: What a future's own row is called among its rows; the others are named by the number of a beginning.
OWN = "own"


@dataclass(frozen=True)
class SweepRequest:
    """What all futures have in common.

    Attributes
    ----------
    plan
        The plan that is carried out in each.
    dues
        Its milestones.
    options
        How hard each future is planned; None: it is not.
    slips
        What durations are multiplied by in every future; None: they are as drawn.
    """

    plan: Plan
    dues: tuple[Due, ...]
    options: Options | None
    slips: SlipRatios | None = None


@dataclass(frozen=True)
class Task:
    """One piece of work: a future, and perhaps the steps with which it is to begin, after the plan that it had
    without.
    """

    number: int
    problem: Problem
    """Of this future."""
    asked: SweepRequest
    begin: tuple[int, tuple[str, ...], int] | None = None
    """Number of the beginning, its steps, and the period up to which no others start."""
    known: Starts | None = None

    @property
    def name(self) -> str:
        """What its row is called."""
        return OWN if self.begin is None else str(self.begin[0])


def quantiles(unknowns: Sequence[Unknown], count: int, seed: int) -> dict[str, list[float]]:
    """A Latin hypercube: by unknown, one probability in each of ``count`` equal slices of (0, 1), in random order.

    Each unknown has its own generator, from the seed and its name, so that a new range does not change what is drawn
    for the others.
    """
    by_name = {}
    for unknown in unknowns:
        draw = np.random.default_rng([seed, zlib.crc32(unknown.name.encode())])
        by_name[unknown.name] = [float(u) for u in (draw.permutation(count) + draw.random(count)) / count]
    return by_name


def independent(unknowns: Sequence[Unknown], count: int, seed: int, test: int) -> dict[str, list[float]]:
    """By unknown, so many probabilities drawn independently of each other, as what is counted in such futures follows
    a binomial distribution; other ones for each test, none of which ``quantiles`` draws.
    """
    return {
        unknown.name: [
            float(u) for u in np.random.default_rng([seed, test, zlib.crc32(unknown.name.encode())]).random(count)
        ]
        for unknown in unknowns
    }


def dues_of(plan: Plan) -> tuple[Due, ...]:
    """The milestones of a plan's scenario, each with the last period that ends by its date."""
    return tuple(
        Due(milestone.title, plan.problem.last_by(milestone.date), milestone.steps, milestone.achievements)
        for milestone in plan.milestones
    )


def look(task: Task) -> tuple[int, str, str]:
    """Do a piece of work: its number, its name, and what came out as JSON."""
    done = _begun_so(task) if task.begin is not None else _own(task)
    return task.number, task.name, json.dumps(done, separators=(",", ":"), sort_keys=True)


def _own(task: Task) -> dict[str, Any]:
    problem, asked = task.problem, task.asked
    carried = carry(problem, asked.plan.decided, asked.dues)
    row: dict[str, Any] = {"carried": dataclasses.asdict(carried)}
    known = carried.starts | insured_then(problem, asked.plan.decided, carried.starts)
    times = (there(problem, known, t) for t in (problem.horizon // 2, problem.horizon))
    threats = with_covers(problem).threats
    row["losses"] = [[_remains(threat, names) for threat in threats] for names in ([], *times)]
    if asked.options is not None:
        start = Learnt(asked.plan.problem, dict(asked.plan.decided), None, {})
        row["plan"] = _said(problem, optimise(problem, asked.options, learnt=start))
    return row


def _begun_so(task: Task) -> dict[str, Any]:
    """The best plan of a future that begins with certain steps and no others."""
    assert task.begin is not None
    assert task.asked.options is not None
    problem = variants.begins(task.problem, task.begin[1], task.begin[2])
    start = Learnt(task.problem, dict(task.known or {}), None, {})
    return _said(problem, optimise(problem, task.asked.options, learnt=start))


def _said(problem: Problem, outcome: Outcome) -> dict[str, Any]:
    """An outcome as data: a plan that the verifier does not pass is no plan, and what Ctrl-C left is no answer."""
    if outcome.interrupted:
        raise KeyboardInterrupt
    if outcome.value is None or broken_rules(problem, outcome.starts):
        return {"status": "infeasible" if outcome.status == "infeasible" else "no_plan"}
    amounts = figures(problem, outcome.starts)
    value = amounts.objective(problem.objective)
    return {
        "status": outcome.status,
        "value": value,
        "bound": None if outcome.bound is None else min(outcome.bound, value),
        "starts": steps_in(outcome.starts),
        "spend": amounts.spend_total,
        "loss_present_value": amounts.loss_present_value,
        "loss_at_the_end": amounts.tail_loss,
    }


def _remains(threat: Threat, there: Collection[str]) -> list[float | None]:
    """A threat's events per year (None: only the loss of a year is known), the median loss of one, and the sigma of
    its logarithm; then retention, limit and share of a policy that pays a part.
    """
    rarer, cheaper = threat.remains(there)
    if threat.events is None:
        return [None, threat.expected_loss_per_year * rarer * cheaper, 0.0]
    paid = terms_in(threat, there) or ()
    return [threat.events.per_year * rarer, threat.events.median * cheaper, threat.events.sigma, *paid]
