"""What needs one of several steps or achievements, and what excludes each other."""

from __future__ import annotations

from stepladder.data.formats.achievement import AnyOf, Exclusion
from stepladder.data.formats.problem import Need, Path
from stepladder.data.resolving.achievements import Achieved
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.needs import Steps
from stepladder.data.resolving.parts import Desk


def resolve(desk: Desk, achieved: Achieved, steps: Steps) -> None:
    """Note with the steps what they need one of, and which exclude each other: the catalogue's, then the scenario's."""
    _groups(desk, achieved, steps)
    _exclusions(desk, steps)


def _groups(desk: Desk, achieved: Achieved, steps: Steps) -> None:
    listed: list[tuple[AnyOf, Path]] = [(any_of, ()) for any_of in desk.index.catalogue.needs_any]
    listed += [(any_of, ("needs_any", k)) for k, any_of in enumerate(desk.scenario.needs_any)]
    for number, (any_of, path) in enumerate(listed):
        owners, _ = _ids(desk, any_of.step, (*path, "step"), steps)
        owners = {system: owner for system, owner in owners.items() if owner not in desk.bought}
        if any(achieved.means(text) for text in any_of.needs):
            _chosen(achieved, steps, any_of, owners, (number, path))
            continue
        members = [_ids(desk, text, (*path, "needs", m), steps) for m, text in enumerate(any_of.needs)]
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
                _none_of(desk, owner, any_of, path)
                continue
            key = next(key for key in steps.implied_by if key.id == owner)
            steps.groups.setdefault(key, []).append([Need(step=name, lag=desk.scenario.rules.lag) for name in ids])


def _none_of(desk: Desk, owner: str, any_of: AnyOf, path: Path) -> None:
    """Note that a step needs one of several of which none is there."""
    if path:
        message = "needs at least one of these, and none of them is a step here; raise a target, or remove this"
        desk.wrong(path, "SL305", f"{owner} {message}")
    else:
        message = f"needs at least one of {', '.join(any_of.needs)}, and none of them is a step here; raise a target"
        desk.wrong(("catalogue",), "SL305", f"{owner} {message}")


def _chosen(
    achieved: Achieved, steps: Steps, any_of: AnyOf, owners: dict[str | None, str], place: tuple[int, Path]
) -> None:
    """A choice among achievements, and steps: it is an achievement itself, of any of them."""
    there = frozenset(key.id for key in steps.implied_by)
    number, path = place
    for system, owner in owners.items():
        members = tuple(part for text in any_of.needs for part in achieved.seen(text, system))
        states = {achieved.state(part, there) for part in members}
        if "today" in states:
            continue
        if "open" not in states:
            _none_of(achieved.desk, owner, any_of, path)
            continue
        key = next(key for key in steps.implied_by if key.id == owner)
        name = f"{owner}.choice_{number + 1}"
        achieved.chosen[name] = f"one of {' or '.join(any_of.needs)}", members
        steps.achieving.setdefault(key, {})[name] = achieved.desk.scenario.rules.lag


def _exclusions(desk: Desk, steps: Steps) -> None:
    listed: list[tuple[Exclusion, Path]] = [(exclusion, ()) for exclusion in desk.index.catalogue.excludes]
    listed += [(exclusion, ("excludes", k)) for k, exclusion in enumerate(desk.scenario.excludes)]
    for exclusion, path in listed:
        (left, _), (right, _) = (_ids(desk, text, (*path, "steps", m), steps) for m, text in enumerate(exclusion.steps))
        if exclusion.steps[0] == exclusion.steps[1]:
            desk.wrong(path, "SL309", f"step {exclusion.steps[0]!r} excludes itself; name two different steps")
            continue
        named = all("/" in text for text in exclusion.steps)
        pairs = [
            (a, b)
            for home, a in left.items()
            for other, b in right.items()
            if named or home == other or None in (home, other)
        ]
        if not pairs and path:
            desk.notes.append(
                f"The exclusion of {exclusion.steps[0]} and {exclusion.steps[1]} has no effect: one of them is not a"
                " step here."
            )
        steps.excludes += [pair for pair in pairs if pair not in steps.excludes]


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
