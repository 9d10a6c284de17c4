"""What programs that nobody here wrote read back from our files. Each test runs where its program is, and says why
it does not where it is not.
"""

from __future__ import annotations

import csv
import datetime
import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.days import on_or_before
from stepladder.exchange.formats import find
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.rows import titled
from stepladder.exchange.titles import PROJECT
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from tests.support import handmade
from tests.support.hostile import STRINGS
from tests.support.hostile import plan as hostile_plan
from tests.support.insured_mill import mill
from tests.support.shapes import crew, fleet, late, renewed, small

ROOT = Path(__file__).parents[2]
CASES = ("bottling_line", "home_cameras", "automotive_gateway")


@cache
def case(name: str) -> Plan:
    return answer(ask(name))


PLANS: dict[str, Callable[[], Plan]] = {
    **{name: partial(case, name) for name in CASES},
    "handmade": handmade.bottling,
    "hostile": hostile_plan,
    "fleet": lambda: fleet(10, 12),
    "one step": lambda: small(1),
    "renewed": renewed,
    "crew": crew,
    "late": late,
    "insured": mill,
    "no step": lambda: small(0),
}
every_plan = pytest.mark.parametrize("name", PLANS)
pytestmark = pytest.mark.slow


def needs(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"{program} is not installed here")
    return found


def written(folder: Path, to: str, whole: Breakdown) -> Path:
    path = folder / f"plan{find(to).suffix}"
    path.write_bytes(find(to).write(whole))
    return path


# -- MPXJ: Microsoft Project and Primavera -----------------------------------------------------------------------------


def by_mpxj(path: Path, *more: str) -> dict[str, Any]:
    needs("java")
    pytest.importorskip("mpxj")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/by_mpxj.py"), str(path), *more],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@every_plan
def test_microsoft_project_reads_all_of_it_and_moves_nothing(name: str, tmp_path: Path) -> None:
    whole = breakdown(PLANS[name]())
    found = by_mpxj(written(tmp_path, "mspdi", whole), "--schedule")
    read = {task["id"]: task for task in found["read"]}
    assert len(read) == len(found["read"])
    assert found["title"] == whole.title
    phases = {phase.id for phase in whole.phases}
    for item in whole.items:
        task = read[item.id]
        # No longer than the program takes; where it is cut, what the tests of titles hold is left.
        assert task["name"] == titled(item, PROJECT)
        assert task["name"].startswith(f"{item.mark} ")
        assert (task["start"], task["finish"]) == (f"{item.start}T08:00", f"{item.finish}T17:00")
        assert task["cost"] == pytest.approx(item.once, abs=0.005)
        assert task["needs"] == sorted(need.id for need in item.needs)
        assert {whole.teams[team]: days * 8 for team, days in item.effort.items()} == pytest.approx(
            task["work"], abs=0.02
        )
        # Under its phase or, in it, under its system.
        assert task["parent"].startswith(whole.phases[item.phase].id)
        assert task["level"] == (2 if task["parent"] in phases else 3)
    for held in whole.milestones:
        task, day = read[held.id], f"{on_or_before(held.date)}T17:00"
        assert (task["milestone"], task["start"], task["finish"]) == (True, day, day)
        assert task["needs"] == sorted(held.items)
    assert [(task["id"], task["start"], task["finish"]) for task in found["scheduled"]] == [
        (task["id"], task["start"], task["finish"]) for task in found["read"]
    ]
    for phase in whole.phases:
        own = [
            held for held in found["money"] if str(phase.start) <= held["start"] <= held["finish"] < f"{phase.finish}U"
        ]
        asked = [held.money for held in whole.periods if phase.start <= held.start <= phase.finish]
        assert math.fsum(held["cost"] for held in own) == pytest.approx(math.fsum(asked), abs=0.005 * (1 + len(own)))
    assert math.fsum(held["cost"] for held in found["money"]) == pytest.approx(
        math.fsum(held.money for held in whole.periods), abs=0.005 * (1 + len(found["money"]))
    )
    for held in found["people"]:
        assert held["used"] <= held["units"] * held["hours"] or name not in ("handmade", "renewed", "crew", *CASES)


