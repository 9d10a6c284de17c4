"""Every format: the same bytes, in good time, whatever the titles; and formats that other packages bring along."""

from __future__ import annotations

import csv
import html
import importlib
import io
import json
import re
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pandas
import pytest

from stepladder.data.formats.plan import Plan, dump
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange import formats as room
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import Format, find, formats, usable
from stepladder.exchange.items import Breakdown
from stepladder.optimise import Options
from stepladder.workflow.export import export
from stepladder.workflow.plan import plan
from tests.support import handmade
from tests.support.commanding import run
from tests.support.hostile import STRINGS
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import fleet, late, small

#: Those that need the codes of a model, or the file that was filled in; they have tests of their own.
OF_A_MODEL, OF_A_FILE = ("dsomm-progress", "samm", "samm-today"), ("csf-profile", "sheet")
#: Without them, and without the one that needs Java.
NAMES = [name for name in formats() if name not in ("p6", *OF_A_MODEL, *OF_A_FILE)]


def test_all_are_there() -> None:
    wanted = (
        "azure-csv ciso-assistant ciso-assistant-update csf-profile csv csv-machine dsomm-progress github gitlab-csv"
        " ics jira-csv json markdown mermaid mspdi oscal-poam p6 pptx samm samm-today sheet taskjuggler xlsx"
    )
    assert list(formats()) == wanted.split()


@pytest.mark.parametrize(
    "make",
    [handmade.bottling, hostile_plan, lambda: small(0), lambda: small(1)],
    ids=["handmade", "hostile", "empty", "one"],
)
@pytest.mark.parametrize("name", NAMES)
def test_the_same_plan_gives_the_same_bytes(name: str, make: Callable[[], Plan]) -> None:
    one, other = find(name).write(breakdown(make())), find(name).write(breakdown(make()))
    assert one
    assert one == other


@pytest.mark.parametrize("seed", range(30))
def test_any_plan_is_written(seed: int) -> None:
    whole = breakdown(handmade.random_plan(seed))
    assert [len(phase.title) > 0 for phase in whole.phases]
    for name in NAMES:
        assert find(name).write(whole)


@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_steps_are_written(name: str) -> None:
    # Mermaid draws no more than 50,000 characters, and has one bar for each system then.
    assert len(find(name).write(breakdown(fleet(50, 20)))) > (2_000 if name == "mermaid" else 10_000)


@pytest.mark.timing
@pytest.mark.parametrize("name", NAMES)
def test_a_thousand_steps_take_less_than_ten_seconds(name: str) -> None:
    plan = fleet(50, 20)
    begun = time.perf_counter()
    find(name).write(breakdown(plan))
    assert time.perf_counter() - begun < 10


