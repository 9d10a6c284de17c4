"""What ``check`` says of a file that is no question: as what it was checked, what is in it, and what can only be
checked with another file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.analysis.model import model
from stepladder.data.formats.actuals import Actuals
from stepladder.data.formats.mapping import TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.scenario import Profiles
from stepladder.data.kinds import CheckedFile, as_what
from stepladder.data.resolving.follows import of_catalogue
from stepladder.data.resolving.follows import said as said_of
from stepladder.errors import Fault
from stepladder.output.models import named, size
from stepladder.output.verified import verify_text
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.page import Page, Style
from stepladder.wording.text import listed

FORMAT = "stepladder-checked/1"
#: Names that are shown; nobody reads more.
SHOWN = 12


def file_text(
    file: CheckedFile, rules: Mapping[str, str], faults: Sequence[Fault] = (), style: Style | None = None
) -> str:
    """As what a file was checked and what is in it; of a plan also every rule.

    Parameters
    ----------
    file
        The file.
    rules, faults
        Of a plan: what is checked, and what it breaks.
    style
        Width and colour; 80 columns without colour when left out.
    """
    page, record = Page(style or Style()), file.record
    if isinstance(record, Plan):
        said = _("{file}: checked as {what}.", file=file.name, what=as_what(file.format))
        page.say(said, kind="bad" if faults else "good")
        page.blank()
        return f"{page.text()}\n{verify_text(record, rules, faults, style)}"
    page.say(_("{file}: valid, checked as {what}.", file=file.name, what=as_what(file.format)), kind="good")
    if isinstance(record, Profiles):
        _profiles(page, record)
    elif isinstance(record, Actuals):
        _actuals(page, record)
    elif isinstance(record, TrackerMap):
        _mapping(page, record)
    else:
        page.say(f"{named(record)}: {size(record)}.")
        following = of_catalogue(record)
        if following:
            page.say(said_of(following, _("left out of plans, unless they ask to wait longer")))
        page.say(_("All of it: stepladder catalogue {file}", file=file.name))
    return page.text()


def _profiles(page: Page, record: Profiles) -> None:
    names = f": {listed(list(record.profiles), SHOWN)}" if record.profiles else ""
    page.say(f"{numbers.count(len(record.profiles), 'target profile')}{names}.")
    page.say(
        _(
            "Whether a catalogue has their practices, scales and levels is checked with a scenario that names this file"
            " under `profiles_from`."
        )
    )


def _actuals(page: Page, record: Actuals) -> None:
    states = _states(record)
    counted = [_(_STATES[state], count=numbers.whole(count)) for state, count in states.items()]
    which = f" ({listed(counted, len(counted))})" if counted else ""
    page.say(
        _(
            "What has happened before {period}: {steps} and {threats}.",
            period=record.as_of,
            steps=numbers.count(len(record.steps), "step") + which,
            threats=numbers.count(len(record.threats), "threat"),
        )
    )
    page.say(
        _("Whether a plan has these steps, threats and periods is checked with: stepladder replan PLAN --actuals FILE")
    )


#: How many steps are in a state.
_STATES = {
    "done": mark("{count} done"),
    "running": mark("{count} running"),
    "slipped": mark("{count} slipped"),
    "cancelled": mark("{count} cancelled"),
}


def _mapping(page: Page, record: TrackerMap) -> None:
    keys = record.keys
    page.say(_("It sets {keys}.", keys=listed(list(keys), len(keys))) if keys else _("It sets nothing."))
    page.say(
        _(
            "Whether a tracker has a place for these keys, and has these names, is checked with: stepladder push PLAN"
            " --to … --map FILE"
        )
    )


def _states(record: Actuals) -> dict[str, int]:
    counted = Counter(step.status for step in record.steps.values())
    return {state: counted[state] for state in ("done", "running", "slipped", "cancelled") if counted[state]}


def file_json(file: CheckedFile, faults: Sequence[Fault] = ()) -> str:
    """The same for programs, as ``stepladder-checked/1``."""
    document = {
        "format": FORMAT,
        "file": file.name,
        "checked_as": file.format,
        "valid": not faults,
        **_facts(file),
        "faults": [fault._asdict() for fault in faults],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _facts(file: CheckedFile) -> dict[str, Any]:
    """What is in the file, and whether something is left that only another file can say."""
    record = file.record
    if isinstance(record, Plan):
        return {
            "complete": True,
            "title": record.problem.title,
            "steps_planned": len(record.starts),
            "status": record.status,
        }
    if isinstance(record, Profiles):
        return {"complete": False, "profiles": list(record.profiles)}
    if isinstance(record, Actuals):
        return {"complete": False, "as_of": record.as_of, "steps": _states(record), "threats": list(record.threats)}
    if isinstance(record, TrackerMap):
        return {"complete": False, "keys": list(record.keys)}
    steps = len(model(file.name, record, shipped=False).costs)
    return {"complete": True, "title": record.catalogue.title, "practices": len(record.places), "steps": steps}
