"""Insurance as a scenario writes it: what insurers offer, by year, on which terms and conditions."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from stepladder.data.formats.base import Id, Money, Record, StepId, Text, share_of
from stepladder.data.formats.catalogue import Levels
from stepladder.data.formats.estimate import shape


def _covered(value: Any) -> Any:
    """``80%`` and ``0.8`` are the same share, and all of it is one too."""
    return share_of(value, whole=True)


#: What an insurer takes over of what is covered: more than nothing, and up to all of it.
Covered = Annotated[
    float,
    BeforeValidator(_covered),
    Field(gt=0, le=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\d{1,3}(\.\d+)? ?%$"},
            ]
        }
    ),
]
Cover = Annotated[Money, Field(gt=0)]


class ScenarioCover(Record):
    """Terms of one threat, where they differ from the policy's."""

    retention: Money | None = None
    """Our own part of each event."""
    limit: Cover | None = None
    """What is covered of each event above that, at most."""
    share: Covered | None = None
    """The insurer's part of what is covered."""


class ScenarioPolicy(Record):
    """One policy that an insurer offers."""

    title: Text | None = None
    """Insurer and name."""
    premium: Annotated[
        Annotated[Money, Tag("plain")] | Annotated[dict[str, Money], Tag("mapping")], Discriminator(shape)
    ]
    """What it costs for a policy year, paid in its first period: one number, or numbers by year (2027 …) with
    ``default`` for the rest; a year without one is not on offer.
    """
    retention: Money = 0.0
    """Our own part of each event, which comes first (deductible)."""
    limit: Cover
    """What is covered of each event above that, at most."""
    share: Covered = 1.0
    """The insurer's part of what is covered; less than 100% where we pay along, or expect that not all is honoured."""
    annual_limit: Money | None = None
    """What is paid in a year at most (aggregate limit); not counted in the choice, only beside it."""
    covers: dict[StepId, ScenarioCover | None] = {}
    """The threats that it covers, with terms of their own where they have some; all threats on the policy's terms when
    left out. Each must say how much events differ: ``loss_per_event`` as {median, p95}.
    """
    requires: Levels = {}
    """Levels that must be reached before a year in which it is in force begins, by practice, group or ``default``, then
    by scale.
    """
    source: Text | None = None
    """The offer that the numbers are from."""


Insurance = dict[Id, ScenarioPolicy]
