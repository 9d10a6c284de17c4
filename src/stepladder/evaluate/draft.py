"""A plan that changes step by step, with all that rules and criteria need kept up to date.

``evaluate`` looks at a whole plan; a draft answers at once what one step more, less, earlier or later would break and change, which is
what searches by hand and reasons for steps that are not planned ask thousands of times. Windows are counted in whole units, exactly.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stepladder.data.problem import MONEY
from stepladder.evaluate.ledger import PRECISION
from stepladder.evaluate.tables import Array, Tables


class Draft:
    """A plan in the making. Steps are spoken of by index, a step that is not planned starts at None.

    Parameters
    ----------
    tables
        The problem's arrays.
    starts
        Period of the start by step id.
    """

    def __init__(self, tables: Tables, starts: Mapping[str, int] | None = None) -> None:
        self.tables = tables
        problem = tables.problem
        self.starts: list[int | None] = [None] * len(tables.steps)
        self.losses: Array = np.tile(np.array([threat.expected_loss_per_year for threat in problem.threats]).reshape(-1, 1), (1, tables.horizon + 1))
        self.slack: dict[str, Array] = {name: np.array(limits, dtype=tables.used(name).dtype) for name, (_, _, limits) in tables.windows.items()}
        self.busy = [0] * tables.horizon
        self.spend = self.worth = 0.0
        self._after = self._suffix(self.losses)
        self._limited = [[name for name in tables.windows if tables.ledger.uses(step, name)] for step in tables.steps]
        for name, start in (starts or {}).items():
            self.put(tables.number[name], start)

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> dict[str, int]:
        """Starts by step id, in the order of the problem."""
        return {step.id: start for step, start in zip(self.tables.steps, self.starts, strict=True) if start is not None}

    @property
    def risk(self) -> float:
        """R, worth taken off."""
        return float(self._after[:, 0].sum()) - self.worth

    def criteria(self) -> tuple[float, float]:
        """What is minimised first and second."""
        return self._ordered(self.risk, self.spend)

    def _ordered(self, risk: float, spend: float) -> tuple[float, float]:
        return {"risk": (risk, spend), "spend": (spend, risk), "net": (risk + spend, 0.0)}[self.tables.problem.objective]

    def _suffix(self, losses: Array) -> Array:
        """Weighted loss from each time on, by threat: (K, T + 2), the last column zero."""
        weighted = losses * self.tables.weights
        return np.concatenate([np.cumsum(weighted[..., ::-1], axis=-1)[..., ::-1], np.zeros((*losses.shape[:-1], 1))], axis=-1)

    # -- what a change would do ------------------------------------------------------------------------------------

    def change(self, k: int, start: int | None) -> tuple[float, float]:
        """What the two criteria change by when step ``k`` starts at ``start`` instead; None takes it out."""
        tables, before = self.tables, self.starts[k]
        never = tables.horizon + 1
        old = never if before is None else int(tables.since[k, before])
        new = never if start is None else int(tables.since[k, start])
        risk = 0.0
        for threat, factor in tables.effects[k]:
            after = self._after[threat]
            if new < old:
                risk += (factor - 1) * (after[new] - after[old])
            elif old < new:
                risk += (1 / factor - 1) * (after[old] - after[new])
        spend = (0.0 if start is None else tables.spend[k, start]) - (0.0 if before is None else tables.spend[k, before])
        worth = (0.0 if start is None else tables.worth[k, start]) - (0.0 if before is None else tables.worth[k, before])
        return self._ordered(float(risk - worth), float(spend))

    def broken(self, k: int, start: int | None, *, first: bool = False) -> list[str]:
        """The rules, by the verifier's names, that a plan would break with step ``k`` starting at ``start``; with ``first`` the first one only."""
        if start is not None and start + self.tables.steps[k].duration > self.tables.horizon:
            return ["horizon"]
        found: list[str] = []
        for rules in (self.disorder, self._limits, self._appetite):
            found += rules(k, start)
            if first and found:
                return found
        return found

    def disorder(self, k: int, start: int | None) -> list[str]:
        """The same of dates, needs and exclusions only."""
        tables, starts, step = self.tables, self.starts, self.tables.steps[k]
        if start is None:
            broken = ["required"] * (step.required or step.start is not None) + ["needs"] * any(starts[i] is not None for i, _ in tables.waiting[k])
            return broken + ["needs_any"] * (not self._groups_hold(k, None))
        broken = tables.fits_itself(step, start)
        late = any(held is None or start < held + gap for held, gap in ((starts[j], gap) for j, gap in tables.needs[k]))
        if late or any(held is not None and held < start + gap for held, gap in ((starts[i], gap) for i, gap in tables.waiting[k])):
            broken.append("needs")
        if not self._groups_hold(k, start):
            broken.append("needs_any")
        if any(starts[j] is not None for j in tables.excludes[k]):
            broken.append("excludes")
        return broken

    def _groups_hold(self, k: int, start: int | None) -> bool:
        """Whether the any-of groups of step ``k``, and those in which it stands, hold with its new start."""
        starts = self.starts
        for i in {k, *self.tables.grouped[k]}:
            own = start if i == k else starts[i]
            if own is None:
                continue
            for group in self.tables.groups[i]:
                held = ((start if j == k else starts[j], gap) for j, gap in group)
                if not any(at is not None and own >= at + gap for at, gap in held):
                    return False
        return True

    def _limits(self, k: int, start: int | None) -> list[str]:
        tables, before, broken = self.tables, self.starts[k], []
        limit = tables.problem.max_parallel
        if limit is not None and start is not None:
            span = range(start, min(start + tables.steps[k].duration, tables.horizon))
            held = () if before is None else range(before, before + tables.steps[k].duration)
            if any(self.busy[t] - (t in held) >= limit for t in span):
                broken.append("max_parallel")
        for name in self._limited[k]:
            used = self._windows(name, k, start) - self._windows(name, k, before)
            if bool((used > self.slack[name]).any()):
                broken.append(name if name in MONEY else "teams")
        return list(dict.fromkeys(broken))

    def _windows(self, resource: str, k: int, start: int | None) -> Array:
        first, after, _ = self.tables.windows[resource]
        if start is None:
            return np.zeros(len(first), dtype=self.slack[resource].dtype)
        used = self.tables.used(resource)[k, start]
        result: Array = used[after] - used[first]
        return result

    def _appetite(self, k: int, start: int | None) -> list[str]:
        if not self.tables.caps:
            return []
        changed = self._changed(k, start)
        total = self.losses.sum(axis=0) + sum(row - self.losses[threat] for threat, row in changed.items())
        for threat, t, cap in self.tables.caps:
            held = total[t] if threat is None else changed.get(threat, self.losses[threat])[t]
            if held > cap * (1 + PRECISION):
                return ["appetite"]
        return []

    def _changed(self, k: int, start: int | None) -> dict[int, Array]:
        """The losses over time of the threats that a change touches."""
        tables, before = self.tables, self.starts[k]
        found = {}
        for threat, factor in tables.effects[k]:
            row = self.losses[threat].copy()
            if before is not None:
                row[tables.since[k, before] :] /= factor
            if start is not None:
                row[tables.since[k, start] :] *= factor
            found[threat] = row
        return found

    # -- changes ---------------------------------------------------------------------------------------------------

    def put(self, k: int, start: int | None) -> None:
        """Start step ``k`` at ``start``, or take it out; rules are not looked at."""
        tables, before = self.tables, self.starts[k]
        for name in self._limited[k]:
            self.slack[name] = self.slack[name] - self._windows(name, k, start) + self._windows(name, k, before)
        for threat, row in self._changed(k, start).items():
            self.losses[threat] = row
            self._after[threat] = self._suffix(row)
        for at, sign in ((before, -1), (start, 1)):
            if at is not None:
                self.spend += sign * float(tables.spend[k, at])
                self.worth += sign * float(tables.worth[k, at])
                for t in range(at, at + tables.steps[k].duration):
                    self.busy[t] += sign
        self.starts[k] = start
