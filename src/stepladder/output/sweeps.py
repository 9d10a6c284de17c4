"""What many futures say together, as text and as JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

from stepladder.analysis.beginnings import Begun
from stepladder.analysis.slips import LEAST
from stepladder.analysis.spread import Spread
from stepladder.analysis.steps import titles
from stepladder.analysis.sweep import Chance, Ranges, Sweep
from stepladder.data.formats.estimate import Unknown
from stepladder.data.objective import POINTS, objective_of, tells_losses
from stepladder.evaluate.exceedance import CHANCES, Curve
from stepladder.wording import claims_of_futures, numbers
from stepladder.wording.numbers import bare, money, share
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import title

FORMAT = "stepladder-sweep/1"
#: Numbers worth knowing, and steps that depend, that are shown; the rest is in --json.
SHOWN = 6
#: The chances that the text shows, and how people say them.
SAID = {
    0.5: "one year in 2",
    0.1: "one year in 10",
    0.05: "one year in 20",
    0.01: "one year in 100",
    0.005: "one year in 200",
}
#: Tables that every number stands in.
_AROUND = {"catalogue", "costs", "scales", "threats", "systems", "steps"}
#: Worth less than this part of the mean regret is nothing that anybody would look up.
TINY = 0.01


def sweep_text(sweep: Sweep, style: Style | None = None) -> str:
    """Ranges, what can go wrong, what to begin with, what is worth knowing, and how much a year may cost."""
    page = Page(style or Style())
    currency = sweep.problem.currency
    page.say(
        f"{title(sweep.problem.title or 'The question')}: {numbers.count(sweep.count, 'future')}", kind="bold", most=2
    )
    how = (
        "each planned, and the plan for today's figures carried out in it"
        if sweep.own
        else "the plan carried out in each"
    )
    page.say(f"Drawn from {numbers.count(len(sweep.unknowns), 'range')} (Latin hypercube, seed {sweep.seed}), {how}.")
    for sentence in _slips(sweep):
        page.say(sentence)
    if sweep.infeasible:
        page.say(claims_of_futures.futures(_of(sweep.infeasible, sweep.count)))
    if sweep.unplanned:
        page.say(f"In {_of(sweep.unplanned, sweep.count)} no plan was found with this effort.")
    page.heading(f"HOW FAR IT RANGES{f', IN {currency}' if currency else ''}")
    losses = tells_losses(sweep.problem)
    if sweep.carried.worth is not None:
        page.say(f"Worth is in {POINTS}.")
    rows = _ranges("the plan carried out", sweep.carried, currency, losses=losses) + (
        _ranges("each future's own plan", sweep.own, currency, losses=losses) if sweep.own else []
    )
    page.table(["", "1 in 20 below", "middle", "1 in 20 above"], rows, "lrrr")
    page.heading("WHAT CAN GO WRONG WITH THE PLAN")
    for sentence in _wrong(sweep):
        page.say(sentence, 2, mark="- ", most=3)
    if sweep.beginnings:
        _choice(page, sweep)
    if sweep.own:
        page.heading("STEPS")
        for sentence in _steps(sweep):
            page.say(sentence, 2, mark="- ", most=8)
    if losses:
        page.heading(f"HOW MUCH A YEAR MAY COST{f', IN {currency}' if currency else ''}")
        _curves(page, sweep.curves, currency)
    return page.text()


def _choice(page: Page, sweep: Sweep) -> None:
    """What to begin with, and what to know before."""
    page.heading("WHAT TO BEGIN WITH")
    for k, begun in enumerate(sweep.beginnings):
        page.say(_begun(sweep, k, begun), 2, mark=f"{'abcdefgh'[k]}) ", most=6)
    for sentence in _recourse(sweep):
        page.say(sentence, 2, most=4)
    page.say(
        "Regret: by how much the best plan that begins so is worse than the best plan there is in that future,"
        " present value.",
        2,
    )
    page.heading("WHAT IS WORTH KNOWING BEFORE BEGINNING")
    for sentence in _worth(sweep):
        page.say(sentence, 2, mark="- ", most=3)


def _slips(sweep: Sweep) -> list[str]:
    """What durations are multiplied by, and from what that was learnt."""
    slips = sweep.asked.slips
    if slips is None:
        return []
    lines = [
        f"Durations of steps that need {_team(sweep, team.team)}: {team.ratio or 0.0:.2f} times as drawn,"
        f" from {numbers.count(team.steps, 'step')} that were done, in {numbers.count(slips.versions, 'version')}"
        f"{'' if _needed(sweep, team.team) else '; no step here needs it'}."
        for team in slips.teams
    ]
    if slips.few:
        lines.append(
            f"Nothing is learnt of {listed([_team(sweep, team) for team in slips.few], SHOWN)}: fewer than {LEAST}"
            " steps that had been planned are done."
        )
    own = ", and the plan for today's figures has them as they are written" if sweep.own else ""
    return [
        *lines,
        "Where a step needs several teams the largest counts; durations are rounded up to whole periods" + own + ".",
    ]


def _needed(sweep: Sweep, team: str) -> bool:
    return any(step.effort.get(team) for step in sweep.problem.steps)


def _of(part: int, count: int) -> str:
    return f"{part:,} of {numbers.count(count, 'future')}"


def _ranges(name: str, ranges: Ranges, currency: str, *, losses: bool) -> list[list[str]]:
    spreads = (
        ("money", ranges.spend),
        ("loss, present value", ranges.loss_present_value),
        ("loss a year at the end", ranges.loss_at_the_end),
    )
    rows = [_range(what, spread, currency) for what, spread in (spreads if losses else spreads[:1])]
    if ranges.worth is not None:
        rows.append(_range("worth, present value", ranges.worth, POINTS))
    return [[f"{name}:", "", "", ""], *rows]


def _range(what: str, spread: Spread, unit: str) -> list[str]:
    return [f"  {what}", *(bare(figure, unit) for figure in (spread.low, spread.median, spread.high))]


def _wrong(run: Sweep) -> list[str]:
    currency = run.problem.currency
    lines = []
    for chance in run.limits:
        is_money = chance.name == "money"
        unit = currency if is_money else "person-days"
        what = "It breaks the budget" if is_money else f"It asks too much of {clean(_team(run, chance.name))}"
        lines.append(f"{what} in {share(chance.chance)} of futures, there by {_excess(chance.excess, unit)}.")
    lines += [
        f"It misses {quote(chance.name)} in {share(chance.chance)} of futures."
        for chance in run.milestones
        if chance.chance
    ]
    if run.late:
        lines.append(
            f"Steps have to wait for others in {share(run.late)} of futures; in {share(run.unfinished)} some are not"
            " finished within the plan."
        )
    if not run.limits:
        lines.append("All limits are kept in every future.")
    if run.milestones and not any(chance.chance for chance in run.milestones):
        lines.append("All milestones are met in every future.")
    return lines


def _team(sweep: Sweep, name: str) -> str:
    return numbers.team(name, sweep.asked.plan.teams)


def _excess(excess: Spread | None, unit: str) -> str:
    assert excess is not None
    middle, high = (bare(figure, unit) for figure in (excess.median, excess.high))
    if excess.low == excess.high:
        return f"{middle} {unit}".strip()
    return f"{middle} {unit} in the middle, and more than {high} in one of 20 of them"


def _begun(sweep: Sweep, k: int, begun: Begun) -> str:
    names, unit = titles(sweep.problem), _unit(sweep)
    own = set(sweep.beginnings[0].steps)
    if k == 0:
        what = f"As the plan does, with {numbers.count(len(begun.steps), 'step')}"
    else:
        more = [quote(names[name], 60) for name in begun.steps if name not in own]
        less = [quote(names[name], 60) for name in sweep.beginnings[0].steps if name not in begun.steps]
        what = ", ".join([f"without {listed(less)}"] * bool(less) + [f"with {listed(more)}"] * bool(more))
    none = (
        f"; in {_of(begun.impossible, sweep.count)} no such plan meets all demands, or none was found"
        if begun.impossible
        else ""
    )
    regret = claims_of_futures.regret(begun.regret, begun.low, begun.high, unit)
    return (
        f"{what}: the first choice of {share(begun.chosen)} of futures; {regret}, above {money(begun.worst, unit)}"
        f" in one of 20{none}."
    )


def _recourse(sweep: Sweep) -> list[str]:
    """Which way is best on average, which in the worst future, and how far the first is from the best of all."""
    best = sweep.recourse
    if best is None:
        return []
    mean, worst = ("abcdefgh"[k] for k in (best.mean, best.worst))
    unit = _unit(sweep)
    most = money(sweep.beginnings[best.worst].most, unit)
    both = f"{mean}) has the least regret on average, and"
    lines = [f"{both} also" if mean == worst else f"{both} {worst})"]
    lines[0] += f" the least in the future that is worst for it, {most}."
    if best.low is not None and best.high is not None:
        lines.append(claims_of_futures.two_stage(mean, best.low, best.high, objective_of(sweep.problem), unit))
    return lines


def _unit(sweep: Sweep) -> str:
    """What regret is counted in."""
    return objective_of(sweep.problem).unit(sweep.problem.currency)


def _worth(sweep: Sweep) -> list[str]:
    unit = _unit(sweep)
    if sweep.everything is None:
        return ["No way to begin is possible in every future."]
    if not sweep.everything:
        return ["Nothing: whatever the figures turn out to be, beginning so is as good as any way that was looked at."]
    most = money(sweep.everything, unit)
    verb = "bring" if objective_of(sweep.problem).points else "save"
    lines = [f"All of it together would {verb} {most} on average: no enquiry is worth more than that."]
    listed_ = [worth for worth in sweep.worth if worth.value >= TINY * sweep.everything][:SHOWN]
    lines += [f"{_name(worth.unknown)}: {money(worth.value, unit)} ({worth.unknown.at})" for worth in listed_]
    return (
        lines if listed_ else [*lines, "No single figure would change what to begin with by more than chance may show."]
    )


def _name(unknown: Unknown) -> str:
    """What stands in the file, without the groups and tables around it: ``ransomware → events_per_year``."""
    inner = unknown.name.rpartition(".practices.")[2]
    return " → ".join(part for part in inner.split(".") if part not in _AROUND)


def _steps(sweep: Sweep) -> list[str]:
    names = titles(sweep.problem)
    always = [name for name, part in sweep.held.items() if part == 1]
    never = [name for name, part in sweep.held.items() if part == 0]
    depends = sorted((name for name, part in sweep.held.items() if 0 < part < 1), key=lambda name: -sweep.held[name])
    lines = [f"In every future's own plan: {len(always):,}; in none: {len(never):,}; it depends for {len(depends):,}."]
    if depends:
        shown = "; ".join(f"{quote(names[name], 60)} {share(sweep.held[name])}" for name in depends[:SHOWN])
        lines.append(
            f"It depends: {shown}{f' … and {len(depends) - SHOWN:,} more (--json)' if len(depends) > SHOWN else ''}."
        )
    return lines


def _curves(page: Page, curves: Sequence[Curve], currency: str) -> None:
    rows = [["mean", *(bare(curve.mean, currency) for curve in curves)]]
    rows += [
        [f"more than, {words}", *(bare(curve.losses[CHANCES.index(chance)], currency) for curve in curves)]
        for chance, words in SAID.items()
    ]
    page.table(["", *(curve.when for curve in curves)], rows, "lrrr")
    page.say(
        "Simulated: events by chance (Poisson), each with its loss (lognormal where the scenario gives median and p95),"
        " with the plan carried out.",
        2,
    )


def sweep_json(sweep: Sweep) -> str:
    """The same for programs, as ``stepladder-sweep/1``; the same bytes for the same question, options and seed."""
    facts: dict[str, Any] = {
        "format": FORMAT,
        "title": sweep.problem.title,
        "currency": sweep.problem.currency,
        "objective": sweep.problem.objective,
        "futures": sweep.count,
        "seed": sweep.seed,
        "slips": None if sweep.asked.slips is None else dataclasses.asdict(sweep.asked.slips),
        "infeasible": sweep.infeasible,
        "no_plan_found": sweep.unplanned,
        "unknowns": [_unknown(unknown) for unknown in sweep.unknowns],
        "carried_out": _figures(sweep.carried),
        "limits_broken": [_chance(chance) for chance in sweep.limits],
        "milestones_missed": [_chance(chance) for chance in sweep.milestones],
        "chance_of_either": sweep.broken,
        "chance_that_steps_wait": sweep.late,
        "chance_that_steps_are_unfinished": sweep.unfinished,
        "own_plans": None if sweep.own is None else _figures(sweep.own),
        "steps": {name: {"planned": part, "first": sweep.first[name]} for name, part in sweep.held.items()},
        "beginnings": [dataclasses.asdict(begun) for begun in sweep.beginnings],
        "best_beginning": None if sweep.recourse is None else dataclasses.asdict(sweep.recourse),
        "worth_of_knowing_everything": sweep.everything,
        "worth_of_knowing": [
            {"name": worth.unknown.name, "at": str(worth.unknown.at), "value": worth.value} for worth in sweep.worth
        ],
        "loss_exceedance": [
            {
                "when": curve.when,
                "mean": curve.mean,
                "points": [
                    {"chance": chance, "loss": loss} for chance, loss in zip(CHANCES, curve.losses, strict=True)
                ],
            }
            for curve in sweep.curves
        ],
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def _figures(ranges: Ranges) -> dict[str, Any]:
    """Without worth where none is counted."""
    return {name: figure for name, figure in dataclasses.asdict(ranges).items() if figure is not None}


def _unknown(unknown: Unknown) -> dict[str, Any]:
    low, likely, high = unknown.points
    return {
        "name": unknown.name,
        "at": str(unknown.at),
        "kind": unknown.kind,
        "low": low,
        "likely": likely,
        "high": high,
    }


def _chance(chance: Chance) -> dict[str, Any]:
    return {
        "name": chance.name,
        "chance": chance.chance,
        "excess": None if chance.excess is None else dataclasses.asdict(chance.excess),
    }
