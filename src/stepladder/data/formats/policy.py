"""Insurance in a problem: what a policy takes over of each threat, what it costs in each policy year, what it needs.

A plan chooses at most one policy for each policy year. Among starts, a policy in a year is called ``policy@year``, as
no step can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from stepladder.data.formats import money
from stepladder.data.formats.base import Id, Index, Money, Record, StepId, unknown
from stepladder.data.formats.combinations import combinations
from stepladder.data.formats.step import Step
from stepladder.data.formats.threat import Threat

#: Between a policy and the number of its year.
AT = "@"
Share = Annotated[float, Field(gt=0, le=1)]
Path = tuple[str | int, ...]
#: In so many combinations the steps may be in place that make a covered threat's events cheaper.
COMBINATIONS = 64
#: Combinations are counted up to here.
COUNTED = 4096


class Terms(Record):
    """What a policy pays of one event of a threat: ``share`` of what is above ``retention``, up to ``limit``."""

    retention: Money = 0.0
    """Our own part of each event, which comes first."""
    limit: Annotated[Money, Field(gt=0)]
    """So much of an event above the retention is covered."""
    share: Share = 1.0
    """The insurer's part of what is covered."""


class PolicyYear(Record):
    """The periods of one policy year."""

    from_: Index = Field(alias="from")
    """First period: the premium is paid in it, and what the policy asks for is finished before."""
    to: Index
    """Last period; the number of periods where it is the last year and its policy is renewed after the horizon."""
    label: str = ""
    """For people."""
    decided: bool = False
    """True: what is in force in this year is a fact."""
    policy: Id | None = None
    """Of a year that is decided: the policy in force; null for none."""

    def renews(self, horizon: int) -> str | None:
        """Of a year that is decided: the policy that is renewed after so many periods, before which its steps are
        finished as before any year of it; None where none is.
        """
        return self.policy if self.decided and self.to >= horizon else None

    @property
    def must(self) -> str | None:
        """The policy that is to be in force, whatever it takes; None where that is free."""
        return None


class InsuredYear(PolicyYear):
    """A policy year in which every plan has a certain policy, with all that it asks for. It stands in no file: it is
    for questions of what that would cost.
    """

    by: Id
    """The policy; it is on offer in this year."""

    @property
    def must(self) -> str | None:
        """The policy."""
        return self.by


class Policy(Record):
    """One policy on offer."""

    id: Id
    """Unique name."""
    title: str = ""
    """For people; the id when left out."""
    premiums: tuple[Money | None, ...]
    """By policy year, in currency, the whole of it in the year's first period; null where it is not on offer."""
    needs: tuple[StepId, ...] = ()
    """All of these are finished before the first period of every year in which it is in force."""
    terms: dict[StepId, Terms]
    """By threat: what it pays of one event; other threats it does not cover."""
    annual_limit: Money | None = None
    """What the insurer pays in a year at most; not counted in the choice, only beside it."""

    @property
    def name(self) -> str:
        """What people call it: its title, or its id where it has none."""
        return self.title.strip() or self.id


def choice(policy: str, year: int) -> str:
    """What a policy in a policy year is called among starts."""
    return f"{policy}{AT}{year}"


def is_choice(name: str) -> bool:
    """Whether a name among starts is of a policy in a policy year, not of a step."""
    return AT in name


def steps_in(starts: Mapping[str, int]) -> dict[str, int]:
    """Of starts those of steps alone."""
    return {name: start for name, start in starts.items() if AT not in name}


def policies_in(starts: Mapping[str, int], count: int) -> tuple[str | None, ...]:
    """By policy year, of so many, the policy that is among starts."""
    by_year: list[str | None] = [None] * count
    for name in starts:
        policy, at, year = name.rpartition(AT)
        if at and year.isdecimal() and int(year) < count:
            by_year[int(year)] = policy
    return tuple(by_year)


def chosen(policies: Sequence[str | None], years: Sequence[PolicyYear]) -> dict[str, int]:
    """A plan's policies as starts: each in the first period of its year."""
    pairs = enumerate(zip(policies, years, strict=False))
    return {choice(policy, y): year.from_ for y, (policy, year) in pairs if policy is not None}


