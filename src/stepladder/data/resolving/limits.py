"""Budgets and capacities become windows: what is used in some periods is at most so much."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import accumulate

from stepladder.data.formats.base import too_much, unknown
from stepladder.data.formats.limits import Commitment, Limit
from stepladder.data.formats.money import smallest
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import MONEY, Ongoing, Path, Window
from stepladder.data.reading.tree import Node
from stepladder.data.resolving import upkeep
from stepladder.data.resolving.parts import Desk
from stepladder.data.resolving.reserve import by_year, part_of_year, spread, withheld

#: Person-days are given out in steps of this.
DAYS = Decimal("0.0001")


def resolve(desk: Desk) -> tuple[list[Window], list[Origin]]:
    """All windows of the scenario, and where each limit was written."""
    budget = desk.scenario.budget
    windows: list[Window] = []
    origins: list[Origin] = []
    money: list[tuple[str, Limit | None, Path]] = [
        ("money", budget if budget.amount is not None else None, ("budget",)),
        ("money_once", budget.investment, ("budget", "investment")),
        ("money_per_year", budget.running, ("budget", "running")),
    ]
    if budget.reserve is not None and budget.amount is None:
        wrong = "there is no `amount` that it could be held back of; say it of `investment` or `running`"
        desk.wrong(("budget", "reserve"), "SL104", wrong, key=True)
    if all(limit is None for _, limit, _ in money) != budget.unlimited:
        wrong = "no amount is given; add `amount`, `investment` or `running`, or `unlimited: true`"
        both = "money has no limit and yet one; remove `unlimited`, or the amounts"
        desk.wrong(("budget",), "SL102", both if budget.unlimited else wrong, key=True)
    for resource, limit, path in money:
        if limit is not None:
            _add(desk, windows, origins, resource, limit, path, "year", "within_year")
    if budget.afterwards is not None:
        afterwards = ("budget", "afterwards")
        whole = {"resource": MONEY[3], "from": 0, "to": len(desk.calendar.periods) - 1, "label": "afterwards"}
        windows.append(Window.model_validate({**whole, "limit": budget.afterwards}))
        origins.append(_origin(desk, desk.root.find(afterwards), afterwards))
    for team, entry in desk.scenario.teams.items():
        if team in MONEY:
            # Complained of among the costs.
            continue
        if entry.capacity is not None:
            _add(desk, windows, origins, team, entry.capacity, ("teams", team, "capacity"), "period", "none")
    return windows, origins


def _add(
    desk: Desk,
    windows: list[Window],
    origins: list[Origin],
    resource: str,
    limit: Limit,
    path: Path,
    per: str,
    carry: str,
) -> None:
    if limit.amount is None:
        desk.wrong(path, "SL102", "key 'amount' is missing; add it", key=True)
        return
    per = limit.per or per
    shares = _to_plan(desk, limit, limit.amount, per, path, _unit(desk, resource))
    if min(shares, default=Decimal(0)) < 0:
        return  # More is held back than there is, which is said already.
    taken = _taken(desk, resource)
    carry = limit.carry_over or ("free" if per == "horizon" else carry)
    if carry == "none" and limit.available == "at_once":
        desk.remark(
            (*path, "available"),
            "at_once has no effect where nothing is carried over; say carry_over: within_year or free.",
        )
    node = desk.root.find((*path, "amount"))
    for first, last, amount, label in _spans(desk, shares, carry, at_once=limit.available == "at_once"):
        left = amount - sum(taken[first : last + 1], Decimal(0))
        if left < 0:
            kept = any(part.org.upkeep for part in desk.parts)
            what = ("taken by commitments and upkeep", "them") if kept else ("already committed", "`committed`")
            message = (
                f"{resource} in {label}: {amount} is there and {amount - left} is {what[0]}; raise the limit or correct"
                f" {what[1]}"
            )
            desk.wrong(("committed",) if desk.root.find(("committed",)) else path, "SL307", message, key=True)
            return
        wrong = too_much(f"{resource} in {label} adds up to", left, "write less, or carry less over")
        if wrong:
            desk.wrong((*path, "amount"), "SL104", wrong)
            return
        windows.append(
            Window.model_validate(
                {"resource": resource, "from": first, "to": last, "limit": float(left), "label": label}
            )
        )
        origins.append(_origin(desk, node, (*path, "amount")))


def _to_plan(
    desk: Desk, limit: Limit, amount: float | dict[str, float], per: str, path: Path, unit: Decimal
) -> list[Decimal]:
    """What each period adds, without what is held back; names that are of no year or period are among the issues."""
    table = amount if isinstance(amount, dict) else {"default": amount}
    _check_labels(desk, table, per, (*path, "amount"))
    _check_all_there(desk, table, per, (*path, "amount"))
    _check_labels(desk, limit.reserve if isinstance(limit.reserve, dict) else {}, per, (*path, "reserve"))
    shares = _shares(desk, amount, per, unit)
    held = withheld(desk, limit, per, path, shares, unit)
    return [share - part for share, part in zip(shares, held, strict=True)]


def _origin(desk: Desk, node: Node | None, path: Path) -> Origin:
    return Origin.model_validate({"from": node.layer if node else "scenario", "at": str(desk.root.nearest(path))})


def _shares(desk: Desk, amount: float | dict[str, float], per: str, unit: Decimal) -> list[Decimal]:
    """What each period adds: an amount per year or horizon is spread evenly over its periods, in whole units, the
    remainder last.
    """
    calendar = desk.calendar
    table = amount if isinstance(amount, dict) else {"default": amount}
    amounts: list[Decimal] = []
    if per == "horizon":
        return spread(Decimal(repr(table.get("default", 0.0))), len(calendar.periods), unit)
    for year in calendar.years:
        span = range(year.from_, year.to + 1)
        of_year = next((table[name] for name in (year.label, year.label[:4], "default") if name in table), 0.0)
        if per == "year":
            amounts += spread(Decimal(repr(of_year)) * part_of_year(desk, span), len(span), unit)
        else:
            amounts += [Decimal(repr(table.get(calendar.periods[t].label, of_year))) for t in span]
    return amounts


def _check_labels(desk: Desk, table: Mapping[str, object], per: str, path: Path) -> None:
    """Names that are of no year or period, or twice of the same."""
    years = [name for year in desk.calendar.years for name in (year.label, year.label[:4])]
    periods = [period.label for period in desk.calendar.periods] if per == "period" else []
    known = {"default"} if per == "horizon" else {"default", *years, *periods}
    for name in table:
        if name not in known:
            desk.wrong((*path, name), "SL207", unknown("year" if per == "year" else "period", name, known), key=True)
    for year in desk.calendar.years if per != "horizon" else ():
        if year.label != year.label[:4] and {year.label, year.label[:4]} <= set(table):
            desk.wrong(
                (*path, year.label[:4]),
                "SL308",
                f"{year.label[:4]} and {year.label} are the same year; remove one of them",
                key=True,
            )


def _check_all_there(desk: Desk, table: Mapping[str, object], per: str, path: Path) -> None:
    """Years or periods of which nothing is said, and a default that none is left for."""
    if per == "horizon":
        return
    missing = [year.label for year in desk.calendar.years if not {year.label, year.label[:4]} & set(table)]
    missing = [] if per == "period" and {period.label for period in desk.calendar.periods} <= set(table) else missing
    if missing and "default" not in table:
        desk.wrong(path, "SL102", f"nothing is said for {', '.join(missing)}; add them, or `default`", key=True)
    elif "default" in table and not missing:
        desk.remark((*path, "default"), "it has no effect, because every year or period has an amount of its own.")


def _unit(desk: Desk, resource: str) -> Decimal:
    """The smallest part of a resource that is given out."""
    return smallest(desk.scenario.currency) if resource in MONEY else DAYS


def committed(desk: Desk) -> tuple[float, ...]:
    """Money that is promised already, by period, which the limits are without; empty where none is."""
    taken = _taken(desk, "money")
    return tuple(map(float, taken)) if any(taken) else ()


def _taken(desk: Desk, resource: str) -> list[Decimal]:
    """What is committed already, by period."""
    taken = [Decimal(0)] * len(desk.calendar.periods)
    for commitment in desk.scenario.committed.values():
        amount = _of(commitment, resource)
        span = desk.calendar.span(commitment.from_, commitment.to)
        if amount and span:
            parts = spread(Decimal(repr(amount)), len(span), _unit(desk, resource))
            for t, part in zip(span, parts, strict=True):
                taken[t] += part
    money, days = upkeep.yearly(desk)
    a_year = (Decimal(0) if resource == "money_once" else money) if resource in MONEY else days.get(resource)
    kept = by_year(desk, a_year, _unit(desk, resource)) if a_year else []
    return [part + more for part, more in zip(taken, kept, strict=True)] if kept else taken


def ongoing(desk: Desk) -> Ongoing:
    """What goes on costing whatever is planned: today's levels, and commitments of running cost without an end."""
    money, days = upkeep.yearly(desk)
    going = Decimal(0)
    for commitment in desk.scenario.committed.values():
        span = desk.calendar.span(commitment.from_, commitment.to)
        if span and commitment.kind == "running" and commitment.to is None:
            # So much a year as in its own time.
            years = sum((Decimal(repr(desk.calendar.periods[t].years)) for t in span), Decimal(0))
            going += (Decimal(repr(commitment.amount)) / years).quantize(smallest(desk.scenario.currency))
    return Ongoing(
        upkeep=float(money), committed=float(going), effort_per_year={team: float(days[team]) for team in sorted(days)}
    )


