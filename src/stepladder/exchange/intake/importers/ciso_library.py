"""A framework of CISO Assistant's libraries becomes a model, and a scenario in which nothing is met yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.importer import Answers, Importer, Question, Taken
from stepladder.exchange.intake.importers.ciso_framework import (
    Framework,
    Rating,
    Requirement,
    frameworks,
    is_library,
    only,
    presets,
)
from stepladder.exchange.intake.importers.parts import (
    DAYS,
    ILLUSTRATIVE,
    TEAM,
    Names,
    chosen,
    costs,
    items,
    short,
    team,
    text_of,
    titled,
)
from stepladder.exchange.intake.source import Source

QUESTIONS = (
    Question("level", "the level that is wanted, by its number or name", "highest"),
    Question("groups", "the implementation groups that are wanted, with commas", "all"),
    Question("framework", "the framework that is meant, by its name, where a library has several", "first"),
    DAYS,
    TEAM,
)
#: A goal that its authors call simple takes half the days of a usual one, a complex one twice as many.
_COMPLEX = {"low": 0.5, "simple": 0.5, "high": 2.0, "complex": 2.0}


@dataclass(frozen=True)
class Model:
    """A framework as a catalogue, with the ids of what is rated, by urn."""

    framework: Framework
    catalogue: Mapping[str, Any]
    ids: Mapping[str, str]
    scale: str


def model_of(framework: Framework, answers: Answers) -> Model:
    """The catalogue of a framework."""
    rating, names = framework.rating, Names("score", "result")
    scale = "score" if rating.scored else "result"
    ids = {node.urn: names.new(node.ref or node.title) for node in framework.nodes}
    groups = _tree(framework, ids, names)
    days, who = answers.number("days"), team(answers)
    _dearer(framework, groups, ids, scale, days, who)
    catalogue: dict[str, Any] = {
        "format": "stepladder-catalogue/1",
        **titled(framework.title, framework.text),
        **({"version": framework.version} if framework.version else {}),
        **({"source": short(framework.source)} if framework.source else {}),
        "illustrative": ILLUSTRATIVE,
        "scales": {scale: _scale(rating, days, who)},
        "groups": groups,
        "importance": _importance(framework, ids),
    }
    profiles = _profiles(framework, ids, Names(scale))
    catalogue |= {"profiles": profiles} if profiles else {}
    return Model(framework, catalogue, ids, scale)


def _scale(rating: Rating, days: float, who: str) -> dict[str, Any]:
    levels = {level: {"title": title} for level, title in rating.levels.items()}
    title = "Score" if rating.scored else "Result"
    return {"title": title, "levels": levels, "costs": costs(levels, days, who)}


def _tree(framework: Framework, ids: Mapping[str, str], names: Names) -> dict[str, Any]:
    """The groups, nested as the nodes are; what is rated is a practice, and one that has others below it a group with
    that practice in it, too. Headings with nothing below are left out.
    """
    below: dict[str, list[Requirement]] = {}
    for node in framework.nodes:
        below.setdefault(node.parent, []).append(node)

    def parts(parent: str) -> dict[str, Any]:
        """What is below a node."""
        groups: dict[str, Any] = {}
        practices: dict[str, Any] = {}
        for node in below.get(parent, []):
            entry = titled(node.title, node.text, node.ref or node.urn)
            inside = parts(node.urn)
            if node.assessable and not inside:
                practices[ids[node.urn]] = entry
            elif inside:
                own = {ids[node.urn]: entry} if node.assessable else {}
                group = names.new(f"{ids[node.urn]}_group") if node.assessable else ids[node.urn]
                groups[group] = {**entry, **inside, "practices": {**own, **inside.get("practices", {})}}
        return {**({"groups": groups} if groups else {}), **({"practices": practices} if practices else {})}

    whole = parts("")
    groups: dict[str, Any] = whole.get("groups", {})
    if "practices" in whole:
        groups = {names.new("requirements"): {"title": "Requirements", "practices": whole["practices"]}, **groups}
    return groups


def _dearer(
    framework: Framework, groups: Mapping[str, Any], ids: Mapping[str, str], scale: str, days: float, who: str
) -> None:
    """What its authors call simple or complex takes less or more work than others."""
    factors = {ids[node.urn]: factor for node in framework.rated if (factor := _COMPLEX.get(node.complexity))}
    for group in groups.values():
        _dearer(framework, group.get("groups", {}), ids, scale, days, who)
        for name, practice in group.get("practices", {}).items():
            if name in factors:
                levels = framework.rating.levels
                practice["costs"] = {scale: costs(levels, days * factors[name], who)}


def _importance(framework: Framework, ids: Mapping[str, str]) -> dict[str, str]:
    tiers = {ids[node.urn]: node.tier for node in framework.rated if node.tier}
    return {"default": "medium", **tiers}


def _profiles(framework: Framework, ids: Mapping[str, str], names: Names) -> dict[str, Any]:
    """A stored target for each implementation group: the highest level of what is in it."""
    return {
        names.new(f"group_{group}"): {
            "title": short(f"Implementation group {title}"),
            "levels": {ids[node.urn]: framework.rating.top for node in framework.rated if group in node.groups},
        }
        for group, title in _groups(framework).items()
    }


def _groups(framework: Framework) -> dict[str, str]:
    """Implementation groups with anything in them, by code."""
    codes = dict.fromkeys(group for node in framework.rated for group in node.groups)
    return {group: framework.groups.get(group, group) for group in (*framework.groups, *codes) if group in codes}


# -- what is wanted ----------------------------------------------------------------------------------------------------


def wanted(model: Model, answers: Answers) -> dict[str, int]:
    """The level that is wanted of each practice that is wanted."""
    level = level_of(model.framework.rating, answers["level"])
    groups = _groups(model.framework)
    if answers.said("groups") and not groups and answers["groups"] != "all":
        raise UsageError(f"--say groups={answers['groups']}: the framework has no implementation groups; leave it out")
    names = answers.names("groups") if groups else ("all",)
    for name in names:
        if name != "all" and name not in groups:
            raise UsageError(f"--say groups={name}: {unknown('implementation group', name, groups)}")
    aims = {
        model.ids[node.urn]: level for node in model.framework.rated if "all" in names or set(node.groups) & set(names)
    }
    if not aims:
        raise UsageError(f"--say groups={answers['groups']}: {unknown('implementation group', '', groups)}")
    return aims


def level_of(rating: Rating, text: str) -> int:
    """A level by its number or name. Raises UsageError where it is none."""
    if text == "highest":
        return rating.top
    for level, title in rating.levels.items():
        if text.casefold() in (str(level), title.casefold(), f"{level} {title}".casefold()):
            return level
    listed = ", ".join(f"{level} {title}" for level, title in rating.levels.items())
    raise UsageError(f"--say level={text}: it is no level; it has {listed}")


def facts(model: Model) -> tuple[str, ...]:
    """What the model is, one sentence."""
    levels = model.framework.rating.levels
    first, *_, last = (f"{level} {title}" for level, title in levels.items())
    text = (
        f"{len(model.framework.rated)} requirements of {short(model.framework.title)}, on the levels {first} to {last}"
    )
    return (text,)


def leaning(model: Model) -> tuple[str, ...]:
    """What the model had to take for granted."""
    rated = model.framework.rated
    complexity = sum(node.complexity in _COMPLEX for node in rated)
    tiers = sum(bool(node.tier) for node in rated)
    texts = {
        "no scores with levels: not met, partially compliant, compliant": not model.framework.rating.scored,
        f"importance of {tiers} requirements: the impact that the model states": tiers,
        f"{len(rated) - tiers} requirements matter alike (importance: medium)": tiers < len(rated),
        f"half the days for what the model calls simple, twice as many for complex: {complexity}": complexity,
        "nothing costs money, as the file has no amounts (costs in the scenario)": True,
    }
    return tuple(text for text, holds in texts.items() if holds)


# -- the importer ------------------------------------------------------------------------------------------------------


def framework_of(files: Sequence[Source], answers: Answers) -> tuple[Source, Framework]:
    """The framework that is meant, of all libraries that are given. Raises InvalidInput where there is none."""
    every = [(file, one) for file in files for one in frameworks(file)]
    if len(every) <= 1:
        if every and answers.said("framework") and answers["framework"] != "first":
            chosen(answers, "framework", [every[0][1].title])
        return (every[0][0], every[0][1]) if every else (files[0], only(files[0], []))
    titles = {one.title: (file, one) for file, one in every}
    return every[0] if answers["framework"] == "first" else titles[chosen(answers, "framework", titles)]


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """A framework, or a preset with its library."""
    for file in files:
        if not is_library(file):
            message = "this is no library of CISO Assistant; leave it out"
            raise InvalidInput([Issue(Location(file.path), "SL102", message)])
    preset = [(file, node) for file in files for node in presets(file)]
    libraries = [file for file in files if not presets(file)]
    if preset:
        return _preset(*preset[0], libraries, answers)
    file, framework = framework_of(libraries, answers)
    return _taken(model_of(framework, answers), answers, _beside(file))


def _beside(file: Source) -> tuple[str, ...]:
    """What a library holds beside its frameworks."""
    counts = {
        key: len(items(node))
        for tree in file.trees
        for key, node in (tree.find(("objects",)) or tree).mapping.items()
        if key not in ("framework", "frameworks", "preset")
    }
    return tuple(f"{key.replace('_', ' ')}: {count}" for key, count in counts.items() if count)


def _taken(model: Model, answers: Answers, left: tuple[str, ...], title: str = "") -> Taken:
    rating = model.framework.rating
    if level_of(rating, answers["level"]) == rating.first:
        raise UsageError(f"--say level={answers['level']}: everything is there already; it is the lowest level")
    scenario = {
        "title": short(title or model.framework.title),
        "current": {"default": {model.scale: rating.first}},
        "target": {name: {model.scale: level} for name, level in wanted(model, answers).items()},
    }
    lowest = f"nothing is met yet: all {len(model.framework.rated)} requirements are at {rating.levels[rating.first]}"
    return Taken(scenario, model.catalogue, facts(model), left, (lowest, *leaning(model)))


def _preset(file: Source, preset: Any, libraries: Sequence[Source], answers: Answers) -> Taken:
    """What a preset sets up: audits of frameworks that other files hold."""
    audits = [one for one in items(preset, "scaffolded_objects") if text_of(one, "type") == "compliance_assessment"]
    wants = [urn for one in audits if (urn := text_of(one, "framework"))]
    if not wants:
        message = "this preset sets up no audit of a framework; give the library whose framework you want instead"
        raise InvalidInput([Issue(preset.at, "SL102", message)])
    every = [(library, one) for library in libraries for one in frameworks(library)]
    for audit in audits:
        for library, one in every:
            if text_of(audit, "framework") in (one.library, one.urn):
                rest = len(items(preset, "scaffolded_objects")) - 1
                left = (f"{rest} other things that the preset sets up (assets, risks …)", *_beside(library))
                return _taken(model_of(one, answers), answers, left, text_of(audit, "name"))
    given = f"; what was given holds {', '.join(one.library for _, one in every)}" if every else ""
    message = f"this is a preset, which holds no framework; give the library {wants[0]} in the same command{given}"
    raise InvalidInput([Issue(audits[0].nearest(("framework",)), "SL102", message)])


CISO_LIBRARY = Importer("ciso-library", "a framework of CISO Assistant (library YAML)", is_library, read, QUESTIONS)