def faults(
    policies: Sequence[Policy],
    years: Sequence[PolicyYear],
    horizon: int,
    steps: frozenset[str],
    threats: Sequence[Threat],
    currency: str,
) -> Iterator[tuple[Path, str, str]]:
    """What makes the policies of a problem with so many periods meaningless: (path, code, message) for each."""
    yield from _year_faults(policies, years, horizon)
    known, seen = {threat.id: threat for threat in threats}, set[str]()
    for k, policy in enumerate(policies):
        if policy.id in seen:
            message = f"{policy.id!r} is used twice among the policies; give one of them another id"
            yield ("policies", k, "id"), "SL308", message
        seen.add(policy.id)
        if len(policy.premiums) != len(years):
            message = f"it has {len(policy.premiums)} premiums for {len(years)} policy years; give one for each"
            yield ("policies", k, "premiums"), "SL304", f"{message}, null where it is not on offer"
        for y, premium in enumerate(policy.premiums):
            fine = None if premium is None else money.wrong(premium, currency)
            if fine:
                yield ("policies", k, "premiums", y), "SL104", fine
        for m, name in enumerate(policy.needs):
            if name not in steps:
                yield ("policies", k, "needs", m), "SL204", unknown("step", name, steps)
        for name in policy.terms:
            if name not in known:
                yield ("policies", k, "terms", name), "SL206", unknown("threat", name, known)
            elif wrong := cannot_cover(known[name]):
                yield ("policies", k, "terms", name), *wrong


def cannot_cover(threat: Threat) -> tuple[str, str] | None:
    """Why what a policy pays of a threat's events cannot be told: (code, message); None where it can."""
    if threat.events is None or threat.events.sigma == 0:
        message = (
            f"how much events of {threat.name!r} differ is not said, so nobody can say what a policy pays; give its"
            " loss per event as {median, p95}, or leave it out of what is covered"
        )
        return "SL102", message
    return None


def crowded(
    policies: Sequence[Policy], threats: Sequence[Threat], steps: Sequence[Step], excludes: Sequence[tuple[str, str]]
) -> Iterator[tuple[Path, str, str]]:
    """Threats of which what a policy pays depends on too many combinations of steps: (path, code, message) for each."""
    # What nobody pays for is not looked at: with many threats that would take long.
    covered = {name for policy in policies for name in policy.terms}
    told = [threat for threat in threats if threat.id in covered and threat.cheaper]
    many = {threat.id: wrong for threat in told if (wrong := _too_many(threat, steps, excludes))}
    for k, policy in enumerate(policies):
        for name in policy.terms:
            if name in many:
                yield ("policies", k, "terms", name), "SL314", many[name]


def _too_many(threat: Threat, steps: Sequence[Step], excludes: Sequence[tuple[str, str]]) -> str | None:
    """Why what a policy pays of a threat's events cannot be told in all cases; None where it can."""
    sets = combinations(steps, threat.cheaper, excludes, COUNTED)
    if sets is not None and len(sets) <= COMBINATIONS:
        return None
    count = f"more than {COUNTED:,}" if sets is None else f"{len(sets):,}"
    return (
        f"{threat.name!r} has {len(threat.cheaper)} steps that make its events cheaper, of which {count} combinations"
        f" can be in place, and a policy pays another amount with each of them (at most {COMBINATIONS}); let some of"
        " them make events rarer (reduces: frequency), or leave the threat out of what is covered"
    )


def _year_faults(
    policies: Sequence[Policy], years: Sequence[PolicyYear], horizon: int
) -> Iterator[tuple[Path, str, str]]:
    ids, after = frozenset(policy.id for policy in policies), 0
    for k, year in enumerate(years):
        most = horizon if k == len(years) - 1 else horizon - 1
        if not after <= year.from_ <= min(year.to, horizon - 1) or year.to > most:
            message = (
                f"it goes from period {year.from_} to {year.to}; policy years follow each other within the horizon"
            )
            yield ("policy_years", k), "SL304", f"{message} ({horizon} periods), and the last may go on after it"
        after = year.to + 1
        if year.policy is not None and (year.policy not in ids or not year.decided):
            words = unknown("policy", year.policy, ids) if year.decided else "say decided: true beside it, or remove it"
            yield ("policy_years", k, "policy"), "SL204", words
