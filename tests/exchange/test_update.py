"""New levels in a scenario that somebody wrote: they change, and not one other byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepladder.workflow.asking import ask
from tests.exchange.test_intake import ACCESS, CRA, PATCH
from tests.support.commanding import run

WRITTEN = """# Ours, by hand.
format: stepladder-scenario/1
catalogue: iot_smm
horizon: {start: 2027-01-01, periods: 4}   # a year
current:
  default: {comprehensiveness: 1, scope: 1}
  access_control: {comprehensiveness: 1}   # asked in May
  patch_management:
    # the vendor says so
    comprehensiveness: 0
    scope: 1
target:
  default: {comprehensiveness: 3, scope: 2}
budget: {amount: 5000}
objective: worth
importance: {default: medium}
"""


def test_an_update_changes_levels_and_nothing_else(tmp_path: Path) -> None:
    scenario, levels = tmp_path / "scenario.yaml", tmp_path / "levels.csv"
    scenario.write_text(WRITTEN, encoding="utf-8")
    rows: list[tuple[str, int | str]] = [
        (ACCESS, 2),
        (PATCH, 1),
        (CRA, 2),
        ("access_control.scope", 2),
        ("patch_management.scope", 1),
    ]
    rows.append(("threat_modeling.scope", "?"))
    levels.write_text("Code,Current\n" + "".join(f"{code},{level}\n" for code, level in rows), encoding="utf-8")
    done = run("import", levels, "--update", scenario)
    assert done.exit_code == 0, done.stderr
    assert f"{ACCESS}: 1 -> 2" in done.stderr
    assert "4 levels changed, 1 as before" in done.stderr
    text = scenario.read_text(encoding="utf-8")
    assert text == WRITTEN.replace(
        "  access_control: {comprehensiveness: 1}", "  access_control: {scope: 2, comprehensiveness: 2}"
    ).replace("    comprehensiveness: 0", "    comprehensiveness: 1").replace(
        "current:\n", "current:\n  vulnerability_assessment: {comprehensiveness: 2}\n"
    )
    # Once more, and nothing is left to change.
    again = run("import", levels, "--update", scenario, "-o", tmp_path / "other.yaml")
    assert "no levels changed, 5 as before" in again.stderr
    assert (tmp_path / "other.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("form", ["current: {}", "", "current:\n  default: 1", "current: {default: {scope: 1}}"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_levels_find_a_place_wherever_none_stands(form: str, end: str, tmp_path: Path) -> None:
    text = "".join(
        line for line in WRITTEN.splitlines(keepends=True) if not line.startswith(("current", "  ", "    #"))
    )
    text = text.replace("target:\n", f"{form}\n" if form else "")
    if "default: 1" in form:
        text = text.replace("  default: 1", "  default: {comprehensiveness: 1}")
    scenario, levels = tmp_path / "scenario.yaml", tmp_path / "levels.csv"
    scenario.write_bytes(text.replace("\n", end).encode())
    levels.write_text(f"Code,Current\n{ACCESS},2\n{PATCH},1\n", encoding="utf-8")
    before = ask(scenario)
    assert run("import", levels, "--update", scenario).exit_code == 0
    after = ask(scenario)
    assert before.context is not None
    assert after.context is not None
    now = {one.id: one.current for one in after.context.parameters}
    assert now == {one.id: one.current for one in before.context.parameters} | {ACCESS: 2, PATCH: 1}


def test_an_update_of_systems_and_what_it_cannot_do(tmp_path: Path) -> None:
    scenario, levels = tmp_path / "scenario.yaml", tmp_path / "levels.csv"
    written = (
        WRITTEN + "systems:\n  press: {title: Press}\n  oven: {current: {access_control: {comprehensiveness: 0}}}\n"
    )
    scenario.write_text(written, encoding="utf-8")
    levels.write_text(f"System,Code,Current\nPress,{ACCESS},2\nOven,{ACCESS},1\n,{PATCH},2\n", encoding="utf-8")
    assert run("import", levels, "--update", scenario).exit_code == 0
    changed = ask(scenario).context
    assert changed is not None
    now = {one.id: one.current for one in changed.parameters}
    assert (now[f"press/{ACCESS}"], now[f"oven/{ACCESS}"]) == (2, 1)
    assert (now[f"press/{PATCH}"], now[f"oven/{PATCH}"]) == (2, 2)
    levels.write_text(f"System,Code,Current\nPres,{ACCESS},2\n", encoding="utf-8")
    text = scenario.read_text(encoding="utf-8")
    refused = run("import", levels, "--update", scenario)
    assert refused.exit_code == 3
    assert "did you mean" in refused.stderr
    # One level for two systems, by an alias: another one for one of them would change both.
    scenario.write_text(
        WRITTEN.replace(
            "access_control: {comprehensiveness: 1}", "access_control: &one {comprehensiveness: 1}"
        ).replace(
            "    comprehensiveness: 0\n    scope: 1\n", "    comprehensiveness: 0\n    scope: 1\n  hardening: *one\n"
        ),
        encoding="utf-8",
    )
    levels.write_text(f"Code,Current\n{ACCESS},2\n", encoding="utf-8")
    refused = run("import", levels, "--update", scenario)
    assert refused.exit_code == 3
    assert "without changing others" in refused.stderr
    assert text != scenario.read_text(encoding="utf-8")
