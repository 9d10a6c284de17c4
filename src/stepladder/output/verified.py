"""What ``verify`` checked, rule by rule, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from stepladder.data.formats.plan import Plan
from stepladder.errors import Fault
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.page import Page, Style
from stepladder.wording.words import idle, title

#: Faults shown for each rule; the rest is in --json.
SHOWN = 10
FORMAT = "stepladder-verification/1"
BOUND = mark("The bound and the gap are not re-proved: that takes a solver. Only their arithmetic is checked.")


def verify_text(plan: Plan, rules: Mapping[str, str], faults: Sequence[Fault], style: Style | None = None) -> str:
    """Every rule with ok or broken, and below it what breaks it."""
    page = Page(style or Style())
    page.say(title(plan.problem.title or _("The plan")), kind="bold", most=2)
    page.blank()
    for rule, meaning in _complete(rules, faults).items():
        broken = [fault for fault in faults if fault.rule == rule]
        page.say(_(meaning), mark=_("BROKEN  ") if broken else _("ok      "), kind="bad" if broken else "")
        for fault in broken[:SHOWN]:
            page.say(fault.message, 8, mark="- ", most=4)
        if len(broken) > SHOWN:
            page.say(_("… and {count} more (--json)", count=numbers.whole(len(broken) - SHOWN)), 8)
    page.blank()
    if faults:
        page.say(_("Not verified: {faults}.", faults=numbers.count(len(faults), "fault")), kind="bad")
    else:
        page.say(
            _(
                "Verified: {steps}, {rules} checked, none broken.",
                steps=numbers.count(len(plan.starts), "planned step"),
                rules=numbers.count(len(rules), "rule"),
            ),
            kind="good",
        )
    page.say(_(BOUND))
    for note in notes_on(plan):
        page.say(_("Note: {note}", note=note), most=4)
    return page.text()


def notes_on(plan: Plan) -> list[str]:
    """What is no fault, and worth knowing of a file: what it does not say, and what limits nothing."""
    notes = idle(plan.problem, plan.teams)
    if plan.wanted_gap is None:
        notes.append(
            _("The file does not say what gap was wanted, so “optimal” is only known to mean a gap below 100 %.")
        )
    if plan.seal is None:
        notes.append(
            _(
                "The file has no seal, so nothing shows whether its question, its bound or its levels are those that"
                " were written."
            )
        )
    return notes


def verify_json(rules: Mapping[str, str], faults: Sequence[Fault], notes: Sequence[str] = ()) -> str:
    """The same for programs, as ``stepladder-verification/1``."""
    broken = {fault.rule for fault in faults}
    document = {
        "format": FORMAT,
        "verified": not faults,
        "rules": [
            {"rule": rule, "meaning": meaning, "ok": rule not in broken}
            for rule, meaning in _complete(rules, faults).items()
        ],
        "faults": [fault._asdict() for fault in faults],
        "bound": BOUND,
        "notes": list(notes),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _complete(rules: Mapping[str, str], faults: Sequence[Fault]) -> dict[str, str]:
    """The rules, and whatever else a fault names."""
    return {**rules, **{fault.rule: fault.rule for fault in faults if fault.rule not in rules}}
