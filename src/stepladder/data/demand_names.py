"""Demands in words: dates of steps, budgets and capacities, caps on losses, and for which time limits hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.problem import Problem

Fields = Mapping[str, Any]
#: The time of a limit that holds for all of it.
HORIZON = "the horizon"


def dates_name(labels: Sequence[str], fields: Fields) -> str:
    """What is said of one step, in words; ``labels`` are the periods'."""
    parts = []
    for name, value in fields.items():
        label = labels[value] if not isinstance(value, bool) and value < len(labels) else "the end"
        words = {
            "required": "must be done",
            "earliest": f"no start before {label}",
            "latest_finish": f"finished by {label}",
            "start": f"starts in {label}",
        }
        parts.append(words[name])
    return ", ".join(parts)


def limit_name(resource: str, title: str) -> str:
    """A limit in words."""
    words = {
        "money": "the budget",
        "money_once": "the budget for investment",
        "money_per_year": "the budget for running cost",
        "money_afterwards": "the budget for what goes on costing afterwards",
    }
    return words.get(resource) or f"the capacity of {title}"


def appetite_name(problem: Problem, k: int) -> str:
    """A cap on losses in words."""
    cap = problem.appetite[k]
    of = f"expected loss{_of(problem, cap.threat)}"
    return f"{of} at most {cap.expected_loss_per_year:,.0f} a year from {_from(problem, cap.from_)} on"


def exceedance_name(problem: Problem, cap: Exceedance) -> str:
    """A cap on large losses in words."""
    of = _of(problem, cap.threat)
    what = {
        "one_event": f"the chance of an event{of} above {cap.above:,.0f}",
        "year": f"the chance of a year{of} above {cap.above:,.0f}",
        "excess": f"expected loss{of} beyond {cap.above:,.0f} of each event",
    }[cap.of]
    most = f"{cap.most:,.0f}" if cap.of == "excess" else percent(cap.most)
    return f"{what} at most {most} a year from {_from(problem, cap.from_)} on"


def percent(chance: float) -> str:
    """A probability as it was written: 5 %, 0.25 %."""
    return f"{chance * 100:.10g} %"


def _of(problem: Problem, threat: str | None) -> str:
    names = {one.id: one.name for one in problem.threats}
    return "" if threat is None else f" from {names[threat]}"


def _from(problem: Problem, period: int) -> str:
    return problem.periods[period].label if period < problem.horizon else "the end"


def span_name(problem: Problem, windows: Sequence[int]) -> str:
    """For which time limits hold, in words; ``windows`` are their places in the problem, one at least."""
    mine, labels = [problem.windows[k] for k in windows], [period.label for period in problem.periods]
    first, last = min(window.from_ for window in mine), max(window.to for window in mine)
    if len(mine) == 1 and mine[0].label:
        return mine[0].label
    if (first, last) == (0, problem.horizon - 1):
        return HORIZON
    return labels[first] if first == last else f"{labels[first]} to {labels[last]}"
