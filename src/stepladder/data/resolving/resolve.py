"""Catalogue × scenario -> problem: every reference resolved, every default filled in, every number with its origin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.certain import certain
from stepladder.data.demand import Demand, limits_of
from stepladder.data.formats.achieved import AchievementNeed
from stepladder.data.formats.context import Context, Milestone, Parameter, StepContext
from stepladder.data.formats.estimate import Numbers, Unknown
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import Path, Problem, Step, faults
from stepladder.data.formats.robust import Robust
from stepladder.data.formats.scenario import Scenario
from stepladder.data.notes import implied
from stepladder.data.reading.tree import Node
from stepladder.data.resolving import (
    achievements,
    appetite,
    choices,
    costs,
    demands,
    follows,
    importance,
    insurance,
    limits,
    needs,
    promised,
    risk,
    upkeep,
)
from stepladder.data.resolving.achievements import Achieved
from stepladder.data.resolving.calendar import astride, lay_out
from stepladder.data.resolving.index import Index
from stepladder.data.resolving.index import levels as check_levels
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.needs import SoftNeed, Steps
from stepladder.data.resolving.parts import Desk, Param, cut, said_for
from stepladder.errors import Issue


@dataclass(frozen=True)
class Resolved:
    """What a scenario comes to."""

    problem: Problem
    context: Context
    notes: tuple[str, ...]
    soft: tuple[SoftNeed, ...]
    demands: tuple[Demand, ...]
    unknowns: tuple[Unknown, ...]
    robust: Robust | None


def resolve(
    scenario: Scenario,
    root: Node,
    index: Index,
    catalogue: Node,
    drawn: Mapping[str, float] | None = None,
    *,
    check: bool = False,
) -> tuple[Resolved | None, list[Issue]]:
    """Resolve a scenario, or say everything that is wrong with it; with ``check`` only the latter.
    ``drawn`` is one future: by unknown, the probability to stay below its number; without it each range is its mean.
    """
    desk = Desk(scenario, root, index, catalogue, lay_out(scenario.horizon), numbers=Numbers(drawn))
    _check(desk)
    steps, achieved = _steps(desk)
    threats = risk.resolve(desk, steps)
    windows, window_origins = limits.resolve(desk)
    dates, milestones, asked = demands.resolve(desk, steps, achieved)
    importance.resolve(desk, steps, dates, achieved)
    caps = appetite.resolve(desk, [one.threat for one in threats])
    insured = insurance.resolve(desk, steps, [one.threat for one in threats])
    resolved = {} if desk.issues else _costs(desk, steps)
    if desk.issues:
        return None, desk.issues
    problem = Problem(
        format="stepladder-problem/1",
        title=scenario.title or "",
        currency=scenario.currency,
        periods=desk.calendar.periods,
        tail=desk.calendar.tail,
        effect_lag=scenario.rules.effect_lag,
        steps=tuple(promised.as_bought(desk, _step(desk, steps, key, resolved[key], dates)) for key in resolved),
        achievements=tuple(achieved.listed(key.id for key in steps.implied_by)),
        threats=tuple(resolved.threat for resolved in threats),
        windows=tuple(windows),
        **promised.at_once(desk, scenario.rules.max_parallel),
        excludes=tuple(steps.excludes),
        appetite=tuple(caps.appetite),
        exceedance=tuple(caps.exceedance),
        ongoing=limits.ongoing(desk),
        **insured.fields,
        objective=scenario.objective,
    )
    _whole(desk, steps, problem)
    if desk.issues or check:
        return None, desk.issues
    own = _origins(desk, problem, steps, resolved, threats, window_origins)
    asked += _limits(desk, problem, window_origins, caps.at)
    origins = own | insured.origins | _pinned(desk, steps, dates)
    return _answer(achieved, problem, steps, milestones, origins, tuple(asked)), []


def _costs(desk: Desk, steps: Steps) -> dict[Key, costs.Resolved]:
    """What each step costs."""
    return {
        key: costs.Resolved() if key.id in desk.bought else costs.resolve(desk, _param(desk, key).part, key)
        for key in steps.implied_by
    }


def _whole(desk: Desk, steps: Steps, problem: Problem) -> None:
    """What is wrong with the problem as a whole, and whether anything can run over, where that is to be seldom; what is
    worth a word about its policies.
    """
    for path, code, message in faults(problem):
        where = ("prerequisites",) if code == "SL301" and path[0] == "steps" else path[:1]
        where = insurance.written(desk, problem, path) if path[0] == "policies" else where
        desk.wrong(where, code, message, key=True)
    wrong = certain(problem.windows, desk.numbers.met.values()) if desk.scenario.robust is not None else ""
    if wrong:
        desk.wrong(("robust",), "SL314", f"{wrong}; or remove `robust`", key=True)
    if not desk.issues:
        insurance.remark(desk, steps, problem)


def _steps(desk: Desk) -> tuple[Steps, Achieved]:
    """The steps with what they need, and the achievements."""
    achieved = achievements.resolve(desk)
    steps = needs.resolve(desk, achieved)
    choices.resolve(desk, achieved, steps)
    follows.reduce(desk, steps)
    _out_of_reach(desk, steps, achieved)
    return steps, achieved


def _out_of_reach(desk: Desk, steps: Steps, achieved: Achieved) -> None:
    """Note the targets that no plan reaches."""
    there = frozenset(key.id for key in steps.implied_by)
    for part in desk.parts:
        for name in part.org.target:
            for home in achieved.means(name) if name in achieved.texts else ():
                if home in achieved.asked and achieved.state(home, there) == "out":
                    at = part.root.nearest(("target", name), key=True)
                    desk.notes.append(f"{home.id} cannot be reached: {achieved.why_out(home, there)} ({at}).")


def _check(desk: Desk) -> None:
    """What is wrong with single parts; the desk has its systems and parameters then."""
    scenario, root = desk.scenario, desk.root
    if scenario.horizon.start.day != 1:
        desk.wrong(
            ("horizon", "start"),
            "SL104",
            f"{scenario.horizon.start} is not the first of a month; periods begin with a month",
        )
    if wrong := astride(scenario.horizon, desk.calendar):
        desk.wrong(("horizon", "fiscal_year_starts"), "SL312", wrong)
    cut(desk)
    for name, profile in scenario.profiles.items():
        if root.find(("profiles", name)) is None:
            # It comes from another file, and was checked there.
            continue
        desk.issues += check_levels(desk.index, profile.levels, root, ("profiles", name, "levels"))
    costs.check(desk)
    upkeep.check(desk)
    importance.check(desk)
    limits.check_commitments(desk)
    promised.resolve(desk)


def _param(desk: Desk, key: Key) -> Param:
    param = desk.param(key.system, key.ref)
    assert param is not None
    return param


def _titles(desk: Desk, key: Key) -> str:
    index = desk.index
    practice = index.places[key.ref.practice].practice.name
    level = index.scale(key.ref.scale).levels[key.ref.level].name
    part = _param(desk, key).part
    return f"{part.title}: {practice} to {level}" if part.system is not None else f"{practice} to {level}"


def _step(desk: Desk, steps: Steps, key: Key, cost: costs.Resolved, dates: Mapping[Key, demands.Dates]) -> Step:
    return Step(
        id=key.id,
        title=_titles(desk, key),
        duration=cost.duration,
        once=cost.once,
        spread=cost.spread,
        renew=cost.renew,
        per_year=cost.per_year,
        effort=cost.effort,
        effort_per_year=cost.effort_per_year,
        needs=needs.problem_needs(steps.edges[key]),
        needs_any=tuple(tuple(group) for group in steps.groups.get(key, ())),
        needs_achievements=tuple(
            AchievementNeed(achievement=name, lag=lag) for name, lag in steps.achieving.get(key, {}).items()
        ),
        **dates.get(key, demands.Dates()).fields,
    )


def _origins(
    desk: Desk,
    problem: Problem,
    steps: Steps,
    resolved: dict[Key, costs.Resolved],
    threats: list[risk.ResolvedThreat],
    windows: list[Origin],
) -> dict[str, Origin]:
    """By JSON pointer into the problem (RFC 6901)."""
    origins: dict[str, Origin] = {}
    for k, key in enumerate(steps.implied_by):
        for name, written in resolved[key].origins.items():
            field, _, team = name.partition("/")
            if not team or team in getattr(problem.steps[k], field):
                origins[f"/steps/{k}/{name}"] = costs.origin(desk, written)
    for k, threat in enumerate(threats):
        origins[f"/threats/{k}/expected_loss_per_year"] = threat.origin
        origins[f"/threats/{k}/factors"] = threat.type_origin or threat.origin
    for k, origin in enumerate(windows):
        origins[f"/windows/{k}/limit"] = origin
    return origins


def _of_achievements(achieved: Achieved, problem: Problem) -> dict[str, Origin]:
    """Where it is written how much each achievement matters."""
    return {
        f"/achievements/{k}/points_per_year": achieved.tiers[item.id]
        for k, item in enumerate(problem.achievements)
        if item.id in achieved.tiers and item.points_per_year
    }


def _pinned(desk: Desk, steps: Steps, dates: Mapping[Key, demands.Dates]) -> dict[str, Origin]:
    """Where the last periods of steps are written that no milestone asks for, and how much each matters."""
    pins = {
        k: demand.pinned
        for k, key in enumerate(steps.implied_by)
        if (demand := dates.get(key)) is not None and demand.pinned is not None
    }
    nodes = {k: desk.root.find(path) for k, path in pins.items()}
    layers = {k: node.layer if node else "scenario" for k, node in nodes.items()}
    tiers = {k: beside.tier for k, key in enumerate(steps.implied_by) if (beside := dates.get(key)) and beside.tier}
    return {
        f"/steps/{k}/latest_finish": Origin.model_validate({"from": layers[k], "at": str(desk.root.nearest(path))})
        for k, path in pins.items()
    } | {f"/steps/{k}/points_per_year": tier for k, tier in tiers.items()}


def _limits(
    desk: Desk, problem: Problem, windows: list[Origin], caps: Mapping[str, Sequence[Path]]
) -> Iterator[Demand]:
    """Limits, caps and the like as demands."""

    def at(kind: str, k: int) -> str:
        """File, line and column of the ``k``-th of a kind of limit."""
        if kind == "windows":
            return windows[k].at
        paths: dict[str, Path] = {"max_parallel": ("rules", kind), "excludes": (kind,)}
        return str(desk.root.nearest(caps[kind][k] if kind in caps else paths[kind], key=True))

    return limits_of(problem, {name: team.title for name, team in desk.scenario.teams.items() if team.title}, at)


def _answer(
    achieved: Achieved,
    problem: Problem,
    steps: Steps,
    milestones: list[Milestone],
    origins: dict[str, Origin],
    asked: tuple[Demand, ...],
) -> Resolved:
    desk = achieved.desk
    parameters = tuple(_parameter(desk, param) for param in desk.params.values())
    named = {key.id: _titles(desk, key) for key in steps.implied_by}
    notes = [
        *(implied(_titles(desk, key), named[because]) for key, because in steps.implied_by.items() if because),
        *desk.notes,
    ]
    context = Context(
        parameters=parameters,
        milestones=tuple(milestones),
        achievements=achieved.context(key.id for key in steps.implied_by),
        steps={key.id: _step_context(desk, steps, key) for key in steps.implied_by},
        years=desk.calendar.years,
        teams={name: team.title for name, team in desk.scenario.teams.items() if team.title},
        systems={name: system.title for name, system in desk.scenario.systems.items() if system.title},
        origins=origins | _of_achievements(achieved, problem),
        notes=tuple(notes),
        committed=limits.committed(desk),
        reserve=limits.reserved(desk),
        tracker=desk.scenario.tracker,
    )
    unknowns = tuple(desk.numbers.met.values())
    return Resolved(problem, context, tuple(notes), tuple(steps.soft), asked, unknowns, desk.scenario.robust)


def _parameter(desk: Desk, param: Param) -> Parameter:
    index = desk.index
    place = index.places[param.practice]
    return Parameter(
        id=param.id,
        system=param.part.system,
        practice=place.practice.name,
        groups=tuple(index.groups[name].name for name in place.groups),
        scale=index.scale(param.scale).title,
        levels={str(level): info.name for level, info in sorted(index.scale(param.scale).levels.items())},
        current=param.current,
        target=param.target,
        ref=place.practice.ref,
    )


def _step_context(desk: Desk, steps: Steps, key: Key) -> StepContext:
    param = _param(desk, key)
    owners = param.part.org.owners
    index = desk.index
    named = said_for(index, owners, key.ref.practice)
    return StepContext(
        parameter=param.id,
        level=key.ref.level,
        owner=owners[named[0]] if named else index.places[key.ref.practice].practice.owner,
        implied_by=steps.implied_by[key],
        why=(
            *promised.why(desk, key.id),
            *(f"{edge.needs.id}: {edge.why}" for edge in steps.edges[key] if edge.why),
        ),
        ref=index.scale(key.ref.scale).levels[key.ref.level].ref or index.places[key.ref.practice].practice.ref,
    )
