"""What would help, kind by kind, in words: how much, of what, when, and which of the clashes each part ends."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

from stepladder.analysis.claims import Claim
from stepladder.analysis.remedies import Remedy
from stepladder.analysis.repair import Repair
from stepladder.analysis.sides import called
from stepladder.analysis.steps import titles
from stepladder.data.formats.policy import policies_in
from stepladder.data.formats.problem import MONEY, SPENT
from stepladder.data.remedy import Change, RemedyKind, today
from stepladder.wording import claims, numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.numbers import money_up
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import end, title

#: Parts that are shown of one kind; the rest is in --json.
SHOWN = 30

NAMES: dict[RemedyKind, str] = {
    "money": mark("Money"),
    "people": mark("Person-days"),
    "parallel": mark("Steps at once"),
    "later": mark("Time"),
    "pin": mark("Pins"),
    "cap": mark("Higher caps"),
    "tail": mark("Likelier large losses"),
    "from": mark("Later caps"),
    "fewer": mark("Less"),
}


def way(repair: Repair, remedy: Remedy, quantity: str) -> str:
    """One kind's part of a remedy, and what is proved of less."""
    kind = next(kind for kind in remedy.kinds if kind == quantity)
    currency = repair.problem.currency
    mine = [claim for claim in remedy.claims if claim.quantity == kind or (kind == "pin" and claim.quantity == "moved")]
    if not remedy.helps:
        return f"{_(NAMES[kind])}: {claims.unknown(mine[0], currency) if mine else _('the search was stopped.')}"
    changes = [change for change in remedy.changes if change.kind == kind]
    parts = {
        "money": _money,
        "people": _people,
        "parallel": _parallel,
        "later": _later,
        "pin": _pins,
        "cap": _caps,
        "tail": _tails,
        "from": _begins,
        "fewer": _fewer,
    }
    first = _overrun(repair, kind)
    return " ".join(
        filter(
            None,
            [
                f"{_(NAMES[kind])}: {parts[kind](repair, changes, mine[0])}.",
                first,
                _insured(repair, remedy) if kind in ("cap", "tail") else "",
                _proof(mine, currency),
            ],
        )
    )


def _overrun(repair: Repair, kind: RemedyKind) -> str:
    """By how much limits of a kind are overrun by what has happened, which a higher limit makes up for first; of each
    money and team the most.
    """
    mine = [one for one in repair.overruns if kind == ("money" if one.resource in MONEY else "people")]
    most = {one.resource: one for one in sorted(mine, key=lambda one: one.amount)}
    parts = [
        _(
            "{resource} in {limit} by {amount}",
            resource=called(one.resource, repair.teams),
            limit=clean(one.label) or _("a limit"),
            amount=money_up(one.amount, repair.problem.currency) if kind == "money" else numbers.amount(one.amount),
        )
        for one in most.values()
    ]
    if not parts:
        return ""
    return _(
        "What has happened has overrun {limits} already: a limit that is raised has to make up for that first.",
        limits=listed(parts, len(parts)),
    )


def _proof(mine: Sequence[Claim], currency: str) -> str:
    sentence = claims.less(mine[0], currency)
    return " ".join([sentence, *(claims.less(claim) for claim in mine[1:] if mine[0].exact and claim.high > 0)])


def _clashes(repair: Repair, changes: Sequence[Change]) -> str:
    """Which clashes changes end, where there are several: `` (clash 2)``."""
    demands = [repair.demands[k] for change in changes for k in change.demands]
    sentences = [
        numbers.whole(k)
        for k, clash in enumerate(repair.clashes, start=1)
        if any(demand in clash.demands for demand in demands)
    ]
    if len(repair.clashes) < 2 or not sentences:
        return ""
    which = listed(sentences, len(sentences))
    return " " + plural("(clash {which})", "(clashes {which})", len(sentences), which=which)


