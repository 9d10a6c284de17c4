"""Achievements of catalogue and scenario: whether they mean anything, which steps they take in which system, and what
is left of them beside what is in place today.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, TypeVar

from stepladder import graph
from stepladder.data.formats.achieved import Achievement, AchievementContext, Score, exact
from stepladder.data.formats.achievement import REACHED, AchievementText
from stepladder.data.formats.places import Origin
from stepladder.data.resolving.conditions import TABLE, problems
from stepladder.data.resolving.keys import Home, Key
from stepladder.data.resolving.parts import Desk
from stepladder.errors import Issue

#: So many targets that an achievement raises are named.
SHOWN = 4
State = Literal["today", "open", "out"]


@dataclass
class Achieved:
    """The achievements of a scenario, those of its catalogue among them.

    Attributes
    ----------
    desk
        The scenario and its catalogue.
    texts
        By id: the scenario's laid over the catalogue's.
    due
        The last period from which an achievement must hold.
    points
        By achievement: points for a year in which it holds.
    tiers
        Where these points stand, by the achievement's id in the problem.
    asked
        Achievements that a target or a milestone names.
    """

    desk: Desk
    texts: dict[str, AchievementText]
    due: dict[Home, int] = field(default_factory=dict)
    points: dict[Home, float] = field(default_factory=dict)
    tiers: dict[str, Origin] = field(default_factory=dict)
    asked: set[Home] = field(default_factory=set)
    #: What needs_any comes to where achievements are among its members: by id, groups of steps and achievements.
    chosen: dict[str, tuple[str, tuple[Key | Home, ...]]] = field(default_factory=dict)

    @cached_property
    def order(self) -> list[str]:
        """Ids, each after those that it takes."""
        edges = [
            (name, other) for name, item in self.texts.items() for other in self._names(item) if other in self.texts
        ]
        return graph.order(list(self.texts), edges)

    @cached_property
    def homes(self) -> list[Home]:
        """Every achievement in every system that has it, each after those that it takes."""
        return [Home(system, name) for name in self.order for system in self._systems(name)]

    def means(self, text: str) -> list[Home]:
        """The achievements that a name means: of one system, of the only one, or of all; none where it is no such
        name.
        """
        system, slash, name = text.rpartition("/")
        if name not in self.texts:
            return []
        systems = self._systems(name)
        return [Home(home, name) for home in systems if not slash or home in (system, None)]

    def seen(self, text: str, system: str | None) -> list[Key | Home]:
        """What a name means, seen from a system: the same system's, the shared one, or every system's."""
        if text.rpartition("/")[2] in self.texts:
            return [*_near(self.means(text), system, text)]
        parsed = self.desk.parse(text, ())
        if parsed is None:
            return []
        homes, ref = parsed
        return [*_near([Key(home, ref) for home in homes], system, text)]

    def steps(self, home: Home, *, every: bool = False) -> list[Key]:
        """The steps that it takes in any case, directly or through others; with ``every`` all that count."""
        text = self.texts[home.name]
        keys: dict[Key, None] = {}
        for name in self._names(text) if every else text.all:
            for part in self.seen(name, home.system):
                keys |= dict.fromkeys([part] if isinstance(part, Key) else self.steps(part, every=every))
        return list(keys)

    def plain(self, home: Home) -> bool:
        """Whether it is nothing but steps that are all needed."""
        text = self.texts[home.name]
        parts = [part for name in text.all for part in self.seen(name, home.system)]
        return not text.any and text.score is None and all(isinstance(part, Key) or self.plain(part) for part in parts)

    def ask(self, home: Home) -> None:
        """It is asked for: every step that counts towards it is a target from now on."""
        self.asked.add(home)
        raised: list[str] = []
        for key in self.steps(home, every=True):
            param = self.desk.params.get(key.parameter)
            if param is not None and key.ref.level > param.target:
                self.desk.params[param.id] = replace(param, target=key.ref.level)
                raised.append(key.parameter)
        if raised:
            names = list(dict.fromkeys(raised))
            shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN:,} more" if len(names) > SHOWN else "")
            self.desk.notes.append(
                f"{home.id} is asked for, so the targets of what counts towards it are raised: {shown}."
            )

    def state(self, part: Key | Home, there: frozenset[str]) -> State:
        """How a step or an achievement stands: in place today, open, or out of reach of the steps that are there."""
        if isinstance(part, Home):
            return self.left(part, there)[0]
        param = self.desk.params.get(part.parameter)
        if param is not None and part.ref.level <= param.current:
            return "today"
        return "open" if part.id in there else "out"

    def left(self, home: Home, there: frozenset[str]) -> tuple[State, Achievement | None]:
        """How an achievement stands, and what is left of it where it is open: without what is in place today or does
        not apply, and without what is out of reach.
        """
        if (home, there) not in self._left:
            self._left[home, there] = self._what_is_left(home, there)
        return self._left[home, there]

    @cached_property
    def _left(self) -> dict[tuple[Home, frozenset[str]], tuple[State, Achievement | None]]:
        return {}

    def _what_is_left(self, home: Home, there: frozenset[str]) -> tuple[State, Achievement | None]:
        text = self.texts[home.name]
        every = [part for name in text.all for part in self.seen(name, home.system) if not self._waived(part)]
        groups = [[part for name in group for part in self.seen(name, home.system)] for group in text.any]
        states = {part: self.state(part, there) for part in [*every, *(part for group in groups for part in group)]}
        open_groups = [
            tuple(part.id for part in group if states[part] == "open")
            for group in groups
            if all(states[part] != "today" for part in group)
        ]
        rest, amounts = self._score(home, text, there)
        missed = rest > 0 and sum(amounts.values(), Fraction(0)) < rest
        if missed or any(states[part] == "out" for part in every) or not all(open_groups):
            return "out", None
        wanted = tuple(dict.fromkeys(part.id for part in every if states[part] == "open"))
        if not (wanted or open_groups or rest > 0):
            return "today", None
        counted = {name: float(amount) for name, amount in amounts.items()}
        return "open", Achievement(
            id=home.id,
            title=self.title(home),
            all=wanted,
            any=tuple(open_groups),
            score=Score(at_least=float(rest), of=counted) if rest > 0 else None,
        )

    def why_out(self, home: Home, there: frozenset[str]) -> str:
        """Why an achievement is out of reach of the steps that are there: what its score lacks, else what it takes."""
        text = self.texts[home.name]
        rest, amounts = self._score(home, text, there)
        most = exact(text.score.at_least) - rest + sum(amounts.values(), Fraction(0)) if text.score else Fraction(0)
        if text.score is not None and most < exact(text.score.at_least):
            wanted = f"{text.score.at_least:g} are wanted"
            return f"with every step that applies its score is {float(most):g} here, and {wanted}"
        return "what it takes does not apply, or is no step"

    def _score(self, home: Home, text: AchievementText, there: frozenset[str]) -> tuple[Fraction, dict[str, Fraction]]:
        """What a score lacks today, and the amounts of the steps that are open."""
        if text.score is None:
            return Fraction(0), {}
        rest, amounts = exact(text.score.at_least), dict[str, Fraction]()
        for name, amount in text.score.of.items():
            for part in self.seen(name, home.system):
                state = self.state(part, there)
                rest -= exact(amount) if state == "today" else 0
                if state == "open":
                    amounts[part.id] = amounts.get(part.id, Fraction(0)) + exact(amount)
        return rest, amounts

    def _waived(self, part: Key | Home) -> bool:
        """Whether a step is one of a practice that does not apply."""
        return isinstance(part, Key) and self.desk.is_out(part.system, part.ref.practice)

    def title(self, home: Home) -> str:
        """Its title, with that of its system."""
        title = self.texts[home.name].title
        system = next((part.title for part in self.desk.parts if part.system == home.system), "")
        return f"{system}: {title}" if home.system is not None else title

    def listed(self, there: Iterable[str]) -> list[Achievement]:
        """The achievements of the problem that has these steps: those that are open."""
        steps = frozenset(there)
        items = []
        for home in self.homes:
            state, item = self.left(home, steps)
            if state == "open" and item is not None:
                update = {"by": self.due.get(home), "points_per_year": self.points.get(home, 0.0)}
                items.append(item.model_copy(update=update))
        for name, (title, members) in self.chosen.items():
            parts = tuple(part.id for part in members if self.state(part, steps) == "open")
            items.append(Achievement(id=name, title=title, any=(parts,)))
        return items

    def context(self, there: Iterable[str]) -> tuple[AchievementContext, ...]:
        """What people want to know of each."""
        steps = frozenset(there)
        return tuple(
            AchievementContext(
                id=home.id,
                title=self.title(home),
                ref=self.texts[home.name].ref or "",
                today=self.left(home, steps)[0] == "today",
                asked=home in self.asked,
            )
            for home in self.homes
        )

    @staticmethod
    def _names(text: AchievementText) -> tuple[str, ...]:
        return text.conditions

    def _systems(self, name: str) -> list[str | None]:
        """The systems that have an achievement: those of its steps; no system where all of these are shared or each is
        said to be of one.
        """
        if name not in self._known:
            found: set[str | None] = set()
            for other in self._names(self.texts[name]):
                if "/" in other:
                    continue
                parsed = None if other in self.texts else self.desk.parse(other, ())
                found |= set(self._systems(other) if other in self.texts else parsed[0] if parsed else ())
            own = [part.system for part in self.desk.parts if part.system is not None and part.system in found]
            self._known[name] = [*own] or [None]
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, list[str | None]]:
        return {}


Part = TypeVar("Part", Key, Home)


def _near(parts: list[Part], system: str | None, text: str) -> list[Part]:
    """Of what a bare name means, the system's own where it has one."""
    own = [part for part in parts if part.system == system]
    return own if own and "/" not in text else parts


