"""The work breakdown: dates, ids that stay, what waits for what."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.context import Milestone
from stepladder.data.formats.places import Year
from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.days import on_or_after, on_or_before, working_days
from stepladder.exchange.items import Breakdown
from stepladder.wording.text import clean
from stepladder.workflow.plan import answer
from tests.support import handmade
from tests.support.asking import ask
from tests.support.hostile import STRINGS
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import fleet, small


def by_step(plan: Breakdown) -> dict[str, object]:
    return {item.step: item for item in plan.items}


def test_the_handmade_plan() -> None:
    whole = breakdown(handmade.bottling())
    assert (whole.id, whole.title, whole.currency) == ("bottling_line", "Bottling line", "EUR")
    assert [item.step for item in whole.items] == [
        "access.depth.2",
        "assets.depth.2",
        "access.depth.3",
        "patching.depth.2",
    ]
    first = whole.items[0]
    # 1 January 2027 is a Friday; 31 March 2027 a Wednesday.
    assert (first.start, first.finish) == (datetime.date(2027, 1, 1), datetime.date(2027, 3, 31))
    assert first.owner == "Plant security"
    assert first.groups == ("Enablement",)
    assert "12 % off" in first.reason
    last = next(item for item in whole.items if item.step == "patching.depth.2")
    assert [(need.id, need.lag) for need in last.needs] == [("assets.depth.2", 1)]
    (milestone,) = whole.milestones
    assert (milestone.date, milestone.items) == (datetime.date(2027, 12, 11), ("access.depth.2", "access.depth.3"))
    assert milestone.id in first.milestones
    assert [left.step for left in whole.left] == ["vault.depth.4"]
    assert sum(held.used["money"] for held in whole.periods) == pytest.approx(whole.spend)
    assert [(held.id, reached) for held, reached in whole.parameters] == [("access.depth", 3)]
    assert whole.assumptions[0].subject == "Access Control to Ad hoc: investment"
    assert whole.assumptions[0].illustrative


def test_the_same_plan_gives_the_same_breakdown() -> None:
    assert breakdown(handmade.bottling()) == breakdown(handmade.bottling())


def test_working_days() -> None:
    day = datetime.date
    saturday, sunday, monday, friday = day(2028, 1, 1), day(2028, 1, 2), day(2028, 1, 3), day(2027, 12, 31)
    assert on_or_after(saturday) == on_or_after(sunday) == on_or_after(monday) == monday
    assert on_or_before(saturday) == on_or_before(sunday) == on_or_before(friday) == friday
    start = day(2027, 1, 1)
    for length in range(40):
        for first in range(8):
            a, b = start + datetime.timedelta(first), start + datetime.timedelta(first + length)
            counted = sum((a + datetime.timedelta(k)).weekday() < 5 for k in range(length + 1))
            assert working_days(a, b) == counted
    assert working_days(day(2027, 1, 5), day(2027, 1, 4)) == 0
    # From the 4th back to the 8th: the 5th, 6th and 7th lie between.
    assert working_days(day(2027, 1, 8), day(2027, 1, 4)) == -3


def test_marks_differ_and_stay() -> None:
    whole = breakdown(fleet(50, 20))
    marks = {item.mark for item in whole.items}
    assert len(marks) == 1000
    fewer = breakdown(fleet(20, 20))
    assert {item.id: item.mark for item in fewer.items}.items() <= {item.id: item.mark for item in whole.items}.items()


def planned(folder: Path, **parts: Any) -> Plan:
    return answer(ask(folder, **parts))


@pytest.mark.parametrize("named", [True, False])
def test_a_scenario_that_grows_from_one_system_to_two_keeps_its_ids(tmp_path: Path, named: bool) -> None:
    one = planned(tmp_path) if named else planned(tmp_path, systems={"north": {"title": "North"}})
    two = planned(
        tmp_path, systems={"north": {"title": "North"}, "south": {"title": "South"}}, budget={"amount": 80000}
    )
    before, after = breakdown(one, "north" if named else ""), breakdown(two)
    assert before.items
    kept = {item.id: item.mark for item in before.items}
    assert kept.items() <= {item.id: item.mark for item in after.items}.items()
    assert {item.id.rpartition("/")[0] for item in after.items} == {"asked/north", "asked/south"}


def test_two_plans_of_the_same_steps_share_no_mark_and_no_id(tmp_path: Path) -> None:
    one = planned(tmp_path)
    other = one.model_copy(update={"id": "other"})
    ours, theirs = breakdown(one), breakdown(other)
    for kind in ("phases", "milestones", "items"):
        mine, yours = getattr(ours, kind), getattr(theirs, kind)
        assert len(mine) == len(yours)
        assert not {held.id for held in mine} & {held.id for held in yours}
        assert not {held.mark for held in mine} & {held.mark for held in yours}
    # A plan of before has no id, and its items keep theirs.
    assert {item.id for item in breakdown(one.model_copy(update={"id": None})).items} == {
        item.id.removeprefix("asked/") for item in ours.items
    }


def test_what_has_no_dates_has_no_breakdown() -> None:
    undated = handmade.plan(
        handmade.problem(periods=[{"label": "A", "years": 1, "discount": 1}], windows=[], appetite=[]), {}
    )
    with pytest.raises(UsageError, match="has no dates"):
        breakdown(undated)
    with pytest.raises(UsageError, match="several of its own"):
        breakdown(fleet(2, 2), "north")


MILESTONES: dict[str, dict[str, object]] = {
    "a": {"title": "監査", "by": "2027-12-31", "reach": {"access": {"depth": 2}}, "reason": "first"},
    "b": {"title": "保険更新", "by": "2028-06-30", "reach": {"alarms": {"depth": 2}}, "reason": "second"},
}


def dated(milestones: dict[str, dict[str, object]]) -> dict[str, object]:
    return {name: {**said, "by": datetime.date.fromisoformat(str(said["by"]))} for name, said in milestones.items()}


def test_a_milestone_s_id_follows_from_its_key_and_from_nothing_else(tmp_path: Path) -> None:
    free = {"amount": 900000}
    before = breakdown(planned(tmp_path, milestones=dated(MILESTONES), budget=free))
    assert sorted(held.id for held in before.milestones) == ["asked/milestone/a", "asked/milestone/b"]
    # One more, earlier than both, and one that is renamed: the others are the same ones as before.
    further: dict[str, dict[str, object]] = {
        "c": {"title": "認証", "by": "2027-09-30", "reach": {"access": {"depth": 2}}, "reason": "third"}
    }
    renamed = {"b": {**MILESTONES["b"], "title": "Insurance renewed"}}
    after = breakdown(planned(tmp_path, milestones=dated(MILESTONES | renamed | further), budget=free))
    known = {held.id: held.mark for held in before.milestones}
    assert known.items() <= {held.id: held.mark for held in after.milestones}.items()
    assert next(held.title for held in after.milestones if held.id == "asked/milestone/b") == "Insurance renewed"


def test_without_keys_titles_in_any_script_and_of_any_length_tell_milestones_apart() -> None:
    titles = ["監査", "保険更新", "認証", "x" * 90 + "1", "x" * 90 + "2", "Audit!", "Audit?", "Audit"]
    plan = handmade.bottling()
    context = plan.context
    assert context is not None
    first = context.milestones[0]
    several = tuple(first.model_copy(update={"title": title, "key": ""}) for title in titles)

    def ids(milestones: tuple[Milestone, ...]) -> dict[str, str]:
        asked = plan.model_copy(update={"context": context.model_copy(update={"milestones": milestones})})
        return {held.title: held.id for held in breakdown(asked).milestones}

    there = ids(several)
    assert len(set(there.values())) == len(titles)
    assert ids(several[::-1]) == there
    assert ids(several[:3]).items() <= there.items()


def test_phases_are_told_apart_in_any_script() -> None:
    plan = handmade.bottling()
    assert plan.context is not None
    years = tuple(
        Year.model_validate({"label": label, "from": k, "to": k})
        for k, label in enumerate(["二〇二七", "二〇二八", "2029", "2029!"])
    )
    asked = plan.model_copy(update={"context": plan.context.model_copy(update={"years": years})})
    phases = breakdown(asked).phases
    assert len({phase.id for phase in phases}) == len({phase.mark for phase in phases}) == len(phases)


@pytest.mark.parametrize("count", [0, 1])
def test_small_plans(count: int) -> None:
    whole = breakdown(small(count))
    assert len(whole.items) == count
    # Without fiscal years the periods are the phases.
    assert [phase.title for phase in whole.phases] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]


def test_hostile_titles_are_one_clean_line() -> None:
    whole = breakdown(hostile_plan())
    assert len(whole.items) == len(STRINGS) >= 40
    for item in whole.items:
        assert clean(item.title) == item.title
        assert not set(item.title) & set("\u202e\u202d\u200b\ufeff\x1b\x07\n\t")
        assert "\n" not in item.reason
