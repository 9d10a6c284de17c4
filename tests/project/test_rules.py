"""Every rule of planning brings all that a rule must: what is forgotten of a new one is a failing test here."""

from __future__ import annotations

import inspect
import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from stepladder.data.classes import FIELDS
from stepladder.data.demand import LIMITS, DemandKind, demands_of, without
from stepladder.data.formats.base import Record
from stepladder.data.formats.problem import Problem
from stepladder.data.load import load
from stepladder.data.rules import BY_NAME, NO_RULE, RULES, Rule
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.optimise.formulation import program
from stepladder.optimise.formulation import rules as chapters
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.heuristics.greedy import obeys
from stepladder.solution import verify
from tests.support.brute import Brute, Tried
from tests.support.insured import insured
from tests.support.insured_tail import insured_tail
from tests.support.large_losses import MEASURES, with_exceedance
from tests.support.problems import going_on, with_achievements
from tests.support.problems import problem as made

SCENARIOS = Path(__file__).parents[2] / "scenarios"
GOLDEN = Path(__file__).parents[1] / "optimise" / "golden"
every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
#: What the brute force calls differently.
BRUTE = {"start": "pinned_start", "team": "teams", "appetite_threat": "appetite"}
#: So many random plans of each random problem are looked at, and each rule is broken in so many of them.
PLANS, SEEDS, LEAST = 40, 70, 10
#: And of so many with insurance, in which there are more plans to try.
INSURED = 12


def tried(first: str = "") -> Iterator[tuple[Problem, Tried]]:
    """Random plans within the horizon, some that keep every rule among them; those in which a rule matters first."""
    families = [(made, range(SEEDS)), (with_achievements, range(SEEDS)), (with_exceedance, range(SEEDS))]
    families += [(going_on, range(0, SEEDS, 2)), (insured, range(INSURED)), (insured_tail, range(2 * INSURED))]
    families.sort(key=lambda family: first in MEASURES and family[0] is not with_exceedance)
    for said in (family(seed) for family, seeds in families for seed in seeds):
        problem = Problem.model_validate_json(json.dumps(said))
        plans = [*Brute(said).plans()]
        yield from ((problem, plan) for plan in random.Random(said["title"]).sample(plans, min(PLANS, len(plans))))


def broken_in(problem: Problem, plan: Tried) -> set[str]:
    """What the brute force finds broken, in the verifier's words: a pinned step that is not planned is missing."""
    found = {BRUTE.get(name, name) for name in plan.broken}
    if "start" in plan.broken:
        pinned = {step.id for step in problem.steps if step.start is not None}
        found |= {"required"} if pinned - set(plan.starts) else set()
        at = {step.id: step.start for step in problem.steps}
        found -= set() if any(plan.starts[name] != at[name] for name in pinned & set(plan.starts)) else {"pinned_start"}
    return found


def test_no_field_is_without_a_rule_and_every_one_is_classed() -> None:
    read = {field for rule in RULES for field in rule.fields}
    assert read | NO_RULE == set(FIELDS), "name a new field in a rule, or among those that no rule reads"
    assert not {"Step.needs", "Step.needs_any"} & NO_RULE
    # What somebody demands, no rule leaves out.
    assert {field for field, row in FIELDS.items() if row.without == "demand"} <= read


@every_rule
def test_it_is_written_as_rows_with_a_formula_and_a_golden_text(rule: Rule) -> None:
    assert rule.rows
    table_of_contents = inspect.getsource(program.build)
    for name in rule.rows:
        assert any(sign in (getattr(chapters, name).__doc__ or "") for sign in "=≤≥∈Σ"), f"{name}: no formula"
        assert (GOLDEN / f"{name}.lp").exists(), f"{name}: no golden text"
        assert f"rules.{name}(" in table_of_contents, f"{name} is in no program"


def test_no_row_of_a_plan_is_without_a_rule() -> None:
    # What is no rule of a problem: what remains of losses, and how near a published plan the new one is to stay.
    others = {"loss_variables", "state_variables", "states", "tangents", "few_moves"}
    source = inspect.getsource(program.build)
    named = {name for name, _ in inspect.getmembers(chapters, inspect.isfunction) if f"rules.{name}(" in source}
    assert named - others == {name for rule in RULES for name in rule.rows}


