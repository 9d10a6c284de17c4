"""Every command as a function: whatever a question is given as, the same answer; and answers that read well."""

from __future__ import annotations

import inspect
import json
import keyword
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

import stepladder
from stepladder import api
from stepladder.answers import Answer
from stepladder.cli.main import COMMANDS
from stepladder.data.formats.plan import Plan
from tests.support.commanding import run
from tests.support.killing import environment
from tests.support.sizes import FULL

DATA = Path(__file__).parents[1] / "data"
MILL = DATA / "mill.yaml"
#: Commands that speak with other machines.
ELSEWHERE = {"push", "pull"}


@pytest.fixture(scope="module")
def mill() -> Answer[Plan]:
    return stepladder.plan(MILL)


def test_every_command_is_a_function_of_its_name() -> None:
    # What Python has as a word of its own has a line after it.
    names = {f"{name}_" if keyword.iskeyword(name) else name for name in set(COMMANDS) - ELSEWHERE}
    assert names == set(vars(stepladder)["_FUNCTIONS"])
    for name in vars(stepladder)["_FUNCTIONS"]:
        assert inspect.signature(getattr(stepladder, name)) == inspect.signature(getattr(api, name))
    stub = (Path(stepladder.__file__).parent / "__init__.pyi").read_text(encoding="utf-8")
    for name in (*vars(stepladder)["_FUNCTIONS"], *vars(stepladder)["_ERRORS"]):
        assert f" import {name} as {name}\n" in stub
        assert name in dir(stepladder)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        stepladder.nothing  # type: ignore[attr-defined]  # noqa: B018


def test_it_is_the_command_s_answer(mill: Answer[Plan]) -> None:
    assert str(mill) == run("plan", MILL).stdout
    assert mill.json() == run("plan", MILL, "--json").stdout


def test_a_question_is_a_path_a_mapping_or_a_record(mill: Answer[Plan]) -> None:
    said = yaml.safe_load(MILL.read_text(encoding="utf-8"))
    said["catalogue"] = str(DATA / "catalogue.yaml")
    problem = mill.problem
    for source in (
        str(MILL),
        said,
        problem,
        json.loads(problem.model_dump_json(by_alias=True)),
        stepladder.check(MILL).question,
    ):
        assert stepladder.plan(source).starts == mill.starts


def test_what_is_wrong_in_a_mapping_has_its_place() -> None:
    said = yaml.safe_load(MILL.read_text(encoding="utf-8")) | {
        "catalogue": str(DATA / "catalogue.yaml"),
        "colour": "red",
    }
    with pytest.raises(stepladder.InvalidInput, match="unknown key 'colour'"):
        stepladder.plan(said)
    with pytest.raises(stepladder.InvalidInput, match="the mapping:"):
        stepladder.plan({"format": "stepladder-problem/1", "title": 3})
    with pytest.raises(stepladder.UsageError, match="no named scenarios"):
        stepladder.plan(stepladder.plan(MILL).problem, scenario="tight")


def test_a_plan_is_a_path_a_mapping_a_record_or_an_answer(mill: Answer[Plan], tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(mill.json(), encoding="utf-8")
    for source in (tmp_path / "plan.json", json.loads(mill.json()), mill.record, mill):
        assert stepladder.show(source).starts == mill.starts
        assert stepladder.verify(source) == []
    wrong = mill.record.model_copy(update={"starts": {}})
    assert stepladder.verify(wrong)
    with pytest.raises(stepladder.NotVerified):
        stepladder.show(wrong)


def test_tables(mill: Answer[Plan]) -> None:
    steps = mill.to_pandas()
    assert isinstance(steps, pd.DataFrame)
    assert set(steps["step"][steps["planned"]]) == set(mill.starts)
    assert [len(mill.to_pandas(name)) for name in ("periods", "threats")] == [
        len(mill.periods),
        len(mill.problem.threats),
    ]
    assert len(mill.to_pandas("windows")) == len(mill.problem.windows)
    with pytest.raises(stepladder.UsageError, match="no table 'colours'; there are steps, periods, windows, threats"):
        mill.to_pandas("colours")


def test_it_reads_well(mill: Answer[Plan]) -> None:
    assert repr(mill).startswith("<Plan: ")
    assert "\n" not in repr(mill)
    assert "<table" in mill._repr_html_()
    text = stepladder.check(MILL)
    assert text._repr_html_().startswith("<pre>")
    with pytest.raises(stepladder.UsageError, match="has no tables"):
        text.to_pandas()
    with pytest.raises(AttributeError):
        mill.__nothing__  # noqa: B018


def test_decisions(mill: Answer[Plan], tmp_path: Path) -> None:
    path, first = tmp_path / "plan.json", next(iter(mill.starts))
    path.write_text(mill.json(), encoding="utf-8")
    assert str(stepladder.next(mill)) == run("next", path).stdout
    assert str(stepladder.why(mill, first)) == run("why", path, first).stdout
    assert stepladder.repair(MILL, assignments=["budget.amount=0"]).claim.none
    both = stepladder.compare(mill, MILL, against_practice=True)
    assert len(both.columns) >= 2
    assert stepladder.compare(json.loads(mill.json())).columns[0].plan.starts == mill.starts
    assert stepladder.stable(mill, alternatives=1).plan.starts == mill.starts
    curve = stepladder.frontier(MILL, points=2)
    assert len(curve.to_pandas()) == 2
    assert stepladder.sweep(MILL, futures=2, plan=mill).count == 2


def test_after_months(mill: Answer[Plan], tmp_path: Path) -> None:
    label = mill.problem.periods[1].label
    newer = stepladder.replan(mill, as_of=label)
    assert newer.plan.as_of == label
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(mill.json(), encoding="utf-8")
    after.write_text(stepladder.show(newer).json(), encoding="utf-8")
    assert str(newer) == run("replan", before, "--as-of", label).stdout
    assert str(stepladder.diff(mill, newer)) == run("diff", before, after).stdout
    # What time alone has changed in the question is nobody's change.
    assert "WHAT CHANGED IN THE QUESTION" not in str(stepladder.diff(mill, newer))


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_the_example_for_notebooks_runs(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "notebook.py"
    done = subprocess.run(
        [sys.executable, example], capture_output=True, text=True, check=False, cwd=tmp_path, env=environment()
    )
    assert done.returncode == 0, done.stderr
    assert "2029" in done.stdout


def test_for_others(mill: Answer[Plan], tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(mill.json(), encoding="utf-8")
    assert stepladder.report(mill, to="md").startswith(b"#")
    assert b"<svg" in stepladder.plot(mill, "money")
    assert str(stepladder.history(path)) == run("history", path).stdout
    assert stepladder.history(path).to_pandas("versions")["open"].tolist() == [len(mill.starts)]
    assert b"<svg" in stepladder.plot(stepladder.history(mill), "history")
    assert stepladder.export(mill, "csv").count(b"\n") > len(mill.starts)
    assert stepladder.schema("plan")["title"] == "Plan"
    assert stepladder.schema("scenario", catalogue="iot_smm") != stepladder.schema("scenario")
    model = stepladder.catalogue("iot_smm")
    assert str(model) == run("catalogue", "iot_smm").stdout
    assert len(model.to_pandas()) > 100
    assert yaml.safe_load(stepladder.init())["format"].startswith("stepladder-scenario/")


def test_nothing_is_loaded_before_it_is_named() -> None:
    code = (
        "import sys, stepladder; print([name for name in sys.modules if name.startswith('stepladder')], 'pydantic' in"
        " sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "['stepladder'] False\n"
