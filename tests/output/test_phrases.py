"""What analyses say in English, in the reader's language: every reason and every change between two plans."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stepladder.analysis.difference import Difference, difference
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.phrases import amount, both, joined, phrase, several
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.reasons import against
from stepladder.wording import language, numbers
from stepladder.wording.phrases import said
from tests.support import handmade
from tests.support.pseudo import bare, speak
from tests.support.shapes import crew, fleet, late, renewed


def test_a_phrase_is_a_string_to_programs() -> None:
    text = phrase("in {period}, {reason}", period="2027-Q1", reason=phrase("planned steps need it"))
    assert text == "in 2027-Q1, planned steps need it"
    assert json.dumps([text]) == '["in 2027-Q1, planned steps need it"]'
    sent = pickle.loads(pickle.dumps(text))
    assert (sent, sent.words, sent.values) == (text, text.words, text.values)
    assert said(text) == text
    assert phrase("{a}", a="{b}") == "{b}"
    assert joined(["a", "b", "c"]) == "a and b and c"


def test_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    cost = phrase("it would cost {amount} more (present value)", amount=amount(1234.5, "EUR"))
    with numbers.written_as("de"):
        assert said(phrase("in {period}, {reason}", period="2027-Q1", reason=both(cost, "their own"))) == (
            "in 2027-Q1: es würde 1.234\u00a0€ mehr kosten (Barwert) und their own"
        )
        assert said(several([phrase("no period"), "2027-Q1"], "; ")) == "keiner Periode; 2027-Q1"
        assert said("anything else") == "anything else"


def theirs(*plans: Plan) -> set[str]:
    """What people wrote."""
    found = {"[]", "{}", "Not", "EUR"}
    for plan in plans:
        problem = plan.problem
        found |= {part for step in problem.steps for part in (step.id, step.title)} | {
            *plan.teams,
            *plan.teams.values(),
        }
        found |= {part for threat in problem.threats for part in (threat.id, threat.name)}
        found |= {part for policy in problem.policies for part in (policy.id, policy.name)}
        found |= {team for step in problem.steps for team in step.effort} | {problem.title}
        found |= {milestone.title for milestone in plan.milestones} | {window.label for window in problem.windows}
        found |= {told.reason for told in plan.progress.values() if told.reason}
    return found - {""}


SHAPES: dict[str, Callable[[], Plan]] = {
    "handmade": handmade.bottling,
    "late": late,
    "crew": crew,
    "renewed": renewed,
    "fleet": lambda: fleet(3, 6),
}


@pytest.mark.parametrize("name", SHAPES)
def test_whatever_speaks_against_a_start_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = SHAPES[name]()
    draft = Draft(Tables(Ledger(plan.problem)), plan.decided)
    steps = [step.id for step in plan.problem.steps]
    reasons = {against(draft, step, start) for step in steps for start in (None, *range(plan.problem.horizon))}
    own = theirs(plan)
    speak(monkeypatch)
    with numbers.written_as("de"):
        assert {reason: words for reason in reasons if (words := bare(said(reason), own))} == {}


def others(plan: Plan) -> Iterator[Plan]:
    """Plans of other questions, each with some changes."""
    problem = plan.problem
    first, *rest = problem.steps
    threat = problem.threats[0]
    changes: list[dict[str, Any]] = [
        {"title": "Another", "currency": "CHF", "max_parallel": 1, "effect_lag": 2},
        {"tail": problem.tail.model_copy(update={"years": 7.0, "discount": 0.5})},
        {"excludes": ((first.id, rest[0].id),)},
        {"steps": (first.model_copy(update=_step(first)), *rest)},
        {"steps": (first, *rest[:-1]), "threats": (), "appetite": (), "excludes": ()},
        {"threats": (threat.model_copy(update={"expected_loss_per_year": 1.0, "factors": {}}), *problem.threats[1:])},
        {"threats": problem.threats[1:]},
        {"windows": tuple(window.model_copy(update={"limit": window.limit / 2}) for window in problem.windows)},
        {"appetite": ()},
        {"periods": tuple(one.model_copy(update={"discount": 0.5, "years": 0.3}) for one in problem.periods)},
    ]
    for change in changes:
        yield _of(plan, problem.model_copy(update=change))


def _step(step: Any) -> dict[str, Any]:
    return {
        "title": "Other",
        "once": 1.0,
        "per_year": 2.0,
        "duration": 2,
        "value_once": 3.0,
        "value_per_year": 4.0,
        "points_per_year": 5.0,
        "required": not step.required,
        "latest_finish": 3,
        "earliest": 1,
        "effort": {"security": 99.0},
        "effort_per_year": {"security": 9.0},
    }


def _of(plan: Plan, problem: Problem) -> Plan:
    ids = {step.id for step in problem.steps}
    starts = {name: start for name, start in plan.starts.items() if name in ids}
    left = {name: why for name, why in plan.not_planned.items() if name in ids}
    return plan.model_copy(update={"problem": problem, "starts": starts, "not_planned": left})


def every(found: Difference) -> Iterator[str]:
    yield from (moved.reason for moved in found.moved)
    yield from (change.reason for change in found.policies)
    for changed in found.question:
        yield changed.what
        yield from (value for value in (changed.before, changed.after) if isinstance(value, str))


def test_every_change_between_two_plans_is_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = handmade.bottling()
    found: list[tuple[str, set[str]]] = []
    for other in others(plan):
        for before, after in ((plan, other), (other, plan)):
            own = theirs(before, after)
            found += [(text, own) for text in every(difference(before, after))]
    own = theirs(plan, late())
    found += [(text, own) for text in every(difference(plan, late()))]
    assert len({text for text, _ in found}) > 40
    speak(monkeypatch)
    with numbers.written_as("de"):
        left = {text: words for text, mine in found if (words := bare(said(text), mine | {"CHF", "Another", "Other"}))}
    assert left == {}
