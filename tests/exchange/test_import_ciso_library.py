"""Libraries of CISO Assistant: a framework becomes a model and a scenario; what is wrong is named by its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepladder.errors import UsageError
from tests.support.imported import planned, read, real, refused, write

#: A framework made up, in the form of the libraries.
LIBRARY = """\
urn: urn:acme:risk:library:doors
locale: en
ref_id: DOORS
name: Doors and windows
description: |-
  What keeps people out.
  In two lines.
copyright: Nobody's
version: 3
provider: Acme
objects:
  threats:
  - {urn: "urn:acme:risk:threat:doors:t-1", ref_id: T1, name: Burglary}
  framework:
    urn: urn:acme:risk:framework:doors
    ref_id: DOORS
    name: Doors
    min_score: 1
    max_score: 3
    scores_definition:
    - {score: 1, name: Open}
    - {score: 2, name: Shut}
    - {score: 3, name: Locked}
    implementation_groups_definition:
    - {ref_id: B, name: Basic}
    - {ref_id: A, name: Advanced}
    requirement_nodes:
    - urn: urn:acme:risk:req_node:doors:d
      assessable: false
      depth: 1
      ref_id: D
      name: Doors
    - urn: urn:acme:risk:req_node:doors:d.1
      assessable: true
      depth: 2
      parent_urn: urn:acme:risk:req_node:doors:d
      ref_id: D.1
      name: Front door
      annotation: "Why not.\\n\\nCost: Low | Impact: High | Complexity: Simple"
      implementation_groups: [B, A]
    - urn: urn:acme:risk:req_node:doors:d.10
      assessable: true
      depth: 2
      parent_urn: urn:acme:risk:req_node:doors:d
      ref_id: 8.10
      description: The back door has a lock of its own.
      implementation_groups: [A]
    - urn: urn:acme:risk:req_node:doors:w
      assessable: true
      depth: 1
      description: Windows.
      implementation_groups: [A]
    - urn: urn:acme:risk:req_node:doors:w.1
      assessable: true
      depth: 2
      parent_urn: urn:acme:risk:req_node:doors:w
      ref_id: D.1
      name: Front window
      implementation_groups: [A]
"""
PRESET = """\
urn: urn:acme:risk:preset:small
name: A small firm
dependencies: [urn:acme:risk:library:doors]
objects:
  preset:
    scaffolded_objects:
    - {type: asset, name: A house}
    - {type: compliance_assessment, name: The yearly audit, framework: "urn:acme:risk:library:doors"}
