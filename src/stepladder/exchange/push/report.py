"""What a push would do, and has done, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.exchange.push.engine import Action, Conflict, Done, Steps, summary
from stepladder.wording.page import Page, Style
from stepladder.wording.text import quote

FORMAT = "stepladder-pushed/1"
#: Steps that are shown; the rest is in --json.
SHOWN = 30
VERBS = {
    "create": "create",
    "change": "change",
    "reopen": "open again",
    "close": "close",
    "link": "link",
    "unlink": "unlink",
    "nest": "put below",
}


def push_text(steps: Steps, done: Done | None = None, style: Style | None = None) -> str:
    """A line for each step, what people moved, what could not be done."""
    page = Page(style or Style())
    actions = steps.actions if done is None else tuple(done.actions)
    counts = ", ".join(f"{VERBS[verb]} {count:,}" for verb, count in summary(actions).items() if count)
    if not steps.actions and not steps.conflicts:
        page.say("Nothing to do: what is there is what is planned.", kind="bold")
    elif done is None:
        page.say(f"Would do: {counts or 'nothing'}. Nothing has been changed; with --apply it is done.", kind="bold")
    else:
        page.say(f"Done: {counts or 'nothing'}.", kind="bold")
    for action in actions[:SHOWN]:
        page.say(_line(action), 2, mark="- ", most=2)
    if len(actions) > SHOWN:
        page.say(f"… and {len(actions) - SHOWN:,} more (--json)", 2)
    _aside(page, steps)
    if done is not None and done.unread:
        page.heading("DONE BY ITS ANSWERS ONLY: IT COULD NOT BE READ BACK")
        page.say(done.unread, 2, most=4)
    if done is not None and (done.failed or done.drift):
        page.heading("NOT DONE")
        for action, why in done.failed:
            sentence, *lines = why.splitlines() or [""]
            page.say(f"{_line(action)}: {sentence}", 2, mark="- ", most=4)
            for line in lines:
                # To be copied into a mapping.
                page.say(line, 2 + len(line) - len(line.lstrip()), most=1)
        for conflict in done.drift:
            page.say(f"the tracker has it otherwise: {_conflict(conflict)}", 2, mark="- ", most=2)
    return page.text()


def _aside(page: Page, steps: Steps) -> None:
    """What is left alone, and steps that are assigned to nobody."""
    if steps.unmapped:
        page.say(
            f"Without a user in the mapping, so that their steps are assigned to nobody: {', '.join(steps.unmapped)}."
        )
    if steps.conflicts:
        page.heading("MOVED BY SOMEBODY THERE, AND LEFT ALONE (--ours or --theirs decides)")
        for conflict in steps.conflicts:
            page.say(_conflict(conflict), 2, mark="- ", most=2)
    if steps.strangers:
        page.heading("OF ANOTHER PLAN, OR PUSHED FROM ELSEWHERE: LEFT ALONE (--adopt takes them over)")
        page.say(", ".join(steps.strangers[:SHOWN]), 2, most=4)


def _line(action: Action) -> str:
    title = f"{action.mark} {quote(action.title, 60)}"
    if action.verb in ("link", "unlink"):
        return f"{VERBS[action.verb]} {action.first} before {title}"
    if action.verb == "nest":
        return f"put {title} below {action.first}"
    what = ", ".join(
        f"{name} {value}" if action.verb == "create" or name not in ("text", "container") else name
        for name, value in action.fields.items()
        if action.verb == "create" or name != "title"
    )
    return f"{VERBS[action.verb]} {title}{f': {what}' if what else ''}{f' ({action.why})' if action.why else ''}"


def _conflict(row: Conflict) -> str:
    return (
        f"{row.mark} {quote(row.title, 60)}: {row.field} {row.theirs or 'empty'} there, {row.ours or 'empty'} in"
        " the plan"
    )


def push_json(steps: Steps, done: Done | None = None) -> str:
    """The same for programs, as ``stepladder-pushed/1``."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "applied": done is not None,
        "counts": summary(steps.actions if done is None else done.actions),
        "actions": [vars(action) for action in (steps.actions if done is None else done.actions)],
        "conflicts": [vars(conflict) for conflict in steps.conflicts],
        "strangers": list(steps.strangers),
        **({"unmapped": list(steps.unmapped)} if steps.unmapped else {}),
        "failed": [] if done is None else [{**vars(action), "error": why} for action, why in done.failed],
        "drift": [] if done is None else [vars(conflict) for conflict in done.drift],
        "unread": "" if done is None else done.unread,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
