"""What must be done as soft rows: required steps and achievements of which as few as can be are given up."""

from __future__ import annotations

from stepladder.data.formats.problem import Problem
from stepladder.data.remedy import Change, fixed
from stepladder.evaluate.achieved import NEVER, Achievements
from stepladder.optimise.formulation.rows import Name, Pairs, Row, Variable, collect
from stepladder.optimise.formulation.soft import Loosened, Soft, Starts


def fewer(asked: Loosened) -> Soft:
    """Σ (1 − planned) over required steps + Σ given_up[m, a] over demands m and the achievements a that they ask for,
    h[a, due] + given_up[m, a] ≥ 1; where dates may be later, due is the end: the fewest of them given up.
    """
    wanted = _required(asked)
    ordered = [step for step in asked.grid.problem.steps if step.id in wanted]
    due = _due(asked)

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """How many required steps are not planned, and how many achievements do not hold in time, and which."""
        dropped = [Change("fewer", wanted[step.id], step=step.id) for step in ordered if step.id not in starts]
        since = reached(asked.problem, starts)
        dropped += [Change("fewer", (k,), achievement=name) for (k, name), by in due.items() if since[name] > by]
        return len(dropped), tuple(dropped)

    terms: Pairs = [(asked.grid.planned(step), -1.0) for step in ordered]
    softened = Soft("fewer", terms, 1.0, measure, constant=float(len(ordered)))
    for (k, name), by in due.items():
        a = asked.grid.tables.achievements.number[name]
        gone = given_up(k, a)
        softened.variables.append(Variable(gone, 0.0, 1.0, integer=True, kind="given_up", index=k, time=a))
        softened.terms.append((gone, 1.0))
        held: Pairs = [(asked.grid.holding(a, by), 1.0), (gone, 1.0)]
        softened.rows.append(Row("given_up", (k, a), collect(held), ">=", 1.0))
    return softened


def given_up(k: int, a: int) -> Name:
    """The variable that says whether an achievement is given up that a demand asks for, by their places."""
    return Name(f"given_up_{k}_{a}")


def reached(problem: Problem, starts: Starts) -> dict[str, int]:
    """The period from which each achievement holds, by id; ``NEVER`` of one that does not."""
    finishes = (step.finish(starts[step.id]) if step.id in starts else NEVER for step in problem.steps)
    times = Achievements(problem).since(finishes)
    return {item.id: time for item, time in zip(problem.achievements, times, strict=True)}


def _required(asked: Loosened) -> dict[str, tuple[int, ...]]:
    """The steps that are required and may be given up, with the demands that say so."""
    rigid = fixed(asked.demands, asked.kinds)
    wanted: dict[str, tuple[int, ...]] = {}
    for k, demand in asked.touched("fewer"):
        for name, fields in demand.steps.items():
            if fields.get("required") and name not in rigid:
                wanted[name] = (*wanted.get(name, ()), k)
    return wanted


def _due(asked: Loosened) -> dict[tuple[int, str], int]:
    """By when each demand asks for which achievements; by the end where dates may be later."""
    last = asked.problem.horizon - 1 if "later" in asked.kinds else None
    return {
        (k, name): by if last is None else last
        for k, demand in asked.touched("fewer")
        for name, by in demand.achievements.items()
    }
