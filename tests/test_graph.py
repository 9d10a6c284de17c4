"""The graph room against networkx, on random graphs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations, pairwise

import networkx as nx
import pytest

from stepladder import graph

SEEDS = range(60)


def names(rng: random.Random) -> list[str]:
    listed = [f"n{k:02d}" for k in range(rng.randint(0, 12))]
    rng.shuffle(listed)
    return listed


def acyclic(rng: random.Random, listed: list[str]) -> list[graph.Edge]:
    """Later names need earlier ones."""
    share = rng.random()
    edges = [(b, a) for k, a in enumerate(listed) for b in listed[k + 1 :] if rng.random() < share]
    rng.shuffle(edges)
    return edges


def chains(needs: nx.DiGraph[str]) -> Iterator[list[str]]:
    for start in needs:
        yield [start]
        for end in needs:
            yield from (path[::-1] for path in nx.all_simple_paths(needs, start, end) if len(path) > 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_order_is_lexicographic(seed: int) -> None:
    rng = random.Random(seed)
    listed = names(rng)
    edges = acyclic(rng, listed)
    rng.shuffle(listed)
    rank = {name: k for k, name in enumerate(listed)}
    wanted: nx.DiGraph[str] = nx.DiGraph()
    wanted.add_nodes_from(listed)
    wanted.add_edges_from((b, a) for a, b in edges)
    assert graph.order(listed, edges) == list(nx.lexicographical_topological_sort(wanted, key=lambda name: rank[name]))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_below_and_redundant_edges(seed: int) -> None:
    rng = random.Random(seed)
    listed = names(rng)
    edges = acyclic(rng, listed)
    needs: nx.DiGraph[str] = nx.DiGraph(edges)
    needs.add_nodes_from(listed)
    below = graph.neighbours(edges)
    assert {name: graph.below(name, below) for name in listed} == {name: nx.descendants(needs, name) for name in listed}
    assert graph.redundant([*edges, *edges[:1]]) == sorted(set(edges) - set(nx.transitive_reduction(needs).edges))


@pytest.mark.parametrize("many", [0, 10**9])
@pytest.mark.parametrize("seed", SEEDS)
def test_totals_count_everything_once(seed: int, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # With arrays and without them.
    monkeypatch.setattr(graph, "MANY", many)
    rng = random.Random(seed)
    listed = names(rng)
    needs = graph.neighbours(dict.fromkeys(acyclic(rng, listed)))
    edges = [(a, b) for a, below in needs.items() for b in below]
    weights = {
        name: {
            node: rng.choice([0, rng.randint(1, 9), rng.randint(0, 2**70) if rng.random() < 0.1 else 1])
            for node in listed
        }
        for name in "xy"
    }
    totals = graph.Totals(graph.order(listed, edges), needs, weights)
    for name, weight in weights.items():
        wanted = {node: weight[node] + sum(weight[other] for other in graph.below(node, needs)) for node in listed}
        assert totals.exact[name] == wanted
        assert all(totals.most[name][node] >= total for node, total in wanted.items())
        assert all(
            totals.most[name][node] == total for node, total in wanted.items() if len(graph.below(node, needs)) < 2
        )


def test_sets_of_needs_are_let_go() -> None:
    # A chain of 3,000: each set is asked for once, by the next node, so no more than two are held at a time.
    line = [f"n{k:04d}" for k in range(3000)]
    needs = {b: [a] for a, b in pairwise(line)}
    assert max(len(masks) for _, masks, _ in graph._swept(line, needs)) == 2


@pytest.mark.parametrize("seed", range(20))
def test_the_longest_chain_is_a_chain_and_none_is_heavier(seed: int) -> None:
    rng = random.Random(seed)
    listed = names(rng)[:7]
    edges = acyclic(rng, listed)
    needs: nx.DiGraph[str] = nx.DiGraph(edges)
    needs.add_nodes_from(listed)
    for weight in (None, {name: rng.randint(1, 5) for name in listed}):

        def weigh(chain: list[str], weight: dict[str, int] | None = weight) -> int:
            return sum(1 if weight is None else weight[name] for name in chain)

        found = graph.longest_chain(listed, edges, weight)
        assert all((b, a) in edges for a, b in pairwise(found))
        assert weigh(found) == max(map(weigh, chains(needs)), default=0)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_knot_gets_a_cycle(seed: int) -> None:
    rng = random.Random(seed)
    listed = names(rng)
    edges = [(a, b) for a in listed for b in listed if rng.random() < 0.12]
    needs: nx.DiGraph[str] = nx.DiGraph(edges)
    knots = [
        knot
        for knot in nx.strongly_connected_components(needs)
        if len(knot) > 1 or all(needs.has_edge(n, n) for n in knot)
    ]
    found = graph.cycles(edges)
    assert sorted(min(knot) for knot in knots) == [cycle[0] for cycle in found]
    for cycle in found:
        assert len(set(cycle)) == len(cycle)
        assert all(pair in edges for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True))


def test_the_way_round_does_not_depend_on_the_order_of_the_edges() -> None:
    edges = [("b", "c"), ("c", "b"), ("a", "b"), ("c", "a"), ("a", "c"), ("x", "x")]
    ways = {str(graph.cycles(random.Random(seed).sample(edges, len(edges)))) for seed in range(30)}
    assert ways == {"[['a', 'c'], ['x']]"}


@pytest.mark.parametrize("seed", SEEDS)
def test_cliques_cover_every_edge_and_none_can_grow(seed: int) -> None:
    rng = random.Random(seed)
    listed = names(rng)
    edges = [pair if rng.random() < 0.5 else pair[::-1] for pair in acyclic(rng, listed)]
    undirected = nx.Graph(edges)
    groups = graph.cliques(edges)
    assert groups == graph.cliques(list(edges))
    largest = {frozenset(one) for one in nx.find_cliques(undirected)}
    assert all(frozenset(group) in largest for _place, group in groups)
    covered: set[frozenset[str]] = set()
    for place, group in groups:
        assert frozenset(edges[place]) not in covered
        assert set(edges[place]) <= set(group)
        covered |= {frozenset(pair) for pair in combinations(group, 2)}
    assert {frozenset(edge) for edge in edges} <= covered