def test_microsoft_project_shows_who_is_over_allocated_and_who_is_away(tmp_path: Path) -> None:
    kept, broken = (
        by_mpxj(written(tmp_path, "mspdi", breakdown(crew(late=late))), "--schedule")["people"] for late in (0, 2)
    )
    for found, expected in ((kept, []), (broken, ["2027-10-01T00:00"])):
        over = [held["from"] for held in found if held["used"] > held["units"] * held["hours"]]
        assert over == expected
        away = [held for held in found if held["team"] == "Security" and not held["own"]]
        assert [(held["from"], held["units"]) for held in away] == [("2027-07-01T00:00", 0)]
    # 190 person-days by 65 working days, 2.92308, rounded up to a ten-thousandth.
    units = {held["from"]: held["units"] for held in kept if held["team"] == "Security"}
    assert units["2027-04-01T00:00"] == pytest.approx(2.9231)
    # Of 250 person-days over two periods one half in each, 1,000 hours, though they have 66 and 65 days.
    used = [held["used"] for held in kept if held["team"] == "Security"]
    assert used == pytest.approx([0, 8 * 190, 0, 1000, 1000, 0, 0, 0])


def test_microsoft_project_knows_what_has_happened(tmp_path: Path) -> None:
    """As of the third quarter: two steps are done, one is at its half, one is open, and 35,000.50 are spent."""
    whole = breakdown(renewed())
    found = by_mpxj(written(tmp_path, "mspdi", whole), "--schedule")
    assert found["status"] == "2027-06-30T17:00"
    for read in (found["read"], found["scheduled"]):
        tasks = {task["id"].rpartition("/")[2]: task for task in read}
        assert [tasks[name]["complete"] for name in STEPS] == [100, 100, 50, 0]
        assert [tasks[name]["actual"] for name in STEPS] == [
            ["2027-01-01T08:00", "2027-03-31T17:00"],
            ["2027-01-01T08:00", "2027-06-30T17:00"],
            ["2027-04-01T08:00", ""],
            ["", ""],
        ]
        # From 1 April to 30 September 131 working days, of which 65 are past.
        assert tasks["access.depth.3"]["split"] == ["2027-06-30T17:00", "2027-07-01T08:00"]
        assert [tasks[name]["spent"] for name in STEPS] == [12000, 6000, 12000, 0]
    assert math.fsum(held["paid"] for held in found["money"]) == pytest.approx(35000.5)
    # What the steps account for is 12,000 and 6,000 and half of 24,000, and 500 of running cost.
    assert [held["cost"] for held in found["money"] if held["resource"] == "Other spending 2027"] == [4500.5]


STEPS = ("access.depth.2", "assets.depth.2", "access.depth.3", "patching.depth.2")


@pytest.mark.parametrize("name", ["hostile", "fleet", "renewed", "crew"])
def test_primavera_has_activities_links_money_and_what_has_happened(name: str, tmp_path: Path) -> None:
    needs("java")
    pytest.importorskip("mpxj")
    whole = breakdown(PLANS[name]())
    path = tmp_path / "p6.xml"
    # Java starts once in a process, so not in this one.
    script = (
        "import sys; from stepladder.exchange.formats import find; from stepladder.exchange.breakdown import breakdown;"
        " from tests.exchange import test_clients as here"
    )
    script += f"; open(sys.argv[1], 'wb').write(find('p6').write(breakdown(here.PLANS[{name!r}]())))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, env=env)
    read = by_mpxj(path)
    found = {task["activity"]: task for task in read["read"] if not task["summary"]}
    marks = {item.id: item.mark for item in whole.items}
    for item in whole.items:
        task = found[item.mark]
        assert (task["start"], task["finish"]) == (f"{item.start}T08:00", f"{item.finish}T17:00")
        assert task["planned_cost"] == pytest.approx(item.once, abs=0.005)
        assert task["needs"] == sorted(marks[need.id] for need in item.needs)
        assert (task["complete"], task["spent"]) == (item.percent, pytest.approx(item.spent, abs=0.005))
        begun, over = item.state != "open", item.state == "done"
        assert task["actual"] == [task["start"] if begun else "", task["finish"] if over else ""]
    assert read["status"] == (f"{whole.status}T17:00" if whole.status else "")
    assert math.fsum(held["cost"] for held in read["money"]) == pytest.approx(
        math.fsum(held.money for held in whole.periods), abs=0.005 * (1 + len(read["money"]))
    )
    for team in whole.teams.values():
        units = {held["from"][:10]: held["units"] for held in read["people"] if held["team"] == team}
        assert set(units) == {str(held.start) for held in whole.periods}
    if name == "crew":
        security = {held["from"][:10]: held["units"] for held in read["people"] if held["team"] == "Security"}
        assert (security["2027-04-01"], security["2027-07-01"]) == (pytest.approx(2.9231), 0)


# -- TaskJuggler -------------------------------------------------------------------------------------------------------


