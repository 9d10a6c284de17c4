"""Plans side by side, as text, as JSON and as CSV."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from stepladder.analysis.comparison import Compared, Comparison
from stepladder.data.objective import OBJECTIVES, POINTS
from stepladder.output.policies import held_facts, held_text
from stepladder.output.tables import csv_of
from stepladder.wording import numbers
from stepladder.wording.claims import without
from stepladder.wording.language import _
from stepladder.wording.numbers import bare, money
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean
from stepladder.wording.words import title

FORMAT = "stepladder-compare/1"
#: Columns that a figure and the space before it take, and what the names of the rows take.
WIDE, NAMES = 13, 26


def compare_text(comparison: Comparison, style: Style | None = None) -> str:
    """A table with a column for each plan, as many side by side as there is room for."""
    page = Page(style or Style())
    said = {
        "plans": numbers.count(len(comparison.columns), "plan"),
        "currency": comparison.currency or _("units"),
    }
    page.say(
        _("{plans} side by side, money in {currency}, worth in points.", **said)
        if comparison.points
        else _("{plans} side by side, money in {currency}.", **said),
        kind="bold",
    )
    page.blank()
    for letter, column in zip(_letters(len(comparison.columns)), comparison.columns, strict=True):
        page.say(_named(column), mark=f"{letter}  ", most=3)
    for name, proved in comparison.without:
        page.say(f"{clean(name)}: {without(proved=proved)}.", mark="–  ", most=3, kind="bad")
    room = max(1, (page.style.width - NAMES) // WIDE)
    for first in range(0, len(comparison.columns), room):
        page.blank()
        _block(page, comparison, range(first, min(first + room, len(comparison.columns))))
    if comparison.insured:
        page.heading(_("INSURANCE"))
        for letter, column in zip(_letters(len(comparison.columns)), comparison.columns, strict=True):
            page.say(f"{held_text(column.plan)}.", 2, mark=f"{letter}  ", most=4)
    for sentence in _against_practice(comparison):
        page.blank()
        page.say(sentence)
    return page.text()


def _letters(count: int) -> list[str]:
    """One or more letters for each plan: A to Z, then AA, AB and so on."""
    letters = []
    for k in range(count):
        name, left = "", k + 1
        while left:
            left, digit = divmod(left - 1, 26)
            name = chr(ord("A") + digit) + name
        letters.append(name)
    return letters


def _named(column: Compared) -> str:
    heading = title(column.plan.problem.title or "")
    name = clean(column.name) + (f" ({heading})" if heading and heading != clean(column.name) else "")
    if column.rule is None:
        return name
    return _("{name}, by the best rule of practice: {rule}", name=clean(column.name), rule=column.rule)


Cell = Callable[[Compared], str]


def _block(page: Page, comparison: Comparison, which: range) -> None:
    letters = _letters(len(comparison.columns))
    columns = [comparison.columns[k] for k in which]
    later: Cell = lambda c: bare(c.plan.afterwards, comparison.currency)  # noqa: E731 - as the others below
    lines: list[tuple[str, Cell]] = [
        (_("Steps planned"), lambda c: _part(len(c.plan.starts), len(c.plan.problem.steps))),
        (_("Money in the horizon"), lambda c: bare(c.plan.cost, comparison.currency)),
        (_("Money, present value"), lambda c: bare(c.plan.totals.spend_present_value, comparison.currency)),
        *([(_("Of it premiums"), _premiums)] if comparison.insured else ()),
        *([(_("Cost a year afterwards"), later)] if any(c.plan.problem.tells_afterwards for c in columns) else ()),
        *([(_("Worth, present value"), _worth)] if comparison.points else ()),
        *(_losses(comparison, columns) if comparison.losses else ()),
        (_("Target reached"), lambda c: _("no") if c.reached is None else _when(c, c.reached)),
        (_("Milestones met"), lambda c: _part(c.met, c.milestones) if c.milestones else "–"),
        *([(_("Achievements reached"), lambda c: f"{c.achieved:,}")] if comparison.achievements else ()),
        (
            _("Steps unlike {letter}", letter=letters[0]),
            lambda c: "–" if c is comparison.columns[0] else f"{c.moved:,}",
        ),
        (_("Gap to the bound"), lambda c: "–" if c.plan.objective.gap is None else numbers.gap(c.plan.objective.gap)),
    ]
    page.table(
        ["", *(letters[k] for k in which)],
        [[name, *(cell(column) for column in columns)] for name, cell in lines],
        "l" + "r" * len(columns),
        indent=0,
    )


def _part(count: int, of: int) -> str:
    return _("{count} of {all}", count=numbers.whole(count), all=numbers.whole(of))


def _losses(comparison: Comparison, columns: Sequence[Compared]) -> list[tuple[str, Cell]]:
    """The lines about losses."""
    currency = comparison.currency
    return [
        (_("Loss a year today"), lambda c: bare(c.today, currency)),
        *((_("Loss a year, {year}", year=label), _year_of(label, currency)) for label in _labels(columns)),
        (_("Loss a year, at the end"), lambda c: bare(c.plan.totals.tail_expected_loss_per_year, currency)),
        (_("Loss, present value"), lambda c: bare(c.plan.totals.loss_present_value, currency)),
    ]


def _premiums(column: Compared) -> str:
    return bare(column.premiums, column.plan.problem.currency)


def _worth(column: Compared) -> str:
    return bare(column.plan.totals.points_present_value, POINTS)


def _labels(columns: Sequence[Compared]) -> list[str]:
    """Years that any of them has, in order."""
    return list(dict.fromkeys(label for column in columns for label, _loss in column.loss_by_year))


def _year_of(label: str, currency: str) -> Cell:
    return lambda column: next((bare(loss, currency) for name, loss in column.loss_by_year if name == label), "–")


def _when(column: Compared, t: int) -> str:
    periods = column.plan.problem.periods
    return clean(periods[t].label) if t < len(periods) else _("at the end")


def _against_practice(comparison: Comparison) -> list[str]:
    """Of each optimised plan and the rule's plan after it: how much less it leaves, or costs."""
    lines = []
    letters = _letters(len(comparison.columns))
    for k, (one, other) in enumerate(zip(comparison.columns, comparison.columns[1:], strict=False)):
        if other.rule is None:
            continue
        mine, theirs = one.plan.objective.value, other.plan.objective.value
        objective = OBJECTIVES[one.plan.objective.name]
        pair = {"one": letters[k], "other": letters[k + 1]}
        if mine >= theirs:
            lines.append(_("Within the same limits {one} is as good as {other}.", **pair))
            continue
        better = _(objective.better).format(money(theirs - mine, objective.unit(comparison.currency)))
        lines.append(
            _(
                "Within the same limits {one} {better} than {other} (present value, {share}).",
                better=better,
                share=numbers.share((theirs - mine) / abs(theirs)),
                **pair,
            )
            if theirs
            else _("Within the same limits {one} {better} than {other} (present value).", better=better, **pair)
        )
    return lines


