"""The frame of a plan as a sheet says it: horizon, money, teams, dates that bind, and what can go wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stepladder.data.formats.problem import unknown
from stepladder.errors import Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Cell, Sheet, Value
from stepladder.exchange.intake.desk import A_YEAR, OPTIONS, Desk, Row, level_of, slug

# -- the frame ---------------------------------------------------------------------------------------------------------


class Frame:
    """The sheet with what holds for the whole plan."""

    def __init__(self, desk: Desk, sheet: Sheet | None, path: str, given: Mapping[str, Value]) -> None:
        self.desk, self.sheet, self.path = desk, sheet, path
        self.lines: dict[str, Cell] = {}
        names = {line.name.casefold(): line.name for line in layout.LINES}
        for row in sheet.rows if sheet else ():
            for k, cell in enumerate(row[:-1]):
                if cell.text.casefold() in names:
                    self.lines.setdefault(names[cell.text.casefold()], row[k + 1])
        for name, value in given.items():
            if name not in self.lines or self.lines[name].empty:
                self.lines[name] = Cell(Location(OPTIONS[name]), value)

    def _line(self, name: str) -> Cell | None:
        cell = self.lines.get(name)
        if cell is None or cell.empty:
            place = cell.at if cell is not None else Location(self.path)
            hint = next(line.hint for line in layout.LINES if line.name == name)
            where = f"in the sheet {layout.FRAME}, or give {OPTIONS[name]}"
            self.desk.issues.append(Issue(place, "SL102", f"{name!r} is missing; write it {where}: {hint}"))
            return None
        return cell

    def head(self) -> dict[str, Any]:
        """Title, currency and horizon."""
        title, currency = self.lines.get("Title"), self.lines.get("Currency")
        start, years = self.desk.day(self._line("First day")), self.desk.number(self._line("Years"))
        period = self.lines.get("Periods")
        kind = "quarter" if period is None or period.empty else self.desk.one_of(period, A_YEAR, "period")
        count = round((years or 1) * A_YEAR[kind or "quarter"])
        horizon = {"start": start, "periods": max(1, count), "period": kind}
        return {
            **({"title": title.text} if title is not None and not title.empty else {}),
            **({"currency": currency.text} if currency is not None and not currency.empty else {}),
            "horizon": horizon,
        }

    def budget(self) -> dict[str, Any]:
        """Money a year."""
        return {"amount": self.desk.number(self._line("Money a year")) or 0.0}

    def teams(self, rows: Mapping[str, Row]) -> dict[str, Any]:
        """The teams by id; where the frame names none, those of the assessment, without a limit."""
        teams: dict[str, Any] = {}
        for cells in self.sheet.table("Team", "Days a period") if self.sheet else ():
            name = cells["Team"]
            if name.empty or name.text == layout.TEAMS[0].hint:
                continue
            days = self.desk.number(cells["Days a period"])
            capacity = 1e6 if days is None else days
            teams[slug(name.text)] = {"title": name.text, "capacity": {"amount": capacity}}
        if not teams:
            named = {cell.text for row in rows.values() if (cell := row.get("Team")) is not None}
            teams = {slug(name): {"title": name, "capacity": {"amount": 1e6}} for name in sorted(named)}
        return teams

    def dates(self, rows: Mapping[str, Row]) -> dict[str, Any]:
        """Dates that bind."""
        dates: dict[str, Any] = {}
        for cells in self.sheet.table("What must be there", "By") if self.sheet else ():
            title = cells["What must be there"]
            if title.empty or title.text == layout.DATES[0].hint:
                continue
            row = rows.get(cells["Code"].text.casefold()) if "Code" in cells else None
            if row is None:
                self.desk.wrong(cells.get("Code", title), unknown("code", cells["Code"].text, set(rows)))
                continue
            day, name = self.desk.day(cells["By"]), slug(title.text)
            one = dates.setdefault(name, {"title": title.text, "by": day, "reach": {}, "reason": ""})
            if one["by"] != day:
                other = f"{title.text} is due on {one['by']} above; write the same day, or another name"
                self.desk.wrong(cells["By"], other)
            level = level_of(self.desk, row.scale, cells.get("Level"), row.target)
            one["reach"].setdefault(row.practice, {})[row.scale] = level
            why = cells.get("Why")
            one["reason"] = one["reason"] or (why.text if why is not None else "") or "As the sheet says."
        return dates


# -- losses ------------------------------------------------------------------------------------------------------------


def threats_of(desk: Desk, sheet: Sheet | None) -> dict[str, Any]:
    """What can go wrong, as far as it is known."""
    threats: dict[str, Any] = {}
    kinds = desk.index.catalogue.threats
    by_title = {kind.title.casefold(): name for name, kind in kinds.items()}
    for cells in sheet.table("Threat", "Kind") if sheet else ():
        title, kind = cells["Threat"], cells["Kind"]
        if title.empty or title.text == layout.THREATS[0].hint:
            continue
        name = by_title.get(kind.text.casefold(), kind.text)
        if name not in kinds:
            desk.wrong(kind, unknown("kind of threat", kind.text, kinds))
            continue
        times = desk.number(cells.get("Times a year"))
        low, likely, high = (desk.number(cells.get(heading)) for heading in ("Low", "Likely", "High"))
        if times is None or likely is None:
            missing = "Times a year" if times is None else "Likely"
            desk.wrong(cells.get(missing, title), f"{missing} is missing; without it nobody can say what is lost")
            continue
        loss = likely if low is None or high is None else {"low": low, "likely": likely, "high": high}
        source = cells.get("Source")
        threats[slug(title.text)] = {
            "title": title.text,
            "type": name,
            "events_per_year": times,
            "loss_per_event": loss,
            **({"source": source.text} if source is not None and not source.empty else {}),
        }
    return threats
