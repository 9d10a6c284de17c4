"""Every command: what it prints where, and the exit code it ends with."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import Result

import stepladder
from stepladder import __version__
from stepladder.cli.main import COMMANDS, app
from tests.support.commanding import CASES, IMPOSSIBLE, SMALL, run


@pytest.mark.parametrize("command", [*COMMANDS])
def test_help_documents_every_argument(command: str) -> None:
    found = run(command, "--help")
    assert found.exit_code == 0
    assert max(map(len, found.stdout.splitlines())) <= 80
    commands: Any = get_command(app)
    described = commands.commands[command]
    assert described.help.endswith(".")
    for parameter in described.params:
        assert parameter.help.endswith((".", "?")) or parameter.help.endswith("-o PLAN"), parameter.name
        assert parameter.hidden or parameter.help.split()[0] in found.stdout


def test_version_and_no_arguments() -> None:
    assert run("--version").stdout == f"stepladder {__version__}\n"
    assert run().exit_code == 2
    assert run("nonsense").exit_code == 2


@pytest.mark.parametrize("command", [*COMMANDS])
def test_what_an_option_refuses_is_said_in_our_words(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in those of the package that reads the command line: every option of every command, given what it cannot
    be.
    """
    monkeypatch.chdir(tmp_path)
    commands: Any = get_command(app)
    for parameter in commands.commands[command].params:
        for option in parameter.opts[:1]:
            if option.startswith("--") and not getattr(parameter, "is_flag", False):
                said = run(command, option, "nix").stderr
                assert "Value error" not in said, (option, said)
                assert "Input should be" not in said, (option, said)


# --- init


def test_init_writes_and_says_what_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = run("init")
    assert found.exit_code == 0
    assert found.stdout.startswith("Wrote first.yaml.")
    assert "  stepladder plan first.yaml -o plan.json\n" in found.stdout
    text = (tmp_path / "first.yaml").read_text(encoding="utf-8")
    assert run("init", "-o", "-").stdout == text


