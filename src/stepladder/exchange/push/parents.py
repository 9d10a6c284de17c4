"""Steps below their systems: epics in place of those of the phases, or issues beside the phases, each of which takes
only so many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stepladder.exchange.items import Breakdown
from stepladder.exchange.names import mark_of, names_of
from stepladder.exchange.push.records import PushState
from stepladder.exchange.tracker import Wanted

#: So many stand below one issue of GitHub's; those that are closed count.
MOST = 100


def instead(wants: Mapping[str, Wanted], plan: Breakdown) -> dict[str, Wanted]:
    """What is wanted with systems in place of phases. A dated demand stands with the first of its steps.

    Parameters
    ----------
    wants
        What is wanted, by mark.
    plan
        Of what it was made.
    """
    systems = _systems(plan)
    parents = {system: _parent(plan, system, name, 1) for system, name in systems.items()}
    place = {item.mark: parents[item.system].mark for item in plan.items}
    first = next(iter(parents.values())).mark
    moved = {
        mark: replace(want, fields={**want.fields, "container": place.get(mark) or _first(want, place) or first})
        for mark, want in wants.items()
        if want.kind != "container"
    }
    return {**{want.mark: want for want in parents.values()}, **moved}


def _first(want: Wanted, place: Mapping[str, str]) -> str:
    return next((place[mark] for mark in want.needs if mark in place), "")


def beside(
    wants: Mapping[str, Wanted], plan: Breakdown, nested: Iterable[tuple[str, str]], state: PushState
) -> dict[str, Wanted]:
    """What is wanted with systems beside phases. A step stays below the issue below which it was put, and new ones go
    below the first that has room.

    Parameters
    ----------
    wants, plan
        As for ``instead``.
    nested
        What stands below what there, as (parent, child).
    state
        What was pushed before, with the marks of the parents.
    """
    there = {child: parent for parent, child in nested}
    there |= {mark: record.parent for mark, record in state.items() if record.parent}
    taken = Counter(there.values())
    # More than these cannot be needed.
    most = 1 + (len(plan.items) + len(there)) // MOST
    whole, parents = dict(wants), dict[str, Wanted]()
    for system, name in _systems(plan).items():
        rooms = {want.mark: want for want in (_parent(plan, system, name, k) for k in range(1, most + 1))}
        for item in (item for item in plan.items if item.system == system):
            mark = there.get(item.mark, "")
            if mark not in rooms:
                mark = next(room for room in rooms if taken[room] < MOST)
                taken[mark] += 1
            parents[mark] = rooms[mark]
            whole[item.mark] = replace(whole[item.mark], parent=mark)
    return {**whole, **parents}


def _systems(plan: Breakdown) -> dict[str, str]:
    """A name for the id of each system, by its title, in the order of their first steps; of a plan that has none one
    for the whole.
    """
    titles = list(dict.fromkeys(item.system for item in plan.items)) or [""]
    return dict(zip(titles, names_of(titles), strict=True))


def _parent(plan: Breakdown, system: str, name: str, turn: int) -> Wanted:
    mark = mark_of(f"{plan.id}/system/{name}" + (f"/{turn}" if turn > 1 else ""))
    called = plan.called(system)
    title = f"{plan.title}: {called}" if system else plan.title
    fields = {
        "title": title + (f" ({turn})" if turn > 1 else ""),
        "text": f"The steps of {called} in {plan.title}" if system else f"The steps of {plan.title}",
        "start": "",
        "due": str(max((item.finish for item in plan.items if item.system == system), default=plan.finish)),
        "container": "",
    }
    return Wanted(mark, "parent", fields, about={"title": title, "system": system, "finish": fields["due"]})
