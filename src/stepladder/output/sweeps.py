"""What many futures say together, as text."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.analysis.beginnings import Begun
from stepladder.analysis.slips import LEAST
from stepladder.analysis.spread import Spread
from stepladder.analysis.steps import titles
from stepladder.analysis.sweep import Ranges, Sweep
from stepladder.data.formats.estimate import Unknown
from stepladder.data.objective import POINTS, objective_of, tells_losses
from stepladder.evaluate.exceedance import CHANCES, Curve
from stepladder.wording import claims_of_futures, numbers
from stepladder.wording.language import _, mark
from stepladder.wording.numbers import bare, money, share
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import title

#: Numbers worth knowing, and steps that depend, that are shown; the rest is in --json.
SHOWN = 6
#: The chances that the text shows, and how people say them.
SAID = {
    0.5: mark("one year in 2"),
    0.1: mark("one year in 10"),
    0.05: mark("one year in 20"),
    0.01: mark("one year in 100"),
    0.005: mark("one year in 200"),
}
#: The times of curves.
WHEN = {"today": mark("today"), "half-way": mark("half-way"), "after": mark("after")}
#: Tables that every number stands in.
_AROUND = {"catalogue", "costs", "scales", "threats", "systems", "steps"}
#: Worth less than this part of the mean regret is nothing that anybody would look up.
TINY = 0.01


def sweep_text(sweep: Sweep, style: Style | None = None) -> str:
    """Ranges, what can go wrong, what to begin with, what is worth knowing, and how much a year may cost."""
    page = Page(style or Style())
    currency = sweep.problem.currency
    page.say(
        f"{title(sweep.problem.title or _('The question'))}: {numbers.count(sweep.count, 'future')}",
        kind="bold",
        most=2,
    )
    drawn = {"ranges": numbers.count(len(sweep.unknowns), "range"), "seed": sweep.seed}
    page.say(
        _(
            "Drawn from {ranges} (Latin hypercube, seed {seed}), each planned, and the plan for today's figures carried"
            " out in it.",
            **drawn,
        )
        if sweep.own
        else _("Drawn from {ranges} (Latin hypercube, seed {seed}), the plan carried out in each.", **drawn)
    )
    for sentence in _slips(sweep):
        page.say(sentence)
    if sweep.infeasible:
        page.say(claims_of_futures.futures(_of(sweep.infeasible, sweep.count)))
    if sweep.unplanned:
        page.say(_("In {futures} no plan was found with this effort.", futures=_of(sweep.unplanned, sweep.count)))
    page.heading(_("HOW FAR IT RANGES, IN {currency}", currency=currency) if currency else _("HOW FAR IT RANGES"))
    losses = tells_losses(sweep.problem)
    if sweep.carried.worth is not None:
        page.say(_("Worth is in points."))
    rows = _ranges(_("the plan carried out"), sweep.carried, currency, losses=losses) + (
        _ranges(_("each future's own plan"), sweep.own, currency, losses=losses) if sweep.own else []
    )
    page.table(["", _("1 in 20 below"), _("middle"), _("1 in 20 above")], rows, "lrrr")
    page.heading(_("WHAT CAN GO WRONG WITH THE PLAN"))
    for sentence in _wrong(sweep):
        page.say(sentence, 2, mark="- ", most=3)
    if sweep.beginnings:
        _choice(page, sweep)
    if sweep.own:
        page.heading(_("STEPS"))
        for sentence in _steps(sweep):
            page.say(sentence, 2, mark="- ", most=8)
    if losses:
        page.heading(
            _("HOW MUCH A YEAR MAY COST, IN {currency}", currency=currency)
            if currency
            else _("HOW MUCH A YEAR MAY COST")
        )
        _curves(page, sweep.curves, currency)
    return page.text()


def _choice(page: Page, sweep: Sweep) -> None:
    """What to begin with, and what to know before."""
    page.heading(_("WHAT TO BEGIN WITH"))
    for k, begun in enumerate(sweep.beginnings):
        page.say(_begun(sweep, k, begun), 2, mark=f"{'abcdefgh'[k]}) ", most=6)
    for sentence in _recourse(sweep):
        page.say(sentence, 2, most=4)
    page.say(
        _(
            "Regret: by how much the best plan that begins so is worse than the best plan there is in that future,"
            " present value."
        ),
        2,
    )
    page.heading(_("WHAT IS WORTH KNOWING BEFORE BEGINNING"))
    for sentence in _worth(sweep):
        page.say(sentence, 2, mark="- ", most=3)


def _slips(sweep: Sweep) -> list[str]:
    """What durations are multiplied by, and from what that was learnt."""
    slips = sweep.asked.slips
    if slips is None:
        return []
    lines = [
        _(
            "Durations of steps that need {team}: {ratio} times as drawn, from {steps} that were done, in"
            " {versions}{no}.",
            team=_team(sweep, team.team),
            ratio=f"{team.ratio or 0.0:.2f}",
            steps=numbers.count(team.steps, "step"),
            versions=numbers.count(slips.versions, "version"),
            no="" if _needed(sweep, team.team) else _("; no step here needs it"),
        )
        for team in slips.teams
    ]
    if slips.few:
        lines.append(
            _(
                "Nothing is learnt of {teams}: fewer than {least} steps that had been planned are done.",
                teams=listed([_team(sweep, team) for team in slips.few], SHOWN),
                least=LEAST,
            )
        )
    rounded = (
        _(
            "Where a step needs several teams the largest counts; durations are rounded up to whole periods, and the"
            " plan for today's figures has them as they are written."
        )
        if sweep.own
        else _("Where a step needs several teams the largest counts; durations are rounded up to whole periods.")
    )
    return [*lines, rounded]


def _needed(sweep: Sweep, team: str) -> bool:
    return any(step.effort.get(team) for step in sweep.problem.steps)


def _of(part: int, count: int) -> str:
    return _("{count} of {futures}", count=numbers.whole(part), futures=numbers.count(count, "future"))


def _ranges(name: str, ranges: Ranges, currency: str, *, losses: bool) -> list[list[str]]:
    spreads = (
        (_("money"), ranges.spend),
        (_("loss, present value"), ranges.loss_present_value),
        (_("loss a year at the end"), ranges.loss_at_the_end),
    )
    rows = [_range(what, spread, currency) for what, spread in (spreads if losses else spreads[:1])]
    if ranges.worth is not None:
        rows.append(_range(_("worth, present value"), ranges.worth, POINTS))
    return [[f"{name}:", "", "", ""], *rows]


def _range(what: str, spread: Spread, unit: str) -> list[str]:
    return [f"  {what}", *(bare(figure, unit) for figure in (spread.low, spread.median, spread.high))]


def _wrong(run: Sweep) -> list[str]:
    currency = run.problem.currency
    lines = []
    for chance in run.limits:
        is_money = chance.name == "money"
        said = {
            "share": share(chance.chance),
            "excess": _excess(chance.excess, currency if is_money else _("person-days")),
        }
        lines.append(
            _("It breaks the budget in {share} of futures, there by {excess}.", **said)
            if is_money
            else _(
                "It asks too much of {team} in {share} of futures, there by {excess}.",
                team=clean(_team(run, chance.name)),
                **said,
            )
        )
    lines += [
        _("It misses {milestone} in {share} of futures.", milestone=quote(chance.name), share=share(chance.chance))
        for chance in run.milestones
        if chance.chance
    ]
    if run.late:
        lines.append(
            _(
                "Steps have to wait for others in {late} of futures; in {unfinished} some are not finished within the"
                " plan.",
                late=share(run.late),
                unfinished=share(run.unfinished),
            )
        )
    if not run.limits:
        lines.append(_("All limits are kept in every future."))
    if run.milestones and not any(chance.chance for chance in run.milestones):
        lines.append(_("All milestones are met in every future."))
    return lines


def _team(sweep: Sweep, name: str) -> str:
    return numbers.team(name, sweep.asked.plan.teams)


def _excess(excess: Spread | None, unit: str) -> str:
    assert excess is not None
    middle, high = (bare(figure, unit) for figure in (excess.median, excess.high))
    if excess.low == excess.high:
        return f"{middle} {unit}".strip()
    return _("{middle} in the middle, and more than {high} in one of 20 of them", middle=f"{middle} {unit}", high=high)


def _begun(sweep: Sweep, k: int, begun: Begun) -> str:
    names, unit = titles(sweep.problem), _unit(sweep)
    own = set(sweep.beginnings[0].steps)
    if k == 0:
        what = _("As the plan does, with {steps}", steps=numbers.count(len(begun.steps), "step"))
    else:
        more = [quote(names[name], 60) for name in begun.steps if name not in own]
        less = [quote(names[name], 60) for name in sweep.beginnings[0].steps if name not in begun.steps]
        parts = [_("without {steps}", steps=listed(less))] if less else []
        what = ", ".join([*parts, *([_("with {steps}", steps=listed(more))] if more else [])])
    said = _(
        "{what}: the first choice of {share} of futures; {regret}, above {worst} in one of 20",
        what=what,
        share=share(begun.chosen),
        regret=claims_of_futures.regret(begun.regret, begun.low, begun.high, unit),
        worst=money(begun.worst, unit),
    )
    if not begun.impossible:
        return f"{said}."
    none = _(
        "in {futures} no such plan meets all demands, or none was found", futures=_of(begun.impossible, sweep.count)
    )
    return f"{said}; {none}."


def _recourse(sweep: Sweep) -> list[str]:
    """Which way is best on average, which in the worst future, and how far the first is from the best of all."""
    best = sweep.recourse
    if best is None:
        return []
    mean, worst = ("abcdefgh"[k] for k in (best.mean, best.worst))
    unit = _unit(sweep)
    most = money(sweep.beginnings[best.worst].most, unit)
    said = {"mean": mean, "worst": worst, "most": most}
    lines = [
        _(
            "{mean}) has the least regret on average, and also the least in the future that is worst for it, {most}.",
            **said,
        )
        if mean == worst
        else _(
            "{mean}) has the least regret on average, and {worst}) the least in the future that is worst for it,"
            " {most}.",
            **said,
        )
    ]
    if best.low is not None and best.high is not None:
        lines.append(claims_of_futures.two_stage(mean, best.low, best.high, objective_of(sweep.problem), unit))
    return lines


def _unit(sweep: Sweep) -> str:
    """What regret is counted in."""
    return objective_of(sweep.problem).unit(sweep.problem.currency)


def _worth(sweep: Sweep) -> list[str]:
    unit = _unit(sweep)
    if sweep.everything is None:
        return [_("No way to begin is possible in every future.")]
    if not sweep.everything:
        return [
            _("Nothing: whatever the figures turn out to be, beginning so is as good as any way that was looked at.")
        ]
    most = money(sweep.everything, unit)
    lines = [
        _("All of it together would bring {most} on average: no enquiry is worth more than that.", most=most)
        if objective_of(sweep.problem).points
        else _("All of it together would save {most} on average: no enquiry is worth more than that.", most=most)
    ]
    listed_ = [worth for worth in sweep.worth if worth.value >= TINY * sweep.everything][:SHOWN]
    lines += [f"{_name(worth.unknown)}: {money(worth.value, unit)} ({worth.unknown.at})" for worth in listed_]
    return (
        lines
        if listed_
        else [*lines, _("No single figure would change what to begin with by more than chance may show.")]
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
    lines = [
        _(
            "In every future's own plan: {always}; in none: {never}; it depends for {depends}.",
            always=numbers.whole(len(always)),
            never=numbers.whole(len(never)),
            depends=numbers.whole(len(depends)),
        )
    ]
    if depends:
        shown = "; ".join(f"{quote(names[name], 60)} {share(sweep.held[name])}" for name in depends[:SHOWN])
        if len(depends) > SHOWN:
            shown += " " + _("… and {count} more (--json)", count=numbers.whole(len(depends) - SHOWN))
        lines.append(_("It depends: {steps}.", steps=shown))
    return lines


def _curves(page: Page, curves: Sequence[Curve], currency: str) -> None:
    rows = [[_("mean"), *(bare(curve.mean, currency) for curve in curves)]]
    rows += [
        [
            _("more than, {chance}", chance=_(words)),
            *(bare(curve.losses[CHANCES.index(chance)], currency) for curve in curves),
        ]
        for chance, words in SAID.items()
    ]
    page.table(["", *(_(WHEN[curve.when]) for curve in curves)], rows, "lrrr")
    page.say(
        _(
            "Simulated: events by chance (Poisson), each with its loss (lognormal where the scenario gives median and"
            " p95), with the plan carried out."
        ),
        2,
    )
