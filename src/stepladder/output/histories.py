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
from stepladder.wording.language import _, mark
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
    "found": mark("FOUND DONE: {steps}"),
    "cancelled": mark("CANCELLED: {steps}"),
    "reopened": mark("OPEN AGAIN: {steps}"),
    "added": mark("ADDED: {steps}"),
    "dropped": mark("LEFT OUT SINCE: {steps}"),
    "gone": mark("NOT ASKED ANY MORE: {steps}"),
}
#: What there is a table of, and what is in a row.
FRAMES: dict[str, type] = {"versions": Version, "slips": Slip, "teams": TeamSlip, "changes": Change}
#: What is said of a finish, by state and whether it is later.
FINISH = {
    ("done", True): mark(
        "{step}: planned in {version} to finish in {before}; it finished in {after}, {periods} later."
    ),
    ("done", False): mark(
        "{step}: planned in {version} to finish in {before}; it finished in {after}, {periods} earlier."
    ),
    ("running", True): mark(
        "{step}: planned in {version} to finish in {before}; it is expected to finish in {after}, {periods} later."
    ),
    ("running", False): mark(
        "{step}: planned in {version} to finish in {before}; it is expected to finish in {after}, {periods} earlier."
    ),
    ("open", True): mark(
        "{step}: planned in {version} to finish in {before}; it is now to finish in {after}, {periods} later."
    ),
    ("open", False): mark(
        "{step}: planned in {version} to finish in {before}; it is now to finish in {after}, {periods} earlier."
    ),
}
BOOKS = mark("What was truly spent is not known of {versions}: there it is what the steps account for.")


def history_text(history: History, style: Style | None = None) -> str:
    """Tables of the versions, then the slips, what they sum up to by team, and what came and went."""
    page = Page(style or Style())
    page.say(title(history.last.problem.title or _("The roadmap")), kind="bold", most=2)
    versions = numbers.count(len(history.versions), "version")
    page.say(_("{versions} of {roadmap}.", versions=versions, roadmap=history.id) if history.id else f"{versions}.")
    _versions(page, history)
    _slips(page, history)
    _teams(page, history)
    for kind in CHANGES:
        changes = history.of(kind)
        if changes:
            page.heading(_(HEADINGS[kind], steps=numbers.count(len(changes), "step")))
            _each(page, [_change(history, change) for change in changes])
    if history.insured:
        _insurance(page, history)
    notes = [*_money_notes(history), *history.notes]
    if notes:
        page.heading(_("NOTES"))
        for note in notes:
            page.say(note, 2, mark="- ")
    return page.text()


def _insurance(page: Page, history: History) -> None:
    """What each version has in force, and what changed from one to the next."""
    page.heading(_("INSURANCE"))
    currency, names = history.last.problem.currency, _names(history)
    for name, one in zip(names, history.versions, strict=True):
        page.say(f"{name}: {held_text(one.plan)}.", 2, mark="- ", most=4)
    said = [
        _("Since {version}: {change}", version=names[one.version], change=insurance_change(one.change, currency))
        for one in history.policies
    ]
    _each(page, said)


def _each(page: Page, entries: Sequence[str]) -> None:
    for entry in entries[:SHOWN]:
        page.say(entry, 2, mark="- ", most=6)
    if len(entries) > SHOWN:
        page.say(_("… and {count} more (--json)", count=numbers.whole(len(entries) - SHOWN)), 2)


# -- versions ----------------------------------------------------------------------------------------------------------


def _names(history: History) -> list[str]:
    """What each version is called: its file without folders, where that tells them apart."""
    short = [Path(version.name).name for version in history.versions]
    return short if len(set(short)) == len(short) else [version.name for version in history.versions]


def _as_of(version: Version) -> str:
    return numbers.label(version.plan.problem.periods[version.plan.now])


def _versions(page: Page, history: History) -> None:
    currency = history.last.problem.currency
    names = _names(history)
    page.heading(_("STEPS"))
    counted = (_("done"), _("running"), _("open"), _("cancelled"), _("left out"), _("missed"))
    heads = ["", _("as of"), *counted]
    page.table(heads, [[name, *_steps(one)] for name, one in zip(names, history.versions, strict=True)], "llrrrrrr")
    page.say(_("Missed: deadlines that can no longer be met."), 2)
    page.heading(_("MEAN LEVEL, AND THE GAP"))
    heads = ["", _("as of"), _("reached then"), _("at the end"), _("gap")]
    page.table(heads, [[name, *_levels(one)] for name, one in zip(names, history.versions, strict=True)], "llrrr")
    if history.losses:
        page.heading(
            _("EXPECTED LOSS A YEAR, {currency}", currency=currency) if currency else _("EXPECTED LOSS A YEAR")
        )
        heads = ["", _("as of"), _("at that time"), _("as first planned"), _("at the end")]
        rows = [[name, *_losses(one, currency)] for name, one in zip(names, history.versions, strict=True)]
        page.table(heads, rows, "llrrr")
    if history.points:
        page.heading(_("WORTH IN POINTS, PRESENT VALUE"))
        rows = [[n, _as_of(one), bare(one.worth, POINTS)] for n, one in zip(names, history.versions, strict=True)]
        page.table(["", _("as of"), _("with everything planned")], rows, "llr")
    page.heading(_("MONEY, {currency}", currency=currency) if currency else _("MONEY"))
    heads = ["", _("as of"), _("spent"), _("as first planned"), _("to come"), _("in all")]
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
        notes.append(_(BOOKS, versions=listed(unknown, 20)))
    if any(one.plan.context and any(one.plan.context.committed) for one in history.versions):
        notes.append(_("Money is without what was promised before the plan."))
    return notes


