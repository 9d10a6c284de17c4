"""What has to come before what, with the choices that a step leaves: of several that would do, the one that is done
soonest counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from stepladder.data.formats.problem import Need, Problem, Step


@dataclass(frozen=True)
class Chain:
    """Steps of which each has to wait for the one before it.

    Attributes
    ----------
    steps
        Their ids, first step first.
    others
        Of each: how many other steps would do in its place.
    periods
        No plan finishes the last of them in fewer.
    """

    steps: tuple[str, ...] = ()
    others: tuple[int, ...] = ()
    periods: int = 0


def longest(problem: Problem) -> Chain:
    """The chain with the most periods of work; empty where there is no step.

    A step with a choice waits for the least of it. Steps that have no choice but each other (which is possible within
    one period) wait for nobody.
    """
    work, times = _Ends(problem, lags=False), _Ends(problem, lags=True)
    at: Step | None = max(problem.steps, key=lambda step: work.ends[step.id], default=None)
    if at is None:
        return Chain()
    periods, steps, others = times.ends[at.id], [at.id], [0]
    while (before := work.before[steps[-1]]) is not None:
        steps.append(before[0])
        others.append(before[1] - 1)
    return Chain(tuple(steps[::-1]), tuple(others[::-1]), periods)


@dataclass
class _Waits:
    """What a step still waits for: how many needs, and of each group the soonest end that is known, with its step."""

    needs: int
    groups: list[tuple[int, str] | None]
    start: int
    because: tuple[str, int] | None = None


@dataclass
class _Ends:
    """By step the period after the earliest end, without lags the periods of work until then, and what it waits for
    last (and out of how many).

    Ends are settled in their order, the least first (Knuth's generalisation of Dijkstra's algorithm): of a group the
    first one that is settled is the soonest, unless lags differ, and no later one can make up for that.
    """

    problem: Problem
    lags: bool
    ends: dict[str, int] = field(default_factory=dict)
    before: dict[str, tuple[str, int] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.steps = self.problem.steps_by_id()
        self.waits = {step.id: self._waits(step) for step in self.problem.steps}
        self.asked: dict[str, list[tuple[str, int, Need]]] = {}
        for step in self.problem.steps:
            for g, group in enumerate([step.needs, *step.needs_any]):
                for need in group:
                    self.asked.setdefault(need.step, []).append((step.id, g - 1, need))
        heap = [(self._end(name), name) for name, waits in self.waits.items() if self._free(waits)]
        heapify(heap)
        self._settle(heap)
        # Whoever is left has no choice but each other: their choices are asked no more.
        for name in [name for name in self.steps if name not in self.ends]:
            self.waits[name].groups = [known or (0, name) for known in self.waits[name].groups]
            if self._free(self.waits[name]):
                heappush(heap, (self._end(name), name))
        self._settle(heap)

    def _waits(self, step: Step) -> _Waits:
        start = max(step.earliest, step.start or 0) if self.lags else 0
        return _Waits(len(step.needs), [None] * len(step.needs_any), start)

    @staticmethod
    def _free(waits: _Waits) -> bool:
        return not waits.needs and None not in waits.groups

    def _end(self, name: str) -> int:
        waits = self.waits[name]
        starts = [known[0] for known in waits.groups if known is not None]
        return max([waits.start, *starts]) + self.steps[name].duration

    def _settle(self, heap: list[tuple[int, str]]) -> None:
        while heap:
            end, name = heappop(heap)
            if name in self.ends:
                continue
            self.ends[name], self.before[name] = end, self._because(name)
            for other, g, need in self.asked.get(name, ()):
                waits, after = self.waits[other], end + (need.lag - 1 if self.lags else 0)
                if other in self.ends:
                    continue
                if g < 0:
                    waits.needs -= 1
                    if after >= waits.start:
                        waits.start, waits.because = after, (name, 1)
                else:
                    waits.groups[g] = min(waits.groups[g] or (after, name), (after, name), key=lambda known: known[0])
                if self._free(waits):
                    heappush(heap, (self._end(other), other))

    def _because(self, name: str) -> tuple[str, int] | None:
        """What a step waits for last, and out of how many it is."""
        waits = self.waits[name]
        sizes = [len({need.step for need in group}) for group in self.steps[name].needs_any]
        reasons = [
            (start, (step, size))
            for (start, step), size in zip((known or (0, name) for known in waits.groups), sizes, strict=True)
            if step != name
        ]
        late = max(reasons, key=lambda one: one[0], default=None)
        return late[1] if late is not None and (waits.because is None or late[0] > waits.start) else waits.because
