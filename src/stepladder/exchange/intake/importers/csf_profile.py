"""A profile of NIST's Cybersecurity Framework 2.0: the organisation's copy of the template, with outcomes in rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from stepladder.errors import InvalidInput, Issue
from stepladder.exchange.intake.cells import Cell
from stepladder.exchange.intake.desk import UNANSWERED, Cells
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.csf_outcomes import (
    CATEGORIES,
    FUNCTIONS,
    OUTCOMES,
    TIERS,
    code_of,
    priority_of,
    tier_of,
    wrong,
)
from stepladder.exchange.intake.importers.parts import (
    DAYS,
    ILLUSTRATIVE,
    TEAM,
    Names,
    Table,
    alone,
    cell_of,
    chosen,
    costs,
    counted,
    heading,
    short,
    table_where,
    team,
    titled,
)
from stepladder.exchange.intake.source import Source

QUESTIONS = (
    Question("current", "the column with the tier of today", "Current Status"),
    Question("target", "the column with the tier that is wanted", "Target CSF Tier"),
    Question("tier", "the tier that is wanted where no target stands in the whole file", "3", ("1", "2", "3", "4")),
    DAYS,
    TEAM,
)
_OUTCOME, _DESCRIPTION = "csf_outcome", "csf_outcome_description"
#: Columns of the template that a plan is made of.
_INCLUDED, _RATIONALE, _PRIORITIES = "included_in_profile", "rationale", ("target_priority", "current_priority")
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
_T = TypeVar("_T")


@dataclass(frozen=True)
class Outcome:
    """One subcategory as its row has it; None where nothing that can be read stands."""

    code: str
    title: str
    text: str
    out: str | None
    current: int | None
    target: int | None
    priority: str | None


def suits(file: Source) -> bool:
    """Whether a file has a profile's table."""
    return file.tables and _table(file) is not None


def _is_profile(heads: Sequence[str]) -> bool:
    known = ("included", "target_csf_tier", "current_status", "target_priority", "current_priority")
    return any(_is_outcome(head) for head in heads) and any(head.startswith(known) for head in heads)


def _is_outcome(head: str) -> bool:
    return head.startswith(_OUTCOME) and not head.startswith(_DESCRIPTION)


def _table(file: Source) -> Table | None:
    return table_where(file, _is_profile)


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """The outcomes that are in the profile, and their tiers."""
    alone(files[0], files[1:], "a profile of CSF 2.0")
    rows = _table(files[0])
    assert rows is not None
    return _Profile(rows, answers).taken()


