"""The sheet *Money*: by period and year cost, what is promised beside it, limits, and what goes on."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import accumulate

from xlsxwriter.utility import xl_col_to_name

from stepladder.data.formats.problem import MONEY
from stepladder.exchange.items import OPEN
from stepladder.exchange.workbook import renewals
from stepladder.exchange.workbook.formulas import quoted
from stepladder.exchange.workbook.frame import Check, Frame, put_formula
from stepladder.exchange.workbook.grid import Grid
from stepladder.exchange.workbook.limits import put_limits
from stepladder.exchange.workbook.parts import of_period
from stepladder.wording.language import _, mark

SHEET = mark("Money")
_NAMES = {"money": mark("money"), "money_once": mark("investment"), "money_per_year": mark("running cost")}
#: Rows, by what stands first in them.
INVESTED, RUNNING, PLANNED = mark("Investment"), mark("Running cost"), mark("Money of the plan")
_OPEN_ONCE, _OPEN_RUNNING = mark("Investment of open steps"), mark("Running cost of open steps")
_DONE_ONCE, _DONE_RUNNING = mark("Investment, done, running or spent"), mark("Running cost, done, running or spent")
_PREMIUMS, IN_ALL = mark("Insurance premiums"), mark("In all")


def _is_open() -> str:
    """What formulas ask of a step that can still be decided."""
    return f"step_state,{quoted(_(OPEN))}"


def write(frame: Frame) -> tuple[tuple[Check, ...], dict[str, int], Grid]:
    """All of it; also the rows by what they are, and the columns, for those that show them again."""
    told = frame.plan.workings
    sheet = frame.sheet(SHEET)
    grid = Grid(frame, sheet)
    grid.head(f"{_(SHEET)}{frame.unit}", _("Check"), _("A year afterwards"))
    rows: dict[str, int] = {}
    row = 2
    for name, values, formula, strong in _spent(grid, rows):
        grid.put(row, _(name), values, formula, strong=strong)
        rows[name] = row
        row += 1
    _afterwards(grid, rows)
    row = _beside(grid, rows, row)
    checks: list[Check] = []
    row += 1
    for resource in MONEY[:3]:
        limits = [limit for limit in told.limits if limit.resource == resource]
        used, amounts = rows[_USED[resource]], _amounts(frame, resource)
        row, found = put_limits(grid, row, _(_NAMES[resource]), used, amounts, limits, days=False)
        checks += found
    limits = [limit for limit in told.limits if limit.resource == MONEY[3]]
    if limits:
        row = _later(grid, row, rows)
        used, amounts = rows["later"], _amounts(frame, MONEY[3])
        row, found = put_limits(grid, row, _("cost a year afterwards"), used, amounts, limits, days=False)
        checks += found
    grid.print_to(row, after=True)
    return tuple(checks), rows, grid


_USED = {"money": PLANNED, "money_once": INVESTED, "money_per_year": RUNNING}


def _amounts(frame: Frame, resource: str) -> list[float]:
    told, none = frame.plan.workings, (0.0,) * len(frame.plan.periods)
    parts = zip(told.open.get(resource, none), told.fixed.get(resource, none), strict=True)
    return [math.fsum(pair) for pair in parts]


Line = tuple[str, Sequence[float], Callable[[int], str] | None, bool]


def _spent(grid: Grid, rows: dict[str, int]) -> list[Line]:
    """Investment and running cost, of open steps as they are now, and of all else as it is."""
    frame = grid.frame
    told = frame.plan.workings
    number, cell = grid.number, grid.cell

    def invested(t: int) -> str:
        """Shares of the steps that are worked on, and the last shares of those that end."""
        at = number(t)
        evenly = f'SUMIFS(step_share,step_first,"<="&{at},step_last,">"&{at})+SUMIFS(step_last_share,step_last,{at})'
        return evenly + of_period(frame.plan, at)

    def running(t: int) -> str:
        """What is finished costs a year, times the length of the period."""
        by_year = f'SUMIFS(step_per_year,step_last,"<"&{number(t)},{_is_open()})*INDEX(period_years,{number(t)})'
        return by_year + renewals.of_period(frame.plan, number(t))

    def both(*names: str) -> Callable[[int], str]:
        """A sum of rows above."""
        return lambda t: "+".join(cell(rows[name], t) for name in names if name in rows)

    fixed_running = [
        math.fsum((all_, -premium)) for all_, premium in zip(told.fixed[MONEY[2]], told.premiums, strict=True)
    ]
    extra = {
        _DONE_ONCE: told.fixed[MONEY[1]],
        _DONE_RUNNING: fixed_running,
        _PREMIUMS: told.premiums,
    }
    kept = {name: values for name, values in extra.items() if any(abs(value) > 1e-9 for value in values)}
    lines: list[Line] = [(_OPEN_ONCE, told.open[MONEY[1]], invested, False)]
    lines.append((_OPEN_RUNNING, told.open[MONEY[2]], running, False))
    lines += [(name, values, None, False) for name, values in kept.items()]
    once, later = list(extra)[:1], list(extra)[1:]
    total = ((INVESTED, _OPEN_ONCE, once), (RUNNING, _OPEN_RUNNING, later))
    lines += [
        (name, _amounts(frame, resource), both(own, *others), True)
        for (name, own, others), resource in zip(total, MONEY[1:3], strict=True)
    ]
    lines.append((PLANNED, _amounts(frame, MONEY[0]), both(INVESTED, RUNNING), True))
    return lines


def _afterwards(grid: Grid, rows: dict[str, int]) -> None:
    """What goes on costing a year after the last period: steps, and the rest of what the plan keeps."""
    plan, sheet, looks = grid.frame.plan, grid.sheet, grid.frame.looks
    still = math.fsum(item.afterwards for item in plan.items if item.state == "open")
    own = plan.afterwards[0]
    within = '"<="&ROWS(period_names)'
    finished = f"SUMIFS(step_per_year,step_last,{within},{_is_open()}){renewals.of_year(plan, within)}"
    put_formula(sheet, rows[_OPEN_RUNNING], grid.after, finished, looks["year"], still)
    rest = math.fsum((own, -still))
    rest = 0.0 if abs(rest) < 1e-9 else rest
    for name in (RUNNING, PLANNED):
        cell = f"{xl_col_to_name(grid.after)}{rows[_OPEN_RUNNING] + 1}"
        put_formula(sheet, rows[name], grid.after, f"{cell}+{rest!r}", looks["year"], own)


def _beside(grid: Grid, rows: dict[str, int], row: int) -> int:
    """What is promised beside the plan, all together, and summed up."""
    plan = grid.frame.plan
    promised, spent = [period.promised for period in plan.periods], _amounts(grid.frame, MONEY[0])
    own, in_all = plan.afterwards
    if any(promised) or in_all > own:
        grid.put(row, _("Promised beside it, and today's levels"), promised)
        grid.sheet.write_number(row, grid.after, math.fsum((in_all, -own)), grid.frame.looks["year"])
        rows["promised"] = row
        parts = [math.fsum(pair) for pair in zip(spent, promised, strict=True)]
        at = rows[PLANNED]
        grid.put(row + 1, _(IN_ALL), parts, lambda t: f"{grid.cell(at, t)}+{grid.cell(row, t)}", strong=True)
        after = xl_col_to_name(grid.after)
        put_formula(
            grid.sheet, row + 1, grid.after, f"{after}{at + 1}+{after}{row + 1}", grid.frame.looks["year"], in_all
        )
        rows[IN_ALL] = row + 1
        row += 2
    at, sums = rows[PLANNED], list(accumulate(spent))
    grid.put(
        row,
        _("Money of the plan so far"),
        sums,
        lambda t: f"{grid.cell(at, t)}" + (f"+{grid.cell(row, t - 1)}" if t else ""),
        last=True,
    )
    return row + 1


def _later(grid: Grid, row: int, rows: dict[str, int]) -> int:
    """By period what the steps that finish in it go on costing a year, for limits on that."""
    told = grid.frame.plan.workings
    amounts = _amounts(grid.frame, MONEY[3])
    fixed = told.fixed[MONEY[3]]
    grid.put(
        row,
        _("Cost a year from then on"),
        amounts,
        lambda t: (
            f"SUMIFS(step_per_year,step_last,{grid.number(t)},{_is_open()})"
            f"{renewals.of_year(grid.frame.plan, grid.number(t))}+{fixed[t]!r}"
        ),
    )
    rows["later"] = row
    return row + 1
