"""Ways out of an impossible question: of each kind the least that makes a plan possible, for the question as a
whole.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from stepladder.analysis.claims import Claim, Solved, exists
from stepladder.data.demand import Demand
from stepladder.data.formats.achieved import counting
from stepladder.data.formats.problem import Problem
from stepladder.data.remedy import KINDS, Change, RemedyKind, fixed, loosened, mended, touches
from stepladder.optimise.formulation.rows import Row, collect
from stepladder.optimise.formulation.soft import Loosened, Soft, money, parallel, people
from stepladder.optimise.formulation.soft_dates import begins, cap, later, pin
from stepladder.optimise.formulation.soft_fewer import fewer
from stepladder.optimise.formulation.soft_tail import tail
from stepladder.optimise.search.elastic import Budget, Cheapest, any_plan, bare, cheapest
from stepladder.optimise.search.state import SearchState
from stepladder.solution.verify import broken_rules

SOFT: Mapping[RemedyKind, Callable[[Loosened], Soft]] = {
    "money": money,
    "people": people,
    "parallel": parallel,
    "later": later,
    "pin": pin,
    "cap": cap,
    "tail": tail,
    "from": begins,
    "fewer": fewer,
}
#: Of several kinds together, which is spared first: what was promised is taken back as little as can be, then as little
#: as can be is paid.
SPARED: tuple[RemedyKind, ...] = ("fewer", "cap", "tail", "from", "pin", "later", "parallel", "people", "money")
#: In which order it is tried to do without a kind.
DISPENSABLE: tuple[RemedyKind, ...] = ("fewer", "cap", "tail", "from", "people", "parallel", "money", "later", "pin")
#: To give up what was demanded.
LESS: tuple[RemedyKind, ...] = ("fewer",)
#: So near to one unit of the solver's, a sum of its values may be off.
_ROOM = 1e-6


@dataclass(frozen=True)
class Remedy:
    """A way out.

    Attributes
    ----------
    kinds
        What gives way: one kind, or several together.
    claims
        Of each kind, in the order in which they were spared: the least that must be given.
    needed
        Of several kinds: that none can be done without.
    changes
        What changes in the question; empty where no plan was found.
    problem
        The question after that.
    starts
        A plan of it, verified; nobody says that it is a good one.
    """

    kinds: tuple[RemedyKind, ...]
    claims: tuple[Claim, ...]
    needed: tuple[Claim, ...] = ()
    changes: tuple[Change, ...] = ()
    problem: Problem | None = None
    starts: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is asked for by."""
        return self.kinds[0] if len(self.kinds) == 1 else "together"

    @property
    def helps(self) -> bool:
        """Whether a plan shows that it does."""
        return self.problem is not None

    @property
    def useless(self) -> bool:
        """Whether it is proved that it does not."""
        return any(claim.none for claim in self.claims)


def applicable(demands: Sequence[Demand], beside: Collection[RemedyKind] = ()) -> tuple[RemedyKind, ...]:
    """The kinds of remedy that could change anything in a question, alone or beside others."""
    rigid = fixed(demands, beside)
    return tuple(kind for kind in KINDS if any(touches(kind, demand, rigid) for demand in demands))


def remedies(
    problem: Problem, demands: Sequence[Demand], clashes: Sequence[Sequence[Demand]], budget: Budget
) -> tuple[Remedy, ...]:
    """Of each kind the least; and several together, where none helps by itself but to do less: that always does, and
    often leaves little to do. Then doing less comes last.

    Parameters
    ----------
    problem, demands
        The question.
    clashes
        Demands that are proved to be impossible together: a kind that changes nothing in one of them cannot help.
    budget
        How much work may be done.
    """
    ways = tuple(_alone(problem, demands, kind, clashes, budget) for kind in applicable(demands))
    less = tuple(remedy for remedy in ways if remedy.kinds == LESS)
    others = tuple(remedy for remedy in ways if remedy.kinds != LESS)
    if any(remedy.helps for remedy in others):
        return ways
    joint = _together(problem, demands, applicable(demands, KINDS), budget)
    return (*others, joint, *less) if joint is not None else ways


def _alone(
    problem: Problem, demands: Sequence[Demand], kind: RemedyKind, clashes: Sequence[Sequence[Demand]], budget: Budget
) -> Remedy:
    rigid = fixed(demands, (kind,))
    if any(not any(touches(kind, demand, rigid) for demand in clash) for clash in clashes):
        return Remedy((kind,), (Claim(kind, tuple(demands), math.inf, math.inf, (kind,), by=("infeasible",)),))
    return _least(problem, demands, (kind,), budget)