def _money(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    currency = repair.problem.currency
    several = len({window.resource for window in repair.problem.windows} & {*SPENT}) > 1
    written = partial(money_up, currency=currency, named=False)
    spent, later = ([change for change in changes if bool(change.resource) == after] for after in (False, True))
    a_year = math.fsum(change.amount for change in later)
    after = _("{money} more a year for what goes on costing afterwards", money=money_up(a_year, currency))
    parts = [f"{after}{_clashes(repair, later)}"]
    if not spent:
        return parts[0]
    more = money_up(claim.high - a_year, currency) if later else money_up(claim.high, currency)
    said = {"money": more, "when": _when(repair, spent, written)}
    first = (
        _("{money} more in all, counted in each of the limits on money, at the latest {when}", **said)
        if several
        else _("{money} more in all, at the latest {when}", **said)
    )
    return "; ".join([f"{first}{_clashes(repair, spent)}", *(parts if later else [])])


def _when(repair: Repair, changes: Sequence[Change], written: Callable[[float], str] = numbers.amount) -> str:
    return ", ".join(
        _("{amount} in {period}", amount=written(change.amount), period=_label(repair, change.period))
        for change in changes
    )


def _label(repair: Repair, period: int | None) -> str:
    if period is None or period >= repair.problem.horizon:
        return _("the end")
    return numbers.label(repair.problem.periods[period])


def _people(case: Repair, changes: Sequence[Change], claim: Claim) -> str:
    teams = dict.fromkeys(change.resource for change in changes)
    parts = []
    for team in teams:
        own = [change for change in changes if change.resource == team]
        total = numbers.amount(sum(round(change.amount * 100) for change in own) / 100)
        more = _(
            "{days} more of {team}, at the latest {when}",
            days=total,
            team=numbers.team(team, case.teams),
            when=_when(case, own),
        )
        parts.append(f"{more}{_clashes(case, own)}")
    in_all = [_("{days} in all", days=numbers.amount(claim.high))] if len(parts) > 1 else []
    return "; ".join([*parts, *in_all])


def _parallel(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    said = _(
        "{count} at once instead of {before}",
        count=numbers.whole(int(changes[0].amount)),
        before=numbers.whole(repair.problem.max_parallel or 0),
    )
    return f"{said}{_clashes(repair, changes)}"


def _later(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        said = {"name": quote(demand.name), "day": end(repair.problem.periods[change.period or 0])}
        can = (
            _("{name} can be met by {day}", **said)
            if demand.date is None
            else _("{name} can be met by {day} instead of {due}", due=numbers.day(demand.date), **said)
        )
        parts.append(f"{can}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes), *_later_in_all(changes, claim)])


def _later_in_all(changes: Sequence[Change], claim: Claim) -> list[str]:
    """How much later it is together, where there are several."""
    periods = numbers.count(int(claim.high), "period")
    return [_("{periods} later in all", periods=periods)] if len(changes) > 1 else []


def _pins(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    names, parts = titles(repair.problem), []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        which = quote(demand.name)
        if len(demand.steps) > 1:
            which = _("{demand} for {step}", demand=which, step=quote(names[change.step]))
        said = (
            _("{demand} is given up", demand=which)
            if change.period is None
            else _("{demand} gives way to a start in {period}", demand=which, period=_label(repair, change.period))
        )
        parts.append(f"{said}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes)])


def _caps(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        cap = repair.problem.appetite[demand.appetite[0]]
        # Where nothing can be in place in time, the least cap is what is lost today.
        said = {"amount": money_up(change.amount, repair.problem.currency), "cap": quote(demand.name)}
        higher = (
            _("{amount} a year, which is what is lost today, instead of {cap}", **said)
            if change.amount >= today(repair.problem, cap)
            else _("{amount} a year instead of {cap}", **said)
        )
        parts.append(f"{higher}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes)])


def _tails(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        cap = repair.problem.exceedance[demand.exceedance[0]]
        currency, amount = repair.problem.currency, change.amount
        can = money_up(amount, currency) if cap.of == "excess" else numbers.chance_up(amount)
        likelier = _("{amount} a year instead of {cap}", amount=can, cap=quote(demand.name))
        parts.append(f"{likelier}{_clashes(repair, [change])}")
    return _("{ways}, given your numbers", ways="; ".join([*parts, *_more(changes)]))


def _insured(repair: Repair, remedy: Remedy) -> str:
    """Which policies the plan has that shows what is possible."""
    problem, by_policy = repair.problem, dict[str, list[str]]()
    offers = {policy.id: policy.name for policy in problem.policies}
    held = policies_in(remedy.starts, len(problem.policy_years))
    for policy, year in zip(held, problem.policy_years, strict=True):
        if policy is not None:
            by_policy.setdefault(policy, []).append(clean(year.label) or numbers.label(problem.periods[year.from_]))
    parts = [
        _("{policy} in {years}", policy=quote(offers[policy]), years=listed(years, len(years)))
        for policy, years in by_policy.items()
    ]
    return _("The plan that shows it is insured: {policies}.", policies="; ".join(parts)) if parts else ""


def _begins(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    names = [quote(repair.demands[change.demands[0]].name) for change in changes]
    shown = list(zip(names, changes, strict=True))[:SHOWN]
    parts = [
        _("{cap} can be kept from {period} on", cap=name, period=_label(repair, change.period))
        + _clashes(repair, [change])
        for name, change in shown
    ]
    return "; ".join([*parts, *_more(changes), *_later_in_all(changes, claim)])


def _fewer(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    names = {**titles(repair.problem), **{item.id: item.name for item in repair.problem.achievements}}
    steps = sum(bool(change.step) for change in changes)
    counted = [numbers.count(steps, "required step")] if steps else []
    counted += [numbers.count(len(changes) - steps, "achievement")] if steps < len(changes) else []
    named = [
        f"{_asked(repair, change, title(names[change.step or change.achievement]))}{_clashes(repair, [change])}"
        for change in changes[:SHOWN]
    ]
    named += _more(changes)
    return _("give up {steps}: {names}", steps=listed(counted), names="; ".join(named))


def _asked(repair: Repair, change: Change, name: str) -> str:
    """What is given up, and of an achievement the day of the milestone that asks for it, where one does."""
    demand = repair.demands[change.demands[0]]
    if not change.achievement or demand.date is None:
        return name
    return _("{achievement} by {day}", achievement=name, day=numbers.day(demand.date))


def _more(changes: Sequence[Change]) -> list[str]:
    if len(changes) <= SHOWN:
        return []
    return [_("and {count} more (--json)", count=numbers.whole(len(changes) - SHOWN))]


def described(repair: Repair, change: Change) -> dict[str, object]:
    """A change for programs: what it is about, and its numbers."""
    return {
        "kind": change.kind,
        "demands": list(change.demands),
        "clashes": [
            k
            for k, clash in enumerate(repair.clashes, start=1)
            if any(repair.demands[d] in clash.demands for d in change.demands)
        ],
        "step": change.step or None,
        "resource": clean(change.resource) or None,
        "period": change.period,
        "amount": change.amount if change.kind in ("money", "people", "parallel", "cap", "tail") else None,
        **({"achievement": change.achievement} if change.achievement else {}),
    }
