"""The columns of the sheet *Roadmap*: where each stands, what stands above it, and how wide it is. Programs find them
by their English titles, in a file that is written without a locale.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from stepladder.exchange.items import Breakdown
from stepladder.exchange.workbook.parts import most
from stepladder.exchange.workbook.renewals import columns_of, title_of
from stepladder.exchange.xlsx_sheet import wide
from stepladder.wording.language import _, mark

#: What the sheet is called.
SHEET = mark("Roadmap")
_WIDTHS = {"Id": 13, "Step": 40, "State": 9, "From": 10, "Periods": 8, "To": 11, "Check": 30, "Milestones": 14}
_MORE = {"Phase": 9, "Owner": 18, "Start": 11, "Finish": 11, "Needs": 16, "Why": 100, mark("Done on"): 11}
_MORE |= {mark("External id"): 40}
#: Columns of money.
MONEY = (mark("Once"), mark("Per year"), mark("Spent"))
#: Columns before those of the teams, after them, and those that only formulas look at.
_FIRST = (
    mark("Id"),
    mark("Step"),
    mark("System"),
    mark("State"),
    mark("From"),
    mark("Periods"),
    mark("To"),
    *MONEY[:2],
)
_AFTER = [mark("Check"), mark("Milestones"), mark("Phase"), mark("Owner"), mark("Start"), mark("Finish")]
_AFTER += [mark("Needs"), mark("Why"), "Done on", MONEY[2], "External id"]
_HIDDEN = ("First", "Last", mark("Not before"), mark("Not after"), mark("As planned"), "Share", mark("Last share"))
#: What stands above a column of the teams, and above one that is called otherwise.
_TEAMS = {
    "days": mark("{team}, days"),
    "days a year": mark("{team}, days a year"),
    "share": mark("{team}, days a period"),
}
_CALLED = {"First": mark("No. of from"), "Last": mark("No. of to"), "Share": mark("Share a period")}


@dataclass(frozen=True)
class Columns:
    """Where each column of the sheet stands, by its name."""

    plan: Breakdown

    @cached_property
    def at(self) -> dict[str, int]:
        """Number of each column by its name; those of a team have the team's number in it."""
        names = [*_FIRST, *(f"days {k}" for k in range(len(self.plan.teams)))]
        names += [mark("Person-days"), *(f"days a year {k}" for k in self.running)]
        names += [*_AFTER, *_HIDDEN, *(f"share {k}" for k in range(len(self.plan.teams)))]
        names += [*(f"part {k}" for k in range(most(self.plan))), *columns_of(self.plan)]
        return {name: column for column, name in enumerate(names)}

    @cached_property
    def running(self) -> tuple[int, ...]:
        """Numbers of the teams that some step goes on taking days of."""
        return tuple(
            k
            for k, team in enumerate(self.plan.teams)
            if any(item.effort_per_year.get(team) for item in self.plan.items)
        )

    def title(self, name: str) -> str:
        """What stands above a column."""
        kind, _space, number = name.rpartition(" ")
        if name in MONEY:
            return f"{_(name)} ({self.plan.currency})" if self.plan.currency else _(name)
        if name in columns_of(self.plan):
            return title_of(self.plan, name)
        if kind in _TEAMS:
            return _(_TEAMS[kind], team=tuple(self.plan.teams.values())[int(number)])
        if kind == "part":
            return _("Paid in period {number} of work", number=int(number) + 1)
        return _(_CALLED.get(name, name))

    def width(self, name: str) -> float:
        """How wide a column is, in characters."""
        if name == "System":
            return 16 if any(item.system for item in self.plan.items) else 8
        width = {**_WIDTHS, **_MORE}.get(name, 13 if name in MONEY else 10)
        # A team's name is broken where it is long.
        return width if name.rpartition(" ")[0] in _TEAMS else wide(self.title(name), width)

    def cell(self, name: str, row: int) -> str:
        """A cell of a row, its column fixed."""
        return str(xl_rowcol_to_cell(row, self.at[name], col_abs=True))

    def over(self, name: str, rows: int) -> str:
        """All cells of a column, for a name."""
        letter = xl_col_to_name(self.at[name])
        return f"${letter}$2:${letter}${rows + 1}"