@every_plan
def test_taskjuggler_schedules_without_a_complaint_and_with_our_dates(name: str, tmp_path: Path) -> None:
    program, whole = needs("tj3"), breakdown(PLANS[name]())
    path = written(tmp_path, "taskjuggler", whole)
    done = subprocess.run(
        [program, "--silent", "--no-color", path.name],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "LANG": "C.UTF-8"},
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    with (tmp_path / "roadmap.csv").open(encoding="utf-8", newline="") as file:
        read = {row["External id"]: row for row in csv.DictReader(file, delimiter=";") if row["External id"]}
    assert set(read) == {*(item.id for item in whole.items), *(date.id for date in whole.dates)}
    for item in whole.items:
        assert (read[item.id]["Start"], read[item.id]["End"]) == (str(item.start), str(item.finish))
        assert read[item.id]["Completion"] == f"{item.percent}%" or item.state == "open"
        teams = {f"{whole.teams[team]} ({re.sub('[^A-Za-z0-9_]', '_', team)})" for team in item.effort}
        assert all(team in read[item.id]["Resources"] for team in teams)
        assert bool(teams) == bool(read[item.id]["Resources"])
    for promise in whole.dates:
        assert read[promise.id]["Start"] == str(promise.date)


# -- calendars ---------------------------------------------------------------------------------------------------------


@every_plan
def test_icalendar_reads_every_event(name: str, tmp_path: Path) -> None:
    from icalendar import Calendar

    whole = breakdown(PLANS[name]())
    read = Calendar.from_ical(written(tmp_path, "ics", whole).read_bytes())
    events: dict[str, Any] = {str(event["uid"]): event for event in read.walk("VEVENT")}
    assert len(events) == len(whole.items) + len(whole.dates) + sum(held.cancelled for held in whole.left)
    assert {event["sequence"] for event in events.values()} <= {whole.revision - 1}
    assert {moment for event in events.values() for moment in (event["dtstamp"].dt, event["last-modified"].dt)} <= {
        whole.stamp
    }
    for item in whole.items:
        event = events[f"{item.uid}@stepladder"]
        assert (event["dtstart"].dt, event["dtend"].dt) == (item.start, item.finish + datetime.timedelta(days=1))
        assert str(event["summary"]) == f"{item.mark} {item.title}"


def test_a_calendar_says_what_was_cancelled_and_reminds_of_dates_that_a_law_sets() -> None:
    from icalendar import Calendar

    plain = renewed()
    assert plain.context is not None
    dates = tuple(one.model_copy(update={"legal": True}) for one in plain.context.milestones)
    legal = plain.model_copy(update={"context": plain.context.model_copy(update={"milestones": dates})})
    assert b"VALARM" not in find("ics").write(breakdown(plain))
    read = Calendar.from_ical(find("ics").write(breakdown(legal)))
    events: dict[str, Any] = {str(event["uid"]): event for event in read.walk("VEVENT")}
    gone = [event for event in events.values() if event["status"] == "CANCELLED"]
    assert [(str(event["description"]), event["dtstart"].dt) for event in gone] == [
        ("it was cancelled: too dear", datetime.date(2027, 7, 1))
    ]
    # The event of before: the same step of the same plan.
    published = handmade.bottling().model_copy(update={"id": "bottling-line"})
    (left,) = breakdown(published).left
    assert str(gone[0]["uid"]) == f"{left.uid}@stepladder"
    (milestone,) = breakdown(renewed()).milestones
    (alarm,) = events[f"{milestone.uid}@stepladder"].walk("VALARM")
    assert alarm["trigger"].dt == datetime.timedelta(days=-30)
    assert sum(len(event.walk("VALARM")) for event in events.values()) == 1


def test_a_stamp_follows_from_revision_and_content_and_no_clock() -> None:
    first = handmade.bottling().model_copy(update={"id": "bottling-line"})
    second = first.model_copy(update={"revision": 2})
    one, other = breakdown(first).stamp, breakdown(second).stamp
    # The plan's first working day is 1 January 2027.
    assert (one.date(), other.date()) == (datetime.date(2027, 1, 1), datetime.date(2027, 1, 2))
    assert breakdown(first).stamp == one
    assert breakdown(first.model_copy(update={"id": "other"})).stamp != one


