"""What must, may or may not happen when: pins, milestones and worth, as dates of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepladder.data.demand import Demand
from stepladder.data.demand_names import dates_name
from stepladder.data.formats.base import unknown
from stepladder.data.formats.catalogue import Profile
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import Path
from stepladder.data.formats.scenario import Pin, ScenarioMilestone
from stepladder.data.resolving.achievements import Achieved
from stepladder.data.resolving.calendar import Calendar
from stepladder.data.resolving.index import levels
from stepladder.data.resolving.keys import Home, Key
from stepladder.data.resolving.limits import horizon
from stepladder.data.resolving.needs import Steps
from stepladder.data.resolving.parts import Desk, Param, said_for

#: What a milestone says for all levels of the target.
TARGET = "target"


@dataclass
class Dates:
    """What is decided about one step, in the words of the problem."""

    fields: dict[str, Any] = field(default_factory=dict)
    pinned: Path | None = None
    """Where the last period is written, when that is no milestone."""
    tier: Origin | None = None
    """Where the tier of its importance is written."""

    def add(self, fields: Mapping[str, Any], pin: Path | None = None) -> None:
        """What one more demand says; of several dates to finish by the earliest counts."""
        ends = [fields["latest_finish"] for fields in (self.fields, fields) if "latest_finish" in fields]
        if ends and ends[-1] == min(ends) and "latest_finish" in fields:
            self.pinned = pin
        self.fields |= {**fields, **({"latest_finish": min(ends)} if ends else {})}


def resolve(desk: Desk, steps: Steps, achieved: Achieved) -> tuple[dict[Key, Dates], list[Milestone], list[Demand]]:
    """Dates by step, the milestones in the order of their dates, and both as demands."""
    dates: dict[Key, Dates] = {}
    asked: list[Demand] = []
    labels = [period.label for period in desk.calendar.periods]
    for text, pin in desk.scenario.pins.items():
        path: Path = ("pins", text)
        fields = _pin(desk, pin, path)
        keys = _keys(desk, steps, text, path)
        for key in (key for key in keys if key.id in desk.bought):
            by = desk.bought[key.id].by
            desk.wrong(path, "SL306", f"{key.id} is reached by the commitment {by!r}; remove one of them", key=True)
        for key in keys:
            dates.setdefault(key, Dates()).add(fields, (*path, "finish_by"))
        if keys and fields:
            asked.append(
                Demand(
                    "step", f"{text}: {dates_name(labels, fields)}", _at(desk, path), {key.id: fields for key in keys}
                )
            )
    for text, worth in desk.scenario.worth.items():
        for key in _keys(desk, steps, text, ("worth", text)):
            dates.setdefault(key, Dates()).fields |= {"value_once": worth.once, "value_per_year": worth.per_year}
    milestones = [
        milestone
        for name, entry in desk.scenario.milestones.items()
        if (milestone := _milestone(achieved, steps, name, entry, dates, asked)) is not None
    ]
    return dates, sorted(milestones, key=lambda milestone: milestone.date), asked


def _at(desk: Desk, path: Path) -> str:
    return str(desk.root.nearest(path, key=True))


def _keys(desk: Desk, steps: Steps, text: str, path: Path) -> list[Key]:
    """The steps of the problem that a pin means; a step above the target is an error, one in place already is worth
    a note.
    """
    parsed = desk.parse(text, path, key=True)
    keys = []
    for system in parsed[0] if parsed else ():
        key = Key(system, parsed[1]) if parsed else None
        param = desk.param(system, key.ref) if key else None
        if key and key in steps.implied_by:
            keys.append(key)
        elif key and param and key.ref.level <= param.current:
            desk.notes.append(f"{path[0]}: {key.id} is in place already, so this has no effect.")
        elif key and param:
            desk.wrong(
                path,
                "SL306",
                f"{key.id} is above the target, {param.target}; raise the target or remove this",
                key=True,
            )
        elif key and desk.is_out(key.system, key.ref.practice):
            desk.wrong(path, "SL305", f"{key.ref.practice} is not applicable; remove this", key=True)
    return keys


def _pin(desk: Desk, pin: Pin, path: Path) -> dict[str, Any]:
    """What a pin says of its steps."""
    calendar, fields = desk.calendar, {}
    for name, when, rule in (
        ("start", pin.start, "start"),
        ("earliest", pin.earliest, "earliest"),
        ("finish_by", pin.finish_by, "latest_finish"),
    ):
        if when is None:
            continue
        period = calendar.ending(when) if name == "finish_by" else calendar.starting(when)
        if period is None or (name == "start" and calendar.early(when)):
            desk.wrong(
                (*path, name), "SL304", f"{when} does not fit a period of the horizon ({horizon(desk)}); correct it"
            )
        else:
            fields[rule] = period
            desk.remark((*path, name), calendar.moved(when, ends=name == "finish_by"))
    return fields | ({"required": True} if pin.required else {})


def _milestone(
    achieved: Achieved, steps: Steps, name: str, entry: ScenarioMilestone, dates: dict[Key, Dates], asked: list[Demand]
) -> Milestone | None:
    desk, path = achieved.desk, ("milestones", name)
    period = _deadline(desk.calendar, entry)
    if period is None:
        early = entry.by < desk.calendar.dates[0][1]
        message = "no period ends by then" if early else "the horizon ends before that"
        desk.wrong(
            (*path, "by"), "SL304", f"{entry.by}: {message} (horizon: {horizon(desk)}); correct the date or the horizon"
        )
        return None
    desk.remark((*path, "by"), desk.calendar.moved(entry.by, ends=True))
    if not _reach_is_known(achieved, entry, (*path, "reach")):
        return None
    reached, held = _achievements(achieved, steps, entry, (*path, "reach"))
    for home in held:
        achieved.due[home] = min(period, achieved.due.get(home, period))
    for param in desk.params.values():
        level = _reach(desk, entry, param, (*path, "reach"))
        own = steps.by_parameter.get(param.id, ())
        reached += [key for key in own if key.ref.level <= level and key not in reached]
    _check_bought(desk, name, period, reached)
    if isinstance(entry.reach, dict):
        _check_applies(desk, entry.reach, (*path, "reach"))
    fields = {"required": True, "latest_finish": period}
    for key in reached:
        dates.setdefault(key, Dates()).add(fields)
    by_step = {key.id: fields for key in reached if key.id not in desk.bought}
    if by_step or held:
        by = {home.id: period for home in held}
        asked.append(Demand("milestone", entry.title, _at(desk, path), by_step, date=entry.by, achievements=by))
    else:
        desk.notes.append(f"Milestone {entry.title!r} is met {'by what is promised' if reached else 'already'}.")
    leading = _closure(steps, reached)
    return Milestone(
        title=entry.title,
        date=entry.by,
        reason=entry.reason,
        source=entry.source or "",
        steps=tuple(key.id for key in steps.implied_by if key in leading),
        achievements=tuple(home.id for home in held),
        key=name,
        legal=entry.legal,
    )


def _check_bought(desk: Desk, name: str, period: int, reached: list[Key]) -> None:
    """A commitment is how things are: what it reaches later no milestone can ask for."""
    for key in reached:
        bought = desk.bought.get(key.id)
        if bought is not None and bought.last > period:
            label = desk.calendar.periods[bought.last].label
            message = (
                f"{key.id} is there from {label} on, by the commitment {bought.by!r}; move the date, or let that end"
            )
            desk.wrong(("milestones", name, "by"), "SL306", f"{message} earlier")


def _reach_is_known(achieved: Achieved, entry: ScenarioMilestone, path: Path) -> bool:
    """Whether what a milestone asks for means anything."""
    desk, before = achieved.desk, len(achieved.desk.issues)
    if isinstance(entry.reach, dict):
        desk.issues += levels(desk.index, entry.reach, desk.root, path, achieved.texts)
    elif entry.reach != TARGET and entry.reach not in _profiles(desk):
        message = unknown("profile", entry.reach, {*_profiles(desk), TARGET})
        desk.wrong(path, "SL209", message)
    return len(desk.issues) == before


def _profiles(desk: Desk) -> dict[str, Profile]:
    return {**desk.index.catalogue.profiles, **desk.scenario.profiles}


def _achievements(
    achieved: Achieved, steps: Steps, entry: ScenarioMilestone, path: Path
) -> tuple[list[Key], list[Home]]:
    """The steps that the achievements of a milestone take in any case, and those achievements that are more than
    that.
    """
    there, keys, held = frozenset(key.id for key in steps.implied_by), dict[Key, None](), []
    for name in entry.reach if isinstance(entry.reach, dict) else ():
        for home in achieved.means(name):
            state = achieved.state(home, there)
            if state == "out":
                message = f"{home.id} cannot be reached here: {achieved.why_out(home, there)}"
                achieved.desk.wrong((*path, name), "SL306", message + "; let it apply, or remove this", key=True)
            if state != "open":
                continue
            keys |= dict.fromkeys(key for key in achieved.steps(home) if key in steps.implied_by)
            held += [] if achieved.plain(home) else [home]
    return list(keys), held


def _deadline(calendar: Calendar, entry: ScenarioMilestone) -> int | None:
    """The last period that ends on or before the date."""
    return calendar.ending(entry.by)


def _reach(desk: Desk, entry: ScenarioMilestone, param: Param, path: Path) -> int:
    """The level that a milestone asks of a parameter; asked of a practice by name it must not exceed the target."""
    if entry.reach == TARGET:
        return param.target
    wanted: Mapping[str, int | str | dict[str, int]] = (
        entry.reach if isinstance(entry.reach, dict) else {**_profiles(desk)[entry.reach].levels}
    )
    for name in said_for(desk.index, wanted, param.practice):
        value = wanted[name]
        level = value if isinstance(value, int) else value.get(param.scale) if isinstance(value, dict) else None
        if level is None:
            continue
        if name == param.practice and level > param.target:
            place = (*path, name, param.scale)
            desk.wrong(
                place,
                "SL306",
                f"{param.id} to {level} is above its target, {param.target}; raise the target or lower the milestone",
            )
        return min(level, param.target)
    return param.current


def _check_applies(desk: Desk, reach: dict[str, Any], path: Path) -> None:
    for name in reach:
        if name in desk.index.places and all(desk.is_out(part.system, name) for part in desk.parts):
            desk.wrong((*path, name), "SL305", f"{name} is not applicable; remove it here, or let it apply", key=True)


def _closure(steps: Steps, reached: list[Key]) -> set[Key]:
    keys: set[Key] = set()
    queue = list(reached)
    while queue:
        key = queue.pop()
        if key not in keys:
            keys.add(key)
            queue += [edge.needs for edge in steps.edges.get(key, ())]
    return keys
