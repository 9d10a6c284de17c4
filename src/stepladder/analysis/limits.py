"""What the past has left of limits: never less than what is done or running goes on to use."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from stepladder.analysis.sides import called
from stepladder.data.formats import money
from stepladder.data.formats.base import too_much
from stepladder.data.formats.problem import MONEY, Window
from stepladder.data.happened import Happened
from stepladder.data.question import Overrun
from stepladder.errors import UsageError
from stepladder.evaluate import exact

#: By resource: what is used in each period.
Use = Callable[[str], list[Fraction]]


@dataclass(frozen=True)
class Limits:
    """What is left of limits, and what is to be said of that.

    Attributes
    ----------
    currency
        Of the money.
    happened
        Until when, and what has been promised since.
    past, goes_on
        By resource: what the past has used in each period, and what is done or running uses.
    books
        Money that was truly spent, by past period.
    teams
        Titles of teams, by id.
    notes
        What a reader should know of the limits asked for so far.
    overruns
        Those of them that are overrun.
    """

    currency: str
    happened: Happened
    past: Use
    goes_on: Use
    books: Mapping[int, Fraction]
    teams: Mapping[str, str]
    notes: list[str] = field(default_factory=list)
    overruns: list[Overrun] = field(default_factory=list)

    def rest(self, window: Window) -> Window | None:
        """What is left of a limit from now on, and no less than what is done or running goes on to use; None where it
        is past.
        """
        now = self.happened.now
        if window.to < now:
            return None
        promised = self.happened.beside.promised.get(window.resource, {})
        later = sum((part for t, part in promised.items() if window.from_ <= t <= window.to), Fraction(0))
        left = exact(window.limit) - sum(self._used(window, t) for t in range(window.from_, now)) - later
        first = max(window.from_, now)
        settled = sum(self.goes_on(window.resource)[first : window.to + 1], Fraction(0))
        limit = max(left, Fraction(0))
        named = f"{called(window.resource, self.teams)} in {window.label or 'a limit'}"
        if left < 0:
            used_already = "used or promised already" if later else "used already"
            self.notes.append(
                f"{named}: {self._amount(window, -left)} more than the limit is {used_already}; nothing is left of it."
            )
        if settled > limit:
            more = self._amount(window, settled - limit)
            self.notes.append(f"{named}: what is done or running takes {more} more than is left; nothing can be added.")
            limit = Fraction(math.ceil(settled * 10**6), 10**6)
            check_size(f"{named}: what is done or running takes", float(limit))
        if limit > left:
            self.overruns.append(Overrun(window.resource, window.label, window.to, float(settled - left)))
        return window.model_copy(update={"from_": first, "limit": float(limit)})

    def _used(self, window: Window, t: int) -> Fraction:
        """What a past period has used of a limit."""
        used = self.past(window.resource)[t]
        return self.books.get(t, used) if window.resource == MONEY[0] else used

    def _amount(self, window: Window, amount: Fraction) -> str:
        if window.resource in MONEY:
            return money.shown(float(amount), self.currency)
        return f"{float(amount):,.2f}".rstrip("0").rstrip(".")


def check_size(what: str, amount: float) -> None:
    """An amount that follows from what has happened is not too large.

    Raises
    ------
    UsageError
        Where it is.
    """
    wrong = too_much(what, amount, "correct what has happened, or the new assessment")
    if wrong:
        raise UsageError(wrong)
