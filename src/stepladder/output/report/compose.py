"""The report as a document: which sections there are, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepladder.analysis.comparison import Comparison
from stepladder.analysis.curves import Curve
from stepladder.analysis.front import Less, OverBudget, front
from stepladder.analysis.roadmap import read
from stepladder.data.formats.plan import Plan
from stepladder.evaluate.exceedance import Curve as Exceedance
from stepladder.output.report import choices, figures, insurance, large, robust, sections, work
from stepladder.output.report.document import Document, Section
from stepladder.output.report.each_system import each_system
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.words import span, title


@dataclass(frozen=True)
class Material:
    """What a report is made of.

    Attributes
    ----------
    plan
        The verified plan that it is about.
    rules
        What the verifier checks, a sentence each.
    others
        Other plans beside it; None without any.
    curves
        A frontier's, by appetite; empty without one.
    exceedance, futures
        A sweep's curves and the number of its futures; empty and 0 without one.
    over_budget, less
        How often the sweep's plan breaks its budget, and the best plan with less money, where they are known.
    """

    plan: Plan
    rules: Sequence[str]
    others: Comparison | None = None
    curves: tuple[Curve, ...] = ()
    exceedance: tuple[Exceedance, ...] = ()
    futures: int = 0
    over_budget: OverBudget | None = None
    less: Less | None = None


def compose(material: Material) -> Document:
    """Put a report together.

    Text in it is written as ``numbers.written_as`` says while this runs; numbers in tables and charts are still
    numbers.
    """
    plan, road = material.plan, read(material.plan)
    facts = front(road, material.over_budget, material.less)
    return _document(
        plan,
        sections.decision(road, facts),
        sections.next_steps(road),
        work.roadmap(road),
        each_system(road, facts),
        sections.milestones(road),
        sections.achievements(road),
        figures.money(road),
        robust.robust(road),
        figures.effort(road),
        figures.losses(road),
        insurance.insurance(road),
        large.large(road, drawn=not material.exceedance),
        figures.exceedance(material.exceedance, plan.problem.currency, material.futures)
        if material.exceedance
        else None,
        work.levels(road),
        work.needs(road),
        choices.what_if(material.curves, plan) if material.curves else None,
        choices.compared(material.others) if material.others else None,
        sections.advice(road),
        sections.left_out(road),
        sections.notes(road),
        sections.questions(road),
        sections.rests_on(road),
        sections.how_good(road, material.rules),
    )


def outline(plan: Plan) -> Document:
    """What a reader without room for a report asks of a plan, in sections of the same report."""
    road = read(plan)
    return _document(
        plan,
        sections.decision(road, front(road)),
        work.roadmap(road),
        figures.money(road),
        robust.robust(road),
        figures.effort(road),
        figures.losses(road),
        insurance.insurance(road),
        large.large(road, drawn=False),
        sections.milestones(road),
        sections.achievements(road),
        sections.advice(road),
        sections.left_out(road),
        sections.notes(road),
        sections.questions(road),
        sections.how_good(road),
    )


def page(plan: Plan) -> Document:
    """What fits on one screen: the front page alone."""
    road = read(plan)
    return _document(plan, sections.in_short(road, front(road)))


def _document(plan: Plan, *found: Section | None) -> Document:
    problem = plan.problem
    said = {
        "begins": numbers.label(problem.periods[plan.now]),
        "revision": numbers.whole(plan.revision),
        "horizon": span(problem.periods[0], problem.periods[-1]),
        "periods": numbers.count(problem.horizon, "period"),
    }
    return Document(
        title(problem.title) if problem.title else _("Security roadmap"),
        _("Before anything has begun, from {begins} on; revision {revision}. Horizon: {horizon}, {periods}.", **said)
        if plan.as_of is None
        else _("As of {begins}; revision {revision}. Horizon: {horizon}, {periods}.", **said),
        problem.currency,
        tuple(section for section in found if section is not None),
        " · ".join(f"{name} {version}" for name, version in plan.made_with.items()),
    )
