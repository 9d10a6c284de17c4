"""Directed graphs of ids and edges, nothing else: what needs what, in which order, through which chain.

An edge ``(a, b)`` means *a needs b*. The only home of networkx.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

Edge = tuple[str, str]


def _graph(nodes: Iterable[str], edges: Iterable[Edge]) -> nx.DiGraph[str]:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def cycles(edges: Iterable[Edge]) -> list[list[str]]:
    """One cycle for every knot of ids that need each other.

    Returns
    -------
    list of list of str
        Each cycle starts at its alphabetically first id and does not repeat it at the end; cycles are sorted.
    """
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
    graph = _graph((), edges)
    kept = set(nx.transitive_reduction(graph).edges)
    return sorted(edge for edge in graph.edges if edge not in kept)


def order(nodes: Iterable[str], edges: Iterable[Edge]) -> list[str]:
    """The nodes so that what is needed comes first; ties keep the order in which the nodes were given."""
    listed = list(dict.fromkeys(nodes))
    rank = {node: k for k, node in enumerate(listed)}
    return list(nx.lexicographical_topological_sort(_graph(listed, edges).reverse(), key=lambda node: rank[node]))


def closures(nodes: Iterable[str], edges: Iterable[Edge]) -> dict[str, frozenset[str]]:
    """For each node, everything it needs, directly or through others (without itself). The graph must be acyclic."""
    edges = list(edges)
    needs: dict[str, list[str]] = {}
    for a, b in edges:
        needs.setdefault(a, []).append(b)
    closed: dict[str, frozenset[str]] = {}
    for node in order(nodes, edges):
        closed[node] = frozenset(needs.get(node, ())).union(*(closed[b] for b in needs.get(node, ())))
    return closed


def unlocks(edges: Iterable[Edge], node: str) -> list[str]:
    """Everything that needs ``node``, directly or through others, sorted."""
    graph = _graph((node,), edges)
    return sorted(nx.ancestors(graph, node))


def longest_chain(nodes: Iterable[str], edges: Iterable[Edge], weight: Mapping[str, int] | None = None) -> list[str]:
    """The heaviest path, first step first; every node weighs 1 unless told otherwise. Empty for an empty graph."""
    listed = list(dict.fromkeys(nodes))
    edges = list(edges)
    needs: dict[str, list[str]] = {}
    for a, b in edges:
        needs.setdefault(a, []).append(b)
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
