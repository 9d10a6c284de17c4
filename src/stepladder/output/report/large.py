"""How likely large losses are: what each cap is about, and how much a year may cost."""

from __future__ import annotations

from collections.abc import Callable

from stepladder.analysis.large_losses import WORST, Chance, LargeLoss, YearCurve, large_losses, year_curves
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.problem import Problem
from stepladder.evaluate.exceedance import CHANCES
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Block, Chart, Column, Item, Items, Lines, Section, Table
from stepladder.output.report.figures import TIMES, loss_of_a_year, while_it_holds
from stepladder.wording import claims, numbers
from stepladder.wording.language import _, mark
from stepladder.wording.text import quote


def large(road: Roadmap, *, drawn: bool = True) -> Section | None:
    """Each cap on large losses, today, half-way and after; and, drawn, how much a year may cost then."""
    plan = road.plan
    if not plan.problem.exceedance:
        return None
    items = tuple(Item("", sentence(plan.problem, one)) for one in large_losses(plan))
    curves = year_curves(plan) if drawn else ()
    blocks: tuple[Block, ...] = (claims.given_events(), Items(items, "cap"))
    return Section("large", _("How likely large losses are"), (*blocks, *([_chart(road, curves)] if curves else [])))


def sentence(problem: Problem, one: LargeLoss) -> str:
    """The chance of an event and of a year above an amount, what is expected beyond it, and the cap."""
    cap, currency = one.cap, problem.currency
    names = {threat.id: threat.name for threat in problem.threats}
    of = {"above": numbers.money(cap.above, currency)}
    if cap.threat is not None:
        of["threat"] = quote(names[cap.threat])
    parts = [_(_SAID["event", cap.threat is not None], when=_over(one, _event), **of)]
    if all(chance.year is not None for chance in one.chances):
        parts.append(_(_SAID["year", cap.threat is not None], when=_over(one, _year), **of))
    if cap.of == "excess":
        beyond = _over(one, lambda chance: numbers.money(chance.excess, currency))
        parts.append(_("Expected beyond it of each event: {when}.", when=beyond))
    return " ".join([*parts, _cap(problem, one)])


#: By what is likely, and whether of one threat alone.
_SAID = {
    ("event", False): mark("An event above {above}: {when}."),
    ("event", True): mark("An event from {threat} above {above}: {when}."),
    ("year", False): mark("A year above it: {when}."),
    ("year", True): mark("A year from {threat} above it: {when}."),
}


def _event(chance: Chance) -> str:
    return numbers.chance(chance.event)


def _year(chance: Chance) -> str:
    return numbers.chance(chance.year.high) if chance.year is not None else "–"


def _over(one: LargeLoss, said: Callable[[Chance], str]) -> str:
    today, half, after = map(said, one.chances)
    return _("{today} a year today, {half} half-way, {after} afterwards", today=today, half=half, after=after)


def _cap(problem: Problem, one: LargeLoss) -> str:
    cap = one.cap
    most = numbers.money(cap.most, problem.currency) if cap.of == "excess" else numbers.chance(cap.most)
    return _(
        _CAPS[cap.of], most=most, when=while_it_holds(problem, cap.from_, problem.horizon if cap.to is None else cap.to)
    )


#: By what is capped.
_CAPS = {
    "one_event": mark("The cap is {most} for one event, {when}."),
    "year": mark("The cap is {most} for a year, {when}."),
    "excess": mark("The cap is {most} for what is expected beyond it, {when}."),
}


def _chart(road: Roadmap, curves: tuple[YearCurve, ...]) -> Chart:
    currency = road.plan.problem.currency
    lines = tuple((_(TIMES[one.curve.when]), tuple(zip(one.curve.losses, CHANCES, strict=True))) for one in curves)
    columns = (
        Column(_("Chance in a year"), "share"),
        *(Column(_(TIMES[one.curve.when]), "money") for one in curves),
    )
    rows = tuple((chance, *(one.curve.losses[k] for one in curves)) for k, chance in enumerate(CHANCES))
    mean: tuple[Value, ...] = (_("On average"), *(one.curve.mean for one in curves))
    worst: tuple[Value, ...] = (
        _("Mean of the worst {share}", share=numbers.share(WORST)),
        *(one.shortfall.high for one in curves),
    )
    table = Table(_("A year costs more than this with the chance on the left"), columns, (*rows, mean, worst))
    words = claims.year_costs(max(one.off for one in curves))
    drawing = Lines(loss_of_a_year(currency), _("Chance that a year costs more"), lines, ("money", "share"))
    return Chart("exceedance", _("How much a year may cost"), words, drawing, (table,))
