"""From a filled sheet to a scenario: every value by its heading and code, and everything that is wrong at once, each
with its cell and the nearest that would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stepladder.data.findings import DAYS
from stepladder.data.formats import money
from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.index import Index
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Cell, Sheet, Value
from stepladder.exchange.intake.desk import NOTHING, UNANSWERED, Desk, Row, Tree, level_of, planted, slug
from stepladder.exchange.intake.frame import Frame, threats_of
from stepladder.exchange.intake.left import assessment, left, page

#: What is filled in of the assessment; it is found by the first two, and notes are for whoever writes them.
COLUMNS = (
    *("Code", "Current", "Target", "Importance", "Once", "Per year", "Days", "Team", "Owner"),
    *("Not applicable because", layout.SYSTEM.name),
)
#: No reason why something does not apply.
NO_REASON = frozenset({"no", "yes", "x", "true", "false", "nein", "ja", "y", "n"})
#: By system and code.
Rows = Mapping[tuple[str, str], Row]


@dataclass(frozen=True)
class Imported:
    """A scenario as a tree, and what was taken for granted.

    Attributes
    ----------
    tree
        As it is written in YAML, each value with the cell that says it.
    notes
        What had to be assumed, and what was left.
    """

    tree: Node
    notes: tuple[str, ...]

    @property
    def scenario(self) -> dict[str, Any]:
        """The same without places."""
        plain: dict[str, Any] = self.tree.plain()
        return plain


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
    desk = Desk(index=index)
    rows = _assessment(desk, sheets, path)
    if rows and not any(row.target > row.current for row in rows.values()):
        message = "no row has a target above its current level, so there is nothing to plan; fill in Target"
        desk.issues.append(Issue(next(iter(rows.values())).cells["Code"].at, "SL102", message))
    frame = Frame(desk, page(sheets, layout.FRAME), path, frame_of)
    frame.must_be_whole()
    tree = Tree(Location(path))
    for key, value in (("format", "stepladder-scenario/1"), ("catalogue", catalogue)):
        tree.put((key,), value, tree.root.at)
    frame.head(tree)
    _fill(desk, tree, rows, frame, sheets)
    if "threats" not in tree.root.value and not any("threats" in one.mapping for one in _systems(tree)):
        tree.put(("objective",), "worth", tree.root.at)
        desk.notes.append("No losses are known, so the plan is made for what matters, in points (objective: worth).")
        _importance(desk, tree, rows, needed=not index.catalogue.importance)
    if desk.issues:
        raise InvalidInput(desk.issues)
    return Imported(tree.root, (*desk.notes, *left(sheets)))


def assessment_of(
    sheets: Mapping[str, Sheet], index: Index, path: str, teams: Mapping[str, str], currency: str
) -> Imported:
    """What a filled sheet says of a scenario that names it, which says the rest.

    Parameters
    ----------
    sheets, index, path
        As above.
    teams
        The scenario's own teams: title by id.
    currency
        The scenario's own; empty where it has none.

    Raises
    ------
    InvalidInput
        With everything that is wrong, cell by cell.
    """
    desk = Desk(index=index)
    rows = _assessment(desk, sheets, path)
    frame = Frame(desk, page(sheets, layout.FRAME), path, {})
    tree = Tree(Location(path))
    frame.head(tree)
    if currency:
        tree.root.value["currency"] = planted(currency, tree.root.at)
    _fill(desk, tree, rows, frame, sheets, teams)
    if desk.issues:
        raise InvalidInput(desk.issues)
    return Imported(tree.root, (*desk.notes, *left(sheets)))


def levels_said(sheets: Mapping[str, Sheet], index: Index, path: str) -> dict[tuple[str, str], int]:
    """The levels of today that somebody has filled in, by system and code.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the assessment, cell by cell.
    """
    desk = Desk(index=index)
    rows = _assessment(desk, sheets, path)
    if desk.issues:
        raise InvalidInput(desk.issues)
    answered = {
        key: row for key, row in rows.items() if (cell := row.get("Current")) and cell.text.casefold() not in UNANSWERED
    }
    return {key: row.current for key, row in answered.items()}


def _systems(tree: Tree) -> list[Node]:
    systems = tree.root.child("systems")
    return list(systems.mapping.values()) if systems is not None else []


def _fill(
    desk: Desk,
    tree: Tree,
    rows: Rows,
    frame: Frame,
    sheets: Mapping[str, Sheet],
    others: Mapping[str, str] | None = None,
) -> None:
    """Everything that the sheets say, of each system and of all."""
    at = tree.root.at
    teams = frame.teams(rows.values(), others or {})
    frame.budget(tree)
    if teams:
        tree.put(("teams",), teams, at)
    _levels(desk, tree, rows)
    for system, threats in threats_of(desk, page(sheets, layout.LOSSES)).items():
        for name, (threat, place) in threats.items():
            tree.put((*(("systems", system) if system else ()), "threats", name), threat, place)
    _importance(desk, tree, rows, needed=False)
    for name, (date, place) in frame.dates(rows).items():
        tree.put(("milestones", name), date, place)
    currency = tree.root.child("currency")
    titles = {name: str(team.get("title", name)) for name, team in teams.items()} | dict(others or {})
    _costs(desk, tree, rows, titles, str(currency.value) if currency is not None else "EUR")


# -- the assessment ----------------------------------------------------------------------------------------------------


def _assessment(desk: Desk, sheets: Mapping[str, Sheet], path: str) -> dict[tuple[str, str], Row]:
    """By system and code."""
    sheet = assessment(sheets)
    codes = _codes(desk.index)
    rows: dict[tuple[str, str], Row] = {}
    found, blank = False, 0
    strangers: list[Cell] = []
    for cells in desk.rows(sheet, COLUMNS, ()):
        found = True
        code = cells["Code"]
        name = codes.get(code.text.casefold())
        if name is None:
            strangers.append(code)
            continue
        row = _row(desk, name, cells)
        if (row.system, name) in rows:
            first = rows[row.system, name].cells["Code"].at
            desk.wrong(code, f"stands in {first} already; remove one of the two rows")
            continue
        blank += "Current" in cells and cells["Current"].text.casefold() in UNANSWERED and row.target > row.current
        rows[row.system, name] = row
    if len(strangers) > 1 and not rows:
        model = desk.index.catalogue.title
        message = f"none of the {len(strangers)} codes is of {model}; the sheet is of another maturity model"
        desk.issues.append(Issue(strangers[0].at, "SL102", f"{message}; name that one with --catalogue"))
        return rows
    for code in strangers:
        desk.wrong(code, unknown("code", code.text, set(codes)))
    if not found:
        message = "no table with the headings Code and Current; write the file with `stepladder template`"
        desk.issues.append(Issue(Location(path), "SL102", message))
    elif missing := len(set(codes.values()) - {name for _, name in rows}):
        verb = (
            "practices and scales have no row: they count"
            if missing > 1
            else "practice and scale has no row: it counts"
        )
        desk.notes.append(f"{missing} {verb} as of the lowest level.")
    if blank:
        what = "rows have no current level: they count" if blank > 1 else "row has no current level: it counts"
        desk.notes.append(f"{blank} {what} as of the lowest level.")
    return rows


def _codes(index: Index) -> dict[str, str]:
    """Practice and scale by all that a row may call it: both, or the model's own code where it has but one scale."""
    codes = {
        f"{practice}.{scale}": f"{practice}.{scale}"
        for practice, place in index.places.items()
        for scale in place.scales
    }
    for practice, place in index.places.items():
        for own in (place.practice.ref, practice):
            if own and len(place.scales) == 1:
                codes.setdefault(own.casefold(), f"{practice}.{place.scales[0]}")
    return codes


