"""What differs between two plans: text for a terminal, Markdown for a pull request, JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from typing import Any

from stepladder.analysis.difference import KINDS, Difference, Moved, MoveKind
from stepladder.analysis.sides import Changed
from stepladder.data.formats.money import MOST_DIGITS
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import POINTS, objective_of, tells_losses
from stepladder.output.policies import begun, insurance_change, years_text
from stepladder.output.report.cells import MORE
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, pair, plural
from stepladder.wording.numbers import bare
from stepladder.wording.page import Page, Style
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, cut
from stepladder.wording.words import title

FORMAT = "stepladder-diff/1"
#: Steps of a kind, and values of the question, that are shown; the rest is in --json.
SHOWN = 40
VALUES = 200
#: No markup, no link, no mention, no issue's number: a word joiner after a mark makes it a plain one.
_MARKS = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        "@": "@\u2060",
        "#": "#\u2060",
        **{sign: "\\" + sign for sign in "\\`*_[]|~"},
    }
)
HEADINGS: dict[MoveKind, str] = {
    "earlier": mark("EARLIER"),
    "later": mark("LATER"),
    "new": mark("NEW"),
    "dropped": mark("DROPPED"),
    "gone": mark("NOT ASKED ANY MORE"),
}
#: The same, with how many.
COUNTED: dict[MoveKind, str] = {
    "earlier": mark("{count} earlier"),
    "later": mark("{count} later"),
    "new": mark("{count} new"),
    "dropped": mark("{count} dropped"),
    "gone": mark("{count} not asked any more"),
}


def diff_text(difference: Difference, style: Style | None = None) -> str:
    """What moved, with its reason, after what changed in the question and in the figures."""
    page = Page(style or Style())
    page.say(title(difference.after.problem.title or _("The plan")), kind="bold", most=2)
    page.say(_count(difference))
    _question(page, difference)
    page.heading(_("WHAT IT DOES TO THE FIGURES"))
    page.table(["", _("before"), _("after"), _("change")], _figures(difference), "lrrr")
    for kind in KINDS:
        moved = difference.of(kind)
        if moved:
            page.heading(_(HEADINGS[kind]))
        for one in moved[:SHOWN]:
            page.say(f"{title(one.title)}: {_where(one)}", 2, mark="- ", kind="bold", most=2)
            page.say(_reason(one), 4, most=4)
        if len(moved) > SHOWN:
            page.say(_("… and {count} more (--json)", count=numbers.whole(len(moved) - SHOWN)), 2)
    if difference.policies:
        page.heading(_("INSURANCE"))
    for change in difference.policies:
        page.say(insurance_change(change, difference.after.problem.currency), 2, mark="- ", most=4)
    return page.text()


def _question(page: Page, difference: Difference) -> None:
    """What changed, of limits that change together the longest one."""
    inside = Counter(changed.within for changed in difference.question)
    shown = [changed for changed in difference.question if not changed.within]
    if shown:
        page.heading(_("WHAT CHANGED IN THE QUESTION"))
    for changed in shown[:VALUES]:
        shorter = inside[changed.path]
        said = _value(changed, difference.after.problem.currency)
        if shorter:
            said = _("{change} (and in {limits})", change=said, limits=numbers.count(shorter, "shorter limit"))
        page.say(said, 2, mark="- ", most=4)
    if len(shown) > VALUES:
        page.say(_("… and {count} more (--json)", count=numbers.whole(len(shown) - VALUES)), 2)


def _count(difference: Difference) -> str:
    counts = [_(COUNTED[kind], count=numbers.whole(len(difference.of(kind)))) for kind in KINDS if difference.of(kind)]
    if difference.policies:
        policies = numbers.count(len(difference.policies), "policy", "policies")
        counts.append(_("{policies} not in force as before", policies=policies))
    same = {"steps": numbers.count(difference.same, "planned step"), "changes": ", ".join(counts)}
    return plural(*(_MOVING if counts else _STILL), difference.same, **same)


_STILL = pair("Nothing moves: {steps} where it was.", "Nothing moves: {steps} where they were.")
_MOVING = pair("{changes}; {steps} where it was.", "{changes}; {steps} where they were.")


def _value(changed: Changed, currency: str) -> str:
    unit = f" {currency}" if changed.unit == "money" and currency else ""
    before, after = _pair(changed, currency)
    what = clean(said(changed.what))
    if changed.before is None:
        return _("{what}: {value}, new", what=what, value=f"{after}{unit}")
    if changed.after is None:
        return _("{what}: {value}, gone", what=what, value=f"{before}{unit}")
    return f"{what}: {before} → {after}{unit}"


def _pair(changed: Changed, currency: str) -> tuple[str, str]:
    """Both values: money as everywhere, unless it takes all digits to tell one amount from the other."""
    values = changed.before, changed.after
    if changed.unit == "money":
        one, other = ("–" if value is None else bare(float(value), currency) for value in values)
        if one != other:
            return one, other
    one, other = ("–" if value is None else _shown(value) for value in values)
    return one, other


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, (int, float)):
        # Of large amounts that were computed, nobody reads more than the cents.
        return (
            numbers.amount(value, 2 if abs(value) >= 1000 else MOST_DIGITS)
            if abs(value) >= 1 or not value
            else f"{value:g}"
        )
    return cut(clean(said(value) if isinstance(value, str) else str(value)), 60)


def _figures(difference: Difference) -> list[list[str]]:
    currency = difference.after.problem.currency
    before, after = difference.before, difference.after
    pairs = [(_("Money in the horizon"), before.cost, after.cost)]
    if any(plan.problem.tells_afterwards for plan in (before, after)):
        pairs.append((_("Cost a year afterwards"), before.afterwards, after.afterwards))
    if any(tells_losses(plan.problem) for plan in (before, after)):
        one, other = before.totals, after.totals
        pairs += [
            (_("Loss a year, at the end"), one.tail_expected_loss_per_year, other.tail_expected_loss_per_year),
            (_("Loss, present value"), one.loss_present_value, other.loss_present_value),
        ]
    rows = [_figure(name, a, b, currency) for name, a, b in pairs]
    if any(objective_of(plan.problem).points for plan in (before, after)):
        was, now = (plan.totals.points_present_value for plan in (before, after))
        rows.append(_figure(_("Worth, present value"), was, now, POINTS))
    gaps = [numbers.gap(plan.objective.gap) if plan.objective.gap is not None else "–" for plan in (before, after)]
    return [
        *rows,
        [
            _("Steps planned"),
            numbers.whole(len(before.starts)),
            numbers.whole(len(after.starts)),
            f"{len(after.starts) - len(before.starts):+,}",
        ],
        [_("Gap"), *gaps, ""],
    ]


def _figure(name: str, before: float, after: float, unit: str) -> list[str]:
    """A figure of both plans, and what it changes by."""
    change = ("+" if after > before else "") + bare(after - before, unit)
    return [name + (f", {unit}" if unit else ""), bare(before, unit), bare(after, unit), change]


def _where(moved: Moved) -> str:
    if moved.before is None:
        return _("starts in {period}", period=clean(moved.after or ""))
    return (
        _("was to start in {period}", period=clean(moved.before))
        if moved.after is None
        else f"{clean(moved.before)} → {clean(moved.after)}"
    )


def _reason(moved: Moved) -> str:
    return begun(said(moved.reason))


def diff_markdown(difference: Difference) -> str:
    """Tables for a pull request; what people wrote is escaped."""
    lines = [f"**{_escaped(difference.after.problem.title or _('The plan'))}**: {_count(difference)}"]
    lines += _table(["", _("before"), _("after"), _("change")], _figures(difference))
    lines += _table(
        [_("step"), _("before"), _("after"), _("why")],
        [[moved.title, moved.before or "–", moved.after or "–", _reason(moved)] for moved in difference.moved],
    )
    currency = difference.after.problem.currency
    held = [
        [
            change.title,
            years_text(change.before, currency),
            years_text(change.after, currency),
            begun(said(change.reason)),
        ]
        for change in difference.policies
    ]
    lines += _table([_("policy"), _("before"), _("after"), _("why")], held)
    values = [
        [said(changed.what), *_pair(changed, difference.after.problem.currency)] for changed in difference.question
    ]
    lines += _table([_("in the question"), _("before"), _("after")], values)
    return "\n".join(lines) + "\n"


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    if not rows:
        return []
    shown = [[_escaped(cell) for cell in row] for row in rows[:SHOWN]]
    left = numbers.count(len(rows) - SHOWN, *MORE["row"])
    more = ["", _("… and {more} ({where})", more=left, where="--json")] if len(rows) > SHOWN else []
    return ["", *(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *shown)), *more]


def _escaped(text: str) -> str:
    """Text that Markdown, and trackers that read it, take for nothing else."""
    return clean(text).translate(_MARKS)


def diff_json(difference: Difference) -> str:
    """The same for programs, as ``stepladder-diff/1``."""
    document = {
        "format": FORMAT,
        "title": difference.after.problem.title,
        "same": difference.same,
        "moved": [vars(moved) for moved in difference.moved],
        **({"policies": [asdict(change) for change in difference.policies]} if difference.insured else {}),
        "question": [vars(changed) for changed in difference.question],
        "before": _facts(difference.before),
        "after": _facts(difference.after),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _facts(plan: Plan) -> dict[str, Any]:
    return {"spend": plan.cost, **plan.objective.model_dump(mode="json")}
