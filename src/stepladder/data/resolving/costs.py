"""What a step costs: the layers of the cost tables, each number with the place that had the last word."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, NamedTuple, get_args

from stepladder.data.formats.base import LARGEST, too_much, unknown
from stepladder.data.formats.catalogue import StepCost
from stepladder.data.formats.estimate import Range, points
from stepladder.data.formats.money import nearest
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import MONEY, Path
from stepladder.data.formats.renewal import Renewal
from stepladder.data.formats.spread import Shares, stretched, wrong_count, wrong_sum
from stepladder.data.reading.tree import Node
from stepladder.data.resolving import renewals
from stepladder.data.resolving.index import Ref
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.parts import Desk, Part

#: Work: over the whole step, and a year from then on.
Work = Literal["effort", "effort_per_year"]
WORK: tuple[Work, ...] = get_args(Work)


class Layer(NamedTuple):
    """One table's entry for a step. ``general``: it comes from a scale's defaults, so a practice's factor applies."""

    cost: StepCost
    root: Node
    path: Path
    general: bool


class Written(NamedTuple):
    """Which entry of which table had the last word on a number, what it rests on, and for which role."""

    layer: Layer
    field: str
    basis: str | None
    role: str | None = None


@dataclass
class Resolved:
    """A step's cost in plain numbers, and where each was written (by field, effort by ``effort/team`` or
    ``effort_per_year/team``).
    """

    once: float = 0.0
    per_year: float = 0.0
    effort: dict[str, float] = field(default_factory=dict)
    effort_per_year: dict[str, float] = field(default_factory=dict)
    duration: int = 1
    spread: Shares = ()
    renew: Renewal | None = None
    origins: dict[str, Written] = field(default_factory=dict)


def check(desk: Desk) -> None:
    """Unknown names in the scenario's cost tables, and teams that clash."""
    covered: dict[str, str] = {}
    for team, entry in desk.scenario.teams.items():
        if team in MONEY:
            desk.wrong(
                ("teams", team), "SL105", f"{team!r} means money and cannot be a team; rename the team", key=True
            )
        for k, role in enumerate(entry.covers or ()):
            if role not in desk.index.roles:
                desk.wrong(("teams", team, "covers", k), "SL205", unknown("role", role, desk.index.roles))
            if role in covered:
                desk.wrong(
                    ("teams", team, "covers", k),
                    "SL308",
                    f"{role!r} is already covered by team {covered[role]!r}; remove it from one of them",
                )
            covered[role] = team
    for part in desk.parts:
        _check_tables(desk, part)


def _check_tables(desk: Desk, part: Part) -> None:
    from stepladder.data.resolving.index import costs

    index, given = desk.index, part.org.costs
    all_scales = tuple(index.catalogue.scales)
    desk.issues += costs(index, given.scales, part.root, ("costs", "scales"), all_scales)
    for name, practice in given.practices.items():
        if name not in index.places:
            desk.wrong(
                ("costs", "practices", name),
                "SL201",
                unknown("practice", name, set(index.places)),
                key=True,
                root=part.root,
            )
        else:
            desk.issues += costs(
                index, practice.scales, part.root, ("costs", "practices", name, "scales"), index.places[name].scales
            )
    for text in given.steps:
        _check_step(desk, part, text)
    known = {*desk.scenario.teams, *index.roles}
    tables = part.root.child("costs")
    for path, _ in tables.walk(("costs",)) if tables else ():
        if len(path) > 2 and path[-2] in WORK and str(path[-1]) not in known:
            desk.wrong(path, "SL205", unknown("team", path[-1], known), key=True, root=part.root)


def _check_step(desk: Desk, part: Part, text: str) -> None:
    path = ("costs", "steps", text)
    system, slash, rest = text.rpartition("/")
    ref = desk.index.parse(rest)
    if slash and system not in desk.scenario.systems:
        desk.wrong(path, "SL208", unknown("system", system, set(desk.scenario.systems)), key=True, root=part.root)
    elif not isinstance(ref, Ref):
        desk.wrong(path, *ref, key=True, root=part.root)


def _layers(desk: Desk, part: Part, key: Key) -> list[Layer]:
    """Every table entry for a step, weakest first."""
    (practice, scale, level), index, given = key.ref, desk.index, part.org.costs
    place = index.places[practice]
    own = given.practices.get(practice)
    candidates: list[tuple[StepCost | None, Node, Path, bool]] = [
        (index.scale(scale).costs.get(level), desk.catalogue, ("scales", scale, "costs", level), True),
        (place.practice.costs.get(scale, {}).get(level), desk.catalogue, (*place.path, "costs", scale, level), False),
        (given.scales.get(scale, {}).get(level), part.root, ("costs", "scales", scale, level), True),
        (
            own.scales.get(scale, {}).get(level) if own else None,
            part.root,
            ("costs", "practices", practice, "scales", scale, level),
            False,
        ),
        (given.steps.get(str(key.ref)), part.root, ("costs", "steps", str(key.ref)), False),
        (given.steps.get(key.id) if key.system else None, part.root, ("costs", "steps", key.id), False),
    ]
    return [Layer(cost, root, path, general) for cost, root, path, general in candidates if cost is not None]


def _plain(
    desk: Desk, part: Part, key: Key, layer: Layer, value: float | Range, kind: str, factor: float, *field: str
) -> float:
    """A field of a layer as one number, times its factor; what is too large is among the issues."""
    _check_size(desk, part, key, layer, field, points(value)[2] * (1 + part.org.costs.spread), factor)
    return desk.plain(value, kind, layer.root, (*layer.path, *field), part) * factor


