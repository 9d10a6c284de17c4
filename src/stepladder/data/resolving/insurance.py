"""Insurance: a scenario's policies as the problem wants them, with their years, and where each premium is written."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

from stepladder import graph
from stepladder.data.formats.base import unknown
from stepladder.data.formats.insurance import ScenarioPolicy
from stepladder.data.formats.money import nearest
from stepladder.data.formats.places import Origin
from stepladder.data.formats.policy import Policy, PolicyYear, Terms, cannot_cover
from stepladder.data.formats.problem import Path, Problem
from stepladder.data.formats.threat import Threat
from stepladder.data.resolving.calendar import begins_inside, policy_years
from stepladder.data.resolving.limits import horizon
from stepladder.data.resolving.needs import Steps
from stepladder.data.resolving.parts import Desk


class Insured(NamedTuple):
    """Policy years, policies, and origins by JSON pointer."""

    years: tuple[PolicyYear, ...] = ()
    policies: tuple[Policy, ...] = ()
    origins: dict[str, Origin] = {}

    @property
    def fields(self) -> dict[str, Any]:
        """As the problem wants them."""
        return {"policy_years": self.years, "policies": self.policies}


def resolve(desk: Desk, steps: Steps, threats: Sequence[Threat]) -> Insured:
    """The policies of the scenario; the last policy year is renewed after the horizon."""
    offers, starts = desk.scenario.insurance, desk.scenario.horizon.policy_year_starts
    split = begins_inside(starts, desk.calendar) if starts else []
    if split:
        label = desk.calendar.periods[split[0]].label
        message = f"a policy year begins in month {starts}, inside {label}; let it begin together with a period"
        desk.wrong(("horizon", "policy_year_starts"), "SL312", message)
    if not offers:
        return Insured()
    spans = policy_years(desk.scenario.horizon, desk.calendar)
    ends = [*(span.to for span in spans[:-1]), len(desk.calendar.periods)]
    years = [
        PolicyYear.model_validate({"from": span.from_, "to": to, "label": span.label})
        for span, to in zip(spans, ends, strict=True)
    ]
    policies = [
        Policy(
            id=name,
            title=written.title or "",
            # A premium that is finer than its currency is complained of already.
            premiums=tuple(
                None if premium is None else nearest(premium, desk.scenario.currency)
                for premium in _premiums(desk, name, written, years)
            ),
            needs=tuple(key.id for key in steps.required.get(name, ())),
            terms=_terms(desk, name, written, threats),
            annual_limit=written.annual_limit,
        )
        for name, written in offers.items()
    ]
    return Insured(
        tuple(years), tuple(policies), {f"/policies/{k}/premiums": _origin(desk, n) for k, n in enumerate(offers)}
    )


def _premiums(desk: Desk, name: str, written: ScenarioPolicy, years: Sequence[PolicyYear]) -> tuple[float | None, ...]:
    """By policy year; None where it is not on offer."""
    if not isinstance(written.premium, dict):
        return (written.premium,) * len(years)
    by_year: list[float | None] = [written.premium.get("default")] * len(years)
    for label, amount in written.premium.items():
        y = next((y for y, year in enumerate(years) if label in (year.label, year.label[:4])), None)
        if y is not None:
            by_year[y] = amount
        elif label != "default":
            known = ", ".join(year.label for year in years)
            message = f"{label} is no policy year of the horizon ({horizon(desk)}); the years are {known}"
            desk.wrong(("insurance", name, "premium", label), "SL304", message, key=True)
    return tuple(by_year)


def _terms(desk: Desk, name: str, written: ScenarioPolicy, threats: Sequence[Threat]) -> dict[str, Terms]:
    """What it pays, by threat; of several systems a threat without a system's name is that of each."""
    terms: dict[str, Terms] = {}
    plain = Terms(retention=written.retention, limit=written.limit, share=written.share)
    # Of two that are about the same threat, the one with a system counts.
    named: list[str | None] = [*sorted(written.covers, key=lambda text: "/" in text)]
    for text in named or [None]:
        path: Path = ("insurance", name) if text is None else ("insurance", name, "covers", text)
        meant = [threat for threat in threats if text is None or text in (threat.id, threat.id.rpartition("/")[2])]
        if not meant and text is not None:
            desk.wrong(path, "SL206", unknown("threat", text, [threat.id for threat in threats]), key=True)
        own = (written.covers.get(text) if text is not None else None) or None
        for threat in meant:
            if wrong := cannot_cover(threat):
                at = desk.root.nearest(("threats", threat.id.rpartition("/")[2], "loss_per_event"), key=True)
                desk.wrong(path, wrong[0], f"{wrong[1]} (its loss: {at})", key=True)
            said = {} if own is None else own.model_dump(exclude_none=True)
            terms[threat.id] = plain.model_copy(update=said)
    return terms


def written(desk: Desk, problem: Problem, path: Path) -> Path:
    """Where the scenario writes what is wrong with a policy of the problem."""
    if len(path) < 4 or path[2] != "terms":
        return ("insurance",)
    name, threat = problem.policies[int(path[1])].id, str(path[3])
    covers = desk.scenario.insurance[name].covers
    own = next((text for text in (threat, threat.rpartition("/")[2]) if text in covers), None)
    return ("insurance", name) if own is None else ("insurance", name, "covers", own)


def _origin(desk: Desk, name: str) -> Origin:
    path: Path = ("insurance", name, "premium")
    node = desk.root.find(path)
    source = desk.scenario.insurance[name].source or ""
    layer = node.layer if node else "scenario"
    return Origin.model_validate({"from": layer, "at": str(desk.root.nearest(path)), "source": source})


def remark(desk: Desk, steps: Steps, problem: Problem) -> None:
    """What is worth knowing of policies: what they ask for above a target, those that nobody can have in time, and
    those that are the same.
    """
    titles = {step.id: step.name for step in problem.steps}
    for policy in problem.policies:
        for key in steps.required.get(policy.id, ()):
            param = desk.param(key.system, key.ref)
            if param is not None and key.ref.level > param.target:
                desk.notes.append(f"{titles[key.id]} is above its target; {policy.name} requires it.")
    soonest = _soonest(problem) if any(policy.needs for policy in problem.policies) else {}
    for policy in problem.policies:
        offered = [
            year for year, premium in zip(problem.policy_years, policy.premiums, strict=True) if premium is not None
        ]
        done = max((soonest[name] for name in policy.needs), default=-1)
        if not offered:
            desk.notes.append(f"{policy.name} is on offer in no policy year of the horizon.")
        elif all(done >= year.from_ for year in offered):
            last = problem.periods[offered[-1].from_].label
            words = f"what it requires cannot be finished before {last}, when its last year on offer begins"
            desk.notes.append(f"{policy.name} can never be bought: {words}.")
    for one, other in combinations(problem.policies, 2):
        if (one.premiums, one.needs, one.terms) == (other.premiums, other.needs, other.terms):
            desk.notes.append(f"{one.name} and {other.name} are the same: premiums, terms and requirements.")


def _soonest(problem: Problem) -> dict[str, int]:
    """By step: no plan has it finished before the end of this period, by its dates and what it needs."""
    steps = problem.steps_by_id()
    edges = [(step.id, need.step) for step in problem.steps for need in step.needs]
    done: dict[str, int] = {}
    for name in graph.order(list(steps), edges):
        step = steps[name]
        start = max([step.earliest, step.start or 0, *(done[need.step] + need.lag for need in step.needs)])
        done[name] = step.finish(start)
    return done
