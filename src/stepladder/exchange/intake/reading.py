"""From a filled sheet to a scenario: every value by its heading and code, and everything that is wrong at once, each
with its cell and the nearest that would do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stepladder.data.findings import DAYS
from stepladder.data.formats import money
from stepladder.data.formats.problem import unknown
from stepladder.data.resolving.index import Index
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Cell, Sheet, Value
from stepladder.exchange.intake.desk import NOTHING, UNANSWERED, Desk, Row, level_of, slug
from stepladder.exchange.intake.frame import Frame, threats_of


@dataclass(frozen=True)
class Imported:
    """A scenario as its mapping, and what was taken for granted.

    Attributes
    ----------
    scenario
        As it is written in YAML.
    notes
        What had to be assumed, and what was left.
    """

    scenario: dict[str, Any]
    notes: tuple[str, ...]


def scenario_of(
    sheets: Mapping[str, Sheet], catalogue: str, index: Index, path: str, frame_of: Mapping[str, Value] = NOTHING
) -> Imported:
    """The scenario that a filled sheet describes.

    Parameters
    ----------
    sheets
        By name; of a CSV file the one that it is.
    catalogue
        What a scenario calls the catalogue.
    index
        What is in it.
    path
        What the file is called.
    frame_of
        Lines of the frame that the sheet does not say, by their words.

    Raises
    ------
    InvalidInput
        With everything that is wrong, cell by cell.
    """
    desk = Desk(index)
    rows = _assessment(desk, sheets, path)
    frame = Frame(desk, sheets.get(layout.FRAME), path, frame_of)
    scenario: dict[str, Any] = {"format": "stepladder-scenario/1", "catalogue": catalogue, **frame.head()}
    teams = frame.teams(rows)
    scenario |= _levels(rows)
    scenario |= {"budget": frame.budget(), **({"teams": teams} if teams else {})}
    threats = threats_of(desk, sheets.get(layout.LOSSES))
    scenario |= {"threats": threats} if threats else {"objective": "worth"}
    importance = _importance(desk, rows, needed=not threats)
    scenario |= {"importance": importance} if importance else {}
    scenario |= {"milestones": dates} if (dates := frame.dates(rows)) else {}
    costs = dict(_costs(desk, rows, teams, scenario.get("currency", "EUR")))
    scenario |= {"costs": {"steps": costs}} if costs else {}
    if desk.issues:
        raise InvalidInput(desk.issues)
    return Imported(scenario, tuple(desk.notes))


# -- the assessment ----------------------------------------------------------------------------------------------------


def _assessment(desk: Desk, sheets: Mapping[str, Sheet], path: str) -> dict[str, Row]:
    """By code."""
    sheet = sheets.get(layout.ASSESSMENT) or next(iter(sheets.values()))
    known = {f"{practice}.{scale}" for practice, place in desk.index.places.items() for scale in place.scales}
    rows: dict[str, Row] = {}
    found = False
    blank = 0
    for cells in sheet.table("Code", "Current"):
        found = True
        code = cells["Code"]
        if code.empty:
            continue
        name = code.text.casefold()
        if name not in known:
            desk.wrong(code, unknown("code", code.text, known))
        elif name in rows:
            desk.wrong(code, f"stands in {rows[name].cells['Code'].at} already; remove one of the two rows")
        else:
            row = _row(desk, name, cells)
            blank += "Current" in cells and cells["Current"].text.casefold() in UNANSWERED and row.target > row.current
            rows[name] = row
    if not found:
        message = "no table with the headings Code and Current; write the file with `stepladder template`"
        desk.issues.append(Issue(Location(path), "SL102", message))
    elif known - set(rows):
        missing = len(known - set(rows))
        desk.notes.append(f"{missing} practices and scales have no row: they count as of the lowest level.")
    if blank:
        desk.notes.append(f"{blank} rows have no current level: they count as of the lowest level.")
    return rows


def _row(desk: Desk, code: str, cells: Mapping[str, Cell]) -> Row:
    practice, _, scale = code.rpartition(".")
    lowest = min(desk.index.levels(scale))
    current = level_of(desk, scale, cells.get("Current"), lowest)
    target = level_of(desk, scale, cells.get("Target"), current)
    if target < current:
        desk.wrong(cells["Target"], f"is below the current level, {current}; a plan lowers nothing")
    return Row(practice, scale, current, max(current, target), cells)


def _importance(desk: Desk, rows: Mapping[str, Row], *, needed: bool) -> dict[str, dict[str, str]]:
    """How much each row matters; where no losses are known, whatever is to be raised matters."""
    tiers: dict[str, dict[str, str]] = {}
    usual = 0
    for row in rows.values():
        cell = row.get("Importance")
        tier = None if cell is None else desk.one_of(cell, layout.TIERS, "importance")
        if cell is None and needed and row.target > row.current:
            tier, usual = "medium", usual + 1
        if tier is not None:
            tiers.setdefault(row.practice, {})[row.scale] = tier
    if needed:
        desk.notes.append("No losses are known, so the plan is made for what matters, in points (objective: worth).")
    if usual:
        desk.notes.append(f"{usual} rows without an importance count as medium.")
    return tiers


def _levels(rows: Mapping[str, Row]) -> dict[str, Any]:
    """Levels, what does not apply, and owners, as a scenario has them."""
    parts: dict[str, dict[str, Any]] = {"current": {}, "target": {}, "not_applicable": {}, "owners": {}}
    for row in rows.values():
        parts["current"].setdefault(row.practice, {})[row.scale] = row.current
        parts["target"].setdefault(row.practice, {})[row.scale] = row.target
        for key, heading in (("not_applicable", "Not applicable because"), ("owners", "Owner")):
            cell = row.get(heading)
            if cell is not None:
                parts[key].setdefault(row.practice, cell.text)
    return {key: part for key, part in parts.items() if part}


def _costs(
    desk: Desk, rows: Mapping[str, Row], teams: Mapping[str, Any], currency: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """By step: what is said of a whole way, in equal parts for its steps."""
    for row in rows.values():
        steps = list(range(row.current + 1, row.target + 1))
        said = {name: desk.number(row.get(name)) for name in ("Once", "Per year", "Days")}
        team = _team(desk, row, teams)
        if not steps:
            continue
        parts = {
            key: money.even(amount, len(steps), currency)
            for key, name in (("once", "Once"), ("per_year", "Per year"))
            if (amount := said[name]) is not None
        }
        days = None if said["Days"] is None else money.evenly(said["Days"], len(steps), DAYS)
        for k, level in enumerate(steps):
            cost: dict[str, Any] = {key: float(shares[k]) for key, shares in parts.items()}
            cost |= {} if days is None else {"effort": {team or "security": float(days[k])}}
            if cost:
                yield f"{row.code}.{level}", cost


def _team(desk: Desk, row: Row, teams: Mapping[str, Any]) -> str | None:
    cell = row.get("Team")
    if cell is None:
        return None
    titles = {str(team.get("title", name)).casefold(): name for name, team in teams.items()}
    if cell.text.casefold() in titles:
        return titles[cell.text.casefold()]
    if slug(cell.text) in teams:
        return slug(cell.text)
    desk.wrong(cell, unknown("team", cell.text, [str(team.get("title", name)) for name, team in teams.items()]))
    return None