@pytest.mark.parametrize("name", ["bottling_line", "hostile", "renewed"])
def test_khal_imports_the_calendar_and_lists_it(name: str, tmp_path: Path) -> None:
    program = shutil.which("khal", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    if program is None:
        pytest.skip("khal is not installed here")
    whole = breakdown(PLANS[name]())
    (tmp_path / "calendar").mkdir()
    config = tmp_path / "config"
    text = (
        f"[calendars]\n[[plan]]\npath = {tmp_path}/calendar\n[locale]\nlocal_timezone = UTC\ndefault_timezone = UTC\n"
    )
    config.write_text(
        f"{text}dateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n[sqlite]\npath = {tmp_path}/khal.db\n",
        encoding="utf-8",
    )
    khal = [program, "-c", str(config)]
    subprocess.run(
        [*khal, "import", "-a", "plan", "--batch", str(written(tmp_path, "ics", whole))],
        check=True,
        capture_output=True,
    )
    first = min(item.start for item in whole.items)
    listed = subprocess.run(
        [*khal, "list", "--format", "{start-date} {end-date} {title}", str(first), "3000d"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for item in whole.items:
        assert f"{item.start} {item.finish} {item.mark}" in listed


# -- Mermaid -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["hostile", "fleet", "no step", "renewed", "late"])
def test_mermaid_draws_every_bar(name: str, tmp_path: Path) -> None:
    program, browser = ROOT / "build/clients/node_modules/.bin/mmdc", shutil.which("chromium")
    if browser is None or not program.exists():
        pytest.skip("mermaid-cli (make clients) or chromium is not installed here")
    whole = breakdown(PLANS[name]())
    path, config = written(tmp_path, "mermaid", whole), tmp_path / "browser.json"
    config.write_text(json.dumps({"executablePath": browser, "args": ["--no-sandbox"]}), encoding="utf-8")
    limits = tmp_path / "mermaid.json"
    limits.write_text(json.dumps({"maxTextSize": 500_000}), encoding="utf-8")
    command = [str(program), "-i", str(path), "-o", str(tmp_path / "plan.svg"), "-p", str(config), "-c", str(limits)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    picture = (tmp_path / "plan.svg").read_text(encoding="utf-8")
    assert "Syntax error" not in picture
    for item in whole.items:
        assert item.mark in picture
    assert "<script" not in picture


# -- governance --------------------------------------------------------------------------------------------------------


@every_plan
def test_oscal_is_read_by_trestle(name: str) -> None:
    poam = pytest.importorskip("trestle.oscal.poam")
    whole = breakdown(PLANS[name]())
    held = poam.Model.model_validate_json(find("oscal-poam").write(whole)).plan_of_action_and_milestones
    tasks = held.risks[0].remediations[0].tasks or []
    entries: list[Item | Milestone] = [*whole.items, *whole.milestones]
    assert [task.title for task in tasks] == [f"{entry.mark} {entry.title}" for entry in entries]
    assert len(held.poam_items) == max(1, len(whole.items))
    for item, task in zip(whole.items, tasks, strict=False):
        assert (task.timing.within_date_range.start.date(), task.timing.within_date_range.end.date()) == (
            item.start,
            item.finish,
        )
        owners = {str(party.uuid): party.name for party in held.metadata.parties or []}
        named = [owners[str(name)] for role in task.responsible_roles or [] for name in role.party_uuids]
        assert named == ([item.owner] if item.owner else [])
    assert held.metadata.version == str(whole.revision)
    assert held.metadata.last_modified == whole.stamp
    entries_of = held.risks[0].risk_log.entries if held.risks[0].risk_log else []
    dated = {
        str(entry.related_responses[0].related_tasks[0].task_uuid): entry
        for entry in entries_of
        if entry.related_responses
    }
    assert set(dated) == {str(item.uid) for item in whole.items if item.state != "open"}
    for item in (item for item in whole.items if item.state != "open"):
        assert dated[str(item.uid)].start.date() == item.start
        assert (dated[str(item.uid)].end is not None) == (item.state == "done")
    assert len(entries_of) - len(dated) == sum(left.cancelled for left in whole.left)
    bad = json.loads(find("oscal-poam").write(whole))
    del bad["plan-of-action-and-milestones"]["metadata"]["title"]
    with pytest.raises(ValueError, match="title"):
        poam.Model.model_validate_json(json.dumps(bad))


def test_oscal_keeps_its_ids_in_the_next_revision() -> None:
    first = handmade.bottling().model_copy(update={"id": "bottling-line"})
    one, other = (json.loads(find("oscal-poam").write(breakdown(plan))) for plan in (first, renewed()))
    documents = [held["plan-of-action-and-milestones"] for held in (one, other)]
    assert documents[0]["uuid"] == documents[1]["uuid"]
    assert [document["metadata"]["version"] for document in documents] == ["1", "2"]
    before, after = (
        {task["uuid"]: task["title"] for task in document["risks"][0]["remediations"][0]["tasks"]}
        for document in documents
    )
    assert before == after
    assert [document["risks"][0]["status"] for document in documents] == ["open", "remediating"]
    assert [entry["title"].partition(":")[0] for entry in documents[1]["risks"][0]["risk-log"]["entries"]] == [
        "Done",
        "Done",
        "In progress",
        "Cancelled",
    ]


def test_the_corpus_is_large_enough() -> None:
    assert len(STRINGS) >= 40
