"""A maturity model as one reads it: what is in it, and what each of its steps costs by default."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stepladder.data.formats.catalogue import StepCost
from stepladder.data.formats.estimate import Range
from stepladder.data.formats.renewal import Renew
from stepladder.data.formats.spread import Shares
from stepladder.data.resolving.index import Index, Ref


@dataclass(frozen=True)
class Default:
    """The default cost of one step.

    Attributes
    ----------
    step
        Practice, scale and level.
    spread
        By period of work, the share of what it costs once; none where it falls evenly.
    renew
        What comes again once it is finished, as written.
    once, per_year, months
        As written: a number, a range, or None where nothing is said.
    effort
        Person-days by role, likewise, in the order of the file.
    effort_per_year
        The same a year, once it is finished.
    own
        Which of these the practice says itself: ``once``, ``per_year``, ``months``, ``effort``, ``effort_per_year``,
        ``spread``, ``renew``.
    basis
        What the numbers rest on: the practice's own words first, then the scale's where one of its numbers is left.
    """

    step: Ref
    once: float | Range | None = None
    per_year: float | Range | None = None
    months: float | Range | None = None
    effort: Mapping[str, float | Range] = field(default_factory=dict)
    effort_per_year: Mapping[str, float | Range] = field(default_factory=dict)
    spread: Shares = ()
    renew: Renew | None = None
    own: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """A catalogue that has been checked.

    Attributes
    ----------
    name
        What a scenario writes after ``catalogue:``; of a file, as seen from the folder in which the command runs.
    shipped
        Whether it is one of those that come with this program.
    index
        What is in it.
    costs
        The default cost of each step, in the catalogue's order: by practice, then by scale, then by level.
    """

    name: str
    shipped: bool
    index: Index
    costs: tuple[Default, ...]


def model(name: str, index: Index, *, shipped: bool) -> Model:
    """A checked catalogue with its default costs."""
    return Model(name, shipped, index, tuple(_defaults(index)))


def _defaults(index: Index) -> Iterator[Default]:
    """A scale's figures, and over them those of the practice."""
    for practice, place in index.places.items():
        for scale in place.scales:
            for level in index.levels(scale)[1:]:
                own = place.practice.costs.get(scale, {}).get(level)
                yield _default(
                    Ref(practice, scale, level), own or StepCost(), index.scale(scale).costs.get(level) or StepCost()
                )


def _default(step: Ref, own: StepCost, usual: StepCost) -> Default:
    """One over the other, number by number; effort role by role, as in every plan."""
    pairs: dict[str, tuple[float | Range | None, float | Range | None]]
    works: dict[str, tuple[Mapping[str, float | Range], Mapping[str, float | Range]]]
    works = {name: (getattr(own, name) or {}, getattr(usual, name) or {}) for name in ("effort", "effort_per_year")}
    said = [name for name, (first, _) in works.items() if first]
    pairs = {name: (getattr(own, name), getattr(usual, name)) for name in ("once", "per_year", "months")}
    mine = [name for name, (first, _) in pairs.items() if first is not None]
    used = any(first is None and second is not None for first, second in pairs.values())
    used = used or any(not set(second) <= set(first) for first, second in works.values())
    basis = [own.basis if mine or said else None, usual.basis if used else None]
    return Default(
        step,
        **{name: second if first is None else first for name, (first, second) in pairs.items()},
        effort={**works["effort"][1], **works["effort"][0]},
        effort_per_year={**works["effort_per_year"][1], **works["effort_per_year"][0]},
        renew=own.renew or usual.renew,
        spread=(own.spread if own.spread is not None else usual.spread) or (),
        own=(*mine, *said, *(name for name in ("spread", "renew") if getattr(own, name) is not None)),
        basis=tuple(dict.fromkeys(text for text in basis if text)),
    )
