"""What today's levels cost to keep up: money and person-days a year, from the first period on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from stepladder.data.formats.base import unknown
from stepladder.data.formats.scenario import Kept
from stepladder.data.resolving.index import no_level
from stepladder.data.resolving.parts import Desk, Param, Part, said_for


def check(desk: Desk) -> None:
    """Unknown practices, scales, levels and teams in ``upkeep``."""
    for part in desk.parts:
        for name in part.org.upkeep:
            if name != "default" and not desk.index.known(name):
                message = unknown("practice or group", name, desk.index.names())
                desk.wrong(("upkeep", name), "SL201", message, key=True, root=part.root)
                continue
            _check_scales(desk, part, name)


def _check_scales(desk: Desk, part: Part, name: str) -> None:
    index = desk.index
    practices = index.places if name == "default" else index.inside(name)
    scales = {scale for practice in practices for scale in index.places[practice].scales}
    for scale, levels in part.org.upkeep[name].items():
        path = ("upkeep", name, scale)
        if scale not in scales or scale not in index.catalogue.scales:
            desk.wrong(path, "SL202", unknown("scale", scale, scales), key=True, root=part.root)
            continue
        for level, kept in levels.items():
            if level not in index.levels(scale):
                desk.wrong((*path, level), "SL203", no_level(index, scale, level), key=True, root=part.root)
            known = {*desk.scenario.teams, *index.roles}
            for team in kept.effort_per_year:
                if team not in known:
                    place = (*path, level, "effort_per_year", team)
                    desk.wrong(place, "SL205", unknown("team", team, known), key=True, root=part.root)


def yearly(desk: Desk) -> tuple[Decimal, dict[str, Decimal]]:
    """What all parameters at today's levels take a year: money, and person-days by team."""
    money, days = Decimal(0), dict[str, Decimal]()
    for kept in (one for param in desk.params.values() for one in _of(desk, param)):
        money += Decimal(repr(kept.per_year))
        for role, amount in kept.effort_per_year.items():
            teams = desk.scenario.teams.items()
            team = next((team for team, entry in teams if role in (entry.covers or ())), role)
            days[team] = days.get(team, Decimal(0)) + Decimal(repr(amount))
    return money, days


def _of(desk: Desk, param: Param) -> Iterator[Kept]:
    """What is said of a parameter at today's level: by the most specific name that speaks of its scale, at the highest
    level that is not above today's.
    """
    for name in said_for(desk.index, param.part.org.upkeep, param.practice):
        levels = param.part.org.upkeep[name].get(param.scale)
        if levels is not None:
            reached = [level for level in levels if level <= param.current]
            yield from [levels[max(reached)]] if reached else []
            return
