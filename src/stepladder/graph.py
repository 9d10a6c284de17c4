"""Directed graphs of ids and edges, nothing else: what needs what, in which order, through which chain.

An edge ``(a, b)`` means *a needs b*. The only home of networkx, which takes longer to import than a short command takes
in all: the everyday questions are answered with the standard library's sorter, and networkx is asked where it knows
more.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Edge = tuple[str, str]

#: From so many nodes on numpy is worth its import.
MANY = 2000


def _graph(nodes: Iterable[str], edges: Iterable[Edge]) -> nx.DiGraph[str]:
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def neighbours(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """By node that needs any: what it needs directly, in the order of the edges."""
    needs: dict[str, list[str]] = {}
    for a, b in edges:
        needs.setdefault(a, []).append(b)
    return needs


def cycles(edges: Iterable[Edge]) -> list[list[str]]:
    """One cycle for every knot of ids that need each other.

    Returns
    -------
    list of list of str
        Each cycle starts at its alphabetically first id and does not repeat it at the end; cycles are sorted.
    """
    edges = list(edges)
    try:
        TopologicalSorter(neighbours(edges)).prepare()
    except CycleError:
        return _knots(edges)
    return []


def _knots(edges: list[Edge]) -> list[list[str]]:
    import networkx as nx

    graph = _graph((), edges)
    knots = []
    for knot in nx.strongly_connected_components(graph):
        first = min(knot)
        if len(knot) == 1 and not graph.has_edge(first, first):
            continue
        # The shortest way back home reads best, and ties are broken by name, not by hash.
        ordered = _graph(sorted(knot), sorted(e for e in graph.edges if e[0] in knot and e[1] in knot))
        ways = [nx.shortest_path(ordered, after, first) for after in sorted(ordered.successors(first))]
        knots.append([first, *min(ways, key=lambda way: (len(way), way))[:-1]])
    return sorted(knots)


def redundant(edges: Iterable[Edge]) -> list[Edge]:
    """Edges that a longer path already implies, sorted. The graph must be acyclic."""
    needs = neighbours(dict.fromkeys(edges))
    several = {node for node, listed in needs.items() if len(listed) > 1}
    implied: list[Edge] = []
    for node, masks, place in (
        _swept(order((), [(a, b) for a, listed in needs.items() for b in listed]), needs) if several else ()
    ):
        if node in several:
            through = 0
            for other in needs[node]:
                through |= masks[other] ^ (1 << place[other])
            implied += [(node, b) for b in needs[node] if through >> place[b] & 1]
    return sorted(implied)


def cliques(edges: Iterable[Edge]) -> list[tuple[int, list[str]]]:
    """Groups of ids each two of which are joined, so that every edge is in one of them; few, not the fewest.

    Parameters
    ----------
    edges
        Here without direction: either id is joined to the other.

    Returns
    -------
    list of (int, list of str)
        For each group the place of the first edge that no group before it has, and its ids, at least two. None can be
        made larger.
    """
    edges = list(edges)
    joined: dict[str, dict[str, None]] = {}
    for a, b in edges:
        joined.setdefault(a, {})[b] = None
        joined.setdefault(b, {})[a] = None
    covered: set[frozenset[str]] = set()
    groups: list[tuple[int, list[str]]] = []
    for k, (a, b) in enumerate(edges):
        if frozenset((a, b)) in covered:
            continue
        group, others = [a, b], [name for name in joined[a] if name in joined[b]]
        while others:
            # What is joined to the group by most edges that no group has yet; of equals the first.
            best = max(others, key=lambda name: sum(frozenset((name, one)) not in covered for one in group))
            group.append(best)
            others = [name for name in others if name in joined[best]]
        covered.update(frozenset(pair) for pair in combinations(group, 2))
        groups.append((k, group))
    return groups


def order(nodes: Iterable[str], edges: Iterable[Edge]) -> list[str]:
    """The nodes so that what is needed comes first; ties keep the order in which the nodes were given."""
    edges = set(edges)
    listed = list(dict.fromkeys([*nodes, *sorted({end for edge in edges for end in edge})]))
    rank = {node: k for k, node in enumerate(listed)}
    missing = [0] * len(listed)
    users: list[list[int]] = [[] for _ in listed]
    for a, b in edges:
        missing[rank[a]] += 1
        users[rank[b]].append(rank[a])
    ready = [k for k, count in enumerate(missing) if not count]
    ordered: list[str] = []
    while ready:
        at = heappop(ready)
        ordered.append(listed[at])
        for user in users[at]:
            missing[user] -= 1
            if not missing[user]:
                heappush(ready, user)
    if len(ordered) < len(listed):
        raise CycleError("the graph has a cycle")
    return ordered


def below(node: str, needs: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that a node needs, directly or through others, itself left out."""
    nodes: set[str] = set()
    waiting = list(needs.get(node, ()))
    while waiting:
        other = waiting.pop()
        if other not in nodes:
            nodes.add(other)
            waiting += needs.get(other, ())
    return nodes


def _swept(line: Sequence[str], needs: Mapping[str, list[str]]) -> Iterator[tuple[str, dict[str, int], dict[str, int]]]:
    """Each node, needs first, with the sets of itself and all that it needs as bits, and the place of each node in
    them.

    A set is let go once all that need the node have been there, so that long chains take little room.
    """
    place = {node: k for k, node in enumerate(line)}
    users: dict[str, int] = {}
    for node in line:
        for other in needs.get(node, ()):
            users[other] = users.get(other, 0) + 1
    masks: dict[str, int] = {}
    for node in line:
        mask = 1 << place[node]
        for other in needs.get(node, ()):
            mask |= masks[other]
        masks[node] = mask
        yield node, masks, place
        for other in needs.get(node, ()):
            users[other] -= 1
            if not users[other]:
                del masks[other]
        if not users.get(node):
            del masks[node]


