"""``import``: from a sheet that somebody has filled in to a scenario."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stepladder.data.load import load
from stepladder.data.reading import sources
from stepladder.data.reading.text import read_text
from stepladder.data.writing import document
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Sheet, table_of, workbook
from stepladder.exchange.intake.reading import scenario_of
from stepladder.workflow.catalogue import catalogue as model_of
from stepladder.workflow.reading import existing
from stepladder.workflow.template import USUAL

#: Larger files are no sheets that people fill in.
MOST = 50_000_000


@dataclass(frozen=True)
class Import:
    """A scenario as YAML text, which has been checked, and what had to be assumed."""

    text: str
    notes: tuple[str, ...]


def intake(
    source: str | Path,
    catalogue: str | None = None,
    *,
    start: str | None = None,
    years: float | None = None,
    money: float | None = None,
) -> Import:
    """Read a filled sheet.

    Parameters
    ----------
    source
        An .xlsx file as ``template`` writes it, or a .csv file with the same columns.
    catalogue
        The maturity model; what the workbook says when left out.
    start, years, money
        The first day, the length of the plan in years and the money of a year, where the file does not say them.

    Raises
    ------
    InvalidInput
        With everything that is wrong, cell by cell.
    UsageError
        When there is no such file or catalogue.
    """
    path = existing(source)
    sources.reads(path)
    sheets = _sheets(path)
    name = catalogue or _named(sheets) or USUAL
    model = model_of(name)
    given = {"First day": start, "Years": years, "Money a year": money}
    frame = {name: value for name, value in given.items() if value is not None}
    imported = scenario_of(sheets, model.name, model.index, str(path), frame)
    head = (f"Read from {path.name}. What is not here has the model's own figures; they are illustrative.",)
    text = document(imported.scenario, head)
    # Whatever the sheet says together is checked as any scenario is, before it is given out.
    load(Path(f"{path.name} as a scenario"), text=text)
    return Import(text, imported.notes)


def _sheets(path: Path) -> dict[str, Sheet]:
    if path.suffix.casefold() in (".csv", ".tsv", ".txt"):
        sheet = table_of(str(path), read_text(path, str(path)))
        return {sheet.name: sheet}
    data = path.read_bytes() if path.stat().st_size <= MOST else b""
    if not data:
        raise InvalidInput([Issue(Location(str(path)), "SL001", "it is empty, or too large for a sheet to fill in")])
    return dict(workbook(str(path), data))


def _named(sheets: dict[str, Sheet]) -> str | None:
    """The catalogue that the hidden sheet names; None where there is none."""
    hidden = sheets.get(layout.HIDDEN)
    texts = [row[0].text for row in hidden.rows if row] if hidden else []
    return texts[1] if texts[:1] == [layout.FORMAT] and len(texts) > 1 else None
