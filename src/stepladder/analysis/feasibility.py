"""What a problem can never afford. Everything stated here is proved from the rules alone, without a search; silence
proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

from stepladder import graph
from stepladder.analysis.together import Together
from stepladder.data.formats.problem import Problem, Step
from stepladder.evaluate import Ledger

ObstacleKind = Literal["time", "limit", "sum", "excludes", "needs", "needs_any"]


@dataclass(frozen=True)
class Impossible:
    """A step that no plan can hold, and the proof.

    Attributes
    ----------
    step
        Its id.
    kind
        ``time``: cannot finish by ``period``, its latest; ``limit``: alone exceeds a limit at every start, least of all
        ``window`` when it starts in ``period``; ``sum``: with all it
        needs, exceeds what there is of a resource until ``period``; ``excludes``: needs both steps of an excluded pair;
        ``needs``, ``needs_any``: needs a step, or one of several, that no plan can hold.
    because
        The step or steps meant by the kind.
    resource
        The resource of a limit.
    needed, available
        In currency or person-days.
    period
        A period index.
    window
        Index of a limit.
    """

    step: str
    kind: ObstacleKind
    because: tuple[str, ...] = ()
    resource: str = ""
    needed: float = 0.0
    available: float = 0.0
    period: int = 0
    window: int = 0


@dataclass(frozen=True)
class Supply:
    """What all steps together need of a resource, and the most that the limits allow over the horizon (None: no limit).

    Where steps exclude each other it is the most that such as may be planned together need: just that if ``exact``,
    else no more than this.
    """

    resource: str
    needed: float
    available: float | None
    exact: bool = True


class Bounds:
    """Earliest finishes, latest finishes and largest possible use, from the rules alone.

    Parameters
    ----------
    problem
        The problem; its needs are acyclic.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.ledger = Ledger(problem)
        self.steps = problem.steps_by_id()
        self.edges = [(step.id, need.step) for step in problem.steps for need in step.needs]
        self.order = graph.order(self.steps, self.edges)

    def below(self, name: str) -> set[str]:
        """What a step needs, directly or through others."""
        return graph.below(name, self.needs)

    @cached_property
    def needs(self) -> dict[str, list[str]]:
        """What each step needs directly."""
        return graph.neighbours(dict.fromkeys(self.edges))

    @cached_property
    def earliest(self) -> dict[str, int]:
        """No plan starts a step before this period."""
        periods: dict[str, int] = {}
        for name in self.order:
            step = self.steps[name]
            after = [self.steps[need.step].finish(periods[need.step]) + need.lag for need in step.needs]
            periods[name] = max([step.earliest, step.start or 0, *after])
        return periods

    def latest(self, step: Step) -> int:
        """No plan finishes a step after this period."""
        ends = [self.problem.horizon - 1]
        ends += [] if step.latest_finish is None else [step.latest_finish]
        ends += [] if step.start is None else [step.finish(step.start)]
        return min(ends)

    def supply(self, resource: str) -> list[int | None]:
        """The most that can be used in the first k periods, in units, for k = 0 … T: the cheapest cover of them by
        limits; None without one.
        """
        windows = [
            (w.from_, w.to, limit)
            for w, limit in zip(self.problem.windows, self.ledger.limits, strict=True)
            if w.resource == resource
        ]
        most: list[int | None] = [0]
        for k in range(self.problem.horizon):
            covers = [
                before + limit
                for first, last, limit in windows
                if first <= k <= last and (before := most[first]) is not None
            ]
            most.append(min(covers, default=None))
        return most


def impossible(bounds: Bounds) -> tuple[Impossible, ...]:
    """Every step that provably fits no plan, those that others only inherit it from first."""
    proofs: dict[str, Impossible] = {}
    tests: tuple[_Excluded | _Limits | _Sums, ...] = (_Excluded(bounds), _Limits(bounds), _Sums(bounds))
    for name in bounds.order:
        step = bounds.steps[name]
        proof = _inherited(step, proofs) or _time(bounds, step)
        for test in tests:
            proof = proof or test.proof(step)
        if proof is not None:
            proofs[name] = proof
    return tuple(proofs.values())


def _inherited(step: Step, proofs: dict[str, Impossible]) -> Impossible | None:
    for need in step.needs:
        if need.step in proofs:
            return Impossible(step.id, "needs", (need.step,))
    for group in step.needs_any:
        if all(need.step in proofs for need in group):
            return Impossible(step.id, "needs_any", tuple(need.step for need in group))
    return None


def _time(bounds: Bounds, step: Step) -> Impossible | None:
    latest = bounds.latest(step)
    if step.finish(bounds.earliest[step.id]) <= latest:
        return None
    return Impossible(step.id, "time", period=latest)


