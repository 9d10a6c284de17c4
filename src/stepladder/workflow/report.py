"""``report`` and ``plot``: a plan as a page that people read, and its charts as pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError

if TYPE_CHECKING:
    from stepladder.output.report.document import Document
    from stepladder.wording.paper import Paper

Shape = Literal["html", "pdf", "md"]
SHAPES: tuple[Shape, ...] = ("html", "pdf", "md")
CHARTS = (
    "years", "roadmap", "money", "effort", "loss", "threats", "exceedance", "maturity", "needs", "frontier", "compared",
    "history",
)  # fmt: skip


@dataclass(frozen=True)
class Losses:
    """What a sweep says about losses: the seed, and by future and time (today, half-way, after) each threat's events
    and losses.

    Attributes
    ----------
    plan
        The mark of the plan that was carried out.
    over
        In how many of the futures it breaks a limit on money; None where that is not known.
    """

    seed: int
    plan: str
    futures: Sequence[Sequence[Sequence[Sequence[float | None]]]]
    over: int | None = None


@dataclass(frozen=True)
class ReportRequest:
    """What a report is about.

    Attributes
    ----------
    plan
        The verified plan.
    others
        Verified plans by name, the plan itself first; empty where it is compared with none.
    frontier
        Verified plans of other budgets and appetites.
    losses
        A sweep's.
    locale
        How numbers and dates are written.
    less
        By which part money is to be less in one more plan; None for no such plan.
    paper
        On which a PDF is printed; the locale's when None.
    """

    plan: Plan
    others: Sequence[tuple[str, Plan]] = ()
    frontier: Sequence[Plan] = ()
    losses: Losses | None = None
    locale: str = "en"
    less: float | None = None
    paper: Paper | None = None


def report(asked: ReportRequest, shape: Shape = "html") -> bytes:
    """Write a report.

    Raises
    ------
    UsageError
        When there is no such locale, plans are in different currencies, the sweep is of another plan, or a PDF needs
        what is not installed.
    """
    from stepladder.wording import numbers

    with numbers.written_as(asked.locale):
        document = _document(asked)
        if shape == "pdf":
            from stepladder.output.report.pdf import pdf
            from stepladder.wording.paper import paper

            return pdf(document, asked.paper or paper())
        if shape == "md":
            from stepladder.output.report.markdown import markdown

            return markdown(document, _diagram(asked.plan)).encode()
        from stepladder.output.report.html import html

        return html(document).encode()


def plot(asked: ReportRequest, name: str, picture: Literal["svg", "png"] = "svg") -> bytes:
    """Draw one chart.

    Raises
    ------
    UsageError
        When there is no such chart, or nothing to show in it; and as for ``report``.
    """
    from stepladder.data.formats.base import unknown
    from stepladder.output.report import drawing
    from stepladder.wording import numbers

    if name not in CHARTS:
        raise UsageError(unknown("chart", name, CHARTS))
    with numbers.written_as(asked.locale):
        charts = _document(asked).charts()
        if name not in charts:
            needs = {
                "frontier": "plans of other budgets: add a folder that frontier -o wrote",
                "exceedance": "caps on large losses in the plan, or a sweep: add its file with --sweep",
                "compared": "other plans: name them after it",
                "history": "the versions of its roadmap: name their files, or their folder, and no sweep",
            }
            raise UsageError(
                f"this plan has nothing to show in {name!r}; that takes"
                f" {needs.get(name, 'steps, teams, threats or levels in the plan')}"
            )
        return drawing.svg(charts[name]).encode() if picture == "svg" else drawing.png(charts[name])


def _document(asked: ReportRequest) -> Document:
    from stepladder.analysis.comparison import compared
    from stepladder.analysis.curves import gathered
    from stepladder.analysis.front import OverBudget, less_of
    from stepladder.evaluate.exceedance import curves
    from stepladder.output.report.compose import Material, compose
    from stepladder.workflow.less import with_less
    from stepladder.workflow.verify import rules

    plan, losses = asked.plan, asked.losses
    if losses is not None:
        _same(plan, losses)
    drawn = gathered(plan, asked.frontier) if asked.frontier else ()
    return compose(
        Material(
            plan,
            tuple(rules().values()),
            compared([(name, other, None) for name, other in asked.others]) if len(asked.others) > 1 else None,
            drawn,
            curves(losses.futures, losses.seed) if losses is not None else (),
            len(losses.futures) if losses is not None else 0,
            OverBudget(len(losses.futures), losses.over) if losses is not None and losses.over is not None else None,
            with_less(plan, asked.less) if asked.less is not None else less_of(plan, drawn),
        )
    )


def _same(plan: Plan, losses: Losses) -> None:
    from stepladder.workflow.sweep import mark_of

    if not losses.futures:
        raise UsageError("the sweep has no futures yet; let it finish first")
    if losses.plan != mark_of(plan):
        raise UsageError(
            "the sweep carried out another plan than this one; sweep with: stepladder sweep … --plan PLAN -o FILE"
        )


def _diagram(plan: Plan) -> str:
    """The roadmap in Mermaid; nothing for a plan without dates or steps."""
    from stepladder.workflow.export import export

    if not plan.starts:
        return ""
    try:
        return export(plan, "mermaid").data.decode()
    except UsageError:
        return ""
