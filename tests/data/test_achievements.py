"""Achievements as people write them: cumulative levels, scores, parts of a group; each answer is derived by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from stepladder.analysis.achieved import achieved, standings
from stepladder.analysis.check import problem_facts
from stepladder.data.formats.achieved import Achievement
from stepladder.data.formats.plan import Plan
from stepladder.data.load import load
from stepladder.data.question import Question
from stepladder.errors import Infeasible, InvalidInput
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from tests.support.asking import CATALOGUE, ask
from tests.support.commanding import run

#: What each coverage adds to a score.
COVERED = {1: 0.25, 2: 0.25, 3: 0.5}
#: An activity is done or not; a stream of a practice is covered in part. Each step takes one quarter and 1,000.
MODEL: dict[str, Any] = {
    "format": "stepladder-catalogue/1",
    "title": "Levels and scores",
    "scales": {
        "done": {
            "title": "Done",
            "levels": {0: {"title": "Open"}, 1: {"title": "Done"}},
            "costs": {1: {"once": 1000, "months": 3}},
        },
        "cover": {
            "title": "Coverage",
            "levels": {k: {"title": f"Coverage {k}"} for k in range(4)},
            "costs": {k: {"once": 1000, "months": 3} for k in (1, 2, 3)},
        },
    },
    "groups": {
        "assets": {
            "title": "Assets",
            "practices": {f"a{k}": {"title": f"Activity {k}", "scales": ["done"]} for k in range(1, 6)},
        },
        "strategy": {
            "title": "Strategy",
            "practices": {name: {"title": f"Stream {name}", "scales": ["cover"]} for name in ("s1", "s2")},
        },
    },
    "achievements": {
        # C2M2: a level has all practices of its own and of the levels below.
        "mil1": {"title": "MIL1", "ref": "ASSET-MIL1", "all": ["a1.done.1"]},
        "mil2": {"title": "MIL2", "ref": "ASSET-MIL2", "all": ["mil1", "a2.done.1", "a3.1"]},
        "mil3": {"title": "MIL3", "all": ["mil2", "a4.1"]},
        # SAMM: 0.25, 0.5 and 1 for the three coverages of each of two streams.
        "score_1_5": {
            "title": "Score of 1.5",
            "score": {
                "at_least": 1.5,
                "of": {
                    f"{name}.cover.{level}": part
                    for name in ("s1", "s2")
                    for level, part in enumerate((0.25, 0.25, 0.5), 1)
                },
            },
        },
        # "80 % of group 1": four of five activities.
        "most": {
            "title": "80 % of the assets",
            "score": {"at_least": 0.8, "of": {f"a{k}.1": 0.2 for k in range(1, 6)}},
        },
    },
}
BASE: dict[str, Any] = {
    "format": "stepladder-scenario/1",
    "catalogue": "model.yaml",
    "horizon": {"start": "2027-01-01", "periods": 4, "discount_rate": 0.0, "tail_years": 1},
    "budget": {"amount": 100000, "available": "at_once"},
    "objective": "worth",
}


def asking(folder: Path, model: dict[str, Any] | None = None, **parts: Any) -> Question:
    (folder / "model.yaml").write_text(yaml.safe_dump({**MODEL, **(model or {})}, sort_keys=False), encoding="utf-8")
    text = yaml.safe_dump({**BASE, **parts}, sort_keys=False).replace("'2027", "2027").replace("-01'", "-01")
    (folder / "asked.yaml").write_text(text.replace("-30'", "-30").replace("-31'", "-31"), encoding="utf-8")
    return load(folder / "asked.yaml")


def planned(asked: Question) -> Plan:
    return make_plan(asked.problem, optimise(asked.problem, Options(gap=0.0)), asked.context)


def of(asked: Question, name: str) -> Achievement:
    return next(item for item in asked.problem.achievements if item.id == name)


def test_cumulative_levels_open_their_steps_and_are_reached_with_the_last(tmp_path: Path) -> None:
    asked = asking(tmp_path, target={"mil2": "reached"}, importance={"mil2": "high"}, rules={"max_parallel": 1})
    assert [step.id for step in asked.problem.steps] == ["a1.done.1", "a2.done.1", "a3.done.1"]
    assert of(asked, "mil2").all == ("mil1", "a2.done.1", "a3.done.1")
    # MIL3 takes an activity that nobody asks for: it is out of reach here.
    assert {item.id: item.possible for item in standings(asked.problem, asked.context)}["mil3"] is False
    plan = planned(asked)
    # One activity a quarter: MIL2 holds from the third on, for 9 points a year: half a year, and one of the tail.
    assert achieved(plan)["mil2"] == 2
    assert plan.totals.points_present_value == pytest.approx(9 * 1.5)
    assert plan.objective.bound == pytest.approx(-9 * 1.5)


def test_what_is_in_place_today_counts(tmp_path: Path) -> None:
    asked = asking(tmp_path, current={"a1": 1, "a2": 1, "s1": 2}, target={"mil2": "reached", "score_1_5": "reached"})
    told = {item.id: item.today for item in standings(asked.problem, asked.context)}
    assert (told["mil1"], told["mil2"]) == (True, False)
    assert of(asked, "mil2").all == ("a3.done.1",)
    # 1.5 less 0.25 and 0.25 for the two coverages of the first stream.
    score = of(asked, "score_1_5").score
    assert score is not None
    assert score.at_least == 1.0
    assert score.of == {"s1.cover.3": 0.5, "s2.cover.1": 0.25, "s2.cover.2": 0.25, "s2.cover.3": 0.5}


def test_a_score_by_a_date_takes_the_least_that_reaches_it(tmp_path: Path) -> None:
    milestones = {"m": {"title": "Score", "by": "2027-09-30", "reach": {"score_1_5": "reached"}, "reason": "Asked."}}
    plan = planned(asking(tmp_path, milestones=milestones, objective="spend"))
    # 1 for one stream whole, in three quarters, and 0.25 + 0.25 of the other: five steps of 1,000.
    assert len(plan.starts) == 5
    assert plan.totals.spend == 5000
    assert achieved(plan) == {"score_1_5": 2}
    assert plan.milestones[0].achievements == ("score_1_5",)


def test_four_of_five_is_80_per_cent_exactly(tmp_path: Path) -> None:
    milestones = {"m": {"title": "Most", "by": "2027-12-31", "reach": {"most": "reached"}, "reason": "Asked."}}
    plan = planned(asking(tmp_path, milestones=milestones, objective="spend"))
    # 0.2 four times is 0.8, though floats say a little less.
    assert len(plan.starts) == 4


def test_a_milestone_of_all_asks_for_each_step(tmp_path: Path) -> None:
    milestones = {"m": {"title": "MIL2", "by": "2027-06-30", "reach": {"mil2": "reached"}, "reason": "Asked."}}
    asked = asking(tmp_path, milestones=milestones)
    assert {step.id: (step.required, step.latest_finish) for step in asked.problem.steps} == {
        f"a{k}.done.1": (True, 1) for k in (1, 2, 3)
    }
    assert of(asked, "mil2").by is None


def test_a_milestone_names_a_profile(tmp_path: Path) -> None:
    milestones = {"m": {"title": "Basic", "by": "2027-06-30", "reach": "basic", "reason": "Asked."}}
    profiles = {"basic": {"title": "Basic", "levels": {"a1": 1, "s1": 1}}}
    asked = asking(tmp_path, milestones=milestones, profiles=profiles, target={"default": {"done": 1, "cover": 2}})
    assert [step.id for step in asked.problem.steps if step.required] == ["a1.done.1", "s1.cover.1"]


def test_a_step_that_needs_a_level_waits_for_all_of_it(tmp_path: Path) -> None:
    needs = [{"step": "s1.cover.1", "needs": "mil2", "lag": 0, "why": "Known first.", "source": "own"}]
    asked = asking(tmp_path, prerequisites=needs, target={"s1": 1}, importance={"s1": "low"})
    step = next(step for step in asked.problem.steps if step.id == "s1.cover.1")
    assert [(need.step, need.lag) for need in step.needs] == [(f"a{k}.done.1", 0) for k in (1, 2, 3)]
    # Each of these is above its target, and implied.
    assert asked.context is not None
    assert asked.context.steps["a2.done.1"].implied_by == "s1.cover.1"
    assert planned(asked).starts["s1.cover.1"] == 0


@pytest.mark.parametrize(("lag", "first"), [(0, 1), (1, 2)])
def test_a_step_that_needs_a_score_waits_until_it_holds(tmp_path: Path, lag: int, first: int) -> None:
    model = {
        "achievements": {
            "half": {"title": "Half", "score": {"at_least": 0.5, "of": {"s2.cover.1": 0.25, "s2.cover.2": 0.25}}}
        }
    }
    needs = [{"step": "s1.cover.1", "needs": "half", "lag": lag, "why": "Known first.", "source": "own"}]
    asked = asking(tmp_path, model, prerequisites=needs, target={"s1": 1}, importance={"s1": "low"})
    step = next(step for step in asked.problem.steps if step.id == "s1.cover.1")
    assert [(need.achievement, need.lag) for need in step.needs_achievements] == [("half", lag)]
    # The second coverage is finished in the second quarter, period 1: with lag 0 the step starts in it.
    assert planned(asked).starts["s1.cover.1"] == first


def test_a_catalogue_says_what_needs_one_of_several_and_what_excludes(tmp_path: Path) -> None:
    model = {
        "needs_any": [{"step": "a4.1", "needs": ["a1.1", "mil2"]}, {"step": "a5.1", "needs": ["a1.1", "a2.1"]}],
        "excludes": [{"steps": ["a2.1", "a3.1"]}],
    }
    asked = asking(
        tmp_path, model, target={"assets": 1}, excludes=[{"steps": ["a1.1", "a4.1"]}], importance={"a4": "high"}
    )
    assert asked.problem.excludes == (("a2.done.1", "a3.done.1"), ("a1.done.1", "a4.done.1"))
    steps = asked.problem.steps_by_id()
    assert [[need.step for need in group] for group in steps["a5.done.1"].needs_any] == [["a1.done.1", "a2.done.1"]]
    (need,) = steps["a4.done.1"].needs_achievements
    assert of(asked, need.achievement).any == (("a1.done.1", "mil2"),)
    # The one excludes it and the other cannot be reached: it stays out.
    assert "a4.done.1" not in planned(asked).starts


def test_each_system_has_its_own_and_shared_steps_count_in_all(tmp_path: Path) -> None:
    said = {"both": {"title": "Both", "all": ["assets.depth.2", "access.depth.2"]}}
    asked = ask(tmp_path, systems={"a": {}, "b": {}}, shared=["assets"], achievements=said, importance={"both": "low"})
    assert {item.id: item.all for item in asked.problem.achievements} == {
        "a/both": ("assets.depth.2", "a/access.depth.2"),
        "b/both": ("assets.depth.2", "b/access.depth.2"),
    }
    assert [item.points_per_year for item in asked.problem.achievements] == [1.0, 1.0]


def test_the_scenario_is_laid_over_the_catalogue_by_id(tmp_path: Path) -> None:
    asked = asking(tmp_path, achievements={"mil2": {"title": "Ours", "all": ["a5.1"]}}, target={"mil3": "reached"})
    assert [step.id for step in asked.problem.steps] == ["a4.done.1", "a5.done.1"]


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"x": {"title": "X"}}, "SL104", "no condition"),
    ({"x": {"title": "X", "all": ["acess.depth.2"]}}, "SL201", "did you mean 'access'"),
    (
        {"x": {"title": "X", "all": ["othr"]}, "other": {"title": "O", "all": ["access.depth.2"]}},
        "SL204",
        "mean 'other'",
    ),
    ({"x": {"title": "X", "all": ["o"]}, "o": {"title": "O", "any": [["x", "access.depth.2"]]}}, "SL301", "takes"),
    ({"x": {"title": "X", "score": {"at_least": 2, "of": {"access.depth.2": 1.5}}}}, "SL310", "is never reached"),
    ({"x": {"title": "X", "score": {"at_least": 2, "of": {"access.depth.2": 0}}}}, "SL104", "must be more than 0"),
    ({"access": {"title": "X", "all": ["access.depth.2"]}}, "SL308", "already the id of something else"),
]


@pytest.mark.parametrize(("said", "code", "words"), WRONG)
@pytest.mark.parametrize("in_catalogue", [False, True])
def test_what_means_nothing_is_said_with_its_line(
    tmp_path: Path, said: dict[str, Any], code: str, words: str, in_catalogue: bool
) -> None:
    parts: dict[str, Any] = {} if in_catalogue else {"achievements": said}
    own = tmp_path / "own.yaml"
    extra = yaml.safe_dump({"achievements": said}) if in_catalogue else ""
    own.write_text(CATALOGUE.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        ask(tmp_path, catalogue="own.yaml", **parts)
    issues = [issue for issue in error.value.issues if issue.code == code and words in issue.message]
    assert issues, error.value.issues
    assert issues[0].location.line > 1


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"target": {"both": "reached"}}, "unknown achievement 'both'"),
        ({"achievements": {"both": {"title": "B", "all": ["access.depth.2"]}}, "target": {"both": 2}}, "has no levels"),
        (
            {"milestones": {"m": {"title": "M", "by": "2027-12-31", "reach": "usuel", "reason": "R"}}},
            "unknown profile 'usuel'; did you mean 'usual'",
        ),
        (
            {
                "achievements": {"both": {"title": "B", "all": ["access.depth.2"]}},
                "importance": {"both": {"depth": "high"}},
            },
            "has one tier",
        ),
    ],
)
def test_names_of_achievements_are_held_against_what_there_is(
    tmp_path: Path, parts: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput) as error:
        asking_small(tmp_path, parts)
    assert any(words in issue.message for issue in error.value.issues), error.value.issues


def asking_small(folder: Path, parts: dict[str, Any]) -> Question:
    said = {**yaml.safe_load(folder_text(folder)), **parts}
    text = yaml.safe_dump(said, sort_keys=False).replace("'2027-12-31'", "2027-12-31")
    (folder / "small.yaml").write_text(text.replace("'2027-01-01'", "2027-01-01"), encoding="utf-8")
    return load(folder / "small.yaml")


def folder_text(folder: Path) -> str:
    ask(folder)
    return (folder / "asked.yaml").read_text(encoding="utf-8")


def test_points_of_an_achievement_say_where_they_stand(tmp_path: Path) -> None:
    asked = asking(tmp_path, target={"mil2": "reached"}, importance={"mil2": "high"})
    assert asked.context is not None
    (k,) = [k for k, item in enumerate(asked.problem.achievements) if item.points_per_year]
    text = (tmp_path / "asked.yaml").read_text(encoding="utf-8").splitlines()
    origin = asked.context.origins[f"/achievements/{k}/points_per_year"]
    file, line, _ = origin.at.rsplit(":", 2)
    assert (file, text[int(line) - 1].strip()) == (str(tmp_path / "asked.yaml"), "mil2: high")
    assert verify(planned(asked)) == []
    # What the catalogue says is said to be the catalogue's.
    asked = asking(tmp_path, {"importance": {"mil2": "low"}}, target={"mil2": "reached"})
    assert asked.context is not None
    (origin,) = [one for pointer, one in asked.context.origins.items() if pointer.endswith("points_per_year")]
    assert origin.from_ == "catalogue"
    assert "model.yaml" in origin.at


def test_a_target_whose_score_nothing_reaches_is_said_to_be_none(tmp_path: Path) -> None:
    """Without the second stream the first one's three coverages come to 1, and 1.5 are wanted."""
    asked = asking(tmp_path, target={"score_1_5": "reached", "s1": 3}, not_applicable={"s2": "There is none"})
    (note,) = [note for note in asked.notes if "cannot be reached" in note]
    assert "with every step that applies its score is 1 here, and 1.5 are wanted" in note
    assert f"{tmp_path / 'asked.yaml'}:" in note
    milestones = {"m": {"title": "Score", "by": "2027-09-30", "reach": {"score_1_5": "reached"}, "reason": "Asked."}}
    with pytest.raises(InvalidInput, match=r"its score is 1 here, and 1\.5 are wanted"):
        asking(tmp_path, milestones=milestones, not_applicable={"s2": "There is none"})


def test_check_proves_without_a_search_that_a_score_comes_too_late(tmp_path: Path) -> None:
    """One coverage a quarter in each stream: after two quarters the score is 4 · 0.25 = 1, and 1.5 are wanted."""
    milestones = {"m": {"title": "Score", "by": "2027-06-30", "reach": {"score_1_5": "reached"}, "reason": "Asked."}}
    asked = asking(tmp_path, milestones=milestones)
    (item,) = problem_facts(asked.problem, asked.context, asked.demands).unreached
    assert (item.by, item.since, item.wanted, item.most) == (1, 2, 1.5, 1.0)
    assert item.at.startswith(f"{tmp_path / 'asked.yaml'}:")
    with pytest.raises(Infeasible):
        planned(asked)
    said = run("check", tmp_path / "asked.yaml").stdout
    assert "its score is at most 1 then, and 1.5 are wanted" in " ".join(said.split())
    later = {"m": {**milestones["m"], "by": "2027-09-30"}}
    asked = asking(tmp_path, milestones=later)
    assert problem_facts(asked.problem, asked.context, asked.demands).unreached == ()
    assert planned(asked).starts