def test_init_never_replaces_without_force(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("precious", encoding="utf-8")
    found = run("init", "-o", path)
    assert found.exit_code == 2
    assert "exists already" in found.stderr
    assert path.read_text(encoding="utf-8") == "precious"
    assert run("init", "-o", path, "--force").exit_code == 0
    assert path.read_text(encoding="utf-8") != "precious"


def test_init_as_json(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    found = json.loads(run("init", "-o", path, "--json").stdout)
    assert (found["written"], found["case"]) == (str(path), "first")


def test_init_of_an_unknown_case() -> None:
    found = run("init", "frist")
    assert found.exit_code == 2
    assert "did you mean 'first'?" in found.stderr


# --- check


def test_check_says_what_is_true() -> None:
    found = run("check", SMALL)
    assert found.exit_code == 0
    assert found.stdout.startswith("random 1009: valid.\n6 steps, 2 threats, 3 periods and 7 limits")
    # s1 needs s0, which takes period 0, but must itself finish in period 0; s5 needs s1.
    assert "“Step 1” cannot be finished by 31 Dec 2027" in found.stdout
    assert "“Step 5”" in found.stdout


def test_check_ends_with_four_where_no_plan_can_exist() -> None:
    found = run("check", Path(stepladder.__file__).parent / "workflow" / "first.yaml", "--set", "budget.amount=0")
    assert found.exit_code == 4
    assert "There is no plan at all while" in found.stdout


def test_check_as_json_prints_the_resolved_problem(tmp_path: Path) -> None:
    found = run("check", SMALL, "--json")
    problem = json.loads(found.stdout)
    assert problem["format"] == "stepladder-problem/1"
    assert problem["steps"][0]["lag" if "lag" in problem["steps"][0] else "earliest"] == 0
    path = tmp_path / "again.json"
    path.write_text(found.stdout, encoding="utf-8")
    assert run("check", path, "--json").stdout == found.stdout


def test_check_of_nothing() -> None:
    found = run("check", "no_such_scenario")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "no file 'no_such_scenario'" in found.stderr
    assert run("check", CASES).exit_code == 2


def test_check_reports_every_problem_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_text('{"format": "stepladder-problem/1",\n "periods": [], "steps": [], "nonsense": 1}', encoding="utf-8")
    found = run("check", path)
    assert (found.exit_code, found.stdout) == (3, "")
    lines = found.stderr.splitlines()
    assert lines[-1] == "2 problems found"
    assert all(line.startswith(f"{path}:2:") for line in lines[:-1])


def test_a_bare_problem_has_no_scenarios() -> None:
    assert run("check", SMALL, "--scenario", "x").exit_code == 2
    assert run("plan", SMALL, "--set", "a=1").exit_code == 2


# --- plan


def test_plan_shows_and_writes(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    found = run("plan", SMALL, "-o", path)
    assert found.exit_code == 0
    assert found.stdout.startswith("random 1009\n")
    assert "HOW SURE IT IS\n" in found.stdout
    assert "HOW GOOD THIS PLAN IS\nProved: no plan" in run("show", path, "--full").stdout
    assert f"wrote {path}; what to do first: stepladder next {path}" in found.stderr
    assert run("show", path).stdout == found.stdout
    assert run("plan", SMALL, "--json").stdout == path.read_text(encoding="utf-8")
    assert run("plan", SMALL, "-o", "-").stdout == path.read_text(encoding="utf-8")
    assert [entry.name for entry in tmp_path.iterdir()] == ["plan.json"]


def test_plan_reaches_the_known_optimum() -> None:
    expected = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))["small_1009"]["objective"]
    found = json.loads(
        run(
            "plan", SMALL, "--gap", "0", "--seed", 3, "--threads", 1, "--time-limit", 60, "--no-progress", "--json"
        ).stdout
    )
    assert found["objective"]["value"] == pytest.approx(expected, rel=1e-6)
    assert found["status"] == "optimal"


def test_plan_of_an_infeasible_problem() -> None:
    found = run("plan", IMPOSSIBLE)
    assert found.exit_code == 4
    assert found.stdout.startswith("No plan can meet th")
    assert "WHAT WOULD HELP" in found.stdout
    assert "stepladder repair" in found.stderr
    as_json = json.loads(run("plan", IMPOSSIBLE, "--json").stdout)
    assert as_json["format"] == "stepladder-repair/2"
    assert as_json["clashes"]


WRONG = """
--gap -1 / --gap 100% / --gap x / --gap nan / --time-limit 0 / --time-limit inf / --seed -1
/ --threads 0 / --solver gurobi / --width 10 / --nonsense 1
"""


@pytest.mark.parametrize(("option", "value"), [wrong.split() for wrong in WRONG.split("/")])
def test_options_are_checked_before_anything_is_read(option: str, value: str) -> None:
    found = run("plan", "no_such_file", option, value)
    assert found.exit_code == 2
    assert option in found.stderr
    assert "no file" not in found.stderr


def test_work_is_not_counted_for_cbc_and_it_says_so() -> None:
    found = run("plan", "no_such_file", "--effort", 3, "--solver", "cbc")
    assert found.exit_code == 2
    assert "--work" in found.stderr
    assert "--time-limit" in found.stderr


def test_an_output_that_cannot_be_written_stops_before_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stepladder.cli.commands.plan.answered", lambda *_, **__: pytest.fail("searched"))
    for path in (tmp_path, tmp_path / "missing" / "plan.json"):
        found = run("plan", SMALL, "-o", path)
        assert found.exit_code == 2
        assert "folder" in found.stderr


def test_width(plan_file: Path) -> None:
    assert max(map(len, run("show", plan_file, "--width", 50).stdout.splitlines())) <= 50
    assert max(map(len, run("plan", SMALL, "--width", 120).stdout.splitlines())) > 80


# --- show, verify, next


def test_show(plan_file: Path) -> None:
    assert run("show", plan_file).stdout == (Path(__file__).parents[1] / "output" / "golden" / "plan.txt").read_text(
        encoding="utf-8"
    )
    assert run("show", plan_file, "--json").stdout == plan_file.read_text(encoding="utf-8")
    assert run("show", plan_file, "--csv", "steps").stdout.startswith("step,title,system,owner,planned")
    assert run("show", plan_file, "--csv", "nonsense").exit_code == 2


@pytest.mark.parametrize(
    "command", [("show",), ("show", "--json"), ("show", "--csv", "steps"), ("next",), ("next", "--json")]
)
def test_a_broken_plan_is_never_shown(broken_file: Path, command: tuple[str, ...]) -> None:
    found = run(command[0], broken_file, *command[1:])
    assert (found.exit_code, found.stdout) == (6, "")
    assert "failed verification" in found.stderr


def test_verify(plan_file: Path, broken_file: Path) -> None:
    good, bad = run("verify", plan_file), run("verify", broken_file)
    assert (good.exit_code, bad.exit_code) == (0, 6)
    assert "none broken" in good.stdout
    assert "BROKEN" in bad.stdout
    assert "Not verified: 1 fault." in bad.stdout


def test_verify_as_json(plan_file: Path, broken_file: Path) -> None:
    good, bad = (json.loads(run("verify", path, "--json").stdout) for path in (plan_file, broken_file))
    assert (good["verified"], good["faults"]) == (True, [])
    assert len(good["rules"]) >= 2
    assert all(rule["ok"] for rule in good["rules"])
    assert not bad["verified"]
    assert [rule["rule"] for rule in bad["rules"] if not rule["ok"]] == [bad["faults"][0]["rule"]]


def test_next_of_a_plan(plan_file: Path) -> None:
    found = run("next", plan_file, "--quick")
    assert found.stdout.startswith("The plan begins in 2027-Q1 (1 Jan 2027 to 31 Mar 2027) with 2 steps")
    assert "To wait costs" not in found.stdout
    assert run("next", plan_file, "--scenario", "x").exit_code == 2
    priced = json.loads(
        run("next", plan_file, "--json", "--gap", "0", "--among", plan_file, "--among", plan_file.parent).stdout
    )
    assert priced["steps"][0]["price_of_waiting"]["possible"] in (True, False)
    assert [step["chosen_first_by"] for step in priced["steps"]] == [
        {"other plans": 1, f"plans in {plan_file.parent.name}": 1}
    ] * 2
    assert priced["other_plans"] == {"other plans": 1, f"plans in {plan_file.parent.name}": 1}


def test_next_of_a_problem_plans_it_first() -> None:
    found = run("next", SMALL)
    assert found.exit_code == 0
    assert found.stdout.startswith("The plan begins in P1")
    assert "1. Step 0\n" in found.stdout
    assert "2. " not in found.stdout


@pytest.mark.parametrize("command", ["show", "verify"])
def test_what_is_no_plan(command: str, tmp_path: Path) -> None:
    assert run(command, SMALL).exit_code == 3
    assert run(command, tmp_path).exit_code == 2
    assert run(command, tmp_path / "missing.json").exit_code == 2


@pytest.mark.parametrize("name", ["catalogue", "scenario", "profiles", "problem", "plan", "actuals"])
def test_schema(name: str) -> None:
    found = json.loads(run("schema", name).stdout)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_unknown_schema() -> None:
    found = run("schema", "scenari")
    assert found.exit_code == 2
    assert "did you mean 'scenario'?" in found.stderr


# --- everything that can go wrong


def fail(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Result:
    """Run a command whose inside raises."""

    def broken(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("stepladder.data.schemas.published", broken)
    return run("schema", "plan")


def test_an_unexpected_error_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fail(monkeypatch, RuntimeError("odd\nmore"))
    assert (found.exit_code, found.stdout) == (1, "")
    assert (
        found.stderr
        == "unexpected error: RuntimeError: odd – please report it, with the output of stepladder --debug …\n"
    )


@pytest.mark.parametrize("switch", ["option", "environment"])
def test_debug_shows_where(monkeypatch: pytest.MonkeyPatch, switch: str) -> None:
    written = io.StringIO()
    monkeypatch.setattr("stepladder.cli.guard.traceback.print_exception", lambda error: written.write(repr(error)))
    monkeypatch.setattr("stepladder.data.schemas.published", lambda _: 1 / 0)
    if switch == "environment":
        monkeypatch.setenv("STEPLADDER_DEBUG", "1")
    found = run(*["--debug"] * (switch == "option"), "schema", "plan")
    assert found.exit_code == 1
    assert "ZeroDivisionError" in written.getvalue()


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fail(monkeypatch, KeyboardInterrupt())
    assert (found.exit_code, found.stderr) == (130, "stopped\n")


def test_an_operating_system_error(monkeypatch: pytest.MonkeyPatch) -> None:
    found = fail(monkeypatch, PermissionError(13, "Permission denied", "secret.yaml"))
    assert (found.exit_code, found.stderr) == (1, "error: Permission denied: secret.yaml\n")


def test_messages_cannot_act_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    from stepladder.errors import UsageError

    found = fail(monkeypatch, UsageError("a\x1b[2Jb\u202ec"))
    assert (found.exit_code, found.stderr) == (2, "error: a [2Jbc\n")


def test_long_lists_of_problems_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    from stepladder.errors import InvalidInput, Issue, Location

    found = fail(monkeypatch, InvalidInput(Issue(Location("f", line), "SL000", "m") for line in range(1, 1001)))
    assert found.exit_code == 3
    assert found.stderr.splitlines()[199:] == ["f:200:1 SL000 m", "… and 800 more", "1,000 problems found"]
