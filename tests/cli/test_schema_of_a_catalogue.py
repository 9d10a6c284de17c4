"""The schema of a scenario with a catalogue's names in it: what is right is taken, and no name that the catalogue
does not have.
"""

from __future__ import annotations

import datetime
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

import stepladder
from stepladder.data.reading.library import folder, names
from tests.support.commanding import run

DATA = Path(__file__).parents[1] / "data"
FIRST = Path(stepladder.__file__).parent / "workflow" / "first.yaml"
SMALL = DATA / "catalogue.yaml"
SHIPPED = [folder("scenarios") / f"{name}.yaml" for name in names("scenarios")] + [FIRST]
SCENARIOS = [(path, yaml.safe_load(path.read_text(encoding="utf-8"))["catalogue"]) for path in SHIPPED]
SCENARIOS += [(DATA / "full.yaml", str(SMALL)), (DATA / "mill.yaml", str(SMALL))]


def strings(value: Any) -> Any:
    """As an editor hands YAML to a schema: dates are text, keys are text."""
    if isinstance(value, dict):
        return {str(key): strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [strings(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@cache
def validator(kind: str, catalogue: str) -> Draft202012Validator:
    found = run("schema", kind, "--catalogue", catalogue)
    assert (found.exit_code, found.stderr) == (0, "")
    schema = json.loads(found.stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert run("schema", kind, "--catalogue", catalogue).stdout == found.stdout
    return Draft202012Validator(schema)


def wrong(checked: Draft202012Validator, said: Any) -> list[str]:
    return [f"{list(error.absolute_path)}: {error.message}" for error in checked.iter_errors(said)]


@pytest.mark.parametrize(("path", "catalogue"), SCENARIOS, ids=lambda value: Path(value).stem)
def test_an_editor_finds_nothing_wrong_with_good_scenarios(path: Path, catalogue: str) -> None:
    checked = validator("scenario", catalogue)
    assert wrong(checked, strings(yaml.safe_load(path.read_text(encoding="utf-8")))) == []


#: By what is wrong: what is laid over a good scenario, and a word of what an editor then says.
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "practice": ({"target": {"acess_control": {"scope": 2}}}, "acess_control"),
    "scale": ({"target": {"access_control": {"scop": 2}}}, "scop"),
    "level": ({"current": {"access_control": {"scope": 4}}}, "4"),
    "level below the lowest": ({"current": {"access_control": {"scope": 0}}}, "0"),
    "bare level of two scales": ({"target": {"access_control": 2}}, "2 is not of type 'object'"),
    "group": ({"owners": {"govern": "Somebody"}}, "govern"),
    "not applicable": ({"not_applicable": {"default": "Nothing applies"}}, "default"),
    "type of a threat": ({"threats": {"t": {"type": "meteor", "expected_loss_per_year": 5}}}, "meteor"),
    "effect": (
        {"threats": {"t": {"expected_loss_per_year": 5, "reduced_by": {"patching": {"scope": {"2": 0.1}}}}}},
        "patching",
    ),
    "level of an effect": (
        {"threats": {"t": {"expected_loss_per_year": 5, "reduced_by": {"access_control": {"scope": {"4": 0.1}}}}}},
        "'4'",
    ),
    "how it reduces": (
        {"threats": {"t": {"expected_loss_per_year": 5, "reduces": {"patching": "magnitude"}}}},
        "patching",
    ),
    "role": ({"teams": {"we": {"capacity": {"amount": 5}, "covers": ["engineers"]}}}, "engineers"),
    "cost of a scale": ({"costs": {"scales": {"depth": {"2": {"once": 5}}}}}, "depth"),
    "cost of the lowest level": ({"costs": {"scales": {"scope": {"1": {"once": 5}}}}}, "'1'"),
    "cost of a practice": ({"costs": {"practices": {"patching": {"factor": 2}}}}, "patching"),
    "scale of a practice's cost": ({"costs": {"practices": {"access_control": {"scales": {"depth": {}}}}}}, "depth"),
    "cost of a step": ({"costs": {"steps": {"access_control.scope.4": {"once": 5}}}}, "access_control.scope.4"),
    "pin": ({"pins": {"access_control.scope.1": {"required": True}}}, "access_control.scope.1"),
    "pin of a system": ({"pins": {"line_1/access.scope.2": {"required": True}}}, "line_1/access.scope.2"),
    "need": (
        {
            "prerequisites": [
                {"step": "access_control.scope.9", "needs": "patch_management.scope.2", "why": "x", "source": "x"}
            ]
        },
        "access_control.scope.9",
    ),
    "one of several": (
        {"needs_any": [{"step": "access_control.scope.2", "needs": ["access_control"]}]},
        "access_control",
    ),
    "exclusion": ({"excludes": [{"steps": ["access_control.scope.2", "access_control.2"]}]}, "access_control.2"),
    "waiver": ({"waived": [{"step": "access_control.scope.2", "needs": "x.y.1", "reason": "x"}]}, "x.y.1"),
    "milestone": (
        {
            "milestones": {
                "m": {"title": "M", "by": "2027-12-31", "reason": "x", "reach": {"acess_control": {"scope": 2}}}
            }
        },
        "acess_control",
    ),
    "shared": ({"shared": ["default"]}, "default"),
    "own profile": (
        {"profiles": {"mine": {"title": "Mine", "levels": {"acess_control": {"scope": 2}}}}},
        "acess_control",
    ),
    "a system's target": ({"systems": {"one": {"target": {"acess_control": {"scope": 2}}}}}, "acess_control"),
    "catalogue": ({"catalogue": "iot_sm"}, "iot_sm"),
    "condition": ({"achievements": {"a": {"title": "A", "all": ["access_control.scop.2"]}}}, "access_control.scop.2"),
    "score": (
        {"achievements": {"a": {"title": "A", "score": {"at_least": 1, "of": {"acess_control.scope.2": 1}}}}},
        "acess_control.scope.2",
    ),
    "practice that is reached": ({"target": {"access_control": "reached"}}, "reached"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_name_that_the_catalogue_does_not_have_is_refused(name: str) -> None:
    checked = validator("scenario", "iot_smm")
    over, word = MISTAKES[name]
    said = strings(yaml.safe_load(FIRST.read_text(encoding="utf-8"))) | over
    found = wrong(checked, said)
    assert found
    assert any(word in message for message in found), found
    # The published schema, which knows no catalogue, takes it.
    assert wrong(Draft202012Validator(json.loads(run("schema", "scenario").stdout)), said) == []


RIGHT: dict[str, dict[str, Any]] = {
    "pin of a system": {"pins": {"line_1/access_control.scope.2": {"required": True}}},
    "a profile of the file": {
        "profile": "mine",
        "profiles": {"mine": {"title": "Mine", "levels": {"governance": {"scope": 2}}}},
    },
    "a profile of the catalogue": {"profile": "plant_operator"},
    "teams of any name": {
        "teams": {"we": {"capacity": {"amount": 5}, "covers": ["security"]}, "operations": {"capacity": {"amount": 1}}}
    },
    "effort of a team": {"costs": {"scales": {"scope": {"2": {"effort": {"we": 5, "security": 0}}}}}},
    "a group that is shared": {"shared": ["governance", "access_control"]},
    "a threat that is taken away": {"threats": {"t": None}},
    "no type": {"threats": {"t": {"type": None, "expected_loss_per_year": 5}}},
    "achievements of the file": {
        "achievements": {
            "base": {"title": "Base", "all": ["access_control.scope.2"]},
            "more": {"title": "More", "any": [["base", "patch_management.scope.2"]]},
        },
        "target": {"more": "reached"},
        "importance": {"more": "high"},
        "prerequisites": [{"step": "access_control.scope.3", "needs": "line_1/base", "why": "x", "source": "x"}],
    },
    "a profile as a milestone": {
        "milestones": {"m": {"title": "M", "by": "2027-12-31", "reason": "x", "reach": "plant_operator"}}
    },
    "a target as a milestone": {
        "milestones": {"m": {"title": "M", "by": "2027-12-31", "reason": "x", "reach": "target"}}
    },
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_the_file_names_is_free(name: str) -> None:
    said = strings(yaml.safe_load(FIRST.read_text(encoding="utf-8"))) | RIGHT[name]
    assert wrong(validator("scenario", "iot_smm"), said) == []


def test_a_practice_with_one_scale_takes_a_bare_level_and_short_steps() -> None:
    checked = validator("scenario", str(SMALL))
    least = {
        "format": "stepladder-scenario/1",
        "catalogue": "anywhere.yaml",
        "horizon": {"start": "2027-01-01", "periods": 4},
        "budget": {"amount": 1},
    }
    assert wrong(checked, least | {"target": {"alarms": 2, "watch": 1}, "pins": {"alarms.2": {"required": True}}}) == []
    assert wrong(checked, least | {"target": {"alarms": 4}})
    assert wrong(checked, least | {"pins": {"access.2": {"required": True}}})


def test_levels_have_their_names_in_it() -> None:
    schema: Any = validator("scenario", "iot_smm").schema
    level = schema["$defs"]["level.scope"]
    assert [(one["const"], one["title"]) for one in level["oneOf"]] == [
        (1, "General"),
        (2, "Industry specific"),
        (3, "System specific"),
    ]
    described = [
        field for record in (schema, *schema["$defs"].values()) for field in record.get("properties", {}).values()
    ]
    assert all(field.get("description") or field.get("$ref") for field in described)


def test_profiles_too() -> None:
    checked = validator("profiles", "iot_smm")

    def held(name: str) -> Any:
        return {"format": "stepladder-profiles/1", "profiles": {"p": {"title": "P", "levels": {name: {"scope": 2}}}}}

    assert wrong(checked, held("access_control")) == []
    assert wrong(checked, held("acess_control"))


def test_where_a_catalogue_makes_no_sense() -> None:
    found = run("schema", "plan", "--catalogue", "iot_smm")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "scenario and profiles only" in found.stderr
    assert run("schema", "scenario", "--catalogue", "iot_sm").exit_code == 2
    assert run("schema", "scenario", "--catalogue", folder("scenarios") / "bottling_line.yaml").exit_code == 3
