"""What would help, kind by kind, in words: how much, of what, when, and which of the clashes each part ends."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
from stepladder.wording.numbers import money_up
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import end, title

#: Parts that are shown of one kind; the rest is in --json.
SHOWN = 30

NAMES: dict[RemedyKind, str] = {
    "money": "Money",
    "people": "Person-days",
    "parallel": "Steps at once",
    "later": "Time",
    "pin": "Pins",
    "cap": "Higher caps",
    "tail": "Likelier large losses",
    "from": "Later caps",
    "fewer": "Less",
}


def way(repair: Repair, remedy: Remedy, quantity: str) -> str:
    """One kind's part of a remedy, and what is proved of less."""
    kind = next(kind for kind in remedy.kinds if kind == quantity)
    currency = repair.problem.currency
    mine = [claim for claim in remedy.claims if claim.quantity == kind or (kind == "pin" and claim.quantity == "moved")]
    if not remedy.helps:
        return (
            f"{NAMES[kind]}: {claims.unknown(mine[0], currency)}" if mine else f"{NAMES[kind]}: the search was stopped."
        )
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
                f"{NAMES[kind]}: {parts[kind](repair, changes, mine[0])}.",
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
        f"{called(one.resource, repair.teams)} in {clean(one.label) or 'a limit'} by"
        f" {money_up(one.amount, repair.problem.currency) if kind == 'money' else numbers.amount(one.amount)}"
        for one in most.values()
    ]
    said = f"What has happened has overrun {listed(parts, len(parts))} already"
    return f"{said}: a limit that is raised has to make up for that first." if parts else ""


def _proof(mine: Sequence[Claim], currency: str) -> str:
    sentence = claims.less(mine[0], currency)
    return " ".join([sentence, *(claims.less(claim) for claim in mine[1:] if mine[0].exact and claim.high > 0)])


def _clashes(repair: Repair, changes: Sequence[Change]) -> str:
    """Which clashes changes end, where there are several: `` (clash 2)``."""
    demands = [repair.demands[k] for change in changes for k in change.demands]
    sentences = [
        f"{k:,}"
        for k, clash in enumerate(repair.clashes, start=1)
        if any(demand in clash.demands for demand in demands)
    ]
    if len(repair.clashes) < 2 or not sentences:
        return ""
    return f" (clash {sentences[0]})" if len(sentences) == 1 else f" (clashes {listed(sentences, len(sentences))})"


