"""An audit of CISO Assistant: where each requirement of a framework stands today."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.cells import Cell
from stepladder.exchange.intake.desk import Cells
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers import ciso_library
from stepladder.exchange.intake.importers.ciso_framework import RESULTS, Framework, Rating, Requirement, is_library
from stepladder.exchange.intake.importers.ciso_library import Model, facts, framework_of, leaning, model_of, wanted
from stepladder.exchange.intake.importers.parts import Table, cell_of, counted, heading, short, table, word
from stepladder.exchange.intake.source import Source

QUESTIONS = (
    *ciso_library.QUESTIONS,
    Question("between", "a score between two levels counts as the one that is", "lower", ("lower", "higher")),
)
HEADS = (("urn", "compliance_result"), ("ref_id", "compliance_result"))
#: Columns that are read.
READ = frozenset(
    {
        *("urn", "ref_id", "name", "description", "compliance_result", "assessable"),
        *("score", "implementation_score", "observations"),
    }
)
NOT_ASSESSED, NOT_APPLICABLE = "not_assessed", "not_applicable"
#: What a result says of the way from the lowest level to the highest.
SHARES = {"non_compliant": 0.0, "partially_compliant": 0.5, "compliant": 1.0}
_WORDS = (NOT_ASSESSED, *SHARES, NOT_APPLICABLE)
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")


@dataclass(frozen=True)
class Finding:
    """One row: what it speaks of, its result, and its score as the cell that it stands in.

    ``rated`` is None where the row does not say whether it is a heading.
    """

    cell: Cell
    urn: str
    ref: str
    title: str
    text: str
    result: str
    score: Cell | None
    why: str
    rated: bool | None

    @property
    def open(self) -> bool:
        """Whether nobody has answered it."""
        return self.result in ("", NOT_ASSESSED) and self.score is None


def suits(file: Source) -> bool:
    """Whether a file has an audit's table."""
    return file.tables and table(file, *HEADS) is not None


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """The levels of today; the model is that of the library that goes with it, else what stands in the file."""
    main, others = files[0], files[1:]
    rows = table(main, *HEADS)
    assert rows is not None
    for file in others:
        if not is_library(file):
            message = f"{main.path} is an audit; only the library of its framework goes with it"
            raise InvalidInput([Issue(Location(file.path), "SL102", message)])
    desk = Cells()
    findings = [_finding(cells, desk) for cells in rows.filled(desk, READ.__contains__)]
    if desk.issues and not others:
        raise InvalidInput(desk.issues)
    framework = framework_of(others, answers)[1] if others else _framework(findings, rows)
    audit = _Audit(model_of(framework, answers), answers, desk)
    audit.place(findings)
    if desk.issues:
        raise InvalidInput(desk.issues)
    return audit.taken(rows, scored=bool(others))


def _finding(cells: Mapping[str, Cell], desk: Cells) -> Finding:
    first = cell_of(cells, "urn", "ref_id", "name") or next(iter(cells.values()))
    cell = cell_of(cells, "compliance_result")
    result = "" if cell is None or set(cell.text) <= {"-"} else heading(cell.text).replace("-", "_")
    if cell is not None and result and result not in _WORDS:
        desk.wrong(cell, unknown("result", cell.text, list(_WORDS)))
    rated = cell_of(cells, "assessable")
    text = "" if rated is None else rated.text.casefold()
    if rated is not None and text not in (*_YES, *_NO):
        desk.wrong(rated, "is neither true nor false; write one of them")
    return Finding(
        first,
        word(cells, "urn"),
        word(cells, "ref_id"),
        word(cells, "name"),
        word(cells, "description"),
        result,
        cell_of(cells, "score", "implementation_score"),
        short(word(cells, "observations")),
        None if rated is None else text in _YES,
    )


def _framework(findings: Sequence[Finding], rows: Table) -> Framework:
    """What stands in the file: rows with a result are requirements, the others headings of those below them."""
    nodes: list[Requirement] = []
    above = ""
    for k, one in enumerate(findings):
        rated = one.rated if one.rated is not None else bool(one.result)
        urn = one.urn or one.ref or f"row {k}"
        title = one.title or one.text or one.ref or one.urn
        above = above if rated else urn
        parent = above if rated else ""
        nodes.append(Requirement(one.cell.at, urn, one.ref, title, one.text, parent, rated, (), "", ""))
    if not any(node.assessable for node in nodes):
        message = "no row has a compliance_result; export the audit again, or give the library of its framework with it"
        raise InvalidInput([Issue(rows.at, "SL102", message)])
    rating = Rating(RESULTS, (0, 1, 2), 0, scored=False)
    return Framework(rows.at, "", "", "Audit of CISO Assistant", "", "", "", rating, tuple(nodes), {})


