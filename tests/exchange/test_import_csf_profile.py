"""Profiles of NIST CSF 2.0: the template as people fill it in, with words where it asks for tiers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.errors import UsageError
from stepladder.exchange.intake.importers.csf_outcomes import CATEGORIES, FUNCTIONS, OUTCOMES, code_of, tier_of
from tests.support.imported import planned, read, refused, workbook, write

OUTCOME, TARGET = "CSF Outcome (Function, Category, or Subcategory)", "Target CSF Tier"
HEADS = [
    OUTCOME,
    "CSF Outcome Description",
    "Included in Profile?",
    "Rationale",
    "Current Priority",
    "Current Status",
    "Target Priority",
    TARGET,
    "Notes",
]
ROWS: list[list[Any]] = [
    ["GV", "Made up", None, None, None, None, None, None, None],
    ["GV.OC", "Made up", "Yes", None, None, None, None, 3, None],
    ["GV.OC-01: Someone knows what we are for", None, "Yes", None, "Low", 2, "High", 3, "ask Anna"],
    ["GV.OC-02", "Others are known", "No", "Has no others", "Low", 1, "High", 3, None],
    ["GV.OC-03", "Laws are known", None, None, "Moderate", "Partially", None, "4 - Adaptive", None],
    ["PROTECT (PR): made up", None, None, None, None, None, None, None, None],
    ["PR.AA-01", "Keys are counted", "yes", None, None, "Tier 2: Risk Informed", "urgent", None, None],
    ["rc.co-04", "The village is told", "Y", None, None, "?", None, "Repeatable", None],
]
SHEET = "Current and Target Profile"


def profile(rows: list[list[Any]] | None = None, heads: list[str] | None = None) -> dict[str, bytes]:
    return {"profile.xlsx": workbook({"Introduction": [["About"]], SHEET: [heads or HEADS, *(rows or ROWS)]})}


def spoilt(row: int, head: str, value: Any) -> dict[str, bytes]:
    rows = [list(cells) for cells in ROWS]
    rows[row][HEADS.index(head)] = value
    return profile(rows)


def test_a_profile_becomes_a_scenario(tmp_path: Path) -> None:
    done = read(tmp_path, profile())
    assert {name: one["ref"] for name, one in done.practices.items()} == {
        "gv_oc_01": "GV.OC-01",
        "gv_oc_02": "GV.OC-02",
        "gv_oc_03": "GV.OC-03",
        "pr_aa_01": "PR.AA-01",
        "rc_co_04": "RC.CO-04",
    }
    assert done.practices["gv_oc_01"]["title"] == "Someone knows what we are for"
    assert [(group["ref"], group["title"]) for group in done.model["groups"].values()] == [
        ("GV", "Govern"),
        ("PR", "Protect"),
        ("RC", "Recover"),
    ]
    tiers = {
        name: (done.scenario["current"][name]["tier"], done.scenario["target"][name]["tier"])
        for name in done.scenario["current"]
    }
    assert tiers == {"gv_oc_01": (2, 3), "gv_oc_03": (1, 4), "pr_aa_01": (2, 2), "rc_co_04": (1, 3)}
    assert done.scenario["not_applicable"] == {"gv_oc_02": "Has no others"}
    assert done.scenario["importance"] == {"default": "medium", "gv_oc_01": "high", "gv_oc_03": "medium"}
    for text in (
        "1 cell with no tier of today that can be read count as unanswered: ",
        f"{SHEET}!F6 'Partially'",
        "with no priority that can be read",
        "2 outcomes without a tier of today: the lowest, 1 Partial",
        "1 outcome without a target: as today",
        "tiers beside functions and categories, GV.OC",
        "columns, with their filled rows: Notes (1)",
        "NIST defines tiers for an organisation as a whole",
    ):
        assert done.says(text), (text, done.notes)


def test_columns_of_ones_own_are_read_when_they_are_named(tmp_path: Path) -> None:
    heads = [*HEADS[:-1], "Target Maturity (1-4)", "Gap (Y/N)"]
    rows = [[*row[:-1], None if row[1] == "Made up" else 4, "Y"] for row in ROWS]
    plain = read(tmp_path, profile(rows, heads))
    assert plain.says("Target Maturity (1-4) (6), Gap (Y/N) (8)")
    done = read(tmp_path, profile(rows, heads), say={"target": "target maturity (1-4)"})
    assert {levels["tier"] for levels in done.scenario["target"].values()} == {4}
    with pytest.raises(UsageError, match="did you mean 'Target Maturity"):
        read(tmp_path, profile(rows, heads), say={"target": "Target Maturity"})


def test_without_any_target_a_usual_one_is_taken_and_said(tmp_path: Path) -> None:
    rows = [[*row[:7], None, None] for row in ROWS]
    done = read(tmp_path, profile(rows))
    assert {levels["tier"] for levels in done.scenario["target"].values()} == {3}
    assert done.says("where no target stands in the whole file: 3")
    again = read(tmp_path, profile(rows), say={"tier": "2"})
    assert {levels["tier"] for levels in again.scenario["target"].values()} == {2}


def test_rows_and_columns_stand_anywhere_and_csv_will_do(tmp_path: Path) -> None:
    done = read(tmp_path, profile())
    order = [5, 2, 0, 7, 8, 1, 3, 4, 6]
    rows = [[row[k] for k in order] for row in [ROWS[k] for k in (2, 3, 4, 6, 7)]]
    moved = read(tmp_path, profile([[], *rows], [HEADS[k] for k in order]))
    assert moved.scenario == done.scenario
    lines = [";".join("" if cell is None else str(cell) for cell in row) for row in [HEADS, *ROWS]]
    assert read(tmp_path, {"profile.csv": "\ufeff" + "\r\n".join(lines)}).scenario == done.scenario


def test_all_outcomes_of_the_template(tmp_path: Path) -> None:
    rows = [[code, f"Outcome {code}", "Yes", None, "Medium", 1, None, 3, None] for code in sorted(OUTCOMES)]
    heads = [[code, "x", *[None] * 7] for code in (*FUNCTIONS, *CATEGORIES)]
    assert (len(OUTCOMES), len(heads) + len(rows)) == (106, 134)
    assert len(read(tmp_path, profile(heads + rows)).practices) == 106


def test_a_plan_from_the_file_alone(tmp_path: Path) -> None:
    made = planned(tmp_path, write(tmp_path, profile()))
    assert "GV.OC-01 Someone knows what we are for: level 2 → 3 of 4 (Repeatable)" in made


SPOILT: list[tuple[tuple[int, str, Any], str, str]] = [
    ((3, OUTCOME, "PR.AC-1"), "A5", "is of CSF 1.1; PR.AC is in PR.AA now"),
    ((3, OUTCOME, "PR.AC-01"), "A5", "is of CSF 1.1"),
    ((3, OUTCOME, "ID.AM-1"), "A5", "in 2.0 it may be ID.AM-01"),
    ((3, OUTCOME, "GV.OC-06"), "A5", "GV.OC has 01, 02, 03, 04, 05"),
    ((3, OUTCOME, "GV.XX-01"), "A5", "unknown category of CSF 2.0 'GV.XX'"),
    ((3, OUTCOME, "GV.OC-01"), "A5", "stands in"),
    ((3, OUTCOME, "Our own outcome"), "A5", "has no code of CSF 2.0"),
    ((3, OUTCOME, "A.5.1"), "A5", "has no code of CSF 2.0"),
    ((3, "Included in Profile?", "Maybe"), "C5", "is neither Yes nor No"),
    ((2, TARGET, 5), "H4", "is no tier; the tiers are 1 Partial, 2 Risk Informed"),
    ((2, TARGET, 2.5), "H4", "is no tier"),
    ((2, TARGET, 0), "H4", "is no tier"),
    ((2, TARGET, "Advanced"), "H4", "is no tier"),
    ((2, TARGET, "3 Adaptive"), "H4", "is no tier"),
    ((2, TARGET, 1), "H4", "is below the current tier, 2"),
    ((2, TARGET, "Tier3"), "H4", ""),
]


@pytest.mark.parametrize(("change", "place", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_cell(
    change: tuple[int, str, Any], place: str, words: str, tmp_path: Path
) -> None:
    if not words:
        assert read(tmp_path, spoilt(*change)).scenario["target"]["gv_oc_01"] == {"tier": 3}
        return
    (issue,) = refused(tmp_path, spoilt(*change))
    assert f"{SHEET}!{place} " in issue
    assert words in issue


def test_a_profile_without_anything_to_plan_is_refused(tmp_path: Path) -> None:
    none = [[*row[:2], "No", *row[3:]] for row in ROWS]
    same = [[*row[:7], 1, None] for row in [[*row[:5], 1, *row[6:]] for row in ROWS]]
    for rows, words in (
        (none, "no outcome is included"),
        (same, "every outcome has the tier that is wanted"),
        (ROWS[:2], "no outcome such as GV.OC-01 stands below"),
    ):
        assert any(words in issue for issue in refused(tmp_path, profile(rows)))
    twice = [*HEADS[:-1], TARGET]
    assert "stands twice" in refused(tmp_path, profile(heads=twice))[0]
    both = {**profile(), "second.xlsx": profile()["profile.xlsx"]}
    assert "import this file by itself" in refused(tmp_path, both)[0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GV.OC-01", "GV.OC-01"),
        ("GV.OC-01: Text with PR.AA-01 in it", "GV.OC-01"),
        ("Organizational Context (GV.OC): more", "GV.OC"),
        ("GOVERN (GV)", "GV"),
        ("Recover", "RC"),
        ("GV.OC-011", ""),
        ("GVX", ""),
    ],
)
def test_codes_are_found_at_the_beginning_or_in_brackets(text: str, code: str) -> None:
    assert code_of(text) == code


def test_tiers_are_numbers_names_or_both() -> None:
    assert [tier_of(text) for text in ("1", "2.0", "Tier 3", "4: Adaptive", "Repeatable (3)", "risk-informed")] == [
        1,
        2,
        3,
        4,
        3,
        2,
    ]
    assert [tier_of(text) for text in ("", "5", "Partially", "1.5", "2 Partial", "1-2")] == [None] * 6
