"""What is asked of a solver and what it answers, in our own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from stepladder.optimise.formulation.rows import Name
from stepladder.optimise.outcome import SolverName
from stepladder.optimise.solvers.arrays import Floats

Values = dict[Name, float]
SolverStatus = Literal["optimal", "feasible", "infeasible", "nothing"]


class Watch(Protocol):
    """Who looks on while a solver works, in the solver's scaled units."""

    def found(self, value: float | None, bound: float | None, values: Values) -> bool:
        """A new solution, with the best value and bound so far; True ends the search."""

    def going(self, bound: float | None) -> bool:
        """Still at work, with the bound so far, called after about the same work every time; True ends the search."""

    def known(self) -> Values | None:
        """A solution that the solver may not have yet."""


@dataclass(frozen=True)
class Limits:
    """How long one call may take, and how exact it must be."""

    gap: float
    seconds: float | None
    nodes: int | None
    seed: int
    solver: SolverName
    heuristics: bool = True
    """Whether the solver is to look for plans itself."""
    presolve: bool = True
    """Whether it may make the program smaller first: HiGHS 1.16 gave back another plan than the one that it had
    found (``tests/optimise/test_exact.py``).
    """


@dataclass(frozen=True)
class SolverAnswer:
    """What a solver found: values of the variables, and a proved bound on the objective, both in the solver's scaled
    units.
    """

    found: SolverStatus
    values: Values = field(default_factory=dict)
    bound: float | None = None
    duals: Floats | None = None
    """By row, of a linear relaxation, where the solver gives them."""
