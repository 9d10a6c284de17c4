"""Why steps are left out, in the reader's language: from what the plan knows, and never other than it has it."""

from __future__ import annotations

import pytest

from stepladder.data import unplanned
from stepladder.data.formats.plan import NotPlanned, Plan
from stepladder.data.formats.problem import Need, Objective
from stepladder.data.objective import OBJECTIVES
from stepladder.data.rules import RULES
from stepladder.data.unplanned import Said
from stepladder.wording import language, numbers
from stepladder.wording.left_out import left_out
from tests.support import handmade
from tests.support.pseudo import bare, speak
from tests.support.shapes import late

#: The step of the bottling line that is not planned.
STEP = "vault.depth.4"


def bottling(reason: NotPlanned | None = None) -> Plan:
    plan = handmade.bottling()
    assert list(plan.not_planned) == [STEP]
    return plan if reason is None else plan.model_copy(update={"not_planned": {STEP: reason}})


def sentences() -> list[tuple[Objective, Said]]:
    """Everything that a plan can say of a step, of each kind at least once."""
    every: list[tuple[Objective, Said]] = []
    for objective in (known.name for known in OBJECTIVES.values()):
        every.append((objective, unplanned.never_pays(objective)))
        for first, second in ((-5000.0, 0.0), (-1e-4, 0.0), (1234.5, 0.0), (0.0, 99.9), (0.0, -12.0)):
            every.append((objective, unplanned.possible(objective, first, second, 1e6)))
    broken = [{rule.name: 1} for rule in RULES] + [{rule.name: k for k, rule in enumerate(RULES)}, {}]
    return every + [("risk", unplanned.blocked(rules)) for rules in broken]


EVERY = sentences()


def test_all_that_can_be_said_is_tried() -> None:
    told = {said.words for _, said in EVERY}
    assert set(unplanned.AMOUNTS) <= told
    assert all(any(rule.short in words for words in told) for rule in RULES)


@pytest.mark.parametrize("number", range(len(EVERY)))
def test_every_reason_is_said_in_the_readers_language(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    objective, said = EVERY[number]
    reason = said.told("EUR")
    plan = bottling(reason)
    plan = plan.model_copy(update={"problem": plan.problem.model_copy(update={"objective": objective})})
    assert left_out(plan, STEP) == reason.detail
    with numbers.written_as("en_GB"):
        assert left_out(plan, STEP) == reason.detail
    speak(monkeypatch)
    with numbers.written_as("de"):
        shown = left_out(plan, STEP)
        assert bare(shown) == []
        if "{}" in said.words:
            # A plan has cents.
            assert numbers.money(round(said.amount, 2), "points" if said.points else "EUR") in shown


@pytest.mark.parametrize("count", [1, 2, 9, 1200])
def test_what_it_waits_for_is_named(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A title is the user's own, and may look like a pattern."""
    plan = bottling()
    first = plan.problem.steps[0]
    others = [first.model_copy(update={"id": f"a.b.{k}", "title": f"Step {{{k}}}", "needs": ()}) for k in range(count)]
    needs = tuple(Need(step=other.id, lag=1) for other in others)
    [step] = [step for step in plan.problem.steps if step.id == STEP]
    step = step.model_copy(update={"needs": needs})
    problem = plan.problem.model_copy(update={"steps": (*others, step)})
    reason = unplanned.waiting(others).told("EUR")
    plan = plan.model_copy(update={"problem": problem, "starts": {}, "not_planned": {STEP: reason}})
    assert left_out(plan, STEP) == reason.detail
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    with numbers.written_as("de"):
        named = [f"Step {{{k}}}" for k in range(min(count, unplanned.LISTED))]
        more = {9: ["1 weitere"], 1200: ["1.192 weitere"]}.get(count, [])
        together = " und ".join(filter(None, (", ".join([*named, *more][:-1]), [*named, *more][-1])))
        which = "was nicht in diesem Plan ist" if count == 1 else "die nicht in diesem Plan sind"
        assert left_out(plan, STEP) == f"setzt {together} voraus, {which}"
    speak(monkeypatch)
    with numbers.written_as("de"):
        assert bare(left_out(plan, STEP), ["Step"]) == []


def test_what_another_program_wrote_is_shown_as_it_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words that follow from no record, and an amount that is not written as amounts are."""
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    for detail in ("no budget this year", "would cost 1e3 EUR more than it saves (present value)", "at every: x, or y"):
        plan = bottling(NotPlanned(reason="worsens_objective", detail=detail))
        with numbers.written_as("de"):
            assert left_out(plan, STEP) == detail


def test_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    said = unplanned.blocked({"money": 2, "needs": 1}).told("EUR")
    with numbers.written_as("de"):
        assert left_out(bottling(said), STEP) == (
            "bei jedem möglichen Beginn: vom Budget ist zu wenig übrig, oder was er voraussetzt, ist nicht rechtzeitig"
            " abgeschlossen"
        )
        more = unplanned.possible("net", 12345.0, 0.0, 1e6).told("EUR")
        assert left_out(bottling(more), STEP) == "würde 12.345\u00a0€ mehr kosten, als er spart (Barwert)"
        assert [left_out(late(), name) for name in late().not_planned] == ["er wurde abgesagt: too dear"]