def reserved(desk: Desk) -> dict[str, tuple[float, ...]]:
    """What is held back of each limit by period; only of limits of which anything is."""
    budget, teams = desk.scenario.budget, desk.scenario.teams
    limits: dict[str, tuple[Limit | None, Path, str]] = {
        "money": (budget, ("budget",), "year"),
        "money_once": (budget.investment, ("budget", "investment"), "year"),
        "money_per_year": (budget.running, ("budget", "running"), "year"),
        **{team: (entry.capacity, ("teams", team, "capacity"), "period") for team, entry in teams.items()},
    }
    found = {}
    for resource, (limit, path, per) in limits.items():
        if limit is not None and limit.amount is not None and limit.reserve is not None:
            unit = _unit(desk, resource)
            shares = _shares(desk, limit.amount, limit.per or per, unit)
            found[resource] = tuple(map(float, withheld(desk, limit, limit.per or per, path, shares, unit)))
    return found


def _of(commitment: Commitment, resource: str) -> float:
    if resource == "money":
        return commitment.amount
    if resource in ("money_once", "money_per_year"):
        return commitment.amount if (resource == "money_once") == (commitment.kind == "investment") else 0.0
    return commitment.effort.get(resource, 0.0)


def check_commitments(desk: Desk) -> None:
    """Dates outside the horizon and unknown teams in ``committed``."""
    for name, commitment in desk.scenario.committed.items():
        path, first = ("committed", name), commitment.from_
        if desk.calendar.span(commitment.from_, commitment.to) is None:
            side = "from" if first is not None and desk.calendar.starting(first) is None else "to"
            desk.wrong((*path, side), "SL304", f"no period of the horizon ({horizon(desk)}) fits; correct the dates")
        elif first is not None and desk.calendar.early(first):
            message = (
                f"{first} is before the horizon ({horizon(desk)}); let it begin there, with the amount that is left of"
                " it then"
            )
            desk.wrong((*path, "from"), "SL304", message)
        else:
            for side, when in (("from", first), ("to", commitment.to)):
                desk.remark((*path, side), when and desk.calendar.moved(when, ends=side == "to"))
        for team in commitment.effort:
            if team not in desk.scenario.teams:
                desk.wrong(
                    ("committed", name, "effort", team),
                    "SL205",
                    unknown("team", team, set(desk.scenario.teams)),
                    key=True,
                )


