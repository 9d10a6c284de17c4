"""The one door for questions without a plan: whichever command meets one, what clashes and what would help is said
in the same way.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

from stepladder.cli import screen
from stepladder.errors import Infeasible, NoPlanFound

if TYPE_CHECKING:
    from stepladder.analysis.curves import Frontier
    from stepladder.data.question import Question

#: Seconds that an explanation may take at least, however little of a time limit is left.
LEAST = 1.0


class Explained(TyperCommand):
    """A command that says why there is no plan where it finds that there is none."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises
        ------
        typer.Exit
            With the exit code of an impossible question, once that is explained.
        """
        begun = time.monotonic()
        try:
            return super().invoke(ctx)
        except Infeasible as none:
            if none.question is None:
                raise
            limit = ctx.params.get("time_limit")
            left = None if limit is None else max(LEAST, limit - (time.monotonic() - begun))
            machine = bool(ctx.params.get("as_json")) or ctx.params.get("output") == Path("-")
            explain(none, left, as_json=machine, width=ctx.params.get("width"))
            raise typer.Exit(Infeasible.exit_code) from None


def beside(
    missing: Sequence[Infeasible | NoPlanFound], time_limit: float | None, *, machine: bool, width: int | None
) -> None:
    """Say why some of several questions have no plan, after the answers to the others; where programs read those, only
    that it is so.

    Raises
    ------
    typer.Exit
        With the exit code of the worst of them, where there is any.
    """
    for none in missing:
        if machine or not isinstance(none, Infeasible):
            screen.note(f"error: {none}")
        else:
            screen.answer("\n")
            explain(none, time_limit, as_json=False, width=width)
    if missing:
        raise typer.Exit(min(none.exit_code for none in missing))


@contextmanager
def several(missing: Sequence[Infeasible | NoPlanFound]) -> Iterator[None]:
    """Where several questions were asked and none has a plan, that is no end yet: ``beside`` says why of each."""
    try:
        yield
    except (Infeasible, NoPlanFound):
        if len(missing) < 2:
            raise


def nowhere(
    question: Question, frontier: Frontier, time_limit: float | None, *, machine: bool, width: int | None
) -> None:
    """Say why a question has no plan with any of a frontier's budgets; nothing where one has.

    Raises
    ------
    typer.Exit
        With the exit code of an impossible question, where it is proved for each budget.
    """
    if not frontier.curves[0].points or not all(point.infeasible for point in frontier.curves[0].points):
        return
    from stepladder.wording import claims
    from stepladder.wording.numbers import money
    from stepladder.workflow.frontier import at_most

    largest = frontier.curves[0].points[-1].money
    shown = money(largest, frontier.problem.currency)
    name = f"With {shown}, the largest of these budgets"
    none = Infeasible(claims.with_none_of(shown), None, name, file=False)
    if machine:
        screen.note(f"error: {none}")
    else:
        screen.answer("\n")
        none.question = at_most(question, largest)
        explain(none, time_limit, as_json=False, width=width)
    raise typer.Exit(none.exit_code)


def explain(none: Infeasible, time_limit: float | None, *, as_json: bool, width: int | None) -> None:
    """Say why a question has no plan, and what would help."""
    from stepladder.optimise import Options
    from stepladder.output.repairs import hint, repair_json, repair_text
    from stepladder.wording.text import clean
    from stepladder.workflow.repair import repair

    answer = repair(none.question, Options(time_limit=time_limit), hopeless=True)
    if none.name and not as_json:
        screen.answer(f"{clean(none.name)}:\n")
    screen.answer(repair_json(answer) if as_json else repair_text(answer, style=screen.style(width)))
    if none.file and hint(answer):
        screen.note(hint(answer))
