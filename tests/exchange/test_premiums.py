"""Policies in files for other tools: a dated item for each policy year, with a reminder, and none without insurance."""

from __future__ import annotations

import csv
import io
import json
import math
import re

import pytest
from lxml import etree

from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.ics import ics
from stepladder.exchange.exporters.texts import as_json
from stepladder.exchange.formats import find
from stepladder.exchange.tracker import wanted
from stepladder.output.report.compose import Material, compose
from stepladder.output.report.document import Items
from tests.support.insured_mill import at_once, mill


@pytest.fixture(scope="module")
def plan() -> Plan:
    return at_once()


def test_each_policy_year_is_an_event_with_a_reminder(plan: Plan) -> None:
    assert plan.policies == ("basic", "basic")
    text = ics(breakdown(plan)).decode().replace("\r\n ", "")
    events = [part for part in text.split("BEGIN:VEVENT") if "Insurance:" in part]
    assert ["DTSTART;VALUE=DATE:20270101" in events[0], "DTSTART;VALUE=DATE:20280101" in events[1]] == [True, True]
    assert "take out" in events[0]
    assert "renew" in events[1]
    assert all("310" in event or "300" in event for event in events)
    assert all("BEGIN:VALARM" in event for event in events)
    # The same plan, the same bytes.
    assert ics(breakdown(plan)) == ics(breakdown(plan))


def test_the_breakdown_has_them_where_there_are_any(plan: Plan) -> None:
    found = json.loads(as_json(breakdown(plan)))["premiums"]
    assert [(one["start"], one["finish"], one["amount"]) for one in found] == [
        ("2027-01-01", "2027-12-31", 300.0),
        ("2028-01-01", "2028-12-31", 310.0),
    ]
    assert "premiums" not in json.loads(as_json(breakdown(plan.model_copy(update={"policies": (None, None)}))))


def test_the_report_says_what_is_in_force_and_what_comes_back(plan: Plan) -> None:
    document = compose(Material(plan, ()))
    section = next(section for section in document.sections if section.id == "insurance")
    said = [item.text for block in section.blocks if isinstance(block, Items) for item in block.items]
    assert said == ["2027: “Insurer A, basic”, 300 EUR.", "2028: “Insurer A, basic”, 310 EUR."]
    assert any("either the losses are set too high" in str(block) for block in section.blocks)
    assert any("premium by policy year" in str(section.blocks) for section in document.sections)


# -- in every format ---------------------------------------------------------------------------------------------------


def rows_of(name: str, plan: Plan) -> list[dict[str, str]]:
    text = find(name).write(breakdown(plan)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_tables_have_a_row_for_each_renewal_and_a_column_for_what_is_run() -> None:
    insured = mill()
    rows = rows_of("csv-machine", insured)
    (step,) = (row for row in rows if row["external_id"].endswith("access.depth.2"))
    held = [row for row in rows if row["premium"]]
    assert [
        (row["title"], row["phase"], row["start"], row["finish"], row["premium"], row["needs"]) for row in held
    ] == [
        ("Insurance: Insurer A, basic, 2028: take out", "2028", "2028-01-01", "2028-12-31", "310.00", step["id"]),
        ("Insurance: Insurer A, basic, 2029: renew", "2029", "2029-01-01", "2029-12-31", "320.00", step["id"]),
    ]
    assert [row["person_days_a_year"] for row in rows] == ["12" if row is step else "0" for row in rows[:-2]] + ["", ""]
    # What is read back is what the plan spends on premiums.
    spent = math.fsum(period.spend for period in insured.periods)
    steps = insured.problem.steps_by_id()
    years = {name: (12 - steps[name].finish(start) - 1) / 4 for name, start in insured.starts.items()}
    own = math.fsum(steps[name].once + steps[name].per_year * years[name] for name in insured.starts)
    assert math.fsum(float(row["premium"]) for row in held) == pytest.approx(spent - own)
    assert [row["Premium"] for row in rows_of("csv", insured)] == [row["premium"] for row in rows]


def test_a_workbook_has_a_sheet_of_renewals() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(find("xlsx").write(breakdown(mill()))), data_only=True)
    rows = list(book["Insurance"].iter_rows(values_only=True))
    assert [(row[1], row[4]) for row in rows[1:3]] == [
        ("Insurer A, basic, 2028: take out", 310),
        ("Insurer A, basic, 2029: renew", 320),
    ]
    assert [row[4] for row in rows if row[1] == "Total"] == [630]