def _together(
    problem: Problem, demands: Sequence[Demand], kinds: tuple[RemedyKind, ...], budget: Budget
) -> Remedy | None:
    """Kinds of which none can be done without, and of each the least, one after the other."""
    kept, needed = list(kinds), []
    for kind in DISPENSABLE:
        others = tuple(other for other in kept if other != kind)
        if kind in kept and others:
            claim = exists(tuple(demands), any_plan(loosened(problem, demands, others), budget), others)
            if claim.shown:
                kept.remove(kind)
            else:
                needed.append(claim)
    # What was needed beside more kinds is needed beside fewer.
    chosen = tuple(kind for kind in KINDS if kind in kept)
    return _least(problem, demands, chosen, budget, tuple(needed)) if len(chosen) > 1 else None


def _least(
    problem: Problem,
    demands: Sequence[Demand],
    kinds: tuple[RemedyKind, ...],
    budget: Budget,
    needed: tuple[Claim, ...] = (),
) -> Remedy:
    if budget.spent:
        return Remedy(kinds, (Claim(kinds[0], tuple(demands), loose=kinds, by=("stopped",)),), needed)
    achieved = {name for demand in demands for name in demand.achievements}
    inside = counting(problem.achievements)
    named = {name for demand in demands for name in demand.steps}.union(*(inside[name] for name in achieved))
    state = budget.state(bare(loosened(problem, demands, kinds), named, whole="from" in kinds), achieved)
    asked = Loosened(problem, demands, kinds, state.grid)
    softs = [SOFT[kind](asked) for kind in SPARED if kind in kinds]
    for soft in softs:
        state.program.add_variables(soft.variables)
        state.program.add(soft.rows)
    claims, best = _in_turn(state, softs, tuple(demands), kinds, budget)
    changes = tuple(change for soft in softs for change in _changes(soft, best))
    after = None if best is None else mended(problem, demands, changes)
    if after is None or best is None or broken_rules(after, best):
        return Remedy(kinds, claims, needed)
    return Remedy(kinds, claims, needed, changes, after, best)


def _changes(soft: Soft, starts: dict[str, int] | None) -> tuple[Change, ...]:
    measured = None if starts is None else soft.measure(starts)
    return () if measured is None else measured[1]


def _in_turn(
    state: SearchState,
    softs: Sequence[Soft],
    demands: tuple[Demand, ...],
    kinds: tuple[RemedyKind, ...],
    budget: Budget,
) -> tuple[tuple[Claim, ...], dict[str, int] | None]:
    """Each kind's least, with no more of those before it than their least; and the last plan."""
    claims: list[Claim] = []
    fixed_at: list[tuple[Soft, int]] = []
    best: dict[str, int] | None = None
    for soft in softs:

        def measure(starts: dict[str, int], soft: Soft = soft) -> int | None:
            """How much of this kind a plan needs, in its smallest units; None where it needs more of a kind before than
            that one's least.
            """
            before = [(other.measure(starts), most) for other, most in fixed_at]
            mine = soft.measure(starts)
            return (
                None if mine is None or any(amount is None or amount[0] > most for amount, most in before) else mine[0]
            )

        answer = cheapest(state, (soft.terms, soft.constant), soft.scale, measure, budget)
        if best is not None and (answer.starts is None or (answer.amount or 0) > (measure(best) or 0)):
            # The plan before keeps to all that was fixed.
            answer = Cheapest(best, measure(best), answer.low or 0)
        claims += _claims(soft, answer, demands, kinds, tuple((claim.quantity, claim.high) for claim in claims))
        if answer.starts is None or answer.amount is None:
            return tuple(claims), None
        best = answer.starts
        fixed_at.append((soft, answer.amount))
        spared = answer.amount / soft.scale - soft.constant + _ROOM
        state.program.add([Row("spared", (soft.kind,), collect(soft.terms), "<=", spared)])
    return tuple(claims), best


def _claims(
    soft: Soft,
    answer: Cheapest,
    demands: tuple[Demand, ...],
    kinds: tuple[RemedyKind, ...],
    within: tuple[tuple[str, float], ...],
) -> list[Claim]:
    if answer.low is None:
        return [Claim(soft.kind, demands, math.inf, math.inf, kinds, within, ("infeasible",))]
    by: tuple[Solved, ...] = ("bound", "stopped" if answer.amount is None else "plan")
    high = math.inf if answer.amount is None else answer.amount / soft.parts
    low = min(answer.low / soft.parts, high)
    if soft.kind != "pin":
        return [Claim(soft.kind, demands, low, high, kinds, within, by)]
    return _pins(answer, soft.weight, Claim("pin", demands, loose=kinds, within=within, by=by))


def _pins(answer: Cheapest, big: int, claim: Claim) -> list[Claim]:
    """How many give way, and by how much these move at least: both are in one amount."""
    fewest, least = divmod(answer.low or 0, big)
    if answer.amount is None:
        return [replace(claim, low=float(fewest))]
    count, moved = divmod(answer.amount, big)
    known = least if fewest == count else 0
    return [
        replace(claim, low=float(min(fewest, count)), high=float(count)),
        replace(
            claim,
            quantity="moved",
            low=float(min(known, moved)),
            high=float(moved),
            within=(*claim.within, ("pin", float(count))),
        ),
    ]
