"""How money is lost: a threat, what its loss is expected to be, and how it comes about where that is known."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stepladder.data.formats import money
from stepladder.data.formats.base import LARGEST, Amount, Record, StepId

#: Frequency times magnitude is the expected loss to this relative precision, and to the currency's smallest coin.
SAME = 1e-6


class Events(Record):
    """How a loss comes about, with what is in place today: events by chance (Poisson), each with its own loss
    (lognormal).
    """

    per_year: Amount
    """How many there are in a year on average (frequency)."""
    median: Amount
    """Half of them cost less (magnitude)."""
    sigma: Annotated[float, Field(ge=0, le=20)] = 0.0
    """Standard deviation of the logarithm of what one costs; 0 where all cost the same."""

    @property
    def mean(self) -> float:
        """What one costs on average."""
        return self.median * math.exp(self.sigma**2 / 2)

    def coming_to(self, loss: float) -> Events | None:
        """So many more or fewer of the same events that they cost this much in a year, in currency; None where no
        number of them can.
        """
        if loss >= LARGEST * self.mean:
            return None
        # Who states a loss anew says nothing of what one event costs, so that stays as it is.
        return self.model_copy(update={"per_year": loss / self.mean})

    def before(self, rarer: float, cheaper: float) -> Events | None:
        """As they were before so much of their frequency and of their magnitude remained; None where that is more than
        can be written.
        """
        per_year, median = self.per_year / rarer, self.median / cheaper
        large = max(per_year, median) > LARGEST
        return None if large else self.model_copy(update={"per_year": per_year, "median": median})


class Threat(Record):
    """One way to lose money."""

    id: StepId
    """Unique name."""
    title: str = ""
    """For people; the id when left out."""
    expected_loss_per_year: Amount
    """Today, with what is in place today."""
    factors: dict[str, Annotated[float, Field(gt=0, le=1)]] = {}
    """By step: what remains of the loss once the step is in place."""
    events: Events | None = None
    """How it comes about, where that is known."""
    cheaper: tuple[StepId, ...] = ()
    """Of the steps in ``factors``, those that make events cheaper; all others make them rarer."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_known(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A threat of which only the loss is known is written as it was before there were events."""
        return {key: held for key, held in write(self).items() if held or key not in ("events", "cheaper")}

    @property
    def name(self) -> str:
        """What people call it: its title, or its id where it has none."""
        return self.title.strip() or self.id

    def remains(self, steps: Collection[str]) -> tuple[float, float]:
        """What remains of the frequency and of the magnitude of events with these steps in place."""
        there = [(name in self.cheaper, factor) for name, factor in self.factors.items() if name in steps]
        rarer = math.prod(factor for cheaper, factor in there if not cheaper)
        return rarer, math.prod(factor for cheaper, factor in there if cheaper)


def faults(threat: Threat, currency: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What contradicts itself in a well-formed threat, whose money is in this currency: (path in it, message) for
    each.
    """
    for m, name in enumerate(threat.cheaper):
        if name not in threat.factors:
            message = f"{name!r} makes events cheaper and takes nothing off the loss; give it a factor, or remove it"
            yield ("cheaper", m), message
    if threat.events is None:
        return
    a_year = threat.events.per_year * threat.events.mean
    if abs(a_year - threat.expected_loss_per_year) > 1 / money.units(currency) + SAME * a_year:
        message = (
            f"events a year times their mean loss come to {a_year:,.2f}, and expected_loss_per_year is "
            f"{threat.expected_loss_per_year:,.2f}; correct one of them"
        )
        yield ("events",), message
