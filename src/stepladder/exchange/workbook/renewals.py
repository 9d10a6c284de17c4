"""What comes again after steps that are open: when, and what of it falls into each period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.workbook.frame import put_formula
from stepladder.wording.language import _, mark

_TITLES = {
    "again since": mark("Counted from no."),
    "again every": mark("Again every, periods"),
    "again once": mark("Again, money"),
    "again a year": mark("Again, money a year"),
}
#: Far beyond every period: from where nothing comes again.
_NEVER = 10**6


def some(plan: Breakdown) -> bool:
    """Whether anything comes again."""
    return any(item.renew for item in plan.items)


def _teams(plan: Breakdown) -> Iterator[tuple[int, str]]:
    """The teams that it takes days of, by number."""
    for k, team in enumerate(plan.teams):
        if any(item.renew and item.renew.effort.get(team) for item in plan.items):
            yield k, team


def columns_of(plan: Breakdown) -> list[str]:
    """Names of the columns that it takes; none where nothing comes again."""
    return [*_TITLES, *(f"again days {k}" for k, _team in _teams(plan))] if some(plan) else []


def title_of(plan: Breakdown, name: str) -> str:
    """What stands above one of them."""
    if name in _TITLES:
        return _(_TITLES[name])
    return _("{team}, days again", team=tuple(plan.teams.values())[int(name.rpartition(" ")[2])])


def names_of(plan: Breakdown) -> dict[str, str]:
    """What formulas call these columns."""
    return {f"step_{name.replace(' ', '_')}": name for name in columns_of(plan)}


def put_again(
    plan: Breakdown, sheet: Worksheet, at: Mapping[str, int], row: int, item: Item, last: str, look: object
) -> None:
    """Fill them for an item; of what is not open nothing is counted here."""
    if not some(plan):
        return
    renew = item.renew
    since = f"IF(ISNUMBER({last}),{last},{_NEVER})" if renew else str(_NEVER)
    put_formula(sheet, row, at["again since"], since, look, item.last + 1 if renew else _NEVER)
    sheet.write_number(row, at["again every"], renew.every if renew else 1, look)
    sheet.write_number(row, at["again once"], renew.once if renew else 0.0, look)
    sheet.write_number(row, at["again a year"], float(renew.money_a_year) if renew else 0.0, look)
    for k, team in _teams(plan):
        sheet.write_number(row, at[f"again days {k}"], renew.effort.get(team, 0.0) if renew else 0.0, look)


def of_period(plan: Breakdown, number: str, what: str = "once") -> str:
    """What comes again in a period, money or days of a team, to be added to what is used by the year."""
    if f"again {what}" not in columns_of(plan):
        return ""
    due = f"(step_again_since<{number})*(MOD({number}-step_again_since,step_again_every)=0)"
    return f"+SUMPRODUCT({due}*step_again_{what.replace(' ', '_')})"


def of_year(plan: Breakdown, criterion: str) -> str:
    """What it comes to a year on average, of the steps whose last period meets a criterion."""
    return f"+SUMIFS(step_again_a_year,step_last,{criterion})" if some(plan) else ""
