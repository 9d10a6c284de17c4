"""Which steps there are, and what each of them needs: up to the targets, plus what is implied above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from stepladder.data.formats.catalogue import Prerequisite
from stepladder.data.formats.problem import Need, Path
from stepladder.data.formats.scenario import Waiver
from stepladder.data.resolving.achievements import Achieved
from stepladder.data.resolving.index import Ref
from stepladder.data.resolving.keys import Home, Key
from stepladder.data.resolving.parts import Desk
from stepladder.data.resolving.requires import required


class Edge(NamedTuple):
    """``step`` needs ``needs``, and the sentence that says why."""

    needs: Key
    lag: int
    why: str


class SoftNeed(NamedTuple):
    """Advice: better first, but no rule. Both ends are step ids of the problem."""

    step: str
    needs: str
    why: str


@dataclass
class Steps:
    """The steps of the problem, in order, with what they need."""

    implied_by: dict[Key, str | None] = field(default_factory=dict)
    edges: dict[Key, list[Edge]] = field(default_factory=dict)
    groups: dict[Key, list[list[Need]]] = field(default_factory=dict)
    #: Achievements that are more than steps that are all needed, by their ids, with their lags.
    achieving: dict[Key, dict[str, int]] = field(default_factory=dict)
    soft: list[SoftNeed] = field(default_factory=list)
    excludes: list[tuple[str, str]] = field(default_factory=list)
    #: By policy: the steps that it asks for.
    required: dict[str, list[Key]] = field(default_factory=dict)
    #: By parameter, in its order of levels.
    by_parameter: dict[str, list[Key]] = field(default_factory=dict)


class Sourced(NamedTuple):
    """A prerequisite, and the systems in which it is waived."""

    need: Prerequisite
    waived: frozenset[str]


def resolve(desk: Desk, achieved: Achieved) -> Steps:
    """All steps and needs of the scenario."""
    hard, soft = _prerequisites(desk, achieved)
    steps = Steps()
    queue: list[tuple[Key, str | None]] = [
        (Key(param.part.system, Ref(param.practice, param.scale, level)), None)
        for param in desk.params.values()
        for level in range(param.current + 1, param.target + 1)
    ]
    for policy, keys in required(desk).items():
        steps.required[policy] = keys
        queue += [(key, None) for key in keys]
    while queue:
        key, because = queue.pop(0)
        if key in steps.implied_by:
            continue
        steps.implied_by[key] = because
        # What is bought needs nothing.
        steps.edges[key] = [] if key.id in desk.bought else list(_edges(desk, key, hard))
        wanted = [edge.needs for edge in steps.edges[key]]
        for home, lag, why in () if key.id in desk.bought else _achievements(desk, achieved, key, hard):
            wanted += [*_achieving(desk, achieved, steps, key, home, lag, why)]
        queue += [(other, key.id) for other in wanted if other not in steps.implied_by]
    _settle_order(desk, steps)
    steps.soft = [
        SoftNeed(key.id, edge.needs.id, edge.why)
        for key in steps.edges
        for edge in _edges(desk, key, soft, quiet=True)
        if edge.needs in steps.implied_by and edge.why
    ]
    _settle_achievements(achieved, steps)
    return steps


def _achievements(
    desk: Desk, achieved: Achieved, key: Key, known: dict[Ref, list[Sourced]]
) -> Iterator[tuple[Home, int, str]]:
    """The achievements that one step needs, with their lags and why."""
    for need, waived in known.get(key.ref, ()):
        if key.system in waived or ("/" in need.step and need.step.rpartition("/")[0] != key.system):
            continue
        lag = desk.scenario.rules.lag if need.lag is None else need.lag
        for part in achieved.seen(need.needs, key.system) if achieved.means(need.needs) else ():
            if isinstance(part, Home):
                yield part, lag, need.why


def _achieving(desk: Desk, achieved: Achieved, steps: Steps, key: Key, home: Home, lag: int, why: str) -> Iterator[Key]:
    """Note that a step needs an achievement: each step that this takes in any case is needed, the rest of it is a need
    of its own. The steps that count.
    """
    for other in achieved.steps(home):
        param = desk.param(other.system, other.ref)
        if param is not None and other.ref.level > param.current:
            steps.edges[key].append(Edge(other, lag, why))
    if not achieved.plain(home):
        needed = steps.achieving.setdefault(key, {})
        needed[home.id] = max(lag, needed.get(home.id, 0))
    for other in achieved.steps(home, every=True):
        param = desk.param(other.system, other.ref)
        if param is not None and other.ref.level > param.current:
            yield other


def _settle_achievements(achieved: Achieved, steps: Steps) -> None:
    """Of achievements that hold today nothing is needed; one that cannot be reached is an error."""
    there = frozenset(key.id for key in steps.implied_by)
    homes = {home.id: home for home in achieved.homes}
    for key, needed in steps.achieving.items():
        for name in list(needed):
            state = achieved.state(homes[name], there)
            if state == "today":
                del needed[name]
            elif state == "out":
                message = f"{key.id} needs {name}, which cannot be reached here; waive the need, or change {name}"
                achieved.desk.wrong(("achievements",), "SL305", message, key=True)


def _settle_order(desk: Desk, steps: Steps) -> None:
    """Implied steps stand beside their parameter's other steps, not where the search met them; a target wins over an
    implication.
    """
    place = {param_id: k for k, param_id in enumerate(desk.params)}

    def rank(key: Key) -> tuple[int, int]:
        """The place of a step's parameter, and its level."""
        return place[key.parameter], key.ref.level

    for key in sorted(steps.implied_by, key=rank):
        param = desk.param(key.system, key.ref)
        because = steps.implied_by.pop(key)
        steps.implied_by[key] = None if param and key.ref.level <= param.target else because
        steps.edges[key] = steps.edges.pop(key)
        steps.by_parameter.setdefault(key.parameter, []).append(key)


