"""Steps and achievements of a scenario: where, and which."""

from __future__ import annotations

from typing import NamedTuple

from stepladder.data.resolving.index import Ref
from stepladder.data.resolving.parts import name_of


class Key(NamedTuple):
    """A step of the scenario: where, and which."""

    system: str | None
    ref: Ref

    @property
    def id(self) -> str:
        """The step's id in the problem."""
        return name_of(self.system, str(self.ref))

    @property
    def parameter(self) -> str:
        """The id of the parameter that it raises."""
        return name_of(self.system, f"{self.ref.practice}.{self.ref.scale}")


class Home(NamedTuple):
    """An achievement of the scenario: in which system, and which."""

    system: str | None
    name: str

    @property
    def id(self) -> str:
        """Its id in the problem."""
        return name_of(self.system, self.name)
