"""The answers of SAMM's toolbox, a workbook: what each text counts is said by its own hidden sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.cells import NEVER, Cell, Sheet
from stepladder.exchange.intake.desk import UNANSWERED
from stepladder.exchange.intake.importers.samm_json import Assessment, strange
from stepladder.exchange.intake.source import Source
from stepladder.exchange.samm_model import SCORES, code_of, looks_like_a_code
from stepladder.wording.text import clean

INTERVIEW, ROADMAP, QUESTIONS, SETS = "Interview", "Roadmap", "imp-questions", "imp-answers"
#: The columns of an answer set: its texts, and what each counts.
_TEXTS = ("A", "B", "C", "D")
#: The toolbox's cells beside which the frame of the assessment stands.
_ABOUT = {"organization": "Organization:", "scope": "Team/Application:", "date": "Interview Date:"}


def toolbox(file: Source) -> Assessment:
    """The answers of a workbook, by the hidden sheets that say what each text counts.

    Raises
    ------
    InvalidInput
        With every cell that cannot be read.
    """
    return _Toolbox(file).read()


@dataclass
class _Toolbox:
    """A workbook that is being read, and what is wrong with it so far."""

    file: Source
    issues: list[Issue] = field(default_factory=list)
    sets: dict[str, dict[str, float]] = field(default_factory=dict)
    shown: dict[str, list[str]] = field(default_factory=dict)
    of: dict[str, str] = field(default_factory=dict)
    strange: set[tuple[str, str]] = field(default_factory=set)

    def read(self) -> Assessment:
        """Everything that it says."""
        book = self.file.sheets
        absent = [name for name in (INTERVIEW, QUESTIONS, SETS) if name not in book]
        if absent:
            raise InvalidInput([Issue(Location(self.file.path), "SL104", _incomplete(absent))])
        self._answer_sets(book[SETS])
        self._questions(book[QUESTIONS])
        if self.issues:
            raise InvalidInput(self.issues)
        rows = list(self._rows(book[INTERVIEW]))
        if not rows and not self.issues:
            raise InvalidInput([Issue(_corner(book[INTERVIEW], self.file), "SL104", _NO_CODES)])
        answers = self._scores([(code, at, cells[0]) for code, at, cells in rows])
        planned, phase, left = self._roadmap(book.get(ROADMAP), answers)
        if self.issues:
            raise InvalidInput(self.issues)
        return Assessment(answers, planned, phase, _about(book[INTERVIEW]), (*left, *_notes(book[INTERVIEW])))

    def _wrong(self, cell: Cell, message: str) -> None:
        shown = f'"{cell.text[:60]}"' if not cell.empty else "empty"
        self.issues.append(Issue(cell.at, "SL104", f"{shown}: {message}"))

    def _answer_sets(self, sheet: Sheet) -> None:
        for row in sheet.table("ANS_SET_CODE", "A"):
            name = row["ANS_SET_CODE"].text
            texts = {column: row[column] for column in _TEXTS if column in row and not row[column].empty}
            self.sets[name], self.shown[name] = {}, [cell.text for cell in texts.values()]
            for column, cell in texts.items():
                weight = row.get(f"{column}_W", Cell(cell.at))
                score = {str(one).removesuffix(".0"): one for one in SCORES}.get(weight.text)
                if score is None:
                    self._wrong(weight, f"what this answer counts is 0, 0.25, 0.5 or 1 in column {column}_W")
                else:
                    self.sets[name][_plain(cell.text)] = score
        if not self.sets and not self.issues:
            self.issues.append(Issue(_corner(sheet, self.file), "SL104", f"the sheet {SETS} has no sets of answers"))

    def _questions(self, sheet: Sheet) -> None:
        for row in sheet.table("ID", "Answer Option"):
            code = code_of(row["ID"].text)
            if code is None:
                self._wrong(row["ID"], strange(row["ID"].text))
            elif row["Answer Option"].text not in self.sets:
                self._wrong(row["Answer Option"], f"the sheet {SETS} has no such set of answers")
            else:
                self.of[code] = row["Answer Option"].text

    def _rows(self, sheet: Sheet) -> Iterator[tuple[str, Cell, tuple[Cell, ...]]]:
        """Each row with a code: the code, its cell, and the cells below the headings "Answer"."""
        columns: list[int] = []
        read: dict[str, Cell] = {}
        for row in sheet.rows:
            heads = [k for k, cell in enumerate(row) if cell.text.casefold() == "answer"]
            columns = heads or columns
            at = next((cell for cell in row if looks_like_a_code(cell.text)), None)
            if at is None or heads or not columns:
                continue
            code = code_of(at.text)
            if code is None:
                self._wrong(at, strange(at.text))
            elif code in read:
                self._wrong(at, f"stands twice, first in {str(read[code].at).rpartition('!')[2]}; remove one row")
            else:
                read[code] = at
                yield code, at, tuple(row[k] for k in columns if k < len(row))

    def _scores(self, cells: Sequence[tuple[str, Cell, Cell]]) -> dict[str, float]:
        scores: dict[str, float] = {}
        for code, at, cell in cells:
            if fault := cell.fault or at.fault:
                self.issues.append(Issue(cell.at, "SL104", fault))
            # A formula that refers to a cell without an answer gives 0.
            elif cell.text.casefold() not in UNANSWERED and cell.text != "0":
                score = self._score(code, cell)
                if score is not None:
                    scores[code] = score
        return scores

    def _score(self, code: str, cell: Cell) -> float | None:
        name, text = self.of.get(code), _plain(cell.text)
        score = self.sets[name].get(text) if name else None
        # A formula of the roadmap repeats what is wrong in the interview.
        if score is not None or (code, text) in self.strange:
            return score
        self.strange.add((code, text))
        if name is None:
            self._wrong(cell, f"the sheet {QUESTIONS} does not say which answers {code} has")
        else:
            self._wrong(cell, f"is none of the answers to {code}; {_nearest(cell.text, self.shown[name])}")
        return None

    def _roadmap(
        self, sheet: Sheet | None, answers: Mapping[str, float]
    ) -> tuple[dict[str, float], str, tuple[str, ...]]:
        """The last phase in which anything differs from today, what it is called, and what could not be read."""
        if sheet is None:
            return {}, "", ()
        names = _phases(sheet)
        rows = list(self._rows(sheet))
        if self._without_values(sheet):
            return {}, "", (f"the sheet {ROADMAP}: its formulas have no values; open the file and save it once",)
        if len(names) < 2 or any(len(cells) < len(names) for *_, cells in rows):
            return {}, "", ()
        last = self._scores([(code, at, cells[-1]) for code, at, cells in rows])
        higher = {code: score for code, score in last.items() if score > answers.get(code, 0.0)}
        lower = sorted(code for code, score in answers.items() if last.get(code, 0.0) < score)
        left = (f"phase {names[-1]!r} is below today for {', '.join(lower)}",) if higher and lower else ()
        return (last, names[-1], left) if higher else ({}, "", ())

    def _without_values(self, sheet: Sheet) -> bool:
        """Whether the codes of a sheet are formulas without a value; an answer beside one is told."""
        ids = [row[0].fault == NEVER for row in sheet.rows if row]
        headed = next((k for k, row in enumerate(sheet.rows) if _heads(row)), None)
        if not any(ids) or headed is None:
            return False
        columns = _heads(sheet.rows[headed])
        for row in sheet.rows[headed:]:
            if row[0].fault == NEVER:
                written = [row[k] for k in columns if row[k].text]
                self.issues += [Issue(cell.at, "SL104", f'"{cell.text[:60]}": {_BESIDE}') for cell in written]
        return True


_NO_CODES = (
    "there are no codes such as G-SM-A-1-1 in the hidden column A; give the toolbox of SAMM 2 as it is published"
)
_BESIDE = "the code of this row is a formula that has no value yet; open the file in a spreadsheet program and save it"


def _incomplete(absent: Sequence[str]) -> str:
    return (
        f"this is a part of SAMM's toolbox: the {'sheet' if len(absent) == 1 else 'sheets'} {' and '.join(absent)}"
        f" {'is' if len(absent) == 1 else 'are'} not there, and without all of them no answer says what it counts; give"
        " the whole workbook, hidden sheets included"
    )


def _corner(sheet: Sheet, file: Source) -> Location:
    return sheet.rows[0][0].at if sheet.rows and sheet.rows[0] else Location(file.path)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _nearest(text: str, texts: Sequence[str]) -> str:
    by_plain = {_plain(one): one for one in texts}
    near = get_close_matches(_plain(text), by_plain, n=1, cutoff=0.6)
    return f'did you mean "{by_plain[near[0]]}"?' if near else "they are: " + "; ".join(texts)


def _heads(row: Sequence[Cell]) -> list[int]:
    return [k for k, cell in enumerate(row) if cell.text.casefold() == "answer"]


def _phases(sheet: Sheet) -> list[str]:
    """What stands above each heading "Answer" of the first row that has them."""
    for k, row in enumerate(sheet.rows):
        heads = _heads(row)
        if heads:
            above = sheet.rows[k - 1] if k else row
            return [above[column].text or f"column {column + 1}" for column in heads]
    return []


def _about(sheet: Sheet) -> dict[str, str]:
    about = {}
    for row in sheet.rows:
        for k, cell in enumerate(row):
            for key, label in _ABOUT.items():
                if cell.text.casefold() == label.casefold():
                    about[key] = next((clean(other.text) for other in row[k + 1 :] if not other.empty), "")
    return {key: text for key, text in about.items() if text}


def _notes(sheet: Sheet) -> tuple[str, ...]:
    """How many notes there are; they are people's words, and no part of a plan."""
    column = next((k for row in sheet.rows for k, cell in enumerate(row) if cell.text == "Interview Notes"), None)
    if column is None:
        return ()
    count = sum(not row[column].empty for row in sheet.rows if any(looks_like_a_code(cell.text) for cell in row))
    return (f"{count} interview notes",) if count else ()
