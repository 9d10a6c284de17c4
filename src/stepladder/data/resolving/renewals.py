"""What comes again after a step, as a scenario or a catalogue says it in months, in periods of the plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from stepladder.data.formats.base import too_much
from stepladder.data.formats.money import nearest
from stepladder.data.formats.problem import Path
from stepladder.data.formats.renewal import Renew, Renewal
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.parts import Desk


class Place(Protocol):
    """Where it is written."""

    @property
    def root(self) -> Node:
        """The file."""

    @property
    def path(self) -> Path:
        """Of the cost that it is a part of."""


def renewal(
    desk: Desk, said: Renew, place: Place, plain: Callable[..., float], factors: tuple[float, float]
) -> Renewal | None:
    """In whole periods; several in each where they come more often than periods. None where nothing comes again.

    Parameters
    ----------
    desk
        Where what is wrong is noted.
    said
        As it is written.
    place
        Where.
    plain
        Makes one number of one that may be a range: of it, its kind, its factor, and the keys that lead to it.
    factors
        Of money, and of person-days.
    """
    months = desk.calendar.months
    every, in_each = max(1, said.every // months), max(1, months // said.every)
    if said.every * in_each != every * months:
        desk.wrong((*place.path, "renew", "every"), "SL304", _wrong(said.every, months), root=place.root)
        return None
    once = 0.0 if said.once is None else plain(said.once, "money", factors[0], "renew", "once")
    days: dict[str, float] = {}
    for role, amount in (said.effort or {}).items():
        team = next((name for name, entry in desk.scenario.teams.items() if role in (entry.covers or ())), role)
        own = plain(amount, "effort", factors[1], "renew", "effort", role)
        days[team] = round(days.get(team, 0.0) + own * in_each, 2)
    once = nearest(once * in_each, desk.scenario.currency)
    for key, amount in (("once", once), *(("effort", amount) for amount in days.values())):
        wrong = too_much("those of one period come to", amount, "correct it")
        if wrong:
            desk.wrong((*place.path, "renew", key), "SL104", wrong, root=place.root)
            return None
    kept = {team: amount for team, amount in days.items() if amount}
    if not once and not kept:
        return None
    return Renewal(every=every, a_year=12 / (every * months), once=once, effort=kept)


def _wrong(every: int, months: int) -> str:
    """Why renewals do not fit the plan's periods."""
    near = sorted({max(1, every // months) * months, -(-every // months) * months})
    return (
        f"{every} months are no whole number of the plan's periods of {months}, nor is such a period a whole number of"
        f" them; write {' or '.join(map(str, near))} months"
    )
