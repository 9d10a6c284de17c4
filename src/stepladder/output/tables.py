"""A plan as tables, for spreadsheets and notebooks. The only home of pandas."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from stepladder.analysis.roadmap import Roadmap, read
from stepladder.analysis.steps import removals, today
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.spread import shown
from stepladder.data.objective import objective_of
from stepladder.wording.text import clean

if TYPE_CHECKING:
    import pandas as pd

    Frame = pd.DataFrame

#: What a spreadsheet would take for a formula.
_FORMULA = ("=", "+", "-", "@")


def table(plan: Plan, name: str) -> pd.DataFrame:
    """One of the tables of a verified plan.

    Parameters
    ----------
    plan
        The plan.
    name
        ``steps`` (planned or not), ``periods``, ``windows`` or ``threats``.
    """
    return frame(*TABLES[name](read(plan)))


def frame(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Any table, each column of the type that fits what stands there."""
    import pandas as pd

    return pd.DataFrame(rows, columns=list(columns)).convert_dtypes()


def csv(plan: Plan, name: str) -> str:
    """The same as CSV."""
    return _csv(table(plan, name))


def csv_of(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Any table as CSV."""
    return _csv(frame(columns, rows))


def _csv(data: pd.DataFrame) -> str:
    """A text that a spreadsheet would take for a formula begins with an apostrophe."""
    frame = data.astype(object)
    safe = frame.map(lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell)
    safe.columns = [f"'{column}" if column.startswith(_FORMULA) else column for column in safe.columns]
    return str(safe.to_csv(index=False, lineterminator="\n"))


TableRows = tuple[list[str], list[list[Any]]]


def _steps(road: Roadmap) -> TableRows:
    """Every step in the order of the problem."""
    plan = road.plan
    columns = ["step", "title", "system", "owner", "planned", "state", "start", "finish", "start_period"]
    spread = any(step.spread for step in plan.problem.steps)
    columns += ["finish_period", "start_date", "finish_date", "once", *(["spread"] if spread else []), "per_year"]
    running = [team for team in road.teams if any(team in step.effort_per_year for step in plan.problem.steps)]
    columns += [*(f"effort_{team}" for team in road.teams), *(f"effort_per_year_{team}" for team in running)]
    renewed = any(step.renew for step in plan.problem.steps)
    columns += [*(["renewals"] if renewed else []), "removes_per_year"]
    counts = objective_of(plan.problem).points
    columns += ["points_per_year"] * counts
    columns += ["unlocks", "milestones", "reason", "detail"]
    rows, removes = [], removals(plan.problem, today(plan))
    for step in plan.problem.steps:
        facts, left = road.steps.get(step.id), plan.not_planned.get(step.id)
        entry = plan.context.steps.get(step.id) if plan.context else None
        row: list[Any] = [
            step.id,
            clean(step.title) or step.id,
            facts.system if facts else None,
            entry.owner if entry else None,
            facts is not None,
        ]
        row.append(plan.state(step.id))
        if facts:
            first, last = plan.problem.periods[facts.start], plan.problem.periods[facts.finish]
            row += [facts.start, facts.finish, first.label, last.label, _date(first.start), _date(last.end)]
        else:
            row += [None] * 6
        row += [facts.once if facts else step.once, *([shown(step.spread) or None] if spread else []), step.per_year]
        row += [step.effort.get(team, 0.0) for team in road.teams]
        row += [step.effort_per_year.get(team, 0.0) for team in running]
        again = clean(step.renew.said(plan.problem.currency)) if step.renew else None
        row += [again] if renewed else []
        row += [_round(math.fsum(removal.per_year for removal in removes[step.id]))]
        row += [step.points_per_year] * counts
        row += (
            [len(facts.unlocks), "; ".join(clean(milestone.title) for milestone in facts.milestones)]
            if facts
            else [None, None]
        )
        rows.append([*row, left.reason if left else None, clean(plan.left_out(step.id)) if left else None])
    return columns, rows


def _periods(road: Roadmap) -> TableRows:
    """Every period: money, its parts, person-days, expected loss, and money promised before where there is any."""
    plan = road.plan
    columns = [
        "period",
        "label",
        "start_date",
        "end_date",
        "spend",
        "investment",
        "running",
        *(f"effort_{team}" for team in road.teams),
    ]
    columns += ["expected_loss_per_year"]
    promised = plan.context.committed if plan.context and any(plan.context.committed) else ()
    columns += ["promised"] * bool(promised)
    rows: list[list[Any]] = []
    for t, period in enumerate(plan.problem.periods):
        money = [road.used[name][t] for name in ("money", "money_once", "money_per_year")]
        teams = [road.used[team][t] for team in road.teams]
        rows.append(
            [
                t,
                period.label,
                _date(period.start),
                _date(period.end),
                *money,
                *teams,
                _round(plan.periods[t].expected_loss_per_year),
                *promised[t : t + 1],
            ]
        )
    return columns, rows


def _windows(road: Roadmap) -> TableRows:
    """Every limit with what it holds."""
    columns = ["resource", "label", "from", "to", "limit", "used", "room"]
    rows: list[list[Any]] = []
    for use in road.windows:
        window = use.window
        rows.append([window.resource, window.label, window.from_, window.to, window.limit, use.used, _round(use.room)])
    return columns, rows


def _threats(road: Roadmap) -> TableRows:
    """Every threat: expected loss per year today, in each period, and after the horizon."""
    labels = [f"{t} {period.label}" for t, period in enumerate(road.plan.problem.periods)]
    columns = ["threat", "title", "today", *labels, "after"]
    rows: list[list[Any]] = [
        [
            threat.id,
            clean(threat.title) or threat.id,
            _round(road.today_by_threat[threat.id]),
            *map(_round, road.losses[threat.id]),
        ]
        for threat in road.plan.problem.threats
    ]
    return columns, rows


def _round(figure: float) -> float:
    """Without the dust of binary fractions."""
    return round(figure, 6)


def _date(date: object) -> str | None:
    return None if date is None else str(date)


TABLES: dict[str, Callable[[Roadmap], TableRows]] = {
    "steps": _steps,
    "periods": _periods,
    "windows": _windows,
    "threats": _threats,
}