def _row(desk: Desk, code: str, cells: Mapping[str, Cell]) -> Row:
    practice, _, scale = code.rpartition(".")
    lowest = min(desk.index.levels(scale))
    current = level_of(desk, scale, cells.get("Current"), lowest)
    target = level_of(desk, scale, cells.get("Target"), current)
    if target < current:
        desk.wrong(cells["Target"], f"is below the current level, {current}; a plan lowers nothing")
    system = cells.get(layout.SYSTEM.name)
    return Row(
        "" if system is None or system.empty else slug(system.text),
        practice,
        scale,
        current,
        max(current, target),
        cells,
    )


def _importance(desk: Desk, tree: Tree, rows: Rows, *, needed: bool) -> None:
    """How much each row matters; where it is needed, whatever is to be raised matters."""
    usual = 0
    for row in rows.values():
        cell = row.get("Importance")
        tier = None if cell is None else desk.one_of(cell, layout.TIERS, "importance")
        place = (*row.place, "importance", row.practice, row.scale)
        if cell is not None and tier is not None and not needed:
            tree.put(place, tier, cell.at)
        elif cell is None and needed and row.target > row.current:
            tree.put(place, "medium", row.cells["Code"].at)
            usual += 1
    if usual:
        what = "rows without an importance count" if usual > 1 else "row without an importance counts"
        desk.notes.append(f"{usual} {what} as medium.")


