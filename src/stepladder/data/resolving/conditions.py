"""What makes achievements, and choices between steps, of a catalogue or a scenario meaningless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from stepladder import graph
from stepladder.data.formats.achieved import exact
from stepladder.data.formats.achievement import AchievementText
from stepladder.data.formats.base import unknown
from stepladder.data.formats.problem import Path
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.index import Index, Ref
from stepladder.errors import Issue

TABLE = "achievements"


def problems(index: Index, given: Mapping[str, AchievementText], others: Iterable[str], root: Node) -> Iterator[Issue]:
    """Everything that makes well-formed achievements meaningless.

    Parameters
    ----------
    index
        The catalogue.
    given
        The achievements of a file.
    others
        Achievements of other files that they may refer to.
    root
        The file.
    """
    known = {*given, *others}
    for name, item in given.items():
        here: Path = (TABLE, name)
        if index.known(name) or name == "default":
            message = f"{name!r} is already the id of something else; choose another id"
            yield Issue(root.nearest(here, key=True), "SL308", message)
        if not item.conditions:
            message = f"{name} has no condition; say what it takes with all, any or score"
            yield Issue(root.nearest(here, key=True), "SL104", message)
        for path, text, only_steps in _named(item):
            wrong = name_wrong(index, text, () if only_steps else known)
            if wrong:
                yield Issue(root.nearest((*here, *path), key=only_steps), *wrong)
        if item.score is not None:
            most = sum(map(exact, item.score.of.values()), Fraction(0))
            if most < exact(item.score.at_least):
                message = (
                    f"{item.score.at_least:g} is never reached: with every step in place the score is"
                    f" {float(most):g}; lower it, or add what counts"
                )
                yield Issue(root.nearest((*here, "score", "at_least")), "SL310", message)
    edges = [(name, other) for name, item in given.items() for other in item.conditions if other in given]
    for cycle in graph.cycles(edges):
        message = f"cycle: {' takes '.join([*cycle, cycle[0]])}; remove one of these conditions"
        yield Issue(root.nearest((TABLE, cycle[0]), key=True), "SL301", message)


def name_wrong(index: Index, text: str, known: Iterable[str]) -> tuple[str, str] | None:
    """What is wrong with the name of a step or of one of some achievements, as code and message; None where nothing
    is.
    """
    names, rest = set(known), text.rpartition("/")[2]
    if rest in names:
        return None
    if "." not in rest and names:
        return "SL204", unknown("step or achievement", rest, names) + "; steps are written practice.scale.level"
    ref = index.parse(rest)
    return None if isinstance(ref, Ref) else ref


def _named(item: AchievementText) -> Iterator[tuple[Path, str, bool]]:
    """Every name in an achievement with its path, and whether only a step can stand there."""
    yield from ((("all", k), text, False) for k, text in enumerate(item.all))
    for g, group in enumerate(item.any):
        yield from ((("any", g, k), text, False) for k, text in enumerate(group))
    if item.score is not None:
        yield from ((("score", "of", text), text, True) for text in item.score.of)


def choices(index: Index, root: Node) -> Iterator[Issue]:
    """Unknown names in what needs one of several, and in what excludes each other."""
    known = index.catalogue.achievements
    for k, any_of in enumerate(index.catalogue.needs_any):
        named = [(("step",), any_of.step, False), *((("needs", m), text, True) for m, text in enumerate(any_of.needs))]
        for where, text, either in named:
            ref = index.parse(text)
            if not isinstance(ref, Ref) and not (either and text in known):
                yield Issue(root.nearest(("needs_any", k, *where)), *ref)
    for k, exclusion in enumerate(index.catalogue.excludes):
        refs = [index.parse(text) for text in exclusion.steps]
        for m, ref in enumerate(refs):
            if not isinstance(ref, Ref):
                yield Issue(root.nearest(("excludes", k, "steps", m)), *ref)
        if refs[0] == refs[1] and isinstance(refs[0], Ref):
            message = f"step {exclusion.steps[0]!r} excludes itself; name two different steps"
            yield Issue(root.nearest(("excludes", k)), "SL309", message)
