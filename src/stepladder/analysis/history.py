"""The versions of one roadmap in a row: how far it has come, which steps slipped, and by how much each team's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from stepladder.analysis.policy_changes import PolicyChange, policy_changes
from stepladder.analysis.slips import LEAST, Slip, SlipRatios, TeamSlip, owner_of, reason_of, slips, teams
from stepladder.analysis.versions import Named, Version, in_order, version
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import objective_of, tells_losses
from stepladder.errors import UsageError

ChangeKind = Literal["found", "cancelled", "reopened", "added", "dropped", "gone"]
CHANGES: tuple[ChangeKind, ...] = ("found", "cancelled", "reopened", "added", "dropped", "gone")


@dataclass(frozen=True)
class Change:
    """A step that came into the plan or went out of it, in a version.

    Attributes
    ----------
    step, title
        Its id and title.
    kind
        found: done, and nobody has worked on it by the plan; cancelled; reopened: it was done, running or cancelled,
        and is open again; added: planned, and was not before; dropped: planned before, and left out now; gone: so, and
        no step of the question any more.
    version
        Number of the version in which it is so first.
    reason
        Why, where it is known.
    owner
        Who answers for it; None where nothing is said.
    """

    step: str
    title: str
    kind: ChangeKind
    version: int
    reason: str
    owner: str | None


@dataclass(frozen=True)
class VersionPolicy:
    """A policy that is not in force as it was in the version before: number of the version, and what changed."""

    version: int
    change: PolicyChange


@dataclass(frozen=True)
class History:
    """A roadmap over time.

    Attributes
    ----------
    id
        Which roadmap; None where no version says it.
    versions
        The earliest first.
    slips
        The latest first, in the order of the question where as late.
    teams
        Every team that a finished step needed, by id.
    changes
        By version, by kind, and then in the order of the question.
    notes
        What was left out of what was named, and what the order rests on.
    policies
        What changed of the policies in force, by version.
    """

    id: str | None
    versions: tuple[Version, ...]
    slips: tuple[Slip, ...]
    teams: tuple[TeamSlip, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()
    policies: tuple[VersionPolicy, ...] = ()

    @property
    def insured(self) -> bool:
        """Whether any version's question has policies."""
        return any(version.plan.problem.policies for version in self.versions)

    @property
    def last(self) -> Plan:
        """The version that holds."""
        return self.versions[-1].plan

    @property
    def points(self) -> bool:
        """Whether any version is planned for points."""
        return any(objective_of(version.plan.problem).points for version in self.versions)

    @property
    def losses(self) -> bool:
        """Whether any version has losses to tell."""
        return any(tells_losses(version.plan.problem) for version in self.versions)

    def of(self, kind: ChangeKind) -> list[Change]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]


def history(named: Sequence[Named], notes: Sequence[str] = ()) -> History:
    """The history that verified plans make up together.

    Parameters
    ----------
    named
        At least one plan, each with the name of its file, in any order.
    notes
        What is to be said of the files beside that.

    Raises
    ------
    UsageError
        When they are no versions of one roadmap, or cannot be put in order; both files are named.
    """
    ordered, remarks = in_order(named)
    plans = [plan for _, plan in ordered]
    return History(
        next((plan.id for plan in plans if plan.id is not None), None),
        tuple(version(name, plan, plans[0]) for name, plan in ordered),
        slips(plans),
        teams(plans),
        tuple(change for k in range(1, len(plans)) for change in _changes(plans, k)),
        (*notes, *remarks),
        tuple(
            VersionPolicy(k, change) for k in range(1, len(plans)) for change in policy_changes(plans[k - 1], plans[k])
        ),
    )


def slip_ratios(history: History) -> SlipRatios:
    """What there is to learn.

    Raises
    ------
    UsageError
        When there is nothing yet.
    """
    known = tuple(team for team in history.teams if team.ratio is not None)
    if not known:
        raise UsageError(
            f"nothing can be learnt from {history.versions[-1].name} yet: of no team are {LEAST} steps done that were"
            " planned before"
        )
    few = tuple(team.team for team in history.teams if team.ratio is None)
    return SlipRatios(known, few, len(history.versions))


def _changes(plans: Sequence[Plan], k: int) -> Iterator[Change]:
    """From the version before to this one."""
    before, after = plans[k - 1], plans[k]
    names = {step.id: step.name for plan in (before, after) for step in plan.problem.steps}
    asked = {step.id for step in after.problem.steps}
    kinds = {name: _kind(before, after, name, asked) for name in names}
    for wanted in CHANGES:
        for name, kind in kinds.items():
            if kind == wanted:
                owner = owner_of(after, name) or owner_of(before, name)
                yield Change(name, names[name], kind, k, _why(after, name, kind), owner)


def _kind(before: Plan, after: Plan, name: str, asked: set[str]) -> ChangeKind | None:
    was, now = name in before.starts, name in after.starts
    if name not in asked:
        return "gone" if was else None
    if name in after.given:
        return None if name in before.given else "found"
    state, settled = after.state(name), before.state(name) != "open"
    if state == "cancelled":
        return "cancelled" if before.state(name) != "cancelled" else None
    if settled and state == "open":
        return "reopened"
    return "added" if now and not was else "dropped" if was and not now else None


def _why(after: Plan, name: str, kind: ChangeKind) -> str:
    return (
        after.left_out(name) if kind == "dropped" else reason_of(after, name) if kind in ("found", "cancelled") else ""
    )
