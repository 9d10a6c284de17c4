"""Caps on how likely large losses are: what a problem says of them, and what would contradict itself."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, get_args

from pydantic import Field

from stepladder.data.formats.base import Amount, Index, Record, StepId, unknown
from stepladder.data.formats.threat import Threat

Measure = Literal["one_event", "year", "excess"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
#: With more events a year than this, what they come to together is not told by cells of a size that can be counted.
MANY = 100.0

Chance = Annotated[float, Field(gt=0, lt=1)]
Above = Annotated[Amount, Field(gt=0)]


class Exceedance(Record):
    """A cap on how likely losses above an amount are, in periods ``from`` to ``to``; ``to`` equal to the number of
    periods includes the tail.
    """

    of: Measure
    """one_event: the chance that some event of a year costs more; year: that all events of a year together do; excess:
    what events cost beyond the amount, expected per year.
    """
    above: Above
    """The amount, in currency."""
    chance: Chance | None = None
    """Of one_event and year: the cap, a probability a year."""
    per_year: Amount | None = None
    """Of excess: the cap, in currency per year."""
    from_: Index = Field(alias="from")
    """First period."""
    to: Index | None = None
    """Last period; left out: the tail too."""
    threat: StepId | None = None
    """One threat, or all together when left out."""

    @property
    def level(self) -> float:
        """What the sum over threats may come to: events a year for a chance, −ln(1 − chance); currency for an
        excess.
        """
        return -math.log1p(-self.chance) if self.chance is not None else self.per_year or 0.0

    @property
    def most(self) -> float:
        """The cap as it is written."""
        return self.chance if self.chance is not None else self.per_year or 0.0


def about(threats: Sequence[Threat], threat: str | None) -> list[Threat]:
    """The threats that such a cap looks at."""
    return [one for one in threats if threat in (None, one.id)]


def unspread(threat: Threat) -> str | None:
    """Why nothing can be said of a threat's large losses; None where it can."""
    if threat.expected_loss_per_year == 0:
        return None
    if threat.events is None:
        return f"{threat.name!r} has an expected loss and no events"
    return f"{threat.name!r} does not say how much its events differ" if threat.events.sigma == 0 else None


def crowded(threats: Sequence[Threat], cap: Exceedance) -> str | None:
    """Why the sum of a year cannot be told; None where it can."""
    if cap.of != "year":
        return None
    rate = math.fsum(threat.events.per_year for threat in about(threats, cap.threat) if threat.events is not None)
    return None if rate <= MANY else f"{rate:,.0f} events a year are too many to tell what they come to together"


def faults(
    caps: Sequence[Exceedance], threats: Sequence[Threat], horizon: int
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What makes well-formed caps meaningless: (path in the problem, code, message) for each."""
    known = {threat.id for threat in threats}
    for k, cap in enumerate(caps):
        wanted, other = ("per_year", "chance") if cap.of == "excess" else ("chance", "per_year")
        if getattr(cap, wanted) is None:
            yield ("exceedance", k, "of"), "SL102", f"the cap is missing; {cap.of} goes with {wanted}"
        if getattr(cap, other) is not None:
            yield ("exceedance", k, other), "SL104", f"{cap.of} goes with {wanted}; remove {other}"
        if cap.threat is not None and cap.threat not in known:
            yield ("exceedance", k, "threat"), "SL206", unknown("threat", cap.threat, known)
        for side, period in (("from", cap.from_), ("to", cap.to)):
            if period is not None and period > horizon:
                message = f"period {period} is outside the horizon; the tail is {horizon}"
                yield ("exceedance", k, side), "SL304", message
        if cap.to is not None and cap.from_ > cap.to:
            message = f"the cap starts in period {cap.from_} and ends before that, in {cap.to}"
            yield ("exceedance", k, "from"), "SL104", message
        for threat in about(threats, cap.threat):
            if why := unspread(threat):
                message = f"{why}; give it events with a median and a sigma above 0"
                yield ("exceedance", k, "of"), "SL102", message
        if why := crowded(threats, cap):
            yield (
                ("exceedance", k, "of"),
                "SL313",
                f"{why} (at most {MANY:,.0f}); cap one threat, or one_event",
            )
