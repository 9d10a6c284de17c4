"""Assessments by SAMM, made up in the shapes in which its programs write them."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter

from stepladder.exchange.samm_model import ACTIVITIES, FUNCTIONS, LEVELS

#: Two sets of answers, which share a text that counts differently in each.
SETS = (("No", "Yes, a bit", "Yes, half of it", "Yes, all"), ("No", "Yes, all", "Yes, each year", "Yes, each month"))
WEIGHTS = (0, 0.25, 0.5, 1)


def set_of(code: str) -> int:
    """Which set of answers an activity has here: by its stream."""
    return 0 if "-A-" in code else 1


def text_of(code: str, score: float) -> str:
    """The answer that counts so much."""
    return SETS[set_of(code)][WEIGHTS.index(score)]


def toolbox(
    answers: Mapping[str, object] | None = None,
    phases: Mapping[str, object] | None = None,
    *,
    computed: bool = True,
    without: Sequence[str] = (),
    ids: Mapping[str, str] | None = None,
    sets: Sequence[Sequence[Any]] | None = None,
    questions: Sequence[tuple[str, int]] | None = None,
    above: int = 0,
    twice: str = "",
) -> bytes:
    """A toolbox: answers by code as text (numbers are what the text counts), and the same of its last phase.

    Where it is not computed, its formulas have no values, as in a file that a script wrote.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    names = [name for name in ("Interview", "Roadmap", "imp-questions", "imp-answers") if name not in without]
    sheets = {name: book.add_worksheet(name) for name in names}
    if "Interview" in sheets:
        _interview(sheets["Interview"], answers or {}, ids or {}, above, twice)
    if "Roadmap" in sheets:
        _roadmap(sheets["Roadmap"], answers or {}, phases or {}, computed, above)
    if "imp-questions" in sheets:
        sheets["imp-questions"].write_row(0, 0, ["ID", "Activity", "Maturity", "Question", "Answer Option"])
        rows = [(f"{code}-1", set_of(code)) for code in ACTIVITIES] if questions is None else questions
        for k, (code, option) in enumerate(reversed(rows), start=1):
            sheets["imp-questions"].write_row(k, 0, [code, "made up", 1, "made up?", option])
    if "imp-answers" in sheets:
        sheets["imp-answers"].write_row(0, 0, ["ANS_SET_CODE", *"ABCD", *(f"{letter}_W" for letter in "ABCD")])
        for k, row in enumerate(sets or [(k, *texts, *WEIGHTS) for k, texts in enumerate(SETS)], start=1):
            sheets["imp-answers"].write_row(k, 0, row)
    book.close()
    return memory.getvalue()


def _answer(code: str, value: object) -> object:
    return text_of(code, value) if isinstance(value, float) else value


def _interview(sheet: Any, answers: Mapping[str, object], ids: Mapping[str, str], above: int, twice: str) -> None:
    for k, (label, value) in enumerate({"Organization:": "Mill & Co", "Team/Application:": "Press"}.items()):
        sheet.write(10 + k + above, 1, label)
        sheet.write(10 + k + above, 3, value)
    row = 15 + above
    for letter, (title, practices) in FUNCTIONS.items():
        sheet.write(row, 1, title)
        for short, (name, *streams) in practices.items():
            head = ["Stream", "Level", name, "", "Answer", "", "", "Interview Notes", "Rating"]
            sheet.write_row(row + 1, 1, head)
            row += 2
            for mark, stream in zip("AB", streams, strict=True):
                for level in LEVELS:
                    code = f"{letter}-{short}-{mark}-{level}"
                    sheet.write(row, 0, ids.get(code, f"{code}-1"))
                    sheet.write_formula(row, 1, "=1", None, stream)
                    if code in answers:
                        sheet.write(row, 5, _answer(code, answers[code]))
                    row += 2
            row += 1
    if twice:
        sheet.write(row, 0, f"{twice}-1")


def _roadmap(
    sheet: Any, answers: Mapping[str, object], phases: Mapping[str, object], computed: bool, above: int
) -> None:
    heads = ["Current", "Phase 1", "Phase 2"]
    for k, head in enumerate(heads):
        sheet.write(15 + above, 5 + 4 * k, head)
    sheet.write_row(16 + above, 1, ["Stream", "Level", "made up", ""])
    for k, _ in enumerate(heads):
        sheet.write(16 + above, 5 + 4 * k, "Answer")
    for row, code in enumerate(ACTIVITIES, start=17 + above):
        sheet.write_formula(row, 0, f"=Interview!A{row}", None, f"{code}-1" if computed else "")
        current = _answer(code, answers.get(code, 0))
        for k, _ in enumerate(heads):
            if k == len(heads) - 1 and code in phases:
                sheet.write(row, 5 + 4 * k, _answer(code, phases[code]))
            else:
                sheet.write_formula(row, 5 + 4 * k, "=F1", None, current if computed else "")


def samm(answers: Sequence[object], **beside: object) -> str:
    """A ``.samm`` file."""
    assessment = {"version": "2.0.8", "organization": "Mill & Co", "scope": "Press", "date": "2026-05-01"}
    return json.dumps({"formatVersion": "0.1.0", "assessment": {**assessment, "answers": answers}, **beside}, indent=1)


def core(without: Sequence[str] = (), related: Mapping[str, Sequence[str]] | None = None) -> dict[str, str]:
    """The model's own files by name, with made-up ids and titles."""
    files = {f"level_{level}.yml": f"id: m{level}\nnumber: {level}\ntype: MaturityLevel\n" for level in LEVELS}
    for practices in FUNCTIONS.values():
        for short in practices[1]:
            files[f"{short}.yml"] = f"id: p{short}\nshortName: {short}\ntype: Practice\n"
            for level in LEVELS:
                body = f"practice: p{short}\nmaturityLevel: m{level}\nid: l{short}{level}\ntype: PracticeLevel\n"
                files[f"{short}-{level}.yml"] = body
    for code, one in ACTIVITIES.items():
        short, mark = one.stream.split("-")[1:]
        files[f"{one.stream}.yml"] = f"practice: p{short}\nid: s{short}{mark}\nletter: {mark}\ntype: Stream\n"
        others = (related or {}).get(code, ())
        listed = "".join(f"\n- a{other}   #a comment" for other in others)
        files[f"{code}.yml"] = (
            f"---\n#a comment\nstream: s{short}{mark}\nlevel: l{short}{one.level}\nid: a{code}\n"
            f"title: The {code} of ours\nrelatedActivities:{listed}\ntype: Activity\n"
        )
    return {name: text for name, text in files.items() if name not in without}