def horizon(desk: Desk) -> str:
    """The horizon in words: first to last day."""
    return f"{desk.calendar.dates[0][0]} to {desk.calendar.dates[-1][1]}"


def _spans(desk: Desk, shares: list[Decimal], carry: str, *, at_once: bool) -> list[tuple[int, int, Decimal, str]]:
    """(first, last, amount, label) of every window."""
    labels = [period.label for period in desk.calendar.periods]
    if carry == "none":
        return [(t, t, share, labels[t]) for t, share in enumerate(shares)]
    spans: list[tuple[int, int, Decimal, str]] = []
    base = Decimal(0)
    for year in desk.calendar.years:
        amounts = shares[year.from_ : year.to + 1]
        first = 0 if carry == "free" else year.from_
        before = base if carry == "free" else Decimal(0)
        if at_once:
            spans.append(
                (
                    first,
                    year.to,
                    before + sum(amounts),
                    year.label if first == year.from_ else f"{labels[first]} to {labels[year.to]}",
                )
            )
        else:
            for t, total in zip(range(year.from_, year.to + 1), accumulate(amounts), strict=True):
                spans.append((first, t, before + total, labels[t] if first == t else f"{labels[first]} to {labels[t]}"))
        base += sum(amounts, Decimal(0))
    return spans
