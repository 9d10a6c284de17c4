"""Pushing to GitHub. The GitHub here is our own; it knows what its documentation says."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from stepladder.data.formats.mapping import DEFAULT, TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import find
from stepladder.exchange.push.engine import Done, PushState, summary
from stepladder.exchange.push.faults import Refused, Unsure
from stepladder.exchange.push.github import GitHub
from stepladder.exchange.push.trackers import reach
from stepladder.exchange.push.web import Web
from stepladder.workflow.push import carry_out, look
from tests.support.fake_github import FakeGitHub
from tests.support.hostile import plan as hostile_plan
from tests.support.trackers import OLD, Memory, mark, new_plan


def reached(server: Any, pauses: list[float] | None = None, mapping: TrackerMap = DEFAULT) -> GitHub:
    transport = Memory(server)
    return GitHub(
        Web(
            "https://api.github.com",
            {"Authorization": "Bearer secret-token"},
            (pauses if pauses is not None else []).append,
            transport=transport,
        ),
        "acme/line",
        mapping,
    )


def pushed(plan: Plan, tracker: GitHub, state: PushState) -> tuple[Any, Done]:
    planned = look(plan, tracker, state)
    return planned, carry_out(planned, tracker, state, lambda: None)


def test_first_everything_then_nothing_then_what_has_changed() -> None:
    server = FakeGitHub()
    state: dict[str, Any] = {}
    tracker = reached(server)
    planned, done = pushed(OLD, tracker, state)
    assert {verb: count for verb, count in summary(planned.steps.actions).items() if count} == {"create": 6, "link": 4}
    assert (done.failed, done.drift, len(server.issues), len(server.milestones)) == ([], [], 5, 1)
    writes = server.writes
    assert pushed(OLD, tracker, state)[0].steps.actions == ()
    assert server.writes == writes
    step = mark(OLD, "access.depth.3")
    issue = next(issue for issue in server.issues if issue["title"].startswith(step))
    issue["body"] = issue["body"].replace("Why:", "Our own words. Why:")
    _, done = pushed(new_plan(), tracker, state)
    assert done.failed == []
    # The block is new, the rest is as somebody left it.
    assert "**2027-07-01 to 2027-12-31**" in issue["body"]
    assert "Our own words." in issue["body"]
    dropped = next(issue for issue in server.issues if issue["title"].startswith(mark(OLD, "patching.depth.2")))
    assert (dropped["state"], dropped["state_reason"]) == ("closed", "not_planned")
    assert [text for number, text in server.comments if number == dropped["number"]] == [
        "It is not in the plan any more: the budget is used up."
    ]
    assert pushed(new_plan(), tracker, state)[0].steps.actions == ()


@pytest.mark.parametrize("fault", ["429", "502", "lost"])
def test_whatever_call_goes_wrong_nothing_is_there_twice(fault: str) -> None:
    for call in range(1, 16):
        server = FakeGitHub({call: fault})
        state: dict[str, Any] = {}
        pauses: list[float] = []
        tracker = reached(server, pauses)
        _, done = pushed(OLD, tracker, state)
        assert done.failed == [], (call, done.failed)
        assert len({issue["title"] for issue in server.issues}) == len(server.issues) == 5
        assert len(server.milestones) == 1
        assert fault != "429" or max(pauses) >= 3.0 or server.writes < call
        assert pushed(OLD, tracker, state)[0].steps.actions == ()


def test_a_comment_whose_answer_was_lost_is_made_once() -> None:
    server = FakeGitHub()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    server.faults = {server.writes + k: "lost" for k in range(1, 12)}
    pushed(new_plan(), tracker, state)
    assert len(server.comments) == len(set(server.comments))


def test_hostile_titles_stay_text() -> None:
    server = FakeGitHub()
    state: dict[str, Any] = {}
    tracker = reached(server)
    server.pages = 100
    _, done = pushed(hostile_plan(), tracker, state)
    assert (done.failed, done.drift) == ([], [])
    assert pushed(hostile_plan(), tracker, state)[0].steps.actions == ()
    assert len(server.issues) == len(breakdown(hostile_plan()).items) + len(breakdown(hostile_plan()).milestones)
    for issue in server.issues:
        assert issue["body"].count("<!-- stepladder") == 1


def test_a_date_moved_in_the_block_is_a_conflict() -> None:
    server = FakeGitHub()
    state: dict[str, Any] = {}
    tracker = reached(server)
    pushed(OLD, tracker, state)
    issue = next(issue for issue in server.issues if "**2027-04-01 to" in issue["body"])
    issue["body"] = issue["body"].replace("**2027-04-01 to", "**2027-05-05 to")
    planned = look(OLD, tracker, state)
    assert [(held.field, held.theirs) for held in planned.steps.conflicts] == [("start", "2027-05-05")]


#: Which model of GitHub's published description, as githubkit has it, a body must fit.
MODELS = {
    "POST /repos/acme/line/issues": "ReposOwnerRepoIssuesPostBody",
    "PATCH /repos/acme/line/issues/N": "ReposOwnerRepoIssuesIssueNumberPatchBody",
    "POST /repos/acme/line/issues/N/comments": "ReposOwnerRepoIssuesIssueNumberCommentsPostBody",
    "POST /repos/acme/line/issues/N/dependencies/blocked_by": (
        "ReposOwnerRepoIssuesIssueNumberDependenciesBlockedByPostBody"
    ),
    "POST /repos/acme/line/issues/N/sub_issues": "ReposOwnerRepoIssuesIssueNumberSubIssuesPostBody",
    "POST /repos/acme/line/labels": "ReposOwnerRepoLabelsPostBody",
    "POST /repos/acme/line/milestones": "ReposOwnerRepoMilestonesPostBody",
    "PATCH /repos/acme/line/milestones/N": "ReposOwnerRepoMilestonesMilestoneNumberPatchBody",
}


def test_bodies_fit_githubs_description() -> None:
    models = pytest.importorskip("githubkit_schemas.latest.models")
    server = FakeGitHub()
    state: dict[str, Any] = {}
    server.pages = 100
    for plan in (OLD, new_plan(), OLD, hostile_plan()):
        pushed(plan, reached(server), state)
    mapping = TrackerMap(
        format="stepladder-map/1", type="Task", labels=("ot",), assignees={"Plant security": "ann"}, parents="system"
    )
    pushed(OLD, reached(server, mapping=mapping), {})
    sent = [(name, body) for name, body in server.bodies if not name.startswith("DELETE")]
    listed = json.loads(find("github").write(breakdown(hostile_plan())))
    sent += [("POST /repos/acme/line/issues", held["body"]) for held in listed["issues"]]
    sent += [("POST /repos/acme/line/milestones", held) for held in listed["milestones"]]
    assert {name for name, _ in sent} >= set(MODELS) - {"PATCH /repos/acme/line/milestones/N"}
    for name, body in sent:
        model = getattr(models, MODELS[name])
        assert set(body) <= set(model.model_fields)
        model.model_validate(body)
    # Awake: what is wrong is refused.
    for name, wrong in (
        ("ReposOwnerRepoIssuesPostBody", {"body": "no title"}),
        ("ReposOwnerRepoMilestonesPostBody", {"title": "x", "due_on": "soon"}),
    ):
        with pytest.raises(ValueError, match="validation error"):
            getattr(models, name).model_validate(wrong)


# -- the line to the host ----------------------------------------------------------------------------------------------


def web(answer: Any, pauses: list[float] | None = None) -> Web:
    transport = Memory(answer)
    return Web(
        "https://tracker.example",
        {"X-Redmine-API-Key": "secret-token"},
        (pauses if pauses is not None else []).append,
        transport=transport,
    )


def test_another_host_is_never_contacted() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://evil.example/"})

    with pytest.raises(Refused):
        web(answer).send("GET", "x")
    with pytest.raises(StepladderError, match="sends us to another host"):
        web(answer).send("GET", "https://evil.example/next")
    assert asked == ["tracker.example"]


@pytest.mark.parametrize(
    "address",
    [
        "http://tracker.example",
        "ftp://tracker.example",
        "tracker.example",
        "https://user:word@tracker.example",
        "https://",
    ],
)
def test_an_address_that_would_show_the_token_is_refused(address: str) -> None:
    with pytest.raises(UsageError):
        Web(address, {})


def test_waiting_is_bounded_and_a_no_is_a_no() -> None:
    pauses: list[float] = []
    with pytest.raises(Unsure, match="503"):
        web(lambda _: httpx.Response(503), pauses).send("GET", "x")
    assert len(pauses) == 6
    with pytest.raises(Refused, match=r"refuses what it was sent \(422\): title is missing"):
        web(lambda _: httpx.Response(422, text="title\nis  missing")).send("POST", "x", {})
    with pytest.raises(Unsure):
        web(lambda _: httpx.Response(502), pauses := []).send("POST", "x", {}, again=False)
    assert pauses == []


def test_a_token_is_in_no_error() -> None:
    for status in (401, 422, 503):
        with pytest.raises(StepladderError) as held:
            web(lambda _, status=status: httpx.Response(status, text="no")).send("GET", "x")
        assert "secret-token" not in str(held.value)
        assert "secret-token" not in repr(held.value)


@pytest.mark.parametrize(
    ("name", "project", "url", "environment", "said"),
    [
        ("redmin", "p", "", {}, "did you mean 'redmine'"),
        ("redmine", "p", "", {"REDMINE_API_KEY": "k"}, "give its address with --url"),
        ("redmine", "p", "https://r.example", {}, "set REDMINE_API_KEY in the environment"),
        ("redmine", "p", "http://r.example", {"REDMINE_API_KEY": "k"}, "not encrypted"),
        ("github", "acme/line", "", {}, "set GITHUB_TOKEN in the environment"),
        ("github", "acme", "", {"GITHUB_TOKEN": "t"}, "write it as owner/name"),
        ("github", "acme/line", "", {"GITHUB_TOKEN": "a\nb"}, "more than one line"),
    ],
)
def test_what_is_missing_is_said(name: str, project: str, url: str, environment: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said), reach(name, project, url, environment):
        pass


def test_no_connection_is_left_behind() -> None:
    with Web("https://tracker.example", {}) as held:
        assert not held.line.client.is_closed
    assert held.line.client.is_closed


def test_a_repository_that_may_not_be_written_to_is_refused() -> None:
    made = web(lambda _: httpx.Response(200, json={"permissions": {"push": False}}))
    with pytest.raises(UsageError, match="may not write to acme/line"):
        GitHub(made, "acme/line")
