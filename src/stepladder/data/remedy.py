"""What each kind of remedy takes hold of: the question with all that loosened, and the question after certain
changes.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal, get_args

from stepladder.data.demand import Demand, dated
from stepladder.data.formats.base import LARGEST
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.problem import SPENT, Appetite, Problem, Window

RemedyKind = Literal["money", "people", "parallel", "later", "pin", "cap", "tail", "from", "fewer"]
#: More money; person-days; steps at once; later dates; pins moved and exclusions lifted; higher caps; likelier large
#: losses; caps on the expected loss that begin later; fewer required steps and achievements.
KINDS: tuple[RemedyKind, ...] = get_args(RemedyKind)
_CAPS: tuple[RemedyKind, ...] = ("cap", "from")


@dataclass(frozen=True)
class Change:
    """One part of a remedy.

    Attributes
    ----------
    kind
        Which kind of remedy.
    demands
        The demands that it changes, by their place among the question's.
    step
        Of a step: its id; fewer: it is not required any more; pin: its date changes.
    rule
        Of a pin: ``start`` or ``earliest``.
    resource
        Of person-days: the team; of money ``money_afterwards`` where it is what goes on costing a year.
    period
        Money and person-days: when at the latest; later: the new last period; pin: the new period, None where the step
        need not be planned any more or an exclusion is lifted; from: the first period in which the cap holds.
    amount
        Money and person-days: so much more; parallel: so many steps at once; cap, tail: the new cap.
    achievement
        fewer: of one that these demands do not ask for any more, its id.
    """

    kind: RemedyKind
    demands: tuple[int, ...]
    step: str = ""
    rule: str = ""
    resource: str = ""
    period: int | None = None
    amount: float = 0.0
    achievement: str = ""


def touches(kind: RemedyKind, demand: Demand, pinned: Collection[str] = ()) -> bool:
    """Whether a kind of remedy changes anything in a demand; steps that are pinned are not given up."""
    if demand.kind == "past":
        return False
    by_kind = {
        "budget": ("money",),
        "team": ("people",),
        "parallel": ("parallel",),
        "appetite": ("cap", "from") if demand.appetite else ("tail",),
        "excludes": ("pin",),
    }
    if kind in by_kind.get(demand.kind, ()):
        return True
    if kind == "later":
        return bool(demand.achievements) or any(
            fields.get("latest_finish") is not None for fields in demand.steps.values()
        )
    if kind == "pin":
        return any(fields.get("start") is not None or fields.get("earliest") for fields in demand.steps.values())
    required = (name for name, fields in demand.steps.items() if fields.get("required"))
    return kind == "fewer" and (bool(demand.achievements) or any(name not in pinned for name in required))


def pinned(demands: Sequence[Demand]) -> frozenset[str]:
    """Steps that have a fixed start."""
    return frozenset(
        name for demand in demands for name, fields in demand.steps.items() if fields.get("start") is not None
    )


def fixed(demands: Sequence[Demand], kinds: Collection[RemedyKind]) -> frozenset[str]:
    """Steps that cannot be given up: those with a fixed start, unless pins may give way as well; what has happened
    in any case.
    """
    return pinned([demand for demand in demands if "pin" not in kinds or demand.kind == "past"])


def loosened(problem: Problem, demands: Sequence[Demand], kinds: Collection[RemedyKind]) -> Problem:
    """The question with everything loosened that remedies of these kinds could change, as far as they could."""
    rigid = fixed(demands, kinds)
    lost = {kind: [demand for demand in demands if touches(kind, demand, rigid)] for kind in kinds}
    windows, excludes = (
        {k for kind in kinds for demand in lost[kind] for k in getattr(demand, name)}
        for name in ("windows", "excludes")
    )
    caps = {kind: {k for demand in lost.get(kind, ()) for k in demand.appetite} for kind in _CAPS}
    tails = {k for demand in lost.get("tail", ()) for k in demand.exceedance}
    after = [_loosened(demand, kinds, rigid, problem.horizon - 1) for demand in demands]
    changed = {name for old, new in zip(demands, after, strict=True) if old != new for name in old.steps}
    return dated(problem, changed, after).model_copy(
        update={
            "windows": tuple(window for k, window in enumerate(problem.windows) if k not in windows),
            "appetite": tuple(one for k, cap in enumerate(problem.appetite) for one in _eased(problem, k, cap, caps)),
            "exceedance": tuple(_any(cap) if k in tails else cap for k, cap in enumerate(problem.exceedance)),
            "excludes": tuple(pair for k, pair in enumerate(problem.excludes) if k not in excludes),
            **({"max_parallel": None, "max_parallel_by_period": ()} if "parallel" in kinds else {}),
        }
    )


def _loosened(demand: Demand, kinds: Collection[RemedyKind], rigid: frozenset[str], last: int) -> Demand:
    if demand.kind == "past":
        return demand

    def kept(name: str, rule: str) -> bool:
        """Whether a step keeps what this rule demands of it."""
        if rule == "required":
            return "fewer" not in kinds or name in rigid
        return not (rule == "latest_finish" and "later" in kinds) and not (
            rule in ("start", "earliest") and "pin" in kinds
        )

    steps = {
        name: {rule: value for rule, value in fields.items() if kept(name, rule)}
        for name, fields in demand.steps.items()
    }
    # An achievement may come later, but come it must, unless it may be given up.
    achievements = {name: last if "later" in kinds else by for name, by in demand.achievements.items()}
    return replace(demand, steps=steps, achievements={} if "fewer" in kinds else achievements)


def _any(cap: Exceedance) -> Exceedance:
    """A cap on the same threats from the same time on that every plan keeps. For the sum of a year it is one on single
    events, which is a part of it.
    """
    of = "excess" if cap.of == "excess" else "one_event"
    return cap.model_copy(update={"of": of, "chance": None, "per_year": LARGEST})


def today(problem: Problem, cap: Appetite) -> float:
    """Expected loss per year, with nothing done, of what a cap is about."""
    return math.fsum(threat.expected_loss_per_year for threat in problem.threats if cap.threat in (None, threat.id))


def _eased(problem: Problem, k: int, cap: Appetite, caps: Mapping[RemedyKind, Collection[int]]) -> tuple[Appetite, ...]:
    """A cap that may be raised: one that every plan keeps. One that may begin later: the same, and in its last
    period as it was.
    """
    if not any(k in caps[kind] for kind in _CAPS):
        return (cap,)
    kept = cap.model_copy(update={"expected_loss_per_year": max(cap.expected_loss_per_year, today(problem, cap))})
    last = cap.model_copy(update={"from_": problem.horizon if cap.to is None else cap.to})
    return (kept,) if k in caps["cap"] else (kept, last)


# -- the question after a remedy -----------------------------------------------------------------------------------


def mended(problem: Problem, demands: Sequence[Demand], changes: Sequence[Change]) -> Problem:
    """The question after these changes, all else as asked."""
    after = list(demands)
    for change in changes:
        for k in change.demands:
            after[k] = _mended(after[k], change)
    touched = {name for old, new in zip(demands, after, strict=True) if old is not new for name in old.steps}
    lifted = {
        k
        for change in changes
        if change.kind == "pin" and not change.step
        for d in change.demands
        for k in demands[d].excludes
    }
    most = [int(change.amount) for change in changes if change.kind == "parallel"]
    return dated(problem, touched, after).model_copy(
        update={
            "windows": tuple(_raised(window, changes) for window in problem.windows),
            "appetite": _caps(problem, demands, changes),
            "exceedance": _tails(problem, demands, changes),
            "excludes": tuple(pair for k, pair in enumerate(problem.excludes) if k not in lifted),
            "max_parallel": most[0] if most else problem.max_parallel,
            "max_parallel_by_period": tuple(max([*most[:1], at_once]) for at_once in problem.max_parallel_by_period),
        }
    )


def _mended(demand: Demand, change: Change) -> Demand:
    def fields(name: str, demanded: Mapping[str, Any]) -> Mapping[str, Any]:
        """What is then demanded of a step."""
        if change.kind == "later" and demanded.get("latest_finish") is not None:
            return {**demanded, "latest_finish": change.period}
        if name != change.step:
            return demanded
        if change.kind == "fewer":
            return {**demanded, "required": False}
        return {**demanded, change.rule: change.period} if change.kind == "pin" else demanded

    later = change.period if change.kind == "later" else None
    achievements = {
        name: by if later is None else later
        for name, by in demand.achievements.items()
        if change.kind != "fewer" or name != change.achievement
    }
    steps = {name: fields(name, demanded) for name, demanded in demand.steps.items()}
    return replace(demand, steps=steps, achievements=achievements)


def _raised(window: Window, changes: Sequence[Change]) -> Window:
    """A limit and what is given in its periods."""
    mine = [
        change
        for change in changes
        if change.period is not None and window.from_ <= change.period <= window.to and _about(change, window.resource)
    ]
    if not mine:
        return window
    wanted = sum((_exact(change.amount) for change in mine), _exact(window.limit))
    limit = float(wanted)
    return window.model_copy(update={"limit": limit if _exact(limit) >= wanted else math.nextafter(limit, math.inf)})


def _about(change: Change, resource: str) -> bool:
    if change.kind == "money" and not change.resource:
        return resource in SPENT
    return change.kind in ("money", "people") and change.resource == resource


def _exact(value: float) -> Fraction:
    return Fraction(repr(float(value)))


def _caps(problem: Problem, demands: Sequence[Demand], changes: Sequence[Change]) -> tuple[Appetite, ...]:
    caps = list(problem.appetite)
    for change in changes:
        for k in (k for d in change.demands for k in demands[d].appetite):
            updates: dict[RemedyKind, dict[str, Any]] = {
                "cap": {"expected_loss_per_year": change.amount},
                "from": {"from_": change.period},
            }
            caps[k] = caps[k].model_copy(update=updates.get(change.kind, {}))
    return tuple(caps)


def _tails(problem: Problem, demands: Sequence[Demand], changes: Sequence[Change]) -> tuple[Exceedance, ...]:
    caps = list(problem.exceedance)
    for change in changes:
        for k in (k for d in change.demands for k in demands[d].exceedance if change.kind == "tail"):
            caps[k] = caps[k].model_copy(update={"per_year" if caps[k].of == "excess" else "chance": change.amount})
    return tuple(caps)
