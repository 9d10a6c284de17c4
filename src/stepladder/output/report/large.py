"""How likely large losses are: what each cap is about, and how much a year may cost."""

from __future__ import annotations

from stepladder.analysis.large_losses import WORST, Chance, LargeLoss, YearCurve, large_losses, year_curves
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.problem import Problem
from stepladder.evaluate.exceedance import CHANCES
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Block, Chart, Column, Item, Items, Lines, Section, Table
from stepladder.wording import claims, numbers
from stepladder.wording.text import quote

NAMES = {"today": "Today", "half-way": "Half-way", "after": "Afterwards"}


def large(road: Roadmap, *, drawn: bool = True) -> Section | None:
    """Each cap on large losses, today, half-way and after; and, drawn, how much a year may cost then."""
    plan = road.plan
    if not plan.problem.exceedance:
        return None
    items = tuple(Item("", sentence(plan.problem, one)) for one in large_losses(plan))
    curves = year_curves(plan) if drawn else ()
    blocks: tuple[Block, ...] = (claims.given_events(), Items(items, "cap"))
    return Section("large", "How likely large losses are", (*blocks, *([_chart(road, curves)] if curves else [])))


def sentence(problem: Problem, one: LargeLoss) -> str:
    """The chance of an event and of a year above an amount, what is expected beyond it, and the cap."""
    cap, currency = one.cap, problem.currency
    names = {threat.id: threat.name for threat in problem.threats}
    of = "" if cap.threat is None else f" from {quote(names[cap.threat])}"
    above = numbers.money(cap.above, currency)
    parts = [f"An event{of} above {above}: {_over(one, lambda chance: numbers.chance(chance.event))}"]
    if all(chance.year is not None for chance in one.chances):
        parts.append(f"A year{of} above it: {_over(one, _year)}")
    if cap.of == "excess":
        beyond = _over(one, lambda chance: numbers.money(chance.excess, currency))
        parts.append(f"Expected beyond it of each event: {beyond}")
    return ". ".join([*parts, _cap(problem, one)]) + "."


def _year(chance: Chance) -> str:
    return numbers.chance(chance.year.high) if chance.year is not None else "–"


def _over(one: LargeLoss, said: object) -> str:
    assert callable(said)
    today, half, after = map(said, one.chances)
    return f"{today} a year today, {half} half-way, {after} afterwards"


def _cap(problem: Problem, one: LargeLoss) -> str:
    cap, labels = one.cap, [numbers.label(period) for period in problem.periods]
    of = {"one_event": "for one event", "year": "for a year", "excess": "for what is expected beyond it"}[cap.of]
    most = numbers.money(cap.most, problem.currency) if cap.of == "excess" else numbers.chance(cap.most)
    last = problem.horizon if cap.to is None else cap.to
    until = "on" if last == problem.horizon else f"to {labels[last]}"
    when = f"from {labels[cap.from_]} {until}" if cap.from_ < problem.horizon else "after the horizon"
    return f"The cap is {most} {of}, {when}"


def _chart(road: Roadmap, curves: tuple[YearCurve, ...]) -> Chart:
    currency = road.plan.problem.currency
    lines = tuple((NAMES[one.curve.when], tuple(zip(one.curve.losses, CHANCES, strict=True))) for one in curves)
    columns = (Column("Chance in a year", "share"), *(Column(NAMES[one.curve.when], "money") for one in curves))
    rows = tuple((chance, *(one.curve.losses[k] for one in curves)) for k, chance in enumerate(CHANCES))
    mean: tuple[Value, ...] = ("On average", *(one.curve.mean for one in curves))
    worst: tuple[Value, ...] = (f"Mean of the worst {numbers.share(WORST)}", *(one.shortfall.high for one in curves))
    table = Table("A year costs more than this with the chance on the left", columns, (*rows, mean, worst))
    words = claims.year_costs(max(one.off for one in curves))
    across = f"Loss of a year{f', {currency}' if currency else ''}"
    drawing = Lines(across, "Chance that a year costs more", lines, ("money", "share"))
    return Chart("exceedance", "How much a year may cost", words, drawing, (table,))
