"""``import``: from an assessment that somebody holds to a scenario, and to the maturity model that it speaks of."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stepladder.data.load import load
from stepladder.data.question import Question
from stepladder.data.writing import document
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.desk import YEARS
from stepladder.exchange.intake.importer import Answers, Importer, Span, Taken
from stepladder.exchange.intake.kinds import IMPORTERS, SHEET, suited
from stepladder.exchange.intake.reading import scenario_of
from stepladder.exchange.intake.source import Source, source
from stepladder.workflow.catalogue import catalogue as model_of
from stepladder.workflow.reading import existing
from stepladder.workflow.template import USUAL

#: Where nobody says it: person-days of each team in a quarter, of about one person.
DAYS = 60.0
QUARTERS = 4


@dataclass(frozen=True)
class Frame:
    """What holds for the whole plan, where the file does not say it: first day, years, money of a year, person-days of
    each team in a quarter.
    """

    start: str | None = None
    years: float | None = None
    money: float | None = None
    days: float | None = None


@dataclass(frozen=True)
class Import:
    """A scenario, checked.

    Attributes
    ----------
    text
        The scenario as YAML.
    model
        The maturity model that it refers to, to be written beside it under the name that was given; empty where it is
        a shipped one.
    notes
        What was taken, what was left, and what had to be assumed.
    question
        What it asks, as it was checked.
    """

    text: str
    model: str
    notes: tuple[str, ...]
    question: Question = field(repr=False)


@dataclass(frozen=True)
class Wish:
    """How files are to be read, where they do not say it.

    Attributes
    ----------
    catalogue
        For a sheet: the maturity model; what the workbook says when left out.
    kind
        Name of an importer; found by what is in the files when left out.
    say
        Answers to what the importer asks, by key.
    model
        Name of the file for a maturity model that is made of them.
    """

    catalogue: str | None = None
    kind: str | None = None
    say: Mapping[str, str] = field(default_factory=dict)
    model: str = "model.yaml"


#: What a sheet of our own is.
OURS = "a workbook of template, or CSV with its columns"
NOTHING = Frame()
USUALLY = Wish()


def intake(paths: Sequence[str | Path], frame: Frame = NOTHING, wish: Wish = USUALLY) -> Import:
    """Read an assessment.

    Parameters
    ----------
    paths
        A file, or several that belong together, in any order.
    frame
        What the files do not say of the whole plan.
    wish
        How they are to be read.

    Raises
    ------
    InvalidInput
        With everything that is wrong, place by place.
    UsageError
        When there is no such file, catalogue, kind or question; or it is not said when the plan begins.
    """
    files = [source(existing(path), str(path)) for path in paths]
    chosen = importer_of(files, wish)
    if chosen is not None:
        return imported(*chosen, frame, wish)
    if len(files) > 1 and all(_is_sheet([file]) for file in files):
        raise UsageError("a sheet is read alone; name one file at a time")
    if len(files) > 1 or not files[0].tables:
        raise InvalidInput([Issue(Location(files[0].path), "SL102", _strange(files[0]))])
    if wish.say:
        raise UsageError("--say is for assessments of other programs; a sheet says everything itself")
    return _sheet(files[0], frame, wish)


def importer_of(files: Sequence[Source], wish: Wish) -> tuple[Importer, list[Source]] | None:
    """Who reads the files, and they with the main one first; None where that is a sheet of our own, or nothing known.

    Raises
    ------
    UsageError
        When there is no importer of the name that is asked for.
    """
    if wish.kind == SHEET and not _is_sheet(files):
        message = f"this is not what --from {SHEET} reads: {OURS}"
        raise InvalidInput([Issue(Location(files[0].path), "SL102", message)])
    return None if wish.kind == SHEET or (wish.kind is None and _is_sheet(files)) else suited(files, wish.kind)


def _strange(file: Source) -> str:
    """What is said of files that nothing knows."""
    ours = re.search(r'"?format"?:\s*"?(stepladder-[a-z]+)/', "" if file.packed else file.text[:2000])
    if ours:
        return f"this is a {ours[1]} file, no assessment; check, plan and show take those"
    kinds = "; ".join(importer.title for importer in IMPORTERS)
    return f"this is no assessment that can be imported; these can: a workbook or CSV of `stepladder template`; {kinds}"


def kinds() -> str:
    """What can be imported, with the questions that each leaves open, as text."""
    lines = [f"{SHEET:15} {OURS}"]
    for importer in IMPORTERS:
        lines.append(f"{importer.name:15} {importer.title}")
        lines += [
            f"                --say {question.key}=…: {question.title}; usually {question.usual or 'none'}"
            for question in importer.questions
        ]
    return "".join(f"{line}\n" for line in lines)


def answers(said: Sequence[str]) -> dict[str, str]:
    """``key=value`` as a mapping. Raises UsageError where one is none, or a key stands twice."""
    answers: dict[str, str] = {}
    for text in said:
        key, equals, value = text.partition("=")
        if not equals or key in answers:
            raise UsageError(f"--say {text}: " + ("said twice" if equals else "write it as key=value"))
        answers[key.strip()] = value.strip()
    return answers


# -- a sheet of our own ------------------------------------------------------------------------------------------------


def _is_sheet(files: Sequence[Source]) -> bool:
    """Whether it is our own: by its hidden sheet, else by its headings."""
    if len(files) != 1 or not files[0].tables:
        return False
    sheets = files[0].sheets
    return layout.HIDDEN in sheets or any(True for sheet in sheets.values() for _ in sheet.table("Code", "Current"))


def _sheet(file: Source, frame: Frame, wish: Wish) -> Import:
    name = wish.catalogue or _named(file) or USUAL
    model = model_of(name)
    given = {"First day": frame.start, "Years": frame.years, "Money a year": frame.money}
    said = {name: value for name, value in given.items() if value is not None}
    read = scenario_of(file.sheets, model.name, model.index, file.path, said)
    head = (f"Read from {Path(file.path).name}. What is not here has the model's own figures; they are illustrative.",)
    text = document(read.scenario, head)
    # Whatever the sheet says together is checked as any scenario is, before it is given out.
    question = load(Path(f"{Path(file.path).name} as a scenario"), tree=read.tree)
    return Import(text, "", read.notes, question)


def _named(file: Source) -> str | None:
    """The catalogue that the hidden sheet names; None where there is none."""
    hidden = file.sheets.get(layout.HIDDEN)
    texts = [row[0].text for row in hidden.rows if row] if hidden else []
    return texts[1] if texts[:1] == [layout.FORMAT] and len(texts) > 1 else None


# -- what other programs wrote -----------------------------------------------------------------------------------------


def imported(importer: Importer, files: Sequence[Source], frame: Frame, wish: Wish) -> Import:
    """What an importer makes of its files, with the frame of a plan."""
    if wish.catalogue is not None:
        raise UsageError(f"{importer.title} brings its own maturity model; leave --catalogue out")
    answers = Answers(importer.questions, wish.say, _span(frame))
    taken = importer.read(files, answers)
    left = (*taken.left, *(f"--say {key}: these files do not ask it" for key in answers.unasked))
    scenario, assumed = _framed(taken, frame, wish.model)
    notes = (
        *(f"took: {text}" for text in taken.took),
        *(f"left: {text}" for text in left),
        *(f"assumed: {text}" for text in (*taken.assumed, *answers.assumed, *assumed)),
    )
    names = ", ".join(Path(file.path).name for file in files)
    text = document(scenario, (f"Read from {names} ({importer.title}).", *notes))
    model = document(taken.model, (f"Made of {names} ({importer.title}).",))
    question = load(Path(f"{Path(files[0].path).name} as a scenario"), text=text, beside={wish.model: model})
    return Import(text, model, notes, question)


def _span(frame: Frame) -> Span:
    """What is planned, as far as a file may ask for it. Raises UsageError where the first day is none."""
    try:
        first = None if frame.start is None else datetime.date.fromisoformat(frame.start)
    except ValueError:
        raise UsageError(f"--start {frame.start}: it is no day; write one such as 2027-01-01") from None
    return Span(first, _quarters(frame), math.inf if frame.money is None else frame.money, _days(frame))


def _quarters(frame: Frame) -> int:
    return max(1, round((frame.years or YEARS) * QUARTERS))


def _days(frame: Frame) -> float:
    return DAYS if frame.days is None else frame.days


def _framed(taken: Taken, frame: Frame, catalogue: str) -> tuple[dict[str, Any], list[str]]:
    """The scenario with all that holds for the whole plan, and what was assumed of that."""
    parts, assumed = dict(taken.scenario), []
    scenario: dict[str, Any] = {"format": "stepladder-scenario/1", "catalogue": catalogue}
    scenario |= {key: parts.pop(key) for key in ("title", "description", "currency") if key in parts}
    if "horizon" not in parts:
        if frame.start is None:
            raise UsageError("the file does not say when the plan begins; say it with --start, such as 2027-01-01")
        if frame.years is None:
            assumed.append(f"{YEARS:g} years, by quarter (another number: --years)")
        parts["horizon"] = {"start": frame.start, "periods": _quarters(frame), "period": "quarter"}
    if "budget" not in parts:
        if frame.money is None:
            assumed.append("no limit on money (one: --money, for a year)")
        parts["budget"] = {"unlimited": True} if frame.money is None else {"amount": frame.money}
    teams = parts.get("teams") or {name: {} for name in _teams(taken)}
    without = [name for name, team in teams.items() if "capacity" not in team]
    if without:
        parts["teams"] = {name: {"capacity": {"amount": _days(frame)}} | dict(team) for name, team in teams.items()}
        if frame.days is None:
            listed = ", ".join(without)
            assumed.append(f"{DAYS:g} person-days a quarter, about one person, for {listed} (another: --days)")
    if not parts.get("threats"):
        parts.setdefault("objective", "worth")
        assumed.append("no losses are known, so the plan is made for what matters, in points (objective: worth)")
        if not parts.get("importance") and not _has_importance(taken):
            parts["importance"] = {"default": "medium"}
            assumed.append("everything matters alike (importance: medium)")
    order = ("horizon", "objective", "budget", "teams")
    return {**scenario, **{key: parts[key] for key in order if key in parts}, **parts}, assumed


def _has_importance(taken: Taken) -> bool:
    systems = taken.scenario.get("systems") or {}
    return bool(taken.model.get("importance")) or any(system.get("importance") for system in systems.values())


def _teams(taken: Taken) -> list[str]:
    """Whose days anything takes, in alphabetical order."""
    parts = (taken.model.get("scales"), taken.model.get("groups"), taken.scenario)
    return sorted({role for part in parts for role in _roles(part)})


def _roles(part: Any) -> Iterator[str]:
    """The keys of every ``effort`` in a part of a file."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key == "effort" and isinstance(value, Mapping):
                yield from value
            else:
                yield from _roles(value)
