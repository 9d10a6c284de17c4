"""What is paid in each period of work of a step that says how its money falls over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from xlsxwriter.worksheet import Worksheet

from stepladder.data.formats.money import digits, ratio
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.workbook.frame import put_formula

#: The cell of a row in a column of this name.
Cell = Callable[[str], str]


def most(plan: Breakdown) -> int:
    """How many periods the longest of these steps has; 0 where there is none."""
    return max((len(item.spread) for item in plan.items), default=0)


def put_parts(
    sheet: Worksheet, at: Mapping[str, int], row: int, item: Item, cell: Cell, currency: str, look: object
) -> None:
    """Its share of the money in whole smallest units in each period, what is left over in the last that has a share;
    nothing where the periods are as many no more, as it then falls evenly.
    """
    long, once, many = cell("Periods"), cell("Once"), digits(currency)
    units, last = 10**many, max(k for k, share in enumerate(item.spread) if share)
    for k, share in enumerate(item.spread):
        top, below = ratio(share)
        part = f"INT(ROUND({once}*{units},0)*{top}/{below})/{units}"
        if k == last:
            others = [cell(f"part {j}") for j in range(len(item.spread)) if j != last]
            part = f"ROUND({'-'.join([once, *others])},{many})"
        words = f"IF({long}={len(item.spread)},{part},0)"
        put_formula(sheet, row, at[f"part {k}"], words, look, item.invested[k])


def unless_in_parts(cell: Cell, item: Item, formula: str) -> str:
    """A formula for what falls evenly."""
    return f"IF({cell('Periods')}={len(item.spread)},0,{formula})" if item.spread else formula


def of_period(plan: Breakdown, number: str) -> str:
    """What these steps take of a period, to be added to what falls evenly."""
    return "".join(f"+SUMIFS(step_part_{k},step_first,{number}-{k})" for k in range(most(plan)))