class _Profile:
    """What is being read, and what could not be."""

    def __init__(self, rows: Table, answers: Answers) -> None:
        self.rows, self.answers = rows, answers
        self.desk = Cells()
        self.unread: dict[str, list[Cell]] = {}
        self.above: list[str] = []
        self.outcome = next(head for head in rows.heads if _is_outcome(head))
        self.current = self._column("current")
        self.target = self._column("target")
        self.outcomes = self._outcomes()

    def _column(self, key: str) -> str:
        """The column that is meant; empty where it is the usual one and is not there."""
        usual = next(question.usual for question in QUESTIONS if question.key == key)
        if self.answers.said(key):
            texts = {self.rows.titles[head]: head for head in self.rows.heads}
            return texts[chosen(self.answers, key, texts)]
        head = heading(usual)
        return head if head in self.rows.heads else ""

    # -- rows ----------------------------------------------------------------------------------------------------------

    def _answers(self) -> tuple[str, ...]:
        """The columns in which somebody says something of an outcome."""
        included = (head for head in self.rows.heads if head.startswith(_INCLUDED))
        return (*included, self.current, self.target, *_PRIORITIES)

    def _reads(self, head: str) -> bool:
        return head in (self.outcome, *self._answers()) or head.startswith((_DESCRIPTION, _RATIONALE))

    def _outcomes(self) -> list[Outcome]:
        places: dict[str, Cell] = {}
        outcomes = []
        for cells in self.rows.filled(self.desk, self._reads):
            cell = cells[self.outcome]
            code = code_of(cell.text)
            if cell.empty:
                if any(self._stands(cells, head) for head in self._answers()):
                    self.desk.wrong(cell, "its row has an answer and no outcome; write its code, or empty the row")
                continue
            fault = wrong(code) if code else "has no code of CSF 2.0, such as GV.OC-01; write one, or remove the row"
            if fault:
                self.desk.wrong(cell, fault)
            elif code in places:
                self.desk.wrong(cell, f"stands in {places[code].at} already; remove one of the two rows")
            elif code in OUTCOMES:
                outcomes.append(self._one(code, cells))
            elif any(self._stands(cells, head) for head in (self.current, self.target)):
                self.above.append(code)
            places.setdefault(code, cell)
        if not outcomes and not self.desk.issues:
            none = "no outcome such as GV.OC-01 stands below the headings"
            self.desk.issues.append(Issue(self.rows.at, "SL102", none))
        return outcomes

    @staticmethod
    def _stands(cells: Mapping[str, Cell], head: str) -> bool:
        return head in cells and not cells[head].empty

    def _one(self, code: str, cells: Mapping[str, Cell]) -> Outcome:
        cell = cells[self.outcome]
        own = cell.text.partition(":")[2].strip()
        described = next((cells[head].text for head in cells if head.startswith(_DESCRIPTION)), "")
        out = self._out(cells)
        current = self._read(cells, self.current, tier_of, "tier of today")
        target = self._target(cells) if out is None else None
        if current is not None and target is not None and target < current:
            self.desk.wrong(cells[self.target], f"is below the current tier, {current}; a plan lowers nothing")
        priorities = [self._read(cells, head, priority_of, "priority") for head in _PRIORITIES]
        title = own or described
        return Outcome(code, short(title) or code, title, out, current, target, next(filter(None, priorities), None))

    def _out(self, cells: Mapping[str, Cell]) -> str | None:
        """Why an outcome is not in the profile; None where it is."""
        head = next((head for head in cells if head.startswith(_INCLUDED)), "")
        cell = cell_of(cells, head)
        if cell is None or cell.text.casefold() in _YES:
            return None
        if cell.text.casefold() not in _NO:
            self.desk.wrong(cell, "is neither Yes nor No; write one of them")
            return None
        rationale = next((short(cells[head].text) for head in cells if head.startswith(_RATIONALE)), "")
        return rationale or "Not included in the profile."

    def _target(self, cells: Mapping[str, Cell]) -> int | None:
        cell = cell_of(cells, self.target)
        if cell is None or cell.text.casefold() in UNANSWERED:
            return None
        tier = tier_of(cell.text)
        if tier is None:
            listed = ", ".join(f"{number} {title}" for number, title in enumerate(TIERS, start=1))
            self.desk.wrong(cell, f"is no tier; the tiers are {listed}")
        return tier

    def _read(self, cells: Mapping[str, Cell], head: str, meaning: Callable[[str], _T | None], what: str) -> _T | None:
        """What a cell of free text means; None where nobody has answered, or it has none, which is noted."""
        cell = cell_of(cells, head)
        if cell is None or cell.text.casefold() in UNANSWERED:
            return None
        value = meaning(cell.text)
        if value is None:
            self.unread.setdefault(what, []).append(cell)
        return value

    # -- the scenario --------------------------------------------------------------------------------------------------

    def taken(self) -> Taken:
        """All of it. Raises InvalidInput with everything that is wrong."""
        if self.desk.issues:
            raise InvalidInput(self.desk.issues)
        names = Names("tier", *(code.casefold() for code in FUNCTIONS))
        ids = {outcome.code: names.new(outcome.code) for outcome in self.outcomes}
        inside = [outcome for outcome in self.outcomes if outcome.out is None]
        if not inside:
            raise InvalidInput(
                [Issue(self.rows.at, "SL102", "no outcome is included in the profile; nothing is planned")]
            )
        targets = any(outcome.target for outcome in inside)
        otherwise = 0 if targets else int(self.answers["tier"])
        levels = {outcome.code: (outcome.current or 1, outcome.target or otherwise) for outcome in inside}
        scenario: dict[str, Any] = {
            "title": "NIST CSF 2.0 profile",
            "current": {ids[code]: {"tier": current} for code, (current, _) in levels.items()},
            "target": {ids[code]: {"tier": max(target, current)} for code, (current, target) in levels.items()},
        }
        out = {ids[outcome.code]: outcome.out for outcome in self.outcomes if outcome.out is not None}
        scenario |= {"not_applicable": out} if out else {}
        tiers = {ids[outcome.code]: outcome.priority for outcome in inside if outcome.priority}
        scenario |= {"importance": {"default": "medium", **tiers}}
        if all(target <= current for current, target in levels.values()):
            message = "every outcome has the tier that is wanted; set a higher Target CSF Tier where more is wanted"
            raise InvalidInput([Issue(self.rows.at, "SL102", message)])
        return Taken(
            scenario, self._model(ids), self._took(inside), self._left(), self._assumed(inside, targets=targets)
        )

    def _model(self, ids: Mapping[str, str]) -> dict[str, Any]:
        levels = {number: {"title": title} for number, title in enumerate(TIERS, start=1)}
        days, who = self.answers.number("days"), team(self.answers)
        names = Names("tier", *ids.values())
        groups: dict[str, Any] = {}
        for outcome in self.outcomes:
            category = outcome.code.partition("-")[0]
            function = category.partition(".")[0]
            outer = groups.setdefault(function, {**titled(FUNCTIONS[function], "", function), "groups": {}})
            inner = outer["groups"].setdefault(
                category, {**titled(CATEGORIES[category][0], "", category), "practices": {}}
            )
            inner["practices"][ids[outcome.code]] = titled(outcome.title, outcome.text, outcome.code)
        return {
            "format": "stepladder-catalogue/1",
            "title": "NIST Cybersecurity Framework",
            "version": "2.0",
            "source": "NIST CSWP 29 (2024); the outcomes as the workbook has them.",
            "illustrative": ILLUSTRATIVE,
            "scales": {"tier": {"title": "Tier", "levels": levels, "costs": costs(levels, days, who)}},
            "groups": {
                names.new(function): {
                    **group,
                    "groups": {names.new(category): inner for category, inner in group["groups"].items()},
                }
                for function, group in groups.items()
            },
        }

    # -- what is said --------------------------------------------------------------------------------------------------

    def _took(self, inside: Sequence[Outcome]) -> tuple[str, ...]:
        out = len(self.outcomes) - len(inside)
        return (
            f"{len(self.outcomes)} of the {len(OUTCOMES)} outcomes of CSF 2.0, {out} of them not in the profile",
            f"a tier of today of {sum(outcome.current is not None for outcome in inside)} outcomes",
            f"a tier that is wanted of {sum(outcome.target is not None for outcome in inside)} outcomes",
        )

    def _left(self) -> tuple[str, ...]:
        """Other columns with anything in them, and answers beside functions and categories."""
        counts = {
            self.rows.titles[head]: sum(self._stands(cells, head) for cells in self.rows.rows)
            for head in self.rows.heads
            if not self._reads(head)
        }
        columns = ", ".join(f"{title} ({count})" for title, count in counts.items() if count)
        above = f"tiers beside functions and categories, {', '.join(self.above)}: only outcomes have one in a plan"
        own = f"columns, with their filled rows: {columns} (a tier in one of them: --say current=… or --say target=…)"
        return (*((own,) if columns else ()), *((above,) if self.above else ()))

    def _assumed(self, inside: Sequence[Outcome], *, targets: bool) -> tuple[str, ...]:
        texts = ["NIST defines tiers for an organisation as a whole; here each outcome has one of its own"]
        for what, cells in self.unread.items():
            shown = ", ".join(f"{cell.at} {short(cell.text)!r}" for cell in cells[:3])
            texts.append(f"{counted(len(cells), 'cell')} with no {what} that can be read count as unanswered: {shown}")
        blank = sum(outcome.current is None for outcome in inside)
        if blank:
            texts.append(f"{counted(blank, 'outcome')} without a tier of today: the lowest, 1 Partial")
        wanting = sum(outcome.target is None for outcome in inside)
        if wanting and targets:
            texts.append(f"{counted(wanting, 'outcome')} without a target: as today")
        plain = sum(outcome.priority is None for outcome in inside)
        if plain:
            texts.append(f"{counted(plain, 'outcome')} without a priority: importance medium")
        return tuple(texts)


CSF_PROFILE = Importer("csf-profile", "a profile of NIST CSF 2.0 (its template, filled in)", suits, read, QUESTIONS)
