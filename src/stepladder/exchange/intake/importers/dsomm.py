"""OWASP DSOMM: its activities, its settings, its teams and how far they are; and the one file of older versions.

An activity is a practice whose ``ref`` is its UUID, so that progress can be written back; a team is a system where
there are several.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.dsomm_catalogue import LEVELS, SCALE, Ids, catalogue, ids_of, shares, unique
from stepladder.exchange.intake.importers.dsomm_files import KINDS, Activity, Model, kind_of, model
from stepladder.exchange.intake.importers.dsomm_progress import Progress, progress
from stepladder.exchange.intake.source import Source

#: Who does what exists once for all teams.
CENTRAL = "central"

QUESTIONS = (
    Question("target", "the level up to which everything is wanted", "2", tuple(map(str, LEVELS))),
    Question("shape", "what a step is: the next state of an activity, or all of it", "states", ("states", "whole")),
    Question("days", "person-days for a point of difficulty, of which an activity has 3 to 15; illustrative", "1"),
    Question("shared", "dimensions and sub-dimensions that exist once for all teams, with commas", ""),
)


def suits(file: Source) -> bool:
    """Whether it is one of DSOMM's files."""
    return kind_of(file) is not None


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """A scenario and a model of DSOMM's files."""
    by_kind = _sorted(files)
    known = model([*by_kind.get("model", []), *by_kind.get("custom", [])])
    given = progress(known, *(_tree(by_kind, kind) for kind in ("meta", "teams", "progress")))
    ids = ids_of(known)
    given, whole = _shaped(given, answers)
    if len(given.teams) < 2 and answers.said("shared") and answers["shared"]:
        raise UsageError(f"--say shared={answers['shared']}: there is one team, which shares nothing; leave it out")
    shared = _shared(known, answers) if len(given.teams) > 1 else frozenset()
    wanted = f"level_{answers['target']}"
    if all(one.level > int(wanted[-1]) for one in known.activities.values()):
        raise UsageError(f"--say target={wanted[-1]}: the file has no activity of that level or below")
    parts, effort = _work(known, ids, given, shared, answers.number("days"))
    parts = {"title": "DevSecOps by OWASP DSOMM", "profile": wanted, **parts}
    built = catalogue(known, ids, given.states, lambda one: effort.get(one.name, {}))
    took = _took(known, given)
    return Taken(parts, built, took, _left(by_kind, known, given), (*known.assumed, *_assumed(given, shared, whole)))


# -- the files ---------------------------------------------------------------------------------------------------------


def _sorted(files: Sequence[Source]) -> dict[str, list[Source]]:
    """The files by kind. Raises InvalidInput where the activities are not there, one kind stands twice, or a file is
    of none.
    """
    by_kind: dict[str, list[Source]] = {}
    issues = []
    for file in files:
        kind = kind_of(file)
        if kind is None:
            issues.append(Issue(Location(file.path), "SL102", "this is no file of DSOMM; leave it out"))
        else:
            by_kind.setdefault(kind, []).append(file)
    for kind, twice in by_kind.items():
        if len(twice) > 1 and kind not in ("model", "custom"):
            issues.append(Issue(Location(twice[1].path), "SL102", f"two files have {KINDS[kind]}; give one"))
    if "model" not in by_kind and not issues:
        kinds = " and ".join(KINDS[kind] for kind in by_kind)
        message = f"of DSOMM this has {kinds} only; give model.yaml, which has all activities, too"
        issues.append(Issue(Location(files[0].path), "SL102", message))
    if issues:
        raise InvalidInput(issues)
    return by_kind


def _tree(by_kind: Mapping[str, Sequence[Source]], kind: str) -> Node | None:
    """The document of a kind of file that is there once."""
    return by_kind[kind][0].tree if kind in by_kind else None


# -- what is planned ---------------------------------------------------------------------------------------------------


def _shaped(given: Progress, answers: Answers) -> tuple[Progress, bool]:
    """With the states that steps lead through; and whether each activity is one step. Where no progress says anything
    between yes and no, nobody is asked.
    """
    states = answers["shape"] == "states" if given.partial or answers.said("shape") else False
    if states or len(given.states) == 2:
        return given, False
    top = len(given.states) - 1
    reached = {
        name: {team: 1 for team, state in teams.items() if state == top} for name, teams in given.reached.items()
    }
    ends = (given.states[0], given.states[-1])
    return Progress(ends, given.teams, reached, given.groups, given.partial, given.left), True


