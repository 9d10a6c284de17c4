"""The columns of the sheet *Roadmap*."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from stepladder.exchange.items import Breakdown
from stepladder.exchange.workbook.parts import most
from stepladder.exchange.workbook.renewals import columns_of, title_of

SHEET = "Roadmap"
_WIDTHS = {"Id": 13, "Step": 40, "State": 9, "From": 10, "Periods": 8, "To": 11, "Check": 30, "Milestones": 14}
_MORE = {"Phase": 9, "Owner": 18, "Start": 11, "Finish": 11, "Needs": 16, "Why": 100, "Done on": 11, "External id": 40}


@dataclass(frozen=True)
class Columns:
    """Where each column of the sheet stands, by its name."""

    plan: Breakdown

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """By name of a column what stands above it, in order."""
        return tuple(self.at)

    @cached_property
    def at(self) -> dict[str, int]:
        """Number of each column by its name; those of a team have the team's number in it."""
        names = ["Id", "Step", "System", "State", "From", "Periods", "To", "Once", "Per year"]
        names += [f"days {k}" for k in range(len(self.plan.teams))]
        names += ["Person-days", *(f"days a year {k}" for k in self.running)]
        names += ["Check", "Milestones", "Phase", "Owner", "Start", "Finish", "Needs", "Why", "Done on", "Spent"]
        names += ["External id", "First", "Last", "Not before", "Not after", "As planned", "Share", "Last share"]
        names += [f"days share {k}" for k in range(len(self.plan.teams))]
        names += [f"part {k}" for k in range(most(self.plan))]
        names += columns_of(self.plan)
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
        kind, _, number = name.rpartition(" ")
        unit = f" ({self.plan.currency})" if self.plan.currency else ""
        if name in ("Once", "Per year", "Spent"):
            return f"{name}{unit}"
        if kind in ("days", "days a year", "days share"):
            team = tuple(self.plan.teams.values())[int(number)]
            return {"days": f"{team}, days", "days a year": f"{team}, days a year"}.get(kind, f"{team}, days a period")
        if name in columns_of(self.plan):
            return title_of(self.plan, name)
        if kind == "part":
            return f"Paid in period {int(number) + 1} of work"
        return {"First": "No. of from", "Last": "No. of to", "Share": "Share a period"}.get(name, name)

    def width(self, name: str) -> float:
        """How wide a column is, in characters."""
        if name == "System":
            return 16 if any(item.system for item in self.plan.items) else 8
        return {**_WIDTHS, **_MORE}.get(name, 13 if name in ("Once", "Per year", "Spent") else 10)

    def cell(self, name: str, row: int) -> str:
        """A cell of a row, its column fixed."""
        return str(xl_rowcol_to_cell(row, self.at[name], col_abs=True))

    def over(self, name: str, rows: int) -> str:
        """All cells of a column, for a name."""
        letter = xl_col_to_name(self.at[name])
        return f"{SHEET}!${letter}$2:${letter}${rows + 1}"
