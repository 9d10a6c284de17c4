"""OSCAL documents, one or several at once: catalogues, profiles, assessment results, plans of action."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.imported import planned, read, real, refused, write

Json = dict[str, Any]


def control(name: str, title: str = "", *below: Json, label: str = "", status: str = "", **more: Any) -> Json:
    props = [{"name": "label", "value": label or name.upper()}]
    props += [{"name": "label", "value": f"0{name}", "class": "zero-padded"}] if label else []
    props += [{"name": "status", "value": status}] if status else []
    prose = {"id": f"{name}_smt", "name": "statement", "prose": f"Do {{{{ insert: param, p }}}} for {name}."}
    return {"id": name, "title": title or name, "props": props[::-1], "parts": [prose], "controls": list(below), **more}


CATALOG: Json = {
    "catalog": {
        "uuid": "1",
        "metadata": {"title": "Doors and windows", "version": "3"},
        "groups": [
            {
                "id": "do",
                "title": "Doors",
                "controls": [
                    control("do-1", "Front door", control("do-1.1", "Lock", label="DO-1(1)"), label="DO-1"),
                    control("do-2", "Back door", status="withdrawn"),
                    control("do-3", "Cellar door"),
                ],
            },
            {
                "id": "wi",
                "title": "Windows",
                "controls": [{**control("wi.a", "Glass", control("wi.a-01")), "class": "category"}],
            },
        ],
    }
}
PROFILE: Json = {
    "profile": {
        "uuid": "2",
        "metadata": {"title": "The low one"},
        "imports": [{"href": "#3", "include-controls": [{"with-ids": ["do-1.1", "wi.a-01"]}]}],
        "modify": {},
        "back-matter": {
            "resources": [{"uuid": "3", "rlinks": [{"href": "x/catalog.xml"}, {"href": "x/catalog.json"}]}]
        },
    }
}


def finding(target: str, state: str) -> Json:
    return {
        "title": f"On {target}",
        "target": {"type": "objective-id", "target-id": target, "status": {"state": state}},
    }


RESULTS: Json = {
    "assessment-results": {
        "uuid": "4",
        "metadata": {"title": "June"},
        "results": [
            {
                "start": "2026-06-01",
                "findings": [finding("do-1_obj", "satisfied"), finding("do-1.1_smt.a", "satisfied")],
            },
            {"start": "2025-06-01", "findings": [finding("do-1_obj", "not-satisfied")]},
            {
                "start": "2026-07-01",
                "findings": [finding("wi.a-01_obj-1", "satisfied"), finding("wi.a-01_obj-2", "not-satisfied")],
            },
        ],
    }
}


def risk(name: str, deadline: str, impact: str, status: str = "open") -> Json:
    facets = [{"name": "likelihood", "value": "low"}, {"name": "impact", "value": impact}]
    return {
        "uuid": name,
        "status": status,
        "deadline": deadline,
        "characterizations": [{"facets": facets}],
        "related-observations": [{"observation-uuid": f"o-{name}"}],
    }


POAM: Json = {
    "plan-of-action-and-milestones": {
        "uuid": "5",
        "metadata": {"title": "To mend"},
        "risks": [
            risk("a", "2027-12-31T05:00:00-04:00", "high"),
            risk("b", "2026-01-31T05:00:00Z", "moderate"),
            risk("c", "2028-01-01T00:00:00Z", "low", "closed"),
        ],
        "poam-items": [
            {"uuid": "i1", "title": "Mend the lock", "description": "Oil.", "related-risks": [{"risk-uuid": "a"}]},
            {"uuid": "i2", "title": "Mend the glass", "related-observations": [{"observation-uuid": "o-b"}]},
            {"uuid": "i3", "title": "Mend the bell", "related-risks": [{"risk-uuid": "c"}]},
            {"uuid": "i4", "title": "Mend the roof", "related-risks": [{"risk-uuid": "lost"}]},
        ],
    }
}


def files(*documents: Json) -> dict[str, str]:
    return {f"{k}{next(iter(one))}.json": json.dumps(one, indent=1) for k, one in enumerate(documents)}


def test_a_catalogue_becomes_a_model(tmp_path: Path) -> None:
    done = read(tmp_path, files(CATALOG))
    assert {name: (one["ref"], one["title"]) for name, one in done.practices.items()} == {
        "do_1": ("DO-1", "Front door"),
        "do_1_1": ("DO-1(1)", "Lock"),
        "do_3": ("DO-3", "Cellar door"),
        "wi_a_01": ("WI.A-01", "Do … for wi.a-01."),
    }
    assert done.practices["do_1"]["description"] == "Do … for do-1."
    assert (done.model["title"], done.model["version"]) == ("Doors and windows", "3")
    assert done.model["groups"]["do"]["ref"] == "do"
    assert done.says("left: withdrawn controls: 1")
    assert done.says("1 control with others below: headings")
    assert done.says("nothing is met yet: all 4 controls not satisfied")


def test_a_profile_selects(tmp_path: Path) -> None:
    for given in ((CATALOG, PROFILE), (PROFILE, CATALOG)):
        done = read(tmp_path, files(*given))
        assert list(done.practices) == ["do_1_1", "wi_a_01"]
        assert done.scenario["title"] == "The low one"
        assert done.says("left: what the profile modifies")


def changed(**select: Any) -> Json:
    imports = [{"href": "#3", **{key.replace("_", "-"): value for key, value in select.items()}}]
    return {"profile": {**PROFILE["profile"], "imports": imports}}


@pytest.mark.parametrize(
    ("select", "names"),
    [
        ({"include_all": {}}, ["do_1", "do_1_1", "do_3", "wi_a_01"]),
        ({"include_all": {}, "exclude_controls": [{"with-ids": ["do-3", "wi.a"]}]}, ["do_1", "do_1_1", "wi_a_01"]),
        ({"include_controls": [{"with-child-controls": "yes", "with-ids": ["do-1"]}]}, ["do_1", "do_1_1"]),
        ({"include_controls": [{"matching": [{"pattern": "do-?"}]}]}, ["do_1", "do_3"]),
    ],
)
def test_all_ways_to_select(select: Json, names: list[str], tmp_path: Path) -> None:
    assert sorted(read(tmp_path, files(CATALOG, changed(**select))).practices) == names
    (issue,) = refused(tmp_path, files(changed(**select)))
    assert "give its catalogue in the same command: x/catalog.json" in issue


def test_a_profile_alone_has_codes_only(tmp_path: Path) -> None:
    done = read(tmp_path, files(PROFILE))
    assert [one["ref"] for one in done.practices.values()] == ["DO-1(1)", "WI.A-01"]
    assert done.says("codes only: titles are in the catalogue")


def test_results_say_what_is_satisfied(tmp_path: Path) -> None:
    done = read(tmp_path, files(RESULTS, CATALOG))
    # Of do-1 the newer result counts; of wi.a-01 one of two findings is not satisfied.
    current = {name: level["state"] for name, level in done.scenario["current"].items()}
    assert current == {"do_1": 1, "do_1_1": 1, "do_3": 0, "wi_a_01": 0}
    assert done.says("1 control without a finding: not satisfied")
    alone = read(tmp_path, files(RESULTS))
    assert [one["ref"] for one in alone.practices.values()] == ["DO-1", "DO-1(1)", "WI.A-01"]
    assert alone.says("only controls with a finding are here")
    narrow = read(tmp_path, files(RESULTS, CATALOG, PROFILE))
    assert {name: level["state"] for name, level in narrow.scenario["current"].items()} == {"do_1_1": 1, "wi_a_01": 0}
    assert narrow.says("left: the finding on do-1: the profile does not select it")


def test_a_plan_of_action_becomes_steps(tmp_path: Path) -> None:
    done = read(tmp_path, files(POAM))
    assert done.scenario["current"] == {
        "mend_the_lock": {"done": 0},
        "mend_the_glass": {"done": 0},
        "mend_the_bell": {"done": 1},
        "mend_the_roof": {"done": 0},
    }
    assert done.scenario["pins"] == {
        "mend_the_lock.done.1": {"finish_by": "2027-12-31", "reason": "The deadline of its risk."}
    }
    assert done.model["importance"] == {
        "default": "medium",
        "mend_the_lock": "high",
        "mend_the_glass": "medium",
        "mend_the_bell": "low",
    }
    assert done.says("the deadline of Mend the glass, 2026-01-31: it is before the plan begins")
    assert done.says("the risk lost of Mend the roof: it is not in the file; no risk is known")


def test_plans_from_the_files_alone(tmp_path: Path) -> None:
    for k, (given, words) in enumerate(
        (((CATALOG, RESULTS), "DO-3 Cellar door: level 0 → 1 of 1 (Satisfied)"), ((POAM,), "Mend the lock to Done"))
    ):
        folder = tmp_path / str(k)
        folder.mkdir()
        assert words in planned(folder, write(folder, files(*given)))


#: A document, a part of it, what stands there instead, what is said.
SPOILT: list[tuple[Json, str, str, str]] = [
    (CATALOG, '"id": "do-3"', '"id": "do-1"', "the control do-1 stands in line"),
    (CATALOG, '"id": "do-3",', "", "a control without id"),
    (CATALOG, '"controls"', '"steps"', "the catalogue holds no control"),
    (CATALOG, '"catalog"', '"system-security-plan"', "an OSCAL system-security-plan, which is not read"),
    (CATALOG, '"catalog"', '"component-definition"', "an OSCAL component-definition"),
    (CATALOG, '"catalog"', '"catalogue"', "this is no assessment that can be imported"),
    (CATALOG, '"title": "Doors"', '"title": "Doors" "x"', "not JSON"),
    (CATALOG, '"title": "Doors"', '"title": "Doors", "title": "D"', "stands twice"),
    (PROFILE, '"include-controls"', '"include-control"', "give its catalogue in the same command"),
    (PROFILE, '"with-ids"', '"ids"', "give its catalogue in the same command"),
    (RESULTS, '"state": "not-satisfied"', '"state": "unsatisfied"', "did you mean 'satisfied'"),
    (RESULTS, '"state": "not-satisfied"', '"state": 0', "unknown state '0'"),
    (RESULTS, '"target-id": "do-1_obj",', "", "a finding without target-id"),
    (RESULTS, '"findings"', '"found"', "no finding says whether a control is satisfied"),
    (RESULTS, '"not-satisfied"', '"satisfied"', "nothing is left to plan"),
    (POAM, '"uuid": "i2"', '"uuid": "i1"', "the item i1 stands in line"),
    (POAM, '"title": "Mend the glass",', "", "an item without title and description"),
    (POAM, "2027-12-31T05", "31.12.2027T05", "is no date"),
    (POAM, "2027-12-31T05", "2027-02-31T05", "is no date"),
    (POAM, '"poam-items"', '"items"', "holds no item"),
]


@pytest.mark.parametrize(("document", "old", "new", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_line(document: Json, old: str, new: str, words: str, tmp_path: Path) -> None:
    ((name, text),) = files(document).items()
    assert old in text
    found = refused(tmp_path, {name: text.replace(old, new)})
    assert any(words in issue for issue in found), found
    assert all(f"{name}:" in issue for issue in found)


def test_files_that_do_not_go_together_are_named(tmp_path: Path) -> None:
    for given, words in (
        ((CATALOG, CATALOG), "this is a second catalog"),
        ((POAM, CATALOG), "which nothing else goes with"),
        ((CATALOG, {"other": 1}), "this is no OSCAL document"),
        (
            (CATALOG, {"profile": {**PROFILE["profile"], "imports": [{"include-controls": [{"with-ids": ["do-4"]}]}]}}),
            "unknown control of the catalogue 'do-4'; did you mean 'do-3'",
        ),
    ):
        assert any(words in issue for issue in refused(tmp_path, files(*given))), words
    strange = json.loads(json.dumps(RESULTS).replace("do-1.1_smt", "do-9_smt"))
    assert "unknown control 'do-9'" in refused(tmp_path, files(strange, CATALOG))[0]


def test_xml_is_refused_by_name(tmp_path: Path) -> None:
    text = '<?xml version="1.0"?>\n<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0"/>\n'
    (issue,) = refused(tmp_path, {"catalog.xml": text})
    assert "this is XML or HTML, which is not read; export it as JSON" in issue


@pytest.mark.slow
def test_a_large_catalogue_is_planned_in_time(tmp_path: Path) -> None:
    below = [control(f"do-{k}", f"Door {k}", control(f"do-{k}.1", f"Lock {k}")) for k in range(1, 301)]
    large = {"catalog": {"metadata": {"title": "Many"}, "groups": [{"id": "do", "title": "Doors", "controls": below}]}}
    assert "steps start" in planned(tmp_path, write(tmp_path, files(large)))


@pytest.mark.parametrize(
    ("name", "count"), [("ifa_poam", 2), ("ifa_assessment_results", 1), ("sp800-53r5_low_profile", 149)]
)
def test_real_documents(name: str, count: int, tmp_path: Path) -> None:
    (path,) = real(f"nist/{name}.json")
    assert len(read(tmp_path, {path.name: path.read_bytes()}).practices) == count
    planned(tmp_path, [path])


def test_real_results_and_a_real_profile(tmp_path: Path) -> None:
    results, profile = real("nist/ifa_assessment_results.json", "nist/sp800-53r5_low_profile.json")
    done = read(tmp_path, {path.name: path.read_bytes() for path in (results, profile)})
    assert done.says("left: the finding on ac-6.1: the profile does not select it")
