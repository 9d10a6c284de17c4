"""What differs between two plans: text for a terminal, Markdown for a pull request, JSON for programs."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.difference import KINDS, Changed, Difference, Moved, MoveKind
from stepladder.data.formats.money import MOST_DIGITS
from stepladder.data.formats.plan import Plan
from stepladder.wording import numbers
from stepladder.wording.numbers import bare
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, cut
from stepladder.wording.words import title

FORMAT = "stepladder-diff/1"
#: Steps of a kind, and values of the question, that are shown; the rest is in --json.
SHOWN = 40
VALUES = 15
#: No markup, no link, no mention, no issue's number: a word joiner after a mark makes it a plain one.
_MARKS = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "@\u2060",
        "#": "#\u2060",
        **{mark: "\\" + mark for mark in "\\`*_[]|~"},
    }
)
HEADINGS: dict[MoveKind, str] = {
    "earlier": "EARLIER",
    "later": "LATER",
    "new": "NEW",
    "dropped": "DROPPED",
    "gone": "NOT ASKED ANY MORE",
}


def diff_text(held: Difference, style: Style | None = None) -> str:
    """What moved, with its reason, after what changed in the question and in the figures."""
    page = Page(style or Style())
    page.say(title(held.after.problem.title or "The plan"), kind="bold", most=2)
    page.say(_count(held))
    if held.question:
        page.heading("WHAT CHANGED IN THE QUESTION")
        for changed in held.question[:VALUES]:
            page.say(_value(changed), 2, mark="- ", most=3)
        if len(held.question) > VALUES:
            page.say(f"… and {len(held.question) - VALUES:,} more (--json)", 2)
    page.heading("WHAT IT DOES TO THE FIGURES")
    page.table(["", "before", "after", "change"], _figures(held), "lrrr")
    for kind in KINDS:
        moved = held.of(kind)
        if moved:
            page.heading(HEADINGS[kind])
        for one in moved[:SHOWN]:
            page.say(f"{title(one.title)}: {_where(one)}", 2, mark="- ", kind="bold", most=2)
            page.say(_reason(one), 4, most=4)
        if len(moved) > SHOWN:
            page.say(f"… and {len(moved) - SHOWN:,} more (--json)", 2)
    return page.text()


def _count(held: Difference) -> str:
    counts = [
        f"{len(held.of(kind)):,} {'not asked any more' if kind == 'gone' else kind}" for kind in KINDS if held.of(kind)
    ]
    if not counts:
        return (
            f"Nothing moves: {numbers.count(held.same, 'planned step')} where"
            f" {'it was' if held.same == 1 else 'they were'}."
        )
    return (
        f"{', '.join(counts)}; {numbers.count(held.same, 'planned step')} where"
        f" {'it was' if held.same == 1 else 'they were'}."
    )


def _value(changed: Changed) -> str:
    before, after = (_shown(value) for value in (changed.before, changed.after))
    if changed.before is None:
        return f"{clean(changed.path)}: {after}, new"
    return (
        f"{clean(changed.path)}: {before}, gone"
        if changed.after is None
        else f"{clean(changed.path)}: {before} → {after}"
    )


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return numbers.amount(value, MOST_DIGITS) if abs(value) >= 1 or value == 0 else f"{value:g}"
    return cut(clean(str(value)), 60)


def _figures(held: Difference) -> list[list[str]]:
    currency = held.after.problem.currency
    before, after = held.before, held.after
    pairs = [
        ("Money in the horizon", before.totals.spend, after.totals.spend),
        (
            "Loss a year, at the end",
            before.totals.tail_expected_loss_per_year,
            after.totals.tail_expected_loss_per_year,
        ),
        ("Loss, present value", before.totals.loss_present_value, after.totals.loss_present_value),
    ]
    unit = f", {currency}" if currency else ""
    rows = [
        [name + unit, bare(a, currency), bare(b, currency), ("+" if b > a else "") + bare(b - a, currency)]
        for name, a, b in pairs
    ]
    gaps = [numbers.gap(plan.objective.gap) if plan.objective.gap is not None else "–" for plan in (before, after)]
    return [
        *rows,
        [
            "Steps planned",
            f"{len(before.starts):,}",
            f"{len(after.starts):,}",
            f"{len(after.starts) - len(before.starts):+,}",
        ],
        ["Gap", *gaps, ""],
    ]


def _where(moved: Moved) -> str:
    if moved.before is None:
        return f"starts in {clean(moved.after or '')}"
    return (
        f"was to start in {clean(moved.before)}"
        if moved.after is None
        else f"{clean(moved.before)} → {clean(moved.after)}"
    )


def _reason(moved: Moved) -> str:
    text = clean(moved.reason)
    return f"{text[:1].upper()}{text[1:]}."


def diff_markdown(held: Difference) -> str:
    """Tables for a pull request; what people wrote is escaped."""
    lines = [f"**{_escaped(held.after.problem.title or 'The plan')}**: {_count(held)}"]
    lines += _table(["", "before", "after", "change"], _figures(held))
    lines += _table(
        ["step", "before", "after", "why"],
        [[moved.title, moved.before or "–", moved.after or "–", _reason(moved)] for moved in held.moved],
    )
    values = [
        [changed.path, *("–" if value is None else _shown(value) for value in (changed.before, changed.after))]
        for changed in held.question
    ]
    lines += _table(["in the question", "before", "after"], values)
    return "\n".join(lines) + "\n"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    shown = [[_escaped(cell) for cell in row] for row in rows[:SHOWN]]
    more = ["", f"… and {len(rows) - SHOWN:,} more rows (--json)"] if len(rows) > SHOWN else []
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *shown)), *more]


def _escaped(text: str) -> str:
    """Text that Markdown, and trackers that read it, take for nothing else."""
    return clean(text).translate(_MARKS)


def diff_json(held: Difference) -> str:
    """The same for programs, as ``stepladder-diff/1``."""
    found = {
        "format": FORMAT,
        "title": held.after.problem.title,
        "same": held.same,
        "moved": [vars(moved) for moved in held.moved],
        "question": [vars(changed) for changed in held.question],
        "before": _facts(held.before),
        "after": _facts(held.after),
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _facts(plan: Plan) -> dict[str, Any]:
    return {"spend": plan.totals.spend, **plan.objective.model_dump(mode="json")}