@every_rule
def test_it_has_words_for_the_verifier_and_for_what_is_left_out(rule: Rule) -> None:
    assert verify.RULES[rule.name] == rule.says
    assert rule.short
    assert rule.demand == "fact" or rule.demand in get_args(DemandKind)


def test_verifier_evaluation_drafts_and_brute_force_know_each_rule_and_agree() -> None:
    broken: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for problem, plan in tried():
        wanted = broken_in(problem, plan)
        assert {fault.rule for fault in verify.broken_rules(problem, plan.starts)} == wanted
        assert obeys(lay(Ledger(problem)), plan.starts) != bool(wanted)
        broken.update(wanted)
        if not wanted:
            alone.update(_changed(problem, plan.starts))
    # The brute force tries what lies within the horizon only; what does not is planted elsewhere.
    names = [rule.name for rule in RULES if rule.name != "horizon"]
    assert {name: broken[name] for name in names if broken[name] < LEAST} == {}
    assert {name: alone[name] for name in names if not alone[name]} == {}


def _changed(problem: Problem, starts: dict[str, int]) -> Iterator[str]:
    """What single changes of a plan break, as a draft has it, where the verifier says the same."""
    tables, rng = Tables(Ledger(problem)), random.Random(len(starts))
    for step in tables.steps:
        # A policy can begin with its year only.
        possible = range(problem.horizon - step.duration + 1) if step.is_work else [step.earliest]
        start = rng.choice([None, *possible])
        other = {name: at for name, at in starts.items() if name != step.id}
        rules = set(Draft(tables, starts).broken(tables.number[step.id], start))
        trial = other if start is None else {**other, step.id: start}
        assert rules == {fault.rule for fault in verify.broken_rules(problem, trial)}
        yield from rules


@every_rule
def test_whoever_gives_it_up_need_not_keep_it(rule: Rule) -> None:
    if rule.demand == "fact":
        pytest.skip("how things are, nobody can give up")
    seen = 0
    for problem, plan in tried(rule.name):
        if rule.name not in broken_in(problem, plan):
            continue
        demands = demands_of(problem)
        mine = [demand for demand in demands if demand.kind == rule.demand]
        assert mine, f"no demand for {rule.name}"
        left = without(problem, demands, mine)
        known = {name: start for name, start in plan.starts.items() if name in {step.id for step in left.steps}}
        assert rule.name not in {fault.rule for fault in verify.broken_rules(left, known)}
        seen += 1
        if seen >= LEAST:
            break
    assert seen >= LEAST


def test_what_is_shared_is_a_limit() -> None:
    assert {rule.demand for rule in RULES if set(rule.rows) & {"windows", "max_parallel"}} == set(LIMITS)


def test_the_list_names_each_once() -> None:
    names: Any = [rule.name for rule in RULES]
    assert len(names) == len(set(names)) == len(BY_NAME)


def records(problem: Problem) -> Iterator[Record]:
    """A problem and all records in it."""
    waiting: list[Any] = [problem]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Record):
            yield value
            waiting += [getattr(value, name) for name in type(value).model_fields]
        elif isinstance(value, (tuple, dict)):
            waiting += value.values() if isinstance(value, dict) else value


def asked_for() -> Iterator[Problem]:
    """What the shipped scenarios and the one of the tests with every key come to; and that one with what it leaves as
    it is.
    """
    full = Path(__file__).parents[1] / "data" / "full.yaml"
    yield load(full, None, ["rules.lag=2", "excludes=[{steps: [old/access.depth.3, new/access.depth.3]}]"]).problem
    for path in (full, *sorted(SCENARIOS.glob("*.yaml"))):
        for name in (None, *load(path).scenarios):
            yield load(path, name).problem


def test_what_a_rule_reads_can_be_said_in_a_scenario() -> None:
    """A key of a scenario that never reaches the problem would be a limit that nobody keeps."""
    said = {
        f"{type(record).__name__}.{name}"
        for problem in asked_for()
        for record in records(problem)
        for name, field in type(record).model_fields.items()
        if field.is_required() or getattr(record, name) != field.get_default(call_default_factory=True)
    }
    # What is in force already is what has happened, and nobody's demand.
    happened = {"PolicyYear.decided", "PolicyYear.policy"}
    assert {field for rule in RULES for field in rule.fields} - said == happened
