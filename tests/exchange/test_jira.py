"""Pushing to Jira. The Jira here is our own; the bodies that it is sent are checked against Jira's published
description where that is at hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.adf import document, plain
from stepladder.exchange.push.engine import Done, PushState, summary
from stepladder.exchange.push.jira import Jira
from stepladder.exchange.push.trackers import TRACKERS
from stepladder.exchange.push.web import Web
from stepladder.exchange.tracker import wanted
from stepladder.workflow.push import carry_out, look
from tests.support.fake_jira import START, FakeJira
from tests.support.hostile import plan as hostile_plan
from tests.support.trackers import OLD, Memory, mark, new_plan

ROOT = Path(__file__).parents[2]


def reached(server: Any, pauses: list[float] | None = None, mapping: TrackerMap = DEFAULT) -> Jira:
    headers = TRACKERS["jira"].headers(("me@acme.example", "secret-token"))
    return Jira(
        Web(
            "https://acme.atlassian.net",
            headers,
            (pauses if pauses is not None else []).append,
            transport=Memory(server),
        ),
        "line",
        mapping,
    )


def pushed(plan: Plan, tracker: Jira, state: PushState) -> tuple[Any, Done]:
    planned = look(plan, tracker, state)
    return planned, carry_out(planned, tracker, state, lambda: None)


def test_first_everything_then_nothing_then_what_has_changed() -> None:
    server = FakeJira()
    state: dict[str, Any] = {}
    tracker = reached(server)
    planned, done = pushed(OLD, tracker, state)
    assert {verb: count for verb, count in summary(planned.steps.actions).items() if count} == {"create": 6, "link": 4}
    assert (done.failed, done.drift, len(server.issues), len(server.links)) == ([], [], 6, 4)
    # An epic, a milestone and four steps: three calls.
    assert [path for path, _ in server.bodies].count("POST /issue/bulk") == 3
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    step, dropped = mark(OLD, "access.depth.3"), mark(OLD, "patching.depth.2")
    _, done = pushed(new_plan(), tracker, state)
    assert done.failed == []
    by_mark = {remote.mark: key for key, remote in ((remote.key, remote) for remote in tracker.read().values())}
    assert server.issues[by_mark[step]][START] == "2027-07-01"
    assert server.issues[by_mark[dropped]]["status"]["statusCategory"]["key"] == "done"
    assert [plain(text) for key, text in server.comments if key == by_mark[dropped]] == [
        "It is not in the plan any more: the budget is used up."
    ]
    assert pushed(new_plan(), tracker, state)[0].steps.actions == ()


def test_a_site_without_a_start_date_has_due_dates() -> None:
    server = FakeJira(start=False)
    state: dict[str, Any] = {}
    tracker = reached(server)
    _, done = pushed(OLD, tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert all(START not in issue for issue in server.issues.values())
    assert pushed(OLD, tracker, state)[0].steps.actions == ()


@pytest.mark.parametrize("fault", ["429", "502", "lost"])
def test_whatever_call_goes_wrong_nothing_is_there_twice(fault: str) -> None:
    for call in range(1, 10):
        server = FakeJira({call: fault})
        state: dict[str, Any] = {}
        tracker = reached(server)
        _, done = pushed(OLD, tracker, state)
        assert done.failed == [], (call, done.failed)
        assert len({issue["summary"] for issue in server.issues.values()}) == len(server.issues) == 6
        assert len(set(server.links.values())) == len(server.links) == 4
        assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_a_batch_that_failed_in_part_is_read_item_by_item() -> None:
    server = FakeJira()
    state: dict[str, Any] = {}
    tracker = reached(server)
    items = breakdown(OLD).items
    server.refused = {f"{items[0].mark} {items[0].title}", f"{items[2].mark} {items[2].title}"}
    _, done = pushed(OLD, tracker, state)
    assert done.failed == []
    assert {issue["summary"].partition(" ")[0] for issue in server.issues.values()} == set(wanted(breakdown(OLD)))
    for item in items:
        key = state[item.mark].key
        assert server.issues[key]["summary"] == f"{item.mark} {item.title}"


def test_hostile_titles_are_text_nodes() -> None:
    server = FakeJira()
    state: dict[str, Any] = {}
    tracker = reached(server)
    _, done = pushed(hostile_plan(), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    for issue in server.issues.values():
        kinds = {
            node["type"] for block in issue["description"]["content"] for node in [block, *block.get("content", [])]
        }
        assert kinds <= {"paragraph", "text"}
    assert pushed(hostile_plan(), tracker, state)[0].steps.actions == ()


def bodies() -> list[dict[str, Any]]:
    server = FakeJira()
    mapping = TrackerMap(
        format="stepladder-map/1",
        priority="High",
        assignees={"Plant security": "5b10aa"},
        labels=("ot",),
        components=("OT",),
        fields={"Cost centre": "OT", "Why": "{title}"},
        estimates=True,
        parents="system",
    )
    for plan in (OLD, hostile_plan()):
        pushed(plan, reached(server), {})
    server.screens = {
        "2": [
            *(
                {"fieldId": name, "name": name, "schema": {"type": type_}}
                for name, type_ in (("priority", "priority"), ("components", "array"), ("assignee", "user"))
            ),
            {"fieldId": "timetracking", "name": "Time tracking", "schema": {"type": "timetracking"}},
            {"fieldId": "customfield_1", "name": "Cost centre", "schema": {"type": "option"}},
            {"fieldId": "customfield_2", "name": "Why", "schema": {"type": "string", "custom": "x:textarea"}},
        ]
    }
    server.issues.clear()
    pushed(OLD, reached(server, mapping=mapping), {})
    return [body for path, body in server.bodies if path == "POST /issue/bulk"]


def test_documents_are_valid_by_atlassians_schema() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = ROOT / "build/clients/node_modules/@atlaskit/adf-schema/dist/json-schema/v1/full.json"
    if not path.exists():
        pytest.skip("@atlaskit/adf-schema is not installed here (make clients)")
    validator = jsonschema.Draft4Validator(json.loads(path.read_text(encoding="utf-8")))
    for body in bodies():
        for update in body["issueUpdates"]:
            validator.validate(update["fields"]["description"])
    # Awake: what is wrong is refused.
    for wrong in (
        {"type": "doc", "content": []},
        {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": ""}]}]},
    ):
        assert not validator.is_valid(wrong)
    assert validator.is_valid(document(["a", "", "b"]))


def test_bodies_are_valid_by_jiras_description() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    path = ROOT.parent / "shared/data/openapi/jira-cloud-v3-trimmed.json"
    if not path.exists():
        pytest.skip("Jira's OpenAPI description is not at hand")
    whole = json.loads(path.read_text(encoding="utf-8"))
    asked = whole["paths"]["/rest/api/3/issue/bulk"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    validator = jsonschema.Draft202012Validator({**asked, "components": whole["components"]})
    for body in bodies():
        validator.validate(body)
    for wrong in ({"issueUpdates": "all"}, {"issueUpdates": [{"fields": 1}]}):
        assert not validator.is_valid(wrong)