def _prerequisites(desk: Desk, achieved: Achieved) -> tuple[dict[Ref, list[Sourced]], dict[Ref, list[Sourced]]]:
    """The catalogue's and the scenario's prerequisites by the step that needs something, without the waived ones."""
    listed: list[tuple[Prerequisite, Path | None]] = [(need, None) for need in desk.index.catalogue.prerequisites]
    listed += [(need, ("prerequisites", k)) for k, need in enumerate(desk.scenario.prerequisites)]
    met: set[int] = set()
    hard: dict[Ref, list[Sourced]] = {}
    soft: dict[Ref, list[Sourced]] = {}
    for need, path in listed:
        ends: list[object] = [desk.parse(need.step, (*path, "step") if path else ())]
        ends.append(_needed_in(desk, achieved, need, path))
        waivers = {
            k: system
            for k, waiver in enumerate(desk.scenario.waived)
            if (system := _waived_in(waiver, need)) is not None
        }
        met |= waivers.keys()
        owner = desk.index.parse(need.step.rpartition("/")[2])
        if "" not in waivers.values() and all(ends) and isinstance(owner, Ref):
            (soft if need.soft else hard).setdefault(owner, []).append(Sourced(need, frozenset(waivers.values())))
    for k, waiver in enumerate(desk.scenario.waived):
        if k not in met:
            desk.wrong(
                ("waived", k), "SL204", f"there is no need of {waiver.step} for {waiver.needs}; remove the waiver"
            )
    return hard, soft


def _needed_in(desk: Desk, achieved: Achieved, need: Prerequisite, path: Path | None) -> object:
    """What a prerequisite needs, as far as it means anything; None where it does not, and noted."""
    if not achieved.means(need.needs):
        return desk.parse(need.needs, (*path, "needs") if path else ())
    if need.soft and path is not None:
        message = f"{need.needs} is an achievement, and advice is about steps; leave out soft, or name its steps"
        desk.wrong((*path, "needs"), "SL104", message)
        return None
    return need.needs


def _waived_in(waiver: Waiver, need: Prerequisite) -> str | None:
    """The system in which a waiver drops a need, "" for all that the need holds in, None where it speaks of another
    need.
    """
    system, _, step = waiver.step.rpartition("/")
    holds_in, _, wanted = need.step.rpartition("/")
    if (step, waiver.needs) != (wanted, need.needs) or (system and holds_in and system != holds_in):
        return None
    return "" if system == holds_in else system


def _edges(desk: Desk, key: Key, known: dict[Ref, list[Sourced]], *, quiet: bool = False) -> Iterator[Edge]:
    """What one step needs, except what is in place already."""
    param = desk.param(key.system, key.ref)
    if param is not None and key.ref.level - 1 > param.current:
        yield Edge(Key(key.system, key.ref.before), desk.scenario.rules.lag, "")
    for need, waived in known.get(key.ref, ()):
        if key.system in waived or ("/" in need.step and need.step.rpartition("/")[0] != key.system):
            continue
        lag = desk.scenario.rules.lag if need.lag is None else need.lag
        for system, ref in _needed(desk, key, need.needs):
            needed = desk.param(system, ref)
            if needed is None:
                if not quiet and desk.is_out(system, ref.practice):
                    desk.notes.append(
                        f"{ref.practice} is not applicable, so the need of {key.id} for {need.needs} is waived."
                    )
            elif ref.level > needed.current:
                yield Edge(Key(system, ref), lag, need.why)


def _needed(desk: Desk, key: Key, text: str) -> list[tuple[str | None, Ref]]:
    """The steps that a need means, seen from a step: the same system's, the shared one's, or every system's for a
    shared step; none of an achievement.
    """
    if text.rpartition("/")[2] in {*desk.index.catalogue.achievements, *desk.scenario.achievements}:
        return []
    parsed = desk.parse(text, ())
    if parsed is None:
        return []
    homes, ref = parsed
    if "/" not in text and key.system in homes:
        homes = [key.system]
    return [(home, ref) for home in homes]


def problem_needs(edges: Iterable[Edge]) -> tuple[Need, ...]:
    """Edges as the problem wants them: one for each needed step, with the longest lag asked for."""
    lags: dict[str, int] = {}
    for edge in edges:
        lags[edge.needs.id] = max(edge.lag, lags.get(edge.needs.id, 0))
    return tuple(Need(step=name, lag=lag) for name, lag in lags.items())
