"""Prerequisites that follow from others already: a plan that keeps the others keeps them too, so they are left out.

What asks to wait longer than the others do stays. Of a path only its lags are counted: work on the way makes the wait
no shorter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stepladder import graph
from stepladder.data.resolving.index import Index, Ref
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.needs import Edge, Steps
from stepladder.data.resolving.parts import Desk

Pair = tuple[str, str]


def following(index: Index, stated: Iterable[Pair]) -> list[Pair]:
    """Of stated needs of steps those that a longer way through others leads to, sorted; none where some form a
    cycle.
    """
    listed = dict.fromkeys(stated)
    edges = [*((str(a), str(b)) for a, b in index.edges()), *listed]
    return [] if graph.cycles(edges) else [pair for pair in graph.redundant(edges) if pair in listed]


def of_catalogue(index: Index) -> list[Pair]:
    """A checked catalogue's own, whatever they ask to wait."""
    needs = [need for need in index.catalogue.prerequisites if not need.soft]
    return following(index, ((_whole(index, need.step), _whole(index, need.needs)) for need in needs))


def _whole(index: Index, text: str) -> str:
    """A step with its scale, which may be left out where there is only one."""
    return str(index.parse(text)) if isinstance(index.parse(text), Ref) else text


def reduce(desk: Desk, steps: Steps) -> None:
    """Leave out every stated need that follows from others here, and note how many."""
    stated = [(key, edge) for key, edges in steps.edges.items() for edge in edges if edge.why]
    pairs = following(desk.index, ((str(key.ref), str(edge.needs.ref)) for key, edge in stated))
    if not pairs:
        return
    likely = set(pairs)
    gone = {
        (key, edge)
        for key, edge in stated
        if (str(key.ref), str(edge.needs.ref)) in likely and edge.lag <= _wait(steps.edges, key, edge.needs)
    }
    for key in {key for key, _ in gone}:
        steps.edges[key] = [edge for edge in steps.edges[key] if (key, edge) not in gone]
    named = sorted({(str(key.ref), str(edge.needs.ref)) for key, edge in gone})
    if named:
        desk.notes.append(said(named, "left out"))


def said(pairs: list[Pair], what: str) -> str:
    """How many follow from others, what becomes of them, and the first of them."""
    count, (step, needs) = len(pairs), pairs[0]
    if count == 1:
        return f"The need of {step} for {needs} follows from others, so it is {what}."
    return f"{count:,} needs follow from others, so they are {what}; the first is that of {step} for {needs}."


def _wait(edges: Mapping[Key, list[Edge]], step: Key, needed: Key) -> int:
    """The most that ways from one step to another through further ones ask to wait, in lags; −1 where there is none."""
    near = {key.id: [(edge.needs.id, edge.lag) for edge in listed] for key, listed in edges.items()}
    inside = {step.id, *graph.below(step.id, {name: [other for other, _ in listed] for name, listed in near.items()})}
    waits = {needed.id: 0}
    for name in graph.order(sorted(inside), [(a, b) for a in inside for b, _ in near.get(a, ())]):
        ways = [
            lag + waits[other]
            for other, lag in near.get(name, ())
            if other in waits and (name, other) != (step.id, needed.id)
        ]
        if ways and name != needed.id:
            waits[name] = max(ways)
    return waits.get(step.id, -1)
