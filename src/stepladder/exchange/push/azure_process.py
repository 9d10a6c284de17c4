"""What is chosen of a project's process in Azure DevOps, and nowhere else: the types of work item for phases and steps,
their fields for dates, the states that open and close, and what a state says of how far something is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.mapping import Statuses, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.push import outcomes
from stepladder.exchange.push.azure_answers import Fields, Node, Type, TypeField
from stepladder.exchange.push.mapped import match
from stepladder.exchange.tracker import PLACES, ItemKind, Progress
from stepladder.wording.text import clean, listed

#: The type of a step and of a dated demand: the first of these that there is, as Agile, Scrum, CMMI and Basic have it.
#: Agile and CMMI have an Issue as well, which is something else there.
STEP = ("User Story", "Product Backlog Item", "Requirement", "Issue")
#: The type of a phase, in all of them.
PHASE = ("Epic",)
#: Fields of dates, by our names for them: the first that the type has.
DATED = {
    "start": ("Microsoft.VSTS.Scheduling.StartDate",),
    "due": ("Microsoft.VSTS.Scheduling.TargetDate", "Microsoft.VSTS.Scheduling.FinishDate"),
}
#: Categories of states: of what is over, and in which order one is looked for to close and to open again.
ENDED = ("Completed", "Removed")
CLOSING, OPENING = ("Removed", "Completed"), ("Proposed", "InProgress")
BEGUN = ("InProgress", "Resolved")
#: A system field that a process may ask for though Azure does not fill it; the others are filled by us or by Azure.
ASSIGNED = "System.AssignedTo"
#: Fields that Microsoft's own processes ask for and fill by a rule, whether an answer names that as a default or not.
FILLED = frozenset(
    {
        *(f"Microsoft.VSTS.Common.{name}" for name in ("Priority", "Severity", "Triage", "ValueArea")),
        *(f"Microsoft.VSTS.CMMI.{name}" for name in ("Blocked", "Committed", "RequirementType")),
    }
)


@dataclass(frozen=True)
class Kind:
    """A type of work item: its name, and by our names its fields for dates, as far as it has them."""

    name: str
    dated: Mapping[str, str]


@dataclass(frozen=True)
class Process:
    """What there is in a project.

    Attributes
    ----------
    step, milestone, phase
        The types that are made.
    types
        All types, by name.
    fields
        Asks for the fields of a type by its name.
    statuses
        What a mapping says of states.
    """

    step: Kind
    milestone: Kind
    phase: Kind
    types: Mapping[str, Type]
    fields: Callable[[str], Sequence[TypeField]]
    statuses: Statuses

    def of(self, kind: ItemKind) -> Kind:
        """The type of which one of our kinds is made."""
        if kind in PLACES:
            return self.phase
        return self.milestone if kind == "milestone" else self.step

    def at(self, type_: str, kind: ItemKind) -> Kind:
        """The type of a work item that is there, which may be another one than of which it would be made now."""
        return _kind(type_, self.fields(type_)) if type_ in self.types else self.of(kind)

    def ended(self, type_: str, state: str) -> bool:
        """Whether a state of a type is one of what is over."""
        return self._category(type_, state) in ENDED

    def progress(self, fields: Fields) -> tuple[Progress, str]:
        """How far a work item is, and of what was not achieved the word that says so."""
        category = self._category(fields.type, fields.state)
        known: tuple[Progress, str] = "running" if category in BEGUN else "open", ""
        if category in ENDED:
            progress, word = outcomes.closed([fields.reason, fields.state])
            known = ("cancelled", word or fields.state) if category == "Removed" else (progress, word)
        return outcomes.mapped(self.statuses, [fields.state, fields.reason], known)

    def state(self, type_: str, now: str, categories: Sequence[str]) -> str | None:
        """The first state of these categories, in their order, that may follow the one that a work item is in."""
        kind = self.types.get(type_)
        if kind is None:
            return None
        after = {step.to for step in kind.transitions.get(now, ())}
        names = (state.name for category in categories for state in kind.states if state.category == category)
        return next((name for name in names if not after or name in after), None)

    def _category(self, type_: str, state: str) -> str:
        kind = self.types.get(type_)
        return next((one.category for one in kind.states if one.name == state), "") if kind else ""


def process(types: Sequence[Type], fields: Callable[[str], Sequence[TypeField]], mapping: TrackerMap) -> Process:
    """What is made in a project, by what there is.

    Parameters
    ----------
    types
        All types.
    fields
        Asks for the fields of a type by its name.
    mapping
        Of which types steps and dated demands are made, and what it says of states. Of a name that no type has it is
        said elsewhere, and the first type is taken.

    Raises
    ------
    UsageError
        When there is no type for steps or phases.
    """
    step = named(types, mapping.type) or _first(types, STEP, "steps")
    phase, milestone = _first(types, PHASE, "phases"), named(types, mapping.milestone_type) or step
    kinds = {name: _kind(name, fields(name)) for name in dict.fromkeys((step, phase, milestone))}
    by_name = {type_.name: type_ for type_ in types}
    return Process(kinds[step], kinds[milestone], kinds[phase], by_name, fields, mapping.statuses)


def offered(types: Iterable[Type]) -> list[str]:
    """Types of which steps and dated demands can be made: all that are in use but those of phases."""
    return [type_.name for type_ in types if not type_.is_disabled and type_.name not in PHASE]


def named(types: Iterable[Type], name: str | None) -> str | None:
    """The type that a mapping names, in capitals or not; None where it names none, or none that there is."""
    return match(name, {one: (one,) for one in offered(types)}) if name else None


def wants(field: TypeField) -> bool:
    """Whether a field must be filled, and neither we nor Azure fill it."""
    return (
        field.always_required
        and field.default_value in (None, "")
        and field.reference_name not in FILLED.union(*DATED.values())
        and (not field.reference_name.startswith("System.") or field.reference_name == ASSIGNED)
    )


def iterations(root: Node) -> dict[str, str]:
    """Paths of the iterations by name; of those that share one, none."""
    paths: dict[str, list[str]] = {}
    for name, path in _below(root, root.name):
        paths.setdefault(name, []).append(path)
    return {name: places[0] for name, places in paths.items() if len(places) == 1}


def _below(node: Node, path: str) -> Iterator[tuple[str, str]]:
    for child in node.children or ():
        yield child.name, f"{path}\\{child.name}"
        yield from _below(child, f"{path}\\{child.name}")


def _first(types: Sequence[Type], names: Sequence[str], what: str) -> str:
    there = [type_.name for type_ in types if not type_.is_disabled]
    name = next((name for name in names if name in there), None)
    if name is None:
        raise UsageError(
            f"this project has no type of work item for {what}: none of {', '.join(names)}. It has:"
            f" {listed([clean(other) for other in there], 20) or 'none'}"
        )
    return name


def _kind(name: str, fields: Sequence[TypeField]) -> Kind:
    there = {field.reference_name for field in fields}
    firsts = {ours: next((one for one in names if one in there), "") for ours, names in DATED.items()}
    return Kind(name, {ours: theirs for ours, theirs in firsts.items() if theirs})
