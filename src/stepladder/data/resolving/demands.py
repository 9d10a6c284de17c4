"""What must, may or may not happen when: pins, milestones, worth and appetite, as dates of steps and caps on loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stepladder.data.demand import Demand, dates_name
from stepladder.data.formats.places import Origin
from stepladder.data.formats.plan import Milestone
from stepladder.data.formats.problem import Appetite, Path, unknown
from stepladder.data.formats.scenario import Pin, ScenarioMilestone
from stepladder.data.resolving.calendar import Calendar
from stepladder.data.resolving.index import levels
from stepladder.data.resolving.limits import horizon
from stepladder.data.resolving.needs import Key, Steps
from stepladder.data.resolving.parts import Desk, Param, said_for


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


def resolve(desk: Desk, steps: Steps) -> tuple[dict[Key, Dates], list[Milestone], list[Demand]]:
    """Dates by step, the milestones in the order of their dates, and both as demands."""
    dates: dict[Key, Dates] = {}
    asked: list[Demand] = []
    labels = [period.label for period in desk.calendar.periods]
    for text, pin in desk.scenario.pins.items():
        path: Path = ("pins", text)
        fields = _pin(desk, pin, path)
        keys = _keys(desk, steps, text, path)
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
        if (milestone := _milestone(desk, steps, name, entry, dates, asked)) is not None
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
    desk: Desk, steps: Steps, name: str, entry: ScenarioMilestone, dates: dict[Key, Dates], asked: list[Demand]
) -> Milestone | None:
    path: Path = ("milestones", name)
    period = _deadline(desk.calendar, entry)
    if period is None:
        early = entry.by < desk.calendar.dates[0][1]
        message = "no period ends by then" if early else "the horizon ends before that"
        desk.wrong(
            (*path, "by"), "SL304", f"{entry.by}: {message} (horizon: {horizon(desk)}); correct the date or the horizon"
        )
        return None
    desk.remark((*path, "by"), desk.calendar.moved(entry.by, ends=True))
    if isinstance(entry.reach, dict):
        before = len(desk.issues)
        desk.issues += levels(desk.index, entry.reach, desk.root, (*path, "reach"))
        if len(desk.issues) > before:
            return None
    reached: list[Key] = []
    for param in desk.params.values():
        level = _reach(desk, entry, param, (*path, "reach"))
        reached += [key for key in steps.by_parameter.get(param.id, ()) if key.ref.level <= level]
    if isinstance(entry.reach, dict):
        _check_applies(desk, entry.reach, (*path, "reach"))
    fields = {"required": True, "latest_finish": period}
    for key in reached:
        dates.setdefault(key, Dates()).add(fields)
    if reached:
        asked.append(
            Demand("milestone", entry.title, _at(desk, path), {key.id: fields for key in reached}, date=entry.by)
        )
    else:
        desk.notes.append(f"Milestone {entry.title!r} is met already.")
    ids = {key.id for key in _closure(steps, reached)}
    ordered = tuple(key.id for key in steps.implied_by if key.id in ids)
    return Milestone(
        title=entry.title, date=entry.by, reason=entry.reason, source=entry.source or "", steps=ordered, key=name
    )


def _deadline(calendar: Calendar, entry: ScenarioMilestone) -> int | None:
    """The last period that ends on or before the date."""
    return calendar.ending(entry.by)


def _reach(desk: Desk, entry: ScenarioMilestone, param: Param, path: Path) -> int:
    """The level that a milestone asks of a parameter; asked of a practice by name it must not exceed the target."""
    if entry.reach == "target":
        return param.target
    assert isinstance(entry.reach, dict)
    for name in said_for(desk.index, entry.reach, param.practice):
        value = entry.reach[name]
        level = value if isinstance(value, int) else value.get(param.scale)
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


def appetite(desk: Desk, threats: list[str]) -> list[Appetite]:
    """Caps on expected loss. Without ``to`` a cap holds for good, tail included."""
    caps = []
    for name, cap in desk.scenario.appetite.items():
        path: Path = ("appetite", name)
        first = 0 if cap.from_ is None else desk.calendar.starting(cap.from_)
        last = len(desk.calendar.periods) if cap.to is None else desk.calendar.ending(cap.to)
        for side, period, when in (("from", first, cap.from_), ("to", last, cap.to)):
            if period is None:
                desk.wrong(
                    (*path, side), "SL304", f"{when} does not fit a period of the horizon ({horizon(desk)}); correct it"
                )
            elif when is not None:
                desk.remark((*path, side), desk.calendar.moved(when, ends=side == "to"))
        if cap.threat is not None and cap.threat not in threats:
            desk.wrong((*path, "threat"), "SL206", unknown("threat", cap.threat, threats))
        if first is not None and last is not None and first > last:
            desk.wrong(
                (*path, "to"),
                "SL104",
                f"no period begins on or after {cap.from_} and ends by {cap.to}; exchange or correct them",
            )
        elif first is not None and last is not None:
            caps.append(
                Appetite.model_validate(
                    {
                        "from": first,
                        "to": last,
                        "threat": cap.threat,
                        "expected_loss_per_year": cap.expected_loss_per_year,
                    }
                )
            )
    return caps