def test_texts_and_charts_have_dated_renewals() -> None:
    whole = breakdown(mill())
    text = find("markdown").write(whole).decode()
    assert "- **1 Jan 2029** Insurer A, basic, 2029: renew: The premium, 320.00 EUR, is due" in text
    assert "| Person-days | Person-days a year | Owner |" in text
    chart = find("mermaid").write(whole).decode()
    assert "Insurance\u2236 Insurer A, basic, 2029\u2236 renew :milestone, " in chart
    assert ", 2029-01-01, 0d" in chart
    project = find("taskjuggler").write(whole).decode()
    assert project.count("    charge 3") == 2
    # 12 person-days a year of 8 hours, from the second quarter of 2027 on.
    assert [line.split()[1] for line in project.splitlines() if "maximum" in line and "plant" in line] == [
        "72h",
        "96h",
        "96h",
    ]


@pytest.mark.parametrize("name", ["jira-csv", "azure-csv", "gitlab-csv", "github"])
def test_trackers_files_have_dated_items_with_the_premium(name: str) -> None:
    text = find(name).write(breakdown(mill())).decode("utf-8-sig")
    assert "Insurer A, basic, 2028: take out" in text
    assert "Insurer A, basic, 2029: renew" in text
    assert "320.00 EUR, is due" in text
    assert "2029-01-01" in text


def test_a_tracker_has_each_renewal_after_what_it_asks_for() -> None:
    whole = breakdown(mill())
    wants = wanted(whole)
    renewals = [want for want in wants.values() if want.fields["title"].startswith("Insurance:")]
    asked = next(item.mark for item in whole.items if item.step == "access.depth.2")
    assert [(want.kind, want.fields["due"], want.needs) for want in renewals] == [
        ("milestone", "2028-01-01", (asked,)),
        ("milestone", "2029-01-01", (asked,)),
    ]
    assert len({entry.mark for entry in whole.marked}) == len(whole.marked)


def test_microsoft_project_has_the_plan_s_money_and_work_of_each_year() -> None:
    insured = mill()
    whole = breakdown(insured)
    root = etree.fromstring(find("mspdi").write(whole))
    space = {"p": "http://schemas.microsoft.com/project"}
    names = {
        uid.text: uid.getparent().findtext("p:Name", namespaces=space)
        for uid in root.findall(".//p:Resource/p:UID", space)
    }
    money: dict[str, float] = {}
    hours: dict[str, float] = {}
    for row in root.findall(".//p:Assignment", space):
        name = names[row.findtext("p:ResourceUID", namespaces=space)] or ""
        cost = row.findtext("p:Cost", namespaces=space)
        if cost is not None:
            money[name[-4:]] = money.get(name[-4:], 0.0) + float(cost) / 100
        amount = re.match(r"PT(\d+)H(\d+)M", row.findtext("p:Work", namespaces=space) or "")
        assert amount is not None
        hours[name] = hours.get(name, 0.0) + int(amount[1]) + int(amount[2]) / 60
    for k, year in enumerate(("2027", "2028", "2029")):
        spent = math.fsum(period.spend for period in insured.periods[4 * k : 4 * k + 4])
        assert money.get(year, 0.0) == pytest.approx(spent, abs=0.01)
    for team, title in whole.teams.items():
        days = math.fsum(period.effort.get(team, 0.0) for period in insured.periods)
        assert hours.get(title, 0.0) == pytest.approx(8 * days, abs=0.2)
    tasks = [task.findtext("p:Name", namespaces=space) or "" for task in root.findall(".//p:Task", space)]
    assert sum("Insurance: Insurer A, basic" in name for name in tasks) == 2
    assert "Running cost and running work in 2028" in tasks
