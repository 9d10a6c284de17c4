"""Threats: expected loss per year today, and what remains of it once a step is in place (FAIR's words: frequency,
magnitude, loss).
"""

from __future__ import annotations

from typing import NamedTuple

from stepladder.data.formats.base import LARGEST, too_much, unknown
from stepladder.data.formats.estimate import Loss, Range, distribution, mean, points
from stepladder.data.formats.money import nearest
from stepladder.data.formats.places import Origin
from stepladder.data.formats.scenario import ScenarioThreat
from stepladder.data.formats.threat import Events, Threat
from stepladder.data.reading.tree import Node
from stepladder.data.resolving import effects
from stepladder.data.resolving.needs import Steps
from stepladder.data.resolving.parts import Desk, Param, Part, name_of


class ResolvedThreat(NamedTuple):
    """A threat of the problem and where its loss was written."""

    threat: Threat
    origin: Origin
    type_origin: Origin | None


def resolve(desk: Desk, steps: Steps) -> list[ResolvedThreat]:
    """The threats of all parts, in the order of the scenario: first those of the whole organisation."""
    threats = _whole(desk, steps)
    once = len(threats)
    for part in desk.parts:
        # What is shared has no threats of its own: each system has all of them.
        if desk.scenario.systems and part.system is None:
            continue
        for name, threat in part.org.threats.items():
            if threat is None or (desk.scenario.systems and threat.organisation_wide):
                continue
            if _sound(desk, part, name, threat):
                threats.append(_threat(desk, part, name, threat, steps))
    if once:
        *others, last = (repr(one.threat.title) for one in threats[:once])
        titles = f"{', '.join(others)} and {last}" if others else last
        verb = "is" if once == 1 else "are"
        desk.notes.append(f"{titles} {verb} counted once for all systems, every other threat for each of them.")
    return threats


def _whole(desk: Desk, steps: Steps) -> list[ResolvedThreat]:
    """The threats that all systems have together; where there is but one system, its threats are its own."""
    threats: list[ResolvedThreat] = []
    whole = Part(None, "", desk.scenario, desk.root, tuple(desk.index.places))
    for key, system in desk.scenario.systems.items():
        for name, own in system.threats.items():
            above = desk.scenario.threats.get(name)
            if (above is not None and above.organisation_wide) or (own is not None and own.organisation_wide):
                message = "what is organisation-wide is no system's own; say it under the scenario's `threats`"
                desk.wrong(("systems", key, "threats", name), "SL104", message, key=True)
    for name, threat in desk.scenario.threats.items() if desk.scenario.systems else ():
        if threat is not None and threat.organisation_wide and _sound(desk, whole, name, threat):
            threats.append(_threat(desk, whole, name, threat, steps))
    return threats


def _sound(desk: Desk, part: Part, name: str, threat: ScenarioThreat) -> bool:
    path, before = ("threats", name), len(desk.issues)
    types = desk.index.catalogue.threats
    if threat.type is not None and threat.type not in types:
        desk.wrong((*path, "type"), "SL206", unknown("threat type", threat.type, set(types)), root=part.root)
    parts = (threat.events_per_year, threat.loss_per_event)
    if threat.expected_loss_per_year is None and None in parts:
        desk.wrong(
            path,
            "SL102",
            "how much it costs is missing; give events_per_year and loss_per_event, or expected_loss_per_year",
            key=True,
            root=part.root,
        )
    elif threat.expected_loss_per_year is not None and parts != (None, None):
        message = (
            "two answers for one question; give either expected_loss_per_year, or events_per_year and loss_per_event"
        )
        desk.wrong((*path, "expected_loss_per_year"), "SL104", message, root=part.root)
    desk.issues += effects.checked(desk.index, threat.reduced_by, part.root, (*path, "reduced_by"))
    if len(desk.issues) == before and threat.reduced_by:
        kind = types.get(threat.type or "")
        desk.issues += dict.fromkeys(effects.together(desk.index, kind, threat, part.root, (*path, "reduced_by")))
    for practice in threat.reduces:
        if not desk.index.known(practice):
            desk.wrong(
                (*path, "reduces", practice),
                "SL201",
                unknown("practice", practice, desk.index.names()),
                key=True,
                root=part.root,
            )
    return len(desk.issues) == before


