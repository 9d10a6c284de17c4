"""A plan that is being carried out, and what others are given of it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from stepladder.answers import Answer
from stepladder.api.given import GAP, Planned, answer_of, options, plan_of

if TYPE_CHECKING:
    from stepladder.analysis.difference import Difference
    from stepladder.analysis.history import History
    from stepladder.wording.paper import Paper
    from stepladder.workflow.replan import Renewed
    from stepladder.workflow.report import Shape


def actuals(source: Planned, as_of: str | None = None) -> str:
    """The form for what has happened since a plan was made, as YAML; as it stands, all has gone as planned.

    Parameters
    ----------
    source
        The published plan.
    as_of
        The first period that is still open, by label or day; the one after the plan's first open period when left out.
    """
    from stepladder.workflow.actuals import form_of

    return form_of(plan_of(source), as_of)


def replan(
    source: Planned,
    *,
    actuals: str | Path | None = None,
    assessment: str | Path | None = None,
    as_of: str | None = None,
    most: int | None = None,
    price: float | None = None,
    gap: float = GAP,
    time_limit: float | None = None,
    work: int | None = None,
) -> Answer[Renewed]:
    """The rest of a plan anew, after months of reality; it prints what that moves.

    Parameters
    ----------
    source
        The published plan.
    actuals, assessment
        Files: what has happened, or a scenario with new levels, costs and threats.
    as_of
        The first period that is still open, by label or day.
    most
        So many open steps may move.
    price
        Or what each of them must gain, in currency.
    gap, time_limit, work
        As for ``plan``.
    """
    from stepladder.output.differences import diff_json, diff_text
    from stepladder.workflow.replan import replan as renewed
    from stepladder.workflow.replan import stands

    published = plan_of(source)
    moved = renewed(
        published, stands(published, actuals, assessment, as_of), options(gap, time_limit, work), most, price
    )
    return Answer(
        moved, lambda: diff_text(moved.difference), lambda: diff_json(moved.difference), answer_of(moved.plan).tables
    )


def diff(before: Planned, after: Planned) -> Answer[Difference]:
    """What differs between two plans, and why."""
    from stepladder.analysis.difference import difference
    from stepladder.output.differences import diff_json, diff_text

    changes = difference(plan_of(before), plan_of(after))
    return Answer(changes, lambda: diff_text(changes), lambda: diff_json(changes))


def history(*sources: Planned) -> Answer[History]:
    """The versions of one roadmap over time: how far it has come, what slipped, and by how much each team's steps.

    Parameters
    ----------
    sources
        Plans, in any order, and folders that hold some.

    Raises
    ------
    UsageError
        When there is no plan, or they are no versions of one roadmap.
    """
    from stepladder.output.histories import FRAMES, history_frame, history_json, history_text
    from stepladder.workflow.history import history as read

    paths = [source for source in sources if isinstance(source, str | Path)]
    records = [
        (f"plan {k}", plan_of(source)) for k, source in enumerate(sources, 1) if not isinstance(source, str | Path)
    ]
    versions = read(paths, records)
    return Answer(
        versions,
        lambda: history_text(versions),
        lambda: history_json(versions),
        {name: partial(history_frame, versions, name) for name in FRAMES},
    )


def report(
    source: Planned, *others: Planned, to: Shape = "html", locale: str = "en", paper: Paper | None = None
) -> bytes:
    """A plan as one page for people: HTML, PDF or Markdown.

    Parameters
    ----------
    source, others
        The plan, and plans that stand beside it.
    to
        ``html``, ``pdf`` or ``md``.
    locale
        How numbers and dates are written.
    paper
        Of a PDF: ``A4`` or ``Letter``; the locale's when None.
    """
    from stepladder.workflow.report import ReportRequest
    from stepladder.workflow.report import report as written

    plan = plan_of(source)
    beside = (
        [("the plan", plan), *((f"other {k}", plan_of(other)) for k, other in enumerate(others, 1))] if others else []
    )
    return written(ReportRequest(plan, beside, locale=locale, paper=paper), to)


def plot(
    source: Planned | Answer[History], chart: str, *, picture: Literal["svg", "png"] = "svg", locale: str = "en"
) -> bytes:
    """One chart of the report as a picture; of a history, the chart ``history``."""
    from stepladder.analysis.history import History
    from stepladder.workflow.history import plot as over_time
    from stepladder.workflow.report import ReportRequest
    from stepladder.workflow.report import plot as drawn

    if chart == "history" and isinstance(source, Answer) and isinstance(source.record, History):
        return over_time(source.record, picture, locale)
    return drawn(ReportRequest(plan_of(source), locale=locale), chart, picture)


def export(
    source: Planned, to: str, *, system: str = "", into: str | Path | None = None, year: str = "", locale: str = ""
) -> bytes:
    """A plan for another program.

    Parameters
    ----------
    source
        The plan.
    to
        Name of the format, such as ``mspdi``.
    system
        Only the steps of this system.
    into
        For a copy of what somebody filled in (``sheet``, ``csf-profile``): that file.
    year
        For a state (``samm``): the fiscal year at the end of which.
    locale
        For what people read (``xlsx``): how money and dates are written, such as ``de``.
    """
    from stepladder.workflow.export import export as written

    return written(plan_of(source), to, system, into, year, locale).data


def schema(name: str, *, catalogue: str | Path | None = None) -> dict[str, Any]:
    """The JSON Schema of a file format.

    Parameters
    ----------
    name
        The format.
    catalogue
        Of a scenario and of profiles: a file or the name of a shipped catalogue, whose names are filled in.
    """
    from stepladder.workflow.schema import schema as text

    return dict(json.loads(text(name, catalogue)))
