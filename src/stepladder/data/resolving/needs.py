"""Which steps there are, and what each of them needs: up to the targets, plus what is implied above them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from stepladder.data.formats.catalogue import Prerequisite
from stepladder.data.formats.problem import Need, Path
from stepladder.data.formats.scenario import Waiver
from stepladder.data.resolving.index import Ref
from stepladder.data.resolving.parts import Desk, name_of


class Key(NamedTuple):
    """A step of the scenario: where, and which."""

    system: str | None
    ref: Ref

    @property
    def id(self) -> str:
        """The step's id in the problem."""
        return name_of(self.system, str(self.ref))

    @property
    def parameter(self) -> str:
        """The id of the parameter that it raises."""
        return name_of(self.system, f"{self.ref.practice}.{self.ref.scale}")


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
    soft: list[SoftNeed] = field(default_factory=list)
    excludes: list[tuple[str, str]] = field(default_factory=list)
    #: By parameter, in its order of levels.
    by_parameter: dict[str, list[Key]] = field(default_factory=dict)


class Sourced(NamedTuple):
    """A prerequisite, and the systems in which it is waived."""

    need: Prerequisite
    waived: frozenset[str]


def resolve(desk: Desk) -> Steps:
    """All steps and needs of the scenario."""
    hard, soft = _prerequisites(desk)
    steps = Steps()
    queue: list[tuple[Key, str | None]] = [
        (Key(param.part.system, Ref(param.practice, param.scale, level)), None)
        for param in desk.params.values()
        for level in range(param.current + 1, param.target + 1)
    ]
    while queue:
        key, because = queue.pop(0)
        if key in steps.implied_by:
            continue
        steps.implied_by[key] = because
        steps.edges[key] = list(_edges(desk, key, hard))
        queue += [(edge.needs, key.id) for edge in steps.edges[key] if edge.needs not in steps.implied_by]
    _settle_order(desk, steps)
    steps.soft = [
        SoftNeed(key.id, edge.needs.id, edge.why)
        for key in steps.edges
        for edge in _edges(desk, key, soft, quiet=True)
        if edge.needs in steps.implied_by and edge.why
    ]
    _groups(desk, steps)
    _exclusions(desk, steps)
    return steps


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


def _prerequisites(desk: Desk) -> tuple[dict[Ref, list[Sourced]], dict[Ref, list[Sourced]]]:
    """The catalogue's and the scenario's prerequisites by the step that needs something, without the waived ones."""
    listed: list[tuple[Prerequisite, Path | None]] = [(need, None) for need in desk.index.catalogue.prerequisites]
    listed += [(need, ("prerequisites", k)) for k, need in enumerate(desk.scenario.prerequisites)]
    met: set[int] = set()
    hard: dict[Ref, list[Sourced]] = {}
    soft: dict[Ref, list[Sourced]] = {}
    for need, path in listed:
        ends = [
            desk.parse(text, (*path, side)) if path else desk.parse(text, ())
            for side, text in (("step", need.step), ("needs", need.needs))
        ]
        waivers = {
            k: system
            for k, waiver in enumerate(desk.scenario.waived)
            if (system := _waived_in(waiver, need)) is not None
        }
        met |= waivers.keys()
        if "" not in waivers.values() and ends[0] is not None and ends[1] is not None:
            (soft if need.soft else hard).setdefault(ends[0][1], []).append(Sourced(need, frozenset(waivers.values())))
    for k, waiver in enumerate(desk.scenario.waived):
        if k not in met:
            desk.wrong(
                ("waived", k), "SL204", f"there is no need of {waiver.step} for {waiver.needs}; remove the waiver"
            )
    return hard, soft


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
    shared step.
    """
    parsed = desk.parse(text, ())
    if parsed is None:
        return []
    homes, ref = parsed
    if "/" not in text and key.system in homes:
        homes = [key.system]
    return [(home, ref) for home in homes]


def _ids(desk: Desk, text: str, path: Path, steps: Steps) -> tuple[dict[str | None, str], set[str | None]]:
    """A step as written: its ids in the problem by system, and the systems where it is in place already."""
    parsed = desk.parse(text, path)
    ids: dict[str | None, str] = {}
    done: set[str | None] = set()
    for system in parsed[0] if parsed else ():
        key = Key(system, parsed[1]) if parsed else None
        param = desk.param(system, key.ref) if key else None
        if key and param and key.ref.level <= param.current:
            done.add(system)
        elif key and key in steps.implied_by:
            ids[system] = key.id
    return ids, done


def _groups(desk: Desk, steps: Steps) -> None:
    for k, any_of in enumerate(desk.scenario.needs_any):
        owners, _ = _ids(desk, any_of.step, ("needs_any", k, "step"), steps)
        members = [_ids(desk, text, ("needs_any", k, "needs", m), steps) for m, text in enumerate(any_of.needs)]
        for system, owner in owners.items():
            # A bare name means the step of the same system or the shared one; a name with a system means just that.
            seen = [
                (by_system, done, [*by_system, *done] if "/" in text else [system, None])
                for (by_system, done), text in zip(members, any_of.needs, strict=True)
            ]
            if any(home in done for _, done, homes in seen for home in homes):
                continue
            ids = list(
                dict.fromkeys(by_system[home] for by_system, _, homes in seen for home in homes if home in by_system)
            )
            if not ids:
                desk.wrong(
                    ("needs_any", k),
                    "SL305",
                    f"{owner} needs at least one of these, and none of them is a step here; raise a target, or remove"
                    " this",
                )
                continue
            key = next(key for key in steps.implied_by if key.id == owner)
            steps.groups.setdefault(key, []).append([Need(step=name, lag=desk.scenario.rules.lag) for name in ids])


def _exclusions(desk: Desk, steps: Steps) -> None:
    for k, exclusion in enumerate(desk.scenario.excludes):
        (left, _), (right, _) = (
            _ids(desk, text, ("excludes", k, "steps", m), steps) for m, text in enumerate(exclusion.steps)
        )
        if exclusion.steps[0] == exclusion.steps[1]:
            desk.wrong(
                ("excludes", k), "SL309", f"step {exclusion.steps[0]!r} excludes itself; name two different steps"
            )
            continue
        named = all("/" in text for text in exclusion.steps)
        pairs = [
            (a, b)
            for home, a in left.items()
            for other, b in right.items()
            if named or home == other or None in (home, other)
        ]
        if not pairs:
            desk.notes.append(
                f"The exclusion of {exclusion.steps[0]} and {exclusion.steps[1]} has no effect: one of them is not a"
                " step here."
            )
        steps.excludes += pairs


def problem_needs(edges: Iterable[Edge]) -> tuple[Need, ...]:
    """Edges as the problem wants them: one for each needed step, with the longest lag asked for."""
    lags: dict[str, int] = {}
    for edge in edges:
        lags[edge.needs.id] = max(edge.lag, lags.get(edge.needs.id, 0))
    return tuple(Need(step=name, lag=lag) for name, lag in lags.items())