def resolve(desk: Desk) -> Achieved:
    """The scenario's achievements laid over the catalogue's, and those that its targets and milestones name asked
    for; what is wrong with them is noted.
    """
    catalogue = desk.index.catalogue.achievements
    texts = {**catalogue, **desk.scenario.achievements}
    issues = list(problems(desk.index, desk.scenario.achievements, catalogue, desk.root))
    issues += _cycles(desk, texts) if not issues else []
    desk.issues += issues
    achieved = Achieved(desk, {} if issues else texts)
    for part in desk.parts:
        for name, level in part.org.target.items():
            if level == REACHED and name in achieved.texts:
                for home in achieved.means(name):
                    if home.system in (part.system, None) or part.system is None:
                        achieved.ask(home)
    for entry in desk.scenario.milestones.values():
        for name, value in entry.reach.items() if isinstance(entry.reach, dict) else ():
            for home in achieved.means(name) if value == REACHED else ():
                achieved.ask(home)
    return achieved


def _cycles(desk: Desk, texts: Mapping[str, AchievementText]) -> Iterator[Issue]:
    """Cycles through achievements of both files, which neither has for itself."""
    edges = [(name, other) for name, item in texts.items() for other in item.conditions if other in texts]
    for cycle in graph.cycles(edges):
        own = next((name for name in cycle if name in desk.scenario.achievements), cycle[0])
        message = f"cycle: {' takes '.join([*cycle, cycle[0]])}; remove one of these conditions"
        yield Issue(desk.root.nearest((TABLE, own), key=True), "SL301", message)
