"""Other maturity models have other shapes: each fits the same format, loads, and can be planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepladder.workflow.export import export
from stepladder.workflow.plan import plan as plan_command

HEAD = "format: stepladder-catalogue/1\ntitle: Model\n"
SHAPES = {
    # One level of groups below another, each activity done or not done.
    "activities": (
        (
            "scales: {done: {title: Done, levels: {0: {title: Not done}, 1: {title: Done}}, costs: {1: {once:"
            " 100}}}}\ngroups:\n  build:\n    title: Build\n    groups:\n      pipeline:\n        title: Pipeline\n    "
            "    practices:\n          defined_process: {title: Defined build process}\n          signing: {title:"
            " Signing of artefacts}\nprerequisites:\n- {step: signing.1, needs: defined_process.1, why: Only a defined"
            " build can be signed., source: own}\n"
        ),
        "{default: 1}",
        ["defined_process.done.1", "signing.done.1"],
    ),
    # Functions, practices, two streams for each.
    "streams": (
        (
            "scales:\n  stream_a: {title: A, levels: {0: {title: '0'}, 1: {title: '1'}, 2: {title: '2'}, 3: {title:"
            " '3'}}, costs: {2: {once: 50}}}\n  stream_b: {title: B, levels: {0: {title: '0'}, 1: {title: '1'}, 2:"
            " {title: '2'}, 3: {title: '3'}}, costs: {2: {once: 50}}}\ngroups: {governance: {title: Governance,"
            " practices: {strategy: {title: Strategy}, education: {title: Education}}}}\n"
        ),
        "{default: {stream_a: 2}, education: {stream_b: 1}}",
        [
            "strategy.stream_a.1",
            "strategy.stream_a.2",
            "education.stream_a.1",
            "education.stream_a.2",
            "education.stream_b.1",
        ],
    ),
    # Domains with indicator levels 0 to 3 and practices directly in a domain as well as in an objective.
    "objectives": (
        (
            "scales: {mil: {title: Indicator level, levels: {0: {title: None}, 1: {title: Initiated}, 2: {title:"
            " Performed}, 3: {title: Managed}}}}\ngroups:\n  asset:\n    title: Asset\n    practices: {management:"
            " {title: Management activities}}\n    groups:\n      inventory: {title: Inventory, practices:"
            " {it_inventory: {title: IT, scales: [mil]}}}\n"
        ),
        "{asset: 1, inventory: 2}",
        ["management.mil.1", "it_inventory.mil.1", "it_inventory.mil.2"],
    ),
    # Functions, categories, sub-categories, on tiers from 1 to 4.
    "tiers": (
        (
            "scales: {tier: {title: Tier, levels: {1: {title: Partial}, 2: {title: Risk informed}, 3: {title:"
            " Repeatable}, 4: {title: Adaptive}}}}\ngroups:\n  pr:\n    title: Protect\n    groups:\n      pr_aa:\n    "
            "    title: Identity\n        groups:\n          pr_aa_01: {title: Identities, practices: {managed: {title:"
            " Identities are managed}}}\n"
        ),
        "{pr: {tier: 3}}",
        ["managed.tier.2", "managed.tier.3"],
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(tmp_path: Path, name: str) -> None:
    body, target, steps = SHAPES[name]
    (tmp_path / "model.yaml").write_text(HEAD + body, encoding="utf-8")
    practice = steps[0].split(".")[0]
    scale, level = steps[0].split(".")[1:]
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "format: stepladder-scenario/1\ncatalogue: model.yaml\nhorizon: {start: 2027-01-01, periods: 4}\ntarget:"
        f" {target}\nbudget: {{amount: 1000}}\nthreats: {{theft: {{title: Theft, expected_loss_per_year: 5000,"
        f" reduced_by: {{{practice}: {{{scale}: {{{level}: 20%}}}}}}}}}}\n",
        encoding="utf-8",
    )
    plan = plan_command(scenario)
    assert [step.id for step in plan.problem.steps] == steps
    assert steps[0] in plan.starts


def test_the_models_own_codes_stand_before_titles(tmp_path: Path) -> None:
    urn = "urn:example:framework:node:backups-are-tested"
    (tmp_path / "model.yaml").write_text(
        f"{HEAD}scales: {{done: {{title: Done, levels: {{0: {{title: Open}}, 1: {{title: Done, ref: D1}}}}}}}}\n"
        "groups:\n  pr:\n    title: Protect\n    ref: PR\n    practices:\n"
        f"      keys: {{title: Keys, ref: PR.DS-01}}\n      backups: {{title: Backups, ref: '{urn}'}}\n",
        encoding="utf-8",
    )
    scenario = tmp_path / "mine.yaml"
    scenario.write_text(
        "format: stepladder-scenario/1\ncatalogue: model.yaml\nhorizon: {start: 2027-01-01, periods: 4}\n"
        "target: {default: 1}\nbudget: {amount: 1000}\nobjective: worth\nimportance: {default: medium}\n",
        encoding="utf-8",
    )
    plan = plan_command(scenario)
    assert [step.title for step in plan.problem.steps] == ["PR.DS-01 Keys to D1 Done", "Backups to D1 Done"]
    assert plan.context is not None
    assert {name: entry.ref for name, entry in plan.context.steps.items()} == {
        "keys.done.1": "D1",
        "backups.done.1": "D1",
    }
    assert plan.context.parameters[0].groups == ("PR Protect",)
    rows = export(plan, "csv-machine").data.decode().splitlines()
    assert [line.rsplit(",", 1)[1] for line in rows] == ["code", "D1", "D1"]
