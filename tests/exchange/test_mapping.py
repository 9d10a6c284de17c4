"""A mapping of the tracker: what it sets, what is asked before anything is made, what it leaves alone. The trackers
here are our own, in memory; one Redmine is not.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from stepladder.data.formats.mapping import PLACEHOLDERS, TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.plan import dump as dump_plan
from stepladder.data.load import load, load_plan
from stepladder.data.mapping import load_mapping
from stepladder.errors import InvalidInput, UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.address import below, checked, same_place
from stepladder.exchange.push.engine import Done, PushState
from stepladder.exchange.push.faults import Foreign
from stepladder.exchange.push.mapped import estimate, filled
from stepladder.exchange.push.report import push_json, push_text
from stepladder.exchange.push.state import dump as dump_state
from stepladder.exchange.push.state import load as load_state
from stepladder.exchange.push.trackers import TRACKERS, mapping_of, mapping_text, target
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import Tracker, wanted
from stepladder.workflow.pull import pull
from stepladder.workflow.push import Push, carry_out, look
from tests.support import handmade
from tests.support.commanding import run
from tests.support.fake_azure import FakeAzure
from tests.support.fake_github import FakeGitHub
from tests.support.fake_jira import FakeJira
from tests.support.fake_redmine import FakeRedmine
from tests.support.misbehaving import KINDS
from tests.support.misbehaving import Tracker as Server
from tests.support.trackers import OLD, Memory, new_plan

HERE = Path(__file__).parent
OWNER = "Plant security"
#: How each is reached, and which calls make something.
PLACES = {
    "azure": (FakeAzure, "https://dev.azure.com", "acme/line", ("secret-token",)),
    "github": (FakeGitHub, "https://api.github.com", "acme/line", ("secret-token",)),
    "jira": (FakeJira, "https://acme.atlassian.net", "line", ("me@acme.example", "secret-token")),
    "redmine": (FakeRedmine, "https://redmine.example", "line", ("secret-token",)),
}
COST = {
    "fieldId": "customfield_10050",
    "name": "Cost centre",
    "required": True,
    "schema": {"type": "option", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:select"},
    "allowedValues": [{"id": "11", "value": "IT"}, {"id": "12", "value": "OT"}],
}


def field(number: str, name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"fieldId": number, "name": name, "required": False, "schema": {"type": kind, **more}}


SCREEN = [
    *(field(name, name.title(), "string", system=name) for name in ("summary", "description", "duedate")),
    {
        **field("priority", "Priority", "priority"),
        "allowedValues": [{"id": "1", "name": "High"}, {"id": "2", "name": "Low"}],
    },
    {**field("components", "Components", "array", items="component"), "allowedValues": [{"id": "7", "name": "OT"}]},
    field("assignee", "Assignee", "user"),
    field("timetracking", "Time tracking", "timetracking"),
]


class Calls:
    """A server, and all that it was sent."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.sent: list[tuple[str, str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        self.sent.append((request.method, request.url.raw_path.decode(), body))
        answer: httpx.Response = self.server(request)
        return answer

    @property
    def writes(self) -> list[tuple[str, str, Any]]:
        reads = re.compile(r"/search/jql$|/_apis/wit/(wiql|workitemsbatch)\?")
        return [call for call in self.sent if call[0] != "GET" and not reads.search(call[1])]


def mapping(**keys: Any) -> TrackerMap:
    return TrackerMap.model_validate_json(json.dumps({"format": "stepladder-map/1", **keys}))


def reached(name: str, server: Any, **keys: Any) -> Tracker:
    _, url, project, secrets = PLACES[name]
    web = Web(url, TRACKERS[name].headers(secrets), lambda _: None, transport=Memory(server))
    return TRACKERS[name].make(web, project, mapping(**keys))


def pushed(plan: Plan, tracker: Tracker, state: PushState) -> tuple[Push, Done]:
    planned = look(plan, tracker, state)
    return planned, carry_out(planned, tracker, state, lambda: None)


def refused(name: str, server: Any, **keys: Any) -> str:
    """What is said where nothing is made."""
    calls = Calls(server)
    with pytest.raises(UsageError) as error:
        look(OLD, reached(name, calls, **keys), {})
    assert calls.writes == []
    return str(error.value)


def issues_of(server: Any) -> list[dict[str, Any]]:
    if isinstance(server, FakeAzure):
        return [item["fields"] for item in server.items.values()]
    issues = server.issues
    return list(issues.values()) if isinstance(issues, dict) else issues


# -- without a mapping -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PLACES)
def test_without_a_mapping_exactly_the_same_is_written_as_before_there_were_any(name: str) -> None:
    calls, state = Calls(PLACES[name][0]()), dict[str, Any]()
    tracker = reached(name, calls)
    for plan in (OLD, new_plan()):
        pushed(plan, tracker, state)
    before = json.loads((HERE / "written_by_default.json").read_text(encoding="utf-8"))
    assert [list(call) for call in calls.writes] == before[name]
    text = dump_state(state, {"tracker": name})
    assert '"assignee"' not in text


def test_the_default_report_says_nothing_of_mappings() -> None:
    planned = look(OLD, reached("redmine", FakeRedmine()), {})
    assert all(action.fields == {} for action in planned.steps.actions if action.verb == "create")
    assert "unmapped" not in json.loads(push_json(planned.steps))


# -- the file ----------------------------------------------------------------------------------------------------------


def wrong(tmp_path: Path, text: str, tracker: str = "jira") -> list[str]:
    path = tmp_path / "map.yaml"
    path.write_text(f"format: stepladder-map/1\n{text}\n", encoding="utf-8")
    with pytest.raises(InvalidInput) as error:
        mapping_of(tracker, path)
    return [str(issue).removeprefix(str(path)) for issue in error.value.issues]


