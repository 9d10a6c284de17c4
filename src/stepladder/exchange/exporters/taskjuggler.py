"""TaskJuggler: a project with fixed dates, whose precedences and milestones it checks.

Work begins and ends with TaskJuggler's own working day, so that a milestone is on its day and after what it needs.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterator, Mapping

from stepladder.data.formats import money
from stepladder.exchange.days import on_or_after, on_or_before
from stepladder.exchange.exporters.mspdi_money import running_work
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.rows import described

#: What begins a link, a tag, emphasis or a heading in a note.
_RICH = str.maketrans("[]<>'|=", "()\u2039\u203a\u2019\u00a6\uff1d")
DAY = datetime.timedelta(days=1)
#: Its working day, with an hour's rest.
MORNING, EVENING, HOURS = "09:00", "18:00", 8


def taskjuggler(plan: Breakdown) -> bytes:
    """Phases hold their steps, with the teams that work on them, and milestones. Money is charged at the start."""
    end = max(plan.phases[-1].finish, *(milestone.date for milestone in plan.dates), plan.finish) + DAY
    lines = [f'project {_name(plan.id)} "{_text(plan.title)}" {min(plan.phases[0].start, plan.start)} - {end} {{']
    lines += [
        '  timeformat "%Y-%m-%d"',
        f'  currency "{_text(plan.currency) or "units"}"',
        "  extend task {",
        '    text ExtId "External id"',
        "  }",
        "}",
        "",
    ]
    lines += ['account money "Money"', 'account none_ "None"', "balance money none_", ""]
    for team, title in plan.teams.items():
        lines.append(f'resource {_name(team)} "{_text(title)}" {{ efficiency {_people(plan, team)} }}')
    paths = {item.id: f"{_phase(item.phase)}.{_name(item.mark)}" for item in plan.items}
    for k, phase in enumerate(plan.phases):
        lines += ["", f'task {_phase(k)} "{_text(phase.title)}" {{']
        for item in (item for item in plan.items if item.phase == k):
            lines += [f"  {line}" for line in _task(plan, item, paths)]
        for milestone in (milestone for milestone in plan.dates if milestone.phase == k):
            lines += [f"  {line}" for line in _milestone(plan, milestone, paths)]
        lines += [f"  {line}" for line in _running(plan, k)]
        lines.append("}")
    lines += [
        "",
        'taskreport roadmap "roadmap" {',
        "  formats csv",
        "  columns id, start, end, complete, resources, ExtId",
        '  timeformat "%Y-%m-%d"',
        "  loadunit days",
        "}",
    ]
    return ("\n".join(lines) + "\n").encode()


def _task(plan: Breakdown, item: Item, paths: Mapping[str, str]) -> list[str]:
    lines = [f'task {_name(item.mark)} "{_text(f"{item.mark} {item.title}")}" {{', f'  ExtId "{_text(item.id)}"']
    lines += [f"  start {item.start}-{MORNING}", f"  end {item.finish}-{EVENING}"]
    # Within one period only the starts are in order.
    lines += [f"  depends {paths[need.id]}{' { onstart }' if need.lag == 0 else ''}" for need in item.needs]
    if item.once:
        lines += ["  chargeset money", f"  charge {money.text(item.once, plan.currency)} onstart"]
    lines += _allocation(plan, item)
    if item.state != "open":
        lines.append(f"  complete {item.percent}")
    lines += [f'  note "{_rich(" ".join(described(plan, item)))}"', "}"]
    return lines


def _people(plan: Breakdown, team: str) -> float:
    """How many people a team stands for: as many as its limits or its work make full-time ones at most."""
    days = ((period.most.get(team, period.used.get(team, 0.0)), period.days) for period in plan.periods)
    return max(1.0, round(max(amount / length for amount, length in days), 2))


def _allocation(plan: Breakdown, item: Item) -> Iterator[str]:
    """Who works on a step, and for how many hours at most: a team's hour is one of each of its people."""
    if not item.effort:
        return
    yield f"  allocate {', '.join(map(_name, item.effort))}"
    yield "  limits {"
    for team, days in item.effort.items():
        hours = max(1, round(days * HOURS / _people(plan, team)))
        yield f"    maximum {hours}h {{ resources {_name(team)} }}"
    yield "  }"


def _running(plan: Breakdown, phase: int) -> list[str]:
    """Running what was built, in one year, with the teams that do it."""
    found = running_work(plan, phase)
    if not found:
        return []
    title = f"Running what was built in {plan.phases[phase].title}"
    lines = [f'task running_{phase + 1} "{_text(title)}" {{']
    first = min(min(days) for days in found.values())
    lines += [f"  start {on_or_after(plan.periods[first].start)}-{MORNING}"]
    lines += [f"  end {on_or_before(min(plan.phases[phase].finish, plan.finish))}-{EVENING}"]
    lines += [f"  allocate {', '.join(map(_name, found))}", "  limits {"]
    for team, days in found.items():
        hours = max(1, round(math.fsum(days.values()) * HOURS / _people(plan, team)))
        lines.append(f"    maximum {hours}h {{ resources {_name(team)} }}")
    return [*lines, "  }", "}"]


def _milestone(plan: Breakdown, milestone: Milestone, paths: Mapping[str, str]) -> list[str]:
    amounts = [premium.amount for premium in plan.premiums if premium.id == milestone.id]
    lines = [
        f'task {_name(milestone.mark)} "{_text(f"{milestone.mark} {milestone.title}")}" {{',
        f'  ExtId "{_text(milestone.id)}"',
        "  milestone",
        f"  start {milestone.date}-{EVENING}",
    ]
    return [
        *lines,
        *(f"  depends {paths[name]}" for name in milestone.items),
        *(f"  chargeset money\n    charge {money.text(amount, plan.currency)} onstart" for amount in amounts if amount),
        f'  note "{_rich(f"Why: {milestone.reason}")}"',
        "}",
    ]


def _phase(number: int) -> str:
    return f"phase_{number + 1}"


def _name(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]", "_", text)
    return name if re.match(r"[A-Za-z_]", name) else f"_{name}"


def _text(text: str) -> str:
    """A string: quotes and backslashes escaped; a macro's call cannot be, so that it is broken."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$ {").replace("-8<-", "-8 <-")


def _rich(text: str) -> str:
    """A note, which is rich text: no link, no tag, no emphasis. It must not begin with what a plan says."""
    return _text(text.translate(_RICH))


FORMAT = Format("taskjuggler", "TaskJuggler 3", ".tjp", taskjuggler)
