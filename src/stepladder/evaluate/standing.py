"""Which caps on large losses a plan in the making would break with one step elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.evaluate.tables import Tables


class Standing:
    """The caps on large losses of a plan that changes.

    Parameters
    ----------
    tables
        The problem's arrays.
    starts
        By step's index, when it starts; the list that changes.
    """

    def __init__(self, tables: Tables, starts: Sequence[int | None]) -> None:
        self._tables, self._starts = tables, starts
        self._there: dict[int, frozenset[str]] = {}

    def forget(self) -> None:
        """The starts have changed."""
        self._there.clear()

    def broken(self, k: int, start: int | None) -> list[str]:
        """The rules that the plan would break with step ``k`` starting at ``start``; None takes it out."""
        tables, rules, name = self._tables, dict[str, None](), self._tables.steps[k].id
        for tail in tables.ledger.tails:
            for t in tail.times:
                there = self._in_place(t)
                inside = start is not None and bool(tables.since[k, start] <= t < tables.until[k])
                if not tail.kept(there | {name} if inside else there - {name}):
                    rules[tail.rule] = None
                    break
        return list(rules)

    def _in_place(self, t: int) -> frozenset[str]:
        """Ids of the steps that are in place at a time, and of the policy in force."""
        if t not in self._there:
            tables = self._tables
            since = ((i, tables.since[i, at]) for i, at in enumerate(self._starts) if at is not None)
            self._there[t] = frozenset(tables.steps[i].id for i, first in since if first <= t < tables.until[i])
        return self._there[t]