@pytest.mark.parametrize(
    ("text", "tracker", "said"),
    [
        ("asignees: {A: b}", "jira", ":2:1 SL101 unknown key 'asignees'; did you mean 'assignees'?"),
        ("type: 4", "jira", ":2:7 SL103 expected text, found 4; put it in quotes"),
        ("links: never", "jira", ':2:8 SL103 expected true or false, found "never"'),
        ("parents: systems", "jira", ":2:10 SL104 \"systems\" is not one of 'none' or 'system'"),
        ("fields:\n  Why: '{ownr}'", "jira", ":3:8 SL104 unknown placeholder '{ownr}'; did you mean '{owner}'?"),
        (
            "fields:\n  Why: ['{x9}']",
            "jira",
            ":3:8 SL104 unknown placeholder '{x9}'; known: "
            + ", ".join(sorted(f"{{{name}}}" for name in PLACEHOLDERS)),
        ),
        ("fields: {Why: {nam: x}}", "jira", ":2:15 SL104 unknown key 'nam'; did you mean 'name'?"),
        ('fields: {Why: "\\e[2J"}', "jira", ":2:15 SL104 contains control characters; remove them"),
        ("fields: {Why: ''}", "jira", ":2:15 SL104 is empty; write a value or leave the field out"),
        ("labels: [a, b c]", "jira", ":2:13 SL104 a label in Jira has no spaces; write b-c"),
        ("components: [OT]", "github", ":2:1 SL101 github has no place for 'components'; jira has one: leave it out"),
        (
            "priority: High",
            "github",
            ":2:1 SL101 github has no place for 'priority'; azure, jira and redmine have one: leave it out",
        ),
        (
            "labels: [x]",
            "redmine",
            ":2:1 SL101 redmine has no place for 'labels'; azure, github and jira have one: leave it out",
        ),
        ("labels: [a; b]", "azure", ":2:10 SL104 a tag in Azure has no ; and no , and at most 400 characters"),
        (
            "fields: {Why: [a]}",
            "azure",
            ":2:15 SL104 azure takes text, a number, true or false here; write the value itself",
        ),
        ("priority: 0.5", "azure", ":2:11 SL103 expected text, found 0.5; put it in quotes"),
        ("category: x", "jira", ":2:1 SL101 jira has no place for 'category'; redmine has one: leave it out"),
        (
            "fields: {Why: {id: 4}}",
            "redmine",
            ":2:15 SL104 redmine takes text, a number or a list here; write the value itself",
        ),
        (
            "statuses: {done: [Verified], cancelled: [verified]}",
            "github",
            ":2:11 SL104 'verified' is done and cancelled; leave it in one of them",
        ),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_with_its_line(text: str, tracker: str, said: str, tmp_path: Path) -> None:
    assert wrong(tmp_path, text, tracker) == [said]


def test_a_mapping_is_checked_and_has_a_schema(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_text("format: stepladder-map/1\ntype: Task\nfields: {Why: '{title}'}\n", encoding="utf-8")
    done = run("check", path, "--width", 400)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[:2] == [
        f"{path}: valid, checked as a mapping of a tracker (stepladder-map/1).",
        "It sets type and fields.",
    ]
    assert json.loads(run("check", path, "--json").stdout)["keys"] == ["type", "fields"]
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(run("schema", "map").stdout)
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert not jsonschema.Draft202012Validator(schema).is_valid(
        {"format": "stepladder-map/1", "fields": {"a": {"b": 1}}}
    )


@pytest.mark.parametrize("name", PLACES)
def test_the_mapping_in_force_can_be_given_back(name: str, tmp_path: Path) -> None:
    plan, path = tmp_path / "plan.json", tmp_path / "map.yaml"
    plan.write_text(dump_plan(OLD), encoding="utf-8")
    # Without an address and without a token: nobody is spoken to.
    command = ("push", plan, "--to", name, "--project", "a/b", "--show-map")
    first = run(*command)
    assert (first.exit_code, first.stderr) == (0, "")
    assert f"#   {OWNER}: …" in first.stdout.splitlines()
    path.write_text(first.stdout, encoding="utf-8")
    again = run(*command, "--map", path)
    assert again.stdout == first.stdout
    default = mapping_of(name, None)
    assert mapping_of(name, path) == default.model_copy(update={"estimates": mapping_of(name, path).estimates})
    assert default == mapping()
    assert list(tmp_path.glob("*.json")) == [plan]


def test_a_full_mapping_can_be_given_back(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    keys = {
        "type": "yes",
        "milestone_type": "Gate: 1",
        "priority": "High",
        "assignees": {OWNER: 5, "Größe": "ann@acme.example"},
        "labels": ["ot"],
        "components": ["A, B"],
        "fields": {"Cost centre": {"id": "12"}, "4": ["{team}", 1.5, True], "Why": "a: {title} # b"},
        "parents": "system",
        "links": False,
        "estimates": True,
        "statuses": {"done": ["Verified"], "running": ["no"]},
    }
    text = mapping_text("jira", mapping(**keys), ["Ops"])
    path.write_text(text, encoding="utf-8")
    assert load_mapping(path) == mapping(**keys)
    assert mapping_text("jira", load_mapping(path), ["Ops"]) == text


def test_the_mapping_on_the_page_is_one(tmp_path: Path) -> None:
    page = (HERE.parents[1] / "docs/how_to/tools.md").read_text(encoding="utf-8")
    path = tmp_path / "map.yaml"
    path.write_text(page.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert mapping_of("jira", path).statuses.done == ("Verified",)
    # Every key is in the table of which tracker has a place for which, and the table is right.
    rows = [line.split("|")[1:6] for line in page.split("| Key | Redmine |")[1].split("\n\n")[0].splitlines()[2:]]
    keys = {re.findall(r"`(\w+)", name)[0]: cells for name, *cells in rows}
    assert set(keys) == set(TrackerMap.model_fields) - {"format"}
    for key, cells in keys.items():
        for tracker, cell in zip(("redmine", "github", "jira", "azure"), cells, strict=True):
            assert bool(cell.strip()) is (key in TRACKERS[tracker].keys), (key, tracker)


@pytest.mark.parametrize("name", PLACES)
def test_the_commands_take_a_mapping(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan, path, state = tmp_path / "plan.json", tmp_path / "map.yaml", tmp_path / "state.json"
    plan.write_text(dump_plan(OLD), encoding="utf-8")
    path.write_text("format: stepladder-map/1\ntype: Nonsense\nstatuses: {done: [x]}\n", encoding="utf-8")
    for variable, value in KINDS[name].environment.items():
        monkeypatch.setenv(variable, value)
    with Server(KINDS[name]) as server:
        there = ("--to", name, "--project", server.kind.project, "--url", server.url, "--state", state, "--map", path)
        for more in ((), ("--apply",)):
            done = run("push", plan, *there, *more)
            assert (done.exit_code, done.stdout) == (2, "")
            assert "'Nonsense'" in done.stderr
        assert not state.exists()
        writes = re.compile(r"PUT|PATCH|POST .*(issue|workitems/)")
        assert not any(writes.match(call) for call in server.calls)
        done = run("pull", plan, *there, "--as-of", "2027-Q2")
        assert done.exit_code == 0


KEYS = {"type": "Task", "assignees": {OWNER: "ann"}, "labels": ["ot"]}


def test_a_scenario_s_mapping_is_carried_by_its_plans(tmp_path: Path) -> None:
    path, plan_file = tmp_path / "mill.yaml", tmp_path / "plan.json"
    for name in ("mill.yaml", "catalogue.yaml"):
        shutil.copy(HERE.parent / "data" / name, tmp_path)
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\ntracker: {json.dumps(KEYS)}\n", encoding="utf-8")
    context = load(path).context
    assert context is not None
    assert OLD.context is not None
    plan = OLD.model_copy(update={"context": OLD.context.model_copy(update={"tracker": context.tracker})})
    plan_file.write_text(dump_plan(plan), encoding="utf-8")
    carried = load_plan(plan_file)
    assert mapping_of("github", None, carried) == mapping(**KEYS)
    shown = run("push", plan_file, "--to", "github", "--project", "a/b", "--show-map")
    assert "type: Task\n" in shown.stdout
    # A file takes its place as a whole.
    other = tmp_path / "map.yaml"
    other.write_text("format: stepladder-map/1\nlabels: [it]\n", encoding="utf-8")
    assert mapping_of("github", other, carried) == mapping(labels=["it"])
    refused = run("push", plan_file, "--to", "redmine", "--project", "a", "--url", "https://r.example")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "redmine has no place for 'labels'; azure, github and jira have one" in refused.stderr
    # What is changed in the plan's file is noticed.
    plan_file.write_text(plan_file.read_text(encoding="utf-8").replace('"ann"', '"eve"'), encoding="utf-8")
    assert run("verify", plan_file).exit_code == 6


def test_a_plan_without_a_mapping_is_written_as_before() -> None:
    assert '"tracker"' not in dump_plan(OLD)


def test_what_is_wrong_with_a_scenario_s_mapping_has_its_line(tmp_path: Path) -> None:
    for name in ("mill.yaml", "catalogue.yaml"):
        shutil.copy(HERE.parent / "data" / name, tmp_path)
    path = tmp_path / "mill.yaml"
    lines = path.read_text(encoding="utf-8").rstrip().splitlines()
    wrongs = ["tracker:", "  tipe: Task", "  statuses: {done: [a], running: [A]}"]
    path.write_text("\n".join([*lines, *wrongs]) + "\n", encoding="utf-8")
    done = run("check", path)
    assert done.exit_code == 3
    assert f"mill.yaml:{len(lines) + 2}:3 SL101 unknown key 'tipe'; did you mean 'type'?" in done.stderr
    assert f"mill.yaml:{len(lines) + 3}:13 SL104 'A' is done and running; leave it in one of them" in done.stderr


# -- what is set -------------------------------------------------------------------------------------------------------


def test_placeholders_are_replaced_and_nothing_else() -> None:
    item = breakdown(OLD).items[0]
    about = wanted(breakdown(OLD))[item.mark].about
    assert set(about) == set(PLACEHOLDERS)
    text = filled({"name": ["{id}|{owner}|{start}|{finish}|{cost}", 5, "{ no } {}"]}, about)
    assert text == {"name": [f"{item.id}|{OWNER}|{item.start}|{item.finish}|{item.once:.2f}", 5, "{ no } {}"]}


@pytest.mark.parametrize(("days", "said"), [(1, "8h"), (0.5, "4h"), (0.01, "5m"), (2.55, "20h 24m"), (0, "0m")])
def test_an_estimate_is_hours_and_minutes(days: float, said: str) -> None:
    assert estimate(days) == said


def test_jira_gets_what_the_mapping_says() -> None:
    server, state = FakeJira(), dict[str, Any]()
    server.screens = {
        "4": [
            *SCREEN,
            COST,
            field("customfield_1", "Money", "number"),
            field(
                "customfield_2", "Why", "string", custom="com.atlassian.jira.plugin.system.customfieldtypes:textarea"
            ),
            field("customfield_3", "Tags", "array", items="string"),
        ],
        "1": [COST, field("customfield_1", "Money", "number")],
    }
    tracker = reached(
        "jira",
        server,
        type="risk",
        priority="high",
        assignees={OWNER: "ann@acme.example"},
        labels=["ot"],
        components=["ot"],
        fields={"cost Centre": "OT", "customfield_1": "{cost}", "Why": "{title}\nbecause", "Tags": "{id}"},
        estimates=True,
    )
    planned, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    item = breakdown(OLD).items[0]
    fields = server.issues[state[item.mark].key]
    assert fields["issuetype"] == {"id": "4"}
    assert (fields["priority"], fields["components"]) == ({"id": "1"}, [{"id": "7"}])
    assert fields["assignee"] == {"id": "5b10aa"}
    assert fields["labels"] == ["stepladder", "stepladder-step", item.mark.lower(), "ot"]
    assert fields["customfield_10050"] == {"id": "12"}
    assert fields["customfield_1"] == item.once
    assert fields["customfield_2"]["type"] == "doc"
    assert fields["customfield_3"] == [item.id]
    assert fields["timetracking"] == {"originalEstimate": estimate(item.days)}
    # Of an epic only what its screen wants.
    epic = next(held for held in server.issues.values() if held["issuetype"] == {"id": "1"})
    assert epic["customfield_10050"] == {"id": "12"}
    assert "customfield_1" not in epic
    assert epic["labels"] == ["stepladder", "stepladder-phase", epic["labels"][2]]
    text = push_text(planned.steps)
    assert "type risk, priority high, assignee ann@acme.example, labels ot, components ot" in " ".join(text.split())
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_a_screen_comes_in_pages_and_each_user_is_looked_up_once() -> None:
    server = FakeJira()
    server.most = 3
    # Numbers where others write text, and a field of which nothing is said.
    odd = {**COST, "allowedValues": [{"id": 12, "value": 4}, "OT", None], "required": False}
    server.screens = {"2": [*SCREEN, {"fieldId": "customfield_7", "name": "Odd", "schema": None}, odd]}
    calls = Calls(server)
    keys = {"fields": {"Cost centre": 4}, "assignees": {OWNER: "5b10aa"}}
    look(plant(30), reached("jira", calls, **keys), {})
    assert [body for _, path, body in calls.sent if "createmeta/LINE/issuetypes/2" in path] == [None] * 3
    _, done = pushed(OLD, reached("jira", calls, **keys), {})
    assert done.failed == []
    assert all(issue["customfield_10050"] == {"id": "12"} for issue in server.issues.values() if "assignee" in issue)
    calls.sent.clear()
    server.issues.clear()
    with pytest.raises(UsageError):
        look(OLD, reached("jira", calls, assignees={OWNER: "nobody@acme.example"}), {})
    assert sum("/user/assignable/search" in path for _, path, _ in calls.sent) == 2


def test_an_account_is_found_by_an_e_mail_that_is_hidden() -> None:
    server, state = FakeJira(), dict[str, Any]()
    server.screens = {"2": SCREEN}
    pushed(OLD, reached("jira", server, assignees={OWNER: "bob@acme.example"}), state)
    assert {"id": "5b10bb"} in [issue.get("assignee") for issue in server.issues.values()]


def test_redmine_gets_what_the_mapping_says() -> None:
    server, state = FakeRedmine(), dict[str, Any]()
    server.custom = [{"id": 3, "name": "Cost centre", "is_required": True, "possible_values": [{"value": "OT"}]}]
    keys = {"fields": {"3": "OT"}, "priority": "High", "category": "network", "type": "task", "estimates": False}
    for user, number in (("Ann Lee", 5), (5, 5), ("bray", 6)):
        tracker = reached("redmine", server, assignees={OWNER: user}, **keys)
        server.issues.clear()
        state.clear()
        _, done = pushed(OLD, tracker, state)
        assert (done.failed, done.drift) == ([], [])
        issue = server.issues[0]
        assert (issue["tracker_id"], issue["priority_id"], issue["category_id"]) == (2, 3, 1)
        assert {held.get("assigned_to_id") for held in server.issues} == {number, None}
        assert issue["custom_fields"] == [{"id": 3, "value": "OT"}]
        assert "estimated_hours" not in issue
        assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_github_gets_what_the_mapping_says() -> None:
    server, state = FakeGitHub(), dict[str, Any]()
    tracker = reached("github", server, assignees={OWNER: "ann"}, labels=["ot"], type="Task", milestone_type="Bug")
    _, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    kinds = {issue["title"].partition(" ")[2][:9] == "Milestone": issue for issue in server.issues}
    assert (kinds[True]["type"], kinds[False]["type"]) == ("Bug", "Task")
    assert all(issue["labels"] == ["stepladder", "ot"] for issue in server.issues)
    assert ["ann"] in [issue["assignees"] for issue in server.issues]
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


@pytest.mark.parametrize("name", PLACES)
def test_without_links_none_are_set_and_none_are_taken_away(name: str) -> None:
    server, state = PLACES[name][0](), dict[str, Any]()
    planned, _ = pushed(OLD, reached(name, server), state)
    assert "link" in {action.verb for action in planned.steps.actions}
    assert look(OLD, reached(name, server, links=False), state).steps.actions == ()
    fresh = look(OLD, reached(name, PLACES[name][0](), links=False), {})
    assert {action.verb for action in fresh.steps.actions} == {"create"}


# -- users -------------------------------------------------------------------------------------------------------------


def test_owners_without_a_user_are_named_in_one_line() -> None:
    planned = look(OLD, reached("redmine", FakeRedmine(), assignees={"Somebody": "5"}), {})
    assert planned.steps.unmapped == (OWNER,)
    line = "Without a user in the mapping, so that their steps are assigned to nobody: Plant security."
    assert line in " ".join(push_text(planned.steps).split())
    assert json.loads(push_json(planned.steps))["unmapped"] == [OWNER]


def test_a_team_has_a_user_where_the_owner_has_none() -> None:
    wants = [want for want in wanted(breakdown(OLD)).values() if want.kind == "item" and len(want.people) > 1]
    team = wants[0].people[-1]
    planned = look(OLD, reached("redmine", FakeRedmine(), assignees={team: "5"}), {})
    assert "5" in [action.fields.get("assignee") for action in planned.steps.actions]


@pytest.mark.parametrize("name", PLACES)
def test_who_is_assigned_is_never_changed_again(name: str) -> None:
    server, state = PLACES[name][0](), dict[str, Any]()
    if isinstance(server, FakeJira):
        server.screens = {"2": SCREEN}
    user, other = {
        "azure": ("ann@acme.example", "acme\\bray"),
        "github": ("ann", "bob-lee"),
        "jira": ("5b10aa", "5b10bb"),
        "redmine": ("5", "6"),
    }[name]
    pushed(OLD, reached(name, server, assignees={OWNER: user}), state)
    for issue in issues_of(server):
        # As if somebody had done it there.
        issue |= {"assignees": [other], "assignee": {"id": other}, "assigned_to_id": other, "System.AssignedTo": other}
    for keys in ({"assignees": {OWNER: user}}, {}):
        calls = Calls(server)
        for plan in (OLD, new_plan()):
            pushed(plan, reached(name, calls, **keys), state)
        changes = [body for method, _, body in calls.writes if method in ("PUT", "PATCH")]
        assert not any("assign" in json.dumps(body).casefold() for body in changes)


def test_whom_a_push_has_assigned_has_not_begun() -> None:
    first = breakdown(OLD).items[0]
    for keys, status in (({"assignees": {OWNER: "ann"}}, "slipped"), ({}, "running")):
        server, state = FakeGitHub(), dict[str, Any]()
        pushed(OLD, reached("github", server, **keys), state)
        for issue in server.issues:
            issue["assignees"] = ["ann"]
        text, _ = pull(OLD, reached("github", server), state, "2027-Q3")
        assert yaml.safe_load(text)["steps"][first.step]["status"] == status


def test_the_state_remembers_who_was_assigned(tmp_path: Path) -> None:
    state: dict[str, Any] = {}
    pushed(OLD, reached("github", FakeGitHub(), assignees={OWNER: "ann"}), state)
    there = {"tracker": "github", "url": "", "project": "acme/line"}
    path = tmp_path / "state.json"
    path.write_text(dump_state(state, there), encoding="utf-8")
    assert load_state(path, there) == state
    assert "ann" in {record.assignee for record in state.values()}


# -- before anything is made -------------------------------------------------------------------------------------------


def test_jira_is_asked_before_anything_is_made() -> None:
    server = FakeJira()
    server.screens = {"2": [*SCREEN, COST]}
    lines = "add to it:\n  fields:\n    Cost centre: IT  # or OT"
    needed = (
        "every issue of the type 'Task' must have 'Cost centre' (customfield_10050), and the mapping (--map) does not"
    )
    assert refused("jira", server) == f"{needed} set it; {lines}"
    assert refused("jira", server, type="Tusk") == "this project has no type of issue 'Tusk'; it has Task, Risk"
    assert refused("jira", server, priority="hi") == "the field 'Priority' has no value 'hi'; it has High, Low"
    assert refused("jira", server, components=["IT"]) == "the field 'Components' has no value 'IT'; it has OT"
    assert refused("jira", server, assignees={OWNER: "bobb@acme.example"}) == (
        "this project has no assignable user 'bobb@acme.example'; it has Bob Ray (5b10bb), Ann Lee (5b10aa)"
    )
    assert refused("jira", server, fields={"Cost center": "OT"}).startswith(
        "the screen of the type 'Task' has no field 'Cost center'; it has Cost centre, "
    )
    assert refused("jira", server, fields={"Cost centre": "OTT"}) == (
        "the field 'Cost centre' has no value 'OTT'; it has OT, IT"
    )
    server.fields = [{"id": "customfield_8", "name": "Budget"}]
    assert "put it there, or take it out of the mapping" in refused("jira", server, fields={"Budget": 5})
    # Several things at once.
    assert len(refused("jira", server, priority="hi", fields={"Budget": 5}).splitlines()) == 2
    server.screens["2"].append(field("customfield_9", "Money", "number"))
    assert "takes a number, and the mapping makes 'much'" in refused(
        "jira", server, fields={"Cost centre": "OT", "Money": "much"}
    )


def test_a_field_that_is_empty_for_some_step_is_not_set() -> None:
    server = FakeJira()
    server.screens = {"2": [{**field("customfield_9", "Line", "string"), "required": True}]}
    assert "must have 'Line' (customfield_9)" in refused("jira", server, fields={"Line": "{system}"})


def test_what_jira_does_not_tell_is_learned_from_the_first_issue() -> None:
    server, state = FakeJira(), dict[str, Any]()
    server.screens, server.secret = None, [COST]
    server.fields = [{"id": "customfield_10050", "name": "Cost centre"}]
    _, done = pushed(OLD, reached("jira", server), state)
    assert (server.issues, state) == ({}, {})
    first, rest = done.failed[0][1], {why for _, why in done.failed[1:]}
    assert "Cost centre is required." in first
    assert first.endswith("add to it:\n  fields:\n    Cost centre: …")
    assert rest == {"not tried, because the tracker wants more of it than the mapping sets, or another value"}
    # By its name, though nothing is told of its values.
    _, done = pushed(OLD, reached("jira", server, fields={"Cost centre": {"value": "OT"}}), state)
    assert done.failed == []
    assert all(issue["customfield_10050"] == {"value": "OT"} for issue in server.issues.values())


def test_redmine_is_asked_before_anything_is_made() -> None:
    server = FakeRedmine()
    server.admin = True
    server.custom = [
        {
            "id": 3,
            "name": "Cost centre",
            "customized_type": "issue",
            "is_required": True,
            "trackers": [{"id": 2}],
            "possible_values": [{"value": "IT"}, {"value": "OT"}],
        }
    ]
    # It is for another tracker.
    assert look(OLD, reached("redmine", server), {}).steps.actions
    assert refused("redmine", server, type="Task") == (
        "every issue here must have 'Cost centre' (id 3), and the mapping (--map) does not set it; add to it:\n"
        "  fields:\n    Cost centre: IT  # or OT"
    )
    assert refused("redmine", server, type="Taks") == "this project has no tracker 'Taks'; it has Task, Bug"
    assert refused("redmine", server, priority="Hi") == "this project has no priority 'Hi'; it has High, Low, Normal"
    assert refused("redmine", server, category="Net") == "this project has no category 'Net'; it has Network"
    assert "the field 'Cost centre' has no value 'O'; it has OT, IT" in refused(
        "redmine", server, fields={"Cost centre": "O"}
    )
    assert refused("redmine", server, fields={"Cost": "O"}).endswith("it has Cost centre")
    # Eve can log in, and is no member.
    assert refused("redmine", server, assignees={OWNER: "eve"}) == (
        "this project has no member 'eve'; it has Ann Lee (5), Bob Ray (6)"
    )
    assert look(OLD, reached("redmine", server, assignees={OWNER: "alee"}), {}).steps.actions


def test_a_field_for_all_projects_is_known_by_issues_that_are_there_or_by_its_number() -> None:
    server, state = FakeRedmine(), dict[str, Any]()
    server.custom = [{"id": 3, "name": "Cost centre", "is_required": True}]
    server.everywhere = {3}
    assert "this project has no custom field of issues 'Cost centre'; Redmine may have more" in refused(
        "redmine", server, fields={"Cost centre": "OT"}
    )
    _, done = pushed(OLD, reached("redmine", server, fields={"3": "OT"}), state)
    assert done.failed == []
    for issue in server.issues:
        issue["custom_fields"] = [{"id": 3, "name": "Cost centre", "value": "OT"}]
    assert look(new_plan(), reached("redmine", server, fields={"Cost centre": "OT"}), state).steps.actions


def test_what_redmine_does_not_tell_is_learned_from_the_first_issue() -> None:
    server, state = FakeRedmine(), dict[str, Any]()
    server.custom = [{"id": 3, "name": "Cost centre", "is_required": True}]
    _, done = pushed(OLD, reached("redmine", server), state)
    assert server.issues == []
    faults = [why for action, why in done.failed if action.verb == "create"]
    assert faults[0].startswith("redmine.example does not take the first step: Cost centre cannot be blank; ")
    assert faults[0].endswith(
        "must have 'Cost centre' (id 3), and the mapping (--map) does not set it; add to it:\n"
        "  fields:\n    Cost centre: …"
    )
    assert len(set(faults)) == 2
    planned = look(OLD, reached("redmine", server), {})
    assert "does not set it; add to it:\n    fields:\n      Cost centre: …\n" in push_text(planned.steps, done)
    _, done = pushed(OLD, reached("redmine", server, fields={"Cost centre": "OT"}), state)
    assert done.failed == []


def test_github_is_asked_before_anything_is_made() -> None:
    server = FakeGitHub()
    assert refused("github", server, assignees={OWNER: "bob"}) == (
        "this project has no assignable user 'bob'; it has bob-lee, ann"
    )
    assert "this project has no assignable user" in refused("github", server, assignees={OWNER: "../../x"})
    assert refused("github", server, type="Tsk").startswith("acme has no type of issue 'Tsk'; it has Task, ")
    server.types = None
    assert refused("github", server, type="Task").startswith(
        "acme has no types of issues, which only organisations have"
    )


# -- parents -----------------------------------------------------------------------------------------------------------


def plant(north: int, south: int = 0, *, first: int = 0) -> Plan:
    """So many steps of each of two systems, in one quarter."""
    names = [f"north/step{k}.depth.2" for k in range(first, first + north)]
    names += [f"south/step{k}.depth.2" for k in range(south)]
    asked = handmade.problem(
        title="Plant",
        steps=[{"id": name, "title": f"Step {name}", "once": 1} for name in names],
        threats=[],
        windows=[],
        appetite=[],
    )
    return handmade.plan(asked, dict.fromkeys(names, 0))


def children(server: FakeGitHub) -> dict[str, int]:
    """How many stand below each, by its title without the mark."""
    titles = {issue["number"]: issue["title"].partition(" ")[2] for issue in server.issues}
    return {title: n for number, title in titles.items() if (n := list(server.below.values()).count(number))}


def test_github_has_an_issue_for_each_system_and_at_most_a_hundred_below_it() -> None:
    server, state = FakeGitHub(), dict[str, Any]()
    server.pages = 100
    tracker = reached("github", server, parents="system", links=False)
    planned, done = pushed(plant(103, 2), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert children(server) == {"Plant: north": 100, "Plant: north (2)": 3, "Plant: south": 2}
    assert sum(action.verb == "nest" for action in planned.steps.actions) == 105
    assert "put below 105" in push_text(planned.steps)
    assert pushed(plant(103, 2), tracker, state)[0].steps.actions == ()
    # By the tracker's own word where the state is lost.
    assert {action.verb for action in look(plant(103, 2), tracker, {}).steps.actions} == set()
    # Those that are dropped stay where they are, and count.
    _, done = pushed(plant(103, 2, first=50), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert children(server) == {"Plant: north": 100, "Plant: north (2)": 53, "Plant: south": 2}
    assert pushed(plant(103, 2, first=50), tracker, state)[0].steps.actions == ()


def test_what_people_took_out_of_its_parent_stays_out() -> None:
    server, state = FakeGitHub(), dict[str, Any]()
    tracker = reached("github", server, parents="system")
    pushed(OLD, tracker, state)
    assert children(server) == {"Bottling line": 4}
    server.below.popitem()
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    # Without the mapping nothing is taken away or closed.
    assert look(OLD, reached("github", server), state).steps.actions == ()


def test_a_call_that_is_lost_puts_nothing_below_twice() -> None:
    for call in range(1, 20):
        server, state = FakeGitHub({call: "lost"}), dict[str, Any]()
        tracker = reached("github", server, parents="system")
        _, done = pushed(OLD, tracker, state)
        assert done.failed == []
        assert children(server) == {"Bottling line": 4}
        assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_jira_has_an_epic_for_each_system_in_place_of_the_phases() -> None:
    for before in (True, False):
        server, state = FakeJira(), dict[str, Any]()
        if before:
            # From phases to systems, and nothing is made twice.
            pushed(plant(2, 1), reached("jira", server), state)
        tracker = reached("jira", server, parents="system")
        _, done = pushed(plant(2, 1), tracker, state)
        assert (done.failed, done.drift) == ([], [])
        epics = {
            key: issue["summary"].partition(" ")[2]
            for key, issue in server.issues.items()
            if "stepladder-system" in issue["labels"]
        }
        assert set(epics.values()) == {"Plant: north", "Plant: south"}
        steps = [issue for issue in server.issues.values() if "stepladder-step" in issue["labels"]]
        assert sorted(epics[issue["parent"]["key"]] for issue in steps) == ["Plant: north"] * 2 + ["Plant: south"]
        assert pushed(plant(2, 1), tracker, state)[0].steps.actions == ()


def test_a_dated_demand_stands_with_its_first_step() -> None:
    server, state = FakeJira(), dict[str, Any]()
    tracker = reached("jira", server, parents="system")
    _, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    epic = next(key for key, issue in server.issues.items() if "stepladder-system" in issue["labels"])
    assert {issue["parent"]["key"] for key, issue in server.issues.items() if key != epic} == {epic}


# -- Azure Boards ------------------------------------------------------------------------------------------------------

#: Beside what Azure's own types have: a list, one from which one may depart, and what numbers, days and words may be.
AZURE_FIELDS: dict[str, dict[str, Any]] = {
    "Custom.CostCentre": {"name": "Cost centre", "type": "string", "allowed": ["IT", "OT"]},
    "Custom.Line": {"name": "Line", "type": "string", "allowed": ["North"], "isPicklistSuggested": True},
    "Custom.Money": {"name": "Money", "type": "double"},
    "Custom.Rank": {"name": "Rank", "type": "integer"},
    "Custom.Review": {"name": "Review", "type": "dateTime"},
    "Custom.Safe": {"name": "Safe", "type": "boolean"},
    "Custom.Why": {"name": "Why", "type": "html"},
    "Custom.Sponsor": {"name": "Sponsor", "type": "string", "isIdentity": True},
    "Custom.Elsewhere": {"name": "Budget", "type": "string"},
}


def azure(*types: str) -> FakeAzure:
    """One of which these types have all further fields but the last."""
    server = FakeAzure()
    server.fields |= copy.deepcopy(AZURE_FIELDS)
    for type_ in types:
        server.further[type_] = (*server.further.get(type_, ()), *list(AZURE_FIELDS)[:-1])
    return server


def made_as(server: FakeAzure, type_: str) -> list[dict[str, Any]]:
    return [fields for fields in issues_of(server) if fields["System.WorkItemType"] == type_]


def test_azure_gets_what_the_mapping_says() -> None:
    server, state = azure("Task"), dict[str, Any]()
    keys = {
        "type": "task",
        "milestone_type": "Issue",
        "priority": 1,
        "assignees": {OWNER: "Ann@acme.example"},
        "labels": ["ot", "site 4"],
        "estimates": True,
    }
    fields = {
        "cost Centre": "ot",
        "Custom.Line": "South",
        "Money": "{cost}",
        "Rank": 3,
        "Review": "{finish}",
        "safe": True,
        "Why": "<{id}>\nbecause",
        "Sponsor": "acme\\bray",
    }
    # A dated demand has no cost, and is of another type that has none of these fields.
    with pytest.raises(UsageError, match=r"the type 'Issue' does not have the field 'cost Centre'; add it there, or"):
        look(OLD, reached("azure", server, **keys, fields=fields), {})
    server.further["Issue"] = tuple(AZURE_FIELDS)
    tracker = reached("azure", server, **keys, fields=fields)
    planned, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    item = breakdown(OLD).items[0]
    held = server.items[int(state[item.mark].key)]["fields"]
    assert (held["System.WorkItemType"], held["Microsoft.VSTS.Common.Priority"]) == ("Task", 1)
    assert held["System.AssignedTo"]["displayName"] == "Ann Lee"
    assert held["System.Tags"] == f"ot; site 4; {item.mark}; stepladder; stepladder-step"
    assert held["Microsoft.VSTS.Scheduling.OriginalEstimate"] == round(item.days * 8, 2)
    assert (held["Custom.CostCentre"], held["Custom.Line"], held["Custom.Money"]) == ("OT", "South", item.once)
    assert (held["Custom.Rank"], held["Custom.Review"], held["Custom.Safe"]) == (3, f"{item.finish}T10:00:00Z", True)
    assert held["Custom.Why"] == f"<div>&lt;{item.id}&gt;</div><div>because</div>"
    assert held["Custom.Sponsor"]["displayName"] == "Bob Ray"
    assert held["Microsoft.VSTS.Scheduling.FinishDate"] == f"{item.finish}T10:00:00Z"
    # Of a dated demand all but what only steps have; its date stands in the text, since the type has no field for it.
    (demand,) = made_as(server, "Issue")
    assert (demand["Custom.Rank"], demand["Microsoft.VSTS.Common.Priority"]) == (3, 1)
    assert "System.AssignedTo" not in demand
    assert demand["System.Description"].startswith("<div>Due: 2027-12-11</div>")
    # Of an epic nothing.
    (epic,) = made_as(server, "Epic")
    assert not any(name.startswith("Custom.") or name.endswith("Priority") for name in epic)
    assert epic["System.Tags"].count(";") == 2
    text = " ".join(push_text(planned.steps).split())
    assert "type task, priority 1, assignee Ann@acme.example, labels ot, site 4" in text
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    # Of another type, or of none, it is about new items.
    for other in ({}, {"type": "Bug"}):
        assert look(OLD, reached("azure", server, **other), state).steps.actions == ()
        _, done = pushed(new_plan(), reached("azure", server, **other), state)
        assert (done.failed, done.drift) == ([], [])
        assert pushed(OLD, tracker, state)[1].whole
    assert made_as(server, "Bug") == []


def test_azure_has_estimates_only_where_the_type_has_them() -> None:
    server = FakeAzure()
    _, done = pushed(OLD, reached("azure", server, estimates=True), {})
    assert done.whole
    assert not any(name.endswith("OriginalEstimate") for fields in issues_of(server) for name in fields)


def test_azure_is_asked_before_anything_is_made() -> None:
    server = azure("User Story")
    said = "this project has no type of work item 'Tusk'; it has Task, Bug, User Story, Issue"
    assert refused("azure", server, type="Tusk") == said
    assert refused("azure", server, milestone_type="Tusk", fields={"Nonsense": 1}) == said
    # Of epics there are phases.
    assert refused("azure", server, type="Epic").startswith("this project has no type of work item 'Epic'; it has ")
    for priority in ("5", "High"):
        assert refused("azure", server, priority=priority) == (
            f"this project has no priority {priority!r}; it has 1, 2, 3, 4"
        )
    assert refused("azure", server, fields={"Cost center": "OT"}).startswith(
        "the type 'User Story' has no field 'Cost center'; it has Cost centre, "
    )
    assert refused("azure", server, fields={"Budget": 5}) == (
        "the type 'User Story' does not have the field 'Budget'; add it there, or take it out of the mapping"
    )
    assert refused("azure", server, fields={"System.CreatedDate": "2027-01-01"}) == (
        "the field 'Created Date' cannot be written; take it out of the mapping"
    )
    for name in ("Title", "System.Tags", "start date"):
        assert "is filled from the plan; take it out of the mapping" in refused("azure", server, fields={name: "x"})
    wrongs = {"Cost centre": "OTT", "Money": "much", "Rank": 1.5, "Review": "soon", "Safe": "perhaps"}
    assert refused("azure", server, fields=wrongs).splitlines() == [
        "the field 'Cost centre' has no value 'OTT'; it has OT, IT",
        "the field 'Money' takes a number, and the mapping makes 'much' of it",
        "the field 'Rank' takes a whole number, and the mapping makes 1.5 of it",
        "the field 'Review' takes a day such as 2027-04-01, and the mapping makes 'soon' of it",
        "the field 'Safe' takes true or false, and the mapping makes 'perhaps' of it",
    ]


def test_a_type_that_the_mapping_names_makes_up_for_one_that_is_not_there() -> None:
    server = FakeAzure()
    del server.types["User Story"], server.types["Issue"]
    with pytest.raises(UsageError, match="no type of work item for steps"):
        reached("azure", server)
    _, done = pushed(OLD, reached("azure", server, type="Task"), {})
    assert done.whole
    server = FakeAzure()
    server.fields["Microsoft.VSTS.Common.Priority"]["allowed"] = []
    assert refused("azure", server, priority=5).endswith("it has 1, 2, 3, 4")


def test_a_field_that_azure_s_process_asks_for_is_set_by_the_mapping() -> None:
    server, state = FakeAzure(), dict[str, Any]()
    server.required = {"Custom.CostCentre": "Cost centre"}
    server.fields["Custom.CostCentre"] = {"name": "Cost centre", "type": "string", "allowed": ["IT", "OT"]}
    assert refused("azure", server).endswith("add to it:\n  fields:\n    Cost centre: IT  # or OT")
    # Of an epic a placeholder says nothing.
    server.fields["Custom.CostCentre"]["allowed"] = []
    assert "the type 'Epic' must have" in refused("azure", server, fields={"Cost centre": "{owner}"})
    _, done = pushed(OLD, reached("azure", server, fields={"Cost centre": "OT"}), state)
    assert done.whole
    assert {fields["Custom.CostCentre"] for fields in issues_of(server)} == {"OT"}
    # Nothing is to be made any more: what is there is read, compared and changed without it.
    assert look(OLD, reached("azure", server), state).steps.actions == ()


def test_a_required_assignee_is_whoever_the_mapping_has_or_else_one_for_all() -> None:
    server, state = FakeAzure(), dict[str, Any]()
    server.required = {"System.AssignedTo": "Assigned To"}
    keys = {"assignees": {OWNER: "ann@acme.example"}}
    assert "must have 'Assigned To' (System.AssignedTo)" in refused("azure", server, **keys)
    _, done = pushed(OLD, reached("azure", server, **keys, fields={"Assigned To": "acme\\bray"}), state)
    assert done.whole
    item = breakdown(OLD).items[0]
    people = {number: one["fields"]["System.AssignedTo"]["displayName"] for number, one in server.items.items()}
    assert people[int(state[item.mark].key)] == "Ann Lee"
    assert set(people.values()) == {"Ann Lee", "Bob Ray"}


def test_whom_azure_does_not_know_is_learned_from_the_first_item() -> None:
    server, state = FakeAzure(), dict[str, Any]()
    _, done = pushed(OLD, reached("azure", server, assignees={OWNER: "eve@acme.example"}), state)
    faults = [why for action, why in done.failed if action.verb == "create"]
    assert faults[0] == (
        "dev.azure.com does not take what the mapping sets: The identity value 'eve@acme.example' for field"
        " 'Assigned To' is an unknown identity; correct assignees in it (--map)"
    )
    assert set(faults[1:]) == {
        "not tried, because the tracker wants more of it than the mapping sets, or another value"
    }
    # A user for all is one of the fields.
    _, done = pushed(OLD, reached("azure", server, fields={"Assigned To": "eve@acme.example"}), dict(state))
    assert "correct fields in it (--map)" in done.failed[0][1]
    # The epic, the dated demand, and no step.
    assert [fields["System.Tags"].rpartition("-")[2] for fields in issues_of(server)] == ["phase", "milestone"]
    _, done = pushed(OLD, reached("azure", server, assignees={OWNER: "ann@acme.example"}), state)
    assert done.whole
    assert len(server.items) == 6


def test_what_azure_does_not_tell_is_learned_from_the_first_item() -> None:
    server, state = FakeAzure(), dict[str, Any]()
    server.required, server.secret = {"Custom.CostCentre": "Cost centre"}, {"Custom.CostCentre"}
    planned, done = pushed(OLD, reached("azure", server), state)
    assert (server.items, state) == ({}, {})
    faults = [why for _, why in done.failed]
    assert faults[0] == (
        "dev.azure.com does not take the first of them: every work item of the type 'Epic' must have 'Cost centre'"
        " (Custom.CostCentre), and the mapping (--map) does not set it; add to it:\n  fields:\n    Cost centre: …"
    )
    assert len(set(faults)) == 2
    assert "add to it:\n    fields:\n      Cost centre: …\n" in push_text(planned.steps, done)


def test_an_epic_of_each_system_stands_in_place_of_the_phases_in_azure() -> None:
    for before in (True, False):
        server, state = FakeAzure(), dict[str, Any]()
        if before:
            pushed(plant(2, 1), reached("azure", server), state)
        tracker = reached("azure", server, parents="system")
        _, done = pushed(plant(2, 1), tracker, state)
        assert (done.failed, done.drift) == ([], [])
        titles = {number: one["fields"]["System.Title"].partition(" ")[2] for number, one in server.items.items()}
        systems = [
            number for number, one in server.items.items() if "stepladder-system" in one["fields"]["System.Tags"]
        ]
        assert {titles[number] for number in systems} == {"Plant: north", "Plant: south"}
        above = [titles[number] for number in server.parents().values()]
        assert sorted(above) == ["Plant: north"] * 2 + ["Plant: south"]
        assert pushed(plant(2, 1), tracker, state)[0].steps.actions == ()
        assert "create" not in {action.verb for action in look(plant(2, 1), tracker, {}).steps.actions}


# -- what statuses mean ------------------------------------------------------------------------------------------------


def test_statuses_of_ones_own_mean_what_the_mapping_says() -> None:
    first, second, third = (item for item in breakdown(OLD).items[:3])
    keys = {"statuses": {"done": ["Verified"], "running": ["on site"], "cancelled": ["Parked"]}}
    for name, (serve, *_) in PLACES.items():
        server, state = serve(), dict[str, Any]()
        pushed(OLD, reached(name, server), state)
        for item, word in ((first, "verified"), (second, "On Site"), (third, "Parked")):
            _give(name, server, state[item.mark].key, word)
        text, _ = pull(OLD, reached(name, server, **keys), state, "2027-Q4")
        steps = yaml.safe_load(text)["steps"]
        assert [steps[item.step]["status"] for item in (first, second, third)] == ["done", "running", "cancelled"], name
        assert steps[third.step]["reason"] == "Parked"
        plain = yaml.safe_load(pull(OLD, reached(name, server), state, "2027-Q4")[0])["steps"]
        assert plain[third.step]["status"] == "slipped"


def _give(name: str, server: Any, key: str, word: str) -> None:
    """A status, or a label, of the tracker's own."""
    if name == "azure":
        fields = server.items[int(key)]["fields"]
        server.types[fields["System.WorkItemType"]][0].setdefault(word, "Proposed")
        fields["System.State"] = word
        return
    if name == "jira":
        server.issues[key]["status"] = {"name": word, "statusCategory": {"key": "new"}}
        return
    number = key.partition("/")[0]
    issue = next(issue for issue in server.issues if str(issue["number" if name == "github" else "id"]) == number)
    if name == "github":
        issue["labels"] = [*issue["labels"], word]
    else:
        issue["status"] = {"id": 40 + len(word), "name": word}
        server.statuses = [*server.statuses, {"id": 40 + len(word), "name": word, "is_closed": False}]


# -- addresses ---------------------------------------------------------------------------------------------------------

ONE = ("https://host.example/redmine/", "https://host.example/redmine", "HTTPS://Host.Example:443/redmine/")


@pytest.mark.parametrize("name", ["redmine", "jira", "github", "azure"])
def test_addresses_of_one_place_are_one_project(name: str, tmp_path: Path) -> None:
    project = PLACES[name][2]
    places = [target(name, project, url) for url in ONE]
    assert places == [places[0]] * 3
    path = tmp_path / "state.json"
    path.write_text(dump_state({}, {**places[0], "url": ONE[2]}), encoding="utf-8")
    # Also as it was written by a version that kept what was typed.
    assert load_state(path, places[0]) == {}
    with pytest.raises(UsageError, match="the state of another project"):
        load_state(path, target(name, project, "https://host.example/other"))
    assert {checked(url) for url in ONE} == {"https://host.example/redmine"}
    assert same_place("http://[::1]:80/", "http://[::1]")


@pytest.mark.parametrize("name", ["github", "azure"])
def test_the_address_that_all_have_is_the_same_project_said_or_not(name: str, tmp_path: Path) -> None:
    project, home = PLACES[name][2], TRACKERS[name].url
    places = [target(name, project, url) for url in ("", home, f"{home}/", home.replace("https", "HTTPS"))]
    assert places == [{"tracker": name, "url": "", "project": project}] * 4
    path = tmp_path / "state.json"
    # As a version wrote it that kept the address where it was typed.
    path.write_text(dump_state({}, {**places[0], "url": home}), encoding="utf-8")
    assert load_state(path, places[0]) == {}
    with pytest.raises(UsageError, match="the state of another project"):
        load_state(path, target(name, project, "https://host.example"))


@pytest.mark.parametrize("url", ONE)
def test_every_call_is_below_the_folder(url: str) -> None:
    server, calls = FakeRedmine(), list[str]()

    def under(request: httpx.Request) -> httpx.Response:
        calls.append(str(request.url))
        assert request.url.path.startswith("/redmine/")
        path = request.url.raw_path.removeprefix(b"/redmine")
        return server(httpx.Request(request.method, request.url.copy_with(raw_path=path), content=request.content))

    web = Web(url, TRACKERS["redmine"].headers(("secret-token",)), lambda _: None, transport=Memory(under))
    _, done = pushed(OLD, TRACKERS["redmine"].make(web, "line", mapping()), {})
    assert done.failed == []
    assert {call.partition("/redmine/")[0] for call in calls} == {"https://host.example"}


def test_a_list_that_leads_out_of_the_folder_is_not_followed() -> None:
    web = Web("https://host.example/git", {}, transport=Memory(lambda _: httpx.Response(200, json=[])))
    assert web.url("https://HOST.example:443/git/repos?page=2")
    for other in (
        "https://host.example/other",
        "https://host.example/github/x",
        "https://host.example/git/../x",
        "https://host.example/git/%2e%2E/x",
    ):
        assert not below("https://host.example/git", other)
        with pytest.raises(Foreign, match=r"sends us out of https://host\.example/git for its next page"):
            web.url(other)


def test_the_words_of_a_version_follow_the_plan_and_stay_where_people_changed_them() -> None:
    server, state = FakeRedmine(), dict[str, Any]()
    pushed(OLD, reached("redmine", server), state)
    assert look(OLD, reached("redmine", server), state).steps.actions == ()
    version = next(held for held in server.versions if "(milestone " in held["description"])
    found = re.search(r"SL-\w{8}", version["description"])
    assert found is not None
    ours = version["description"]
    # As if it had been pushed with other words, such as those of the day on which it was due first.
    version["description"] = f"It was due before (milestone {found[0]})"
    state[found[0]].fields["text"] = "It was due before"
    _, done = pushed(OLD, reached("redmine", server), state)
    assert (version["description"], done.whole) == (ours, True)
    assert version["name"].endswith(found[0])
    assert version["name"].count(found[0]) == 1
    version["description"] = f"Somebody's own words (milestone {found[0]})"
    assert look(OLD, reached("redmine", server), state).steps.actions == ()
