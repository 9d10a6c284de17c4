"""Money against remaining loss, as text, as JSON and as CSV."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stepladder.analysis.curves import Curve, Frontier, Point, worth
from stepladder.data.objective import objective_of
from stepladder.output.tables import csv_of, frame
from stepladder.wording import claims, numbers
from stepladder.wording.language import _
from stepladder.wording.numbers import bare, money
from stepladder.wording.page import Page, Style
from stepladder.wording.words import title

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "stepladder-frontier/1"
#: What more money is counted in.
MORE = 10_000
BAR = 16


def frontier_text(frontier: Frontier, style: Style | None = None) -> str:
    """A table for each curve, and what is proved about more money."""
    page = Page(style or Style())
    currency, points = frontier.problem.currency, objective_of(frontier.problem).points
    name = title(frontier.problem.title or _("The question"))
    heading = (
        _("{name}: money against points", name=name) if points else _("{name}: money against remaining loss", name=name)
    )
    page.say(heading, kind="bold", most=2)
    page.say(
        _(
            "Money is what the limits allow over the horizon; points are those of the planned steps, present value."
            " Each line is a verified plan, optimal to its gap."
        )
        if points
        else _(
            "Money is what the limits allow over the horizon; loss is expected loss, present value. Each line is a"
            " verified plan, optimal to its gap."
        )
    )
    for curve in frontier.curves:
        if curve.appetite is not None:
            page.heading(_("WITH AN APPETITE OF {money} A YEAR", money=money(curve.appetite, currency)))
        elif len(frontier.curves) > 1:
            page.heading(_("AS THE QUESTION HAS IT"))
        page.blank()
        _curve(page, frontier, curve)
        page.blank()
        if curve.plans and points:
            page.say(claims.NO_PRICE)
        elif curve.plans:
            page.say(claims.pays(worth(curve), curve.plans[-1][0], currency))
        else:
            page.say(claims.no_budget(proved=all(point.infeasible for point in curve.points)))
        if curve.least is not None:
            page.say(claims.least_budget(*curve.least, currency))
    page.blank()
    page.say(claims.target(frontier.target, currency))
    return page.text()


def _curve(page: Page, frontier: Frontier, curve: Curve) -> None:
    currency, objective = frontier.problem.currency, objective_of(frontier.problem)
    most = max((objective.shown(plan.objective.value) for _money, plan in curve.plans), default=0.0)
    rows = []
    for before, point in zip((None, *curve.points), curve.points, strict=False):
        if point.plan is None:
            rows.append(
                [bare(point.money, currency), _("no plan") if point.infeasible else _("not found"), "", "", "", "", ""]
            )
            continue
        aim = point.plan.objective
        gap = numbers.gap(aim.gap) if aim.gap is not None else "–"
        steps = f"{len(point.plan.starts):,}"
        value, unit = objective.shown(aim.value), objective.unit(currency)
        figures = [bare(amount, currency) for amount in (point.money, point.plan.totals.spend)]
        rows.append(
            [*figures, bare(value, unit), _slope(before, point, unit), steps, gap, numbers.bar(value, most, BAR)]
        )
    brought = _("points") if objective.points else _("loss left")
    counted = _("money, {currency}", currency=currency) if currency else _("money")
    head = [counted, _("spent"), brought, _("per {money}", money=numbers.whole(MORE)), _("steps"), _("gap"), ""]
    page.table(head, rows, "rrrrrrl", give=6, indent=0)


def _slope(before: Point | None, point: Point, unit: str) -> str:
    """What each 10,000 more than at the point before takes off, or adds in points."""
    if before is None or before.plan is None or point.plan is None:
        return ""
    return bare((before.plan.objective.value - point.plan.objective.value) / (point.money - before.money) * MORE, unit)


def frontier_json(frontier: Frontier) -> str:
    """The same for programs, as ``stepladder-frontier/1``."""
    document = {
        "format": FORMAT,
        "title": frontier.problem.title,
        "currency": frontier.problem.currency,
        **({"objective": frontier.problem.objective} if objective_of(frontier.problem).points else {}),
        "own_money": frontier.own,
        "target_affordable_from": frontier.target.affordable,
        "target_out_of_reach": frontier.target.out_of_reach,
        "target_decided": frontier.target.decided,
        "curves": [
            {
                "appetite": curve.appetite,
                **vars(worth(curve)),
                "least": curve.least,
                "points": [_facts(frontier, point) for point in curve.points],
            }
            for curve in frontier.curves
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _facts(frontier: Frontier, point: Point) -> dict[str, Any]:
    plan = point.plan
    worth = {"worth": plan.totals.points_present_value if plan else None}
    return {
        "money": point.money,
        "infeasible": point.infeasible,
        "spend": plan.totals.spend if plan else None,
        "value": plan.objective.value if plan else None,
        "bound": plan.objective.bound if plan else None,
        "gap": plan.objective.gap if plan else None,
        **(worth if objective_of(frontier.problem).points else {}),
        "loss_at_the_end": plan.totals.tail_expected_loss_per_year if plan else None,
        "steps_planned": len(plan.starts) if plan else None,
        "starts": plan.starts if plan else None,
    }


def frontier_csv(frontier: Frontier) -> str:
    """One row for each point."""
    return csv_of(*_rows(frontier))


def frontier_frame(frontier: Frontier) -> pd.DataFrame:
    """The same as a table."""
    return frame(*_rows(frontier))


def _rows(frontier: Frontier) -> tuple[list[str], list[list[Any]]]:
    names = [name for name in _facts(frontier, frontier.curves[0].points[0]) if name != "starts"]
    return ["appetite", *names], [
        [curve.appetite, *(_facts(frontier, point)[name] for name in names)]
        for curve in frontier.curves
        for point in curve.points
    ]
