"""How much may be lost: caps on the expected loss, and on how likely large losses are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from stepladder.data.formats.base import unknown
from stepladder.data.formats.exceedance import MANY, MEASURES, Exceedance, about, crowded, unspread
from stepladder.data.formats.limits import Excess, LargeLoss, ScenarioAppetite
from stepladder.data.formats.problem import Appetite, Path
from stepladder.data.formats.threat import Threat
from stepladder.data.resolving.limits import horizon
from stepladder.data.resolving.parts import Desk


class Caps(NamedTuple):
    """The caps of a scenario, and where each of them is written."""

    appetite: list[Appetite]
    exceedance: list[Exceedance]
    at: dict[str, list[Path]]


def resolve(desk: Desk, threats: Sequence[Threat]) -> Caps:
    """The caps, in the order of the scenario. Without ``to`` a cap holds for good, tail included."""
    caps = Caps([], [], {"appetite": [], "exceedance": []})
    for name, cap in desk.scenario.appetite.items():
        path: Path = ("appetite", name)
        span = _span(desk, cap, path)
        if cap.threat is not None and cap.threat not in {threat.id for threat in threats}:
            desk.wrong((*path, "threat"), "SL206", unknown("threat", cap.threat, {threat.id for threat in threats}))
        elif span is not None:
            _add(desk, caps, cap, path, {**span, "threat": cap.threat}, threats)
    return caps


def _span(desk: Desk, cap: ScenarioAppetite, path: Path) -> dict[str, int] | None:
    """The first and the last period of a cap; None where they are wrong."""
    first = 0 if cap.from_ is None else desk.calendar.starting(cap.from_)
    last = len(desk.calendar.periods) if cap.to is None else desk.calendar.ending(cap.to)
    for side, period, when in (("from", first, cap.from_), ("to", last, cap.to)):
        if period is None:
            message = f"{when} does not fit a period of the horizon ({horizon(desk)}); correct it"
            desk.wrong((*path, side), "SL304", message)
        elif when is not None:
            desk.remark((*path, side), desk.calendar.moved(when, ends=side == "to"))
    if first is not None and last is not None and first > last:
        message = f"no period begins on or after {cap.from_} and ends by {cap.to}; exchange or correct them"
        desk.wrong((*path, "to"), "SL104", message)
        return None
    return None if first is None or last is None else {"from": first, "to": last}


def _add(
    desk: Desk, caps: Caps, cap: ScenarioAppetite, path: Path, fields: dict[str, Any], threats: Sequence[Threat]
) -> None:
    """All that one entry caps."""
    if cap.expected_loss_per_year is not None:
        caps.appetite.append(Appetite.model_validate({**fields, "expected_loss_per_year": cap.expected_loss_per_year}))
        caps.at["appetite"].append(path)
    for name in MEASURES:
        written: LargeLoss | Excess | None = getattr(cap, name)
        if written is None:
            continue
        most = {"chance": written.chance} if isinstance(written, LargeLoss) else {"per_year": written.per_year}
        tail = Exceedance.model_validate({**fields, **most, "of": name, "above": written.above})
        if _can_be_told(desk, tail, (*path, name), threats):
            caps.exceedance.append(tail)
            caps.at["exceedance"].append((*path, name))


def _can_be_told(desk: Desk, cap: Exceedance, path: Path, threats: Sequence[Threat]) -> bool:
    """Whether the threats say enough of their large losses."""
    why = [(threat, reason) for threat in about(threats, cap.threat) if (reason := unspread(threat))]
    for threat, reason in why:
        lacks = "events_per_year and loss_per_event: {median, p95}"
        remedy = f"give it {lacks if threat.events is None else 'loss_per_event: {median, p95}'}, or cap one threat"
        desk.wrong(path, "SL102", f"{reason}, so how likely large losses are is not known; {remedy}", key=True)
    many = crowded(threats, cap)
    if many:
        message = f"{many} (at most {MANY:,.0f}); cap one threat, or one_event"
        desk.wrong(path, "SL313", message, key=True)
    return not why and not many