def _money(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    currency = repair.problem.currency
    several = len({window.resource for window in repair.problem.windows} & {*SPENT}) > 1
    counted = ", counted in each of the limits on money" if several else ""
    written = partial(money_up, currency=currency, named=False)
    spent, later = ([change for change in changes if bool(change.resource) == after] for after in (False, True))
    a_year = math.fsum(change.amount for change in later)
    parts = [f"{money_up(a_year, currency)} more a year for what goes on costing afterwards{_clashes(repair, later)}"]
    if not spent:
        return parts[0]
    more = money_up(claim.high - a_year, currency) if later else money_up(claim.high, currency)
    first = f"{more} more in all{counted}, at the latest {_when(repair, spent, written)}{_clashes(repair, spent)}"
    return "; ".join([first, *(parts if later else [])])


def _when(repair: Repair, changes: Sequence[Change], written: object = numbers.amount) -> str:
    assert callable(written)
    return ", ".join(f"{written(change.amount)} in {_label(repair, change.period)}" for change in changes)


def _label(repair: Repair, period: int | None) -> str:
    if period is None or period >= repair.problem.horizon:
        return "the end"
    return numbers.label(repair.problem.periods[period])


def _people(case: Repair, changes: Sequence[Change], claim: Claim) -> str:
    teams = dict.fromkeys(change.resource for change in changes)
    parts = []
    for team in teams:
        own = [change for change in changes if change.resource == team]
        total = numbers.amount(sum(round(change.amount * 100) for change in own) / 100)
        parts.append(
            f"{total} more of {numbers.team(team, case.teams)}, at the latest {_when(case, own)}{_clashes(case, own)}"
        )
    return "; ".join(parts) + (f"; {numbers.amount(claim.high)} in all" if len(parts) > 1 else "")


def _parallel(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    return (
        f"{int(changes[0].amount):,} at once instead of {repair.problem.max_parallel or 0:,}{_clashes(repair, changes)}"
    )


def _later(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        when = end(repair.problem.periods[change.period or 0])
        instead = f" instead of {numbers.day(demand.date)}" if demand.date is not None else ""
        parts.append(f"{quote(demand.name)} can be met by {when}{instead}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes)]) + (
        f"; {numbers.count(int(claim.high), 'period')} later in all" if len(changes) > 1 else ""
    )


def _pins(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    names, parts = titles(repair.problem), []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        which = quote(demand.name) + (f" for {quote(names[change.step])}" if len(demand.steps) > 1 else "")
        if change.period is None:
            parts.append(f"{which} is given up{_clashes(repair, [change])}")
        else:
            parts.append(f"{which} gives way to a start in {_label(repair, change.period)}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes)])


def _caps(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        cap = repair.problem.appetite[demand.appetite[0]]
        # Where nothing can be in place in time, the least cap is what is lost today.
        same = ", which is what is lost today," if change.amount >= today(repair.problem, cap) else ""
        parts.append(
            f"{money_up(change.amount, repair.problem.currency)} a year{same} instead of"
            f" {quote(demand.name)}{_clashes(repair, [change])}"
        )
    return "; ".join([*parts, *_more(changes)])


def _tails(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    parts = []
    for change in changes[:SHOWN]:
        demand = repair.demands[change.demands[0]]
        cap = repair.problem.exceedance[demand.exceedance[0]]
        currency, amount = repair.problem.currency, change.amount
        can = money_up(amount, currency) if cap.of == "excess" else numbers.chance_up(amount)
        parts.append(f"{can} a year instead of {quote(demand.name)}{_clashes(repair, [change])}")
    return "; ".join([*parts, *_more(changes)]) + ", given your numbers"


def _insured(repair: Repair, remedy: Remedy) -> str:
    """Which policies the plan has that shows what is possible."""
    problem, by_policy = repair.problem, dict[str, list[str]]()
    offers = {policy.id: policy.name for policy in problem.policies}
    held = policies_in(remedy.starts, len(problem.policy_years))
    for policy, year in zip(held, problem.policy_years, strict=True):
        if policy is not None:
            by_policy.setdefault(policy, []).append(clean(year.label) or numbers.label(problem.periods[year.from_]))
    parts = [f"{quote(offers[policy])} in {listed(years, len(years))}" for policy, years in by_policy.items()]
    return f"The plan that shows it is insured: {'; '.join(parts)}." if parts else ""


def _begins(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    names = [quote(repair.demands[change.demands[0]].name) for change in changes]
    shown = list(zip(names, changes, strict=True))[:SHOWN]
    parts = [
        f"{name} can be kept from {_label(repair, change.period)} on{_clashes(repair, [change])}"
        for name, change in shown
    ]
    return "; ".join([*parts, *_more(changes)]) + (
        f"; {numbers.count(int(claim.high), 'period')} later in all" if len(changes) > 1 else ""
    )


def _fewer(repair: Repair, changes: Sequence[Change], claim: Claim) -> str:
    del claim
    names = {**titles(repair.problem), **{item.id: item.name for item in repair.problem.achievements}}
    steps = sum(bool(change.step) for change in changes)
    counted = [numbers.count(steps, "required step")] if steps else []
    counted += [numbers.count(len(changes) - steps, "achievement")] if steps < len(changes) else []
    named = [
        f"{title(names[change.step or change.achievement])}{_of(repair, change)}{_clashes(repair, [change])}"
        for change in changes[:SHOWN]
    ]
    return f"give up {' and '.join(counted)}: {'; '.join([*named, *_more(changes)])}"


def _of(repair: Repair, change: Change) -> str:
    """The milestone that asks for an achievement which is given up; empty of steps, and where none does."""
    demand = repair.demands[change.demands[0]]
    return f" by {numbers.day(demand.date)}" if change.achievement and demand.date is not None else ""


def _more(changes: Sequence[Change]) -> list[str]:
    return [f"and {len(changes) - SHOWN:,} more (--json)"] if len(changes) > SHOWN else []


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