def _levels(desk: Desk, tree: Tree, rows: Rows) -> None:
    """Levels, what does not apply, and owners, as a scenario has them."""
    for row in rows.values():
        code = row.cells["Code"]
        if row.system:
            tree.put((*row.place, "title"), row.cells[layout.SYSTEM.name].text, row.cells[layout.SYSTEM.name].at)
        for key, heading, level in (("current", "Current", row.current), ("target", "Target", row.target)):
            tree.put((*row.place, key, row.practice, row.scale), level, (row.get(heading) or code).at)
        for key, heading in (("not_applicable", "Not applicable because"), ("owners", "Owner")):
            cell = row.get(heading)
            if cell is None or cell.text.casefold() in UNANSWERED:
                continue
            if key == "not_applicable" and cell.text.casefold() in NO_REASON:
                desk.wrong(cell, "is no reason; write why the practice does not apply, or leave the cell empty")
            elif key == "not_applicable" and row.target > row.current:
                desk.wrong(cell, "takes out a practice that has a target in this row; remove one of the two")
            tree.put((*row.place, key, row.practice), cell.text, cell.at)


def _costs(desk: Desk, tree: Tree, rows: Rows, teams: Mapping[str, str], currency: str) -> None:
    """By step: what is said of a whole way, in equal parts for its steps."""
    idle: list[str] = []
    for row in rows.values():
        steps = list(range(row.current + 1, row.target + 1))
        team = _team(desk, row, teams)
        idle += [str(cell.at) for name in ("Once", "Per year", "Days") if not steps and (cell := row.get(name))][:1]
        for key, heading in (("once", "Once"), ("per_year", "Per year"), ("effort", "Days")):
            cell = row.get(heading)
            amount = None if cell is None else desk.number(cell)
            if cell is None or amount is None or not steps:
                continue
            shares = (
                money.evenly(amount, len(steps), DAYS) if key == "effort" else money.even(amount, len(steps), currency)
            )
            for level, share in zip(steps, shares, strict=True):
                value = _days(desk, tree, row, teams, team, float(share)) if key == "effort" else float(share)
                tree.put((*row.place, "costs", "steps", f"{row.code}.{level}", key), value, cell.at)
    if idle:
        rows_ = f"{len(idle)} rows have" if len(idle) > 1 else "1 row has"
        desk.notes.append(f"{rows_} costs or days, and a target as today: they are left ({', '.join(idle[:3])}).")


def _days(
    desk: Desk, tree: Tree, row: Row, teams: Mapping[str, str], team: str | None, days: float
) -> dict[str, float]:
    """The days of a step: all that it takes, so that nothing of the model's own comes on top."""
    return {**dict.fromkeys(sorted(desk.index.roles), 0.0), team or _whose(desk, tree, row, teams): days}


def _team(desk: Desk, row: Row, teams: Mapping[str, str]) -> str | None:
    cell = row.get("Team")
    if cell is None:
        return None
    titles = {title.casefold(): name for name, title in teams.items()}
    if cell.text.casefold() in titles:
        return titles[cell.text.casefold()]
    if slug(cell.text) in teams:
        return slug(cell.text)
    desk.wrong(cell, unknown("team", cell.text, list(teams.values())))
    return None


def _whose(desk: Desk, tree: Tree, row: Row, teams: Mapping[str, str]) -> str:
    """Whose days they are where a row names no team: those of the only one, or of everybody."""
    if len(teams) == 1:
        return next(iter(teams))
    if teams and row.get("Team") is None:
        desk.wrong(row.cells["Days"], f"whose days are these? Name a team in this row: {', '.join(teams.values())}")
    elif not teams and "everybody" not in (tree.root.find(("teams",)) or tree.root).mapping:
        tree.put(("teams", "everybody"), {"title": "Everybody"}, row.cells["Days"].at)
        desk.notes.append("No row with days names a team: they are of one team, Everybody, without a limit.")
    return "everybody"