class Totals:
    """What each node weighs together with everything that it needs, each counted once, by several weights.

    Parameters
    ----------
    line
        The nodes, what is needed first.
    needs
        By node: what it needs directly, each once.
    weights
        By name of a weight, and by node: a whole number, not negative.
    """

    def __init__(
        self, line: Sequence[str], needs: Mapping[str, list[str]], weights: Mapping[str, Mapping[str, int]]
    ) -> None:
        self._line, self._needs, self._weights = line, needs, weights

    @cached_property
    def most(self) -> dict[str, dict[str, int]]:
        """By weight and node: no less than its total, and just that where no two ways lead to the same node."""
        largest = {}
        for name, weights in self._weights.items():
            everything = sum(weights.values())
            most: dict[str, int] = {}
            for node in self._line:
                total = weights[node]
                for other in self._needs.get(node, ()):
                    total += most[other]
                most[node] = min(total, everything)
            largest[name] = most
        return largest

    @cached_property
    def exact(self) -> dict[str, dict[str, int]]:
        """By weight and node: its total. Where ways meet it takes sets, so ask ``most`` first."""
        needs = self._needs
        if all(len(listed) < 2 for listed in needs.values()):
            return self.most
        weigh = {name: _weigher([weights[node] for node in self._line]) for name, weights in self._weights.items()}
        totals: dict[str, dict[str, int]] = {name: {} for name in self._weights}
        for node, masks, _ in _swept(self._line, needs):
            listed, mask, twice = needs.get(node, ()), 0, []
            for other in listed:
                if mask & masks[other]:
                    twice.append(mask & masks[other])
                mask |= masks[other]
            for name, sums in totals.items():
                sums[node] = (
                    self._weights[name][node] + sum(sums[other] for other in listed) - sum(map(weigh[name], twice))
                )
        return totals


def _weigher(weights: list[int]) -> Callable[[int], int]:
    """What the nodes of a set weigh together."""
    if len(weights) < MANY or sum(weights) >= 2**62:

        def one_by_one(mask: int) -> int:
            """The sum of the weights whose bits are set, in Python's whole numbers."""
            return sum(weight for weight, bit in zip(weights, reversed(f"{mask:b}"), strict=False) if bit == "1")

        return one_by_one
    import numpy as np

    size, numbers = (len(weights) + 7) // 8, np.array(weights, dtype=np.int64)

    def together(mask: int) -> int:
        """The same in 64 bits, which all weights together fit in."""
        bits = np.unpackbits(
            np.frombuffer(mask.to_bytes(size, "little"), dtype=np.uint8), count=len(weights), bitorder="little"
        )
        return int(numbers[bits.view(bool)].sum())

    return together


def longest_chain(nodes: Iterable[str], edges: Iterable[Edge], weight: Mapping[str, int] | None = None) -> list[str]:
    """The heaviest path, first step first; every node weighs 1 unless told otherwise. Empty for an empty graph."""
    listed = list(dict.fromkeys(nodes))
    edges = list(edges)
    needs = neighbours(edges)
    heavy: dict[str, int] = {}
    before: dict[str, str | None] = {}
    for node in order(listed, edges):
        best = max(needs.get(node, ()), key=lambda b: heavy[b], default=None)
        before[node] = best
        heavy[node] = (1 if weight is None else weight[node]) + (0 if best is None else heavy[best])
    chain: list[str] = []
    at = max(listed, key=lambda node: heavy[node], default=None)
    while at is not None:
        chain.append(at)
        at = before[at]
    return chain[::-1]


def layers(nodes: Iterable[str], edges: Iterable[Edge], sweeps: int = 8) -> dict[str, tuple[int, int]]:
    """A drawing from left to right: for each node its layer, right of all that it needs, and its place in the layer.

    Places are by barycentre, back and forth, so that few edges cross (Sugiyama, Tagawa, Toda 1981). The graph must be
    acyclic.
    """
    listed = list(dict.fromkeys(nodes))
    edges = list(edges)
    needs = neighbours(edges)
    needed = neighbours((b, a) for a, b in edges)
    layer: dict[str, int] = {}
    for node in order(listed, edges):
        layer[node] = 1 + max((layer[b] for b in needs.get(node, ())), default=-1)
    columns: list[list[str]] = [[] for _ in range(1 + max(layer.values(), default=-1))]
    for node in listed:
        columns[layer[node]].append(node)
    place = {node: float(k) for column in columns for k, node in enumerate(column)}
    for sweep in range(sweeps):
        near, turn = (needs, columns) if sweep % 2 == 0 else (needed, columns[::-1])
        for column in turn:
            # A node without neighbours on that side stays where it is.
            centre = {
                node: (
                    math.fsum(place[b] for b in near[node]) / len(near[node]) if near.get(node) else place[node],
                    place[node],
                )
                for node in column
            }
            column.sort(key=centre.__getitem__)
            place.update({node: float(k) for k, node in enumerate(column)})
    return {node: (layer[node], int(place[node])) for node in listed}


def shortest_path(edges: Iterable[Edge], first: str, last: str) -> list[str]:
    """The nodes on a shortest way along the edges, ends included; empty where there is none. Of equally short ones
    always the same.
    """
    import networkx as nx

    graph = _graph([first, last], sorted(edges))
    return list(nx.shortest_path(graph, first, last)) if nx.has_path(graph, first, last) else []
