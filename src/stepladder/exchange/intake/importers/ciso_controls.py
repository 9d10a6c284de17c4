"""Applied controls of CISO Assistant, whichever of its tables they stand in: each is a step of its own."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence

from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.cells import Cell
from stepladder.exchange.intake.desk import Cells
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.ciso_steps import SIZES, STATUSES, Control, Steps
from stepladder.exchange.intake.importers.parts import (
    DAYS,
    TEAM,
    Names,
    Table,
    alone,
    cell_of,
    counted,
    heading,
    short,
    table,
    titled,
    word,
)
from stepladder.exchange.intake.source import Source

QUESTIONS = (
    Question("hold", "months after which what is on hold may begin", "12"),
    Question("run", "what running cost is for", "year", ("year", "period")),
    DAYS,
    TEAM,
)
#: The tables that hold controls: the list's export, the one for its import, an audit's action plan, the measures.
HEADS = (
    ("name", "status", "category"),
    ("name", "status", "csf_function"),
    ("name", "status", "eta"),
    ("measure_name", "status"),
)
_SIZE_NAMES = {"extra_small": "xs", "small": "s", "medium": "m", "large": "l", "extra_large": "xl"}
_IMPACTS = {"1": "low", "2": "low", "3": "medium", "4": "high", "5": "critical"}
_IMPACT_NAMES = {"very_low": "1", "low": "2", "medium": "3", "high": "4", "very_high": "5"}
_PRIORITIES = {"1": "high", "2": "medium", "3": "low", "4": "low"}
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "chf": "CHF"}
#: Columns that are read; what stands in others is left, and counted.
READ = frozenset(
    {
        "name",
        "measure_name",
        "ref_id",
        "measure_id",
        "internal_id",
        "description",
        "measure_desc",
        "observation",
        "category",
        "csf_function",
        "status",
        "eta",
        "priority",
        "effort",
        "impact",
        "control_impact",
        "owner",
        "cost_currency",
        "currency",
        "cost_build_fixed",
        "build_fixed_cost",
        "cost_build_people_days",
        "build_people_days",
        "cost_run_fixed",
        "run_fixed_cost",
        "cost_amortization_period",
        "amortization_period",
    }
)


def suits(file: Source) -> bool:
    """Whether a file has a table of controls."""
    return file.tables and table(file, *HEADS) is not None


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """A catalogue of the controls, and where they stand."""
    alone(files[0], files[1:], "a list of applied controls")
    rows = table(files[0], *HEADS)
    assert rows is not None
    desk = Cells()
    controls = _controls(rows, desk)
    currency = _currency(rows, desk)
    if desk.issues:
        raise InvalidInput(desk.issues)
    _anything(rows, controls)
    return Steps(controls, answers).taken(currency, _left(rows))


def _anything(rows: Table, controls: Sequence[Control]) -> None:
    """Raises InvalidInput where there is nothing that could be planned."""
    if not rows.rows:
        raise InvalidInput([Issue(rows.at, "SL102", "the table has headings and no controls; fill in rows below them")])
    if not any(control.status in ("", "to_do", "in_progress", "on_hold") for control in controls):
        message = (
            f"of {counted(len(controls), 'control')} none is to do, in progress or on hold; nothing is left to plan"
        )
        raise InvalidInput([Issue(rows.at, "SL102", message)])


# -- rows --------------------------------------------------------------------------------------------------------------


def _controls(rows: Table, desk: Cells) -> list[Control]:
    names, places = Names("done"), dict[tuple[str, str], Location]()
    controls = []
    for cells in rows.filled(desk, READ.__contains__):
        title, ref = word(cells, "name", "measure_name"), word(cells, "ref_id", "measure_id", "internal_id")
        first = next(iter(cells.values()))
        if not title:
            desk.wrong(cells.get("name", first), "a control needs a name")
            continue
        if (ref, title) in places:
            message = f"the same control stands in {places[ref, title]} already; remove one of the two rows"
            desk.wrong(cell_of(cells, "name", "measure_name") or first, message)
        places[ref, title] = first.at
        controls.append(_control(cells, names.new(ref or title), title, ref, desk))
    return controls


def _control(cells: Mapping[str, Cell], name: str, title: str, ref: str, desk: Cells) -> Control:
    text = " ".join(filter(None, (word(cells, "description", "measure_desc"), word(cells, "observation"))))
    function = heading(word(cells, "csf_function"))
    return Control(
        next(iter(cells.values())).at,
        name,
        title,
        function or heading(word(cells, "category")) or "controls",
        _one_of(desk, cells, ("status",), STATUSES, {"": "", "undefined": ""}),
        _IMPACTS.get(_one_of(desk, cells, ("control_impact", "impact"), _IMPACTS, _IMPACT_NAMES), ""),
        _PRIORITIES.get(_one_of(desk, cells, ("priority",), _PRIORITIES, {f"p{k}": str(k) for k in range(1, 5)}), ""),
        _one_of(desk, cells, ("effort",), SIZES, _SIZE_NAMES),
        desk.number(cell_of(cells, "cost_build_people_days", "build_people_days")),
        desk.number(cell_of(cells, "cost_build_fixed", "build_fixed_cost")),
        desk.number(cell_of(cells, "cost_run_fixed", "run_fixed_cost")),
        desk.number(cell_of(cells, "cost_amortization_period", "amortization_period")) or 1.0,
        _day(desk, cell_of(cells, "eta")),
        short(word(cells, "owner")),
        titled(title, text, ref),
    )


def _one_of(
    desk: Cells, cells: Mapping[str, Cell], heads: Iterable[str], words: Iterable[str], others: Mapping[str, str]
) -> str:
    """A word of a cell in small letters, by the program's own name or label; empty where nothing or ``--`` stands."""
    cell = cell_of(cells, *heads)
    if cell is None or set(cell.text) <= {"-"}:
        return ""
    text = heading(cell.text)
    if text in others:
        return others[text]
    return desk.one_of(Cell(cell.at, text), words, "value") or ""


def _day(desk: Cells, cell: Cell | None) -> datetime.date | None:
    text = desk.day(cell)
    return None if text is None else datetime.date.fromisoformat(text)


def _currency(rows: Table, desk: Cells) -> str:
    """The one currency that stands in the file; empty where none does."""
    codes: dict[str, Cell] = {}
    for cells in rows.rows:
        cell = cell_of(cells, "cost_currency", "currency")
        if cell is not None:
            code = _SIGNS.get(cell.text.casefold(), cell.text.upper())
            if len(code) != 3 or not (code.isascii() and code.isalpha()):
                desk.wrong(cell, "is no currency; write three letters, such as EUR")
            elif codes and code not in codes:
                desk.wrong(cell, f"a second currency beside {next(iter(codes))}; convert the amounts to one")
            codes.setdefault(code, cell)
    return next(iter(codes), "")


def _left(rows: Table) -> tuple[str, ...]:
    """Columns with anything in them that nothing reads."""
    counts = {
        head: sum(not cells[head].empty for cells in rows.rows) for head in rows.heads if head not in READ and rows.rows
    }
    return tuple(f"{head} ({counted(count, 'row')})" for head, count in counts.items() if count)


CISO_CONTROLS = Importer(
    "ciso-controls", "applied controls of CISO Assistant (CSV or workbook)", suits, read, QUESTIONS
)
