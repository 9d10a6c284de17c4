"""What changed in a question between two plans, in the words and numbers of those who asked it: what weighs most
first.

What time alone changes is no change: that the past is over, and that a limit is smaller by what was to be spent of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stepladder.analysis.changed_losses import caps, tails, threats
from stepladder.analysis.changed_policies import policies
from stepladder.analysis.changed_steps import limits, steps
from stepladder.analysis.sides import ASKED, BOUND, DUE, REST, Changed, Sides, Weighed
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.phrases import joined, mark, phrase


def changes(before: Plan, after: Plan, here: Mapping[int, int]) -> tuple[Changed, ...]:
    """What changed in the question, what weighs most first, and of the same weight the largest amount.

    Parameters
    ----------
    before, after
        The plans.
    here
        By period of the one plan the same period of the other.
    """
    sides = Sides(before, after, here)
    weighed = [
        *_whole(sides),
        *threats(sides),
        *caps(sides),
        *tails(sides),
        *_milestones(before, after),
        *_achievements(sides),
        *limits(sides),
    ]
    weighed += [*steps(sides), *policies(sides), *_periods(sides)]
    return tuple(change for _, change in sorted(weighed, key=lambda one: (one[0], -_size(one[1]))))


def _size(change: Changed) -> float:
    if change.unit != "money":
        return 0.0
    return float(abs((change.after or 0.0) - (change.before or 0.0)))


# -- the question as a whole -------------------------------------------------------------------------------------------

_WHOLE: dict[str, str] = {
    "title": mark("Title"),
    "currency": mark("Currency"),
    "objective": mark("Objective"),
    "effect_lag": mark("Periods until a finished step helps"),
    "max_parallel": mark("Steps at once"),
}


_TAIL = {"years": mark("After the horizon: years"), "discount": mark("After the horizon: discount")}
_PERIOD = {
    "start": mark("Period {period}: start"),
    "end": mark("Period {period}: end"),
    "years": mark("Period {period}: years"),
    "discount": mark("Period {period}: discount"),
}
_ACHIEVEMENT = {
    "by": mark("{achievement}: to be reached in"),
    "points_per_year": mark("{achievement}: points a year"),
}


def _whole(sides: Sides) -> Iterator[Weighed]:
    for name, words in _WHOLE.items():
        was, now = getattr(sides.old, name), getattr(sides.new, name)
        if was != now:
            yield ASKED if name != "max_parallel" else BOUND, Changed(name, was, now, phrase(words))
    for name, words in _TAIL.items():
        was, now = getattr(sides.old.tail, name), getattr(sides.new.tail, name)
        if was != now:
            yield ASKED, Changed(f"tail.{name}", was, now, phrase(words))
    old, new = (_excluded(sides, problem) for problem in (sides.old, sides.new))
    for pair in dict.fromkeys([*old, *new]):
        if (pair in old) != (pair in new) and not (sides.later and pair in old):
            yield (
                REST,
                Changed(f"excludes.{pair}", *_there(pair in old, pair in new), phrase("Not both: {pair}", pair=pair)),
            )


def _there(before: bool, after: bool) -> tuple[bool | None, bool | None]:
    return (True if before else None, True if after else None)


def _excluded(sides: Sides, problem: Problem) -> dict[str, None]:
    return dict.fromkeys(joined([sides.names.get(name, name) for name in sorted(pair)]) for pair in problem.excludes)


def _periods(sides: Sides) -> Iterator[Weighed]:
    for label, was, now in sides.pairs("periods", lambda period: period.label):
        if was is None or now is None:
            yield (
                ASKED,
                Changed(
                    f"periods.{label}",
                    *_there(was is not None, now is not None),
                    phrase("Period {number}", number=label),
                ),
            )
            continue
        for name, words in _PERIOD.items():
            if getattr(was, name) != getattr(now, name):
                one, other = _plain(getattr(was, name)), _plain(getattr(now, name))
                yield ASKED, Changed(f"periods.{label}.{name}", one, other, phrase(words, period=label))


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else str(value)


# -- dates ------------------------------------------------------------------------------------------------------------


def _achievements(sides: Sides) -> Iterator[Weighed]:
    """Achievements that are new or gone, what they take, and by when they are asked for."""
    for name, was, now in sides.pairs("achievements", lambda item: item.id):
        path, title = f"achievements.{name}", (now or was).name
        if was is None or now is None:
            yield (
                REST,
                Changed(
                    path,
                    *_there(was is not None, now is not None),
                    phrase("Achievement “{achievement}”", achievement=title),
                ),
            )
            continue
        for field, words in _ACHIEVEMENT.items():
            one, other = (
                _labelled(side, getattr(item, field), field) for side, item in ((sides.old, was), (sides.new, now))
            )
            if one != other:
                yield (
                    DUE if field == "by" else ASKED,
                    Changed(f"{path}.{field}", one, other, phrase(words, achievement=title)),
                )
        if (was.all, was.any, was.score) != (now.all, now.any, now.score):
            yield (
                REST,
                Changed(
                    f"{path}.conditions",
                    was.words,
                    now.words,
                    phrase("{achievement}: what it takes", achievement=title),
                ),
            )


def _labelled(problem: Problem, value: Any, field: str) -> Any:
    return problem.periods[value].label if field == "by" and value is not None else value


def _milestones(before: Plan, after: Plan) -> Iterator[Weighed]:
    """Dates of milestones, which a problem only has as dates of steps."""
    old, new = ({milestone.name: milestone for milestone in plan.milestones} for plan in (before, after))
    for key in dict.fromkeys([*old, *new]):
        was, now = (str(by_name[key].date) if key in by_name else None for by_name in (old, new))
        if was != now:
            title = (new.get(key) or old[key]).title
            yield (
                DUE,
                Changed(f"milestones.{title}.by", was, now, phrase("Milestone “{milestone}”: due", milestone=title)),
            )