def test_another_package_brings_a_format(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "roman-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: roman\nVersion: 1.0\n", encoding="utf-8")
    (package / "entry_points.txt").write_text(
        "[stepladder.formats]\nroman = roman_format:FORMAT\nbad = roman_format:NOTHING\nworse = roman_format:find\n",
        encoding="utf-8",
    )
    module = (
        "from stepladder.exchange.formats import Format, find\nFORMAT = Format('roman', 'Romans', '.rom', lambda plan:"
        " plan.title.upper().encode())\n"
    )
    (tmp_path / "roman_format.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    room.entries.cache_clear()
    try:
        assert find("roman").write(breakdown(handmade.bottling())) == b"BOTTLING LINE"
        for name in ("bad", "worse"):
            with pytest.raises(StepladderError, match=r"cannot be loaded|is no stepladder\.exchange"):
                find(name)
    finally:
        monkeypatch.undo()
        room.entries.cache_clear()


FOREIGN = """
from stepladder.exchange.formats import Format
MERMAID = Format("mermaid", "not ours", ".mmd", lambda plan: b"theirs")
LIAR = Format("other", "not its name", ".lie", lambda plan: b"")
FAILS = Format("fails", "fails", ".bad", lambda plan: 1 / 0)
TEXT = Format("text", "no bytes", ".txt", lambda plan: "text")
"""
ENTRIES = """[stepladder.formats]
mermaid = foreign_format:MERMAID
liar = foreign_format:LIAR
fails = foreign_format:FAILS
text = foreign_format:TEXT
crash = crashing_format:FORMAT
missing = no_such_package:FORMAT
"""


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    package = tmp_path / "foreign-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: foreign\nVersion: 1.0\n", encoding="utf-8")
    (package / "entry_points.txt").write_text(ENTRIES, encoding="utf-8")
    (tmp_path / "foreign_format.py").write_text(FOREIGN, encoding="utf-8")
    (tmp_path / "crashing_format.py").write_text("raise SystemError('at import')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    room.entries.cache_clear()
    yield
    monkeypatch.undo()
    room.entries.cache_clear()


@pytest.mark.usefixtures("foreign")
def test_another_package_takes_no_name_of_ours() -> None:
    assert find("mermaid").write(breakdown(handmade.bottling())).startswith(b"gantt")
    names = [held.name for held in usable()[0]]
    assert "mermaid" in names
    assert "fails" in names
    broken = {held.name: held.reason for held in usable()[1]}
    assert set(broken) == {"mermaid", "liar", "crash", "missing"}
    assert "has this name already" in broken["mermaid"]


@pytest.mark.usefixtures("foreign")
def test_formats_that_cannot_be_used_end_nothing(tmp_path: Path) -> None:
    listing = run("export", "--list")
    assert listing.exit_code == 0
    assert "mermaid" in listing.stdout
    assert "not usable: crash (crashing_format:FORMAT)" in listing.stderr
    plan = tmp_path / "plan.json"
    plan.write_text(dump(handmade.bottling()), encoding="utf-8")
    # A suffix that nobody's name is: all formats are asked for theirs.
    assert run("export", str(plan), "-o", str(tmp_path / "plan.tjp")).exit_code == 0
    for name in ("fails", "text"):
        ended = run("export", str(plan), "--to", name, "-o", str(tmp_path / "plan.out"))
        assert ended.exit_code == 1
        assert f"the format '{name}' (foreign_format:" in ended.stderr
        assert "unexpected" not in ended.stderr
        assert not (tmp_path / "plan.out").exists()


def test_an_unknown_format_is_said_so() -> None:
    with pytest.raises(UsageError, match="did you mean 'mermaid'"):
        find("mermaid2")


# -- CSV ---------------------------------------------------------------------------------------------------------------


def rows(name: str, plan: Breakdown) -> list[dict[str, str]]:
    data = find(name).write(plan)
    text = data.decode("utf-8-sig")
    assert data.startswith(b"\xef\xbb\xbf") == (name in ("csv", "azure-csv"))
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


@pytest.mark.parametrize("name", ["csv", "azure-csv", "jira-csv", "gitlab-csv", "ciso-assistant"])
def test_no_cell_is_a_formula(name: str) -> None:
    for row in rows(name, breakdown(hostile_plan())):
        for value in row.values():
            assert not value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")), value


def test_the_machine_keeps_what_is_written() -> None:
    whole = breakdown(hostile_plan())
    assert [row["title"] for row in rows("csv-machine", whole)] == [item.title for item in whole.items]
    assert any(row["title"] == "=1+1" for row in rows("csv-machine", whole))


def test_jira_rows_by_level_and_under_their_parents() -> None:
    whole = breakdown(handmade.bottling())
    found = rows("jira-csv", whole)
    epics = [row["Issue ID"] for row in found if row["Issue Type"] == "Epic"]
    assert epics == ["1"]
    assert [row["Issue Type"] for row in found] == ["Epic", *["Task"] * (len(found) - 1)]
    assert {row["Parent"] for row in found if row["Issue Type"] == "Task"} == {"1"}
    assert len({row["Issue ID"] for row in found}) == len(found)
    first = next(row for row in found if row["External ID"] == "access.depth.2")
    assert (first["Start date"], first["Due date"]) == ("2027-01-01", "2027-03-31")
    # Nothing but our own two marks is markup.
    for row in rows("jira-csv", breakdown(hostile_plan())):
        assert row["Description"].count("{noformat}") in (0, 2)


@cache
def cameras() -> Plan:
    return plan("home_cameras", options=Options(work=1))


def rendered(text: str) -> str:
    """As a Markdown reader with tables, strikethrough and links of its own accord shows it."""
    markdown = pytest.importorskip("markdown_it")
    return str(markdown.MarkdownIt("gfm-like").render(text))


def check_rendered(page: str) -> None:
    assert not re.search(r"<(a|img|script|svg|del|em|code|b)[ >]", page)
    # What GitHub and GitLab look for in the text that is shown: mentions, numbers of issues.
    shown = html.unescape(re.sub(r"<[^>]*>", "", page))
    assert not re.search(r"@[A-Za-z0-9]|#[0-9]|GH-[0-9]", shown)


def test_gitlab_runs_no_quick_action_and_links_nothing() -> None:
    for row in rows("gitlab-csv", breakdown(hostile_plan())):
        for line in row["description"].splitlines():
            assert not line.lstrip().startswith("/")
        check_rendered(rendered(row["description"]))
        assert not row["title"].startswith("/")


def test_azure_says_how_many_rows_it_takes() -> None:
    notes = export(fleet(50, 20), "azure-csv").notes
    assert notes == (
        (
            "Azure DevOps' import takes 1,000 rows at a time, and there are 1,003; import the file in parts, header"
            " included"
        ),
    )
    assert export(fleet(5, 20), "azure-csv").notes == ()


def test_ciso_assistant_has_the_columns_that_it_imports() -> None:
    known = {
        "internal_id", "ref_id", "name", "description", "domain", "reference_control", "reference_control_ref_id",
        "category", "csf_function", "status", "start_date", "eta", "expiry_date", "priority", "effort",
        "control_impact", "impact", "link", "observation", "cost_currency", "cost_build_fixed",
        "cost_build_people_days", "cost_run_fixed", "cost_run_people_days", "cost_amortization_period", "owner",
        "filtering_labels",
    }  # fmt: skip
    found = rows("ciso-assistant", breakdown(handmade.bottling()))
    assert set(found[0]) <= known
    assert {row["status"] for row in found} == {"to_do"}
    assert [row["priority"] for row in found] == ["1", "1", "2", "3"]
    # 5,000.50 is 5,001: its reader would cut to 5,000.
    assert [row["cost_build_fixed"] for row in found] == ["12000", "5001", "24000", "9000"]
    assert (found[0]["start_date"], found[0]["eta"]) == ("2027-01-01", "2027-03-31")
    assert found[0]["name"] == f"{found[0]['ref_id']} Access Control to Ad hoc"
    assert [row["owner"] for row in found] == ["Plant security", "", "Plant security", ""]
    assert [row["status"] for row in rows("ciso-assistant", breakdown(late()))] == [
        "active",
        "active",
        "in_progress",
        "to_do",
    ]


def test_ciso_assistant_s_update_clears_nobody_s_owner_or_status() -> None:
    """It writes over whatever has a value in the file, and takes the owner away where the column is there at all."""
    made, again = (rows(name, breakdown(late())) for name in ("ciso-assistant", "ciso-assistant-update"))
    assert {*made[0]} - {*again[0]} == {"category", "csf_function", "status", "priority", "filtering_labels", "owner"}
    assert [{name: row[name] for name in again[0]} for row in made] == again


def test_ciso_assistant_takes_a_control_without_a_function_for_one_of_governance() -> None:
    functions = {"govern", "identify", "protect", "detect", "respond", "recover"}
    written = {
        row["name"].split(" ", 1)[1]: row["csf_function"] for row in rows("ciso-assistant", breakdown(cameras()))
    }
    assert {*written.values()} <= functions
    assert written["Event Detection and Response Plan to Minimum"] == "respond"
    assert written["Access Control to Ad hoc"] == "protect"
    assert written["Vulnerability Assessment to Ad hoc"] == "identify"
    assert written["Monitoring Practice to Ad hoc"] == "detect"
    assert written["Security Program Management to Minimum"] == "govern"


@pytest.mark.parametrize("make", [handmade.bottling, hostile_plan, late, lambda: fleet(3, 4)])
def test_ciso_assistant_s_reader_finds_numbers_and_names(make: Callable[[], Plan]) -> None:
    """It reads with pandas, and makes whole numbers of every cost and day; each name must be there and differ."""
    whole = breakdown(make())
    table = (
        pandas.read_csv(io.BytesIO(find("ciso-assistant").write(whole)), encoding="utf-8-sig").astype(object).fillna("")
    )
    assert len(table) == len(whole.items)
    assert ("owner" in table.columns) == any(item.owner for item in whole.items)
    for record, item in zip(table.to_dict(orient="records"), whole.items, strict=True):
        assert record["ref_id"] == item.mark
        assert str(record["name"]).startswith(item.mark)
        assert len(str(record["name"])) <= 200
        assert abs(int(record["cost_build_fixed"]) - item.once) <= 0.5
        assert abs(int(record["cost_run_fixed"]) - item.per_year) <= 0.5
        assert 0 <= int(record["cost_build_people_days"]) - item.days < 1
        assert 1 <= int(record["priority"]) <= 4


def test_tables_say_what_is_done_when_and_what_it_took() -> None:
    """The investment of a step that is at its half is spent by half."""
    found = rows("csv-machine", breakdown(late()))
    table = {row["title"]: (row["state"], row["done_on"], row["spent"]) for row in found}
    assert table == {
        "Access Control to Ad hoc": ("done", "2027-03-31", "12000.00"),
        "Asset Management to Ad hoc": ("done", "2027-06-30", "6000.00"),
        "Access Control to Consistent": ("running", "", "12000.00"),
        "Patch Management to Ad hoc": ("open", "", "0.00"),
    }


def test_a_chart_marks_what_is_done_what_is_running_and_what_is_late() -> None:
    """Of the two steps of a milestone that was due by the end of June one finished in March, one goes on."""
    whole = breakdown(late())
    chart = find("mermaid").write(whole).decode().splitlines()
    lines = [next(line for line in chart if item.mark in line) for item in whole.items]
    tags = [line.rpartition(" :")[2].split(", ")[:-3] for line in lines]
    assert tags == [["done"], ["done"], ["crit", "active"], []]
    assert any(":crit, milestone, " in line for line in chart)


# -- texts -------------------------------------------------------------------------------------------------------------


def test_json_has_everything() -> None:
    said = json.loads(find("json").write(breakdown(handmade.bottling())))
    assert said["format"] == "stepladder-breakdown/1"
    assert [item["step"] for item in said["items"]] == [
        "access.depth.2",
        "assets.depth.2",
        "access.depth.3",
        "patching.depth.2",
    ]
    assert said["items"][0]["start"] == "2027-01-01"
    assert said["parameters"][0]["planned"] == 3


def test_markdown_is_plain_where_people_wrote() -> None:
    page = rendered(find("markdown").write(breakdown(hostile_plan())).decode())
    check_rendered(page.replace("<strong>", "").replace("</strong>", ""))
    assert page.count("<td>SL-") == len(STRINGS)


def test_github_keeps_its_own_marker_only() -> None:
    said = json.loads(find("github").write(breakdown(hostile_plan())))
    for held in said["issues"]:
        block, _, rest = held["body"]["body"].partition("<!-- end of stepladder -->")
        assert block.startswith("<!-- stepladder ")
        assert f" {held['mark']} -->" in block
        assert "<!--" not in rest
        check_rendered(rendered(rest))
        assert len(held["body"]["title"]) <= 256


def test_a_command_writes_what_the_function_makes(tmp_path: Path) -> None:
    path, out = tmp_path / "plan.json", tmp_path / "plan.mmd"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    done = run("export", path, "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    assert out.read_bytes() == find("mermaid").write(breakdown(handmade.bottling()))
    assert run("export", path, "--to", "json", "-o", "-").stdout_bytes == find("json").write(
        breakdown(handmade.bottling())
    )
    listed = run("export", "--list").stdout
    assert all(name in listed for name in formats())


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--to", "msproject", "-o", "x.xml"), 2, "unknown format 'msproject'"),
        (("-o", "plan.doc"), 2, "does not say which format is meant"),
        (("--to", "csv"), 2, "name a plan and, with -o, a file"),
        (("--to", "csv", "-o", "/nowhere/x.csv"), 2, "there is no folder"),
    ],
)
def test_what_cannot_be_is_said_so(plan_path: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run("export", plan_path, *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert said in done.stderr


def test_a_tampered_plan_is_not_exported(plan_path: Path, tmp_path: Path) -> None:
    said = json.loads(plan_path.read_text(encoding="utf-8"))
    said["totals"]["spend"] += 1
    plan_path.write_text(json.dumps(said), encoding="utf-8")
    assert run("export", plan_path, "-o", tmp_path / "x.csv").exit_code == 6
    assert not (tmp_path / "x.csv").exists()


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    return path


def test_a_format_is_a_pure_function() -> None:
    whole = breakdown(handmade.bottling())
    for name in NAMES:
        held: Format = find(name)
        held.write(whole)
    assert whole == breakdown(handmade.bottling())


def test_a_chart_of_several_systems_has_a_section_for_each() -> None:
    text = find("mermaid").write(breakdown(fleet(3, 2))).decode()
    plan = breakdown(fleet(3, 2))
    sections = [line.removeprefix("    section ") for line in text.splitlines() if line.startswith("    section ")]
    inside = {(plan.phases[item.phase].title, plan.called(item.system)) for item in plan.items}
    assert {f"{phase} \u2013 {system}" if system else phase for phase, system in inside} <= set(sections)
    assert not any(f" {plan.called(item.system)}\u2236" in text for item in plan.items if item.system)
