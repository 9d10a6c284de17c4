"""How far teams are with DSOMM's activities, by the states that its settings define."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue
from stepladder.exchange.dsomm_model import DEFAULT
from stepladder.exchange.intake.importers.dsomm_files import Activity, Model
from stepladder.wording.text import clean

#: What an older model's yes and no are called.
YES_AND_NO = (("Not implemented", 0.0), ("Fully implemented", 1.0))


@dataclass(frozen=True)
class Progress:
    """States from nothing to everything, each with its share; teams; and how far each is, by activity.

    Attributes
    ----------
    states
        Titles with their shares, from the lowest; at least two.
    teams
        Names.
    reached
        By name of the activity and team: the number of its state; only where it is not the lowest.
    groups
        Names of teams by group.
    partial
        Whether anything is known that is not yes or no.
    left
        What the files hold beside.
    """

    states: tuple[tuple[str, float], ...]
    teams: tuple[str, ...]
    reached: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    partial: bool = False
    left: tuple[str, ...] = ()


def progress(known: Model, meta: Node | None, teams: Node | None, given: Node | None) -> Progress:
    """Read the files that go with the activities; each may be missing.

    Raises
    ------
    InvalidInput
        With everything that cannot be read; when there is progress, and nothing says what its states count.
    """
    return _Progress(known).read(meta, teams, given)


class _Progress:
    """What is being read, and what is wrong with it."""

    def __init__(self, known: Model) -> None:
        self.known, self.issues, self.left = known, list[Issue](), list[str]()
        self.by_key: dict[str, Activity] = {one.key: one for one in known.activities.values()}

    def read(self, meta: Node | None, teams: Node | None, given: Node | None) -> Progress:
        """All of it."""
        entries = given.mapping["progress"].mapping if given is not None else {}
        states = self._states(meta) if meta is not None and "progressDefinition" in meta.mapping else ()
        if entries and not states and not self.issues:
            self._no_definition(given, entries)
        names, groups = self._teams(teams if teams is not None else meta)
        everyone = names or self._named(entries) or (DEFAULT,)
        if self.issues:
            raise InvalidInput(self.issues)
        states = states or YES_AND_NO
        reached = self._reached(entries, states, everyone)
        if self.issues:
            raise InvalidInput(self.issues)
        return Progress(states, everyone, self._older(reached, everyone, len(states) - 1), groups, bool(entries),
                        tuple(self.left))  # fmt: skip

    def _wrong(self, node: Node, message: str, code: str = "SL104") -> None:
        self.issues.append(Issue(node.key_at or node.at, code, message))

    def _states(self, meta: Node) -> tuple[tuple[str, float], ...]:
        states: dict[float, str] = {}
        for title, entry in meta.mapping["progressDefinition"].mapping.items():
            score = entry.mapping.get("score", entry)
            share = _share(score)
            if share is None:
                self._wrong(score, f"what {clean(title)!r} counts is no percentage; write one such as 50%")
            elif share in states:
                self._wrong(score, f"{clean(title)!r} and {states[share]!r} count the same; let every state count more")
            else:
                states[share] = clean(title)
        if len(states) < 2 and not self.issues:
            self._wrong(meta.mapping["progressDefinition"], "there are fewer than two states; give two or more")
        return tuple((title, share) for share, title in sorted(states.items()))

    def _no_definition(self, given: Node | None, entries: Mapping[str, Node]) -> None:
        titles = sorted({clean(title) for teams in entries.values() for team in teams.mapping.values()
                         for title in team.mapping})  # fmt: skip
        assert given is not None
        message = f"what these states count is said nowhere: {', '.join(titles)}; give meta.yaml, too"
        self._wrong(given.mapping["progress"], message, "SL102")

    def _teams(self, holder: Node | None) -> tuple[tuple[str, ...], dict[str, list[str]]]:
        given = holder.mapping.get("teams") if holder is not None else None
        names: list[str] = []
        for node in given.value if given is not None and isinstance(given.value, list) else []:
            name = clean(str(node.value)) if isinstance(node.value, str | int | float) else ""
            if not name or name in names:
                self._wrong(node, f"the team {name!r} stands twice; remove one" if name else "a team has a name")
            names.append(name)
        groups = holder.mapping.get("teamGroups", holder).mapping if holder is not None and names else {}
        return tuple(names), {
            clean(group): [clean(str(node.value)) for node in inside.value]
            for group, inside in groups.items()
            if isinstance(inside.value, list)
        }

    def _named(self, entries: Mapping[str, Node]) -> tuple[str, ...]:
        """Teams in the order in which anything is said of them."""
        told = [clean(team) for teams in entries.values() for team in teams.mapping]
        older = [team for one in self.known.activities.values() for team in one.implemented if team]
        return tuple(dict.fromkeys([*told, *older]))

    def _reached(
        self, entries: Mapping[str, Node], states: Sequence[tuple[str, float]], everyone: Sequence[str]
    ) -> dict[str, dict[str, int]]:
        places = {title: k for k, (title, _) in enumerate(states)}
        ignored = {one.key for one in self.known.ignored}
        reached: dict[str, dict[str, int]] = {}
        for key, teams in entries.items():
            one = self.by_key.get(key.lower()) or self.by_key.get(clean(key))
            if one is None and (key.lower() in ignored or key in ignored):
                self.left.append(f"the progress of {key}, which is ignored")
            elif one is None:
                said = unknown("activity", key, self.by_key)
                self._wrong(teams, f"{said}; give the model that this progress is of, and custom activities")
            else:
                for team, titles in teams.mapping.items():
                    self._team(clean(team), titles, everyone)
                    state = max((self._state(title, date, places) for title, date in titles.mapping.items()), default=0)
                    if state:
                        reached.setdefault(one.name, {})[clean(team)] = state
        return reached

    def _team(self, team: str, node: Node, everyone: Sequence[str]) -> None:
        if team not in everyone:
            self._wrong(node, f"{unknown('team', team, list(everyone))}; add it to teams.yaml, or mend its name")

    def _state(self, title: str, date: Node, places: Mapping[str, int]) -> int:
        """The state's number; the lowest where no day is said."""
        place = places.get(clean(title))
        if place is None:
            self._wrong(date, f"{unknown('state', clean(title), list(places))}; meta.yaml defines them")
            return 0
        if date.value is None:
            return 0
        try:
            datetime.date.fromisoformat(str(date.value).strip()[:10])
        except ValueError:
            self.issues.append(Issue(date.at, "SL104", f"{date.value!r} is no day; write it as 2027-12-31"))
        return place

    def _older(
        self, reached: Mapping[str, Mapping[str, int]], everyone: Sequence[str], top: int
    ) -> dict[str, dict[str, int]]:
        """With the yes and no of older files, where progress says nothing of the activity."""
        states = {name: dict(teams) for name, teams in reached.items()}
        for name, one in self.known.activities.items():
            if name not in reached and one.implemented:
                everywhere = one.implemented.get("", False)
                teams = [team for team in everyone if one.implemented.get(team, everywhere)]
                if teams:
                    states[name] = dict.fromkeys(teams, top)
        return states


def _share(node: Node) -> float | None:
    """A percentage as a share; None where it is none from 0 to 100."""
    text = str(node.value).strip() if isinstance(node.value, str | int | float) else ""
    try:
        share = float(text.removesuffix("%").strip()) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
    return share if 0 <= share <= 1 else None