def _shared(known: Model, answers: Answers) -> frozenset[str]:
    """Names of the activities that exist once for all teams."""
    activities: set[str] = set()
    places = {name.casefold() for one in known.activities.values() for name in (one.dimension, one.part)}
    for name in answers.names("shared"):
        if name.casefold() not in places:
            names = {place for one in known.activities.values() for place in (one.dimension, one.part)}
            raise UsageError(f"--say shared={name}: {unknown('dimension', name, names)}")
        for one in known.activities.values():
            if name.casefold() in (one.dimension.casefold(), one.part.casefold()):
                activities.add(one.name)
    return frozenset(activities)


def _work(
    known: Model, ids: Ids, given: Progress, shared: frozenset[str], days: float
) -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """What the scenario says of teams, and the effort of activities that the catalogue says."""
    taken = {CENTRAL}
    roles = {team: unique(team, taken) for team in given.teams}
    if len(given.teams) == 1:
        (team,) = given.teams
        effort = {name: {roles[team]: one.difficulty * days} for name, one in known.activities.items()}
        current = _current(ids, given, team, frozenset(known.activities))
        return {"current": current, "teams": {roles[team]: {"title": team}}}, effort
    own = frozenset(known.activities) - shared
    furthest = {name: {"": max(teams.values())} for name, teams in given.reached.items() if name in shared and teams}
    systems = {
        roles[team]: {
            "title": team,
            "current": _current(ids, given, team, own),
            "costs": {"scales": {SCALE: {k: _point(roles[team], days * share) for k, share in shares(given.states)}}},
        }
        for team in given.teams
    }
    parts: dict[str, Any] = {
        "current": {ids.activities[name]: {SCALE: teams[""]} for name, teams in furthest.items()},
        "costs": {"practices": {ids.activities[name]: _factor(known.activities[name]) for name in sorted(own)}},
        "systems": systems,
        "teams": {roles[team]: {"title": team} for team in given.teams},
    }
    if shared:
        parts["shared"] = [ids.activities[name] for name in known.activities if name in shared]
        parts["teams"][CENTRAL] = {"title": "Central team"}
    return parts, {name: {CENTRAL: known.activities[name].difficulty * days} for name in shared}


def _current(ids: Ids, given: Progress, team: str, own: frozenset[str]) -> dict[str, Any]:
    return {
        ids.activities[name]: {SCALE: teams[team]}
        for name, teams in given.reached.items()
        if name in own and teams.get(team)
    }


def _point(role: str, days: float) -> dict[str, Any]:
    """What a state costs a team for each point of difficulty; the activity's points are its factor."""
    return {"effort": {role: round(days, 4)}, "basis": "Illustrative, for a point of difficulty"}


def _factor(one: Activity) -> dict[str, float]:
    return {"factor": one.difficulty}


# -- what is said of it ------------------------------------------------------------------------------------------------


def _took(known: Model, given: Progress) -> tuple[str, ...]:
    parts = len({(one.dimension, one.part) for one in known.activities.values()})
    needs = sum(len(one.needs) for one in known.activities.values())
    version = f" of version {known.version}" if known.version else ""
    told = sum(len(teams) for teams in given.reached.values())
    return (
        f"{len(known.activities)} activities{version} in {parts} sub-dimensions, and {needs} needs between them",
        f"teams: {', '.join(given.teams)}; {told} states above {given.states[0][0]!r}",
    )


def _left(by_kind: Mapping[str, Sequence[Source]], known: Model, given: Progress) -> tuple[str, ...]:
    left = [*known.left, *given.left]
    if known.ignored:
        left.append(f"activities that are ignored: {', '.join(one.name for one in known.ignored)}")
    if given.groups:
        named = "; ".join(f"{group} ({', '.join(teams)})" for group, teams in given.groups.items())
        left.append(f"groups of teams: {named}; a plan has none (for what all teams share: --say shared=…)")
    if "evidence" in by_kind:
        left.append("evidence")
    unkeyed = [one.name for one in known.activities.values() if not one.uuid]
    if unkeyed:
        left.append(f"activities without a UUID, whose progress cannot be written back: {len(unkeyed)}")
    return (*left, "descriptions, risks, measures and references")


def _assumed(given: Progress, shared: frozenset[str], whole: bool) -> tuple[str, ...]:
    assumed = ["how much an activity matters follows from its usefulness, its months from its points of time"]
    if whole and given.partial:
        assumed.append("what is there in part counts as not there, and is planned in full (--say shape=states)")
    if shared:
        assumed.append("what exists once for all teams is as far as the furthest of them")
    return tuple(assumed)


IMPORTER = Importer(
    "dsomm",
    "the activities of OWASP DSOMM (model.yaml, or generated.yaml of older versions), with or without meta.yaml,"
    " teams.yaml, team-progress.yaml and custom activities",
    suits,
    read,
    QUESTIONS,
)
