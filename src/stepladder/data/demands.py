"""What must, may or may not happen when: pins, milestones, worth and appetite, as dates of steps and caps on loss."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stepladder.data.calendar import Calendar
from stepladder.data.index import levels
from stepladder.data.limits import horizon
from stepladder.data.needs import Key, Steps
from stepladder.data.parts import Desk, Param, said_for
from stepladder.data.plan import Milestone
from stepladder.data.problem import Appetite, Path, unknown
from stepladder.data.scenario import Pin, ScenarioMilestone


@dataclass
class Dates:
    """What is decided about one step, in the words of the problem."""

    fields: dict[str, Any] = field(default_factory=dict)

    def by(self, period: int) -> None:
        """Finish in this period at the latest; the earliest such demand counts."""
        self.fields["latest_finish"] = min(period, self.fields.get("latest_finish", period))


def resolve(desk: Desk, steps: Steps) -> tuple[dict[Key, Dates], list[Milestone]]:
    """Dates by step, and the milestones in the order of their dates."""
    dates: dict[Key, Dates] = {}
    for text, pin in desk.scenario.pins.items():
        for key in _keys(desk, steps, text, ("pins", text)):
            _pin(desk, pin, ("pins", text), dates.setdefault(key, Dates()))
    for text, worth in desk.scenario.worth.items():
        for key in _keys(desk, steps, text, ("worth", text)):
            dates.setdefault(key, Dates()).fields |= {"value_once": worth.once, "value_per_year": worth.per_year}
    milestones = [found for name, milestone in desk.scenario.milestones.items() if (found := _milestone(desk, steps, name, milestone, dates)) is not None]
    return dates, sorted(milestones, key=lambda milestone: milestone.date)


def _keys(desk: Desk, steps: Steps, text: str, path: Path) -> list[Key]:
    """The steps of the problem that a pin means; a step above the target is an error, one in place already is worth a note."""
    parsed = desk.parse(text, path, key=True)
    found = []
    for system in parsed[0] if parsed else ():
        key = Key(system, parsed[1]) if parsed else None
        param = desk.param(system, key.ref) if key else None
        if key and key in steps.implied_by:
            found.append(key)
        elif key and param and key.ref.level <= param.current:
            desk.notes.append(f"{path[0]}: {key.id} is in place already, so this has no effect.")
        elif key and param:
            desk.wrong(path, "SL306", f"{key.id} is above the target, {param.target}; raise the target or remove this", key=True)
        elif key and desk.is_out(key.system, key.ref.practice):
            desk.wrong(path, "SL305", f"{key.ref.practice} is not applicable; remove this", key=True)
    return found


def _pin(desk: Desk, pin: Pin, path: Path, dates: Dates) -> None:
    calendar = desk.calendar
    for name, when, rule in (("start", pin.start, "start"), ("earliest", pin.earliest, "earliest"), ("finish_by", pin.finish_by, "latest_finish")):
        if when is None:
            continue
        period = calendar.ending(when) if name == "finish_by" else calendar.starting(when)
        if period is None:
            desk.wrong((*path, name), "SL304", f"{when} does not fit a period of the horizon ({horizon(desk)}); correct it")
        elif rule == "latest_finish":
            dates.by(period)
        else:
            dates.fields[rule] = period
    if pin.required:
        dates.fields["required"] = True


def _milestone(desk: Desk, steps: Steps, name: str, said: ScenarioMilestone, dates: dict[Key, Dates]) -> Milestone | None:
    path: Path = ("milestones", name)
    period = _deadline(desk.calendar, said)
    if period is None:
        early = said.by < desk.calendar.dates[0][1]
        message = "no period ends by then" if early else "the horizon ends before that"
        desk.wrong((*path, "by"), "SL304", f"{said.by}: {message} (horizon: {horizon(desk)}); correct the date or the horizon")
        return None
    if isinstance(said.reach, dict):
        before = len(desk.issues)
        desk.issues += levels(desk.index, said.reach, desk.root, (*path, "reach"))
        if len(desk.issues) > before:
            return None
    reached: list[Key] = []
    for param in desk.params.values():
        level = _reach(desk, said, param, (*path, "reach"))
        reached += [key for key in _own(steps, param) if key.ref.level <= level]
    if isinstance(said.reach, dict):
        _check_applies(desk, said.reach, (*path, "reach"))
    for key in reached:
        found = dates.setdefault(key, Dates())
        found.by(period)
        found.fields["required"] = True
    if not reached:
        desk.notes.append(f"Milestone {said.title!r} is met already.")
    ids = {key.id for key in _closure(steps, reached)}
    ordered = tuple(key.id for key in steps.implied_by if key.id in ids)
    return Milestone(title=said.title, date=said.by, reason=said.reason, source=said.source or "", steps=ordered)


def _deadline(calendar: Calendar, said: ScenarioMilestone) -> int | None:
    """The last period that ends on or before the date."""
    return calendar.ending(said.by)


def _own(steps: Steps, param: Param) -> list[Key]:
    return [key for key in steps.implied_by if (key.system, key.ref.practice, key.ref.scale) == (param.part.system, param.practice, param.scale)]


def _reach(desk: Desk, said: ScenarioMilestone, param: Param, path: Path) -> int:
    """The level that a milestone asks of a parameter; asked of a practice by name it must not exceed the target."""
    if said.reach == "target":
        return param.target
    assert isinstance(said.reach, dict)
    for name in said_for(desk.index, said.reach, param.practice):
        value = said.reach[name]
        level = value if isinstance(value, int) else value.get(param.scale)
        if level is None:
            continue
        if name == param.practice and level > param.target:
            place = (*path, name, param.scale)
            desk.wrong(place, "SL306", f"{param.id} to {level} is above its target, {param.target}; raise the target or lower the milestone")
        return min(level, param.target)
    return param.current


def _check_applies(desk: Desk, reach: dict[str, Any], path: Path) -> None:
    for name in reach:
        if name in desk.index.places and all(desk.is_out(part.system, name) for part in desk.parts):
            desk.wrong((*path, name), "SL305", f"{name} is not applicable; remove it here, or let it apply", key=True)


def _closure(steps: Steps, reached: list[Key]) -> set[Key]:
    found: set[Key] = set()
    queue = list(reached)
    while queue:
        key = queue.pop()
        if key not in found:
            found.add(key)
            queue += [edge.needs for edge in steps.edges.get(key, ())]
    return found


def appetite(desk: Desk, threats: list[str]) -> list[Appetite]:
    """Caps on expected loss. Without ``to`` a cap holds for good, tail included."""
    found = []
    for name, cap in desk.scenario.appetite.items():
        path: Path = ("appetite", name)
        first = 0 if cap.from_ is None else desk.calendar.starting(cap.from_)
        last = len(desk.calendar.periods) if cap.to is None else desk.calendar.ending(cap.to)
        for side, period, when in (("from", first, cap.from_), ("to", last, cap.to)):
            if period is None:
                desk.wrong((*path, side), "SL304", f"{when} does not fit a period of the horizon ({horizon(desk)}); correct it")
        if cap.threat is not None and cap.threat not in threats:
            desk.wrong((*path, "threat"), "SL206", unknown("threat", cap.threat, threats))
        if first is not None and last is not None and first > last:
            desk.wrong((*path, "to"), "SL104", f"the cap ends before it starts ({cap.from_}); exchange them")
        elif first is not None and last is not None:
            found.append(Appetite.model_validate({"from": first, "to": last, "threat": cap.threat, "expected_loss_per_year": cap.expected_loss_per_year}))
    return found
