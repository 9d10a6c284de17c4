"""A step and all that need it, and what it does to a plan to change several steps at once."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import Criteria


def dependants(draft: Draft, step: int, most: float = math.inf, room: float = math.inf) -> list[int]:
    """A step and the planned ones that would lack what they need without it, through groups of alternatives too; the
    step first.

    Nothing where they are more than ``most``, or one of them takes more than ``room`` off the losses: then nobody wants
    to know the others.
    """
    tables, gone, queue = draft.tables, {step: None}, [step]
    while queue:
        k = queue.pop()
        if len(gone) > most or (room < math.inf and draft.parts(k, None)[0] > room):
            return []
        near = [*(i for i, _ in tables.waiting[k]), *sorted(tables.grouped[k])]
        near += [i for i, needed in enumerate(tables.achieving) if needed] if tables.achievements.counts[k] else []
        for i in near:
            if draft.starts[i] is not None and i not in gone and _lacks(draft, i, gone):
                gone[i] = None
                queue.append(i)
    return list(gone)


def _lacks(draft: Draft, k: int, gone: dict[int, None]) -> bool:
    """Whether a planned step needs one of those that are gone, or no alternative of one of its groups is left in
    time.
    """
    tables, start = draft.tables, draft.starts[k]
    if any(j in gone for j, _ in tables.needs[k]):
        return True
    if tables.achieving[k] and start is not None:
        times = draft.since([(j, None) for j in gone])
        if any(start < times[a] + lag for a, lag in tables.achieving[k]):
            return True
    left = (((draft.starts[j], gap) for j, gap in group if j not in gone) for group in tables.groups[k])
    return any(
        not any(at is not None and start is not None and start >= at + gap for at, gap in group) for group in left
    )


def least_change(draft: Draft, change: Sequence[tuple[int, int | None]]) -> Criteria:
    """No more than what a change does to the criteria, but for rounding; exactly that, where it is of one step.

    Money and worth add up, but for that of achievements, which is counted for all together. What several
    steps take off a loss together is never more than the sum of what each does,
    nor less than the most.
    """
    if len(change) == 1:
        return draft.change(*change[0])
    tables = draft.tables
    if sum(bool(tables.mixed.touching[k]) for k, _ in change) > 1 or not all(
        tables.steps[k].is_work for k, _ in change
    ):
        # Of an event that is cheaper a policy may pay far less, and one policy in place of another takes less off than
        # both: nobody knows before it is tried.
        return draft.ordered(-math.inf, -math.inf)
    losses, others = [], []
    for k, start in change:
        loss, money, worth = draft.parts(k, start)
        losses.append(loss)
        others.append((draft.gained([(k, start)]) - worth, money))
    others.append((-draft.gained(change), 0.0))
    worst = math.fsum(losses) if min(losses) < 0 else max(losses)
    return draft.ordered(worst + math.fsum(worth for worth, _ in others), math.fsum(money for _, money in others))
