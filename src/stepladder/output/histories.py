"""The versions of a roadmap over time: as text, as JSON, as tables and as a chart."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stepladder.analysis.history import CHANGES, Change, ChangeKind, History, VersionPolicy
from stepladder.analysis.slips import LEAST, Slip, TeamSlip
from stepladder.analysis.versions import Version
from stepladder.data.objective import POINTS
from stepladder.output.policies import held_facts, held_text, insurance_change
from stepladder.output.report.document import Chart, Column, Columns, Panel, Table
from stepladder.output.tables import frame
from stepladder.wording import numbers
from stepladder.wording.numbers import bare
from stepladder.wording.page import Page, Style
from stepladder.wording.text import begun, clean, listed
from stepladder.wording.words import title

if TYPE_CHECKING:
    import pandas as pd

FORMAT = "stepladder-history/1"
#: Steps under a heading; the rest is in --json.
SHOWN = 40
HEADINGS: dict[ChangeKind, str] = {
    "found": "FOUND DONE",
    "cancelled": "CANCELLED",
    "reopened": "OPEN AGAIN",
    "added": "ADDED",
    "dropped": "LEFT OUT SINCE",
    "gone": "NOT ASKED ANY MORE",
}
#: What there is a table of, and what is in a row.
FRAMES: dict[str, type] = {"versions": Version, "slips": Slip, "teams": TeamSlip, "changes": Change}
#: What is said of a finish, by state.
FINISH = {"done": "finished in", "running": "is expected to finish in", "open": "is now to finish in"}
BOOKS = "What was truly spent is not known of {}: there it is what the steps account for."


def history_text(history: History, style: Style | None = None) -> str:
    """Tables of the versions, then the slips, what they sum up to by team, and what came and went."""
    page = Page(style or Style())
    page.say(title(history.last.problem.title or "The roadmap"), kind="bold", most=2)
    page.say(f"{numbers.count(len(history.versions), 'version')}{f' of {history.id}' if history.id else ''}.")
    _versions(page, history)
    _slips(page, history)
    _teams(page, history)
    for kind in CHANGES:
        changes = history.of(kind)
        if changes:
            page.heading(f"{HEADINGS[kind]}: {numbers.count(len(changes), 'step')}")
            _each(page, [_change(history, change) for change in changes])
    if history.insured:
        _insurance(page, history)
    notes = [*_money_notes(history), *history.notes]
    if notes:
        page.heading("NOTES")
        for note in notes:
            page.say(note, 2, mark="- ")
    return page.text()


def _insurance(page: Page, history: History) -> None:
    """What each version has in force, and what changed from one to the next."""
    page.heading("INSURANCE")
    currency, names = history.last.problem.currency, _names(history)
    for name, one in zip(names, history.versions, strict=True):
        page.say(f"{name}: {held_text(one.plan)}.", 2, mark="- ", most=4)
    said = [f"Since {names[one.version]}: {insurance_change(one.change, currency)}" for one in history.policies]
    _each(page, said)


def _each(page: Page, entries: Sequence[str]) -> None:
    for entry in entries[:SHOWN]:
        page.say(entry, 2, mark="- ", most=6)
    if len(entries) > SHOWN:
        page.say(f"… and {len(entries) - SHOWN:,} more (--json)", 2)


# -- versions ----------------------------------------------------------------------------------------------------------


def _names(history: History) -> list[str]:
    """What each version is called: its file without folders, where that tells them apart."""
    short = [Path(version.name).name for version in history.versions]
    return short if len(set(short)) == len(short) else [version.name for version in history.versions]


def _as_of(version: Version) -> str:
    return numbers.label(version.plan.problem.periods[version.plan.now])


def _versions(page: Page, history: History) -> None:
    currency = history.last.problem.currency
    money = f", {currency}" if currency else ""
    names = _names(history)
    page.heading("STEPS")
    heads = ["", "as of", "done", "running", "open", "cancelled", "left out", "missed"]
    page.table(heads, [[name, *_steps(one)] for name, one in zip(names, history.versions, strict=True)], "llrrrrrr")
    page.say("Missed: deadlines that can no longer be met.", 2)
    page.heading("MEAN LEVEL, AND THE GAP")
    heads = ["", "as of", "reached then", "at the end", "gap"]
    page.table(heads, [[name, *_levels(one)] for name, one in zip(names, history.versions, strict=True)], "llrrr")
    if history.losses:
        page.heading(f"EXPECTED LOSS A YEAR{money}")
        heads = ["", "as of", "at that time", "as first planned", "at the end"]
        rows = [[name, *_losses(one, currency)] for name, one in zip(names, history.versions, strict=True)]
        page.table(heads, rows, "llrrr")
    if history.points:
        page.heading(f"WORTH IN {POINTS.upper()}, PRESENT VALUE")
        rows = [[n, _as_of(one), bare(one.worth, POINTS)] for n, one in zip(names, history.versions, strict=True)]
        page.table(["", "as of", "with everything planned"], rows, "llr")
    page.heading(f"MONEY{money}")
    heads = ["", "as of", "spent", "as first planned", "to come", "in all"]
    page.table(
        heads, [[name, *_money(one, currency)] for name, one in zip(names, history.versions, strict=True)], "llrrrr"
    )


def _steps(one: Version) -> list[str]:
    counts = (one.done, one.running, one.open, one.cancelled, one.left_out, len(one.plan.missed))
    return [_as_of(one), *map(numbers.whole, counts)]


def _levels(one: Version) -> list[str]:
    levels = ("–" if level is None else f"{level:.2f}" for level in (one.maturity_now, one.maturity_at_end))
    gap = one.plan.objective.gap
    return [_as_of(one), *levels, "–" if gap is None else numbers.gap(gap)]


def _losses(one: Version, currency: str) -> list[str]:
    return [_as_of(one), *(bare(loss, currency) for loss in (one.loss_now, one.loss_planned, one.loss_at_end))]


def _money(one: Version, currency: str) -> list[str]:
    amounts = (one.spent, one.spent_planned, one.to_come, one.plan.cost)
    return [_as_of(one), *(bare(amount, currency) for amount in amounts)]


def _money_notes(history: History) -> list[str]:
    notes = []
    unknown = [
        name for name, one in zip(_names(history), history.versions, strict=True) if one.plan.now and not one.plan.spent
    ]
    if unknown:
        notes.append(BOOKS.format(listed(unknown, 20)))
    if any(one.plan.context and any(one.plan.context.committed) for one in history.versions):
        notes.append("Money is without what was promised before the plan.")
    return notes


# -- slips -------------------------------------------------------------------------------------------------------------


def _slips(page: Page, history: History) -> None:
    later = [slip for slip in history.slips if slip.periods > 0]
    earlier = [slip for slip in history.slips if slip.periods < 0]
    for heading, slips in (("LATER", later), ("EARLIER", earlier)):
        if slips:
            page.heading(f"{heading} THAN FIRST PLANNED: {numbers.count(len(slips), 'step')}")
            _each(page, [_slip(history, slip) for slip in slips])
    if not history.slips:
        page.heading("LATER OR EARLIER THAN FIRST PLANNED")
        alone = len(history.versions) == 1
        page.say("There is one version only: nothing can have moved yet." if alone else "No step.", 2)


def _slip(history: History, slip: Slip) -> str:
    first = _names(history)[slip.version]
    direction = "later" if slip.periods > 0 else "earlier"
    return _sentences(
        f"{title(slip.title)}: planned in {first} to finish in {clean(slip.before)}; it {FINISH[slip.state]}"
        f" {clean(slip.after)}, {numbers.count(abs(slip.periods), 'period')} {direction}.",
        slip.owner,
        slip.reason,
    )


def _sentences(first: str, owner: str | None, reason: str) -> str:
    """With who answers for it, and why, where that is known."""
    answers = f" {begun(clean(owner))} answers for it." if owner else ""
    why = clean(reason)
    return first + answers + (f" Why: {why}{'' if why.endswith(('.', '!', '?')) else '.'}" if why else "")


def _change(history: History, change: Change) -> str:
    since = f"{title(change.title)}: since {_names(history)[change.version]}."
    return _sentences(since, change.owner, change.reason)


def _teams(page: Page, history: History) -> None:
    if not history.teams:
        return
    page.heading("BY TEAM: FINISHED STEPS AGAINST WHAT WAS FIRST PLANNED")
    heads = ["", "steps", "periods planned", "taken", "finish", "slip ratio"]
    page.table(heads, [_team(history, team) for team in history.teams], "lrrrrr")
    page.say(
        "Slip ratio: the periods taken by those planned, each step weighted by the person-days planned of the team."
        " Finish: periods later (+) or earlier (-), of all steps together.",
        2,
    )
    few = [_team_name(history, team.team) for team in history.teams if team.ratio is None]
    if few:
        page.say(f"With fewer than {LEAST} finished steps there is no ratio: {listed(few, 20)}.", 2)
    unplanned = sum(team.unplanned for team in history.teams)
    if unplanned:
        page.say(
            "Steps that were done before any version had planned them are not counted:"
            f" {listed([_unplanned(history, team) for team in history.teams if team.unplanned], 20)}.",
            2,
        )


def _team_name(history: History, team: str) -> str:
    return numbers.team(team, history.last.teams, begins=True)


def _unplanned(history: History, team: TeamSlip) -> str:
    return f"{numbers.whole(team.unplanned)} of {_team_name(history, team.team)}"


def _team(history: History, team: TeamSlip) -> list[str]:
    sums = (team.steps, team.planned, team.took)
    ratio = "too few" if team.ratio is None else f"{team.ratio:.2f}"
    return [_team_name(history, team.team), *map(numbers.whole, sums), f"{team.later:+,}" if team.later else "0", ratio]


# -- for programs ------------------------------------------------------------------------------------------------------


def history_json(history: History) -> str:
    """The same for programs, as ``stepladder-history/1``."""
    document = {
        "format": FORMAT,
        "title": history.last.problem.title,
        "currency": history.last.problem.currency,
        "id": history.id,
        "versions": [_facts(history, version) for version in history.versions],
        "slips": [_named(history, slip) for slip in history.slips],
        "teams": [{**vars(team), "title": history.last.teams.get(team.team, "")} for team in history.teams],
        "changes": [_named(history, change) for change in history.changes],
        **({"policies": [_policy(history, one) for one in history.policies]} if history.insured else {}),
        "notes": [*_money_notes(history), *history.notes],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _facts(history: History, version: Version) -> dict[str, Any]:
    plan = version.plan
    figures = {field.name: getattr(version, field.name) for field in dataclasses.fields(version)}
    return {
        "name": figures.pop("name"),
        "revision": None if plan.id is None else plan.revision,
        "as_of": plan.problem.periods[plan.now].label,
        **{name: figure for name, figure in figures.items() if name != "plan"},
        **({"points_present_value": version.worth} if history.points else {}),
        **({"policies": held_facts(plan)} if history.insured else {}),
        "money": plan.cost,
        "missed": len(plan.missed),
        "gap": plan.objective.gap,
    }


def _policy(history: History, one: VersionPolicy) -> dict[str, Any]:
    return {**dataclasses.asdict(one.change), "version": history.versions[one.version].name}


def _named(history: History, one: Slip | Change) -> dict[str, Any]:
    """With the name of the version in place of its number."""
    return {**vars(one), "version": history.versions[one.version].name}


def history_frame(history: History, name: str) -> pd.DataFrame:
    """One of the lists as a table: ``versions``, ``slips``, ``teams`` or ``changes``."""
    rows = json.loads(history_json(history))[name]
    columns = list(rows[0]) if rows else [field.name for field in dataclasses.fields(FRAMES[name])]
    return frame(columns, [list(row.values()) for row in rows])


# -- the chart ---------------------------------------------------------------------------------------------------------


def chart(history: History) -> Chart:
    """Loss a year and money spent at each version, each against what the first version planned for then."""
    currency, versions = history.last.problem.currency, history.versions
    losses = tuple(one.loss_now for one in versions), tuple(one.loss_planned for one in versions)
    money = tuple(one.spent for one in versions), tuple(one.spent_planned for one in versions)
    times = tuple(map(_as_of, versions))
    panels = (
        Panel("Expected loss a year", (("As it came", losses[0]),), losses[1]),
        Panel("Money spent until then", (("As it came", money[0]),), money[1]),
    )
    figures = [*losses, *money, *([tuple(one.worth for one in versions)] if history.points else [])]
    rows = tuple(zip(times, *figures, strict=True))
    columns = (
        Column("As of"),
        Column("Loss a year", "money"),
        Column("As first planned", "money"),
        Column("Spent", "money"),
        Column("As first planned", "money"),
        *([Column("Worth, present value", "points")] if history.points else []),
    )
    words = (
        f"Expected loss a year and money spent in {numbers.count(len(versions), 'version')}, from {times[0]} to"
        f" {times[-1]}, each against what the first version planned for then."
    )
    table = Table("Loss and money by version", columns, rows, "version")
    return Chart(
        "history",
        "Loss and money by version",
        words,
        Columns(times, panels, currency, "As first planned"),
        (table,),
    )
