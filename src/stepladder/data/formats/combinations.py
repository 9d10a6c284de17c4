"""Which of some steps can be in place together: the sets that their needs and exclusions leave."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from stepladder.data.formats.step import Step


def combinations(
    steps: Iterable[Step], names: Collection[str], excludes: Sequence[tuple[str, str]] = (), most: int | None = None
) -> list[frozenset[str]] | None:
    """Every set of some steps that can be in place at once, the empty one first; None where there are more than
    ``most``.

    Parameters
    ----------
    steps
        All steps, so that needs are known that go through others.
    names
        The steps in question.
    excludes
        Pairs of which a plan has no more than one.
    """
    needs = {step.id: [need.step for need in step.needs] for step in steps}
    before = {name: _before(name, needs).intersection(names) for name in names}
    apart = {frozenset(pair) for pair in excludes}
    sets: list[frozenset[str]] = [frozenset()]
    # What stands before a step has fewer before it.
    for name in sorted(names, key=lambda name: len(before[name])):
        others = [there for there in sets if before[name] <= there]
        sets += [there | {name} for there in others if not any({name, other} in apart for other in there)]
        if most is not None and len(sets) > most:
            return None
    return sets


def _before(name: str, needs: dict[str, list[str]]) -> set[str]:
    """All that a step needs, directly or through others."""
    found, queue = set[str](), list(needs.get(name, ()))
    while queue:
        other = queue.pop()
        if other not in found:
            found.add(other)
            queue += needs.get(other, ())
    return found
