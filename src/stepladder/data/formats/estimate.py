"""Numbers that nobody knows exactly: three points of a modified PERT distribution, or two of a lognormal one.

One written range is one unknown, wherever its number is used: every step that takes its cost from one line of a file is
dearer, or cheaper, together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Self

from pydantic import Discriminator, Field, Tag, model_validator

from stepladder.data.formats.base import LARGEST, Amount, Days, Money, Record, Share
from stepladder.errors import Location

# The standard normal's 95th percentile.
Z95 = 1.6448536269514722

Calendar = Annotated[float, Field(gt=0, le=600)]


class _Points(Record):
    """Three points in order."""

    low: float
    likely: float
    high: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(
                f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are not in ascending order; put them in"
                " order"
            )
        return self


class Estimate(_Points):
    """Three points of an uncertain amount; its mean is that of the modified PERT distribution, (low + 4 likely +
    high) / 6.
    """

    low: Amount
    """As low as it can sensibly be."""
    likely: Amount
    """The most likely value."""
    high: Amount
    """As high as it can sensibly be."""


class ShareEstimate(_Points):
    """Three points of an uncertain share, with the same mean."""

    low: Share
    """As low as it can sensibly be."""
    likely: Share
    """The most likely value."""
    high: Share
    """As high as it can sensibly be."""


class TimeEstimate(_Points):
    """Three points of an uncertain number of months, with the same mean."""

    low: Calendar
    """As short as it can sensibly be."""
    likely: Calendar
    """The most likely value."""
    high: Calendar
    """As long as it can sensibly be."""


class Loss(Record):
    """Loss per event as a lognormal distribution through two points."""

    median: Annotated[Money, Field(gt=0)]
    """Half of the events cost less."""
    p95: Annotated[Money, Field(gt=0)]
    """19 of 20 events cost less."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.p95 < self.median:
            raise ValueError("p95 is below the median; exchange them")
        # As logarithms: the mean itself may be beyond all floats.
        if math.log(self.median) + self.sigma**2 / 2 > math.log(LARGEST):
            raise ValueError(
                f"the mean of such a loss is more than {LARGEST:,.0f}, the largest amount that can be planned; bring"
                " the two closer together"
            )
        return self

    @property
    def sigma(self) -> float:
        """Standard deviation of the logarithm."""
        return math.log(self.p95 / self.median) / Z95


def shape(value: Any) -> str:
    """Which branch of a union is meant, so that an error speaks of that branch only."""
    return "mapping" if isinstance(value, dict | Record) else "plain"


def _loss_shape(value: Any) -> str:
    points = isinstance(value, dict) and ("median" in value or "p95" in value)
    return "lognormal" if points or isinstance(value, Loss) else shape(value)


Uncertain = Annotated[Annotated[Amount, Tag("plain")] | Annotated[Estimate, Tag("mapping")], Discriminator(shape)]
UncertainMoney = Annotated[Annotated[Money, Tag("plain")] | Annotated[Estimate, Tag("mapping")], Discriminator(shape)]
UncertainDays = Annotated[Annotated[Days, Tag("plain")] | Annotated[Estimate, Tag("mapping")], Discriminator(shape)]
UncertainShare = Annotated[
    Annotated[Share, Tag("plain")] | Annotated[ShareEstimate, Tag("mapping")], Discriminator(shape)
]
UncertainTime = Annotated[
    Annotated[Calendar, Tag("plain")] | Annotated[TimeEstimate, Tag("mapping")], Discriminator(shape)
]
UncertainLoss = Annotated[
    Annotated[Money, Tag("plain")] | Annotated[Estimate, Tag("mapping")] | Annotated[Loss, Tag("lognormal")],
    Discriminator(_loss_shape),
]

Range = Estimate | ShareEstimate | TimeEstimate


def mean(value: float | Range | Loss) -> float:
    """A number, the mean of a modified PERT distribution, or that of a lognormal one: median · exp(σ²/2) with σ =
    ln(p95 / median) / z95.
    """
    if isinstance(value, Loss):
        return value.median * math.exp(value.sigma**2 / 2)
    return (value.low + 4 * value.likely + value.high) / 6 if isinstance(value, _Points) else value


def points(value: float | Range) -> tuple[float, float, float]:
    """Low, likely and high; a number is all three."""
    return (value.low, value.likely, value.high) if isinstance(value, _Points) else (value, value, value)


def distribution(value: object) -> str:
    """The name of the distribution whose mean is used."""
    if isinstance(value, Loss):
        return "lognormal"
    return "modified PERT" if isinstance(value, _Points) else "given as a number"


def quantile(low: float, likely: float, high: float, below: float) -> float:
    """What a modified PERT distribution stays below with this probability.

    A beta distribution between low and high with α = 1 + 4 (likely − low) / (high − low) and β = 6 − α, so that the
    mean is (low + 4 likely + high) / 6.
    """
    from scipy.special import betaincinv

    if high <= low:
        return low
    alpha = 1 + 4 * (likely - low) / (high - low)
    return low + (high - low) * float(betaincinv(alpha, 6 - alpha, below))


@dataclass(frozen=True)
class Unknown:
    """One written range.

    Attributes
    ----------
    name
        Where it stands, as words with dots; the same for the same line in every run.
    at
        File, line and column.
    kind
        money, effort, months, frequency, loss or effect.
    points
        Low, likely, high; for an effect, at the highest level that has a range.
    """

    name: str
    at: Location
    kind: str
    points: tuple[float, float, float]


@dataclass
class Numbers:
    """How ranges become plain numbers while a scenario is resolved, and which ranges were met.

    Attributes
    ----------
    drawn
        By name of an unknown: the probability to stay below what is drawn. None: every range is its mean.
    met
        The unknowns, in the order in which they were met.
    """

    drawn: Mapping[str, float] | None = None
    met: dict[str, Unknown] = field(default_factory=dict)

    def plain(
        self, value: float | Range, name: str, at: Callable[[], Location], kind: str, spread: float = 0.0
    ) -> float:
        """A plain number for what was written; a number with a spread may be lower or higher by this part of itself.

        Where it stands is asked once for each range: one line is met again with every step that takes it.
        """
        low, likely, high = points(value)
        if low == high:
            low, high = likely * (1 - spread), likely * (1 + spread)
        if low == high:
            return mean(value)
        if name not in self.met or self.met[name].points != (low, likely, high):
            self.met[name] = Unknown(name, at(), kind, (low, likely, high))
        return (
            mean(value)
            if self.drawn is None or name not in self.drawn
            else quantile(low, likely, high, self.drawn[name])
        )
