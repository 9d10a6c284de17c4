"""Directed graphs of ids and edges, nothing else: what needs what, in which order, through which chain.

An edge ``(a, b)`` means *a needs b*. The only home of networkx, which takes longer to import than a short command takes in all:
the everyday questions are answered with the standard library's sorter, and networkx is asked where it knows more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

Edge = tuple[str, str]


def _graph(nodes: Iterable[str], edges: Iterable[Edge]) -> nx.DiGraph[str]:
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def _needs(edges: Iterable[Edge]) -> dict[str, list[str]]:
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
        TopologicalSorter(_needs(edges)).prepare()
    except CycleError:
        return _knots(edges)
    return []


def _knots(edges: list[Edge]) -> list[list[str]]:
    import networkx as nx

    graph = _graph((), edges)
    found = []
    for knot in nx.strongly_connected_components(graph):
        first = min(knot)
        if len(knot) == 1 and not graph.has_edge(first, first):
            continue
        # The shortest way back home reads best, and ties are broken by name, not by hash.
        ordered = _graph(sorted(knot), sorted(e for e in graph.edges if e[0] in knot and e[1] in knot))
        ways = [nx.shortest_path(ordered, after, first) for after in sorted(ordered.successors(first))]
        found.append([first, *min(ways, key=lambda way: (len(way), way))[:-1]])
    return sorted(found)


def redundant(edges: Iterable[Edge]) -> list[Edge]:
    """Edges that a longer path already implies, sorted. The graph must be acyclic."""
    needs = _needs(dict.fromkeys(edges))
    closed = closures((), edges := [(a, b) for a, listed in needs.items() for b in listed])
    return sorted((a, b) for a, b in edges if any(b in closed[other] for other in needs[a]))


def order(nodes: Iterable[str], edges: Iterable[Edge]) -> list[str]:
    """The nodes so that what is needed comes first; ties keep the order in which the nodes were given."""
    edges = list(edges)
    listed = list(dict.fromkeys([*nodes, *(end for edge in edges for end in edge)]))
    rank = {node: k for k, node in enumerate(listed)}
    sorter = TopologicalSorter(_needs(edges))
    for node in listed:
        sorter.add(node)
    sorter.prepare()
    found: list[str] = []
    ready: list[int] = []
    while sorter.is_active():
        for node in sorter.get_ready():
            heappush(ready, rank[node])
        found.append(listed[heappop(ready)])
        sorter.done(found[-1])
    return found


def closures(nodes: Iterable[str], edges: Iterable[Edge]) -> dict[str, frozenset[str]]:
    """For each node, everything it needs, directly or through others (without itself). The graph must be acyclic."""
    edges = list(edges)
    needs = _needs(edges)
    closed: dict[str, frozenset[str]] = {}
    for node in order(nodes, edges):
        closed[node] = frozenset(needs.get(node, ())).union(*(closed[b] for b in needs.get(node, ())))
    return closed


def longest_chain(nodes: Iterable[str], edges: Iterable[Edge], weight: Mapping[str, int] | None = None) -> list[str]:
    """The heaviest path, first step first; every node weighs 1 unless told otherwise. Empty for an empty graph."""
    listed = list(dict.fromkeys(nodes))
    edges = list(edges)
    needs = _needs(edges)
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

    Places are by barycentre, back and forth, so that few edges cross (Sugiyama, Tagawa, Toda 1981). The graph must be acyclic.
    """
    listed = list(dict.fromkeys(nodes))
    edges = list(edges)
    needs = _needs(edges)
    needed = _needs((b, a) for a, b in edges)
    layer: dict[str, int] = {}
    for node in order(listed, edges):
        layer[node] = 1 + max((layer[b] for b in needs.get(node, ())), default=-1)
    columns: list[list[str]] = [[] for _ in range(1 + max(layer.values(), default=-1))]
    for node in listed:
        columns[layer[node]].append(node)
    place = {node: float(k) for column in columns for k, node in enumerate(column)}
    for sweep in range(sweeps):
        near, held = (needs, columns) if sweep % 2 == 0 else (needed, columns[::-1])
        for column in held:
            # A node without neighbours on that side stays where it is.
            centre = {node: (sum(place[b] for b in near[node]) / len(near[node]) if near.get(node) else place[node], place[node]) for node in column}
            column.sort(key=centre.__getitem__)
            place.update({node: float(k) for k, node in enumerate(column)})
    return {node: (layer[node], int(place[node])) for node in listed}


def shortest_path(edges: Iterable[Edge], first: str, last: str) -> list[str]:
    """The nodes on a shortest way along the edges, ends included; empty where there is none. Of equally short ones always the same."""
    import networkx as nx

    graph = _graph([first, last], sorted(edges))
    return list(nx.shortest_path(graph, first, last)) if nx.has_path(graph, first, last) else []
