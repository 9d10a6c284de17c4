"""The frame of a plan as a sheet says it: horizon, money, teams, dates that bind, and what can go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.errors import Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Cell, Sheet, Value
from stepladder.exchange.intake.desk import A_YEAR, OPTIONS, YEARS, Desk, Row, Tree, level_of, slug
from stepladder.exchange.intake.left import label

# -- the frame ---------------------------------------------------------------------------------------------------------


TEAMS, DATES = ([field.name for field in fields] for fields in (layout.TEAMS, layout.DATES))
THREATS = [*(field.name for field in layout.THREATS), layout.SYSTEM.name]


class Frame:
    """The sheet with what holds for the whole plan."""

    def __init__(self, desk: Desk, sheet: Sheet | None, path: str, given: Mapping[str, Value]) -> None:
        self.desk, self.sheet, self.path = desk, sheet, path
        self.unlimited = False
        self.lines: dict[str, Cell] = {}
        names = {line.name.casefold(): line.name for line in layout.LINES}
        for row in sheet.rows if sheet else ():
            for k, cell in enumerate(row[:-1]):
                name = names.get(label(cell))
                if name in self.lines and not row[k + 1].empty and row[k + 1] is not self.lines[name]:
                    desk.wrong(cell, "the line stands above already; remove one of the two")
                elif name is not None:
                    self.lines[name] = row[k + 1]
        desk.look(self.lines.values())
        for name, value in given.items():
            if name not in self.lines or self.lines[name].empty:
                self.lines[name] = Cell(Location(OPTIONS[name]), value)

    def must_be_whole(self) -> None:
        """What every plan needs is there, here or beside the file, or is what it usually is; that is said."""
        if self._line("First day") is None:
            cell = self.lines.get("First day")
            place = cell.at if cell is not None else Location(self.path)
            where = f"in the sheet {layout.FRAME}, or give {OPTIONS['First day']}, such as 2027-01-01"
            self.desk.issues.append(Issue(place, "SL102", f"'First day' is missing; write it {where}"))
        if self._line("Years") is None:
            self.lines["Years"] = Cell(Location(OPTIONS["Years"]), YEARS)
            self.desk.notes.append(
                f"{YEARS:g} years are planned (another number: Years in {layout.FRAME}, or --years)."
            )
        if self._line("Money a year") is None:
            self.unlimited = True
            self.desk.notes.append(f"Money has no limit (one: Money a year in {layout.FRAME}, or --money).")

    def _line(self, name: str) -> Cell | None:
        """A line in which something stands."""
        cell = self.lines.get(name)
        return None if cell is None or cell.empty else cell

    def head(self, tree: Tree) -> None:
        """Title, currency and horizon, as far as they are there; a file without a title has its name for one."""
        title, currency = self._line("Title"), self._line("Currency")
        first, years, period = self._line("First day"), self._line("Years"), self._line("Periods")
        start, count = self.desk.day(first), self.desk.number(years)
        kind = "quarter" if period is None else self.desk.one_of(period, A_YEAR, "period")
        if title is None:
            tree.put(("title",), PurePath(self.path).stem, tree.root.at)
        for key, cell in (("title", title), ("currency", currency)):
            if cell is not None:
                tree.put((key,), cell.text, cell.at)
        if first is not None and years is not None and start and count:
            tree.put(("horizon", "start"), start, first.at)
            tree.put(("horizon", "periods"), max(1, round(count * A_YEAR[kind or "quarter"])), years.at)
            tree.put(("horizon", "period"), kind, years.at if period is None else period.at)

    def budget(self, tree: Tree) -> None:
        """Money a year, where it is said."""
        if self.unlimited:
            tree.put(("budget",), {"unlimited": True}, tree.root.at)
        cell = self._line("Money a year")
        amount = self.desk.number(cell)
        if cell is not None and amount is not None:
            tree.put(("budget",), {"amount": amount}, cell.at)

    def teams(self, rows: Iterable[Row], others: Mapping[str, str]) -> dict[str, Any]:
        """The teams by id; where the frame names none, those of the assessment that nobody else has named, without a
        limit.
        """
        teams: dict[str, Any] = {}
        for cells in self.desk.rows(self.sheet, TEAMS, (DATES,)):
            name = cells["Team"]
            if name.text == layout.TEAMS[0].hint:
                continue
            if slug(name.text) in teams:
                self.desk.wrong(name, "stands above already; remove one of the two rows")
            days = self.desk.number(cells["Days a period"])
            teams[slug(name.text)] = {"title": name.text, **({} if days is None else {"capacity": {"amount": days}})}
        if not teams and not others:
            named = {cell.text for row in rows if (cell := row.get("Team")) is not None}
            teams = {slug(name): {"title": name} for name in sorted(named)}
        return teams

    def dates(self, rows: Mapping[tuple[str, str], Row]) -> dict[str, tuple[dict[str, Any], Location]]:
        """Dates that bind, each with its cell."""
        dates: dict[str, tuple[dict[str, Any], Location]] = {}
        by_code = {code: row for (_, code), row in rows.items()}
        for cells in self.desk.rows(self.sheet, DATES, (TEAMS,)):
            title = cells["What must be there"]
            if title.text == layout.DATES[0].hint:
                continue
            row = by_code.get(cells["Code"].text.casefold()) if "Code" in cells else None
            if row is None:
                self.desk.wrong(cells.get("Code", title), unknown("code", cells["Code"].text, set(by_code)))
                continue
            day, name = self.desk.day(cells["By"]), slug(title.text)
            one, _ = dates.setdefault(
                name, ({"title": title.text, "by": day, "reach": {}, "reason": ""}, cells["By"].at)
            )
            if one["by"] != day:
                other = f"{title.text} is due on {one['by']} above; write the same day, or another name"
                self.desk.wrong(cells["By"], other)
            level = level_of(self.desk, row.scale, cells.get("Level"), row.target)
            one["reach"].setdefault(row.practice, {})[row.scale] = level
            why = cells.get("Why")
            one["reason"] = one["reason"] or (why.text if why is not None else "") or "As the sheet says."
        return dates


# -- losses ------------------------------------------------------------------------------------------------------------


def threats_of(desk: Desk, sheet: Sheet | None) -> dict[str, dict[str, tuple[dict[str, Any], Location]]]:
    """What can go wrong, as far as it is known: by system (of all under no name), each with its cell."""
    threats: dict[str, dict[str, tuple[dict[str, Any], Location]]] = {}
    kinds = desk.index.catalogue.threats
    by_title = {kind.title.casefold(): name for name, kind in kinds.items()}
    for cells in desk.rows(sheet, THREATS, ()):
        title, kind = cells["Threat"], cells["Kind"]
        if title.text == layout.THREATS[0].hint:
            continue
        name = by_title.get(kind.text.casefold(), kind.text)
        if name not in kinds:
            desk.wrong(kind, unknown("kind of threat", kind.text, kinds))
            continue
        times = desk.number(cells.get("Times a year"))
        low, likely, high = (desk.number(cells.get(heading)) for heading in ("Low", "Likely", "High"))
        if (low is None) != (high is None):
            missing = "Low" if low is None else "High"
            desk.wrong(cells.get(missing, title), f"{missing} is missing; write both ends, or neither")
            continue
        if times is None or likely is None:
            missing = "Times a year" if times is None else "Likely"
            desk.wrong(cells.get(missing, title), f"{missing} is missing; without it nobody can say what is lost")
            continue
        loss = likely if low is None or high is None else {"low": low, "likely": likely, "high": high}
        source, system = cells.get("Source"), cells.get(layout.SYSTEM.name)
        threat = {"title": title.text, "type": name, "events_per_year": times, "loss_per_event": loss}
        threat |= {"source": source.text} if source is not None and not source.empty else {}
        by_name = threats.setdefault("" if system is None or system.empty else slug(system.text), {})
        if slug(title.text) in by_name:
            desk.wrong(title, "stands above already; give it another name")
        by_name[slug(title.text)] = (threat, title.at)
    return threats
