"""What the windows of a plan have left, and at which starts a step that is not planned would use more than that.

Like the verifier, of which it is a part, it imports errors and data only, and the verifier's own arithmetic. All steps
are looked at together, by floats where those are clear, and by exact fractions where they are not.

Starts are spoken of as sets of bits: bit s stands for a start in period s.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from stepladder.data.formats.problem import MONEY, Step
from stepladder.solution.recount import Counted, a_year, exact, shares, used

Array = npt.NDArray[Any]

#: A use that is this close to what is left, relative to the limit, is looked at exactly.
HAIR = 1e-9


class _Room(NamedTuple):
    """What a window has left: exactly, and as a float with the size of what it is a difference of."""

    first: int
    last: int
    left: Fraction
    roughly: float
    size: float

    @property
    def surely(self) -> float:
        """What is left at least, whatever floats are off by."""
        return self.roughly - HAIR * self.size


class _Uses(NamedTuple):
    """Some steps as columns, and what is the same for all: shapes (n, 1), and (n, T) by start."""

    steps: list[Step]
    start: Array
    last: Array
    each: Array
    rest: Array
    per_year: Array
    uneven: Array

    def of(self, rows: Array) -> _Uses:
        """The same of some of the steps."""
        return _Uses(
            [self.steps[k] for k in rows.tolist()],
            self.start,
            *(column[rows] for column in (self.last, self.each, self.rest, self.per_year, self.uneven)),
        )


def crowded(counted: Counted, steps: Sequence[Step]) -> dict[str, dict[str, int]]:
    """By step and rule (a money resource, or ``teams``), the starts at which some window of it is exceeded.

    Parameters
    ----------
    counted
        The sums of a plan that keeps every rule.
    steps
        Steps that are not in it.
    """
    starts: dict[str, dict[str, int]] = {step.id: {} for step in steps}
    for resource, rooms in _rooms(counted).items():
        rule = resource if resource in MONEY else "teams"
        users = [step for step in steps if _most(counted, step, resource) > 0]
        for step, bits in zip(users, _exceeded(counted, users, resource, rooms), strict=True):
            if bits:
                starts[step.id][rule] = starts[step.id].get(rule, 0) | bits
    return starts


def _rooms(counted: Counted) -> dict[str, list[_Room]]:
    """What every window has left, by resource, the tightest first: where a step is too much for none of the first, it
    is for none.
    """
    rooms: dict[str, list[_Room]] = {}
    windows = counted.problem.windows
    totals = {name: [Fraction(0), *accumulate(counted.total(name))] for name in {w.resource for w in windows}}
    for window in windows:
        before, limit = totals[window.resource], exact(window.limit)
        left = limit - (before[window.to + 1] - before[window.from_])
        room = _Room(window.from_, window.to, left, float(left), float(limit))
        rooms.setdefault(window.resource, []).append(room)
    return {resource: sorted(each, key=lambda room: room.surely) for resource, each in rooms.items()}


def _most(counted: Counted, step: Step, resource: str) -> float:
    """No less than a step can use of a resource in all periods together."""
    if resource not in MONEY:
        again = step.renew.effort.get(resource, 0.0) * counted.problem.horizon if step.renew else 0.0
        return step.effort.get(resource, 0.0) + step.effort_per_year.get(resource, 0.0) * counted.years[-1] + again
    if resource == "money_afterwards":
        return float(a_year(step))
    again = step.renew.once * counted.problem.horizon if step.renew else 0.0
    return step.once + step.per_year * counted.years[-1] + again


def _exceeded(counted: Counted, steps: list[Step], resource: str, rooms: list[_Room]) -> list[int]:
    """By step, the starts at which some of these windows is exceeded."""
    over = np.zeros((len(steps), counted.problem.horizon), dtype=bool)
    most = np.array([_most(counted, step, resource) for step in steps]) * (1 + 2 * HAIR)
    uses = _columns(counted, steps, resource)
    for room in rooms:
        rows = np.flatnonzero(most >= room.surely)
        if not len(rows):
            break
        over[rows] |= _beyond(counted, uses.of(rows), resource, room)
    packed = np.packbits(over, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in packed]


def _columns(counted: Counted, steps: list[Step], resource: str) -> _Uses:
    start = np.arange(counted.problem.horizon).reshape(1, -1)
    duration = np.array([step.duration for step in steps]).reshape(-1, 1)
    if resource == "money_afterwards":
        each = np.zeros((len(steps), 1))
        rest = np.array([float(a_year(step)) for step in steps]).reshape(-1, 1)
        running = [0.0] * len(steps)
    elif resource in MONEY:
        pairs = [shares(step, counted.coins) if resource != "money_per_year" else (0, 0) for step in steps]
        each, rest = (np.array([pair[k] / counted.coins for pair in pairs]).reshape(-1, 1) for k in range(2))
        running = [step.per_year if resource != "money_once" else 0.0 for step in steps]
    else:
        each = rest = np.array([step.effort.get(resource, 0.0) for step in steps]).reshape(-1, 1) / duration
        running = [step.effort_per_year.get(resource, 0.0) for step in steps]
    # What falls otherwise than evenly is counted exactly, period by period.
    uneven = np.array([_uneven(step, resource) for step in steps], dtype=bool).reshape(-1, 1)
    return _Uses(steps, start, start + duration - 1, each, rest, np.array(running).reshape(-1, 1), uneven)


def _uneven(step: Step, resource: str) -> bool:
    """Whether a step uses a resource otherwise than evenly while it is worked on, and then by the year."""
    again = step.renew is not None and resource not in ("money_once", "money_afterwards")
    return again or (bool(step.spread) and resource in MONEY[:2])


def _beyond(counted: Counted, uses: _Uses, resource: str, room: _Room) -> Array:
    """Whether a window is exceeded, by step and start."""
    working = np.clip(np.minimum(uses.last, room.last) - np.maximum(uses.start, room.first) + 1, 0, None)
    ends = (room.first <= uses.last) & (uses.last <= room.last)
    more = uses.each * working + (uses.rest - uses.each) * ends
    years = np.array(counted.years)
    since = np.minimum(np.maximum(room.first, uses.last + 1), room.last + 1)
    more = more + uses.per_year * (years[room.last + 1] - years[since])
    clear = ~uses.uneven & ((more == 0) | (np.abs(more - room.roughly) > HAIR * (room.size + more)))
    beyond: Array = clear & (more > max(0.0, room.roughly))
    # A step that ends after the horizon has no such start.
    unclear = ~clear & (uses.last < counted.problem.horizon)
    for k, start in np.argwhere(unclear).tolist():
        step = uses.steps[k]
        exactly = (used(counted.problem, step, start, t, resource) for t in range(room.first, room.last + 1))
        beyond[k, start] = sum(exactly, Fraction(0)) > room.left
    return beyond