Shares = dict[str, dict[str, dict[int, float]]]


def _shares(desk: Desk, part: Part, name: str, threat: ScenarioThreat) -> Shares:
    """The same in plain numbers. A parameter's effect is one unknown: what is drawn for it holds for all of its
    levels.
    """
    kind = desk.index.catalogue.threats.get(threat.type or "")
    shares: Shares = {}
    for practice, by_scale in effects.merged(desk.index, kind, threat).items():
        for scale, by_level in by_scale.items():
            removed, highest = shares.setdefault(practice, {}).setdefault(scale, {}), 0.0
            for level, effect in sorted(by_level.items()):
                root, of = (part.root, name) if effect.own else (desk.catalogue, threat.type or "")
                path = ("threats", of, "reduced_by", effect.name, scale)
                # Drawn from ranges of different widths, a higher level might remove less than the one below it.
                highest = max(highest, desk.plain(effect.share, "effect", root, path, part))
                removed[level] = highest
    return shares


def _threat(desk: Desk, part: Part, name: str, written: ScenarioThreat, steps: Steps) -> ResolvedThreat:
    kind = desk.index.catalogue.threats.get(written.type or "")
    factors: dict[str, float] = {}
    cheaper: set[str] = set()
    rarer_today = cheaper_today = 1.0
    everywhere = written.organisation_wide and bool(desk.scenario.systems)
    for practice, by_scale in _shares(desk, part, name, written).items():
        for scale, removed in by_scale.items():
            params = _params(desk, part, practice, scale, everywhere=everywhere)
            for param in params:
                own = _factors(param, removed, steps, len(params) if everywhere else 1)
                factors |= own
                remains = (1 - _share(removed, param.current)) ** (1 / len(params) if everywhere else 1)
                if effects.acts(desk.index, kind, written, practice) == "magnitude":
                    cheaper |= set(own)
                    cheaper_today *= remains
                else:
                    rarer_today *= remains
    _check_size(desk, part, name, written)
    per_year, median, sigma = _events(desk, part, name, written)
    # The mean of a lognormal distribution is above its median.
    each = mean(written.loss_per_event) if isinstance(written.loss_per_event, Loss) else median
    loss = each if per_year is None else per_year * each
    if written.as_of == "none":
        loss *= rarer_today * cheaper_today
        per_year, median = None if per_year is None else per_year * rarer_today, median * cheaper_today
    threat_id = name_of(part.system, name)
    title = written.title or (kind.title if kind else name)
    if part.system is not None:
        title = f"{part.title}: {title}"
    if not factors:
        desk.notes.append(f"No step reduces {title!r}; give it a type, or say what reduces it (reduced_by).")
    order = {key.id: k for k, key in enumerate(steps.implied_by)}
    ordered = {step: factors[step] for step in sorted(factors, key=lambda step: order[step])}
    # Too large a loss is complained of already.
    rounded = nearest(min(loss, LARGEST), desk.scenario.currency)
    events = None if per_year is None or loss > LARGEST else Events(per_year=per_year, median=median, sigma=sigma)
    threat = Threat(
        id=threat_id,
        title=title,
        expected_loss_per_year=rounded,
        factors=ordered,
        events=events,
        # Without events there is nothing to become cheaper: of the loss of a year the factor says all.
        cheaper=tuple(step for step in ordered if step in cheaper) if events is not None else (),
    )
    return ResolvedThreat(threat, _origin(desk, part, name, written), _type_origin(desk, written))


