"""Marks that a plan's items have already: those of files from before there were ids of plans, and those of a plan
whose items another takes over.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.items import Breakdown
from stepladder.exchange.push.records import PushState

#: What stands for the plans of before, which have no id.
NAMELESS = "-"


def broken_down(own: Breakdown, plan: Plan, system: str, state: PushState) -> Breakdown:
    """A plan's items under the marks by which a tracker knows them.

    Parameters
    ----------
    own
        The plan's items under the marks of their ids.
    plan, system
        What they were made of, as for ``breakdown``.
    state
        What was pushed of this plan: what was taken over keeps its mark, and so does what was pushed before the plan
        had an id.
    """
    taken_over = marks_of(own, plan, NAMELESS, system, state) if plan.id is not None else {}
    taken_over |= {record.id: mark for mark, record in state.items() if record.id}
    return _under(own, {name: mark for name, mark in taken_over.items() if mark in state})


def marks_of(whole: Breakdown, plan: Plan, adopt: str, system: str, there: Collection[str]) -> dict[str, str]:
    """By id of a thing of this plan: the mark that it has in a plan with the id ``adopt``, where that is there."""
    other = breakdown(plan.model_copy(update={"id": None if adopt == NAMELESS else adopt}), system)
    pairs = zip(whole.marked, other.marked, strict=True)
    return {mine.id: theirs.mark for mine, theirs in pairs if theirs.mark in there and mine.mark != theirs.mark}


def adopted(whole: Breakdown, marks: Mapping[str, str], state: PushState) -> Breakdown:
    """With the marks of another plan's things, for those of ours that were not pushed themselves."""
    pushed = {one.id for one in whole.marked if one.mark in state}
    return _under(whole, {name: mark for name, mark in marks.items() if name not in pushed})


def keep(whole: Breakdown, own: Breakdown, state: PushState) -> None:
    """Note in what was pushed whose marks are not those of their ids, as they are in ``own``."""
    for mine, first in zip(whole.marked, own.marked, strict=True):
        if mine.mark != first.mark and mine.mark in state:
            state[mine.mark].id = mine.id


def _under(whole: Breakdown, marks: Mapping[str, str]) -> Breakdown:
    return replace(
        whole,
        phases=tuple(replace(one, mark=marks.get(one.id, one.mark)) for one in whole.phases),
        milestones=tuple(replace(one, mark=marks.get(one.id, one.mark)) for one in whole.milestones),
        premiums=tuple(replace(one, mark=marks.get(one.id, one.mark)) for one in whole.premiums),
        items=tuple(replace(one, mark=marks.get(one.id, one.mark)) for one in whole.items),
    )
