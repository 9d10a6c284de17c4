"""``sweep``: many futures of one scenario, each planned or with one plan carried out in it; goes on where it was
stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem, dump
from stepladder.data.question import Question
from stepladder.errors import UsageError
from stepladder.workflow.plan import answer
from stepladder.workflow.workers import Workers, each

if TYPE_CHECKING:
    from stepladder.analysis.futures import SweepRequest, Task
    from stepladder.analysis.slips import SlipRatios
    from stepladder.analysis.sweep import Sweep
    from stepladder.optimise import Options, Progress

#: Of what is kept.
FORMAT = "stepladder-sweep-rows/1"


@dataclass(frozen=True)
class Draws:
    """How many futures, the seed of the Latin hypercube from which they are drawn, and what a roadmap's history says of
    durations: in every future they are so many times as long as drawn. The question's own plan has them as written.
    """

    count: int = 100
    seed: int = 0
    slips: SlipRatios | None = None


class Kept(Protocol):
    """Where rows are kept."""

    def open(self, meant: Mapping[str, Any]) -> dict[tuple[int, str], str]:
        """The rows that are there, by future and name, of the sweep that is meant; an error where they are of
        another one.
        """

    def put(self, number: int, name: str, text: str) -> None:
        """Keep one row, whatever happens afterwards."""


class Memory:
    """Rows kept as long as the program runs."""

    def open(self, meant: Mapping[str, Any]) -> dict[tuple[int, str], str]:
        """Nothing is there yet."""
        del meant
        return {}

    def put(self, number: int, name: str, text: str) -> None:
        """Whoever sweeps holds them already."""


def sweep(
    question: Question,
    draws: Draws | None = None,
    plan: Plan | None = None,
    options: Options | None = None,
    *,
    kept: Kept | None = None,
    workers: Workers | None = None,
    progress: Callable[[Progress], None] | None = None,
    counted: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Draw futures and look into each.

    Parameters
    ----------
    question, draws
        A scenario's, as ``ask`` reads it, with at least one range; how many futures, and how they are drawn.
    plan
        A verified plan of this scenario that is carried out in every future; nothing else is planned. Without it the
        question is answered first, its plan carried out, and every future planned as well.
    options
        As for ``plan``, for the question and for each future. The same rows come out on every machine as long as there
        is no time limit.
    kept, workers
        Where rows are kept, of which none is made again; who makes them, one process for each core when left out.
    progress, counted
        Told how far the first search is, and how many pieces of work are done, of how many.

    Raises
    ------
    UsageError
        When nothing is uncertain, the plan is of another question, or what is kept is of another sweep.
    Infeasible, NoPlanFound, NotVerified
        As for ``plan``, of the question itself.
    """
    from stepladder.analysis.futures import SweepRequest, dues_of, quantiles
    from stepladder.analysis.sweep import summary
    from stepladder.optimise import Options

    draws, limits = draws or Draws(), options or Options()
    count, seed, redraw = draws.count, draws.seed, _uncertain(question, draws.slips)
    if plan is not None:
        _same(plan, question)
    # A plan that depends on when somebody pressed Ctrl-C is not one to sweep with; and one thread for each future.
    own = plan or answer(question, limits, progress, whole=True)
    asked = SweepRequest(own, dues_of(own), None if plan is not None else replace(limits, threads=1), draws.slips)
    drawn = quantiles(question.unknowns, count, seed)
    rows = _Rows(kept or Memory(), _meant(question, asked, count, seed), workers or Workers(), counted)
    _fill(rows, asked, count, lambda number: redraw({name: at[number] for name, at in drawn.items()}))
    return summary(asked, rows.said, question.unknowns, drawn, count, seed)


def _fill(rows: _Rows, asked: SweepRequest, count: int, future: Callable[[int], Problem]) -> None:
    """Each future by itself, and then with each way to begin that is not its own."""
    from stepladder.analysis.beginnings import beginnings, planned
    from stepladder.analysis.futures import OWN, Task

    rows.fill([(number, OWN) for number in range(count)], lambda number, _: Task(number, future(number), asked))
    if asked.options is not None:
        ways, own = beginnings(asked, rows.said, count), planned(rows.said, count)
        rows.fill(
            list(_ways(asked, own, ways)),
            lambda number, name: _beginning(Task(number, future(number), asked), int(name), ways, own),
        )