def compare_json(comparison: Comparison) -> str:
    """The same for programs, as ``stepladder-compare/1``."""
    missing = [{"name": name, "infeasible": proved} for name, proved in comparison.without]
    document = {
        "format": FORMAT,
        "currency": comparison.currency,
        "plans": [_facts(comparison, column) for column in comparison.columns],
        "without_plan": missing,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def compare_csv(comparison: Comparison) -> str:
    """One row for each plan; a column for each year that any of them has."""
    labels = _labels(comparison.columns)
    rows = []
    for column in comparison.columns:
        facts = _facts(comparison, column)
        years = facts.pop("loss_by_year")
        if "policies" in facts:
            facts["policies"] = "; ".join(f"{year}: {one['title']}" for year, one in facts["policies"].items())
        rows.append([*facts.values(), *(years.get(label) for label in labels)])
    return csv_of(
        [
            *(name for name in _facts(comparison, comparison.columns[0]) if name != "loss_by_year"),
            *(f"loss_{label}" for label in labels),
        ],
        rows,
    )


def _facts(comparison: Comparison, column: Compared) -> dict[str, Any]:
    plan, aim = column.plan, column.plan.objective
    return {
        "name": column.name,
        "title": plan.problem.title,
        "rule_of_practice": column.rule,
        "status": plan.status,
        "steps_planned": len(plan.starts),
        "steps": len(plan.problem.steps),
        "spend": plan.cost,
        "spend_present_value": plan.totals.spend_present_value,
        **({"premiums": column.premiums, "policies": held_facts(plan)} if comparison.insured else {}),
        "loss_today": column.today,
        "loss_at_the_end": plan.totals.tail_expected_loss_per_year,
        "loss_present_value": plan.totals.loss_present_value,
        **({"afterwards_per_year": plan.afterwards} if plan.problem.tells_afterwards else {}),
        **({"points_present_value": plan.totals.points_present_value} if comparison.points else {}),
        "target_reached": None if column.reached is None else _when(column, column.reached),
        "milestones_met": column.met,
        "milestones": column.milestones,
        **({"achievements_reached": column.achieved} if column.plan.problem.achievements else {}),
        "steps_moved": column.moved,
        "objective": aim.name,
        "value": aim.value,
        "bound": aim.bound,
        "gap": aim.gap,
        "loss_by_year": dict(column.loss_by_year),
    }
