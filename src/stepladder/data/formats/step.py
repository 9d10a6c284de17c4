"""A step of a problem: how long it takes, what it uses, what it needs first, and when it may be done.

Times are period indices from 0, money is in the problem's currency, effort in person-days.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from stepladder.data.formats import money
from stepladder.data.formats.achieved import AchievementNeed
from stepladder.data.formats.base import Amount, Index, Money, Record, Signed, StepId
from stepladder.data.formats.money import ratio
from stepladder.data.formats.renewal import Renewal
from stepladder.data.formats.spread import paid, wrong_count, wrong_sum

Duration = Annotated[int, Field(ge=1, le=100_000)]
Share = Annotated[float, Field(ge=0, le=1)]


class Need(Record):
    """What must be finished first."""

    step: StepId
    """The needed step."""
    lag: Index = 1
    """Start no earlier than this many periods after the period in which the needed step finishes; 0 is the same
    period.
    """


class Step(Record):
    """One step: raising one parameter by one level."""

    id: StepId
    """Unique name."""
    title: str = ""
    """For people; the id when left out."""
    duration: Duration = 1
    """Periods of work."""
    once: Money = 0.0
    """Investment, with no more decimals than the currency has; spread evenly over the working periods in its whole
    smallest units, unless ``spread`` says how.
    """
    spread: tuple[Share, ...] = ()
    """The share of the investment that is paid in each working period, 1 in all; in whole smallest units, what is left
    over in the last period with a share. Left out or empty: evenly.
    """
    per_year: Amount = 0.0
    """Running cost per year, in every period after the finish."""
    effort: dict[str, Amount] = {}
    """Person-days by team, spread evenly over the working periods."""
    effort_per_year: dict[str, Amount] = {}
    """Person-days a year by team that it takes to run what was built, in every period after the finish."""
    renew: Renewal | None = None
    """What comes again and again after the finish."""
    value_once: Signed = 0.0
    """Worth that is not risk, at the finish."""
    value_per_year: Signed = 0.0
    """The same, for every year in place."""
    points_per_year: Amount = 0.0
    """Points for every year in place, which ``objective: worth`` counts; no money."""
    needs: tuple[Need, ...] = ()
    """All of these first."""
    needs_any: tuple[tuple[Need, ...], ...] = ()
    """Of each group at least one first."""
    needs_achievements: tuple[AchievementNeed, ...] = ()
    """All of these must hold first."""
    earliest: Index = 0
    """First period it may start in."""
    latest_finish: Index | None = None
    """Last period it may finish in, if it is planned."""
    start: Index | None = None
    """Pinned start; the step is then required too."""
    required: bool = False
    """Must finish within the horizon."""

    def invested(self, currency: str) -> list[Fraction]:
        """What of ``once`` falls into each working period, exactly."""
        return paid(self.once, self.spread, currency) if self.spread else money.even(self.once, self.duration, currency)

    @property
    def runs(self) -> bool:
        """Whether it goes on taking anything but money a year."""
        return any(self.effort_per_year.values()) or self.renew is not None

    @property
    def a_year(self) -> Fraction:
        """What it goes on costing a year once it is finished, renewals on average, exactly."""
        return Fraction(*ratio(self.per_year)) + (self.renew.money_a_year if self.renew else 0)

    @property
    def works(self) -> tuple[Mapping[str, float], ...]:
        """Person-days by team: of the work, a year from then on, and of each renewal."""
        return (self.effort, self.effort_per_year, self.renew.effort if self.renew else {})

    @property
    def teams(self) -> tuple[str, ...]:
        """The teams that have any work of it, now or later."""
        return tuple(dict.fromkeys(team for by_team in self.works for team, days in by_team.items() if days))

    @property
    def name(self) -> str:
        """What people call it: its title, or its id where it has none."""
        return self.title.strip() or self.id

    @property
    def must(self) -> bool:
        """Whether every plan holds it."""
        return self.required or self.start is not None

    def finish(self, start: int) -> int:
        """The period in which it finishes when it starts in this one."""
        return start + self.duration - 1

    def helps_from(self, start: int, effect_lag: int) -> int:
        """The first period in which it is in place when it starts in this one."""
        return self.finish(start) + effect_lag

    @property
    def until(self) -> int | None:
        """The first time at which it is no longer in place; None: what is in place stays so."""
        return None

    @property
    def is_work(self) -> bool:
        """Whether it counts among the steps that are in work at once."""
        return True

    @property
    def paid_as(self) -> tuple[str, str]:
        """The kinds of money that ``once`` is."""
        return ("money", "money_once")

    @property
    def afterwards(self) -> float:
        """What it costs a year after the horizon, renewals on average."""
        return float(self.a_year)


def faults(step: Step, currency: str) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What is wrong with what a step costs: (path in it, code, message) for each."""
    fine = money.wrong(step.once, currency)
    if fine:
        yield ("once",), "SL104", fine
    count, together = wrong_count(step.spread, step.duration), wrong_sum(step.spread)
    if count or together:
        yield ("spread",), "SL304" if count else "SL104", count or together or ""
    again = step.renew and money.wrong(step.renew.once, currency)
    if again:
        yield ("renew", "once"), "SL104", again
