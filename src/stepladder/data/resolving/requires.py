"""The steps that policies ask for: every level up to the required ones, wherever the practice applies."""

from __future__ import annotations

from stepladder.data.formats.problem import Path
from stepladder.data.resolving.index import Ref, levels
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.parts import Desk, said_for


def required(desk: Desk) -> dict[str, list[Key]]:
    """By policy, the steps that are not in place yet, those above the target too."""
    found: dict[str, list[Key]] = {}
    for name, policy in desk.scenario.insurance.items():
        path: Path = ("insurance", name, "requires")
        issues = list(levels(desk.index, policy.requires, desk.root, path))
        desk.issues += issues
        if not issues:
            found[name] = _keys(desk, policy.requires)
        for practice in policy.requires:
            if practice in desk.index.places and all(desk.is_out(part.system, practice) for part in desk.parts):
                message = f"{practice} is not applicable; remove it here, or let it apply"
                desk.wrong((*path, practice), "SL305", message, key=True)
    return found


def _keys(desk: Desk, wanted: dict[str, int | dict[str, int]]) -> list[Key]:
    keys = []
    for param in desk.params.values():
        for name in said_for(desk.index, wanted, param.practice):
            value = wanted[name]
            level = value if isinstance(value, int) else value.get(param.scale)
            if level is not None:
                above = range(param.current + 1, level + 1)
                keys += [Key(param.part.system, Ref(param.practice, param.scale, step)) for step in above]
                break
    return keys
