"""The progress of teams as DSOMM reads it (``team-progress.yaml``): what is there is written, what is planned stands
beside it as comments, since progress is what has happened.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from stepladder.data.formats.context import Parameter
from stepladder.errors import UsageError
from stepladder.exchange.dsomm_model import DEFAULT, UUID
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item
from stepladder.wording.text import ISOLATE, ISOLATED

#: Days by state, of one team.
States = dict[str, datetime.date]


def dsomm_progress(plan: Breakdown) -> bytes:
    """By UUID and team: the state of today with the day before the plan begins, what is done with its day."""
    by_uuid: dict[str, list[Parameter]] = {}
    for parameter, _ in plan.parameters:
        if UUID.fullmatch(parameter.ref or ""):
            by_uuid.setdefault(str(parameter.ref), []).append(parameter)
    if not by_uuid:
        raise UsageError("nothing in this plan has a UUID of DSOMM as its `ref`; import DSOMM's files first")
    items: dict[str, list[Item]] = {}
    for item in plan.items:
        items.setdefault(item.step.rpartition(".")[0], []).append(item)
    lines = [f"# {plan.title}. What is there, by the plan's file; planned days are comments."]
    body = [line for uuid, parameters in by_uuid.items() for line in _activity(plan, uuid, parameters, items)]
    facts = any(not line.lstrip().startswith("#") for line in body)
    return ("\n".join([*lines, "progress:" if facts else "progress: {}", *body]) + "\n").encode()


def _activity(plan: Breakdown, uuid: str, parameters: list[Parameter], items: dict[str, list[Item]]) -> Iterator[str]:
    told: list[str] = []
    known = False
    for parameter in parameters:
        own = items.get(parameter.id, [])
        facts = _facts(plan, parameter, own)
        planned = {_state(parameter, item): item.finish for item in own if item.state != "done"}
        for team in _teams(plan, parameter) if facts or planned else ():
            known = known or bool(facts)
            told.append(f"    {'' if facts else '# '}{_quoted(team)}:")
            told += [f"      {_quoted(state)}: {day}" for state, day in facts.items()]
            told += [f"      # planned: {_quoted(state)}: {day}" for state, day in planned.items()]
    if told:
        yield f"  {'' if known else '# '}{uuid}:  # {parameters[0].practice}"
        yield from told


def _facts(plan: Breakdown, parameter: Parameter, own: list[Item]) -> States:
    """What is there: of what was there before, the plan does not know the day."""
    facts: States = {}
    if parameter.current > min(map(int, parameter.levels)):
        facts[parameter.levels[str(parameter.current)]] = plan.periods[0].start - datetime.timedelta(days=1)
    done = sorted((item for item in own if item.state == "done"), key=lambda item: item.finish)
    return facts | {_state(parameter, item): item.finish for item in done}


def _state(parameter: Parameter, item: Item) -> str:
    return parameter.levels[item.step.rpartition(".")[2]]


def _teams(plan: Breakdown, parameter: Parameter) -> tuple[str, ...]:
    """Whose state it is: the system's team; of what is shared, all of them."""
    if parameter.system is not None:
        return (plan.systems.get(parameter.system, parameter.system),)
    everyone = dict.fromkeys(other.system for other, _ in plan.parameters if other.system is not None)
    return tuple(plan.systems.get(name, name) for name in everyone) or (_only(plan),)


def _only(plan: Breakdown) -> str:
    """The only team that has work; the one that DSOMM has where nobody names any."""
    titles = [title.strip(ISOLATE + ISOLATED) for title in plan.teams.values()]
    return titles[0] if len(titles) == 1 else DEFAULT


def _quoted(text: str) -> str:
    """In single quotes, those inside it doubled: any name is one word of YAML."""
    return "'" + text.replace("'", "''") + "'"


def _remarks(plan: Breakdown) -> tuple[str, ...]:
    """What somebody who has the file should know."""
    begun = plan.periods[0].start - datetime.timedelta(days=1)
    remarks = [f"states that were there before the plan have the day {begun}, as the plan does not know theirs"]
    if not plan.systems:
        remarks.append(f"all of it is of the team {_only(plan)!r}, the only one that the plan knows")
    return tuple(remarks)


FORMAT = Format("dsomm-progress", "DSOMM's progress of teams", ".yaml", dsomm_progress, remarks=_remarks)