class _Audit:
    """The findings at their requirements."""

    def __init__(self, model: Model, answers: Answers, desk: Cells) -> None:
        self.model, self.answers, self.desk = model, answers, desk
        self.rating = model.framework.rating
        self.by_urn: dict[str, Finding] = {}
        self.current: dict[str, int] = {}
        self.out: dict[str, str] = {}
        self.by_result: list[str] = []

    # -- rows ----------------------------------------------------------------------------------------------------------

    def place(self, findings: Sequence[Finding]) -> None:
        """Each at the requirement of its urn, else of its ref_id; and what is wrong with them."""
        nodes: dict[str, Requirement] = {node.urn: node for node in self.model.framework.nodes}
        refs: dict[str, list[Requirement]] = {}
        for known in nodes.values():
            refs.setdefault(known.ref, []).append(known)
        for one in findings:
            same = refs.get(one.ref, []) if one.ref else []
            only = same[0] if len(same) == 1 and not one.urn else None
            node = nodes.get(one.urn or one.ref, only)
            if node is None:
                self._stranger(one, nodes, refs)
            elif node.urn in self.by_urn:
                self.desk.wrong(
                    one.cell, f"stands in {self.by_urn[node.urn].cell.at} already; remove one of the two rows"
                )
            elif node.assessable:
                self.by_urn[node.urn] = one
                self._level(self.model.ids[node.urn], one)
            elif not one.open:
                self.desk.wrong(one.cell, "is a heading of the framework and has no result; clear it")

    def _stranger(self, one: Finding, nodes: Mapping[str, Requirement], refs: Mapping[str, Any]) -> None:
        if one.open and one.rated is not True and not one.result:
            return
        known = list(nodes) if one.urn else [ref for ref in refs if ref]
        what = "requirement of the framework"
        self.desk.wrong(one.cell, unknown(what, one.urn or one.ref or one.title, known))

    def _level(self, name: str, one: Finding) -> None:
        rating = self.rating
        if one.result == NOT_APPLICABLE:
            self.out[name] = one.why or "Not applicable, says the audit."
        elif rating.scored and one.score is not None:
            self._score(name, one.score)
        elif one.result in SHARES:
            self.current[name] = rating.first + math.floor(SHARES[one.result] * (rating.top - rating.first))
            self.by_result.append(name)

    def _score(self, name: str, cell: Cell) -> None:
        """The level of a score; between two levels as it was answered."""
        score, scores = self.desk.number(cell), self.rating.scores
        if score is None:
            return
        if not scores[0] <= score <= scores[-1]:
            listed = ", ".join(f"{known:g} {title}" for known, title in zip(scores, self.rating.titles, strict=True))
            self.desk.wrong(cell, f"is no score of the framework, which has {listed}")
            return
        below = max(k for k, known in enumerate(scores) if known <= score)
        higher = score not in scores and self.answers["between"] == "higher"
        self.current[name] = self.rating.first + below + higher

    # -- the scenario --------------------------------------------------------------------------------------------------

    def taken(self, rows: Table, *, scored: bool) -> Taken:
        """All of it. Raises InvalidInput where nothing is left to plan."""
        framework, scale, first = self.model.framework, self.model.scale, self.rating.first
        names = [name for node in framework.rated if (name := self.model.ids[node.urn]) not in self.out]
        current = {name: self.current.get(name, first) for name in names}
        aims = {
            name: max(level, current[name])
            for name, level in wanted(self.model, self.answers).items()
            if name in current
        }
        if all(level <= current[name] for name, level in aims.items()):
            message = "every requirement that is wanted has the level that is wanted; nothing is left to plan"
            raise InvalidInput([Issue(rows.at, "SL102", message)])
        scenario = {
            "title": short(framework.title),
            "current": {name: {scale: level} for name, level in current.items()},
            "target": {name: {scale: level} for name, level in aims.items()},
            **({"not_applicable": self.out} if self.out else {}),
        }
        took = f"{counted(len(self.current), 'level')} of today, {len(self.out)} not applicable"
        left = self._left(scored=scored)
        return Taken(scenario, self.model.catalogue, (*facts(self.model), took), left, self._assumed(len(names)))

    def _left(self, *, scored: bool) -> tuple[str, ...]:
        scores = sum(one.score is not None for one in self.by_urn.values())
        if scored or not scores:
            return ()
        what = "what they mean stands in the framework's library; give it in the same command"
        return (f"{counted(scores, 'score')}: {what}",)

    def _assumed(self, count: int) -> tuple[str, ...]:
        lowest = f"the lowest level, {self.rating.levels[self.rating.first]}"
        rated = self.model.framework.rated
        asked = sum(node.urn in self.by_urn for node in rated)
        texts = {
            f"{counted(asked - len(self.out) - len(self.current), 'requirement')} not assessed yet: {lowest}": asked
            - len(self.out)
            - len(self.current),
            f"{counted(len(rated) - asked, 'requirement')} without a row in the audit: {lowest}": len(rated) - asked,
            f"{counted(len(self.by_result), 'requirement')} without a score: compliant is the highest level,"
            " non-compliant the lowest, partially compliant halfway": len(self.by_result) * self.rating.scored,
        }
        return (*(text for text, holds in texts.items() if holds), *leaning(self.model))


CISO_AUDIT = Importer(
    "ciso-audit", "an audit of CISO Assistant (CSV or workbook), with its library or alone", suits, read, QUESTIONS
)