def _check_size(desk: Desk, part: Part, name: str, threat: ScenarioThreat) -> None:
    """Events times loss, each as high as it may turn out, is not too large."""
    if threat.events_per_year is None or threat.loss_per_event is None:
        return
    each = mean(threat.loss_per_event) if isinstance(threat.loss_per_event, Loss) else points(threat.loss_per_event)[2]
    wrong = too_much(
        "events a year times loss per event may be", points(threat.events_per_year)[2] * each, "correct one of them"
    )
    if wrong:
        desk.wrong(("threats", name, "loss_per_event"), "SL104", wrong, root=part.root)


def _events(desk: Desk, part: Part, name: str, threat: ScenarioThreat) -> tuple[float | None, float, float]:
    """How often (None where only the loss of a year is written), how much, and how much events differ."""

    def plain(value: float | Range, kind: str, field: str) -> float:
        """A field of the threat as one number, in the field's own unit."""
        return desk.plain(value, kind, part.root, ("threats", name, field), part)

    if threat.expected_loss_per_year is not None:
        return None, plain(threat.expected_loss_per_year, "loss", "expected_loss_per_year"), 0.0
    assert threat.events_per_year is not None
    assert threat.loss_per_event is not None
    per_year = plain(threat.events_per_year, "frequency", "events_per_year")
    if isinstance(threat.loss_per_event, Loss):
        return per_year, threat.loss_per_event.median, threat.loss_per_event.sigma
    return per_year, plain(threat.loss_per_event, "loss", "loss_per_event"), 0.0


def _params(desk: Desk, part: Part, practice: str, scale: str, *, everywhere: bool) -> list[Param]:
    """The parameter of a system, or the shared one; ``everywhere`` those of all systems."""
    if everywhere:
        return [param for param in desk.params.values() if (param.practice, param.scale) == (practice, scale)]
    homes = (part.system, None) if part.system is not None else (None,)
    return [param for home in homes if (param := desk.params.get(name_of(home, f"{practice}.{scale}"))) is not None]


def _share(removed: dict[int, float], level: int) -> float:
    """What is removed in total at a level: the share of the highest listed level that is not above it."""
    listed = [at for at in removed if at <= level]
    return removed[max(listed)] if listed else 0.0


def _factors(param: Param, removed: dict[int, float], steps: Steps, parts: int) -> dict[str, float]:
    """The step to level l leaves (1 − e(l)) / (1 − e(l−1)); where several systems have the practice, each its equal
    part of that, so that all together leave it.
    """
    factors = {}
    for key in steps.by_parameter.get(param.id, ()):
        whole = (1 - _share(removed, key.ref.level)) / (1 - _share(removed, key.ref.level - 1))
        factor = whole ** (1 / parts) if parts > 1 else whole
        if factor < 1:
            factors[key.id] = round(factor, 12)
    return factors


def _origin(desk: Desk, part: Part, name: str, threat: ScenarioThreat) -> Origin:
    names = ("expected_loss_per_year",) if threat.expected_loss_per_year is not None else ("loss_per_event",)
    node: Node | None = part.root.find(("threats", name, *names))
    words = [threat.source] if threat.source else []
    if threat.loss_per_event is not None:
        words.append(f"mean of the loss per event: {distribution(threat.loss_per_event)}")
    return Origin.model_validate(
        {
            "from": node.layer if node else "scenario",
            "at": str(part.root.nearest(("threats", name, *names))),
            "source": "; ".join(words),
        }
    )


def _type_origin(desk: Desk, threat: ScenarioThreat) -> Origin | None:
    kind = desk.index.catalogue.threats.get(threat.type or "")
    if kind is None:
        return None
    place = desk.catalogue.nearest(("threats", threat.type or "", "reduced_by"), key=True)
    return Origin.model_validate(
        {
            "from": "catalogue",
            "at": str(place),
            "source": kind.source or "",
            "illustrative": desk.index.catalogue.illustrative is not None,
        }
    )