# -- slips -------------------------------------------------------------------------------------------------------------


def _slips(page: Page, history: History) -> None:
    later = [slip for slip in history.slips if slip.periods > 0]
    earlier = [slip for slip in history.slips if slip.periods < 0]
    headings = mark("LATER THAN FIRST PLANNED: {steps}"), mark("EARLIER THAN FIRST PLANNED: {steps}")
    for heading, slips in zip(headings, (later, earlier), strict=True):
        if slips:
            page.heading(_(heading, steps=numbers.count(len(slips), "step")))
            _each(page, [_slip(history, slip) for slip in slips])
    if not history.slips:
        page.heading(_("LATER OR EARLIER THAN FIRST PLANNED"))
        alone = len(history.versions) == 1
        page.say(_("There is one version only: nothing can have moved yet.") if alone else _("No step."), 2)


def _slip(history: History, slip: Slip) -> str:
    said = _(
        FINISH[slip.state, slip.periods > 0],
        step=title(slip.title),
        version=_names(history)[slip.version],
        before=clean(slip.before),
        after=clean(slip.after),
        periods=numbers.count(abs(slip.periods), "period"),
    )
    return _sentences(said, slip.owner, slip.reason)


def _sentences(first: str, owner: str | None, reason: str) -> str:
    """With who answers for it, and why, where that is known."""
    answers = _("{name} answers for it.", name=begun(clean(owner))) if owner else ""
    why = clean(reason)
    said = _("Why: {why}", why=why if why.endswith((".", "!", "?")) else f"{why}.") if why else ""
    return " ".join(filter(None, (first, answers, said)))


def _change(history: History, change: Change) -> str:
    since = _("{step}: since {version}.", step=title(change.title), version=_names(history)[change.version])
    return _sentences(since, change.owner, change.reason)


def _teams(page: Page, history: History) -> None:
    if not history.teams:
        return
    page.heading(_("BY TEAM: FINISHED STEPS AGAINST WHAT WAS FIRST PLANNED"))
    heads = ["", _("steps"), _("periods planned"), _("taken"), _("finish"), _("slip ratio")]
    page.table(heads, [_team(history, team) for team in history.teams], "lrrrrr")
    page.say(
        _(
            "Slip ratio: the periods taken by those planned, each step weighted by the person-days planned of the team."
            " Finish: periods later (+) or earlier (-), of all steps together."
        ),
        2,
    )
    few = [_team_name(history, team.team) for team in history.teams if team.ratio is None]
    if few:
        page.say(
            _("With fewer than {least} finished steps there is no ratio: {teams}.", least=LEAST, teams=listed(few, 20)),
            2,
        )
    unplanned = sum(team.unplanned for team in history.teams)
    if unplanned:
        page.say(
            _(
                "Steps that were done before any version had planned them are not counted: {teams}.",
                teams=listed([_unplanned(history, team) for team in history.teams if team.unplanned], 20),
            ),
            2,
        )


def _team_name(history: History, team: str) -> str:
    return numbers.team(team, history.last.teams, begins=True)


def _unplanned(history: History, team: TeamSlip) -> str:
    return _("{count} of {team}", count=numbers.whole(team.unplanned), team=_team_name(history, team.team))


def _team(history: History, team: TeamSlip) -> list[str]:
    sums = (team.steps, team.planned, team.took)
    ratio = _("too few") if team.ratio is None else f"{team.ratio:.2f}"
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
        Panel(_("Expected loss a year"), ((_("As it came"), losses[0]),), losses[1]),
        Panel(_("Money spent until then"), ((_("As it came"), money[0]),), money[1]),
    )
    figures = [*losses, *money, *([tuple(one.worth for one in versions)] if history.points else [])]
    rows = tuple(zip(times, *figures, strict=True))
    columns = (
        Column(_("As of")),
        Column(_("Loss a year"), "money"),
        Column(_("As first planned"), "money"),
        Column(_("Spent"), "money"),
        Column(_("As first planned"), "money"),
        *([Column(_("Worth, present value"), "points")] if history.points else []),
    )
    heading = _("Loss and money by version")
    words = _(
        "Expected loss a year and money spent in {versions}, from {first} to {last}, each against what the first"
        " version planned for then.",
        versions=numbers.count(len(versions), "version"),
        first=times[0],
        last=times[-1],
    )
    drawing = Columns(times, panels, currency, _("As first planned"))
    return Chart("history", heading, words, drawing, (Table(heading, columns, rows, "version"),))