def resolve(desk: Desk, part: Part, key: Key) -> Resolved:
    """One step's cost.

    ``costs.factor`` multiplies all money that comes from the catalogue; a practice's ``factor`` multiplies money and
    effort that come from a scale's defaults, of the catalogue or of the scenario.
    """
    resolved = Resolved()
    roles: dict[Work, dict[str, float]] = {kind: {} for kind in WORK}
    costs = part.org.costs
    own = costs.practices.get(key.ref.practice)
    again: Callable[[], Renewal | None] | None = None
    for layer in _layers(desk, part, key):
        level_factor = own.factor if own and layer.general else 1.0
        money = level_factor * (costs.factor if layer.root is desk.catalogue else 1.0)
        cost, plain = layer.cost, partial(_plain, desk, part, key, layer)
        if cost.once is not None:
            resolved.once = nearest(plain(cost.once, "money", money, "once"), desk.scenario.currency)
            resolved.origins["once"] = Written(layer, "once", cost.basis)
        if cost.per_year is not None:
            resolved.per_year = nearest(plain(cost.per_year, "money", money, "per_year"), desk.scenario.currency)
            resolved.origins["per_year"] = Written(layer, "per_year", cost.basis)
        if cost.spread is not None:
            resolved.spread = cost.spread
            resolved.origins["spread"] = Written(layer, "spread", cost.basis)
        if cost.renew is not None:
            again = partial(renewals.renewal, desk, cost.renew, layer, plain, (money, level_factor))
            resolved.origins["renew"] = Written(layer, "renew", cost.basis)
        if cost.months is not None:
            resolved.duration = max(
                1, math.ceil(plain(cost.months, "months", 1.0, "months") / desk.calendar.months - 1e-9)
            )
            resolved.origins["duration"] = Written(layer, "months", cost.basis)
        for kind in WORK:
            given = getattr(cost, kind) or {}
            _replace(desk, roles[kind], given)
            for role, days in given.items():
                roles[kind][role] = round(plain(days, "effort", level_factor, kind, role), 2)
                resolved.origins[f"{kind}/{_team(desk, role)}"] = Written(layer, kind, cost.basis, role)
    for kind in WORK:
        _by_team(desk, resolved, kind, roles[kind])
    resolved.renew = again() if again else None
    _fit_spread(desk, resolved)
    return resolved


def _fit_spread(desk: Desk, resolved: Resolved) -> None:
    """A share for each period of work. Work that takes another time in a future that is drawn has as much paid by each
    part of the time as was said.
    """
    wrong = wrong_sum(resolved.spread)
    if not wrong and desk.numbers.drawn is None:
        wrong = wrong_count(resolved.spread, resolved.duration)
    if wrong:
        layer = resolved.origins["spread"].layer
        desk.wrong((*layer.path, "spread"), "SL104", wrong, root=layer.root)
        resolved.spread = ()
    resolved.spread = stretched(resolved.spread, resolved.duration)


def _by_team(desk: Desk, resolved: Resolved, kind: Work, roles: Mapping[str, float]) -> None:
    """The work of roles as that of the teams that do it; what adds up to too much is among the issues."""
    days_of: dict[str, float] = getattr(resolved, kind)
    for role, days in roles.items():
        if days:
            team = _team(desk, role)
            days_of[team] = round(days_of.get(team, 0.0) + days, 2)
            wrong = too_much(f"the work of {team} adds up to", days_of[team], "correct it")
            if wrong:
                written = resolved.origins[f"{kind}/{team}"]
                desk.wrong((*written.layer.path, kind, written.role or role), "SL104", wrong, root=written.layer.root)


def _replace(desk: Desk, roles: dict[str, float], given: Mapping[str, object]) -> None:
    """What is said of a team takes the place of what was said before of the roles that it covers; else their work
    would count twice.
    """
    for name in given:
        team = desk.scenario.teams.get(name)
        for role in (team.covers if team else None) or ():
            if role not in given:
                roles.pop(role, None)


def _check_size(
    desk: Desk, part: Part, key: Key, layer: Layer, field: tuple[str, ...], highest: float, factor: float
) -> None:
    """A number as high as it may turn out, times the factors that apply to it, is not too large; where the catalogue
    has it, a factor made it so.
    """
    if highest * factor <= LARGEST:
        return
    times = f"{highest:,.0f} times {factor:g} is" if factor != 1 else "this may be"
    wrong = too_much(times, highest * factor, "correct the cost, its spread or the factors in `costs`")
    assert wrong is not None
    path: Path = (*layer.path, *field)
    if layer.root is desk.catalogue:
        own: Path = ("costs", "practices", key.ref.practice, "factor")
        path = own if part.root.find(own) is not None else ("costs", "factor")
    desk.wrong(path, "SL104", wrong, root=part.root)


def _team(desk: Desk, role: str) -> str:
    """The team that does a role's work: one that covers it, one of that name, or an unlimited one."""
    return next((team for team, entry in desk.scenario.teams.items() if role in (entry.covers or ())), role)


def origin(desk: Desk, written: Written) -> Origin:
    """Where a number was written, for the plan's reader."""
    layer = written.layer
    path = (*layer.path, written.field, *([written.role] if written.role else []))
    node = layer.root.find(path)
    shipped = layer.root is desk.catalogue
    return Origin.model_validate(
        {
            "from": "catalogue" if shipped else (node.layer if node else "scenario"),
            "at": str(layer.root.nearest(path)),
            "source": written.basis or "",
            "illustrative": shipped and desk.index.catalogue.illustrative is not None,
        }
    )