class _Excluded:
    """With everything it needs, a step is both steps of an excluded pair."""

    def __init__(self, bounds: Bounds) -> None:
        self.pairs = bounds.problem.excludes
        self.place = {name: k for k, name in enumerate(dict.fromkeys(name for pair in self.pairs for name in pair))}
        #: By step: which of these it is or needs, and which of them these exclude, as bits.
        self.among = dict.fromkeys(bounds.steps, 0)
        self.against = dict.fromkeys(bounds.steps, 0)
        for a, b in self.pairs:
            for one, other in ((a, b), (b, a)):
                self.among[one] |= 1 << self.place[one]
                self.against[one] |= 1 << self.place[other]
        for name in bounds.order if self.pairs else ():
            for need in bounds.steps[name].needs:
                self.among[name] |= self.among[need.step]
                self.against[name] |= self.against[need.step]

    def proof(self, step: Step) -> Impossible | None:
        """Why a step can be in no plan: the first such pair; None where there is none."""
        among = self.among[step.id]
        if not among & self.against[step.id]:
            return None
        pair = next((a, b) for a, b in self.pairs if among >> self.place[a] & among >> self.place[b] & 1)
        return Impossible(step.id, "excludes", pair)


class _Limits:
    """Alone, at every start, a step uses more of a limit than there is."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.windows: dict[str, list[tuple[int, int, int, int]]] = {}
        for k, (window, limit) in enumerate(zip(bounds.problem.windows, bounds.ledger.limits, strict=True)):
            self.windows.setdefault(window.resource, []).append((k, window.from_, window.to, limit))

    def proof(self, step: Step) -> Impossible | None:
        """Why a step can be in no plan: the limit of which it uses too much at every start, there where that is least;
        None where there is none.
        """
        bounds, ledger = self.bounds, self.bounds.ledger
        starts = range(bounds.earliest[step.id], bounds.latest(step) - step.duration + 2)
        for resource, windows in self.windows.items():
            tightest = min(limit for *_, limit in windows)
            # The first start has the longest running costs, so it uses most.
            if not ledger.uses(step, resource) or ledger.whole(step, starts[0], resource) <= tightest:
                continue
            excess = [
                self._excess(list(accumulate(ledger.use(step, start, resource), initial=0)), windows)
                for start in starts
            ]
            if min(excess)[0] > 0:
                start = excess.index(min(excess))
                over, limit, window = excess[start]
                needed, available = (ledger.amount(units, resource) for units in (limit + over, limit))
                return Impossible(step.id, "limit", (), resource, needed, available, starts[start], window)
        return None

    @staticmethod
    def _excess(before: list[int], windows: list[tuple[int, int, int, int]]) -> tuple[int, int, int]:
        """By how much the worst window is exceeded (negative: it has room), its limit and its index."""
        return max((before[last + 1] - before[first] - limit, limit, k) for k, first, last, limit in windows)


class _Sums:
    """With everything it needs, a step uses more until its latest finish than the limits allow until then."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.supply = {
            resource: bounds.supply(resource)
            for resource in sorted({window.resource for window in bounds.problem.windows} - {"money_per_year"})
        }
        work = {
            resource: {step.id: bounds.ledger.work(step, resource) for step in bounds.problem.steps}
            for resource in self.supply
        }
        self.work = graph.Totals(bounds.order, bounds.needs, work)

    def proof(self, step: Step) -> Impossible | None:
        """Why a step can be in no plan: the first resource of which there is too little by its latest finish; None
        where there is none.
        """
        latest = self.bounds.latest(step)
        for resource, supply in self.supply.items():
            most = supply[latest + 1]
            if most is None or self.work.most[resource][step.id] <= most:
                continue
            needed = self.work.exact[resource][step.id]
            if needed > most:
                ledger = self.bounds.ledger
                others = tuple(sorted(self.bounds.below(step.id)))
                return Impossible(
                    step.id,
                    "sum",
                    others,
                    resource,
                    ledger.amount(needed, resource),
                    ledger.amount(most, resource),
                    latest,
                )
        return None


def supplies(bounds: Bounds) -> tuple[Supply, ...]:
    """What doing everything would take, against what there is: investment, then each team."""
    problem, ledger, together = bounds.problem, bounds.ledger, Together(bounds.problem)
    entries = []
    for resource in ledger.resources:
        if resource == "money_per_year":
            continue
        units, exact = together.most({step.id: bounds.ledger.work(step, resource) for step in problem.steps})
        most = bounds.supply(resource)[-1]
        if resource not in ("money_once", "money_afterwards") or most is not None:
            entries.append(
                Supply(
                    resource,
                    ledger.amount(int(units), resource),
                    None if most is None else ledger.amount(most, resource),
                    exact,
                )
            )
    return tuple(entries)
