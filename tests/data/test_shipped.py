"""The shipped model and cases: what the model is made of, and that nothing in them is asserted without a reason."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
import yaml
from jsonschema import Draft202012Validator

import stepladder
from stepladder.data import schemas
from stepladder.data.catalogues import load_catalogue
from stepladder.data.reading.library import folder, names
from stepladder.data.resolving.index import Index
from stepladder.workflow.asking import ask as ask_command
from stepladder.workflow.check import check as check_command
from stepladder.workflow.plan import plan as plan_command

FIRST = Path(stepladder.__file__).parent / "workflow" / "first.yaml"
CASES = names("scenarios")
NAMED = [
    (case, name)
    for case in CASES
    for name in (None, *yaml.safe_load((folder("scenarios") / f"{case}.yaml").read_text(encoding="utf-8"))["scenarios"])
]


@pytest.fixture(scope="module")
def model() -> Index:
    return load_catalogue(folder("models") / "iot_smm.yaml")[0]


# --- the model


def test_the_model_has_its_18_practices_in_9_sub_domains_of_3_domains(model: Index) -> None:
    domains = model.catalogue.groups
    assert [len(domain.groups) for domain in domains.values()] == [3, 3, 3]
    assert [len(inner.practices) for domain in domains.values() for inner in domain.groups.values()] == [2] * 9
    assert len(model.places) == 18
    assert sum(len(place.scales) for place in model.places.values()) == 36


def test_the_model_has_its_scales(model: Index) -> None:
    scales = model.catalogue.scales
    assert {n: level.title for n, level in scales["comprehensiveness"].levels.items()} == {
        0: "None",
        1: "Minimum",
        2: "Ad hoc",
        3: "Consistent",
        4: "Formalized",
    }
    assert {n: level.title for n, level in scales["scope"].levels.items()} == {
        1: "General",
        2: "Industry specific",
        3: "System specific",
    }


def test_every_step_has_a_cost_with_its_basis_and_every_practice_a_description(model: Index) -> None:
    for name, scale in model.catalogue.scales.items():
        for level in model.levels(name)[1:]:
            cost = scale.costs[level]
            assert None not in (cost.once, cost.per_year, cost.effort, cost.months, cost.basis), (name, level)
    for place in model.places.values():
        assert place.practice.description, place.practice.title
        assert place.practice.source, place.practice.title
        assert all(cost.basis for levels in place.practice.costs.values() for cost in levels.values()), (
            place.practice.title
        )
    assert "llustrative" in (model.catalogue.illustrative or "")


def test_prerequisites_have_reasons_are_acyclic_and_none_is_redundant(model: Index) -> None:
    listed = model.catalogue.prerequisites
    assert len(listed) >= 30
    assert all(need.why.endswith(".") and need.source for need in listed)
    hard = [(need.step, need.needs) for need in listed if not need.soft]
    edges = [(str(a), str(b)) for a, b in model.edges()]
    graph: nx.DiGraph[str] = nx.DiGraph([*edges, *hard])
    assert nx.is_directed_acyclic_graph(graph)
    assert graph.number_of_edges() == len(edges) + len(hard)
    assert nx.transitive_reduction(graph).number_of_edges() == graph.number_of_edges()


def test_threat_types_and_stored_targets_say_what_they_rest_on(model: Index) -> None:
    assert len(model.catalogue.threats) >= 6
    assert all(kind.source and kind.description and kind.reduced_by for kind in model.catalogue.threats.values())
    assert len(model.catalogue.profiles) == 9
    assert all(profile.source for profile in model.catalogue.profiles.values())


def test_every_parameter_helps_against_something(model: Index) -> None:
    helped = {
        (practice, scale)
        for kind in model.catalogue.threats.values()
        for practice, scales in kind.reduced_by.items()
        for scale in scales
    }
    assert {practice for practice, _ in helped} == set(model.places)


# --- the cases


def _written(case: str) -> str:
    return (folder("scenarios") / f"{case}.yaml").read_text(encoding="utf-8")


#: Those of the IoT model: three of one kind, for which the benchmarks and the longest tests are made.
FIRST_CASES = [case for case in CASES if yaml.safe_load(_written(case))["catalogue"] == "iot_smm"]


@pytest.mark.parametrize("case", CASES)
def test_cases_are_rich(case: str) -> None:
    text = _written(case)
    said = yaml.safe_load(text)
    asked = ask_command(case)
    problem, context = asked.problem, asked.context
    assert context is not None
    assert len(problem.steps) >= 35
    assert len(problem.threats) >= 6 or said["objective"] == "worth"
    assert len(said["teams"]) >= 2
    assert "illustrative" in text.partition("format:")[0]
    assert len(said["scenarios"]) >= 2
    assert any("budget" in brick for brick in said["overrides"].values())
    once = sum(item.once for item in problem.steps)
    assert once > max(window.limit for window in problem.windows if window.resource.startswith("money")), (
        "the budget must bind"
    )


@pytest.mark.parametrize("case", FIRST_CASES)
def test_cases_of_the_iot_model_use_all_of_it(case: str) -> None:
    text = _written(case)
    said = yaml.safe_load(text)
    asked = ask_command(case)
    problem, context = asked.problem, asked.context
    assert context is not None
    assert len({item.practice for item in context.parameters}) + len(said.get("not_applicable", {})) == 18
    assert all(threat["source"] for threat in said["threats"].values())
    assert len(problem.periods) == 12
    assert {item.years for item in problem.periods} == {0.25}
    assert any(
        datetime.date(2027, 12, 11) == item.date and "2024/2847" in item.reason + item.source
        for item in context.milestones
    )
    assert any("appetite" in brick for brick in said["overrides"].values())
    assert any(window.limit == 0 for window in problem.windows) or case == "home_cameras"


@pytest.mark.parametrize(("case", "name"), NAMED)
def test_every_named_scenario_is_a_question(case: str, name: str | None) -> None:
    report = check_command(case, name)
    assert not report.facts.hopeless
    assert bool(report.question.changes) == (name is not None)


# --- the first scenario


def test_the_first_scenario_has_thirty_lines_and_can_be_planned() -> None:
    assert len(FIRST.read_text(encoding="utf-8").splitlines()) <= 30
    plan = plan_command(FIRST)
    assert plan.status == "optimal"
    assert plan.starts


def test_everything_else_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / "least.yaml"
    path.write_text(
        "format: stepladder-scenario/1\ncatalogue: iot_smm\nhorizon: {start: 2027-01-01, periods: 4}\ntarget: {default:"
        " {comprehensiveness: 1}}\nbudget: {amount: 20000}\nthreats: {theft: {type: data_theft, expected_loss_per_year:"
        " 90000}}\n",
        encoding="utf-8",
    )
    plan = plan_command(path)
    assert len(plan.problem.steps) == 18
    assert plan.starts


# --- schemas


@pytest.mark.parametrize("name", schemas.KINDS)
def test_published_schemas_are_those_of_the_code(name: str) -> None:
    assert schemas.published(name) == schemas.generate(name), "bring them up to date: make schemas"
    schema = json.loads(schemas.published(name))
    Draft202012Validator.check_schema(schema)
    described = [
        field
        for record in (schema, *schema.get("$defs", {}).values())
        for field in record.get("properties", {}).values()
    ]
    assert all(field.get("description") for field in described)


def _strings(value: Any) -> Any:
    """As an editor hands YAML to a schema: dates are text, keys are text."""
    if isinstance(value, dict):
        return {str(key): _strings(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_strings(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


@pytest.mark.parametrize(
    ("kind", "path"),
    [("catalogue", path) for path in sorted(folder("models").glob("*.yaml"))]
    + [("scenario", path) for path in sorted(folder("scenarios").glob("*.yaml"))]
    + [
        ("scenario", FIRST),
        ("catalogue", Path(__file__).parent / "catalogue.yaml"),
        ("scenario", Path(__file__).parent / "full.yaml"),
    ],
    ids=lambda value: value.stem if isinstance(value, Path) else value,
)
def test_an_editor_finds_nothing_wrong_with_shipped_files(kind: str, path: Path) -> None:
    validator = Draft202012Validator(json.loads(schemas.published(kind)))
    said = _strings(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(said)] == []
    # And a mistake is found.
    assert list(validator.iter_errors({**said, "tittle": "x"}))


def test_an_editor_finds_nothing_wrong_with_a_plan() -> None:
    plan = json.loads(plan_command(FIRST).model_dump_json(by_alias=True))
    for kind, value in (("plan", plan), ("problem", plan["problem"])):
        assert [
            error.message for error in Draft202012Validator(json.loads(schemas.published(kind))).iter_errors(value)
        ] == []


def test_the_fullest_scenario_has_every_key() -> None:
    schema = json.loads(schemas.published("scenario"))
    keys = {key for record in (schema, *schema["$defs"].values()) for key in record.get("properties", {})}
    text = (Path(__file__).parent / "full.yaml").read_text(encoding="utf-8")
    # What profiles and systems repeat is there once; a profile's source is the catalogue's affair.
    # A sheet would say in the file's place what is to be there, and money without a limit would be no example of one.
    assert {key for key in keys if f"{key}:" not in text} == {"assessment", "unlimited"}
