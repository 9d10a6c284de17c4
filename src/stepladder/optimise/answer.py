"""What is asked of a solver and what it answers, in our own words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from stepladder.optimise.outcome import SolverName
from stepladder.optimise.rows import Name

Values = dict[Name, float]
Found = Literal["optimal", "feasible", "infeasible", "nothing"]
#: Told the best value and bound so far, and a new solution or None; answers whether that is enough.
Watch = Callable[[float | None, float | None, Values | None], bool]


@dataclass(frozen=True)
class Effort:
    """How long one call may take, and how exact it must be."""

    gap: float
    seconds: float | None
    nodes: int | None
    seed: int
    threads: int
    solver: SolverName


@dataclass(frozen=True)
class Answer:
    """What a solver found: values of the variables, and a proved bound on the objective, both in the solver's scaled units."""

    found: Found
    values: Values = field(default_factory=dict)
    bound: float | None = None
