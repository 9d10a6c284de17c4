"""Steps that finish later or earlier than they were first planned to, and what that says of the teams' next ones."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.past import StepState
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.formats.spread import stretched

#: Fewer steps of a team say nothing of its next ones.
LEAST = 3


@dataclass(frozen=True)
class Slip:
    """A step whose finish is not the one of the version that planned it first. What was found done and not worked on
    has none.

    Attributes
    ----------
    step, title
        Its id and title.
    state
        done: it finished then; running: it is expected to; open: it is planned to.
    version
        Number of the version that planned it first.
    before, after
        Labels of the periods in which it was to finish, and does.
    periods
        By so many later; fewer than none where it is earlier.
    reason
        Why, where somebody said so.
    owner
        Who answers for it; None where nothing is said.
    """

    step: str
    title: str
    state: StepState
    version: int
    before: str
    after: str
    periods: int
    reason: str
    owner: str | None


@dataclass(frozen=True)
class TeamSlip:
    """What the finished steps of a team took against what they were planned to take.

    Attributes
    ----------
    team
        Its id.
    steps
        How many of its steps are done that a version had planned before they began.
    unplanned
        How many are done that no version had planned before.
    planned, took
        Their durations in periods, summed: as the version had them that planned each first, and as they were.
    later
        By how many periods they finished later, in all; fewer than none where earlier.
    ratio
        Sum of what they took by the sum of what was planned, each step weighted by the person-days that were planned of
        the team; None where there are too few steps.
    """

    team: str
    steps: int
    unplanned: int
    planned: int
    took: int
    later: int
    ratio: float | None


@dataclass(frozen=True)
class SlipRatios:
    """What a history says of how long steps will take.

    Attributes
    ----------
    teams
        The teams that have a slip ratio.
    few
        Ids of teams that have too few finished steps to have one.
    versions
        From how many versions.
    """

    teams: tuple[TeamSlip, ...]
    few: tuple[str, ...]
    versions: int

    @property
    def by_team(self) -> dict[str, float]:
        """The ratios by id of the team."""
        return {team.team: team.ratio for team in self.teams if team.ratio is not None}


def slowed(problem: Problem, ratios: Mapping[str, float]) -> Problem:
    """The problem with every duration times the largest slip ratio of the step's teams, rounded up to whole periods."""

    def slower(step: Step) -> Step:
        """The step with its duration times the largest ratio of its teams; as it is where none has a ratio."""
        own = [ratios[team] for team, days in step.effort.items() if days and team in ratios]
        # 2 · 1.5 is 3 and not, by the last bit of a float, 4.
        periods = max(1, math.ceil(step.duration * max(own) - 1e-9)) if own else step.duration
        return step.model_copy(update={"duration": periods, "spread": stretched(step.spread, periods)}) if own else step

    return problem.model_copy(update={"steps": tuple(map(slower, problem.steps))})


@dataclass(frozen=True)
class _Word:
    """The last word on a step: the version that has it, and the step there; and where it was planned first while it
    was still to be decided, None where it never was.
    """

    plan: Plan
    step: Step
    holds: bool
    """Whether that version is the last of all."""
    planned: tuple[int, Plan, Step] | None

    @property
    def state(self) -> StepState:
        """Whether it is open, running, done or cancelled there."""
        return self.plan.state(self.step.id)

    @property
    def given(self) -> bool:
        """Whether it was found done and not worked on: then nobody was early or late with it."""
        return self.step.id in self.plan.given

    @property
    def finish(self) -> int | None:
        """The period in which it finishes there; None where it is not planned."""
        start = self.plan.starts.get(self.step.id)
        return None if start is None else self.step.finish(start)

    @property
    def later(self) -> int:
        """By how many periods it finishes later than it was planned first."""
        assert self.planned is not None
        assert self.finish is not None
        _, plan, step = self.planned
        return self.finish - step.finish(plan.starts[step.id])


def _last_words(plans: Sequence[Plan]) -> list[_Word]:
    """Of every step of any version, in the order of the versions and of their questions."""
    planned: dict[str, tuple[int, Plan, Step]] = {}
    latest: dict[str, tuple[int, Step]] = {}
    for k, plan in enumerate(plans):
        for step in plan.problem.steps:
            latest[step.id] = k, step
            if step.id in plan.starts and plan.state(step.id) == "open":
                planned.setdefault(step.id, (k, plan, step))
    last = len(plans) - 1
    return [_Word(plans[k], step, k == last, planned.get(name)) for name, (k, step) in latest.items()]


def slips(plans: Sequence[Plan]) -> tuple[Slip, ...]:
    """Of versions in order, the latest first, in the order of the question where as late."""
    return tuple(sorted(_slips(plans), key=lambda slip: -slip.periods))


def teams(plans: Sequence[Plan]) -> tuple[TeamSlip, ...]:
    """Of versions in order, every team that a finished step needed, by id."""
    return tuple(_teams(_last_words(plans)))


def _slips(plans: Sequence[Plan]) -> Iterator[Slip]:
    labels = [period.label for period in plans[0].problem.periods]
    for word in _last_words(plans):
        # What is no step of the question any more slips no further, unless it was done before.
        known = word.planned is not None and word.finish is not None and not word.given
        if not known or not (word.holds or word.state == "done") or not word.later:
            continue
        assert word.planned is not None
        assert word.finish is not None
        yield Slip(
            word.step.id,
            word.step.name,
            word.state,
            word.planned[0],
            labels[word.finish - word.later],
            labels[word.finish],
            word.later,
            reason_of(word.plan, word.step.id),
            owner_of(word.plan, word.step.id),
        )


def reason_of(plan: Plan, step: str) -> str:
    """Why a step is done, running or cancelled so, where somebody said it."""
    return plan.progress[step].reason if step in plan.progress else ""


def owner_of(plan: Plan, step: str) -> str | None:
    """Who answers for a step; None where nothing is said."""
    entry = plan.context.steps.get(step) if plan.context else None
    return entry.owner if entry else None


def _teams(words: Sequence[_Word]) -> Iterator[TeamSlip]:
    done = [word for word in words if word.state == "done" and not word.given]
    by_team: dict[str, list[tuple[_Word, float]]] = {}
    for word in done:
        for team, days in (word.planned[2] if word.planned else word.step).effort.items():
            if days:
                by_team.setdefault(team, []).append((word, days))
    for team in sorted(by_team):
        yield _team(team, by_team[team])


def _team(team: str, used: Sequence[tuple[_Word, float]]) -> TeamSlip:
    known = [(word, word.planned[2].duration, days) for word, days in used if word.planned is not None]
    planned = math.fsum(days * duration for _, duration, days in known)
    took = math.fsum(days * word.step.duration for word, _, days in known)
    return TeamSlip(
        team,
        len(known),
        len(used) - len(known),
        sum(duration for _, duration, _ in known),
        sum(word.step.duration for word, _, _ in known),
        sum(word.later for word, _, _ in known),
        took / planned if len(known) >= LEAST else None,
    )