class _Rows:
    """All rows of a sweep: those that were kept, and those that are still to be made."""

    def __init__(
        self, kept: Kept, meant: Mapping[str, Any], workers: Workers, counted: Callable[[int, int], None] | None
    ) -> None:
        self.kept, self.workers, self.counted = kept, workers, counted
        self.said: dict[tuple[int, str], dict[str, Any]] = {
            key: json.loads(text) for key, text in kept.open(meant).items()
        }

    def fill(self, keys: list[tuple[int, str]], make: Callable[[int, str], Task]) -> None:
        """Make what is missing of these, and keep each as soon as it is there."""
        from stepladder.analysis.futures import look

        missing = [key for key in keys if key not in self.said]
        with closing(each(look, (make(*key) for key in missing), self.workers)) as answers:
            for done, (number, name, text) in enumerate(answers, len(keys) - len(missing) + 1):
                self.kept.put(number, name, text)
                self.said[number, name] = json.loads(text)
                if self.counted is not None:
                    self.counted(done, len(keys))


def _uncertain(question: Question, slips: SlipRatios | None) -> Callable[[Mapping[str, float]], Problem]:
    """How a future is drawn, with durations multiplied where something was learnt of them."""
    from stepladder.analysis.slips import slowed

    redraw, ratios = question.redraw, slips.by_team if slips else {}
    if redraw is None:
        raise UsageError("a problem in plain numbers has no futures; name the scenario that it comes from")
    if not question.unknowns:
        raise UsageError(
            "nothing in this scenario is uncertain; write a cost, a duration, a frequency, a loss or an effect as {low:"
            " …, likely: …, high: …}"
        )
    return lambda drawn: slowed(redraw(drawn), ratios)


def _same(plan: Plan, question: Question) -> None:
    there, here = ({step.id for step in problem.steps} for problem in (plan.problem, question.problem))
    strange = [name for name in plan.starts if name not in here]
    if strange or len(plan.problem.periods) != question.problem.horizon or there != here:
        which = (
            f"it plans {strange[0]!r}, which is no step here" if strange else "its steps or periods are not the same"
        )
        raise UsageError(
            f"the plan is of another question: {which}; plan this scenario first, with: stepladder plan … -o PLAN"
        )


def _ways(
    asked: SweepRequest, own: Mapping[int, Mapping[str, Any]], ways: tuple[tuple[str, ...], ...]
) -> Iterator[tuple[int, str]]:
    """What is still to be answered: each future with each way to begin that is not its own."""
    from stepladder.analysis.beginnings import first_steps, period_of

    for number, row in own.items():
        for k, way in enumerate(ways):
            if first_steps(row["starts"], period_of(asked)) != way:
                yield number, str(k)


def _beginning(task: Task, way: int, ways: tuple[tuple[str, ...], ...], own: Mapping[int, Mapping[str, Any]]) -> Task:
    from stepladder.analysis.beginnings import period_of

    return replace(task, begin=(way, ways[way], period_of(task.asked)), known=own[task.number]["starts"])


def _meant(question: Question, asked: SweepRequest, count: int, seed: int) -> dict[str, Any]:
    """What rows depend on: those of another sweep are not to be mixed with these."""
    import stepladder

    return {
        "format": FORMAT,
        "stepladder": stepladder.__version__,
        "question": _mark(
            dump(question.problem) + repr([(unknown.name, unknown.points) for unknown in question.unknowns])
        ),
        "plan": mark_of(asked.plan),
        "planned": asked.options is not None,
        "slips": asked.slips.by_team if asked.slips else None,
        "futures": count,
        "seed": seed,
        "gap": None if asked.options is None else asked.options.gap,
        "effort": None if asked.options is None else asked.options.work,
        "solver": None if asked.options is None else asked.options.solver,
    }


def mark_of(plan: Plan) -> str:
    """What a sweep's file says of the plan that was carried out."""
    return _mark(json.dumps(dict(plan.decided)))


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
