"""A formulation as data: named variables and named rows, whichever program solves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

Name = NewType("Name", str)
#: Terms before they are collected; of what cannot be there is no variable.
Pairs = list[tuple[Name | None, float]]
Sense = Literal["<=", ">=", "=="]
Terms = Mapping[Name, float]


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable: binary-like integer, or continuous, between two bounds.

    Attributes
    ----------
    name
        For texts, and for terms to refer to it; nothing is read out of it.
    lower, upper, integer
        What it may be.
    kind, index, time
        What it says of which step, threat or demand, and when: 0 where it is the only one, or says it of all times.
    """

    name: Name
    lower: float
    upper: float
    integer: bool
    kind: str
    index: int = 0
    time: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One linear row: Σ coefficient · variable, compared with a constant.

    Attributes
    ----------
    family, key
        The rule that it is of, and which of its rows it is: indices, never ids, since two of these may look alike to a
        solver.
    """

    family: str
    key: tuple[int | str, ...]
    terms: Terms
    sense: Sense
    rhs: float

    @property
    def name(self) -> str:
        """What a text calls it."""
        return "_".join([self.family, *map(str, self.key)])


@dataclass
class Formulation:
    """Variables, rows and an objective to be minimised."""

    variables: dict[Name, Variable] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    objective: dict[Name, float] = field(default_factory=dict)
    constant: float = 0.0

    def add_variables(self, variables: Iterable[Variable]) -> None:
        """Add variables; a name is used once."""
        self.variables.update((variable.name, variable) for variable in variables)

    def add(self, rows: Iterable[Row]) -> None:
        """Add rows, without those that hold whatever the variables are."""
        self.rows.extend(row for row in rows if row.terms or not _trivial(row))


def _trivial(row: Row) -> bool:
    """Whether an empty row holds."""
    return {"<=": row.rhs >= 0, ">=": row.rhs <= 0, "==": row.rhs == 0}[row.sense]


def collect(pairs: Iterable[tuple[Name | None, float]]) -> dict[Name, float]:
    """Terms with the coefficients of each variable added up; zero coefficients and absent variables are left out."""
    terms: dict[Name, float] = {}
    for name, coefficient in pairs:
        if name is not None:
            terms[name] = terms.get(name, 0.0) + coefficient
    return {name: coefficient for name, coefficient in terms.items() if coefficient}
