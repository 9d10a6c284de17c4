"""What a file of actuals says beside its steps: threats, levels, money by period, and work that no step has."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

from stepladder.data.formats import money
from stepladder.data.formats.actuals import Actuals, Extra, NewThreat
from stepladder.data.formats.base import too_much, unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Path
from stepladder.data.formats.threat import Threat
from stepladder.data.happened import Beside, Happened, period_of
from stepladder.data.reading.tree import Node
from stepladder.errors import Issue

#: So many smallest parts of a person-day are given out.
DAYS = 10_000
#: By resource and period.
Used = dict[str, dict[int, Fraction]]


class Desk:
    """A file of actuals beside its plan, and what is wrong with it.

    Parameters
    ----------
    plan, actuals, root
        The plan, what the file says, and where it says so.
    """

    def __init__(self, plan: Plan, actuals: Actuals, root: Node) -> None:
        self.plan, self.actuals, self.root = plan, actuals, root
        self.problem = plan.problem
        self.issues: list[Issue] = []
        self.now = 0

    def wrong(self, path: Path, code: str, message: str, *, key: bool = False) -> None:
        """Something is wrong at this place of the file."""
        self.issues.append(Issue(self.root.nearest(path, key=key), code, message))

    def period(self, when: str, path: Path) -> int | None:
        """The period that is meant; where it is none, that is wrong."""
        period = period_of(self.problem.periods, when)
        if period is None:
            first, last = self.problem.periods[0].label, self.problem.periods[-1].label
            self.wrong(path, "SL304", f"{when} is no period of the plan ({first} to {last}); correct it")
        return period

    def label(self, t: int) -> str:
        """What people call a period."""
        return self.problem.periods[t].label if t < self.problem.horizon else "a period after the horizon"


# -- money and work ----------------------------------------------------------------------------------------------------


def spent(desk: Desk) -> dict[int, float]:
    """What the books say, by past period."""
    books = {}
    for label, amount in desk.actuals.spent.items():
        t = desk.period(label, ("spent", label))
        known = desk.plan.spent.get(desk.label(t)) if t is not None else None
        if t is None:
            continue
        if t >= desk.now:
            desk.wrong(("spent", label), "SL304", f"{label} is not past; leave it out", key=True)
        elif t in books:
            desk.wrong(("spent", label), "SL308", f"{label} is {desk.label(t)}, which stands here already", key=True)
        elif t < desk.plan.now and known is not None and amount != known:
            closed = f"the plan has closed {desk.label(t)} with {known:,.12g}; plan anew from the version before it"
            desk.wrong(("spent", label), "SL304", f"{closed}, or put what has come later under `unplanned`")
        else:
            books[t] = amount
    return books


def beside(desk: Desk) -> Beside:
    """Work that no step has, of past periods, and what has been promised of open ones."""
    unplanned, promised = _used(desk, "unplanned", past=True), _used(desk, "committed", past=False)
    lists = (("Done beside the plan", desk.actuals.unplanned), ("Promised beside the plan", desk.actuals.committed))
    return Beside(unplanned, promised, tuple(_said(desk, what, extra) for what, of in lists for extra in of.values()))


def _said(desk: Desk, what: str, extra: Extra) -> str:
    """An item that is no step of the plan, as a sentence."""
    uses = [money.shown(extra.amount, desk.problem.currency)] if extra.amount else []
    uses += [f"{days:,.12g} person-days of {desk.plan.teams.get(team, team)}" for team, days in extra.effort.items()]
    when = f"from {extra.from_} to {extra.to}" if extra.to not in (None, extra.from_) else f"in {extra.from_}"
    source = f" ({extra.source})" if extra.source else ""
    return f"{what}: {extra.title}{source}, {' and '.join(uses) or 'nothing'}, {when}."


def _used(desk: Desk, kind: str, *, past: bool) -> Used:
    used: Used = {}
    extras: Mapping[str, Extra] = getattr(desk.actuals, kind)
    for name, extra in extras.items():
        span = _span(desk, (kind, name), extra, past=past)
        _check_teams(desk, (kind, name), extra)
        for resource, parts in _parts(extra, desk.problem.currency, len(span)) if span else ():
            by_period = used.setdefault(resource, {})
            for t, part in zip(span, parts, strict=True):
                by_period[t] = by_period.get(t, Fraction(0)) + part
    return used


def _span(desk: Desk, path: Path, extra: Extra, *, past: bool) -> range:
    first = desk.period(extra.from_, (*path, "from"))
    last = first if extra.to is None else desk.period(extra.to, (*path, "to"))
    if first is None or last is None:
        return range(0)
    if first > last:
        desk.wrong((*path, "to"), "SL304", f"it ends in {desk.label(last)}, before it begins; correct `from` or `to`")
    elif past and first < desk.plan.now:
        closed = f"the plan has closed {desk.label(first)}; date it from {desk.label(desk.plan.now)} on"
        desk.wrong((*path, "from"), "SL304", closed)
    elif past and last >= desk.now:
        what = f"{desk.label(last)} is not past; put what is still to come under `committed`"
        desk.wrong((*path, "from" if extra.to is None else "to"), "SL304", what)
    elif not past and first < desk.now:
        what = f"{desk.label(first)} is past; put what has been done already under `unplanned`"
        desk.wrong((*path, "from"), "SL304", what)
    else:
        return range(first, last + 1)
    return range(0)


def _parts(extra: Extra, currency: str, count: int) -> Iterator[tuple[str, list[Fraction]]]:
    """What it uses of each resource, in as many parts as it has periods."""
    if extra.amount:
        shares = money.even(extra.amount, count, currency)
        yield MONEY[0], shares
        yield (MONEY[1] if extra.kind == "investment" else MONEY[2]), shares
    for team, days in extra.effort.items():
        yield team, money.evenly(days, count, DAYS)


def _check_teams(desk: Desk, path: Path, extra: Extra) -> None:
    teams = {team for step in desk.problem.steps for team in (*step.effort, *step.effort_per_year)}
    teams |= {window.resource for window in desk.problem.windows} - {*MONEY}
    for team in extra.effort:
        if team not in teams:
            desk.wrong((*path, "effort", team), "SL205", unknown("team", team, teams), key=True)


# -- threats and levels ------------------------------------------------------------------------------------------------


def losses(desk: Desk) -> dict[str, float]:
    """By threat: its expected loss per year with what is in place now, of those that are seen differently and of new
    ones.
    """
    known = {threat.id for threat in desk.problem.threats}
    for name in desk.actuals.threats:
        if name not in known:
            hint = f"{unknown('threat', name, known)}; one that the plan does not know goes under `new_threats`"
            desk.wrong(("threats", name), "SL206", hint, key=True)
    for name in desk.actuals.new_threats:
        if name in known:
            desk.wrong(
                ("new_threats", name), "SL308", f"the plan knows {name!r}; put its loss under `threats`", key=True
            )
    return {
        **{name: threat.expected_loss_per_year for name, threat in desk.actuals.threats.items()},
        **{name: threat.expected_loss_per_year for name, threat in desk.actuals.new_threats.items()},
    }


def new_threats(desk: Desk) -> Iterator[Threat]:
    """Threats that the plan does not know, with what the steps do against them."""
    known = {threat.id: threat for threat in desk.problem.threats}
    steps = desk.problem.steps_by_id()
    for name, new in desk.actuals.new_threats.items():
        path: Path = ("new_threats", name)
        if new.like is not None and new.like not in known:
            desk.wrong((*path, "like"), "SL206", unknown("threat", new.like, known))
        for step in new.reduced_by:
            if step not in steps:
                desk.wrong((*path, "reduced_by", step), "SL204", unknown("step", step, steps), key=True)
        yield _threat(name, new, known.get(new.like or ""))


def _threat(name: str, new: NewThreat, like: Threat | None) -> Threat:
    factors = {**(like.factors if like else {}), **{step: 1 - share for step, share in new.reduced_by.items()}}
    loss = new.expected_loss_per_year
    return Threat(id=name, title=new.title, expected_loss_per_year=loss, factors=factors)


def levels(desk: Desk) -> dict[str, int]:
    """By parameter: the level that somebody has found."""
    context = desk.plan.context
    parameters = {parameter.id: parameter for parameter in context.parameters} if context else {}
    for name, level in desk.actuals.levels.items():
        path: Path = ("levels", name)
        if name not in parameters:
            desk.wrong(path, "SL204", unknown("practice and scale", name, parameters), key=True)
            continue
        there = [int(number) for number in parameters[name].levels]
        if there and not min(there) <= level <= max(there):
            between = f"{name} has levels {min(there)} to {max(there)}, not {level}; correct it"
            desk.wrong(path, "SL104", between)
    if desk.actuals.levels and desk.now == 0:
        message = "no period is past yet, so no level can have been reached since; make the plan anew with these levels"
        desk.wrong(("levels",), "SL304", message, key=True)
    return dict(desk.actuals.levels)


# -- sizes -------------------------------------------------------------------------------------------------------------


def check_sizes(desk: Desk, happened: Happened) -> None:
    """What follows from the amounts is not too large."""
    for kind, threats in (("threats", desk.problem.threats), ("new_threats", happened.threats)):
        for threat in threats:
            loss = happened.at_the_beginning(desk.problem, threat)
            wrong = too_much("without what is in place now the loss would be", loss, "correct it")
            if wrong:
                desk.wrong((kind, threat.id, "expected_loss_per_year"), "SL104", wrong)
    for paid in _paid(desk.actuals).values():
        wrong = too_much("all that was spent adds up to", math.fsum(paid.values()), "correct it")
        if wrong:
            desk.wrong(max(paid, key=lambda path: paid[path]), "SL104", wrong)


def _paid(actuals: Actuals) -> dict[str, dict[Path, float]]:
    """The amounts of the file that are added up, by kind and place."""
    steps: dict[Path, float] = {
        ("steps", name, field): amount
        for name, step in actuals.steps.items()
        for field, amount in (("spent", step.spent), ("to_come", step.to_come))
        if amount is not None
    }
    return {
        "steps": steps,
        "spent": {("spent", period): amount for period, amount in actuals.spent.items()},
        **{
            kind: {(kind, name, "amount"): extra.amount for name, extra in getattr(actuals, kind).items()}
            for kind in ("unplanned", "committed")
        },
    }
