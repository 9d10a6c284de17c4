"""A plan that changes step by step, with all that rules and criteria need kept up to date.

``evaluate`` looks at a whole plan; a draft answers at once what one step more, less, earlier or later would break and
change, which is what searches by hand and reasons for steps that are not planned ask thousands of times. Windows are
counted in whole units, exactly.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stepladder.data.formats.problem import MONEY
from stepladder.data.objective import objective_of
from stepladder.evaluate.achieved import NEVER
from stepladder.evaluate.evaluation import PRECISION
from stepladder.evaluate.order import Criteria, rounded, whole
from stepladder.evaluate.standing import Standing
from stepladder.evaluate.tables import Tables
from stepladder.evaluate.uses import Array


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
        self.tables, self.objective = tables, objective_of(tables.problem)
        placed = [(tables.number[name], start) for name, start in (starts or {}).items()]
        self.starts: list[int | None] = [None] * len(tables.steps)
        self.slack: dict[str, Array] = {}
        self.busy = [0] * tables.horizon
        self._logs = np.zeros((len(tables.today), tables.horizon + 1), dtype=np.int64)
        room = tables.rows.limits.copy()
        room -= tables.rows.at(placed)
        for k, start in placed:
            self.starts[k] = start
            self._occupy(k, start, 1)
            touched, logs = tables.touched[k]
            self._logs[touched, tables.since[k, start] : tables.until[k]] += logs
        self.slack.update((name, room[columns]) for name, columns in tables.rows.columns.items())
        self.losses: Array = np.zeros(self._logs.shape)
        self._after: Array = np.zeros((len(self._logs), tables.horizon + 2))
        self._left = [0] * len(self._logs)
        self._loss = 0
        self._weigh(np.arange(len(self._logs)))
        self._spend = sum(whole(float(tables.spend[k, start])) for k, start in placed)
        #: From when each achievement holds.
        self.achieved = self.since(())
        self._worth = sum(whole(float(tables.worth[k, start])) for k, start in placed) + self._achieved_worth()
        self._standing = Standing(tables, self.starts)
        self._criteria: Criteria | None = None
        self._size: Criteria | None = None

    # -- what it is ------------------------------------------------------------------------------------------------

    @property
    def plan(self) -> dict[str, int]:
        """Starts by step id, in the order of the problem."""
        return {step.id: start for step, start in zip(self.tables.steps, self.starts, strict=True) if start is not None}

    def criteria(self) -> Criteria:
        """What is minimised first and second: of the plan alone, whatever way led to it, because what is added up is
        added exactly.
        """
        if self._criteria is None:
            risk = self._loss - self._worth
            # As far as they can be added exactly, they are.
            first, second = (
                (risk + self._spend, 0) if self.objective.both else self.objective.ordered(risk, self._spend)
            )
            self._criteria = rounded(first), rounded(second)
        return self._criteria

    def size(self) -> Criteria:
        """How large the amounts are that the criteria are sums of."""
        if self._size is None:
            self._size = self.ordered(rounded(self._loss + abs(self._worth)), rounded(self._spend))
        return self._size

    def ordered(self, risk: float, spend: float) -> Criteria:
        """What remains of losses, and money, as first and second criterion."""
        return self.objective.criteria(risk, spend)

    def _suffix(self, losses: Array) -> Array:
        """Weighted loss from each time on, by threat: (K, T + 2), the last column zero."""
        weighted = losses * self.tables.loss_weights
        return np.concatenate(
            [np.cumsum(weighted[..., ::-1], axis=-1)[..., ::-1], np.zeros((*losses.shape[:-1], 1))], axis=-1
        )

    # -- what a change would do ------------------------------------------------------------------------------------

    def change(self, k: int, start: int | None) -> tuple[float, float]:
        """What the two criteria change by when step ``k`` starts at ``start`` instead; None takes it out."""
        loss, spend, worth = self.parts(k, start)
        return self.ordered(loss - worth, spend)

    def parts(self, k: int, start: int | None) -> tuple[float, float, float]:
        """The same of losses, money and worth."""
        tables, before = self.tables, self.starts[k]
        never = tables.until[k]
        old = never if before is None else int(tables.since[k, before])
        new = never if start is None else int(tables.since[k, start])
        risk = 0.0
        mixed = tables.mixed.touching[k]
        risk += self._remixed(k, start) if mixed else 0.0
        for threat, factor in tables.effects[k]:
            after = self._after[threat]
            if threat in mixed:
                continue
            if new < old:
                risk += (factor - 1) * (after[new] - after[old])
            elif old < new:
                risk += (1 / factor - 1) * (after[old] - after[new])
        spend, worth = (_at(table, k, start) - _at(table, k, before) for table in (tables.spend, tables.worth))
        return float(risk), spend, worth + self.gained([(k, start)])

    def gained(self, change: Sequence[tuple[int, int | None]]) -> float:
        """What a change of some starts changes the worth of achievements by."""
        achievements = self.tables.achievements
        if not achievements.worthy or not any(achievements.counts[k] for k, _ in change):
            return 0.0
        after = self.since(change)
        return math.fsum(
            achievements.gain(a, new) - achievements.gain(a, old)
            for a, (old, new) in enumerate(zip(self.achieved, after, strict=True))
        )

    def since(self, change: Sequence[tuple[int, int | None]]) -> list[int]:
        """From when each achievement holds after a change of some starts."""
        return self.tables.achievements.since(self._finishes(change))

    def _finishes(self, change: Sequence[tuple[int, int | None]] = ()) -> list[int]:
        """The last period of each step after a change, ``NEVER`` of one that is not planned."""
        starts = list(self.starts)
        for k, start in change:
            starts[k] = start
        pairs = zip(self.tables.steps, starts, strict=True)
        return [NEVER if start is None else step.finish(start) for step, start in pairs]

    def _achieved_worth(self) -> int:
        achievements = self.tables.achievements
        return sum(whole(achievements.gain(a, time)) for a, time in enumerate(self.achieved))

    def broken(self, k: int, start: int | None, *, first: bool = False) -> list[str]:
        """The rules, by the verifier's names, that a plan would break with step ``k`` starting at ``start``; with
        ``first`` the first one only.
        """
        if start is not None and start + self.tables.steps[k].duration > self.tables.horizon:
            return ["horizon"]
        faults: list[str] = []
        for rules in (self.disorder, self._limits, self._losses):
            faults += rules(k, start)
            if first and faults:
                return faults
        return faults

    def changes(self, k: int) -> list[tuple[float, float]]:
        """What the two criteria change by, for each start at which step ``k``, which is not planned, would end
        within the horizon.
        """
        tables, count = self.tables, self._possible(k)
        new, never = tables.since[k, :count], tables.until[k]
        risk = np.zeros(count)
        mixed = tables.mixed.touching[k]
        if mixed:
            risk += np.array([self._remixed(k, start) for start in range(count)])
        for threat, factor in tables.effects[k]:
            after = self._after[threat]
            risk += 0.0 if threat in mixed else (factor - 1) * (after[new] - after[never])
        if tables.achievements.worthy and tables.achievements.counts[k]:
            risk -= np.array([self.gained([(k, start)]) for start in range(count)])
        pairs = zip((risk - tables.worth[k, :count]).tolist(), tables.spend[k, :count].tolist(), strict=True)
        return [self.ordered(first, second) for first, second in pairs]

    def trials(self, k: int) -> list[list[str]]:
        """The rules that a plan would break, for each start at which step ``k``, which is not planned, would end
        within the horizon.
        """
        tables, count = self.tables, self._possible(k)
        faults = (
            [self.disorder(k, start) for start in range(count)]
            if tables.groups[k] or tables.grouped[k] or tables.achieving[k] or tables.achievements.counts[k]
            else self._disorders(k, count)
        )
        most, busy = tables.problem.parallel if tables.steps[k].is_work else None, self.busy
        if most is not None:
            for start in range(count):
                faults[start] += ["max_parallel"] * any(
                    busy[t] >= most[t] for t in range(start, start + tables.steps[k].duration)
                )
        for name in tables.limited[k]:
            used, rule = tables.rows.of(k)[:count, tables.rows.columns[name]], name if name in MONEY else "teams"
            for start in np.flatnonzero(np.any(used > self.slack[name], axis=1)).tolist():
                faults[start] += [] if rule in faults[start] else [rule]
        if not tables.caps and not tables.ledger.tails:
            return faults
        return [[*rules, *self._losses(k, start)] for start, rules in enumerate(faults)]

    def _possible(self, k: int) -> int:
        return max(0, self.tables.horizon - self.tables.steps[k].duration + 1)

    def _disorders(self, k: int, count: int) -> list[list[str]]:
        """The same as ``disorder`` for each start of a step without groups."""
        tables, starts = self.tables, self.starts
        missing = any(starts[j] is None for j, _ in tables.needs[k])
        first = max((there + gap for j, gap in tables.needs[k] if (there := starts[j]) is not None), default=0)
        last = min((there - gap for i, gap in tables.waiting[k] if (there := starts[i]) is not None), default=count)
        excluded = ["excludes"] * any(starts[j] is not None for j in tables.excludes[k])
        own = tables.own[k].tolist()
        alone = [[] if own[start] else tables.fits_itself(tables.steps[k], start) for start in range(count)]
        late = [["needs"] * (missing or not first <= start <= last) for start in range(count)]
        return [[*one, *other, *excluded] for one, other in zip(alone, late, strict=True)]

    def disorder(self, k: int, start: int | None) -> list[str]:
        """The same of dates, needs and exclusions only."""
        tables, starts, step = self.tables, self.starts, self.tables.steps[k]
        if start is None:
            waiting = dict.fromkeys(tables.need_rule[i] for i, _ in tables.waiting[k] if starts[i] is not None)
            broken = ["required" if step.is_work else "policies"] * step.must + [*waiting]
            return broken + ["needs_any"] * (not self._groups_hold(k, None)) + self._unachieved(k, None)
        broken = tables.fits_itself(step, start)
        late = [k] if any((there := starts[j]) is None or start < there + gap for j, gap in tables.needs[k]) else []
        late += [i for i, gap in tables.waiting[k] if (there := starts[i]) is not None and there < start + gap]
        broken += dict.fromkeys(tables.need_rule[i] for i in late)
        if not self._groups_hold(k, start):
            broken.append("needs_any")
        broken += self._unachieved(k, start)
        if any(starts[j] is not None for j in tables.excludes[k]):
            broken.append("excludes" if step.is_work else "policies")
        return broken

    def _groups_hold(self, k: int, start: int | None) -> bool:
        """Whether the any-of groups of step ``k``, and those in which it stands, hold with its new start."""
        starts = self.starts
        for i in {k, *self.tables.grouped[k]}:
            own = start if i == k else starts[i]
            if own is None:
                continue
            for group in self.tables.groups[i]:
                members = ((start if j == k else starts[j], gap) for j, gap in group)
                if not any(at is not None and own >= at + gap for at, gap in members):
                    return False
        return True

    def _unachieved(self, k: int, start: int | None) -> list[str]:
        """The rules about achievements that the new start of step ``k`` breaks: what is missed already is not its
        fault, unless it comes later still.
        """
        tables, achievements = self.tables, self.tables.achievements
        if not achievements or not (achievements.counts[k] or tables.achieving[k]):
            return []
        after = self.since([(k, start)]) if achievements.counts[k] else self.achieved
        late = any(
            own is not None and own < after[a] + lag
            for i, needed in enumerate(tables.achieving)
            if needed
            for own in [start if i == k else self.starts[i]]
            for a, lag in needed
        )
        times = zip(self.achieved, after, achievements.due, strict=True)
        missed = any(new > due and new > old for old, new, due in times)
        return ["needs_achievements"] * late + ["achievements"] * missed

    def _limits(self, k: int, start: int | None) -> list[str]:
        tables, before, broken = self.tables, self.starts[k], []
        limit = tables.problem.parallel
        if limit is not None and start is not None and self.tables.steps[k].is_work:
            span = range(start, min(start + tables.steps[k].duration, tables.horizon))
            own = () if before is None else range(before, before + tables.steps[k].duration)
            if any(self.busy[t] - (t in own) >= limit[t] for t in span):
                broken.append("max_parallel")
        for name in self.tables.limited[k]:
            used = self._windows(name, k, start) - self._windows(name, k, before)
            if bool((used > self.slack[name]).any()):
                broken.append(name if name in MONEY else "teams")
        return list(dict.fromkeys(broken))

    def _windows(self, resource: str, k: int, start: int | None) -> Array:
        if start is None:
            return np.zeros_like(self.slack[resource])
        result: Array = self.tables.rows.of(k)[start, self.tables.rows.columns[resource]]
        return result

    def _losses(self, k: int, start: int | None) -> list[str]:
        """The caps on losses that a change would break, or leave broken."""
        return [*self._appetite(k, start), *self._standing.broken(k, start)]

    def _appetite(self, k: int, start: int | None) -> list[str]:
        if not self.tables.caps:
            return []
        touched, rows = self.tables.touched[k][0], self._changed(k, start)
        total = self.losses.sum(axis=0) + (rows - self.losses[touched]).sum(axis=0)
        place = {threat: m for m, threat in enumerate(touched.tolist())}
        for threat, t, cap in self.tables.caps:
            loss = total[t] if threat is None else rows[place[threat], t] if threat in place else self.losses[threat, t]
            if loss > cap * (1 + PRECISION):
                return ["appetite"]
        return []

    def _changed(self, k: int, start: int | None) -> Array:
        """The losses over time of the threats that a change touches."""
        touched, logs = self.tables.touched[k]
        sums = self._logs[touched]
        self._shift(sums, k, start, logs)
        return self.tables.mixed.applied(self.tables.remaining(sums, touched), touched, self.starts, (k, start))

    def _remixed(self, k: int, start: int | None) -> float:
        """What another start changes of the losses of which policies then leave another part."""
        touched, mixed = self.tables.touched[k][0], self.tables.mixed.touching[k]
        more = (self._changed(k, start) - self.losses[touched]) @ self.tables.loss_weights
        return math.fsum(one for m, one in zip(touched.tolist(), more.tolist(), strict=True) if m in mixed)

    def _shift(self, sums: Array, k: int, start: int | None, logs: Array) -> None:
        """Sums of logarithms with a step's own from its new start on instead of from its old one."""
        before = self.starts[k]
        until = self.tables.until[k]
        if before is not None:
            sums[:, self.tables.since[k, before] : until] -= logs
        if start is not None:
            sums[:, self.tables.since[k, start] : until] += logs

    # -- changes ---------------------------------------------------------------------------------------------------

    def put(self, k: int, start: int | None) -> None:
        """Start step ``k`` at ``start``, or take it out; rules are not looked at."""
        tables, before = self.tables, self.starts[k]
        touched, logs = tables.touched[k]
        sums = self._logs[touched]
        self._shift(sums, k, start, logs)
        self._logs[touched], self.starts[k] = sums, start
        if len(touched):
            self._weigh(touched)
        for at, sign in ((before, -1), (start, 1)):
            if at is not None:
                self._use(k, at, sign)
                self._spend += sign * whole(float(tables.spend[k, at]))
                self._worth += sign * whole(float(tables.worth[k, at]))
        self._standing.forget()
        if tables.achievements and tables.achievements.counts[k]:
            self._worth -= self._achieved_worth()
            self.achieved = self.since(())
            self._worth += self._achieved_worth()
        self._criteria = self._size = None

    def _use(self, k: int, start: int, sign: int) -> None:
        """What a step takes from the windows, and its place among those at work."""
        for name in self.tables.limited[k]:
            self.slack[name] = self.slack[name] - sign * self._windows(name, k, start)
        self._occupy(k, start, sign)

    def _occupy(self, k: int, start: int, sign: int) -> None:
        step = self.tables.steps[k]
        for t in range(start, min(start + step.duration, self.tables.horizon)) if step.is_work else ():
            self.busy[t] += sign

    def _weigh(self, touched: Array) -> None:
        """What the logarithms of some threats mean: losses over time, and their weighted sum."""
        rows = self.tables.mixed.applied(self.tables.remaining(self._logs[touched], touched), touched, self.starts)
        after = self._suffix(rows)
        self.losses[touched], self._after[touched] = rows, after
        for threat, left in zip(touched.tolist(), after[:, 0].tolist(), strict=True):
            former, self._left[threat] = self._left[threat], whole(left)
            self._loss += self._left[threat] - former


def _at(table: Array, k: int, start: int | None) -> float:
    return 0.0 if start is None else float(table[k, start])
