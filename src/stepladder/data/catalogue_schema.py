"""The JSON Schema of what is written for one catalogue: its names filled in, so that an editor completes them and marks
all others.

What only the file itself names (systems, teams, its own profiles, the bricks in ``overrides``) stays as open as it is
in the published schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from stepladder.data import schemas
from stepladder.data.formats.achievement import REACHED, AchievementText
from stepladder.data.formats.base import ID
from stepladder.data.formats.importance import TIERS
from stepladder.data.resolving.index import Index

Schema = dict[str, Any]

#: The formats that speak of a catalogue's names.
KINDS = ("scenario", "profiles")


def named(kind: str, index: Index, catalogue: str | None) -> str:
    """The schema of a format for one catalogue, as JSON text.

    Parameters
    ----------
    kind
        ``scenario`` or ``profiles``.
    index
        The catalogue.
    catalogue
        Its name when it is shipped, which a scenario then has to write; None for a file, whose path depends on where
        the scenario is.
    """
    schema: Schema = json.loads(schemas.published(kind))
    names = _Names(index, schema["$defs"])
    schema["description"] = f"{schema['description']} Names are those of the catalogue “{index.catalogue.title}”."
    defs = schema["$defs"]
    profile = defs["Profile"]["properties"]
    profile["levels"] = _replaced(profile["levels"], names.levels())
    if kind == "scenario":
        if catalogue is not None:
            schema["properties"]["catalogue"]["const"] = catalogue
        for organisation in (schema["properties"], defs["System"]["properties"]):
            _organisation(organisation, names)
        _scenario(schema["properties"], defs, names)
    # Only now, as what they refer to was looked up in the definitions of the published schema.
    schema["$defs"] = dict(sorted((defs | names.made).items()))
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _organisation(fields: Schema, names: _Names) -> None:
    """What a scenario says for all, and each of its systems for itself."""
    fields["current"] = _replaced(fields["current"], names.levels())
    fields["target"] = _replaced(fields["target"], names.targets())
    fields["not_applicable"] = _only(fields["not_applicable"], names.everything)
    fields["owners"] = _only(fields["owners"], {"default": "Everything that is not named.", **names.everything})
    fields["importance"] = _replaced(fields["importance"], names.importance())
    profiles = names.index.catalogue.profiles
    choices = _choices((name, profile.title, profile.description) for name, profile in profiles.items())
    fields["profile"]["anyOf"] = [*choices, *fields["profile"]["anyOf"]]


def _scenario(fields: Schema, defs: Mapping[str, Schema], names: _Names) -> None:
    """What stands in a scenario once, or in what it is made of."""
    index, roles = names.index, dict.fromkeys(sorted(names.index.roles), "A role of the catalogue's effort.")
    fields["shared"]["items"] = {"enum": list(names.everything)}
    fields["teams"]["properties"] = _described(roles)
    milestone, threat, costs = (defs[name]["properties"] for name in ("ScenarioMilestone", "ScenarioThreat", "Costs"))
    profiles = ((name, profile.title, profile.description) for name, profile in index.catalogue.profiles.items())
    named = _choices([("target", "All levels of the target", None), *profiles])
    # Profiles of the scenario's own are names, too.
    milestone["reach"]["oneOf"] = [{"anyOf": [*named, milestone["reach"]["oneOf"][0]]}, names.targets()]
    types = _choices((name, kind.title, kind.description) for name, kind in index.catalogue.threats.items())
    threat["type"]["anyOf"] = [*types, {"type": "null"}]
    threat["reduces"] = _only(threat["reduces"], names.everything)
    threat["reduced_by"] = _replaced(
        threat["reduced_by"], names.effects(_value(_value(threat["reduced_by"]))["additionalProperties"])
    )
    defs["Team"]["properties"]["covers"]["anyOf"][0]["items"] = {"enum": list(roles)}
    works = (("StepCost", "effort"), ("StepCost", "effort_per_year"), ("Renew", "effort"))
    for name, field in works:
        defs[name]["properties"][field]["anyOf"][0]["properties"] = _described(roles)
    costs["scales"] = _replaced(costs["scales"], names.costs(tuple(index.catalogue.scales)))
    costs["practices"] = _replaced(costs["practices"], names.practice_costs(defs["PracticeCosts"]))
    for table in (costs["steps"], fields["pins"], fields["worth"]):
        table |= {
            "properties": _described(names.steps),
            "patternProperties": {names.pattern(): _value(table)},
            "additionalProperties": False,
        }
    for name in ("Prerequisite", "Waiver", "AnyOf"):
        defs[name]["properties"]["step"] = _replaced(defs[name]["properties"]["step"], names.step())
    for name in ("Prerequisite", "Waiver"):
        defs[name]["properties"]["needs"] = _replaced(defs[name]["properties"]["needs"], names.condition())
    defs["AnyOf"]["properties"]["needs"]["items"] = names.condition()
    achievement = defs["AchievementText"]["properties"]
    achievement["all"]["items"] = names.condition()
    achievement["any"]["items"]["items"] = names.condition()
    score = defs["Scored"]["properties"]["of"]
    score |= {
        "properties": {name: {"description": text, **_value(score)} for name, text in names.steps.items()},
        "patternProperties": {names.pattern(): _value(score)},
        "additionalProperties": False,
    }
    defs["Exclusion"]["properties"]["steps"]["prefixItems"] = [names.step(), names.step()]


class _Names:
    """The names of a catalogue as parts of a schema; those that are used again and again become definitions."""

    def __init__(self, index: Index, taken: Iterable[str]) -> None:
        self.index = index
        self.taken = frozenset(taken)
        self.made: dict[str, Schema] = {}
        self.practices = {name: place.practice.name for name, place in index.places.items()}
        self.everything = {**self.practices, **{name: f"All of {group.name}." for name, group in index.groups.items()}}
        self.steps = {
            f"{name}.{scale}.{level}": f"{place.practice.name} to {index.scale(scale).levels[level].name}"
            for name, place in index.places.items()
            for scale in place.scales
            for level in index.levels(scale)[1:]
        }

    def levels(self) -> Schema:
        """Levels by practice, group or ``default``."""
        titles = {"default": "Everything that is not named.", **self.everything}
        return self._shared(
            "levels", _table({name: {"description": text, **self._by_scale(name)} for name, text in titles.items()})
        )

    def targets(self) -> Schema:
        """The same, and that achievements are reached: the catalogue's, and such as the scenario may have."""
        table: Schema = {**self.made[self.levels()["$ref"].rpartition("/")[2]]}
        reached = {name: {"description": item.title, "const": REACHED} for name, item in self.achievements.items()}
        own = {self._own(): {"const": REACHED}}
        return self._shared("targets", {**table, "properties": table["properties"] | reached, "patternProperties": own})

    @property
    def achievements(self) -> Mapping[str, AchievementText]:
        """The catalogue's achievements."""
        return self.index.catalogue.achievements

    def _own(self) -> str:
        """What names of the scenario's own achievements look like: no name that the catalogue has."""
        taken = "|".join([*self.everything, "default", *self.achievements])
        return rf"^(?!(?:{taken})$){ID}$"

    def condition(self) -> Schema:
        """A step, or an achievement of the catalogue or of the scenario's own, also as that of one system."""
        known = {"type": "string", "pattern": rf"^(?:{ID}/)?(?:{'|'.join(self.achievements)})$"}
        named = {"type": "string", "pattern": rf"^(?:{ID}/)?{self._own()[1:]}"}
        return self._shared("condition", {"anyOf": [self.step(), *([known] if self.achievements else []), named]})

    def _by_scale(self, name: str) -> Schema:
        """Levels by scale of what a name means; a bare number where that is one scale only."""
        scales = self._scales(name)
        table = _table({scale: self._level(scale) for scale in scales})
        return {"oneOf": [self._level(scales[0]), table]} if len(scales) == 1 else table

    def _scales(self, name: str) -> list[str]:
        """The scales of what a name means."""
        inside = {scale for practice in self.index.inside(name) for scale in self.index.places[practice].scales}
        return [scale for scale in self.index.catalogue.scales if scale in inside]

    def _level(self, name: str) -> Schema:
        scale = self.index.scale(name)
        choices = [
            (level, scale.levels[level].title, scale.levels[level].description) for level in self.index.levels(name)
        ]
        return self._shared(f"level.{name}", {"description": scale.title, "oneOf": _choices(choices)})

    def importance(self) -> Schema:
        """Tiers by practice, group or ``default``; of a practice also by scale and level."""
        titles = {"default": "Everything that is not named.", **self.everything}
        table = {name: {"description": text, **self._tiers(name)} for name, text in titles.items()}
        table |= {name: {"description": item.title, "enum": list(TIERS)} for name, item in self.achievements.items()}
        own = {"patternProperties": {self._own(): {"enum": list(TIERS)}}}
        return self._shared("importance", {**_table(table), **own})

    def _tiers(self, name: str) -> Schema:
        """One tier; of a practice also one for each of its scales."""
        tier: Schema = {"enum": list(TIERS)}
        if name not in self.index.places:
            return tier
        scales = self.index.places[name].scales
        by_scale = {
            scale: self._shared(
                f"importance.{scale}", {"oneOf": [tier, self._numbered(scale, self.index.levels(scale)[1:], tier)]}
            )
            for scale in scales
        }
        return {"oneOf": [tier, _table(by_scale)]}

    def effects(self, share: Schema) -> Schema:
        """Shares by practice, scale and level."""

        def shares(scale: str) -> Schema:
            """A share for each level of a scale."""
            return self._shared(f"shares.{scale}", self._numbered(scale, self.index.levels(scale), share))

        table = {
            name: {"description": text, **_table({scale: shares(scale) for scale in self._scales(name)})}
            for name, text in self.everything.items()
        }
        return _table(table)

    def costs(self, scales: tuple[str, ...]) -> Schema:
        """Costs by scale and level; the lowest level costs nothing."""
        cost = {"$ref": "#/$defs/StepCost"}
        return _table(
            {
                scale: self._shared(f"costs.{scale}", self._numbered(scale, self.index.levels(scale)[1:], cost))
                for scale in scales
            }
        )

    def practice_costs(self, published: Schema) -> Schema:
        """Costs by practice, each with its own scales."""
        costs = {}
        for name, place in self.index.places.items():
            fields = {
                **published["properties"],
                "scales": _replaced(published["properties"]["scales"], self.costs(place.scales)),
            }
            costs[name] = {
                "description": place.practice.title,
                **self._shared(f"practice_costs.{'.'.join(place.scales)}", {**published, "properties": fields}),
            }
        return _table(costs)

    def step(self) -> Schema:
        """A step, also as that of one system."""
        choices: Schema = {"anyOf": [{"enum": list(self.steps)}, {"type": "string", "pattern": self.pattern()}]}
        return self._shared("step", choices)

    def pattern(self) -> str:
        """What steps look like; the scale may be left out where a practice has only one."""
        patterns = []
        for name, place in self.index.places.items():
            levels = {scale: "|".join(map(str, self.index.levels(scale)[1:])) for scale in place.scales}
            reach = "|".join(rf"{scale}\.(?:{numbers})" for scale, numbers in levels.items())
            bare = "".join(f"|{numbers}" for numbers in levels.values()) if len(levels) == 1 else ""
            patterns.append(rf"{name}\.(?:{reach}{bare})")
        return rf"^(?:{ID}/)?(?:{'|'.join(patterns)})$"

    def _numbered(self, name: str, levels: Iterable[int], value: Schema) -> Schema:
        """A table by level."""
        return _table(
            {str(level): {"description": self.index.scale(name).levels[level].title, **value} for level in levels}
        )

    def _shared(self, name: str, schema: Schema) -> Schema:
        """A definition, and how it is referred to. The published definitions begin with capitals, so that no name is
        taken twice.
        """
        assert name not in self.taken
        self.made.setdefault(name, schema)
        return {"$ref": f"#/$defs/{name}"}


def _table(properties: Mapping[str, Schema]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _choices(choices: Iterable[tuple[str | int, str, str | None]]) -> list[Schema]:
    """Values with their names, as editors show them."""
    return [
        {"const": value, "title": title, **({"description": text} if text else {})} for value, title, text in choices
    ]


def _described(names: Mapping[str, str]) -> dict[str, Schema]:
    return {name: {"description": text} for name, text in names.items()}


def _value(table: Schema) -> Schema:
    """What a published table by name holds under each name."""
    schema: Schema = next(iter(table["patternProperties"].values()))
    return schema


def _only(table: Schema, names: Mapping[str, str]) -> Schema:
    """A published table by name, with these names only."""
    return _replaced(table, _table({name: {"description": text, **_value(table)} for name, text in names.items()}))


def _replaced(field: Schema, schema: Schema) -> Schema:
    """Another schema for a field that keeps its words and its default."""
    return {**{key: field[key] for key in ("title", "description", "default") if key in field}, **schema}
