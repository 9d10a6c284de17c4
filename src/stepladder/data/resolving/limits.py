"""Budgets and capacities become windows: what is used in some periods is at most so much."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from itertools import accumulate

from stepladder.data.formats.base import too_much
from stepladder.data.formats.money import smallest
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import MONEY, Path, Window, unknown
from stepladder.data.formats.scenario import Commitment, Limit
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.parts import Desk

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
    if all(limit is None for _, limit, _ in money):
        desk.wrong(("budget",), "SL102", "no amount is given; add `amount`, `investment` or `running`", key=True)
    for resource, limit, path in money:
        if limit is not None:
            _add(desk, windows, origins, resource, limit, path, "year", "within_year")
    for team, entry in desk.scenario.teams.items():
        if team in MONEY:
            # Complained of among the costs.
            continue
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
    shares = _shares(desk, limit.amount, per, path, _unit(desk, resource))
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
            message = (
                f"{resource} in {label}: {amount} is there and {amount - left} is already committed; raise the limit or"
                " correct `committed`"
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


def _origin(desk: Desk, node: Node | None, path: Path) -> Origin:
    return Origin.model_validate({"from": node.layer if node else "scenario", "at": str(desk.root.nearest(path))})


def _shares(desk: Desk, amount: float | dict[str, float], per: str, path: Path, unit: Decimal) -> list[Decimal]:
    """What each period adds: an amount per year or horizon is spread evenly over its periods, in whole units, the
    remainder last.
    """
    calendar = desk.calendar
    table = amount if isinstance(amount, dict) else {"default": amount}
    _check_labels(desk, table, per, path)
    amounts: list[Decimal] = []
    if per == "horizon":
        return _spread(Decimal(repr(table.get("default", 0.0))), len(calendar.periods), unit)
    for year in calendar.years:
        span = range(year.from_, year.to + 1)
        of_year = next((table[name] for name in (year.label, year.label[:4], "default") if name in table), 0.0)
        if per == "year":
            part = sum((Decimal(repr(calendar.periods[t].years)) for t in span), Decimal(0))
            # Twelfths of a year do not add up to one exactly; a whole year is a whole year.
            part = part.quantize(Decimal("0.000001")) if part < Decimal("0.999999") else Decimal(1)
            amounts += _spread(Decimal(repr(of_year)) * part, len(span), unit)
        else:
            amounts += [Decimal(repr(table.get(calendar.periods[t].label, of_year))) for t in span]
    return amounts


def _check_labels(desk: Desk, table: dict[str, float], per: str, path: Path) -> None:
    years = [name for year in desk.calendar.years for name in (year.label, year.label[:4])]
    periods = [period.label for period in desk.calendar.periods] if per == "period" else []
    known = {"default"} if per == "horizon" else {"default", *years, *periods}
    for name in table:
        if name not in known:
            desk.wrong(
                (*path, "amount", name), "SL207", unknown("year" if per == "year" else "period", name, known), key=True
            )
    for year in desk.calendar.years if per != "horizon" else ():
        if year.label != year.label[:4] and {year.label, year.label[:4]} <= set(table):
            desk.wrong(
                (*path, "amount", year.label[:4]),
                "SL308",
                f"{year.label[:4]} and {year.label} are the same year; remove one of them",
                key=True,
            )
    if per == "horizon":
        return
    missing = [year.label for year in desk.calendar.years if not {year.label, year.label[:4]} & set(table)]
    missing = [] if per == "period" and {period.label for period in desk.calendar.periods} <= set(table) else missing
    if missing and "default" not in table:
        desk.wrong(
            (*path, "amount"), "SL102", f"nothing is said for {', '.join(missing)}; add them, or `default`", key=True
        )
    elif "default" in table and not missing:
        desk.remark(
            (*path, "amount", "default"), "it has no effect, because every year or period has an amount of its own."
        )


def _unit(desk: Desk, resource: str) -> Decimal:
    """The smallest part of a resource that is given out."""
    return smallest(desk.scenario.currency) if resource in MONEY else DAYS


def _spread(amount: Decimal, count: int, unit: Decimal) -> list[Decimal]:
    each = (amount / count).quantize(unit, ROUND_FLOOR)
    return [each] * (count - 1) + [amount.quantize(unit, ROUND_FLOOR) - each * (count - 1)]


def committed(desk: Desk) -> tuple[float, ...]:
    """Money that is promised already, by period, which the limits are without; empty where none is."""
    taken = _taken(desk, "money")
    return tuple(map(float, taken)) if any(taken) else ()


def _taken(desk: Desk, resource: str) -> list[Decimal]:
    """What is committed already, by period."""
    taken = [Decimal(0)] * len(desk.calendar.periods)
    for name, commitment in desk.scenario.committed.items():
        amount = _of(commitment, resource)
        span = _span(desk, name, commitment)
        if amount and span:
            parts = _spread(Decimal(repr(amount)), len(span), _unit(desk, resource))
            for t, part in zip(span, parts, strict=True):
                taken[t] += part
    return taken


def _of(commitment: Commitment, resource: str) -> float:
    if resource == "money":
        return commitment.amount
    if resource in ("money_once", "money_per_year"):
        return commitment.amount if (resource == "money_once") == (commitment.kind == "investment") else 0.0
    return commitment.effort.get(resource, 0.0)


def _span(desk: Desk, name: str, commitment: Commitment) -> range | None:
    first = 0 if commitment.from_ is None else desk.calendar.starting(commitment.from_)
    last = len(desk.calendar.periods) - 1 if commitment.to is None else desk.calendar.ending(commitment.to)
    return None if first is None or last is None or first > last else range(first, last + 1)


def check_commitments(desk: Desk) -> None:
    """Dates outside the horizon and unknown teams in ``committed``."""
    for name, commitment in desk.scenario.committed.items():
        path, first = ("committed", name), commitment.from_
        if _span(desk, name, commitment) is None:
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
