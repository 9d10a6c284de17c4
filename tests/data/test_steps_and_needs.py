"""Which steps there are, what they need, and what is demanded of them; one system and several."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.question import Question
from stepladder.errors import InvalidInput
from stepladder.workflow.plan import plan as plan_command
from tests.support.asking import ask, step


def ids(asked: Question) -> list[str]:
    return [item.id for item in asked.problem.steps]


def needs(asked: Question, name: str) -> dict[str, int]:
    return {need.step: need.lag for need in step(asked, name).needs}


def test_steps_go_from_current_to_target_level_by_level(tmp_path: Path) -> None:
    asked = ask(
        tmp_path,
        current={"default": {"depth": 1}, "alarms": {"depth": 3}},
        target={"access": {"depth": 3, "reach": 2}, "alarms": {"depth": 3}},
    )
    assert ids(asked) == ["access.depth.2", "access.depth.3", "access.reach.2"]
    assert needs(asked, "access.depth.3") == {"access.depth.2": 1}
    assert step(asked, "access.reach.2").title == "Access to Special"


def test_the_more_specific_name_wins(tmp_path: Path) -> None:
    target = {"default": {"depth": 2}, "basics": {"depth": 1}, "assets": {"depth": 3}}
    assert ids(ask(tmp_path, target=target)) == ["assets.depth.2", "assets.depth.3", "alarms.depth.2"]


def test_a_profile_is_a_target_to_start_from(tmp_path: Path) -> None:
    assert ids(ask(tmp_path, profile="usual", target={"access": {"depth": 1}})) == ["assets.depth.2", "alarms.depth.2"]


def test_stored_targets_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text(
        "format: stepladder-profiles/1\nprofiles:\n  small: {title: Small, levels: {assets: {depth: 2}}}\n",
        encoding="utf-8",
    )
    assert ids(ask(tmp_path, profile="small", target=None, profiles_from=["ours.yaml"])) == ["assets.depth.2"]
    with pytest.raises(InvalidInput, match="SL211 no file 'theirs"):
        ask(tmp_path, profile="small", target=None, profiles_from=["theirs.yaml"])


def test_being_above_a_general_target_is_no_reason_to_go_back(tmp_path: Path) -> None:
    asked = ask(tmp_path, current={"default": {"depth": 1}, "access": {"depth": 3}})
    assert "access" not in "".join(ids(asked))


def test_what_a_step_needs_above_its_target_is_implied_and_said(tmp_path: Path) -> None:
    asked = ask(tmp_path, target={"alarms": {"depth": 2}})
    assert ids(asked) == ["assets.depth.2", "alarms.depth.2"]
    assert asked.context is not None
    assert asked.context.steps["assets.depth.2"].implied_by == "alarms.depth.2"
    assert "Assets to Good is above its target; it is implied by Alarms to Good." in asked.notes


def test_what_is_in_place_is_not_needed_again(tmp_path: Path) -> None:
    asked = ask(tmp_path, current={"default": {"depth": 1}, "assets": {"depth": 2}}, target={"alarms": {"depth": 2}})
    assert ids(asked) == ["alarms.depth.2"]
    assert needs(asked, "alarms.depth.2") == {}


def test_lags(tmp_path: Path) -> None:
    more = [{"step": "access.depth.2", "needs": "alarms.depth.2", "lag": 3, "why": "x", "source": "z"}]
    asked = ask(tmp_path, rules={"lag": 0}, prerequisites=more)
    assert needs(asked, "access.depth.2") == {"alarms.depth.2": 3}
    assert needs(asked, "alarms.depth.2") == {"assets.depth.2": 0}


def test_the_longest_lag_counts_where_a_need_is_stated_twice(tmp_path: Path) -> None:
    more = [
        {"step": "alarms.depth.2", "needs": "assets.depth.2", "lag": lag, "why": "x", "source": "z"} for lag in (2, 1)
    ]
    assert needs(ask(tmp_path, prerequisites=more), "alarms.depth.2") == {"assets.depth.2": 2}


def test_a_soft_need_is_advice(tmp_path: Path) -> None:
    asked = ask(tmp_path, target={"default": {"depth": 2}, "alarms": {"depth": 3}})
    assert needs(asked, "alarms.depth.3") == {"alarms.depth.2": 1}
    assert [(item.step, item.needs) for item in asked.soft] == [("alarms.depth.3", "access.depth.2")]


def test_a_waived_need_is_gone_and_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    waiver = {"step": "alarms.depth.2", "needs": "assets.depth.2", "reason": "x"}
    assert needs(ask(tmp_path, waived=[waiver]), "alarms.depth.2") == {}
    with pytest.raises(InvalidInput, match="SL204 there is no need of alarms"):
        ask(tmp_path, waived=[{**waiver, "needs": "access.depth.2"}])


def waivers(system: str) -> list[dict[str, str]]:
    pairs = (("alarms.depth.2", "assets.depth.2"), ("access.depth.2", "assets.depth.1"))
    return [{"step": system + name, "needs": needed, "reason": "x"} for name, needed in pairs]


def test_not_applicable_has_no_steps_and_waives_the_needs_of_it(tmp_path: Path) -> None:
    asked = ask(tmp_path, not_applicable={"assets": "None here."})
    assert ids(asked) == ["access.depth.2", "alarms.depth.2"]
    assert all(item.needs == () for item in asked.problem.steps)
    # access.depth.2 needs assets at its lowest level but one: that does not apply either.
    assert [note for note in asked.notes if "waived" in note] == [
        "assets is not applicable, so the need of access.depth.2 for assets.depth.1 is waived.",
        "assets is not applicable, so the need of alarms.depth.2 for assets.depth.2 is waived.",
    ]
    # To waive it by hand as well is no error, and says the reason.
    asked = ask(tmp_path, not_applicable={"assets": "None here."}, waived=waivers(""))
    assert [note for note in asked.notes if "waived" in note] == []


def prerequisite(step: str, needed: str, **more: Any) -> dict[str, Any]:
    return {"step": step, "needs": needed, "why": "x", "source": "z", **more}


def test_what_follows_from_other_needs_is_left_out_with_one_note(tmp_path: Path) -> None:
    # alarms.2 needs assets.2 (the catalogue), access.2 needs alarms.2: so access.2 needs assets.2 already.
    through = prerequisite("access.depth.2", "alarms.depth.2")
    more = prerequisite("access.depth.2", "assets.depth.2")
    asked = ask(tmp_path, prerequisites=[through, more])
    assert needs(asked, "access.depth.2") == {"alarms.depth.2": 1}
    assert [note for note in asked.notes if "follow" in note] == [
        "The need of access.depth.2 for assets.depth.2 follows from others, so it is left out."
    ]
    several = [*(through, more), prerequisite("access.reach.2", "assets.depth.2")]
    several.append(prerequisite("access.reach.2", "alarms.depth.2"))
    target = {"default": {"depth": 2}, "access": {"depth": 2, "reach": 2}}
    asked = ask(tmp_path, prerequisites=several, target=target)
    assert [note for note in asked.notes if "follow" in note] == [
        "2 needs follow from others, so they are left out; the first is that of access.depth.2 for assets.depth.2."
    ]


@pytest.mark.parametrize(("lag", "stays"), [(0, False), (2, False), (3, True)])
def test_what_asks_to_wait_longer_than_the_others_do_stays(tmp_path: Path, lag: int, stays: bool) -> None:
    # The way through alarms.2 asks to wait 1 + 1 periods.
    through = prerequisite("access.depth.2", "alarms.depth.2")
    asked = ask(tmp_path, prerequisites=[through, prerequisite("access.depth.2", "assets.depth.2", lag=lag)])
    assert needs(asked, "access.depth.2") == {"alarms.depth.2": 1, **({"assets.depth.2": lag} if stays else {})}
    assert any("follows" in note for note in asked.notes) != stays


def test_what_followed_through_a_step_that_is_in_place_stays(tmp_path: Path) -> None:
    through = prerequisite("access.depth.2", "alarms.depth.2")
    asked = ask(
        tmp_path,
        prerequisites=[through, prerequisite("access.depth.2", "assets.depth.2")],
        current={"default": {"depth": 1}, "alarms": {"depth": 2}},
    )
    assert needs(asked, "access.depth.2") == {"assets.depth.2": 1}


def test_at_least_one_of_several(tmp_path: Path) -> None:
    group = [{"step": "alarms.depth.2", "needs": ["access.depth.2", "assets.depth.2"]}]
    found = step(ask(tmp_path, needs_any=group), "alarms.depth.2").needs_any
    assert [[(need.step, need.lag) for need in members] for members in found] == [
        [("access.depth.2", 1), ("assets.depth.2", 1)]
    ]
    # One that is in place already satisfies the group.
    assert (
        step(
            ask(tmp_path, current={"default": {"depth": 1}, "access": {"depth": 2}}, needs_any=group), "alarms.depth.2"
        ).needs_any
        == ()
    )
    with pytest.raises(InvalidInput, match="SL305"):
        ask(tmp_path, needs_any=[{"step": "alarms.depth.2", "needs": ["access.depth.3"]}])


def test_not_both(tmp_path: Path) -> None:
    asked = ask(tmp_path, excludes=[{"steps": ["access.depth.2", "alarms.depth.2"]}])
    assert asked.problem.excludes == (("access.depth.2", "alarms.depth.2"),)
    asked = ask(tmp_path, excludes=[{"steps": ["access.depth.3", "alarms.depth.2"]}])
    assert asked.problem.excludes == ()
    assert any("has no effect" in note for note in asked.notes)


# --- demands


def test_a_milestone_makes_steps_required_by_the_last_period_that_ends_in_time(tmp_path: Path) -> None:
    law = {
        "title": "The law",
        "by": datetime.date(2027, 12, 11),
        "reach": {"alarms": {"depth": 2}},
        "reason": "It applies.",
    }
    asked = ask(tmp_path, milestones={"law": law})
    assert (step(asked, "alarms.depth.2").required, step(asked, "alarms.depth.2").latest_finish) == (True, 2)
    assert not step(asked, "access.depth.2").required
    assert asked.context is not None
    # What the milestone needs belongs to it, though it is not named there.
    assert asked.context.milestones[0].steps == ("assets.depth.2", "alarms.depth.2")


def test_the_whole_target_as_a_milestone_and_the_earlier_date_counts(tmp_path: Path) -> None:
    def reach(by: datetime.date, what: object) -> dict[str, Any]:
        return {"title": "x", "by": by, "reach": what, "reason": "x"}

    both = {
        "all": reach(datetime.date(2028, 12, 31), "target"),
        "one": reach(datetime.date(2027, 6, 30), {"assets": {"depth": 2}}),
    }
    asked = ask(tmp_path, milestones=both)
    assert {item.id: item.latest_finish for item in asked.problem.steps} == {
        "assets.depth.2": 1,
        "access.depth.2": 7,
        "alarms.depth.2": 7,
    }
    assert all(item.required for item in asked.problem.steps)


def test_a_milestone_that_is_met_is_mentioned(tmp_path: Path) -> None:
    law = {
        "title": "The law",
        "by": datetime.date(2027, 12, 11),
        "reach": {"alarms": {"depth": 1}},
        "reason": "It applies.",
    }
    assert "Milestone 'The law' is met already." in ask(tmp_path, milestones={"law": law}).notes


def test_worth(tmp_path: Path) -> None:
    found = step(ask(tmp_path, worth={"access.depth.2": {"once": 5, "per_year": -2}}), "access.depth.2")
    assert (found.value_once, found.value_per_year) == (5, -2)


@pytest.mark.parametrize(
    ("cap", "bounds"),
    [
        ({}, (0, 8)),
        ({"from": "2027-Q3"}, (2, 8)),
        ({"to": "2027-Q3"}, (0, 2)),
        ({"from": "2027-02-01", "to": "2028-11-30"}, (1, 6)),
        ({"from": "2028", "to": "2028"}, (4, 7)),
    ],
)
def test_appetite(tmp_path: Path, cap: dict[str, str], bounds: tuple[int, int]) -> None:
    found = ask(tmp_path, appetite={"cap": {"expected_loss_per_year": 9, **cap}}).problem.appetite[0]
    assert (found.from_, found.to) == bounds


def test_owners(tmp_path: Path) -> None:
    asked = ask(tmp_path, owners={"default": "Office", "basics": "Master", "access": "Porter"})
    assert asked.context is not None
    owners = {name: said.owner for name, said in asked.context.steps.items()}
    assert owners == {"assets.depth.2": "Master", "access.depth.2": "Porter", "alarms.depth.2": "Office"}


# --- several systems

TWO: dict[str, Any] = {
    "old": {"title": "Old mill"},
    "new": {"current": {"access": {"depth": 2}}, "threats": {"theft": {"expected_loss_per_year": 500}}},
}


def test_each_system_has_its_own_steps_and_threats(tmp_path: Path) -> None:
    asked = ask(tmp_path, systems=TWO)
    assert ids(asked) == [
        "old/assets.depth.2",
        "old/access.depth.2",
        "old/alarms.depth.2",
        "new/assets.depth.2",
        "new/alarms.depth.2",
    ]
    assert needs(asked, "new/alarms.depth.2") == {"new/assets.depth.2": 1}
    assert {item.id: item.expected_loss_per_year for item in asked.problem.threats} == {
        "old/theft": 10000,
        "new/theft": 500,
    }
    assert all(name.startswith("old/") for name in asked.problem.threats[0].factors)
    assert step(asked, "old/access.depth.2").title == "Old mill: Access to Good"


def test_a_shared_practice_exists_once_and_protects_all(tmp_path: Path) -> None:
    asked = ask(tmp_path, systems=TWO, shared=["alarms", "assets"])
    assert ids(asked) == ["alarms.depth.2", "assets.depth.2", "old/access.depth.2"]
    assert all("alarms.depth.2" in item.factors for item in asked.problem.threats)
    # What only one system needs of a shared practice is needed from it.
    assert needs(ask(tmp_path, systems=TWO, shared=["assets"]), "new/alarms.depth.2") == {"assets.depth.2": 1}


def test_a_shared_step_needs_what_every_system_must_have(tmp_path: Path) -> None:
    asked = ask(tmp_path, systems={"a": {}, "b": {}}, shared=["alarms"])
    assert needs(asked, "alarms.depth.2") == {"a/assets.depth.2": 1, "b/assets.depth.2": 1}


def test_a_group_can_be_shared_and_a_system_takes_a_threat_away(tmp_path: Path) -> None:
    asked = ask(tmp_path, systems={"a": {}, "b": {"threats": {"theft": None}}}, shared=["basics"])
    assert ids(asked) == ["assets.depth.2", "access.depth.2", "a/alarms.depth.2", "b/alarms.depth.2"]
    assert [item.id for item in asked.problem.threats] == ["a/theft"]


def test_one_system_by_name_is_the_same_question_as_none(tmp_path: Path) -> None:
    bare, named = plan_command(_written(tmp_path, systems=None)), plan_command(_written(tmp_path, systems={"a": {}}))
    assert {f"a/{name}": start for name, start in bare.starts.items()} == named.starts
    assert bare.objective == named.objective


def _written(folder: Path, **parts: Any) -> Path:
    ask(folder, **parts)
    return folder / "asked.yaml"


def test_a_pin_without_a_system_means_all_of_them(tmp_path: Path) -> None:
    asked = ask(
        tmp_path,
        systems=TWO,
        pins={"assets.depth.2": {"earliest": "2027-Q3"}, "new/alarms.depth.2": {"required": True}},
    )
    assert [step(asked, f"{name}/assets.depth.2").earliest for name in TWO] == [2, 2]
    assert (step(asked, "new/alarms.depth.2").required, step(asked, "old/alarms.depth.2").required) == (True, False)


def test_needs_waivers_groups_and_exclusions_of_one_system(tmp_path: Path) -> None:
    parts: dict[str, Any] = {
        "systems": {"a": {}, "b": {}},
        "prerequisites": [{"step": "a/access.depth.2", "needs": "b/access.depth.2", "why": "x", "source": "z"}],
        "waived": [{"step": "b/alarms.depth.2", "needs": "assets.depth.2", "reason": "x"}],
        "needs_any": [{"step": "a/alarms.depth.2", "needs": ["assets.depth.2", "b/assets.depth.2"]}],
        "excludes": [
            {"steps": ["a/assets.depth.2", "b/alarms.depth.2"]},
            {"steps": ["access.depth.2", "assets.depth.2"]},
        ],
    }
    asked = ask(tmp_path, **parts)
    assert needs(asked, "a/access.depth.2") == {"b/access.depth.2": 1}
    assert needs(asked, "a/alarms.depth.2") == {"a/assets.depth.2": 1}
    assert needs(asked, "b/alarms.depth.2") == {}
    assert [need.step for need in step(asked, "a/alarms.depth.2").needs_any[0]] == [
        "a/assets.depth.2",
        "b/assets.depth.2",
    ]
    assert set(asked.problem.excludes) == {
        ("a/assets.depth.2", "b/alarms.depth.2"),
        ("a/access.depth.2", "a/assets.depth.2"),
        ("b/access.depth.2", "b/assets.depth.2"),
    }


def test_a_need_that_is_out_in_one_system_is_waived_there_only(tmp_path: Path) -> None:
    systems = {"a": {}, "b": {"not_applicable": {"assets": "None here."}}}
    asked = ask(tmp_path, systems=systems)
    assert "assets is not applicable, so the need of b/alarms.depth.2 for assets.depth.2 is waived." in asked.notes
    assert needs(asked, "a/alarms.depth.2") == {"a/assets.depth.2": 1}
