"""``sweep``: many futures of one scenario."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import ask
from stepladder.cli.options import Assignments, Gap, Input, Json, Scenario, Width, Work

if TYPE_CHECKING:
    from stepladder.workflow.sweep import Draws

Futures = Annotated[int, typer.Option("--futures", "-n", min=1, max=1_000_000, help="How many.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=2**32 - 1, help="What they are drawn with.")]
CarriedOut = Annotated[
    str | None,
    typer.Option(
        "--plan",
        metavar="PLAN",
        help="Carry this plan out in every future, and plan nothing else.",
        show_default=False,
    ),
]
Learn = Annotated[
    list[str] | None,
    typer.Option(
        "--learn",
        metavar="PLANS",
        help="Multiply durations by the slip ratios of these versions of a roadmap, or of the folder that holds them;"
        " may be repeated.",
        show_default=False,
    ),
]
Kept = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Keep what is done in this file; the same command goes on there.",
        show_default=False,
    ),
]
Mend = Annotated[bool, typer.Option("--mend", help="Make rows of that file again that are not as they were written.")]
WorkerCount = Annotated[
    int | None,
    typer.Option("--workers", min=1, max=1024, help="Processes on this machine.", show_default="one for each core"),
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="ADDRESS",
        help="A Dask scheduler whose workers do it: tcp://host:8786.",
        show_default=False,
    ),
]


def sweep(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    futures: Futures = 100,
    seed: Seed = 0,
    plan: CarriedOut = None,
    learn: Learn = None,
    output: Kept = None,
    mend: Mend = False,
    workers: WorkerCount = None,
    cluster: Cluster = None,
    gap: Gap = "0.5%",  # type: ignore[assignment]  # a default is parsed like what is typed
    work: Work = 1,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Draw many futures from the ranges of a scenario, and look into each.

    How far money and loss range, what can go wrong with the plan, what to begin with, which figure is worth knowing
    better, how much a year may cost. Gap and work are for each future.
    """
    from stepladder.cli.store import Store
    from stepladder.optimise import Options
    from stepladder.output.sweep_data import sweep_json
    from stepladder.output.sweeps import sweep_text
    from stepladder.workflow.show import show
    from stepladder.workflow.sweep import sweep as swept
    from stepladder.workflow.workers import Workers

    if mend and output is None:
        raise typer.BadParameter("which file? name it with -o", param_hint="--mend")
    if cluster is not None:
        # What goes wrong with a cluster is said in our own words; Dask would add tracebacks of its own.
        logging.disable()
    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    draws = _draws(futures, seed, learn)
    fixed_plan, limits = None if plan is None else show(plan), Options(gap=gap, work=work)
    counter = screen.Counter("futures")
    with ExitStack() as stack:
        kept = None if output is None else stack.enter_context(Store(output, mend=mend))
        report, counted = stack.enter_context(screen.Reporter()), stack.enter_context(counter)
        crew = Workers(workers, cluster)
        answer = swept(question, draws, fixed_plan, limits, kept=kept, workers=crew, progress=report, counted=counted)
    screen.note(counter.speed(futures))
    screen.answer(sweep_json(answer) if as_json else sweep_text(answer, screen.style(width)))


def _draws(futures: int, seed: int, learn: list[str] | None) -> Draws:
    """How futures are drawn; of files that are left out of what is learnt from, it is said."""
    from stepladder.analysis.history import slip_ratios
    from stepladder.workflow.history import history
    from stepladder.workflow.sweep import Draws

    if not learn:
        return Draws(futures, seed)
    lived = history(learn)
    screen.notes(lived.notes)
    return Draws(futures, seed, slip_ratios(lived))