"""
UNSCORED = "".join(
    line
    for line in LIBRARY.splitlines(keepends=True)
    if not any(word in line for word in ("_score:", "scores_definition", "- {score"))
)


def test_a_framework_becomes_a_model_with_its_own_codes_and_levels(tmp_path: Path) -> None:
    done = read(tmp_path, {"doors.yaml": LIBRARY})
    # What is rated and has requirements below it is a practice of its group; equal codes get ids of their own.
    assert {name: one["ref"] for name, one in done.practices.items()} == {
        "d_1": "D.1",
        "x_8_10": "8.10",
        "windows": "urn:acme:risk:req_node:doors:w",
        "d_1_2": "D.1",
    }
    assert done.practices["x_8_10"]["title"] == "The back door has a lock of its own."
    levels = done.model["scales"]["score"]["levels"]
    assert {number: level["title"] for number, level in levels.items()} == {1: "Open", 2: "Shut", 3: "Locked"}
    assert done.model["version"] == "3"
    assert done.scenario["current"] == {"default": {"score": 1}}
    assert set(done.scenario["target"]) == set(done.practices)
    assert done.model["importance"] == {"default": "medium", "d_1": "high"}
    # Simple: half of 7 days.
    assert done.practices["d_1"]["costs"]["score"][2]["effort"] == {"security": 3.5}
    assert done.says("left: threats: 1")
    assert done.says("nothing is met yet: all 4 requirements")


def test_the_target_is_a_level_and_implementation_groups(tmp_path: Path) -> None:
    done = read(tmp_path, {"doors.yaml": LIBRARY}, say={"groups": "B", "level": "shut"})
    assert done.scenario["target"] == {"d_1": {"score": 2}}
    assert done.model["profiles"]["group_a"]["levels"] == {"d_1": 3, "x_8_10": 3, "windows": 3, "d_1_2": 3}
    for say, words in (
        ({"groups": "C"}, "unknown implementation group 'C'"),
        ({"level": "4"}, "it has 1 Open, 2 Shut"),
    ):
        with pytest.raises(UsageError, match=words):
            read(tmp_path, {"doors.yaml": LIBRARY}, say=say)


def test_without_scores_the_levels_are_an_audits_results(tmp_path: Path) -> None:
    done = read(tmp_path, {"doors.yaml": UNSCORED})
    titles = [level["title"] for level in done.model["scales"]["result"]["levels"].values()]
    assert titles == ["Not met", "Partially compliant", "Compliant"]
    apart = LIBRARY.replace("min_score: 1", "min_score: 0").replace("max_score: 3", "max_score: 100")
    far = apart.replace("score: 2,", "score: 50,").replace("score: 3,", "score: 100,").replace("score: 1,", "score: 0,")
    levels = read(tmp_path, {"doors.yaml": far}).model["scales"]["score"]["levels"]
    assert {number: level["title"] for number, level in levels.items()} == {0: "Open", 1: "Shut", 2: "Locked"}


def test_a_preset_sets_up_what_its_library_holds(tmp_path: Path) -> None:
    for files in ({"preset.yaml": PRESET, "doors.yaml": LIBRARY}, {"doors.yaml": LIBRARY, "preset.yaml": PRESET}):
        done = read(tmp_path, files)
        assert done.scenario["title"] == "The yearly audit"
        assert done.says("left: 1 other things that the preset sets up")
    (alone,) = refused(tmp_path, {"preset.yaml": PRESET})
    assert "give the library urn:acme:risk:library:doors in the same command" in alone
    assert "preset.yaml:8:" in alone
    (other,) = refused(tmp_path, {"p.yaml": PRESET, "doors.yaml": LIBRARY.replace("library:doors", "library:gates")})
    assert "what was given holds urn:acme:risk:library:gates" in other


def test_a_plan_from_the_file_alone(tmp_path: Path) -> None:
    assert "D.1 Front door: level 1 → 2 of 3 (Shut)" in planned(tmp_path, write(tmp_path, {"doors.yaml": LIBRARY}))


SPOILT: list[tuple[str, str, str]] = [
    ("parent_urn: urn:acme:risk:req_node:doors:w\n", "parent_urn: urn:acme:risk:req_node:doors:v\n", "did you mean"),
    ("urn: urn:acme:risk:req_node:doors:d.10", "urn: urn:acme:risk:req_node:doors:d.1", "stands in line 33 already"),
    ("    - urn: urn:acme:risk:req_node:doors:d\n      assess", "    - assess", "a requirement without urn"),
    ("implementation_groups: [B, A]", "implementation_groups: [B, AA]", "unknown implementation group 'AA'"),
    ("min_score: 1", "min_score: one", "'one' is no whole number"),
    ("max_score: 3", "max_score: 2.5", "'2.5' is no whole number"),
    ("max_score: 3", "max_score: 1", "is not above min_score 1"),
    ("- {score: 2,", "- {score: two,", "'two' is no whole number"),
    ("assessable: true", "assessable: false", "no requirement that is assessable"),
    ("requirement_nodes:", "nodes:", "no requirement that is assessable"),
    ("  framework:", "  risk_matrix:", "this library holds no framework (but threats, risk_matrix)"),
    ("    name: Doors\n    min", "    name: Doors\n    name: Doors\n    min", "stands twice"),
    ("locale: en", "locale: [en", "not YAML"),
    (
        "depth: 1\n      ref_id: D\n",
        "depth: 1\n      parent_urn: urn:acme:risk:req_node:doors:d\n      ref_id: D\n",
        "lead in a circle",
    ),
    ("urn: urn:acme:risk:library:doors\n", "", "this is no assessment that can be imported"),
    ("objects:", "content:", "this is no assessment that can be imported"),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in LIBRARY
    found = refused(tmp_path, {"doors.yaml": LIBRARY.replace(old, new)})
    assert any(words in issue and "doors.yaml:" in issue for issue in found), found


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    spoilt = LIBRARY.replace("min_score: 1", "min_score: one").replace("groups: [B, A]", "groups: [X, Y]")
    assert len(refused(tmp_path, {"doors.yaml": spoilt})) == 3


def test_a_file_that_does_not_belong_to_it_is_named(tmp_path: Path) -> None:
    assert "leave it out" in refused(tmp_path, {"doors.yaml": LIBRARY, "more.yaml": "a: 1\n"})[0]


@pytest.mark.parametrize(
    ("name", "count"),
    [("cisa-cpg-2.0", 34), ("nist-csf-2.0", 106), ("essential-eight", 149), ("enisa-sme-cra-maturity", 25)],
)
def test_real_libraries(name: str, count: int, tmp_path: Path) -> None:
    (path,) = real(f"ciso-assistant/{name}.yaml")
    done = read(tmp_path, {path.name: path.read_bytes()})
    assert len(done.practices) == len(done.scenario["target"]) == count
    if name == "essential-eight":
        sizes = {key: len(profile["levels"]) for key, profile in done.model["profiles"].items()}
        assert sizes == {"group_1": 48, "group_2": 107, "group_3": 149}


def test_real_presets_say_what_is_missing(tmp_path: Path) -> None:
    for path in real("ciso-assistant/nist-csf-20-preset.yaml", "ciso-assistant/preset-small-business-cisa-cpg.yaml"):
        assert "this is a preset, which holds no framework" in refused(tmp_path, {path.name: path.read_bytes()})[0]


def test_a_plan_from_a_real_library(tmp_path: Path) -> None:
    preset, library = real("ciso-assistant/preset-small-business-cisa-cpg.yaml", "ciso-assistant/cisa-cpg-2.0.yaml")
    assert "CISA CPG 2.0 Assessment" in planned(tmp_path, [preset, library])
